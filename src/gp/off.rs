//! Nobody: a capability that the project switched off.

use super::accounts::Accounts;
use super::batches::{Batch, Batches};
use super::dimensions::Dimensions;
use super::journals::{GpJournal, Journals};
use super::periods::Periods;
use super::records::{Modified, Records};
use super::{Delivery, GpError, RefusalClass};
use crate::ledger::{Account, AccountNumber, BatchId, FiscalPeriod, GpRecord, JournalEntry, RecordChange};
use crate::plan::facts::DimensionValue;
use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Answers every question with who could be asked instead.
pub struct Off {
    capability: &'static str,
    /// What the project may write after `providers: { <capability>:`.
    choices: &'static str,
}

impl Off {
    pub fn new(capability: &'static str, choices: &'static str) -> Off {
        Off { capability, choices }
    }

    fn nobody(&self) -> GpError {
        let hint = format!("name one under connections.gp: providers: {{ {}: {} }}", self.capability, self.choices);
        GpError::NotProvided { capability: self.capability, hint }
    }

    fn refused(&self) -> Delivery {
        Delivery::refused(
            RefusalClass::Configuration,
            format!("Nobody provides {} in this project.", self.capability),
            &format!("Name a provider under connections.gp: providers: {{ {}: {} }}.", self.capability, self.choices),
        )
    }
}

#[async_trait]
impl Accounts for Off {
    async fn accounts(&self, _numbers: &BTreeSet<AccountNumber>) -> Result<Vec<Account>, GpError> {
        Err(self.nobody())
    }
    async fn all_accounts(&self) -> Result<Vec<Account>, GpError> {
        Err(self.nobody())
    }
}

#[async_trait]
impl Periods for Off {
    async fn fiscal_periods(&self, _first: Date, _last: Date) -> Result<Vec<FiscalPeriod>, GpError> {
        Err(self.nobody())
    }
}

#[async_trait]
impl Dimensions for Off {
    async fn dimension_values(&self, _dimension: &str) -> Result<Vec<DimensionValue>, GpError> {
        Err(self.nobody())
    }
}

#[async_trait]
impl Batches for Off {
    async fn batch(&self, _id: &BatchId) -> Result<Option<Batch>, GpError> {
        Err(self.nobody())
    }
}

#[async_trait]
impl Records for Off {
    async fn records(&self) -> Result<Vec<GpRecord>, GpError> {
        Err(self.nobody())
    }
    async fn modified_since(&self, _since: Timestamp) -> Result<Modified<GpRecord>, GpError> {
        Err(self.nobody())
    }
    async fn record(&self, _key: &str) -> Result<Option<GpRecord>, GpError> {
        Err(self.nobody())
    }
    async fn send(&self, _change: &RecordChange) -> Delivery {
        self.refused()
    }
}

#[async_trait]
impl Journals for Off {
    async fn create(&self, _number: u32, _entry: &JournalEntry) -> Delivery {
        self.refused()
    }
    async fn replace(&self, _number: u32, _entry: &JournalEntry) -> Delivery {
        self.refused()
    }
    async fn journal(&self, _number: u32, _date: Date) -> Result<Option<GpJournal>, GpError> {
        Err(self.nobody())
    }
    async fn in_batch(&self, _batch: &BatchId, _key: &str) -> Result<Vec<GpJournal>, GpError> {
        Err(self.nobody())
    }
}
