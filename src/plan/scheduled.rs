//! What a person's days count: by the tables of work weeks and of holidays where the pipeline has them, else as everybody's do.
//!
//! Days of the period on which the person is not employed count as well, by what is so on the nearest day of employment: a
//! joiner's share is of a whole period of the hours that they came with.

use super::days;
use super::earning::{Own, PayContext};
use super::names::PersonOnDay;
use super::segment::Segment;
use crate::project::pipeline::{Pay, Prorate, Week, hours_in};
use jiff::civil::Date;

/// Neither the table nor the project says how many hours somebody has: the table's keys, and the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unscheduled(pub String);

/// Hours of a day where nobody says otherwise, in hundredths.
const USUAL_DAY: i64 = 800;

/// Units of the person's days from `first` to `last`, as [`days::Units`]; every day counts where not one of the whole period does.
///
/// # Errors
/// The first of these days of which nobody knows the hours.
pub fn units(context: &PayContext<'_>, own: &Own<'_>, first: Date, last: Date) -> Result<i128, Unscheduled> {
    if is_everybodys(context.pay) {
        return Ok(context.units.between(first, last));
    }
    match scheduled(context, own, context.whole.first_day, context.whole.last_day)? {
        0 => Ok(days::every_day(first, last)),
        _ => scheduled(context, own, first, last),
    }
}

/// Units of the whole pay period, as [`units`].
///
/// # Errors
/// As [`units`].
pub fn of_period(context: &PayContext<'_>, own: &Own<'_>) -> Result<i128, Unscheduled> {
    match is_everybodys(context.pay) {
        true => Ok(context.period_units),
        false => units(context, own, context.whole.first_day, context.whole.last_day),
    }
}

/// What the tables say, day by day.
fn scheduled(context: &PayContext<'_>, own: &Own<'_>, first: Date, last: Date) -> Result<i128, Unscheduled> {
    let mut sum = 0;
    for (at, segment) in own.segments.iter().enumerate() {
        let from = if at == 0 { first } else { segment.first_day.max(first) };
        let next = own.segments.get(at + 1).and_then(|next| next.first_day.yesterday().ok());
        let to = next.map_or(last, |day| day.min(last));
        if from <= to {
            sum += by_day(context, on_day(own, segment), from, to)?;
        }
    }
    Ok(sum)
}

/// Hours of a whole day's work in a segment, in hundredths: as scheduled, else 8.
///
/// # Errors
/// The pipeline has a table of work weeks, and neither it nor the project says anything.
pub fn hours_of(context: &PayContext<'_>, own: &Own<'_>, segment: &Segment, day: Date) -> Result<i64, Unscheduled> {
    match (&context.pay.work_weeks, &context.pay.work.week) {
        (None, None) => Ok(USUAL_DAY),
        (None, Some(week)) => Ok(hours_in(week, day)),
        (Some(_), _) => week_on(context, on_day(own, segment), day).map(|(week, _)| hours_in(&week, day)),
    }
}

fn is_everybodys(pay: &Pay) -> bool {
    pay.off.whose.is_none() && (pay.work_weeks.is_none() || pay.prorate != Prorate::Hours)
}

fn on_day<'f>(own: &Own<'f>, segment: &Segment) -> PersonOnDay<'f> {
    own.person.rows.on_day(segment.job_row, segment.pay_row, segment.employment_row)
}

/// Units of days on which the person's rows are the same; weeks and holidays may change in between.
fn by_day(context: &PayContext<'_>, person: PersonOnDay<'_>, first: Date, last: Date) -> Result<i128, Unscheduled> {
    let pay = context.pay;
    let whose = pay.off.whose.as_ref().map(|whose| (whose, person.keys(context.look_ups.pipeline, &whose.keys)));
    let is_off = |day| whose.as_ref().is_none_or(|(whose, keys)| whose.is_theirs(day, keys));
    let mut sum = 0;
    let mut from = first;
    while from <= last {
        let (week, until) = match pay.prorate {
            Prorate::Hours => week_on(context, person, from).map(|(week, until)| (Some(week), until))?,
            Prorate::WorkingDays | Prorate::CalendarDays => (None, last),
        };
        let to = until.min(last);
        sum += days::units_by(pay, week.as_ref(), (from, to), is_off);
        let Ok(next) = to.tomorrow() else { break };
        from = next;
    }
    Ok(sum)
}

/// The week that holds on a day, and a day up to which it does.
fn week_on(context: &PayContext<'_>, person: PersonOnDay<'_>, day: Date) -> Result<(Week, Date), Unscheduled> {
    let Some(weeks) = &context.pay.work_weeks else {
        return context.pay.work.week.map(|week| (week, Date::MAX)).ok_or_else(|| Unscheduled(day.to_string()));
    };
    let keys = person.keys(context.look_ups.pipeline, &weeks.keys);
    match (weeks.find(&keys, day), context.pay.work.week) {
        (Some((week, until)), _) => Ok((*week, until.unwrap_or(Date::MAX))),
        // A row may begin on the next day.
        (None, Some(week)) => Ok((week, day)),
        (None, None) => Err(Unscheduled(format!("{} on {day} in {}", keys.join(","), weeks.table.file()))),
    }
}
