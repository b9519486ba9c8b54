//! The fiscal calendar: years, and periods that are open for one series and closed for another.

use crate::ledger::{FiscalPeriod, Series};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// One period of one series.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    pub year: i16,
    pub number: u16,
    pub first_day: Date,
    pub last_day: Date,
    pub series: Series,
    /// The visible check box.
    pub closed: bool,
    /// The row that a journal is really checked against (series 2, origin `General Entry`): it may differ from the box.
    pub general_entry_closed: bool,
}

/// What a journal's date meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateCheck {
    Open,
    NoYear,
    Historical,
    Closed,
}

/// Every period, and the years that went to history.
#[derive(Clone, Debug, Default)]
pub struct Calendar {
    pub periods: Vec<Period>,
    historical: BTreeSet<i16>,
}

impl Calendar {
    pub fn new(periods: &[FiscalPeriod]) -> Calendar {
        let period = |given: &FiscalPeriod| Period {
            year: given.year,
            number: given.number,
            first_day: given.first_day,
            last_day: given.last_day,
            series: given.series.clone(),
            closed: given.closed,
            general_entry_closed: given.closed,
        };
        Calendar { periods: periods.iter().map(period).collect(), historical: BTreeSet::new() }
    }

    /// The check of a journal's date. Years are what the periods span; other periods' boxes do not count.
    pub fn check(&self, day: Date) -> DateCheck {
        let in_year = |year: i16| {
            let of_year = self.periods.iter().filter(|period| period.year == year);
            let first = of_year.clone().map(|period| period.first_day).min();
            let last = of_year.map(|period| period.last_day).max();
            first.is_some_and(|first| first <= day) && last.is_some_and(|last| day <= last)
        };
        let years: BTreeSet<i16> = self.periods.iter().map(|period| period.year).collect();
        let Some(year) = years.into_iter().find(|year| in_year(*year)) else { return DateCheck::NoYear };
        if self.historical.last().is_some_and(|newest| year < *newest) {
            return DateCheck::Historical;
        }
        let open = self.periods.iter().any(|period| {
            period.series == Series::Financial
                && period.first_day <= day
                && day <= period.last_day
                && !period.general_entry_closed
        });
        if open { DateCheck::Open } else { DateCheck::Closed }
    }

    /// Ticks or unticks the box of the period with this day; the journal check follows it. Gives how many it changed.
    pub fn set_closed(&mut self, day: Date, series: &Series, closed: bool) -> usize {
        let mut changed = 0;
        for period in self.of(day, series) {
            period.closed = closed;
            period.general_entry_closed = closed;
            changed += 1;
        }
        changed
    }

    /// Closes only the row that journals are checked against, as GP's "Mass Close" can: the box still says open.
    pub fn close_general_entry(&mut self, day: Date) -> usize {
        let mut changed = 0;
        for period in self.of(day, &Series::Financial) {
            period.general_entry_closed = true;
            changed += 1;
        }
        changed
    }

    /// The year goes to history.
    pub fn close_year(&mut self, year: i16) {
        self.historical.insert(year);
    }

    /// The year of a day, for the journals that go to history with it.
    pub fn year_of(&self, day: Date) -> Option<i16> {
        self.periods.iter().find(|period| period.first_day <= day && day <= period.last_day).map(|period| period.year)
    }

    fn of(&mut self, day: Date, series: &Series) -> impl Iterator<Item = &mut Period> {
        self.periods
            .iter_mut()
            .filter(move |period| period.series == *series && period.first_day <= day && day <= period.last_day)
    }
}
