//! What is proposed, shown and found at a cursor, which is the `¦` in a line of the example's pipelines and stories.

use super::client::{Client, copy_example};
use lsp_types::{
    CodeAction, CompletionItem, CompletionTextEdit, Documentation, Hover, HoverContents, Location, TextEdit,
};
use serde_json::{Value, json};

const PIPELINE: &str = "pipelines/payroll-journal.yaml";
const STORY: &str = "tests/joiner.yaml";

struct Editor {
    client: Client,
    _folder: tempfile::TempDir,
    opened: Vec<String>,
}

impl Editor {
    fn new() -> Editor {
        let folder = copy_example();
        Editor { client: Client::open(folder.path()), _folder: folder, opened: Vec::new() }
    }

    /// Puts `line` in the place of the line that begins with `instead_of` (blanks do not count); the cursor is at its `¦`.
    fn write(&mut self, file: &str, instead_of: &str, line: &str) -> Value {
        let text = self.client.read(file);
        let at = text.lines().position(|own| own.trim_start().starts_with(instead_of)).unwrap();
        let lines: Vec<&str> =
            text.lines().enumerate().map(|(number, own)| if number == at { line } else { own }).collect();
        self.put(file, &lines.join("\n"))
    }

    /// Puts a whole text; the cursor is at its `¦`.
    fn put(&mut self, file: &str, text: &str) -> Value {
        let mark = text.find('¦').unwrap();
        let line = u32::try_from(text[..mark].matches('\n').count()).unwrap();
        let column = text[..mark].rsplit('\n').next().unwrap().encode_utf16().count();
        let text = text.replace('¦', "");
        if self.opened.contains(&file.to_owned()) {
            self.client.change(file, &text);
        } else {
            self.client.open_file(file, &text);
            self.opened.push(file.to_owned());
        }
        self.client.at(file, line, u32::try_from(column).unwrap())
    }

    fn complete(&mut self, file: &str, instead_of: &str, line: &str) -> Vec<CompletionItem> {
        let at = self.write(file, instead_of, line);
        self.client.ask("textDocument/completion", at)
    }

    fn labels(&mut self, file: &str, instead_of: &str, line: &str) -> Vec<String> {
        self.complete(file, instead_of, line).into_iter().map(|item| item.label).collect()
    }

    fn hover(&mut self, file: &str, instead_of: &str, line: &str) -> String {
        let at = self.write(file, instead_of, line);
        match self.client.ask::<Option<Hover>>("textDocument/hover", at) {
            Some(Hover { contents: HoverContents::Markup(shown), .. }) => shown.value,
            other => format!("{other:?}"),
        }
    }

    /// `path:line:column` of every place, counted from 1.
    fn definition(&mut self, file: &str, instead_of: &str, line: &str) -> Vec<String> {
        let at = self.write(file, instead_of, line);
        let all: Option<Vec<Location>> = self.client.ask("textDocument/definition", at);
        let shown = |place: Location| {
            let file = place.uri.as_str().rsplit('/').take(2).collect::<Vec<_>>();
            let start = place.range.start;
            format!("{}/{}:{}:{}", file[1], file[0], start.line + 1, start.character + 1)
        };
        all.unwrap_or_default().into_iter().map(shown).collect()
    }
}

fn edit(item: &CompletionItem) -> &TextEdit {
    match &item.text_edit {
        Some(CompletionTextEdit::Edit(edit)) => edit,
        other => panic!("{other:?}"),
    }
}

#[test]
fn keys_are_proposed_with_what_they_mean() {
    let mut editor = Editor::new();
    let items = editor.complete(PIPELINE, "keep:", "ke¦");
    let keep = items.iter().find(|item| item.label == "keep").unwrap();
    assert!(items.iter().all(|item| item.label != "look_up"), "it is there already");
    assert_eq!((edit(keep).new_text.as_str(), edit(keep).range.start.character), ("keep: ", 0));
    let Some(Documentation::MarkupContent(about)) = &keep.documentation else { panic!("{keep:?}") };
    assert!(about.value.starts_with("A condition on the people to keep"), "{about:?}");

    assert_eq!(
        editor.labels(PIPELINE, "cost_centre:", "  cost_centre: { in: cost-centres, ¦ }"),
        ["as_of", "by", "take", "else"]
    );
    assert_eq!(
        editor.labels(PIPELINE, "cost_centre:", "  cost_centre: { in: cost-centres, else: ¦ }"),
        ["hold", "stop"]
    );
    assert_eq!(
        editor.labels(PIPELINE, "send:", "send: { to: gp gen¦, as: unposted work batch }")[0],
        "gp general ledger"
    );
    let columns = ["department", "location", "cost_centre"];
    assert_eq!(editor.labels(PIPELINE, "cost_centre:", "  cost_centre: { in: cost-centres, by: { ¦ } }"), columns);
    let facts = editor.labels(STORY, "job_rows:", "  jo¦");
    assert!(facts.contains(&"job_rows".to_owned()) && !facts.contains(&"employees".to_owned()), "{facts:?}");
    assert_eq!(editor.labels(STORY, "story:", "sto¦").iter().filter(|label| *label == "story").count(), 1);
    assert_eq!(editor.client.end(), 0);
}

