//! Faults on demand: what a network, a proxy or an overloaded server does to a request, between the wire and a
//! sandboxed system. The system itself stays honest; only what reaches it, or what comes back, goes wrong.

use super::server::Connection;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use percent_encoding::percent_decode_str;
use serde_json::Value;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// One thing that goes wrong with one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// This answer instead of the system's; the system never sees the request.
    Answer { status: u16, headers: Vec<(String, String)>, body: String },
    /// The system handles the request; the caller gets this answer instead of its own.
    AnswerAfter { status: u16, headers: Vec<(String, String)>, body: String },
    /// The answer comes this much later, in real time.
    Delay(Duration),
    /// The connection is cut before the system sees the request.
    CutBefore,
    /// The system handles the request, then the connection is cut: the answer is lost.
    CutAfter,
    /// The system handles the request; the connection is cut in the middle of the answer's body.
    CutHalfway,
    /// Nothing is handled and nothing is answered; the connection stays open.
    Silence,
    /// The system handles the request; nothing is answered and the connection stays open.
    SilenceAfter,
    /// The system sees the request twice, as from a repeating proxy; the caller gets the second answer.
    Duplicate,
    /// Every JSON key of this name is missing from the answer.
    DropField(String),
}

impl Fault {
    /// `status` with an empty body.
    pub fn status(status: u16) -> Fault {
        Fault::Answer { status, headers: Vec::new(), body: String::new() }
    }

    /// `status` with a `Retry-After` header: seconds or an HTTP date.
    pub fn retry_after(status: u16, when: &str) -> Fault {
        Fault::Answer { status, headers: vec![("Retry-After".into(), when.into())], body: String::new() }
    }

    /// A gateway's web page with status 200 where JSON was asked for.
    pub fn html() -> Fault {
        Fault::Answer {
            status: 200,
            headers: vec![("Content-Type".into(), "text/html; charset=utf-8".into())],
            body: "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in.</body></html>".into(),
        }
    }
}

/// The faults that wait for requests, and the list of the requests that came. Clones share both.
#[derive(Clone, Debug, Default)]
pub struct Faults(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    inner: Mutex<Inner>,
    /// Told after each request.
    came: Condvar,
}

#[derive(Debug, Default)]
struct Inner {
    waiting: Vec<Waiting>,
    requests: Vec<String>,
}

#[derive(Debug)]
struct Waiting {
    place: String,
    /// `None`: until cleared.
    left: Option<u32>,
    fault: Fault,
}

impl Faults {
    /// The next request to `place` meets `fault`.
    ///
    /// `place` is the beginning of a path (`/api/v1/employees`), with a method before it where only that is meant
    /// (`POST /api`). Paths are compared decoded, with their query.
    pub fn next(&self, place: &str, fault: Fault) {
        self.times(1, place, fault);
    }

    /// The next `times` requests to `place` meet `fault`. Faults of one place are met in the order they were set.
    pub fn times(&self, times: u32, place: &str, fault: Fault) {
        self.inner().waiting.push(Waiting { place: place.to_owned(), left: Some(times), fault });
    }

    /// Every request to `place` meets `fault`, after those that were set before, until [`Faults::clear`].
    pub fn always(&self, place: &str, fault: Fault) {
        self.inner().waiting.push(Waiting { place: place.to_owned(), left: None, fault });
    }

    /// Nothing goes wrong from now on.
    pub fn clear(&self) {
        self.inner().waiting.clear();
    }

    /// The requests so far, as `GET /path?query` (decoded), in the order they came.
    pub fn requests(&self) -> Vec<String> {
        self.inner().requests.clone()
    }

    /// How many requests to `place` came so far.
    pub fn count(&self, place: &str) -> usize {
        self.inner().requests.iter().filter(|request| matches(request, place)).count()
    }

    /// Blocks until `times` requests to `place` have come, so that a test waits for what happens and not for time.
    /// `false` when they do not come within `patience`.
    pub fn wait_for(&self, times: usize, place: &str, patience: Duration) -> bool {
        let fewer = |inner: &mut Inner| inner.requests.iter().filter(|came| matches(came, place)).count() < times;
        let waited = self.0.came.wait_timeout_while(self.inner(), patience, fewer);
        !waited.unwrap_or_else(PoisonError::into_inner).1.timed_out()
    }

