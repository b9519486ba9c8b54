//! The audit trail: append-only, each row chained to the one before by its hash.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// Something that happened, to be appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    pub at: Timestamp,
    /// Who did it: a person's name, or `engine`.
    pub who: String,
    /// What happened, a stable word: `planned`, `approved`, `sending`, `sent`, …
    pub what: String,
    /// What it happened to: a plan id, a document id, a record key.
    pub subject: String,
    /// Details without secrets or anybody's pay.
    pub detail: String,
}

/// A row of the trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    pub sequence: i64,
    pub entry: AuditEntry,
    /// Hash of this row over the one before, 64 hex digits.
    pub hash: String,
}

/// The hash of the first row's predecessor.
pub const FIRST: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Hash of a row: SHA-256 over the hash before and the length-prefixed parts.
pub fn chain(before: &str, entry: &AuditEntry) -> String {
    let mut hash = Sha256::new();
    let at = entry.at.to_string();
    for part in [before, &at, &entry.who, &entry.what, &entry.subject, &entry.detail] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hex::encode(hash.finalize())
}

/// The sequence of the first row that does not follow from the one before; `None` when the trail is whole.
pub fn first_break(rows: &[AuditRow]) -> Option<i64> {
    let mut before = FIRST.to_owned();
    for (at, row) in rows.iter().enumerate() {
        if row.sequence != at as i64 + 1 || row.hash != chain(&before, &row.entry) {
            return Some(row.sequence);
        }
        before.clone_from(&row.hash);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<AuditRow> {
        let mut before = FIRST.to_owned();
        (1..=3)
            .map(|sequence| {
                let entry = AuditEntry {
                    at: Timestamp::UNIX_EPOCH,
                    who: "engine".to_owned(),
                    what: "sent".to_owned(),
                    subject: format!("document {sequence}"),
                    detail: String::new(),
                };
                before = chain(&before, &entry);
                AuditRow { sequence, entry, hash: before.clone() }
            })
            .collect()
    }

    #[test]
    fn a_changed_removed_or_swapped_row_breaks_the_chain() {
        assert_eq!(first_break(&rows()), None);
        let mut changed = rows();
        changed[1].entry.detail = "another".to_owned();
        assert_eq!(first_break(&changed), Some(2));
        let mut removed = rows();
        removed.remove(1);
        assert_eq!(first_break(&removed), Some(3));
        let mut swapped = rows();
        swapped.swap(0, 1);
        assert!(first_break(&swapped).is_some());
    }
}
