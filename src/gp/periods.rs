//! GP's fiscal calendar.

use super::GpError;
use crate::ledger::FiscalPeriod;
use async_trait::async_trait;
use jiff::civil::Date;

/// Who knows the fiscal calendar, and which periods are closed for which series.
#[async_trait]
pub trait Periods: Send + Sync {
    /// Every fiscal period that overlaps these days (both included), of every series.
    async fn fiscal_periods(&self, first: Date, last: Date) -> Result<Vec<FiscalPeriod>, GpError>;
}
