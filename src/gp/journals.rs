//! Journals: created unposted, under our own number, and read back.

use super::{Delivery, GpError};
use crate::ledger::{BatchId, JournalEntry};
use crate::plan::facts::GpState;
use async_trait::async_trait;
use jiff::civil::Date;

/// A journal as GP shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GpJournal {
    pub number: u32,
    /// As GP stored it; an administrator's prefix may have changed the batch.
    pub batch: BatchId,
    pub entry: JournalEntry,
    /// Work or Posted.
    pub state: GpState,
}

/// Who takes journals. There is no way to post one here: people do that in GP.
#[async_trait]
pub trait Journals: Send + Sync {
    /// Creates an unposted journal under our own `number`, with exactly one POST. GP refuses a second copy of a number
    /// (997, 687), so a second call makes no second journal.
    async fn create(&self, number: u32, entry: &JournalEntry) -> Delivery;

    /// Writes an unposted journal of ours anew, whole, under its number, with exactly one request.
    async fn replace(&self, number: u32, entry: &JournalEntry) -> Delivery;

    /// The journal with this number and date, unposted or posted. Numbers recur over the years: the date belongs to it.
    async fn journal(&self, number: u32, date: Date) -> Result<Option<GpJournal>, GpError>;

    /// Journals whose reference ends with `key`, in `batch` whatever prefix a policy put before it.
    async fn in_batch(&self, batch: &BatchId, key: &str) -> Result<Vec<GpJournal>, GpError>;
}
