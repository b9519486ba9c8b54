//! The master key.

use super::aead::KEY;
use super::{Randomness, Stretch, VaultError};
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use zeroize::Zeroizing;

/// Wraps the data keys of a vault. It is wiped from memory when it is dropped, and does not print.
#[derive(Clone)]
pub struct MasterKey(Zeroizing<[u8; KEY]>);

impl fmt::Debug for MasterKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("MasterKey(***)")
    }
}

impl MasterKey {
    /// A new one.
    ///
    /// # Errors
    /// When the machine gives no random numbers.
    pub fn random(random: &dyn Randomness) -> Result<MasterKey, VaultError> {
        let mut key = Zeroizing::new([0; KEY]);
        random.fill(key.as_mut_slice())?;
        Ok(MasterKey(key))
    }

    /// The key in a key file, a variable or a credential: 64 hexadecimal digits, white space around them.
    ///
    /// # Errors
    /// [`VaultError::KeyText`] for anything else.
    pub fn from_text(text: &SecretString) -> Result<MasterKey, VaultError> {
        let mut key = Zeroizing::new([0; KEY]);
        hex::decode_to_slice(text.expose_secret().trim(), key.as_mut_slice()).map_err(|_| VaultError::KeyText)?;
        Ok(MasterKey(key))
    }

    /// As [`MasterKey::from_text`] reads it.
    pub fn to_text(&self) -> SecretString {
        SecretString::from(hex::encode(self.0.as_slice()))
    }

    /// The key that a passphrase stands for.
    ///
    /// # Errors
    /// A passphrase that is too short, or settings that are out of bounds.
    pub fn from_passphrase(passphrase: &SecretString, stretch: &Stretch) -> Result<MasterKey, VaultError> {
        stretch.key(passphrase).map(MasterKey)
    }

    pub(super) fn bytes(&self) -> &[u8; KEY] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::SystemRandomness;

    #[test]
    fn a_key_reads_as_it_is_written_and_does_not_print() {
        let key = MasterKey::random(&SystemRandomness).unwrap();
        let text = key.to_text();
        let again = MasterKey::from_text(&format!("{}\n", text.expose_secret()).into()).unwrap();
        assert_eq!(again.bytes(), key.bytes());
        assert!(!format!("{key:?} {text:?}").contains(text.expose_secret()));
        for bad in ["", "00", &"0".repeat(63), &"0".repeat(65), &"g".repeat(64)] {
            assert_eq!(MasterKey::from_text(&bad.into()).err(), Some(VaultError::KeyText));
        }
    }
}
