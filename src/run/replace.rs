//! Right before our own unposted journal is written anew: GP must still hold it as we sent it.

use super::recover::same_entry;
use super::systems::{RunError, Systems};
use crate::ledger::JournalEntry;
use crate::plan::facts::GpState;
use crate::store::{DocumentState, StoredDocument};

/// Why journal `number` must not be written anew by `document`; `None` when it may be.
///
/// # Errors
/// What GP or the store gives.
pub async fn problem(
    systems: &Systems,
    document: &StoredDocument,
    number: u32,
    entry: &JournalEntry,
) -> Result<Option<String>, RunError> {
    let held = systems.gp_of(document.content.company())?.journal(number, entry.date).await?;
    let Some(held) = held else {
        return Ok(Some(format!("journal {number} is not in GP under {} any more", entry.date)));
    };
    if held.state != GpState::Work {
        return Ok(Some(format!("journal {number} was posted since")));
    }
    let before = systems.store.by_number(number).await?;
    let newest = before
        .into_iter()
        .filter(|sent| {
            sent.state == DocumentState::Sent && sent.ledger == document.ledger && sent.period == document.period
        })
        .max_by_key(|sent| sent.sequence);
    let as_sent = newest.is_some_and(|sent| {
        held.entry.reference.trim_end().ends_with(sent.id.key())
            && sent.content.entry().is_some_and(|sent| same_entry(&held.entry, &sent))
    });
    Ok((!as_sent).then(|| format!("journal {number} was changed in GP since")))
}
