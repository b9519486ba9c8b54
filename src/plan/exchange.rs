//! Other currencies brought into the company's own: a total is converted and rounded once, then distributed again over the
//! same parts (payroll-rules.md, Multi-currency). Or left to GP, by the rate that the journal carries.

use super::accrual::{Counted, counted};
use super::allocation::distribute;
use super::cost::Share;
use super::hold::{Hold, HoldCode};
use crate::hr::Period;
use crate::ledger::exact::TooLarge;
use crate::ledger::{Currency, Exact, Exchange, Minor};
use crate::project::pipeline::{Amount, JournalRule, Otherwise, RATE, RateDay, Rates};
use jiff::civil::Date;
use rust_decimal::Decimal;

/// A rate as the table gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How much of the company's currency one unit is.
    pub rate: Decimal,
    /// Row of the table, the header being row 1.
    pub row: u32,
}

/// The day whose rate counts.
pub fn day(rates: &Rates, period: &Period) -> Date {
    match rates.as_of {
        RateDay::PeriodFirstDay => period.first_day,
        RateDay::PeriodLastDay => period.last_day,
    }
}

/// The rate of a currency in a period; `None` where the table has none.
pub fn rate(rates: &Rates, currency: Currency, period: &Period) -> Option<Rate> {
    let answer = rates.table.look_up(&[currency.code()], day(rates, period), RATE)?;
    // The loader refuses a table with any other text in this column.
    Decimal::from_str_exact(answer.value.trim()).ok().map(|rate| Rate { rate, row: answer.row })
}

/// Converts one person's shares: each (amount, currency) is added up, converted and rounded once, and distributed over its
/// shares by their exact parts. Gives what each was before, `None` for one that was in the company's currency already.
///
/// # Errors
/// The first currency without a rate; nothing is changed then.
pub fn convert(rates: &Rates, period: &Period, shares: &mut [Share]) -> Result<Vec<Option<Money>>, Unconverted> {
    let mut kinds: Vec<(Amount, Currency)> = shares.iter().map(|share| (share.amount, share.currency)).collect();
    kinds.retain(|(_, currency)| *currency != rates.to);
    kinds.sort();
    kinds.dedup();
    let missing = kinds.iter().find(|(_, currency)| rate(rates, *currency, period).is_none());
    if let Some((_, currency)) = missing {
        return Err(Unconverted::NoRate(*currency));
    }
    let mut before = vec![None; shares.len()];
    for (amount, currency) in kinds {
        let Some(found) = rate(rates, currency, period) else { continue };
        let rate = Exact::from_decimal(found.rate);
        let own: Vec<usize> =
            (0..shares.len()).filter(|at| shares[*at].amount == amount && shares[*at].currency == currency).collect();
        let total: Minor = own.iter().map(|at| shares[*at].rounded).sum();
        let unit = Exact::fraction(1, 10i128.pow(currency.minor_digits()))?;
        let converted = Exact::whole(total.0).times(unit)?.times(rate)?.round(rates.to.minor_digits())?;
        let weights: Vec<Exact> = own.iter().map(|at| shares[*at].exact).collect();
        let parts = distribute(converted, &weights, rate, rates.to.minor_digits())?;
        for (at, part) in own.into_iter().zip(parts) {
            let share = &mut shares[at];
            before[at] = Some(Money { currency, amount: share.rounded, rate: found });
            share.currency = rates.to;
            share.rounded = part;
        }
    }
    Ok(before)
}

/// What GP converts a journal of `period` in `currency` by; `None` in the company's own.
///
/// # Errors
/// The hold for a currency without a rate.
pub fn fields(rule: &JournalRule, currency: Currency, period: &Period) -> Result<Option<Exchange>, Hold> {
    let Some(rates) = rule.exchange_fields().filter(|rates| rates.to != currency) else { return Ok(None) };
    let counted = counted(rule, period);
    let days = match &counted {
        Counted::Share(accrual) => &accrual.days,
        Counted::Whole | Counted::Nothing(_) | Counted::Unclear(_) => period,
    };
    match rate(rates, currency, days) {
        Some(found) => Ok(Some(Exchange { rate: found.rate, date: day(rates, days) })),
        None => Err(no_rate(rates, currency, days)),
    }
}

/// What a converted share was, and the rate that counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Money {
    pub currency: Currency,
    pub amount: Minor,
    pub rate: Rate,
}

/// Why shares stay as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unconverted {
    NoRate(Currency),
    TooLarge,
}

impl From<TooLarge> for Unconverted {
    fn from(_: TooLarge) -> Self {
        Unconverted::TooLarge
    }
}

/// The hold for a currency without a rate: it holds the journal, whoever is paid in it.
pub fn no_rate(rates: &Rates, currency: Currency, period: &Period) -> Hold {
    let (day, to) = (day(rates, period), rates.to);
    Hold {
        code: HoldCode::RateMissing,
        subject: format!("currency {currency}"),
        message: format!("{} has no rate from {currency} to {to} on {day}", rates.table.file()),
        remedy: format!("Add the row {currency} with its rate to {}, then plan again.", rates.table.file()),
        place: Some(rates.place.clone()),
        otherwise: Otherwise::Hold,
    }
}
