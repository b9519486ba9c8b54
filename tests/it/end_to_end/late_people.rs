//! People whom BambooHR knew when a month was sent, and knows no longer, or knows otherwise.

use crate::end_to_end::late::{deliver, net, on, plan};
use crate::meadow::Meadow;
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
    on(&meadow, "2013-12-02", &["approve", "--pipeline", JOURNAL, "--for", "2013-11"]).assert(0, &[]);
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
        person.termination_date = Some(jiff::civil::date(2013, 10, 31));
        account.add_person(person);
    }
    deliver(&meadow, "2013-12-02", JOURNAL, "2013-11");
    assert!(meadow.bamboohr.account().delete_person("8"));
    let planned = plan(&meadow, "2013-12-02", JOURNAL, "2013-11");
    planned.assert(0, &["nothing to do"]);
    assert!(!planned.all().contains("person-not-listed"), "{planned:?}");
}
