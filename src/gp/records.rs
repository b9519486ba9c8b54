//! Vendor and employee records.

use super::{Delivery, GpError};
use crate::ledger::{GpRecord, RecordChange};
use async_trait::async_trait;
use jiff::Timestamp;

/// What an answer to "who changed since" holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Modified<T> {
    /// Only what changed since the moment asked for, later deletions not among them.
    Changed(Vec<T>),
    /// Everything there is, because the site has no such filter: the caller compares.
    Everything(Vec<T>),
}

impl<T> Modified<T> {
    /// The rows, whichever they are.
    pub fn into_rows(self) -> Vec<T> {
        match self {
            Modified::Changed(rows) | Modified::Everything(rows) => rows,
        }
    }
}

/// Who keeps one kind of record. A tax id is never read.
#[async_trait]
pub trait Records: Send + Sync {
    /// Every record, active and inactive.
    async fn records(&self) -> Result<Vec<GpRecord>, GpError>;

    /// What changed since a moment, where the site can tell.
    async fn modified_since(&self, since: Timestamp) -> Result<Modified<GpRecord>, GpError>;

    async fn record(&self, key: &str) -> Result<Option<GpRecord>, GpError>;

    /// Creates or changes one record, with exactly one request.
    async fn send(&self, change: &RecordChange) -> Delivery;
}
