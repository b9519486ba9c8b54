//! A plan as the expectation of a story, in the words that the story uses.

use crate::plan::report::PlanReport;
use crate::project::story::Expected;
use crate::project::story_text::{Part, mapping};
use std::collections::{BTreeMap, BTreeSet};

/// The parts of `expect` that this plan gives, for those that `like` writes.
pub fn parts(like: &Expected, plan: &PlanReport) -> Vec<(&'static str, Part)> {
    let mut parts = Vec::new();
    if like.status.is_some() {
        parts.push(("status", Part::One(plan.status.clone())));
    }
    if let Some(lines) = &like.lines {
        let also: BTreeSet<&str> = lines.iter().flat_map(|line| line.also.keys().copied()).collect();
        parts.push(("lines", Part::List(lines_of(plan, &also))));
    }
    if let Some(held) = &like.held {
        let subjects = held.is_empty() || held.iter().any(|held| held.subject.is_some());
        let item = |held: &crate::plan::report::HeldReport| {
            let subject = Some(("subject", held.subject.as_str())).filter(|_| subjects);
            mapping([("code", held.code.as_str())].into_iter().chain(subject))
        };
        parts.push(("held", Part::List(plan.held.iter().map(item).collect())));
    }
    if like.warnings.is_some() {
        parts.push(("warnings", Part::List(plan.warnings.iter().map(|warning| warning.code.clone()).collect())));
    }
    if let Some(records) = &like.records {
        let fields = records.is_empty() || records.iter().any(|record| record.after.is_some());
        parts.push(("records", Part::List(records_of(plan, fields))));
    }
    parts
}

fn lines_of(plan: &PlanReport, also: &BTreeSet<&str>) -> Vec<String> {
    let mut items = Vec::new();
    for document in &plan.documents {
        for line in document.lines.iter().flatten() {
            let is_debit = line.debit.bytes().any(|digit| matches!(digit, b'1'..=b'9'));
            let side = if is_debit { ("debit", line.debit.as_str()) } else { ("credit", line.credit.as_str()) };
            let text = |value: &'_ Option<String>| value.clone().unwrap_or_default();
            let said: BTreeMap<&str, String> = [
                ("description", line.description.clone()),
                ("currency", text(&document.currency)),
                ("company", text(&document.company)),
                ("date", text(&document.date)),
                ("reverses_on", text(&document.reverses_on)),
                ("exchange_rate", text(&document.exchange_rate)),
                ("exchange_date", text(&document.exchange_date)),
                ("replaces", text(&document.replaces)),
            ]
            .into();
            let said = said.iter().filter(|(what, text)| also.contains(**what) && !text.is_empty());
            let pairs = [("account", line.account.as_str()), side].into_iter();
            items.push(mapping(pairs.chain(said.map(|(what, text)| (*what, text.as_str())))));
        }
    }
    items
}

fn records_of(plan: &PlanReport, fields: bool) -> Vec<String> {
    let records = plan.documents.iter().filter_map(|document| Some((document.key.as_ref()?, document)));
    let item = |(key, document): (&String, &crate::plan::report::DocumentReport)| {
        let action = document.action.as_deref().unwrap_or_default();
        let head = mapping([("key", key.as_str()), ("action", action)]);
        let after: Vec<(&str, &str)> =
            document.after.iter().flatten().map(|(field, text)| (field.as_str(), text.as_str())).collect();
        match fields && !after.is_empty() {
            true => format!("{}, after: {} }}", head.trim_end_matches(" }"), mapping(after)),
            false => head,
        }
    };
    records.map(item).collect()
}
