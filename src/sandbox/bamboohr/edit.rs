//! Changing rows, checked as BambooHR checks them: the demo's back-dated raise comes in here.

use super::account::{Account, Table};
use super::row::Columns;
use crate::hr::{CompensationRow, EmploymentRow, JobRow, PayType, Text};
use crate::plan::facts::Facts;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Why a change is refused, with the status that BambooHR answers.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// 400
    #[error("{0}")]
    Malformed(String),
    /// 404
    #[error("{0}")]
    Unknown(String),
    /// 406
    #[error("{0}")]
    Invalid(String),
}

/// BambooHR's pay types: the current ones, then those of older accounts.
const PAY_TYPES: [&str; 11] = [
    "Salary",
    "Hourly",
    "Commission",
    "Exception Hourly",
    "Monthly",
    "Weekly",
    "Piece Rate",
    "Contract",
    "Daily",
    "Pro rata",
    "Overtime",
];
const PAID_PER: [&str; 9] = ["Hour", "Day", "Week", "Month", "Quarter", "Year", "Pay Period", "PayPeriod", "Piece"];

impl Account {
    /// Adds a row and gives its id. A date in the past makes it a back-dated one.
    ///
    /// # Errors
    /// As BambooHR: an unknown person, a column that the table has not, a value that is none of its options, no date.
    pub fn add_row(&mut self, employee_id: &str, table: Table, columns: &Columns) -> Result<String, Refused> {
        let employee = self.position(employee_id).ok_or_else(|| no_employee(employee_id))?;
        let row_id = self.next_row_id.to_string();
        let today = self.today();
        let facts = Arc::make_mut(&mut self.facts);
        let id = facts.texts.add(&row_id);
        let date = match table {
            Table::Job => {
                let blank = JobRow {
                    employee,
                    row_id: id,
                    date: Date::MIN,
                    department: Text::EMPTY,
                    location: Text::EMPTY,
                    division: Text::EMPTY,
                    job_title: Text::EMPTY,
                };
                let row = with_job_columns(facts, blank, columns)?;
                facts.job_rows.push(row);
                row.date
            }
            Table::Employment => {
                let blank = EmploymentRow { employee, row_id: id, date: Date::MIN, employment_status: Text::EMPTY };
                let row = with_employment_columns(facts, blank, columns)?;
                facts.employment_rows.push(row);
                row.date
            }
            Table::Compensation => {
                require(columns, &["rate", "type"])?;
                let blank = blank_compensation(facts, employee, id);
                let row = with_compensation_columns(facts, blank, columns)?;
                facts.compensation_rows.push(row);
                row.date
            }
        };
        self.next_row_id += 1;
        self.note_change(employee, &as_fields(columns), date <= today);
        Ok(row_id)
    }

    /// Changes some columns of a row: how a mistake is corrected in place.
    ///
    /// # Errors
    /// As [`Account::add_row`], and when the person has no such row.
    pub fn change_row(
        &mut self,
        employee_id: &str,
        table: Table,
        row_id: &str,
        columns: &Columns,
    ) -> Result<(), Refused> {
        let (employee, at) = self.find_row(employee_id, table, row_id)?;
        let today = self.today();
        let facts = Arc::make_mut(&mut self.facts);
        let date = match table {
            Table::Job => {
                facts.job_rows[at] = with_job_columns(facts, facts.job_rows[at], columns)?;
                facts.job_rows[at].date
            }
            Table::Employment => {
                facts.employment_rows[at] = with_employment_columns(facts, facts.employment_rows[at], columns)?;
                facts.employment_rows[at].date
            }
            Table::Compensation => {
                facts.compensation_rows[at] = with_compensation_columns(facts, facts.compensation_rows[at], columns)?;
                facts.compensation_rows[at].date
            }
        };
        self.note_change(employee, &as_fields(columns), date <= today);
        Ok(())
    }

    /// Deletes a row.
    ///
    /// # Errors
    /// When the person, or their row, is not there.
    pub fn delete_row(&mut self, employee_id: &str, table: Table, row_id: &str) -> Result<(), Refused> {
        let (employee, at) = self.find_row(employee_id, table, row_id)?;
        let facts = Arc::make_mut(&mut self.facts);
        match table {
            Table::Job => drop(facts.job_rows.remove(at)),
            Table::Employment => drop(facts.employment_rows.remove(at)),
            Table::Compensation => drop(facts.compensation_rows.remove(at)),
        }
        self.note_change(employee, &Columns::default(), true);
        Ok(())
    }

