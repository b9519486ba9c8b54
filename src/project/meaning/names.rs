//! The names that each place of a pipeline can read. The plan binds exactly these.

use crate::project::pipeline::{Pipeline, Source};
use crate::project::value::{Kind, Names};

/// A name that every pipeline has without taking it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StandardName {
    pub name: &'static str,
    /// The BambooHR field behind it (bamboohr.md §3.5); of a dated table the row that holds.
    pub field: &'static str,
    pub is_date: bool,
    /// Known only where compensation rows are read.
    pub of_pay: bool,
}

const fn name(name: &'static str, field: &'static str) -> StandardName {
    StandardName { name, field, is_date: false, of_pay: false }
}

const STANDARD: &[StandardName] = &[
    name("id", "id"),
    name("number", "employeeNumber"),
    name("first_name", "firstName"),
    name("last_name", "lastName"),
    name("email", "workEmail"),
    StandardName { name: "hire_date", field: "hireDate", is_date: true, of_pay: false },
    StandardName { name: "termination_date", field: "terminationDate", is_date: true, of_pay: false },
    name("status", "status"),
    name("employment_status", "employmentHistoryStatus"),
    name("department", "department"),
    name("location", "location"),
    name("division", "division"),
    name("job_title", "jobTitle"),
    StandardName { name: "pay_type", field: "payType", is_date: false, of_pay: true },
    StandardName { name: "currency", field: "payRate", is_date: false, of_pay: true },
    StandardName { name: "pay_schedule", field: "paySchedule", is_date: false, of_pay: true },
];

/// The names that a pipeline has by itself, in the order of the documentation. `rates`: compensation rows are read.
pub fn standard_names(rates: bool) -> Vec<StandardName> {
    STANDARD.iter().filter(|name| rates || !name.of_pay).copied().collect()
}

/// The same with their types.
pub fn of_people(rates: bool) -> Names {
    let mut names = Names::default();
    for name in standard_names(rates) {
        names.add(name.name, if name.is_date { Kind::Date } else { Kind::Text });
    }
    names
}

/// Everything that one person of a pipeline can be asked for: people's names, what is taken, the look-ups, the period.
pub fn of_pipeline(pipeline: &Pipeline) -> Names {
    let mut names = of_people(pipeline.source == Source::PayrollCost).with("period", period());
    for take in &pipeline.take {
        names.add(&take.name, kind_of_field(&take.field));
    }
    pipeline.look_ups.iter().for_each(|look_up| names.add(&look_up.name, Kind::Text));
    names
}

/// What a taken BambooHR field yields. Dates only where the standard name does: other fields stay BambooHR's text.
pub fn kind_of_field(field: &str) -> Kind {
    let is_date = STANDARD.iter().any(|name| name.is_date && name.field == field);
    if is_date { Kind::Date } else { Kind::Text }
}

/// The standard name whose field this is.
pub fn standard_of_field(field: &str) -> Option<&'static str> {
    STANDARD.iter().find(|name| name.field == field && !name.of_pay).map(|name| name.name)
}

/// BambooHR fields that hold pay: they come from compensation rows, never as a text that could be printed.
pub fn is_pay(field: &str) -> bool {
    ["payRate", "overtimeRate", "payRateEffectiveDate", "bonusAmount", "commissionAmount"].contains(&field)
}

/// `period.…`.
pub fn period() -> Kind {
    Kind::record([("code", Kind::Text), ("name", Kind::Text), ("first_day", Kind::Date), ("last_day", Kind::Date)])
}

/// `accrual.…`.
pub fn accrual() -> Kind {
    Kind::record([("date", Kind::Date), ("reversal", Kind::Date)])
}

/// What `expect` and scripts read of a whole plan.
pub fn of_plan() -> Names {
    Names::default()
        .with("headcount", Kind::Integer)
        .with("last_period", Kind::record([("headcount", Kind::Integer)]))
        .with("total", Kind::record([("gross", Kind::Money), ("debit", Kind::Money), ("credit", Kind::Money)]))
        .with("documents", Kind::Integer)
        .with("people_held", Kind::Integer)
        .with("period", period())
}

/// A script sees the lines, too.
pub fn of_script() -> Names {
    let line = Kind::record([("account", Kind::Text), ("debit", Kind::Money), ("credit", Kind::Money)]);
    of_plan().with("lines", Kind::List(Box::new(line)))
}

/// What a journal's batch, reference and date read. The amounts are known as money, so that lint can say why they
/// cannot be printed.
pub fn of_journal<'a>(amounts: impl Iterator<Item = &'a str>) -> Names {
    let mut names = Names::default()
        .with("period", period())
        .with("currency", Kind::Text)
        .with("company", Kind::Text)
        .with("gross", Kind::Money)
        .with("regular", Kind::Money)
        .with("overtime", Kind::Money)
        .with("net", Kind::Money);
    amounts.for_each(|amount| names.add(amount, Kind::Money));
    names
}

/// The most characters a name's text has, where that is known. Periods are calendar months: `2013-11`, `Nov 2013`.
pub fn width(name: &str) -> Option<usize> {
    match name {
        "period.code" => Some(7),
        "period.name" => Some(8),
        "period.first_day" | "period.last_day" | "hire_date" | "termination_date" => Some(10),
        "currency" => Some(3),
        _ => None,
    }
}

/// The field behind a standard name.
pub fn standard_field(name: &str) -> Option<&'static str> {
    STANDARD.iter().find(|standard| standard.name == name).map(|standard| standard.field)
}

/// Names that mean something of their own where templates and expressions are read.
pub fn is_reserved(name: &str) -> bool {
    const RESERVED: [&str; 13] = [
        "accrual",
        "period",
        "segment",
        "company",
        "currency",
        "gross",
        "regular",
        "overtime",
        "net",
        "total",
        "lines",
        "headcount",
        "loop",
    ];
    RESERVED.contains(&name)
}
