//! The certificate that a server showed, and the binding of a sign-in to it.

use crate::guard::{guarded, is_der};
use picky_asn1_x509::{Certificate, Time};
use rustls::pki_types::CertificateDer;
use sha2::{Digest, Sha256, Sha384, Sha512};
use std::fmt;

/// The certificate of one connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerCertificate {
    der: Vec<u8>,
}

/// What a person wants to know of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateFacts {
    pub subject: String,
    pub issuer: String,
    /// The last moment of its validity: `YYYY-MM-DDTHH:MM:SSZ`.
    pub not_after: String,
}

/// The hash of a certificate as people write it: 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint(pub [u8; 32]);

impl Fingerprint {
    /// Reads 64 hexadecimal digits, with or without `:` between them; `None` for anything else.
    pub fn parse(text: &str) -> Option<Fingerprint> {
        let digits: Vec<u8> = text.bytes().filter(|byte| *byte != b':').collect();
        if digits.len() != 64 || !digits.iter().all(u8::is_ascii_hexdigit) {
            return None;
        }
        let mut hash = [0; 32];
        for (byte, pair) in hash.iter_mut().zip(digits.chunks(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        Some(Fingerprint(hash))
    }

    pub fn of(der: &[u8]) -> Fingerprint {
        Fingerprint(Sha256::digest(der).into())
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

impl ServerCertificate {
    pub fn new(der: &CertificateDer<'_>) -> ServerCertificate {
        ServerCertificate { der: der.as_ref().to_vec() }
    }

    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(&self.der)
    }

    fn parsed(&self) -> Option<Certificate> {
        if !is_der(&self.der) {
            return None;
        }
        guarded(|| picky_asn1_der::from_bytes(&self.der))?.ok()
    }

    /// `None` when it cannot be read as a certificate.
    pub fn facts(&self) -> Option<CertificateFacts> {
        let parsed = self.parsed()?;
        let tbs = &parsed.tbs_certificate;
        Some(CertificateFacts {
            subject: tbs.subject.to_string(),
            issuer: tbs.issuer.to_string(),
            not_after: moment(&tbs.validity.not_after),
        })
    }

    /// The application data of a channel binding, `tls-server-end-point` (RFC 5929 §4.1): the hash that the certificate was
    /// signed with, MD5 and SHA-1 lifted to SHA-256. `None` for a signature without a hash of its own (EdDSA, PSS), for which the
    /// RFC defines nothing.
    pub fn end_point_binding(&self) -> Option<Vec<u8>> {
        let parsed = self.parsed()?;
        let hash = match Into::<String>::into(parsed.signature_algorithm.oid()).as_str() {
            // {md5,sha1,sha224,sha256}WithRSAEncryption; dsa-with-sha1, -sha256; ecdsa-with-SHA1, -SHA256
            "1.2.840.113549.1.1.4"
            | "1.2.840.113549.1.1.5"
            | "1.2.840.113549.1.1.11"
            | "1.2.840.10040.4.3"
            | "2.16.840.1.101.3.4.3.2"
            | "1.2.840.10045.4.1"
            | "1.2.840.10045.4.3.2" => Sha256::digest(&self.der).to_vec(),
            // sha384WithRSAEncryption, ecdsa-with-SHA384
            "1.2.840.113549.1.1.12" | "1.2.840.10045.4.3.3" => Sha384::digest(&self.der).to_vec(),
            // sha512WithRSAEncryption, ecdsa-with-SHA512
            "1.2.840.113549.1.1.13" | "1.2.840.10045.4.3.4" => Sha512::digest(&self.der).to_vec(),
            _ => return None,
        };
        Some([b"tls-server-end-point:".as_slice(), &hash].concat())
    }
}

fn moment(time: &Time) -> String {
    let (year, month, day, hour, minute, second) = match time {
        Time::Utc(time) => (time.year(), time.month(), time.day(), time.hour(), time.minute(), time.second()),
        Time::Generalized(time) => (time.year(), time.month(), time.day(), time.hour(), time.minute(), time.second()),
    };
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_read_as_people_write_it() {
        let plain = "ab".repeat(32);
        let colons = vec!["AB"; 32].join(":");
        assert_eq!(Fingerprint::parse(&plain), Fingerprint::parse(&colons));
        assert_eq!(Fingerprint::parse(&plain).unwrap().to_string(), plain);
        assert_eq!(Fingerprint::parse("ab"), None);
        assert_eq!(Fingerprint::parse(&"zz".repeat(32)), None);
        assert_eq!(Fingerprint::parse(&"+a".repeat(32)), None);
    }
}
