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
    /// `hours` counts pieces, not hours.
    pub are_pieces: bool,
    /// The code of the hours where they are of a kind of their own: night work, double time. Empty: plain hours.
    pub earning: Text,
    pub approved: bool,
    /// The department the hours name; empty = the person's home department.
    pub department: Text,
    /// The location the hours name; empty = the person's home location.
    pub location: Text,
    /// The name of the project that BambooHR's timesheet entry is of, and of the task in it; empty: none.
    pub project: Text,
    pub task: Text,
}

/// A one-off payment (BambooHR's `bonus` and `commission` tables).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PaymentRow {
    pub employee: u32,
    pub row_id: Text,
    pub date: Date,
    /// `Bonus`, `Commission`, or a type of the customer's.
    pub kind: Text,
    /// `None` when it could not be read as an exact decimal.
    pub amount: Option<Decimal>,
    /// ISO 4217 code, empty when none was given.
    pub currency: Text,
}

/// An amount of a payroll register: what the payroll provider computed for one person, pay date and code.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RegisterRow {
    pub employee: u32,
    /// `FILE:LINE` of the register. Rows of one line of the file share it.
    pub row_id: Text,
    /// Picks the period.
    pub date: Date,
    /// The register, by its name in project.yaml.
    pub register: Text,
    /// What the amount is: the provider's own word.
    pub code: Text,
    /// `None` when it could not be read as an exact decimal.
    pub amount: Option<Decimal>,
    /// ISO 4217 code, empty when none was given.
    pub currency: Text,
    /// The department the row names; empty = the person's own.
    pub department: Text,
    /// The location the row names; empty = the person's own.
    pub location: Text,
}

/// Time off on one day (BambooHR's time-off requests).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimeOffRow {
    pub employee: u32,
    pub row_id: Text,
    pub date: Date,
    /// The type of time off, as BambooHR calls it.
    pub kind: Text,
    pub amount: Decimal,
    /// Whether `amount` counts hours; else days.
    pub in_hours: bool,
}

/// What time off somebody has left at the end of a day (BambooHR's time-off balances).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BalanceRow {
    pub employee: u32,
    pub date: Date,
    /// The type of time off, as BambooHR calls it.
    pub kind: Text,
    /// Below zero where more was taken than earned.
    pub amount: Decimal,
    /// Whether `amount` counts hours; else days.
    pub in_hours: bool,
}

/// What an employer pays for somebody's enrolment in a benefit plan, as BambooHR showed it (List Employee Benefits). It
/// shows what is in force now and what is scheduled, and no history: a row belongs to the period it was read for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BenefitRow {
    pub employee: u32,
    /// The last day of the period that it was read for.
    pub date: Date,
    pub read_on: Date,
    /// The plan, as BambooHR calls it.
    pub plan: Text,
    /// `Enrolled` counts.
    pub status: Text,
    /// From when the status holds.
    pub effective: Option<Date>,
    /// When deductions begin and end.
    pub first_day: Option<Date>,
    pub last_day: Option<Date>,
    /// What the employer pays at each deduction; `None` for nothing.
    pub amount: Option<Decimal>,
    /// `$`, or `%` of what the employee earns.
    pub unit: Text,
    pub currency: Text,
    /// Deductions in a year.
    pub a_year: Option<Decimal>,
    /// A cap or a yearly maximum goes with it.
    pub limited: bool,
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
