//! kill -9 at any moment, a lost store, two runs at once: afterwards `run` gives exactly one journal in GP.

use crate::meadow::{JOURNAL, Meadow, POST_JOURNAL, RUN, booked, patience};
use ml_connector::sandbox::faults::{Fault, Faults};
use std::fs;

/// One request of a run: whose, and the how many-th of its kind.
struct Moment {
    is_gp: bool,
    request: String,
    nth: u32,
}

/// The requests that a run makes that sends November, in the order they come (each system's own).
fn moments(meadow: &Meadow) -> Vec<Moment> {
    let before = |faults: &Faults| faults.requests().len();
    let (people, books) = (before(meadow.bamboohr.faults()), before(meadow.gp.faults()));
    assert_eq!(meadow.run().code, 0);
    let mut moments = Vec::new();
    for (is_gp, faults, from) in [(false, meadow.bamboohr.faults(), people), (true, meadow.gp.faults(), books)] {
        let requests = faults.requests().split_off(from);
        for (at, request) in requests.iter().enumerate() {
            let nth = requests[..at].iter().filter(|before| *before == request).count() as u32;
            moments.push(Moment { is_gp, request: request.clone(), nth });
        }
    }
    moments
}

fn faults<'m>(meadow: &'m Meadow, moment: &Moment) -> &'m Faults {
    if moment.is_gp { meadow.gp.faults() } else { meadow.bamboohr.faults() }
}

/// Kills a run when `moment` comes, with `fault` in its way.
fn killed(meadow: &Meadow, moment: &Moment, fault: Option<Fault>) {
    let faults = faults(meadow, moment);
    if let Some(fault) = fault {
        let same_before = moment.nth;
        if same_before > 0 {
            faults.times(same_before, &moment.request, Fault::Delay(std::time::Duration::ZERO));
        }
        faults.next(&moment.request, fault);
    }
    let run = meadow.started(&RUN);
    assert!(faults.wait_for(moment.nth as usize + 1, &moment.request, patience()), "{}", moment.request);
    run.kill();
    faults.clear();
}

/// A company whose November is approved, to start many crashes from.
fn approved() -> Meadow {
    let meadow = Meadow::open();
    meadow.approve();
    meadow
}

#[test]
fn killed_before_any_answer_then_run_again_sends_once() {
    let template = approved();
    let snapshot = Meadow::again_from(template.project());
    let moments = moments(&snapshot);
    assert!(moments.iter().any(|moment| moment.request.starts_with(POST_JOURNAL)));
    std::thread::scope(|scope| {
        let (odd, even): (Vec<_>, Vec<_>) = moments.iter().enumerate().partition(|(at, _)| at % 2 == 0);
        for half in [odd, even] {
            scope.spawn(|| {
                for (_, moment) in half {
                    let meadow = Meadow::again_from(template.project());
                    killed(&meadow, moment, Some(Fault::Silence));
                    meadow.run().assert(0, &["sent", "original journal of 2013-11"]);
                    meadow.assert_sent_once(&format!("killed at {} ({})", moment.request, moment.nth));
                }
            });
        }
    });
}

#[test]
fn killed_after_gp_took_the_journal_then_run_again_finds_it() {
    let meadow = approved();
    meadow.gp.faults().next(POST_JOURNAL, Fault::SilenceAfter);
    let run = meadow.started(&RUN);
    assert!(meadow.gp.faults().wait_for(1, POST_JOURNAL, patience()));
    while meadow.gp.journals().is_empty() {
        std::thread::yield_now();
    }
    run.kill();
    assert_eq!(meadow.documents(), ["sending original 2013-11"]);
    meadow.run().assert(0, &["nothing to do"]);
    assert_eq!(meadow.posts(), 1);
    meadow.assert_sent_once("killed after the commit");
    meadow.run().assert(0, &["nothing to do"]);
    assert_eq!(meadow.posts(), 1);
}

#[test]
fn killed_at_whatever_moment_comes_after_a_request_then_run_again_sends_once() {
    // No fault stands in the way: the kill races with the answer, and either way there is one journal.
    let template = approved();
    let post = Moment { is_gp: true, request: POST_JOURNAL.to_owned(), nth: 0 };
    for _ in 0..3 {
        let meadow = Meadow::again_from(template.project());
        killed(&meadow, &post, None);
        assert_eq!(meadow.run().code, 0);
        meadow.assert_sent_once("killed in a race");
    }
}

#[test]
fn a_lost_store_is_rebuilt_from_gp_and_nothing_is_sent_twice() {
    let meadow = approved();
    assert_eq!(meadow.run().code, 0);
    lose_store(&meadow);
    meadow.run().assert(0, &["nothing to do"]);
    assert_eq!((meadow.posts(), meadow.gp.journals().len()), (1, 1));
}

