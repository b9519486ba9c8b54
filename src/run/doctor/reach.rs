//! Goes the way to a system, step by step, as far as it leads. Nothing is sent over it: TLS is begun, looked at and ended.

use super::certificate::Certificate;
use super::network::{Met, Refused, Tls, Way};
use super::proxy::Chosen;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, ProtocolVersion, SignatureScheme};
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use url::Url;
use windows_auth::tls::{self, TlsError, Trust};

/// How long each step may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// So many addresses of a name are tried.
const ADDRESSES: usize = 8;
/// The longest answer of a proxy that is read.
const LONGEST_HEAD: usize = 16 << 10;

/// Goes to `url` by the chosen way.
pub async fn go(about: &'static str, url: &Url, chosen: Chosen, trust: &Trust) -> Met {
    let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']').to_owned();
    let port = url.port_or_known_default().unwrap_or(443);
    let mut met = Met {
        about,
        host: host.clone(),
        port,
        way: chosen.way,
        addresses: None,
        reached: Vec::new(),
        proxy_refused: None,
        tls: None,
    };
    let proxy = match &met.way {
        Way::Straight { .. } => None,
        Way::Proxy { address, .. } => Url::parse(address).ok(),
    };
    let (name, at) = match &proxy {
        None => (host.clone(), port),
        Some(proxy) => {
            let name = proxy.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']').to_owned();
            (name, proxy.port_or_known_default().unwrap_or(80))
        }
    };
    let found = looked_up(&name, at).await;
    met.addresses = Some(found.clone());
    let mut stream = None;
    for address in found.unwrap_or_default() {
        match connected(address).await {
            Ok(open) => {
                met.reached.push((address, Ok(())));
                stream = stream.or(Some(open));
            }
            Err(why) => met.reached.push((address, Err(why))),
        }
    }
    let Some(mut stream) = stream.filter(|_| url.scheme() == "https") else { return met };
    if let Some(proxy) = proxy {
        if proxy.scheme() == "https" {
            return met; // TLS to the proxy itself: what lies behind it cannot be looked at from here
        }
        if let Err(why) = tunnelled(&mut stream, &host, port, chosen.authorization.as_ref()).await {
            met.proxy_refused = Some(why);
            return met;
        }
    }
    met.tls = Some(looked_at(stream, &host, trust).await);
    met
}

/// Whether a connection is taken at `host:port`: for domain controllers.
///
/// # Errors
/// Why not, in words.
pub async fn reached(host: &str, port: u16) -> Result<(), String> {
    let mut why = "it has no address".to_owned();
    for address in looked_up(host, port).await? {
        match connected(address).await {
            Ok(_) => return Ok(()),
            Err(no) => why = no,
        }
    }
    Err(why)
}

async fn looked_up(host: &str, port: u16) -> Result<Vec<SocketAddr>, String> {
    match timeout(PATIENCE, tokio::net::lookup_host((host, port))).await {
        Err(_) => Err("the DNS server did not answer in 5 seconds".to_owned()),
        Ok(Err(error)) => Err(error.to_string()),
        Ok(Ok(found)) => {
            let mut addresses: Vec<SocketAddr> = Vec::new();
            for address in found {
                if !addresses.contains(&address) && addresses.len() < ADDRESSES {
                    addresses.push(address);
                }
            }
            Ok(addresses)
        }
    }
}

async fn connected(address: SocketAddr) -> Result<TcpStream, String> {
    match timeout(PATIENCE, TcpStream::connect(address)).await {
        Err(_) => Err("no answer in 5 seconds, as when a firewall swallows it".to_owned()),
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(error)) => Err(match error.kind() {
            io::ErrorKind::ConnectionRefused => "refused: nothing listens there, or a firewall says no".to_owned(),
            io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable => "no route leads there".to_owned(),
            _ => error.to_string(),
        }),
    }
}

