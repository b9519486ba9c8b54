//! Effective-dated rows: each holds from the start of its date until the next row's date.
//!
//! `employee` is the position of the person in the facts' list of people, not BambooHR's id.

use super::text::Text;
use jiff::civil::Date;
use rust_decimal::Decimal;
use std::cmp::Ordering;

/// Where somebody works from a date on (BambooHR's `jobInfo` table).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct JobRow {
    pub employee: u32,
    pub row_id: Text,
    pub date: Date,
    pub department: Text,
    pub location: Text,
    pub division: Text,
    pub job_title: Text,
}

/// Somebody's employment status from a date on (BambooHR's `employmentStatus` table).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EmploymentRow {
    pub employee: u32,
    pub row_id: Text,
    pub date: Date,
    /// A name from the customer's own list: `Full-Time`, `Contractor`, `Terminated`, …
    pub employment_status: Text,
}

/// How a person is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PayType {
    Salary,
    Hourly,
    /// Any other type BambooHR knows (`Commission`, `Piece Rate`, …): held until the YAML says what it means.
    Other(Text),
}

/// What somebody earns from a date on (BambooHR's `compensation` table).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CompensationRow {
    pub employee: u32,
    pub row_id: Text,
    pub date: Date,
    pub pay_type: PayType,
    /// `None` when BambooHR's answer could not be read as an exact decimal: that pay is held, never guessed.
    pub rate: Option<Decimal>,
    /// `Year`, `Month`, `Hour`, … as BambooHR spells it.
    pub paid_per: Text,
    /// ISO 4217 code, empty when BambooHR gave none.
    pub currency: Text,
    pub pay_schedule: Text,
}

/// Hours worked on a day (BambooHR's timesheets, or hours pushed in with a department).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HoursRow {
    pub employee: u32,
    pub row_id: Text,
    pub date: Date,
    pub hours: Decimal,
    pub approved: bool,
    /// The department the hours name; empty = the person's home department.
    pub department: Text,
    /// The location the hours name; empty = the person's home location.
    pub location: Text,
}

/// Orders row ids as BambooHR counts them: numbers by value, anything else after them, by its letters.
pub fn compare_row_ids(left: &str, right: &str) -> Ordering {
    match (left.parse::<u64>(), right.parse::<u64>()) {
        (Ok(left), Ok(right)) => left.cmp(&right),
        (Ok(_), Err(_)) => Ordering::Less,
        (Err(_), Ok(_)) => Ordering::Greater,
        (Err(_), Err(_)) => left.cmp(right),
    }
}