#[test]
fn names_of_the_project_are_proposed() {
    let mut editor = Editor::new();
    let mut has = |instead_of: &str, line: &str, wanted: &[&str], not: &[&str]| {
        let labels = editor.labels(PIPELINE, instead_of, line);
        assert!(wanted.iter().all(|label| labels.contains(&(*label).to_owned())), "{line}: {labels:?}");
        assert!(!not.iter().any(|label| labels.contains(&(*label).to_owned())), "{line}: {labels:?}");
    };
    has(
        "keep:",
        "keep: pay_type == \"Salary\" && dep¦",
        &["department", "number", "pay_type"],
        &["cost_centre", "period"],
    );
    has("keep:", "keep: department == \"¦\"", &["Finance", "Sales", "IT"], &["department"]);
    has("cost_centre:", "  cost_centre: { in: ¦", &["cost-centres", "shared-staff"], &["hold"]);
    has("cost_centre:", "  cost_centre: { in: cost-centres, take: ¦ }", &["cost_centre"], &[]);
    has("cost_centre:", "  cost_centre: { in: cost-centres, by: { department: ¦ } }", &["division"], &["cost_centre"]);
    has("batch:", "    batch: \"PAY{{ period.¦ }}\"", &["code", "first_day"], &["period"]);
    has("reference:", "    reference: \"Payroll {{ ¦", &["period", "currency"], &["gross"]);
    has(
        "- { name: bonus",
        "      - { name: bonus, debit: ¦, for_each: cost_centre }",
        &["bonus", "employer_tax", "gross"],
        &["cost_centre"],
    );
    has("- { name: bonus", "      - { name: bonus, debit: bonus, for_each: ¦ }", &["cost_centre"], &["bonus"]);
    has(
        "- { name: bonus",
        "      - { name: bonus, debit: bonus, account: \"000-{{ c¦ }}\" }",
        &["cost_centre"],
        &["bonus"],
    );
    has("periods:", "  periods: ¦", &["halves", "fortnights"], &[]);
    has("take:", "  take: { number: ¦ }", &["employeeNumber"], &[]);
    let pipelines = editor.labels(STORY, "pipeline:", "pipeline: ¦");
    assert_eq!(pipelines, ["payroll-journal", "warehouse-accrual", "warehouse-payroll"]);
    let given = "    - { row_id: 8, employee_id: 8, date: 2013-11-20, department: ¦, location: Reno }";
    assert!(
        editor
            .labels(STORY, "- { row_id: 8, employee_id: 8, date: 2013-11-20, department", given)
            .contains(&"Sales".to_owned())
    );
    assert_eq!(editor.client.end(), 0);
}

/// A file that no parser takes: what was written so far still says where the cursor is and which names there are.
#[test]
fn half_a_pipeline_is_enough() {
    let mut editor = Editor::new();
    let begun = "format: 1\npipeline: new\nfrom:\n  bamboohr: payroll-cost\n  take: { grade: customGrade }\n\
                 look_up:\n  cost_centre: { in: cost-centres }\nmake:\n  journal:\n    lines:\n";
    let mut labels = |end: &str| {
        let at = editor.put("pipelines/new.yaml", &format!("{begun}{end}"));
        let items: Vec<CompletionItem> = editor.client.ask("textDocument/completion", at);
        items.into_iter().map(|item| item.label).collect::<Vec<_>>()
    };
    assert_eq!(labels("      - { na¦")[..2], ["name", "debit"]);
    assert_eq!(labels("      - { name: \"wages, for_each: x }\n      - { for_each: ¦"), ["cost_centre"]);
    assert!(labels("      - name: a\n        account: \"{{ ¦").contains(&"cost_centre".to_owned()));
    assert!(labels("      - name: a\n  jour nal: [\nkeep: gra¦").contains(&"grade".to_owned()));
    assert!(labels("    \tx\n¦").contains(&"keep".to_owned()));
    assert_eq!(editor.client.end(), 0);
}

