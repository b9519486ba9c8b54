//! What a document carries, as it is stored.

use crate::ledger::{AccountNumber, BatchId, Currency, Exchange, JournalEntry, JournalLine, Minor};
use crate::ledger::{RecordAction, RecordChange, RecordKind};
use crate::plan::document::{Content, Document};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// What a document carries, in the store's own form. A record's fields are not for `Debug`: a tax id may be among them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StoredContent {
    Journal {
        /// GP's company; empty for the connection's own.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        company: String,
        /// What it is one of where a period has several journals: the look-up's value or the person's id.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        group: String,
        batch: String,
        reference: String,
        date: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reverses_on: Option<String>,
        currency: String,
        /// The rate that GP converts by, and its day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        exchange: Option<(String, String)>,
        lines: Vec<StoredLine>,
        /// The number in GP of our own unposted journal that it is written in place of.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        replaces: Option<u32>,
        /// Amounts by period and account, debit above zero: what the ledger remembers.
        by_period: BTreeMap<String, BTreeMap<String, String>>,
    },
    Record {
        kind: String,
        key: String,
        action: String,
        before: BTreeMap<String, String>,
        after: BTreeMap<String, String>,
    },
}

impl fmt::Debug for StoredContent {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoredContent::Journal { reference, lines, .. } => {
                write!(out, "journal {reference} of {} lines", lines.len())
            }
            StoredContent::Record { kind, key, action, .. } => write!(out, "{action} {kind} {key}"),
        }
    }
}

/// One line: account, description and decimal amounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredLine {
    pub account: String,
    pub description: String,
    pub debit: String,
    pub credit: String,
}

impl StoredContent {
    /// The stored form of a document.
    pub fn of(document: &Document) -> StoredContent {
        match &document.content {
            Content::Journal(journal) => {
                let currency = journal.entry.currency;
                let amounts = |accounts: &BTreeMap<AccountNumber, Minor>| {
                    accounts.iter().map(|(a, amount)| (a.as_str().to_owned(), amount.text(currency))).collect()
                };
                let by_period = journal.by_period.iter().map(|(code, a)| (code.0.clone(), amounts(a))).collect();
                StoredContent::journal(
                    (&journal.key.company, &journal.key.group),
                    &journal.entry,
                    journal.replaces,
                    by_period,
                )
            }
            Content::Record(change) => StoredContent::Record {
                kind: change.kind.to_string(),
                key: change.key.clone(),
                action: change.action.to_string(),
                before: change.before.clone(),
                after: change.after.clone(),
            },
        }
    }

    /// The stored form of a journal entry for a company (an empty name is the connection's own) and what it is one of.
    pub fn journal(
        (company, group): (&str, &str),
        entry: &JournalEntry,
        replaces: Option<u32>,
        by_period: BTreeMap<String, BTreeMap<String, String>>,
    ) -> StoredContent {
        let line = |line: &JournalLine| StoredLine {
            account: line.account.as_str().to_owned(),
            description: line.description.clone(),
            debit: line.debit.text(entry.currency),
            credit: line.credit.text(entry.currency),
        };
        StoredContent::Journal {
            company: company.to_owned(),
            group: group.to_owned(),
            batch: entry.batch.as_str().to_owned(),
            reference: entry.reference.clone(),
            date: entry.date.to_string(),
            reverses_on: entry.reverses_on.map(|day| day.to_string()),
            currency: entry.currency.code().to_owned(),
            exchange: entry.exchange.map(|exchange| (exchange.rate.to_string(), exchange.date.to_string())),
            lines: entry.lines.iter().map(line).collect(),
            replaces,
            by_period,
        }
    }

    /// The GP company it goes to; empty for the connection's own.
    pub fn company(&self) -> &str {
        match self {
            StoredContent::Journal { company, .. } => company,
            StoredContent::Record { .. } => "",
        }
    }

    /// The number in GP of the journal that it is written in place of.
    pub fn replaces(&self) -> Option<u32> {
        match self {
            StoredContent::Journal { replaces, .. } => *replaces,
            StoredContent::Record { .. } => None,
        }
    }

    /// Whether there is nothing to send in it.
    pub fn is_empty(&self) -> bool {
        match self {
            StoredContent::Journal { lines, .. } => lines.is_empty(),
            StoredContent::Record { after, .. } => after.is_empty(),
        }
    }

    /// The journal entry to send; `None` when this is a record or does not read back.
    pub fn entry(&self) -> Option<JournalEntry> {
        let StoredContent::Journal { batch, reference, date, reverses_on, currency, exchange, lines, .. } = self else {
            return None;
        };
        let currency = Currency::from_code(currency)?;
        let line = |line: &StoredLine| {
            Some(JournalLine {
                account: AccountNumber::new(&line.account),
                description: line.description.clone(),
                debit: Minor::parse(&line.debit, currency)?,
                credit: Minor::parse(&line.credit, currency)?,
            })
        };
        Some(JournalEntry {
            batch: BatchId::new(batch),
            reference: reference.clone(),
            date: date.parse().ok()?,
            reverses_on: reverses_on.as_ref().map(|day| day.parse()).transpose().ok()?,
            currency,
            exchange: match exchange {
                None => None,
                Some((rate, day)) => Some(Exchange { rate: rate.parse().ok()?, date: day.parse().ok()? }),
            },
            lines: lines.iter().map(line).collect::<Option<Vec<_>>>()?,
        })
    }

    /// The record change to send; `None` when this is a journal or does not read back.
    pub fn change(&self) -> Option<RecordChange> {
        let StoredContent::Record { kind, key, action, before, after } = self else { return None };
        let kind = [RecordKind::Vendor, RecordKind::Employee].into_iter().find(|known| known.to_string() == *kind)?;
        let actions = [RecordAction::Create, RecordAction::Update, RecordAction::Inactivate, RecordAction::Reactivate];
        let action = actions.into_iter().find(|known| known.to_string() == *action)?;
        Some(RecordChange { kind, key: key.clone(), action, before: before.clone(), after: after.clone() })
    }
}
