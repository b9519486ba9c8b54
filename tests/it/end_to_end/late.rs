//! What becomes known late about months that were sent: it is booked once, and never taken back by accident.

use crate::meadow::{JOURNAL as MONTH, Meadow, POST_JOURNAL, booked};
use jiff::civil::{Date, date};
use ml_connector::sandbox::bamboohr::Columns;
use ml_connector::sandbox::bamboohr::account::Table;
use ml_connector::sandbox::faults::Fault;
use ml_connector::sandbox::gp::journals::{NewJournal, NewLine};
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::fs;

const JOURNAL: &str = "payroll-journal";
const CHANGES: &str = "compensation-changes";

/// A command on a later day: both systems' clocks and the child's.
pub fn on(meadow: &Meadow, day: &str, arguments: &[&str]) -> crate::meadow::Ran {
    meadow.clock.set(format!("{day}T12:00:00Z").parse().unwrap());
    meadow.ran_with(arguments, &[("ML_CONNECTOR_TODAY", day)])
}

pub fn plan(meadow: &Meadow, day: &str, pipeline: &str, period: &str) -> crate::meadow::Ran {
    on(meadow, day, &["plan", "--pipeline", pipeline, "--for", period])
}

/// Plans, approves and sends.
pub fn deliver(meadow: &Meadow, day: &str, pipeline: &str, period: &str) {
    let planned = plan(meadow, day, pipeline, period);
    assert_eq!(planned.code, 0, "{planned:?}");
    on(meadow, day, &["approve", "--pipeline", pipeline, "--for", period]).assert(0, &[]);
    on(meadow, day, &["run", "--pipeline", pipeline, "--for", period]).assert(0, &[]);
}

pub fn hours(meadow: &Meadow, row: &str, day: Date, hours: &str) {
    assert!(meadow.bamboohr.account().set_hours("3", row, day, hours.parse::<Decimal>().unwrap()));
}

/// GP's net over all journals, debit above zero.
pub fn net(meadow: &Meadow) -> BTreeMap<String, Decimal> {
    let mut net: BTreeMap<String, Decimal> = BTreeMap::new();
    for (account, debit, credit) in meadow.gp.journals().iter().flat_map(booked) {
        *net.entry(account).or_default() += debit.parse::<Decimal>().unwrap() - credit.parse::<Decimal>().unwrap();
    }
    net
}

pub fn with_changes(meadow: &Meadow) {
    let text = format!("format: 1\npipeline: {CHANGES}\ncorrects: {JOURNAL}\n");
    fs::write(meadow.project().join(format!("pipelines/{CHANGES}.yaml")), text).unwrap();
}

/// November's 22 hours are sent; in January its first day turns out to have had 8.25 hours: 21.38 more, and 1.63 of tax. A year
/// later BambooHR no longer serves November.
#[test]
fn hours_that_were_corrected_in_time_are_not_taken_back_a_year_later() {
    let meadow = Meadow::open();
    deliver(&meadow, "2013-12-02", JOURNAL, "2013-11");
    hours(&meadow, "901", date(2013, 11, 4), "8.25");
    deliver(&meadow, "2014-01-03", JOURNAL, "2013-12");
    assert_eq!(meadow.gp.journals().len(), 3);
    plan(&meadow, "2014-12-15", JOURNAL, "2013-12").assert(0, &["nothing to do"]);
    with_changes(&meadow);
    plan(&meadow, "2014-12-15", CHANGES, "2013-12").assert(0, &["nothing to do"]);
}

/// The pipeline that corrects looked at November before its hours were complete, and never again.
#[test]
fn what_was_sent_counts_and_not_what_another_pipeline_had_seen() {
    let meadow = Meadow::open();
    with_changes(&meadow);
    plan(&meadow, "2013-12-01", CHANGES, "2013-11").assert(0, &[]);
    hours(&meadow, "901", date(2013, 11, 4), "8.25");
    deliver(&meadow, "2013-12-02", JOURNAL, "2013-11");
    deliver(&meadow, "2014-01-03", JOURNAL, "2013-12");
    plan(&meadow, "2014-12-15", CHANGES, "2013-12").assert(0, &["nothing to do"]);
}

#[test]
fn a_held_plan_without_hours_is_not_what_the_month_is_computed_from() {
    let meadow = Meadow::open();
    deliver(&meadow, "2013-12-02", JOURNAL, "2013-11");
    fs::remove_dir_all(meadow.project().join(".ml-connector")).unwrap();
    plan(&meadow, "2014-12-15", JOURNAL, "2013-11").assert(4, &["[hours-not-served]"]);
    plan(&meadow, "2014-12-15", JOURNAL, "2013-11").assert(4, &["[hours-not-served]"]);
}

