//! `serve`: pipelines at their times, changes of pay in the months that were sent, approvals that leave by themselves.

use crate::meadow::{Meadow, NOVEMBER_30, POST_JOURNAL, Ran, booked, patience};
use ml_connector::sandbox::faults::Fault;
use std::fs;
use std::time::Duration;

const CHANGES: &str = "format: 1\n\
                       pipeline: compensation-changes\n\
                       about: Raises that come late, in the months that were sent.\n\
                       every: { change_in: bamboohr }\n\
                       corrects: payroll-journal\n";

/// The company with a journal on the second business day of the month, and a pipeline that waits for changes.
fn meadow() -> Meadow {
    let meadow = Meadow::open();
    meadow.edit(
        "pipelines/payroll-journal.yaml",
        "from:\n  bamboohr: payroll-cost",
        "every: { month_on: 2nd business day, at: \"07:00\" }\nfrom:\n  bamboohr: payroll-cost",
    );
    fs::write(meadow.project().join("pipelines/compensation-changes.yaml"), CHANGES).unwrap();
    meadow
}

/// What a service does on a day that begins at noon, UTC: 04:00 in the project.
fn serve(meadow: &Meadow, day: &str) -> Ran {
    meadow.clock.set(format!("{day}T12:00:00Z").parse().unwrap());
    meadow.ran_with(&["serve", "--once"], &[("ML_CONNECTOR_TODAY", day)])
}

#[test]
fn a_raise_in_a_month_that_was_sent_is_planned_by_itself_and_leaves_when_somebody_approves() {
    let meadow = meadow();
    meadow.approve();
    // What was approved is sent; the first look at BambooHR finds nothing to correct.
    serve(&meadow, "2013-12-02")
        .assert(0, &["approved payroll-journal · done: 1 sent", "compensation-changes 2013-11 · done: nothing to do"]);
    let quiet = serve(&meadow, "2013-12-02");
    assert!(!quiet.out.contains("run  "), "nobody changed, and nothing is due: {}", quiet.out);

    meadow.raise("2013-11-01", "84000.00 USD");
    let told = serve(&meadow, "2013-12-02");
    told.assert(
        4,
        &[
            "changed  1 in BambooHR",
            "compensation-changes 2013-11 · 1 person changed in BambooHR",
            "document to approve: ml-connector approve",
        ],
    );
    assert_eq!(meadow.gp.journals().len(), 1, "a correction waits for a person");
    assert!(!told.all().contains("1000.00") && !told.all().contains("1,000.00"), "no amount is logged: {}", told.all());

    meadow.ran(&["approve", "--pipeline", "compensation-changes", "--by", "controller"]).assert(0, &[]);
    serve(&meadow, "2013-12-02").assert(0, &["approved payroll-journal · done: 1 sent"]);
    // 84,000.00 / 12 = 7,000.00 instead of 6,000.00; of 535.50 employer tax 459.00 are booked.
    let difference = &meadow.gp.journals()[1];
    let line = |account: &str, debit: &str, credit: &str| (account.to_owned(), debit.to_owned(), credit.to_owned());
    assert_eq!(
        booked(difference),
        [
            line("000-5100-0100", "1000.00", "0"),
            line("000-5150-0100", "76.50", "0"),
            line("000-2100-0000", "0", "1000.00"),
            line("000-2110-0000", "0", "76.50"),
        ]
    );
    serve(&meadow, "2013-12-02").assert(0, &["idle"]);
    assert_eq!(meadow.gp.journals().len(), 2);
}

