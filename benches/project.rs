//! How fast a project loads and a table answers. `cargo bench --bench project`.

use ml_connector::project::Generation;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};

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
    write_large(folder.path());
    bencher.bench_local(|| Generation::load(black_box(folder.path()), None).map_or(0, |loaded| loaded.pipelines.len()));
}

/// A million look-ups: at most 100 ms.
#[divan::bench]
fn a_million_look_ups(bencher: divan::Bencher<'_, '_>) {
    let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("no folder: {error}"));
    write_large(folder.path());
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

fn write_large(folder: &Path) {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/adventure-works");
    let write = |path: PathBuf, text: &str| {
        let parent = path.parent().unwrap_or(folder).to_owned();
        let done = fs::create_dir_all(parent).and_then(|()| fs::write(&path, text));
        done.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    };
    let read = |name: &str| fs::read_to_string(example.join(name)).unwrap_or_default();
    write(folder.join("project.yaml"), &read("project.yaml"));
    write(folder.join("pipelines/payroll-journal.yaml"), &read("pipelines/payroll-journal.yaml"));
    let vendors = read("pipelines/employees-to-vendors.yaml");
    for number in 0..19 {
        let text = vendors.replace("pipeline: employees-to-vendors", &format!("pipeline: vendors-{number}"));
        write(folder.join(format!("pipelines/vendors-{number}.yaml")), &text);
    }
    let mut table = String::from("department,location,cost_centre,valid_from,valid_to\n");
    for row in 0..10_000 {
        let location = if row % 2 == 0 { "WA" } else { "*" };
        table.push_str(&format!("Department {row},{location},{row:05},,\n"));
    }
    write(folder.join("tables/cost-centres.csv"), &table);
}