/// The week from 28 October to 3 November has 30 hours before 1 November and 10 on it: all ten are above 30.
#[test]
fn a_week_that_began_before_the_month_keeps_its_overtime_when_its_hours_are_gone() {
    let meadow = Meadow::open();
    let file = "pipelines/payroll-journal.yaml";
    meadow.edit(file, "unapproved: hold }", "unapproved: hold, overtime: { above_weekly: 30, at: 1.5 } }");
    meadow.edit(file, "debit: regular,  ", "debit: gross,  ");
    for (row, day) in [("801", 28), ("802", 29), ("803", 30)] {
        hours(&meadow, row, date(2013, 10, day), "10");
    }
    hours(&meadow, "804", date(2013, 11, 1), "10");
    deliver(&meadow, "2013-12-02", JOURNAL, "2013-11");
    plan(&meadow, "2014-12-15", JOURNAL, "2013-11").assert(0, &["nothing to do"]);
}

/// Somebody deletes November's journal in GP, and the month is closed.
#[test]
fn a_journal_deleted_before_its_month_was_closed_is_not_booked_again_without_a_word() {
    let meadow = Meadow::open();
    deliver(&meadow, "2013-12-02", JOURNAL, "2013-11");
    deliver(&meadow, "2014-01-03", JOURNAL, "2013-12");
    meadow.gp.delete_journal(80_000_001);
    meadow.gp.close_period(date(2013, 11, 30), "Financial");
    plan(&meadow, "2014-01-03", JOURNAL, "2013-12").assert(0, &["adjusting journal", "sent-journal-deleted"]);
}

/// What was sent is known by the pipeline's name: under another one the month would be booked twice.
#[test]
fn a_pipeline_that_is_called_otherwise_does_not_send_its_months_again() {
    let meadow = Meadow::open();
    deliver(&meadow, "2013-12-02", JOURNAL, "2013-11");
    let file = "pipelines/payroll-journal.yaml";
    meadow.edit(file, "pipeline: payroll-journal", "pipeline: payroll");
    meadow.edit(file, "after: approval", "after: checks");
    let run = ["run", "--pipeline", "payroll", "--for", "2013-11"];
    on(&meadow, "2013-12-02", &run).assert(4, &["[sent-by-another] period 2013-11", "give it its name back"]);
    assert_eq!(meadow.gp.journals().len(), 1);
    // What goes on is sent, with a word about what nobody corrects any more.
    let december = ["run", "--pipeline", "payroll", "--for", "2013-12"];
    on(&meadow, "2014-01-03", &december)
        .assert(0, &["warning [sent-by-another] pipeline payroll-journal", "it sent 2013-11"]);
    // A person who knows better says so.
    let approve = ["approve", "--pipeline", "payroll", "--for", "2013-11"];
    on(&meadow, "2014-01-03", &approve).assert(0, &[]);
    meadow.edit(file, "pipeline: payroll", "pipeline: payroll-journal");
    on(&meadow, "2014-01-03", &["plan", "--pipeline", JOURNAL, "--for", "2013-11"]).assert(0, &["nothing to do"]);
}

/// November is planned with a raise of 1,000.00, then December, which carries the same correction, then November again.
#[test]
fn a_month_that_is_planned_again_after_another_one_can_be_approved_and_sent() {
    let meadow = Meadow::open();
    deliver(&meadow, "2013-12-02", JOURNAL, "2013-11");
    meadow.raise("2013-11-01", "84000");
    plan(&meadow, "2013-12-02", JOURNAL, "2013-11").assert(0, &["1,000.00"]);
    plan(&meadow, "2013-12-02", JOURNAL, "2013-12").assert(0, &["1,000.00"]);
    deliver(&meadow, "2013-12-02", JOURNAL, "2013-11");
    assert_eq!(net(&meadow)["000-5100-0100"].to_string(), "12102.88");
}

/// October and November are sent; then comes a raise of 1,000.00 a month from October on, and only one month is looked back.
#[test]
fn what_is_older_than_the_look_back_is_not_dropped_without_a_word() {
    let meadow = Meadow::open();
    meadow.edit("pipelines/payroll-journal.yaml", "check:", "corrections: { look_back: 1 }\ncheck:");
    meadow.gp.reopen_period(date(2013, 10, 31), "Financial");
    deliver(&meadow, "2013-12-02", JOURNAL, "2013-10");
    deliver(&meadow, "2013-12-02", JOURNAL, "2013-11");
    let before = plan(&meadow, "2014-01-03", JOURNAL, "2013-12");
    assert!(!before.all().contains("older-than-look-back"), "{before:?}");
    meadow.raise("2013-10-01", "84000");
    plan(&meadow, "2014-01-03", JOURNAL, "2013-12")
        .assert(0, &["corrects journal 80000002 of 2013-11", "warning [older-than-look-back] period 2013-10"]);
}

