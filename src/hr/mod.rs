//! The people side's nouns: what BambooHR knows, in our own words.
//!
//! Nothing here knows BambooHR's JSON (that is [`crate::bamboohr`]) or YAML. Texts are interned
//! ([`text`]): a company of 100,000 people has a few hundred departments, and a fact row stays small
//! enough to keep a whole company in memory.

pub mod employee;
pub mod pay_calendar;
pub mod period;
pub mod rows;
pub mod text;

pub use employee::Employee;
pub use pay_calendar::PayCalendar;
pub use period::{Period, PeriodCode};
pub use rows::{
    BalanceRow, BenefitRow, CompensationRow, EmploymentRow, HoursRow, JobRow, PayType, PaymentRow, RegisterRow,
    TimeOffRow,
};
pub use text::{Text, Texts};
