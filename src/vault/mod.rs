//! The vault: secrets sealed so that the store's file alone opens nothing.
//!
//! Each secret has a data key of its own, drawn anew for each version; the data key is wrapped by the master key, which is
//! never stored. All sealing is XChaCha20-Poly1305 with a random nonce (192 bits: drawn, never counted), and what a
//! record is (which vault, name, version, generation of the master key) is its associated data: a record that was swapped,
//! copied, cut or flipped does not open. Another master key wraps the data keys again and touches no secret.
//!
//! Nothing here does I/O: where a master key is kept is [`source`]'s to name and `run`'s to read.
//!
//! - [`key`]: the master key. [`passphrase`]: one that a person knows.
//! - [`header`]: what a store keeps to know its master key again. [`sealed`]: one secret. [`name`]: what it is called.
//! - [`random`]: where keys and nonces come from. [`error`]: why something does not open.

mod aead;
pub mod error;
pub mod header;
pub mod key;
pub mod name;
pub mod passphrase;
pub mod random;
pub mod sealed;
pub mod source;

pub use error::VaultError;
pub use header::{Header, Unlocked, VaultId};
pub use key::MasterKey;
pub use name::SecretName;
pub use passphrase::Stretch;
pub use random::{Randomness, SystemRandomness};
pub use sealed::Sealed;
pub use source::Source;
