//! Pools for the scripted servers, and NTLM's part of a server.

use crate::server::{Does, Fake, Got, says};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Request;
use std::sync::Arc;
use std::time::Duration;
use windows_auth::{Account, Limits, Login, Pool, SendError, Server, SignInError, Terms};

pub fn account() -> Account {
    Account { user: "ACME\\svc-gp".into(), password: "of no use elsewhere".to_owned().into() }
}

pub fn limits(connections: usize) -> Limits {
    Limits {
        connections,
        connect: Duration::from_secs(20),
        kdc: Duration::from_secs(20),
        answer: Duration::from_secs(20),
        ..Limits::default()
    }
}

/// For servers that hang; a second, so that a busy machine is not taken for one.
pub fn impatient() -> Limits {
    Limits { answer: Duration::from_secs(1), connect: Duration::from_secs(1), ..limits(1) }
}

pub fn server(port: u16) -> Server {
    Server { host: "127.0.0.1".into(), port, tls: None, address: None, proxy: None }
}

pub fn pool(fake: &Fake, login: Login, limits: Limits) -> Arc<Pool> {
    Pool::new(server(fake.port), login, Terms::default(), limits).unwrap()
}

pub async fn get(pool: &Arc<Pool>, path: &str) -> Result<(u16, String), SendError> {
    send(pool, Request::get(path).body(Bytes::new()).unwrap()).await
}

pub async fn post(pool: &Arc<Pool>, path: &str, body: &str) -> Result<(u16, String), SendError> {
    send(pool, Request::post(path).body(Bytes::copy_from_slice(body.as_bytes())).unwrap()).await
}

pub async fn send(pool: &Arc<Pool>, request: Request<Bytes>) -> Result<(u16, String), SendError> {
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
        other => panic!("{other:?}"),
    }
}

/// Which part of NTLM a request carries: 1, 3, or 0 for none.
pub fn ntlm_part(got: &Got) -> u8 {
    let Some(token) = got.sign_in().and_then(|sign_in| sign_in.strip_prefix("NTLM ")) else { return 0 };
    let token = STANDARD.decode(token).unwrap();
    assert!(token.starts_with(b"NTLMSSP\0"));
    token[8]
}

/// NTLM as a server with a domain behind it does it; what it does with the proof, and with all that comes on a connection that is
/// signed in, is `then`.
pub fn ntlm(then: impl Fn(&Got) -> Does + Send + Sync + 'static) -> impl Fn(&Got) -> Does + Send + Sync + 'static {
    let signed_in = std::sync::Mutex::new(std::collections::BTreeSet::new());
    move |got| match ntlm_part(got) {
        1 => says(401, &challenge_header(), "go on"),
        3 => {
            signed_in.lock().unwrap().insert(got.connection);
            then(got)
        }
        _ if signed_in.lock().unwrap().contains(&got.connection) => then(got),
        _ => says(401, OFFERS, "who are you?"),
    }
}

pub const OFFERS: &str = "WWW-Authenticate: Negotiate\r\nWWW-Authenticate: NTLM\r\n";

pub fn challenge_header() -> String {
    format!("WWW-Authenticate: NTLM {}\r\n", STANDARD.encode(challenge()))
}

/// An NTLM challenge, recorded from the test lab.
pub fn challenge() -> Vec<u8> {
    STANDARD.decode(include_str!("recorded/ntlm.b64").trim()).unwrap()
}
