//! A proxy on the way.

use crate::server::{Fake, answer, head, says};
use crate::world::*;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use windows_auth::{Login, Pool, Proxy, SendError, Server, Terms};

/// A proxy that answers CONNECT with `says` and then is a pipe. Gives its address and what it was asked.
async fn proxy(says: Vec<u8>) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let asked: Arc<Mutex<Vec<String>>> = Arc::default();
    let noted = Arc::clone(&asked);
    tokio::spawn(async move {
        loop {
            let Ok((mut stream, _)) = listener.accept().await else { return };
            let Some(got) = head(&mut stream).await else { continue };
            let sign_in = got.header("proxy-authorization").unwrap_or("nobody").to_owned();
            noted.lock().unwrap().push(format!("{} {} {sign_in}", got.method, got.path));
            let says = says.clone();
            tokio::spawn(async move {
                stream.write_all(&says).await.unwrap();
                if let Ok(mut onward) = TcpStream::connect(&got.path).await {
                    let _ = copy_bidirectional(&mut stream, &mut onward).await;
                }
            });
        }
    });
    (address, asked)
}

async fn through(says: &str, port: u16) -> (Result<(u16, String), SendError>, Vec<String>) {
    let (address, asked) = proxy(says.as_bytes().to_vec()).await;
    let sign_in = Some(("door".to_owned(), "keeper".to_owned().into()));
    let limits = if says.ends_with("\r\n\r\n") { limits(1) } else { impatient() };
    let server = Server { proxy: Some(Proxy { address, sign_in }), ..server(port) };
    let pool = Pool::new(server, Login::Ntlm(account()), Terms::default(), limits).unwrap();
    let outcome = post(&pool, "/", "x").await;
    let asked = asked.lock().unwrap().clone();
    (outcome, asked)
}

#[tokio::test]
async fn a_proxy_that_lets_through() {
    let fake = Fake::start(ntlm(|_| says(200, "", "yes"))).await;
    for yes in
        ["HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.0 200 Connection established\r\nVia: x\r\n\r\n", "HTTP/1.1 204 \r\n\r\n"]
    {
        let (outcome, asked) = through(yes, fake.port).await;
        assert_eq!(outcome.unwrap().1, "yes");
        assert_eq!(asked, [format!("CONNECT 127.0.0.1:{} Basic ZG9vcjprZWVwZXI=", fake.port)]);
    }
    assert!(fake.got().iter().all(|got| got.header("proxy-authorization").is_none()));
}

/// Nothing reaches the server, and what a proxy says does not reach a log.
#[tokio::test]
async fn a_proxy_that_does_not() {
    let fake = Fake::start(ntlm(|_| says(200, "", "yes"))).await;
    let refused = String::from_utf8(answer(407, "Proxy-Authenticate: Basic\r\n", "")).unwrap();
    let endless = format!("HTTP/1.1 200 OK\r\n{}", "X-Filler: x\r\n".repeat(10_000));
    let cases = [
        (refused.as_str(), "it wants a user and a password"),
        ("HTTP/1.1 502 Bad\r\n\r\n", "it answered 502"),
        ("HTTP/1.1 101 Switching\r\n\r\n", "it answered 101"),
        ("SSH-2.0 200 \x1b[31m\r\n\r\n", "what it answered is no HTTP"),
        ("HTTP/1.1 \x1b[31 \r\n\r\n", "what it answered is no HTTP"),
        ("HTTP/1.1 2000 \r\n\r\n", "what it answered is no HTTP"),
        ("\r\n\r\n", "what it answered is no HTTP"),
        (endless.as_str(), "its answer never ended"),
        ("HTTP/1.1 200 OK\r\n", "no connection within 1000 ms"),
    ];
    for (says, words) in cases {
        let (outcome, _) = through(says, fake.port).await;
        let Err(SendError::Unreachable { why }) = outcome else { panic!("{says}") };
        assert!(why.ends_with(words), "{why}");
        assert!(!why.contains("keeper") && !why.contains('\x1b'), "{why}");
    }
    assert!(fake.got().is_empty());
}
