//! A pay period: the stretch of days one plan is about.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The code of a pay period; a calendar month is `2013-11`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PeriodCode(pub String);

impl fmt::Display for PeriodCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// A pay period with both its days included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    pub code: PeriodCode,
    /// A short name for people: `Nov 2013`. Never longer than 12 characters, so that `Payroll {{ period.name }}` and
    /// the identity fit GP's 30-character reference.
    pub name: String,
    pub first_day: Date,
    pub last_day: Date,
}

/// Why a text is not a period code.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{code}` is not a period: write {form}")]
pub struct NotAPeriod {
    pub code: String,
    /// What a code has to look like.
    pub form: String,
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

impl Period {
    /// The calendar month `code`.
    ///
    /// # Errors
    /// When `code` is not `YYYY-MM` with a month of 01 to 12.
    pub fn month(code: &str) -> Result<Period, NotAPeriod> {
        let refuse = || NotAPeriod {
            code: code.to_owned(),
            form: "a calendar month as YYYY-MM, for example 2013-11".to_owned(),
        };
        let (year, month) = code.split_once('-').ok_or_else(refuse)?;
        if year.len() != 4 || month.len() != 2 || !code.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
            return Err(refuse());
        }
        let year: i16 = year.parse().map_err(|_| refuse())?;
        let month: i8 = month.parse().map_err(|_| refuse())?;
        let first_day = Date::new(year, month, 1).map_err(|_| refuse())?;
        Ok(Period {
            code: PeriodCode(code.to_owned()),
            name: format!("{} {year:04}", MONTHS[(month - 1) as usize]),
            first_day,
            last_day: first_day.last_of_month(),
        })
    }

    /// The calendar month that `day` lies in.
    pub fn month_of(day: Date) -> Period {
        let first_day = day.first_of_month();
        Period {
            code: PeriodCode(format!("{:04}-{:02}", day.year(), day.month())),
            name: format!("{} {:04}", MONTHS[(day.month() - 1) as usize], day.year()),
            first_day,
            last_day: day.last_of_month(),
        }
    }

    /// The calendar month before this period's first day; `None` before year −9999.
    pub fn previous_month(&self) -> Option<Period> {
        self.first_day.yesterday().ok().map(Period::month_of)
    }

    /// Whether `day` is in the period.
    pub fn contains(&self, day: Date) -> bool {
        self.first_day <= day && day <= self.last_day
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_has_its_own_days() {
        let february = Period::month("2012-02").unwrap();
        assert_eq!(february.last_day, Date::constant(2012, 2, 29));
        assert_eq!(february.name, "Feb 2012");
        assert_eq!(february.previous_month().unwrap().code.0, "2012-01");
    }

    #[test]
    fn anything_else_is_refused_with_the_form_it_should_have() {
        for code in ["2013-13", "2013-1", "13-11", "2013/11", "+013-11", ""] {
            assert!(Period::month(code).unwrap_err().to_string().contains("YYYY-MM"), "{code}");
        }
    }
}
