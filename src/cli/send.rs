//! `send`: deliver what is approved.

use super::args::{Choice, Global};
use super::exit::{Exit, Failure};
use super::output::{Output, bad, care, good};
use super::{asker, context};
use crate::plan::desire::ledger_of;
use crate::project::roles::Power;
use crate::project::{Generation, Pipeline};
use crate::run::send::{SendSummary, Sent, send};
use crate::run::systems::{RunError, Systems};
use crate::store::{DocumentState, Outcome};
use clap::Args;
use serde_json::json;
use std::collections::BTreeMap;

#[derive(Debug, Args)]
pub struct SendArgs {
    /// The plan's id or the beginning of it [default: everything approved of --pipeline].
    pub plan: Option<String>,
    #[command(flatten)]
    pub choice: Choice,
}

/// Runs the command.
///
/// # Errors
/// What the store or GP gives while it is asked.
pub async fn run(global: &Global, args: &SendArgs, output: &Output) -> Result<Exit, Failure> {
    let generation = context::load(global, output)?;
    let asker = asker::asker(global, &generation.project.rules, None).await?;
    asker.allowed(global, Power::Run, args.plan.as_deref().unwrap_or("what is approved")).await?;
    let _lock = context::lock(global)?;
    let systems = context::systems(global, &generation, context::store(global)?, context::clock(global)).await?;
    let plan = match &args.plan {
        Some(id) => Some(systems.store.plan(id).await?),
        None => None,
    };
    let pipeline = match &plan {
        Some(plan) => generation
            .pipeline(&plan.pipeline)
            .ok_or_else(|| RunError::Stale { plan: plan.id.clone(), why: "its pipeline is gone".to_owned() })?,
        None => context::pipeline(&generation, &args.choice)?,
    };
    if let Some(plan) = plan.as_ref().filter(|plan| plan.superseded) {
        let why = "a newer plan took its place".to_owned();
        return Err(RunError::Stale { plan: plan.id.clone(), why }.into());
    }
    let plan_id = plan.as_ref().map(|plan| plan.id.as_str());
    let (summary, waiting) = deliver(&systems, &generation, pipeline, plan_id, output).await?;
    if output.is_json() {
        output.json(&as_json(&summary, waiting));
    } else {
        print(output, &summary, waiting);
    }
    Ok(Exit::of_sending(&summary, waiting > 0))
}

/// Sends what is approved; gives what became of it and how many documents still wait for a person.
///
/// # Errors
/// What the store or GP gives while it is asked.
pub async fn deliver(
    systems: &Systems,
    generation: &Generation,
    pipeline: &Pipeline,
    plan_id: Option<&str>,
    output: &Output,
) -> Result<(SendSummary, usize), Failure> {
    let gp = generation.project.gp.as_ref().ok_or(RunError::NoConnection { system: "gp" })?;
    let bar = output.progress("sending to GP");
    let summary = send(systems, gp, ledger_of(pipeline), plan_id).await;
    bar.finish_and_clear();
    let latest = match plan_id {
        Some(id) => Some(systems.store.plan(id).await?),
        None => systems.store.latest_plan(&pipeline.name, None).await?,
    };
    let documents = match latest {
        Some(plan) => systems.store.documents(&plan.id).await?,
        None => Vec::new(),
    };
    let waits =
        |state: DocumentState| matches!(state, DocumentState::Planned | DocumentState::Held | DocumentState::Refused);
    Ok((summary?, documents.iter().filter(|document| waits(document.state)).count()))
}

/// The summary as JSON.
pub fn as_json(summary: &SendSummary, waiting: usize) -> serde_json::Value {
    let document = |sent: &Sent| {
        let (outcome, reason) = words(&sent.outcome);
        json!({ "document_id": sent.id.as_str(), "what": sent.what, "journal": sent.journal_number,
                "outcome": outcome, "reason": reason })
    };
    let documents: Vec<_> = summary.documents.iter().map(document).collect();
    json!({ "documents": documents, "waiting": waiting, "sign_in_refused": summary.sign_in_refused })
}

fn words(outcome: &Outcome) -> (&'static str, &str) {
    match outcome {
        Outcome::Sent { .. } => ("sent", ""),
        Outcome::Refused { reason } => ("refused", reason),
        Outcome::Later { reason } => ("queued", reason),
        Outcome::Held { reason } => ("held", reason),
        Outcome::Unknown { reason } => ("unknown", reason),
        Outcome::NotThere => ("queued", "GP does not have it; it will be sent by the next run"),
    }
}

/// The summary in one line, without a name or an amount: how many came to what.
pub fn in_short(summary: &SendSummary) -> String {
    if let Some(why) = &summary.sign_in_refused {
        return format!("GP refused the sign-in: {why}");
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for sent in &summary.documents {
        *counts.entry(words(&sent.outcome).0).or_default() += 1;
    }
    let counts: Vec<String> = counts.iter().map(|(word, count)| format!("{count} {word}")).collect();
    counts.join(", ")
}

/// How many sent records are listed one by one.
const LISTED: usize = 5;

/// Prints the summary for people.
pub fn print(output: &Output, summary: &SendSummary, waiting: usize) {
    let sent = summary.documents.iter().filter(|sent| matches!(sent.outcome, Outcome::Sent { .. }));
    let (listed, more): (Vec<_>, Vec<_>) =
        sent.enumerate().partition(|(at, sent)| *at < LISTED || sent.journal_number.is_some());
    for (_, sent) in &listed {
        let number = sent.journal_number.map_or_else(String::new, |number| format!(" → GP journal {number}, unposted"));
        output.line(format!("{} {}{number}", good("sent"), sent.what));
    }
    if !more.is_empty() {
        output.line(format!("{} {} more", good("sent"), more.len()));
    }
    for document in &summary.documents {
        let (word, reason) = words(&document.outcome);
        match document.outcome {
            Outcome::Sent { .. } => {}
            Outcome::Refused { .. } | Outcome::Held { .. } => {
                output.line(format!("{} {}: {reason}", bad(word), document.what));
            }
            Outcome::Later { .. } | Outcome::Unknown { .. } | Outcome::NotThere => {
                output.line(format!("{} {}: {reason}", care(word), document.what));
            }
        }
    }
    if let Some(why) = &summary.sign_in_refused {
        output.line(format!("{} {why}", bad("GP refused the sign-in:")));
        output.line("      → correct the account; nothing more was tried, so that it is not locked out");
    }
    if summary.documents.is_empty() && summary.sign_in_refused.is_none() {
        output.line("nothing to send");
    }
    if waiting > 0 {
        let wait = if waiting == 1 { "waits" } else { "wait" };
        output.line(format!("{waiting} {wait} for a person: ml-connector status, ml-connector held"));
    }
}
