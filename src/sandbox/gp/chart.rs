//! The chart of accounts, and the values of its segments and of analytical dimensions.

use super::text::folded;
use crate::ledger::Account;
use crate::plan::facts::DimensionValue;
use std::collections::BTreeMap;

/// GP's ACCTTYPE, as far as the checks tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountKind {
    /// Types 1 and 3: counts in a journal's balance.
    Posting,
    /// Types 2 and 4, with its own number of decimals: counts nothing but units.
    Unit { decimals: u32 },
}

/// One account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GlAccount {
    pub number: String,
    pub description: String,
    pub active: bool,
    pub allows_entry: bool,
    pub kind: AccountKind,
}

/// All accounts, by their folded number.
#[derive(Clone, Debug, Default)]
pub struct Chart {
    accounts: BTreeMap<String, GlAccount>,
    /// Dimension name → its codes and whether each is active.
    dimensions: BTreeMap<String, BTreeMap<String, bool>>,
    separator: char,
}

impl Chart {
    pub fn new(accounts: &[Account], values: &[DimensionValue]) -> Chart {
        let mut chart = Chart { separator: '-', ..Chart::default() };
        for account in accounts {
            chart.add(GlAccount {
                number: account.number.as_str().to_owned(),
                description: account.description.clone(),
                active: account.active,
                allows_entry: account.allows_entry,
                kind: AccountKind::Posting,
            });
        }
        for value in values {
            let codes = chart.dimensions.entry(value.dimension.clone()).or_default();
            codes.insert(value.code.clone(), value.active);
        }
        chart
    }

    pub fn add(&mut self, account: GlAccount) {
        self.accounts.insert(folded(&account.number), account);
    }

    /// The account of this exact string: leading blanks count, case and trailing blanks do not.
    pub fn account(&self, number: &str) -> Option<&GlAccount> {
        self.accounts.get(&folded(number))
    }

    pub fn account_mut(&mut self, number: &str) -> Option<&mut GlAccount> {
        self.accounts.get_mut(&folded(number))
    }

    pub fn accounts(&self) -> impl Iterator<Item = &GlAccount> {
        self.accounts.values()
    }

    /// The codes of an analytical dimension.
    pub fn dimension(&self, name: &str) -> Option<&BTreeMap<String, bool>> {
        let name = folded(name);
        self.dimensions.iter().find(|(known, _)| folded(known) == name).map(|(_, codes)| codes)
    }

    pub fn set_dimension_value(&mut self, dimension: &str, code: &str, active: bool) {
        self.dimensions.entry(dimension.to_owned()).or_default().insert(code.to_owned(), active);
    }

    pub fn remove_dimension_value(&mut self, dimension: &str, code: &str) -> bool {
        self.dimensions.get_mut(dimension).is_some_and(|codes| codes.remove(code).is_some())
    }

    /// The values of account segment `number` (from 1): those of the dimension that lives there, else what the
    /// accounts use. A dimension lives in the segment in which accounts use most of its codes.
    pub fn segment(&self, number: usize) -> Option<BTreeMap<String, bool>> {
        let used = self.used(number);
        if used.is_empty() {
            return None;
        }
        let shared = |codes: &BTreeMap<String, bool>, at: usize| {
            self.used(at).keys().filter(|code| codes.contains_key(*code)).count()
        };
        let segments = self.segments();
        let lives_here = |codes: &&BTreeMap<String, bool>| {
            let here = shared(codes, number);
            here > 0 && (1..=segments).all(|other| shared(codes, other) <= here)
        };
        Some(self.dimensions.values().find(lives_here).cloned().unwrap_or(used))
    }

    fn segments(&self) -> usize {
        self.accounts.values().map(|account| account.number.split(self.separator).count()).max().unwrap_or(0)
    }

    fn used(&self, segment: usize) -> BTreeMap<String, bool> {
        let code = |account: &GlAccount| {
            account.number.split(self.separator).nth(segment.checked_sub(1)?).map(|code| (code.to_owned(), true))
        };
        self.accounts.values().filter_map(code).collect()
    }
}
