//! A plan and its documents: immutable, and leaving no choice to whoever sends them.

use super::centre::CentreId;
use super::cost::Costs;
use super::hold::{Hold, Warning};
use super::journal::JournalKey;
use crate::hr::{Period, PeriodCode};
use crate::ledger::{AccountNumber, DocumentId, JournalEntry, Minor, RecordChange};
use std::collections::BTreeMap;
use std::fmt;

/// What a pipeline's plan says to do, and why.
#[derive(Debug)]
pub struct Plan {
    pub pipeline: String,
    /// The pipeline whose ledger counts: this one, or the one it `corrects`.
    pub ledger: String,
    /// The GP company of the project's connection.
    pub company: String,
    pub period: Period,
    pub generation: String,
    pub documents: Vec<Document>,
    pub holds: Vec<Held>,
    pub warnings: Vec<Warning>,
    pub headcount: u64,
    /// SHA-256 over documents, holds and inputs, 64 hex digits.
    pub hash: String,
    /// Costs of the planned period and of each period recomputed, for lineage. Empty for records.
    pub costs: BTreeMap<PeriodCode, Costs>,
}

/// A hold and what it keeps back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    pub hold: Hold,
    pub scope: Scope,
}

/// What a hold keeps back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everything: nothing of this plan is sent.
    Plan,
    /// These (positions in [`Plan::documents`]).
    Documents(Vec<usize>),
    /// One person, whom the journal leaves out.
    Employee,
}

impl Scope {
    /// The documents kept back; none for the other scopes.
    pub fn documents(&self) -> &[usize] {
        match self {
            Scope::Documents(documents) => documents,
            Scope::Plan | Scope::Employee => &[],
        }
    }

    /// The word for reports and the store.
    pub fn word(&self) -> &'static str {
        match self {
            Scope::Plan => "plan",
            Scope::Documents(_) => "documents",
            Scope::Employee => "employee",
        }
    }
}

/// What a project and its GP company are called in identities.
#[derive(Clone, Copy, Debug)]
pub struct Names<'a> {
    pub project: &'a str,
    pub company: &'a str,
    pub ledger: &'a str,
}

/// One thing to send to GP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    pub id: DocumentId,
    pub sequence: u32,
    pub content: Content,
    /// Nothing keeps it back (it may still await approval).
    pub ready: bool,
    /// A person must approve it before it is sent.
    pub needs_approval: bool,
}

/// What a document carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    Journal(Box<JournalDocument>),
    Record(RecordChange),
}

/// A journal entry with what the ledger must remember of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalDocument {
    pub role: Role,
    pub key: JournalKey,
    pub entry: JournalEntry,
    /// The period whose fiscal period it is booked in.
    pub booked_in: PeriodCode,
    /// The cost by the period that it belongs to: one for a journal or difference, several for an adjusting journal.
    pub by_period: BTreeMap<PeriodCode, BTreeMap<AccountNumber, Minor>>,
    /// Where each line comes from, in the order of the entry's lines.
    pub sources: Vec<Vec<LineSource>>,
    /// The number in GP of our own unposted journal that this one takes the place of: `by_period` is what changes then.
    pub replaces: Option<u32>,
    /// Journals of GP that this one corrects, as text for people.
    pub corrects: Vec<String>,
    /// People whom it leaves out, as `employee 7`.
    pub left_out: Vec<String>,
}

/// What a line is made of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LineSource {
    /// Today's cost of a period through one line of the template; of one person where the line lists people.
    Cost { period: PeriodCode, line: usize, centre: Option<CentreId>, person: Option<u32> },
    /// What a document sent before had booked.
    Sent { document: DocumentId, journal: String },
}

/// Why a journal exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// The first journal of its period.
    Original,
    /// The difference to what was sent, in the same period, which is still open.
    Difference,
    /// Our own journal of the same period, which GP has not posted, is written anew under its number.
    Replacement,
    /// Differences of periods that are closed now, in the oldest open period.
    Adjusting,
}

impl fmt::Display for Role {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Role::Original => "original",
            Role::Difference => "difference",
            Role::Replacement => "replacement",
            Role::Adjusting => "adjusting",
        })
    }
}

/// What a whole plan comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlanStatus {
    /// Every document is ready (awaiting approval counts as ready).
    Ready,
    Held,
    PartlyHeld,
    /// GP holds what it should.
    Nothing,
}

impl fmt::Display for PlanStatus {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            PlanStatus::Ready => "ready",
            PlanStatus::Held => "held",
            PlanStatus::PartlyHeld => "partly_held",
            PlanStatus::Nothing => "nothing",
        })
    }
}

impl Plan {
    pub fn status(&self) -> PlanStatus {
        let ready = self.documents.iter().filter(|document| document.ready).count();
        match (ready, self.documents.len(), self.holds.is_empty()) {
            (0, 0, true) => PlanStatus::Nothing,
            (0, _, _) => PlanStatus::Held,
            (ready, all, true) if ready == all => PlanStatus::Ready,
            _ => PlanStatus::PartlyHeld,
        }
    }
}

impl Document {
    pub fn journal(&self) -> Option<&JournalDocument> {
        match &self.content {
            Content::Journal(journal) => Some(journal),
            Content::Record(_) => None,
        }
    }

    /// `journal`, `vendor` or `employee`.
    pub fn kind(&self) -> String {
        match &self.content {
            Content::Journal(_) => "journal".to_owned(),
            Content::Record(change) => change.kind.to_string(),
        }
    }
}
