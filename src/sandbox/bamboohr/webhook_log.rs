//! What became of each delivery: the log of a webhook, as BambooHR shows it for 14 days and 200 entries.

use super::answer::json;
use super::employees::Ids;
use super::serve::Shared;
use super::webhooks::{no_webhook, written};
use crate::clock::Clock;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json as value};

const KEPT: SignedDuration = SignedDuration::from_hours(14 * 24);
const LARGEST: usize = 200;
/// BambooHR's word in the place of a moment (OpenAPI, `/webhooks/{id}/log`).
const NEVER: &str = "Webhook Not Found";

/// One delivery of a webhook.
#[derive(Debug)]
pub(super) struct Logged {
    /// Which one: a repetition is the same.
    number: u64,
    employee_id: String,
    attempted: Timestamp,
    succeeded: Option<Timestamp>,
    /// What the customer's address answered; `None` where it did not.
    status: Option<u16>,
}

/// Notes an attempt, in the place of the one before it of the same delivery.
pub(super) fn note(log: &mut Vec<Logged>, number: u64, employee_id: &str, status: Option<u16>, now: Timestamp) {
    let succeeded = status.filter(|status| (200..300).contains(status)).map(|_| now);
    log.retain(|logged| logged.number != number);
    log.push(Logged { number, employee_id: employee_id.to_owned(), attempted: now, succeeded, status });
}

/// `GET /webhooks/{id}/log`: the newest first.
pub(super) async fn get(State(shared): State<Shared>, ids: Path<Ids>) -> Response {
    let account = shared.account();
    let now = account.clock.now();
    let Some((log, url, format)) = account.webhooks.log_of(&ids.id) else { return no_webhook(&ids.id) };
    let is_shown = |logged: &&Logged| now.duration_since(logged.attempted) <= KEPT;
    let entries: Vec<Value> = log
        .iter()
        .rev()
        .filter(is_shown)
        .take(LARGEST)
        .map(|logged| {
            value!({
                "webhookId": ids.id, "url": url, "lastAttempted": written(logged.attempted),
                "lastSuccess": logged.succeeded.map_or_else(|| NEVER.to_owned(), written),
                "statusCode": logged.status.map(|status| status.to_string()).unwrap_or_default(),
                "format": format, "employeeIds": [logged.employee_id],
            })
        })
        .collect();
    json(StatusCode::OK, &entries)
}
