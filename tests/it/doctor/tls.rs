//! The way to a server with a certificate of our own making: what is trusted, what is not, and what is said of it.

use crate::proxies;
use ml_connector::project::connections::Proxy;
use ml_connector::run::doctor::network::{Met, Refused, judge};
use ml_connector::run::doctor::{Check, State, proxy, reach};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use url::Url;
use windows_auth::tls::Trust;

/// The company's own authority.
fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut parameters = CertificateParams::new(Vec::new()).unwrap();
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    parameters.distinguished_name.push(DnType::CommonName, "Meadow Root");
    parameters.distinguished_name.push(DnType::OrganizationName, "Meadow Goods, Inc.");
    CertifiedIssuer::self_signed(parameters, KeyPair::generate().unwrap()).unwrap()
}

/// A server on loopback with a certificate for `name` that ends in this year. Gives its address.
async fn server(authority: &CertifiedIssuer<'static, KeyPair>, name: &str, ends: i32) -> String {
    let mut parameters = CertificateParams::new(vec![name.to_owned()]).unwrap();
    parameters.not_before = date_time_ymd(2020, 1, 1);
    parameters.not_after = date_time_ymd(ends, 12, 31);
    let key = KeyPair::generate().unwrap();
    let certificate = parameters.signed_by(&key, authority).unwrap();
    let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], private)
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let _ = acceptor.accept(stream).await;
        }
    });
    format!("https://localhost:{}", address.port())
}

async fn go(url: &str, trust: &Trust) -> Met {
    let url: Url = url.parse().unwrap();
    reach::go("GP", &url, proxy::choose(&url, &Proxy::Off, &|_| None), trust).await
}

/// A client that knows the authority, as `tls: { authorities: … }` says it.
fn trusting(authority: &CertifiedIssuer<'_, KeyPair>) -> Trust {
    Trust { authorities: vec![authority.pem()], ..Trust::default() }
}

fn refused(met: &Met) -> Option<&Refused> {
    met.tls.as_ref().unwrap().refused.as_ref()
}

fn check(met: &Met, name: &str) -> Check {
    let checks = judge(met, "2026-11-27T00:00:00Z".parse().unwrap());
    checks.iter().find(|check| check.name == name).unwrap_or_else(|| panic!("{name}: {checks:?}")).clone()
}

#[tokio::test]
async fn a_certificate_of_the_companys_own_authority_wants_its_root() {
    let authority = authority();
    let url = server(&authority, "localhost", 2120).await;
    let unknown = go(&url, &Trust::default()).await;
    assert_eq!(refused(&unknown), Some(&Refused::UnknownIssuer));
    let told = check(&unknown, "certificate");
    assert_eq!(told.says, "it was issued by Meadow Root (Meadow Goods, Inc.), whom this machine does not know");
    assert!(told.remedy.unwrap().contains("trusted roots"));
    let known = go(&url, &trusting(&authority)).await;
    assert_eq!(refused(&known), None);
    assert_eq!((check(&known, "TLS").state, check(&known, "TLS").says.as_str()), (State::Good, "TLS 1.3"));
    let ends = check(&known, "certificate ends");
    assert!(ends.state == State::Good && ends.says.starts_with("on 2120-12-31, in "), "{}", ends.says);
}

#[tokio::test]
async fn another_name_and_an_ended_certificate_are_told_in_words() {
    let authority = authority();
    let roots = trusting(&authority);
    let other = go(&server(&authority, "gp.meadow.example", 2120).await, &roots).await;
    assert_eq!(refused(&other), Some(&Refused::WrongName));
    assert_eq!(check(&other, "certificate").says, "it is for gp.meadow.example, not for localhost");
    let ended = go(&server(&authority, "localhost", 2021).await, &roots).await;
    assert_eq!(refused(&ended), Some(&Refused::Expired));
    assert_eq!(check(&ended, "certificate").says, "it ended on 2021-12-31");
}

#[tokio::test]
async fn a_server_without_tls_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = tokio::io::AsyncWriteExt::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    let met = go(&format!("https://localhost:{port}"), &Trust::default()).await;
    assert!(matches!(refused(&met), Some(Refused::Handshake(_))), "{met:?}");
    assert_eq!(check(&met, "TLS").state, State::Bad);
}

#[tokio::test]
async fn a_tunnel_leads_to_the_same_certificate() {
    let (authority, proxy_) = (authority(), proxies::Proxy::start());
    let url: Url = server(&authority, "localhost", 2120).await.parse().unwrap();
    let chosen = proxy::choose(&url, &Proxy::At(proxy_.url()), &|_| None);
    let met = reach::go("GP", &url, chosen, &trusting(&authority)).await;
    assert_eq!(check(&met, "TLS").says, "TLS 1.3");
    assert_eq!(proxy_.targets(), [format!("localhost:{}", url.port().unwrap())]);
    assert!(check(&met, "proxy").says.ends_with("as project.yaml says"));
}

#[tokio::test]
async fn a_proxy_that_wants_a_sign_in_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let answer = b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n";
            let _ = tokio::io::AsyncWriteExt::write_all(&mut stream, answer).await;
        }
    });
    let url: Url = "https://meadow.invalid".parse().unwrap();
    let met = reach::go("GP", &url, proxy::choose(&url, &Proxy::At(address), &|_| None), &Trust::default()).await;
    assert!(check(&met, "tunnel").says.contains("asks for a sign-in (407)"), "{met:?}");
}
