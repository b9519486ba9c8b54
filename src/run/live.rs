//! `lint --live`: what a project says, held against both systems as they are now. Nothing is stored or sent.

use super::planning::observe_all;
use super::systems::{RunError, Systems};
use crate::hr::Period;
use crate::plan::document::{Held, Plan};
use crate::plan::hold::HoldCode;
use crate::plan::make::{Request, make_plan};
use crate::project::finding::{Finding, Place};
use crate::project::source::FIELDS_FILE;
use crate::project::{Generation, Pipeline};
use std::collections::BTreeSet;

/// Reasons of a plan that the project, or GP's set-up, has to mend; the others are about people and their rows.
const OF_SET_UP: [HoldCode; 12] = [
    HoldCode::LookUpMissing,
    HoldCode::RateMissing,
    HoldCode::EarningUnknown,
    HoldCode::PaymentTypeUnknown,
    HoldCode::LeaveTypeUnknown,
    HoldCode::PayScheduleUnknown,
    HoldCode::AccountMissing,
    HoldCode::AccountInactive,
    HoldCode::AccountNoEntry,
    HoldCode::CostCentreInvalid,
    HoldCode::CostCentreInactive,
    HoldCode::RegisterCodeUnknown,
];

/// Asks BambooHR for its fields, and plans each pipeline's period with what both systems say.
///
/// # Errors
/// What an edge gives.
pub async fn look(
    systems: &Systems,
    generation: &Generation,
    period: impl Fn(&Pipeline) -> Period,
) -> Result<Vec<Finding>, RunError> {
    let mut findings = Vec::new();
    let fields: BTreeSet<String> = systems.bamboohr.fields().await?.into_iter().map(|field| field.field).collect();
    for take in generation.pipelines.iter().flat_map(|pipeline| &pipeline.take) {
        if !fields.contains(&take.field) && crate::plan::names::standard(&take.field).is_none() {
            let message = format!("BambooHR has no field `{}`, or does not grant it to this key", take.field);
            let meant = crate::project::finding::closest(&take.field, fields.iter().map(String::as_str));
            let help = meant.map_or_else(
                || format!("`ml-connector record --fields` writes the account's fields into {FIELDS_FILE}"),
                |meant| format!("did you mean `{meant}`?"),
            );
            findings.push(Finding::error("unknown-field-of-bamboohr", take.field_place.clone(), message).help(help));
        }
    }
    for pipeline in &generation.pipelines {
        let period = period(pipeline);
        let facts = observe_all(systems, generation, &[pipeline], &period).await?;
        let plan = make_plan(Request { generation, pipeline, period: &period }, &facts);
        findings.extend(of_plan(pipeline, &plan));
    }
    findings.sort_by(|left, right| {
        (&left.place, left.code, &left.message).cmp(&(&right.place, right.code, &right.message))
    });
    findings.dedup();
    Ok(findings)
}

fn of_plan(pipeline: &Pipeline, plan: &Plan) -> Vec<Finding> {
    let set_up = plan.holds.iter().filter(|held| OF_SET_UP.contains(&held.hold.code));
    let finding = |held: &Held| {
        let hold = &held.hold;
        let place: Place = hold.place.clone().unwrap_or_else(|| pipeline.place.clone());
        // One missing row holds everybody of the department: the message names the keys, the subject the people.
        let message = format!("{} ({}, {})", hold.message, pipeline.name, plan.period.code);
        Finding::warning(hold.code.code(), place, message).help(hold.remedy.clone())
    };
    set_up.map(finding).collect()
}
