//! Time-off requests: those that overlap a window, with an amount for each day.

use super::account::Account;
use super::answer::{Query, problem, streamed, told, typed};
use super::serve::Shared;
use crate::clock::Clock as _;
use crate::hr::{BalanceRow, TimeOffRow};
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Value, json};
use std::collections::BTreeMap;
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

impl Account {
    /// What a person has left of a type of time off at the end of a day, in hours.
    pub fn set_balance(&mut self, employee_id: &str, date: Date, kind: &str, hours: Decimal) {
        let facts = Arc::make_mut(&mut self.facts);
        let Some(employee) = facts.people.iter().position(|person| facts.texts.get(person.id) == employee_id) else {
            return;
        };
        let (employee, kind) = (employee as u32, facts.texts.add(kind));
        facts.balances.retain(|row| (row.employee, row.date, row.kind) != (employee, date, kind));
        facts.balances.push(BalanceRow { employee, date, kind, amount: hours, in_hours: true });
        facts.sort();
    }
}

/// `GET /employees/{id}/time_off/calculator[?end][&precision]`: of each type the newest balance that the sandbox holds by
/// that day, as text and rounded, as BambooHR writes it.
pub(super) async fn balance(
    State(shared): State<Shared>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let account = shared.account();
    let query = Query::of(query.as_deref());
    let end = match query.get("end").map(str::parse::<Date>) {
        None => account.clock.now().to_zoned(TimeZone::UTC).date(),
        Some(Ok(end)) => end,
        Some(Err(_)) => return problem(StatusCode::BAD_REQUEST, "end must be a date (YYYY-MM-DD)."),
    };
    let Ok(precision @ 0..=4) = query.get("precision").map_or(Ok(2), str::parse::<u32>) else {
        return problem(StatusCode::BAD_REQUEST, "precision must be between 0 and 4.");
    };
    let facts = Arc::clone(&account.facts);
    drop(account);
    let Some(person) = facts.people.iter().position(|person| facts.text(person.id) == id) else {
        return told(StatusCode::NOT_FOUND, "Employee not found");
    };
    let mut newest: BTreeMap<&str, &BalanceRow> = BTreeMap::new();
    for row in facts.balances.iter().filter(|row| row.employee as usize == person && row.date <= end) {
        newest.insert(facts.text(row.kind), row);
    }
    let entry = |(at, (name, row)): (usize, (&str, &BalanceRow))| {
        let balance = row.amount.round_dp_with_strategy(precision, RoundingStrategy::MidpointAwayFromZero);
        json!({
            "timeOffType": (at + 1).to_string(), "name": name, "units": if row.in_hours { "hours" } else { "days" },
            "balance": format!("{balance:.*}", precision as usize), "end": end.to_string(),
            "policyType": "accruing", "usedYearToDate": "0",
        })
    };
    let entries: Vec<Value> = newest.into_iter().enumerate().map(entry).collect();
    typed(StatusCode::OK, "application/json", Value::from(entries).to_string().into())
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