#[test]
fn a_change_before_the_journal_was_sent_is_part_of_it() {
    let meadow = meadow();
    // Nobody planned November yet: there is nothing that a change could be in.
    meadow.raise("2013-11-01", "78000.00 USD");
    serve(&meadow, "2013-12-02").assert(0, &["compensation-changes 2013-11 · done: nothing to do"]);
    assert_eq!(meadow.documents(), Vec::<String>::new());

    let planned = meadow.ran(&["plan", "--pipeline", "payroll-journal", "--for", "2013-11", "--format", "json"]);
    planned.assert(0, &["11602.88"]);
    meadow.clock.advance(Duration::from_secs(60));
    meadow.raise("2013-11-01", "84000.00 USD");
    // The plan that waits for an approval is of yesterday's pay: that one is made again, and no correction beside it.
    let told = serve(&meadow, "2013-12-02");
    told.assert(4, &["payroll-journal 2013-11 · 1 person changed in BambooHR", "document to approve"]);
    assert!(!told.out.contains("run      compensation-changes"), "{}", told.out);
    meadow.ran(&["approve", "--pipeline", "payroll-journal", "--for", "2013-11"]).assert(0, &[]);
    serve(&meadow, "2013-12-02").assert(0, &["approved payroll-journal · done: 1 sent"]);
    // Orchard: 84,000.00 / 12 = 7,000.00 and 5,102.88.
    assert_eq!(booked(&meadow.gp.journals()[0])[0].1, "12102.88");
}

#[test]
fn a_time_that_passed_while_nobody_served_is_made_up_for_once() {
    let meadow = meadow();
    // The first look begins the count: what was due before it is nobody's.
    let first = serve(&meadow, "2013-12-02");
    first.assert(0, &["next by the clock: payroll-journal at 2013-12-03 07:00"]);
    let missed = serve(&meadow, "2013-12-04");
    missed.assert(4, &["payroll-journal 2013-11 · missed time: 2013-12-03 07:00", "document to approve"]);
    let again = serve(&meadow, "2013-12-04");
    assert!(!again.out.contains("missed"), "{}", again.out);
    again.assert(0, &["next by the clock: payroll-journal at 2014-01-02 07:00"]);
}

#[test]
fn what_could_not_be_run_is_owed_and_a_refused_sign_in_is_not_tried_again() {
    let meadow = meadow();
    serve(&meadow, "2013-12-02").assert(0, &[]);
    meadow.gp.faults().always("GET /GPService", Fault::status(503));
    serve(&meadow, "2013-12-04").assert(5, &["payroll-journal 2013-11 · failed for now", "again at 2013-12-04 04:01"]);
    meadow.gp.faults().clear();
    // A day later nothing new is due, and what is owed is made.
    serve(&meadow, "2013-12-05").assert(4, &["ended    payroll-journal 2013-11 · waits for a person"]);

    meadow.clock.set("2014-01-06T12:00:00Z".parse().unwrap());
    let key = [("ML_CONNECTOR_TODAY", "2014-01-06"), ("BAMBOOHR_API_KEY", "canary-wrong-key")];
    let refused = meadow.ran_with(&["serve", "--once"], &key);
    refused.assert(9, &["payroll-journal 2013-12 · refused"]);
    let asked = meadow.bamboohr.faults().count("GET /api/v1/employees");
    let quiet = meadow.ran_with(&["serve", "--once"], &key);
    assert!(!quiet.out.contains("run      payroll-journal"), "{}", quiet.out);
    assert!(meadow.bamboohr.faults().count("GET /api/v1/employees") <= asked + 1);
    assert!(!refused.all().contains("canary"), "{}", refused.all());
    // It is owed still, and made once the key is right: at the latest a day later.
    serve(&meadow, "2014-01-08").assert(4, &["ended    payroll-journal 2013-12 · waits for a person"]);
}

/// Two months wait for a person; a change is in both, and a correction of a month that was sent is not lost behind them.
#[test]
fn every_plan_that_waits_is_made_again_by_a_change() {
    let meadow = meadow();
    meadow.approve();
    serve(&meadow, "2013-12-02").assert(0, &["approved payroll-journal · done: 1 sent"]);
    // Somebody looks at October, and leaves it: November's correction does not wait for that.
    meadow.ran(&["plan", "--pipeline", "payroll-journal", "--for", "2013-10"]).assert(4, &["held"]);
    meadow.clock.advance(Duration::from_secs(60));
    meadow.raise("2013-11-01", "84000.00 USD");
    let told = serve(&meadow, "2013-12-02");
    told.assert(
        4,
        &["due      payroll-journal 2013-10 · ", "ended    compensation-changes 2013-11 · waits for a person"],
    );
    meadow.ran(&["plan", "--pipeline", "payroll-journal", "--for", "2013-12"]);
    meadow.clock.advance(Duration::from_secs(60));
    meadow.raise("2013-11-01", "90000.00 USD");
    let told = serve(&meadow, "2013-12-02");
    told.assert(4, &["due      payroll-journal 2013-10 · ", "due      payroll-journal 2013-12 · "]);
}

