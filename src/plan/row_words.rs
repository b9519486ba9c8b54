//! Warnings about people's rows: which count otherwise than they are written, or contradict each other.

use super::facts::Facts;
use super::hold::Warning;
use super::people::OnePerson;
use super::spell::{self, Spell};
use super::words::subject;
use crate::hr::{Employee, Text};
use jiff::civil::Date;

/// Rows that count otherwise than they are written: dated before the hire date, or two on one date.
pub fn row_warnings(facts: &Facts, person: &OnePerson<'_>, spells: &[Spell]) -> Vec<Warning> {
    let employee = person.rows.employee();
    let job = person.rows.job.iter().map(|row| (row.date, row.row_id));
    let pay = person.rows.pay.iter().map(|row| (row.date, row.row_id));
    // Who left and was hired again on one day has two rows, and both count.
    let statuses = person.rows.employment;
    let hired_again = |at: usize| {
        let (row, next) = (&statuses[at], statuses.get(at + 1));
        spell::says_left(facts, row) && next.is_some_and(|next| next.date == row.date && !spell::says_left(facts, next))
    };
    let employment =
        (0..statuses.len()).filter(|at| !hired_again(*at)).map(|at| (statuses[at].date, statuses[at].row_id));
    let mut warnings = Vec::new();
    let about = About { facts, employee, spells };
    one_table(&about, "job", job, &mut warnings);
    one_table(&about, "compensation", pay, &mut warnings);
    one_table(&about, "employment status", employment, &mut warnings);
    warnings
}

/// Somebody who left by the termination date, and whom a later row of the employment status employs again.
pub fn back_unsaid(facts: &Facts, person: &OnePerson<'_>) -> Option<Warning> {
    let employee = person.rows.employee();
    let left = spell::last_day(employee)?;
    let back = person.rows.employment.iter().find(|row| row.date > left && !spell::says_left(facts, row))?;
    Some(Warning {
        code: "row-after-termination",
        subject: subject(facts, employee),
        message: format!(
            "employment status row {} is dated {}, after the termination date {left}: nothing after that date is paid",
            facts.text(back.row_id),
            back.date
        ),
        remedy: "Clear the termination date in BambooHR if the person came back, else delete the row.".to_owned(),
    })
}

/// Whom a warning is about.
struct About<'a> {
    facts: &'a Facts,
    employee: &'a Employee,
    spells: &'a [Spell],
}

fn one_table(about: &About<'_>, table: &str, rows: impl Iterator<Item = (Date, Text)>, warnings: &mut Vec<Warning>) {
    let About { facts, employee, spells } = about;
    // A row of an earlier employment is dated before the hire date of this one, and rightly so.
    let earliest = spells.first().map(|(first, _)| *first);
    let mut before: Option<Date> = None;
    for (date, row_id) in rows {
        if let Some(hired) = employee.hire_date
            && date < hired
            && earliest.is_none_or(|earliest| date < earliest)
        {
            warnings.push(Warning {
                code: "row-before-hire",
                subject: subject(facts, employee),
                message: format!(
                    "{table} row {} is dated {date}, before the hire date {hired}; it counts from the hire date",
                    facts.text(row_id)
                ),
                remedy: "Correct the row's date or the hire date in BambooHR.".to_owned(),
            });
        }
        if before == Some(date) {
            warnings.push(Warning {
                code: "rows-on-one-date",
                subject: subject(facts, employee),
                message: format!("two {table} rows are dated {date}; row {} counts", facts.text(row_id)),
                remedy: "Delete the row that is wrong in BambooHR.".to_owned(),
            });
        }
        before = Some(date);
    }
}
