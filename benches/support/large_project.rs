//! The example, grown: 20 pipelines and a table of 10,000 rows.

use std::fs;
use std::path::{Path, PathBuf};

/// Writes it into `folder`.
pub fn write(folder: &Path) {
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
