//! What `observe --save` records from live systems plans to the same bytes offline.

use super::workbench::{Workbench, assert_fits_schema};
use crate::meadow::{Meadow, program, ran};
use jiff::civil::Date;
use ml_connector::run::facts_folder;
use ml_connector::sandbox::adventure_works;
use std::path::Path;

#[test]
fn a_recorded_folder_plans_the_same_as_the_live_systems() {
    let meadow = Meadow::open();
    let folder = meadow.project().join("recorded");
    let recorded = folder.to_str().unwrap();
    let observed = meadow.ran(&["observe", "--for", "2013-11", "--save", recorded]);
    observed.assert(0, &["4 people", "plan --pipeline payroll-journal --for 2013-11 --facts"]);
    for pipeline in ["payroll-journal", "people-to-vendors"] {
        let choice = ["plan", "--pipeline", pipeline, "--for", "2013-11"];
        let live = meadow.json(&choice);
        let offline = meadow.json(&[&choice, &["--facts", recorded][..]].concat());
        assert_eq!(live, offline, "{pipeline}");
        assert_eq!(live["status"], "ready");
        assert_fits_schema(&live);
    }
}

#[test]
fn a_recorded_folder_remembers_what_was_sent() {
    let meadow = Meadow::open();
    meadow.approve();
    assert_eq!(meadow.run().code, 0);
    meadow.raise("2013-11-01", "84000.00 USD");
    let folder = meadow.project().join("recorded");
    let recorded = folder.to_str().unwrap();
    assert_eq!(meadow.ran(&["observe", "--for", "2013-11", "--save", recorded]).code, 0);
    let choice = ["plan", "--pipeline", "payroll-journal", "--for", "2013-11"];
    let offline = meadow.json(&[&choice, &["--facts", recorded][..]].concat());
    assert_eq!(offline["documents"][0]["role"], "difference");
    assert_eq!(meadow.json(&choice)["plan_hash"], offline["plan_hash"]);
}

#[test]
fn the_example_plans_one_balanced_journal_for_290_people() {
    let bench = Workbench::of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/adventure-works"));
    let facts = adventure_works::facts(Date::constant(2013, 12, 2)).unwrap();
    facts_folder::save(&facts, &bench.facts()).unwrap();
    let plan = bench.journal(0);
    assert_eq!((plan["status"].as_str(), plan["totals"]["headcount"].as_i64()), (Some("ready"), Some(290)));
    let totals = &plan["totals"]["currencies"]["USD"];
    assert_eq!(totals["debit"], totals["credit"]);
    assert_eq!(plan["documents"].as_array().unwrap().len(), 1);
    // Employee 234 moves in the month: both departments carry a part.
    let lineage = plan["documents"][0]["lines"].as_array().unwrap().iter();
    let parts: Vec<&str> = lineage
        .filter(|line| line["account"].as_str().unwrap().starts_with("000-5100"))
        .flat_map(|line| line["lineage"].as_array().unwrap())
        .filter_map(|id| id.as_str().filter(|id| id.starts_with("234/regular")))
        .collect();
    assert_eq!(parts.len(), 2, "{parts:?}");
    let before_hire = plan["warnings"].as_array().unwrap().iter().filter(|w| w["code"] == "row-before-hire");
    let people: std::collections::BTreeSet<&str> = before_hire.filter_map(|w| w["subject"].as_str()).collect();
    assert_eq!(people.len(), 2, "two people have pay rows dated before their hire");
}

#[test]
fn the_starter_pack_lints_tests_and_plans() {
    let folder = tempfile::tempdir().unwrap();
    let project = folder.path().join("acme");
    let in_project = |arguments: &[&str]| {
        let mut command = program(arguments);
        command.current_dir(folder.path());
        ran(command)
    };
    in_project(&["init", "acme"]).assert(0, &[]);
    assert!(project.join("project.yaml").is_file());
    in_project(&["lint", "-C", "acme"]).assert(0, &["loads"]);
    in_project(&["test", "-C", "acme"]).assert(0, &[]);
    in_project(&["init", "acme"]).assert(78, &["not empty"]);
}
