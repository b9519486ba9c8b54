//! Exchange rates that a pipeline's journals use.

use super::Place;
use super::table::Table;
use crate::ledger::Currency;
use std::sync::Arc;

/// Exchange rates into one currency.
#[derive(Debug)]
pub struct Rates {
    /// Its one key is a currency's code; its column [`RATE`] answers with a decimal above zero.
    pub table: Arc<Table>,
    pub to: Currency,
    /// The day whose rate counts, of a period.
    pub as_of: RateDay,
    /// GP converts, by the rate that the journal carries; else amounts are converted here.
    pub by_gp: bool,
    pub place: Place,
}

/// The column of a rate, and that of the currency it is for.
pub const RATE: &str = "rate";
pub const RATED_CURRENCY: &str = "currency";

/// The day of a period whose rate counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateDay {
    PeriodFirstDay,
    PeriodLastDay,
}
