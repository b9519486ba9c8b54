//! People whom BambooHR knew when a month was sent, and knows no longer, or knows otherwise.

use crate::end_to_end::late::{deliver, net, on, plan};
use crate::meadow::Meadow;
use jiff::civil::{Date, date};
use ml_connector::hr::{Employee, Text};
use ml_connector::sandbox::bamboohr::Columns;
use ml_connector::sandbox::bamboohr::account::Table;

const JOURNAL: &str = "payroll-journal";

/// Number 4 of the mill earned 4,526.76 in November, which is sent; then the key may not see number 4 any more.
#[test]
fn pay_of_somebody_whom_bamboohr_no_longer_lists_is_not_taken_back_without_a_word() {
    let meadow = Meadow::open();
    deliver(&meadow, "2013-12-02", JOURNAL, "2013-11");
    assert!(meadow.bamboohr.account().delete_person("4"));
    let said = "BambooHR no longer lists employee 4, who was paid in 2013-11";
    plan(&meadow, "2013-12-02", JOURNAL, "2013-11").assert(4, &["[person-not-listed] period 2013-11", said, "Grant"]);
    // December's own journal goes on; November's correction stays held.
    plan(&meadow, "2014-01-03", JOURNAL, "2013-12").assert(4, &["original journal", "[person-not-listed]"]);
    let held = on(&meadow, "2014-01-03", &["held"]);
    assert_eq!((held.code, held.out.matches("[person-not-listed]").count()), (4, 1), "{held:?}");
    let sent = ["run", "--pipeline", JOURNAL, "--for", "2013-12"];
    on(&meadow, "2014-01-03", &sent).assert(4, &[]);
    assert_eq!(meadow.gp.journals().len(), 1);
    // Who knows that the person was never there approves it: GP holds November without the 4,526.76 and 346.30 of tax.
    plan(&meadow, "2013-12-02", JOURNAL, "2013-11");
    let approve = ["approve", "--pipeline", JOURNAL, "--for", "2013-11"];
    on(&meadow, "2013-12-02", &approve).assert(0, &["released [person-not-listed] period 2013-11", said]);
    on(&meadow, "2013-12-02", &["send", "--pipeline", JOURNAL]).assert(0, &["GP journal 80000002"]);
    assert_eq!(net(&meadow)["000-5100-0200"].to_string(), "470.25");
    plan(&meadow, "2013-12-02", JOURNAL, "2013-11").assert(0, &["nothing to do"]);
}

/// Number 4 was entered anew, as number 9, with the same dates and pay: November comes out the same, and nothing holds.
#[test]
fn somebody_with_another_id_and_the_same_pay_changes_nothing_but_is_told() {
    let meadow = Meadow::open();
    deliver(&meadow, "2013-12-02", JOURNAL, "2013-11");
    {
        let mut account = meadow.bamboohr.account();
        let mut person = account.facts().person("4").unwrap().clone();
        assert!(account.delete_person("4"));
        person.id = account.text("9");
        account.add_person(person);
        let job = [("date", "2012-01-09"), ("department", "Mill"), ("location", "Oregon"), ("division", "West")];
        let pay = [("startDate", "2012-01-09"), ("type", "Salary"), ("rate", "54321.12"), ("paidPer", "Year")];
        account.add_row("9", Table::Job, &Columns::of(&job)).unwrap();
        account.add_row("9", Table::Compensation, &Columns::of(&pay)).unwrap();
    }
    plan(&meadow, "2013-12-02", JOURNAL, "2013-11")
        .assert(0, &["nothing to do", "warning [person-not-listed] period 2013-11", "employee 4"]);
}

/// Who left before the month was not paid in it: that BambooHR forgets them is nobody's matter.
#[test]
fn somebody_who_was_not_paid_in_a_month_may_be_forgotten() {
    let meadow = Meadow::open();
    {
        let mut account = meadow.bamboohr.account();
        let mut person = account.facts().person("4").unwrap().clone();
        person.id = account.text("8");
        person.termination_date = Some(date(2013, 10, 31));
        account.add_person(person);
    }
    deliver(&meadow, "2013-12-02", JOURNAL, "2013-11");
    assert!(meadow.bamboohr.account().delete_person("8"));
    let planned = plan(&meadow, "2013-12-02", JOURNAL, "2013-11");
    planned.assert(0, &["nothing to do"]);
    assert!(!planned.all().contains("person-not-listed"), "{planned:?}");
}

