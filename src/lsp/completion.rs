//! What there is to write at a cursor.

use super::cursor::At;
use super::hover;
use super::position::{Encoding, line_of};
use super::schema::{self, Kind};
use super::view::View;
use super::wants::{self, Keys, Wants};
use super::words::Word;
use crate::ledger::limits;
use crate::project::codes;
use crate::project::fact_files::{FACT_FILES, fact_file};
use crate::project::outline::{Named, standard_fields};
use crate::project::value::{Kind as ValueKind, Names};
use lsp_types::{
    CompletionItem, CompletionItemKind, CompletionTextEdit, Documentation, MarkupContent, MarkupKind, TextEdit,
};
use std::collections::BTreeSet;

/// Values of a table that are proposed: nobody reads more.
const MOST_VALUES: usize = 200;

/// Something to write.
struct Proposal {
    label: String,
    kind: CompletionItemKind,
    /// Beside the label.
    detail: Option<String>,
    about: Option<String>,
    /// What follows the label.
    tail: &'static str,
}

impl Proposal {
    fn new(label: &str, kind: CompletionItemKind) -> Proposal {
        Proposal { label: label.to_owned(), kind, detail: None, about: None, tail: "" }
    }

    fn detail(mut self, detail: impl Into<String>) -> Proposal {
        self.detail = Some(detail.into());
        self
    }

    fn about(mut self, about: Option<String>) -> Proposal {
        self.about = about;
        self
    }

    fn tail(mut self, tail: &'static str) -> Proposal {
        self.tail = tail;
        self
    }
}

/// Everything that fits at the cursor.
pub fn complete(view: &View<'_>, text: &str, encoding: Encoding) -> Vec<CompletionItem> {
    let cursor = &view.cursor;
    let mut proposals = Vec::new();
    // Where the replaced word begins, in characters of the cursor's word.
    let mut start = 0;
    if matches!(cursor.at, At::Key | At::Start) {
        keys(view, text, &mut proposals);
    }
    if matches!(cursor.at, At::Start | At::Value) {
        start = values(view, &mut proposals);
    }
    let first = cursor.columns.start + start;
    let range = encoding.range(text, cursor.line, first..cursor.columns.start + cursor.before);
    let item = |(position, proposal): (usize, Proposal)| CompletionItem {
        text_edit: Some(CompletionTextEdit::Edit(TextEdit {
            range,
            new_text: format!("{}{}", proposal.label, proposal.tail),
        })),
        kind: Some(proposal.kind),
        detail: proposal.detail,
        documentation: proposal
            .about
            .map(|value| Documentation::MarkupContent(MarkupContent { kind: MarkupKind::Markdown, value })),
        // In our order: a schema's keys read aloud, `format` first.
        sort_text: Some(format!("{position:05}")),
        label: proposal.label,
        ..CompletionItem::default()
    };
    proposals.into_iter().enumerate().map(item).collect()
}

