//! GL batches: made by their first journal, counted with each.

use super::refusal::Refusals;
use super::text::{folded, kept};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// A batch of source GL_Normal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    pub marked_to_post: bool,
    pub approved: bool,
    pub in_workflow: bool,
    /// A recurring batch that was posted takes no more journals.
    pub recurring_posted: bool,
    /// NUMOFTRX.
    pub transactions: u32,
    /// BCHTOTAL: debits and credits together.
    pub total: Decimal,
}

/// Every batch, by id, and the administrator's prefix policy.
#[derive(Clone, Debug, Default)]
pub struct Batches {
    batches: BTreeMap<String, Batch>,
    /// What the policy "Assign Batch Prefix" puts before a caller's batch id.
    pub prefix: String,
}

impl Batches {
    /// The id under which GP keeps a caller's batch: prefixed, upper case, 15 characters.
    pub fn stored_id(&self, given: &str) -> String {
        kept(&format!("{}{}", self.prefix, given.trim_end_matches(' ')).to_uppercase(), 15)
    }

    pub fn get(&self, id: &str) -> Option<&Batch> {
        self.batches.get(&folded(id))
    }

    /// The batch with this id, made when it is new.
    pub fn open(&mut self, id: &str) -> &mut Batch {
        self.batches.entry(folded(id)).or_default()
    }

    pub fn remove(&mut self, id: &str) -> bool {
        self.batches.remove(&folded(id)).is_some()
    }

    pub fn all(&self) -> impl Iterator<Item = (&String, &Batch)> {
        self.batches.iter()
    }

    /// The line procedure's look at the batch.
    pub fn check_line(&self, id: &str, refusals: &mut Refusals) {
        refusals.add_if(id.is_empty(), 682);
        refusals.add_if(self.get(id).is_some_and(|batch| batch.approved), 5599);
    }

    /// The header procedure's look at the batch, and at its record, which is written last.
    pub fn check_header(&self, id: &str, refusals: &mut Refusals) {
        refusals.add_if(id.is_empty(), 140);
        let Some(batch) = self.get(id) else { return };
        refusals.add_if(batch.marked_to_post, 572);
        if batch.in_workflow || batch.recurring_posted {
            refusals.add(485);
            refusals.add_if(batch.in_workflow, 12012);
            refusals.add_if(batch.recurring_posted, 5384);
        }
    }
}
