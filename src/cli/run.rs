//! `run`: one run from start to end. With `--watch`, see [`mod@watch`].

use super::args::{Global, RunArgs};
use super::exit::{Exit, Failure};
use super::output::Output;
use super::plan::short;
use super::stop::Stop;
use super::{context, plan_view, send, watch};
use crate::hr::Period;
use crate::plan::document::{PlanStatus, Scope};
use crate::plan::report::{LineageIds, report};
use crate::project::{Generation, Pipeline};
use crate::run::planning::{self, LivePlan};
use crate::run::send::SendSummary;
use crate::run::systems::Systems;
use serde_json::json;

/// Runs the command.
///
/// # Errors
/// What any step gives; with `--watch`, only what the first load gives.
pub async fn run(global: &Global, args: &RunArgs, output: &Output) -> Result<Exit, Failure> {
    if args.watch {
        return watch::watch(global, args, output, &Stop::on_signals()).await;
    }
    let generation = context::load(global, output)?;
    let _lock = context::lock(global)?;
    once(global, args, &generation, output).await
}

/// One run with this generation.
///
/// # Errors
/// What any step gives.
pub async fn once(global: &Global, args: &RunArgs, generation: &Generation, output: &Output) -> Result<Exit, Failure> {
    let pipeline = context::pipeline(generation, &args.choice)?;
    let clock = context::clock(global);
    let period = context::period(generation, pipeline, &args.choice, clock.as_ref())?;
    let systems = context::systems(global, generation, context::store(global)?, clock).await?;
    let observed = |live: &LivePlan| {
        if !output.is_json() {
            plan_view::print(output, &report(&live.plan, pipeline, &live.facts, LineageIds::LeftOut));
        }
    };
    let made = make(&systems, generation, pipeline, &period, output, observed).await?;
    if output.is_json() {
        let shown = report(&made.live.plan, pipeline, &made.live.facts, LineageIds::LeftOut);
        output.json(&json!({ "plan": shown, "sent": send::as_json(&made.summary, made.waiting) }));
    } else if made.live.plan.status() != PlanStatus::Nothing {
        send::print(output, &made.summary, made.waiting);
        hint(pipeline, &period, &made.live.saved.id, made.to_approve, output);
    }
    Ok(made.exit())
}

/// What a run came to.
pub struct Made {
    pub live: LivePlan,
    pub summary: SendSummary,
    /// Documents that wait for a person, whatever for.
    pub waiting: usize,
    /// Those of them that wait for an approval only.
    pub to_approve: usize,
}

impl Made {
    /// One line, without an amount.
    pub fn in_short(&self) -> String {
        let plan = &self.live.plan;
        let mut parts = Vec::new();
        if plan.status() == PlanStatus::Nothing {
            parts.push("nothing to do".to_owned());
        }
        let sent = send::in_short(&self.summary);
        parts.extend((!sent.is_empty()).then_some(sent));
        let mut codes: Vec<&str> = plan.holds.iter().map(|held| held.hold.code.code()).collect();
        codes.sort_unstable();
        codes.dedup();
        if !codes.is_empty() {
            parts.push(format!("held by {}: ml-connector held", codes.join(", ")));
        }
        if self.to_approve > 0 {
            let documents = if self.to_approve == 1 { "1 document" } else { "documents" };
            let count = if self.to_approve == 1 { String::new() } else { format!("{} ", self.to_approve) };
            parts.push(format!("{count}{documents} to approve: ml-connector approve {}", short(&self.live.saved.id)));
        }
        parts.join("; ")
    }

    pub fn exit(&self) -> Exit {
        // A hold of the whole plan or of a person who is left out leaves nothing in the outbox that could wait.
        let held_whole = self.live.plan.holds.iter().any(|held| !matches!(held.scope, Scope::Documents(_)));
        Exit::of_sending(&self.summary, self.waiting > 0 || held_whole)
    }
}

/// Plans, and sends what may be sent; `planned` sees the plan in between.
///
/// # Errors
/// What any step gives.
pub async fn make(
    systems: &Systems,
    generation: &Generation,
    pipeline: &Pipeline,
    period: &Period,
    output: &Output,
    planned: impl FnOnce(&LivePlan),
) -> Result<Made, Failure> {
    let bar = output.progress("observing BambooHR and GP");
    let live = planning::plan(systems, generation, pipeline, period, &context::who(None)).await;
    bar.finish_and_clear();
    let live = live?;
    planned(&live);
    let (summary, waiting) = send::deliver(systems, generation, pipeline, Some(&live.saved.id), output).await?;
    let to_approve = waiting_for_approval(systems, &live.saved.id).await?;
    Ok(Made { live, summary, waiting, to_approve })
}

async fn waiting_for_approval(systems: &Systems, plan_id: &str) -> Result<usize, Failure> {
    let documents = systems.store.documents(plan_id).await?;
    Ok(documents.iter().filter(|document| document.state == crate::store::DocumentState::Planned).count())
}

fn hint(pipeline: &Pipeline, period: &Period, plan_id: &str, waiting: usize, output: &Output) {
    if waiting > 0 {
        output.line(format!(
            "awaits approval: ml-connector approve {} --by NAME, then: ml-connector run --pipeline {} --for {}",
            short(plan_id),
            pipeline.name,
            period.code
        ));
    }
}
