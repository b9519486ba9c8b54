//! What is around every request and answer.

use crate::sandbox::gp::refusal::{Message, Refusals};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The envelope of every answer.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Envelope<'m, T> {
    status: Status<'m>,
    payload: T,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Status<'m> {
    code: u16,
    messages: &'m [Message],
}

pub(super) fn enveloped<T: Serialize>(status: StatusCode, messages: &[Message], payload: T) -> Response {
    let envelope = Envelope { status: Status { code: status.as_u16(), messages }, payload };
    match serde_json::to_vec(&envelope) {
        Ok(bytes) => (status, [(CONTENT_TYPE, "application/json; charset=utf-8")], bytes).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

pub(super) fn list<T: Serialize>(rows: Vec<T>) -> Response {
    enveloped(StatusCode::OK, &[], rows)
}

pub(super) fn found<T: Serialize>(row: Option<T>) -> Response {
    match row {
        Some(row) => enveloped(StatusCode::OK, &[], row),
        None => enveloped(StatusCode::NOT_FOUND, &[], Value::Null),
    }
}

pub(super) fn refused(refusals: &Refusals) -> Response {
    enveloped(StatusCode::BAD_REQUEST, refusals.messages(), Value::Null)
}

/// A request that the service itself cannot read, before GP sees it.
pub(super) fn malformed(why: &str) -> Response {
    let body =
        json!({ "Status": { "Code": 400, "Messages": [{ "Severity": "Error", "Text": why }] }, "Payload": null });
    (StatusCode::BAD_REQUEST, [(CONTENT_TYPE, "application/json; charset=utf-8")], body.to_string()).into_response()
}

/// What WCF answers where nothing listens.
pub(super) fn no_such_service() -> Response {
    let page = "<!DOCTYPE html><html><head><title>Service</title></head><body><p>Endpoint not found.</p></body></html>";
    (StatusCode::NOT_FOUND, [(CONTENT_TYPE, "text/html; charset=UTF-8")], page).into_response()
}

/// A request's envelope.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Wrapped<T> {
    pub(super) payload: T,
}
