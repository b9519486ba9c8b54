//! Files that are not what they should be, and YAML that would mean something else than it looks.

use super::{JOURNAL, screen};
use std::path::Path;

const FILE: &str = "pipelines/payroll-journal.yaml";

/// What is no text, or too much of it: at the byte, or at the file.
#[test]
fn files_that_cannot_be_read() {
    let shown = |path: &str, bytes: Vec<u8>| {
        let mut project = super::Project::sound();
        if path.ends_with("xlsx") {
            project.remove("tables/cost-centres.csv");
        }
        project.set(path, bytes);
        project.lint()
    };
    let mut latin_1 = JOURNAL.as_bytes().to_vec();
    latin_1.splice(10..10, b"about: Caf\xe9\n".iter().copied());
    let screens = [
        ("at offset 20 is not UTF-8", shown(FILE, latin_1)),
        ("this file is UTF-16, not UTF-8", shown(FILE, vec![0xff, 0xfe, b'f', 0])),
        ("this file has 50 MiB; at most 1 MiB", shown(FILE, vec![b'#'; 50 * 1024 * 1024])),
        ("this file has 50 MiB; at most 16 MiB", shown("tables/cost-centres.csv", vec![b'a'; 50 * 1024 * 1024])),
        ("it is no XLSX workbook", shown("tables/cost-centres.xlsx", b"not a workbook".to_vec())),
        ("nested", shown(FILE, "[".repeat(500).into_bytes())),
    ];
    for (words, screen) in screens {
        assert!(screen.contains(words) && screen.ends_with("1 error\n"), "{words}:\n{screen}");
    }
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
