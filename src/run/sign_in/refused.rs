//! A sign-in to GP that was refused is not tried again by a later run: each try counts, and accounts lock.
//!
//! The audit trail remembers it. Another password is another sign-in, and may be tried; the same one only when a person asks
//! for it with `ml-connector ping`, which says so in the trail when it works.

use crate::clock::Clock;
use crate::gp::Refusals;
use crate::project::connections::GpConnection;
use crate::run::systems::RunError;
use crate::store::{AuditEntry, AuditRow, Store, StoreError};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use std::sync::Arc;

const SUBJECT: &str = "GP sign-in";
const REFUSED: &str = "sign-in refused";
const TAKEN: &str = "sign-in taken";

/// One sign-in and its trail.
pub struct Remembered {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    mark: String,
}

impl Remembered {
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        connection: &GpConnection,
        user: &str,
        password: &SecretString,
    ) -> Remembered {
        Remembered { store, clock, mark: mark(connection, user, password) }
    }

    /// # Errors
    /// [`RunError::SignInRefusedBefore`] when exactly this sign-in was refused, and nobody has tried it since.
    pub async fn check(&self) -> Result<(), RunError> {
        match self.refusal().await? {
            Some(row) => {
                let why = row.entry.detail.split_once(": ").map_or("", |(_, why)| why).to_owned();
                let at = row.entry.at.strftime("%Y-%m-%d %H:%M UTC").to_string();
                Err(RunError::SignInRefusedBefore { at, why })
            }
            None => Ok(()),
        }
    }

    /// A person tried it, and it works.
    ///
    /// # Errors
    /// When the trail cannot be written.
    pub async fn works(&self) -> Result<(), StoreError> {
        if self.refusal().await?.is_none() {
            return Ok(());
        }
        self.note(TAKEN, "").await
    }

    /// The newest row about this sign-in, where it is a refusal.
    async fn refusal(&self) -> Result<Option<AuditRow>, StoreError> {
        let rows = self.store.audit_rows(Some(SUBJECT)).await?;
        let of_this = |row: &AuditRow| row.entry.detail.split(':').next() == Some(self.mark.as_str());
        Ok(rows.into_iter().rfind(of_this).filter(|row| row.entry.what == REFUSED))
    }

    async fn note(&self, what: &str, why: &str) -> Result<(), StoreError> {
        let detail = format!("{}: {why}", self.mark);
        let (what, subject) = (what.to_owned(), SUBJECT.to_owned());
        self.store.audit(AuditEntry { at: self.clock.now(), who: "engine".to_owned(), what, subject, detail }).await
    }
}

#[async_trait::async_trait]
impl Refusals for Remembered {
    async fn refused(&self, why: &str) {
        if let Err(error) = self.note(REFUSED, why).await {
            tracing::warn!(%error, "that GP refused the sign-in could not be remembered");
        }
    }
}

/// Tells one sign-in from another. Sixteen bits only: enough for that, and no help to whoever wants to guess a password from it.
fn mark(connection: &GpConnection, user: &str, password: &SecretString) -> String {
    let mut hash = Sha256::new();
    let how = format!("{:?}", connection.sign_in);
    for part in [&connection.server, &how, user, password.expose_secret()] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hex::encode(&hash.finalize()[..2])
}
