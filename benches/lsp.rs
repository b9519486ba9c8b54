//! A keystroke: one character of a file changes, and the whole project is looked at again. `cargo bench --bench lsp`.

#[path = "support/large_project.rs"]
#[allow(dead_code, reason = "each bench uses its part")]
mod large_project;

use ml_connector::project::desk::Desk;
use ml_connector::run::lint::lint_with;
use std::path::Path;
use std::sync::Arc;

fn main() {
    divan::main();
}

/// 200 pipelines that all look into one table of 100,000 rows; a pipeline is edited: at most 50 ms.
#[divan::bench]
fn a_keystroke_in_one_of_200_pipelines(bencher: divan::Bencher<'_, '_>) {
    keystroke(bencher, "pipelines/payroll-7.yaml");
}

/// The same in project.yaml, which every pipeline reads.
#[divan::bench]
fn a_keystroke_in_project_yaml(bencher: divan::Bencher<'_, '_>) {
    keystroke(bencher, "project.yaml");
}

/// The same in the table itself.
#[divan::bench(sample_count = 20)]
fn a_keystroke_in_a_table_of_100_000_rows(bencher: divan::Bencher<'_, '_>) {
    keystroke(bencher, "tables/cost-centres.csv");
}

fn keystroke(bencher: divan::Bencher<'_, '_>, file: &str) {
    let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("no folder: {error}"));
    large_project::write(folder.path(), 200, 100_000);
    let text = std::fs::read_to_string(folder.path().join(file)).unwrap_or_default();
    let mut desk = Desk::default();
    let mut count = 0;
    bencher.bench_local(|| {
        count += 1;
        desk.unsaved.insert(file.to_owned(), Arc::from(edited(&text, count)));
        let linted = lint_with(Path::new(folder.path()), None, &mut desk);
        assert!(linted.generation.is_some(), "the project loads");
        linted.findings.len()
    });
}

/// The text with something else in it each time.
fn edited(text: &str, count: u32) -> String {
    match text.starts_with("department,") {
        true => format!("{text}New department {count},WA,000001,,\n"),
        false => text.replacen("about: ", &format!("about: {count} "), 1),
    }
}
