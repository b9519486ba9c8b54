//! What a close still needs: one line an item.

use super::inputs::{BookedDocument, InGp, Inputs, Phase};
use super::view::{Difference, Item, ItemState};
use crate::plan::fiscal::{Openness, openness};

/// Every item, in the order of a close.
pub fn checklist(inputs: &Inputs<'_>, differences: &[Difference]) -> Vec<Item> {
    let own: Vec<&BookedDocument> =
        inputs.documents.iter().filter(|document| document.part(&inputs.plan.period.code).is_some()).collect();
    let corrections: Vec<&BookedDocument> =
        inputs.documents.iter().filter(|document| document.part(&inputs.plan.period.code).is_none()).collect();
    vec![
        people(differences),
        holds(inputs),
        in_phase(&own, "journal approved", &[Phase::Held, Phase::AwaitsApproval], "ml-connector approve"),
        sent(&own, differences),
        in_phase(&own, "no unknown outcome", &[Phase::Unknown], "run again: GP is read back before anything else"),
        agrees_in_gp(inputs, differences),
        posted(inputs, &own),
        period_open(inputs, &own),
        in_phase(
            &corrections,
            "corrections of earlier periods sent",
            &[Phase::Held, Phase::AwaitsApproval, Phase::Approved, Phase::Refused, Phase::Unknown],
            "look at each (`ml-connector plan`), then approve and send",
        ),
        proven(inputs),
        audit(inputs),
    ]
}

fn item(state: ItemState, what: &str, detail: impl Into<String>) -> Item {
    Item { state, what: what.to_owned(), detail: detail.into() }
}

fn people(differences: &[Difference]) -> Item {
    let unresolved =
        differences.iter().filter(|difference| matches!(difference.code, "held" | "left-out" | "suspense"));
    let mut subjects: Vec<&str> = unresolved
        .filter(|difference| difference.between == "people")
        .map(|difference| difference.subject.as_str())
        .collect();
    subjects.dedup();
    let what = "every person resolved";
    match subjects.as_slice() {
        [] => item(ItemState::Done, what, ""),
        [only] => item(ItemState::Open, what, format!("{only}: see the differences")),
        [first, ..] => {
            item(ItemState::Open, what, format!("{first} and {} more: see the differences", subjects.len() - 1))
        }
    }
}

fn holds(inputs: &Inputs<'_>) -> Item {
    let what = "no hold open";
    // A hold that approval releases is settled once its documents are sent.
    let settled = |held: &crate::plan::document::Held| {
        let documents = held.scope.documents();
        !documents.is_empty()
            && documents.iter().all(|at| {
                let id = &inputs.plan.documents[*at].id;
                inputs.documents.iter().any(|document| document.id == *id && document.phase == Phase::Sent)
            })
    };
    let open = inputs.plan.holds.iter().filter(|held| !settled(held)).count();
    match open {
        0 => item(ItemState::Done, what, ""),
        count => item(ItemState::Open, what, format!("{count} open: `ml-connector held` says what to do")),
    }
}

/// Done unless a document is in one of `open`.
fn in_phase(documents: &[&BookedDocument], what: &str, open: &[Phase], remedy: &str) -> Item {
    let waiting = documents.iter().filter(|document| open.contains(&document.phase));
    let names: Vec<String> =
        waiting.map(|document| format!("{} ({})", document.name(), document.phase.word())).collect();
    if names.is_empty() {
        return item(ItemState::Done, what, "");
    }
    item(ItemState::Open, what, format!("{}: {remedy}", names.join(", ")))
}

fn sent(own: &[&BookedDocument], differences: &[Difference]) -> Item {
    let what = "everything sent";
    let open = differences.iter().find(|difference| difference.between == "plan to sent");
    if let Some(open) = open {
        return item(ItemState::Open, what, format!("{}: {}", open.subject, open.message));
    }
    let sent: Vec<String> =
        own.iter().filter(|document| document.counts_as_sent()).map(|document| document.name()).collect();
    item(ItemState::Done, what, sent.join(", "))
}

fn agrees_in_gp(inputs: &Inputs<'_>, differences: &[Difference]) -> Item {
    let what = "GP holds what was sent";
    if !inputs.gp_asked {
        return item(ItemState::Note, what, "GP was not asked (--offline)");
    }
    match differences.iter().find(|difference| difference.between == "sent to gp") {
        None => item(ItemState::Done, what, ""),
        Some(open) => item(ItemState::Open, what, format!("{}: {}", open.subject, open.message)),
    }
}

/// Posting is for people in GP: an unposted journal keeps nothing open here.
fn posted(inputs: &Inputs<'_>, own: &[&BookedDocument]) -> Item {
    let what = "posted in GP";
    if !inputs.gp_asked {
        return item(ItemState::Note, what, "GP was not asked (--offline)");
    }
    let unposted: Vec<String> = own
        .iter()
        .filter(|document| matches!(document.in_gp, InGp::Held { posted: false, .. }))
        .map(|document| format!("{} in batch {}", document.name(), document.batch))
        .collect();
    if !unposted.is_empty() {
        return item(ItemState::Note, what, format!("unposted: {}: post it in GP", unposted.join(", ")));
    }
    let any = own.iter().any(|document| matches!(document.in_gp, InGp::Held { .. }));
    if any { item(ItemState::Done, what, "") } else { item(ItemState::Note, what, "nothing is in GP") }
}

fn period_open(inputs: &Inputs<'_>, own: &[&BookedDocument]) -> Item {
    let what = "period open in GP";
    let waiting = own.is_empty() || own.iter().any(|document| !document.counts_as_sent());
    let when = "when it was planned";
    match openness(inputs.facts, inputs.plan.period.last_day).0 {
        _ if !inputs.facts.is_provided("periods") => item(ItemState::Note, what, "nobody provides the calendar"),
        Openness::Open => item(ItemState::Done, what, format!("open {when}")),
        Openness::Closed if !waiting => item(ItemState::Done, what, format!("closed {when}, and nothing waits for it")),
        Openness::Closed => {
            item(ItemState::Open, what, format!("closed {when}: open it, or let it be corrected later"))
        }
        Openness::Missing => item(ItemState::Open, what, "GP's calendar has no such period: create it in GP"),
    }
}

fn proven(inputs: &Inputs<'_>) -> Item {
    let what = "plan made again from its stored inputs";
    match inputs.proven {
        true => item(ItemState::Done, what, "the same, byte for byte"),
        false => item(ItemState::Open, what, "NOT the same: `ml-connector replay --as-it-was` shows where"),
    }
}

fn audit(inputs: &Inputs<'_>) -> Item {
    let what = "audit trail whole";
    match inputs.audit_break {
        None => item(ItemState::Done, what, ""),
        Some(row) => item(ItemState::Open, what, format!("broken at row {row}: compare the store with a backup")),
    }
}
