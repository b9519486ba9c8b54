//! Wages of a year before a period: what burdens with a wage base (`cap`) go by. Computed again from today's knowledge,
//! one pass over the periods of the year.

use super::accrual::Stretch;
use super::burden::is_base;
use super::cost::{Costs, labour_cost};
use super::facts::Facts;
use super::hold::{Hold, HoldCode};
use crate::hr::{Period, PeriodCode};
use crate::ledger::exact::TooLarge;
use crate::ledger::{Exact, Minor};
use crate::project::Pipeline;
use crate::project::pipeline::{BurdenCost, Cap, Otherwise, Pay, WAGES, WagesBefore};
use jiff::civil::Date;
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// By person and position of the burden; who is not in it has none. Only ever asked by key.
#[derive(Clone, Debug, Default)]
pub struct WageBase(FxHashMap<(u32, usize), Minor>);

impl WageBase {
    /// The wages of one person that a burden went by this year, before the period.
    pub fn of(&self, person: u32, burden: usize) -> Minor {
        self.0.get(&(person, burden)).copied().unwrap_or(Minor::ZERO)
    }
}

/// How much of `wages` is within the base when `used` was paid before. Wages that are taken back give back what was within.
pub fn within_cap(cap: &Cap, used: Minor, wages: Minor) -> Result<Minor, TooLarge> {
    let base = Exact::from_decimal(cap.wages).round(cap.currency.minor_digits())?;
    Ok((used + wages).min(base) - used.min(base))
}

/// The first day of the year that `day` lies in.
pub fn year_start(cap: &Cap, day: Date) -> Date {
    let (month, of_month) = cap.year_starts;
    let this = Date::new(day.year(), month, of_month).unwrap_or(day);
    if this <= day { this } else { Date::new(day.year() - 1, month, of_month).unwrap_or(day) }
}

/// The first day whose wages count for burdens of a period that ends on `last_day`; `None` without a cap.
pub fn wages_from(pay: &Pay, last_day: Date) -> Option<Date> {
    caps(pay).map(|(_, cap)| first_computed(cap, last_day)).min()
}

fn caps(pay: &Pay) -> impl Iterator<Item = (usize, &Cap)> {
    pay.burdens.iter().enumerate().filter_map(|(at, burden)| match &burden.cost {
        BurdenCost::Share { cap: Some(cap), .. } => Some((at, cap)),
        _ => None,
    })
}

/// The table of wages before our first period, where it is about the year of `last_day`.
fn table_of_year(cap: &Cap, last_day: Date) -> Option<&WagesBefore> {
    let start = year_start(cap, last_day);
    cap.before.as_ref().filter(|before| year_start(cap, before.until) == start)
}

fn first_computed(cap: &Cap, last_day: Date) -> Date {
    let start = year_start(cap, last_day);
    let after_table = table_of_year(cap, last_day).and_then(|before| before.until.tomorrow().ok());
    after_table.unwrap_or(start)
}

/// Wages before each of the wanted periods, and why those of a period cannot be known.
#[derive(Debug, Default)]
pub struct WageBases {
    by_period: BTreeMap<PeriodCode, WageBase>,
    unknown: Vec<(PeriodCode, Hold)>,
}

/// For a period that nobody asked about, and where no burden has a cap.
static NONE: std::sync::LazyLock<WageBase> = std::sync::LazyLock::new(WageBase::default);

impl WageBases {
    pub fn of(&self, period: &PeriodCode) -> &WageBase {
        self.by_period.get(period).unwrap_or(&NONE)
    }

    /// What holds a period because the wages before it are not known.
    pub fn holds(&self, period: &PeriodCode) -> impl Iterator<Item = &Hold> {
        self.unknown.iter().filter(move |(of, _)| of == period).map(|(_, hold)| hold)
    }
}

