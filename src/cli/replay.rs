//! `replay`: a stored plan made again from its own inputs.

use super::args::{Choice, Global};
use super::exit::{Exit, Failure};
use super::output::{Output, bad, good};
use super::plan::short;
use super::{asker, context, hide, plan_view};
use crate::plan::report::{LineageIds, PlanReport};
use crate::run::explain::{make_again, remake, stored_facts};
use crate::run::systems::RunError;
use clap::Args;

#[derive(Debug, Args)]
pub struct ReplayArgs {
    /// The plan's id or the beginning of it [default: the newest of --pipeline and --for].
    pub plan: Option<String>,
    #[command(flatten)]
    pub choice: Choice,
    /// With the project as it was then: proves that the same plan comes out.
    #[arg(long)]
    pub as_it_was: bool,
}

/// Runs the command.
///
/// # Errors
/// When the plan does not read back; with `--as-it-was` exit 70 when another plan comes out.
pub async fn run(global: &Global, args: &ReplayArgs, output: &Output) -> Result<Exit, Failure> {
    let generation = context::load(global, output)?;
    let store = context::store(global)?;
    let stored = context::stored_plan(store.as_ref(), &generation, args.plan.as_deref(), &args.choice).await?;
    if args.as_it_was {
        let remade = remake(store.as_ref(), &stored.id).await?;
        if !remade.is_same {
            let what = format!("plan {} came out as {}", short(&stored.id), short(&remade.plan.hash));
            return Err(RunError::Invariant { what }.into());
        }
        if output.is_json() {
            output.json(&serde_json::json!({ "plan": stored.id, "same": true }));
        } else {
            let plan = short(&stored.id);
            output.line(format!("{} plan {plan} comes out the same from its stored inputs", good("proven:")));
        }
        return Ok(Exit::Done);
    }
    let (saved, facts) = stored_facts(store.as_ref(), &stored.id).await?;
    let plan = make_again(&generation, &saved, &facts)?;
    let pipeline = generation.pipeline(&saved.pipeline).ok_or_else(|| RunError::Read {
        what: format!("pipeline {}", saved.pipeline),
        why: "it is not in this project".to_owned(),
    })?;
    let asker = asker::asker(global, &generation.project.rules, None).await?;
    let (now, hidden) = hide::plan(&asker, &plan, pipeline, &facts, LineageIds::LeftOut);
    if output.is_json() {
        output.json(&now);
    } else {
        plan_view::print(output, &now);
        output.line("");
        for line in changes(&saved.report, &now) {
            output.line(line);
        }
        output.line("(a replay: nothing is stored or sent; `run` observes anew and goes on)");
    }
    hide::tell(output, hidden);
    Ok(Exit::of_plan(plan.status(), false))
}

/// In what the replay differs from what was stored.
fn changes(before: &str, now: &PlanReport) -> Vec<String> {
    let Ok(before) = serde_json::from_str::<PlanReport>(before) else { return Vec::new() };
    if before.plan_hash == now.plan_hash {
        return vec![good("the same plan as stored")];
    }
    let held = |report: &PlanReport| -> Vec<String> {
        report.held.iter().map(|held| format!("[{}] {}", held.code, held.subject)).collect()
    };
    let (were, are) = (held(&before), held(now));
    let mut lines = vec![format!("status: {} → {}", before.status, now.status)];
    lines.extend(were.iter().filter(|hold| !are.contains(hold)).map(|hold| format!("{} {hold}", good("resolved"))));
    lines.extend(are.iter().filter(|hold| !were.contains(hold)).map(|hold| format!("{} {hold}", bad("new"))));
    lines
}
