//! The Dynamics GP edge: capabilities, each with one provider, over SBA REST (SOAP will stand behind the same traits).

use crate::clock::Clock;
use crate::ledger::{Account, AccountNumber, BatchId, FiscalPeriod, GpRecord, JournalEntry, RecordChange, RecordKind};
use crate::plan::facts::{DimensionValue, GpState};
use crate::project::connections::GpConnection;
use jiff::civil::Date;
use secrecy::SecretString;
use std::collections::BTreeSet;
use std::sync::Arc;

/// One GP company, through the providers that the project names. H3 owns the inside and splits this into modules.
pub struct Gp {}

/// Why GP gave no usable answer to a question (never used for a delivery: see [`Delivery`]).
#[derive(Debug, thiserror::Error)]
pub enum GpError {
    #[error("GP refused the sign-in ({hint})")]
    SignInRefused { hint: String },
    #[error("GP does not let this account {what}")]
    Forbidden { what: String, hint: String },
    #[error("GP is not available while asked for {what}: {why}")]
    Unavailable { what: String, why: String },
    #[error("GP's answer for {what} cannot be read: {why}")]
    Unreadable { what: String, why: String },
    #[error("nobody provides {capability} in this project")]
    NotProvided { capability: &'static str, hint: String },
    #[error("the dialect {file} cannot be used: {why}")]
    Dialect { file: String, why: String },
}

/// What became of one attempt to send a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// GP holds it.
    Sent,
    /// GP said no, with its own numbers.
    Refused { refusals: Vec<Refusal> },
    /// Nobody knows whether GP holds it: read back before anything else.
    Unknown { why: String },
    /// Certain that nothing reached GP (connection refused, 503 before the body, GP's session limit): safe to retry.
    NotSent { why: String, sign_in_refused: bool },
}

/// One refusal in GP's numbers and our words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// GP's error number; `None` when the answer had none.
    pub number: Option<u32>,
    pub class: RefusalClass,
    /// Our words, or the site's own text for its own checks.
    pub message: String,
    pub remedy: String,
}

/// What to do about a refusal (dynamics-gp.md §7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RefusalClass {
    RetryLater,
    Hold,
    FixMapping,
    /// Read back and compare.
    AlreadyDone,
    Configuration,
    /// The site's own checks, and every number we do not know.
    Person,
}

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

/// A batch as GP shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    pub id: BatchId,
    pub marked_to_post: bool,
    pub approved: bool,
    pub transactions: u32,
}

impl Gp {
    pub fn new(
        _connection: &GpConnection,
        _user: String,
        _password: SecretString,
        _clock: Arc<dyn Clock>,
    ) -> Result<Gp, GpError> {
        todo!()
    }
    /// One look-up a distinct account; accounts GP does not know are left out.
    pub async fn accounts(&self, _numbers: &BTreeSet<AccountNumber>) -> Result<Vec<Account>, GpError> {
        todo!()
    }
    /// Every account GP lists (for `observe --save`).
    pub async fn all_accounts(&self) -> Result<Vec<Account>, GpError> {
        todo!()
    }
    /// Every fiscal period that overlaps these days, of every series.
    pub async fn fiscal_periods(&self, _first: Date, _last: Date) -> Result<Vec<FiscalPeriod>, GpError> {
        todo!()
    }
    pub async fn dimension_values(&self, _dimension: &str) -> Result<Vec<DimensionValue>, GpError> {
        todo!()
    }
    pub async fn records(&self, _kind: RecordKind) -> Result<Vec<GpRecord>, GpError> {
        todo!()
    }
    pub async fn record(&self, _kind: RecordKind, _key: &str) -> Result<Option<GpRecord>, GpError> {
        todo!()
    }
    pub async fn batch(&self, _id: &BatchId) -> Result<Option<Batch>, GpError> {
        todo!()
    }
    /// Creates an unposted journal under our own `number`. Exactly one POST.
    pub async fn create_journal(&self, _number: u32, _entry: &JournalEntry) -> Delivery {
        todo!()
    }
    /// The journal with this number and date, in Work or Open.
    pub async fn journal(&self, _number: u32, _date: Date) -> Result<Option<GpJournal>, GpError> {
        todo!()
    }
    /// Journals of a batch (whatever prefix a policy put before it) whose reference ends with `key`.
    pub async fn journals_in_batch(&self, _batch: &BatchId, _key: &str) -> Result<Vec<GpJournal>, GpError> {
        todo!()
    }
    /// Creates or changes one record. Exactly one POST or PATCH.
    pub async fn send_record(&self, _change: &RecordChange) -> Delivery {
        todo!()
    }
}