pub fn moves(meadow: &Meadow, person: &str, day: &str, department: &str) {
    let row = [("date", day), ("department", department), ("location", "Oregon"), ("division", "West")];
    meadow.bamboohr.account().add_row(person, Table::Job, &Columns::of(&row)).unwrap();
}

/// Everybody is in Orchard, and November is sent; then employee 1 turns out to have been in the mill, which had nobody: without an
/// approval the 6,000.00 would be in both for a while.
#[test]
fn a_centre_that_is_new_in_a_month_that_was_sent_waits_for_approval_too() {
    let meadow = Meadow::open();
    let file = "pipelines/payroll-journal.yaml";
    meadow.edit(file, "one_per: period", "one_per: cost_centre");
    meadow.edit(file, "Payroll {{ period.name }}", "{{ period.name }} CC {{ cost_centre }}");
    meadow.edit(file, "after: approval", "after: checks");
    moves(&meadow, "3", "2012-02-01", "Orchard");
    moves(&meadow, "4", "2012-02-01", "Orchard");
    meadow.run().assert(0, &["GP journal 80000001"]);
    moves(&meadow, "1", "2013-11-01", "Mill");
    meadow.run().assert(4, &["difference journal", "original journal", "2 wait for a person"]);
    assert_eq!(meadow.gp.journals().len(), 1);
    meadow.ran(&["approve", "--pipeline", JOURNAL, "--for", "2013-11"]).assert(0, &[]);
    meadow.run().assert(0, &["GP journal 80000002", "GP journal 80000003"]);
    meadow.run().assert(0, &["nothing to do"]);
    // Three people are left in Orchard: 16,099.89 − 6,000.00.
    let wages = |account: &str| net(&meadow)[account].to_string();
    assert_eq!((wages("000-5100-0100"), wages("000-5100-0200")), ("10099.89".into(), "6000.00".into()));
}

/// November's journal under the number and the reference that it was tried with: GP took a request that it had given no answer to.
fn gp_takes_it_after_all(meadow: &Meadow) {
    let amount = |text: &str| text.parse::<Decimal>().ok();
    let line = |(at, (account, debit, credit)): (i64, (&str, &str, &str))| NewLine {
        sequence: Some(Decimal::from(500 * at)),
        account: Some(account.to_owned()),
        description: String::new(),
        debit: amount(debit),
        credit: amount(credit),
    };
    let new = NewJournal {
        number: Some(80_000_002),
        date: Some(date(2013, 11, 30).at(0, 0, 0, 0)),
        batch: "PAY2013-11".to_owned(),
        reference: "Payroll Nov 2013 2903b20c".to_owned(),
        source_document: "GJ".to_owned(),
        currency: "USD".to_owned(),
        lines: (1..).zip(MONTH).map(line).collect(),
        ..NewJournal::default()
    };
    meadow.gp.company().create_journal(&new).map_err(|refusals| refusals.numbers()).unwrap();
}

/// November's journal was tried (October's was sent), GP said nothing and did not have it; then comes a raise of 1,000.00 a month.
fn tried_then_raised() -> Meadow {
    let meadow = Meadow::open();
    meadow.gp.reopen_period(date(2013, 10, 31), "Financial");
    deliver(&meadow, "2013-12-02", JOURNAL, "2013-10");
    meadow.approve();
    meadow.gp.faults().next(POST_JOURNAL, Fault::CutBefore);
    meadow.run().assert(5, &["queued"]);
    meadow.raise("2013-11-01", "84000");
    meadow
}

#[test]
fn what_gp_took_late_is_found_before_the_month_is_planned_again() {
    let meadow = tried_then_raised();
    gp_takes_it_after_all(&meadow);
    deliver(&meadow, "2013-12-02", JOURNAL, "2013-11");
    assert_eq!(meadow.gp.journals().len(), 3);
    // October without hours: 15,629.64; November with the raise: 17,099.89.
    assert_eq!(net(&meadow)["000-2100-0000"].to_string(), "-32729.53");
}

#[test]
fn what_gp_took_even_later_is_no_second_journal() {
    let meadow = tried_then_raised();
    meadow.approve();
    gp_takes_it_after_all(&meadow);
    meadow.ran(&["send", "--pipeline", JOURNAL]).assert(0, &["nothing to send"]);
    assert_eq!(meadow.gp.journals().len(), 2);
    // What GP holds is what was tried first, and a person looks.
    meadow.run().assert(0, &["[sent-journal-edited] journal 80000002"]);
}

