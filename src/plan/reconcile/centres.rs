//! The columns side by side: by cost centre, and by account.

use super::inputs::{Inputs, Nets};
use super::people::{People, Place, centre_name};
use super::view::{AccountRow, CentreRow, Difference, Money};
use crate::ledger::{AccountNumber, Currency, Minor};
use crate::plan::journal::{Balances, journals};
use crate::plan::report::amount_name;
use crate::project::pipeline::{Amount, Side};
use std::collections::{BTreeMap, BTreeSet};

/// The centre that single-person centres are rolled into.
pub const OTHERS: &str = "others";

/// Which centre is shown as what: itself, or `others`.
#[derive(Debug, Default)]
pub struct Shown {
    rolled: BTreeSet<String>,
    /// Whether changes that one person alone made are hidden too.
    pub hides_single: bool,
}

impl Shown {
    /// With `hide`, centres that carry one person's cost in either period are rolled together; if that leaves one person
    /// in `others`, the smallest centre that is left joins them.
    pub fn new(now: &People, before: Option<&People>, hide: bool) -> Shown {
        if !hide {
            return Shown::default();
        }
        let counts = now.with_cost();
        let single = |people: &People| -> BTreeSet<String> {
            let few = people.with_cost().into_iter().filter(|(_, count)| *count == 1);
            few.map(|(centre, _)| centre.to_owned()).collect()
        };
        let mut rolled = single(now);
        rolled.extend(before.map(single).unwrap_or_default());
        let people: usize = rolled.iter().filter_map(|centre| counts.get(centre.as_str())).sum();
        if people == 1 {
            let left = counts.iter().filter(|(centre, _)| !rolled.contains(**centre));
            if let Some((smallest, _)) = left.min_by_key(|(centre, count)| (**count, **centre)) {
                rolled.insert((*smallest).to_owned());
            }
        }
        Shown { rolled, hides_single: true }
    }

    /// The name under which `centre` is shown.
    pub fn name<'c>(&self, centre: &'c str) -> &'c str {
        if self.rolled.contains(centre) { OTHERS } else { centre }
    }
}

/// What each account should hold, was sent and holds in GP, of one period's cost.
pub struct Books {
    /// The centre of each account whose template line is made for each one, as a set: accounts may be shared.
    centres: BTreeMap<AccountNumber, BTreeSet<String>>,
    pub accounts: BTreeMap<(Currency, AccountNumber), [Minor; 3]>,
    gp_asked: bool,
}

const PLANNED: usize = 0;
const SENT: usize = 1;
const IN_GP: usize = 2;

impl Books {
    /// From the cost of the period and its documents. An account that only an earlier document names belongs to the
    /// centre that the period before gives it.
    pub fn of(inputs: &Inputs<'_>, now: &mut People, before: Option<&mut People>) -> Books {
        let mut books = Books { centres: BTreeMap::new(), accounts: BTreeMap::new(), gp_asked: inputs.gp_asked };
        if let Some(before) = before {
            books.desired(inputs, before);
        }
        for (currency, balances) in books.desired(inputs, now) {
            for (account, balance) in balances.0 {
                books.add(PLANNED, currency, &Nets::from([(account, balance.net)]));
            }
        }
        let period = &inputs.plan.period.code;
        for document in inputs.documents.iter().filter(|document| document.counts_as_sent()) {
            if let Some(part) = document.part(period) {
                books.add(SENT, document.currency, part);
                books.add(IN_GP, document.currency, &document.part_in_gp(period));
            }
        }
        books
    }

    fn desired(&mut self, inputs: &Inputs<'_>, people: &mut People) -> Vec<(Currency, Balances)> {
        let period = people.period.clone();
        let made = journals(inputs.pipeline, inputs.rule, &period, inputs.facts, &mut people.costs);
        for (account, balance) in made.values().flat_map(|balances| &balances.0) {
            for (line, centre) in &balance.sources {
                let debit = inputs.rule.lines.get(*line).is_some_and(|line| line.side == Side::Debit);
                if let Some(centre) = centre.filter(|_| debit) {
                    let name = centre_name(&people.costs, centre);
                    self.centres.entry(account.clone()).or_default().insert(name);
                }
            }
        }
        made.into_iter().map(|(key, balances)| (key.currency, balances)).collect()
    }

    fn add(&mut self, column: usize, currency: Currency, nets: &Nets) {
        for (account, amount) in nets {
            self.accounts.entry((currency, account.clone())).or_default()[column] += *amount;
        }
    }

    /// The one centre whose cost `account` takes.
    fn centre(&self, account: &AccountNumber) -> Option<&str> {
        let centres = self.centres.get(account)?;
        if centres.len() == 1 { centres.iter().next().map(String::as_str) } else { None }
    }

