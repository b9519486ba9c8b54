//! Tables that two people could read differently, or that a spreadsheet changed.

use super::{Screens, TABLE};

const FILE: &str = "tables/cost-centres.csv";

#[test]
fn tables_that_are_not_clear() {
    let mut screens = Screens::new();
    let mut row = |what: &str, rows: &str| {
        screens.show(what, |project| project.set(FILE, format!("{TABLE}{rows}")));
    };
    row("an overlap", "HR,WA,0600,2013-01-01,2013-06-30\nHR,WA,0610,2013-06-01,\n");
    row("a gap", "HR,WA,0600,2013-01-01,2013-06-30\nHR,WA,0610,2013-08-01,\n");
    row("a duplicate", "Sales,WA,0410,,\n");
    row("a star ambiguity", "*,WA,0600,,\n");
    row("a code that Excel ate", "HR,WA,600,,\n");
    row("a code that became a number", "HR,WA,6E+02,,\n");
    row("a code that became a date", "HR,WA,1-Mar,,\n");
    row("a trailing blank", "\"HR \",WA,0600,,\n");
    row("a bad date", "HR,WA,0600,01.03.2013,\n");
    row("a missing cell", "HR,WA,0600\n");
    insta::assert_snapshot!(screens.text());
}

#[test]
fn tables_that_a_pipeline_cannot_use() {
    let mut screens = Screens::new();
    screens.show("a misspelt key column", |project| project.edit(FILE, "department,location", "departement,location"));
    screens.show("no key column", |project| project.edit(FILE, "department,location", "a,b"));
    screens.show("no answering column", |project| project.edit(FILE, "cost_centre", "cost_center"));
    screens.show("semicolons", |project| project.set(FILE, TABLE.replace(',', ";")));
    screens.edited("an unknown table", "pipelines/payroll-journal.yaml", "in: cost-centres", "in: cost-centers");
    screens.show("an unused table", |project| project.set("tables/other.csv", "a,b\n1,2\n"));
    screens.show("a declared table that is not there", |project| {
        project.edit("project.yaml", "settings:", "tables: { other: { file: lists/other.csv } }\nsettings:");
    });
    screens.show("bytes that are no workbook", |project| {
        project.remove(FILE);
        project.set("tables/cost-centres.xlsx", "not a workbook");
    });
    screens.show("two files for one table", |project| {
        project.set("tables/cost-centres.yaml", "- { department: a, location: b, cost_centre: c }\n");
    });
    insta::assert_snapshot!(screens.text());
}

#[test]
fn a_table_says_how_it_is_compared() {
    let mut project = super::Project::sound();
    project.edit(
        "project.yaml",
        "settings:",
        "tables: { cost-centres: { match: { trim: true, ignore_case: true } } }\nsettings:",
    );
    project.edit(FILE, "Sales,WA", "\" sales \",wa");
    assert_eq!(project.lint(), "no findings\n");
}

fn workbook(name: &str) -> Vec<u8> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/tables").join(name);
    std::fs::read(path).unwrap()
}

#[test]
fn a_workbook_with_text_cells_is_a_table() {
    let mut project = super::Project::sound();
    project.remove(FILE);
    project.set("tables/cost-centres.xlsx", workbook("text-cells.xlsx"));
    let folder = project.write();
    assert_eq!(super::screen(folder.path(), None), "no findings\n");
    let generation = ml_connector::project::Generation::load(folder.path(), None).unwrap();
    let table = &generation.pipeline("payroll-journal").unwrap().look_ups[0].table;
    let answer =
        |keys: [&str; 2], day: &str| table.look_up(&keys, day.parse().unwrap(), "cost_centre").map(|a| a.value);
    assert_eq!(answer(["Sales", "WA"], "2013-11-01"), Some("0410"));
    assert_eq!(answer(["Sales", "WA"], "2013-10-31"), None, "a date cell is a date");
    assert_eq!(answer(["IT", "WA"], "2013-10-31"), Some("0500"));
}

#[test]
fn number_cells_have_lost_their_zeros() {
    let mut project = super::Project::sound();
    project.remove(FILE);
    project.set("tables/cost-centres.xlsx", workbook("number-cells.xlsx"));
    insta::assert_snapshot!(project.lint());
}
