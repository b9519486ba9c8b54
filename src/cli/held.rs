//! `held`: what is kept back, why, and what to do.

use super::args::Global;
use super::exit::{Exit, Failure};
use super::output::{Output, bad, care, faint, good};
use super::plan::short;
use super::{asker, context};
use crate::store::{DocumentState, HoldRow, StoredDocument};
use clap::Args;
use serde_json::json;
use std::collections::BTreeMap;

#[derive(Debug, Args)]
pub struct HeldArgs {
    /// Only this plan.
    pub plan: Option<String>,
}

/// Runs the command.
///
/// # Errors
/// What the store gives.
pub async fn run(global: &Global, args: &HeldArgs, output: &Output) -> Result<Exit, Failure> {
    let store = context::store(global)?;
    let plan = match &args.plan {
        Some(id) => Some(store.plan(id).await?.id),
        None => None,
    };
    let holds: Vec<HoldRow> =
        store.holds(plan.as_deref()).await?.into_iter().filter(|hold| hold.released_by.is_none()).collect();
    let (mut stopped, mut said) = (Vec::new(), BTreeMap::new());
    let plans = match &plan {
        Some(id) => vec![store.plan(id).await?],
        None => store.plans(1000).await?.into_iter().filter(|plan| !plan.superseded).collect(),
    };
    for plan in &plans {
        for document in store.documents(&plan.id).await? {
            if document.state == DocumentState::Held && !document.approvals.is_empty() {
                said.insert((plan.id.clone(), document.id.to_string()), document.approvals.clone());
            }
            if is_stopped(&document) {
                stopped.push(document);
            }
        }
    }
    if output.is_json() {
        let hold = |hold: &HoldRow| {
            json!({ "plan": hold.plan_id, "code": hold.code, "subject": hold.subject, "message": hold.message,
                    "remedy": hold.remedy, "place": hold.place, "asks": hold.asks, "documents": hold.documents,
                    "approvals": yeses(hold, &said) })
        };
        let document = |document: &StoredDocument| {
            json!({ "plan": document.plan_id, "document_id": document.id.as_str(), "state": document.state.word(),
                    "reason": document.reason })
        };
        output.json(&json!({ "holds": holds.iter().map(hold).collect::<Vec<_>>(),
                             "documents": stopped.iter().map(document).collect::<Vec<_>>() }));
    } else {
        // How many people approve is told where project.yaml can be read; what is held is told in any case.
        let people = asker::rules(global).await.ok().map(|rules| rules.approvals);
        print(&holds, &stopped, &said, people, output);
    }
    Ok(if holds.is_empty() && stopped.is_empty() { Exit::Done } else { Exit::Held })
}

/// A document that was stopped on its way: by GP, by a check right before sending, or without an answer.
fn is_stopped(document: &StoredDocument) -> bool {
    match document.state {
        DocumentState::Refused | DocumentState::Unknown => true,
        DocumentState::Held => !document.reason.is_empty(),
        DocumentState::Planned
        | DocumentState::Approved
        | DocumentState::Sending
        | DocumentState::Sent
        | DocumentState::Superseded => false,
    }
}

/// Who said yes to documents that are still held: by plan and document.
type Said = BTreeMap<(String, String), Vec<String>>;

/// Who said yes so far to all that a hold keeps back.
fn yeses<'s>(hold: &HoldRow, said: &'s Said) -> &'s [String] {
    let of = |id: &String| said.get(&(hold.plan_id.clone(), id.clone())).map_or(&[][..], Vec::as_slice);
    hold.documents.iter().map(of).min_by_key(|yeses| yeses.len()).unwrap_or_default()
}

fn print(holds: &[HoldRow], stopped: &[StoredDocument], said: &Said, people: Option<u32>, output: &Output) {
    if holds.is_empty() && stopped.is_empty() {
        return output.line(good("nothing is held"));
    }
    for hold in holds {
        let so_far = match (yeses(hold, said), people) {
            ([], _) => String::new(),
            (yeses, Some(people)) => format!("; {} of {people}: {}", yeses.len(), yeses.join(", ")),
            (yeses, None) => format!("; so far by {}", yeses.join(", ")),
        };
        let asks = if hold.asks { format!(" (approval releases it{so_far})") } else { String::new() };
        output.line(format!("{} [{}] {}: {}{asks}", bad("held"), hold.code, hold.subject, hold.message));
        let place = if hold.place.is_empty() { String::new() } else { format!(" · {}", hold.place) };
        output.line(format!("      → {}", hold.remedy));
        output.line(faint(&format!("      plan {}{place}", short(&hold.plan_id))));
    }
    for document in stopped {
        let what = match document.content.change() {
            Some(change) => format!("{} {} {}", change.action, change.kind, change.key),
            None => format!("{} journal of {}", document.role, document.period),
        };
        output.line(format!("{} {what}: {}", care(document.state.word()), document.reason));
        let next = match document.state {
            DocumentState::Unknown => "run again: GP is read back before anything else",
            _ => "mend the reason, then run again: it is planned anew",
        };
        output.line(format!("      → {next}"));
    }
}
