//! What a store keeps to know its master key again.

use super::aead::{about, open, seal};
use super::{MasterKey, Randomness, Source, Stretch, VaultError};

/// Tells one vault's records from another's, even where both have the same master key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VaultId(pub [u8; 16]);

/// The vault as it is stored, beside its secrets. Nothing in it is secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    pub vault: VaultId,
    /// Counts master keys, from 1.
    pub generation: u64,
    /// Where the master key is kept.
    pub source: Source,
    /// How a passphrase becomes the key; there when `source` is one.
    pub stretch: Option<Stretch>,
    /// Opens only with the master key, and only while all of the above is as it was.
    pub proof: Vec<u8>,
}

/// A vault with its master key.
#[derive(Clone, Debug)]
pub struct Unlocked {
    pub(super) vault: VaultId,
    pub(super) generation: u64,
    pub(super) key: MasterKey,
}

impl Header {
    /// The header of a new vault.
    ///
    /// # Errors
    /// When the machine gives no random numbers.
    pub fn first(
        source: Source,
        stretch: Option<Stretch>,
        key: &MasterKey,
        random: &dyn Randomness,
    ) -> Result<Header, VaultError> {
        let mut vault = [0; 16];
        random.fill(&mut vault)?;
        Header { vault: VaultId(vault), generation: 1, source, stretch, proof: Vec::new() }.proven(key, random)
    }

    /// The header of the same vault under its next master key.
    ///
    /// # Errors
    /// When the machine gives no random numbers.
    pub fn next(
        &self,
        source: Source,
        stretch: Option<Stretch>,
        key: &MasterKey,
        random: &dyn Randomness,
    ) -> Result<Header, VaultError> {
        let header = Header { vault: self.vault, generation: self.generation + 1, source, stretch, proof: Vec::new() };
        header.proven(key, random)
    }

    fn proven(mut self, key: &MasterKey, random: &dyn Randomness) -> Result<Header, VaultError> {
        self.proof = seal(key.bytes(), &[], &self.about(), random)?;
        Ok(self)
    }

    /// Unlocks the vault.
    ///
    /// # Errors
    /// [`VaultError::NotTheKey`] when this is not its master key, or the header was altered.
    pub fn unlock(&self, key: MasterKey) -> Result<Unlocked, VaultError> {
        open(key.bytes(), &self.proof, &self.about()).ok_or(VaultError::NotTheKey)?;
        Ok(Unlocked { vault: self.vault, generation: self.generation, key })
    }

    fn about(&self) -> Vec<u8> {
        let (source, stretch) = (self.source.to_string(), self.stretch.as_ref().map(Stretch::to_string));
        let stretch = stretch.unwrap_or_default();
        let generation = self.generation.to_be_bytes();
        let parts = [self.vault.0.as_slice(), &generation, source.as_bytes(), stretch.as_bytes()];
        about("ml-connector vault, 1", &parts)
    }
}

impl Unlocked {
    /// The number of the master key that it holds.
    pub fn generation(&self) -> u64 {
        self.generation
    }
}