    fn meet(&self, request: String) -> Option<Fault> {
        let mut inner = self.inner();
        let at = inner.waiting.iter().position(|waiting| matches(&request, &waiting.place));
        inner.requests.push(request);
        self.0.came.notify_all();
        let at = at?;
        let waiting = &mut inner.waiting[at];
        let fault = waiting.fault.clone();
        if let Some(left) = &mut waiting.left {
            *left = left.saturating_sub(1);
            if *left == 0 {
                inner.waiting.remove(at);
            }
        }
        Some(fault)
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether `request` (`GET /path`) is at `place` (`/pa` or `GET /pa`).
fn matches(request: &str, place: &str) -> bool {
    if place.starts_with('/') {
        request.split_once(' ').is_some_and(|(_, path)| path.starts_with(place))
    } else {
        request.starts_with(place)
    }
}

/// The layer that [`super::server::Server`] puts before every route.
pub(crate) async fn inject(
    State(faults): State<Faults>,
    ConnectInfo(connection): ConnectInfo<Connection>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let line = format!("{} {}", request.method(), percent_decode_str(path).decode_utf8_lossy());
    let Some(fault) = faults.meet(line) else { return next.run(request).await };
    match fault {
        Fault::Answer { status, headers, body } => answer(status, &headers, body),
        Fault::AnswerAfter { status, headers, body } => {
            handle(request, next).await;
            answer(status, &headers, body)
        }
        Fault::Delay(duration) => {
            tokio::time::sleep(duration).await;
            next.run(request).await
        }
        Fault::CutBefore => cut(&connection),
        Fault::CutAfter => {
            handle(request, next).await;
            cut(&connection)
        }
        Fault::CutHalfway => halfway(next.run(request).await).await,
        Fault::Silence => {
            connection.stopped.cancelled().await;
            cut(&connection)
        }
        Fault::SilenceAfter => {
            handle(request, next).await;
            connection.stopped.cancelled().await;
            cut(&connection)
        }
        Fault::Duplicate => twice(request, next).await,
        Fault::DropField(name) => without(next.run(request).await, &name).await,
    }
}

/// Lets the system handle the request to the end of its answer, which is thrown away.
async fn handle(request: Request, next: Next) {
    read(next.run(request).await.into_body()).await;
}

/// A body that cannot be read (the caller went away) reads as empty.
async fn read(body: Body) -> Bytes {
    to_bytes(body, usize::MAX).await.unwrap_or_default()
}

fn answer(status: u16, headers: &[(String, String)], body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name.as_str()), HeaderValue::try_from(value.as_str())) {
            response.headers_mut().append(name, value);
        }
    }
    response
}

/// The answer that nobody gets, because its connection is cut.
fn cut(connection: &Connection) -> Response {
    connection.cut();
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}

async fn halfway(response: Response) -> Response {
    let (mut head, body) = response.into_parts();
    let bytes = read(body).await;
    let half = bytes.slice(..bytes.len() / 2);
    // The full length is promised, so that even an empty half is seen to be cut.
    head.headers.insert(CONTENT_LENGTH, HeaderValue::from(bytes.len().max(1)));
    let first = futures_util::stream::iter([Ok(half)]);
    let pieces = first.chain(futures_util::stream::once(async {
        // Time to flush: otherwise the half would be cut off with the rest.
        tokio::task::yield_now().await;
        Err(io::Error::from(io::ErrorKind::ConnectionReset))
    }));
    Response::from_parts(head, Body::from_stream(pieces))
}

async fn twice(request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    let body = read(body).await;
    handle(Request::from_parts(head.clone(), Body::from(body.clone())), next.clone()).await;
    next.run(Request::from_parts(head, Body::from(body))).await
}

