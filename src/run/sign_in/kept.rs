//! The tokens of a sign-in as the vault keeps them: one record, replaced whole.

use crate::bamboohr::oauth::Granted;
use crate::run::systems::RunError;
use crate::run::vault::Vault;
use crate::vault::{SecretName, VaultError};
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use zeroize::Zeroizing;

/// A token is renewed so long before its end, as BambooHR's own SDK does (bamboohr.md §2), or a tenth of its life before.
const EARLY: SignedDuration = SignedDuration::from_mins(5);

/// The tokens of a sign-in.
#[derive(Clone, Debug)]
pub struct Kept {
    pub access_token: SecretString,
    pub refresh_token: Option<SecretString>,
    pub signed_in_at: Timestamp,
    /// When the access token was asked for, and when it ends.
    pub from: Timestamp,
    pub until: Timestamp,
    /// Set before the refresh token is shown: what becomes of it is not known until the answer is kept.
    pub renewing_since: Option<Timestamp>,
    /// Since when, and why, a person has to sign in again. No token is left then.
    pub ended: Option<(Timestamp, String)>,
}

#[derive(Serialize, Deserialize)]
struct Written<'k> {
    #[serde(borrow)]
    access_token: Cow<'k, str>,
    #[serde(borrow)]
    refresh_token: Option<Cow<'k, str>>,
    signed_in_at: Timestamp,
    from: Timestamp,
    until: Timestamp,
    renewing_since: Option<Timestamp>,
    ended: Option<(Timestamp, String)>,
}

impl Kept {
    /// What BambooHR gave at `now` (the moment of asking: a slow answer makes a token older, not younger).
    pub fn granted(granted: Granted, now: Timestamp, before: Option<&Kept>) -> Kept {
        let lives = SignedDuration::try_from(granted.lives).unwrap_or(SignedDuration::ZERO);
        Kept {
            access_token: granted.access_token,
            // BambooHR may keep the refresh token as it is, and then gives none.
            refresh_token: granted.refresh_token.or_else(|| before?.refresh_token.clone()),
            signed_in_at: before.map_or(now, |before| before.signed_in_at),
            from: now,
            until: now.saturating_add(lives).unwrap_or(now),
            renewing_since: None,
            ended: None,
        }
    }

    /// The same without its tokens.
    pub fn ended(&self, now: Timestamp, why: String) -> Kept {
        Kept { access_token: SecretString::default(), refresh_token: None, ended: Some((now, why)), ..self.clone() }
    }

    /// Whether the access token is good for a while.
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        let early = EARLY.min(self.until.duration_since(self.from) / 10);
        now.saturating_add(early).is_ok_and(|then| then < self.until) && self.ended.is_none()
    }

    /// Whether the access token is good at all.
    pub fn is_good(&self, now: Timestamp) -> bool {
        now < self.until && self.ended.is_none()
    }

    /// What the vault has; `None` before the first sign-in.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub async fn read(vault: &Vault, name: &SecretName) -> Result<Option<Kept>, RunError> {
        let Some(text) = vault.value(name).await? else { return Ok(None) };
        let altered = |_| VaultError::Altered { name: name.clone() };
        let written: Written<'_> = serde_json::from_str(text.expose_secret()).map_err(altered)?;
        let secret = |text: &str| SecretString::from(Box::<str>::from(text));
        Ok(Some(Kept {
            access_token: secret(&written.access_token),
            refresh_token: written.refresh_token.as_deref().map(secret),
            signed_in_at: written.signed_in_at,
            from: written.from,
            until: written.until,
            renewing_since: written.renewing_since,
            ended: written.ended,
        }))
    }

    /// Puts it in the place of what the vault has; durable when this returns.
    ///
    /// # Errors
    /// When it cannot be sealed or stored.
    pub async fn write(&self, vault: &Vault, name: &SecretName) -> Result<(), RunError> {
        let written = Written {
            access_token: self.access_token.expose_secret().into(),
            refresh_token: self.refresh_token.as_ref().map(|token| token.expose_secret().into()),
            signed_in_at: self.signed_in_at,
            from: self.from,
            until: self.until,
            renewing_since: self.renewing_since,
            ended: self.ended.clone(),
        };
        // Its room is taken at once: a text that grows leaves copies behind.
        let mut text = Zeroizing::new(Vec::with_capacity(32 << 10));
        let unwritten = |why: String| RunError::Write { what: name.to_string(), why };
        serde_json::to_writer(&mut *text, &written).map_err(|error| unwritten(error.to_string()))?;
        let text = std::str::from_utf8(&text).map_err(|error| unwritten(error.to_string()))?;
        vault.keep(name, &SecretString::from(Box::<str>::from(text))).await
    }
}
