//! `run --watch`: an edited table is picked up, a broken edit is refused whole.

use crate::meadow::Meadow;
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