    fn find_row(&self, employee_id: &str, table: Table, row_id: &str) -> Result<(u32, usize), Refused> {
        let employee = self.position(employee_id).ok_or_else(|| no_employee(employee_id))?;
        let rows = super::row::Rows::of(self, table);
        let wanted = self.facts.texts.known(row_id);
        (0..rows.len())
            .find(|&at| rows.employee(at) == employee && Some(rows.row_id(at)) == wanted)
            .map(|at| (employee, at))
            .ok_or_else(|| Refused::Unknown(format!("No row {row_id} in {} of employee {employee_id}", table.name())))
    }
}

/// The columns of a JSON body. Numbers keep their digits; money may be an object of `value` and `currency`.
pub(super) fn columns_of_body(body: &[u8]) -> Result<Columns, Refused> {
    let malformed = |_| Refused::Malformed("Malformed JSON".into());
    let members: BTreeMap<String, Box<RawValue>> = serde_json::from_slice(body).map_err(malformed)?;
    let mut columns = Vec::new();
    for (name, raw) in members {
        let json = raw.get();
        let text = match json.as_bytes().first() {
            Some(b'"') => serde_json::from_str(json).map_err(malformed)?,
            Some(b'{') => {
                let money: BTreeMap<String, String> = serde_json::from_str(json).map_err(malformed)?;
                let part = |name: &str| money.get(name).map(String::as_str).unwrap_or_default();
                format!("{} {}", part("value"), part("currency")).trim().to_owned()
            }
            Some(b'n' | b'[') => String::new(),
            _ => json.to_owned(),
        };
        columns.push((name, text));
    }
    Ok(Columns(columns))
}

fn no_employee(id: &str) -> Refused {
    Refused::Unknown(format!("No employee with the ID {id}"))
}

fn require(columns: &Columns, names: &[&str]) -> Result<(), Refused> {
    match names.iter().find(|name| columns.get(name).is_none_or(str::is_empty)) {
        Some(name) => Err(Refused::Malformed(format!("The field {name} is required"))),
        None => Ok(()),
    }
}

fn invalid(name: &str, value: &str) -> Refused {
    Refused::Invalid(format!("Invalid value for {name}: {value}"))
}

fn unknown_column(name: &str) -> Refused {
    Refused::Invalid(format!("The field {name} does not exist in this table"))
}

fn date_of(name: &str, value: &str) -> Result<Date, Refused> {
    value.parse::<Date>().ok().filter(|_| value.len() == 10).ok_or_else(|| invalid(name, value))
}

fn needs_date(date: Date, name: &str) -> Result<(), Refused> {
    if date == Date::MIN { Err(Refused::Malformed(format!("The field {name} is required"))) } else { Ok(()) }
}

/// The option of a list that is called so; any case. The account's options are the values that its rows hold.
fn option_of(facts: &Facts, name: &str, value: &str, held: impl Fn(&Facts) -> Vec<Text>) -> Result<Text, Refused> {
    if value.is_empty() {
        return Ok(Text::EMPTY);
    }
    let held = held(facts);
    held.into_iter().find(|&text| facts.text(text).eq_ignore_ascii_case(value)).ok_or_else(|| invalid(name, value))
}

fn with_job_columns(facts: &Facts, mut row: JobRow, columns: &Columns) -> Result<JobRow, Refused> {
    for (name, value) in &columns.0 {
        let held = |of: fn(&JobRow) -> Text| move |facts: &Facts| facts.job_rows.iter().map(of).collect::<Vec<Text>>();
        match name.as_str() {
            "date" => row.date = date_of(name, value)?,
            "department" => row.department = option_of(facts, name, value, held(|row| row.department))?,
            "location" => row.location = option_of(facts, name, value, held(|row| row.location))?,
            "division" => row.division = option_of(facts, name, value, held(|row| row.division))?,
            "jobTitle" => row.job_title = option_of(facts, name, value, held(|row| row.job_title))?,
            "reportsTo" | "teams" => {}
            _ => return Err(unknown_column(name)),
        }
    }
    needs_date(row.date, "date")?;
    Ok(row)
}

