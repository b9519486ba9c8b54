//! The fiscal period of the journal's date is open for the Financial series: GP's errors 7117, 7118 and 596.

use super::consequence;
use crate::hr::Period;
use crate::plan::document::JournalDocument;
use crate::plan::facts::Facts;
use crate::plan::fiscal::{Openness, closed_on, openness};
use crate::plan::hold::{Hold, HoldCode};
use crate::project::Pipeline;
use crate::project::pipeline::{CheckRule, Otherwise};
use jiff::civil::Date;

/// A hold when GP would refuse the date. The date itself is never moved.
pub fn check(pipeline: &Pipeline, facts: &Facts, journal: &JournalDocument) -> Option<Hold> {
    let said = consequence(pipeline, Otherwise::Hold, |rule| matches!(rule, CheckRule::PeriodIsOpen));
    if !facts.is_provided("periods") {
        return None;
    }
    let (code, message, remedy) = words(facts, journal.entry.date)?;
    Some(Hold { code, subject: subject(facts, journal), message, remedy, place: said.place, otherwise: said.otherwise })
}

/// The fiscal period that is closed. Where pay periods are months it is called as they are; an accrual and other pay periods
/// are not what anybody opens in GP.
fn subject(facts: &Facts, journal: &JournalDocument) -> String {
    let date = journal.entry.date;
    match closed_on(facts, date).filter(|_| Period::month_of(date).code != journal.booked_in) {
        Some(closed) => format!("fiscal period {}-{:02}", closed.year, closed.number),
        None => format!("period {}", journal.booked_in),
    }
}

/// What is wrong with `date`, if anything: also asked again right before sending.
pub fn words(facts: &Facts, date: Date) -> Option<(HoldCode, String, String)> {
    let (found, company) = openness(facts, date);
    let of = if company.is_empty() { String::new() } else { format!(" of {company}") };
    match found {
        Openness::Open => None,
        Openness::Closed => Some((
            HoldCode::PeriodClosed,
            format!("the fiscal period{of} of {date} is closed for the Financial series"),
            "Open the period in GP (Fiscal Periods Setup, Financial), or book the month by hand.".to_owned(),
        )),
        Openness::Missing => Some((
            HoldCode::PeriodMissing,
            format!("{date} lies in no fiscal period{of} of the Financial series"),
            "Set up the fiscal year in GP, or correct the date template.".to_owned(),
        )),
    }
}
