//! `held`: what is kept back, why, and what to do.

use super::args::{Global, HeldArgs};
use super::context;
use super::exit::{Exit, Failure};
use super::output::{Output, bad, care, faint, good};
use super::plan::short;
use crate::store::{DocumentState, HoldRow, StoredDocument};
use serde_json::json;

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
    let mut stopped = Vec::new();
    let plans = match &plan {
        Some(id) => vec![store.plan(id).await?],
        None => store.plans(1000).await?.into_iter().filter(|plan| !plan.superseded).collect(),
    };
    for plan in &plans {
        stopped.extend(store.documents(&plan.id).await?.into_iter().filter(is_stopped));
    }
    if output.is_json() {
        let hold = |hold: &HoldRow| {
            json!({ "plan": hold.plan_id, "code": hold.code, "subject": hold.subject, "message": hold.message,
                    "remedy": hold.remedy, "place": hold.place, "asks": hold.asks, "documents": hold.documents })
        };
        let document = |document: &StoredDocument| {
            json!({ "plan": document.plan_id, "document_id": document.id.as_str(), "state": document.state.word(),
                    "reason": document.reason })
        };
        output.json(&json!({ "holds": holds.iter().map(hold).collect::<Vec<_>>(),
                             "documents": stopped.iter().map(document).collect::<Vec<_>>() }));
    } else {
        print(&holds, &stopped, output);
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

fn print(holds: &[HoldRow], stopped: &[StoredDocument], output: &Output) {
    if holds.is_empty() && stopped.is_empty() {
        return output.line(good("nothing is held"));
    }
    for hold in holds {
        let asks = if hold.asks { " (approval releases it)" } else { "" };
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
