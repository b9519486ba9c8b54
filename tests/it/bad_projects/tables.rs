//! Tables that say how they are compared, and workbooks.

const FILE: &str = "tables/cost-centres.csv";

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
