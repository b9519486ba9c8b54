//! Debits equal credits: GP's error 944, which does not tell which line (dynamics-gp.md §6).

use super::consequence;
use crate::plan::document::JournalDocument;
use crate::plan::hold::{Hold, HoldCode};
use crate::project::Pipeline;
use crate::project::pipeline::{CheckRule, Otherwise};

/// A hold when the journal does not balance to the minor unit.
pub fn check(pipeline: &Pipeline, journal: &JournalDocument) -> Option<Hold> {
    if journal.entry.is_balanced() {
        return None;
    }
    let said = consequence(pipeline, Otherwise::Stop, |rule| matches!(rule, CheckRule::DebitsEqualCredits));
    let currency = journal.entry.currency;
    let (debit, credit) = (journal.entry.total_debit(), journal.entry.total_credit());
    Some(Hold {
        code: HoldCode::Unbalanced,
        subject: format!("journal {}", journal.entry.reference),
        message: format!(
            "debits of {} {currency} do not equal credits of {} {currency}",
            debit.text(currency),
            credit.text(currency)
        ),
        remedy: "Book every earning and burden exactly once on each side under `make.journal.lines`.".to_owned(),
        place: said.place,
        otherwise: said.otherwise,
    })
}
