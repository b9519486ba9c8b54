//! Runs that something woke, owed until they came to an end: a service that is killed in the middle owes them still.

use super::StoreError;
use crate::hr::PeriodCode;
use jiff::Timestamp;

/// A run that is to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewWake {
    pub pipeline: String,
    pub period: PeriodCode,
    /// Why, for people: `schedule 2013-12-03 07:00`.
    pub cause: String,
    /// When it was due.
    pub due: Timestamp,
}

/// A run that was, is or will be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wake {
    pub id: i64,
    pub what: NewWake,
    /// How often it was begun.
    pub tries: u32,
    /// What the last try came to; empty before the first.
    pub outcome: Outcome,
    /// When the last try ended.
    pub tried_at: Option<Timestamp>,
    /// Nothing more is owed.
    pub ended: bool,
}

/// What a run came to, in words for people: never an amount.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// `done`, `waits for a person`, `unavailable`, …
    pub word: String,
    pub detail: String,
}

/// The newest plan of a pipeline for a period, and how far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanProgress {
    pub pipeline: String,
    pub period: PeriodCode,
    pub planned_at: Timestamp,
    /// Documents that a check, GP or a missing answer keeps back, and holds of people or of the whole plan.
    pub held: u64,
    /// Documents that wait for an approval, or for being sent.
    pub ready: u64,
}

/// What a service remembers in the store.
#[async_trait::async_trait]
pub trait WakeStore: Send + Sync {
    /// Owes runs and sets marks, in one transaction. A run of the same pipeline and period that is owed and was not begun
    /// yet is not owed twice.
    async fn owe(&self, wakes: Vec<NewWake>, marks: Vec<(String, String)>) -> Result<(), StoreError>;

    /// What is owed, the longest due first.
    async fn owed(&self) -> Result<Vec<Wake>, StoreError>;

    /// A try begins: what wakes the same run from now on is a run of its own, for this one may have read too early.
    async fn begin_wake(&self, id: i64) -> Result<(), StoreError>;

    /// A try ended; `ended`: nothing more is owed. Otherwise it is owed again, unless a newer one for the same is.
    async fn end_wake(&self, id: i64, outcome: Outcome, ended: bool, now: Timestamp) -> Result<(), StoreError>;

    /// The newest runs, ended or not, newest first.
    async fn last_wakes(&self, limit: u32) -> Result<Vec<Wake>, StoreError>;

    /// The newest plan of every pipeline for each period, in the order in which they were made.
    async fn progress(&self) -> Result<Vec<PlanProgress>, StoreError>;

    /// All marks, by name.
    async fn marks(&self) -> Result<Vec<(String, String)>, StoreError>;
}
