//! The running sandbox: its routes, and the gate that every request passes.

use super::account::Account;
use super::answer::{told, typed};
use super::{benefits, changed, employees, meta, oauth, report, tables, time_off, timesheets, webhook_log, webhooks};
use crate::clock::{Clock, StandingClock};
use crate::plan::facts::Facts;
use crate::sandbox::faults::Faults;
use crate::sandbox::server::Server;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT, AUTHORIZATION, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use axum::routing::{get, post};
use base64::Engine;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A BambooHR account on loopback. Dropping it closes the port.
pub struct BamboohrSandbox {
    server: Server,
    shared: Shared,
    faults: Faults,
}

/// What every handler shares.
#[derive(Clone)]
pub(super) struct Shared {
    account: Arc<Mutex<Account>>,
    api_key: Arc<str>,
    http: reqwest::Client,
}

impl BamboohrSandbox {
    /// An account `company` that holds the BambooHR part of `facts`, with one API key, on a free port of 127.0.0.1.
    /// Everybody was entered on the day they were hired, the day before the clock's now at the latest.
    ///
    /// # Errors
    /// When no port can be opened.
    ///
    /// # Panics
    /// Outside a Tokio runtime.
    pub fn start(facts: &Facts, company: &str, api_key: &str, clock: StandingClock) -> io::Result<BamboohrSandbox> {
        BamboohrSandbox::start_on(0, facts, company, api_key, clock)
    }

    /// As [`BamboohrSandbox::start`], on `port`; 0 takes a free one.
    ///
    /// # Errors
    /// When the port cannot be opened.
    pub fn start_on(
        port: u16,
        facts: &Facts,
        company: &str,
        api_key: &str,
        clock: StandingClock,
    ) -> io::Result<BamboohrSandbox> {
        BamboohrSandbox::start_at((Ipv4Addr::LOCALHOST, port).into(), facts, company, api_key, clock)
    }

    /// As [`BamboohrSandbox::start`], at `address` of this machine: `[::1]:0`.
    ///
    /// # Errors
    /// When the port cannot be opened.
    pub fn start_at(
        address: SocketAddr,
        facts: &Facts,
        company: &str,
        api_key: &str,
        clock: StandingClock,
    ) -> io::Result<BamboohrSandbox> {
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build();
        let shared = Shared {
            account: Arc::new(Mutex::new(Account::new(facts, company, api_key, clock))),
            api_key: api_key.into(),
            http: http.map_err(io::Error::other)?,
        };
        let faults = Faults::default();
        let server = Server::start_at(address, router(&shared), &faults)?;
        Ok(BamboohrSandbox { server, shared, faults })
    }

    /// The base address, without a trailing slash: what `base_url` is.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// What goes wrong, and the requests that came.
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Looks at the account, or changes it. Webhooks of a change leave with the next request or
    /// [`BamboohrSandbox::deliver_webhooks`].
    pub fn account(&self) -> MutexGuard<'_, Account> {
        self.shared.account()
    }

    /// Sends the webhooks that are due, and waits for their answers. Returns how many were sent.
    pub async fn deliver_webhooks(&self) -> usize {
        self.shared.clone().deliver_due().await
    }
}

impl Shared {
    pub(super) fn account(&self) -> MutexGuard<'_, Account> {
        self.account.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends what is due beside the answer at hand.
    pub(super) fn deliver(&self) {
        tokio::spawn(self.clone().deliver_due());
    }

    async fn deliver_due(self) -> usize {
        let (due, company, clock) = {
            let mut account = self.account();
            let now = account.clock.now();
            (account.webhooks.take_due(now), account.company.clone(), account.clock.clone())
        };
        let count = due.len();
        for delivery in due {
            let answered = delivery.send(&self.http, &company, clock.now()).await;
            self.account().webhooks.settle(delivery, answered, clock.now());
        }
        count
    }
}

