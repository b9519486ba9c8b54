//! One sealed secret: a data key wrapped by the master key, and the secret sealed by the data key.

use super::aead::{KEY, about, open, seal};
use super::{Randomness, SecretName, Unlocked, VaultError};
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

/// A secret as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    pub name: SecretName,
    /// Counts the values that this name had, from 1.
    pub version: u64,
    /// The number of the master key that wraps the data key.
    pub generation: u64,
    /// The data key, wrapped.
    pub data_key: Vec<u8>,
    /// The secret, sealed by the data key.
    pub body: Vec<u8>,
}

impl Unlocked {
    /// Seals a value under a new data key.
    ///
    /// # Errors
    /// When the machine gives no random numbers.
    pub fn seal(
        &self,
        name: &SecretName,
        version: u64,
        value: &SecretString,
        random: &dyn Randomness,
    ) -> Result<Sealed, VaultError> {
        let mut key = Zeroizing::new([0; KEY]);
        random.fill(key.as_mut_slice())?;
        let body = seal(&key, value.expose_secret().as_bytes(), &self.about_body(name, version), random)?;
        let data_key = self.wrap(name, version, &key, random)?;
        Ok(Sealed { name: name.clone(), version, generation: self.generation, data_key, body })
    }

    /// The value.
    ///
    /// # Errors
    /// [`VaultError::Altered`] when the record is not exactly what was sealed under its name and version in this vault;
    /// [`VaultError::Changed`] when another master key wraps it.
    pub fn open(&self, sealed: &Sealed) -> Result<SecretString, VaultError> {
        let altered = || VaultError::Altered { name: sealed.name.clone() };
        let key = self.data_key(sealed)?;
        let plain = open(&key, &sealed.body, &self.about_body(&sealed.name, sealed.version)).ok_or_else(altered)?;
        // Copied to its exact size: growing or shrinking a `String` could leave a copy that nobody wipes.
        let text: Box<str> = std::str::from_utf8(&plain).map_err(|_| altered())?.into();
        Ok(SecretString::from(text))
    }

    /// The same secret with its data key wrapped by the master key of `to`. Its body is proven, not only carried along.
    ///
    /// # Errors
    /// As [`Unlocked::open`].
    pub fn rewrap(&self, sealed: &Sealed, to: &Unlocked, random: &dyn Randomness) -> Result<Sealed, VaultError> {
        self.open(sealed)?;
        let data_key = to.wrap(&sealed.name, sealed.version, &*self.data_key(sealed)?, random)?;
        Ok(Sealed { generation: to.generation, data_key, ..sealed.clone() })
    }

    fn wrap(
        &self,
        name: &SecretName,
        version: u64,
        key: &[u8; KEY],
        random: &dyn Randomness,
    ) -> Result<Vec<u8>, VaultError> {
        seal(self.key.bytes(), key, &self.about_key(name, version), random)
    }

    fn data_key(&self, sealed: &Sealed) -> Result<Zeroizing<[u8; KEY]>, VaultError> {
        if sealed.generation != self.generation {
            return Err(VaultError::Changed);
        }
        let key = open(self.key.bytes(), &sealed.data_key, &self.about_key(&sealed.name, sealed.version));
        let key = key.and_then(|key| <[u8; KEY]>::try_from(key.as_slice()).ok()).map(Zeroizing::new);
        key.ok_or_else(|| VaultError::Altered { name: sealed.name.clone() })
    }

    fn about_body(&self, name: &SecretName, version: u64) -> Vec<u8> {
        about("ml-connector secret, 1", &[&self.vault.0, name.as_str().as_bytes(), &version.to_be_bytes()])
    }

    fn about_key(&self, name: &SecretName, version: u64) -> Vec<u8> {
        let generation = self.generation.to_be_bytes();
        let version = version.to_be_bytes();
        about("ml-connector data key, 1", &[&self.vault.0, &generation, name.as_str().as_bytes(), &version])
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
