//! From a server's name to a stream: TCP, through a proxy where one is named, TLS where it is wanted.

use crate::certificate::ServerCertificate;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use secrecy::{ExposeSecret as _, SecretString};
use std::fmt;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// A server, and the way to it.
#[derive(Clone)]
pub struct Server {
    /// A name or an address; IPv6 with or without brackets.
    pub host: String,
    pub port: u16,
    /// Encrypted with this, or plain.
    pub tls: Option<Arc<ClientConfig>>,
    /// Where it is, when the system's names do not say.
    pub address: Option<SocketAddr>,
    pub proxy: Option<Proxy>,
}

/// An HTTP proxy that takes `CONNECT`.
#[derive(Clone, Debug)]
pub struct Proxy {
    /// `host:port`.
    pub address: String,
    /// User and password, by Basic.
    pub sign_in: Option<(String, SecretString)>,
}

impl fmt::Debug for Server {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", self.host, self.port)
    }
}

/// A stream to a server, which tells whether the server takes what is written.
pub(crate) struct Stream {
    way: Way,
    /// Bytes wait that the server does not take. hyper counts a request as sent once it is in its own buffer.
    pub(crate) is_stuck: Arc<AtomicBool>,
}

enum Way {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl Stream {
    fn new(way: Way) -> Stream {
        Stream { way, is_stuck: Arc::default() }
    }

    fn noted<T>(&self, poll: Poll<T>) -> Poll<T> {
        self.is_stuck.store(poll.is_pending(), Ordering::Relaxed);
        poll
    }
}

/// A proxy's answer to CONNECT is short.
const LONGEST_PROXY_ANSWER: usize = 16 << 10;

/// Connects. The error is a reason in words.
pub(crate) async fn connect(server: &Server) -> Result<(Stream, Option<ServerCertificate>), String> {
    let host = server.host.trim_matches(['[', ']']);
    let tcp = match (&server.proxy, server.address) {
        (Some(proxy), _) => through(proxy, &server.host, server.port).await?,
        (_, Some(address)) => TcpStream::connect(address).await.map_err(|error| error.to_string())?,
        (_, None) => TcpStream::connect((host, server.port)).await.map_err(|error| error.to_string())?,
    };
    tcp.set_nodelay(true).map_err(|error| error.to_string())?;
    let Some(tls) = &server.tls else { return Ok((Stream::new(Way::Plain(tcp)), None)) };
    let name =
        ServerName::try_from(host.to_owned()).map_err(|_| format!("{host} is no name that a certificate can have"))?;
    let stream = TlsConnector::from(Arc::clone(tls)).connect(name, tcp).await.map_err(|error| error.to_string())?;
    let certificate = stream.get_ref().1.peer_certificates().and_then(<[_]>::first).map(ServerCertificate::new);
    Ok((Stream::new(Way::Tls(Box::new(stream))), certificate))
}

async fn through(proxy: &Proxy, host: &str, port: u16) -> Result<TcpStream, String> {
    let cannot = |why: String| format!("the proxy {}: {why}", proxy.address);
    let mut stream = TcpStream::connect(&proxy.address).await.map_err(|error| cannot(error.to_string()))?;
    let host = if host.contains(':') && !host.starts_with('[') { format!("[{host}]") } else { host.to_owned() };
    let mut request = format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n");
    if let Some((user, password)) = &proxy.sign_in {
        let pair = STANDARD.encode(format!("{user}:{}", password.expose_secret()));
        request.push_str(&format!("Proxy-Authorization: Basic {pair}\r\n"));
    }
    request.push_str("\r\n");
    stream.write_all(request.as_bytes()).await.map_err(|error| cannot(error.to_string()))?;
    let mut answer = Vec::new();
    // Byte by byte: what follows the empty line belongs to the server.
    while !answer.ends_with(b"\r\n\r\n") {
        if answer.len() == LONGEST_PROXY_ANSWER {
            return Err(cannot("its answer never ended".to_owned()));
        }
        answer.push(stream.read_u8().await.map_err(|_| cannot("it cut the connection".to_owned()))?);
    }
    match status(&answer) {
        Some(200..=299) => Ok(stream),
        Some(407) => Err(cannot("it wants a user and a password".to_owned())),
        Some(status) => Err(cannot(format!("it answered {status}"))),
        None => Err(cannot("what it answered is no HTTP".to_owned())),
    }
}

/// The status of a head; `None` where it is no HTTP.
fn status(head: &[u8]) -> Option<u16> {
    let rest = head.strip_prefix(b"HTTP/1.")?;
    let digits = rest.get(2..5).filter(|_| rest.get(1) == Some(&b' '))?;
    let is_number = digits.iter().all(u8::is_ascii_digit) && !rest.get(5)?.is_ascii_digit();
    std::str::from_utf8(digits).ok().filter(|_| is_number)?.parse().ok()
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<std::io::Result<()>> {
        match &mut self.get_mut().way {
            Way::Plain(stream) => Pin::new(stream).poll_read(cx, buf),
            Way::Tls(stream) => Pin::new(stream.as_mut()).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<std::io::Result<usize>> {
        let poll = match &mut self.way {
            Way::Plain(stream) => Pin::new(stream).poll_write(cx, buf),
            Way::Tls(stream) => Pin::new(stream.as_mut()).poll_write(cx, buf),
        };
        self.noted(poll)
    }
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        let poll = match &mut self.way {
            Way::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Way::Tls(stream) => Pin::new(stream.as_mut()).poll_flush(cx),
        };
        self.noted(poll)
    }
    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        match &mut self.get_mut().way {
            Way::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Way::Tls(stream) => Pin::new(stream.as_mut()).poll_shutdown(cx),
        }
    }
}
