//! How fast a project loads, loads again, and answers. `cargo bench --bench project`.
//!
//! Budgets at full size (200 pipelines, 100,000 rows): loading 1 s, loading again after an edit of one file 200 ms, a
//! million look-ups 100 ms, a million expressions 0.8 s. Each is measured at a hundredth, a tenth and the full size too,
//! because only the growth tells whether something is done once a row or once a row and pipeline.

#[path = "support/large_project.rs"]
mod large_project;

use large_project::write_file;
use ml_connector::project::Generation;
use ml_connector::project::expression::{Expression, Wanted};
use ml_connector::project::reuse::Reuse;
use ml_connector::project::value::{Bindings, Kind, Names, Value};
use std::hint::black_box;
use std::path::Path;

fn main() {
    divan::main();
}

/// (pipelines, rows)
const SIZES: [(usize, usize); 3] = [(2, 1_000), (20, 10_000), (200, 100_000)];

/// Parts of a million.
const COUNTS: [usize; 3] = [10_000, 100_000, 1_000_000];

fn large(pipelines: usize, rows: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("no folder: {error}"));
    large_project::write(folder.path(), pipelines, rows);
    folder
}

fn loaded(folder: &Path) -> Generation {
    Generation::load(folder, None).unwrap_or_else(|broken| panic!("{:?}", broken.findings))
}

/// The example, loaded and checked.
#[divan::bench]
fn lint_the_example() -> usize {
    loaded(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/adventure-works")).pipelines.len()
}

/// From nothing: what `lint` does, but for the start of the process.
#[divan::bench(args = SIZES, sample_count = 15)]
fn lint(bencher: divan::Bencher<'_, '_>, (pipelines, rows): (usize, usize)) {
    let folder = large(pipelines, rows);
    bencher.bench_local(|| loaded(black_box(folder.path())).pipelines.len());
}

/// Again after one pipeline was edited: at most 200 ms.
#[divan::bench(args = SIZES, sample_count = 15)]
fn reload_of_an_edited_pipeline(bencher: divan::Bencher<'_, '_>, (pipelines, rows): (usize, usize)) {
    let folder = large(pipelines, rows);
    let path = folder.path().join("pipelines/payroll-0.yaml");
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    reload(bencher, folder.path(), |edit| write_file(path.clone(), &format!("{text}# edit {edit}\n")));
}

/// Again after a row was added to the table that half of all pipelines read: at most 200 ms.
#[divan::bench(args = SIZES, sample_count = 15)]
fn reload_of_an_edited_table(bencher: divan::Bencher<'_, '_>, (pipelines, rows): (usize, usize)) {
    let folder = large(pipelines, rows);
    let path = folder.path().join("tables/cost-centres.csv");
    let text = large_project::table(rows);
    reload(bencher, folder.path(), |edit| write_file(path.clone(), &format!("{text}Edit {edit},WA,000000,,\n")));
}

/// Loads again after each edit, with what the load before left.
fn reload(bencher: divan::Bencher<'_, '_>, folder: &Path, edit: impl Fn(usize)) {
    let mut reuse = Reuse::default();
    let mut load = || {
        let loaded = Generation::load_reusing(folder, None, &mut reuse);
        loaded.unwrap_or_else(|broken| panic!("{:?}", broken.findings))
    };
    drop(load());
    let edits = std::cell::Cell::new(0);
    bencher.with_inputs(|| edit(edits.replace(edits.get() + 1))).bench_local_values(|()| load());
}

/// Look-ups in a table of 100,000 rows; a million: at most 100 ms.
#[divan::bench(args = COUNTS, sample_count = 15)]
fn look_ups(bencher: divan::Bencher<'_, '_>, count: usize) {
    let folder = large(2, 100_000);
    let generation = loaded(folder.path());
    let Some(pipeline) = generation.pipeline("payroll-0") else { panic!("the pipeline is there") };
    let table = &pipeline.look_ups[0].table;
    let day = jiff::civil::date(2013, 11, 1);
    let departments: Vec<String> = (0..10_000).map(|number| format!("Department {}", number * 10 % 99_991)).collect();
    bencher.bench_local(|| {
        let asked = departments.iter().cycle().take(count);
        asked.filter(|department| table.look_up(&[department, "WA"], day, "cost_centre").is_some()).count()
    });
}

/// A plain condition, which never enters the script engine; a million: at most 0.8 s.
#[divan::bench(args = COUNTS, sample_count = 15)]
fn conditions(bencher: divan::Bencher<'_, '_>, count: usize) {
    evaluations(bencher, r#"employment_status != "Contractor" && headcount > 100"#, count);
}

/// An amount with arithmetic and a function of ours; a million: at most 0.8 s.
#[divan::bench(args = COUNTS, sample_count = 15)]
fn amounts(bencher: divan::Bencher<'_, '_>, count: usize) {
    evaluations(bencher, "round(headcount * 12.5 / 7, 2)", count);
}

/// The same by a script, where every operation counts against a budget.
#[divan::bench(args = [100_000], sample_count = 15)]
fn scripts(bencher: divan::Bencher<'_, '_>, count: usize) {
    evaluations(bencher, r#"let kept = employment_status != "Contractor"; kept && headcount > 100"#, count);
}

fn evaluations(bencher: divan::Bencher<'_, '_>, text: &str, count: usize) {
    let names = Names::default().with("employment_status", Kind::Text).with("headcount", Kind::Integer);
    let compiled = match text.starts_with("let ") {
        true => Expression::compile_script(text, &names),
        false => Expression::compile(text, &names, Wanted::Anything),
    };
    let expression = compiled.unwrap_or_else(|problems| panic!("{problems:?}"));
    let mut bindings = Bindings::default();
    bindings.set("employment_status", Value::text("Full-Time"));
    bindings.set("headcount", Value::Integer(290));
    bencher.bench_local(|| (0..count).filter(|_| expression.value(black_box(&bindings)).is_ok()).count());
}
