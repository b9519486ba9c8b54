//! The proof that every journal of a pipeline balances, before any data. A line is a sum of the amounts that people have
//! shares of: `gross` of all earnings, `net` of all earnings without what is withheld, any other name of itself. Debits
//! equal credits for every input exactly when each of these amounts is booked as often on one side as on the other.

use super::Page;
use crate::project::finding::{Finding, Place, quoted_list};
use crate::project::pipeline::{Amount, LineRule, Pay, Side};
use crate::project::shape::pipeline as shape;
use std::collections::BTreeMap;

/// Reports every amount that is missing on a side, or on it twice.
pub fn prove(lines: &[LineRule], pay: &Pay, raw: &shape::Journal, page: &mut Page<'_>) {
    let place = page.place(raw.at());
    let mut one_sided = false;
    let mut missing: BTreeMap<&str, Vec<(Amount, &str)>> = BTreeMap::new();
    for (side, word) in [(Side::Debit, "debit"), (Side::Credit, "credit")] {
        if !lines.iter().any(|line| line.side == side) {
            let message = format!("this journal has no {word} line");
            page.report(
                Finding::error("not-booked", place.clone(), message).help("every amount is booked on both sides"),
            );
            one_sided = true;
        }
    }
    for (amount, name) in pay.amounts() {
        if matches!(amount, Amount::Withheld(_)) {
            if !one_sided {
                withheld(lines, amount, name, &place, page);
            }
            continue;
        }
        for (side, word) in [(Side::Debit, "debit"), (Side::Credit, "credit")] {
            let on_side: Vec<&LineRule> = lines.iter().filter(|line| line.side == side).collect();
            if !on_side.is_empty() && once(&on_side, amount, name, word, page).is_none() {
                missing.entry(word).or_default().push((amount, name));
            }
        }
    }
    for (word, names) in missing {
        report_missing(word, &names, &place, page);
    }
}

/// Amounts that are on no line of a side: one finding, because one missing line is the reason.
fn report_missing(side: &str, missing: &[(Amount, &str)], place: &Place, page: &mut Page<'_>) {
    let names: Vec<&str> = missing.iter().map(|(_, name)| *name).collect();
    let (is, list) = (if names.len() == 1 { "is" } else { "are" }, quoted_list(&names));
    let message = format!("{list} {is} on no {side} line: debits and credits would differ");
    let help = if missing.iter().all(|(amount, _)| amount.is_earning()) {
        format!("add a {side} line for {list}, or one for `gross`")
    } else {
        format!("add a {side} line for {list}")
    };
    page.report(Finding::error("not-booked", place.clone(), message).help(help));
}

/// An earning or a burden is on each side exactly once; `None` where it is not there at all.
fn once(on_side: &[&LineRule], amount: Amount, name: &str, side: &str, page: &mut Page<'_>) -> Option<()> {
    let booked: Vec<&&LineRule> = on_side.iter().filter(|line| line.amount.times(amount) != 0).collect();
    if let [first, second, ..] = booked.as_slice() {
        twice(first, second, name, side, page);
    }
    (!booked.is_empty()).then_some(())
}

/// What is withheld is taken out of `net`: then it stands on the same side by itself. Without `net` it is on both sides or
/// on none.
fn withheld(lines: &[LineRule], amount: Amount, name: &str, place: &Place, page: &mut Page<'_>) {
    let times = |side: Side| -> i128 {
        lines.iter().filter(|line| line.side == side).map(|line| line.amount.times(amount)).sum()
    };
    let own = |side: Side| lines.iter().filter(move |line| line.side == side && line.amount == amount);
    for (side, word) in [(Side::Debit, "debit"), (Side::Credit, "credit")] {
        if let [first, second, ..] = own(side).collect::<Vec<_>>().as_slice() {
            return twice(first, second, name, word, page);
        }
    }
    let (debit, credit) = (times(Side::Debit), times(Side::Credit));
    if debit == credit {
        return;
    }
    let word = if debit < credit { "debit" } else { "credit" };
    let because = if lines.iter().any(|line| line.amount == Amount::Net) {
        "it is taken out of `net`"
    } else {
        "it is on one side only"
    };
    let message = format!("`{name}` is on no {word} line, and {because}: debits and credits would differ");
    let help = format!("add a {word} line for `{name}`");
    page.report(Finding::error("not-booked", place.clone(), message).help(help));
}

fn twice(first: &LineRule, second: &LineRule, name: &str, side: &str, page: &mut Page<'_>) {
    let message = format!("`{name}` is on two {side} lines and would be booked twice");
    let finding = Finding::error("booked-twice", second.place.clone(), message);
    let finding = finding.related(first.place.clone(), "also booked here");
    if !page.findings.iter().any(|other| other.code == "booked-twice" && other.place == finding.place) {
        page.report(finding.help(
            "`gross` is the sum of all earnings, `net` is gross without what is withheld; keep one of the lines",
        ));
    }
}
