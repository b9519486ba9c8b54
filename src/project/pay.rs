//! `pay:` of a pipeline, compiled: how pay becomes cost.

use super::finding::Place;
use super::split::SplitTable;
use super::table::Table;
use crate::ledger::Currency;
use jiff::civil::Date;
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How pay becomes cost.
#[derive(Debug)]
pub struct Pay {
    /// Divisor of a yearly rate.
    pub period: PayPeriod,
    pub prorate: Prorate,
    /// The project's hours and holidays.
    pub work: Arc<WorkCalendar>,
    /// Public holidays that count nothing, in order; empty where they are paid and count.
    pub off: Vec<Date>,
    pub hourly: Hourly,
    /// The customer's own earnings, in the project's order.
    pub earnings: Vec<EarningRule>,
    /// Types of one-off payments that cost nothing here.
    pub ignored_payments: Vec<String>,
    /// What pay types other than Salary and Hourly mean.
    pub types: BTreeMap<String, PayMeaning>,
    /// What time off does; `None`: nothing.
    pub leave: Option<Leave>,
    /// Whose cost is shared over several cost centres.
    pub split: Option<SplitTable>,
    /// In the project's order.
    pub burdens: Vec<Burden>,
    /// The customer's pay-schedule names, for rates paid per pay period.
    pub schedules: BTreeMap<String, PayPeriod>,
}

/// How often a period's salary falls in a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayPeriod {
    Monthly,
    SemiMonthly,
    Biweekly,
    Weekly,
    Quarterly,
    Daily,
}

impl Pay {
    /// Whether any burden has a wage base: then the wages of the year count.
    pub fn has_cap(&self) -> bool {
        self.burdens.iter().any(|burden| matches!(&burden.cost, BurdenCost::Share { cap: Some(_), .. }))
    }

    /// The names of the customer's own earnings and of all burdens.
    pub fn amount_names(&self) -> impl Iterator<Item = &str> {
        let earnings = self.earnings.iter().map(|earning| earning.name.as_str());
        earnings.chain(self.burdens.iter().map(|burden| burden.name.as_str()))
    }

    /// Whether one-off payments are read.
    pub fn reads_payments(&self) -> bool {
        self.earnings.iter().any(|earning| matches!(earning.how, EarningHow::Payments { .. }))
    }
}

impl PayPeriod {
    /// Periods in a year.
    pub fn a_year(self) -> i128 {
        match self {
            PayPeriod::Monthly => 12,
            PayPeriod::SemiMonthly => 24,
            PayPeriod::Biweekly => 26,
            PayPeriod::Weekly => 52,
            PayPeriod::Quarterly => 4,
            PayPeriod::Daily => 260,
        }
    }
}

/// The units of a part of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prorate {
    /// Monday to Friday; public holidays count.
    WorkingDays,
    CalendarDays,
    /// The scheduled hours of [`WorkCalendar::week`].
    Hours,
}

/// `calendar:` of project.yaml: how many hours a day has, and which days are public holidays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkCalendar {
    /// Scheduled hours from Monday to Sunday, in hundredths; `None` where the project says nothing.
    pub week: Option<[i64; 7]>,
    /// In order, each once.
    pub holidays: Vec<Date>,
}

impl WorkCalendar {
    /// Hours of a whole day's work, in hundredths: as scheduled, else 8.
    pub fn hours_of(&self, day: Date) -> i64 {
        self.week.map_or(800, |week| week[usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or(0)])
    }
}

/// How hourly people are paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hourly {
    pub overtime: Option<Overtime>,
    pub unapproved: Unapproved,
}

/// Hours above `above_weekly` in a Monday-to-Sunday week, at rate × `at`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overtime {
    pub above_weekly: Decimal,
    pub at: Decimal,
}

/// What hours that nobody approved do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unapproved {
    Hold,
    Pay,
}

/// An earning of the customer's beside `regular` and `overtime`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EarningRule {
    pub name: String,
    pub how: EarningHow,
    pub place: Place,
}

/// Where such an earning comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EarningHow {
    /// Hours that carry one of these codes, at rate × `at`.
    Hours {
        codes: Vec<String>,
        at: Decimal,
        /// The same hours are paid as regular (or overtime) too, and this comes on top.
        on_top: bool,
        /// Whether they count towards the overtime threshold.
        counts_for_overtime: bool,
    },
    /// One-off payments of these types.
    Payments { types: Vec<String> },
}

/// What a pay type of the customer's means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayMeaning {
    Salary,
    Hourly,
    /// Rate × pieces, in the place that the pieces name.
    Pieces,
    /// Only one-off payments: no rate is read.
    NoBasePay,
}

/// Approved time off, by BambooHR's types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leave {
    pub paid: Vec<String>,
    pub unpaid: Vec<String>,
}

/// A cost on top of pay: employer tax, benefits.
#[derive(Clone, Debug)]
pub struct Burden {
    pub name: String,
    pub cost: BurdenCost,
    pub place: Place,
}

/// How much a burden is.
#[derive(Clone, Debug)]
pub enum BurdenCost {
    /// A share of wages.
    Share {
        /// A fraction of one: 7.65 % is 0.0765.
        rate: Decimal,
        /// `gross` or earnings; never another burden.
        of: Vec<Amount>,
        /// Only wages in this currency have it; `None`: all.
        only: Option<Currency>,
        cap: Option<Cap>,
    },
    /// The same amount for everybody with wages in this currency, in its major unit.
    PerHead { amount: Decimal, currency: Currency },
    /// An amount of its own for each person with wages in its currency.
    Table(CostTable),
}

/// The amounts of a burden that differ from person to person.
#[derive(Clone, Debug)]
pub struct CostTable {
    /// Its columns [`COST_AMOUNT`] and [`COST_CURRENCY`] answer, with an amount not below zero and a currency.
    pub table: Arc<Table>,
    /// For each key column, the pipeline's name that fills it.
    pub keys: Vec<String>,
    /// Whether a person without a row is held; else it costs nothing.
    pub holds: bool,
}

pub const COST_AMOUNT: &str = "amount";
pub const COST_CURRENCY: &str = "currency";

/// A wage base: the burden follows the wages of a year until they reach it.
#[derive(Clone, Debug)]
pub struct Cap {
    /// In the currency's major unit.
    pub wages: Decimal,
    /// Only wages in this currency have the burden.
    pub currency: Currency,
    /// Month and day on which a year starts.
    pub year_starts: (i8, i8),
    pub before: Option<WagesBefore>,
}

/// Wages of a year that were paid before our first period.
#[derive(Clone, Debug)]
pub struct WagesBefore {
    /// The key is the employee's number; the column [`WAGES`] answers.
    pub table: Arc<Table>,
    /// The wages up to this day are in the table: periods that end by then are not computed again.
    pub until: Date,
}

pub const WAGES: &str = "wages";

/// An amount that a journal line may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Amount {
    Regular,
    Overtime,
    /// Position in [`Pay::earnings`].
    Code(usize),
    /// Sum of all earnings.
    Gross,
    /// Position in [`Pay::burdens`].
    Burden(usize),
}
