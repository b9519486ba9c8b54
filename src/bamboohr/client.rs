//! One BambooHR account: its address, its key, and asking it a few questions at a time.

use super::connect::{connect, plain};
use super::error::BamboohrError;
use super::objects::{List, NotAList, Objects};
use super::retry::{LONGEST_WAIT, TRIES, any_jitter, asked_wait, is_passing, pause};
use super::sign_in::{SignIn, Signed, Signer};
use crate::clock::{Clock, ServerTime};
use crate::project::connections::BamboohrConnection;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, DATE, HeaderMap};
use reqwest::{Client, Method, Response, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;

/// So many questions may be on their way at once. BambooHR does not publish its limits (bamboohr.md §6); its three
/// tables together stay far from whatever they are.
pub const AT_ONCE: usize = 3;

/// A client of one BambooHR account. It asks at most [`AT_ONCE`] questions at a time, and only reads, but for
/// [`super::webhooks`].
pub struct BambooHr {
    http: Client,
    base: String,
    signer: Signer,
    pub(super) clock: Arc<dyn Clock>,
    jitter: fn() -> u16,
    calls: Semaphore,
    /// Set by the first 401: a sign-in that was refused is not tried again by this client.
    refused: AtomicBool,
    tries: u32,
    /// Of the newest answer.
    server_time: Mutex<Option<ServerTime>>,
}

/// The sign-in stays out of every debug print.
impl fmt::Debug for BambooHr {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("BambooHr").field("base", &self.base).finish_non_exhaustive()
    }
}

/// One question, in words for people and as a request.
#[derive(Clone, Debug)]
pub(super) struct Question {
    /// What is read, as it stands in messages: `the people`, `the table jobInfo`.
    pub(super) what: String,
    /// What to grant when BambooHR refuses it.
    pub(super) grant: &'static str,
    /// From the version on: `v1/employees`.
    pub(super) path: String,
    pub(super) query: Vec<(&'static str, String)>,
    pub(super) body: Option<Body>,
}

/// What goes with a question. All but the webhooks' set-up only reads.
#[derive(Clone, Debug)]
pub(super) enum Body {
    Posted(String),
    /// Nothing: it is a DELETE.
    Delete,
    /// List Employee Benefits wants its filter in the body of a GET (OpenAPI).
    OfGet(String),
}

/// Takes the objects of an answer. An answer that broke off is read again from its beginning.
pub(super) trait Sink: Send {
    /// Forgets what this answer gave so far.
    fn restart(&mut self);
    /// Takes one object's JSON.
    ///
    /// # Errors
    /// Why it cannot be read; without any of its values, which may be somebody's pay.
    fn object(&mut self, json: &[u8]) -> Result<(), String>;
}

/// Why a question has no answer.
#[derive(Debug)]
pub(super) enum NoAnswer {
    /// BambooHR understood and said no, with a 4xx that is neither 401 nor 429.
    Refused {
        status: StatusCode,
        code: String,
        message: String,
    },
    Other(BamboohrError),
}

enum Attempt {
    /// It may be asked again, after `wait` where the answer named one.
    Passing {
        why: String,
        wait: Option<Duration>,
    },
    Final(NoAnswer),
}

impl BambooHr {
    /// A client for the account of `connection`. Nothing is asked yet.
    ///
    /// # Errors
    /// [`BamboohrError::Connection`] when the address or the key cannot be used.
    pub fn new(
        connection: &BamboohrConnection,
        sign_in: impl Into<SignIn>,
        clock: Arc<dyn Clock>,
    ) -> Result<BambooHr, BamboohrError> {
        let (http, base) = connect(&connection.base_url, &connection.proxy)?;
        let signer = Signer::of(sign_in.into())?;
        Ok(BambooHr {
            http,
            base,
            signer,
            clock,
            jitter: any_jitter,
            refused: AtomicBool::new(false),
            tries: TRIES,
            server_time: Mutex::default(),
            calls: Semaphore::new(AT_ONCE),
        })
    }

    /// The same client with its pauses stretched by this many thousandths instead of a random part.
    pub fn with_jitter(mut self, jitter: fn() -> u16) -> BambooHr {
        self.jitter = jitter;
        self
    }

    /// The same client, which asks each question once: for whoever waits for the answer and asks again themselves.
    pub fn without_repeats(mut self) -> BambooHr {
        self.tries = 1;
        self
    }

