//! GP's refusals of a journal, each with its number, class and remedy.

use super::site::*;
use jiff::civil::date;
use ml_connector::gp::{Delivery, Refusal, RefusalClass};
use ml_connector::ledger::{AccountNumber, BatchId, FiscalPeriod, JournalEntry, Minor, Series};
use ml_connector::plan::facts::GpState;
use ml_connector::sandbox::faults::Fault;

#[tokio::test]
async fn a_taken_number_is_already_done_in_work_and_in_open_but_not_in_history() {
    let site = site();
    assert_eq!(site.gp.create_journal(80_000_001, &entry()).await, Delivery::Sent);
    let again = site.gp.create_journal(80_000_001, &entry()).await;
    assert_eq!(numbers(&again), [7738, 997]);
    assert!(matches!(first(again), Refusal { class: RefusalClass::AlreadyDone, .. }));

    assert_eq!(site.sandbox.post_batch("PAY2013-11"), [80_000_001]);
    assert_eq!(numbers(&site.gp.create_journal(80_000_001, &entry()).await), [687, 997]);

    site.sandbox.company().calendar.periods.extend((1..=12).map(|month| ml_connector::sandbox::gp::calendar::Period {
        year: 2014,
        number: u16::try_from(month).unwrap(),
        first_day: date(2014, month, 1),
        last_day: date(2014, month, 1).last_of_month(),
        series: Series::Financial,
        closed: false,
        general_entry_closed: false,
    }));
    site.sandbox.company().close_year(2013);
    let next_year = JournalEntry { date: date(2014, 11, 30), ..entry() };
    assert_eq!(site.gp.create_journal(80_000_001, &next_year).await, Delivery::Sent, "history's numbers are free");
    let last_year = site.gp.journal(80_000_001, NOVEMBER_30).await.unwrap().unwrap();
    assert_eq!(last_year.state, GpState::Posted);
}

#[tokio::test]
async fn every_number_comes_back_at_once() {
    let site = site();
    site.sandbox.mark_batch_to_post("PAY2013-11");
    let mut bad = entry();
    bad.date = date(2013, 10, 31);
    bad.lines = vec![line("000-9999-0000", 100, 0), line("000-5999-0000", 50, 0), line("000-1100-0000", 0, 100)];
    let refused = site.gp.create_journal(80_000_001, &bad).await;
    assert_eq!(numbers(&refused), [679, 5617, 2013, 572, 7117, 944]);
    let Delivery::Refused { refusals } = refused else { unreachable!() };
    let classes: Vec<RefusalClass> = refusals.iter().map(|refusal| refusal.class).collect();
    use RefusalClass::{FixMapping, Hold, RetryLater};
    assert_eq!(classes, [FixMapping, FixMapping, Hold, RetryLater, Hold, FixMapping]);
    assert!(refusals.iter().all(|refusal| !refusal.remedy.is_empty() && !refusal.message.is_empty()));
    assert_eq!(site.sandbox.journals(), [], "one transaction: nothing of it stays");
}

#[tokio::test]
async fn each_refusal_of_a_journal_has_its_number() {
    type Change = fn(&mut JournalEntry);
    let cases: &[(u32, RefusalClass, Change)] = &[
        (679, RefusalClass::FixMapping, |entry| entry.lines[0].account = AccountNumber::new("000-0000-0001")),
        // Leading blanks are part of an account.
        (679, RefusalClass::FixMapping, |entry| entry.lines[0].account = AccountNumber::new("000-7000-0000")),
        (5617, RefusalClass::FixMapping, |entry| entry.lines[0].account = AccountNumber::new("000-5999-0000")),
        (2013, RefusalClass::Hold, |entry| entry.lines[0].account = AccountNumber::new("000-1100-0000")),
        (7117, RefusalClass::Hold, |entry| entry.date = date(2013, 10, 31)),
        (596, RefusalClass::Hold, |entry| entry.date = date(2015, 1, 31)),
        (4642, RefusalClass::Configuration, |entry| entry.reverses_on = Some(date(2013, 11, 29))),
        (8688, RefusalClass::Configuration, |entry| entry.reverses_on = Some(date(2015, 1, 1))),
        (944, RefusalClass::FixMapping, |entry| entry.lines[0].debit += Minor(1)),
        (5471, RefusalClass::FixMapping, |entry| {
            entry.lines[0].credit = Minor(5);
            entry.lines[1].credit -= Minor(5);
        }),
        (5600, RefusalClass::FixMapping, |entry| {
            entry.lines[0].debit = Minor(-5);
            entry.lines[1].credit = Minor(-5);
        }),
        (141, RefusalClass::Configuration, |entry| entry.reference = String::new()),
        (682, RefusalClass::Configuration, |entry| entry.batch = BatchId::new("")),
    ];
    for (number, class, change) in cases {
        let site = site();
        let mut bad = entry();
        change(&mut bad);
        let refusal = first(site.gp.create_journal(80_000_001, &bad).await);
        assert_eq!((refusal.number, refusal.class), (Some(*number), *class), "{refusal:?}");
    }
}

#[tokio::test]
async fn what_gp_does_not_check_is_taken() {
    let site = site();
    site.sandbox.add_unit_account("UNIT-HEADS", 0);
    let mut odd = entry();
    // A unit account does not count in the balance; a leading blank, other case and trailing blanks are the same account.
    odd.lines.push(line("unit-heads  ", 700, 0));
    odd.lines.push(line(" 000-7000-0000", 0, 0));
    assert_eq!(site.gp.create_journal(80_000_001, &odd).await, Delivery::Sent);
    let empty = JournalEntry { lines: Vec::new(), ..entry() };
    assert_eq!(site.gp.create_journal(80_000_002, &empty).await, Delivery::Sent);
    odd.lines[2].debit = Minor(750);
    assert_eq!(numbers(&site.gp.create_journal(80_000_003, &odd).await), [814], "half a head");
}

