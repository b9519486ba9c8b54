//! GL accounts: does it exist, is it active, does it allow entry.

use super::GpError;
use crate::ledger::{Account, AccountNumber};
use async_trait::async_trait;
use std::collections::BTreeSet;

/// Who knows the chart of accounts.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// One look-up a distinct account; accounts GP does not know are left out.
    async fn accounts(&self, numbers: &BTreeSet<AccountNumber>) -> Result<Vec<Account>, GpError>;

    /// Every account GP lists.
    async fn all_accounts(&self) -> Result<Vec<Account>, GpError>;
}
