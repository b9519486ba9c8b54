//! Documents of unclear outcome, and journals that people may have touched: GP is asked, nothing is sent.

use super::systems::{RunError, Systems};
use crate::gp::{Gp, GpError, GpJournal};
use crate::ledger::{JournalEntry, RecordChange};
use crate::plan::facts::{GpState, gp_word};
use crate::store::{DocumentState, Outcome, StoredDocument};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use std::collections::BTreeMap;

/// What GP holds of a document that we tried to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// Exactly what we sent; the batch as GP named it, where it differs.
    Same { batch: Option<String> },
    /// A journal under our number that is not ours.
    Somebodys,
    /// Nothing.
    Nothing,
}

/// Reads back every document of `ledger` whose outcome is unclear: it becomes `sent` or `approved` again. So is a journal that
/// was tried and that GP did not have.
///
/// # Errors
/// What GP or the store gives; the document then stays as it is.
pub async fn read_back(systems: &Systems, ledger: &str) -> Result<(), RunError> {
    systems.same_company(ledger, false).await?;
    for document in systems.store.outbox(ledger).await? {
        match document.state {
            DocumentState::Sending | DocumentState::Unknown => {
                let outcome = outcome_of(&find(systems.gp_of(document.content.company())?, &document).await?);
                systems.store.record_outcome(&document.id, outcome, systems.clock.now()).await?;
            }
            // It was tried before, and GP had not got it: it may have been slow.
            DocumentState::Approved if document.journal_number.is_some() => {
                let gp = systems.gp_of(document.content.company())?;
                if let found @ Found::Same { .. } = find(gp, &document).await? {
                    systems.store.record_outcome(&document.id, outcome_of(&found), systems.clock.now()).await?;
                }
            }
            DocumentState::Planned
            | DocumentState::Approved
            | DocumentState::Held
            | DocumentState::Sent
            | DocumentState::Refused
            | DocumentState::Superseded => {}
        }
    }
    Ok(())
}

/// What a read-back means for the document.
pub fn outcome_of(found: &Found) -> Outcome {
    match found {
        Found::Same { batch } => Outcome::Sent { batch: batch.clone() },
        // GP refused ours because the number was somebody's, or never got it: either way it is not there.
        Found::Somebodys | Found::Nothing => Outcome::NotThere,
    }
}

/// Asks GP for a document: a journal by its number and date, then by its batch and key; a record by its key.
///
/// # Errors
/// What GP gives.
pub async fn find(gp: &Gp, document: &StoredDocument) -> Result<Found, GpError> {
    if let Some(change) = document.content.change() {
        let record = gp.record(change.kind, &change.key).await?;
        let same = record.is_some_and(|record| holds(&change, record.active, &record.fields));
        return Ok(if same { Found::Same { batch: None } } else { Found::Nothing });
    }
    let Some(entry) = document.content.entry() else { return Ok(Found::Nothing) };
    let mut taken = false;
    if let Some(number) = document.journal_number
        && let Some(journal) = gp.journal(number, entry.date).await?
    {
        if is_ours(&journal, document) {
            return Ok(Found::Same { batch: renamed(&journal, &entry) });
        }
        taken = true;
    }
    let in_batch = gp.journals_in_batch(&entry.batch, document.id.key()).await?;
    // GP's own reversal of an accrual may carry our reference too, on its later day.
    let ours = in_batch.iter().find(|journal| journal.entry.date == entry.date).or(in_batch.first());
    Ok(match ours {
        Some(journal) => Found::Same { batch: renamed(journal, &entry) },
        None if taken => Found::Somebodys,
        None => Found::Nothing,
    })
}

/// A journal is ours when its reference ends with our key: the reference is the one thing we know GP keeps.
fn is_ours(journal: &GpJournal, document: &StoredDocument) -> bool {
    journal.entry.reference.trim_end().ends_with(document.id.key())
}

fn renamed(journal: &GpJournal, entry: &JournalEntry) -> Option<String> {
    (journal.batch != entry.batch).then(|| journal.batch.to_string())
}

/// Whether a record already is as the change wants it.
fn holds(change: &RecordChange, active: bool, fields: &BTreeMap<String, String>) -> bool {
    change.after.iter().all(|(field, wanted)| match field.as_str() {
        "status" => (wanted == "active") == active,
        // GP never shows it back.
        "tax_id" => true,
        _ => fields.get(field).map_or("", String::as_str).trim_end() == wanted,
    })
}

/// Looks in GP at every sent journal that was unposted when last seen: people post, edit and delete.
///
/// # Errors
/// What GP or the store gives.
pub async fn look_at_unposted(systems: &Systems, ledger: &str) -> Result<(), RunError> {
    systems.same_company(ledger, false).await?;
    let unposted = systems.store.unposted(ledger).await?;
    let at_once = systems.gp.calls_at_once();
    stream::iter(unposted.iter().map(|document| look_at(systems, document))).buffered(at_once).try_collect().await
}

async fn look_at(systems: &Systems, document: &StoredDocument) -> Result<(), RunError> {
    let (Some(number), Some(entry)) = (document.journal_number, document.content.entry()) else {
        return Err(RunError::Invariant { what: format!("sent document {} does not read back", document.id) });
    };
    let seen = match in_gp(systems.gp_of(document.content.company())?, document, number, &entry).await? {
        None => GpState::Deleted,
        // Under our number it is ours, whatever became of its reference: proposing it again could book it twice.
        Some(journal) if !same_entry(&journal.entry, &entry) => GpState::Edited,
        Some(journal) => journal.state,
    };
    if gp_word(seen) != document.gp_state {
        systems.store.record_gp_state(&document.id, seen, systems.clock.now()).await?;
    }
    Ok(())
}

/// The journal that GP holds of a sent document; `None` when a person deleted it.
///
/// # Errors
/// What GP gives.
pub async fn in_gp(
    gp: &Gp,
    document: &StoredDocument,
    number: u32,
    entry: &JournalEntry,
) -> Result<Option<GpJournal>, GpError> {
    Ok(match gp.journal(number, entry.date).await? {
        Some(journal) => Some(journal),
        // Somebody may have moved its date or number: our key in the batch still finds it.
        None => gp.journals_in_batch(&entry.batch, document.id.key()).await?.into_iter().next(),
    })
}

/// Whether GP still holds what was sent, its reversal included: without it an accrual would stay in the books. A rate that we
/// did not send is GP's own.
pub fn same_entry(held: &JournalEntry, sent: &JournalEntry) -> bool {
    let same_rate = sent.exchange.is_none() || held.exchange == sent.exchange;
    held.date == sent.date && held.reverses_on == sent.reverses_on && same_rate && same_lines(held, sent)
}

/// Whether two entries book the same amounts into the same accounts.
pub fn same_lines(left: &JournalEntry, right: &JournalEntry) -> bool {
    let lines = |entry: &JournalEntry| {
        let mut lines: Vec<_> =
            entry.lines.iter().map(|line| (line.account.as_str().to_uppercase(), line.debit, line.credit)).collect();
        lines.sort();
        lines
    };
    lines(left) == lines(right)
}
