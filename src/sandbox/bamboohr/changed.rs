//! Who changed since a moment.

use super::answer::{Query, json, told};
use super::serve::Shared;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
struct Answer {
    latest: String,
    employees: Map,
}

/// PHP writes an empty map as an array.
#[derive(Serialize)]
#[serde(untagged)]
enum Map {
    Nobody([(); 0]),
    People(BTreeMap<String, Change>),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    id: String,
    action: &'static str,
    last_changed: String,
}

/// `GET /employees/changed?since=&type=`. A change at that very moment is counted: whether BambooHR counts it is not
/// known, and a reader must bear with both.
pub(super) async fn get(State(shared): State<Shared>, RawQuery(query): RawQuery) -> Response {
    let account = shared.account();
    let query = Query::of(query.as_deref());
    let Some(since) = since_of(&query) else {
        return told(StatusCode::BAD_REQUEST, "The since parameter is missing or is not a valid ISO 8601 date");
    };
    let wanted = query.get("type").unwrap_or("all");
    if !["inserted", "updated", "deleted", "all"].contains(&wanted) {
        return told(StatusCode::BAD_REQUEST, "The type parameter is invalid");
    }
    let living = account.facts.people.iter().zip(&account.moments).map(|(person, moments)| {
        let action = if moments.inserted == moments.changed { "Inserted" } else { "Updated" };
        (account.facts.text(person.id).to_owned(), action, moments.changed)
    });
    let deleted = account.deleted.iter().map(|(id, &moment)| (id.clone(), "Deleted", moment));
    let mut latest = since;
    let mut employees = BTreeMap::new();
    for (id, action, moment) in living.chain(deleted) {
        if moment >= since && (wanted == "all" || action.eq_ignore_ascii_case(wanted)) {
            latest = latest.max(moment);
            employees.insert(id.clone(), Change { id, action, last_changed: written(moment) });
        }
    }
    let employees = if employees.is_empty() { Map::Nobody([]) } else { Map::People(employees) };
    json(StatusCode::OK, &Answer { latest: written(latest), employees })
}

/// The moment of `since`: ISO 8601 with `Z` or an offset. An unescaped `+` arrives as a blank and is refused.
pub(super) fn since_of(query: &Query) -> Option<Timestamp> {
    query.get("since")?.parse().ok()
}

/// A moment in whole seconds, as BambooHR writes it.
pub(super) fn written(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}
