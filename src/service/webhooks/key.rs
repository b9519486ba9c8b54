//! What deliveries are signed with.

use crate::bamboohr::delivery::{fingerprint, verify};
use crate::clock::Clock;
use crate::project::connections::{SecretFrom, WebhookReceiver};
use crate::run::systems::{RunError, Secrets};
use crate::run::vault::Vault;
use crate::vault::SecretName;
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use std::sync::{Arc, Mutex, PoisonError};

/// So seldom the vault is looked into again because of signatures that do not fit: anybody can send those.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_secs(10);

/// The private key of a webhook. One in the vault is read again when a signature does not fit, so that a webhook may be
/// registered again while the service runs.
pub struct DeliveryKey {
    value: Mutex<SecretString>,
    kept: Option<(Arc<Vault>, SecretName)>,
    looked: Mutex<Option<Timestamp>>,
}

/// What a signature showed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Signature {
    Good { fingerprint: String },
    Bad,
}

impl DeliveryKey {
    /// A key that stays as it is.
    pub fn given(value: SecretString) -> DeliveryKey {
        DeliveryKey { value: Mutex::new(value), kept: None, looked: Mutex::default() }
    }

    /// The key that a project names.
    ///
    /// # Errors
    /// When it is not there, or the vault cannot be read.
    pub async fn named(receiver: &WebhookReceiver, secrets: &Secrets<'_>) -> Result<DeliveryKey, RunError> {
        let value = secrets.value("the webhook", &receiver.private_key).await?;
        let kept = match &receiver.private_key {
            SecretFrom::Vault(name) => secrets.vault.clone().map(|vault| (vault, name.clone())),
            SecretFrom::Environment(_) => None,
        };
        Ok(DeliveryKey { value: Mutex::new(value), kept, looked: Mutex::default() })
    }

    /// Whether a delivery is BambooHR's.
    pub(super) async fn check(&self, timestamp: &str, body: &[u8], signature: &str, clock: &dyn Clock) -> Signature {
        match self.fits(timestamp, body, signature) {
            Signature::Bad if self.changed(clock).await => self.fits(timestamp, body, signature),
            seen => seen,
        }
    }

    fn fits(&self, timestamp: &str, body: &[u8], signature: &str) -> Signature {
        let value = self.value.lock().unwrap_or_else(PoisonError::into_inner);
        let key = value.expose_secret();
        match verify(key, timestamp, body, signature) {
            true => Signature::Good { fingerprint: fingerprint(key, body) },
            false => Signature::Bad,
        }
    }

    /// Whether the vault has another key by now; then it is used from here on.
    async fn changed(&self, clock: &dyn Clock) -> bool {
        let Some((vault, name)) = &self.kept else { return false };
        {
            let mut looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
            let now = clock.now();
            if looked.is_some_and(|before| now.duration_since(before) < LOOK_AGAIN) {
                return false;
            }
            *looked = Some(now);
        }
        // A vault that does not open, or has no key any more, leaves the one that is known in force.
        let Ok(Some(newest)) = vault.value(name).await else { return false };
        let mut value = self.value.lock().unwrap_or_else(PoisonError::into_inner);
        if value.expose_secret() == newest.expose_secret() {
            return false;
        }
        *value = newest;
        true
    }
}
