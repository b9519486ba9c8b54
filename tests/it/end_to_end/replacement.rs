//! Our own journal, written anew while GP has not posted it.

use crate::meadow::{JOURNAL, Meadow, booked};
use ml_connector::sandbox::faults::Fault;
use std::fs;

const PLAN: [&str; 5] = ["plan", "--pipeline", "payroll-journal", "--for", "2013-11"];
/// Where a journal is written anew.
const PATCH: &str = "PATCH /GPService";

/// November is sent, GP's service writes journals anew, and employee 1 has got 84,000.00 a year: 7,000.00, and 535.50 of tax.
fn raised() -> Meadow {
    let meadow = Meadow::open();
    meadow.edit("pipelines/payroll-journal.yaml", "send:", "corrections: { unposted: replace }\nsend:");
    meadow.dialect("  # replace: { method", "  replace: { method");
    meadow.gp.let_journals_be_replaced();
    meadow.approve();
    meadow.run().assert(0, &[]);
    meadow.raise("2013-11-01", "84000");
    meadow
}

/// Orchard: 7,000.00 + 5,102.88 and 535.50 + 390.37. In all 17,099.89 and 1,308.14.
fn books_of_the_raise() -> Vec<(String, String, String)> {
    let mut books = JOURNAL;
    books[0].1 = "12102.88";
    books[2].1 = "925.87";
    books[4].2 = "17099.89";
    books[5].2 = "1308.14";
    books.map(|(account, debit, credit)| (account.into(), debit.into(), credit.into())).into()
}

#[test]
fn a_raise_is_in_the_same_journal_and_all_that_looks_at_gp_agrees() {
    let meadow = raised();
    meadow.ran(&PLAN).assert(0, &["replacement journal", "in place of journal 80000001, which GP has not posted"]);
    meadow.approve();
    meadow.run().assert(0, &["80000001"]);
    let journals = meadow.gp.journals();
    assert_eq!(journals.len(), 1, "{journals:?}");
    assert_eq!((journals[0].number, booked(&journals[0])), (80_000_001, books_of_the_raise()));
    assert_eq!((meadow.posts(), meadow.gp.faults().count(PATCH)), (1, 1));
    assert_eq!(meadow.gp.batch("PAY2013-11").unwrap().transactions, 1);

    meadow.ran(&PLAN).assert(0, &["nothing to do"]);
    meadow.ran(&["reconcile", "--pipeline", "payroll-journal", "--for", "2013-11"]).assert(0, &["17,099.89"]);
    let explain = ["explain", "80000001", "--account", "000-5100-0100", "--show-pay", "--by", "R. Eader"];
    meadow.ran(&explain).assert(0, &["12,102.88", "7,000.00"]);
    meadow.ran(&["audit"]).assert(0, &["journal 80000001 was written anew"]);

    // Where a person deleted it, all of it is gone and all of it is planned again (there without the raise).
    let copy = Meadow::again_from(meadow.project());
    copy.ran(&PLAN).assert(0, &["sent-journal-deleted", "original journal", "11,102.88"]);

    meadow.gp.post_batch("PAY2013-11");
    meadow.raise("2013-11-02", "96000");
    meadow.ran(&PLAN).assert(0, &["difference journal"]);

    // Without a memory the journal is found by the reference it has now.
    fs::remove_dir_all(meadow.project().join(".ml-connector")).unwrap();
    meadow.ran(&PLAN).assert(0, &["difference journal"]);
    assert_eq!(meadow.posts(), 1);
}

/// GP keeps only the newest of its fourteen identities, and a lost store must still know it as ours.
#[test]
fn a_journal_that_was_written_anew_many_times_is_found_again_without_a_memory() {
    let meadow = raised();
    for step in 0..13 {
        meadow.raise("2013-11-01", &format!("{}", 86_000 + 12 * step));
        meadow.approve();
        meadow.run().assert(0, &[]);
    }
    assert_eq!((meadow.gp.journals().len(), meadow.gp.faults().count(PATCH)), (1, 13));
    fs::remove_dir_all(meadow.project().join(".ml-connector")).unwrap();
    meadow.ran(&PLAN).assert(0, &["nothing to do"]);
    assert_eq!(meadow.posts(), 1);
}

#[test]
fn what_people_did_to_it_meanwhile_is_never_written_over() {
    for done in ["posted", "edited", "deleted"] {
        let meadow = raised();
        meadow.approve();
        match done {
            "posted" => assert_eq!(meadow.gp.post_batch("PAY2013-11"), [80_000_001]),
            "edited" => {
                assert!(
                    meadow.gp.edit_journal(80_000_001, |journal| journal.lines[0].debit *= rust_decimal::Decimal::TWO)
                )
            }
            _ => assert!(meadow.gp.delete_journal(80_000_001)),
        }
        let sent = meadow.ran(&["send", "--pipeline", "payroll-journal"]);
        assert_eq!(meadow.gp.faults().count(PATCH), 0, "{done}: {sent:?}");
        assert!(sent.all().contains("plan again"), "{done}: {sent:?}");
    }
}

#[test]
fn a_lost_answer_is_read_back_and_a_refusal_leaves_the_journal_as_it_was() {
    let meadow = raised();
    meadow.approve();
    meadow.gp.faults().next(PATCH, Fault::CutAfter);
    meadow.run().assert(0, &[]);
    assert_eq!(booked(&meadow.gp.journals()[0]), books_of_the_raise());
    assert_eq!(meadow.gp.faults().count(PATCH), 1, "never repeated");
    meadow.ran(&PLAN).assert(0, &["nothing to do"]);

    let meadow = raised();
    meadow.approve();
    meadow.gp.mark_batch_to_post("PAY2013-11");
    assert_ne!(meadow.ran(&["send", "--pipeline", "payroll-journal"]).code, 0);
    let lines = JOURNAL.map(|(account, debit, credit)| (account.into(), debit.into(), credit.into()));
    assert_eq!(booked(&meadow.gp.journals()[0]), lines);
}

#[test]
fn a_site_that_cannot_is_found_by_lint_and_before_anything_is_planned() {
    let meadow = Meadow::open();
    meadow.edit("pipelines/payroll-journal.yaml", "send:", "corrections: { unposted: replace }\nsend:");
    meadow.ran(&["lint"]).assert(1, &["error[cannot-replace]", "add `replace` under its `journals`"]);
    meadow.ran(&PLAN).assert(78, &["how GP is asked to write an unposted journal anew"]);
}
