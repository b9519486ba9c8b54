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
