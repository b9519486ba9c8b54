//! Counting days as pay does.

use crate::hr::Period;
use crate::project::pipeline::{Pay, Prorate, Week, hours_in};
use jiff::ToSpan;
use jiff::civil::Date;

/// How the days of one period are counted: where none of them counts (all are holidays, or a weekend), every day does, so
/// that the period still costs a period.
#[derive(Clone, Copy)]
pub struct Units<'p> {
    pay: &'p Pay,
    every_day: bool,
}

impl<'p> Units<'p> {
    pub fn of_period(pay: &'p Pay, period: &Period) -> Units<'p> {
        Units { pay, every_day: units(pay, period.first_day, period.last_day) == 0 }
    }

    /// From `first` to `last`, both included.
    pub fn between(self, first: Date, last: Date) -> i128 {
        match self.every_day {
            true => every_day(first, last),
            false => units(self.pay, first, last),
        }
    }
}

/// All days from `first` to `last`, both included.
pub fn every_day(first: Date, last: Date) -> i128 {
    i128::from((ordinal(last) - ordinal(first) + 1).max(0))
}

/// Units of pay from `first` to `last`, both included, by the project's week and holidays; 0 when `last` is before `first`.
/// Hours are counted in hundredths.
fn units(pay: &Pay, first: Date, last: Date) -> i128 {
    units_by(pay, pay.work.week.as_ref(), (first, last), |_| true)
}

/// The same by somebody's own week; `is_off`: which holidays are theirs.
pub fn units_by(pay: &Pay, week: Option<&Week>, (first, last): (Date, Date), is_off: impl Fn(Date) -> bool) -> i128 {
    if last < first {
        return 0;
    }
    let all = match (pay.prorate, week) {
        (Prorate::CalendarDays, _) => ordinal(last) - ordinal(first) + 1,
        (Prorate::Hours, Some(week)) => hours_before(week, ordinal(last) + 1) - hours_before(week, ordinal(first)),
        // The loader refuses hours without a week.
        (Prorate::WorkingDays | Prorate::Hours, _) => {
            weekdays_before(ordinal(last) + 1) - weekdays_before(ordinal(first))
        }
    };
    let days = &pay.off.days;
    let off = days.partition_point(|day| *day < first)..days.partition_point(|day| *day <= last);
    let off: i64 = days[off].iter().filter(|day| is_off(**day)).map(|day| of_day(pay, week, *day)).sum();
    i128::from(all - off)
}

/// The units of one day, holiday or not.
fn of_day(pay: &Pay, week: Option<&Week>, day: Date) -> i64 {
    match (pay.prorate, week) {
        (Prorate::CalendarDays, _) => 1,
        (Prorate::Hours, Some(week)) => hours_in(week, day),
        (Prorate::WorkingDays | Prorate::Hours, _) => weekdays_before(ordinal(day) + 1) - weekdays_before(ordinal(day)),
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

/// Scheduled hours, in hundredths, from the epoch Monday up to and without day `ordinal`.
fn hours_before(week: &Week, ordinal: i64) -> i64 {
    let days = usize::try_from(ordinal.rem_euclid(7)).unwrap_or(0);
    ordinal.div_euclid(7) * week.iter().sum::<i64>() + week[..days].iter().sum::<i64>()
}

/// The number of the Monday-to-Sunday week that `day` lies in.
pub fn week(day: Date) -> i64 {
    ordinal(day).div_euclid(7)
}

/// The Monday and the Sunday of the week that `day` lies in.
pub fn week_of(day: Date) -> (Date, Date) {
    let monday = day.saturating_sub(i64::from(day.weekday().to_monday_zero_offset()).days());
    (monday, monday.saturating_add(6.days()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::pipeline::{Control, Holidays, Hourly, PayPeriod, Unapproved, WorkCalendar};
    use std::collections::BTreeMap;
    use std::sync::Arc;

    /// Pay that is prorated so, in a week of 8, 8, 7.5, 8, 6.5, 0 and 2 hours.
    fn pay(prorate: Prorate, off: &[Date]) -> Pay {
        let week = Some([800, 800, 750, 800, 650, 0, 200]);
        Pay {
            from_rates: true,
            books_wages: true,
            period: PayPeriod::Monthly,
            prorate,
            work: Arc::new(WorkCalendar { week, ..WorkCalendar::default() }),
            work_weeks: None,
            off: Holidays { days: off.to_vec(), whose: None },
            hourly: Hourly { overtime: None, unapproved: Unapproved::Hold, projects: None },
            earnings: Vec::new(),
            ignored_payments: Vec::new(),
            types: BTreeMap::new(),
            leave: None,
            split: None,
            burdens: Vec::new(),
            withheld: Vec::new(),
            control: Control::default(),
            ignored_codes: Vec::new(),
            schedules: BTreeMap::new(),
        }
    }

    fn units(prorate: Prorate, first: Date, last: Date) -> i128 {
        super::units(&pay(prorate, &[]), first, last)
    }

    #[test]
    fn hours_and_holidays_are_counted_day_by_day() {
        let (first, last) = (date(2013, 11, 1), date(2013, 11, 30));
        // Four Mondays, Tuesdays, Wednesdays, Thursdays and Sundays, five Fridays: 4 × (8 + 8 + 7.5 + 8 + 2) + 5 × 6.5.
        assert_eq!(units(Prorate::Hours, first, last), 16_650);
        // Thanksgiving, a Thursday, and a Saturday that counts nothing anyway.
        let off = [date(2013, 11, 28), date(2013, 11, 30)];
        assert_eq!(super::units(&pay(Prorate::Hours, &off), first, last), 15_850);
        assert_eq!(super::units(&pay(Prorate::WorkingDays, &off), first, last), 20);
        assert_eq!(super::units(&pay(Prorate::CalendarDays, &off), first, last), 28);
        assert_eq!(super::units(&pay(Prorate::WorkingDays, &off), date(2013, 11, 28), date(2013, 11, 28)), 0);
    }
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
