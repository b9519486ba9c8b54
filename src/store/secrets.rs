//! Sealed secrets in a store. What is sealed, and how, is [`crate::vault`]'s; a store only keeps it, whole or not at all.

use super::{AuditEntry, StoreError};
use crate::vault::{Header, Sealed, SecretName};
use jiff::Timestamp;

/// A sealed secret, and when its value was last changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSecret {
    pub sealed: Sealed,
    pub changed_at: Timestamp,
}

/// The vault of one store. Every write is one transaction, with its audit row in it, and is durable when it returns.
#[async_trait::async_trait]
pub trait SecretStore: Send + Sync {
    /// The vault's header; `None` where there is no vault.
    async fn vault(&self) -> Result<Option<Header>, StoreError>;

    /// Makes the vault, with these secrets in it: none, or those of a backup.
    ///
    /// # Errors
    /// [`StoreError::VaultExists`] when there is one.
    async fn make_vault(&self, header: Header, secrets: Vec<StoredSecret>, audit: AuditEntry)
    -> Result<(), StoreError>;

    /// All secrets, by name.
    async fn secrets(&self) -> Result<Vec<StoredSecret>, StoreError>;

    /// One secret.
    async fn secret(&self, name: &SecretName) -> Result<Option<StoredSecret>, StoreError>;

    /// Puts a secret in the place of its version before.
    ///
    /// # Errors
    /// [`crate::vault::VaultError::Changed`] when the version before is not what the store has, or the master key is another.
    async fn put_secret(&self, secret: StoredSecret, audit: Option<AuditEntry>) -> Result<(), StoreError>;

    /// Leaves a row in the audit trail.
    async fn note(&self, audit: AuditEntry) -> Result<(), StoreError>;

    /// Removes a secret; `false` when it is not there, and then nothing is written.
    async fn remove_secret(&self, name: &SecretName, audit: AuditEntry) -> Result<bool, StoreError>;

    /// Puts the vault under its next master key: all secrets in one transaction, so that a crash leaves all of them under
    /// the one before.
    ///
    /// # Errors
    /// [`crate::vault::VaultError::Changed`] when `header` does not follow the stored one, or `secrets` are not exactly
    /// those that the store has.
    async fn rotate_vault(&self, header: Header, secrets: Vec<Sealed>, audit: AuditEntry) -> Result<(), StoreError>;
}
