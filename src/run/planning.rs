//! A plan from live facts: observe, desire, look up in GP what is named, plan, store.

use super::observe::{self, Scope};
use super::systems::{RunError, Systems};
use super::{adopt, inputs, recover, renamed};
use crate::hr::Period;
use crate::ledger::RecordKind;
use crate::plan::desire::{Desired, ledger_of};
use crate::plan::document::Plan;
use crate::plan::facts::Facts;
use crate::plan::make::{Request, conclude, make_plan};
use crate::plan::report::{LineageIds, report};
use crate::project::pipeline::{Make, PeriodRule};
use crate::project::{Generation, Pipeline};
use crate::store::{NewPlan, SavedPlan};
use jiff::civil::Date;

/// A plan with the facts it was made from and how it is stored.
pub struct LivePlan {
    pub plan: Plan,
    pub facts: Facts,
    pub saved: SavedPlan,
}

/// The period that a pipeline means on `today` when nobody names one.
pub fn default_period(pipeline: &Pipeline, today: Date) -> Period {
    let month = || Period::month_of(today);
    match (&pipeline.make, pipeline.period) {
        (Make::Record(_), _) => month(),
        (Make::Journal(_), rule) => {
            let now = pipeline.calendar.containing(today);
            let wanted = match rule {
                PeriodRule::This => now,
                PeriodRule::LastMonthEnd => {
                    let end = today.first_of_month().yesterday().ok();
                    end.and_then(|end| pipeline.calendar.containing(end))
                }
                PeriodRule::Previous => now.and_then(|now| pipeline.calendar.before(&now).or(Some(now))),
            };
            wanted.unwrap_or_else(month)
        }
    }
}

/// Observes everything that the plans of these pipelines need, all of GP's accounts included (`observe --save`).
///
/// # Errors
/// What an edge gives.
pub async fn observe_all(
    systems: &Systems,
    generation: &Generation,
    pipelines: &[&Pipeline],
    period: &Period,
) -> Result<Facts, RunError> {
    let scope = scope(generation, pipelines.to_vec(), period)?;
    let mut facts = observe::people(systems, &scope).await?;
    let makes = |wanted: fn(&Make) -> bool| pipelines.iter().any(|pipeline| wanted(&pipeline.make));
    if makes(|make| matches!(make, Make::Journal(_))) {
        observe::books(systems, &scope, None, &mut facts).await?;
    }
    for kind in [RecordKind::Vendor, RecordKind::Employee] {
        if pipelines.iter().any(|pipeline| matches!(&pipeline.make, Make::Record(rule) if rule.kind == kind)) {
            observe::records(systems, kind, &mut facts).await?;
        }
    }
    Ok(facts)
}

/// Makes and stores the plan of a pipeline for a period. Documents of unclear outcome are read back from GP first.
///
/// # Errors
/// What an edge gives, or [`RunError::Invariant`] when a journal that is ready does not balance.
pub async fn plan(
    systems: &Systems,
    generation: &Generation,
    pipeline: &Pipeline,
    period: &Period,
    who: &str,
) -> Result<LivePlan, RunError> {
    recover::read_back(systems, ledger_of(pipeline)).await?;
    recover::look_at_unposted(systems, ledger_of(pipeline)).await?;
    let scope = scope(generation, vec![pipeline], period)?;
    let mut facts = observe::people(systems, &scope).await?;
    let request = Request { generation, pipeline, period };
    let plan = match &pipeline.make {
        Make::Journal(rule) => {
            let mut desired = desired(request, &facts)?;
            // A store without memory of this ledger may have been lost.
            if facts.sent.is_empty() && adopt::adopt(systems, request, rule, &desired, &facts).await? {
                // Now the ledger names periods whose hours and time off nobody had asked for.
                recover::look_at_unposted(systems, ledger_of(pipeline)).await?;
                facts = observe::people(systems, &scope).await?;
                desired = self::desired(request, &facts)?;
            }
            facts.notices.extend(renamed::sent_by_another(systems, generation, pipeline, period, &facts).await?);
            let accounts = desired.accounts(&facts, ledger_of(pipeline));
            observe::books(systems, &scope, Some(&accounts), &mut facts).await?;
            conclude(request, desired, &facts)
        }
        Make::Record(rule) => {
            observe::records(systems, rule.kind, &mut facts).await?;
            make_plan(request, &facts)
        }
    };
    prove(&plan)?;
    let shown = report(&plan, pipeline, &facts, LineageIds::LeftOut);
    let shown = serde_json::to_string(&shown).map_err(|error| RunError::Invariant { what: error.to_string() })?;
    let inputs = inputs::pack(&facts, &generation.files)?;
    let new = NewPlan::of(&plan, shown, inputs, who, generation.project.rules.approvals, systems.clock.now());
    let saved = systems.store.save_plan(new).await?;
    Ok(LivePlan { plan, facts, saved })
}

fn scope<'a>(
    generation: &'a Generation,
    pipelines: Vec<&'a Pipeline>,
    period: &'a Period,
) -> Result<Scope<'a>, RunError> {
    let gp = generation.project.gp.as_ref().ok_or(RunError::NoConnection { system: "gp" })?;
    let bamboohr = generation.project.bamboohr.as_ref().ok_or(RunError::NoConnection { system: "bamboohr" })?;
    Ok(Scope { pipelines, period, gp, timesheets: bamboohr.timesheets, registers: &generation.project.registers })
}

fn desired(request: Request<'_>, facts: &Facts) -> Result<Desired, RunError> {
    let desired = request.desired(facts);
    desired.ok_or_else(|| RunError::Invariant { what: "a journal pipeline without pay was loaded".to_owned() })
}

/// What is asserted where a plan is made, and again where its documents are read back for sending.
fn prove(plan: &Plan) -> Result<(), RunError> {
    for document in plan.documents.iter().filter(|document| document.ready) {
        if let Some(journal) = document.journal()
            && (!journal.entry.is_balanced() || journal.entry.lines.is_empty())
        {
            return Err(RunError::Invariant {
                what: format!("document {} is ready but does not balance", document.id),
            });
        }
    }
    Ok(())
}