/// Computes the wages before each period of `wanted` (oldest first).
pub fn wage_bases(pipeline: &Pipeline, pay: &Pay, wanted: &[Period], facts: &Facts) -> WageBases {
    let mut bases = WageBases::default();
    let first = wanted.iter().filter_map(|period| wages_from(pay, period.last_day)).min();
    let (Some(first), Some(last)) = (first, wanted.last()) else { return bases };
    let mut sums = Sums { pay, facts, totals: FxHashMap::default(), started: BTreeMap::new() };
    let mut unknown: Vec<(Period, String)> = Vec::new();
    let mut at = pipeline.calendar.containing(first).or_else(|| wanted.first().cloned());
    while let Some(period) = at.filter(|period| period.first_day <= last.last_day) {
        sums.begin(&period);
        if wanted.contains(&period) {
            bases.by_period.insert(period.code.clone(), WageBase(sums.totals.clone()));
            let from = wages_from(pay, period.last_day).unwrap_or(period.first_day);
            let missing = unknown.iter().filter(|(of, _)| of.last_day >= from);
            bases.unknown.extend(missing.map(|(of, why)| (period.code.clone(), wages_unknown(of, why))));
        }
        if period.last_day < last.last_day {
            let costs = labour_cost(pipeline, pay, Stretch::whole(&period), facts, None);
            if let Some(why) = why_unknown(facts, &period, &costs) {
                unknown.push((period.clone(), why));
            }
            sums.add(&period, &costs);
        }
        at = pipeline.calendar.after(&period);
    }
    bases
}

struct Sums<'a> {
    pay: &'a Pay,
    facts: &'a Facts,
    totals: FxHashMap<(u32, usize), Minor>,
    /// By burden, the year that its totals are of.
    started: BTreeMap<usize, Date>,
}

impl Sums<'_> {
    /// Begins a new year's totals where one starts, from the table where it has wages of that year.
    fn begin(&mut self, period: &Period) {
        for (at, cap) in caps(self.pay) {
            let start = year_start(cap, period.last_day);
            if self.started.insert(at, start) == Some(start) {
                continue;
            }
            self.totals.retain(|(_, burden), _| *burden != at);
            let Some(before) = table_of_year(cap, period.last_day) else { continue };
            for (person, employee) in self.facts.people.iter().enumerate() {
                let number = self.facts.text(employee.number);
                let wages = before.table.look_up(&[number], before.until, WAGES);
                let wages = wages.and_then(|answer| Decimal::from_str_exact(answer.value.trim()).ok());
                let rounded =
                    wages.and_then(|wages| Exact::from_decimal(wages).round(cap.currency.minor_digits()).ok());
                if let Some(rounded) = rounded {
                    self.totals.insert((person as u32, at), rounded);
                }
            }
        }
    }

    fn add(&mut self, period: &Period, costs: &Costs) {
        for (at, cap) in caps(self.pay) {
            if period.last_day < first_computed(cap, period.last_day) {
                continue;
            }
            let cost = &self.pay.burdens[at].cost;
            let counts =
                costs.shares.iter().filter(|share| share.currency == cap.currency && is_base(cost, share.amount));
            for share in counts {
                *self.totals.entry((share.person, at)).or_default() += share.rounded;
            }
        }
    }
}

fn why_unknown(facts: &Facts, period: &Period, costs: &Costs) -> Option<String> {
    let gone = costs.has_hourly
        && !facts.hours_saved.contains(&period.code)
        && facts.hours_from.is_some_and(|from| from > period.first_day);
    if gone {
        return Some("its hours are no longer served".to_owned());
    }
    let reasons = costs.holds.len() + costs.left_out.len();
    let first = costs.holds.first().or(costs.left_out.first())?;
    Some(format!("{}: {} ({reasons} in all)", first.subject, first.message))
}

fn wages_unknown(period: &Period, why: &str) -> Hold {
    Hold {
        code: HoldCode::WagesUnknown,
        subject: format!("period {}", period.code),
        message: format!("the wages of {}, which a burden with a cap goes by, are not known: {why}", period.code),
        remedy: "Mend that period's facts, or give the wages of the year under the burden's `cap.before`.".to_owned(),
        place: None,
        otherwise: Otherwise::Hold,
    }
}
