//! Balances of time off: of a period that was sent as they were saved with its plan, of others as BambooHR has them today. So
//! a period begins with what the one before it ended with, and what is corrected in BambooHR afterwards is in the next one.

use super::observe::{Scope, places_today, saved_facts};
use super::systems::{RunError, Systems};
use crate::hr::{BalanceRow, Period};
use crate::plan::facts::Facts;
use crate::plan::liability::days;
use crate::project::pipeline::Pay;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Reads the balances that the scope's pipelines need. `sent`: the earlier periods that the ledger names, oldest first.
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
    if pays.flat_map(Pay::liabilities).next().is_none() {
        return Ok(());
    }
    // What was sent is never asked again: the period after it begins with what it ended with.
    let own = facts.sent.iter().any(|line| line.period == scope.period.code).then_some(scope.period);
    for period in sent.iter().chain(own) {
        let Some(saved) = saved_facts(systems, scope, period).await? else { continue };
        take(facts, &saved, days(period));
    }
    let (opening, closing) = days(scope.period);
    for day in [opening, closing] {
        if !facts.balances.iter().any(|row| row.date == day) {
            let people = employed_about(facts, day);
            systems.bamboohr.balances(day, &people, facts).await?;
        }
    }
    Ok(())
}

/// People who may be employed on a day and the one after it.
fn employed_about(facts: &Facts, day: Date) -> Vec<u32> {
    let left = |date: Option<Date>| date.is_some_and(|left| left <= day);
    // Who came back has a hire date after an employment that may have gone on then.
    let everybody = facts.people.iter().zip(0..);
    everybody
        .filter(|(person, _)| {
            !left(person.termination_date.filter(|left| person.hire_date.is_none_or(|hired| *left >= hired)))
        })
        .map(|(_, at)| at)
        .collect()
}

/// Takes over the balances of a period's days that were saved with its plan, where there are none yet.
fn take(facts: &mut Facts, saved: &Facts, (opening, closing): (Date, Date)) {
    let known: BTreeSet<Date> = facts.balances.iter().map(|row| row.date).collect();
    let places = places_today(facts, saved);
    let of_days =
        saved.balances.iter().filter(|row| [opening, closing].contains(&row.date) && !known.contains(&row.date));
    for row in of_days {
        let Some(employee) = places[row.employee as usize] else { continue };
        let kind = facts.texts.add(saved.text(row.kind));
        facts.balances.push(BalanceRow { employee, kind, ..*row });
    }
}
