//! What must survive a crash: plans with their inputs, the outbox, the ledger of what was sent, the audit trail, and
//! sealed secrets, and the webhooks' deliveries that wait.
//!
//! One trait, [`Store`] (with [`SecretStore`] for what the vault seals, [`WakeStore`] for what a service owes and [`DeliveryStore`] for what BambooHR
//! told), that says what is true after each call; [`sqlite`] is the embedded default. A state is durable
//! before the call returns.

pub mod audit;
pub mod content;
pub mod deliveries;
pub mod document;
pub mod secrets;
pub mod sqlite;
pub mod wakes;

pub use audit::{AuditEntry, AuditRow};
pub use content::{StoredContent, StoredLine};
pub use deliveries::{DeliveryStore, Happened, NewDelivery, Told, ToldChange, WaitingDelivery};
pub use document::{
    Approved, DocumentState, HoldRow, NewDocument, NewPlan, Outcome, SavedPlan, StoredDocument, Waiting,
};
pub use secrets::{SecretStore, StoredSecret};
pub use wakes::{NewWake, Wake, WakeStore};

use crate::hr::PeriodCode;
use crate::ledger::DocumentId;
use crate::plan::facts::{GpState, Headcount, SentLine};
use crate::vault::VaultError;
use jiff::Timestamp;

/// Why a store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the store {path} cannot be used: {why}")]
    Unusable { path: String, why: String },
    #[error("the store was written by a newer version (format {found}, this one knows {known})")]
    TooNew { found: i64, known: i64 },
    #[error("{what} is not in the store")]
    NotFound { what: String },
    /// What was read back is not what was written: an invariant of ours broke.
    #[error("the store holds something unreadable: {what}")]
    Damaged { what: String },
    /// A document is not in a state from which this step is allowed.
    #[error("document {document} is {state}, so it cannot be {step}")]
    WrongState { document: DocumentId, state: DocumentState, step: &'static str },
    /// A journal about the same period was sent after this one was planned.
    #[error("document {document} was planned before another journal of its period was sent")]
    Overtaken { document: DocumentId },
    /// No number of the reserved range is left.
    #[error("the journal numbers {from} to {to} are used up")]
    NumbersUsedUp { from: u32, to: u32 },
    /// The vault, or one of its secrets, is not what it was when it was read.
    #[error(transparent)]
    Vault(#[from] VaultError),
    #[error("this store has a vault already")]
    VaultExists,
}

/// An input of a plan that something was sent of: the plan, the periods whose cost that is, the input.
pub type SentInput = (String, Vec<PeriodCode>, Vec<u8>);

/// Plans, outbox, ledger and audit of one project. Every write is one transaction and is durable when it returns.
#[async_trait::async_trait]
pub trait Store: SecretStore + WakeStore + DeliveryStore {
    /// Stores a plan with its documents, holds and inputs in one transaction. Documents of older plans of the same ledger
    /// and period that nobody began to send are superseded; an unchanged document keeps the yeses that it has, and is
    /// approved when those are of as many people as the plan asks for. The same plan again changes nothing and gives the one
    /// stored before.
    async fn save_plan(&self, plan: NewPlan) -> Result<SavedPlan, StoreError>;

    /// A plan by its id or by an unambiguous beginning of it.
    async fn plan(&self, id: &str) -> Result<SavedPlan, StoreError>;

    /// The newest plan of a pipeline, or of one of its periods.
    async fn latest_plan(&self, pipeline: &str, period: Option<&PeriodCode>) -> Result<Option<SavedPlan>, StoreError>;

    /// The plan's newest first, at most `limit`.
    async fn plans(&self, limit: u32) -> Result<Vec<SavedPlan>, StoreError>;

    /// The documents of a plan, in its order.
    async fn documents(&self, plan_id: &str) -> Result<Vec<StoredDocument>, StoreError>;

    /// Holds of the plans that are in force: all, or one plan's.
    async fn holds(&self, plan_id: Option<&str>) -> Result<Vec<HoldRow>, StoreError>;

    /// Records the yes of `who` to the documents of a plan that are ready, and to those that only `ask` holds keep back. A
    /// document that so many different `people` said yes to is approved; until then it stays as it is. An `ask` hold is
    /// released with the last of its documents. The same person again changes nothing, whatever the letter case.
    async fn approve(&self, plan_id: &str, who: &str, people: u32, now: Timestamp) -> Result<Approved, StoreError>;

    /// Documents of a ledger that are approved, being sent or of unknown outcome, oldest first.
    async fn outbox(&self, ledger: &str) -> Result<Vec<StoredDocument>, StoreError>;

    /// Marks a document as being sent and, for a journal, draws its number from `numbers` unless it has one. Durable
    /// before the first byte may leave.
    async fn begin_sending(
        &self,
        id: &DocumentId,
        numbers: (u32, u32),
        now: Timestamp,
    ) -> Result<Option<u32>, StoreError>;

    /// Draws another number for a document whose number GP gave to somebody else.
    async fn draw_again(&self, id: &DocumentId, numbers: (u32, u32), now: Timestamp) -> Result<u32, StoreError>;

    /// Records what became of an attempt. `Sent` puts the document's lines into the ledger in the same transaction.
    async fn record_outcome(&self, id: &DocumentId, outcome: Outcome, now: Timestamp) -> Result<(), StoreError>;

    /// Adopts a journal that GP holds though this store has no memory of sending it (the store was lost).
    async fn adopt(&self, document: NewDocument, ledger: &str, number: u32, now: Timestamp) -> Result<(), StoreError>;

    /// What GP shows of a journal that was sent.
    async fn record_gp_state(&self, id: &DocumentId, state: GpState, now: Timestamp) -> Result<(), StoreError>;

    /// Lines of everything that was sent for a ledger.
    async fn sent_lines(&self, ledger: &str) -> Result<Vec<SentLine>, StoreError>;

    /// The periods that each ledger sent something for.
    async fn periods_sent(&self) -> Result<Vec<(String, PeriodCode)>, StoreError>;

    /// The GP companies that the connection's own documents of a ledger went to or are approved for, each with the newest period
    /// and whether anything may have left. Documents from before this was kept are not among them.
    async fn companies_of(&self, ledger: &str) -> Result<Vec<(String, PeriodCode, bool)>, StoreError>;

    /// Sent journals of a ledger that GP last showed as unposted, edited ones included.
    async fn unposted(&self, ledger: &str) -> Result<Vec<StoredDocument>, StoreError>;

    /// A sent journal by its GP number.
    async fn by_number(&self, number: u32) -> Result<Vec<StoredDocument>, StoreError>;

    /// Headcounts of the periods whose journal was sent.
    async fn history(&self, ledger: &str) -> Result<Vec<Headcount>, StoreError>;

    /// The inputs stored with a plan: (file name, text).
    async fn inputs(&self, plan_id: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError>;

    /// One input of each plan of a ledger, newest plan first: (plan, its period, the input).
    async fn input_of_plans(&self, ledger: &str, file: &str) -> Result<Vec<(String, PeriodCode, Vec<u8>)>, StoreError>;

    /// One input of the plan whose journal is the newest in GP of each of some periods.
    async fn input_of_sent(
        &self,
        ledger: &str,
        file: &str,
        periods: &[PeriodCode],
    ) -> Result<Vec<SentInput>, StoreError>;

    /// Appends to the audit trail.
    async fn audit(&self, entry: AuditEntry) -> Result<(), StoreError>;

    /// The audit trail, oldest first; about one subject (a plan, document or record key) when given.
    async fn audit_rows(&self, subject: Option<&str>) -> Result<Vec<AuditRow>, StoreError>;
}
