//! `status`: the project, its plans and their documents.

use super::args::Global;
use super::context;
use super::exit::{Exit, Failure};
use super::output::{Output, bad, faint, strong};
use super::plan::short;
use super::runs::Runs;
use crate::project::Generation;
use crate::run::watch::state::{State, running};
use crate::store::{DocumentState, SavedPlan, StoredDocument};
use serde_json::json;
use std::collections::BTreeMap;

/// How many plans are shown.
const PLANS: u32 = 20;

/// Runs the command. A project that does not load is told as such, beside what is known all the same: a watch may go on
/// with the generation before.
///
/// # Errors
/// What the store gives; 78 at the end where the project does not load.
pub async fn run(global: &Global, output: &Output) -> Result<Exit, Failure> {
    let watches = running(&context::watch_stem(global));
    let loaded = Generation::load(&global.project, global.environment.as_deref());
    if let (Err(broken), true) = (&loaded, watches.is_empty()) {
        return Err(context::refused(broken, output));
    }
    let store = context::store(global)?;
    let mut plans: Vec<(SavedPlan, Vec<StoredDocument>)> = Vec::new();
    for plan in store.plans(PLANS).await? {
        let documents = store.documents(&plan.id).await?;
        plans.push((plan, documents));
    }
    let runs = Runs::of(store.as_ref(), loaded.as_ref().ok(), context::clock(global).now()).await?;
    if output.is_json() {
        let generation = loaded.as_ref().ok();
        output.json(&json!({
            "project": generation.map(|generation| &generation.project.name),
            "generation": generation.map(|generation| &generation.id),
            "approvals": generation.map(|generation| json!({ "people": generation.project.rules.approvals })),
            "watches": watches,
            "by_itself": runs.as_json(),
            "plans": plans.iter().map(|(plan, documents)| plan_json(plan, documents)).collect::<Vec<_>>(),
        }));
    } else {
        if let Ok(generation) = &loaded {
            print_project(generation, output);
        }
        watches.iter().for_each(|watch| print_watch(watch, output));
        runs.print(watches.iter().any(|watch| watch.is_service), output);
        if plans.is_empty() {
            output.line("no plans yet: ml-connector plan --pipeline NAME");
        }
        let people = loaded.as_ref().ok().map(|generation| generation.project.rules.approvals);
        plans.iter().for_each(|(plan, documents)| print(plan, documents, people, output));
    }
    loaded.map(|_| Exit::Done).map_err(|broken| context::refused(&broken, output))
}

fn print_project(generation: &Generation, output: &Output) {
    let name = strong(&generation.project.name);
    output.line(format!("{name} · generation {}", short(&generation.id)));
    for pipeline in &generation.pipelines {
        output.line(format!("  {:<28} {}", pipeline.name, faint(&pipeline.about)));
    }
}

fn print_watch(watch: &State, output: &Output) {
    let what = match &watch.pipeline {
        _ if watch.is_service => "service".to_owned(),
        Some(pipeline) => format!("watch of {pipeline}"),
        None => "watch of the only pipeline".to_owned(),
    };
    let with = watch.environment.as_ref().map_or_else(String::new, |name| format!(" with {name}"));
    let (id, since) = (short(&watch.generation), moment(watch.since));
    output.line(format!("{what}{with} · generation {id} in force since {since}"));
    let Some(refused) = &watch.refused else { return };
    let more = match refused.errors {
        1 => String::new(),
        2 => ", and 1 more error".to_owned(),
        errors => format!(", and {} more errors", errors - 1),
    };
    let (place, code, message) = (&refused.place, &refused.code, &refused.message);
    output.line(format!(
        "  {} since {}: {place}: error[{code}]: {message}{more}",
        bad("edit refused"),
        moment(refused.since)
    ));
}

fn moment(at: jiff::Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

fn plan_json(plan: &SavedPlan, documents: &[StoredDocument]) -> serde_json::Value {
    let document = |document: &StoredDocument| {
        json!({ "document_id": document.id.as_str(), "kind": document.kind, "role": document.role,
                "period": document.period.0, "state": document.state.word(), "gp_state": document.gp_state,
                "journal": document.journal_number, "attempts": document.attempts, "reason": document.reason,
                "approved_by": document.approved_by, "approvals": document.approvals })
    };
    json!({ "plan": plan.id, "pipeline": plan.pipeline, "period": plan.period.0, "status": plan.status,
            "superseded": plan.superseded, "created_at": plan.created_at.to_string(), "headcount": plan.headcount,
            "documents": documents.iter().map(document).collect::<Vec<_>>() })
}

/// `1 of 2 approvals: kim`, for a document that waits for more people; else nothing.
fn yeses(document: &StoredDocument, people: Option<u32>) -> String {
    let waits = matches!(document.state, DocumentState::Planned | DocumentState::Held);
    if !waits || document.approvals.is_empty() {
        return String::new();
    }
    let names = document.approvals.join(", ");
    match people {
        Some(people) => format!(" · {} of {people} approvals: {names}", document.approvals.len()),
        None => format!(" · approved so far by {names}"),
    }
}

fn print(plan: &SavedPlan, documents: &[StoredDocument], people: Option<u32>, output: &Output) {
    let replaced = documents.iter().any(|document| document.state == DocumentState::Superseded);
    let superseded = if replaced { " (superseded)" } else { "" };
    output.line(format!(
        "{} {} {} · {}{superseded} · {}",
        strong(short(&plan.id)),
        plan.pipeline,
        plan.period,
        plan.status,
        faint(&moment(plan.created_at))
    ));
    let (journals, records): (Vec<_>, Vec<_>) = documents.iter().partition(|document| document.kind == "journal");
    for journal in journals {
        let number = journal.journal_number.map_or_else(String::new, |number| format!(" journal {number}"));
        let seen = match (journal.state, journal.gp_state.as_str()) {
            (DocumentState::Sent, "work") => " · unposted in GP".to_owned(),
            (DocumentState::Sent, seen) => format!(" · {seen} in GP"),
            _ => String::new(),
        };
        let yeses = yeses(journal, people);
        output.line(format!("    {} {} {}{number}{seen}{yeses}", journal.state, journal.role, journal.period));
    }
    let mut states: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for record in records {
        *states.entry((record.state.word(), yeses(record, people))).or_default() += 1;
    }
    for ((state, yeses), count) in states {
        output.line(format!("    {state}: {count} records{yeses}"));
    }
}
