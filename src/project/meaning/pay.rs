//! `pay`: how pay becomes cost.

use super::Page;
use crate::ledger::Currency;
use crate::project::finding::{Finding, did_you_mean};
use crate::project::pipeline::{Amount, Burden, BurdenCost, Hourly, Overtime, Pay, PayPeriod, Prorate, Unapproved};
use crate::project::shape::Text;
use crate::project::shape::pipeline as shape;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// Words that a burden cannot be called.
const AMOUNTS: [&str; 3] = ["regular", "overtime", "gross"];

pub fn pay(raw: &shape::Pay, page: &mut Page<'_>) -> Option<Pay> {
    let period = raw.period.map_or(PayPeriod::Monthly, |period| pay_period(period.value));
    if let Some(placed) = raw.period.filter(|placed| placed.value != shape::PayPeriod::Monthly) {
        let message = format!("a yearly rate is divided by {}, but periods are calendar months", period.a_year());
        let finding = Finding::warning("period-is-a-month", page.place(placed.spot), message);
        page.report(finding.help("a labour-cost journal for a month costs a month: `period: monthly`"));
    }
    let prorate = match raw.salaried.as_ref().and_then(|salaried| salaried.prorate) {
        None | Some(shape::Prorate::WorkingDays) => Prorate::WorkingDays,
        Some(shape::Prorate::CalendarDays) => Prorate::CalendarDays,
    };
    let hourly = hourly(raw.hourly.as_ref(), page);
    let burdens = burdens(raw, page);
    let schedules: BTreeMap<String, PayPeriod> = raw
        .schedules
        .iter()
        .flat_map(|schedules| schedules.iter())
        .map(|(name, period)| (name.text.clone(), pay_period(*period)))
        .collect();
    Some(Pay { period, prorate, hourly: hourly?, burdens: burdens?, schedules })
}

fn pay_period(raw: shape::PayPeriod) -> PayPeriod {
    match raw {
        shape::PayPeriod::Monthly => PayPeriod::Monthly,
        shape::PayPeriod::SemiMonthly => PayPeriod::SemiMonthly,
        shape::PayPeriod::Biweekly => PayPeriod::Biweekly,
        shape::PayPeriod::Weekly => PayPeriod::Weekly,
    }
}

fn hourly(raw: Option<&shape::Hourly>, page: &mut Page<'_>) -> Option<Hourly> {
    let Some(raw) = raw else { return Some(Hourly { overtime: None, unapproved: Unapproved::Hold }) };
    let unapproved = match raw.unapproved {
        None | Some(shape::Unapproved::Hold) => Unapproved::Hold,
        Some(shape::Unapproved::Pay) => Unapproved::Pay,
    };
    let overtime = match &raw.overtime {
        Some(overtime) => Some(self::overtime(overtime, page)?),
        None => None,
    };
    Some(Hourly { overtime, unapproved })
}

fn overtime(raw: &shape::Overtime, page: &mut Page<'_>) -> Option<Overtime> {
    let above = raw.above_weekly.as_ref().and_then(|text| in_range(text, Decimal::ZERO, Decimal::from(168), page));
    let at = raw.at.as_ref().and_then(|text| in_range(text, Decimal::ONE, Decimal::TEN, page));
    Some(Overtime { above_weekly: above?, at: at? })
}

fn in_range(text: &Text, least: Decimal, most: Decimal, page: &mut Page<'_>) -> Option<Decimal> {
    let number = page.decimal(text)?;
    if number < least || number > most {
        page.error("not-a-number", text, format!("`{}` is not between {least} and {most}", text.text), None);
        return None;
    }
    Some(number)
}

fn burdens(raw: &shape::Pay, page: &mut Page<'_>) -> Option<Vec<Burden>> {
    let mut burdens = Vec::new();
    let mut good = true;
    let has_overtime = raw.hourly.as_ref().is_some_and(|hourly| hourly.overtime.is_some());
    for (name, burden) in raw.burden.iter().flat_map(|burdens| burdens.iter()) {
        let name_is_good = page.identifier(name) && {
            let free = !AMOUNTS.contains(&name.text.as_str());
            if !free {
                page.error(
                    "bad-name",
                    name,
                    format!("`{}` is an earning", name.text),
                    Some("choose another name".to_owned()),
                );
            }
            free
        };
        match (name_is_good, cost(name, burden, has_overtime, page)) {
            (true, Some(cost)) => burdens.push(Burden { name: name.text.clone(), cost, place: name.place(page.file) }),
            _ => good = false,
        }
    }
    good.then_some(burdens)
}

/// `rate` with `of`, or `per_head` with `currency`.
fn cost(name: &Text, raw: &shape::Burden, has_overtime: bool, page: &mut Page<'_>) -> Option<BurdenCost> {
    match (&raw.rate, &raw.of, &raw.per_head, &raw.currency) {
        (Some(rate), Some(of), None, None) => {
            let (rate, of) = (self::rate(rate, page), base(of, has_overtime, page));
            Some(BurdenCost::Share { rate: rate?, of: of? })
        }
        (None, None, Some(amount), Some(code)) => {
            let currency = Currency::from_code(&code.text);
            if currency.is_none() {
                let help = Some("write the three capital letters, for example USD".to_owned());
                page.error("unknown-value", code, format!("`{}` is not a currency of ISO 4217", code.text), help);
            }
            let amount = page.decimal(amount).filter(|number| {
                let fits = !number.is_sign_negative()
                    && currency.is_none_or(|currency| number.normalize().scale() <= currency.minor_digits());
                if !fits {
                    let message = format!("`{}` is not an amount of {}", amount.text, code.text);
                    page.error(
                        "not-a-number",
                        amount,
                        message,
                        Some("write it to the cent, not below zero".to_owned()),
                    );
                }
                fits
            });
            Some(BurdenCost::PerHead { amount: amount?, currency: currency? })
        }
        _ => {
            let message = format!("`{}` needs `rate` and `of`, or `per_head` and `currency`", name.text);
            let help =
                Some("for example `{ rate: 7.65%, of: gross }` or `{ per_head: 450.00, currency: USD }`".to_owned());
            page.error("one-of", name, message, help);
            None
        }
    }
}

fn rate(text: &Text, page: &mut Page<'_>) -> Option<Decimal> {
    let rate = page.share(text)?;
    if rate < Decimal::ZERO || rate > Decimal::TEN {
        page.error("not-a-number", text, "a burden is between 0 % and 1000 %", None);
        return None;
    }
    if rate > Decimal::ONE {
        let percent = (rate * Decimal::ONE_HUNDRED).normalize();
        let message = format!("this burden is {percent} % of its base, more than the base itself");
        let finding = Finding::warning("unlikely-rate", text.place(page.file), message);
        page.report(finding.help("7.65 % is written `7.65%` or `0.0765`"));
    }
    Some(rate)
}

/// What a burden is a share of: gross or an earning, never another burden.
fn base(of: &Text, has_overtime: bool, page: &mut Page<'_>) -> Option<Amount> {
    match of.text.as_str() {
        "gross" => Some(Amount::Gross),
        "regular" => Some(Amount::Regular),
        "overtime" if has_overtime => Some(Amount::Overtime),
        other => {
            let message = format!("a burden cannot be a share of `{other}`");
            let known: &[&str] = if has_overtime { &AMOUNTS } else { &["regular", "gross"] };
            page.error("unknown-amount", of, message, did_you_mean(other, known));
            None
        }
    }
}