fn with_employment_columns(facts: &Facts, mut row: EmploymentRow, columns: &Columns) -> Result<EmploymentRow, Refused> {
    for (name, value) in &columns.0 {
        match name.as_str() {
            "date" => row.date = date_of(name, value)?,
            "employmentStatus" => {
                let held = |facts: &Facts| facts.employment_rows.iter().map(|row| row.employment_status).collect();
                row.employment_status = option_of(facts, name, value, held)?;
            }
            "comment" | "terminationReasonId" | "terminationTypeId" | "terminationRehireId" => {}
            _ => return Err(unknown_column(name)),
        }
    }
    needs_date(row.date, "date")?;
    Ok(row)
}

/// A new row takes the currency and schedule of the person's latest one, else the account's: BambooHR's company
/// default is not told by its API.
fn blank_compensation(facts: &Facts, employee: u32, row_id: Text) -> CompensationRow {
    let own = facts.compensation_rows.iter().filter(|row| row.employee == employee).max_by_key(|row| row.date);
    let model = own.or(facts.compensation_rows.first());
    CompensationRow {
        employee,
        row_id,
        date: Date::MIN,
        pay_type: PayType::Other(Text::EMPTY),
        rate: None,
        paid_per: Text::EMPTY,
        currency: model.map_or(Text::EMPTY, |row| row.currency),
        pay_schedule: own.map_or(Text::EMPTY, |row| row.pay_schedule),
    }
}

fn with_compensation_columns(
    facts: &mut Facts,
    mut row: CompensationRow,
    columns: &Columns,
) -> Result<CompensationRow, Refused> {
    for (name, value) in &columns.0 {
        match name.as_str() {
            "startDate" | "date" => row.date = date_of(name, value)?,
            "type" => row.pay_type = pay_type_of(facts, name, value)?,
            "paidPer" | "payPer" => {
                let paid_per = PAID_PER.iter().find(|known| known.eq_ignore_ascii_case(value));
                row.paid_per = facts.texts.add(paid_per.ok_or_else(|| invalid(name, value))?);
            }
            "rate" => {
                let (amount, currency) = value.split_once(' ').unwrap_or((value, ""));
                row.rate = Some(amount_of(amount).ok_or_else(|| invalid(name, value))?);
                if !currency.is_empty() {
                    row.currency = currency_of(facts, name, currency)?;
                }
            }
            "rateCurrencyCode" => row.currency = currency_of(facts, name, value)?,
            "paySchedule" => row.pay_schedule = facts.texts.add(value),
            "exempt" | "reason" | "comment" | "overtimeRate" | "endDate" => {}
            _ => return Err(unknown_column(name)),
        }
    }
    needs_date(row.date, "startDate")?;
    if row.paid_per.is_empty() {
        // BambooHR's own form never asks an hourly person's unit.
        if row.pay_type != PayType::Hourly {
            return Err(Refused::Malformed("The field paidPer is required".into()));
        }
        row.paid_per = facts.texts.add("Hour");
    }
    Ok(row)
}

fn pay_type_of(facts: &mut Facts, name: &str, value: &str) -> Result<PayType, Refused> {
    let known = PAY_TYPES.iter().find(|known| known.eq_ignore_ascii_case(value));
    match *known.ok_or_else(|| invalid(name, value))? {
        "Salary" => Ok(PayType::Salary),
        "Hourly" => Ok(PayType::Hourly),
        other => Ok(PayType::Other(facts.texts.add(other))),
    }
}

fn amount_of(text: &str) -> Option<Decimal> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    is_plain.then(|| Decimal::from_str_exact(text).ok()).flatten()
}

fn currency_of(facts: &mut Facts, name: &str, value: &str) -> Result<Text, Refused> {
    let is_code = value.len() == 3 && value.bytes().all(|byte| byte.is_ascii_uppercase());
    if is_code { Ok(facts.texts.add(value)) } else { Err(invalid(name, value)) }
}

/// The employee's fields, as webhooks name them, that a row's columns stand for.
fn as_fields(columns: &Columns) -> Columns {
    let field = |name: &str| match name {
        "rate" | "rateCurrencyCode" => "payRate".to_owned(),
        "type" => "payType".to_owned(),
        "paidPer" => "payPer".to_owned(),
        "startDate" => "payRateEffectiveDate".to_owned(),
        "date" => "jobInformationEffectiveDate".to_owned(),
        other => other.to_owned(),
    };
    let mut fields = Columns::default();
    for name in columns.names().map(field) {
        if fields.get(&name).is_none() {
            fields.0.push((name, String::new()));
        }
    }
    fields
}
