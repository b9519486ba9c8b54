//! An open vault.

use super::lock::{self, Held};
use super::master_key::{Chosen, MasterKeys};
use crate::clock::Clock;
use crate::run::systems::RunError;
use crate::store::{AuditEntry, SecretStore, StoredSecret};
use crate::vault::{Header, Randomness, SecretName, Unlocked, VaultError};
use secrecy::SecretString;
use std::path::PathBuf;
use std::sync::Arc;

/// The vault of one store, open.
pub struct Vault {
    pub(super) store: Arc<dyn SecretStore>,
    pub(super) header: Header,
    pub(super) unlocked: Unlocked,
    pub(super) random: Arc<dyn Randomness>,
    pub(super) clock: Arc<dyn Clock>,
    /// Beside the store: see [`lock`].
    pub(super) lock: PathBuf,
}

/// Where a vault is: its store, and the lock beside it.
#[derive(Clone)]
pub struct Place {
    pub store: Arc<dyn SecretStore>,
    pub lock: PathBuf,
}

/// What was proven of one secret.
#[derive(Debug)]
pub struct Verified {
    pub name: SecretName,
    /// Why it does not open, where it does not.
    pub refused: Option<RunError>,
}

impl Vault {
    /// Makes the vault of a store.
    ///
    /// # Errors
    /// When it has one, or the machine gives no random numbers.
    pub async fn make(
        Place { store, lock }: Place,
        chosen: &Chosen,
        random: Arc<dyn Randomness>,
        clock: Arc<dyn Clock>,
        who: &str,
    ) -> Result<Vault, RunError> {
        let header = Header::first(chosen.source.clone(), chosen.stretch.clone(), &chosen.key, random.as_ref())?;
        let unlocked = header.unlock(chosen.key.clone())?;
        let vault = Vault { store, header, unlocked, random, clock, lock };
        let audit = vault.audit(who, "vault made", "vault", &vault.header.source.to_string());
        vault.store.make_vault(vault.header.clone(), Vec::new(), audit).await?;
        Ok(vault)
    }

    /// Opens the vault of a store.
    ///
    /// # Errors
    /// When there is none, or its master key cannot be got at.
    pub async fn open(
        Place { store, lock }: Place,
        keys: &MasterKeys<'_>,
        clock: Arc<dyn Clock>,
    ) -> Result<Vault, RunError> {
        let header = store.vault().await?.ok_or(RunError::NoVault)?;
        let unlocked = keys.unlock(&header)?;
        Ok(Vault { store, header, unlocked, random: Arc::clone(&keys.random), clock, lock })
    }

    /// The value of a secret; `None` when there is none of that name.
    ///
    /// # Errors
    /// When it was altered, or the store cannot be read.
    pub async fn value(&self, name: &SecretName) -> Result<Option<SecretString>, RunError> {
        match self.store.secret(name).await? {
            Some(stored) => Ok(Some(self.unlocked.open(&stored.sealed)?)),
            None => Ok(None),
        }
    }

    /// All values.
    ///
    /// # Errors
    /// When any was altered, or the store cannot be read.
    pub async fn values(&self) -> Result<Vec<(SecretName, SecretString)>, RunError> {
        let secrets = self.store.secrets().await?.into_iter();
        secrets.map(|stored| Ok((stored.sealed.name.clone(), self.unlocked.open(&stored.sealed)?))).collect()
    }

    /// Sets a secret and gives its version. Its audit row names it, and never its value.
    ///
    /// # Errors
    /// When another command changed the vault meanwhile, or the store cannot be written.
    pub async fn set(&self, name: &SecretName, value: &SecretString, who: &str) -> Result<u64, RunError> {
        let version = self.next_version(name).await?;
        let audit = self.audit(who, "secret set", name.as_str(), &format!("version {version}"));
        self.put(name, version, value, Some(audit)).await?;
        Ok(version)
    }

    /// Sets a secret of the program's own, which nobody needs to be told about.
    ///
    /// # Errors
    /// As [`Vault::set`].
    pub async fn keep(&self, name: &SecretName, value: &SecretString) -> Result<(), RunError> {
        let version = self.next_version(name).await?;
        self.put(name, version, value, None).await
    }

    async fn next_version(&self, name: &SecretName) -> Result<u64, RunError> {
        Ok(self.store.secret(name).await?.map_or(1, |stored| stored.sealed.version + 1))
    }

    async fn put(
        &self,
        name: &SecretName,
        version: u64,
        value: &SecretString,
        audit: Option<AuditEntry>,
    ) -> Result<(), RunError> {
        let sealed = self.unlocked.seal(name, version, value, self.random.as_ref())?;
        let secret = StoredSecret { sealed, changed_at: self.clock.now() };
        Ok(self.store.put_secret(secret, audit).await?)
    }

    /// Leaves a row in the audit trail about something that was kept.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn note(&self, who: &str, what: &str, subject: &str) -> Result<(), RunError> {
        Ok(self.store.note(self.audit(who, what, subject, "")).await?)
    }

    /// Waits until nobody else changes tokens or the master key.
    ///
    /// # Errors
    /// When the lock cannot be used, or the master key was changed since the vault was opened.
    pub async fn hold(&self) -> Result<Held, RunError> {
        let held = lock::hold(&self.lock).await?;
        if self.store.vault().await?.as_ref() != Some(&self.header) {
            return Err(VaultError::Changed.into());
        }
        Ok(held)
    }

    /// Opens every secret, and tells which does not.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn verify(&self) -> Result<Vec<Verified>, RunError> {
        let verified = |stored: StoredSecret| Verified {
            refused: self.unlocked.open(&stored.sealed).err().map(RunError::from),
            name: stored.sealed.name,
        };
        Ok(self.store.secrets().await?.into_iter().map(verified).collect())
    }

    pub(super) fn audit(&self, who: &str, what: &str, subject: &str, detail: &str) -> AuditEntry {
        AuditEntry {
            at: self.clock.now(),
            who: who.to_owned(),
            what: what.to_owned(),
            subject: subject.to_owned(),
            detail: detail.to_owned(),
        }
    }
}

/// Removes a secret; `false` when there is none of that name. No master key is needed: nothing is opened.
///
/// # Errors
/// When the store cannot be written.
pub async fn remove(
    store: &dyn SecretStore,
    name: &SecretName,
    who: &str,
    clock: &dyn Clock,
) -> Result<bool, RunError> {
    let audit = AuditEntry {
        at: clock.now(),
        who: who.to_owned(),
        what: "secret removed".to_owned(),
        subject: name.as_str().to_owned(),
        detail: String::new(),
    };
    Ok(store.remove_secret(name, audit).await?)
}