    /// The centre of an account under its shown name; empty for shared accounts.
    pub fn shown_centre<'b>(&'b self, account: &AccountNumber, shown: &Shown) -> &'b str {
        self.centre(account).map_or("", |centre| shown.name(centre))
    }

    /// Whether `account` takes cost: a debit line made for each centre.
    fn is_cost(&self, account: &AccountNumber) -> bool {
        self.centres.contains_key(account)
    }

    /// One row an account, rolled-up centres as one.
    pub fn account_rows(&self, shown: &Shown) -> Vec<AccountRow> {
        let mut rolled: BTreeMap<(Currency, String, String), [Minor; 3]> = BTreeMap::new();
        for ((currency, account), columns) in &self.accounts {
            let centre = self.shown_centre(account, shown);
            let name = if centre == OTHERS { OTHERS } else { account.as_str() };
            let row = rolled.entry((*currency, name.to_owned(), centre.to_owned())).or_default();
            row.iter_mut().zip(columns).for_each(|(sum, amount)| *sum += *amount);
        }
        rolled
            .into_iter()
            .map(|((currency, account, centre), columns)| AccountRow {
                account,
                currency: currency.code().to_owned(),
                centre,
                planned: columns[PLANNED].text(currency),
                sent: columns[SENT].text(currency),
                in_gp: self.gp_asked.then(|| columns[IN_GP].text(currency)),
                agrees: columns[PLANNED] == columns[SENT] && (!self.gp_asked || columns[SENT] == columns[IN_GP]),
            })
            .collect()
    }

    /// The columns of a centre (of all with `None`) in one currency; `None` when no account is the centre's own.
    fn columns(&self, centre: Option<&str>, currency: Currency, shown: &Shown) -> Option<[Minor; 3]> {
        let own = self.accounts.iter().filter(|((in_currency, account), _)| {
            *in_currency == currency
                && self.is_cost(account)
                && centre.is_none_or(|centre| self.shown_centre(account, shown) == centre)
        });
        own.map(|(_, columns)| *columns).reduce(|sum, columns| {
            let mut sum = sum;
            sum.iter_mut().zip(columns).for_each(|(sum, amount)| *sum += amount);
            sum
        })
    }
}

/// Names of the amount columns, and how to fill them.
pub fn amount_columns(inputs: &Inputs<'_>) -> Vec<(String, Amount)> {
    let burdens = (0..inputs.pay.burdens.len()).map(Amount::Burden);
    std::iter::once(Amount::Gross)
        .chain(burdens)
        .map(|amount| (amount_name(inputs.pipeline, amount).to_owned(), amount))
        .collect()
}

/// A row a centre, and the total.
pub fn rows(
    inputs: &Inputs<'_>,
    now: &People,
    books: &Books,
    shown: &Shown,
    differences: &[Difference],
) -> (Vec<CentreRow>, CentreRow) {
    let columns = amount_columns(inputs);
    let mut sums: BTreeMap<Place, Vec<Minor>> = BTreeMap::new();
    let mut total: BTreeMap<Currency, Vec<Minor>> = BTreeMap::new();
    for share in &now.costs.shares {
        let centre = shown.name(&centre_name(&now.costs, share.centre)).to_owned();
        let at = columns.iter().position(|(_, amount)| crate::plan::journal::books(*amount, share.amount));
        let Some(at) = at else { continue };
        sums.entry((centre, share.currency)).or_insert_with(|| vec![Minor::ZERO; columns.len()])[at] += share.rounded;
        total.entry(share.currency).or_insert_with(|| vec![Minor::ZERO; columns.len()])[at] += share.rounded;
    }
    let mut names: BTreeSet<String> = sums.keys().map(|(centre, _)| centre.clone()).collect();
    names.extend(now.all.values().map(|person| shown.name(&person.home).to_owned()));
    names.extend(books.centres.keys().map(|account| books.shown_centre(account, shown).to_owned()));
    names.remove("");
    let currencies: BTreeSet<Currency> =
        total.keys().copied().chain(books.accounts.keys().map(|(currency, _)| *currency)).collect();
    let money = |centre: Option<&str>, currency: Currency| {
        let amounts = match centre {
            Some(centre) => sums.get(&(centre.to_owned(), currency)),
            None => total.get(&currency),
        };
        let booked = books.columns(centre, currency, shown);
        if amounts.is_none() && booked.is_none_or(|columns| columns.iter().all(|amount| amount.is_zero())) {
            return None;
        }
        let zeros = vec![Minor::ZERO; columns.len()];
        Some(Money {
            currency: currency.code().to_owned(),
            amounts: amounts.unwrap_or(&zeros).iter().map(|amount| amount.text(currency)).collect(),
            planned: booked.map(|columns| columns[PLANNED].text(currency)),
            sent: booked.map(|columns| columns[SENT].text(currency)),
            in_gp: booked.filter(|_| books.gp_asked).map(|columns| columns[IN_GP].text(currency)),
        })
    };
    let row = |centre: Option<&str>, name: &str| {
        let here = |at: &str| centre.is_none_or(|centre| shown.name(at) == centre);
        let own = now.all.values().filter(|person| here(&person.home));
        let with_cost = now.all.values().filter(|person| person.centres().into_iter().any(here)).count();
        let because: BTreeSet<&str> = differences
            .iter()
            .filter(|difference| centre.is_none_or(|centre| difference.centre == centre))
            .map(|difference| difference.code)
            .collect();
        CentreRow {
            centre: name.to_owned(),
            about: now.about.get(name).cloned().unwrap_or_default(),
            employed: own.clone().count(),
            paid: own.filter(|person| person.is_paid()).count(),
            with_cost,
            single_person: with_cost == 1,
            money: currencies.iter().filter_map(|currency| money(centre, *currency)).collect(),
            because: because.into_iter().map(str::to_owned).collect(),
        }
    };
    let centres =
        names.iter().map(|name| row(Some(name), name)).filter(|row| row.employed > 0 || !row.money.is_empty());
    (centres.collect(), row(None, "total"))
}
