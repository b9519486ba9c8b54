//! A plan and its documents as they are stored.

use super::content::StoredContent;
use crate::hr::PeriodCode;
use crate::ledger::DocumentId;
use crate::plan::document::{Document, Plan};
use crate::project::pipeline::Otherwise;
use jiff::Timestamp;
use std::fmt;

/// Where a document is on its way. What is true after a crash in each state:
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DocumentState {
    /// Awaiting approval; nothing left.
    Planned,
    /// Kept back with a reason; nothing left.
    Held,
    /// Will be sent; nothing left.
    Approved,
    /// An attempt began: it may or may not be in GP. Read back before anything else.
    Sending,
    /// GP holds it.
    Sent,
    /// GP said no; nothing is in GP.
    Refused,
    /// An attempt had an unclear answer: it may or may not be in GP. Read back before anything else.
    Unknown,
    /// A newer plan took its place before anybody began to send it.
    Superseded,
}

impl DocumentState {
    pub fn word(self) -> &'static str {
        match self {
            DocumentState::Planned => "planned",
            DocumentState::Held => "held",
            DocumentState::Approved => "approved",
            DocumentState::Sending => "sending",
            DocumentState::Sent => "sent",
            DocumentState::Refused => "refused",
            DocumentState::Unknown => "unknown",
            DocumentState::Superseded => "superseded",
        }
    }

    /// The state of this word, as the store writes it.
    pub fn from_word(word: &str) -> Option<DocumentState> {
        const ALL: [DocumentState; 8] = [
            DocumentState::Planned,
            DocumentState::Held,
            DocumentState::Approved,
            DocumentState::Sending,
            DocumentState::Sent,
            DocumentState::Refused,
            DocumentState::Unknown,
            DocumentState::Superseded,
        ];
        ALL.into_iter().find(|state| state.word() == word)
    }
}

impl fmt::Display for DocumentState {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.word())
    }
}

/// What became of an attempt to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// GP holds it; the batch as GP named it, where it differs.
    Sent {
        batch: Option<String>,
    },
    /// GP said no: a person must mend something.
    Refused {
        reason: String,
    },
    /// GP said no for now (a batch in use, a service not up): stays approved.
    Later {
        reason: String,
    },
    /// Kept back by a check right before sending.
    Held {
        reason: String,
    },
    Unknown {
        reason: String,
    },
    /// Read back: it is not in GP, so it may be sent.
    NotThere,
}

/// A document to store.
#[derive(Clone, Debug)]
pub struct NewDocument {
    pub id: DocumentId,
    pub kind: String,
    pub role: String,
    /// The newest period whose cost it is.
    pub period: PeriodCode,
    pub booked_in: PeriodCode,
    pub sequence: u32,
    pub state: DocumentState,
    pub needs_approval: bool,
    /// The name of the connection's own GP company; empty where the content names another.
    pub gp_company: String,
    pub content: StoredContent,
}

/// A plan to store.
#[derive(Clone, Debug)]
pub struct NewPlan {
    /// The plan's hash is its id.
    pub hash: String,
    pub pipeline: String,
    pub ledger: String,
    pub period: PeriodCode,
    pub generation: String,
    pub status: String,
    pub headcount: u64,
    /// `plan --format json` without lineage ids.
    pub report: String,
    pub documents: Vec<NewDocument>,
    /// Every period that the plan looked at: documents of other plans about these, that nobody began to send, are
    /// superseded, or the same difference could be sent twice.
    pub covers: Vec<PeriodCode>,
    pub holds: Vec<HoldRow>,
    /// What it was made from: (file name, gzip bytes).
    pub inputs: Vec<(String, Vec<u8>)>,
    pub now: Timestamp,
    pub who: String,
    /// How many different people say yes to a document: an unchanged one that has as many stays approved.
    pub people: u32,
}

