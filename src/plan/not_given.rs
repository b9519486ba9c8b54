//! Fields that BambooHR did not give. A key that may not read a field gets no error (bamboohr.md §6): what goes by the field would be
//! decided as if it were empty for everybody.

use super::facts::Facts;
use super::hold::{Hold, HoldCode};
use super::names::{Field, resolve, standard};
use crate::project::Pipeline;
use crate::project::pipeline::Otherwise;

/// A hold for each field that decides what a journal carries, and that the facts do not have of everybody.
pub fn of_journal(pipeline: &Pipeline, facts: &Facts) -> Vec<Hold> {
    let names = pipeline.deciding_names().into_iter();
    holds(pipeline, facts, names, "it decides who is in and what is booked where").collect()
}

/// A hold for each field that decides whose records are made, and that the facts do not have of everybody.
pub fn of_keep(pipeline: &Pipeline, facts: &Facts) -> Vec<Hold> {
    let names = pipeline.keep.iter().flat_map(|keep| keep.names()).map(String::as_str);
    holds(pipeline, facts, names, "it decides who is in").collect()
}

fn holds<'n>(
    pipeline: &Pipeline,
    facts: &Facts,
    names: impl Iterator<Item = &'n str>,
    why: &str,
) -> impl Iterator<Item = Hold> {
    let not_given = |name: &&str| resolve(pipeline, facts, name).is_none_or(|field| nobody_told(facts, field));
    names.filter(not_given).map(move |name| hold(pipeline, name, why))
}

/// Whether a field was dropped, and what is known says nothing. The rows of somebody who was deleted come without columns: that alone
/// makes nothing of a dated table unknown.
fn nobody_told(facts: &Facts, field: Field) -> bool {
    let (jobs, pays) = (&facts.job_rows, &facts.compensation_rows);
    let is_empty = match field {
        Field::EmploymentStatus => facts.employment_rows.iter().all(|row| row.employment_status.is_empty()),
        Field::Department => jobs.iter().all(|row| row.department.is_empty()),
        Field::Location => jobs.iter().all(|row| row.location.is_empty()),
        Field::Division => jobs.iter().all(|row| row.division.is_empty()),
        Field::JobTitle => jobs.iter().all(|row| row.job_title.is_empty()),
        Field::PaidPer => pays.iter().all(|row| row.paid_per.is_empty()),
        Field::Currency => pays.iter().all(|row| row.currency.is_empty()),
        Field::PaySchedule => pays.iter().all(|row| row.pay_schedule.is_empty()),
        // A type of pay that is not given holds by itself; a look-up has no field.
        Field::PayType | Field::LookUp(_) => false,
        _ => true,
    };
    is_empty && is_dropped(facts, field)
}

/// Whether an edge noticed that BambooHR did not give a field with every person or row.
pub fn is_dropped(facts: &Facts, field: Field) -> bool {
    let is_it = |dropped: &str| match field {
        Field::Extra(at) => facts.extra_fields.get(at).is_some_and(|extra| extra == dropped),
        _ => standard(dropped) == Some(field),
    };
    let dropped = facts.notices.iter().filter(|notice| notice.code == "field-dropped");
    dropped.filter_map(|notice| notice.subject.split_once('.')).any(|(_, dropped)| is_it(dropped))
}

/// The hold for one of them; `why`: what it is needed for.
pub fn hold(pipeline: &Pipeline, name: &str, why: &str) -> Hold {
    let taken = pipeline.take.iter().find(|take| take.name == name);
    let field = taken.map_or(name, |take| take.field.as_str());
    Hold {
        code: HoldCode::FieldNotGiven,
        subject: format!("field {field}"),
        message: format!("`{field}` was not given for everybody, and {why}"),
        remedy:
            "Grant the field to the connection's user, or correct its name under `take`; in a facts folder, add the \
                 column to employees.csv."
                .to_owned(),
        place: taken.map(|take| take.field_place.clone()),
        otherwise: Otherwise::Hold,
    }
}
