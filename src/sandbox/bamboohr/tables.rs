//! Rows of a table, for one employee or for all of them, and their changes. BambooHR promises no order; the sandbox
//! gives the newest rows first, so that nobody relies on one.

use super::account::{Account, Table};
use super::answer::{Query, json, streamed, told};
use super::changed::since_of;
use super::edit::{Refused, columns_of_body};
use super::employees::Ids;
use super::row::{Ids as RowIds, Rows};
use super::serve::Shared;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Tables that every account has (OpenAPI, `TableName`) and that this one holds no rows of.
const EMPTY: [&str; 20] = [
    "contacts",
    "emergencyContacts",
    "dependents",
    "earnings",
    "benefit_class",
    "employeeVisas",
    "employeeEducation",
    "employeePassports",
    "employeeDriverLicenses",
    "employeeCertifications",
    "employeeStockOptions",
    "employeeAssets",
    "employeeCreditCards",
    "employeeCovidTests",
    "employeeCovidVaccinations",
    "employeeCovidVaccinationExemptions",
    "employeeCovidExposures",
    "employeeEquityGrants",
    "levelsAndBands",
    "employeeProjectPayRates",
];

fn no_such_table() -> Response {
    told(StatusCode::NOT_FOUND, "The employee or table does not exist")
}

/// `GET /employees/{id|all}/tables/{table}`.
pub(super) async fn get(State(shared): State<Shared>, ids: Path<Ids>) -> Response {
    let account = shared.account();
    let employee = if ids.id == "all" { None } else { Some(account.position(&ids.id)) };
    if employee == Some(None) {
        return no_such_table();
    }
    if let Some(kind) = payment_kind(&ids.table) {
        return payments(&account, employee.flatten(), kind);
    }
    let Some(table) = Table::named(&ids.table) else {
        let is_empty = EMPTY.contains(&ids.table.as_str());
        return if is_empty { json(StatusCode::OK, &[(); 0]) } else { no_such_table() };
    };
    let rows = Rows::of(&account, table);
    drop(account);
    let extras = if employee.is_none() { rows.extras() } else { Vec::new() };
    let (people, all) = (rows.len(), rows.len() + extras.len());
    streamed("[", "]".into(), all, move |at, out| match all - 1 - at {
        at if at >= people => out.extend_from_slice(extras[at - people].as_bytes()),
        at if employee.is_none_or(|employee| employee == Some(rows.employee(at))) => {
            // Writing to memory does not fail; a row that did would be left out whole.
            let _ = serde_json::to_writer(out, &rows.row(at, RowIds::Shown));
        }
        _ => {}
    })
}

/// What a payment of one of the two tables of payments is called in the facts.
fn payment_kind(table: &str) -> Option<&'static str> {
    match table {
        "bonus" => Some("Bonus"),
        "commission" => Some("Commission"),
        _ => None,
    }
}

/// The rows of `bonus` or `commission`.
fn payments(account: &Account, employee: Option<u32>, kind: &str) -> Response {
    let facts = &account.facts;
    let wanted = facts
        .payments
        .iter()
        .rev()
        .filter(|row| facts.text(row.kind) == kind && employee.is_none_or(|employee| employee == row.employee));
    let rows: Vec<serde_json::Value> = wanted
        .map(|row| {
            let amount = row.amount.map(|amount| amount.to_string()).unwrap_or_default();
            serde_json::json!({
                "id": facts.text(row.row_id),
                "employeeId": facts.text(facts.people[row.employee as usize].id),
                "date": row.date.to_string(),
                "amount": { "value": amount, "currency": facts.text(row.currency) },
                "reason": "", "comment": "",
            })
        })
        .collect();
    json(StatusCode::OK, &rows)
}

/// `GET /employees/changed/tables/{table}?since=`: all rows of each employee of whom anything changed.
pub(super) async fn changed(State(shared): State<Shared>, ids: Path<Ids>, RawQuery(query): RawQuery) -> Response {
    let account = shared.account();
    let Some(since) = since_of(&Query::of(query.as_deref())) else {
        return told(StatusCode::BAD_REQUEST, "The since parameter is missing or is not a valid ISO 8601 date");
    };
    let Some(table) = Table::named(&ids.table) else {
        let empty = serde_json::json!({ "table": ids.table, "employees": [] });
        let is_empty = EMPTY.contains(&ids.table.as_str()) || payment_kind(&ids.table).is_some();
        return if is_empty { json(StatusCode::OK, &empty) } else { no_such_table() };
    };
    let rows = Rows::of(&account, table);
    let mut of_person: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for at in (0..rows.len()).rev() {
        if account.moments[rows.employee(at) as usize].changed >= since {
            of_person.entry(rows.employee(at)).or_default().push(at);
        }
    }
    let people: Vec<(String, String, Vec<usize>)> =
        of_person.into_iter().map(|(p, rows)| head(&account, p, rows)).collect();
    drop(account);
    // PHP writes an empty map as an array.
    let (open, close) = if people.is_empty() { ("{\"employees\":[", "]") } else { ("{\"employees\":{", "}") };
    let tail = format!("{close},\"table\":{}}}", serde_json::json!(ids.table));
    streamed(open, tail, people.len(), move |at, out| {
        let (id, changed, of_person) = &people[at];
        let of_person: Vec<_> = of_person.iter().map(|&at| rows.row(at, RowIds::Hidden)).collect();
        let mut text = String::new();
        // Writing to memory does not fail.
        let _ = write!(text, "{}:{{\"lastChanged\":\"{changed}\",\"rows\":", serde_json::json!(id));
        out.extend_from_slice(text.as_bytes());
        let _ = serde_json::to_writer(&mut *out, &of_person);
        out.push(b'}');
    })
}

fn head(account: &Account, position: u32, rows: Vec<usize>) -> (String, String, Vec<usize>) {
    let id = account.facts.text(account.facts.people[position as usize].id).to_owned();
    (id, super::changed::written(account.moments[position as usize].changed), rows)
}

/// `POST /employees/{id}/tables/{table}`, of v1 and v1_1: adds a row. No body in the answer.
pub(super) async fn add(State(shared): State<Shared>, ids: Path<Ids>, body: Bytes) -> Response {
    edit(&shared, &ids, |account, table| {
        let columns = columns_of_body(&body)?;
        account.add_row(&ids.id, table, &columns).map(drop)
    })
}

/// `POST /employees/{id}/tables/{table}/{row}`: changes some columns of a row.
pub(super) async fn change(State(shared): State<Shared>, ids: Path<Ids>, body: Bytes) -> Response {
    edit(&shared, &ids, |account, table| {
        let columns = columns_of_body(&body)?;
        account.change_row(&ids.id, table, &ids.row, &columns)
    })
}

/// `DELETE /employees/{id}/tables/{table}/{row}`.
pub(super) async fn delete(State(shared): State<Shared>, ids: Path<Ids>) -> Response {
    edit(&shared, &ids, |account, table| account.delete_row(&ids.id, table, &ids.row))
}

fn edit(shared: &Shared, ids: &Ids, change: impl FnOnce(&mut Account, Table) -> Result<(), Refused>) -> Response {
    let Some(table) = Table::named(&ids.table) else { return no_such_table() };
    let result = change(&mut shared.account(), table);
    shared.deliver();
    match result {
        Ok(()) => StatusCode::OK.into_response(),
        Err(Refused::Malformed(message)) => told(StatusCode::BAD_REQUEST, &message),
        Err(Refused::Unknown(message)) => told(StatusCode::NOT_FOUND, &message),
        Err(Refused::Invalid(message)) => told(StatusCode::NOT_ACCEPTABLE, &message),
    }
}
