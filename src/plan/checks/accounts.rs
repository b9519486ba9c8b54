//! Accounts exist, are active and allow entry: GP's errors 679, 5617 and 2013, before GP sees the journal.

use super::consequence;
use crate::plan::document::JournalDocument;
use crate::plan::facts::Facts;
use crate::plan::hold::{Hold, HoldCode};
use crate::project::Pipeline;
use crate::project::pipeline::{CheckRule, Otherwise};

/// One hold for each line whose account GP would refuse.
pub fn check(pipeline: &Pipeline, facts: &Facts, journal: &JournalDocument) -> Vec<Hold> {
    let said = consequence(pipeline, Otherwise::Hold, |rule| matches!(rule, CheckRule::AccountsExistAndAreActive));
    let mut holds = Vec::new();
    if !facts.is_provided("accounts") {
        return holds;
    }
    for line in &journal.entry.lines {
        let number = line.account.as_str();
        let (code, message, remedy) = match facts.account(&journal.key.company, &line.account) {
            None => (
                HoldCode::AccountMissing,
                format!("account {number} does not exist in GP"),
                format!(
                    "Create account {number} in GP, or mend the account template or the table row that leads to it."
                ),
            ),
            Some(account) if !account.active => (
                HoldCode::AccountInactive,
                format!("account {number} is inactive in GP"),
                format!("Make account {number} active in GP, or map the cost to another account."),
            ),
            Some(account) if !account.allows_entry => (
                HoldCode::AccountNoEntry,
                format!("account {number} does not allow account entry in GP"),
                format!("Choose another account: {number} is a control account (or allow account entry in GP)."),
            ),
            Some(_) => continue,
        };
        holds.push(Hold {
            code,
            subject: format!("account {number}"),
            message,
            remedy,
            place: said.place.clone(),
            otherwise: said.otherwise,
        });
    }
    holds
}
