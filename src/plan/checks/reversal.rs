//! The day on which GP reverses an accrual lies in a fiscal year: GP's error 8688. That its period is still closed keeps
//! nothing back: GP needs it open when the journal is posted, not when it is entered.

use crate::plan::document::JournalDocument;
use crate::plan::facts::Facts;
use crate::plan::fiscal::{Openness, openness};
use crate::plan::hold::{Hold, HoldCode, Warning};
use crate::project::pipeline::Otherwise;

/// A hold when GP would refuse the reversing date.
pub fn check(facts: &Facts, journal: &JournalDocument) -> Option<Hold> {
    let day = journal.entry.reverses_on?;
    let (found, company) = openness(facts, day);
    let missing = facts.is_provided("periods") && found == Openness::Missing;
    let of = if company.is_empty() { String::new() } else { format!(" of {company}") };
    missing.then(|| Hold {
        code: HoldCode::ReversalPeriodMissing,
        subject: format!("period {}", journal.booked_in),
        message: format!("GP would reverse it on {day}, which lies in no fiscal period{of} of the Financial series"),
        remedy: "Set up the fiscal year of that day in GP, then plan again.".to_owned(),
        place: None,
        otherwise: Otherwise::Hold,
    })
}

/// The warning for a reversal into a period that is not open yet.
pub fn warning(facts: &Facts, journal: &JournalDocument) -> Option<Warning> {
    let day = journal.entry.reverses_on?;
    let closed = facts.is_provided("periods") && openness(facts, day).0 == Openness::Closed;
    closed.then(|| Warning {
        code: "reversal-period-closed",
        subject: format!("period {}", journal.booked_in),
        message: format!("the fiscal period of {day}, on which GP reverses it, is closed for the Financial series"),
        remedy: "Open it in GP before the batch is posted, or GP cannot post the reversal.".to_owned(),
    })
}
