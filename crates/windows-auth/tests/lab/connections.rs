//! Connections: one handshake each, dropped ones, servers that want a token a request, and what is never sent twice.

use crate::world::*;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use windows_auth::{Binding, Login, Pool, SendError};

/// 400 requests, eight at once: eight handshakes, and every answer a 200.
#[tokio::test]
async fn one_handshake_a_connection() {
    let logins = [
        ("APACHE_NTLM_HTTP", Login::Ntlm(service("GP\\{}"))),
        ("NTLM_HTTPS", Login::Ntlm(service("GP\\{}"))),
        ("APACHE_KRB_HTTPS", Login::Kerberos(kerberos(service("{}")))),
        ("APACHE_KRB_HTTP", with_key(keytab())),
    ];
    for (front, login) in logins {
        let pool = Pool::new(server(front), login, binding(Binding::Auto), limits(8)).unwrap();
        let path = fresh_path("many");
        let mut all = Vec::new();
        for number in 0..400 {
            let (pool, path) = (Arc::clone(&pool), path.clone());
            all.push(tokio::spawn(async move {
                let body = format!("{number} {}", "x".repeat(number));
                let (status, text) = post(&pool, &path, body.as_bytes()).await.unwrap();
                assert_eq!(status, 200);
                assert!(text.contains(&format!("\"length\": {}", body.len())), "{text}");
            }));
        }
        for one in all {
            one.await.unwrap();
        }
        let seen = pool.seen();
        assert!(seen.handshakes <= 8 && seen.connections <= 8, "{front}: {seen:?}");
        let lines = let_in_when(front, &path, 400);
        let connections: BTreeSet<&str> = lines.iter().map(|line| line.connection.as_str()).collect();
        assert_eq!(connections.len() as u64, seen.connections, "{front}");
        assert_eq!(lines.iter().filter(|line| line.status == 200).count(), 400, "{front}");
        // NTLM's two first legs a connection and one look at what is offered are the only 401s.
        assert!(lines.len() <= 400 + 1 + 8, "{front}: {} lines", lines.len());
    }
}

/// A body goes over the wire whole once: the leg before it is empty.
#[tokio::test]
async fn a_body_is_sent_once() {
    for (front, login) in
        [("NTLM_HTTP", Login::Ntlm(service("GP\\{}"))), ("MIT_HTTP", Login::Kerberos(kerberos(service("{}"))))]
    {
        let (relay, counted) = Relay::to(server(front).port).await;
        let mut server = server(front);
        server.address = Some(relay);
        let pool = Pool::new(server, login, binding(Binding::Auto), limits(1)).unwrap();
        let body = vec![b'x'; 300_000];
        assert_eq!(post(&pool, &fresh_path("body"), &body).await.unwrap().0, 200);
        drop(pool);
        let sent = counted.all_sent().await;
        assert!((300_000..320_000).contains(&sent), "{front}: {sent} bytes left");
    }
}

/// MIT's and Samba's acceptors want a token with every Kerberos request. It is learnt once, and goes with the request itself.
#[tokio::test]
async fn a_token_a_request_where_the_server_wants_it() {
    for login in [Login::Kerberos(kerberos(service("{}"))), with_key(keytab())] {
        let pool = pool("AD_HTTP", login, binding(Binding::Auto));
        let path = fresh_path("each");
        for _ in 0..5 {
            assert_eq!(post(&pool, &path, b"a journal").await.unwrap().0, 200);
        }
        let statuses: Vec<u16> = requests_when("AD_HTTP", &path, 6).iter().map(|line| line.status).collect();
        assert_eq!(statuses, [200, 401, 200, 200, 200, 200]);
    }
}

/// A server that has closed an idle connection meanwhile: a new one, a new handshake, and nothing lost.
#[tokio::test]
async fn a_dropped_connection_is_opened_anew() {
    for (front, login) in [
        ("APACHE_NTLM_HTTP", Login::Ntlm(service("GP\\{}"))),
        ("APACHE_KRB_HTTP", Login::Kerberos(kerberos(service("{}")))),
    ] {
        let (address, relay) = Relay::to(server(front).port).await;
        let mut server = server(front);
        server.address = Some(address);
        let pool = Pool::new(server, login, binding(Binding::Auto), limits(1)).unwrap();
        let path = fresh_path("dropped");
        for round in 1..=3u64 {
            assert_eq!(get(&pool, &path).await.unwrap().0, 200);
            assert_eq!(pool.seen().connections, round, "{front}");
            relay.drop_all().await;
        }
        let users = let_in_when(front, &path, 3).iter().filter(|line| line.status == 200).count();
        assert_eq!(users, 3);
    }
}

