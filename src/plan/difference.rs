//! Desired minus sent: what one period's journals must still book.

use super::desire::DesiredPeriod;
use super::document::LineSource;
use super::facts::{Facts, GpState};
use super::hold::{Hold, HoldCode};
use super::journal::{Balances, JournalKey, ListedAmounts};
use super::sent::SentPeriod;
use crate::hr::PeriodCode;
use crate::ledger::{AccountNumber, DocumentId, Minor};
use crate::project::pipeline::Otherwise;
use std::collections::BTreeMap;

/// Desired minus sent for one period.
pub struct PeriodDifference<'d> {
    pub desired: &'d DesiredPeriod,
    pub sent: SentPeriod<'d>,
    pub journals: BTreeMap<JournalKey, Change>,
}

/// The change of one journal: a signed amount (debit above zero) and its sources an account.
#[derive(Default)]
pub struct Change {
    pub accounts: BTreeMap<AccountNumber, Minor>,
    pub sources: BTreeMap<AccountNumber, Vec<LineSource>>,
    /// Of today's cost, what lines that list people put into each account.
    pub people: BTreeMap<AccountNumber, ListedAmounts>,
}

impl Change {
    /// Whether any account changes.
    pub fn is_any(&self) -> bool {
        self.accounts.values().any(|amount| !amount.is_zero())
    }
}

impl<'d> PeriodDifference<'d> {
    /// What `desired` differs from the lines that `ledger` sent. `known` names the journal of each document id whose
    /// group is known.
    pub fn new(
        desired: &'d DesiredPeriod,
        facts: &'d Facts,
        ledger: &str,
        known: &BTreeMap<DocumentId, JournalKey>,
    ) -> PeriodDifference<'d> {
        let sent = SentPeriod::new(facts, ledger, &desired.period.code, known);
        let mut journals: BTreeMap<JournalKey, Change> = BTreeMap::new();
        for (key, balances) in &desired.journals {
            add_cost(journals.entry(key.clone()).or_default(), &desired.period.code, balances);
        }
        for (key, accounts) in &sent.balances {
            let change = journals.entry(key.clone()).or_default();
            for (account, amount) in accounts {
                *change.accounts.entry(account.clone()).or_default() -= *amount;
            }
        }
        for (key, line) in sent.held_by_gp() {
            let source = LineSource::Sent { document: line.document_id.clone(), journal: line.journal.clone() };
            let sources = journals.entry(key.clone()).or_default().sources.entry(line.account.clone()).or_default();
            if !sources.contains(&source) {
                sources.push(source);
            }
        }
        PeriodDifference { desired, sent, journals }
    }
}

/// The sum of several closed periods' differences.
#[derive(Default)]
pub struct Adjustment {
    pub by_period: BTreeMap<PeriodCode, BTreeMap<AccountNumber, Minor>>,
    pub sources: BTreeMap<AccountNumber, Vec<LineSource>>,
    pub corrects: Vec<String>,
    pub holds: Vec<Hold>,
}

impl Adjustment {
    /// Whether nothing is left to book: no difference, or differences of several periods that cancel out in each account.
    pub fn is_nothing(&self) -> bool {
        let mut totals: BTreeMap<&AccountNumber, Minor> = BTreeMap::new();
        for (account, amount) in self.by_period.values().flatten() {
            *totals.entry(account).or_default() += *amount;
        }
        totals.values().all(|amount| amount.is_zero())
    }

    /// Adds the change of the journal `key` of one period.
    pub fn add(&mut self, difference: &PeriodDifference<'_>, key: &JournalKey, change: &Change) {
        let accounts = non_zero(&change.accounts);
        if accounts.is_empty() {
            return;
        }
        let period = self.by_period.entry(difference.desired.period.code.clone()).or_default();
        for (account, amount) in accounts {
            *period.entry(account.clone()).or_default() += amount;
            let sources = change.sources.get(&account).into_iter().flatten().cloned();
            self.sources.entry(account).or_default().extend(sources);
        }
        self.corrects.extend(corrected(&difference.sent, Some(key)));
        self.holds.extend(edited(&difference.sent));
        self.holds.extend(difference.desired.costs.asks.iter().cloned());
    }
}

fn add_cost(change: &mut Change, period: &PeriodCode, balances: &Balances) {
    for (account, balance) in &balances.0 {
        *change.accounts.entry(account.clone()).or_default() += balance.net;
        let sources = balance.sources.iter().map(|(line, centre)| LineSource::Cost {
            period: period.clone(),
            line: *line,
            centre: *centre,
            person: None,
        });
        change.sources.entry(account.clone()).or_default().extend(sources);
        if !balance.people.is_empty() {
            change.people.insert(account.clone(), balance.people.clone());
        }
    }
}

/// The accounts whose amount is not zero.
pub fn non_zero(accounts: &BTreeMap<AccountNumber, Minor>) -> BTreeMap<AccountNumber, Minor> {
    accounts
        .iter()
        .filter(|(_, amount)| !amount.is_zero())
        .map(|(account, amount)| (account.clone(), *amount))
        .collect()
}

/// `journal 80000001 of 2013-11 (unposted)`, one a document: those that count for `key`, or all.
pub fn corrected(sent: &SentPeriod<'_>, key: Option<&JournalKey>) -> Vec<String> {
    let period = sent.lines.first().map(|line| line.period.clone());
    let Some(period) = period else { return Vec::new() };
    let state = |state: GpState| match state {
        GpState::Work => "unposted in GP",
        GpState::Posted => "posted in GP",
        GpState::Edited => "edited in GP",
        GpState::Deleted => "deleted in GP",
    };
    let named =
        |(_, journal, gp): (&DocumentId, &str, GpState)| format!("journal {journal} of {period} ({})", state(gp));
    // A journal that was replaced is two documents of ours and one in GP.
    let of_key = |(id, ..): &(&DocumentId, &str, GpState)| key.is_none_or(|key| sent.counts_for(id, key));
    let mut named: Vec<String> = sent.documents().into_iter().filter(of_key).map(named).collect();
    named.dedup();
    named
}

/// Somebody changed in GP what we sent: the difference is against what we sent, so a person must look.
pub fn edited(sent: &SentPeriod<'_>) -> Option<Hold> {
    let (_, journal, _) = sent.documents().into_iter().find(|(.., state)| *state == GpState::Edited)?;
    Some(Hold {
        code: HoldCode::SentJournalEdited,
        subject: format!("journal {journal}"),
        message: format!(
            "journal {journal} was changed in GP after it was sent; differences are against what was sent"
        ),
        remedy: "Compare the journal in GP with what was sent; approve the difference only if it is still right."
            .to_owned(),
        place: None,
        otherwise: Otherwise::Ask,
    })
}
