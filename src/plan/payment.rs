//! One-off payments: bonus, commission, and the customer's own. Each books on its own date, at home.

use super::earning::{Own, Part, PayContext, PersonPay, Problem, add_part};
use super::facts::Facts;
use super::hold::HoldCode;
use crate::hr::PaymentRow;
use crate::ledger::{Currency, Exact};
use crate::project::pipeline::{Amount, EarningHow, Pay};
use rust_decimal::Decimal;

/// Adds the period's payments of one person.
pub fn parts(context: &PayContext<'_>, own: &Own<'_>, out: &mut PersonPay) {
    let facts = own.person.rows.facts;
    for row in own.person.payments {
        let kind = facts.text(row.kind);
        let Some(earning) = earning_of(context.pay, kind) else {
            if !context.pay.ignored_payments.iter().any(|ignored| ignored == kind) {
                out.problem(HoldCode::PaymentTypeUnknown, kind);
            }
            continue;
        };
        let Some((segment, of_day)) = own.segment_on(row.date) else {
            if !super::spell::contains(&out.spells, row.date) {
                out.problem(HoldCode::PaymentNotEmployed, row.date.to_string());
            }
            continue;
        };
        let Some(amount) = row.amount else {
            out.problem(HoldCode::PaymentUnreadable, row.date.to_string());
            continue;
        };
        let code = facts.text(row.currency);
        let Some(currency) = Currency::from_code(code) else {
            let problem = if code.is_empty() { HoldCode::PaymentUnreadable } else { HoldCode::CurrencyUnknown };
            out.problem(problem, if code.is_empty() { row.date.to_string() } else { code.to_owned() });
            continue;
        };
        out.negative_payments |= amount < Decimal::ZERO;
        let (earning, exact) = (Amount::Code(earning), Exact::from_decimal(amount));
        let part = Part { segment, centre: of_day.centre, earning, currency, at_home: true, split_row: 0, exact };
        if add_part(&mut out.parts, part).is_err() {
            out.problem(HoldCode::AmountTooLarge, row.date.to_string());
        }
    }
}

/// Why payments of somebody who is not employed on any day of the period are no cost of it.
pub fn of_nobody<'p>(pay: &'p Pay, facts: &'p Facts, rows: &'p [PaymentRow]) -> impl Iterator<Item = Problem> + 'p {
    let counts = |row: &&PaymentRow| !pay.ignored_payments.iter().any(|ignored| ignored == facts.text(row.kind));
    rows.iter().filter(counts).map(|row| Problem::Pay(HoldCode::PaymentNotEmployed, row.date.to_string()))
}

/// The earning that names a type of payment.
fn earning_of(pay: &Pay, kind: &str) -> Option<usize> {
    pay.earnings
        .iter()
        .position(|rule| matches!(&rule.how, EarningHow::Payments { types } if types.iter().any(|known| known == kind)))
}
