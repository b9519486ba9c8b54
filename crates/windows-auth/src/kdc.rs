//! Talking to domain controllers: Kerberos messages over TCP (RFC 4120 §7.2.2), and what their errors mean.

use crate::error::{Refusal, SignInError};
use crate::guard::{guarded, is_der};
use picky_krb::messages::KrbError;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::Duration;
use time::OffsetDateTime;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// The peer is nobody yet, so what it may make us hold is bounded.
const LONGEST_REPLY: u32 = 256 << 10;
/// Kerberos' port.
const PORT: u16 = 88;

/// The domain controllers of a realm.
#[derive(Debug)]
pub(crate) struct Kdcs {
    /// `host:port`.
    addresses: Vec<String>,
    patience: Duration,
    /// The one that answered last is asked first.
    first: AtomicUsize,
    /// How far our clock is before theirs, in seconds; `i64::MIN` while nobody noticed a difference.
    ahead: AtomicI64,
}

impl Kdcs {
    pub(crate) fn new(named: &[String], realm: &str, patience: Duration) -> Kdcs {
        let mut addresses: Vec<String> = named.iter().map(|name| with_port(name)).collect();
        if addresses.is_empty() {
            addresses.push(with_port(&realm.to_ascii_lowercase()));
        }
        Kdcs { addresses, patience, first: AtomicUsize::new(0), ahead: AtomicI64::new(i64::MIN) }
    }

    pub(crate) fn note_ahead(&self, seconds: i64) {
        self.ahead.store(seconds, Ordering::Relaxed);
    }

    pub(crate) fn ahead(&self) -> Option<i64> {
        Some(self.ahead.load(Ordering::Relaxed)).filter(|seconds| *seconds != i64::MIN)
    }

    pub(crate) fn addresses(&self) -> &[String] {
        &self.addresses
    }

    /// Sends one message (with its length before it) and gives the reply in the same form. The next one is asked only where
    /// one cannot be reached or does not answer: a no is a no.
    pub(crate) async fn ask(&self, message: &[u8]) -> Result<Vec<u8>, SignInError> {
        let first = self.first.load(Ordering::Relaxed);
        let mut tried = Vec::new();
        for turn in 0..self.addresses.len() {
            let at = (first + turn) % self.addresses.len();
            let address = &self.addresses[at];
            match timeout(self.patience, exchange(address, message)).await {
                // As libkrb5 does it: this one is not well, another one may be.
                Ok(Ok(reply)) if KdcError::of(&reply).is_some_and(|error| error.code == UNAVAILABLE) => {
                    tried.push(format!("{address}: it is there, and serves nobody"));
                }
                Ok(Ok(reply)) => {
                    self.first.store(at, Ordering::Relaxed);
                    return Ok(reply);
                }
                Ok(Err(error)) => tried.push(format!("{address}: {error}")),
                Err(_) => tried.push(format!("{address}: no answer within {} s", self.patience.as_secs())),
            }
        }
        Err(SignInError::NoKdc { tried })
    }
}

fn with_port(name: &str) -> String {
    let name = name.trim_start_matches("tcp://");
    let has_port = match name.rsplit_once(':') {
        // An IPv6 address without brackets has colons of its own.
        Some((host, port)) => {
            !port.is_empty()
                && port.bytes().all(|byte| byte.is_ascii_digit())
                && (!host.contains(':') || host.ends_with(']'))
        }
        None => false,
    };
    match has_port {
        true => name.to_owned(),
        false if name.contains(':') && !name.starts_with('[') => format!("[{name}]:{PORT}"),
        false => format!("{name}:{PORT}"),
    }
}

async fn exchange(address: &str, message: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    stream.write_all(message).await?;
    let length = stream.read_u32().await?;
    if length > LONGEST_REPLY {
        return Err(std::io::Error::other(format!("its answer is {length} bytes long")));
    }
    let mut reply = length.to_be_bytes().to_vec();
    reply.resize(4 + length as usize, 0);
    stream.read_exact(&mut reply[4..]).await?;
    Ok(reply)
}

/// An error of a domain controller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct KdcError {
    /// RFC 4120 §7.5.9.
    pub(crate) code: u32,
    /// Windows' own reason, where it gave one: an NTSTATUS (MS-KILE §2.2.1, KERB-EXT-ERROR).
    pub(crate) status: Option<u32>,
    /// The controller's clock, in seconds since 1970.
    pub(crate) its_time: i64,
}

