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

#[test]
fn amounts_and_hours_of_a_workbook_may_be_numbers_and_days_dates() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let day = rust_xlsxwriter::ExcelDateTime::from_ymd(2013, 11, 28).unwrap();
    let form = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
    for (at, title) in (0..).zip(["number", "amount", "currency", "valid_from"]) {
        sheet.write_string(0, at, title).unwrap();
    }
    // As somebody types it: 0.1 has no exact binary form, and is 0.1 all the same.
    for (row, amount) in [(1, 0.1), (2, 1250.0), (3, 310.55), (4, 310.555)] {
        sheet.write_string(row, 0, row.to_string()).unwrap();
        sheet.write_number(row, 1, amount).unwrap();
        sheet.write_string(row, 2, "USD").unwrap();
        sheet.write_datetime_with_format(row, 3, &day, &form).unwrap();
    }
    let mut project = super::Project::sound();
    project.set("tables/health.xlsx", book.save_to_buffer().unwrap());
    let burden = "  burden:\n    health: { cost_of: { in: health } }\n";
    project.edit("pipelines/payroll-journal.yaml", "  burden:\n", burden);
    let lint = project.lint();
    assert!(!lint.contains("excel-eaten-code") && !lint.contains("bad-date"), "{lint}");
    assert!(lint.contains("`310.555` is not an amount") && lint.matches("is not an amount").count() == 1, "{lint}");
}
