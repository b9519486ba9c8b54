//! One site's services: sign-in, time-outs, one call at a time, and writes, which are never repeated.

use super::address::Address;
use super::body::Body;
use super::outcome::{WriteAnswer, outcome};
use super::read::collect;
use crate::clock::{Clock, ServerTime};
use crate::gp::dialect::Dialect;
use crate::gp::dialect::refusals::Refusals;
use crate::gp::dialect::services::{Method, Write};
use crate::gp::{Delivery, GpError};
use crate::project::connections::{GpConnection, Proxy};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, DATE, HeaderMap, HeaderValue};
use reqwest::{RequestBuilder, Response};
use secrecy::{ExposeSecret, SecretString};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;

/// One GP company over SBA.
pub struct Site {
    pub(super) http: reqwest::Client,
    pub(super) address: Address,
    authorization: HeaderValue,
    pub(super) dialect: Arc<Dialect>,
    pub(super) refusals: Refusals,
    pub(super) clock: Arc<dyn Clock>,
    /// GP is gentle: one request occupies one Dexterity process.
    pub(super) calls: Semaphore,
    calls_at_once: usize,
    /// Of the newest answer to a read.
    server_time: Mutex<Option<ServerTime>>,
}

impl Site {
    /// A client of the connection's company. Nothing is sent yet.
    ///
    /// # Errors
    /// [`GpError::Dialect`] when the address or the dialect cannot be used, [`GpError::SignInRefused`] for a user name
    /// that Basic sign-in cannot carry.
    pub fn new(
        connection: &GpConnection,
        dialect: Arc<Dialect>,
        refusals: Refusals,
        user: &str,
        password: &SecretString,
        clock: Arc<dyn Clock>,
    ) -> Result<Site, GpError> {
        let address = Address::new(connection, &dialect)?;
        let refused = |why: String| GpError::Dialect { file: connection.dialect_file.clone(), why };
        let mut client = reqwest::Client::builder()
            .timeout(Duration::from_millis(dialect.http.timeout_ms))
            .connect_timeout(Duration::from_millis(dialect.http.connect_timeout_ms))
            .redirect(reqwest::redirect::Policy::none())
            // A repeated POST is decided here and nowhere else.
            .retry(reqwest::retry::never())
            .http1_only();
        if address.is_plain() {
            // Loopback: no certificates to load.
            client = client.tls_certs_only([]);
        }
        client = match &connection.proxy {
            Proxy::System if !address.is_plain() => client,
            Proxy::System | Proxy::Off => client.no_proxy(),
            Proxy::At(at) => {
                let proxy = reqwest::Proxy::all(at);
                client.proxy(proxy.map_err(|_| refused(format!("the proxy `{at}` is not an address")))?)
            }
        };
        let http = client.build().map_err(|error| refused(format!("no HTTP client: {error}")))?;
        let calls_at_once = usize::from(connection.calls_at_once.max(1));
        Ok(Site {
            http,
            address,
            authorization: basic(user, password)?,
            dialect,
            refusals,
            clock,
            calls: Semaphore::new(calls_at_once),
            calls_at_once,
            server_time: Mutex::default(),
        })
    }

    /// What GP's clock said with its newest answer to a read.
    pub fn server_time(&self) -> Option<ServerTime> {
        *self.server_time.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the time from an answer, whatever else it says.
    pub(super) fn hear_time(&self, headers: &HeaderMap) {
        let date = headers.get(DATE).and_then(|date| date.to_str().ok());
        if let Some(time) = date.and_then(ServerTime::came_with) {
            *self.server_time.lock().unwrap_or_else(PoisonError::into_inner) = Some(time);
        }
    }

    /// How many calls the project allows at once.
    pub(super) fn calls_at_once(&self) -> usize {
        self.calls_at_once
    }

    /// Exactly one request that writes. `hidden` are texts that no message may show.
    pub(super) async fn write(&self, write: &Write, names: &[(&str, &str)], body: Body, hidden: &[&str]) -> Delivery {
        let prepared = self
            .address
            .url(&write.path, &[], names)
            .and_then(|url| Ok((url, body.enveloped(&self.dialect.envelope.request)?)));
        let (url, bytes) = match prepared {
            Ok(prepared) => prepared,
            Err(why) => return Delivery::NotSent { why, sign_in_refused: false },
        };
        let mut request = match write.method {
            Method::Post => self.http.post(url),
            Method::Patch => self.http.patch(url),
        };
        if let Some(action) = &write.action {
            request = request.header(self.dialect.http.action_header.as_str(), action);
        }
        request = request.header(CONTENT_TYPE, self.dialect.http.content_type.as_str()).body(bytes);
        // The semaphore is never closed, so a permit always comes.
        let _permit = self.calls.acquire().await;
        let answer = match self.signed(request).send().await {
            Ok(response) => answered(response).await,
            Err(error) => WriteAnswer::failed(&error, self.dialect.http.timeout_ms),
        };
        outcome(&self.dialect, &self.refusals, answer, hidden)
    }

    pub(super) fn signed(&self, request: RequestBuilder) -> RequestBuilder {
        request.header(AUTHORIZATION, self.authorization.clone()).header(ACCEPT, self.dialect.http.accept.as_str())
    }
}

/// What to do about a refused sign-in; never tried again by itself, because accounts lock.
pub(super) const SIGN_IN_HINT: &str =
    "check the user and password that connections.gp names; it is not tried again, because accounts lock";

/// Basic sign-in, sent with every request: a challenge would double the number of calls.
fn basic(user: &str, password: &SecretString) -> Result<HeaderValue, GpError> {
    let hint = "a user name for Basic sign-in is not empty and has no `:`";
    if user.is_empty() || user.contains(':') {
        return Err(GpError::SignInRefused { hint: hint.to_owned() });
    }
    let text = format!("Basic {}", STANDARD.encode(format!("{user}:{}", password.expose_secret())));
    let mut header = HeaderValue::try_from(text).map_err(|_| GpError::SignInRefused { hint: hint.to_owned() })?;
    header.set_sensitive(true);
    Ok(header)
}

async fn answered(response: Response) -> WriteAnswer {
    let status = response.status();
    match collect(response).await {
        Ok(body) => WriteAnswer::Answered { status, body },
        Err(_) => WriteAnswer::Cut { status },
    }
}

/// The innermost reason, without addresses: they hold keys.
pub(super) fn reason(error: &reqwest::Error) -> String {
    let mut inner: &dyn std::error::Error = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    if std::ptr::addr_eq(inner, error) { "the call failed".to_owned() } else { inner.to_string() }
}