/// Not an error: the controller wants the encrypted time, and says with which salt.
pub(crate) const PREAUTH_REQUIRED: u32 = 25;
pub(crate) const SKEW: u32 = 37;
/// KDC_ERR_SVC_UNAVAILABLE: it starts, stops, or has no database.
const UNAVAILABLE: u32 = 29;

impl KdcError {
    /// Reads a reply (with its length before it); `None` for a reply that is no error.
    pub(crate) fn of(reply: &[u8]) -> Option<KdcError> {
        let message = reply.get(4..).filter(|message| message.first() == Some(&0x7e))?;
        if !is_der(message) {
            return None;
        }
        let error: KrbError = guarded(|| picky_asn1_der::from_bytes(message))?.ok()?;
        let e_data = error.0.e_data.0.as_ref().map(|data| data.0.0.as_slice());
        let its_time = OffsetDateTime::try_from(error.0.stime.0.0.clone()).ok()?.unix_timestamp();
        Some(KdcError { code: error.0.error_code.0, status: e_data.and_then(nt_status), its_time })
    }

    /// In our words.
    pub(crate) fn meaning(&self, user: &str, spn: &str, realm: &str, now: i64) -> SignInError {
        let refused = |why| SignInError::Refused { user: user.to_owned(), by: "Kerberos", why };
        match self.status {
            Some(0xC000_0234) => return refused(Refusal::Locked),
            Some(0xC000_0072) => return refused(Refusal::Disabled),
            Some(0xC000_0071 | 0xC000_0224) => return refused(Refusal::PasswordExpired),
            Some(0xC000_0193 | 0xC000_006F | 0xC000_0070 | 0xC000_006E) => return refused(Refusal::NotAllowed),
            _ => {}
        }
        match self.code {
            6 => refused(Refusal::UnknownUser),
            7 => SignInError::UnknownService { spn: spn.to_owned(), realm: realm.to_owned() },
            12 => refused(Refusal::NotAllowed),
            // KDC_ERR_CLIENT_REVOKED: disabled, locked or ended; Windows says which in its status.
            18 => refused(Refusal::Locked),
            23 => refused(Refusal::PasswordExpired),
            24 => refused(Refusal::WrongPassword),
            SKEW => SignInError::ClockSkew { minutes: (now - self.its_time) / 60 },
            code => SignInError::Kdc { code },
        }
    }
}

/// The status at the end of a KERB-EXT-ERROR: status, reserved and flags, four bytes each, least byte first.
fn nt_status(e_data: &[u8]) -> Option<u32> {
    let tail = e_data.get(e_data.len().checked_sub(12)?..)?;
    let status = u32::from_le_bytes(tail.first_chunk::<4>().copied()?);
    (status >> 28 == 0xC).then_some(status)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_address_has_a_port() {
        let cases = [
            ("dc1.acme.local", "dc1.acme.local:88"),
            ("dc1:1088", "dc1:1088"),
            ("tcp://127.0.0.1:28088", "127.0.0.1:28088"),
            ("::1", "[::1]:88"),
            ("[::1]", "[::1]:88"),
            ("[::1]:1088", "[::1]:1088"),
        ];
        for (named, address) in cases {
            assert_eq!(with_port(named), address);
        }
        assert_eq!(Kdcs::new(&[], "ACME.LOCAL", Duration::ZERO).addresses, ["acme.local:88"]);
    }

    #[test]
    fn windows_own_reason_goes_before_the_code() {
        let error = KdcError { code: 18, status: Some(0xC000_0072), its_time: 0 };
        let SignInError::Refused { why, .. } = error.meaning("u", "HTTP/h", "R", 0) else { panic!("refused") };
        assert_eq!(why, Refusal::Disabled);
        let skew = KdcError { code: SKEW, status: None, its_time: 600 }.meaning("u", "HTTP/h", "R", 0);
        assert_eq!(skew.to_string(), "this machine's clock is 10 minutes behind the domain controller's");
    }

    proptest! {
        #[test]
        fn no_reply_makes_it_panic(mut bytes in proptest::collection::vec(any::<u8>(), 0..300), is_error: bool) {
            if is_error && bytes.len() > 4 {
                bytes[4] = 0x7e;
            }
            let _ = KdcError::of(&bytes);
        }
    }
}
