//! The example, grown to any size: pipelines that each look into one long table.

use std::fs;
use std::path::{Path, PathBuf};

/// Writes `pipelines` pipelines and a table of `rows` rows into `folder`. The first half make journals of one department
/// each, out of that table; the others make vendors.
pub fn write(folder: &Path, pipelines: usize, rows: usize) {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/adventure-works");
    let read = |name: &str| fs::read_to_string(example.join(name)).unwrap_or_default();
    write_file(folder.join("project.yaml"), &read("project.yaml"));
    let (journal, vendors) = (read("pipelines/payroll-journal.yaml"), read("pipelines/employees-to-vendors.yaml"));
    let journals = pipelines.div_ceil(2);
    for number in 0..journals {
        let text = journal
            .replace("pipeline: payroll-journal", &format!("pipeline: payroll-{number}"))
            .replace("PAY{{", &format!("P{number}-{{{{"))
            .replace(
                r#"keep: employment_status != "Contractor""#,
                &format!(r#"keep: employment_status != "Contractor" && department == "Department {number}""#),
            );
        write_file(folder.join(format!("pipelines/payroll-{number}.yaml")), &text);
    }
    for number in journals..pipelines {
        let text = vendors.replace("pipeline: employees-to-vendors", &format!("pipeline: vendors-{number}"));
        write_file(folder.join(format!("pipelines/vendors-{number}.yaml")), &text);
    }
    write_file(folder.join("tables/cost-centres.csv"), &table(rows));
}

/// A table of departments, every second one for one location only.
pub fn table(rows: usize) -> String {
    let mut table = String::from("department,location,cost_centre,valid_from,valid_to\n");
    for row in 0..rows {
        let location = if row % 2 == 0 { "WA" } else { "*" };
        table.push_str(&format!("Department {row},{location},{row:06},,\n"));
    }
    table
}

/// Writes one file, with the folders above it.
pub fn write_file(path: PathBuf, text: &str) {
    let done = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&path, text));
    done.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}