#[test]
fn words_tell_what_they_mean() {
    let mut editor = Editor::new();
    for (file, instead_of, line, expected) in [
        (PIPELINE, "keep:", "ke¦ep: pay_type == \"Salary\"", "**keep**\n\nA condition on the people to keep"),
        (PIPELINE, "keep:", "keep: depart¦ment == \"IT\"", "**department**: a text, BambooHR's `department`"),
        (PIPELINE, "keep:", "keep: hire_date¦ > \"2013-01-01\"", "**hire_date**: a date, BambooHR's `hireDate`"),
        (
            PIPELINE,
            "cost_centre:",
            "  cost_centre: { in: cost¦-centres }",
            "of tables/cost-centres.csv\n\nColumns: `department`",
        ),
        (PIPELINE, "batch:", "    batch: \"PAY{{ period.co¦de }}\"", "**period.code**: a text"),
        (
            PIPELINE,
            "- { name: bonus",
            "      - { name: b, debit: bo¦nus, account: x }",
            "**bonus**: an earning of this pipeline",
        ),
        (
            PIPELINE,
            "- { name: bonus",
            "      - { name: b, debit: bonus, for_each: cost_c¦entre }",
            "the column `cost_centre` of",
        ),
        (PIPELINE, "send:", "send: { to: gp general ledger, af¦ter: approval }", "One of: `approval`, `checks`"),
        (STORY, "held:", "  held: [{ code: hire-date-mi¦ssing }]", "**hire-date-missing** (docs/holds.md)"),
        (
            "project.yaml",
            "calendar:",
            "ignore: [{ code: unused-ta¦ble, reason: x }]\ncalendar:",
            "No pipeline reads it.",
        ),
    ] {
        let shown = editor.hover(file, instead_of, line);
        assert!(shown.contains(expected), "{line}: {shown}");
    }
    assert_eq!(editor.hover(PIPELINE, "keep:", "keep: pay_type # a comm¦ent"), "None");
    assert_eq!(editor.client.end(), 0);
}

#[test]
fn words_lead_to_where_they_come_from() {
    let mut editor = Editor::new();
    let lines = "- { row_id: 8, employee_id: 8, date: 2013-11-20, department";
    for (file, instead_of, line, expected) in [
        (
            PIPELINE,
            "cost_centre:",
            "  cost_centre: { in: cost-cen¦tres, else: hold }",
            &["tables/cost-centres.csv:1:1"][..],
        ),
        (
            PIPELINE,
            "cost_centre:",
            "  cost_cen¦tre: { in: cost-centres, else: hold }",
            &["tables/cost-centres.csv:1:21"],
        ),
        (
            PIPELINE,
            "- { name: bonus",
            "      - { name: bonus, debit: bonus, for_each: cost_cen¦tre, account: \"000-5120-{{ cost_centre }}\" }",
            &["pipelines/payroll-journal.yaml:17:3", "tables/cost-centres.csv:1:21"],
        ),
        (
            PIPELINE,
            "- { name: bonus",
            "      - { name: bonus, debit: bo¦nus, account: x }",
            &["pipelines/payroll-journal.yaml:22:5"],
        ),
        (PIPELINE, "keep:", "keep: department == \"Fina¦nce\"", &["tables/cost-centres.csv:2:1"]),
        (STORY, "pipeline:", "pipeline: payroll-jour¦nal", &["pipelines/payroll-journal.yaml:3:11"]),
        (
            STORY,
            "- { account: 000-5100-2300",
            "    - { account: 000-5100-23¦00, debit: 1600.00 }",
            &["tables/cost-centres.csv:5:12"],
        ),
        (
            STORY,
            lines,
            "    - { row_id: 8, employee_id: 8, date: 2013-11-20, department: Sa¦les, location: Reno }",
            &["tables/cost-centres.csv:5:1"],
        ),
    ] {
        assert_eq!(editor.definition(file, instead_of, line), expected, "{line}");
    }
    assert_eq!(editor.client.end(), 0);
}

#[test]
fn a_certain_mend_is_a_quick_fix() {
    let mut editor = Editor::new();
    let at = editor.write(PIPELINE, "keep:", "kep¦: pay_type == \"Salary\"");
    let line = at["position"]["line"].clone();
    let range = json!({ "start": at["position"], "end": at["position"] });
    let ask = json!({ "textDocument": at["textDocument"], "range": range, "context": { "diagnostics": [] } });
    let actions: Vec<CodeAction> = editor.client.ask("textDocument/codeAction", ask.clone());
    let [action] = actions.as_slice() else { panic!("{actions:?}") };
    assert_eq!((action.title.as_str(), action.is_preferred), ("Write `keep`", Some(true)));
    let edit = serde_json::to_value(action.edit.as_ref().unwrap()).unwrap();
    let edits = &edit["changes"][at["textDocument"]["uri"].as_str().unwrap()];
    let range_of_key = json!({ "start": { "line": line, "character": 0 }, "end": { "line": line, "character": 3 } });
    assert_eq!(*edits, json!([{ "range": range_of_key, "newText": "keep" }]));

    let all = json!({ "textDocument": at["textDocument"], "range": range,
                      "context": { "diagnostics": [], "only": ["source.fixAll"] } });
    let actions: Vec<CodeAction> = editor.client.ask("textDocument/codeAction", all);
    assert_eq!(actions.len(), 1);
    assert_eq!(editor.client.end(), 0);
}
