//! Where keys, nonces and states come from: an argument, as time is.

use super::VaultError;

/// Gives bytes that nobody can guess.
pub trait Randomness: Send + Sync {
    /// # Errors
    /// [`VaultError::NoRandomness`] when there are none; nothing is ever sealed with less.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), VaultError>;
}

/// The operating system's.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandomness;

impl Randomness for SystemRandomness {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), VaultError> {
        getrandom::fill(bytes).map_err(|_| VaultError::NoRandomness)
    }
}
