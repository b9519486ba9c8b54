//! The pure core on figures worked out by hand: no system is asked.
//!
//! A month's cost is a twelfth of the yearly rate and 7.65 % of it as employer tax, rounded a person:
//!
//! | | October | November |
//! |---|---|---|
//! | Ada, Orchard, 72,000 → 84,000 | 6,000.00 + 459.00 = 6,459.00 | 7,000.00 + 535.50 = 7,535.50 |
//! | Ben, Orchard → Mill on 1 November, 61,234.56 | 5,102.88 + 390.37 = 5,493.25 | 5,493.25 |
//! | Cleo, Mill, 21.375 an hour, 10 h → 22 h | 213.75 + 16.35 = 230.10 | 470.25 + 35.97 = 506.22 |
//! | Dan, Mill, left on 31 October, 54,321.12 | 4,526.76 + 346.30 = 4,873.06 | |
//! | Eve, Orchard, joined on 1 November, 24,000 | | 2,000.00 + 153.00 = 2,153.00 |
//! | Orchard | 11,952.25 | 9,688.50, −18.94 % |
//! | Mill | 5,103.16 | 5,999.47, +17.56 % |
//! | total | 17,055.41 | 15,687.97, −8.02 % |

use crate::meadow::{Meadow, cases};
use jiff::civil::{Date, date};
use ml_connector::hr::{CompensationRow, Employee, HoursRow, JobRow, PayType, Period};
use ml_connector::plan::facts::Facts;
use ml_connector::plan::make::{Request, make_plan};
use ml_connector::plan::reconcile::inputs::Inputs;
use ml_connector::plan::reconcile::pack::reconcile;
use ml_connector::plan::reconcile::view::{ItemState, Reconciliation};
use ml_connector::project::Generation;
use ml_connector::project::pipeline::Make;
use ml_connector::run::facts_folder;
use rust_decimal::Decimal;

fn pay(facts: &mut Facts, employee: u32, from: Date, yearly: i64) {
    let row = CompensationRow {
        employee,
        row_id: facts.texts.add(&format!("9{employee}")),
        date: from,
        pay_type: PayType::Salary,
        rate: Some(Decimal::from(yearly)),
        paid_per: facts.texts.add("Year"),
        currency: facts.texts.add("USD"),
        pay_schedule: facts.texts.add("Monthly"),
    };
    facts.compensation_rows.push(row);
}

fn job(facts: &mut Facts, employee: u32, from: Date, department: &str) {
    let row = JobRow {
        employee,
        row_id: facts.texts.add(&format!("9{employee}")),
        date: from,
        department: facts.texts.add(department),
        location: facts.texts.add("Oregon"),
        division: facts.texts.add("West"),
        job_title: facts.texts.add("Grower"),
    };
    facts.job_rows.push(row);
}

/// The company of the table above.
fn moved(october_hours: bool) -> Facts {
    let mut facts = facts_folder::load(&cases("meadow/facts")).unwrap();
    let november = date(2013, 11, 1);
    pay(&mut facts, 0, november, 84_000);
    job(&mut facts, 1, november, "Mill");
    facts.people[3].termination_date = Some(date(2013, 10, 31));
    let eve = Employee {
        id: facts.texts.add("5"),
        number: facts.texts.add("5"),
        first_name: facts.texts.add("Eve"),
        last_name: facts.texts.add("Umber"),
        hire_date: Some(november),
        ..facts.people[0].clone()
    };
    facts.people.push(Employee { termination_date: None, ..eve });
    pay(&mut facts, 4, november, 24_000);
    job(&mut facts, 4, november, "Orchard");
    if october_hours {
        let row = HoursRow {
            row_id: facts.texts.add("800"),
            date: date(2013, 10, 2),
            are_pieces: false,
            earning: ml_connector::hr::Text::EMPTY,
            hours: Decimal::from(10),
            ..facts.hours[0]
        };
        facts.hours.push(row);
    }
    facts.sort();
    facts
}