#[test]
fn a_lost_store_and_a_changed_row_send_only_the_difference() {
    let meadow = approved();
    assert_eq!(meadow.run().code, 0);
    lose_store(&meadow);
    // 72,000.00 → 84,000.00 a year: 1,000.00 a month more, and 76.50 of tax.
    meadow.raise("2013-11-01", "84000.00 USD");
    meadow.approve();
    meadow.run().assert(0, &["difference journal of 2013-11"]);
    let journals = meadow.gp.journals();
    assert_eq!(journals.len(), 2);
    assert_eq!(booked(&journals[0]), JOURNAL.map(|(a, d, c)| (a.into(), d.into(), c.into())));
    let difference = [
        ("000-5100-0100", "1000.00", "0"),
        ("000-5150-0100", "76.50", "0"),
        ("000-2100-0000", "0", "1000.00"),
        ("000-2110-0000", "0", "76.50"),
    ];
    assert_eq!(booked(&journals[1]), difference.map(|(a, d, c)| (a.into(), d.into(), c.into())));
    assert_ne!(journals[0].number, journals[1].number);
    meadow.run().assert(0, &["nothing to do"]);
}

/// Deletes the store of a company.
fn lose_store(meadow: &Meadow) {
    fs::remove_dir_all(meadow.project().join(".ml-connector")).unwrap();
}

/// November is in GP, and so is the difference of a raise.
fn sent_with_a_difference() -> Meadow {
    let meadow = approved();
    assert_eq!(meadow.run().code, 0);
    meadow.raise("2013-11-01", "84000.00 USD");
    meadow.approve();
    assert_eq!(meadow.run().code, 0);
    assert_eq!(meadow.gp.journals().len(), 2);
    meadow
}

#[test]
fn a_lost_store_finds_the_difference_as_well_as_the_journal() {
    let meadow = sent_with_a_difference();
    lose_store(&meadow);
    meadow.run().assert(0, &["nothing to do"]);
    // The next difference is the third document, under a number that nobody has.
    meadow.raise("2013-11-01", "96000.00 USD");
    meadow.approve();
    meadow.run().assert(0, &["difference journal of 2013-11"]);
    let numbers: Vec<u32> = meadow.gp.journals().iter().map(|journal| journal.number).collect();
    assert_eq!(numbers, [80_000_001, 80_000_002, 80_000_003]);
}

#[test]
fn a_lost_store_finds_every_difference_of_a_month_with_many() {
    let meadow = approved();
    assert_eq!(meadow.run().code, 0);
    for thousands in 73..=87 {
        meadow.raise("2013-11-01", &format!("{thousands}000.00 USD"));
        meadow.approve();
        meadow.run().assert(0, &["difference journal of 2013-11"]);
    }
    lose_store(&meadow);
    meadow.run().assert(0, &["nothing to do"]);
    assert_eq!(meadow.gp.journals().len(), 16);
}

#[test]
fn a_lost_store_finds_journals_that_were_posted() {
    let meadow = sent_with_a_difference();
    assert_eq!(meadow.gp.post_batch("PAY2013-11").len(), 2);
    lose_store(&meadow);
    meadow.run().assert(0, &["nothing to do"]);
    assert_eq!(meadow.gp.journals().len(), 2);
}

#[test]
fn a_lost_store_finds_an_adjusting_journal() {
    let meadow = approved();
    assert_eq!(meadow.run().code, 0);
    meadow.gp.close_period(crate::meadow::NOVEMBER_30, "Financial");
    meadow.raise("2013-11-01", "84000.00 USD");
    meadow.approve();
    meadow.run().assert(0, &["adjusting journal"]);
    lose_store(&meadow);
    meadow.run().assert(0, &["nothing to do"]);
    assert_eq!(meadow.gp.journals().len(), 2);
}

#[test]
fn killed_while_vendors_are_sent_then_run_again_makes_each_once() {
    let run = ["run", "--pipeline", "people-to-vendors"];
    for (nth, fault) in [(0, Fault::Silence), (0, Fault::SilenceAfter), (1, Fault::SilenceAfter)] {
        let meadow = Meadow::open();
        let write = "POST /GPService";
        for _ in 0..nth {
            meadow.gp.faults().next(write, Fault::Delay(std::time::Duration::ZERO));
        }
        meadow.gp.faults().next(write, fault.clone());
        let child = meadow.started(&run);
        assert!(meadow.gp.faults().wait_for(nth + 1, write, patience()));
        child.kill();
        meadow.gp.faults().clear();
        assert_eq!(meadow.ran(&run).code, 0, "{fault:?}");
        meadow.ran(&run).assert(0, &["nothing to do"]);
    }
}

#[test]
fn of_two_runs_at_once_the_second_ends_with_8() {
    let meadow = approved();
    let before = meadow.bamboohr.faults().count("/api");
    meadow.bamboohr.faults().next("/api", Fault::Silence);
    let first = meadow.started(&RUN);
    assert!(meadow.bamboohr.faults().wait_for(before + 1, "/api", patience()));
    meadow.run().assert(8, &["another run of this project is going on", "hint: wait for it to end"]);
    // The lock dies with its process: nothing is left to clean up.
    first.kill();
    meadow.bamboohr.faults().clear();
    assert_eq!(meadow.run().code, 0);
    meadow.assert_sent_once("two runs at once");
}