/// The keys of the mapping at the cursor that are not there yet.
fn keys(view: &View<'_>, text: &str, proposals: &mut Vec<Proposal>) {
    let cursor = &view.cursor;
    let steps = cursor.steps();
    let line: Vec<char> = line_of(text, cursor.line).chars().collect();
    let has_colon = line.get(cursor.columns.end..).is_some_and(|rest| rest.first() == Some(&':'));
    let tail = if has_colon { "" } else { ": " };
    let mut add = |proposal: Proposal| {
        if !cursor.beside.contains(&proposal.label) {
            proposals.push(proposal);
        }
    };
    let mut named = |label: &str, about: Option<String>| {
        add(Proposal::new(label, CompletionItemKind::FIELD).about(about).tail(tail))
    };
    match wants::keys(view.kind, &steps) {
        Keys::OfSchema => {
            let nodes = schema::at(view.kind, &cursor.path);
            for (key, node) in schema::keys(&nodes) {
                let whole = schema::is_collection(node) && !has_colon;
                let required = schema::is_required(&nodes, key).then(|| "needed".to_owned());
                add(Proposal {
                    detail: required,
                    ..Proposal::new(key, CompletionItemKind::PROPERTY)
                        .about(schema::description(&[node]).map(str::to_owned))
                        .tail(if whole { ":" } else { tail })
                });
            }
        }
        Keys::Columns(look_up) => {
            let sheet = view.outline.look_up(&look_up).and_then(|look_up| view.sheet_of(look_up));
            for column in sheet.into_iter().flat_map(|sheet| &sheet.columns) {
                named(column, None);
            }
        }
        Keys::VendorFields => limits::VENDOR_FIELDS.iter().for_each(|field| named(field.name, None)),
        Keys::EmployeeFields => limits::EMPLOYEE_FIELDS.iter().for_each(|field| named(field.name, None)),
        Keys::Settings => view.settings.settings.iter().for_each(|setting| named(&setting.name, None)),
        Keys::Facts => FACT_FILES.iter().for_each(|file| {
            add(Proposal::new(file.name, CompletionItemKind::FILE).tail(if has_colon { "" } else { ":" }));
        }),
        Keys::FactColumns(file) => {
            let columns = fact_file(&file).map(|file| file.all_columns()).unwrap_or_default();
            columns.into_iter().for_each(|column| named(column, None));
        }
        Keys::LookUps => {
            let names: BTreeSet<&str> = view
                .pipelines
                .iter()
                .flat_map(|(_, outline)| &outline.look_ups)
                .map(|look_up| look_up.named.name.as_str())
                .collect();
            names.into_iter().for_each(|name| named(name, None));
        }
    }
}

/// The values that fit; gives where the replaced word begins.
fn values(view: &View<'_>, proposals: &mut Vec<Proposal>) -> usize {
    let wants = view.wants();
    match &wants {
        Wants::Expression(names) | Wants::Template(names) => match view.word(&wants) {
            Some(Word::Name { path, start, .. }) => {
                self::names(view, names, &path[..path.len().saturating_sub(1)], proposals);
                let begun: usize =
                    path[..path.len().saturating_sub(1)].iter().map(|part| part.chars().count() + 1).sum();
                return start + begun;
            }
            Some(Word::Literal { start, before, of, text }) => {
                let begun: String = text.chars().take(before).collect();
                cells(view, of.as_deref().unwrap_or_default(), &begun, proposals);
                return start;
            }
            None => {}
        },
        Wants::Name(known) => names(view, known, &[], proposals),
        _ => simple(view, &wants, proposals),
    }
    let nodes = schema::at(view.kind, &view.cursor.path);
    let about = schema::description(&nodes).map(str::to_owned);
    for word in schema::words(&nodes) {
        proposals.push(Proposal::new(&word, CompletionItemKind::ENUM_MEMBER).about(about.clone()));
    }
    0
}

/// Names, or what is in the record at a dotted path.
fn names(view: &View<'_>, names: &Names, inside: &[String], proposals: &mut Vec<Proposal>) {
    let fields = match inside {
        [] => Some(&names.0),
        path => match names.kind(path) {
            Ok(ValueKind::Record(fields)) => Some(fields),
            _ => None,
        },
    };
    for (name, kind) in fields.into_iter().flatten() {
        let about = inside.is_empty().then(|| hover::of_name(view, name, kind));
        proposals.push(Proposal::new(name, CompletionItemKind::VARIABLE).detail(kind.to_string()).about(about));
    }
}

/// Values of the tables' columns that a name fills.
fn cells(view: &View<'_>, name: &str, begun: &str, proposals: &mut Vec<Proposal>) {
    let mut seen = BTreeSet::new();
    for (sheet, column) in view.columns_of_name(name) {
        let cells = sheet.rows.iter().filter_map(|row| row.cells.get(column).map(|cell| cell.trim()));
        let fitting = cells.filter(|cell| !cell.is_empty() && *cell != "*" && cell.starts_with(begun));
        for cell in fitting {
            if seen.len() < MOST_VALUES && seen.insert(cell) {
                proposals.push(Proposal::new(cell, CompletionItemKind::VALUE).detail(&*sheet.file));
            }
        }
    }
}