impl NewPlan {
    /// The stored form of `plan`, without its report and inputs; `people` approve each document.
    pub fn of(
        plan: &Plan,
        report: String,
        inputs: Vec<(String, Vec<u8>)>,
        who: &str,
        people: u32,
        now: Timestamp,
    ) -> NewPlan {
        let documents = plan.documents.iter().map(|document| new_document(plan, document)).collect();
        let holds = plan
            .holds
            .iter()
            .map(|held| HoldRow {
                plan_id: plan.hash.clone(),
                code: held.hold.code.code().to_owned(),
                subject: held.hold.subject.clone(),
                message: held.hold.message.clone(),
                remedy: held.hold.remedy.clone(),
                place: held.hold.place.as_ref().map_or_else(String::new, ToString::to_string),
                asks: held.hold.otherwise == Otherwise::Ask,
                scope: held.scope.word().to_owned(),
                documents: held.scope.documents().iter().map(|at| plan.documents[*at].id.to_string()).collect(),
                released_by: None,
            })
            .collect();
        NewPlan {
            hash: plan.hash.clone(),
            pipeline: plan.pipeline.clone(),
            ledger: plan.ledger.clone(),
            period: plan.period.code.clone(),
            generation: plan.generation.clone(),
            status: plan.status().to_string(),
            headcount: plan.headcount,
            report,
            documents,
            covers: plan.costs.keys().cloned().collect(),
            holds,
            inputs,
            now,
            who: who.to_owned(),
            people,
        }
    }
}

fn new_document(plan: &Plan, document: &Document) -> NewDocument {
    let state = match (document.ready, document.needs_approval) {
        (false, _) => DocumentState::Held,
        (true, true) => DocumentState::Planned,
        (true, false) => DocumentState::Approved,
    };
    let journal = document.journal();
    let newest = journal.and_then(|journal| journal.by_period.keys().last().cloned());
    let content = StoredContent::of(document);
    NewDocument {
        id: document.id.clone(),
        kind: document.kind(),
        role: journal.map_or_else(|| "record".to_owned(), |journal| journal.role.to_string()),
        period: newest.unwrap_or_else(|| plan.period.code.clone()),
        booked_in: journal.map_or_else(|| plan.period.code.clone(), |journal| journal.booked_in.clone()),
        sequence: document.sequence,
        state,
        needs_approval: document.needs_approval,
        gp_company: if content.company().is_empty() { plan.company.clone() } else { String::new() },
        content,
    }
}

/// A stored plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedPlan {
    pub id: String,
    pub pipeline: String,
    pub ledger: String,
    pub period: PeriodCode,
    pub generation: String,
    pub status: String,
    pub headcount: u64,
    pub report: String,
    pub created_at: Timestamp,
    /// A newer plan of the same ledger and period took its place.
    pub superseded: bool,
}

/// A stored document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredDocument {
    pub id: DocumentId,
    pub plan_id: String,
    pub ledger: String,
    pub kind: String,
    pub role: String,
    pub period: PeriodCode,
    pub booked_in: PeriodCode,
    pub sequence: u32,
    pub state: DocumentState,
    /// What GP showed last: `work`, `posted`, `edited`, `deleted`; empty before it was sent.
    pub gp_state: String,
    pub needs_approval: bool,
    pub journal_number: Option<u32>,
    pub attempts: u32,
    /// Why the last attempt did not end in `sent`.
    pub reason: String,
    /// Everybody who said yes, once enough people had: `kim, lee`.
    pub approved_by: Option<String>,
    /// Who said yes so far, in that order; nobody twice.
    pub approvals: Vec<String>,
    pub content: StoredContent,
}

/// What a person's yes to a plan came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Approved {
    /// Documents that have enough yeses now, and are sent next.
    pub documents: Vec<DocumentId>,
    /// Documents that have this person's yes and wait for other people.
    pub waiting: Vec<Waiting>,
}

/// A document that waits for other people's yes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub id: DocumentId,
    /// Who said yes so far.
    pub approvals: Vec<String>,
    /// This person had said yes to it before, and counts once.
    pub said_before: bool,
}

/// A stored hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HoldRow {
    pub plan_id: String,
    pub code: String,
    pub subject: String,
    pub message: String,
    pub remedy: String,
    pub place: String,
    /// Approval releases it.
    pub asks: bool,
    /// `plan`, `documents` or `employee`.
    pub scope: String,
    pub documents: Vec<String>,
    pub released_by: Option<String>,
}
