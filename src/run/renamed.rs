//! Journals that a pipeline sent which the project no longer has: most likely it is called otherwise now, and the same months
//! would be booked once more.

use super::systems::{RunError, Systems};
use crate::hr::Period;
use crate::plan::desire::ledger_of;
use crate::plan::facts::{Facts, Notice};
use crate::project::{Generation, Pipeline};
use std::collections::BTreeMap;

/// What such pipelines sent of the planned period, or of those before it. Nothing, once this one has sent the period itself.
///
/// # Errors
/// What the store gives.
pub(super) async fn sent_by_another(
    systems: &Systems,
    generation: &Generation,
    pipeline: &Pipeline,
    period: &Period,
    facts: &Facts,
) -> Result<Vec<Notice>, RunError> {
    if facts.sent.iter().any(|line| line.period == period.code) {
        return Ok(Vec::new());
    }
    let mut earlier: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut notices = Vec::new();
    for (ledger, sent) in systems.store.periods_sent().await? {
        if generation.pipelines.iter().any(|known| known.name == ledger || ledger_of(known) == ledger) {
            continue;
        }
        if sent == period.code {
            notices.push(Notice {
                code: "sent-by-another",
                subject: format!("period {sent}"),
                message: format!("a journal of {sent} was sent by the pipeline {ledger}, which is gone from the project"),
                remedy: format!(
                    "If {ledger} is called {} now, give it its name back: what was sent is known by it. Approve this only if \
                     it books something else.",
                    pipeline.name
                ),
            });
        } else {
            earlier.entry(ledger).or_default().push(sent.0);
        }
    }
    notices.extend(earlier.into_iter().map(|(ledger, periods)| Notice {
        code: "sent-by-another",
        subject: format!("pipeline {ledger}"),
        message: format!("it sent {}, and is gone from the project: changes there are not corrected", span(&periods)),
        remedy: format!("If {ledger} is called {} now, give it its name back.", pipeline.name),
    }));
    Ok(notices)
}

/// `2013-01 to 2013-11`; they are in order.
fn span(periods: &[String]) -> String {
    match periods {
        [first, .., last] => format!("{first} to {last}"),
        _ => periods.concat(),
    }
}
