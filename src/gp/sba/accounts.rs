//! GL accounts over SBA.

use super::answer::{Row, Shape};
use super::read::Question;
use super::site::Site;
use crate::gp::GpError;
use crate::gp::accounts::Accounts;
use crate::gp::dialect::services::Flag;
use crate::ledger::{Account, AccountNumber};
use async_trait::async_trait;
use futures_util::{StreamExt as _, TryStreamExt as _};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Accounts by look-up and by list.
pub struct SbaAccounts {
    site: Arc<Site>,
    /// Made once: a run looks up thousands.
    shape: Arc<Shape>,
}

impl SbaAccounts {
    pub fn new(site: Arc<Site>) -> SbaAccounts {
        let fields = &site.dialect.accounts.fields;
        let shape = Shape::of([
            fields.number.as_str(),
            fields.description.as_str(),
            fields.active.field.as_str(),
            fields.allows_entry.field.as_str(),
        ]);
        SbaAccounts { shape: Arc::new(shape), site }
    }

    async fn one(&self, number: &AccountNumber) -> Result<Option<Account>, GpError> {
        let accounts = &self.site.dialect.accounts;
        let question = Question {
            what: &format!("the account {number}"),
            read: &accounts.by_key,
            names: &[("account", number.as_str())],
            shape: &self.shape,
        };
        let found = self
            .site
            .one(&question, &mut |row| account(&row, &accounts.fields.active, &accounts.fields.allows_entry))
            .await?;
        // GP compares without case and without trailing blanks; the account stays known by the name it was asked by.
        Ok(found.filter(|found| same(&found.number, number)).map(|found| Account { number: number.clone(), ..found }))
    }
}

#[async_trait]
impl Accounts for SbaAccounts {
    async fn accounts(&self, numbers: &BTreeSet<AccountNumber>) -> Result<Vec<Account>, GpError> {
        let found: Vec<Option<Account>> = futures_util::stream::iter(numbers.iter().cloned().collect::<Vec<_>>())
            .map(|number| async move { self.one(&number).await })
            .buffered(self.site.calls_at_once())
            .try_collect()
            .await?;
        Ok(found.into_iter().flatten().collect())
    }

    async fn all_accounts(&self) -> Result<Vec<Account>, GpError> {
        let accounts = &self.site.dialect.accounts;
        let question = Question { what: "the accounts", read: &accounts.list, names: &[], shape: &self.shape };
        let (active, allows_entry) = (accounts.fields.active.clone(), accounts.fields.allows_entry.clone());
        self.site.all(&question, None, move |row| account(&row, &active, &allows_entry)).await
    }
}

fn account(row: &Row, active: &Flag, allows_entry: &Flag) -> Result<Account, String> {
    let number = row.needed(0, "account number")?;
    Ok(Account {
        number: AccountNumber::new(number),
        description: row.text(1).to_owned(),
        active: truth(row, 2, active)?,
        allows_entry: truth(row, 3, allows_entry)?,
    })
}

fn same(one: &AccountNumber, other: &AccountNumber) -> bool {
    one.as_str().to_lowercase() == other.as_str().to_lowercase()
}

/// What a flag says.
///
/// # Errors
/// A sentence, for a word that the dialect does not list: guessing could send to a closed account.
pub(super) fn truth(row: &Row, slot: usize, flag: &Flag) -> Result<bool, String> {
    let word = row.text(slot);
    let is_in = |words: &[String]| words.iter().any(|known| known.eq_ignore_ascii_case(word));
    match (is_in(&flag.is_true), is_in(&flag.is_false)) {
        (true, false) => Ok(true),
        (false, true) => Ok(false),
        _ => Err(format!("{} is `{word}`, which the dialect does not know", flag.field)),
    }
}
