//! The BambooHR edge: people, dated rows and hours, read into facts.

use crate::clock::Clock;
use crate::plan::facts::Facts;
use crate::project::connections::BamboohrConnection;
use jiff::civil::Date;
use secrecy::SecretString;
use std::sync::Arc;

/// A client of one BambooHR account. H2 owns the inside and may split this into modules.
pub struct BambooHr {}

/// Why BambooHR gave no usable answer.
#[derive(Debug, thiserror::Error)]
pub enum BamboohrError {
    /// 401: stop until credentials change, never retry.
    #[error("BambooHR refused the sign-in ({hint})")]
    SignInRefused { hint: String },
    /// 403, or 404 where it means the same.
    #[error("BambooHR does not let this key read {what}")]
    Forbidden { what: String, hint: String },
    /// 429, 5xx, cut connections, after the retries.
    #[error("BambooHR is not available while reading {what}: {why}")]
    Unavailable { what: String, why: String },
    /// HTML instead of JSON, a shape nobody knows.
    #[error("BambooHR's answer for {what} cannot be read: {why}")]
    Unreadable { what: String, why: String },
}

/// Who changed since a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// The `since` of the next question.
    pub latest: String,
    /// (employee id, deleted)
    pub people: Vec<(String, bool)>,
}

impl BambooHr {
    pub fn new(
        _connection: &BamboohrConnection,
        _api_key: SecretString,
        _clock: Arc<dyn Clock>,
    ) -> Result<BambooHr, BamboohrError> {
        todo!()
    }
    /// All people, active and inactive, with these BambooHR fields; fills `people` and `extra_fields`.
    pub async fn people(&self, _fields: &[String], _facts: &mut Facts) -> Result<(), BamboohrError> {
        todo!()
    }
    pub async fn job_rows(&self, _facts: &mut Facts) -> Result<(), BamboohrError> {
        todo!()
    }
    pub async fn employment_rows(&self, _facts: &mut Facts) -> Result<(), BamboohrError> {
        todo!()
    }
    pub async fn compensation_rows(&self, _facts: &mut Facts) -> Result<(), BamboohrError> {
        todo!()
    }
    /// Hours from `first` to `last`, as far back as BambooHR serves them; sets `hours_from`.
    pub async fn hours(&self, _first: Date, _last: Date, _facts: &mut Facts) -> Result<(), BamboohrError> {
        todo!()
    }
    pub async fn changed_since(&self, _since: &str) -> Result<Changed, BamboohrError> {
        todo!()
    }
}
