//! GL batches: may a journal still be added.

use super::GpError;
use crate::ledger::BatchId;
use async_trait::async_trait;

/// A batch as GP shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    pub id: BatchId,
    pub marked_to_post: bool,
    pub approved: bool,
    pub transactions: u32,
}

/// Who knows the batches. A batch is made by GP itself with its first journal.
#[async_trait]
pub trait Batches: Send + Sync {
    async fn batch(&self, id: &BatchId) -> Result<Option<Batch>, GpError>;
}
