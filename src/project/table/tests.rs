use super::*;
use crate::project::finding::Finding;
use std::sync::Arc;

fn sheet(text: &str, matching: Matching) -> (Option<sheet::Sheet>, Vec<Finding>) {
    let (file, text): (Arc<str>, Arc<str>) = (Arc::from("tables/cost-centres.csv"), Arc::from(text));
    let mut findings = Vec::new();
    let sheet = csv::read("cost-centres", &file, &text, matching, &mut findings);
    if let Some(sheet) = &sheet {
        check::check_cells(sheet, &mut findings);
    }
    (sheet, findings)
}

/// A table with the keys department and location, and the findings as one line each.
fn table(text: &str) -> (Option<Table>, Vec<String>) {
    let (sheet, mut findings) = sheet(text, Matching::default());
    let table = sheet.and_then(|sheet| {
        let keys: Vec<usize> = (0..sheet.columns.len())
            .filter(|column| ["department", "location"].contains(&sheet.columns[*column].as_str()))
            .collect();
        check::build(&sheet, &keys, &mut findings)
    });
    let lines = findings.iter().map(|f| format!("{} {}: {}", f.place, f.code, f.message)).collect();
    (table, lines)
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

const ROWS: &str = "\
location,department,cost_centre,valid_from,valid_to
*,Sales,0400,,
WA,Sales,0410,,2013-10-31
WA,Sales,0411,2013-11-18,
*,*,0999,2013-01-01,
";

#[test]
fn the_most_specific_row_answers_and_its_last_day_is_known() {
    let (table, findings) = table(ROWS);
    let table = table.unwrap();
    assert_eq!(findings.len(), 1, "the gap: {findings:?}");
    assert_eq!(table.key_columns(), ["location", "department"]);
    for (keys, on, row, value, until) in [
        (["WA", "Sales"], "2013-10-31", 3, "0410", Some("2013-10-31")),
        // In the gap the starred row answers, until the specific one begins.
        (["WA", "Sales"], "2013-11-01", 2, "0400", Some("2013-11-17")),
        (["WA", "Sales"], "2013-11-18", 4, "0411", None),
        (["OR", "Sales"], "2013-11-18", 2, "0400", None),
        (["OR", "IT"], "2013-11-18", 5, "0999", None),
    ] {
        let answer = table.look_up(&keys, day(on), "cost_centre").unwrap();
        let expected = Answer { row, value, until: until.map(day) };
        assert_eq!(answer, expected, "{keys:?} on {on}");
    }
    assert_eq!(table.look_up(&["OR", "IT"], day("2012-12-31"), "cost_centre"), None);
    assert_eq!(table.silent_until(&["OR", "IT"], day("2012-12-30")), Some(day("2012-12-31")));
    assert_eq!(table.look_up(&["OR", "IT"], day("2013-12-31"), "no_such_column"), None);
}

#[test]
fn blanks_and_letter_case_count_unless_the_table_says_otherwise() {
    let matching = Matching { trim: true, ignore_case: true };
    let (sheet, mut findings) = sheet("department,cost_centre\n Sales ,0410 \n", matching);
    let loose = check::build(&sheet.unwrap(), &[0], &mut findings).unwrap();
    assert_eq!(loose.look_up(&["sALES"], day("2013-11-01"), "cost_centre").map(|a| a.value), Some("0410"));
    assert!(findings.is_empty());
    let (strict, findings) = table("department,cost_centre\nSales,0410\n");
    assert_eq!(strict.unwrap().look_up(&["sales"], day("2013-11-01"), "cost_centre"), None);
    assert!(findings.is_empty());
}

#[track_caller]
fn finding(rows: &str, expected: &str) {
    let (_, findings) = table(&format!("department,location,cost_centre,valid_from,valid_to\n{rows}"));
    assert_eq!(findings, [format!("tables/cost-centres.csv:{expected}")]);
}

#[test]
fn what_two_people_could_read_differently_is_a_finding() {
    finding(
        "A,B,0410,2013-01-01,2013-06-30\nA,B,0411,2013-06-30,\n",
        "3:1 overlapping-rows: row 3 overlaps row 2: both hold on 2013-06-30",
    );
    finding(
        "A,B,0410,,\nA,B,0411,2013-06-30,\n",
        "3:1 overlapping-rows: row 3 overlaps row 2: the same keys hold from 2013-06-30",
    );
    finding(
        "A,B,0410,2013-01-01,2013-01-31\nA,B,0411,2013-03-01,\n",
        "3:1 gap-between-rows: nothing holds from 2013-02-01 to 2013-02-28 for the keys of row 3",
    );
    finding("A,B,0410,,\nA,B,0410,,\n", "3:1 duplicate-row: row 3 says the same as row 2: same keys, same days");
    finding("A,B,0410,,\nA,B,0411,,\n", "3:1 duplicate-row: row 3 contradicts row 2: same keys, same days");
    finding(
        "A,*,0410,,\n*,B,0411,,\n",
        "3:1 ambiguous-stars: rows 2 and 3 can both match, and neither is more specific",
    );
    finding("A,B ,0410,,\n", "2:3 trailing-blank: `B ` begins or ends with a blank, and blanks count");
    finding("A,B,0410,,\nA,C,0420,,\nA,D,430,,\n", "4:5 excel-eaten-code: `430` has 3 digits where the others have 4");
    finding("A,B,1E+05,,\n", "2:5 excel-eaten-code: `1E+05` looks like a code that a spreadsheet changed");
    finding("A,B,1-Mar,,\n", "2:5 excel-eaten-code: `1-Mar` looks like a code that a spreadsheet changed");
    finding("A,B,0410,1/3/2013,\n", "2:10 bad-date: `1/3/2013` is not a date");
    finding(
        "A,B,0410,2013-03-01,2013-02-01\n",
        "2:21 bad-date: this row ends on 2013-02-01, before it begins on 2013-03-01",
    );
    finding("A,B,0410,\n", "2:1 table-row-length: this row has 4 cells, the header has 5");
}

#[test]
fn stars_that_cannot_meet_or_are_decided_are_fine() {
    for rows in [
        "A,*,0410,,2012-12-31\n*,B,0411,2013-01-01,\n",
        "A,*,0410,,\n*,B,0411,,\nA,B,0412,,\n",
        "A,*,0410,,\n*,*,0411,,\n",
    ] {
        let (table, findings) = table(&format!("department,location,cost_centre,valid_from,valid_to\n{rows}"));
        assert!(table.is_some() && findings.is_empty(), "{rows}: {findings:?}");
    }
}

#[test]
fn amounts_are_no_codes() {
    let (_, findings) = sheet("department,percent\nA,75\nB,20\nC,5\n", Matching::default());
    assert!(findings.is_empty(), "{findings:?}");
}

#[test]
fn semicolons_and_doubled_columns_are_named() {
    let (_, findings) = table("department;location;cost_centre\nA;B;0410\n");
    assert!(findings[0].contains("separated by `;`"), "{findings:?}");
    let (_, findings) = table("department,cost_centre,department\nA,0410,B\n");
    assert!(findings[0].contains("1:24 table-header: two columns are called `department`"), "{findings:?}");
}
