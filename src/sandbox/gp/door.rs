//! What people do at GP's own windows, over HTTP, for whoever plays with `ml-connector sandbox`.
//!
//! `POST /sandbox/<what>` with a flat JSON object, under the same sign-in as everything else; docs/gp.md lists them.

use super::journals::Journal;
use super::server::Shared;
use crate::ledger::Series;
use crate::sandbox::faults::Fault;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::Duration;

/// The door's address.
pub const PATH: &str = "/sandbox/";

/// What somebody does. The name of each is the last step of its address.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
enum Deed {
    ClosePeriod { date: Date, series: Option<String> },
    ReopenPeriod { date: Date, series: Option<String> },
    CloseYear { year: i16 },
    MarkBatch { batch: String },
    ApproveBatch { batch: String },
    PostBatch { batch: String },
    DeleteJournal { number: u32 },
    EditJournal { number: u32, reference: Option<String>, description: Option<String> },
    DeactivateAccount { account: String },
    AddEmployeeCode { member: String, code: String },
    BatchPrefix { prefix: String },
    Fault { place: String, fault: FaultName, status: Option<u16>, delay_ms: Option<u64>, times: Option<u32> },
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum FaultName {
    Answer,
    AnswerAfter,
    Delay,
    CutBefore,
    CutAfter,
    CutHalfway,
    Silence,
    SilenceAfter,
    Clear,
}

/// Answers one request to the door.
pub(super) fn answer(shared: &Shared, method: &Method, path: &str, body: &[u8]) -> Response {
    let what = path.strip_prefix(PATH).unwrap_or_default();
    if *method == Method::GET && what == "journals" {
        let journals: Vec<Value> = shared.company().ledger.all().map(shown).collect();
        return said(StatusCode::OK, &json!({ "journals": journals }));
    }
    if *method == Method::GET && what == "requests" {
        return said(StatusCode::OK, &json!({ "requests": shared.faults.requests() }));
    }
    if *method != Method::POST {
        return said(
            StatusCode::METHOD_NOT_ALLOWED,
            &json!({ "error": "POST to a deed, or GET journals or requests" }),
        );
    }
    let read = serde_json::from_slice::<Value>(body).and_then(|body| serde_json::from_value(json!({ what: body })));
    match read {
        Ok(deed) => done(shared, deed),
        Err(error) => said(StatusCode::BAD_REQUEST, &json!({ "error": error.to_string() })),
    }
}

fn done(shared: &Shared, deed: Deed) -> Response {
    let series = |name: Option<String>| Series::new(name.as_deref().unwrap_or("Financial"));
    let mut company = shared.company();
    let count = match deed {
        Deed::ClosePeriod { date, series: name } => company.calendar.set_closed(date, &series(name), true),
        Deed::ReopenPeriod { date, series: name } => company.calendar.set_closed(date, &series(name), false),
        Deed::CloseYear { year } => {
            company.close_year(year);
            1
        }
        Deed::MarkBatch { batch } => {
            company.batches.open(&batch).marked_to_post = true;
            1
        }
        Deed::ApproveBatch { batch } => {
            company.batches.open(&batch).approved = true;
            1
        }
        Deed::PostBatch { batch } => company.post_batch(&batch).len(),
        Deed::DeleteJournal { number } => usize::from(company.delete_journal(number)),
        Deed::EditJournal { number, reference, description } => usize::from(company.edit_journal(number, |journal| {
            if let Some(reference) = reference {
                journal.reference = reference;
            }
            if let (Some(description), Some(line)) = (description, journal.lines.first_mut()) {
                line.description = description;
            }
        })),
        Deed::DeactivateAccount { account } => {
            let account = company.chart.account_mut(&account);
            usize::from(account.map(|account| account.active = false).is_some())
        }
        Deed::AddEmployeeCode { member, code } => usize::from(company.employees.add_code(&member, &code)),
        Deed::BatchPrefix { prefix } => {
            company.batches.prefix = prefix;
            1
        }
        Deed::Fault { place, fault, status, delay_ms, times } => {
            let status = status.unwrap_or(500);
            let answer = |after: bool| match (after, Fault::status(status)) {
                (true, Fault::Answer { status, headers, body }) => Fault::AnswerAfter { status, headers, body },
                (_, fault) => fault,
            };
            let fault = match fault {
                FaultName::Answer => answer(false),
                FaultName::AnswerAfter => answer(true),
                FaultName::Delay => Fault::Delay(Duration::from_millis(delay_ms.unwrap_or(1000))),
                FaultName::CutBefore => Fault::CutBefore,
                FaultName::CutAfter => Fault::CutAfter,
                FaultName::CutHalfway => Fault::CutHalfway,
                FaultName::Silence => Fault::Silence,
                FaultName::SilenceAfter => Fault::SilenceAfter,
                FaultName::Clear => {
                    shared.faults.clear();
                    return said(StatusCode::OK, &json!({ "changed": 0 }));
                }
            };
            shared.faults.times(times.unwrap_or(1), &place, fault);
            1
        }
    };
    let status = if count == 0 { StatusCode::NOT_FOUND } else { StatusCode::OK };
    said(status, &json!({ "changed": count }))
}

fn shown(journal: &Journal) -> Value {
    json!({
        "number": journal.number, "date": journal.date.to_string(), "batch": journal.batch,
        "reference": journal.reference, "reversesOn": journal.reverses_on.map(|day| day.to_string()), "currency": journal.currency,
        "exchangeRate": journal.exchange.map(|(rate, _)| rate.to_string()), "exchangeDate": journal.exchange.map(|(_, day)| day.to_string()), "state": journal.state.word(),
        "lines": journal.lines.iter().map(|line| json!({
            "account": line.account, "description": line.description,
            "debit": line.debit.to_string(), "credit": line.credit.to_string(),
        })).collect::<Vec<_>>(),
    })
}

fn said(status: StatusCode, body: &Value) -> Response {
    (status, [("content-type", "application/json")], format!("{body}\n")).into_response()
}
