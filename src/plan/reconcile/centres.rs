//! The columns side by side: by cost centre, and by account.

use super::inputs::{Inputs, Nets};
use super::people::{People, Person, Place, centre_name};
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
    /// Currencies in which one person alone is paid: no roll-up hides their amounts, so they are left out.
    pub left_out: BTreeSet<Currency>,
    /// Whether changes that one person alone made are hidden too.
    pub hides_single: bool,
}

impl Shown {
    /// With `hide`, centres that carry one person's cost of a currency in either period are rolled together; if that leaves one
    /// person of a currency in `others`, the smallest centre that is left joins them.
    pub fn new(now: &People, before: Option<&People>, hide: bool) -> Shown {
        if !hide {
            return Shown::default();
        }
        let counts = now.with_cost();
        let single = |people: &People| -> BTreeSet<String> {
            let few = people.with_cost().into_iter().filter(|(_, count)| *count == 1);
            few.map(|(place, _)| place.0.clone()).collect()
        };
        let mut rolled = single(now);
        rolled.extend(before.map(single).unwrap_or_default());
        let currencies: BTreeSet<Currency> = counts.keys().map(|place| place.1).collect();
        for currency in &currencies {
            let of_currency = || counts.iter().filter(|(place, _)| place.1 == *currency);
            let (others, left): (Vec<_>, Vec<_>) = of_currency().partition(|(place, _)| rolled.contains(&place.0));
            let people: usize = others.iter().map(|(_, count)| **count).sum();
            if people == 1
                && let Some((smallest, _)) = left.into_iter().min_by_key(|(place, count)| (**count, *place))
            {
                rolled.insert(smallest.0.clone());
            }
        }
        let left_out = currencies.into_iter().filter(|currency| now.paid_in(*currency) == 1).collect();
        Shown { rolled, left_out, hides_single: true }
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
        for ((currency, account), columns) in self.accounts.iter().filter(|(at, _)| !shown.left_out.contains(&at.0)) {
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
    let table = Table::new(inputs, now, books, shown, differences);
    let mut names: BTreeSet<&str> = table.costs.keys().map(|(centre, _)| centre.as_str()).collect();
    names.extend(now.all.values().map(|person| shown.name(&person.home)));
    names.extend(books.centres.keys().map(|account| books.shown_centre(account, shown)));
    names.remove("");
    let rows = names.into_iter().map(|name| table.row(Some(name), name));
    (rows.filter(|row| row.employed > 0 || !row.money.is_empty()).collect(), table.row(None, "total"))
}

/// What the rows are read from.
struct Table<'t> {
    now: &'t People,
    books: &'t Books,
    shown: &'t Shown,
    differences: &'t [Difference],
    /// How many amount columns there are.
    width: usize,
    /// Each amount column's cost, by shown centre.
    costs: BTreeMap<Place, Vec<Minor>>,
    currencies: BTreeSet<Currency>,
}

impl<'t> Table<'t> {
    fn new(
        inputs: &Inputs<'_>,
        now: &'t People,
        books: &'t Books,
        shown: &'t Shown,
        differences: &'t [Difference],
    ) -> Table<'t> {
        let columns = amount_columns(inputs);
        let width = columns.len();
        let mut costs: BTreeMap<Place, Vec<Minor>> = BTreeMap::new();
        for share in &now.costs.shares {
            let centre = shown.name(&centre_name(&now.costs, share.centre)).to_owned();
            let at = columns.iter().position(|(_, amount)| amount.times(share.amount) != 0);
            if let Some(at) = at {
                costs.entry((centre, share.currency)).or_insert_with(|| vec![Minor::ZERO; width])[at] += share.rounded;
            }
        }
        let booked = books.accounts.keys().map(|(currency, _)| *currency);
        let currencies = costs.keys().map(|(_, currency)| *currency).chain(booked);
        let currencies = currencies.filter(|currency| !shown.left_out.contains(currency)).collect();
        Table { now, books, shown, differences, width, costs, currencies }
    }

    /// The row of a centre; of all with `None`.
    fn row(&self, centre: Option<&str>, name: &str) -> CentreRow {
        let here = |at: &str| centre.is_none_or(|centre| self.shown.name(at) == centre);
        let people = self.now.all.values();
        let own = people.clone().filter(|person| here(&person.home));
        let with_cost = people.clone().filter(|person| person.centres().into_iter().any(here)).count();
        let paid_in = |currency: &Currency| {
            let is_here = |person: &&Person| person.cost.keys().any(|place| place.1 == *currency && here(&place.0));
            people.clone().filter(is_here).count()
        };
        let because: BTreeSet<&str> = self
            .differences
            .iter()
            .filter(|difference| centre.is_none_or(|centre| difference.centre == centre))
            .map(|difference| difference.code)
            .collect();
        CentreRow {
            centre: name.to_owned(),
            about: self.now.about.get(name).cloned().unwrap_or_default(),
            employed: own.clone().count(),
            paid: own.filter(|person| person.is_paid()).count(),
            with_cost,
            single_person: self.currencies.iter().any(|currency| paid_in(currency) == 1),
            money: self.currencies.iter().filter_map(|currency| self.money(centre, *currency)).collect(),
            because: because.into_iter().map(str::to_owned).collect(),
        }
    }

    /// The amounts of a centre in one currency; `None` where all are zero.
    fn money(&self, centre: Option<&str>, currency: Currency) -> Option<Money> {
        let mut amounts = vec![Minor::ZERO; self.width];
        let own = |place: &Place| place.1 == currency && centre.is_none_or(|centre| place.0 == centre);
        for (_, cost) in self.costs.iter().filter(|(place, _)| own(place)) {
            amounts.iter_mut().zip(cost).for_each(|(sum, amount)| *sum += *amount);
        }
        let booked = self.books.columns(centre, currency, self.shown);
        if amounts.iter().chain(booked.iter().flatten()).all(|amount| amount.is_zero()) {
            return None;
        }
        Some(Money {
            currency: currency.code().to_owned(),
            amounts: amounts.into_iter().map(|amount| amount.text(currency)).collect(),
            planned: booked.map(|columns| columns[PLANNED].text(currency)),
            sent: booked.map(|columns| columns[SENT].text(currency)),
            in_gp: booked.filter(|_| self.books.gp_asked).map(|columns| columns[IN_GP].text(currency)),
        })
    }
}
