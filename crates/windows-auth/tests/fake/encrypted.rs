//! TLS: whom a connection trusts, and that nothing is said to anybody else.

use crate::server::{Fake, says};
use crate::world::*;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, SupportedProtocolVersion};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use tokio_rustls::TlsAcceptor;
use windows_auth::certificate::Fingerprint;
use windows_auth::tls::{self, Trust};
use windows_auth::{Login, Pool, SendError, Server, Terms};

/// A server's certificate for `names`, its key, and the authority that signed it, as PEM.
fn certificate(names: &[&str]) -> (CertificateDer<'static>, PrivateKeyDer<'static>, String) {
    let mut authority = CertificateParams::new(vec![]).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority_key = KeyPair::generate().unwrap();
    let pem = authority.self_signed(&authority_key).unwrap().pem();
    let issuer = Issuer::new(authority, authority_key);
    let key = KeyPair::generate().unwrap();
    let names = names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let certificate = CertificateParams::new(names).unwrap().signed_by(&key, &issuer).unwrap();
    (certificate.der().clone(), PrivateKeyDer::try_from(key.serialize_der()).unwrap(), pem)
}

struct World {
    fake: Fake,
    authority: String,
    fingerprint: Fingerprint,
}

async fn world(address: IpAddr, names: &[&str], versions: &[&'static SupportedProtocolVersion]) -> World {
    let (certificate, key, authority) = certificate(names);
    let fingerprint = Fingerprint::of(&certificate);
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let fake = Fake::start_at(address, Some(acceptor), ntlm(|_| says(200, "", "yes"))).await;
    World { fake, authority, fingerprint }
}

impl World {
    async fn asked(&self, host: &str, trust: &Trust) -> Result<u16, String> {
        let tls = Some(tls::client(trust).unwrap());
        let server = Server { host: host.to_owned(), tls, ..server(self.fake.port) };
        let pool = Pool::new(server, Login::Ntlm(account()), Terms::default(), limits(1)).unwrap();
        match get(&pool, "/").await {
            Ok((status, _)) => {
                assert_eq!(pool.seen().certificate.unwrap().fingerprint(), self.fingerprint);
                Ok(status)
            }
            Err(SendError::Unreachable { why }) => Err(why),
            Err(other) => panic!("{other:?}"),
        }
    }
}

fn authorities(pem: &str) -> Trust {
    Trust { authorities: vec![pem.to_owned()], ..Trust::default() }
}

#[tokio::test]
async fn whom_a_connection_trusts() {
    let world = world(Ipv4Addr::LOCALHOST.into(), &["localhost", "127.0.0.1"], rustls::ALL_VERSIONS).await;
    let (_, _, other) = certificate(&["localhost"]);
    let ours = authorities(&world.authority);
    assert_eq!(world.asked("localhost", &ours).await, Ok(200));
    assert_eq!(world.asked("127.0.0.1", &ours).await, Ok(200));
    // A pinned certificate is good whatever its name, and no other is.
    let pinned = |fingerprint| Trust { pinned: Some(fingerprint), ..ours.clone() };
    let pin_only = Trust { pinned: Some(world.fingerprint), ..Trust::default() };
    assert_eq!(world.asked("localhost", &pin_only).await, Ok(200));
    let let_in = world.fake.got().len();
    let why = world.asked("localhost", &pinned(Fingerprint([7; 32]))).await.unwrap_err();
    assert!(why.contains(&format!("the server's certificate is {}", world.fingerprint)), "{why}");
    for trust in [Trust::default(), authorities(&other)] {
        let why = world.asked("localhost", &trust).await.unwrap_err();
        assert!(why.contains("certificate"), "{why}");
    }
    // Not a byte of HTTP went to whom it does not trust.
    assert_eq!(world.fake.got().len(), let_in);
}

#[tokio::test]
async fn a_certificate_for_another_name() {
    let world = world(Ipv4Addr::LOCALHOST.into(), &["elsewhere.test"], rustls::ALL_VERSIONS).await;
    assert!(world.asked("localhost", &authorities(&world.authority)).await.unwrap_err().contains("certificate"));
    assert!(world.fake.got().is_empty());
}

#[tokio::test]
async fn over_ipv6() {
    let world = world(Ipv6Addr::LOCALHOST.into(), &["::1"], rustls::ALL_VERSIONS).await;
    for host in ["::1", "[::1]"] {
        assert_eq!(world.asked(host, &authorities(&world.authority)).await, Ok(200));
    }
}

#[tokio::test]
async fn only_the_newest_version() {
    let old = world(Ipv4Addr::LOCALHOST.into(), &["localhost"], &[&rustls::version::TLS12]).await;
    let trust = authorities(&old.authority);
    assert_eq!(old.asked("localhost", &trust).await, Ok(200));
    let why = old.asked("localhost", &Trust { only_tls13: true, ..trust }).await.unwrap_err();
    assert!(why.to_lowercase().contains("protocol"), "{why}");
    let new = world(Ipv4Addr::LOCALHOST.into(), &["localhost"], &[&rustls::version::TLS13]).await;
    let trust = Trust { only_tls13: true, ..authorities(&new.authority) };
    assert_eq!(new.asked("localhost", &trust).await, Ok(200));
}