#[tokio::test]
async fn a_batch_that_is_marked_approved_or_in_workflow_takes_nothing() {
    let site = site();
    site.sandbox.mark_batch_to_post("PAY2013-11");
    assert_eq!(first(site.gp.create_journal(80_000_001, &entry()).await).class, RefusalClass::RetryLater);
    let marked = site.gp.batch(&entry().batch).await.unwrap().unwrap();
    assert!(marked.marked_to_post && !marked.approved);

    site.sandbox.approve_batch("PAY-B");
    let approved = JournalEntry { batch: BatchId::new("PAY-B"), ..entry() };
    assert_eq!(numbers(&site.gp.create_journal(80_000_001, &approved).await), [5599]);

    site.sandbox.company().batches.open("PAY-C").in_workflow = true;
    let workflow = JournalEntry { batch: BatchId::new("PAY-C"), ..entry() };
    let Delivery::Refused { refusals } = site.gp.create_journal(80_000_001, &workflow).await else { panic!() };
    let found: Vec<_> = refusals.iter().map(|refusal| (refusal.number, refusal.class)).collect();
    assert_eq!(found, [(Some(485), RefusalClass::Hold), (Some(12012), RefusalClass::Hold)], "12012 explains 485");

    site.sandbox.company().ledger.leave_orphan_lines(80_000_009, "OTHER");
    assert_eq!(
        numbers(&site.gp.create_journal(80_000_009, &JournalEntry { batch: BatchId::new("PAY-D"), ..entry() }).await),
        [11985]
    );
    assert_eq!(site.gp.batch(&BatchId::new("NEVER-SEEN")).await.unwrap(), None);
}

#[tokio::test]
async fn a_period_closed_between_check_and_send_is_refused_and_held() {
    let site = site();
    let financial = |periods: Vec<FiscalPeriod>| {
        periods.into_iter().find(|period| period.series == Series::Financial).map(|period| period.closed)
    };
    assert_eq!(financial(site.gp.fiscal_periods(NOVEMBER_30, NOVEMBER_30).await.unwrap()), Some(false));
    site.sandbox.close_period(NOVEMBER_30, "Financial");
    let refusal = first(site.gp.create_journal(80_000_001, &entry()).await);
    assert_eq!((refusal.number, refusal.class), (Some(7117), RefusalClass::Hold));
    assert_eq!(financial(site.gp.fiscal_periods(NOVEMBER_30, NOVEMBER_30).await.unwrap()), Some(true));
    site.sandbox.reopen_period(NOVEMBER_30, "Financial");
    // The visible box may say open while the row that journals are checked against is closed.
    site.sandbox.company().calendar.close_general_entry(NOVEMBER_30);
    assert_eq!(financial(site.gp.fiscal_periods(NOVEMBER_30, NOVEMBER_30).await.unwrap()), Some(false));
    assert_eq!(numbers(&site.gp.create_journal(80_000_001, &entry()).await), [7117]);
}

#[tokio::test]
async fn an_unknown_number_and_the_sites_own_check_wait_for_a_person() {
    let site = site();
    let body = r#"{"Status":{"Messages":[{"Severity":"Error","Number":31337,"Text":"Custom rule"},{"Severity":"Warning","Number":1,"Text":"x"}]},"Payload":null}"#;
    site.sandbox.faults().next(POST, Fault::Answer { status: 400, headers: Vec::new(), body: body.into() });
    let Delivery::Refused { refusals } = site.gp.create_journal(80_000_001, &entry()).await else { panic!() };
    assert_eq!(refusals.len(), 1, "a warning is no refusal: {refusals:?}");
    assert_eq!((refusals[0].number, refusals[0].class), (Some(31337), RefusalClass::Person));
    assert!(refusals[0].message.contains("31337") && refusals[0].message.contains("Custom rule"));

    site.sandbox.company().ledger.site_check = Some("No payroll in Q4 without a form".into());
    let refusal = first(site.gp.create_journal(80_000_001, &entry()).await);
    assert_eq!((refusal.number, refusal.class), (Some(121), RefusalClass::Person));
    assert!(refusal.message.contains("No payroll in Q4 without a form"), "{}", refusal.message);
}

#[tokio::test]
async fn numbers_in_one_text_are_told_apart() {
    let site = site();
    let body = r#"{"Status":{"Messages":[{"Number":"679, 5617 944","Text":"eConnect"}]}}"#;
    site.sandbox.faults().next(POST, Fault::Answer { status: 500, headers: Vec::new(), body: body.into() });
    assert_eq!(numbers(&site.gp.create_journal(80_000_001, &entry()).await), [679, 5617, 944]);
}

#[tokio::test]
async fn text_that_gp_would_cut_or_replace_never_leaves() {
    let site = site();
    let mut long = entry();
    long.reference = "x".repeat(31);
    let mut foreign = entry();
    foreign.lines[0].description = "Dvořák".into();
    for (bad, expected) in [(long, "30 characters"), (foreign, "ř")] {
        let refusal = first(site.gp.create_journal(80_000_001, &bad).await);
        assert_eq!((refusal.number, refusal.class), (None, RefusalClass::Configuration));
        assert!(refusal.message.contains(expected), "{}", refusal.message);
    }
    assert_eq!(site.sandbox.faults().requests(), Vec::<String>::new());
}
