//! Liability of time off: what earned and untaken days are worth at the end of a period, less what they were worth before it
//! (payroll-rules.md, Time off). Its change is booked where the person is at home.

use super::earning::{Own, Part, PayContext, PersonPay, add_part, meaning, times_a_year};
use super::facts::Facts;
use super::hold::{Hold, HoldCode};
use super::spell::{self, Spell};
use crate::hr::Period;
use crate::ledger::exact::TooLarge;
use crate::ledger::{Currency, Exact, Minor};
use crate::project::Pipeline;
use crate::project::pipeline::{Amount, BurdenCost, Liability, Otherwise, Pay, PayMeaning};
use jiff::civil::Date;
use rust_decimal::Decimal;

/// The days whose balances count for a period: the one before it, and its last.
pub fn days(period: &Period) -> (Date, Date) {
    (period.first_day.yesterday().unwrap_or(period.first_day), period.last_day)
}

/// The liabilities that a pipeline books, by the position of their burden.
pub fn liabilities(pay: &Pay) -> impl Iterator<Item = (usize, &Liability)> {
    pay.burdens.iter().enumerate().filter_map(|(at, burden)| match &burden.cost {
        BurdenCost::Liability(liability) => Some((at, liability)),
        _ => None,
    })
}

/// Adds the change of each liability of one person, in the last segment of the period.
pub fn parts(context: &PayContext<'_>, own: &Own<'_>, out: &mut PersonPay) {
    let Some(last) = own.segments.last() else { return };
    let segment = own.base + own.segments.len() as u32 - 1;
    let (opening, closing) = days(context.period);
    for (at, liability) in liabilities(context.pay) {
        for (day, sign) in [(closing, 1), (opening, -1)] {
            match value(context, own, liability, day, &out.spells) {
                Ok(None) => {}
                Ok(Some((worth, currency))) => {
                    let (centre, earning) = (last.centre, Amount::Burden(at));
                    let exact = Exact::fraction(sign * worth.0, 10i128.pow(currency.minor_digits()));
                    let exact = exact.unwrap_or(Exact::ZERO);
                    let part = Part { segment, centre, earning, currency, at_home: true, split_row: 0, exact };
                    if add_part(&mut out.parts, part).is_err() {
                        out.problem(HoldCode::AmountTooLarge, day.to_string());
                    }
                }
                Err(Unknown::Hold(code, what)) => out.problem(code, what),
                Err(Unknown::TooLarge) => out.problem(HoldCode::AmountTooLarge, day.to_string()),
            }
        }
    }
}

enum Unknown {
    Hold(HoldCode, String),
    TooLarge,
}

impl From<TooLarge> for Unknown {
    fn from(_: TooLarge) -> Self {
        Unknown::TooLarge
    }
}

/// What a person's balance is worth at the end of `day`, rounded once. Nothing for somebody whose employment does not go on
/// after it: who leaves is paid out, and the payroll books that.
fn value(
    context: &PayContext<'_>,
    own: &Own<'_>,
    liability: &Liability,
    day: Date,
    spells: &[Spell],
) -> Result<Option<(Minor, Currency)>, Unknown> {
    let stays = |day: Date| spell::contains(spells, day);
    if !stays(day) || !day.tomorrow().is_ok_and(stays) {
        return Ok(None);
    }
    let facts = own.person.rows.facts;
    let counts = |kind: &str| liability.of.iter().any(|known| known == kind);
    let of_day = own.person.balances.iter().filter(|row| row.date == day && counts(facts.text(row.kind)));
    let hours: Decimal =
        of_day.map(|row| if row.in_hours { row.amount } else { row.amount * liability.hours_a_day }).sum();
    if hours.is_zero() {
        return Ok(None);
    }
    let Some(row) = own.person.rows.pay_on(day).map(|at| &facts.compensation_rows[at as usize]) else {
        return Err(Unknown::Hold(HoldCode::PayMissing, day.to_string()));
    };
    let Some(rate) = row.rate else { return Err(Unknown::Hold(HoldCode::PayUnreadable, row.date.to_string())) };
    let code = facts.text(row.currency);
    let currency = Currency::from_code(code).ok_or_else(|| match code {
        "" => Unknown::Hold(HoldCode::CurrencyMissing, row.date.to_string()),
        code => Unknown::Hold(HoldCode::CurrencyUnknown, code.to_owned()),
    })?;
    let an_hour = match meaning(context.pay, facts, row) {
        Some(PayMeaning::Hourly) => Exact::from_decimal(rate),
        Some(PayMeaning::Salary) => {
            let times =
                times_a_year(context.pay, &own.person.rows, row).map_err(|(code, what)| Unknown::Hold(code, what))?;
            let a_year = Exact::from_decimal(rate).times(Exact::whole(times))?;
            a_year.divided_by(Exact::from_decimal(liability.hours_a_year))?
        }
        Some(PayMeaning::Pieces | PayMeaning::NoBasePay) => {
            return Err(Unknown::Hold(HoldCode::BalanceWithoutRate, day.to_string()));
        }
        None => return Ok(None),
    };
    let worth = an_hour.times(Exact::from_decimal(hours))?.round(currency.minor_digits())?;
    Ok(Some((worth, currency)))
}

/// The days of `period` of which nobody's balance is known though somebody is employed: nothing can be said then.
pub fn lacks(pipeline: &Pipeline, pay: &Pay, period: &Period, facts: &Facts) -> Option<Hold> {
    liabilities(pay).next()?;
    let known = |day: &Date| facts.balances.iter().any(|row| row.date == *day);
    let (opening, closing) = days(period);
    let missing: Vec<String> = [opening, closing].iter().filter(|day| !known(day)).map(Date::to_string).collect();
    (!missing.is_empty()).then(|| Hold {
        code: HoldCode::BalancesMissing,
        subject: format!("period {}", period.code),
        message: format!("not one balance of time off is known of {}", missing.join(" and ")),
        remedy: "Grant the connection's user the time off of everybody; for a period that was sent, its plan keeps them. With \
                 nobody in a plan of time off, remove the `liability`."
            .to_owned(),
        place: Some(pipeline.place.clone()),
        otherwise: Otherwise::Hold,
    })
}
