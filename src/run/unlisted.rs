//! People who were paid in a period that was sent, and whom BambooHR no longer lists: the key may not see them any more, or they
//! were deleted. Computed without them, the period would credit all their pay.

use super::inputs;
use super::observe::Scope;
use super::systems::{RunError, Systems};
use crate::hr::{Period, PeriodCode};
use crate::plan::accrual::Stretch;
use crate::plan::cost::labour_cost;
use crate::plan::desire::ledger_of;
use crate::plan::facts::{Facts, Notice};
use crate::plan::wage_base::wage_bases;
use crate::project::Pipeline;
use rustc_hash::FxHashSet;
use std::collections::{BTreeMap, BTreeSet};

/// The input with the people that a plan was made from.
const PEOPLE: &str = "facts/employees.csv";
/// How many people a message names.
const NAMED: usize = 12;

/// A notice for each period that was sent and is computed again with fewer people. `sent`: the earlier ones that the ledger names.
///
/// # Errors
/// What the store gives.
pub(super) async fn notice(
    systems: &Systems,
    scope: &Scope<'_>,
    sent: &[Period],
    facts: &mut Facts,
) -> Result<(), RunError> {
    let listed: FxHashSet<&str> = facts.people.iter().map(|person| facts.texts.get(person.id)).collect();
    let looked_at = || sent.iter().chain([scope.period]);
    let wanted: Vec<PeriodCode> = looked_at().map(|period| period.code.clone()).collect();
    let mut gone: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for pipeline in &scope.pipelines {
        // The newest journal of a period was made from everybody in it: who was missing by then was said yes to.
        for (plan, codes, people) in systems.store.input_of_sent(ledger_of(pipeline), PEOPLE, &wanted).await? {
            if inputs::ids(PEOPLE, &people)?.iter().all(|id| listed.contains(id.as_str())) {
                continue;
            }
            let (saved, _) = inputs::unpack(&systems.store.inputs(&plan).await?)?;
            for period in looked_at().filter(|period| codes.contains(&period.code)) {
                let paid = paid(pipeline, period, &saved);
                let missing = paid.into_iter().filter(|id| !listed.contains(id.as_str()));
                gone.entry(period.code.0.clone()).or_default().extend(missing);
            }
        }
    }
    gone.retain(|_, people| !people.is_empty());
    facts.notices.extend(gone.into_iter().map(|(period, people)| to_notice(&period, &people)));
    Ok(())
}

/// Who had cost in a period: wages, wherever they would be booked by today's tables, or anything else.
fn paid(pipeline: &Pipeline, period: &Period, saved: &Facts) -> BTreeSet<String> {
    let Some(pay) = &pipeline.pay else { return BTreeSet::new() };
    let bases = wage_bases(pipeline, pay, std::slice::from_ref(period), saved);
    let costs = [None, Some(bases.of(&period.code))].map(|wages| {
        let stretch = Stretch { days: period, of: period };
        labour_cost(pipeline, pay, stretch, saved, wages)
    });
    let booked = costs.iter().flat_map(|costs| &costs.shares).filter(|share| !share.rounded.is_zero());
    booked.map(|share| saved.text(saved.people[share.person as usize].id).to_owned()).collect()
}

fn to_notice(period: &str, people: &BTreeSet<String>) -> Notice {
    let named: Vec<&str> = people.iter().take(NAMED).map(String::as_str).collect();
    let others = match people.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let were = if people.len() == 1 { "was" } else { "were" };
    Notice {
        code: "person-not-listed",
        subject: format!("period {period}"),
        message: format!(
            "BambooHR no longer lists employee {}{others}, who {were} paid in {period}: without them its correction takes back \
             their pay",
            named.join(", ")
        ),
        remedy: "Grant them to the connection's user, then plan again. Approve only if their pay was never due: entered twice, or \
                 in another record now."
            .to_owned(),
    }
}
