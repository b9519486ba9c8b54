//! `plan`: what would be sent.

use super::args::{Choice, Global};
use super::exit::{Exit, Failure};
use super::output::Output;
use super::{asker, context, hide, plan_view};
use crate::plan::document::Plan;
use crate::plan::make::{Request, make_plan};
use crate::plan::report::{LineageIds, PlanReport, report};
use crate::project::roles::{Power, Rules};
use crate::run::{facts_folder, planning};
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct PlanArgs {
    #[command(flatten)]
    pub choice: Choice,
    /// Plan offline from this folder of facts; nothing is stored.
    #[arg(long, value_name = "FOLDER")]
    pub facts: Option<PathBuf>,
    /// End with 3 when there is something to send.
    #[arg(long)]
    pub exit_on_changes: bool,
}

/// Runs the command.
///
/// # Errors
/// What loading, observing or storing gives.
pub async fn run(global: &Global, args: &PlanArgs, output: &Output) -> Result<Exit, Failure> {
    let generation = context::load(global, output)?;
    let pipeline = context::pipeline(&generation, &args.choice)?;
    let clock = context::clock(global);
    let period = context::period(&generation, pipeline, &args.choice, clock.as_ref())?;
    if let Some(folder) = &args.facts {
        let facts = facts_folder::load(folder)?;
        let plan = make_plan(Request { generation: &generation, pipeline, period: &period }, &facts);
        // The folder is in the reader's hands: nothing of it can be hidden from them.
        print(output, &plan, &report(&plan, pipeline, &facts, LineageIds::Listed), None);
        return Ok(Exit::of_plan(plan.status(), args.exit_on_changes));
    }
    let asker = asker::asker(global, &generation.project.rules, None).await?;
    asker.allowed(global, Power::Run, &pipeline.name).await?;
    let _lock = context::lock(global)?;
    let systems = context::systems(global, &generation, context::store(global)?, clock).await?;
    let bar = output.progress("observing BambooHR and GP");
    let live = planning::plan(&systems, &generation, pipeline, &period, &asker.name).await;
    bar.finish_and_clear();
    let live = live?;
    let (shown, hidden) = hide::plan(&asker, &live.plan, pipeline, &live.facts, LineageIds::Listed);
    print(output, &live.plan, &shown, Some((&live.saved.id, &generation.project.rules)));
    hide::tell(output, hidden);
    Ok(Exit::of_plan(live.plan.status(), args.exit_on_changes))
}

fn print(output: &Output, plan: &Plan, report: &PlanReport, stored: Option<(&str, &Rules)>) {
    if output.is_json() {
        return output.json(report);
    }
    plan_view::print(output, report);
    let waiting = plan.documents.iter().filter(|document| document.ready && document.needs_approval).count();
    output.line("");
    match stored {
        Some((id, rules)) if waiting > 0 => output.line(format!(
            "plan {} is stored and awaits approval: {}",
            short(id),
            asker::approve_with(short(id), rules)
        )),
        Some((id, _)) => output.line(format!("plan {} is stored", short(id))),
        None => output.line(format!("plan {} (offline: nothing is stored)", short(&plan.hash))),
    }
}

/// The beginning of an id that people type.
pub fn short(id: &str) -> &str {
    id.get(..12).unwrap_or(id)
}
