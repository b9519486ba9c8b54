//! How fast a project loads and a table answers. `cargo bench --bench project`.

#[path = "support/large_project.rs"]
mod large_project;

use ml_connector::project::Generation;
use ml_connector::project::expression::{Expression, Wanted};
use ml_connector::project::value::{Bindings, Kind, Names, Value};
use std::hint::black_box;
use std::path::Path;

fn main() {
    divan::main();
}

/// `lint` of the example: at most 50 ms.
#[divan::bench]
fn lint_the_example() -> usize {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/adventure-works");
    Generation::load(&folder, None).map_or(0, |generation| generation.pipelines.len())
}

/// The example with 20 pipelines and a table of 10,000 rows: at most 0.5 s.
#[divan::bench]
fn lint_20_pipelines_and_10_000_rows(bencher: divan::Bencher<'_, '_>) {
    let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("no folder: {error}"));
    large_project::write(folder.path());
    bencher.bench_local(|| Generation::load(black_box(folder.path()), None).map_or(0, |loaded| loaded.pipelines.len()));
}

/// A million look-ups: at most 100 ms.
#[divan::bench]
fn a_million_look_ups(bencher: divan::Bencher<'_, '_>) {
    let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("no folder: {error}"));
    large_project::write(folder.path());
    let Ok(generation) = Generation::load(folder.path(), None) else { panic!("the project loads") };
    let Some(pipeline) = generation.pipeline("payroll-journal") else { panic!("the pipeline is there") };
    let table = &pipeline.look_ups[0].table;
    let day = jiff::civil::date(2013, 11, 1);
    let departments: Vec<String> = (0..10_000).map(|number| format!("Department {number}")).collect();
    bencher.bench_local(|| {
        let asked = (0..100).flat_map(|_| &departments);
        asked.filter(|department| table.look_up(&[department, "WA"], day, "cost_centre").is_some()).count()
    });
}

/// A hundred thousand people kept or not by a plain condition, which never enters the script engine.
#[divan::bench]
fn a_hundred_thousand_plain_conditions(bencher: divan::Bencher<'_, '_>) {
    conditions(bencher, r#"employment_status != "Contractor" && headcount > 100"#);
}

/// The same by one that does: every operation counts against its budget.
#[divan::bench]
fn a_hundred_thousand_scripted_conditions(bencher: divan::Bencher<'_, '_>) {
    conditions(bencher, r#"let kept = employment_status != "Contractor"; kept && headcount > 100"#);
}

fn conditions(bencher: divan::Bencher<'_, '_>, text: &str) {
    let names = Names::default().with("employment_status", Kind::Text).with("headcount", Kind::Integer);
    let compiled = match text.starts_with("let ") {
        true => Expression::compile_script(text, &names),
        false => Expression::compile(text, &names, Wanted::Truth),
    };
    let condition = compiled.unwrap_or_else(|problems| panic!("{problems:?}"));
    let mut bindings = Bindings::default();
    bindings.set("employment_status", Value::text("Full-Time"));
    bindings.set("headcount", Value::Integer(290));
    bencher.bench_local(|| (0..100_000).filter(|_| condition.holds(black_box(&bindings)) == Ok(true)).count());
}
