//! An accrual from its plan to GP's reversal, and after a lost store.

use crate::meadow::{Meadow, booked};
use jiff::civil::date;
use std::fs;

const PLAN: [&str; 4] = ["plan", "--pipeline", "accrual", "--for"];

/// A fortnight from 25 November on, its accrual beside the payroll of the month.
fn paid_by_the_fortnight() -> Meadow {
    let meadow = Meadow::open();
    meadow.edit(
        "project.yaml",
        "connections:\n",
        "calendar:\n  schedules:\n    fortnights: { every: 14 days, from: 2013-11-25 }\nconnections:\n",
    );
    let file = meadow.project().join("pipelines/payroll-journal.yaml");
    let text = fs::read_to_string(&file).unwrap();
    let accrual = text
        .replace("pipeline: payroll-journal", "pipeline: accrual")
        .replace("  for: previous month\n", "  periods: fortnights\n")
        .replace("period: monthly", "period: biweekly")
        .replace("batch: \"PAY{{ period.code }}\"", "batch: \"ACC{{ accrual.date }}\"")
        .replace("    date: \"{{ period.last_day }}\"\n", "")
        .replace("make:\n", "make:\n  accrue: { at: month end, reverse: next day }\n");
    fs::write(meadow.project().join("pipelines/accrual.yaml"), accrual).unwrap();
    meadow
}

#[test]
fn an_accrual_is_sent_as_a_reversing_journal_and_gps_own_reversal_is_never_taken_for_ours() {
    let meadow = paid_by_the_fortnight();
    // Nobody names the period: the one that the newest month end lies in.
    let planned = meadow.ran(&PLAN[..3]);
    planned.assert(0, &["accrual for 2013-P25", "2013-11-30, reversed 2013-12-01"]);
    meadow.ran(&["approve", "--pipeline", "accrual", "--for", "2013-P25"]).assert(0, &[]);
    let run = ["run", "--pipeline", "accrual", "--for", "2013-P25"];
    meadow.ran(&run).assert(0, &[]);

    let journals = meadow.gp.journals();
    assert_eq!((journals.len(), journals[0].date), (1, date(2013, 11, 30)));
    assert_eq!(journals[0].reverses_on, Some(date(2013, 12, 1)));
    let sent = booked(&journals[0]);
    // 72,000 / 26 × 5 / 10 = 1,384.615 and 61,234.56 / 26 × 5 / 10 = 1,177.588: 1,384.62 + 1,177.59 in the orchard.
    assert_eq!(sent[0], ("000-5100-0100".to_owned(), "2562.21".to_owned(), "0".to_owned()));

    // A person moves the reversal in GP: what we know of it is no longer what it is.
    let again = [&PLAN[..], &["2013-P25"]].concat();
    for reversal in [Some(date(2013, 12, 8)), None] {
        meadow.gp.company().edit_journal(journals[0].number, |journal| journal.reverses_on = reversal);
        meadow.ran(&again).assert(0, &["sent-journal-edited"]);
    }
    meadow.gp.company().edit_journal(journals[0].number, |journal| journal.reverses_on = Some(date(2013, 12, 1)));
    assert_eq!(meadow.gp.post_batch("ACC2013-11-30"), [journals[0].number]);
    let in_gp = meadow.gp.journals();
    assert_eq!((in_gp.len(), in_gp[1].date), (2, date(2013, 12, 1)), "GP reversed it itself");
    meadow.ran(&again).assert(0, &["nothing to do"]);

    // After a lost store ours is found again, and the reversal is not.
    fs::remove_dir_all(meadow.project().join(".ml-connector")).unwrap();
    meadow.ran(&again).assert(0, &["nothing to do"]);
    meadow.ran(&["reconcile", "--pipeline", "accrual", "--for", "2013-P25"]).assert(0, &[]);
    let shadow = ["shadow", "--pipeline", "accrual", "--for", "2013-P25", "--with", "gp"];
    meadow.ran(&shadow).assert(0, &["equal"]);
    assert_eq!(meadow.posts(), 1);
}

#[test]
fn a_site_that_cannot_reverse_is_found_by_lint_and_before_anything_is_planned() {
    let meadow = paid_by_the_fortnight();
    meadow.dialect(
        "  reversing: { date: ReversingDate, mark: { field: TransactionType, word: \"1\", written_as: number } }\n",
        "",
    );
    meadow
        .ran(&["lint"])
        .assert(1, &["error[cannot-reverse]", "pipelines/accrual.yaml", "add `reversing` under its `journals`"]);
    meadow.ran(&PLAN[..3]).assert(78, &["does not say how GP is asked to reverse a journal"]);
    assert_eq!(meadow.posts(), 0);
}
