//! `run --watch`: an edited table is picked up, a broken edit is refused whole.

use crate::meadow::{Meadow, patience};
use ml_connector::sandbox::faults::Fault;
use std::fs;

#[test]
fn an_edited_table_is_planned_and_a_broken_one_is_refused_whole() {
    let meadow = Meadow::open();
    let mut watch = meadow.started(&["run", "--pipeline", "payroll-journal", "--for", "2013-11", "--watch"]);
    watch.wait_for("000-5100-0200");
    watch.wait_for("awaits approval");

    // Mill is booked to Orchard's cost centre from now on: 11,102.88 + 4,997.01.
    meadow.edit("tables/cost-centres.csv", "Mill,Oregon,0200", "Mill,Oregon,0100");
    watch.wait_for("reloaded: generation");
    watch.wait_for("16,099.89");
    watch.wait_for("awaits approval");

    meadow.edit("pipelines/payroll-journal.yaml", "one_per: period", "one_per: period\n    colour: green");
    watch.wait_for("colour");
    let refused = watch.wait_for("edit refused: generation");
    assert!(refused.contains("goes on"), "{refused}");

    // Emptied folders are broken, never "no pipelines".
    fs::remove_file(meadow.project().join("pipelines/payroll-journal.yaml")).unwrap();
    fs::remove_file(meadow.project().join("pipelines/people-to-vendors.yaml")).unwrap();
    watch.wait_for("edit refused: generation");
    let plans = meadow.gp.journals();
    assert_eq!(plans, [], "nothing was sent: nobody approved");
}

/// `status` of a project that is watched, while an edit is refused and after the watch was killed.
#[test]
fn status_shows_the_generation_in_force_and_why_a_newer_one_is_refused() {
    let meadow = Meadow::open();
    let mut watch = meadow.started(&["run", "--pipeline", "payroll-journal", "--for", "2013-11", "--watch"]);
    watch.wait_for("awaits approval");
    let status = meadow.json(&["status"]);
    let state = &status["watches"][0];
    assert_eq!((&state["generation"], &state["refused"]), (&status["generation"], &serde_json::Value::Null));
    assert_eq!((state["pipeline"].as_str(), state["environment"].as_str()), (Some("payroll-journal"), Some("sandbox")));
    let in_force = format!("generation {} in force since 2013-12-02", &state["generation"].as_str().unwrap()[..12]);
    meadow.ran(&["status"]).assert(0, &["watch of payroll-journal with sandbox", &in_force]);

    meadow.edit("pipelines/payroll-journal.yaml", "one_per: period", "one_per: period\n    colour: green\n    size: 3");
    watch.wait_for("edit refused: generation");
    // The project does not load, and what runs is shown all the same.
    let shown = meadow.ran(&["status"]);
    shown.assert(
        78,
        &[&in_force, "edit refused since 2013-12-02", "pipelines/payroll-journal.yaml:", "error[unknown-key]"],
    );
    shown.assert(78, &["and 1 more error", "the project does not load", "payroll-journal 2013-11"]);
    let state = &meadow.json(&["status"])["watches"][0];
    assert_eq!(
        (state["refused"]["errors"].as_u64(), state["refused"]["code"].as_str()),
        (Some(2), Some("unknown-key"))
    );

    meadow.edit("pipelines/payroll-journal.yaml", "one_per: period\n    colour: green\n    size: 3", "one_per: period");
    watch.wait_for("taken back: generation");
    let state = &meadow.json(&["status"])["watches"][0];
    assert!(state["refused"].is_null(), "{state}");

    // A killed watch leaves its file behind; nobody takes it for a running one.
    watch.kill();
    assert!(meadow.project().join(".ml-connector/watch-1.json").exists());
    assert_eq!(meadow.json(&["status"])["watches"], serde_json::json!([]));
}

const WATCH: [&str; 6] = ["run", "--pipeline", "payroll-journal", "--for", "2013-11", "--watch"];

#[test]
#[cfg(unix)]
fn a_watch_that_is_asked_to_stop_ends_its_run_first() {
    let meadow = Meadow::open();
    let mut idle = meadow.started(&WATCH);
    idle.wait_for("awaits approval");
    idle.terminate();
    assert_eq!(idle.ended(), 4, "it ends with what its last run ended with");

    // A run that waits for BambooHR goes on when it is there again, and is the last one.
    meadow.bamboohr.faults().always("GET /api", Fault::retry_after(503, "1"));
    let mut running = meadow.started(&WATCH);
    let before = meadow.bamboohr.faults().count("GET /api");
    assert!(meadow.bamboohr.faults().wait_for(before + 1, "GET /api", patience()));
    running.terminate();
    running.wait_for("stopping when this run has ended");
    meadow.bamboohr.faults().clear();
    running.wait_for("awaits approval");
    assert_eq!(running.ended(), 4);
}

#[test]
#[cfg(unix)]
fn asked_twice_a_watch_stops_at_once_and_the_next_run_goes_on() {
    let meadow = Meadow::open();
    meadow.approve();
    meadow.gp.faults().next(crate::meadow::POST_JOURNAL, Fault::SilenceAfter);
    let mut running = meadow.started(&WATCH);
    assert!(meadow.gp.faults().wait_for(1, crate::meadow::POST_JOURNAL, patience()));
    running.terminate();
    running.wait_for("asked once more, it stops at once");
    running.terminate();
    assert_eq!(running.ended(), 7);
    meadow.run().assert(0, &[]);
    meadow.assert_sent_once("stopped in the middle of a send");
}
