//! A period's reconciliation: its newest stored plan made again, our ledger, and GP read back. Nothing is sent or stored.

use super::explain::{Remade, remake};
use super::recover::in_gp;
use super::systems::{RunError, Systems};
use crate::hr::PeriodCode;
use crate::ledger::{AccountNumber, DocumentId, JournalEntry, Minor};
use crate::plan::desire::ledger_of;
use crate::plan::facts::GpState;
use crate::plan::reconcile::inputs::{BookedDocument, InGp, Inputs, Nets, Phase};
use crate::plan::reconcile::pack;
use crate::plan::reconcile::view::Reconciliation;
use crate::project::pipeline::Make;
use crate::store::audit::first_break;
use crate::store::{DocumentState, Store, StoredContent, StoredDocument};
use std::collections::{BTreeMap, BTreeSet};

/// Whom to ask, and how much to show.
pub struct Asked<'a> {
    /// `None`: offline, our own ledger only.
    pub systems: Option<&'a Systems>,
    /// Roll cost centres of a single person into `others`.
    pub hide_single: bool,
}

/// Reconciles the period of a stored plan.
///
/// # Errors
/// When the plan does not read back or makes no journal, or what the store or GP gives.
pub async fn reconcile(store: &dyn Store, plan_id: &str, asked: Asked<'_>) -> Result<Reconciliation, RunError> {
    let Remade { saved, generation, facts, plan, is_same } = remake(store, plan_id).await?;
    let no_journal = || RunError::Read {
        what: format!("pipeline {}", saved.pipeline),
        why: "it makes no journal, so there is nothing to reconcile with the books".to_owned(),
    };
    let pipeline = generation.pipeline(&saved.pipeline).ok_or_else(no_journal)?;
    let (Make::Journal(rule), Some(pay)) = (&pipeline.make, &pipeline.pay) else { return Err(no_journal()) };
    if let Some(systems) = asked.systems {
        systems.same_company(ledger_of(pipeline), false).await?;
    }
    let stored = of_period(store, &saved.id, ledger_of(pipeline), &saved.period).await?;
    let mut documents = Vec::new();
    for document in &stored {
        documents.push(booked(document, asked.systems).await?);
    }
    count_replaced_once(&stored, &mut documents);
    let audit_break = first_break(&store.audit_rows(None).await?);
    Ok(pack::reconcile(&Inputs {
        plan_id: &saved.id,
        proven: is_same,
        plan: &plan,
        pipeline,
        rule,
        pay,
        facts: &facts,
        documents: &documents,
        gp_asked: asked.systems.is_some(),
        audit_break,
        hide_single: asked.hide_single,
    }))
}

/// What GP holds more or less than was sent belongs to the newest document of a journal that was written anew; the ones
/// before it are in GP as they were sent.
fn count_replaced_once(stored: &[StoredDocument], documents: &mut [BookedDocument]) {
    for (document, booked) in stored.iter().zip(documents) {
        let is_newer = |other: &StoredDocument| {
            other.state == DocumentState::Sent
                && other.sequence > document.sequence
                && other.content.replaces().is_some()
                && other.content.replaces() == document.journal_number
        };
        if stored.iter().any(is_newer)
            && let InGp::Held { nets, .. } = &mut booked.in_gp
        {
            nets.clone_from(&booked.nets);
        }
    }
}

/// Every journal that a close of `period` must look at, each once: sent ones with cost of it, those on their way, and the
/// rest of the plan (corrections of other periods among them).
async fn of_period(
    store: &dyn Store,
    plan_id: &str,
    ledger: &str,
    period: &PeriodCode,
) -> Result<Vec<StoredDocument>, RunError> {
    let mut found: BTreeMap<DocumentId, StoredDocument> = BTreeMap::new();
    let lines = store.sent_lines(ledger).await?;
    let numbers: BTreeSet<u32> =
        lines.iter().filter(|line| line.period == *period).filter_map(|line| line.journal.parse().ok()).collect();
    let ids: BTreeSet<&DocumentId> =
        lines.iter().filter(|line| line.period == *period).map(|line| &line.document_id).collect();
    for number in numbers {
        let sent = store.by_number(number).await?;
        found.extend(sent.into_iter().filter(|document| ids.contains(&document.id)).map(|one| (one.id.clone(), one)));
    }
    let waiting = store.documents(plan_id).await?.into_iter().chain(store.outbox(ledger).await?);
    for document in waiting.filter(|document| document.kind == "journal") {
        found.entry(document.id.clone()).or_insert(document);
    }
    let mut documents: Vec<StoredDocument> =
        found.into_values().filter(|document| document.state != DocumentState::Superseded).collect();
    documents.sort_by(|a, b| {
        (a.journal_number.is_none(), a.journal_number, &a.id).cmp(&(
            b.journal_number.is_none(),
            b.journal_number,
            &b.id,
        ))
    });
    Ok(documents)
}

/// A stored journal with its amounts, and with what GP shows of it.
async fn booked(document: &StoredDocument, systems: Option<&Systems>) -> Result<BookedDocument, RunError> {
    let damaged = || RunError::Invariant { what: format!("document {} does not read back", document.id) };
    let entry = document.content.entry().ok_or_else(damaged)?;
    let known_deleted = document.state == DocumentState::Sent && document.gp_state == "deleted";
    let asks = document.state == DocumentState::Sent && !known_deleted;
    let held = match (systems, document.journal_number) {
        (Some(systems), Some(number)) if asks => {
            match in_gp(systems.gp_of(document.content.company())?, document, number, &entry).await? {
                None => InGp::Absent,
                Some(journal) => InGp::Held {
                    posted: journal.state == GpState::Posted,
                    date: journal.entry.date,
                    nets: nets(&journal.entry),
                },
            }
        }
        _ => InGp::NotAsked,
    };
    Ok(BookedDocument {
        id: document.id.clone(),
        role: document.role.clone(),
        phase: phase(document.state),
        reason: document.reason.clone(),
        journal_number: document.journal_number,
        batch: entry.batch.to_string(),
        date: entry.date,
        currency: entry.currency,
        nets: nets(&entry),
        by_period: by_period(document, &entry).ok_or_else(damaged)?,
        known_deleted,
        in_gp: held,
    })
}

fn phase(state: DocumentState) -> Phase {
    match state {
        DocumentState::Held | DocumentState::Superseded => Phase::Held,
        DocumentState::Planned => Phase::AwaitsApproval,
        DocumentState::Approved => Phase::Approved,
        DocumentState::Refused => Phase::Refused,
        DocumentState::Sending | DocumentState::Unknown => Phase::Unknown,
        DocumentState::Sent => Phase::Sent,
    }
}

fn nets(entry: &JournalEntry) -> Nets {
    let mut nets = Nets::new();
    for line in &entry.lines {
        *nets.entry(line.account.clone()).or_default() += line.debit - line.credit;
    }
    nets
}

fn by_period(document: &StoredDocument, entry: &JournalEntry) -> Option<BTreeMap<PeriodCode, Nets>> {
    let StoredContent::Journal { by_period, .. } = &document.content else { return None };
    let amounts = |accounts: &BTreeMap<String, String>| -> Option<Nets> {
        accounts
            .iter()
            .map(|(account, amount)| Some((AccountNumber::new(account), Minor::parse(amount, entry.currency)?)))
            .collect()
    };
    by_period.iter().map(|(code, accounts)| Some((PeriodCode(code.clone()), amounts(accounts)?))).collect()
}
