//! Deliveries of BambooHR's webhooks that wait: who changed, and in which fields. No value is kept, and so nobody's pay.

use super::StoreError;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What happened to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Happened {
    Created,
    Updated,
    Deleted,
}

/// One person of a delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldChange {
    pub happened: Happened,
    /// BambooHR's immutable id.
    pub employee_id: String,
    /// Names of fields; never what is in them.
    pub fields: Vec<String>,
}

/// What a delivery said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// About these people; about nobody where it was about the company.
    Changes(Vec<ToldChange>),
    /// It was signed, and could not be read: something changed.
    Something,
}

/// A delivery whose signature was good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDelivery {
    pub received_at: Timestamp,
    /// Names the bytes of its body: the same body gives the same text.
    pub fingerprint: String,
    pub told: Told,
}

/// A delivery that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingDelivery {
    /// Its place in the order of arrival; only grows, and is never given twice.
    pub number: i64,
    pub received_at: Timestamp,
    pub told: Told,
}

/// The deliveries of one store. Every write is one transaction and is durable when it returns.
#[async_trait::async_trait]
pub trait DeliveryStore: Send + Sync {
    /// Keeps a delivery; `false` when the same body already waits, and then nothing is written. BambooHR numbers no
    /// delivery and repeats what it believes lost (bamboohr.md §5.3), so the body alone tells.
    async fn keep_delivery(&self, delivery: NewDelivery) -> Result<bool, StoreError>;

    /// The deliveries that wait, oldest first.
    async fn waiting_deliveries(&self) -> Result<Vec<WaitingDelivery>, StoreError>;

    /// Marks the deliveries up to and with `number` as handled at `now`, and gives how many waited until then. What came
    /// after the look at [`DeliveryStore::waiting_deliveries`] has a higher number and goes on waiting. Deliveries that
    /// were handled 30 days before `now` are forgotten.
    async fn deliveries_handled(&self, number: i64, now: Timestamp) -> Result<usize, StoreError>;
}
