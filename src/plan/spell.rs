//! Employment spells: the stretches of days on which somebody is employed. Most people have one; who left and came back
//! has several, maybe in one period.

use super::facts::Facts;
use super::people::OnePerson;
use crate::hr::{Employee, EmploymentRow, Period};
use jiff::civil::Date;

/// The employment status that BambooHR itself gives a leaver; the row's date is the last paid day.
const TERMINATED: &str = "Terminated";

/// First and last day of a spell, both paid.
pub type Spell = (Date, Date);

/// Whether an employment row says that the person left.
fn says_left(facts: &Facts, row: &EmploymentRow) -> bool {
    facts.text(row.employment_status).eq_ignore_ascii_case(TERMINATED)
}

/// The last paid day. A termination before the hire date ended an earlier employment: the person came back.
fn last_day(person: &Employee) -> Option<Date> {
    person.termination_date.filter(|left| person.hire_date.is_none_or(|hired| *left >= hired))
}

/// The spells of a person, oldest first: from hire date to termination date, without the days between a `Terminated`
/// row and the next row; and before the hire date (BambooHR moves it when somebody comes back) the spells that such rows
/// end. One may begin the day after another ended. Empty without a hire date. Adds to `out`.
pub fn spells(facts: &Facts, person: &OnePerson<'_>, out: &mut Vec<Spell>) {
    let employee = person.rows.employee();
    let Some(hired) = employee.hire_date else { return };
    let end = last_day(employee).unwrap_or(Date::MAX);
    let rows = person.everything.employment;
    if !rows.iter().any(|row| says_left(facts, row)) {
        return out.push((hired, end));
    }
    let mut start: Option<Date> = None;
    for row in rows.iter().filter(|row| row.date < hired) {
        match (says_left(facts, row), start) {
            (true, Some(began)) => {
                out.push((began, row.date));
                start = None;
            }
            (false, None) => start = Some(row.date),
            (true, None) | (false, Some(_)) => {}
        }
    }
    let mut start = Some(hired);
    for row in rows.iter().filter(|row| row.date >= hired) {
        match (says_left(facts, row), start) {
            (true, Some(began)) => {
                out.push((began, row.date.min(end)));
                start = None;
            }
            (false, None) => start = Some(row.date),
            (true, None) | (false, Some(_)) => {}
        }
    }
    if let Some(began) = start.filter(|began| *began <= end) {
        out.push((began, end));
    }
}

/// The part of a spell that lies in `period`.
pub fn within(spell: Spell, period: &Period) -> Option<Spell> {
    let (first, last) = (spell.0.max(period.first_day), spell.1.min(period.last_day));
    (first <= last).then_some((first, last))
}

/// Whether `day` is a paid day.
pub fn contains(spells: &[Spell], day: Date) -> bool {
    spells.iter().any(|(first, last)| *first <= day && day <= *last)
}
