//! What GP refuses, between the plan and the sending: held or queued with GP's number and a remedy, then sent.

use crate::meadow::{Meadow, NOVEMBER_30};
use ml_connector::sandbox::faults::Fault;
use ml_connector::sandbox::gp::journals::{NewJournal, NewLine};

const SEND: [&str; 3] = ["send", "--pipeline", "payroll-journal"];

#[test]
fn a_period_closed_between_check_and_send_is_held_before_anything_leaves() {
    let meadow = Meadow::open();
    meadow.approve();
    meadow.gp.close_period(NOVEMBER_30, "Financial");
    meadow.ran(&SEND).assert(4, &["held", "the fiscal period of 2013-11-30 is closed for the Financial series"]);
    assert_eq!(meadow.posts(), 0);
    meadow.ran(&["held"]).assert(4, &["period-closed"]);
    meadow.run().assert(4, &["[period-closed] period 2013-11", "Open the period in GP"]);
    meadow.gp.reopen_period(NOVEMBER_30, "Financial");
    again(&meadow);
}

#[test]
fn a_period_that_gp_closes_for_journals_alone_is_held_by_gps_own_word() {
    let meadow = Meadow::open();
    meadow.approve();
    meadow.gp.company().calendar.close_general_entry(NOVEMBER_30);
    meadow.run().assert(4, &["held", "GP 7117"]);
    assert_eq!((meadow.posts(), meadow.gp.journals().len()), (1, 0));
    meadow.gp.reopen_period(NOVEMBER_30, "Financial");
    again(&meadow);
}

#[test]
fn an_account_made_inactive_before_the_sending_is_refused_with_its_number() {
    let meadow = Meadow::open();
    meadow.approve();
    assert!(meadow.gp.deactivate_account("000-2110-0000"));
    meadow.ran(&SEND).assert(4, &["refused", "GP 5617"]);
    assert_eq!(meadow.gp.journals(), []);
    // The next plan sees it before GP has to refuse.
    meadow.run().assert(4, &["[account-inactive] account 000-2110-0000"]);
    meadow.gp.company().chart.account_mut("000-2110-0000").unwrap().active = true;
    again(&meadow);
}

#[test]
fn a_batch_that_is_marked_to_post_queues_the_journal() {
    let meadow = Meadow::open();
    meadow.approve();
    meadow.gp.mark_batch_to_post("PAY2013-11");
    meadow.run().assert(5, &["queued", "GP 572", "Wait until it is posted"]);
    assert_eq!(meadow.documents(), ["approved original 2013-11"]);
    meadow.gp.company().batches.open("PAY2013-11").marked_to_post = false;
    assert_eq!(meadow.run().code, 0);
    meadow.assert_sent_once("the batch was free again");
}

#[test]
fn a_number_that_somebody_took_is_left_alone_and_another_is_drawn() {
    let meadow = Meadow::open();
    meadow.approve();
    let line = |account: &str, sequence: i64, debit: i64, credit: i64| NewLine {
        sequence: Some(sequence.into()),
        account: Some(account.to_owned()),
        description: String::new(),
        debit: Some(debit.into()),
        credit: Some(credit.into()),
    };
    let somebodys = NewJournal {
        number: Some(80_000_001),
        date: Some(NOVEMBER_30.at(0, 0, 0, 0)),
        batch: "RENT".to_owned(),
        reference: "Rent November".to_owned(),
        lines: vec![line("000-5100-0100", 16384, 10, 0), line("000-2100-0000", 32768, 0, 10)],
        ..NewJournal::default()
    };
    meadow.gp.company().create_journal(&somebodys).unwrap();
    meadow.run().assert(0, &["GP journal 80000002"]);
    let numbers: Vec<u32> = meadow.gp.journals().iter().map(|journal| journal.number).collect();
    assert_eq!(numbers, [80_000_001, 80_000_002]);
    assert_eq!(meadow.gp.journals()[0].reference, "Rent November");
    meadow.run().assert(0, &["nothing to do"]);
}

#[test]
fn a_right_that_was_taken_away_is_refused_with_what_to_grant() {
    let meadow = Meadow::open();
    meadow.approve();
    meadow.gp.revoke("POST Financial/GLTransactions");
    meadow.run().assert(4, &["refused", "403", "Give the account's role this operation"]);
    assert_eq!(meadow.gp.journals(), []);
}

#[test]
fn what_was_refused_is_sent_once_the_reason_is_gone() {
    let meadow = Meadow::open();
    meadow.approve();
    meadow.gp.faults().next("POST /GPService", Fault::status(403));
    meadow.run().assert(4, &["refused", "403"]);
    again(&meadow);
}

#[test]
fn a_batch_prefix_of_the_site_is_no_second_journal() {
    let meadow = Meadow::open();
    meadow.approve();
    meadow.gp.set_batch_prefix("HR");
    assert_eq!(meadow.run().code, 0);
    meadow.run().assert(0, &["nothing to do"]);
    assert_eq!(meadow.gp.journals().len(), 1);
}

/// The trouble is gone: `run`, approved once more where it has to be, sends exactly once.
fn again(meadow: &Meadow) {
    let run = meadow.run();
    if run.code == 4 {
        meadow.approve();
        assert_eq!(meadow.run().code, 0, "{}", run.all());
    }
    meadow.assert_sent_once("the trouble is gone");
}
