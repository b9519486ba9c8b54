//! The pack, put together.

use super::centres::{Books, Shown, amount_columns, rows};
use super::checklist::checklist;
use super::differences::differences;
use super::inputs::{BookedDocument, InGp, Inputs};
use super::movements::{Hourly, movements};
use super::people::People;
use super::view::{DocumentRow, ItemState, Reconciliation};
use crate::ledger::Minor;

/// Reconciles one period. Pure: the same inputs give the same pack.
pub fn reconcile(inputs: &Inputs<'_>) -> Reconciliation {
    let period = &inputs.plan.period;
    let mut now = People::of(inputs.pipeline, inputs.pay, period, inputs.facts);
    let previous = inputs.pipeline.calendar.before(period);
    let mut before = previous.as_ref().map(|month| People::of(inputs.pipeline, inputs.pay, month, inputs.facts));
    let shown = Shown::new(&now, before.as_ref(), inputs.hide_single);
    let books = Books::of(inputs, &mut now, before.as_mut());
    let differences = differences(inputs, &now, &books, &shown);
    let (centres, total) = rows(inputs, &now, &books, &shown, &differences);
    let mut notes = Vec::new();
    let hourly = match &before {
        Some(before) if before.lacks_hours(inputs.facts) => Hourly::LeftOut,
        _ => Hourly::Compared,
    };
    let (moved, overall) =
        before.as_ref().map_or_else(Default::default, |before| movements(&now, before, &shown, hourly));
    if let (Hourly::LeftOut, Some(before)) = (hourly, &before) {
        let count = now.all.values().filter(|person| person.hourly).count();
        notes.push(format!(
            "The hours of {} are not among the plan's facts, so who is paid by the hour ({count}) is left out of what moved.",
            before.period.code
        ));
    }
    let checklist = checklist(inputs, &differences);
    if centres.iter().any(|row| row.single_person)
        || moved.iter().chain(&overall).any(|movement| movement.single_person)
    {
        let note = match shown.hides_single {
            true => "What is marked * is one person's: its amounts are left out.",
            false => "Amounts marked * are those of a single person; --hide-single rolls them into `others`.",
        };
        notes.push(note.to_owned());
    }
    if !shown.left_out.is_empty() {
        let codes: Vec<&str> = shown.left_out.iter().map(|currency| currency.code()).collect();
        notes.push(format!("Amounts in {} are left out: one person alone is paid in it.", codes.join(", ")));
    }
    Reconciliation {
        pipeline: inputs.plan.pipeline.clone(),
        period: period.code.0.clone(),
        period_name: period.name.clone(),
        previous: previous.map(|month| month.code.0),
        plan_id: inputs.plan_id.to_owned(),
        generation: inputs.plan.generation.clone(),
        proven: inputs.proven,
        gp_asked: inputs.gp_asked,
        agrees: checklist.iter().all(|item| item.state != ItemState::Open),
        amounts: amount_columns(inputs).into_iter().map(|(name, _)| name).collect(),
        centres,
        total,
        accounts: books.account_rows(&shown),
        documents: inputs.documents.iter().map(|document| document_row(document, &shown)).collect(),
        differences,
        hourly_compared: hourly == Hourly::Compared,
        movements: moved,
        overall,
        notes,
        checklist,
    }
}

fn document_row(document: &BookedDocument, shown: &Shown) -> DocumentRow {
    let debit: Minor = document.nets.values().copied().filter(|amount| !amount.is_negative()).sum();
    // Whose pay a correction changed is not known here; it may be one person's.
    let hidden = shown.left_out.contains(&document.currency) || (shown.hides_single && document.corrects());
    let in_gp = match &document.in_gp {
        _ if document.known_deleted => "deleted",
        InGp::NotAsked => "",
        InGp::Absent => "deleted",
        InGp::Held { date, .. } if *date != document.date || !document.changed_in_gp().is_empty() => "edited",
        InGp::Held { posted: true, .. } => "posted",
        InGp::Held { posted: false, .. } => "unposted",
    };
    DocumentRow {
        document_id: document.id.to_string(),
        journal_number: document.journal_number,
        role: document.role.clone(),
        periods: document.by_period.keys().map(|code| code.0.clone()).collect(),
        batch: document.batch.clone(),
        date: document.date.to_string(),
        currency: document.currency.code().to_owned(),
        debit: (!hidden).then(|| debit.text(document.currency)),
        state: document.phase.word().to_owned(),
        in_gp: in_gp.to_owned(),
    }
}
