//! Shadow mode: what a period should book, against somebody else's books, to the cent and account by account.

use crate::hr::PeriodCode;
use crate::ledger::{AccountNumber, Currency, Minor};
use crate::plan::facts::{Facts, GpState};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// One line of the other books: net, debit above zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TheirLine {
    pub account: AccountNumber,
    pub amount: Minor,
    /// Where it is: `row 7`, or `journal 80000001`.
    pub place: String,
}

/// The comparison; the stable form of `shadow --format json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shadow {
    pub pipeline: String,
    pub period: String,
    /// What it was compared with: a file's name, or `GP batch …`.
    pub with: String,
    pub currency: String,
    pub equal: bool,
    pub rows: Vec<ShadowRow>,
    pub totals: Totals,
    /// People whose cost is not in our column, as `employee 7: [code] message`.
    pub not_included: Vec<String>,
    /// Of GP's books: journals of ours that are booked in one period and carry cost of another.
    pub booked_elsewhere: Vec<String>,
}

/// Journals of ours that are booked in `period` and correct another, or the other way round: GP's batch has the one too much and
/// lacks the other.
pub fn booked_elsewhere(facts: &Facts, ledger: &str, period: &PeriodCode) -> Vec<String> {
    let own = facts.sent.iter().filter(|line| line.pipeline == ledger && line.gp_state != GpState::Deleted);
    let elsewhere =
        own.filter(|line| line.period != line.booked_in && [&line.period, &line.booked_in].contains(&period));
    let told: BTreeSet<(&str, &PeriodCode, &PeriodCode)> =
        elsewhere.map(|line| (line.journal.as_str(), &line.booked_in, &line.period)).collect();
    told.into_iter()
        .map(|(journal, booked, of)| format!("journal {journal}, booked in {booked}, corrects {of}"))
        .collect()
}

/// One account; amounts are nets as decimal texts, debit above zero.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShadowRow {
    pub account: String,
    pub verdict: Verdict,
    pub here: Option<String>,
    pub there: Option<String>,
    /// There minus here.
    pub difference: String,
    /// Where the other books have it.
    pub places: Vec<String>,
}

/// How an account compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Equal,
    Differs,
    /// Only the other books have it.
    MissingHere,
    /// Only our plan has it.
    MissingThere,
}

impl Verdict {
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Equal => "equal",
            Verdict::Differs => "differs",
            Verdict::MissingHere => "missing here",
            Verdict::MissingThere => "missing there",
        }
    }
}

/// Debits and credits of both sides, after lines of one account are added up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Totals {
    pub debit_here: String,
    pub debit_there: String,
    pub credit_here: String,
    pub credit_there: String,
}

/// One account while it is compared.
struct Sides {
    account: AccountNumber,
    here: Option<Minor>,
    there: Option<Minor>,
    places: Vec<String>,
}

/// Compares nets an account. An account whose net is zero on the only side that has it is equal: nothing is booked.
pub fn compare(
    ours: &BTreeMap<AccountNumber, Minor>,
    theirs: &[TheirLine],
    currency: Currency,
) -> (Vec<ShadowRow>, Totals) {
    let mut sides: BTreeMap<String, Sides> = BTreeMap::new();
    // GP compares account numbers without regard to case (dynamics-gp.md §8.2).
    let side =
        |account: &AccountNumber| Sides { account: account.clone(), here: None, there: None, places: Vec::new() };
    for (account, amount) in ours {
        let own = sides.entry(account.as_str().to_ascii_uppercase()).or_insert_with(|| side(account));
        own.here = Some(own.here.unwrap_or_default() + *amount);
    }
    for line in theirs {
        let own = sides.entry(line.account.as_str().to_ascii_uppercase()).or_insert_with(|| side(&line.account));
        own.there = Some(own.there.unwrap_or_default() + line.amount);
        own.places.push(line.place.clone());
    }
    let totals = totals(&sides, currency);
    let rows = sides.into_values().map(|sides| row(sides, currency)).collect();
    (rows, totals)
}

fn row(sides: Sides, currency: Currency) -> ShadowRow {
    let (here, there) = (sides.here.unwrap_or_default(), sides.there.unwrap_or_default());
    let verdict = match (sides.here, sides.there) {
        _ if here == there => Verdict::Equal,
        (None, _) => Verdict::MissingHere,
        (_, None) => Verdict::MissingThere,
        (Some(_), Some(_)) => Verdict::Differs,
    };
    ShadowRow {
        account: sides.account.as_str().to_owned(),
        verdict,
        here: sides.here.map(|amount| amount.text(currency)),
        there: sides.there.map(|amount| amount.text(currency)),
        difference: (there - here).text(currency),
        places: sides.places,
    }
}

fn totals(sides: &BTreeMap<String, Sides>, currency: Currency) -> Totals {
    let sum = |side: fn(&Sides) -> Option<Minor>, debit: bool| -> String {
        let amounts = sides.values().filter_map(side).filter(|amount| amount.is_negative() != debit);
        amounts.map(Minor::abs).sum::<Minor>().text(currency)
    };
    Totals {
        debit_here: sum(|sides| sides.here, true),
        debit_there: sum(|sides| sides.there, true),
        credit_here: sum(|sides| sides.here, false),
        credit_there: sum(|sides| sides.there, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usd() -> Currency {
        Currency::from_code("USD").unwrap()
    }

    #[test]
    fn accounts_are_compared_as_nets_without_regard_to_case() {
        let account = AccountNumber::new;
        let ours = BTreeMap::from([
            (account("000-5100-01a0"), Minor(100)),
            (account("000-5200-0100"), Minor(50)),
            (account("000-5300-0100"), Minor(0)),
            (account("000-2100-0000"), Minor(-150)),
        ]);
        let line = |number: &str, amount: i128, place: &str| TheirLine {
            account: account(number),
            amount: Minor(amount),
            place: place.to_owned(),
        };
        let theirs = [
            line("000-5100-01A0", 60, "row 2"),
            line("000-5100-01A0", 40, "row 3"),
            line("000-9999-0000", 51, "row 4"),
            line("000-2100-0000", -151, "row 5"),
        ];
        let (rows, totals) = compare(&ours, &theirs, usd());
        let told: Vec<String> =
            rows.iter().map(|row| format!("{} {} {}", row.account, row.verdict.word(), row.difference)).collect();
        assert_eq!(
            told,
            [
                "000-2100-0000 differs -0.01",
                "000-5100-01a0 equal 0.00",
                "000-5200-0100 missing there -0.50",
                "000-5300-0100 equal 0.00",
                "000-9999-0000 missing here 0.51",
            ]
        );
        assert_eq!((totals.debit_here.as_str(), totals.debit_there.as_str()), ("1.50", "1.51"));
    }
}
