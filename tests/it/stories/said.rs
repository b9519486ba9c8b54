//! What plans say beside their lines, which a story does not compare: what a journal corrects and under which sequence, who is
//! left out, what holds it and in which words, and where a line comes from.

use crate::meadow::cases;
use ml_connector::plan::accrual::is_reversal;
use ml_connector::plan::explain::{LineExplanation, Pay, explain};
use ml_connector::plan::make::{Request, make_plan};
use ml_connector::plan::report::{DocumentReport, PlanReport};
use ml_connector::project::Generation;
use ml_connector::project::pipeline::Make;
use ml_connector::run::stories::{Told, facts, tell};
use std::fmt::Write;

/// The stories of a case in which somebody has to decide something, as a reader of their plans sees them.
fn said(case: &str) -> String {
    let generation = Generation::load(&cases(case), None).unwrap();
    let mut text = String::new();
    for Told { story, plan, .. } in tell(&generation, None) {
        let plan = plan.unwrap();
        let is_plain = |document: &DocumentReport| {
            let is_first = ["original", "record"].contains(&document.role.as_str());
            is_first && document.corrects.is_empty() && document.left_out.is_empty()
        };
        if !plan.held.is_empty() || !plan.documents.iter().all(is_plain) {
            writeln!(text, "{story}\n{}", shown(&plan)).unwrap();
        }
    }
    text
}

fn shown(plan: &PlanReport) -> String {
    let mut text = String::new();
    for document in &plan.documents {
        let DocumentReport { state, role, sequence, .. } = document;
        let of = document.periods.join(" ");
        let booked_in = document.booked_in.clone().unwrap_or_default();
        writeln!(text, "  {state}: {role} of {of}, booked in {booked_in}, sequence {sequence}").unwrap();
        for corrected in &document.corrects {
            writeln!(text, "    corrects {corrected}").unwrap();
        }
        for person in &document.left_out {
            writeln!(text, "    without {person}").unwrap();
        }
        let lines = document.lines.iter().flatten().filter(|_| document.role != "original");
        for line in lines {
            writeln!(text, "    {} from {}", line.account, line.lineage.join(", ")).unwrap();
        }
    }
    for held in &plan.held {
        writeln!(text, "  {}, {}, {}: {}", held.otherwise, held.code, held.subject, held.message).unwrap();
    }
    for warning in plan.warnings.iter().filter(|warning| warning.code != "single-person-line") {
        writeln!(text, "  warning, {}, {}: {}", warning.code, warning.subject, warning.message).unwrap();
    }
    text
}

#[test]
fn corrections_and_holds_say_what_they_are_about() {
    for case in ["payroll", "books", "accruals", "earnings"] {
        insta::assert_snapshot!(case, said(case));
    }
}

/// The journal of a story, taken apart.
fn explained(case: &str, story: &str) -> Vec<LineExplanation> {
    let generation = Generation::load(&cases(case), None).unwrap();
    let story = generation.stories.iter().find(|known| known.name == story).unwrap();
    let pipeline = generation.pipeline(&story.pipeline).unwrap();
    let facts = facts(&generation, pipeline, story).unwrap();
    let plan = make_plan(Request { generation: &generation, pipeline, period: &story.period }, &facts);
    explain(&plan, pipeline, &facts, plan.documents[0].journal().unwrap(), None, Pay::Shown)
}

#[test]
fn an_answer_names_the_table_that_gave_it() {
    let lines = explained("splits", "Weights may give a look-up itself; thirds of a cent go to the earlier rows.");
    let row = |at: usize| (lines[at].parts[0].look_ups.join("; "), lines[at].parts[0].people[0].split.clone().unwrap());
    assert_eq!(row(0), ("cost_centre = 0200 (tables/weights.csv, row 2)".into(), "tables/weights.csv, row 2".into()));
    assert_eq!(row(2), ("cost_centre = 0410 (tables/weights.csv, row 4)".into(), "tables/weights.csv, row 4".into()));
    let lines = explained("splits", "Hours at home are shared; hours that name a department are booked there whole.");
    assert_eq!(lines[0].parts[0].look_ups, ["cost_centre = 0100 (tables/cost-centres.csv, row 5)"]);
}

#[test]
fn a_burden_is_explained_by_the_days_that_it_follows() {
    let lines = explained("payroll", "A burden is rounded once and split by the rounded wages.");
    let mill = lines.iter().find(|line| line.account == "5150-0400").unwrap();
    let person = &mill.parts[0].people[0];
    assert_eq!((person.first_day.as_str(), person.last_day.as_str()), ("2013-11-12", "2013-11-20"));
    // 7.65 % of 33.33, a fraction in lowest terms.
    assert_eq!(person.exact.as_deref(), Some("509949/200000"));
}

#[test]
fn only_a_journal_of_another_day_reverses_an_accrual() {
    let generation = Generation::load(&cases("accruals"), None).unwrap();
    let reverses = |pipeline: &str, code: &str, day: &str| {
        let pipeline = generation.pipeline(pipeline).unwrap();
        let Make::Journal(rule) = &pipeline.make else { panic!("no journal") };
        is_reversal(rule, &pipeline.calendar.period(code).unwrap(), day.parse().unwrap())
    };
    // The 25th fortnight of 2013 is accrued on 30 November and reversed on 1 December.
    assert!(!reverses("accrual", "2013-P25", "2013-11-30"));
    assert!(reverses("accrual", "2013-P25", "2013-12-01"));
    // No month ends in the 24th; the payroll itself accrues nothing.
    assert!(!reverses("accrual", "2013-P24", "2013-12-01"));
    assert!(!reverses("payroll", "2013-P25", "2013-12-01"));
}
