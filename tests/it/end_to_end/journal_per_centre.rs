//! A journal for each cost centre, with accounts that do not name it: only the journal says whose cost it is.

use crate::meadow::{Meadow, NOVEMBER_30, booked};
use ml_connector::sandbox::bamboohr::Columns;
use ml_connector::sandbox::bamboohr::account::Table;
use serde_json::Value;
use std::fs;

/// Orchard is 0100, the mill 0200; everybody's wages go to the same accounts.
fn per_centre() -> Meadow {
    let meadow = Meadow::open();
    let pipeline = "pipelines/payroll-journal.yaml";
    meadow.edit(pipeline, "one_per: period", "one_per: cost_centre");
    meadow.edit(pipeline, "Payroll {{ period.name }}", "{{ period.name }} CC {{ cost_centre }}");
    meadow.edit(pipeline, "batch: \"PAY{{ period.code }}\"", "batch: \"P{{ period.code }}C{{ cost_centre }}\"");
    meadow.edit(pipeline, "for_each: cost_centre, account: \"000-5100-{{ cost_centre }}\"", "account: 000-5100-0100");
    meadow.edit(pipeline, "for_each: cost_centre, account: \"000-5150-{{ cost_centre }}\"", "account: 000-5150-0100");
    meadow.approve();
    meadow.run().assert(0, &["GP journal 80000001, unposted", "GP journal 80000002, unposted"]);
    meadow
}

/// Somebody moved to the mill on the first of November, and it is entered late.
fn moves_to_the_mill(meadow: &Meadow, person: &str) {
    let row = [("date", "2013-11-01"), ("department", "Mill"), ("location", "Oregon"), ("division", "West")];
    meadow.bamboohr.account().add_row(person, Table::Job, &Columns::of(&row)).unwrap();
}

fn text(document: &Value, name: &str) -> String {
    document[name].as_str().unwrap_or_default().to_owned()
}

/// Each document as `role batch reference`, without the identity that ends the reference.
fn planned(meadow: &Meadow) -> (Vec<String>, Value) {
    let plan = meadow.json(&["plan", "--pipeline", "payroll-journal", "--for", "2013-11"]);
    let documents = plan["documents"].as_array().unwrap().clone();
    let said = documents.iter().map(|document| {
        let reference = text(document, "reference");
        format!("{} {} {}", text(document, "role"), text(document, "batch"), &reference[..reference.len() - 9])
    });
    (said.collect(), plan)
}

/// Ben's 5,102.88 and his tax of 390.37 leave 0100 for 0200; debits first.
const OUT: [(&str, &str, &str); 4] = [
    ("000-2100-0000", "5102.88", "0"),
    ("000-2110-0000", "390.37", "0"),
    ("000-5100-0100", "0", "5102.88"),
    ("000-5150-0100", "0", "390.37"),
];
const IN: [(&str, &str, &str); 4] = [
    ("000-5100-0100", "5102.88", "0"),
    ("000-5150-0100", "390.37", "0"),
    ("000-2100-0000", "0", "5102.88"),
    ("000-2110-0000", "0", "390.37"),
];

#[test]
fn a_move_in_a_closed_month_is_booked_in_the_journals_of_both_centres() {
    let meadow = per_centre();
    meadow.gp.close_period(NOVEMBER_30, "Financial");
    moves_to_the_mill(&meadow, "2");
    let (documents, plan) = planned(&meadow);
    assert_eq!(documents, ["adjusting P2013-12C0100 Dec 2013 CC 0100", "adjusting P2013-12C0200 Dec 2013 CC 0200"]);
    // Each names the journal of its own centre, once.
    let corrects: Vec<&Value> =
        plan["documents"].as_array().unwrap().iter().map(|document| &document["corrects"]).collect();
    assert_eq!(corrects[0], &serde_json::json!(["journal 80000001 of 2013-11 (unposted in GP)"]));
    assert_eq!(corrects[1], &serde_json::json!(["journal 80000002 of 2013-11 (unposted in GP)"]));
    meadow.approve();
    meadow.run().assert(0, &["GP journal 80000003", "GP journal 80000004"]);
    let journals = meadow.gp.journals();
    assert_eq!(booked(&journals[2]), OUT.map(|(a, d, c)| (a.into(), d.into(), c.into())));
    assert_eq!(booked(&journals[3]), IN.map(|(a, d, c)| (a.into(), d.into(), c.into())));
    meadow.run().assert(0, &["nothing to do"]);
    // A lost store finds all four again, each with its centre.
    fs::remove_dir_all(meadow.project().join(".ml-connector")).unwrap();
    meadow.run().assert(0, &["nothing to do"]);
    assert_eq!(meadow.gp.journals().len(), 4);
}

#[test]
fn a_centre_that_loses_all_its_people_is_corrected_under_its_own_name() {
    let meadow = per_centre();
    moves_to_the_mill(&meadow, "1");
    moves_to_the_mill(&meadow, "2");
    let (documents, plan) = planned(&meadow);
    assert_eq!(documents, ["difference P2013-11C0100 Nov 2013 CC 0100", "difference P2013-11C0200 Nov 2013 CC 0200"]);
    let described: Vec<String> =
        plan["documents"][0]["lines"].as_array().unwrap().iter().map(|line| text(line, "description")).collect();
    assert_eq!(described, ["wages payable", "tax payable", "wages", "employer tax"]);
    meadow.approve();
    meadow.run().assert(0, &["GP journal 80000003", "GP journal 80000004"]);
    meadow.run().assert(0, &["nothing to do"]);
    fs::remove_dir_all(meadow.project().join(".ml-connector")).unwrap();
    meadow.run().assert(0, &["nothing to do"]);
    assert_eq!(meadow.gp.journals().len(), 4);
}

#[test]
fn a_journal_that_somebody_deleted_is_planned_again_by_itself() {
    let meadow = per_centre();
    assert!(meadow.gp.delete_journal(80_000_001));
    meadow.run().assert(4, &["[sent-journal-deleted]", "journal 80000001 was sent", "awaits approval"]);
    let (documents, _) = planned(&meadow);
    assert_eq!(documents, ["original P2013-11C0100 Nov 2013 CC 0100"]);
    meadow.approve();
    meadow.run().assert(0, &["GP journal 80000003"]);
    meadow.run().assert(0, &["nothing to do"]);
    assert_eq!(meadow.gp.journals().len(), 2);
}

#[test]
fn a_centre_that_nobody_is_left_in_is_corrected_after_the_month_is_closed() {
    let meadow = per_centre();
    meadow.gp.close_period(NOVEMBER_30, "Financial");
    moves_to_the_mill(&meadow, "1");
    moves_to_the_mill(&meadow, "2");
    let (documents, _) = planned(&meadow);
    assert_eq!(documents, ["adjusting P2013-12C0100 Dec 2013 CC 0100", "adjusting P2013-12C0200 Dec 2013 CC 0200"]);
    meadow.approve();
    meadow.run().assert(0, &["GP journal 80000003", "GP journal 80000004"]);
    meadow.run().assert(0, &["nothing to do"]);
}
