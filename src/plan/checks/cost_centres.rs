//! Cost centres are valid values of GP's dimension.

use super::{CheckedJournal, consequence};
use crate::plan::document::LineSource;
use crate::plan::facts::{DimensionValue, Facts};
use crate::plan::hold::{Hold, HoldCode};
use crate::project::Pipeline;
use crate::project::pipeline::{CheckRule, Otherwise};
use std::collections::BTreeSet;

/// One hold for each value that GP's dimension does not have, or has switched off. A dimension is named like its look-up.
pub fn check(pipeline: &Pipeline, facts: &Facts, checked: &CheckedJournal<'_>) -> Vec<Hold> {
    let said = consequence(pipeline, Otherwise::Hold, |rule| matches!(rule, CheckRule::CostCentresAreValid));
    let mut holds = Vec::new();
    if !facts.is_provided("dimensions") {
        return holds;
    }
    for (look_up, value) in values(pipeline, checked) {
        let name = &pipeline.look_ups[look_up].name;
        let known =
            facts.dimension_values(&checked.journal.key.company).iter().find(|known| is_value(known, name, &value));
        let (code, message, remedy) = match known {
            None => (
                HoldCode::CostCentreInvalid,
                format!("`{value}` is not a value of {name} in GP"),
                format!("Create the value in GP, or correct it in {}.", pipeline.look_ups[look_up].table.file()),
            ),
            Some(known) if !known.active => (
                HoldCode::CostCentreInactive,
                format!("`{value}` is an inactive value of {name} in GP"),
                format!("Make it active in GP, or map to another in {}.", pipeline.look_ups[look_up].table.file()),
            ),
            Some(_) => continue,
        };
        let subject = format!("{name} {value}");
        let place = said.place.clone().or_else(|| Some(pipeline.look_ups[look_up].place.clone()));
        holds.push(Hold { code, subject, message, remedy, place, otherwise: said.otherwise });
    }
    holds
}

/// The look-up values behind the lines of a journal, in order, once each.
fn values(pipeline: &Pipeline, checked: &CheckedJournal<'_>) -> BTreeSet<(usize, String)> {
    let mut found = BTreeSet::new();
    let crate::project::pipeline::Make::Journal(rule) = &pipeline.make else { return found };
    for source in checked.journal.sources.iter().flatten() {
        let LineSource::Cost { period, line, centre: Some(centre), .. } = source else { continue };
        let look_up = rule.lines.get(*line).and_then(|line| line.for_each);
        if let (Some(look_up), Some(costs)) = (look_up, checked.costs.get(period))
            && !costs.centres.is_suspense(*centre)
        {
            let rolled_up = costs.rolled_up_to(&checked.journal.key, *line, Some(*centre));
            let value = rolled_up.unwrap_or_else(|| costs.centres.value(*centre, look_up));
            found.insert((look_up, value.to_owned()));
        }
    }
    found
}

fn is_value(known: &DimensionValue, look_up: &str, value: &str) -> bool {
    known.code.trim_end().eq_ignore_ascii_case(value) && known.is_of(look_up)
}
