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
pub fn says_left(facts: &Facts, row: &EmploymentRow) -> bool {
    facts.text(row.employment_status).eq_ignore_ascii_case(TERMINATED)
}

/// The last paid day. A termination before the hire date ended an earlier employment: the person came back.
pub fn last_day(person: &Employee) -> Option<Date> {
    person.termination_date.filter(|left| person.hire_date.is_none_or(|hired| *left >= hired))
}

/// The spells of a person, oldest first: from hire date to termination date, without the days between a `Terminated`
/// row and the next row; and before the hire date (BambooHR moves it when somebody comes back) the spells that such rows
/// end. Between two there is a day at least. Empty without a hire date. Adds to `out`.
pub fn spells(facts: &Facts, person: &OnePerson<'_>, out: &mut Vec<Spell>) {
    let employee = person.rows.employee();
    let Some(hired) = employee.hire_date else { return };
    let end = last_day(employee).unwrap_or(Date::MAX);
    let rows = person.everything.employment;
    if !rows.iter().any(|row| says_left(facts, row)) {
        return out.push((hired, end));
    }
    let (before, after) = rows.split_at(rows_before(facts, rows, hired));
    // One that no row ended is not known to have been one.
    let _ = ended(facts, before, None, end, out);
    if let Some(began) = ended(facts, after, Some(hired), end, out) {
        add(out, (began, end));
    }
}

/// Adds a spell. One that goes on from the one before, or begins on its last day, is the same stretch of days.
fn add(out: &mut Vec<Spell>, spell: Spell) {
    match out.last_mut() {
        Some(before) if before.1.tomorrow().is_ok_and(|after| spell.0 <= after) => before.1 = before.1.max(spell.1),
        _ if spell.0 <= spell.1 => out.push(spell),
        _ => {}
    }
}

/// How many rows are of employments before the hire date. Who left and was hired again on one day has the row that ended the
/// employment before on the hire date.
fn rows_before(facts: &Facts, rows: &[EmploymentRow], hired: Date) -> usize {
    let before = rows.partition_point(|row| row.date < hired);
    let on_day = &rows[before..rows.partition_point(|row| row.date <= hired)];
    match on_day.iter().rposition(|row| says_left(facts, row)) {
        Some(left) if left + 1 < on_day.len() => before + left + 1,
        Some(_) | None => before,
    }
}

/// Adds the employments that a `Terminated` row ends, at most until `end`; gives when the one that goes on began.
fn ended(
    facts: &Facts,
    rows: &[EmploymentRow],
    mut start: Option<Date>,
    end: Date,
    out: &mut Vec<Spell>,
) -> Option<Date> {
    for row in rows {
        match (says_left(facts, row), start) {
            (true, Some(began)) => {
                add(out, (began, row.date.min(end)));
                start = None;
            }
            (false, None) => start = Some(row.date),
            (true, None) | (false, Some(_)) => {}
        }
    }
    start
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