fn router(shared: &Shared) -> Router {
    let api = Router::new()
        .route("/v1/employees", get(employees::list))
        .route("/v1/employees/changed", get(changed::get))
        .route("/v1/employees/changed/tables/{table}", get(tables::changed))
        .route("/v1/employees/{id}", get(employees::get).delete(employees::delete))
        .route("/v1/employees/{id}/tables/{table}", get(tables::get).post(tables::add))
        .route("/v1_1/employees/{id}/tables/{table}", post(tables::add))
        .route("/v1/employees/{id}/tables/{table}/{row}", post(tables::change).delete(tables::delete))
        .route("/v1_1/employees/{id}/tables/{table}/{row}", post(tables::change))
        .route("/v1/time_tracking/timesheet_entries", get(timesheets::get))
        .route("/v1/employees/{id}/time_off/calculator", get(time_off::balance))
        .route("/v1/time_off/requests", get(time_off::get))
        .route("/v1/benefit/company_benefit", get(benefits::plans))
        .route("/v1/benefit/employee_benefit", get(benefits::enrolments))
        .route("/v1/meta/fields", get(meta::fields))
        .route("/v1/meta/tables", get(meta::tables))
        .route("/v1/reports/custom", post(report::custom))
        .route("/v1/webhooks", get(webhooks::list).post(webhooks::create))
        .route("/v1/webhooks/monitor_fields", get(meta::monitor_fields))
        .route("/v1/webhooks/{id}/log", get(webhook_log::get))
        .route("/v1/webhooks/{id}", get(webhooks::get).delete(webhooks::delete))
        .fallback(|| async { told(StatusCode::NOT_FOUND, "Not Found") })
        .layer(axum::middleware::from_fn_with_state(shared.clone(), gate));
    Router::new()
        .nest("/api", api.clone())
        // The older host has the company in its path.
        .nest("/api/gateway.php/{company}", api)
        .route("/authorize.php", get(oauth::authorize))
        .route("/token.php", post(oauth::token))
        .with_state(shared.clone())
}

/// Counts, signs in, and answers in XML who does not ask for JSON.
async fn gate(State(shared): State<Shared>, request: Request, next: Next) -> Response {
    let (refusal, number) = {
        let mut account = shared.account();
        // Unauthenticated requests count, too.
        let wait = account.count_request();
        let refusal = match wait {
            Some(seconds) => Some(too_many(seconds)),
            None => (!is_signed_in(&account, &shared.api_key, request.headers())).then(unauthorized),
        };
        (refusal, account.requests)
    };
    let wants_json = request
        .headers()
        .get(ACCEPT)
        .is_some_and(|accept| accept.to_str().is_ok_and(|accept| accept.contains("application/json")));
    let xml = !wants_json && request.method() == Method::GET && has_xml(request.uri().path());
    let mut response = match refusal {
        Some(refusal) => refusal,
        None => next.run(request).await,
    };
    if xml && response.status().is_success() {
        let body = "<?xml version=\"1.0\"?>\n<result><!-- ask with Accept: application/json --></result>\n";
        response = typed(StatusCode::OK, "application/xml", body.into());
    }
    if let Ok(id) = HeaderValue::from_str(&format!("sandbox-{number}")) {
        response.headers_mut().insert("x-request-id", id);
    }
    response
}

/// Whether the endpoint answers in XML by default (OpenAPI: those with an `application/xml` answer).
fn has_xml(path: &str) -> bool {
    path.contains("/employees/") || path.contains("/meta/")
}

/// Basic with the key as user name and any password, or a bearer token that is still good.
fn is_signed_in(account: &Account, api_key: &str, headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()) else { return false };
    let (scheme, rest) = value.split_once(' ').unwrap_or((value, ""));
    match scheme.to_ascii_lowercase().as_str() {
        "basic" => base64::engine::general_purpose::STANDARD
            .decode(rest)
            .is_ok_and(|pair| pair.split(|&byte| byte == b':').next() == Some(api_key.as_bytes())),
        "bearer" => account.oauth.is_good(rest, account.clock.now()),
        _ => false,
    }
}

/// As recorded: an empty text/html body with the reason in a header.
fn unauthorized() -> Response {
    let mut response = told(StatusCode::UNAUTHORIZED, "API key not provided or invalid");
    response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"BambooHR\""));
    response
}

fn too_many(seconds: i64) -> Response {
    let mut response = told(StatusCode::TOO_MANY_REQUESTS, "Too many requests");
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    response
}
