//! TLS to the server: the system's authorities, a customer's own, or one pinned certificate. There is no switch to trust anything.

use crate::certificate::Fingerprint;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, Error, SignatureScheme, SupportedProtocolVersion};
use rustls_platform_verifier::Verifier;
use std::sync::Arc;
use thiserror::Error as ThisError;

/// Whom a connection trusts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trust {
    /// Authorities beside the system's, as PEM.
    pub authorities: Vec<String>,
    /// Exactly this certificate, and no authority: for a server that signed its own.
    pub pinned: Option<Fingerprint>,
    /// Whether TLS 1.2 is refused.
    pub only_tls13: bool,
}

/// Why no connection can be encrypted as asked.
#[derive(Debug, ThisError)]
pub enum TlsError {
    #[error("it holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)")]
    NoCertificate,
    #[error("a certificate in it cannot be read: {0}")]
    Pem(String),
    #[error("{0}")]
    Rustls(#[from] Error),
}

/// The certificates of a PEM text.
///
/// # Errors
/// When there is none, or one cannot be read.
pub fn authorities(pem: &str) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem.as_bytes()).collect();
    let all = all.map_err(|error| TlsError::Pem(error.to_string()))?;
    if all.is_empty() { Err(TlsError::NoCertificate) } else { Ok(all) }
}

/// A client's TLS, HTTP/1.1 only: these sign-ins hold for a connection.
///
/// # Errors
/// When an authority cannot be read, or the system's cannot be loaded.
pub fn client(trust: &Trust) -> Result<Arc<ClientConfig>, TlsError> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier = verifier(trust, &provider)?;
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions(trust))?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// The versions of TLS that are spoken.
pub fn versions(trust: &Trust) -> &'static [&'static SupportedProtocolVersion] {
    static TLS13: &[&SupportedProtocolVersion] = &[&rustls::version::TLS13];
    if trust.only_tls13 { TLS13 } else { rustls::ALL_VERSIONS }
}

/// What judges a server's certificate.
///
/// # Errors
/// When an authority cannot be read, or the system's cannot be loaded.
pub fn verifier(trust: &Trust, provider: &Arc<CryptoProvider>) -> Result<Arc<dyn ServerCertVerifier>, TlsError> {
    if let Some(pinned) = trust.pinned {
        return Ok(Arc::new(Pinned { pinned, provider: Arc::clone(provider) }));
    }
    let mut extra = Vec::new();
    for pem in &trust.authorities {
        extra.extend(authorities(pem)?);
    }
    Ok(Arc::new(platform(extra, Arc::clone(provider))?))
}

fn platform(extra: Vec<CertificateDer<'static>>, provider: Arc<CryptoProvider>) -> Result<Verifier, Error> {
    if extra.is_empty() { Verifier::new(provider) } else { Verifier::new_with_extra_roots(extra, provider) }
}

/// Takes one certificate only. That its owner holds the key is checked as always.
#[derive(Debug)]
struct Pinned {
    pinned: Fingerprint,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let shown = Fingerprint::of(end_entity);
        if shown == self.pinned {
            return Ok(ServerCertVerified::assertion());
        }
        Err(Error::General(format!("the server's certificate is {shown}, not the pinned {}", self.pinned)))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