/// A server whose own key changed takes kept tickets no longer: that is said once, and the next request has a new ticket.
#[tokio::test]
async fn tickets_that_were_good_once() {
    let front = server("APACHE_KRB_HTTP");
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let heads = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&heads);
    tokio::spawn(async move {
        for turn in 0.. {
            let (mut client, _) = listener.accept().await.unwrap();
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(client.read_u8().await.unwrap());
            }
            noted.lock().unwrap().push(ticket(&head));
            if turn == 1 {
                let no = b"HTTP/1.1 401 No\r\nWWW-Authenticate: Negotiate\r\nContent-Length: 0\r\n\r\n";
                client.write_all(no).await.unwrap();
                continue;
            }
            tokio::spawn(async move {
                let mut server = TcpStream::connect(("127.0.0.1", front.port)).await.unwrap();
                server.write_all(&head).await.unwrap();
                copy_bidirectional(&mut client, &mut server).await
            });
        }
    });
    let server = windows_auth::Server { address: Some(address), ..server("APACHE_KRB_HTTP") };
    let limits = windows_auth::Limits { age: std::time::Duration::ZERO, ..limits(1) };
    let pool = Pool::new(server, with_key(keytab()), binding(Binding::Auto), limits).unwrap();
    assert_eq!(get(&pool, &fresh_path("first")).await.unwrap().0, 200);
    let refused = sign_in(get(&pool, &fresh_path("second")).await.unwrap_err());
    assert_eq!(refused.to_string(), "the server did not take the ticket for HTTP/gp.gp.test");
    assert_eq!(get(&pool, &fresh_path("third")).await.unwrap().0, 200);
    assert_eq!(get(&pool, &fresh_path("fourth")).await.unwrap().0, 200);
    let tickets = heads.lock().unwrap();
    assert_eq!(tickets[0], tickets[1]);
    assert_ne!(tickets[1], tickets[2]);
    assert_eq!(tickets[2], tickets[3]);
}

/// A piece from the middle of the ticket within a request's token; what is about it changes with every handshake.
fn ticket(head: &[u8]) -> Vec<u8> {
    let text = String::from_utf8(head.to_vec()).unwrap();
    let token = text.lines().find_map(|line| line.strip_prefix("authorization: Negotiate ")).unwrap();
    STANDARD.decode(token).unwrap()[400..700].to_vec()
}

/// An answer that nobody reads to its end takes its connection with it.
#[tokio::test]
async fn an_answer_left_unread_takes_its_connection() {
    let pool = pool("APACHE_NTLM_HTTP", Login::Ntlm(service("GP\\{}")), binding(Binding::Auto));
    let request = http::Request::post(fresh_path("left")).body(bytes::Bytes::from(vec![b'x'; 100])).unwrap();
    drop(pool.send(request).await.unwrap());
    assert_eq!(get(&pool, &fresh_path("left")).await.unwrap().0, 200);
    assert_eq!(pool.seen().connections, 2);
}

#[tokio::test]
async fn nobody_there_is_no_sign_in() {
    let mut server = server("MIT_HTTP");
    server.address = Some(SocketAddr::from(([127, 0, 0, 1], 1)));
    let pool = Pool::new(server, Login::Kerberos(kerberos(service("{}"))), binding(Binding::Auto), limits(1)).unwrap();
    assert!(matches!(get(&pool, "/").await.unwrap_err(), SendError::Unreachable { .. }));
}

/// Copies bytes between a client and a server, counts them, and cuts when told.
struct Relay {
    sent: AtomicUsize,
    cut: watch::Sender<u32>,
    open: AtomicUsize,
}

impl Relay {
    async fn to(port: u16) -> (SocketAddr, Arc<Relay>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let relay =
            Arc::new(Relay { sent: AtomicUsize::new(0), cut: watch::Sender::new(0), open: AtomicUsize::new(0) });
        let shared = Arc::clone(&relay);
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let relay = Arc::clone(&shared);
                let mut cut = relay.cut.subscribe();
                relay.open.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(async move {
                    let mut server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
                    tokio::select! {
                        copied = copy_bidirectional(&mut client, &mut server) => {
                            if let Ok((up, _)) = copied {
                                relay.sent.fetch_add(usize::try_from(up).unwrap(), Ordering::SeqCst);
                            }
                        }
                        _ = cut.changed() => {}
                    }
                    drop((client, server));
                    relay.open.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        (address, relay)
    }

    /// What went to the server, once every connection has ended.
    async fn all_sent(&self) -> usize {
        while self.open.load(Ordering::SeqCst) > 0 {
            tokio::task::yield_now().await;
        }
        self.sent.load(Ordering::SeqCst)
    }

    /// Cuts every connection, and comes back when they are gone.
    async fn drop_all(&self) {
        self.cut.send_modify(|count| *count += 1);
        while self.open.load(Ordering::SeqCst) > 0 {
            tokio::task::yield_now().await;
        }
    }
}
