//! GL accounts and batches, as GP names them.

use serde::Serialize;
use std::fmt;

/// A GL account string such as `000-5100-0410`.
///
/// GP ignores trailing blanks but not leading ones (dynamics-gp.md §6), so only the right side is trimmed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct AccountNumber(String);

impl AccountNumber {
    pub fn new(text: &str) -> AccountNumber {
        AccountNumber(text.trim_end_matches(' ').to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AccountNumber {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// What GP says about an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub number: AccountNumber,
    pub description: String,
    pub active: bool,
    /// GP's "allow account entry": off for control accounts (error 2013 when a journal names one).
    pub allows_entry: bool,
}

/// A GL batch id: upper case, at most 15 characters (GP upper-cases it itself, dynamics-gp.md §3.1).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct BatchId(String);

impl BatchId {
    pub fn new(text: &str) -> BatchId {
        BatchId(text.trim_end_matches(' ').to_uppercase())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BatchId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}
