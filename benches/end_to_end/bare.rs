//! The bare client: the same requests with the same concurrency, answers read and thrown away, two commits a journal.

use crate::line::Measured;
use crate::recorder::Recorded;
use futures_util::{StreamExt as _, stream};
use ml_connector::project::Generation;
use reqwest::header::{CONTENT_LENGTH, HOST, HeaderMap, HeaderName, HeaderValue};
use rusqlite::{Connection, params};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// Requests of one kind that follow each other may be on their way together, as ours are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// One after the other.
    Alone,
    /// BambooHR's tables and hours.
    Table,
    LookUp,
    Journal,
}

impl Kind {
    fn of(request: &Recorded) -> Kind {
        if request.method == "POST" && !request.is_bamboohr {
            Kind::Journal
        } else if request.target.contains("/Accounts(") {
            Kind::LookUp
        } else if request.target.contains("/tables/") || request.target.contains("/timesheet_entries") {
            Kind::Table
        } else {
            Kind::Alone
        }
    }

    fn at_once(self) -> usize {
        match self {
            Kind::Alone => 1,
            Kind::Table => ml_connector::bamboohr::AT_ONCE,
            Kind::LookUp | Kind::Journal => 16,
        }
    }
}

/// A request, ready to go.
#[derive(Clone)]
struct Ready {
    kind: Kind,
    url: String,
    headers: HeaderMap,
    body: String,
}

/// Repeats the recorded requests against the systems of the project in `folder`, and prints what it took.
pub fn run(folder: &Path, requests: &Path) {
    let generation = Generation::load(folder, None).unwrap_or_else(|broken| panic!("{:?}", broken.findings));
    let bamboohr = generation.project.bamboohr.as_ref().expect("a connection").base_url.clone();
    let gp = format!("http://127.0.0.1:{}", generation.project.gp.as_ref().expect("a connection").port);
    let recorded: Vec<Recorded> =
        serde_json::from_slice(&std::fs::read(requests).expect("a file")).expect("recorded requests");
    let ready = recorded.iter().map(|request| ready(request, if request.is_bamboohr { &bamboohr } else { &gp }));
    let ready: Vec<Ready> = ready.collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(repeat(&ready, folder));
}

fn ready(request: &Recorded, base: &str) -> Ready {
    let own = |name: &HeaderName| *name != HOST && *name != CONTENT_LENGTH;
    let header =
        |(name, value): &(String, String)| Some((HeaderName::try_from(name).ok()?, HeaderValue::try_from(value).ok()?));
    Ready {
        kind: Kind::of(request),
        url: format!("{base}{}", request.target),
        headers: request.headers.iter().filter_map(header).filter(|(name, _)| own(name)).collect(),
        body: request.body.clone(),
    }
}

async fn repeat(requests: &[Ready], folder: &Path) {
    let began = Instant::now();
    let http = reqwest::Client::builder().no_proxy().tls_certs_only([]).http1_only().build().expect("a client");
    let store = Arc::new(Mutex::new(open(folder)));
    let mut journals = 0;
    for group in requests.chunk_by(|before, after| before.kind == after.kind) {
        let kind = group[0].kind;
        let answers = stream::iter(group).map(|request| one(&http, &store, request)).buffer_unordered(kind.at_once());
        let answered = answers.count().await;
        if kind == Kind::Journal {
            journals += answered;
        }
    }
    Measured::say(journals, &[began.elapsed()]);
}

async fn one(http: &reqwest::Client, store: &Arc<Mutex<Connection>>, request: &Ready) {
    let is_journal = request.kind == Kind::Journal;
    if is_journal {
        commit(store, request).await;
    }
    let call = match request.body.is_empty() {
        true => http.get(&request.url),
        false => http.post(&request.url).body(request.body.clone()),
    };
    let mut answer = call.headers(request.headers.clone()).send().await.expect("an answer");
    assert!(answer.status().is_success() || answer.status().as_u16() == 404, "{} {}", answer.status(), request.url);
    while answer.chunk().await.expect("the whole answer").is_some() {}
    if is_journal {
        commit(store, request).await;
    }
}

/// With the pragmas of our own store.
fn open(folder: &Path) -> Connection {
    let connection = Connection::open(folder.join("bare.db")).expect("a store");
    connection.pragma_update(None, "journal_mode", "WAL").expect("WAL");
    connection.pragma_update(None, "synchronous", "FULL").expect("FULL");
    connection.execute_batch("CREATE TABLE journals (body TEXT NOT NULL) STRICT").expect("a table");
    connection
}

/// One row, durable.
async fn commit(store: &Arc<Mutex<Connection>>, request: &Ready) {
    let (store, body) = (Arc::clone(store), request.body.clone());
    let commit = move || {
        let store = store.lock().expect("the store");
        store.execute("INSERT INTO journals (body) VALUES (?1)", params![body]).expect("a commit");
    };
    tokio::task::spawn_blocking(commit).await.expect("a commit");
}
