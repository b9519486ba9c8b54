//! Counting days as pay does.

use crate::project::pipeline::Prorate;
use jiff::civil::Date;

/// Units from `first` to `last`, both included; 0 when `last` is before `first`.
pub fn units(prorate: Prorate, first: Date, last: Date) -> i128 {
    if last < first {
        return 0;
    }
    match prorate {
        Prorate::CalendarDays => i128::from(ordinal(last) - ordinal(first) + 1),
        Prorate::WorkingDays => i128::from(weekdays_before(ordinal(last) + 1) - weekdays_before(ordinal(first))),
    }
}

/// Days since Monday 1970-01-05.
fn ordinal(day: Date) -> i64 {
    let (year, month, date) = (i64::from(day.year()), i64::from(day.month()), i64::from(day.day()));
    // Days of the proleptic Gregorian calendar, years counted from March so that a leap day ends the year.
    let (year, month) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let days = year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    days + (month * 153 + 2) / 5 + date - 1 - EPOCH
}

/// 1970-01-05 in the count above.
const EPOCH: i64 = 719_472;

/// Mondays to Fridays from the epoch Monday up to and without day `ordinal`.
fn weekdays_before(ordinal: i64) -> i64 {
    ordinal.div_euclid(7) * 5 + ordinal.rem_euclid(7).min(5)
}

/// The number of the Monday-to-Sunday week that `day` lies in.
pub fn week(day: Date) -> i64 {
    ordinal(day).div_euclid(7)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::ToSpan;
    use jiff::civil::{Weekday, date};

    #[test]
    fn november_2013_has_21_working_days() {
        assert_eq!(units(Prorate::WorkingDays, date(2013, 11, 1), date(2013, 11, 30)), 21);
        assert_eq!(units(Prorate::CalendarDays, date(2013, 11, 1), date(2013, 11, 30)), 30);
        assert_eq!(units(Prorate::WorkingDays, date(2013, 11, 2), date(2013, 11, 3)), 0);
        assert_eq!(units(Prorate::WorkingDays, date(2013, 11, 4), date(2013, 11, 3)), 0);
    }

    #[test]
    fn counting_agrees_with_walking_the_calendar() {
        let mut day = date(1899, 12, 27);
        let start = day;
        let mut walked = 0;
        for _ in 0..80_000 {
            if !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
                walked += 1;
            }
            assert_eq!(units(Prorate::WorkingDays, start, day), walked, "{day}");
            assert_eq!(
                week(day),
                week(day.checked_sub(i64::from(day.weekday().to_monday_zero_offset()).days()).unwrap())
            );
            day = day.tomorrow().unwrap();
        }
    }
}
