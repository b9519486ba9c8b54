//! What makes a document the same one: never its lines.

use sha2::{Digest, Sha256};
use std::fmt;

/// The parts of an identity. A sequence counts the documents of one period and kind: 1 is the first journal, 2 its
/// first correction. The lines stay out, so that GP still finds the first journal after a lost store and a changed row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity<'a> {
    pub project: &'a str,
    pub company: &'a str,
    pub pipeline: &'a str,
    /// Period code, or a record's key.
    pub period: &'a str,
    /// `journal`, `vendor` or `employee`; with the currency or cost centre where a period has several journals.
    pub kind: &'a str,
    pub sequence: u32,
}

/// 32 hex digits of an identity. The first 8 are in the reference that GP keeps.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DocumentId(String);

impl Identity<'_> {
    /// The document id: SHA-256 over the length-prefixed parts, so that no two lists of parts collide by concatenation.
    pub fn document_id(&self) -> DocumentId {
        let mut hash = Sha256::new();
        for part in [self.project, self.company, self.pipeline, self.period, self.kind] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        hash.update(self.sequence.to_be_bytes());
        DocumentId(hex::encode(&hash.finalize()[..16]))
    }
}

impl DocumentId {
    /// How many letters [`DocumentId::key`] has.
    pub const KEY_LETTERS: usize = 8;

    /// The id written as `text` (read back from a store or a facts folder).
    pub fn from_text(text: &str) -> DocumentId {
        DocumentId(text.to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The 8 hex digits that end the reference.
    pub fn key(&self) -> &str {
        self.0.get(..Self::KEY_LETTERS).unwrap_or(&self.0)
    }
}

impl fmt::Display for DocumentId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}
