//! What the employer pays for people's benefit plans, as BambooHR showed them in the period and after it
//! (payroll-rules.md, Burdens): an amount a deduction, times the deductions of a year, shared out over the periods of one.

use super::burden;
use super::earning::{Own, PayContext, PersonPay};
use super::facts::Facts;
use super::hold::{Hold, HoldCode, Warning};
use crate::hr::{BenefitRow, Period};
use crate::ledger::exact::TooLarge;
use crate::ledger::{Currency, Exact};
use crate::project::Pipeline;
use crate::project::pipeline::{Otherwise, Pay};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Adds what each burden of benefits costs one person, from the enrolments that are in force on the last day of employment
/// in the period. It follows the wages that were earned; whoever has none in its currency costs it at home all the same.
pub fn ask(context: &PayContext<'_>, own: &Own<'_>, out: &mut PersonPay) {
    let Some(last) = own.segments.last() else { return };
    let (person, facts) = (own.person, own.person.rows.facts);
    for (at, plans) in context.pay.benefits() {
        let mut sums: BTreeMap<Currency, Exact> = BTreeMap::new();
        for plan in plans {
            let rows = person.benefits.iter().filter(|row| row.date == context.period.last_day);
            let rows: Vec<&BenefitRow> = rows.filter(|row| facts.text(row.plan) == plan).collect();
            let costs = match in_newest_reading(rows, last.last_day) {
                InForce::Rows(rows) => rows,
                InForce::ChangedSince => {
                    out.problem(HoldCode::BenefitChanged, plan.clone());
                    continue;
                }
            };
            for row in costs.into_iter().filter(|row| facts.text(row.status) == "Enrolled" && row.amount.is_some()) {
                let Some((amount, currency)) = of_period(context, facts, row) else {
                    out.problem(HoldCode::BenefitUnclear, plan.clone());
                    continue;
                };
                let sum = sums.get(&currency).copied().unwrap_or(Exact::ZERO);
                match amount.and_then(|amount| sum.plus(amount)) {
                    Ok(sum) => _ = sums.insert(currency, sum),
                    Err(TooLarge) => out.problem(HoldCode::AmountTooLarge, plan.clone()),
                }
            }
        }
        for (currency, exact) in sums {
            burden::own_cost(own, (at, exact, currency), out);
        }
    }
}

/// What holds of one plan on a day.
enum InForce<'r> {
    /// The newest rows that are in force, of several levels of coverage one each.
    Rows(Vec<&'r BenefitRow>),
    /// Deductions had begun by then, but what BambooHR shows holds only from later on: what held before is gone.
    ChangedSince,
}

/// What the newest reading says that still knows what held on a day. BambooHR may show less each time: what is gone now is
/// taken from the reading before.
fn in_newest_reading(mut rows: Vec<&BenefitRow>, day: Date) -> InForce<'_> {
    while let Some(newest) = rows.iter().map(|row| row.read_on).max() {
        let (reading, before): (Vec<&BenefitRow>, Vec<&BenefitRow>) =
            rows.into_iter().partition(|row| row.read_on == newest);
        match in_force(&reading, day) {
            InForce::ChangedSince if !before.is_empty() => rows = before,
            found => return found,
        }
    }
    InForce::Rows(Vec::new())
}

fn in_force<'r>(rows: &[&'r BenefitRow], day: Date) -> InForce<'r> {
    let begun = |row: &&&BenefitRow| row.effective.is_none_or(|from| from <= day);
    let newest = rows.iter().filter(begun).map(|row| row.effective).max();
    let deducted = |row: &BenefitRow| {
        row.first_day.is_none_or(|first| first <= day) && row.last_day.is_none_or(|last| last >= day)
    };
    match newest {
        Some(newest) => {
            let of_newest = rows.iter().filter(|row| row.effective == newest);
            InForce::Rows(of_newest.copied().filter(|row| deducted(row)).collect())
        }
        None if rows.iter().any(|row| row.first_day.is_some_and(|first| first <= day)) => InForce::ChangedSince,
        None => InForce::Rows(Vec::new()),
    }
}

/// The amount of a period and its currency; `None` where BambooHR does not say enough for an exact one.
fn of_period(context: &PayContext<'_>, facts: &Facts, row: &BenefitRow) -> Option<(Result<Exact, TooLarge>, Currency)> {
    let currency = Currency::from_code(facts.text(row.currency))?;
    let (amount, a_year) = (row.amount?, row.a_year?);
    if ["", "%"].contains(&facts.text(row.unit)) || row.limited {
        return None;
    }
    let a_year = Exact::from_decimal(amount).times(Exact::from_decimal(a_year));
    Some((a_year.and_then(|sum| sum.divided_by(Exact::whole(context.pay.period.a_year()))), currency))
}

/// The hold for a period of which no enrolment is known at all.
pub fn lacks(pipeline: &Pipeline, pay: &Pay, period: &Period, facts: &Facts) -> Option<Hold> {
    pay.benefits().next()?;
    let known = facts.benefits.iter().any(|row| row.date == period.last_day);
    (!known).then(|| Hold {
        code: HoldCode::BenefitsMissing,
        subject: format!("period {}", period.code),
        message: "not one enrolment in a benefit plan is known of it".to_owned(),
        remedy: "Grant the connection's user the benefits of everybody; for a period that was sent, its plan keeps them. With \
                 nobody in a plan, remove the burden."
            .to_owned(),
        place: Some(pipeline.place.clone()),
        otherwise: Otherwise::Hold,
    })
}

/// The warning for enrolments that were read after the period had ended: BambooHR shows no history.
pub fn read_late(pay: &Pay, period: &Period, facts: &Facts) -> Option<Warning> {
    pay.benefits().next()?;
    let read = facts.benefits.iter().filter(|row| row.date == period.last_day).map(|row| row.read_on).min();
    let late = read.filter(|day| *day > period.last_day)?;
    Some(Warning {
        code: "benefits-read-late",
        subject: format!("period {}", period.code),
        message: format!("benefit plans were read on {late}, and BambooHR shows no history"),
        remedy: format!(
            "Compare with BambooHR what changed since {}; next time plan the period on its last day too: that plan keeps them.",
            period.last_day
        ),
    })
}