async fn without(response: Response, name: &str) -> Response {
    let (mut head, body) = response.into_parts();
    let bytes = read(body).await;
    let is_json = head.headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    match serde_json::from_slice::<Value>(&bytes) {
        Ok(mut value) if is_json => {
            remove(&mut value, name);
            head.headers.remove(CONTENT_LENGTH);
            Response::from_parts(head, Body::from(value.to_string()))
        }
        _ => Response::from_parts(head, Body::from(bytes)),
    }
}

fn remove(value: &mut Value, name: &str) {
    match value {
        Value::Object(map) => {
            map.shift_remove(name);
            for inner in map.values_mut() {
                remove(inner, name);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|inner| remove(inner, name)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::server::Server;
    use axum::Router;
    use axum::routing::post;
    use std::sync::atomic::{AtomicU32, Ordering};

    /// A system that counts what it handles, behind faults.
    fn counting(faults: &Faults) -> (Server, Arc<AtomicU32>) {
        let handled = Arc::new(AtomicU32::new(0));
        let counter = Arc::clone(&handled);
        let handle = move || async move {
            let number = counter.fetch_add(1, Ordering::Relaxed) + 1;
            axum::Json(serde_json::json!({ "number": number, "inner": [{ "number": 0, "kept": true }] }))
        };
        (Server::start(Router::new().fallback(post(handle)), faults).unwrap(), handled)
    }

    async fn ask(server: &Server) -> reqwest::Result<String> {
        let http = reqwest::Client::builder().no_proxy().build()?;
        http.post(format!("{}/Books%28'A'%29", server.url())).body("x").send().await?.text().await
    }

    #[tokio::test]
    async fn what_the_system_saw_differs_from_what_the_caller_got() {
        for (fault, is_answered, sees) in [
            (Fault::status(500), true, 0),
            (Fault::AnswerAfter { status: 500, headers: vec![], body: String::new() }, true, 1),
            (Fault::CutBefore, false, 0),
            (Fault::CutAfter, false, 1),
            (Fault::CutHalfway, false, 1),
            (Fault::Duplicate, true, 2),
            (Fault::Delay(Duration::ZERO), true, 1),
        ] {
            let faults = Faults::default();
            let (server, handled) = counting(&faults);
            faults.next("POST /Books('A')", fault.clone());
            assert_eq!(ask(&server).await.is_ok(), is_answered, "{fault:?}");
            assert_eq!(handled.load(Ordering::Relaxed), sees, "{fault:?}");
            // Met once; the next request is served.
            assert!(ask(&server).await.is_ok(), "{fault:?}");
        }
    }

    #[tokio::test]
    async fn faults_of_one_place_are_met_in_order_and_until_cleared() {
        let faults = Faults::default();
        let (server, handled) = counting(&faults);
        faults.next("GET /", Fault::CutBefore);
        faults.times(2, "/Books", Fault::status(503));
        faults.always("/", Fault::Answer { status: 200, headers: vec![], body: "always".into() });
        assert_eq!(ask(&server).await.unwrap(), "");
        assert_eq!(ask(&server).await.unwrap(), "");
        assert_eq!(ask(&server).await.unwrap(), "always");
        faults.clear();
        faults.next("/", Fault::DropField("number".into()));
        assert_eq!(ask(&server).await.unwrap(), r#"{"inner":[{"kept":true}]}"#);
        assert_eq!((faults.count("POST /Books('A')"), handled.load(Ordering::Relaxed)), (4, 1));
    }

    #[tokio::test]
    async fn silence_ends_with_the_server() {
        for fault in [Fault::Silence, Fault::SilenceAfter] {
            let faults = Faults::default();
            let (server, handled) = counting(&faults);
            faults.next("/", fault.clone());
            let seen = u32::from(fault == Fault::SilenceAfter);
            let stop = async {
                while faults.requests().is_empty() || handled.load(Ordering::Relaxed) < seen {
                    tokio::task::yield_now().await;
                }
                server.stop();
            };
            let (answer, ()) = tokio::join!(ask(&server), stop);
            assert!(answer.is_err(), "{fault:?}");
            assert!(ask(&server).await.is_err_and(|error| error.is_connect()));
        }
    }
}
