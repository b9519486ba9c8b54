//! `run`: one run from start to end. With `--watch`, see [`mod@watch`].

use super::args::{Choice, Global};
use super::exit::{Exit, Failure};
use super::output::Output;
use super::plan::short;
use super::stop::Stop;
use super::{asker, context, hide, plan_view, send, watch};
use crate::hr::Period;
use crate::plan::document::{PlanStatus, Scope};
use crate::plan::report::LineageIds;
use crate::project::roles::{Power, Rules};
use crate::project::{Generation, Pipeline};
use crate::run::planning::{self, LivePlan};
use crate::run::send::SendSummary;
use crate::run::systems::Systems;
use clap::Args;
use serde_json::json;

#[derive(Debug, Args)]
pub struct RunArgs {
    #[command(flatten)]
    pub choice: Choice,
    /// Stay, and run again whenever the project's files change; a broken edit is told and not used.
    #[arg(long)]
    pub watch: bool,
}

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
    let asker = asker::asker(global, &generation.project.rules, None).await?;
    asker.allowed(global, Power::Run, &pipeline.name).await?;
    let clock = context::clock(global);
    let period = context::period(generation, pipeline, &args.choice, clock.as_ref())?;
    let systems = context::systems(global, generation, context::store(global)?, clock).await?;
    let mut seen = None;
    let planned = |live: &LivePlan| {
        let (shown, hidden) = hide::plan(&asker, &live.plan, pipeline, &live.facts, LineageIds::LeftOut);
        if !output.is_json() {
            plan_view::print(output, &shown);
        }
        hide::tell(output, hidden);
        seen = Some(shown);
    };
    let made = make(&systems, generation, (pipeline, &period), &asker.name, output, planned).await?;
    if output.is_json() {
        output.json(&json!({ "plan": seen, "sent": send::as_json(&made.summary, made.waiting) }));
    } else if made.live.plan.status() != PlanStatus::Nothing {
        send::print(output, &made.summary, made.waiting);
        let approve = asker::approve_with(short(&made.live.saved.id), &generation.project.rules);
        hint(pipeline, &period, &approve, made.to_approve, output);
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
    pub fn in_short(&self, rules: &Rules) -> String {
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
            let approve = asker::approve_with(short(&self.live.saved.id), rules);
            parts.push(format!("{count}{documents} to approve: {approve}"));
        }
        parts.join("; ")
    }

    pub fn exit(&self) -> Exit {
        // A hold of the whole plan or of a person who is left out leaves nothing in the outbox that could wait.
        let held_whole = self.live.plan.holds.iter().any(|held| !matches!(held.scope, Scope::Documents(_)));
        Exit::of_sending(&self.summary, self.waiting > 0 || held_whole)
    }
}

/// Plans as `who`, and sends what may be sent; `planned` sees the plan in between.
///
/// # Errors
/// What any step gives.
pub async fn make(
    systems: &Systems,
    generation: &Generation,
    (pipeline, period): (&Pipeline, &Period),
    who: &str,
    output: &Output,
    planned: impl FnOnce(&LivePlan),
) -> Result<Made, Failure> {
    let bar = output.progress("observing BambooHR and GP");
    let live = planning::plan(systems, generation, pipeline, period, who).await;
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

fn hint(pipeline: &Pipeline, period: &Period, approve: &str, waiting: usize, output: &Output) {
    if waiting > 0 {
        output.line(format!(
            "awaits approval: {approve}, then: ml-connector run --pipeline {} --for {}",
            pipeline.name, period.code
        ));
    }
}
