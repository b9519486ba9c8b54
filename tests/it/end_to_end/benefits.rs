//! What the employer pays for benefit plans: read from BambooHR, and kept with the plan because BambooHR shows no history.

use crate::meadow::{Meadow, booked};
use jiff::civil::date;
use ml_connector::sandbox::faults::Fault;
use rust_decimal::Decimal;

const PLAN: [&str; 5] = ["plan", "--pipeline", "payroll-journal", "--for", "2013-12"];

/// Employee 1 is in the health plan since 2012, employee 2 since October: 260.00 and 130.00 twice a month.
fn insured() -> Meadow {
    let meadow = Meadow::open();
    let file = "pipelines/payroll-journal.yaml";
    let health = "    health: { benefits: [Health] }\n";
    meadow.edit(file, "of: gross }\n", &format!("of: gross }}\n{health}"));
    let lines = "      - { name: health, debit: health, for_each: cost_centre, account: \"000-5150-{{ cost_centre }}\" }\n      \
                 - { name: health payable, credit: health, account: 000-2110-0000 }\n";
    meadow.edit(file, "check:\n", &format!("{lines}check:\n"));
    enrol(&meadow, "1", date(2012, 1, 1), 260);
    enrol(&meadow, "2", date(2013, 10, 1), 130);
    meadow
}

fn enrol(meadow: &Meadow, person: &str, from: jiff::civil::Date, cost: i64) {
    meadow.bamboohr.account().enrol(person, "Health", from, Some((Decimal::from(cost), 24)));
}

fn taxes_and_health(meadow: &Meadow) -> String {
    let journals = meadow.gp.journals();
    let lines = booked(journals.last().unwrap());
    lines.iter().find(|(account, ..)| account == "000-5150-0100").unwrap().1.clone()
}

/// The sandbox stands at 2 December: December is going on, November is over.
#[test]
fn a_month_that_goes_on_is_read_again_and_what_was_sent_is_kept() {
    let meadow = insured();
    let november = ["plan", "--pipeline", "payroll-journal", "--for", "2013-11"];
    meadow.ran(&november).assert(0, &["benefits-read-late"]);
    meadow.approve();
    meadow.run().assert(0, &[]);
    // 459.00 + 390.37 of tax; 260.00 × 24 / 12 = 520.00 and 130.00 × 24 / 12 = 260.00.
    assert_eq!(taxes_and_health(&meadow), "1629.37");

    // Employee 1's plan is dearer from 2 December on, and BambooHR forgets what held before. November keeps it.
    enrol(&meadow, "1", date(2013, 12, 2), 300);
    meadow.ran(&november).assert(0, &["nothing to do"]);
    meadow.ran(&["replay", "--pipeline", "payroll-journal", "--for", "2013-11", "--as-it-was"]).assert(0, &[]);

    // December is going on: planned twice, it has what BambooHR shows now. 300.00 × 24 / 12 = 600.00.
    let december = meadow.json(&PLAN);
    let health = |plan: &serde_json::Value| {
        let lines = plan["documents"][0]["lines"].as_array().unwrap().clone();
        let line = lines.into_iter().find(|line| line["account"] == "000-5150-0100").unwrap();
        line["debit"].as_str().unwrap().to_owned()
    };
    assert_eq!(health(&december), "1709.37");
    enrol(&meadow, "2", date(2013, 12, 2), 200);
    assert_eq!(health(&meadow.json(&PLAN)), "1849.37");
}

#[test]
fn what_cannot_be_read_says_what_to_grant_or_write() {
    let meadow = insured();
    meadow.bamboohr.faults().next("/api/v1/benefit/employee_benefit", Fault::status(403));
    meadow.ran(&PLAN).assert(9, &["the enrolments in Health", "the right to view benefits"]);
    meadow.edit("pipelines/payroll-journal.yaml", "benefits: [Health]", "benefits: [Medical]");
    meadow.ran(&PLAN).assert(5, &["it has no plan `Medical`", "there is: Health"]);
}
