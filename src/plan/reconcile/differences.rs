//! A reason for every step at which two columns part.

use super::centres::{Books, Shown};
use super::inputs::{BookedDocument, InGp, Inputs, Phase};
use super::people::{People, Person};
use super::view::Difference;
use crate::plan::document::Scope;
use std::collections::BTreeSet;

const PEOPLE: &str = "people";
const PLAN_TO_SENT: &str = "plan to sent";
const SENT_TO_GP: &str = "sent to gp";
/// A person changed in GP what we sent.
const EDITED: &str = "edited";

/// Every difference: people first, then journals.
pub fn differences(inputs: &Inputs<'_>, now: &People, books: &Books, shown: &Shown) -> Vec<Difference> {
    let mut found = Vec::new();
    for person in now.all.values() {
        found.extend(of_person(inputs, person, shown));
    }
    for document in inputs.documents.iter().filter(|document| document.part(&inputs.plan.period.code).is_some()) {
        found.extend(of_document(document));
        found.extend(edited_accounts(document, books, shown));
    }
    found.extend(unexplained(inputs, books));
    found
}

fn of_person(inputs: &Inputs<'_>, person: &Person, shown: &Shown) -> Vec<Difference> {
    let subject = format!("employee {}", person.id);
    let difference = |code, message: String, remedy: &str| Difference {
        between: PEOPLE,
        code,
        centre: shown.name(&person.home).to_owned(),
        subject: subject.clone(),
        message,
        remedy: remedy.to_owned(),
    };
    let held = inputs.plan.holds.iter().filter(|held| held.hold.subject == subject);
    let mut found: Vec<Difference> = held
        .map(|held| {
            let code = if held.scope == Scope::Employee { "left-out" } else { "held" };
            difference(code, format!("[{}] {}", held.hold.code.code(), held.hold.message), &held.hold.remedy)
        })
        .collect();
    let suspense =
        |warning: &&crate::plan::hold::Warning| warning.code == "booked-to-suspense" && warning.subject == subject;
    found.extend(
        inputs
            .plan
            .warnings
            .iter()
            .filter(suspense)
            .map(|warning| difference("suspense", format!("booked to suspense: {}", warning.message), &warning.remedy)),
    );
    if found.is_empty() && !person.is_paid() {
        found.push(match person.hourly {
            true => difference(
                "no-hours",
                "paid by the hour, and no hours in the period".to_owned(),
                "Nothing to do if they did not work; else enter the hours in BambooHR and plan again.",
            ),
            false => difference(
                "no-cost",
                "employed in the period, and nothing to pay in it".to_owned(),
                "Look at the person's compensation and hire date in BambooHR.",
            ),
        });
    }
    found
}

fn of_document(document: &BookedDocument) -> Option<Difference> {
    let difference = |between, code, message: String, remedy: String| {
        Some(Difference { between, code, centre: String::new(), subject: document.name(), message, remedy })
    };
    let id = document.id.key();
    match document.phase {
        Phase::Held => difference(
            PLAN_TO_SENT,
            "held",
            "the journal is held".to_owned(),
            "See `ml-connector held`, resolve each reason, and plan again.".to_owned(),
        ),
        Phase::AwaitsApproval => difference(
            PLAN_TO_SENT,
            "awaits-approval",
            "the journal awaits approval".to_owned(),
            "ml-connector approve, then send.".to_owned(),
        ),
        Phase::Approved => difference(
            PLAN_TO_SENT,
            "not-sent",
            "the journal is approved and not sent yet".to_owned(),
            "ml-connector send.".to_owned(),
        ),
        Phase::Refused => difference(
            PLAN_TO_SENT,
            "refused",
            format!("GP refused the journal: {}", document.reason),
            "Mend what GP names, and plan again.".to_owned(),
        ),
        Phase::Unknown => difference(
            PLAN_TO_SENT,
            "unknown",
            format!("nobody knows whether GP holds it (document {id})"),
            "Run again: GP is read back before anything else. Never enter it by hand before.".to_owned(),
        ),
        Phase::Sent if document.known_deleted => difference(
            PLAN_TO_SENT,
            "deleted",
            "a person deleted the journal in GP; the plan books its amounts again".to_owned(),
            "Approve and send the new journal, or say in GP why it was deleted.".to_owned(),
        ),
        Phase::Sent => in_gp(document, difference),
    }
}

fn in_gp(
    document: &BookedDocument,
    difference: impl Fn(&'static str, &'static str, String, String) -> Option<Difference>,
) -> Option<Difference> {
    match &document.in_gp {
        InGp::NotAsked => None,
        InGp::Absent => difference(
            SENT_TO_GP,
            "deleted",
            "GP no longer holds the journal: a person deleted it".to_owned(),
            "Run plan: its amounts are planned again, for approval.".to_owned(),
        ),
        InGp::Held { date, .. } if *date != document.date => difference(
            SENT_TO_GP,
            EDITED,
            format!("its date is {date} in GP; {} was sent", document.date),
            "Ask who moved it; set the date back in GP if it must count in this period.".to_owned(),
        ),
        InGp::Held { .. } => None,
    }
}

/// One difference an account that a person changed in GP.
fn edited_accounts(document: &BookedDocument, books: &Books, shown: &Shown) -> Vec<Difference> {
    let held = matches!(document.in_gp, InGp::Held { .. }) && document.counts_as_sent();
    if !held {
        return Vec::new();
    }
    let changed = document.changed_in_gp();
    changed
        .iter()
        .map(|(account, amount)| {
            let (more, by) = if amount.is_negative() { ("credit", amount.abs()) } else { ("debit", *amount) };
            Difference {
                between: SENT_TO_GP,
                code: EDITED,
                centre: books.shown_centre(account, shown).to_owned(),
                subject: document.name(),
                message: format!("account {account} has {} {} more {more} in GP than was sent", by.text(document.currency), document.currency),
                remedy: "Compare the journal in GP with what was sent; put it back, or change BambooHR so that the plan follows.".to_owned(),
            }
        })
        .collect()
}

/// What is left between plan and ledger after every journal on its way: the plan is older than what was sent since.
fn unexplained(inputs: &Inputs<'_>, books: &Books) -> Option<Difference> {
    let period = &inputs.plan.period.code;
    let mut rest = books.accounts.clone();
    for document in inputs.documents.iter().filter(|document| document.phase != Phase::Sent) {
        for (account, amount) in document.part(period).into_iter().flatten() {
            rest.entry((document.currency, account.clone())).or_default()[1] += *amount;
        }
    }
    let open: BTreeSet<&str> = rest
        .iter()
        .filter(|(_, [planned, sent, _])| planned != sent)
        .map(|((_, account), _)| account.as_str())
        .collect();
    let first = open.first()?;
    let kept_back = inputs.plan.holds.iter().any(|held| held.scope == Scope::Plan);
    let (code, message, remedy) = match kept_back {
        true => (
            "held",
            "the whole plan is held, so no journal carries the rest".to_owned(),
            "See `ml-connector held`, resolve each reason, and plan again.",
        ),
        false => (
            "stale",
            "plan and ledger differ, and no journal of the plan carries the difference".to_owned(),
            "The plan is older than what was sent: plan the period again, then reconcile.",
        ),
    };
    let subject = format!("account {first}{}", if open.len() > 1 { " and others" } else { "" });
    Some(Difference { between: PLAN_TO_SENT, code, centre: String::new(), subject, message, remedy: remedy.to_owned() })
}
