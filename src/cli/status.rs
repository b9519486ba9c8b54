//! `status`: the project, its plans and their documents.

use super::args::Global;
use super::context;
use super::exit::{Exit, Failure};
use super::output::{Output, faint, strong};
use super::plan::short;
use crate::store::{DocumentState, SavedPlan, StoredDocument};
use serde_json::json;
use std::collections::BTreeMap;

/// How many plans are shown.
const PLANS: u32 = 20;

/// Runs the command.
///
/// # Errors
/// What the project or the store gives.
pub async fn run(global: &Global, output: &Output) -> Result<Exit, Failure> {
    let generation = context::load(global, output)?;
    let store = context::store(global)?;
    let mut plans: Vec<(SavedPlan, Vec<StoredDocument>)> = Vec::new();
    for plan in store.plans(PLANS).await? {
        let documents = store.documents(&plan.id).await?;
        plans.push((plan, documents));
    }
    if output.is_json() {
        output.json(&json!({
            "project": generation.project.name,
            "generation": generation.id,
            "plans": plans.iter().map(|(plan, documents)| plan_json(plan, documents)).collect::<Vec<_>>(),
        }));
        return Ok(Exit::Done);
    }
    let name = strong(&generation.project.name);
    output.line(format!("{name} · generation {}", short(&generation.id)));
    for pipeline in &generation.pipelines {
        output.line(format!("  {:<28} {}", pipeline.name, faint(&pipeline.about)));
    }
    if plans.is_empty() {
        output.line("no plans yet: ml-connector plan --pipeline NAME");
    }
    for (plan, documents) in &plans {
        print(plan, documents, output);
    }
    Ok(Exit::Done)
}

fn plan_json(plan: &SavedPlan, documents: &[StoredDocument]) -> serde_json::Value {
    let document = |document: &StoredDocument| {
        json!({ "document_id": document.id.as_str(), "kind": document.kind, "role": document.role,
                "period": document.period.0, "state": document.state.word(), "gp_state": document.gp_state,
                "journal": document.journal_number, "attempts": document.attempts, "reason": document.reason,
                "approved_by": document.approved_by })
    };
    json!({ "plan": plan.id, "pipeline": plan.pipeline, "period": plan.period.0, "status": plan.status,
            "superseded": plan.superseded, "created_at": plan.created_at.to_string(), "headcount": plan.headcount,
            "documents": documents.iter().map(document).collect::<Vec<_>>() })
}

fn print(plan: &SavedPlan, documents: &[StoredDocument], output: &Output) {
    let replaced = documents.iter().any(|document| document.state == DocumentState::Superseded);
    let superseded = if replaced { " (superseded)" } else { "" };
    output.line(format!(
        "{} {} {} · {}{superseded} · {}",
        strong(short(&plan.id)),
        plan.pipeline,
        plan.period,
        plan.status,
        faint(&plan.created_at.strftime("%Y-%m-%d %H:%M UTC").to_string())
    ));
    let (journals, records): (Vec<_>, Vec<_>) = documents.iter().partition(|document| document.kind == "journal");
    for journal in journals {
        let number = journal.journal_number.map_or_else(String::new, |number| format!(" journal {number}"));
        let seen = match (journal.state, journal.gp_state.as_str()) {
            (DocumentState::Sent, "work") => " · unposted in GP".to_owned(),
            (DocumentState::Sent, seen) => format!(" · {seen} in GP"),
            _ => String::new(),
        };
        output.line(format!("    {} {} {}{number}{seen}", journal.state, journal.role, journal.period));
    }
    let mut states: BTreeMap<&str, usize> = BTreeMap::new();
    for record in records {
        *states.entry(record.state.word()).or_default() += 1;
    }
    for (state, count) in states {
        output.line(format!("    {state}: {count} records"));
    }
}
