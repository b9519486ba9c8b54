//! Connections: which go on, which do not, and whose answer is whose.

use crate::server::{Does, Fake, answer, says};
use crate::world::*;
use bytes::Bytes;
use http::Request;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use windows_auth::{Limits, Login, Pool, SendError, Terms};

#[tokio::test]
async fn idle_and_old_ones_are_not_used_again() {
    let keeps = [limits(1), Limits { idle: Duration::ZERO, ..limits(1) }, Limits { age: Duration::ZERO, ..limits(1) }];
    for (limits, opened) in keeps.into_iter().zip([1, 3, 3]) {
        let fake = Fake::start(ntlm(|_| says(200, "", "yes"))).await;
        let pool = pool(&fake, Login::Ntlm(account()), limits);
        for _ in 0..3 {
            assert_eq!(get(&pool, "/").await.unwrap().0, 200);
        }
        assert_eq!(fake.opened(), opened);
    }
}

/// An answer that nobody reads, or reads in part, takes its connection with it.
#[tokio::test]
async fn unread_and_half_read_answers() {
    let fake = Fake::start(ntlm(|got| says(200, "", &got.path.repeat(100_000)))).await;
    let pool = pool(&fake, Login::Ntlm(account()), limits(1));
    for (turn, path) in ["/unread", "/half", "/whole"].into_iter().enumerate() {
        let request = Request::get(path).body(Bytes::new()).unwrap();
        let mut answer = pool.send(request).await.unwrap();
        match path {
            "/unread" => {}
            "/half" => assert!(answer.body.chunk().await.unwrap().unwrap().starts_with(b"/half")),
            _ => while answer.body.chunk().await.unwrap().is_some() {},
        }
        assert_eq!(fake.opened(), turn + 1);
    }
    assert_eq!(get(&pool, "/last").await.unwrap().1, "/last".repeat(100_000));
    assert_eq!(fake.opened(), 3);
}

#[tokio::test]
async fn answers_of_every_kind() {
    let chunked =
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Trailer: x\r\n\r\n".to_vec();
    let no_length = b"HTTP/1.1 200 OK\r\n\r\nto the end".to_vec();
    let old = b"HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nold".to_vec();
    let cases = [
        (Does::Says(chunked), "abc", true),
        (Does::Says(b"HTTP/1.1 204 None\r\n\r\n".to_vec()), "", true),
        (Does::Says(b"HTTP/1.1 304 Same\r\nContent-Length: 100\r\n\r\n".to_vec()), "", true),
        (Does::Ends(no_length), "to the end", false),
        (Does::Says(answer(200, "Connection: close\r\n", "bye")), "bye", false),
        (Does::Says(old), "old", false),
    ];
    for (does, text, goes_on) in cases {
        let kind = does.clone();
        let fake = Fake::start(ntlm(move |_| kind.clone())).await;
        let pool = pool(&fake, Login::Ntlm(account()), limits(1));
        for _ in 0..2 {
            assert_eq!(get(&pool, "/").await.unwrap().1, text, "{does:?}");
        }
        assert_eq!(fake.opened(), if goes_on { 1 } else { 2 }, "{does:?}");
    }
}