/// A clerk enters other dates of employment; the rows stay as they were.
fn redated(meadow: &Meadow, id: &str, change: impl FnOnce(&mut Employee)) {
    let mut account = meadow.bamboohr.account();
    let mut facts = account.facts().clone();
    facts.sort();
    let mut person = facts.person(id).unwrap().clone();
    let at = facts.people.iter().position(|known| facts.text(known.id) == id).unwrap() as u32;
    change(&mut person);
    assert!(account.delete_person(id));
    account.add_person(person);
    let date = |day: Date| day.to_string();
    let text = |text: Text| facts.text(text).to_owned();
    for row in facts.job_rows.iter().filter(|row| row.employee == at) {
        let (day, department, location) = (date(row.date), text(row.department), text(row.location));
        let columns = [("date", day.as_str()), ("department", &department), ("location", &location)];
        account.add_row(id, Table::Job, &Columns::of(&columns)).unwrap();
    }
    for row in facts.compensation_rows.iter().filter(|row| row.employee == at) {
        let (day, rate, per) = (date(row.date), row.rate.unwrap().to_string(), text(row.paid_per));
        let columns = [("startDate", day.as_str()), ("type", "Salary"), ("rate", &rate), ("paidPer", &per)];
        account.add_row(id, Table::Compensation, &Columns::of(&columns)).unwrap();
    }
}

fn nets(meadow: &Meadow) -> Vec<(String, String)> {
    net(meadow).into_iter().map(|(account, net)| (account, net.to_string())).collect()
}

fn of(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(account, net)| ((*account).to_owned(), (*net).to_owned())).collect()
}

/// November is sent; then number 2 turns out to have left on the 15th, and number 1 to have begun on the 18th.
///
/// Number 2: 11 of 21 working days of 5,102.88 are 2,672.94 (2,672.937…), tax 204.48 (204.479…). Number 1: 10 of 21 of 6,000.00
/// are 2,857.14, tax 218.57 (218.571…). Orchard: 5,530.08, tax 423.05. The mill as it was.
#[test]
fn a_late_leaving_and_a_late_beginning_leave_gp_with_the_days_that_were_worked() {
    let meadow = Meadow::open();
    deliver(&meadow, "2013-12-02", JOURNAL, "2013-11");
    redated(&meadow, "2", |person| person.termination_date = Some(date(2013, 11, 15)));
    deliver(&meadow, "2013-12-02", JOURNAL, "2013-11");
    redated(&meadow, "1", |person| person.hire_date = Some(date(2013, 11, 18)));
    deliver(&meadow, "2013-12-03", JOURNAL, "2013-11");
    let expected = [
        ("000-2100-0000", "-10527.09"),
        ("000-2110-0000", "-805.32"),
        ("000-5100-0100", "5530.08"),
        ("000-5100-0200", "4997.01"),
        ("000-5150-0100", "423.05"),
        ("000-5150-0200", "382.27"),
    ];
    assert_eq!(nets(&meadow), of(&expected));
    let reconciled = on(&meadow, "2013-12-03", &["reconcile", "--pipeline", JOURNAL, "--for", "2013-11"]);
    reconciled.assert(0, &["2013-11: agrees"]);
    // Who left in November costs nothing in December, and who turns out never to have begun in it takes all of November back.
    redated(&meadow, "1", |person| person.hire_date = Some(date(2013, 12, 2)));
    deliver(&meadow, "2014-01-03", JOURNAL, "2013-12");
    let wages = |account: &str| net(&meadow)[account].to_string();
    // November: 2,672.94. December: 6,000.00 (the 1st is a Sunday).
    assert_eq!(wages("000-5100-0100"), "8672.94");
    let reconciled = on(&meadow, "2014-01-03", &["reconcile", "--pipeline", JOURNAL, "--for", "2013-12"]);
    reconciled.assert(0, &["2013-12: agrees"]);
}

/// The mill is called otherwise in every row: until the table knows the name, November's correction and December are held, and then
/// November comes out as it was.
#[test]
fn a_department_that_is_called_otherwise_changes_no_month_that_was_sent() {
    let meadow = Meadow::open();
    deliver(&meadow, "2013-12-02", JOURNAL, "2013-11");
    for (person, row, day) in [(3, 73, "2011-05-02"), (4, 74, "2012-01-09")] {
        let row = format!(
            r#"{{"id":{row},"employeeId":{person},"date":"{day}","department":"Milling","location":"Oregon","division":"West","jobTitle":"Miller"}}"#
        );
        meadow.bamboohr.account().add_verbatim(Table::Job, &row);
    }
    let held = plan(&meadow, "2014-01-03", JOURNAL, "2013-12");
    held.assert(4, &["[look-up-missing] employee 4", "no cost_centre for department `Milling`"]);
    meadow.edit("tables/cost-centres.csv", "Mill,Oregon,0200", "Mill,Oregon,0200\nMilling,Oregon,0200");
    plan(&meadow, "2014-01-03", JOURNAL, "2013-11").assert(0, &["nothing to do"]);
    let planned = plan(&meadow, "2014-01-03", JOURNAL, "2013-12");
    planned.assert(0, &["1 document"]);
}

