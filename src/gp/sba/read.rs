//! Questions to GP: asked again after a failure that may pass, long answers read as a stream.

use super::answer::{Answer, Reading, Row, Shape};
use super::site::{Site, may_pass};
use crate::gp::GpError;
use crate::gp::dialect::services::Read;
use crate::gp::dialect::wire::{BareNotFound, Paging};
use crate::gp::reach::no_sign_in;
use futures_util::stream;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::io::{StreamReader, SyncIoBridge};
use url::Url;
use windows_auth::{Answer as Response, SendError, SignInError};

/// How often a read is repeated after a failure that may pass.
const REPEATS: u32 = 3;
/// The pause before the first repeat; each further one doubles it.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// No single record or journal is longer; a longer answer is not read into memory.
const LONGEST_SINGLE_ANSWER: usize = 64 << 20;

/// Where to look when an address answers nothing that makes sense.
const CHECK_THE_PATH: &str = "check the path in the dialect against the site's /help page";

/// What a read asks for.
pub(super) struct Question<'q> {
    /// For messages: `the account 000-1100-00`.
    pub what: &'q str,
    pub read: &'q Read,
    pub names: &'q [(&'q str, &'q str)],
    pub shape: &'q Arc<Shape>,
}

/// How often a read was repeated, and the next pause.
struct Patience {
    repeats: u32,
    pause: Duration,
}

impl Patience {
    fn new() -> Patience {
        Patience { repeats: 0, pause: FIRST_PAUSE }
    }
}

/// Why one try of a read gave nothing.
pub(super) enum Failure {
    /// May pass: the read is repeated.
    Passing(String),
    Final(GpError),
}

impl Site {
    /// The one row with this key; `None` when GP has none.
    ///
    /// # Errors
    /// Every reason why GP gave no usable answer, after the repeats.
    pub(super) async fn one<T>(
        &self,
        question: &Question<'_>,
        make: &mut (dyn FnMut(Row) -> Result<T, String> + Send),
    ) -> Result<Option<T>, GpError> {
        let url = self.url(question, &BTreeMap::new(), None)?;
        let reading = self.reading(question, None);
        let mut patience = Patience::new();
        loop {
            match self.single(question.what, &url, &reading, make).await {
                Ok(answer) => return Ok(answer.rows.into_iter().next()),
                Err(failure) => self.wait(&mut patience, question.what, failure).await?,
            }
        }
    }

    /// Every row of a list, as a stream that is never in memory as a whole.
    ///
    /// # Errors
    /// Every reason why GP gave no usable answer, after the repeats.
    pub(super) async fn all<T, F>(
        &self,
        question: &Question<'_>,
        since: Option<&str>,
        make: F,
    ) -> Result<Vec<T>, GpError>
    where
        T: Send + 'static,
        F: Fn(Row) -> Result<T, String> + Clone + Send + 'static,
    {
        let mut rows = Vec::new();
        let mut page: u32 = match &self.dialect.paging {
            Paging::Pages { first, .. } => *first,
            Paging::None {} | Paging::Link { .. } => 0,
        };
        let mut url = self.url(question, &self.page(page), since)?;
        let mut patience = Patience::new();
        loop {
            let answer = match self.streamed(question, &url, make.clone()).await {
                Ok(answer) => answer,
                Err(failure) => {
                    self.wait(&mut patience, question.what, failure).await?;
                    continue;
                }
            };
            patience = Patience::new();
            let count = answer.rows.len();
            rows.extend(answer.rows);
            match (&self.dialect.paging, answer.next) {
                (Paging::Pages { rows: full, .. }, _) if count >= *full as usize && count > 0 => {
                    page += 1;
                    url = self.url(question, &self.page(page), since)?;
                }
                (Paging::Link { .. }, Some(next)) => url = self.followed(question.what, &url, &next)?,
                _ => return Ok(rows),
            }
        }
    }

