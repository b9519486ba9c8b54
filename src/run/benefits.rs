//! Benefit plans: BambooHR shows them as they are today. A period that was sent keeps what its plan was made from. Of another they
//! are read now, and what a plan made in the period had read stands beside it, for what BambooHR no longer shows.

use super::observe::{Scope, places_today, saved_facts};
use super::systems::{RunError, Systems};
use crate::hr::{BenefitRow, Period};
use crate::plan::facts::Facts;
use crate::project::pipeline::Pay;
use std::collections::BTreeSet;

/// Reads the enrolments that the scope's pipelines need. `sent`: the earlier periods that the ledger names.
///
/// # Errors
/// What BambooHR or the store gives.
pub(super) async fn read(
    systems: &Systems,
    scope: &Scope<'_>,
    sent: &[Period],
    facts: &mut Facts,
) -> Result<(), RunError> {
    let pays = scope.pipelines.iter().filter_map(|pipeline| pipeline.pay.as_ref());
    let plans: BTreeSet<&String> = pays.flat_map(Pay::benefits).flat_map(|(_, plans)| plans).collect();
    if plans.is_empty() {
        return Ok(());
    }
    for period in sent {
        take(systems, scope, period, |_| true, facts).await?;
    }
    let end = scope.period.last_day;
    let was_sent = facts.sent.iter().any(|line| line.period == scope.period.code);
    take(systems, scope, scope.period, |row| was_sent || row.read_on <= end, facts).await?;
    if was_sent && facts.benefits.iter().any(|row| row.date == end) {
        return Ok(());
    }
    let today = systems.today();
    // While the period goes on, only what is shown now counts.
    facts.benefits.retain(|row| row.date != end || (row.read_on != today && today > end));
    let plans: Vec<String> = plans.into_iter().cloned().collect();
    systems.bamboohr.benefits(&plans, (end, today), facts).await?;
    Ok(())
}

/// Takes over the enrolments of a period that were saved with its newest plan.
async fn take(
    systems: &Systems,
    scope: &Scope<'_>,
    period: &Period,
    is_kept: impl Fn(&BenefitRow) -> bool,
    facts: &mut Facts,
) -> Result<(), RunError> {
    let Some(saved) = saved_facts(systems, scope, period).await? else { return Ok(()) };
    let places = places_today(facts, &saved);
    for row in saved.benefits.iter().filter(|row| row.date == period.last_day && is_kept(row)) {
        let Some(employee) = places[row.employee as usize] else { continue };
        let mut text = |text| facts.texts.add(saved.text(text));
        let (plan, status, unit, currency) = (text(row.plan), text(row.status), text(row.unit), text(row.currency));
        facts.benefits.push(BenefitRow { employee, plan, status, unit, currency, ..*row });
    }
    Ok(())
}
