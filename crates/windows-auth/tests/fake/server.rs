//! A scripted HTTP/1.1 server on loopback, which notes everything it got.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Got {
    /// Which connection, from 0.
    pub connection: usize,
    /// Which request of this connection, from 0.
    pub turn: usize,
    pub method: String,
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Got {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_str())
    }

    /// What the client shows: `NTLM TlRM…`.
    pub fn sign_in(&self) -> Option<&str> {
        self.header("authorization")
    }
}

/// What the server does.
#[derive(Clone, Debug)]
pub enum Does {
    Says(Vec<u8>),
    /// Says it, then ends the connection.
    Ends(Vec<u8>),
    /// Says it, then nothing for ever.
    Hangs(Vec<u8>),
}

/// An answer with a length.
pub fn answer(status: u16, headers: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status} Said\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

pub fn says(status: u16, headers: &str, body: &str) -> Does {
    Does::Says(answer(status, headers, body))
}

/// A running server. Ends when it is dropped.
pub struct Fake {
    pub port: u16,
    got: Arc<Mutex<Vec<Got>>>,
    opened: Arc<Mutex<usize>>,
    task: JoinHandle<()>,
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.task.abort();
    }
}

pub trait Script: Fn(&Got) -> Does + Send + Sync + 'static {}
impl<T: Fn(&Got) -> Does + Send + Sync + 'static> Script for T {}

impl Fake {
    pub async fn start(script: impl Script) -> Fake {
        Fake::start_at(Ipv4Addr::LOCALHOST.into(), None, script).await
    }

    pub async fn start_at(address: IpAddr, tls: Option<TlsAcceptor>, script: impl Script) -> Fake {
        let listener = TcpListener::bind((address, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (got, opened, script) = (Arc::default(), Arc::new(Mutex::new(0)), Arc::new(script));
        let (noted, counted) = (Arc::clone(&got), Arc::clone(&opened));
        let task = tokio::spawn(async move {
            // Its children end with it.
            let mut children = tokio::task::JoinSet::new();
            loop {
                let Ok((stream, _)) = listener.accept().await else { return };
                let (noted, script, tls) = (Arc::clone(&noted), Arc::clone(&script), tls.clone());
                let connection = {
                    let mut count = counted.lock().unwrap();
                    *count += 1;
                    *count - 1
                };
                children.spawn(async move {
                    match tls {
                        None => serve(stream, connection, &noted, &*script).await,
                        Some(tls) => match tls.accept(stream).await {
                            Ok(stream) => serve(stream, connection, &noted, &*script).await,
                            Err(_) => None,
                        },
                    }
                });
            }
        });
        Fake { port, got, opened, task }
    }

    pub fn got(&self) -> Vec<Got> {
        self.got.lock().unwrap().clone()
    }

    /// How many connections were opened.
    pub fn opened(&self) -> usize {
        *self.opened.lock().unwrap()
    }
}

async fn serve<S>(mut stream: S, connection: usize, noted: &Mutex<Vec<Got>>, script: &impl Script) -> Option<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    for turn in 0.. {
        let mut got = head(&mut stream).await?;
        (got.connection, got.turn) = (connection, turn);
        let length: usize = got.header("content-length").map_or(0, |length| length.parse().unwrap());
        got.body = vec![0; length];
        stream.read_exact(&mut got.body).await.ok()?;
        noted.lock().unwrap().push(got.clone());
        match script(&got) {
            Does::Says(bytes) => stream.write_all(&bytes).await.ok()?,
            Does::Ends(bytes) => {
                stream.write_all(&bytes).await.ok()?;
                return stream.shutdown().await.ok();
            }
            Does::Hangs(bytes) => {
                stream.write_all(&bytes).await.ok()?;
                std::future::pending::<()>().await;
            }
        }
    }
    None
}

/// A request without its body; `None` when the client has gone.
pub async fn head(stream: &mut (impl AsyncRead + Unpin)) -> Option<Got> {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        bytes.push(stream.read_u8().await.ok()?);
    }
    let text = String::from_utf8(bytes).unwrap();
    let mut lines = text.lines();
    let mut first = lines.next()?.split(' ').map(str::to_owned);
    let headers = lines.filter_map(|line| line.split_once(": "));
    Some(Got {
        connection: 0,
        turn: 0,
        method: first.next()?,
        path: first.next()?,
        headers: headers.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect(),
        body: Vec::new(),
    })
}
