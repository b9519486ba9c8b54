//! `from`: what BambooHR gives, and the names that come with it.

use super::Page;
use super::calendar::{self, Schedules};
use super::names;
use crate::hr::PayCalendar;
use crate::project::finding::{Finding, did_you_mean};
use crate::project::pipeline::{PeriodRule, Source, Take};
use crate::project::shape::Text;
use crate::project::shape::pipeline as shape;
use crate::project::value::Names;
use std::sync::Arc;

/// The source, with every name that people have in this pipeline.
#[derive(Debug)]
pub struct From {
    pub source: Source,
    pub register: Option<String>,
    /// Whether compensation rows are read.
    pub rates: bool,
    pub period: PeriodRule,
    pub calendar: Arc<PayCalendar>,
    pub take: Vec<Take>,
    pub names: Names,
}

pub fn from(
    raw: &shape::From,
    schedules: &Schedules,
    registers: Option<&[String]>,
    page: &mut Page<'_>,
) -> Option<From> {
    let register = match &raw.register {
        Some(name) => Some(known_register(name, registers, page)?),
        None => None,
    };
    let source = match (raw.bamboohr, &raw.register) {
        (Some(shape::Source::PayrollCost), _) | (None, Some(_)) => Source::PayrollCost,
        (Some(shape::Source::Employees), None) => Source::Employees,
        (Some(shape::Source::Employees), Some(name)) => {
            let help = "remove it, or write `bamboohr: payroll-cost`".to_owned();
            page.error("unused-part", name, "records carry no amounts of a register", Some(help));
            return None;
        }
        (None, None) => {
            let finding = Finding::error("missing-key", page.place(raw.at()), "`from` names no source");
            page.report(
                finding.help("`bamboohr: payroll-cost`, `bamboohr: employees`, or `register` with the name of one"),
            );
            return None;
        }
    };
    let rates = source == Source::PayrollCost && raw.bamboohr.is_some();
    let period = match (raw.r#for, source) {
        (Some(shape::PeriodRule::PreviousMonth | shape::PeriodRule::PreviousPeriod), _)
        | (None, Source::PayrollCost) => PeriodRule::Previous,
        (Some(shape::PeriodRule::ThisMonth | shape::PeriodRule::ThisPeriod), _) | (None, Source::Employees) => {
            PeriodRule::This
        }
    };
    let mut names = names::of_people(rates);
    let mut take = Vec::new();
    for (name, field) in raw.take.iter().flat_map(|take| take.iter()) {
        if page.identifier(name) && may_be_taken(name, field, page) {
            names.add(&name.text, names::kind_of_field(&field.text));
            let place = name.place(page.file);
            let field_place = field.place(page.file);
            take.push(Take { name: name.text.clone(), field: field.text.clone(), place, field_place });
        }
    }
    let calendar = match &raw.periods {
        Some(name) => calendar::named(name, schedules, page)?,
        None => Arc::new(PayCalendar::Months),
    };
    Some(From { source, register, rates, period, calendar, take, names })
}

fn known_register(name: &Text, registers: Option<&[String]>, page: &mut Page<'_>) -> Option<String> {
    if let Some(known) = registers.filter(|known| !known.contains(&name.text)) {
        let names: Vec<&str> = known.iter().map(String::as_str).collect();
        let help = did_you_mean(&name.text, &names).unwrap_or_else(|| {
            format!("add it to project.yaml: `connections: {{ registers: {{ {}: … }} }}`", name.text)
        });
        page.error("unknown-name", name, format!("there is no register `{}`", name.text), Some(help));
        return None;
    }
    Some(name.text.clone())
}

fn may_be_taken(name: &Text, field: &Text, page: &mut Page<'_>) -> bool {
    if names::is_pay(&field.text) {
        let message = format!("`{}` is pay, which is not taken as a text", field.text);
        let help = "pay comes from the compensation rows, through `from: { bamboohr: payroll-cost }` and `pay`";
        page.error("pay-in-take", field, message, Some(help.to_owned()));
        return false;
    }
    if names::is_reserved(&name.text) {
        let message = format!("`{}` has a meaning of its own and cannot be taken", name.text);
        page.error("bad-name", name, message, Some("choose another name".to_owned()));
        return false;
    }
    // `department: location` would change what every other rule calls the department.
    if let Some(own) = names::standard_of_field(&field.text)
        && own != name.text
        && names::standard_field(&name.text).is_some_and(|standard| standard != field.text)
    {
        let message = format!("`{}` is BambooHR's {}, not its {}", name.text, name.text.replace('_', " "), field.text);
        let place = field.place(page.file);
        page.report(
            Finding::error("shadowed-name", place, message)
                .help(format!("call it something else, or use `{own}`, which is there without taking it")),
        );
        return false;
    }
    true
}
