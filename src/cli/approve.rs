//! `approve`: a person says yes to a stored plan, and enough of them send it.

use super::args::{Choice, Global};
use super::exit::{Exit, Failure};
use super::output::{Output, care, good};
use super::plan::short;
use super::plan_view::count;
use super::{asker, context};
use crate::project::roles::Power;
use crate::run::systems::RunError;
use crate::store::{Approved, DocumentState, HoldRow, SavedPlan, Store, StoredDocument, Waiting};
use clap::Args;
use serde_json::json;
use std::collections::BTreeMap;

#[derive(Debug, Args)]
pub struct ApproveArgs {
    /// The plan's id or the beginning of it [default: the newest of --pipeline and --for].
    pub plan: Option<String>,
    #[command(flatten)]
    pub choice: Choice,
    /// Who approves; goes into the audit trail.
    #[arg(long, value_name = "NAME", env = "ML_CONNECTOR_USER")]
    pub by: Option<String>,
}

/// Runs the command.
///
/// # Errors
/// When there is no such plan, or a newer one took its place.
pub async fn run(global: &Global, args: &ApproveArgs, output: &Output) -> Result<Exit, Failure> {
    let generation = context::load(global, output)?;
    let rules = &generation.project.rules;
    let asker = asker::asker(global, rules, args.by.as_deref()).await?;
    asker.allowed(global, Power::Approve, args.plan.as_deref().unwrap_or("the newest plan")).await?;
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
    let now = context::clock(global).now();
    let asked = asking(store.as_ref(), &plan).await?;
    let approved = store.approve(&plan.id, &asker.name, rules.approvals, now).await?;
    let documents = store.documents(&plan.id).await?;
    let is_held = |document: &&StoredDocument| {
        document.state == DocumentState::Held && !approved.waiting.iter().any(|waiting| waiting.id == document.id)
    };
    let held = documents.iter().filter(is_held).count();
    let still = asking(store.as_ref(), &plan).await?;
    let released: Vec<&HoldRow> = asked.iter().filter(|hold| !still.contains(hold)).collect();
    if output.is_json() {
        let ids: Vec<&str> = approved.documents.iter().map(|id| id.as_str()).collect();
        let waiting = |waiting: &Waiting| json!({ "document_id": waiting.id.as_str(), "approvals": waiting.approvals });
        let waiting: Vec<_> = approved.waiting.iter().map(waiting).collect();
        output.json(&json!({ "plan": plan.id, "approved": ids, "waiting": waiting, "people": rules.approvals,
                             "released": released.iter().map(|hold| json!({ "code": hold.code, "subject": hold.subject }))
                                 .collect::<Vec<_>>(), "held": held, "by": asker.name }));
    } else {
        print(&plan, &approved, rules.approvals, &asker.name, output);
        for HoldRow { code, subject, message, .. } in released {
            output.line(format!("{} [{code}] {subject}: {message}", care("released")));
        }
        if held > 0 {
            output.line(format!("{held} stay held: ml-connector held {}", short(&plan.id)));
        }
        if !approved.documents.is_empty() {
            output.line(format!("next: ml-connector send --pipeline {}", plan.pipeline));
        }
    }
    // What waits for other people is held up as well: a script must not take it for sent next.
    let none_is_sent = approved.documents.is_empty() && (held > 0 || !approved.waiting.is_empty());
    Ok(if none_is_sent { Exit::Held } else { Exit::Done })
}

/// The holds of a plan that approval releases.
async fn asking(store: &dyn Store, plan: &SavedPlan) -> Result<Vec<HoldRow>, Failure> {
    let holds = store.holds(Some(&plan.id)).await?;
    Ok(holds.into_iter().filter(|hold| hold.asks && hold.released_by.is_none()).collect())
}

fn print(plan: &SavedPlan, approved: &Approved, people: u32, who: &str, output: &Output) {
    let id = short(&plan.id);
    if !approved.documents.is_empty() {
        output.line(format!("{} {} of plan {id} by {who}", good("approved"), approved.documents.len()));
    }
    let mut by_yeses: BTreeMap<(&[String], bool), usize> = BTreeMap::new();
    for waiting in &approved.waiting {
        *by_yeses.entry((waiting.approvals.as_slice(), waiting.said_before)).or_default() += 1;
    }
    for ((yeses, said_before), documents) in by_yeses {
        let (count, names) = (count(documents, "document"), yeses.join(", "));
        let again = if said_before { format!("; {who} said yes before, and counts once") } else { String::new() };
        output.line(format!(
            "{} {} of {people} for {count} of plan {id}: {names}{again}",
            care("approvals:"),
            yeses.len()
        ));
    }
    match (approved.documents.len(), approved.waiting.len()) {
        (0, 0) => output.line(format!("plan {id} has nothing that awaits approval")),
        (_, 0) => {}
        _ => output.line(format!("next: somebody else, ml-connector approve {id}")),
    }
}