/// Raises, one undone, a lost answer, a month closed and opened again, an account that changes, a store that is lost: what GP holds
/// in the end is what both months cost by today's knowledge.
#[test]
fn after_whatever_came_late_gp_holds_what_the_months_cost() {
    let meadow = Meadow::open();
    with_changes(&meadow);
    let october = date(2013, 10, 31);
    meadow.gp.reopen_period(october, "Financial");
    deliver(&meadow, "2013-12-02", JOURNAL, "2013-10");
    deliver(&meadow, "2013-12-02", JOURNAL, "2013-11");
    meadow.gp.post_batch("PAY2013-10");
    meadow.gp.close_period(october, "Financial");
    // Approved and not sent when the second raise comes, which the other pipeline plans.
    meadow.raise("2013-10-01", "84000");
    plan(&meadow, "2013-12-03", CHANGES, "2013-11").assert(0, &["difference journal", "adjusting journal"]);
    on(&meadow, "2013-12-03", &["approve", "--pipeline", CHANGES, "--for", "2013-11"]).assert(0, &[]);
    meadow.raise("2013-11-01", "96000");
    plan(&meadow, "2013-12-03", JOURNAL, "2013-11").assert(0, &["2,000.00"]);
    on(&meadow, "2013-12-03", &["send", "--pipeline", JOURNAL]).assert(4, &["sent adjusting journal of 2013-10"]);
    deliver(&meadow, "2013-12-03", CHANGES, "2013-11");
    let reconcile = |period: &str| on(&meadow, "2013-12-03", &["reconcile", "--pipeline", JOURNAL, "--for", period]);
    reconcile("2013-11").assert(0, &["2013-11: agrees"]);
    reconcile("2013-10").assert(4, &["stale", "plan the period again"]);
    plan(&meadow, "2013-12-03", JOURNAL, "2013-10").assert(0, &["nothing to do"]);
    reconcile("2013-10").assert(0, &["2013-10: agrees"]);
    // The second raise is undone; the answer of its correction is lost.
    let row = [("rate", "84000"), ("type", "Salary"), ("paidPer", "Year"), ("startDate", "2013-11-01")];
    let newest = meadow.bamboohr.account().add_row("1", Table::Compensation, &Columns::of(&row)).unwrap();
    plan(&meadow, "2013-12-04", CHANGES, "2013-11").assert(0, &["1,000.00"]);
    on(&meadow, "2013-12-04", &["approve", "--pipeline", CHANGES, "--for", "2013-11"]).assert(0, &[]);
    meadow.gp.faults().next(POST_JOURNAL, Fault::CutAfter);
    on(&meadow, "2013-12-04", &["run", "--pipeline", CHANGES, "--for", "2013-11"]).assert(0, &["GP journal 80000005"]);
    // October is open again. What was sent for it counts, wherever it was booked.
    meadow.gp.reopen_period(october, "Financial");
    let row = Columns::of(&[("rate", "90000")]);
    meadow.bamboohr.account().change_row("1", Table::Compensation, &newest, &row).unwrap();
    meadow.raise("2013-10-16", "90000");
    meadow.edit("pipelines/payroll-journal.yaml", "account: 000-2110-0000", "account: 000-2100-0000");
    deliver(&meadow, "2013-12-05", CHANGES, "2013-11");
    // October: 7,000.00 × 11/23 + 7,500.00 × 12/23 = 7,260.87, and 5,102.88. November: 7,500.00 and 5,102.88. Taxes of 555.46,
    // 573.75 and twice 390.37. The mill is as it was: 4,526.76 and 4,997.01, taxes of 346.30 and 382.27.
    let expected = [
        ("000-2100-0000", "-37128.92"),
        ("000-2110-0000", "0.00"),
        ("000-5100-0100", "24966.63"),
        ("000-5100-0200", "9523.77"),
        ("000-5150-0100", "1909.95"),
        ("000-5150-0200", "728.57"),
    ];
    let net: Vec<(String, String)> =
        net(&meadow).into_iter().map(|(account, net)| (account, net.to_string())).collect();
    assert_eq!(net, expected.map(|(account, net)| (account.to_owned(), net.to_owned())));
    fs::remove_dir_all(meadow.project().join(".ml-connector")).unwrap();
    plan(&meadow, "2013-12-05", JOURNAL, "2013-11").assert(0, &["nothing to do"]);
}
