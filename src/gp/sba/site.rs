//! One site's services: one call at a time, and writes, which are never repeated.

use super::address::Address;
use super::body::Body;
use super::outcome::{WriteAnswer, outcome};
use super::read::collect;
use crate::clock::{Clock, ServerTime};
use crate::gp::dialect::Dialect;
use crate::gp::dialect::refusals::Refusals;
use crate::gp::dialect::services::{Method, Write};
use crate::gp::refusals::Refusals as Remembers;
use crate::gp::{Delivery, GpError};
use crate::project::connections::GpConnection;
use bytes::Bytes;
use http::HeaderMap;
use http::header::{ACCEPT, CONTENT_TYPE, DATE};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;
use url::{Position, Url};
use windows_auth::{Answer, Pool, Seen, SendError, SignInError};

/// One GP company over SBA.
pub struct Site {
    pool: Arc<Pool>,
    memory: Option<Arc<dyn Remembers>>,
    pub(super) address: Address,
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
    /// [`GpError::Dialect`] when the address cannot be used.
    pub fn new(
        connection: &GpConnection,
        dialect: Arc<Dialect>,
        refusals: Refusals,
        pool: Arc<Pool>,
        clock: Arc<dyn Clock>,
        memory: Option<Arc<dyn Remembers>>,
    ) -> Result<Site, GpError> {
        let address = Address::new(connection, &dialect)?;
        let calls_at_once = usize::from(connection.calls_at_once.max(1));
        Ok(Site {
            pool,
            memory,
            address,
            dialect,
            refusals,
            clock,
            calls: Semaphore::new(calls_at_once),
            calls_at_once,
            server_time: Mutex::default(),
        })
    }

    /// What was seen of the server: how it was signed in to, and its certificate.
    pub fn seen(&self) -> Seen {
        self.pool.seen()
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
        let method = match write.method {
            Method::Post => http::Method::POST,
            Method::Patch => http::Method::PATCH,
        };
        let mut request = self.request(method, &url).header(CONTENT_TYPE, self.dialect.http.content_type.as_str());
        if let Some(action) = &write.action {
            request = request.header(self.dialect.http.action_header.as_str(), action);
        }
        let request = match request.body(bytes.into()) {
            Ok(request) => request,
            Err(error) => return Delivery::NotSent { why: format!("no request: {error}"), sign_in_refused: false },
        };
        // The semaphore is never closed, so a permit always comes.
        let _permit = self.calls.acquire().await;
        let answer = match self.sent(request).await {
            Ok(response) => answered(response).await,
            Err(error) => WriteAnswer::failed(error),
        };
        outcome(&self.dialect, &self.refusals, answer, hidden)
    }

    fn request(&self, method: http::Method, url: &Url) -> http::request::Builder {
        http::Request::builder()
            .method(method)
            .uri(&url[Position::BeforePath..])
            .header(ACCEPT, self.dialect.http.accept.as_str())
    }

    /// One GET, signed in.
    pub(super) async fn asked(&self, url: &Url) -> Result<Answer, SendError> {
        let request = self.request(http::Method::GET, url).body(Bytes::new());
        let request = request.map_err(|error| SendError::Unreachable { why: format!("no request: {error}") })?;
        self.sent(request).await
    }

    async fn sent(&self, request: http::Request<Bytes>) -> Result<Answer, SendError> {
        let answer = self.pool.send(request).await;
        if let (Err(SendError::SignIn(error @ SignInError::Refused { .. })), Some(memory)) = (&answer, &self.memory) {
            memory.refused(&error.to_string()).await;
        }
        answer
    }
}

/// What to do about a sign-in that did not come about.
pub(super) fn sign_in_hint(error: &SignInError) -> String {
    format!("{error}: {}", error.remedy())
}

/// Whether the same sign-in may work later without anybody doing anything.
pub(super) fn may_pass(error: &SignInError) -> bool {
    matches!(error, SignInError::NoKdc { .. } | SignInError::Protocol { .. })
}

async fn answered(response: Answer) -> WriteAnswer {
    let status = response.status;
    match collect(response).await {
        Ok(body) => WriteAnswer::Answered { status, body },
        Err(_) => WriteAnswer::Cut { status },
    }
}
