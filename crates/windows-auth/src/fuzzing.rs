//! Doors for the fuzzers in `fuzz/`, which see only what is public. Built with the feature `fuzzing` alone.

use crate::kdc::KdcError;
use crate::login::Account;
use crate::sspi_step::SspiHandshake;

/// Gives `challenge` to a handshake of NTLM as a server's answer to its first token.
pub async fn ntlm_challenge(challenge: &[u8]) {
    let account = Account { user: "ACME\\svc-gp".to_owned(), password: "of no use elsewhere".to_owned().into() };
    let Ok(mut handshake) = SspiHandshake::ntlm(&account, "HTTP/gp.acme.local", Some(b"tls-server-end-point:x")) else {
        return;
    };
    if handshake.step(None).await.is_ok() {
        let _ = handshake.step(Some(challenge)).await;
    }
}

/// Reads `reply` (with its length before it) as a domain controller's error.
pub fn kdc_error(reply: &[u8]) {
    if let Some(error) = KdcError::of(reply) {
        let _ = error.meaning("svc-gp", "HTTP/gp.acme.local", "ACME.LOCAL", 0).to_string();
    }
}
