//! The proof that every journal of a pipeline balances: each earning and each burden is booked exactly once on each
//! side, so that debits and credits are sums of the same rounded amounts, whoever was paid what.

use super::Page;
use crate::project::finding::{Finding, Place};
use crate::project::pipeline::{Amount, LineRule, Pay, Side};
use crate::project::shape::pipeline as shape;

/// Reports every amount that is missing on a side, or on it twice.
pub fn prove(lines: &[LineRule], pay: &Pay, raw: &shape::Journal, page: &mut Page<'_>) {
    let place = page.place(raw.at());
    for (side, word) in [(Side::Debit, "debit"), (Side::Credit, "credit")] {
        let on_side: Vec<&LineRule> = lines.iter().filter(|line| line.side == side).collect();
        if on_side.is_empty() {
            let message = format!("this journal has no {word} line");
            page.report(
                Finding::error("not-booked", place.clone(), message).help("every amount is booked on both sides"),
            );
            continue;
        }
        for (amount, name) in amounts(pay) {
            count(&on_side, amount, &name, word, &place, page);
        }
    }
}

/// Everything that has to be booked: each earning and each burden.
fn amounts(pay: &Pay) -> Vec<(Amount, String)> {
    let mut amounts = vec![(Amount::Regular, "regular".to_owned())];
    if pay.hourly.overtime.is_some() {
        amounts.push((Amount::Overtime, "overtime".to_owned()));
    }
    let own = pay.earnings.iter().enumerate();
    amounts.extend(own.map(|(position, earning)| (Amount::Code(position), earning.name.clone())));
    let burdens = pay.burdens.iter().enumerate();
    amounts.extend(burdens.map(|(position, burden)| (Amount::Burden(position), burden.name.clone())));
    amounts
}

fn count(on_side: &[&LineRule], amount: Amount, name: &str, side: &str, place: &Place, page: &mut Page<'_>) {
    let books = |line: &&&LineRule| match (line.amount, amount) {
        (Amount::Gross, Amount::Regular | Amount::Overtime | Amount::Code(_)) => true,
        (own, wanted) => own == wanted,
    };
    let booked: Vec<&&LineRule> = on_side.iter().filter(books).collect();
    match booked.as_slice() {
        [_] => {}
        [] => {
            let message = format!("`{name}` is on no {side} line: debits and credits would differ");
            let help = match amount {
                Amount::Regular | Amount::Overtime | Amount::Code(_) => {
                    format!("add a {side} line for `{name}`, or one for `gross`")
                }
                Amount::Gross | Amount::Burden(_) => format!("add a {side} line for `{name}`"),
            };
            page.report(Finding::error("not-booked", place.clone(), message).help(help));
        }
        [first, second, ..] => {
            let message = format!("`{name}` is on two {side} lines and would be booked twice");
            let finding = Finding::error("booked-twice", second.place.clone(), message);
            let finding = finding.related(first.place.clone(), "also booked here");
            if !page.findings.iter().any(|other| other.code == "booked-twice" && other.place == finding.place) {
                page.report(finding.help("`gross` is the sum of all earnings; keep one of the lines"));
            }
        }
    }
}