/// Number 4 was paid in Canadian dollars all along: the American dollars are taken back and a journal of the other currency is made,
/// each balanced by itself, both waiting for approval.
#[test]
fn a_currency_that_was_wrong_all_along_is_corrected_in_both() {
    let meadow = Meadow::open();
    deliver(&meadow, "2013-12-02", JOURNAL, "2013-11");
    let columns = Columns::of(&[("rate", "54321.12 CAD")]);
    meadow.bamboohr.account().change_row("4", Table::Compensation, "4", &columns).unwrap();
    plan(&meadow, "2013-12-02", JOURNAL, "2013-11").assert(0, &["CAD", "USD", "2 documents"]);
    assert_eq!(meadow.gp.journals().len(), 1);
    deliver(&meadow, "2013-12-02", JOURNAL, "2013-11");
    let journals = meadow.gp.journals();
    let of_number_4 = |currency: &str| journals.iter().filter(|journal| journal.currency == currency).count();
    assert_eq!((of_number_4("USD"), of_number_4("CAD")), (2, 1));
    plan(&meadow, "2013-12-02", JOURNAL, "2013-11").assert(0, &["nothing to do"]);
    let reconciled = on(&meadow, "2013-12-02", &["reconcile", "--pipeline", JOURNAL, "--for", "2013-11"]);
    // Two people of the mill, but one alone in each currency.
    reconciled.assert(0, &["agrees", "0200 Mill* CAD"]);
    let hidden = on(&meadow, "2013-12-02", &["reconcile", "--pipeline", JOURNAL, "--for", "2013-11", "--hide-single"]);
    hidden.assert(0, &["others", "Amounts in CAD are left out: one person alone is paid in it."]);
    // Number 4's 4,526.76 and 346.30 of tax, number 3's 470.25 and 35.97.
    // Without number 3 the whole of what is in dollars is number 1 and 2: 11,952.25 of the 12,458.47 that stands above.
    for amount in ["11,952.25", "4,526.76", "346.30", "4,873.06", "470.25", "35.97", "506.22"] {
        assert!(!hidden.all().contains(amount), "{amount}: {}", hidden.all());
    }
}

/// November is closed when a raise of 1,000.00 comes: its correction is in December's batch, and both comparisons say so.
#[test]
fn a_comparison_with_gp_says_which_journal_is_of_another_month() {
    let meadow = Meadow::open();
    deliver(&meadow, "2013-12-02", JOURNAL, "2013-11");
    meadow.gp.close_period(date(2013, 11, 30), "Financial");
    meadow.raise("2013-11-01", "84000");
    deliver(&meadow, "2014-01-03", JOURNAL, "2013-12");
    for month in ["2013-11", "2013-12"] {
        let shadow = ["shadow", "--pipeline", JOURNAL, "--for", month, "--with", "gp"];
        on(&meadow, "2014-01-03", &shadow).assert(4, &["1,000.00", "booked in 2013-12, corrects 2013-11"]);
    }
}

/// Orchard and the mill each have a pipeline, and November of both is sent; then number 1 turns out to have been in the mill from the
/// 18th on. 11 of 21 working days of 6,000.00 are 3,142.86 and stay, with 240.43 of tax (240.428…); 2,857.14 and 218.57 (218.571…) go
/// to the mill's: 459.00 of tax was one rounding, 459.00 are the two.
#[test]
fn who_moves_between_two_pipelines_leaves_the_one_and_comes_into_the_other() {
    let meadow = Meadow::open();
    let file = meadow.project().join("pipelines/payroll-journal.yaml");
    let text = std::fs::read_to_string(&file).unwrap();
    for (name, department) in [("payroll-journal", "Orchard"), ("payroll-mill", "Mill")] {
        let own = text.replace("pipeline: payroll-journal", &format!("pipeline: {name}"));
        let own = own.replace("PAY{{", &format!("{}{{{{", &department[..3]));
        let own = own.replace("look_up:", &format!("keep: department == \"{department}\"\nlook_up:"));
        std::fs::write(meadow.project().join(format!("pipelines/{name}.yaml")), own).unwrap();
    }
    deliver(&meadow, "2013-12-02", JOURNAL, "2013-11");
    deliver(&meadow, "2013-12-02", "payroll-mill", "2013-11");
    let columns = [("date", "2013-11-18"), ("department", "Mill"), ("location", "Oregon")];
    meadow.bamboohr.account().add_row("1", Table::Job, &Columns::of(&columns)).unwrap();
    deliver(&meadow, "2013-12-02", JOURNAL, "2013-11");
    deliver(&meadow, "2013-12-02", "payroll-mill", "2013-11");
    let expected = [
        ("000-2100-0000", "-16099.89"),
        ("000-2110-0000", "-1231.64"),
        ("000-5100-0100", "8245.74"),
        ("000-5100-0200", "7854.15"),
        ("000-5150-0100", "630.80"),
        ("000-5150-0200", "600.84"),
    ];
    assert_eq!(nets(&meadow), of(&expected));
    for pipeline in [JOURNAL, "payroll-mill"] {
        on(&meadow, "2013-12-02", &["reconcile", "--pipeline", pipeline, "--for", "2013-11"]).assert(0, &["agrees"]);
    }
    // Both are told when somebody of theirs is gone.
    assert!(meadow.bamboohr.account().delete_person("1"));
    for pipeline in [JOURNAL, "payroll-mill"] {
        plan(&meadow, "2013-12-02", pipeline, "2013-11").assert(4, &["BambooHR no longer lists employee 1"]);
    }
}
