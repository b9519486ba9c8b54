//! Access tokens for the client, renewed before they end and after a refusal.
//!
//! A refresh token may be good for one use only, so two renewals at a time would end the sign-in. Within a process a mutex
//! lets one task renew; between processes the vault's lock does. Whoever waited reads what the vault has by then, and
//! usually needs nothing more. What is asked of BambooHR is noted before, and what it gave is durable before anybody uses
//! it.

use super::kept::Kept;
use crate::bamboohr::oauth::{Application, NoTokens};
use crate::bamboohr::{AccessTokens, BamboohrError};
use crate::clock::Clock;
use crate::run::systems::RunError;
use crate::run::vault::Vault;
use crate::vault::SecretName;
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use tokio::sync::Mutex;

/// The tokens of one sign-in.
pub struct Tokens {
    application: Application,
    vault: Arc<Vault>,
    name: SecretName,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

enum State {
    NotRead,
    Read(Kept),
    /// Not asked again in this process: accounts lock.
    Refused(String),
}

impl Tokens {
    /// The tokens that `application` has in the vault. Nothing is read or asked yet.
    pub fn new(application: Application, vault: Arc<Vault>, name: SecretName, clock: Arc<dyn Clock>) -> Tokens {
        Tokens { application, vault, name, clock, state: Mutex::new(State::NotRead) }
    }

    /// What the vault has, if it is fresh and not the one that was refused.
    async fn usable(&self, refused: Option<&SecretString>) -> Result<Result<Kept, Kept>, BamboohrError> {
        let kept = Kept::read(&self.vault, &self.name).await.map_err(unkept)?;
        let again = || BamboohrError::SignInAgain { why: "nobody has signed in yet".to_owned() };
        let kept = kept.ok_or_else(again)?;
        if let Some((since, why)) = &kept.ended {
            let since = since.strftime("%Y-%m-%d %H:%M UTC");
            return Err(BamboohrError::SignInAgain { why: format!("{why}, on {since}") });
        }
        let is_another = refused.is_none_or(|refused| !is_same(refused, &kept.access_token));
        Ok(if is_another && kept.is_fresh(self.clock.now()) { Ok(kept) } else { Err(kept) })
    }

    async fn renewed(&self, refused: Option<&SecretString>) -> Result<Kept, BamboohrError> {
        if let Ok(kept) = self.usable(refused).await? {
            return Ok(kept);
        }
        let _held = self.vault.hold().await.map_err(unkept)?;
        match self.usable(refused).await? {
            // Somebody else renewed it while this waited.
            Ok(kept) => Ok(kept),
            Err(kept) => self.renew(kept, refused).await,
        }
    }

    /// Asks BambooHR. The lock is held.
    async fn renew(&self, mut kept: Kept, refused: Option<&SecretString>) -> Result<Kept, BamboohrError> {
        let now = self.clock.now();
        let is_good = kept.is_good(now) && refused.is_none();
        let Some(refresh_token) = kept.refresh_token.clone() else {
            if is_good {
                return Ok(kept);
            }
            let why = "the access token has ended and there is no refresh token (scope offline_access)";
            return Err(self.end(&kept, why.to_owned()).await);
        };
        let is_interrupted = kept.renewing_since.is_some();
        kept.renewing_since = Some(now);
        kept.write(&self.vault, &self.name).await.map_err(unkept)?;
        match self.application.refresh(&refresh_token).await {
            Ok(granted) => {
                let new = Kept::granted(granted, now, Some(&kept));
                new.write(&self.vault, &self.name).await.map_err(unkept)?;
                tracing::info!("the sign-in to BambooHR was renewed");
                Ok(new)
            }
            Err(NoTokens::Ended { code }) => {
                let lost = if is_interrupted { "; the answer to an earlier renewal was lost" } else { "" };
                Err(self.end(&kept, format!("BambooHR no longer takes the refresh token ({code}){lost}")).await)
            }
            // Renewed early: the old one does for now, and the next request tries again.
            Err(no) if is_good => {
                tracing::warn!(why = %no, "the sign-in to BambooHR could not be renewed yet");
                Ok(kept)
            }
            Err(NoTokens::Unavailable { why }) => {
                Err(BamboohrError::Unavailable { what: "a new access token".to_owned(), why })
            }
            Err(no) => {
                let hint =
                    format!("{no}; check `client_id` and `client_secret`, then run again: it is not tried twice");
                Err(BamboohrError::SignInRefused { hint })
            }
        }
    }

    /// Notes durably that a person has to sign in again, so that no later run asks in vain.
    async fn end(&self, kept: &Kept, why: String) -> BamboohrError {
        match kept.ended(self.clock.now(), why.clone()).write(&self.vault, &self.name).await {
            Ok(()) => BamboohrError::SignInAgain { why },
            Err(error) => unkept(error),
        }
    }

    async fn answer(&self, state: &mut State, refused: Option<&SecretString>) -> Result<SecretString, BamboohrError> {
        if let State::Refused(hint) = state {
            return Err(BamboohrError::SignInRefused { hint: hint.clone() });
        }
        match self.renewed(refused).await {
            Ok(kept) => {
                let token = kept.access_token.clone();
                *state = State::Read(kept);
                Ok(token)
            }
            Err(error) => {
                if let BamboohrError::SignInRefused { hint } = &error {
                    *state = State::Refused(hint.clone());
                }
                Err(error)
            }
        }
    }
}

#[async_trait::async_trait]
impl AccessTokens for Tokens {
    async fn token(&self) -> Result<SecretString, BamboohrError> {
        let mut state = self.state.lock().await;
        let now = self.clock.now();
        // Noted as being renewed: an early renewal failed just now, and the token does until its end.
        if let State::Read(kept) = &*state
            && (kept.is_fresh(now) || kept.renewing_since.is_some() && kept.is_good(now))
        {
            return Ok(kept.access_token.clone());
        }
        self.answer(&mut state, None).await
    }

    async fn after_refusal(&self, refused: &SecretString) -> Result<SecretString, BamboohrError> {
        let mut state = self.state.lock().await;
        if let State::Read(kept) = &*state
            && !is_same(refused, &kept.access_token)
        {
            return Ok(kept.access_token.clone());
        }
        self.answer(&mut state, Some(refused)).await
    }
}

fn is_same(one: &SecretString, other: &SecretString) -> bool {
    one.expose_secret() == other.expose_secret()
}

fn unkept(error: RunError) -> BamboohrError {
    BamboohrError::Tokens { why: error.to_string() }
}
