//! A stored plan, made again from its own inputs: for explanations, and to prove that it still comes out the same.

use super::inputs;
use super::systems::RunError;
use crate::clock::Clock;
use crate::plan::document::{Plan, Role};
use crate::plan::explain::{LineExplanation, PartExplanation, Pay, explain};
use crate::plan::facts::Facts;
use crate::plan::make::{Request, make_plan};
use crate::project::Generation;
use crate::project::files::ProjectFiles;
use crate::store::{AuditEntry, SavedPlan, Store, StoredDocument};
use serde::Serialize;
use std::collections::BTreeSet;
use std::path::Path;

/// A stored plan made again.
pub struct Remade {
    pub saved: SavedPlan,
    pub generation: Generation,
    pub facts: Facts,
    pub plan: Plan,
    /// Whether it came out byte for byte as it was stored.
    pub is_same: bool,
}

/// An explained document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    pub document_id: String,
    pub plan_id: String,
    pub generation: String,
    pub period: String,
    pub reference: String,
    pub journal_number: Option<u32>,
    /// The plan was made again from its stored inputs, and its hash is the stored one.
    pub proven: bool,
    pub lines: Vec<LineExplanation>,
}

/// What stands for an amount that a reader may not see.
pub const HIDDEN: &str = "***";

/// How much of single people's pay a reader is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    /// Everything.
    Pay,
    /// Lines and their parts, without the amounts of the people behind them: also where somebody is behind one alone.
    Lines,
    /// The same, and nothing of a journal where the line of one person would tell their pay.
    SharedLines,
}

/// Makes a stored plan again with the project it was made with.
///
/// # Errors
/// When the plan, its inputs or its project do not read back.
pub async fn remake(store: &dyn Store, plan_id: &str) -> Result<Remade, RunError> {
    let saved = store.plan(plan_id).await?;
    let (facts, files) = inputs::unpack(&store.inputs(&saved.id).await?)?;
    let generation = load(&files)?;
    let plan = make_again(&generation, &saved, &facts)?;
    let is_same = saved.id.starts_with(&plan.hash);
    Ok(Remade { saved, generation, facts, plan, is_same })
}

/// Makes the plan of stored facts with `generation`: a replay after the project was mended.
///
/// # Errors
/// When the generation no longer has the pipeline or the period does not read back.
pub fn make_again(generation: &Generation, saved: &SavedPlan, facts: &Facts) -> Result<Plan, RunError> {
    let unreadable = |what: &str| RunError::Read { what: what.to_owned(), why: "not in this project".to_owned() };
    let pipeline =
        generation.pipeline(&saved.pipeline).ok_or_else(|| unreadable(&format!("pipeline {}", saved.pipeline)))?;
    let period = pipeline
        .calendar
        .period(&saved.period.0)
        .map_err(|error| RunError::Read { what: "the period".to_owned(), why: error.to_string() })?;
    Ok(make_plan(Request { generation, pipeline, period: &period }, facts))
}

/// The facts that a stored plan was made from.
///
/// # Errors
/// When they do not read back.
pub async fn stored_facts(store: &dyn Store, plan_id: &str) -> Result<(SavedPlan, Facts), RunError> {
    let saved = store.plan(plan_id).await?;
    let (facts, _) = inputs::unpack(&store.inputs(&saved.id).await?)?;
    Ok((saved, facts))
}

