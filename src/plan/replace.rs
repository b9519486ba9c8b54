//! Our own journal that GP has not posted is written anew, instead of a difference beside it
//! (payroll-rules.md, Corrections: `corrections.unposted: replace`).

use super::difference::{Change, PeriodDifference};
use super::document::LineSource;
use super::facts::{Facts, GpState, SentLine};
use super::journal::JournalKey;
use crate::ledger::{AccountNumber, Minor};
use std::collections::BTreeMap;

/// What a journal books once it was replaced.
#[derive(Debug)]
pub struct Replacement {
    /// Its number in GP, which it keeps.
    pub number: u32,
    /// Debit above zero.
    pub accounts: BTreeMap<AccountNumber, Minor>,
    pub sources: BTreeMap<AccountNumber, Vec<LineSource>>,
    /// GP holds nothing else of this journal's cost: what it books is today's cost, whole.
    pub is_whole: bool,
}

/// How `change` of the journal `key` replaces the newest journal of ours that GP still holds as it was sent, unposted. `None`
/// where there is none, where it also carries other periods, or where nothing would be left in it.
pub fn replacement(
    difference: &PeriodDifference<'_>,
    key: &JournalKey,
    change: &Change,
    facts: &Facts,
) -> Option<Replacement> {
    let held: Vec<&SentLine> =
        difference.sent.held_by_gp().filter(|(of, _)| *of == key).map(|(_, line)| line).collect();
    let newest = held.iter().max_by_key(|line| line.sequence)?;
    let (own, others): (Vec<&SentLine>, Vec<&SentLine>) =
        held.iter().partition(|line| line.journal == newest.journal && line.booked_in == newest.booked_in);
    let untouched = own.iter().all(|line| line.gp_state == GpState::Work);
    let of_this_period = |line: &SentLine| line.period == newest.period && line.booked_in == newest.period;
    let documents = facts.sent.iter().filter(|line| own.iter().any(|own| own.document_id == line.document_id));
    if !untouched || !documents.into_iter().all(of_this_period) {
        return None;
    }
    let mut accounts = change.accounts.clone();
    for line in &own {
        *accounts.entry(line.account.clone()).or_default() += line.debit - line.credit;
    }
    accounts.retain(|_, amount| !amount.is_zero());
    let of_another =
        |source: &&LineSource| !matches!(source, LineSource::Sent { journal, .. } if *journal == newest.journal);
    let sources = change
        .sources
        .iter()
        .map(|(account, sources)| (account.clone(), sources.iter().filter(of_another).cloned().collect()));
    (!accounts.is_empty()).then_some(Replacement {
        number: newest.journal.parse().ok()?,
        accounts,
        sources: sources.collect(),
        is_whole: others.is_empty(),
    })
}
