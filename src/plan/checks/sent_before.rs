//! Not sent before: no document of the ledger has this identity already. A difference is a document of its own.

use super::{CheckedJournal, consequence};
use crate::plan::facts::Facts;
use crate::plan::hold::{Hold, HoldCode};
use crate::project::Pipeline;
use crate::project::pipeline::{CheckRule, Otherwise};

/// A hold when the ledger already has a document with this identity.
pub fn check(pipeline: &Pipeline, facts: &Facts, checked: &CheckedJournal<'_>) -> Option<Hold> {
    let id = &checked.document.id;
    let mut sent = facts.sent.iter().filter(|line| line.pipeline == checked.ledger);
    let before = sent.find(|line| line.document_id == *id)?;
    let said = consequence(pipeline, Otherwise::Stop, |rule| matches!(rule, CheckRule::NotSentBefore));
    Some(Hold {
        code: HoldCode::SentBefore,
        subject: format!("journal {}", before.journal),
        message: format!("this document was sent before, as journal {}", before.journal),
        remedy: "Nothing to do: plan again, and only a difference will be proposed.".to_owned(),
        place: said.place,
        otherwise: said.otherwise,
    })
}
