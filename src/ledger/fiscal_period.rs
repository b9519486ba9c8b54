//! GP's fiscal calendar: a period may be open for one series and closed for another.

use jiff::civil::Date;
use std::fmt;

/// The part of GP a period is open or closed for. A journal entry needs [`Series::Financial`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Series {
    Financial,
    /// Sales, Purchasing, Payroll, …: kept as GP names them, never asked by a journal.
    Other(String),
}

impl Series {
    pub fn new(name: &str) -> Series {
        if name.trim().eq_ignore_ascii_case("financial") { Series::Financial } else { Series::Other(name.to_owned()) }
    }
}

impl fmt::Display for Series {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Series::Financial => out.write_str("Financial"),
            Series::Other(name) => out.write_str(name),
        }
    }
}

/// One fiscal period as one series sees it. Both days are included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FiscalPeriod {
    pub year: i16,
    pub number: u16,
    pub first_day: Date,
    pub last_day: Date,
    pub series: Series,
    pub closed: bool,
}

impl FiscalPeriod {
    pub fn contains(&self, day: Date) -> bool {
        self.first_day <= day && day <= self.last_day
    }
}
