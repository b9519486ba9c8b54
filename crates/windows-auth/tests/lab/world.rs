//! The domain that `tests/lab/run` started, and what its servers wrote down.

use bytes::Bytes;
use http::Request;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use windows_auth::tls::{self, Trust};
use windows_auth::{Account, Binding, Kerberos, Key, Limits, Login, Pool, SendError, Server, SignInError, Terms};

/// A value that the lab printed. Missing is a failure, not a skip.
pub fn lab(name: &str) -> String {
    let value = std::env::var_os(name).unwrap_or_else(|| panic!("{name} is not set: run bash tests/lab/run"));
    value.into_string().unwrap()
}

/// A server of the lab: `APACHE_IIS_HTTPS`.
pub fn server(front: &str) -> Server {
    let url = lab(&format!("GPLAB_URL_{front}"));
    let (scheme, rest) = url.split_once("://").unwrap();
    let (host, port) = rest.trim_end_matches('/').rsplit_once(':').unwrap();
    let port: u16 = port.parse().unwrap();
    let ca = std::fs::read_to_string(lab("GPLAB_CA")).unwrap();
    let trust = Trust { authorities: vec![ca], ..Trust::default() };
    Server {
        host: host.to_owned(),
        port,
        tls: (scheme == "https").then(|| tls::client(&trust).unwrap()),
        address: Some(SocketAddr::from(([127, 0, 0, 1], port))),
        proxy: None,
    }
}

pub fn account(user: &str, password: &str) -> Account {
    Account { user: user.to_owned(), password: password.to_owned().into() }
}

/// `svc-gp`, written as `form` says: `{}` is its name.
pub fn service(form: &str) -> Account {
    account(&form.replace("{}", &lab("GPLAB_USER")), &lab("GPLAB_PASSWORD"))
}

pub fn kerberos(account: Account) -> Kerberos {
    Kerberos {
        key: Key::Password(account),
        realm: Some(lab("GPLAB_REALM")),
        kdcs: vec![lab("GPLAB_KDC")],
        spn: None,
        ntlm_instead: false,
    }
}

pub fn keytab() -> Key {
    Key::Keytab {
        keytab: PathBuf::from(lab("GPLAB_USER_KEYTAB")),
        principal: format!("{}@{}", lab("GPLAB_USER"), lab("GPLAB_REALM")),
    }
}

/// A ticket cache that `kinit` filled.
pub fn ticket_cache(folder: &tempfile::TempDir) -> Key {
    let cache = format!("FILE:{}", folder.path().join("cache").display());
    let principal = format!("{}@{}", lab("GPLAB_USER"), lab("GPLAB_REALM"));
    let done =
        Command::new("kinit").args(["-c", &cache, "-k", "-t", &lab("GPLAB_USER_KEYTAB"), &principal]).status().unwrap();
    assert!(done.success());
    Key::TicketCache { cache: Some(cache) }
}

pub fn with_key(key: Key) -> Login {
    Login::Kerberos(Kerberos { key, realm: Some(lab("GPLAB_REALM")), kdcs: vec![], spn: None, ntlm_instead: false })
}

pub fn binding(binding: Binding) -> Terms {
    Terms { binding, ..Terms::default() }
}

pub fn pool(front: &str, login: Login, terms: Terms) -> Arc<Pool> {
    Pool::new(server(front), login, terms, limits(1)).unwrap()
}

pub fn limits(connections: usize) -> Limits {
    Limits {
        connections,
        kdc: std::time::Duration::from_secs(2),
        answer: std::time::Duration::from_secs(20),
        ..Limits::default()
    }
}

