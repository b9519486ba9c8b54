//! What GP's calendar says about a date, for the Financial series.

use super::facts::Facts;
use crate::ledger::{FiscalPeriod, Series};
use jiff::civil::Date;

/// Whether a journal may be dated on a day, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Openness {
    Open,
    /// No fiscal period of the Financial series contains the day.
    Missing,
    Closed,
}

/// Whether the Financial series is open on `day`, and of several companies the worst with its name: one closed period holds
/// the journals of all (payroll-rules.md, Several companies).
pub fn openness(facts: &Facts, day: Date) -> (Openness, &str) {
    let each = facts.calendars().map(|(company, periods)| (in_calendar(periods, day), company));
    // Of equals the first company.
    each.reduce(|worst, next| if next.0 > worst.0 { next } else { worst }).unwrap_or((Openness::Missing, ""))
}

/// The first period of the Financial series that contains the day and is closed, of any company.
pub fn closed_on(facts: &Facts, day: Date) -> Option<&FiscalPeriod> {
    let mut periods = facts.calendars().flat_map(|(_, periods)| financial(periods));
    periods.find(|period| period.closed && period.contains(day))
}

/// Where two periods contain the day, one closed is closed.
fn in_calendar(periods: &[FiscalPeriod], day: Date) -> Openness {
    let mut found = Openness::Missing;
    for period in financial(periods).filter(|period| period.contains(day)) {
        if period.closed {
            return Openness::Closed;
        }
        found = Openness::Open;
    }
    found
}

/// The oldest fiscal period that is open for the Financial series, of several companies in all of them.
pub fn oldest_open(facts: &Facts) -> Option<&FiscalPeriod> {
    let periods = facts.calendars().flat_map(|(_, periods)| financial(periods));
    let open = periods.filter(|period| openness(facts, period.last_day).0 == Openness::Open);
    open.min_by_key(|period| (period.first_day, period.last_day))
}

fn financial(periods: &[FiscalPeriod]) -> impl Iterator<Item = &FiscalPeriod> {
    periods.iter().filter(|period| period.series == Series::Financial)
}
