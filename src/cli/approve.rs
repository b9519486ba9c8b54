//! `approve`: a person says that a stored plan may be sent.

use super::args::{ApproveArgs, Global};
use super::context;
use super::exit::{Exit, Failure};
use super::output::{Output, good};
use super::plan::short;
use crate::run::systems::RunError;
use crate::store::DocumentState;
use serde_json::json;

/// Runs the command.
///
/// # Errors
/// When there is no such plan, or a newer one took its place.
pub async fn run(global: &Global, args: &ApproveArgs, output: &Output) -> Result<Exit, Failure> {
    let generation = context::load(global, output)?;
    let _lock = context::lock(global)?;
    let store = context::store(global)?;
    let plan = context::stored_plan(store.as_ref(), &generation, args.plan.as_deref(), &args.choice).await?;
    if plan.superseded {
        return Err(RunError::Stale {
            plan: short(&plan.id).to_owned(),
            why: "a newer plan took its place".to_owned(),
        }
        .into());
    }
    let who = context::who(args.by.as_deref());
    let now = context::clock(global).now();
    let approved = store.approve(&plan.id, &who, now).await?;
    let documents = store.documents(&plan.id).await?;
    let held = documents.iter().filter(|document| document.state == DocumentState::Held).count();
    if output.is_json() {
        let ids: Vec<&str> = approved.iter().map(|id| id.as_str()).collect();
        output.json(&json!({ "plan": plan.id, "approved": ids, "held": held, "by": who }));
    } else {
        match approved.len() {
            0 => output.line(format!("plan {} has nothing that awaits approval", short(&plan.id))),
            count => output.line(format!("{} {count} of plan {} by {who}", good("approved"), short(&plan.id))),
        }
        if held > 0 {
            output.line(format!("{held} stay held: ml-connector held {}", short(&plan.id)));
        }
        if !approved.is_empty() {
            output.line(format!("next: ml-connector send --pipeline {}", plan.pipeline));
        }
    }
    Ok(if approved.is_empty() && held > 0 { Exit::Held } else { Exit::Done })
}