/// Asks a proxy for a tunnel (RFC 9110 §9.3.6).
async fn tunnelled(
    stream: &mut TcpStream,
    host: &str,
    port: u16,
    authorization: Option<&http::HeaderValue>,
) -> Result<(), String> {
    let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
    let mut request = format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n");
    if let Some(value) = authorization.and_then(|value| value.to_str().ok()) {
        request.push_str(&format!("Proxy-Authorization: {value}\r\n"));
    }
    request.push_str("\r\n");
    let exchange = async {
        stream.write_all(request.as_bytes()).await?;
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") && head.len() < LONGEST_HEAD {
            head.push(stream.read_u8().await?);
        }
        Ok::<_, io::Error>(head)
    };
    let head = match timeout(PATIENCE, exchange).await {
        Err(_) => return Err("it did not answer in 5 seconds".to_owned()),
        Ok(Err(error)) => return Err(error.to_string()),
        Ok(Ok(head)) => head,
    };
    let text = String::from_utf8_lossy(&head);
    match text.split(' ').nth(1).unwrap_or_default() {
        "200" => Ok(()),
        "407" => Err("it asks for a sign-in (407): set HTTPS_PROXY with one".to_owned()),
        code if code.len() == 3 && code.bytes().all(|digit| digit.is_ascii_digit()) => {
            Err(format!("it answered {code}"))
        }
        _ => Err("it is no HTTP proxy".to_owned()),
    }
}

/// Begins TLS as the clients do, and notes the certificate whether it is trusted or not.
async fn looked_at(stream: TcpStream, host: &str, trust: &Trust) -> Tls {
    let handshake = |why: String| Tls { refused: Some(Refused::Handshake(why)), ..Tls::default() };
    let (noting, config) = match noting(trust) {
        Ok(made) => made,
        Err(error) => return handshake(error.to_string()),
    };
    let Ok(name) = ServerName::try_from(host.to_owned()) else {
        return handshake("its name cannot stand in a certificate".to_owned());
    };
    let begun = timeout(PATIENCE, TlsConnector::from(Arc::new(config)).connect(name, stream)).await;
    let certificate = noting.seen().as_deref().and_then(Certificate::read);
    match begun {
        Err(_) => handshake("it did not answer in 5 seconds".to_owned()),
        Ok(Ok(stream)) => {
            let version = stream.get_ref().1.protocol_version().map(|version| match version {
                ProtocolVersion::TLSv1_3 => "TLS 1.3".to_owned(),
                ProtocolVersion::TLSv1_2 => "TLS 1.2".to_owned(),
                other => format!("{other:?}"),
            });
            Tls { version, certificate, refused: None }
        }
        Ok(Err(error)) => {
            let cause = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>());
            let refused = cause.map_or_else(|| Refused::Handshake(plain(&error)), refused);
            Tls { version: None, certificate, refused: Some(refused) }
        }
    }
}

fn plain(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset => "it ended the connection".to_owned(),
        _ => error.to_string(),
    }
}

/// What an error of rustls means.
fn refused(error: &Error) -> Refused {
    match error {
        Error::InvalidCertificate(why) => match why {
            CertificateError::UnknownIssuer => Refused::UnknownIssuer,
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => Refused::Expired,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => Refused::NotYet,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => Refused::WrongName,
            CertificateError::Revoked => Refused::Revoked,
            other => Refused::Certificate(other.to_string()),
        },
        Error::InvalidMessage(_) => Refused::Handshake("what answers there speaks no TLS".to_owned()),
        Error::AlertReceived(alert) => Refused::Handshake(format!("the server refused with {alert:?}")),
        Error::PeerIncompatible(why) => {
            Refused::Handshake(format!("the server and this program have no TLS in common ({why:?})"))
        }
        other => Refused::Handshake(other.to_string()),
    }
}

/// The machine's verifier, with what it was shown.
#[derive(Debug)]
struct Noting {
    verifier: Arc<dyn ServerCertVerifier>,
    seen: Mutex<Option<Vec<u8>>>,
}

impl Noting {
    fn seen(&self) -> Option<Vec<u8>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn noting(trust: &Trust) -> Result<(Arc<Noting>, ClientConfig), TlsError> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let noting = Arc::new(Noting { verifier: tls::verifier(trust, &provider)?, seen: Mutex::default() });
    let config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(tls::versions(trust))?
        // It trusts exactly what the clients trust; it only looks over their shoulder.
        .dangerous()
        .with_custom_certificate_verifier(Arc::clone(&noting) as Arc<dyn ServerCertVerifier>)
        .with_no_client_auth();
    Ok((noting, config))
}

impl ServerCertVerifier for Noting {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(end_entity.to_vec());
        self.verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }
}
