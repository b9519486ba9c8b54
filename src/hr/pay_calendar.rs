//! Pay calendars: which stretches of days a pipeline's periods are, and what they are called.

use super::period::{NotAPeriod, Period, PeriodCode};
use jiff::ToSpan;
use jiff::civil::Date;

/// How a pipeline's periods follow each other, without a gap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum PayCalendar {
    /// Calendar months, `2013-11`.
    #[default]
    Months,
    /// Two a month, `2013-11-A` to this day and `2013-11-B` after it.
    SemiMonthly { first_ends: i8 },
    /// So many days each, one of them beginning on `from`: `2013-P23` is the 23rd that ends in 2013.
    Every { days: i16, from: Date },
    /// The project's own list, in order, without gaps.
    Listed(Vec<Period>),
}

impl PayCalendar {
    /// The period of this code.
    ///
    /// # Errors
    /// When no period of this calendar is called so, with one that is.
    pub fn period(&self, code: &str) -> Result<Period, NotAPeriod> {
        let found = match self {
            PayCalendar::Months => return Period::month(code),
            PayCalendar::SemiMonthly { .. } => self.half(code),
            PayCalendar::Every { .. } => self.numbered(code),
            PayCalendar::Listed(periods) => periods.iter().find(|period| period.code.0 == code).cloned(),
        };
        found.ok_or_else(|| NotAPeriod { code: code.to_owned(), form: self.form() })
    }

    /// What its codes look like, for messages.
    fn form(&self) -> String {
        match self {
            PayCalendar::Months => "a calendar month as YYYY-MM, for example 2013-11".to_owned(),
            PayCalendar::SemiMonthly { .. } => {
                "half a month as YYYY-MM-A or YYYY-MM-B, for example 2013-11-A".to_owned()
            }
            PayCalendar::Every { .. } => {
                "the number of a period in its year as YYYY-Pnn, for example 2013-P23".to_owned()
            }
            PayCalendar::Listed(periods) => {
                let newest = periods.last().map_or("", |period| period.code.0.as_str());
                format!("a code of the project's list, for example {newest}")
            }
        }
    }

    /// The period that `day` lies in; `None` outside a list.
    pub fn containing(&self, day: Date) -> Option<Period> {
        match self {
            PayCalendar::Months => Some(Period::month_of(day)),
            PayCalendar::SemiMonthly { first_ends } => {
                let month = Period::month_of(day);
                let split = month.first_day.with().day(*first_ends).build().ok()?;
                let (letter, first_day, last_day) = match day <= split {
                    true => ('A', month.first_day, split),
                    false => ('B', split.tomorrow().ok()?, month.last_day),
                };
                let code = PeriodCode(format!("{}-{letter}", month.code));
                Some(Period { code, name: format!("{} {letter}", month.name), first_day, last_day })
            }
            PayCalendar::Every { days, from } => {
                let since = from.until(day).ok()?.get_days();
                let days = i32::from(*days);
                let first_day = from.checked_add((since.div_euclid(days) * days).days()).ok()?;
                Some(every(days, first_day)?)
            }
            PayCalendar::Listed(periods) => periods.iter().find(|period| period.contains(day)).cloned(),
        }
    }

    /// The period before this one; `None` at the beginning of a list.
    pub fn before(&self, period: &Period) -> Option<Period> {
        self.containing(period.first_day.yesterday().ok()?)
    }

    /// The period after this one; `None` at the end of a list.
    pub fn after(&self, period: &Period) -> Option<Period> {
        self.containing(period.last_day.tomorrow().ok()?)
    }

    /// How often a period comes in a year, where the calendar itself says so.
    pub fn a_year(&self) -> Option<i128> {
        match self {
            PayCalendar::Months => Some(12),
            PayCalendar::SemiMonthly { .. } => Some(24),
            PayCalendar::Every { days: 7, .. } => Some(52),
            PayCalendar::Every { days: 14, .. } => Some(26),
            PayCalendar::Every { .. } | PayCalendar::Listed(_) => None,
        }
    }

    /// The most characters of a code and of a name.
    pub fn widths(&self) -> (usize, usize) {
        match self {
            PayCalendar::Months => (7, 8),
            PayCalendar::SemiMonthly { .. } => (9, 10),
            PayCalendar::Every { .. } => (8, 8),
            PayCalendar::Listed(periods) => {
                let widest = |of: fn(&Period) -> &str| periods.iter().map(|p| of(p).chars().count()).max().unwrap_or(0);
                (widest(|period| &period.code.0), widest(|period| &period.name))
            }
        }
    }

