//! `run`: one run from start to end. With `--watch`, see [`mod@watch`].

use super::args::{Global, RunArgs};
use super::exit::{Exit, Failure};
use super::output::Output;
use super::plan::short;
use super::stop::Stop;
use super::{asker, context, hide, plan_view, send, watch};
use crate::hr::Period;
use crate::plan::document::{PlanStatus, Scope};
use crate::plan::report::LineageIds;
use crate::project::roles::Power;
use crate::project::{Generation, Pipeline};
use crate::run::planning;
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
    let asker = asker::asker(global, &generation.project.rules, None).await?;
    asker.allowed(global, Power::Run, &pipeline.name).await?;
    let clock = context::clock(global);
    let period = context::period(generation, pipeline, &args.choice, clock.as_ref())?;
    let systems = context::systems(global, generation, context::store(global)?, clock).await?;
    let bar = output.progress("observing BambooHR and GP");
    let live = planning::plan(&systems, generation, pipeline, &period, &asker.name).await;
    bar.finish_and_clear();
    let live = live?;
    let (shown, hidden) = hide::plan(&asker, &live.plan, pipeline, &live.facts, LineageIds::LeftOut);
    if !output.is_json() {
        plan_view::print(output, &shown);
    }
    hide::tell(output, hidden);
    let (summary, waiting) = send::deliver(&systems, generation, pipeline, Some(&live.saved.id), output).await?;
    let approved = waiting_for_approval(&systems, &live.saved.id).await?;
    if output.is_json() {
        output.json(&json!({ "plan": shown, "sent": send::as_json(&summary, waiting) }));
    } else if live.plan.status() != PlanStatus::Nothing {
        send::print(output, &summary, waiting);
        let approve = asker::approve_with(short(&live.saved.id), &generation.project.rules);
        hint(pipeline, &period, &approve, approved, output);
    }
    // A hold of the whole plan or of a person who is left out leaves nothing in the outbox that could wait.
    let held_whole = live.plan.holds.iter().any(|held| !matches!(held.scope, Scope::Documents(_)));
    Ok(Exit::of_sending(&summary, waiting > 0 || held_whole))
}

async fn waiting_for_approval(systems: &crate::run::systems::Systems, plan_id: &str) -> Result<usize, Failure> {
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
