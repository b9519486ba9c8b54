//! The example, grown: 20 pipelines and a table of 10,000 rows.

use std::fs;
use std::path::{Path, PathBuf};

/// Writes it into `folder`.
pub fn write(folder: &Path) {
    write_with(folder, 19, 10_000, false);
}

/// The same with so many pipelines of vendors, that look into the table or not, and so many rows.
pub fn write_with(folder: &Path, vendor_pipelines: usize, rows: usize, look_up: bool) {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/adventure-works");
    let write = |path: PathBuf, text: &str| {
        let parent = path.parent().unwrap_or(folder).to_owned();
        let done = fs::create_dir_all(parent).and_then(|()| fs::write(&path, text));
        done.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    };
    let read = |name: &str| fs::read_to_string(example.join(name)).unwrap_or_default();
    write(folder.join("project.yaml"), &read("project.yaml"));
    write(folder.join("pipelines/payroll-journal.yaml"), &read("pipelines/payroll-journal.yaml"));
    let mut vendors = read("pipelines/employees-to-vendors.yaml");
    if look_up {
        vendors = vendors
            .replace("\nmake:", "\nlook_up:\n  cost_centre: { in: cost-centres, else: hold }\n\nmake:")
            .replace("    set:\n", "    set:\n      comment_1: \"{{ cost_centre }}\"\n");
    }
    for number in 0..vendor_pipelines {
        let text = vendors.replace("pipeline: employees-to-vendors", &format!("pipeline: vendors-{number}"));
        write(folder.join(format!("pipelines/vendors-{number}.yaml")), &text);
    }
    let mut table = String::from("department,location,cost_centre,valid_from,valid_to\n");
    for row in 0..rows {
        let location = if row % 2 == 0 { "WA" } else { "*" };
        table.push_str(&format!("Department {row},{location},{row:05},,\n"));
    }
    write(folder.join("tables/cost-centres.csv"), &table);
}
