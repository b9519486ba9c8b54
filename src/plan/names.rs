//! What a pipeline's names mean: the person's field, a dated row's column, or an earlier look-up.

use super::facts::Facts;
use crate::hr::{CompensationRow, Employee, EmploymentRow, JobRow, PayType, Text};
use crate::project::Pipeline;
use crate::project::value::Value;

/// What one name reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Id,
    Number,
    FirstName,
    LastName,
    Email,
    HireDate,
    TerminationDate,
    Status,
    /// Position in [`Facts::extra_fields`].
    Extra(usize),
    EmploymentStatus,
    Department,
    Location,
    Division,
    JobTitle,
    PayType,
    PaidPer,
    Currency,
    PaySchedule,
    /// Position in [`Pipeline::look_ups`].
    LookUp(usize),
}

/// Our names of people's and rows' fields beside BambooHR's aliases for them (bamboohr.md §3.5).
const FIELDS: &[(&str, &[&str], Field)] = &[
    ("id", &["employeeId"], Field::Id),
    ("number", &["employeeNumber"], Field::Number),
    ("first_name", &["firstName"], Field::FirstName),
    ("last_name", &["lastName"], Field::LastName),
    ("email", &["workEmail"], Field::Email),
    ("hire_date", &["hireDate"], Field::HireDate),
    ("termination_date", &["terminationDate"], Field::TerminationDate),
    ("status", &[], Field::Status),
    ("employment_status", &["employmentStatus", "employmentHistoryStatus"], Field::EmploymentStatus),
    ("department", &[], Field::Department),
    ("location", &[], Field::Location),
    ("division", &[], Field::Division),
    ("job_title", &["jobTitle"], Field::JobTitle),
    ("pay_type", &["payType"], Field::PayType),
    ("paid_per", &["payPer", "paidPer"], Field::PaidPer),
    ("currency", &[], Field::Currency),
    ("pay_schedule", &["paySchedule"], Field::PaySchedule),
];

/// The field behind one of our names or BambooHR's alias of it; `None` = a field of the customer's.
pub fn standard(name: &str) -> Option<Field> {
    FIELDS.iter().find(|(own, aliases, _)| *own == name || aliases.contains(&name)).map(|(_, _, field)| *field)
}

/// What `name` means in `pipeline`: a look-up, a taken field, then a standard name. `None` = the facts do not have it.
pub fn resolve(pipeline: &Pipeline, facts: &Facts, name: &str) -> Option<Field> {
    if let Some(at) = pipeline.look_ups.iter().position(|look_up| look_up.name == name) {
        return Some(Field::LookUp(at));
    }
    let source = pipeline.take.iter().find(|take| take.name == name).map_or(name, |take| take.field.as_str());
    let extra = |wanted: &str| facts.extra_fields.iter().position(|field| field == wanted).map(Field::Extra);
    standard(source).or_else(|| extra(source)).or_else(|| extra(name))
}

/// A person on a day: the fields and the rows in force.
#[derive(Clone, Copy)]
pub struct PersonOnDay<'f> {
    pub facts: &'f Facts,
    pub person: &'f Employee,
    pub job: Option<&'f JobRow>,
    pub pay: Option<&'f CompensationRow>,
    pub employment: Option<&'f EmploymentRow>,
}

impl<'f> PersonOnDay<'f> {
    /// The text behind `field`; `None` when no row is in force. Dates and look-ups have no interned text.
    pub fn text(&self, field: Field) -> Option<Text> {
        match field {
            Field::Id => Some(self.person.id),
            Field::Number => Some(self.person.number),
            Field::FirstName => Some(self.person.first_name),
            Field::LastName => Some(self.person.last_name),
            Field::Email => Some(self.person.email),
            Field::Status => Some(self.person.status),
            Field::Extra(at) => Some(self.person.extra.get(at).copied().unwrap_or(Text::EMPTY)),
            Field::EmploymentStatus => self.employment.map(|row| row.employment_status),
            Field::Department => self.job.map(|row| row.department),
            Field::Location => self.job.map(|row| row.location),
            Field::Division => self.job.map(|row| row.division),
            Field::JobTitle => self.job.map(|row| row.job_title),
            Field::PaidPer => self.pay.map(|row| row.paid_per),
            Field::Currency => self.pay.map(|row| row.currency),
            Field::PaySchedule => self.pay.map(|row| row.pay_schedule),
            Field::HireDate | Field::TerminationDate | Field::PayType | Field::LookUp(_) => None,
        }
    }

    /// The value that expressions and templates see. A look-up is bound by its caller.
    pub fn value(&self, field: Field) -> Value {
        match field {
            Field::HireDate => self.person.hire_date.map_or(Value::Absent, Value::Date),
            Field::TerminationDate => self.person.termination_date.map_or(Value::Absent, Value::Date),
            Field::PayType => match self.pay.map(|row| row.pay_type) {
                Some(PayType::Salary) => Value::text("Salary"),
                Some(PayType::Hourly) => Value::text("Hourly"),
                Some(PayType::Other(name)) => Value::text(self.facts.text(name)),
                None => Value::Absent,
            },
            _ => self.text(field).map_or(Value::Absent, |text| Value::text(self.facts.text(text))),
        }
    }

    /// Whether a row of the dated table that `field` is of is in force; fields of people are always there.
    pub fn has_row_of(&self, field: Field) -> bool {
        match field {
            Field::Department | Field::Location | Field::Division | Field::JobTitle => self.job.is_some(),
            Field::PayType | Field::PaidPer | Field::Currency | Field::PaySchedule => self.pay.is_some(),
            Field::EmploymentStatus => self.employment.is_some(),
            Field::Id
            | Field::Number
            | Field::FirstName
            | Field::LastName
            | Field::Email
            | Field::HireDate
            | Field::TerminationDate
            | Field::Status
            | Field::Extra(_)
            | Field::LookUp(_) => true,
        }
    }

    /// The keys of a table that these names of `pipeline` fill; what nobody gave is empty.
    pub fn keys(&self, pipeline: &Pipeline, names: &[String]) -> Vec<&'f str> {
        let key = |name: &String| resolve(pipeline, self.facts, name).map_or("", |field| self.key(field));
        names.iter().map(key).collect()
    }

    /// The text of `field` as a look-up key: empty when there is none.
    pub fn key(&self, field: Field) -> &'f str {
        match field {
            Field::PayType => match self.pay.map(|row| row.pay_type) {
                Some(PayType::Salary) => "Salary",
                Some(PayType::Hourly) => "Hourly",
                Some(PayType::Other(name)) => self.facts.text(name),
                None => "",
            },
            _ => self.text(field).map_or("", |text| self.facts.text(text)),
        }
    }
}
