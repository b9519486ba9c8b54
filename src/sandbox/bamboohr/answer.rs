//! Answers in the forms that BambooHR gives them.

use axum::body::{Body, Bytes};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::convert::Infallible;

/// A streamed list leaves in pieces of about this many bytes.
const PIECE: usize = 64 << 10;

/// A value as JSON.
pub(super) fn json(status: StatusCode, value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(bytes) => typed(status, "application/json", bytes.into()),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// A body of this content type.
pub(super) fn typed(status: StatusCode, kind: &'static str, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

/// A JSON list of `count` items between `head` and `tail`, made while it leaves: `write` appends item `n` to the
/// buffer, or nothing to leave it out. What `write` owns is a snapshot, so that a change in between does not show.
pub(super) fn streamed(
    head: &'static str,
    tail: String,
    count: usize,
    mut write: impl FnMut(usize, &mut Vec<u8>) + Send + 'static,
) -> Response {
    let mut next = 0;
    let mut is_first = true;
    let mut tail = Some(tail);
    let pieces = std::iter::from_fn(move || {
        tail.as_ref()?;
        let mut piece = Vec::with_capacity(PIECE + 1024);
        if next == 0 {
            piece.extend_from_slice(head.as_bytes());
        }
        while next < count && piece.len() < PIECE {
            let before = piece.len();
            if !is_first {
                piece.push(b',');
            }
            let begin = piece.len();
            write(next, &mut piece);
            if piece.len() == begin {
                piece.truncate(before);
            } else {
                is_first = false;
            }
            next += 1;
        }
        if next == count {
            piece.extend_from_slice(tail.take().unwrap_or_default().as_bytes());
        }
        Some(Ok::<Bytes, Infallible>(piece.into()))
    });
    typed(StatusCode::OK, "application/json", Body::from_stream(futures_util::stream::iter(pieces)))
}

/// A refusal with its reason in a header and an empty body. Recorded answers carry the header in both spellings.
pub(super) fn told(status: StatusCode, message: &str) -> Response {
    let mut response = typed(status, "text/html; charset=utf-8", Body::empty());
    if let Ok(message) = HeaderValue::from_str(message) {
        response.headers_mut().insert("x-bamboohr-error-message", message.clone());
        response.headers_mut().insert("x-bamboohr-error-messsage", message);
    }
    response
}

/// List Employees' form: `{"error":{"code":"BadRequest","message":…}}`.
pub(super) fn coded(status: StatusCode, code: &str, message: &str) -> Response {
    json(status, &serde_json::json!({ "error": { "code": code, "message": message } }))
}

/// The timesheets' form: RFC 7807.
pub(super) fn problem(status: StatusCode, detail: &str) -> Response {
    let title = status.canonical_reason().unwrap_or_default();
    let body =
        serde_json::json!({ "type": "about:blank", "title": title, "status": status.as_u16(), "detail": detail });
    json(status, &body)
}

/// The pairs of a query.
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    pub(super) fn of(query: Option<&str>) -> Query {
        Query(url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect())
    }

    /// The value of `name`; of a repeated one the last, as PHP keeps it.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }
}