fn pack(facts: &Facts, hide_single: bool) -> Reconciliation {
    let meadow = Meadow::open();
    let generation = Generation::load(meadow.project(), Some("sandbox")).unwrap();
    let pipeline = generation.pipeline("payroll-journal").unwrap();
    let period = Period::month("2013-11").unwrap();
    let plan = make_plan(Request { generation: &generation, pipeline, period: &period }, facts);
    let Make::Journal(rule) = &pipeline.make else { panic!("a journal") };
    reconcile(&Inputs {
        plan_id: "0123456789abcdef",
        proven: true,
        plan: &plan,
        pipeline,
        rule,
        pay: pipeline.pay.as_ref().unwrap(),
        facts,
        documents: &[],
        gp_asked: false,
        audit_break: None,
        hide_single,
    })
}

#[test]
fn movements_are_told_in_words_largest_first() {
    let pack = pack(&moved(true), false);
    let stories: Vec<&str> = pack.overall.iter().chain(&pack.movements).map(|one| one.story.as_str()).collect();
    assert_eq!(
        stories,
        [
            "total −8 %: 1 left, 1 joined, 1 person with another rate, 1 person with other hours",
            "0100 Orchard −19 %: 1 person moved to 0200 Mill, 1 joined, 1 person with another rate",
            "0200 Mill +18 %: 1 person moved from 0100 Orchard, 1 left, 1 person with other hours",
        ]
    );
    let orchard = &pack.movements[0];
    let amounts = [orchard.before.as_deref(), orchard.now.as_deref(), orchard.change.as_deref()];
    assert_eq!(amounts, [Some("11952.25"), Some("9688.50"), Some("-2263.75")]);
    let ids: Vec<&[String]> = orchard.causes.iter().map(|cause| cause.people.as_slice()).collect();
    assert_eq!(ids, [["2"], ["5"], ["1"]]);
    assert_eq!(pack.total.employed, 4);
    assert_eq!(pack.total.money[0].amounts, ["14573.13", "1114.84"]);
}

/// Ben is in the mill from the 5th to the 17th and in Orchard again: the mill gains what Orchard lacks.
#[test]
fn somebody_who_was_elsewhere_for_a_while_moved_there_and_not_from_home_to_home() {
    let mut facts = facts_folder::load(&cases("meadow/facts")).unwrap();
    job(&mut facts, 1, date(2013, 11, 5), "Mill");
    job(&mut facts, 1, date(2013, 11, 18), "Orchard");
    facts.sort();
    let pack = pack(&facts, false);
    let causes: Vec<(&str, &str)> = pack
        .movements
        .iter()
        .flat_map(|moved| moved.causes.iter().map(|cause| (moved.centre.as_str(), cause.text.as_str())))
        .collect();
    assert_eq!(causes, [("0100", "1 person moved to 0200 Mill"), ("0200", "1 person moved from 0100 Orchard")]);
}

#[test]
fn hours_that_were_not_observed_are_said_and_not_compared() {
    let pack = pack(&moved(false), false);
    assert_eq!(
        pack.movements[1].story, "0200 Mill +13 %: 1 person moved from 0100 Orchard, 1 left",
        "5,493.25 against 4,873.06 is 12.73 %: Cleo is on neither side"
    );
    assert!(pack.notes[0].contains("who is paid by the hour (1) is left out"), "{:?}", pack.notes);
}

#[test]
fn a_plan_that_no_journal_carries_is_told_as_stale() {
    let pack = pack(&moved(true), false);
    assert!(!pack.agrees);
    assert_eq!(pack.differences.iter().map(|one| one.code).collect::<Vec<_>>(), ["stale"]);
    let open: Vec<&str> =
        pack.checklist.iter().filter(|item| item.state == ItemState::Open).map(|item| item.what.as_str()).collect();
    assert_eq!(open, ["everything sent"]);
}

#[test]
fn a_change_that_one_person_made_can_be_hidden() {
    let mut facts = facts_folder::load(&cases("meadow/facts")).unwrap();
    pay(&mut facts, 0, date(2013, 11, 1), 84_000);
    facts.sort();
    // 1,000.00 more a month and 76.50 of tax: the difference of two months is Ada's raise.
    let shown = serde_json::to_string(&pack(&facts, false)).unwrap();
    assert!(shown.contains("1076.50"));
    let hidden = pack(&facts, true);
    assert_eq!(hidden.movements[0].story, "0100 Orchard: 1 person with another rate");
    assert!(!serde_json::to_string(&hidden.movements).unwrap().contains("1076.50"));
}
