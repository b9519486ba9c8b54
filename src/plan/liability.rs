//! Liability of time off: what earned and untaken days are worth at the end of a period, less what they were worth before it
//! (payroll-rules.md, Time off). Its change is booked where the person is at home.

use super::centre::{CentreId, Centres};
use super::companies::paying;
use super::earning::{Own, Part, PayContext, PersonPay, add_part, is_per, known_meaning, readable, times_a_year};
use super::facts::Facts;
use super::hold::{Hold, HoldCode};
use super::names::PersonOnDay;
use super::people::OnePerson;
use super::segment::{Elsewhere, Segment};
use super::spell::{self, Spell};
use crate::hr::Period;
use crate::ledger::exact::TooLarge;
use crate::ledger::{Currency, Exact, Minor};
use crate::project::Pipeline;
use crate::project::pipeline::{Amount, Liability, Otherwise, Pay, PayMeaning};
use jiff::civil::Date;

/// The days whose balances count for a period: the one before it, and its last.
pub fn days(period: &Period) -> (Date, Date) {
    (period.first_day.yesterday().unwrap_or(period.first_day), period.last_day)
}

/// Whether what somebody has left at the end of `day` is of the pipeline: the employment goes on after it, and `keep` keeps
/// the person on both days. Who leaves is paid out, and the payroll books that; who moves to another pipeline is there.
pub fn counts_on(
    person: &OnePerson<'_>,
    spells: &[Spell],
    day: Date,
    mut keep: impl FnMut(PersonOnDay<'_>) -> bool,
) -> bool {
    let rows = &person.everything;
    let mut is_of_it = |day: Date| {
        spell::contains(spells, day) && keep(rows.on_day(rows.job_on(day), rows.pay_on(day), rows.employment_on(day)))
    };
    is_of_it(day) && day.tomorrow().is_ok_and(is_of_it)
}

/// Adds the change of each liability of one person, in the last segment of the period; between companies, out of the books of
/// the one and into those of the other.
pub fn parts(context: &PayContext<'_>, own: &Own<'_>, centres: &mut Centres, out: &mut PersonPay) {
    let Some(last) = own.segments.last() else { return };
    let segment = own.base + own.segments.len() as u32 - 1;
    let ((opening, closing), (before, after)) = (days(context.period), out.balances_count);
    for (at, liability) in context.pay.liabilities() {
        for (day, sign) in
            [(closing, 1), (opening, -1)].into_iter().zip([after, before]).filter_map(|(of, is)| is.then_some(of))
        {
            let earning = Amount::Burden(at);
            let booked = value(context, own, liability, day, out).and_then(|worth| {
                let Some((worth, currency)) = worth else { return Ok(()) };
                let exact = Exact::fraction(sign * worth.0, 10i128.pow(currency.minor_digits()))?;
                let part = Part { segment, centre: last.centre, earning, currency, at_home: true, split_row: 0, exact };
                let elsewhere =
                    if day == opening { in_other_books(context, own, last, opening, centres, out) } else { None };
                add_part(
                    &mut out.parts,
                    match elsewhere {
                        Some(centre) => Part { segment: own.base, centre: Some(centre), at_home: false, ..part },
                        None => part,
                    },
                )
            });
            if booked.is_err() {
                out.problem(HoldCode::AmountTooLarge, day.to_string());
            }
        }
    }
}

/// Where what somebody had before the period is released, if another company has it in its books than the one that has what
/// is left at the end. `None`: the same books.
fn in_other_books(
    context: &PayContext<'_>,
    own: &Own<'_>,
    last: &Segment,
    opening: Date,
    centres: &mut Centres,
    out: &mut PersonPay,
) -> Option<CentreId> {
    let pipeline = context.look_ups.pipeline;
    let (companies, rows) = (pipeline.companies.as_ref()?, &own.person.rows);
    let person = rows.on_day(rows.job_on(opening), rows.pay_on(opening), rows.employment_on(opening));
    match context.look_ups.ask(person, opening, context.period, &Elsewhere::default(), centres) {
        Ok((before, _)) => {
            let has_it = |centre| paying(companies, centres, centre);
            (last.centre.is_some_and(|last| has_it(last) != has_it(before))).then_some(before)
        }
        Err(missing) => {
            out.unresolved(missing);
            None
        }
    }
}

/// What a person's balance is worth at the end of `day`, rounded once; `None` for nothing, or with the reason noted.
fn value(
    context: &PayContext<'_>,
    own: &Own<'_>,
    liability: &Liability,
    day: Date,
    out: &mut PersonPay,
) -> Result<Option<(Minor, Currency)>, TooLarge> {
    let rows = &own.person.rows;
    let facts = rows.facts;
    let counts = |kind: &str| liability.of.iter().any(|known| known == kind);
    let mut hours = Exact::ZERO;
    for row in own.person.balances.iter().filter(|row| row.date == day && counts(facts.text(row.kind))) {
        let each = if row.in_hours { Exact::whole(1) } else { Exact::from_decimal(liability.hours_a_day) };
        hours = hours.plus(Exact::from_decimal(row.amount).times(each)?)?;
    }
    if hours.is_zero() {
        return Ok(None);
    }
    let Some(row) = rows.pay_on(day).map(|at| &facts.compensation_rows[at as usize]) else {
        out.problem(HoldCode::PayMissing, day.to_string());
        return Ok(None);
    };
    let Some(meaning) = known_meaning(context.pay, facts, row, out) else { return Ok(None) };
    let Some((rate, currency)) = readable(rows, row, out) else { return Ok(None) };
    let rate = Exact::from_decimal(rate);
    let an_hour = match meaning {
        PayMeaning::Hourly => {
            is_per(rows, row, "hour", out);
            rate
        }
        PayMeaning::Salary => match times_a_year(context.pay, rows, row) {
            Ok(times) => rate.times(Exact::whole(times))?.divided_by(Exact::from_decimal(liability.hours_a_year))?,
            Err((code, what)) => {
                out.problem(code, what);
                return Ok(None);
            }
        },
        PayMeaning::Pieces | PayMeaning::NoBasePay => {
            out.problem(HoldCode::BalanceWithoutRate, day.to_string());
            return Ok(None);
        }
    };
    Ok(Some((an_hour.times(hours)?.round(currency.minor_digits())?, currency)))
}

/// The days of `period` of which nobody's balance is known though somebody is employed: nothing can be said then.
pub fn lacks(pipeline: &Pipeline, pay: &Pay, period: &Period, facts: &Facts) -> Option<Hold> {
    pay.liabilities().next()?;
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
