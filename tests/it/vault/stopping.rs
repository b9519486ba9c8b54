//! A store whose process ends at a step of one's choice: nothing after it is written.

use ml_connector::store::sqlite::SqliteStore;
use ml_connector::store::{AuditEntry, SecretStore, StoreError, StoredSecret};
use ml_connector::vault::{Header, Sealed, SecretName};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// When the process ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    BeforeARotation,
    /// After some of its records were written, before all were.
    InARotation,
    AfterARotation,
    /// Instead of the so many-th secret that would be put, from 1.
    AtPut(usize),
}

pub struct Stopping {
    inner: Arc<SqliteStore>,
    at: Stop,
    puts: AtomicUsize,
}

impl Stopping {
    pub fn new(inner: Arc<SqliteStore>, at: Stop) -> Stopping {
        Stopping { inner, at, puts: AtomicUsize::new(0) }
    }
}

fn ended() -> StoreError {
    StoreError::Unusable { path: String::new(), why: "the process ended".to_owned() }
}

#[async_trait::async_trait]
impl SecretStore for Stopping {
    async fn vault(&self) -> Result<Option<Header>, StoreError> {
        self.inner.vault().await
    }
    async fn make_vault(&self, h: Header, s: Vec<StoredSecret>, a: AuditEntry) -> Result<(), StoreError> {
        self.inner.make_vault(h, s, a).await
    }
    async fn secrets(&self) -> Result<Vec<StoredSecret>, StoreError> {
        self.inner.secrets().await
    }
    async fn secret(&self, name: &SecretName) -> Result<Option<StoredSecret>, StoreError> {
        self.inner.secret(name).await
    }
    async fn put_secret(&self, secret: StoredSecret, audit: Option<AuditEntry>) -> Result<(), StoreError> {
        let put = self.puts.fetch_add(1, Ordering::Relaxed) + 1;
        if matches!(self.at, Stop::AtPut(at) if put >= at) {
            return Err(ended());
        }
        self.inner.put_secret(secret, audit).await
    }
    async fn note(&self, audit: AuditEntry) -> Result<(), StoreError> {
        self.inner.note(audit).await
    }
    async fn remove_secret(&self, name: &SecretName, audit: AuditEntry) -> Result<bool, StoreError> {
        self.inner.remove_secret(name, audit).await
    }
    async fn rotate_vault(&self, h: Header, mut s: Vec<Sealed>, a: AuditEntry) -> Result<(), StoreError> {
        match self.at {
            Stop::BeforeARotation => return Err(ended()),
            // The last record is refused after the others were written: the transaction is undone.
            Stop::InARotation => s.last_mut().unwrap().version += 1,
            Stop::AfterARotation | Stop::AtPut(_) => {}
        }
        self.inner.rotate_vault(h, s, a).await?;
        Err(ended())
    }
}