    /// One try of a read with a single row.
    async fn single<T>(
        &self,
        what: &str,
        url: &Url,
        reading: &Reading,
        make: &mut (dyn FnMut(Row) -> Result<T, String> + Send),
    ) -> Result<Answer<T>, Failure> {
        let _permit = self.calls.acquire().await;
        let (status, response) = self.get(what, url.clone()).await?;
        let kind = kind_of(&response);
        let bytes = collect(response).await?;
        self.judged(what, status, &kind, reading.read(bytes.as_slice(), make))
    }

    /// One try of a read of a list: a blocking thread parses while the answer arrives.
    async fn streamed<T, F>(&self, question: &Question<'_>, url: &Url, make: F) -> Result<Answer<T>, Failure>
    where
        T: Send + 'static,
        F: Fn(Row) -> Result<T, String> + Send + 'static,
    {
        let _permit = self.calls.acquire().await;
        let (status, response) = self.get(question.what, url.clone()).await?;
        let kind = kind_of(&response);
        let next = match &self.dialect.paging {
            Paging::Link { at } => Some(at.clone()),
            Paging::None {} | Paging::Pages { .. } => None,
        };
        let reading = self.reading(question, next);
        let pieces = stream::unfold(response.body, |mut body| async {
            body.chunk().await.map_err(io::Error::other).transpose().map(|piece| (piece, body))
        });
        let bytes = StreamReader::new(Box::pin(pieces));
        let bridge = SyncIoBridge::new(bytes);
        let read = tokio::task::spawn_blocking(move || reading.read(bridge, &mut |row| make(row))).await;
        match read {
            Ok(read) => self.judged(question.what, status, &kind, read),
            Err(_) => Err(Failure::Passing("the reading was stopped".to_owned())),
        }
    }

    /// One GET; everything that its status alone decides is decided here.
    async fn get(&self, what: &str, url: Url) -> Result<(StatusCode, Response), Failure> {
        let unavailable = |why: String| Failure::Final(GpError::Unavailable { what: what.to_owned(), why });
        let response = self.asked(&url).await.map_err(|error| match error {
            SendError::Slow { .. } => unavailable(error.to_string()),
            SendError::Unreachable { why } | SendError::Silent { why } => Failure::Passing(why),
            SendError::SignIn(sign_in) if may_pass(&sign_in) => Failure::Passing(sign_in.to_string()),
            SendError::SignIn(sign_in) => Failure::Final(no_sign_in(&sign_in)),
            SendError::Unproven => Failure::Final(no_sign_in(&SignInError::NotProven)),
        })?;
        self.hear_time(&response.headers);
        match response.status {
            StatusCode::FORBIDDEN => Err(Failure::Final(GpError::Forbidden {
                what: format!("read {what}"),
                hint: "map the Windows account to a GP user with access to the company and to this service".to_owned(),
            })),
            StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => {
                Err(Failure::Passing(format!("it answered {}", response.status)))
            }
            status => Ok((status, response)),
        }
    }

    /// What the rest of an answer to a read proves.
    fn judged<T>(
        &self,
        what: &str,
        status: StatusCode,
        kind: &str,
        read: Result<Answer<T>, serde_json::Error>,
    ) -> Result<Answer<T>, Failure> {
        let unreadable = |why: String| Failure::Final(GpError::Unreadable { what: what.to_owned(), why });
        let may_be_bare = self.dialect.envelope.bare_not_found == BareNotFound::Missing;
        let is_missing = status == StatusCode::NOT_FOUND;
        let mut answer = match read {
            Ok(answer) => answer,
            Err(error) if error.is_io() => {
                return Err(Failure::Passing("the connection was cut in the answer".to_owned()));
            }
            Err(_) if is_missing && may_be_bare => return Ok(Answer::nothing()),
            Err(_) if !kind.contains("json") => {
                return Err(unreadable(format!("it is {kind}, not JSON (status {status}); {CHECK_THE_PATH}")));
            }
            Err(error) => return Err(unreadable(error.to_string())),
        };
        let numbers = &self.dialect.envelope.not_found_numbers;
        let says_missing = !answer.messages.is_empty()
            && answer.messages.iter().all(|said| said.number.is_some_and(|number| numbers.contains(&number)));
        if says_missing || is_missing && (answer.is_enveloped || may_be_bare) {
            answer.rows.clear();
            return Ok(answer);
        }
        if let Some(refusal) = self.refusals.explain(&answer.messages).first() {
            return Err(unreadable(format!("{} {}", refusal.message, refusal.remedy)));
        }
        if status.is_server_error() {
            return Err(Failure::Final(GpError::Unavailable {
                what: what.to_owned(),
                why: format!("it answered {status}"),
            }));
        }
        if !status.is_success() {
            return Err(unreadable(format!("it answered {status}; {CHECK_THE_PATH}")));
        }
        if answer.success == Some(false) {
            return Err(unreadable("GP says that the call did not succeed, and not why".to_owned()));
        }
        if !answer.has_body {
            return Err(unreadable(format!(
                "it has no {}; check envelope.answer in the dialect",
                self.dialect.envelope.answer
            )));
        }
        Ok(answer)
    }

    /// Waits before a read is tried again, or gives up. Only for reads: a write that failed is read back, not repeated.
    async fn wait(&self, patience: &mut Patience, what: &str, failure: Failure) -> Result<(), GpError> {
        let why = match failure {
            Failure::Final(error) => return Err(error),
            Failure::Passing(why) => why,
        };
        if patience.repeats == REPEATS {
            let why = format!("{why}, {} times", REPEATS + 1);
            return Err(GpError::Unavailable { what: what.to_owned(), why });
        }
        tracing::debug!(what, why, "asking GP again");
        self.clock.sleep(patience.pause).await;
        patience.repeats += 1;
        patience.pause *= 2;
        Ok(())
    }

    fn reading(&self, question: &Question<'_>, next: Option<String>) -> Reading {
        Reading {
            dialect: Arc::clone(&self.dialect),
            shape: Arc::clone(question.shape),
            rows: question.read.rows.clone(),
            next,
        }
    }

    fn url(
        &self,
        question: &Question<'_>,
        page: &BTreeMap<String, String>,
        since: Option<&str>,
    ) -> Result<Url, GpError> {
        let read = question.read;
        let none = BTreeMap::new();
        let filter = if since.is_some() { &read.modified_since } else { &none };
        let mut names = question.names.to_vec();
        names.extend(since.map(|since| ("since", since)));
        self.address
            .url(&read.path, &[&read.query, filter, page], &names)
            .map_err(|why| GpError::Unreadable { what: question.what.to_owned(), why })
    }

    /// The query parameters of a page.
    fn page(&self, page: u32) -> BTreeMap<String, String> {
        match &self.dialect.paging {
            Paging::Pages { page: parameter, size, rows, .. } => {
                BTreeMap::from([(parameter.clone(), page.to_string()), (size.clone(), rows.to_string())])
            }
            Paging::None {} | Paging::Link { .. } => BTreeMap::new(),
        }
    }

    /// The next page's address: only on the same server, because the password goes with it.
    fn followed(&self, what: &str, from: &Url, next: &str) -> Result<Url, GpError> {
        match from.join(next) {
            Ok(url) if url.origin() == from.origin() && url != *from => Ok(url),
            _ => Err(GpError::Unreadable {
                what: what.to_owned(),
                why: format!("its next page `{next}` is not on the same server, or is the same page"),
            }),
        }
    }
}

fn kind_of(response: &Response) -> String {
    let kind = response.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.unwrap_or("of no stated type").to_owned()
}

/// A whole answer of moderate length.
pub(super) async fn collect(mut response: Response) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    loop {
        match response.body.chunk().await {
            Ok(Some(chunk)) if bytes.len() + chunk.len() <= LONGEST_SINGLE_ANSWER => bytes.extend_from_slice(&chunk),
            Ok(Some(_)) => return Err(Failure::Passing("its answer never ended".to_owned())),
            Ok(None) => return Ok(bytes),
            Err(why) => return Err(Failure::Passing(why)),
        }
    }
}
