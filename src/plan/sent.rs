//! What our ledger already sent for a period: the other side of the difference.

use super::facts::{Facts, GpState, SentLine};
use super::journal::JournalKey;
use crate::hr::PeriodCode;
use crate::ledger::{AccountNumber, DocumentId, Minor};
use std::collections::{BTreeMap, BTreeSet};

/// What was sent for one period, by journal.
#[derive(Clone, Debug, Default)]
pub struct SentPeriod<'f> {
    /// Signed balance an account, debit above zero; documents deleted in GP are not among them.
    pub balances: BTreeMap<JournalKey, BTreeMap<AccountNumber, Minor>>,
    pub lines: Vec<&'f SentLine>,
    /// The journal that each document counts for.
    keys: BTreeMap<&'f DocumentId, JournalKey>,
}

impl<'f> SentPeriod<'f> {
    /// Lines of `ledger` for `period`. `known` names the journal of each document id whose group is known;
    /// a document of another id belongs to the journal of its currency without a group.
    pub fn new(
        facts: &'f Facts,
        ledger: &str,
        period: &PeriodCode,
        known: &BTreeMap<DocumentId, JournalKey>,
    ) -> SentPeriod<'f> {
        let mut sent = SentPeriod::default();
        for line in facts.sent.iter().filter(|line| line.pipeline == ledger && line.period == *period) {
            sent.lines.push(line);
            let key = known.get(&line.document_id).cloned().unwrap_or_else(|| key_without_group(line));
            sent.keys.insert(&line.document_id, key.clone());
            if line.gp_state == GpState::Deleted {
                continue;
            }
            *sent.balances.entry(key).or_default().entry(line.account.clone()).or_default() += line.debit - line.credit;
        }
        sent
    }

    /// Its lines that GP still holds, each with the journal it counts for.
    pub fn held_by_gp(&self) -> impl Iterator<Item = (&JournalKey, &'f SentLine)> {
        let held = self.lines.iter().filter(|line| line.gp_state != GpState::Deleted);
        held.filter_map(|line| Some((self.keys.get(&line.document_id)?, *line)))
    }

    /// Whether anything was ever sent for the journal `key`, though GP may no longer hold it.
    pub fn was_sent(&self, key: &JournalKey) -> bool {
        self.keys.values().any(|of| of == key)
    }

    /// Whether GP holds nothing any more of the journal that a document counts for.
    pub fn is_gone(&self, document: &DocumentId) -> bool {
        self.keys.get(document).is_some_and(|key| !self.balances.contains_key(key))
    }

    /// Whether a document is of the journal `key`; one whose group is not known may be of any.
    pub fn counts_for(&self, document: &DocumentId, key: &JournalKey) -> bool {
        let of = self.keys.get(document);
        of.is_none_or(|of| {
            let is_known = !of.group.is_empty();
            of.currency == key.currency && of.company == key.company && (!is_known || of.group == key.group)
        })
    }

    /// Whether GP still holds any of it.
    pub fn is_held_by_gp(&self) -> bool {
        self.lines.iter().any(|line| line.gp_state != GpState::Deleted)
    }

    /// The highest sequence among these lines, 0 when there are none.
    pub fn last_sequence(&self) -> u32 {
        self.lines.iter().map(|line| line.sequence).max().unwrap_or(0)
    }

    /// The documents, each once: (id, journal number, state), in the order of their sequence.
    pub fn documents(&self) -> Vec<(&'f DocumentId, &'f str, GpState)> {
        let found: BTreeSet<(u32, &DocumentId, &str, GpState)> = self
            .lines
            .iter()
            .map(|line| (line.sequence, &line.document_id, line.journal.as_str(), line.gp_state))
            .collect();
        found.into_iter().map(|(_, id, journal, state)| (id, journal, state)).collect()
    }
}

/// The journal that a sent line counts for where its group is not known.
fn key_without_group(line: &SentLine) -> JournalKey {
    JournalKey { currency: line.currency, group: String::new(), company: line.company.clone() }
}

/// The periods that the ledger names, oldest first.
pub fn sent_periods(facts: &Facts, ledger: &str) -> BTreeSet<PeriodCode> {
    facts.sent.iter().filter(|line| line.pipeline == ledger).map(|line| line.period.clone()).collect()
}
