//! Files that are not what they should be, and YAML that would mean something else than it looks.

use super::{JOURNAL, Screens, screen};
use std::path::Path;

const FILE: &str = "pipelines/payroll-journal.yaml";

#[test]
fn yaml_that_hides_something() {
    let mut screens = Screens::new();
    screens.edited("a tab", FILE, "  bamboohr: payroll-cost", "\tbamboohr: payroll-cost");
    screens.edited("a key twice", FILE, "keep: emp", "pipeline: other\nkeep: emp");
    screens.edited("an unknown key", FILE, "look_up:", "look_ups:");
    screens.edited("an unknown key in a list", FILE, "name: tax payable, credit", "name: tax payable, creditt");
    screens.edited(
        "a missing key",
        FILE,
        "send: { to: gp general ledger, as: unposted work batch, after: approval }\n",
        "",
    );
    screens.edited("a wrong type", FILE, "keep: employment_status != \"Contractor\"", "keep: [employment_status]");
    screens.edited("a key without a value", FILE, "keep: employment_status != \"Contractor\"", "keep:");
    screens.edited("an unknown word", FILE, "after: approval", "after: aproval");
    screens.edited("a tag", FILE, "pipeline: payroll-journal", "pipeline: !!str payroll-journal");
    screens.edited("a merge key", FILE, "keep: emp", "<<: {}\nkeep: emp");
    screens.edited("braces without quotes", FILE, "\"PAY{{ period.code }}\"", "{{ period.code }}");
    screens.edited("a second document", FILE, "keep: emp", "---\nkeep: emp");
    screens.edited("an open bracket", FILE, "take: { number: employeeNumber }", "take: { number: employeeNumber");
    screens.show("an anchor bomb", |project| {
        let mut bomb = String::from("l0: &l0 [x, x, x, x, x, x, x, x, x]\n");
        for level in 1..9 {
            bomb.push_str(&format!("l{level}: &l{level} [{}]\n", vec![format!("*l{}", level - 1); 9].join(", ")));
        }
        project.set("environments/test.yaml", bomb);
    });
    screens.show("too deep", |project| project.set("environments/test.yaml", format!("a: {}", "[".repeat(5_000))));
    screens.edited(
        "a word of a later version",
        "project.yaml",
        "    journal_numbers",
        "    providers: { journals: soap }\n    journal_numbers",
    );
    insta::assert_snapshot!(screens.text());
}

#[test]
fn numbers_where_numbers_are_wanted() {
    let mut screens = Screens::new();
    screens.edited("an exponent", FILE, "above_weekly: 40", "above_weekly: 4e1");
    screens.edited("a thousands separator", FILE, "rate: 7.65%", "rate: \"7,65%\"");
    screens.edited("a word", FILE, "at: 1.5", "at: NO");
    screens.edited(
        "a leading zero is fine in text, not in a count",
        FILE,
        "send:",
        "corrections: { look_back: 0x10 }\nsend:",
    );
    insta::assert_snapshot!(screens.text());
}

#[test]
fn files_that_cannot_be_read() {
    let mut screens = Screens::new();
    screens.show("no project.yaml", |project| project.remove("project.yaml"));
    screens.show("no pipelines", |project| {
        project.remove(FILE);
        project.remove("pipelines/vendors.yaml");
    });
    screens.show("an empty file", |project| project.set(FILE, "\n"));
    screens.show("Latin-1 bytes", |project| {
        let mut bytes = JOURNAL.as_bytes().to_vec();
        bytes.splice(10..10, b"about: Caf\xe9\n".iter().copied());
        project.set(FILE, bytes);
    });
    screens.show("UTF-16", |project| project.set(FILE, vec![0xff, 0xfe, b'f', 0]));
    screens.show("a 50 MB file", |project| project.set(FILE, vec![b'#'; 50 * 1024 * 1024]));
    screens.show("a 50 MB table", |project| project.set("tables/cost-centres.csv", vec![b'a'; 50 * 1024 * 1024]));
    screens.show("another ending", |project| {
        project.remove("pipelines/vendors.yaml");
        project.set("pipelines/vendors.yml", super::VENDORS);
    });
    screens.show("a misspelt folder", |project| project.set("pipeline/x.yaml", super::VENDORS));
    insta::assert_snapshot!(screens.text());
}

#[test]
fn a_folder_that_is_not_there_is_a_finding() {
    let shown = screen(Path::new("/no/such/folder"), None);
    assert!(shown.contains("error[missing-file]: the project folder /no/such/folder cannot be read"), "{shown}");
}

/// Mistakes of different kinds, in different places of different files, are all there at once.
#[test]
fn all_mistakes_are_reported_at_once() {
    let mut project = super::Project::sound();
    project.edit(FILE, "keep: emp", "kep: x\nkeep: emp");
    project.edit(FILE, "employment_status !=", "employment_statsu !=");
    project.edit(FILE, "period.code", "period.cod");
    project.edit("pipelines/vendors.yaml", "class: EMPLOYEE", "klass: EMPLOYEE");
    project.edit("project.yaml", "Europe/Berlin", "Europe/Berlni");
    project.edit("tables/cost-centres.csv", "Sales,OR", "Sales,WA");
    let shown = project.lint();
    for code in ["unknown-key", "unknown-name", "unknown-field", "unknown-time-zone", "duplicate-row"] {
        assert!(shown.contains(code), "{code} in\n{shown}");
    }
    assert!(shown.ends_with("6 errors\n"), "{shown}");
}

/// Whatever somebody's editor does to a file, lint answers: it never panics, and it never loads a project that is not
/// the one that was written. The positions come from a fixed multiplier, so that a failure can be repeated.
#[test]
fn a_damaged_file_gives_findings_and_nothing_else() {
    let files = [
        (FILE, JOURNAL),
        ("pipelines/vendors.yaml", super::VENDORS),
        ("project.yaml", super::PROJECT),
        ("tables/cost-centres.csv", super::TABLE),
    ];
    let pieces = [
        "", "\"", "{", "}", "[", "]", ":", "- ", "\n", "\n  ", "*", "&a ", "{{", "}}", "é", "0", "${", "\u{0}", "#",
        ",",
    ];
    let mut seed: u64 = 20_131_101;
    let mut next = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    for _ in 0..600 {
        let (path, text) = files[next(files.len())];
        let letters: Vec<char> = text.chars().collect();
        let start = next(letters.len());
        let end = (start + next(4)).min(letters.len());
        let damaged: String = letters[..start]
            .iter()
            .copied()
            .chain(pieces[next(pieces.len())].chars())
            .chain(letters[end..].iter().copied())
            .collect();
        let mut project = super::Project::sound();
        project.set(path, damaged.as_str());
        let shown = project.lint();
        let counted = shown.lines().last().unwrap_or_default();
        let errors: usize = counted.split(' ').next().and_then(|count| count.parse().ok()).unwrap_or(0);
        assert!(errors <= 4, "a cascade of {errors} findings:\n{damaged}\n{shown}");
    }
}
