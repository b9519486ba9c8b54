//! Which files and cells a facts folder may have, and how a mistake is told.

use super::workbench::Workbench;
use std::fs;

const MAY_BE_ABSENT: [&str; 5] = ["hours.csv", "history.csv", "gp_vendors.csv", "gp_employees.csv", "sent.csv"];

#[test]
fn absent_files_of_what_may_be_empty_are_empty() {
    let bench = Workbench::meadow();
    for name in MAY_BE_ABSENT {
        let _ = fs::remove_file(bench.file(name));
    }
    let plan = bench.journal(0);
    assert_eq!(plan["status"], "ready");
    let warned = plan["warnings"].as_array().unwrap().iter().any(|warning| warning["code"] == "hours-missing");
    assert!(warned, "{}", plan["warnings"]);
}

#[test]
fn any_other_missing_file_is_named() {
    for name in [
        "employees.csv",
        "job_rows.csv",
        "employment_rows.csv",
        "compensation_rows.csv",
        "gp_accounts.csv",
        "gp_dimensions.csv",
        "gp_periods.csv",
    ] {
        let bench = Workbench::meadow();
        fs::remove_file(bench.file(name)).unwrap();
        bench.ran("payroll-journal", &[]).assert(78, &[name, "the file is missing", "Add it with the columns"]);
    }
}

#[test]
fn a_missing_column_is_named_with_its_file() {
    for (name, column, renamed) in [
        ("employees.csv", "hire_date", "hired"),
        ("job_rows.csv", "location", "place"),
        ("compensation_rows.csv", "currency", "money"),
        ("hours.csv", "approved", "ok"),
        ("gp_accounts.csv", "allows_entry", "entry"),
        ("gp_periods.csv", "closed", "shut"),
    ] {
        let bench = Workbench::meadow();
        bench.edit(name, column, renamed);
        bench.ran("payroll-journal", &[]).assert(78, &[name, column]);
    }
}

#[test]
fn a_cell_that_cannot_be_read_is_named_with_its_line() {
    for (name, from, to, said) in [
        ("employees.csv", "2010-03-01,,Active", "01.03.2010,,Active", "employees.csv:2"),
        ("compensation_rows.csv", "2012-07-16,Salary", "16/07/2012,Salary", "compensation_rows.csv:3"),
        ("hours.csv", "903,3,2013-11-06,7.5", "903,3,2013-11-06,7:30", "hours.csv:4"),
        ("hours.csv", "7.5,true", "7.5,yes", "hours.csv:4"),
        ("gp_accounts.csv", "000-2100-0000,Wages payable,true", "000-2100-0000,Wages payable,1", "gp_accounts.csv:2"),
        ("gp_periods.csv", "2013,1,2013-01-01", "2013,one,2013-01-01", "gp_periods.csv:2"),
        ("employees.csv", "2,2,Ben,Rowan", "1,2,Ben,Rowan", "employees.csv:3"),
    ] {
        let bench = Workbench::meadow();
        bench.edit(name, from, to);
        bench.ran("payroll-journal", &[]).assert(78, &[said]);
    }
}

#[test]
fn a_sent_line_that_cannot_be_read_is_named_with_its_line() {
    let header = "pipeline,period,sequence,document_id,journal,gp_state,booked_in,account,currency,debit,credit";
    let good = "payroll-journal,2013-11,1,00aa,80000001,work,2013-11,000-5100-0100,USD,1.00,0.00";
    for (from, to) in [("work", "lost"), ("USD", "DOLLARS"), ("1.00", "1,00"), (",1,", ",first,"), ("1.00", "1.005")] {
        let bench = Workbench::meadow();
        bench.write("sent.csv", &format!("{header}\n{}\n", good.replacen(from, to, 1)));
        bench.ran("payroll-journal", &[]).assert(78, &["sent.csv:2"]);
    }
}

#[test]
fn every_mistake_of_a_folder_is_told_at_once() {
    let bench = Workbench::meadow();
    fs::remove_file(bench.file("gp_periods.csv")).unwrap();
    bench.edit("employees.csv", "2010-03-01,,Active", "soon,,Active");
    bench.edit("hours.csv", "903,3,2013-11-06,7.5,true,,", "903,3,2013-11-06");
    bench.write("job_rows.csv", "");
    fs::write(bench.file("gp_accounts.csv"), b"account,description,active,allows_entry\n1,M\xfcll,true,true\n")
        .unwrap();
    bench.ran("payroll-journal", &[]).assert(
        78,
        &["gp_periods.csv", "employees.csv:2", "hours.csv:4", "job_rows.csv", "gp_accounts.csv: is not UTF-8"],
    );
}

#[test]
fn no_folder_and_no_period_are_told() {
    let bench = Workbench::meadow();
    fs::remove_dir_all(bench.facts()).unwrap();
    bench.ran("payroll-journal", &[]).assert(78, &["there is no such folder", "observe --save"]);
    let bench = Workbench::meadow();
    bench.ran("nobody", &[]).assert(2, &["there is no pipeline `nobody`", "payroll-journal, people-to-vendors"]);
}

#[test]
fn hours_of_somebody_whom_nobody_knows_hold_the_journal() {
    let bench = Workbench::meadow();
    bench.edit("hours.csv", "903,3,", "903,33,");
    assert_eq!(super::workbench::held(&bench.journal(4)), ["hours-unknown-person employee 33"]);
}

#[test]
fn pay_that_cannot_be_read_holds_the_person_and_does_not_end_the_plan() {
    // BambooHR's own unreadable amounts come here too: they are facts, not a broken folder.
    let bench = Workbench::meadow();
    bench.edit("compensation_rows.csv", "Salary,61234.56,Year", "Salary,,Year");
    let plan = bench.journal(4);
    assert_eq!(super::workbench::held(&plan), ["pay-unreadable employee 2"]);
}