#[test]
fn a_service_that_is_killed_in_the_middle_of_a_send_has_sent_once() {
    let meadow = meadow();
    meadow.approve();
    meadow.gp.faults().next(POST_JOURNAL, Fault::SilenceAfter);
    let service = meadow.started(&["serve"]);
    assert!(meadow.gp.faults().wait_for(1, POST_JOURNAL, patience()));
    service.kill();
    assert_eq!(meadow.documents(), ["sending original 2013-11"]);
    serve(&meadow, "2013-12-02").assert(0, &["approved payroll-journal · done"]);
    assert_eq!(meadow.documents(), ["sent original 2013-11 work"]);
    meadow.assert_sent_once("killed in the middle of a send");
}

#[test]
#[cfg(unix)]
fn a_service_that_is_asked_to_stop_ends_what_it_does_first() {
    let meadow = meadow();
    meadow.bamboohr.faults().always("GET /api", Fault::retry_after(503, "1"));
    let mut service = meadow.started(&["serve"]);
    assert!(meadow.bamboohr.faults().wait_for(1, "GET /api", patience()));
    service.terminate();
    service.wait_for("stopping when this run has ended");
    meadow.bamboohr.faults().clear();
    assert_eq!(service.ended(), 0);
}

/// What is mended in GP tells nobody: a held journal is planned again each hour, and not more often.
#[test]
fn a_held_journal_is_looked_at_again_after_an_hour() {
    let meadow = meadow();
    meadow.gp.close_period(NOVEMBER_30, "Financial");
    meadow.ran(&["run", "--pipeline", "payroll-journal", "--for", "2013-11"]).assert(4, &["period-closed"]);
    let quiet = serve(&meadow, "2013-12-02");
    assert!(!quiet.out.contains("looked at again"), "{}", quiet.out);
    let again = serve(&meadow, "2013-12-03");
    again.assert(4, &["held, and looked at again", "held by period-closed"]);
    assert_eq!(again.out.matches("ended    payroll-journal").count(), 1, "{}", again.out);
    let quiet = serve(&meadow, "2013-12-03");
    assert!(!quiet.out.contains("looked at again"), "the plan came out the same, and was just made: {}", quiet.out);
}

#[test]
#[cfg(unix)]
fn a_service_sends_what_somebody_approves_and_plans_again_what_an_edit_mends() {
    let meadow = meadow();
    meadow.edit("tables/cost-centres.csv", "Mill,Oregon,0200", "Mill,Idaho,0200");
    meadow.ran(&["run", "--pipeline", "payroll-journal", "--for", "2013-11"]).assert(4, &["held"]);
    let mut service = meadow.started(&["serve"]);
    service.wait_for("idle");
    meadow.ran(&["serve"]).assert(8, &["a service of this project is running"]);
    meadow.ran(&["status"]).assert(0, &["service with sandbox · generation", "held by look-up-missing"]);

    meadow.edit("tables/cost-centres.csv", "Mill,Idaho,0200", "Mill,Oregon,0200");
    service.wait_for("reloaded: generation");
    service.wait_for("the project was edited");
    service.wait_for("document to approve");
    meadow.ran(&["approve", "--pipeline", "payroll-journal", "--for", "2013-11"]).assert(0, &[]);
    service.wait_for("approved payroll-journal · done: 1 sent");
    meadow.assert_sent_once("approved while a service ran");
    service.terminate();
    assert_eq!(service.ended(), 0);
}
