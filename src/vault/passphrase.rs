//! A master key that a person knows: Argon2id makes guessing slow.

use super::aead::KEY;
use super::{Randomness, VaultError};
use argon2::{Algorithm, Argon2, Params, Version};
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use std::str::FromStr;
use zeroize::Zeroizing;

/// The least number of characters.
pub const SHORTEST: usize = 12;

/// How a passphrase becomes a key. Stored in the open: it is no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    salt: [u8; 16],
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

impl Stretch {
    /// New settings: RFC 9106's second recommendation (64 MiB, 3 passes, 4 lanes), for machines that do other work, too.
    ///
    /// # Errors
    /// When the machine gives no random numbers.
    pub fn new(random: &dyn Randomness) -> Result<Stretch, VaultError> {
        let mut salt = [0; 16];
        random.fill(&mut salt)?;
        Ok(Stretch { salt, memory_kib: 64 << 10, passes: 3, lanes: 4 })
    }

    /// Less work, for tests.
    #[cfg(test)]
    pub(super) fn light(salt: [u8; 16]) -> Stretch {
        Stretch { salt, memory_kib: 32, passes: 1, lanes: 1 }
    }

    pub(super) fn key(&self, passphrase: &SecretString) -> Result<Zeroizing<[u8; KEY]>, VaultError> {
        let passphrase = passphrase.expose_secret();
        if passphrase.chars().count() < SHORTEST {
            return Err(VaultError::ShortPassphrase);
        }
        let params = Params::new(self.memory_kib, self.passes, self.lanes, Some(KEY));
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.map_err(|_| VaultError::Stretch)?);
        let mut key = Zeroizing::new([0; KEY]);
        argon
            .hash_password_into(passphrase.as_bytes(), &self.salt, key.as_mut_slice())
            .map_err(|_| VaultError::Stretch)?;
        Ok(key)
    }
}

impl fmt::Display for Stretch {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Stretch { salt, memory_kib, passes, lanes } = self;
        write!(out, "argon2id {memory_kib} {passes} {lanes} {}", hex::encode(salt))
    }
}

impl FromStr for Stretch {
    type Err = VaultError;

    /// Who can write the store could ask for all memory of the machine, or for no work at all: neither is done.
    fn from_str(text: &str) -> Result<Stretch, VaultError> {
        let read = || {
            let mut parts = text.strip_prefix("argon2id ")?.split(' ');
            let mut number = || parts.next()?.parse::<u32>().ok();
            let (memory_kib, passes, lanes) = (number()?, number()?, number()?);
            let mut salt = [0; 16];
            hex::decode_to_slice(parts.next()?, &mut salt).ok()?;
            let bounded = memory_kib <= 1 << 20 && (1..=64).contains(&passes) && (1..=16).contains(&lanes);
            (bounded && parts.next().is_none()).then_some(Stretch { salt, memory_kib, passes, lanes })
        };
        read().ok_or(VaultError::Stretch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_passphrase_and_salt_give_the_same_key_and_others_another() {
        let key = |passphrase: &str, salt: u8| Stretch::light([salt; 16]).key(&passphrase.into()).map(|key| *key);
        let first = key("correct horse battery", 1).unwrap();
        assert_eq!(key("correct horse battery", 1), Ok(first));
        assert_ne!(key("correct horse batterz", 1), Ok(first));
        assert_ne!(key("correct horse battery", 2), Ok(first));
        assert_eq!(key("eleven char", 1), Err(VaultError::ShortPassphrase));
    }

    /// The reference implementation's own vector for Argon2id, version 19 (phc-winner-argon2 `test.c`).
    #[test]
    fn argon2id_gives_the_reference_vector() {
        let mut salt = [0; 8];
        salt.copy_from_slice(b"somesalt");
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(256, 2, 1, Some(KEY)).unwrap());
        let mut key = [0; KEY];
        argon.hash_password_into(b"password", &salt, &mut key).unwrap();
        assert_eq!(hex::encode(key), "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe");
    }

    #[test]
    fn settings_read_as_they_are_written_and_no_others_are_taken() {
        let usual = Stretch::new(&crate::vault::SystemRandomness).unwrap();
        assert_eq!(usual.to_string().parse(), Ok(usual.clone()));
        let salt = "00".repeat(16);
        for bad in [
            format!("argon2id 4294967295 3 4 {salt}"),
            format!("argon2id 65536 4000000000 4 {salt}"),
            format!("argon2i 65536 3 4 {salt}"),
            format!("argon2id 65536 3 4 {salt} 1"),
            format!("argon2id 65536 3 4 {}", &salt[2..]),
        ] {
            assert_eq!(bad.parse::<Stretch>(), Err(VaultError::Stretch), "{bad}");
        }
    }
}