/// Explains a sent or planned journal, all lines or one account. Showing single people's pay leaves an audit row.
///
/// # Errors
/// When the stored plan does not read back, or the store gives an error.
pub async fn explain_document(
    store: &dyn Store,
    clock: &dyn Clock,
    document: &StoredDocument,
    account: Option<&str>,
    reads: Reads,
    who: &str,
) -> Result<Explanation, RunError> {
    let pay = if reads == Reads::Pay { Pay::Shown } else { Pay::Hidden };
    if pay == Pay::Shown {
        let detail = format!("pay of single people behind {}", account.unwrap_or("every account"));
        let (what, subject) = ("read pay".to_owned(), document.id.to_string());
        store.audit(AuditEntry { at: clock.now(), who: who.to_owned(), what, subject, detail }).await?;
    }
    let remade = remake(store, &document.plan_id).await?;
    let pipeline = remade.generation.pipeline(&remade.saved.pipeline);
    let found = remade.plan.documents.iter().find(|made| made.id == document.id);
    let journal = found.and_then(|made| made.journal());
    let lines = match (pipeline, journal) {
        (Some(pipeline), Some(journal)) => {
            let of = |account| explain(&remade.plan, pipeline, &remade.facts, journal, account, pay);
            let mut lines = of(account);
            match reads {
                Reads::Pay => {}
                Reads::Lines => hide_single(&mut lines),
                Reads::SharedLines => hide(&of(None), journal.role != Role::Original, &mut lines),
            }
            lines
        }
        _ => Vec::new(),
    };
    Ok(Explanation {
        document_id: document.id.to_string(),
        plan_id: remade.saved.id.clone(),
        generation: remade.generation.id.clone(),
        period: document.period.0.clone(),
        reference: journal.map_or_else(String::new, |journal| journal.entry.reference.clone()),
        journal_number: document.journal_number,
        proven: remade.is_same,
        lines,
    })
}

/// Hides the amounts of lines that one person alone is behind, and of all parts of a line where somebody is alone behind one:
/// parts add up.
fn hide_single(lines: &mut [LineExplanation]) {
    for line in lines {
        if people(&line.parts) == 1 {
            HIDDEN.clone_into(&mut line.debit);
            HIDDEN.clone_into(&mut line.credit);
        }
        if line.parts.iter().any(|part| people(std::slice::from_ref(part)) == 1) {
            line.parts.iter_mut().for_each(|part| HIDDEN.clone_into(&mut part.amount));
        }
    }
}

fn people(parts: &[PartExplanation]) -> usize {
    let all = parts.iter().flat_map(|part| &part.people).map(|person| person.employee.as_str());
    all.collect::<BTreeSet<_>>().len()
}

/// Hides the amounts of lines and parts where any of the journal is one person's: the journal balances, and parts add up to their
/// line, so one that is left out could be computed. A correction is mostly one person's raise or move.
fn hide(journal: &[LineExplanation], is_correction: bool, lines: &mut [LineExplanation]) {
    let of_one_line = is_correction || journal.iter().any(|line| people(&line.parts) < 2);
    let parts = || journal.iter().flat_map(|line| &line.parts);
    let of_one_part = of_one_line || parts().any(|part| people(std::slice::from_ref(part)) < 2);
    for line in lines {
        if of_one_line {
            HIDDEN.clone_into(&mut line.debit);
            HIDDEN.clone_into(&mut line.credit);
        }
        if of_one_part {
            line.parts.iter_mut().for_each(|part| HIDDEN.clone_into(&mut part.amount));
        }
    }
}

/// Compiles stored project files, laid out in a folder of their own for as long as that takes.
fn load(files: &ProjectFiles) -> Result<Generation, RunError> {
    let failed = |why: String| RunError::Read { what: "the project stored with the plan".to_owned(), why };
    let folder = tempfile::tempdir().map_err(|error| failed(error.to_string()))?;
    for (path, bytes) in files.iter() {
        write(folder.path(), path, bytes).map_err(|error| failed(error.to_string()))?;
    }
    Generation::load(folder.path(), files.environment.as_deref())
        .map_err(|broken| failed(format!("{} findings", broken.findings.len())))
}

fn write(folder: &Path, path: &str, bytes: &[u8]) -> std::io::Result<()> {
    let file = folder.join(path);
    if let Some(parent) = file.parent() {
        std::fs::create_dir_all(parent)?;
    }
    std::fs::write(file, bytes)
}