/// A path that nobody else asks for, so that the servers' logs can be told apart.
pub fn fresh_path(what: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("/{what}-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Status and JSON of a GET.
pub async fn get(pool: &Arc<Pool>, path: &str) -> Result<(u16, String), SendError> {
    send(pool, Request::get(path).body(Bytes::new()).unwrap()).await
}

pub async fn post(pool: &Arc<Pool>, path: &str, body: &[u8]) -> Result<(u16, String), SendError> {
    send(pool, Request::post(path).body(Bytes::copy_from_slice(body)).unwrap()).await
}

async fn send(pool: &Arc<Pool>, request: Request<Bytes>) -> Result<(u16, String), SendError> {
    let mut answer = pool.send(request).await?;
    let mut text = Vec::new();
    while let Some(piece) = answer.body.chunk().await.unwrap() {
        text.extend_from_slice(&piece);
    }
    Ok((answer.status.as_u16(), String::from_utf8(text).unwrap()))
}

pub fn sign_in(error: SendError) -> SignInError {
    match error {
        SendError::SignIn(error) => error,
        other => panic!("{other}"),
    }
}

/// One line that a server wrote about a request.
#[derive(Debug, PartialEq, Eq)]
pub struct Line {
    pub connection: String,
    pub status: u16,
}

/// What the servers wrote about requests for `path`, in order.
pub fn requests(front: &str, path: &str) -> Vec<Line> {
    let text = log(front);
    let asked = format!(" {path} HTTP/1.1\"");
    let mine = text.lines().filter(|line| line.contains(&asked));
    mine.map(|line| {
        let status = line.split("HTTP/1.1\" ").nth(1).unwrap()[..3].parse().unwrap();
        let connection = if front.starts_with("APACHE") {
            line.split(' ').nth(1).unwrap().to_owned()
        } else {
            line.split(' ').next().unwrap().to_owned()
        };
        Line { connection, status }
    })
    .collect()
}

/// The same, once there are so many: a server writes after it has answered.
pub fn requests_when(front: &str, path: &str, count: usize) -> Vec<Line> {
    requests_once(front, path, |lines| lines.len() >= count)
}

/// The same, once so many of them were let in.
pub fn let_in_when(front: &str, path: &str, count: usize) -> Vec<Line> {
    requests_once(front, path, |lines| lines.iter().filter(|line| line.status == 200).count() >= count)
}

fn requests_once(front: &str, path: &str, is_enough: impl Fn(&[Line]) -> bool) -> Vec<Line> {
    let patience = std::time::Instant::now();
    loop {
        let lines = requests(front, path);
        if is_enough(&lines) || patience.elapsed().as_secs() > 10 {
            return lines;
        }
        std::thread::yield_now();
    }
}

/// As whom and by which mechanism a server let `path` in, by its own log: `svc-gp@GP.TEST by krb5`.
pub fn let_in(front: &str, path: &str) -> Option<String> {
    let_in_when(front, path, 1);
    let text = log(front);
    if front.starts_with("APACHE") {
        let line = text.lines().find(|line| line.contains(&format!(" {path} HTTP/1.1\" 200")))?;
        let parts: Vec<&str> = line.split(' ').collect();
        return Some(format!("{} by {}", parts[2], parts[3]));
    }
    let line = text.lines().find(|line| line.ends_with(&format!(" for {path}")))?;
    let from = line.find("authenticated ")? + "authenticated ".len();
    Some(line[from..line.rfind(" for ")?].to_owned())
}

fn log(front: &str) -> String {
    let name = if front.starts_with("APACHE") {
        "apache-access.log".to_owned()
    } else {
        format!("{}.out", front.to_lowercase())
    };
    std::fs::read_to_string(PathBuf::from(lab("GPLAB_DIR")).join("log").join(name)).unwrap()
}

/// How many wrong passwords the directory has counted for a user since the last right one.
pub fn wrong_tries(user: &str) -> u32 {
    attribute(user, "badPwdCount").parse().unwrap()
}

pub fn attribute(user: &str, name: &str) -> String {
    let filter = format!("(sAMAccountName={user})");
    let out = Command::new("ldbsearch").args(["-H", &lab("GPLAB_SAM"), &filter, name]).output().unwrap();
    let text = String::from_utf8(out.stdout).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
    line.unwrap_or("0").to_owned()
}
