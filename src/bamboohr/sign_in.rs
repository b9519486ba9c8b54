//! How requests are signed in: by an API key, or by access tokens that somebody else renews.

use super::error::BamboohrError;
use base64::Engine;
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;

/// Gives access tokens. Whoever implements it sees to it that one is renewed once, however many ask at a time.
#[async_trait::async_trait]
pub trait AccessTokens: Send + Sync {
    /// A token that should be good.
    ///
    /// # Errors
    /// When there is none and none can be had.
    async fn token(&self) -> Result<SecretString, BamboohrError>;

    /// Another one, after BambooHR refused `refused`.
    ///
    /// # Errors
    /// When none can be had.
    async fn after_refusal(&self, refused: &SecretString) -> Result<SecretString, BamboohrError>;
}

/// What a client signs in with.
pub enum SignIn {
    ApiKey(SecretString),
    Tokens(Arc<dyn AccessTokens>),
}

impl From<SecretString> for SignIn {
    fn from(key: SecretString) -> SignIn {
        SignIn::ApiKey(key)
    }
}

/// The same, ready to be sent.
pub(super) enum Signer {
    Basic(HeaderValue),
    Tokens(Arc<dyn AccessTokens>),
}

/// The header of one request, with the token it is made of.
pub(super) struct Signed {
    pub(super) header: HeaderValue,
    pub(super) token: Option<SecretString>,
}

impl Signer {
    /// # Errors
    /// [`BamboohrError::Connection`] for a key that cannot be sent.
    pub(super) fn of(sign_in: SignIn) -> Result<Signer, BamboohrError> {
        let unusable = |why: &str| BamboohrError::Connection { why: why.to_owned() };
        let key = match sign_in {
            SignIn::Tokens(tokens) => return Ok(Signer::Tokens(tokens)),
            SignIn::ApiKey(key) => key,
        };
        let key = key.expose_secret().trim();
        if key.is_empty() {
            return Err(unusable("the API key is empty"));
        }
        // The key is the user name; BambooHR ignores the password and its documents write an x.
        let basic = base64::engine::general_purpose::STANDARD.encode(format!("{key}:x"));
        let header = sensitive(&format!("Basic {basic}"));
        header.map(Signer::Basic).ok_or_else(|| unusable("the API key cannot be sent as a header"))
    }

    pub(super) async fn sign(&self) -> Result<Signed, BamboohrError> {
        match self {
            Signer::Basic(header) => Ok(Signed { header: header.clone(), token: None }),
            Signer::Tokens(tokens) => bearer(tokens.token().await?),
        }
    }

    /// Another signature after BambooHR refused this one; `None` where there is only one.
    pub(super) async fn sign_again(&self, refused: &Signed) -> Result<Option<Signed>, BamboohrError> {
        match (self, &refused.token) {
            (Signer::Tokens(tokens), Some(token)) => bearer(tokens.after_refusal(token).await?).map(Some),
            _ => Ok(None),
        }
    }
}

fn bearer(token: SecretString) -> Result<Signed, BamboohrError> {
    let header = sensitive(&format!("Bearer {}", token.expose_secret()));
    let unusable = || BamboohrError::Connection { why: "the access token cannot be sent as a header".to_owned() };
    Ok(Signed { header: header.ok_or_else(unusable)?, token: Some(token) })
}

fn sensitive(text: &str) -> Option<HeaderValue> {
    let mut header = HeaderValue::try_from(text).ok()?;
    header.set_sensitive(true);
    Some(header)
}
