//! `pay:` of a pipeline, compiled: how pay becomes cost.

use super::finding::Place;
use super::split::SplitTable;
use super::table::Table;
use super::work::{Holidays, WorkCalendar, WorkWeeks};
use crate::ledger::Currency;
use jiff::civil::Date;
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How pay becomes cost.
#[derive(Debug)]
pub struct Pay {
    /// Whether compensation rows pay; else only the register does.
    pub from_rates: bool,
    /// Whether wages are booked here; else another pipeline does, or somebody else.
    pub books_wages: bool,
    /// Divisor of a yearly rate.
    pub period: PayPeriod,
    pub prorate: Prorate,
    /// The project's hours and holidays.
    pub work: Arc<WorkCalendar>,
    /// Who has other hours.
    pub work_weeks: Option<WorkWeeks>,
    /// Public holidays that count nothing; none where they are paid and count.
    pub off: Holidays,
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
    /// What is kept back from people's pay, as the register says. In the project's order.
    pub withheld: Vec<Withheld>,
    /// What the register says about itself.
    pub control: Control,
    /// Codes of the register that book nothing.
    pub ignored_codes: Vec<String>,
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

    /// The names of the customer's own earnings, of all burdens and of what is withheld.
    pub fn amount_names(&self) -> impl Iterator<Item = &str> {
        let earnings = self.earnings.iter().map(|earning| earning.name.as_str());
        let withheld = self.withheld.iter().map(|withheld| withheld.name.as_str());
        earnings.chain(self.burdens.iter().map(|burden| burden.name.as_str())).chain(withheld)
    }

    /// Every amount that people's shares can be of, with its name. Each has to be booked on both sides of a journal.
    pub fn amounts(&self) -> Vec<(Amount, &str)> {
        let rates =
            [(Amount::Regular, "regular", true), (Amount::Overtime, "overtime", self.hourly.overtime.is_some())];
        let rates = rates
            .into_iter()
            .filter(|(.., used)| self.from_rates && self.books_wages && *used)
            .map(|(amount, name, _)| (amount, name));
        let earnings = self.earnings.iter().enumerate().map(|(at, rule)| (Amount::Code(at), rule.name.as_str()));
        let burdens = self.burdens.iter().enumerate().map(|(at, rule)| (Amount::Burden(at), rule.name.as_str()));
        let withheld = self.withheld.iter().enumerate().map(|(at, rule)| (Amount::Withheld(at), rule.name.as_str()));
        rates.chain(earnings).chain(burdens).chain(withheld).collect()
    }

    /// What a code of the register means; `None` for one that nothing names.
    pub fn register_code(&self, code: &str) -> Option<RegisterCode> {
        let named = |codes: &[String]| codes.iter().any(|known| known == code);
        let earning =
            self.earnings.iter().position(|rule| matches!(&rule.how, EarningHow::Register { codes } if named(codes)));
        let burden =
            self.burdens.iter().position(|rule| matches!(&rule.cost, BurdenCost::Register { codes } if named(codes)));
        let withheld = self.withheld.iter().position(|rule| named(&rule.codes));
        let booked = earning.map(Amount::Code).or(burden.map(Amount::Burden)).or(withheld.map(Amount::Withheld));
        let is_control = [&self.control.gross, &self.control.net].into_iter().flatten().any(|known| known == code);
        match booked {
            Some(amount) => Some(RegisterCode::Booked(amount)),
            None if is_control => Some(RegisterCode::Control),
            None => named(&self.ignored_codes).then_some(RegisterCode::Ignored),
        }
    }

    /// The liabilities that are booked, by the position of their burden.
    pub fn liabilities(&self) -> impl Iterator<Item = (usize, &Liability)> {
        self.burdens.iter().enumerate().filter_map(|(at, burden)| match &burden.cost {
            BurdenCost::Liability(liability) => Some((at, liability)),
            _ => None,
        })
    }

    /// The burdens that are read from benefit plans, by their position: the plans of each.
    pub fn benefits(&self) -> impl Iterator<Item = (usize, &[String])> {
        self.burdens.iter().enumerate().filter_map(|(at, burden)| match &burden.cost {
            BurdenCost::Benefits { plans } => Some((at, plans.as_slice())),
            _ => None,
        })
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
    /// Scheduled hours: of the person's row in [`Pay::work_weeks`], else of the project's week.
    Hours,
}

/// How hourly people are paid.
#[derive(Clone, Debug)]
pub struct Hourly {
    pub overtime: Option<Overtime>,
    pub unapproved: Unapproved,
    /// What projects of BambooHR's timesheets mean; `None`: nothing.
    pub projects: Option<Projects>,
}

/// The table of projects: `project` and perhaps `task` are its keys.
#[derive(Clone, Debug)]
pub struct Projects {
    pub table: Arc<Table>,
    pub has_task: bool,
    /// Whether hours of a project without a row are held; else they are the person's own department's.
    pub holds: bool,
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
    /// Amounts of the register with these codes.
    Register { codes: Vec<String> },
}

/// Something that is kept back from pay: a tax, a deduction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withheld {
    pub name: String,
    /// Codes of the register.
    pub codes: Vec<String>,
    pub place: Place,
}

/// What a register says about itself, checked person by person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Control {
    /// The code that is the sum of the earnings.
    pub gross: Option<String>,
    /// The code that is gross without what is withheld.
    pub net: Option<String>,
    /// How many pay dates a period has; fewer hold.
    pub pay_dates: Option<u32>,
    /// Whether the same code of a person, day and place on two lines is added up; else it holds.
    pub adds_up_repeated: bool,
}

/// What a code of a register means to a pipeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegisterCode {
    Booked(Amount),
    Control,
    Ignored,
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
    /// As the register says.
    Register { codes: Vec<String> },
    /// The change of what untaken time off is worth.
    Liability(Liability),
    /// What BambooHR says that the employer pays for these benefit plans, as it calls them.
    Benefits { plans: Vec<String> },
}

/// What time off that somebody has earned and not taken is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Liability {
    /// Types of time off, as BambooHR calls them.
    pub of: Vec<String>,
    /// What a yearly rate is divided by for an hour.
    pub hours_a_year: Decimal,
    /// What a day of a balance in days counts.
    pub hours_a_day: Decimal,
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
    /// Position in [`Pay::withheld`].
    Withheld(usize),
    /// Gross without everything that is withheld.
    Net,
}

impl Amount {
    /// Whether it is an earning of its own: a part of gross.
    pub fn is_earning(self) -> bool {
        matches!(self, Amount::Regular | Amount::Overtime | Amount::Code(_))
    }

    /// How often a line that names this amount books `other`: 1, 0, or −1 where it takes it away.
    pub fn times(self, other: Amount) -> i128 {
        match self {
            Amount::Gross => i128::from(other.is_earning()),
            Amount::Net if matches!(other, Amount::Withheld(_)) => -1,
            Amount::Net => i128::from(other.is_earning()),
            _ => i128::from(self == other),
        }
    }
}
