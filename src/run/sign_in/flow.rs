//! A person signs in: a link to open, and the address that comes back.

use super::kept::Kept;
use crate::bamboohr::BamboohrError;
use crate::bamboohr::oauth::{Application, Asked, NoTokens};
use crate::clock::Clock;
use crate::project::Generation;
use crate::project::connections::{BamboohrConnection, BamboohrSignIn, OAuth};
use crate::run::systems::{RunError, Secrets};
use crate::run::vault::Vault;
use crate::vault::{Randomness, SecretName, VaultError};
use base64::Engine;
use jiff::Timestamp;
use secrecy::SecretString;
use zeroize::Zeroizing;

/// Where BambooHR's tokens are kept.
pub fn bamboohr() -> SecretName {
    SecretName::of_sign_in("bamboohr")
}

/// A question to a person, until its answer is pasted.
pub struct Question {
    application: Application,
    asked: Asked,
    asked_by: String,
}

/// How a sign-in is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// Nobody has signed in.
    Never,
    Good {
        signed_in_at: Timestamp,
        /// When the access token ends.
        until: Timestamp,
        /// Whether it is renewed by itself.
        renews: bool,
    },
    /// A person has to sign in again.
    Again { since: Timestamp, why: String },
}

/// The application that a project names, with its secret.
///
/// # Errors
/// [`RunError::NoApplication`] when it signs in by key; a secret that is not there.
pub async fn application(generation: &Generation, secrets: &Secrets<'_>) -> Result<Application, RunError> {
    let (connection, oauth) = named(generation)?;
    let secret = secrets.value("BambooHR", &oauth.client_secret).await?;
    Ok(Application::new(connection, oauth, &secret)?)
}

/// The application that a project names.
///
/// # Errors
/// [`RunError::NoApplication`] when it signs in by key.
pub fn named(generation: &Generation) -> Result<(&BamboohrConnection, &OAuth), RunError> {
    let connection = generation.project.bamboohr.as_ref().ok_or(RunError::NoConnection { system: "bamboohr" })?;
    match &connection.sign_in {
        BamboohrSignIn::OAuth(oauth) => Ok((connection, oauth)),
        BamboohrSignIn::ApiKey(_) => Err(RunError::NoApplication),
    }
}

impl Question {
    /// A new question, which only its own answer fits.
    ///
    /// # Errors
    /// When the machine gives no random numbers.
    pub fn new(application: Application, who: &str, random: &dyn Randomness) -> Result<Question, RunError> {
        let asked = application.ask(unguessable(random)?, unguessable(random)?);
        Ok(Question { application, asked, asked_by: who.to_owned() })
    }

    /// The page to open in a browser.
    pub fn link(&self) -> &str {
        self.asked.link.as_str()
    }

    /// Takes the address that BambooHR sent the browser to, and keeps the tokens it stands for.
    ///
    /// # Errors
    /// When it is not the answer, BambooHR gives no tokens, or they cannot be kept.
    pub async fn answer(&self, pasted: &SecretString, vault: &Vault, clock: &dyn Clock) -> Result<Status, RunError> {
        let name = bamboohr();
        // Held before the code is used up: a renewal in between would put the old sign-in over the new one.
        let _held = vault.hold().await?;
        let now = clock.now();
        let granted = self.application.exchange(&self.asked, pasted).await.map_err(|no| match no {
            NoTokens::NotTheAnswer { why } => RunError::NotTheAnswer { why },
            NoTokens::Ended { code } => RunError::NotTheAnswer {
                why: format!(
                    "BambooHR does not take this code any more ({code}): begin again, and paste within a minute"
                ),
            },
            NoTokens::Refused { .. } => {
                let hint = format!("{no}; check `client_id`, `client_secret` and `redirect` against BambooHR's portal");
                BamboohrError::SignInRefused { hint }.into()
            }
            NoTokens::Unavailable { why } => {
                BamboohrError::Unavailable { what: "the tokens of a sign-in".to_owned(), why }.into()
            }
        })?;
        let kept = Kept::granted(granted, now, None);
        kept.write(vault, &name).await?;
        vault.note(&self.asked_by, "signed in", "bamboohr").await?;
        Ok(status_of(&kept))
    }
}

/// How the sign-in to BambooHR is. Nothing is asked of BambooHR.
///
/// # Errors
/// When the vault cannot be read.
pub async fn status(vault: &Vault) -> Result<Status, RunError> {
    Ok(Kept::read(vault, &bamboohr()).await?.as_ref().map_or(Status::Never, status_of))
}

fn status_of(kept: &Kept) -> Status {
    match &kept.ended {
        Some((since, why)) => Status::Again { since: *since, why: why.clone() },
        None => {
            Status::Good { signed_in_at: kept.signed_in_at, until: kept.until, renews: kept.refresh_token.is_some() }
        }
    }
}

/// 43 letters and digits that nobody can guess.
fn unguessable(random: &dyn Randomness) -> Result<SecretString, VaultError> {
    let mut bytes = Zeroizing::new([0; 32]);
    random.fill(bytes.as_mut_slice())?;
    Ok(SecretString::from(base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes.as_slice())))
}
