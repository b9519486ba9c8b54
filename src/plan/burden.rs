//! Costs on top of pay: each is rounded once per person and currency, then distributed over the person's cost centres with
//! the rounded earnings as weights (payroll-rules.md, Rounding (4)).

use super::allocation::distribute;
use super::centre::CentreId;
use super::cost::Share;
use super::earning::{Own, Part, PayContext, PersonPay, add_part};
use super::hold::HoldCode;
use super::wage_base::{WageBase, within_cap};
use crate::ledger::exact::TooLarge;
use crate::ledger::{Currency, Exact, Minor};
use crate::project::pipeline::{Amount, Burden, BurdenCost, COST_AMOUNT, COST_CURRENCY};
use rust_decimal::Decimal;

/// What a table, or BambooHR's benefits, says a burden costs one person in a period: position of the burden, amount, currency.
pub type OwnCost = (usize, Exact, Currency);

/// Notes what a burden costs a person by a table or by benefit plans. It follows the wages that were earned; whoever has none
/// in its currency costs it at home, on the last day.
pub fn own_cost(own: &Own<'_>, (at, exact, currency): OwnCost, out: &mut PersonPay) {
    let Some(last) = own.segments.last() else { return };
    if out.parts.iter().any(|part| part.earning.is_earning() && part.currency == currency) {
        out.own_costs.push((at, exact, currency));
        return;
    }
    let (segment, earning) = (own.base + own.segments.len() as u32 - 1, Amount::Burden(at));
    let booked = out.share_of(exact).and_then(|exact| {
        let part = Part { segment, centre: last.centre, earning, currency, at_home: true, split_row: 0, exact };
        add_part(&mut out.parts, part)
    });
    if booked.is_err() {
        out.problem(HoldCode::AmountTooLarge, last.last_day.to_string());
    }
}

/// Asks the tables of burdens for a person, as they are on the last day that they are employed in the period.
pub fn ask_tables(context: &PayContext<'_>, own: &Own<'_>, out: &mut PersonPay) {
    let (Some(last), person) = (own.segments.last(), own.person) else { return };
    let on_day = person.rows.on_day(last.job_row, last.pay_row, last.employment_row);
    let pipeline = context.look_ups.pipeline;
    for (at, burden) in context.pay.burdens.iter().enumerate() {
        let BurdenCost::Table(costs) = &burden.cost else { continue };
        let keys = on_day.keys(pipeline, &costs.keys);
        let day = last.last_day;
        let amount = costs.table.look_up(&keys, day, COST_AMOUNT);
        let currency = costs.table.look_up(&keys, day, COST_CURRENCY);
        // The loader refuses a table with anything else in these columns.
        let found = amount.zip(currency).and_then(|(amount, currency)| {
            let amount = Decimal::from_str_exact(amount.value.trim()).ok()?;
            Some((at, Exact::from_decimal(amount), Currency::from_code(currency.value.trim())?))
        });
        match found {
            Some(found) => own_cost(own, found, out),
            None if costs.holds => {
                let what = format!("{} for {} in {}", burden.name, keys.join(","), costs.table.file());
                out.problem(HoldCode::CostMissing, what);
            }
            None => {}
        }
    }
}

/// Adds one person's burdens to their earnings, which begin at `first`.
pub fn round_burdens(
    context: &PayContext<'_>,
    wages: &WageBase,
    (person, pay): (u32, &PersonPay),
    first: usize,
    shares: &mut Vec<Share>,
) -> Result<(), TooLarge> {
    let end = shares.len();
    for (at, burden) in context.pay.burdens.iter().enumerate() {
        let mut currencies: Vec<Currency> = shares[first..end].iter().map(|share| share.currency).collect();
        currencies.sort();
        currencies.dedup();
        for currency in currencies.into_iter().filter(|currency| has_currency(&burden.cost, *currency)) {
            let mut spread = Spread::new(burden, currency, &shares[first..end]);
            if !matches!(burden.cost, BurdenCost::Share { .. }) {
                spread.without_what_is_taken_back();
            }
            if spread.centres.is_empty() {
                continue;
            }
            let amount = Amount::Burden(at);
            let own = pay.own_costs.iter().find(|(of, _, paid_in)| *of == at && *paid_in == currency);
            let used = wages.of(person, at);
            let Some((total, scale)) = total(pay, burden, &spread, (used, own), currency)? else { continue };
            spread.distribute(
                total,
                scale,
                Share {
                    person,
                    segment: 0,
                    centre: CentreId(0),
                    amount,
                    currency,
                    split_row: 0,
                    exact: Exact::ZERO,
                    rounded: Minor::ZERO,
                },
                shares,
            )?;
        }
    }
    Ok(())
}