    /// What BambooHR's clock said with its newest answer.
    pub fn server_time(&self) -> Option<ServerTime> {
        *self.server_time.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks `question` once, whose answer is one small object.
    pub(super) async fn one<T: DeserializeOwned>(&self, question: &Question) -> Result<T, NoAnswer> {
        let other = |error| NoAnswer::Other(error);
        let unavailable = |why: String| other(BamboohrError::Unavailable { what: question.what.clone(), why });
        let response = self.send(question).await.map_err(|failed| match failed {
            Attempt::Passing { why, .. } => unavailable(why),
            Attempt::Final(no) => no,
        })?;
        let bytes = response.bytes().await.map_err(|error| unavailable(plain(&error)))?;
        serde_json::from_slice(&bytes).map_err(|error| other(question.unreadable(error.to_string())))
    }

    /// Asks `question` once, whose answer says nothing but that it is done.
    pub(super) async fn done(&self, question: &Question) -> Result<(), NoAnswer> {
        match self.send(question).await {
            Ok(_) => Ok(()),
            Err(Attempt::Passing { why, .. }) => {
                Err(NoAnswer::Other(BamboohrError::Unavailable { what: question.what.clone(), why }))
            }
            Err(Attempt::Final(no)) => Err(no),
        }
    }

    /// Asks `question` and gives the objects of the answer's `list` to `sink`; gives what stands around the list.
    pub(super) async fn read(
        &self,
        question: &Question,
        list: List,
        sink: &mut impl Sink,
    ) -> Result<Vec<u8>, NoAnswer> {
        let unavailable =
            |why: String| NoAnswer::Other(BamboohrError::Unavailable { what: question.what.clone(), why });
        let mut tried = 0;
        loop {
            tried += 1;
            sink.restart();
            let (why, wait) = match self.attempt(question, list, sink).await {
                Ok(envelope) => return Ok(envelope),
                Err(Attempt::Final(no)) => return Err(no),
                Err(Attempt::Passing { why, wait }) => (why, wait),
            };
            if tried >= self.tries {
                let times = if tried == 1 { String::new() } else { format!(", {tried} times") };
                return Err(unavailable(format!("{why}{times}")));
            }
            if let Some(wait) = wait.filter(|wait| *wait > LONGEST_WAIT) {
                return Err(unavailable(format!("{why} and asks to come back in {} s", wait.as_secs())));
            }
            let wait = wait.unwrap_or_else(|| pause(tried, (self.jitter)()));
            tracing::info!(what = question.what, why, wait_ms = wait.as_millis() as u64, "asking BambooHR again");
            self.clock.sleep(wait).await;
        }
    }

    async fn attempt(&self, question: &Question, list: List, sink: &mut impl Sink) -> Result<Vec<u8>, Attempt> {
        // The semaphore is never closed, so a permit always comes.
        let _permit = self.calls.acquire().await;
        let mut response = self.send(question).await?;
        let unreadable = |why: String| {
            Attempt::Final(NoAnswer::Other(BamboohrError::Unreadable { what: question.what.clone(), why }))
        };
        if let Some(kind) = not_json(response.headers()) {
            return Err(unreadable(format!("it is {kind}, not JSON")));
        }
        let mut objects = Objects::new(list);
        loop {
            let chunk = response.chunk().await.map_err(|_| Attempt::Passing {
                why: "the connection was cut in the middle of the answer".into(),
                wait: None,
            })?;
            let Some(chunk) = chunk else { break };
            objects
                .feed(&chunk, |json| sink.object(json).map_err(NotAList::Malformed))
                .map_err(|e| unreadable(e.to_string()))?;
        }
        objects.finish().map_err(|error| unreadable(error.to_string()))
    }

    /// Sends one request and gives its answer if it is a 2xx.
    async fn send(&self, question: &Question) -> Result<Response, Attempt> {
        if self.refused.load(Ordering::Acquire) {
            return Err(sign_in_refused("this sign-in was refused before"));
        }
        let failed = |error: BamboohrError| Attempt::Final(NoAnswer::Other(error));
        let signed = self.signer.sign().await.map_err(failed)?;
        let mut response = self.request(question, &signed).await?;
        if response.status() == StatusCode::UNAUTHORIZED
            // A token may end before its time. Once: a new one that is refused, too, will not get better.
            && let Some(again) = self.signer.sign_again(&signed).await.map_err(failed)?
        {
            response = self.request(question, &again).await?;
        }
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let told = header(response.headers(), MESSAGE_HEADERS).to_owned();
        if status == StatusCode::UNAUTHORIZED {
            self.refused.store(true, Ordering::Release);
            return Err(sign_in_refused(if told.is_empty() { "401 without a reason" } else { &told }));
        }
        if is_passing(status) {
            let wait = asked_wait(response.headers(), self.clock.now());
            return Err(Attempt::Passing { why: format!("it answered {}", status.as_u16()), wait });
        }
        let (code, message) = refusal(response, told).await;
        Err(Attempt::Final(NoAnswer::Refused { status, code, message }))
    }

    async fn request(&self, question: &Question, signed: &Signed) -> Result<Response, Attempt> {
        let method = match question.body {
            Some(Body::Posted(_)) => Method::POST,
            Some(Body::Delete) => Method::DELETE,
            Some(Body::OfGet(_)) | None => Method::GET,
        };
        let mut request = self
            .http
            .request(method, self.address(&question.path))
            .query(&question.query)
            .header(AUTHORIZATION, signed.header.clone())
            .header(ACCEPT, "application/json");
        if let Some(Body::Posted(body) | Body::OfGet(body)) = &question.body {
            // Exactly this: with a charset BambooHR reads the body as XML.
            request = request.header(CONTENT_TYPE, "application/json").body(body.clone());
        }
        let response = request.send().await.map_err(|error| Attempt::Passing { why: plain(&error), wait: None })?;
        if let Some(time) = ServerTime::came_with(header(response.headers(), &[DATE.as_str()])) {
            *self.server_time.lock().unwrap_or_else(PoisonError::into_inner) = Some(time);
        }
        tracing::debug!(
            what = question.what,
            status = response.status().as_u16(),
            request_id = header(response.headers(), &["x-request-id", "x-bamboohr-request-id", "request-id"]),
            "BambooHR answered"
        );
        Ok(response)
    }

    /// The older gateway host has its version segment right after the company.
    fn address(&self, path: &str) -> String {
        let api = if self.base.contains("/api/gateway.php/") { "" } else { "/api" };
        format!("{}{api}/{path}", self.base)
    }
}

impl Question {
    /// The error for the caller, where a refusal has no meaning of its own.
    pub(super) fn error(&self, no: NoAnswer) -> BamboohrError {
        match no {
            NoAnswer::Other(error) => error,
            NoAnswer::Refused { status: StatusCode::FORBIDDEN | StatusCode::NOT_FOUND, message, .. } => {
                let hint = if message.is_empty() {
                    self.grant.to_owned()
                } else {
                    format!("{}; BambooHR says: {message}", self.grant)
                };
                BamboohrError::Forbidden { what: self.what.clone(), hint }
            }
            NoAnswer::Refused { status, code, message } => {
                let said = [code, message].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(": ");
                let why = format!("it answered {} {said}", status.as_u16()).trim_end().to_owned();
                self.unreadable(why)
            }
        }
    }