#[tokio::test]
async fn an_answer_to_head_has_no_body() {
    let fake = Fake::start(|got| match got.method.as_str() {
        "HEAD" => Does::Says(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n".to_vec()),
        _ => says(200, "", "get"),
    })
    .await;
    let pool = pool(&fake, Login::Basic(account()), limits(1));
    assert_eq!(send(&pool, Request::head("/").body(Bytes::new()).unwrap()).await.unwrap(), (200, String::new()));
    assert_eq!(get(&pool, "/").await.unwrap(), (200, "get".to_owned()));
    assert_eq!(fake.opened(), 1);
}

/// A cut in a body is said, and the connection is gone.
#[tokio::test]
async fn a_body_that_is_cut() {
    let short = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort".to_vec();
    for (does, words) in [(Does::Ends(short.clone()), ""), (Does::Hangs(short), "nothing more within 1000 ms")] {
        let fake =
            Fake::start(ntlm(move |got| if got.path == "/cut" { does.clone() } else { says(200, "", "ok") })).await;
        let pool = pool(&fake, Login::Ntlm(account()), if words.is_empty() { limits(1) } else { impatient() });
        let mut answer = pool.send(Request::get("/cut").body(Bytes::new()).unwrap()).await.unwrap();
        assert_eq!(answer.body.chunk().await.unwrap().unwrap(), "short");
        assert!(answer.body.chunk().await.unwrap_err().contains(words));
        assert_eq!(answer.body.chunk().await, Ok(None));
        assert_eq!(get(&pool, "/next").await.unwrap().1, "ok");
    }
}

#[tokio::test]
async fn megabytes_both_ways() {
    let fake = Fake::start(ntlm(|got| says(200, "", &String::from_utf8_lossy(&got.body)))).await;
    let pool = pool(&fake, Login::Ntlm(account()), limits(1));
    let body = "0123456789abcdef".repeat(400_000);
    for _ in 0..2 {
        assert!(post(&pool, "/", &body).await.unwrap().1 == body);
    }
    assert_eq!(fake.opened(), 1);
}

/// The server answers early and never takes the rest of a large body: the next request does not wait for it.
#[tokio::test]
async fn an_early_answer() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let task = tokio::spawn(async move {
        let mut kept = Vec::new();
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut some = [0; 1000];
            stream.read_exact(&mut some[..100]).await.unwrap();
            stream.write_all(&answer(200, "", "early")).await.unwrap();
            kept.push(stream);
        }
    });
    let pool = Pool::new(server(port), Login::Basic(account()), Terms::default(), limits(1)).unwrap();
    for _ in 0..2 {
        assert_eq!(post(&pool, "/", &"x".repeat(32 << 20)).await.unwrap().1, "early");
    }
    task.abort();
}

/// More than what was asked for is nobody's answer.
#[tokio::test]
async fn an_answer_that_nobody_asked_for() {
    let two = [answer(200, "", "mine"), answer(200, "", "nobody's")].concat();
    let fake =
        Fake::start(move |got| if got.path == "/two" { Does::Says(two.clone()) } else { says(200, "", "mine") }).await;
    let pool = pool(&fake, Login::Basic(account()), limits(1));
    for path in ["/two", "/one", "/two", "/two", "/one"] {
        assert_eq!(get(&pool, path).await.unwrap().1, "mine", "{path}");
    }
}

#[tokio::test]
async fn nobody_listens() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let pool = Pool::new(server(port), Login::Ntlm(account()), Terms::default(), limits(1)).unwrap();
    assert!(matches!(post(&pool, "/", "x").await, Err(SendError::Unreachable { .. })));
}

/// As many as a machine can count are as good as none at all: both make a pool.
#[tokio::test]
async fn odd_numbers_of_connections() {
    for connections in [0, usize::MAX] {
        let fake = Fake::start(ntlm(|_| says(200, "", "yes"))).await;
        let pool = pool(&fake, Login::Ntlm(account()), limits(connections));
        assert_eq!(get(&pool, "/").await.unwrap().0, 200);
    }
}

#[tokio::test]
async fn over_ipv6() {
    let fake = Fake::start_at(std::net::Ipv6Addr::LOCALHOST.into(), None, ntlm(|_| says(200, "", "yes"))).await;
    for host in ["::1", "[::1]"] {
        let server = windows_auth::Server { host: host.into(), ..server(fake.port) };
        let pool = Pool::new(server, Login::Ntlm(account()), Terms::default(), limits(1)).unwrap();
        assert_eq!(get(&pool, "/").await.unwrap().0, 200);
    }
    let host = format!("[::1]:{}", fake.port);
    assert!(fake.got().iter().all(|got| got.header("host") == Some(&host)));
}
