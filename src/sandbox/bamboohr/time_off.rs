//! Time-off requests: those that overlap a window, with an amount for each day.

use super::answer::{Query, problem, streamed};
use super::serve::Shared;
use crate::hr::TimeOffRow;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use std::sync::Arc;

/// `GET /time_off/requests?start&end[&status]`. Every request that the sandbox holds is approved and of one day.
pub(super) async fn get(State(shared): State<Shared>, RawQuery(query): RawQuery) -> Response {
    let account = shared.account();
    let query = Query::of(query.as_deref());
    let date = |name: &str| query.get(name).filter(|text| text.len() == 10).and_then(|text| text.parse::<Date>().ok());
    let (Some(start), Some(end)) = (date("start"), date("end")) else {
        return problem(StatusCode::BAD_REQUEST, "start and end are required and must be dates (YYYY-MM-DD).");
    };
    let statuses = ["approved", "denied", "superceded", "requested", "canceled"];
    let wanted: Vec<&str> = query.get("status").map_or_else(|| vec!["approved"], |list| list.split(',').collect());
    if wanted.iter().any(|status| !statuses.contains(status)) {
        return problem(StatusCode::BAD_REQUEST, "status must be approved, denied, superceded, requested or canceled.");
    }
    let facts = Arc::clone(&account.facts);
    let is_wanted = |row: &TimeOffRow| (start..=end).contains(&row.date) && wanted.contains(&"approved");
    let rows: Vec<u32> = (0..).zip(&facts.time_off).filter(|(_, row)| is_wanted(row)).map(|(at, _)| at).collect();
    drop(account);
    streamed("[", "]".into(), rows.len(), move |at, out| {
        let row = &facts.time_off[rows[at] as usize];
        let (day, unit) = (row.date.to_string(), if row.in_hours { "hours" } else { "days" });
        let request = json!({
            "id": number(facts.text(row.row_id)),
            "employeeId": number(facts.text(facts.people[row.employee as usize].id)),
            "name": "", "start": day, "end": day, "created": day,
            "status": { "lastChanged": day, "lastChangedByUserId": 1, "status": "approved" },
            "type": { "id": 1, "name": facts.text(row.kind), "icon": "palm-trees" },
            "amount": { "unit": unit, "amount": exact(row.amount) },
            "actions": { "view": true, "edit": false, "cancel": false, "approve": false, "deny": false, "bypass": false },
            "dates": { (day.as_str()): exact(row.amount) },
        });
        // Writing to memory does not fail.
        let _ = serde_json::to_writer(out, &request);
    })
}

fn number(id: &str) -> Value {
    id.parse::<u64>().map_or_else(|_| Value::from(id), Value::from)
}

/// A number where whole, text as recorded answers have it elsewhere: no digit goes by way of a binary fraction.
fn exact(amount: Decimal) -> Value {
    let whole = amount.normalize();
    i64::try_from(whole)
        .ok()
        .filter(|number| Decimal::from(*number) == whole)
        .map_or_else(|| Value::from(amount.to_string()), Value::from)
}
