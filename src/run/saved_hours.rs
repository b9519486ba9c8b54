//! Hours that BambooHR no longer serves: from the newest plan of the ledger that was made while it did. What was corrected in
//! time stays corrected, and a plan that had to do without them is never what a period is computed from.

use super::inputs;
use super::observe::{Scope, places_today};
use super::systems::{RunError, Systems};
use crate::hr::{HoursRow, Period};
use crate::plan::days::week_of;
use crate::plan::desire::ledger_of;
use crate::plan::facts::Facts;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Takes over the hours of the periods that were sent, where BambooHR cut them. `sent`: the earlier ones that the ledger names.
///
/// # Errors
/// What the store gives.
pub(super) async fn take(
    systems: &Systems,
    scope: &Scope<'_>,
    sent: &[Period],
    facts: &mut Facts,
) -> Result<(), RunError> {
    let Some(served_from) = facts.hours_from else { return Ok(()) };
    let own = facts.sent.iter().any(|line| line.period == scope.period.code).then_some(scope.period);
    let mut wanted: Vec<&Period> =
        sent.iter().chain(own).filter(|period| whole_weeks(period).0 < served_from).collect();
    let mut around = Around { served_from, found: Vec::new(), rows: Vec::new() };
    for pipeline in &scope.pipelines {
        if wanted.is_empty() {
            break;
        }
        for (id, code, observed) in systems.store.input_of_plans(ledger_of(pipeline), inputs::OBSERVED).await? {
            let Ok(planned) = pipeline.calendar.period(&code.0) else { continue };
            let (from, saved) = inputs::hours_observed(&observed)?;
            let has = |period: &Period| {
                let was_served = from.is_some_and(|from| from <= whole_weeks(period).0);
                planned.first_day >= period.first_day && (was_served || saved.contains(&period.code))
            };
            let (has, still): (Vec<&Period>, Vec<&Period>) = wanted.iter().partition(|period| has(period));
            wanted = still;
            if !has.is_empty() {
                let (saved, _) = inputs::unpack(&systems.store.inputs(&id).await?)?;
                has.into_iter().for_each(|period| around.take(facts, &saved, period));
            }
            if wanted.is_empty() {
                break;
            }
        }
    }
    around.put_into(facts);
    Ok(())
}

/// The first and the last day of the weeks that a period has days in: overtime goes by whole weeks.
fn whole_weeks(period: &Period) -> (Date, Date) {
    (week_of(period.first_day).0, week_of(period.last_day).1)
}

/// Hours of the weeks around the periods that were found.
struct Around {
    served_from: Date,
    found: Vec<Period>,
    rows: Vec<(Period, HoursRow)>,
}

impl Around {
    /// Replaces the hours of `period` by the saved ones, and keeps those of its weeks beside it.
    fn take(&mut self, facts: &mut Facts, saved: &Facts, period: &Period) {
        let is_cut = period.first_day < self.served_from;
        if is_cut {
            facts.hours.retain(|row| !period.contains(row.date));
            facts.hours_saved.push(period.code.clone());
            self.found.push(period.clone());
        }
        let places = places_today(facts, saved);
        let (first, last) = whole_weeks(period);
        for row in saved.hours.iter().filter(|row| (first..=last).contains(&row.date)) {
            let Some(employee) = places[row.employee as usize] else { continue };
            let is_own = period.contains(row.date);
            if !(is_own && is_cut) && row.date >= self.served_from {
                continue;
            }
            let copied = HoursRow {
                employee,
                row_id: facts.texts.add(saved.text(row.row_id)),
                earning: facts.texts.add(saved.text(row.earning)),
                department: facts.texts.add(saved.text(row.department)),
                location: facts.texts.add(saved.text(row.location)),
                project: facts.texts.add(saved.text(row.project)),
                task: facts.texts.add(saved.text(row.task)),
                ..*row
            };
            if is_own {
                facts.hours.push(copied);
            } else {
                self.rows.push((period.clone(), copied));
            }
        }
    }

    /// Puts in the hours beside the periods: a day of none of them once, though it lies in the weeks of two.
    fn put_into(self, facts: &mut Facts) {
        let mut taken: BTreeMap<Date, Period> = BTreeMap::new();
        for (of, row) in self.rows {
            let is_found = self.found.iter().any(|period| period.contains(row.date));
            if !is_found && *taken.entry(row.date).or_insert_with(|| of.clone()) == of {
                facts.hours.push(row);
            }
        }
    }
}
