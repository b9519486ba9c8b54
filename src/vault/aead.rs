//! Sealing bytes: XChaCha20-Poly1305 with a random nonce before the sealed bytes. The one place that names the cipher.

use super::{Randomness, VaultError};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

/// Bytes of a key.
pub const KEY: usize = 32;
const NONCE: usize = 24;

/// Nonce and sealed bytes of `plain`. `about` is bound to them and not stored.
pub fn seal(key: &[u8; KEY], plain: &[u8], about: &[u8], random: &dyn Randomness) -> Result<Vec<u8>, VaultError> {
    let mut nonce = [0; NONCE];
    random.fill(&mut nonce)?;
    let cipher = XChaCha20Poly1305::new(key.into());
    let sealed = cipher.encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: about });
    // The cipher refuses only messages of 256 GiB and more.
    let sealed = sealed.map_err(|_| VaultError::Changed)?;
    Ok([nonce.as_slice(), &sealed].concat())
}

/// The plain bytes; `None` when the key, the bytes or what they are about is another.
pub fn open(key: &[u8; KEY], sealed: &[u8], about: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE>()?;
    let cipher = XChaCha20Poly1305::new(key.into());
    let plain = cipher.decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: about });
    plain.ok().map(Zeroizing::new)
}

/// Associated data: what kind of record, and its parts, each with its length, so that no two lists read the same.
pub fn about(kind: &str, parts: &[&[u8]]) -> Vec<u8> {
    let mut about = Vec::new();
    for part in [kind.as_bytes()].iter().chain(parts) {
        about.extend((part.len() as u64).to_be_bytes());
        about.extend_from_slice(part);
    }
    about
}