    pub(super) fn unreadable(&self, why: String) -> BamboohrError {
        BamboohrError::Unreadable { what: self.what.clone(), why }
    }
}

fn sign_in_refused(told: &str) -> Attempt {
    Attempt::Final(NoAnswer::Other(BamboohrError::SignInRefused {
        hint: format!(
            "{told}; check the API key or the application, and that its user is enabled, then run again: it is not tried twice"
        ),
    }))
}

/// BambooHR spells its own header in three ways; recorded answers carry the one with three s.
const MESSAGE_HEADERS: &[&str] = &["x-bamboohr-error-message", "x-bamboohr-error-messsage", "x-bamboohr-message"];

fn header<'h>(headers: &'h HeaderMap, names: &[&str]) -> &'h str {
    names.iter().find_map(|name| headers.get(*name)).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// What the answer is, when it says that it is something else than JSON.
fn not_json(headers: &HeaderMap) -> Option<&'static str> {
    let kind = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    match kind.split(';').next().unwrap_or_default().trim() {
        "text/html" => Some("a web page"),
        "application/xml" | "text/xml" => Some("XML"),
        _ => None,
    }
}

/// The code and message of a refusal, from its header or from the forms of its body that are known.
async fn refusal(mut response: Response, told: String) -> (String, String) {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Body {
        error: Error,
        errors: Vec<Sub>,
        title: Option<String>,
        detail: Option<String>,
    }
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Error {
        code: serde_json::Value,
        message: Option<String>,
    }
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Sub {
        error: Option<String>,
    }
    let mut bytes = Vec::new();
    // A refusal is short; what is longer is a web page and tells nothing.
    while let Ok(Some(chunk)) = response.chunk().await {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > 64 << 10 {
            break;
        }
    }
    let body: Body = serde_json::from_slice(&bytes).unwrap_or_default();
    let code = body.error.code.as_str().unwrap_or_default().to_owned();
    let said = body.error.message.or(body.detail).or(body.title);
    let said = said.or_else(|| body.errors.into_iter().find_map(|sub| sub.error)).unwrap_or_default();
    let message = if told.is_empty() { said } else { told };
    (code, message.chars().take(200).collect())
}