/// Lists of names that need no path.
fn simple(view: &View<'_>, wants: &Wants, proposals: &mut Vec<Proposal>) {
    let outline = &view.outline;
    match wants {
        Wants::Table => proposals.extend(view.project.desk.sheets().map(|sheet| {
            let proposal = Proposal::new(&sheet.name, CompletionItemKind::FILE).detail(&*sheet.file);
            proposal.about(Some(hover::of_table(sheet)))
        })),
        Wants::LookUp(words) => {
            proposals.extend(words.iter().map(|word| Proposal::new(word, CompletionItemKind::ENUM_MEMBER)));
            proposals.extend(outline.look_ups.iter().map(|look_up| {
                let proposal = Proposal::new(&look_up.named.name, CompletionItemKind::VARIABLE).detail("a look-up");
                proposal.about(Some(hover::of_look_up(view, look_up)))
            }));
        }
        Wants::Amount | Wants::Earning => {
            let standard = hover::AMOUNTS.iter().map(|(word, about)| {
                Proposal::new(word, CompletionItemKind::VARIABLE).about(Some((*about).to_owned()))
            });
            let fits = |what: &str| *wants == Wants::Amount || what == "an earning";
            let own = outline.amounts.iter().filter(|(_, what)| fits(what));
            let own = own.map(|(named, what)| Proposal::new(&named.name, CompletionItemKind::VARIABLE).detail(*what));
            proposals.extend(standard.chain(own));
        }
        Wants::Column(look_up) => {
            let sheet = outline.look_up(look_up).and_then(|look_up| view.sheet_of(look_up));
            let columns = sheet.into_iter().flat_map(|sheet| &sheet.columns);
            proposals.extend(columns.map(|column| Proposal::new(column, CompletionItemKind::FIELD).detail("a column")));
        }
        Wants::Cell(column) => {
            let begun: String = view.cursor.word.chars().take(view.cursor.before).collect();
            cells(view, column, &begun, proposals);
        }
        _ => of_project(view, wants, proposals),
    }
}

/// The same of the project as a whole, and of what ships with the program.
fn of_project(view: &View<'_>, wants: &Wants, proposals: &mut Vec<Proposal>) {
    let settings = &view.settings;
    let named = |all: &[Named], detail: &str| -> Vec<Proposal> {
        all.iter().map(|named| Proposal::new(&named.name, CompletionItemKind::VALUE).detail(detail)).collect()
    };
    match wants {
        Wants::Pipeline => proposals.extend(view.pipelines.iter().filter_map(|(file, outline)| {
            let named = outline.name.as_ref()?;
            Some(Proposal::new(&named.name, CompletionItemKind::MODULE).detail(&**file))
        })),
        Wants::Script => {
            let files = view.project.linted.iter().flat_map(|linted| linted.sources.iter());
            let scripts = files.filter(|(file, _)| Kind::of(file) == Some(Kind::Script));
            proposals.extend(scripts.map(|(file, _)| Proposal::new(file, CompletionItemKind::FILE)));
        }
        Wants::Schedule => proposals.extend(named(&settings.schedules, "pay periods")),
        Wants::Register => proposals.extend(named(&settings.registers, "a register")),
        Wants::Field => proposals.extend(
            standard_fields().iter().map(|field| Proposal::new(field, CompletionItemKind::FIELD).detail("of BambooHR")),
        ),
        Wants::Setting => proposals.extend(settings.settings.iter().map(|named| {
            Proposal::new(&format!("${{{}}}", named.name), CompletionItemKind::VARIABLE).detail("a setting")
        })),
        Wants::LintCode | Wants::PlanCode => {
            let of_lint = *wants == Wants::LintCode;
            let codes = codes::all().into_iter().filter(|code| matches!(code.of, codes::Of::Finding(_)) == of_lint);
            proposals.extend(codes.map(|code| {
                let proposal = Proposal::new(code.code, CompletionItemKind::CONSTANT).detail(code.section);
                proposal.about(Some(hover::of_known_code(&code)))
            }));
        }
        _ => {}
    }
}

/// Characters on which an editor asks by itself.
pub fn triggers() -> Vec<String> {
    [".", ":", " ", "\"", "{", "[", "$"].map(str::to_owned).to_vec()
}
