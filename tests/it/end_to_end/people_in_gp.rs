//! What people do in GP to a journal that we sent: post it, delete it, change it. And raises that come afterwards.

use crate::meadow::{Meadow, NOVEMBER_30, booked};

/// November is in GP.
fn sent() -> Meadow {
    let meadow = Meadow::open();
    meadow.approve();
    meadow.run().assert(0, &["GP journal 80000001, unposted"]);
    meadow
}

#[test]
fn a_posted_journal_is_shown_as_posted() {
    let meadow = sent();
    assert_eq!(meadow.gp.post_batch("PAY2013-11"), [80_000_001]);
    meadow.run().assert(0, &["nothing to do"]);
    assert_eq!(meadow.documents(), ["sent original 2013-11 posted"]);
    meadow.ran(&["status"]).assert(0, &["journal 80000001 · posted in GP"]);
    assert_eq!(meadow.posts(), 1);
}

#[test]
fn a_deleted_journal_is_planned_again_with_a_warning_and_never_sent_by_itself() {
    let meadow = sent();
    assert!(meadow.gp.delete_journal(80_000_001));
    meadow.run().assert(4, &["[sent-journal-deleted]", "awaits approval"]);
    assert_eq!(meadow.posts(), 1);
    meadow.approve();
    meadow.run().assert(0, &["GP journal 80000002"]);
    assert_eq!(meadow.gp.journals().len(), 1);
    meadow.run().assert(0, &["nothing to do"]);
}

#[test]
fn a_journal_that_somebody_changed_holds_its_difference_until_a_person_looks() {
    let meadow = sent();
    let edited = meadow.gp.edit_journal(80_000_001, |journal| {
        journal.lines[0].debit += rust_decimal::Decimal::ONE;
        journal.lines[4].credit += rust_decimal::Decimal::ONE;
    });
    assert!(edited);
    // Nothing changed in BambooHR: what a person booked in GP is left alone.
    meadow.run().assert(0, &["nothing to do"]);
    assert_eq!(meadow.documents(), ["sent original 2013-11 edited"]);
    meadow.raise("2013-11-01", "84000.00 USD");
    meadow.run().assert(4, &["[sent-journal-edited] journal 80000001", "approval releases it"]);
    assert_eq!(meadow.posts(), 1);
}

#[test]
fn a_raise_after_the_sending_is_one_difference_that_waits_for_approval() {
    let meadow = sent();
    meadow.raise("2013-11-01", "84000.00 USD");
    meadow.run().assert(4, &["difference journal", "corrects journal 80000001 of 2013-11", "awaits approval"]);
    assert_eq!(meadow.posts(), 1);
    meadow.approve();
    meadow.run().assert(0, &["GP journal 80000002"]);
    let difference = booked(&meadow.gp.journals()[1]);
    assert_eq!(difference[0], ("000-5100-0100".into(), "1000.00".into(), "0".into()));
    meadow.run().assert(0, &["nothing to do"]);
    assert_eq!(meadow.posts(), 2);
}

#[test]
fn a_raise_in_a_closed_month_is_booked_in_the_oldest_open_one() {
    let meadow = sent();
    meadow.gp.close_period(NOVEMBER_30, "Financial");
    meadow.raise("2013-11-01", "84000.00 USD");
    meadow.run().assert(4, &["adjusting journal", "2013-12-31", "corrects journal 80000001 of 2013-11"]);
    meadow.approve();
    assert_eq!(meadow.run().code, 0);
    let journals = meadow.gp.journals();
    assert_eq!((journals.len(), journals[1].date.to_string()), (2, "2013-12-31".to_owned()));
    meadow.run().assert(0, &["nothing to do"]);
}

/// Nobody provides journals here, so nobody has to set numbers aside for them.
#[test]
fn people_become_vendors_without_numbers_for_journals() {
    let meadow = Meadow::open();
    meadow.edit("project.yaml", "journal_numbers: 80000001-80000999", "providers: { journals: off }");
    let run = ["run", "--pipeline", "people-to-vendors"];
    meadow.ran(&run).assert(0, &["create vendor EMP000003"]);
    meadow.ran(&run).assert(0, &["nothing to do"]);
    let planned = meadow.ran(&["plan", "--pipeline", "payroll-journal", "--for", "2013-11"]);
    planned.assert(0, &[]);
    meadow.ran(&["approve", "--pipeline", "payroll-journal", "--for", "2013-11"]).assert(0, &[]);
    meadow.run().assert(4, &["nobody provides journals in this project"]);
    assert_eq!(meadow.gp.journals(), []);
}

#[test]
fn people_become_vendors_once() {
    let meadow = Meadow::open();
    let run = ["run", "--pipeline", "people-to-vendors"];
    meadow.ran(&run).assert(0, &["create vendor EMP000003", "create vendor EMP000004", "update vendor EMP000002"]);
    meadow.ran(&run).assert(0, &["nothing to do"]);
}