fn has_currency(cost: &BurdenCost, currency: Currency) -> bool {
    match cost {
        BurdenCost::Share { only, .. } => only.is_none_or(|only| only == currency),
        BurdenCost::PerHead { currency: paid_in, .. } => *paid_in == currency,
        BurdenCost::Table(_) | BurdenCost::Benefits { .. } => true,
        // Comes with the earnings, already in its places.
        BurdenCost::Register { .. } | BurdenCost::Liability(_) => false,
    }
}

/// The rounded total of a burden, and what one minor unit of its wages carries of it.
fn total(
    pay: &PersonPay,
    burden: &Burden,
    spread: &Spread,
    (used, own): (Minor, Option<&OwnCost>),
    currency: Currency,
) -> Result<Option<(Minor, Exact)>, TooLarge> {
    let base = spread.base();
    // Wages that add to nothing carry nothing by themselves.
    let of_total = |total: Minor| (total, Exact::fraction(total.0, base.0).unwrap_or(Exact::ZERO));
    let of_person = |amount: Exact| {
        let whole = pay.share_of(amount)?;
        Ok(of_total(whole.round(currency.minor_digits())?))
    };
    Ok(match &burden.cost {
        // Weights count minor units; so does the total: no digits are left to round away.
        BurdenCost::Share { rate, cap: None, .. } => {
            let rate = Exact::from_decimal(*rate);
            Some((rate.times(Exact::whole(base.0))?.round(0)?, rate))
        }
        BurdenCost::Share { rate, cap: Some(cap), .. } => {
            let rate = Exact::from_decimal(*rate);
            let exact = rate.times(Exact::whole(within_cap(cap, used, base)?.0))?;
            // Wages that cancel are within the base, or beyond it, as one cent more of them would be.
            let scale = match base {
                Minor::ZERO => rate.times(Exact::whole(within_cap(cap, used, Minor(1))?.0))?,
                Minor(base) => exact.divided_by(Exact::whole(base))?,
            };
            Some((exact.round(0)?, scale))
        }
        BurdenCost::PerHead { amount, .. } => Some(of_person(Exact::from_decimal(*amount))?),
        BurdenCost::Table(_) | BurdenCost::Benefits { .. } => {
            own.map(|(_, amount, _)| of_person(*amount)).transpose()?
        }
        BurdenCost::Register { .. } | BurdenCost::Liability(_) => None,
    })
}

/// The wages that a burden follows, by cost centre in the order of segments: (centre, its first segment, its wages).
struct Spread {
    centres: Vec<(CentreId, u32, Minor)>,
}

impl Spread {
    fn new(burden: &Burden, currency: Currency, own: &[Share]) -> Spread {
        let mut centres: Vec<(CentreId, u32, Minor)> = Vec::new();
        for share in own.iter().filter(|share| share.currency == currency && is_base(&burden.cost, share.amount)) {
            match centres.iter_mut().find(|(centre, ..)| *centre == share.centre) {
                Some((_, segment, weight)) => {
                    *segment = (*segment).min(share.segment);
                    *weight += share.rounded;
                }
                None => centres.push((share.centre, share.segment, share.rounded)),
            }
        }
        centres.sort_by_key(|(_, segment, _)| *segment);
        Spread { centres }
    }

    /// An amount that is no share of wages goes where there are any: wages taken back in one centre do not multiply it in
    /// another.
    fn without_what_is_taken_back(&mut self) {
        if self.centres.iter().any(|(.., weight)| *weight > Minor::ZERO) {
            self.centres.retain(|(.., weight)| !weight.is_negative());
        }
    }

    fn base(&self) -> Minor {
        self.centres.iter().map(|(.., weight)| *weight).sum()
    }

    fn distribute(self, total: Minor, scale: Exact, like: Share, shares: &mut Vec<Share>) -> Result<(), TooLarge> {
        let weights: Vec<Exact> = self.centres.iter().map(|(.., weight)| Exact::whole(weight.0)).collect();
        let split = distribute(total, &weights, scale, 0)?;
        let unit = Exact::fraction(1, 10i128.pow(like.currency.minor_digits()))?;
        for ((centre, segment, weight), rounded) in self.centres.into_iter().zip(split) {
            let exact = scale.times(Exact::whole(weight.0))?.times(unit)?;
            shares.push(Share { segment, centre, exact, rounded, ..like });
        }
        Ok(())
    }
}

/// Whether an earning is part of what a burden follows: its base, or all wages for an amount.
pub fn is_base(cost: &BurdenCost, earning: Amount) -> bool {
    earning.is_earning()
        && match cost {
            BurdenCost::PerHead { .. } | BurdenCost::Table(_) | BurdenCost::Benefits { .. } => true,
            BurdenCost::Share { of, .. } => of.contains(&Amount::Gross) || of.contains(&earning),
            BurdenCost::Register { .. } | BurdenCost::Liability(_) => false,
        }
}
