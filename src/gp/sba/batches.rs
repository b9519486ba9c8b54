//! GL batches over SBA.

use super::accounts::truth;
use super::answer::Shape;
use super::read::Question;
use super::site::Site;
use crate::gp::GpError;
use crate::gp::batches::{Batch, Batches};
use crate::ledger::BatchId;
use async_trait::async_trait;
use std::sync::Arc;

/// Batches by key.
pub struct SbaBatches(pub Arc<Site>);

#[async_trait]
impl Batches for SbaBatches {
    async fn batch(&self, id: &BatchId) -> Result<Option<Batch>, GpError> {
        let fields = &self.0.dialect.batches.fields;
        let shape = Arc::new(Shape::of([
            fields.id.as_str(),
            fields.marked_to_post.field.as_str(),
            fields.approved.field.as_str(),
            fields.transactions.as_str(),
        ]));
        let question = Question {
            what: &format!("the batch {id}"),
            read: &self.0.dialect.batches.by_key,
            names: &[("batch", id.as_str())],
            shape: &shape,
        };
        self.0
            .one(&question, &mut |row| {
                let transactions = row.needed(3, &fields.transactions)?;
                Ok(Batch {
                    id: BatchId::new(row.needed(0, &fields.id)?),
                    marked_to_post: truth(&row, 1, &fields.marked_to_post)?,
                    approved: truth(&row, 2, &fields.approved)?,
                    transactions: transactions
                        .parse()
                        .map_err(|_| format!("{} `{transactions}` is no number", fields.transactions))?,
                })
            })
            .await
    }
}
