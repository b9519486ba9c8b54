//! What GP's calendar says about a date, for the Financial series.

use super::facts::Facts;
use crate::ledger::{FiscalPeriod, Series};
use jiff::civil::Date;

/// Whether a journal may be dated on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Openness {
    Open,
    Closed,
    /// No fiscal period of the Financial series contains the day.
    Missing,
}

/// Whether the Financial series is open on `day`. Where two periods contain it, one closed is closed.
pub fn openness(facts: &Facts, day: Date) -> Openness {
    let mut found = Openness::Missing;
    for period in financial(facts).filter(|period| period.contains(day)) {
        if period.closed {
            return Openness::Closed;
        }
        found = Openness::Open;
    }
    found
}

/// The oldest fiscal period that is open for the Financial series.
pub fn oldest_open(facts: &Facts) -> Option<&FiscalPeriod> {
    financial(facts).filter(|period| !period.closed).min_by_key(|period| (period.first_day, period.last_day))
}

fn financial(facts: &Facts) -> impl Iterator<Item = &FiscalPeriod> {
    facts.fiscal_periods.iter().filter(|period| period.series == Series::Financial)
}