    fn half(&self, code: &str) -> Option<Period> {
        let (month, letter) = code.rsplit_once('-')?;
        let month = Period::month(month).ok()?;
        let found = match letter {
            "A" => self.containing(month.first_day),
            "B" => self.containing(month.last_day),
            _ => None,
        };
        found.filter(|period| period.code.0 == code)
    }

    fn numbered(&self, code: &str) -> Option<Period> {
        let (year, number) = code.split_once("-P")?;
        let (year, number) = (year.parse::<i16>().ok()?, number.parse::<i32>().ok()?);
        let PayCalendar::Every { days, .. } = self else { return None };
        let first = self.containing(Date::new(year, 1, 1).ok()?)?;
        let begins = first.first_day.checked_add((i32::from(*days) * (number - 1)).days()).ok()?;
        self.containing(begins).filter(|period| period.code.0 == code)
    }
}

/// The period of `days` that begins on `first_day`, numbered in the year that it ends in.
fn every(days: i32, first_day: Date) -> Option<Period> {
    let last_day = first_day.checked_add((days - 1).days()).ok()?;
    let before = i32::from(last_day.day_of_year()) - 1;
    let number = before / days + 1;
    let year = last_day.year();
    Some(Period {
        code: PeriodCode(format!("{year:04}-P{number:02}")),
        name: format!("P{number:02} {year:04}"),
        first_day,
        last_day,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    const FORTNIGHTS: PayCalendar = PayCalendar::Every { days: 14, from: date(2013, 1, 7) };

    #[test]
    fn half_a_month_has_its_own_days() {
        let halves = PayCalendar::SemiMonthly { first_ends: 15 };
        let first = halves.period("2013-02-A").unwrap();
        assert_eq!((first.first_day, first.last_day), (date(2013, 2, 1), date(2013, 2, 15)));
        let second = halves.after(&first).unwrap();
        assert_eq!((second.code.0.as_str(), second.last_day), ("2013-02-B", date(2013, 2, 28)));
        assert_eq!(halves.before(&first).unwrap().code.0, "2013-01-B");
        assert_eq!(second.name, "Feb 2013 B");
        assert!(halves.period("2013-02").unwrap_err().to_string().contains("2013-11-A"));
        assert!(halves.period("2013-02-C").is_err());
    }

    #[test]
    fn fortnights_are_numbered_in_the_year_that_they_end_in() {
        // 24 December 2012 to 6 January 2013 is the first that ends in 2013.
        let first = FORTNIGHTS.period("2013-P01").unwrap();
        assert_eq!((first.first_day, first.last_day), (date(2012, 12, 24), date(2013, 1, 6)));
        assert_eq!(FORTNIGHTS.containing(date(2013, 1, 7)).unwrap().code.0, "2013-P02");
        let last = FORTNIGHTS.before(&FORTNIGHTS.period("2014-P01").unwrap()).unwrap();
        assert_eq!((last.code.0.as_str(), last.last_day), ("2013-P26", date(2013, 12, 22)));
        assert!(FORTNIGHTS.period("2013-P27").is_err());
        assert!(FORTNIGHTS.period("2013-11").unwrap_err().to_string().contains("2013-P23"));
    }

    proptest! {
        #[test]
        fn every_day_is_in_exactly_one_period_and_codes_count_upwards(
            days in 5i16..40, offset in 0i64..400, at in 0i64..9000
        ) {
            let start = date(2000, 1, 3).checked_add(offset.days()).unwrap();
            let day = date(1999, 6, 1).checked_add(at.days()).unwrap();
            for calendar in [PayCalendar::Every { days, from: start }, PayCalendar::SemiMonthly { first_ends: 15 }, PayCalendar::Months] {
                let period = calendar.containing(day).unwrap();
                prop_assert!(period.contains(day));
                prop_assert_eq!(&calendar.period(&period.code.0).unwrap(), &period);
                let after = calendar.after(&period).unwrap();
                prop_assert_eq!(period.last_day.tomorrow().unwrap(), after.first_day);
                prop_assert!(period.code < after.code);
                prop_assert_eq!(calendar.before(&after).unwrap(), period);
            }
        }
    }
}
