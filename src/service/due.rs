//! The moments at which a pipeline is due by the clock: `every:` of its file, in the project's time zone, by the project's
//! calendar.

use crate::project::pipeline::{DueOn, DueTime, WorkCalendar};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// How far a search for the next moment goes: a calendar of the project's may leave no business day for long.
const DAYS_AHEAD: usize = 800;

/// The first moment after `after`; `None` where the calendar gives none within two years.
///
/// A time that the clocks skip in spring is the moment at which they skip it; of one that comes twice in autumn the first counts.
pub fn next(time: &DueTime, calendar: &WorkCalendar, zone: &TimeZone, after: Timestamp) -> Option<Timestamp> {
    let first = after.to_zoned(zone.clone()).date().yesterday().ok()?;
    let days = std::iter::successors(Some(first), |day| day.tomorrow().ok()).take(DAYS_AHEAD);
    let moments = days.filter(|day| is_on(time.on, calendar, *day)).filter_map(|day| {
        let moment = day.to_datetime(time.at).to_zoned(zone.clone()).ok()?;
        Some(moment.timestamp())
    });
    moments.into_iter().find(|moment| *moment > after)
}

/// A moment as the project's people read it.
pub fn clock_time(moment: Timestamp, zone: &TimeZone) -> String {
    moment.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
}

/// Every moment after `after`, up to and with `until`, oldest first; of many only the newest `most`.
pub fn between(
    time: &DueTime,
    calendar: &WorkCalendar,
    zone: &TimeZone,
    (after, until): (Timestamp, Timestamp),
    most: usize,
) -> Vec<Timestamp> {
    let following = std::iter::successors(next(time, calendar, zone, after), |at| next(time, calendar, zone, *at));
    let mut moments = std::collections::VecDeque::new();
    for moment in following.take_while(|moment| *moment <= until) {
        moments.push_back(moment);
        if moments.len() > most {
            moments.pop_front();
        }
    }
    moments.into()
}

fn is_on(on: DueOn, calendar: &WorkCalendar, day: Date) -> bool {
    match on {
        DueOn::EachDay => true,
        DueOn::DayOfMonth(number) => day.day() == number,
        DueOn::BusinessDay(number) => calendar.is_business_day(day) && business_days_up_to(calendar, day) == number,
    }
}

/// How many business days the month has up to and with `day`.
fn business_days_up_to(calendar: &WorkCalendar, day: Date) -> u8 {
    let days = day.first_of_month().series(1.day()).take_while(|other| *other <= day);
    // A month has at most 31.
    u8::try_from(days.filter(|other| calendar.is_business_day(*other)).count()).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::pipeline::IfMissed;
    use jiff::civil::{date, time};

    fn due(on: DueOn, hour: i8, minute: i8) -> DueTime {
        DueTime { on, at: time(hour, minute, 0, 0), if_missed: IfMissed::RunOnce }
    }

    fn zone() -> TimeZone {
        TimeZone::get("America/New_York").unwrap()
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn next_few(time: &DueTime, calendar: &WorkCalendar, after: &str, count: usize) -> Vec<String> {
        let zone = zone();
        let first = next(time, calendar, &zone, at(after));
        std::iter::successors(first, |moment| next(time, calendar, &zone, *moment))
            .take(count)
            .map(|moment| moment.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M %Z").to_string())
            .collect()
    }

    #[test]
    fn the_second_business_day_knows_weekends_and_the_projects_holidays() {
        // December 2013 begins on a Sunday; 1 January 2014 is a Wednesday; 1 February a Saturday.
        let holidays = vec![date(2014, 1, 1)];
        let calendar = WorkCalendar { holidays, ..WorkCalendar::default() };
        let found = next_few(&due(DueOn::BusinessDay(2), 7, 0), &calendar, "2013-11-15T00:00:00Z", 3);
        assert_eq!(found, ["2013-12-03 07:00 EST", "2014-01-03 07:00 EST", "2014-02-04 07:00 EST"]);
    }

    #[test]
    fn business_days_are_those_that_the_projects_week_has_hours_on() {
        // Tuesday to Saturday.
        let calendar = WorkCalendar { week: Some([0, 800, 800, 800, 800, 800, 0]), ..WorkCalendar::default() };
        let found = next_few(&due(DueOn::BusinessDay(1), 7, 0), &calendar, "2013-12-01T00:00:00Z", 2);
        assert_eq!(found, ["2013-12-03 07:00 EST", "2014-01-01 07:00 EST"]);
    }

    #[test]
    fn a_time_that_the_clocks_skip_comes_once_and_one_that_comes_twice_once() {
        let daily = due(DueOn::EachDay, 2, 30);
        let spring = next_few(&daily, &WorkCalendar::default(), "2014-03-08T12:00:00Z", 2);
        assert_eq!(spring, ["2014-03-09 03:30 EDT", "2014-03-10 02:30 EDT"]);
        let early = due(DueOn::EachDay, 1, 30);
        let autumn = next_few(&early, &WorkCalendar::default(), "2014-11-01T12:00:00Z", 2);
        assert_eq!(autumn, ["2014-11-02 01:30 EDT", "2014-11-03 01:30 EST"]);
    }

    #[test]
    fn the_moment_itself_is_not_after_itself_and_of_many_the_newest_count() {
        let third = due(DueOn::DayOfMonth(3), 7, 0);
        assert_eq!(next_few(&third, &WorkCalendar::default(), "2013-12-03T12:00:00Z", 1), ["2014-01-03 07:00 EST"]);
        let span = (at("2013-12-03T11:59:59Z"), at("2014-04-03T11:00:00Z"));
        let zone = zone();
        let months = between(&third, &WorkCalendar::default(), &zone, span, 12);
        assert_eq!(months.len(), 5);
        let days = due(DueOn::EachDay, 7, 0);
        let newest = between(&days, &WorkCalendar::default(), &zone, span, 2);
        assert_eq!(newest, [at("2014-04-02T11:00:00Z"), at("2014-04-03T11:00:00Z")]);
    }

    #[test]
    fn a_business_day_that_no_month_has_is_never_due() {
        let calendar = WorkCalendar { week: Some([800, 0, 0, 0, 0, 0, 0]), ..WorkCalendar::default() };
        assert_eq!(next(&due(DueOn::BusinessDay(9), 7, 0), &calendar, &zone(), at("2013-12-01T00:00:00Z")), None);
    }
}
