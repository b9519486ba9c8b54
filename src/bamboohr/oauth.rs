//! The OAuth endpoints of an account (bamboohr.md §2): the page where a person says yes, and the one that gives tokens.
//!
//! Tokens come and go; nothing is kept here. The `oauth2` crate's errors may carry an answer's body and so a token: none
//! of them leaves this file.

use super::connect::{connect, plain};
use super::error::BamboohrError;
use super::retry::is_passing;
use crate::project::connections::{BamboohrConnection, OAuth};
use oauth2::basic::{BasicClient, BasicErrorResponseType, BasicTokenResponse};
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointNotSet, EndpointSet, HttpRequest,
    HttpResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RefreshToken, RequestTokenError, Scope,
    TokenResponse, TokenUrl,
};
use reqwest::{Client, Url};
use secrecy::{ExposeSecret, SecretString};
use std::time::Duration;

/// What an access token lives when the answer does not say it: BambooHR's own example.
const USUAL_LIFE: Duration = Duration::from_secs(3600);

/// An application that BambooHR knows, at one account.
pub struct Application {
    http: Client,
    client: BasicClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>,
    redirect: Url,
    scopes: Vec<String>,
    pkce: bool,
}

/// A question that a person takes to BambooHR.
pub struct Asked {
    /// The page to open in a browser.
    pub link: Url,
    state: SecretString,
    verifier: SecretString,
}

/// What BambooHR gave.
pub struct Granted {
    pub access_token: SecretString,
    /// Absent: without `offline_access`, or where the one before goes on.
    pub refresh_token: Option<SecretString>,
    pub lives: Duration,
}

/// Why there are no tokens.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoTokens {
    /// What was pasted is not BambooHR's answer to the question that was asked.
    #[error("{why}")]
    NotTheAnswer { why: String },
    /// The code or the refresh token is used up, revoked or too old: somebody has to sign in again.
    #[error("BambooHR no longer takes it ({code})")]
    Ended { code: String },
    /// BambooHR does not know the application, or not like this.
    #[error("BambooHR refused the application ({code})")]
    Refused { code: String },
    /// No answer, or none that says anything.
    #[error("BambooHR gave no tokens: {why}")]
    Unavailable { why: String },
}

#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct NoAnswer(String);

impl Application {
    /// The application of a connection. Nothing is asked yet.
    ///
    /// # Errors
    /// [`BamboohrError::Connection`] when an address cannot be used.
    pub fn new(
        connection: &BamboohrConnection,
        oauth: &OAuth,
        client_secret: &SecretString,
    ) -> Result<Application, BamboohrError> {
        // The older gateway has no pages for people: they are at the company's own address.
        let own = match connection.base_url.contains("/api/gateway.php/") {
            true => format!("https://{}.bamboohr.com", connection.company),
            false => connection.base_url.clone(),
        };
        let (http, base) = connect(&own, &connection.proxy)?;
        let unusable = |error: url::ParseError| BamboohrError::Connection { why: error.to_string() };
        let client = BasicClient::new(ClientId::new(oauth.client_id.clone()))
            .set_client_secret(ClientSecret::new(client_secret.expose_secret().to_owned()))
            // As in BambooHR's own SDK: in the form, not as a header.
            .set_auth_type(AuthType::RequestBody)
            .set_auth_uri(AuthUrl::new(format!("{base}/authorize.php")).map_err(unusable)?)
            .set_token_uri(TokenUrl::new(format!("{base}/token.php?request=token")).map_err(unusable)?)
            .set_redirect_uri(RedirectUrl::new(oauth.redirect.clone()).map_err(unusable)?);
        let redirect = Url::parse(&oauth.redirect).map_err(unusable)?;
        Ok(Application { http, client, redirect, scopes: oauth.scopes.clone(), pkce: oauth.pkce })
    }

    /// The page for a person. `state` and `verifier` are random texts of at least 43 letters and digits, new for each.
    pub fn ask(&self, state: SecretString, verifier: SecretString) -> Asked {
        let scopes = self.scopes.iter().cloned().map(Scope::new);
        let mut request =
            self.client.authorize_url(|| CsrfToken::new(state.expose_secret().to_owned())).add_scopes(scopes);
        if self.pkce {
            let verifier = PkceCodeVerifier::new(verifier.expose_secret().to_owned());
            request = request.set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
        }
        let (link, _) = request.url();
        Asked { link, state, verifier }
    }

    /// The tokens for the address that BambooHR sent the person's browser to.
    ///
    /// # Errors
    /// [`NoTokens::NotTheAnswer`] when it is another address, another question's answer, or says no.
    pub async fn exchange(&self, asked: &Asked, pasted: &SecretString) -> Result<Granted, NoTokens> {
        let code = self.code(asked, pasted)?;
        let mut request = self.client.exchange_code(AuthorizationCode::new(code.expose_secret().to_owned()));
        if self.pkce {
            request = request.set_pkce_verifier(PkceCodeVerifier::new(asked.verifier.expose_secret().to_owned()));
        }
        let answer = request.request_async(&|request| send(self.http.clone(), request)).await;
        granted(answer)
    }

    /// New tokens for a refresh token. It may be used up by this, whatever becomes of the answer.
    ///
    /// # Errors
    /// [`NoTokens::Ended`] when somebody has to sign in again.
    pub async fn refresh(&self, token: &SecretString) -> Result<Granted, NoTokens> {
        let token = RefreshToken::new(token.expose_secret().to_owned());
        let request = self.client.exchange_refresh_token(&token);
        let answer = request.request_async(&|request| send(self.http.clone(), request)).await;
        granted(answer)
    }

    /// The code in a pasted address, if it answers the question.
    fn code(&self, asked: &Asked, pasted: &SecretString) -> Result<SecretString, NoTokens> {
        let wrong = |why: &str| NoTokens::NotTheAnswer { why: why.to_owned() };
        let url = Url::parse(pasted.expose_secret().trim());
        let url = url.map_err(|_| wrong("this is not an address: copy the whole address line of the browser"))?;
        let place = |url: &Url| (url.origin(), url.path().to_owned());
        if place(&url) != place(&self.redirect) {
            return Err(wrong("this is not the `redirect` address that BambooHR sends people back to"));
        }
        let value = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value);
        if value("state").is_none_or(|state| state != asked.state.expose_secret()) {
            return Err(wrong("this address answers another question (its `state` is another): begin again"));
        }
        if let Some(error) = value("error") {
            return Err(NoTokens::NotTheAnswer { why: format!("BambooHR says no: {}", word(&error)) });
        }
        let code = value("code").filter(|code| !code.is_empty());
        code.map(|code| SecretString::from(Box::<str>::from(code)))
            .ok_or_else(|| wrong("there is no `code` in this address"))
    }
}

/// A code of OAuth from outside, fit to be printed.
fn word(text: &str) -> String {
    text.chars().filter(|letter| letter.is_ascii_alphanumeric() || "_-. ".contains(*letter)).take(60).collect()
}

async fn send(http: Client, request: HttpRequest) -> Result<HttpResponse, NoAnswer> {
    let request = reqwest::Request::try_from(request).map_err(|error| NoAnswer(plain(&error)))?;
    let response = http.execute(request).await.map_err(|error| NoAnswer(plain(&error)))?;
    let status = response.status();
    tracing::debug!(status = status.as_u16(), "BambooHR answered about tokens");
    if is_passing(status) || status.is_redirection() {
        return Err(NoAnswer(format!("it answered {}", status.as_u16())));
    }
    let body = response.bytes().await.map_err(|error| NoAnswer(plain(&error)))?;
    let mut answer = HttpResponse::new(body.to_vec());
    *answer.status_mut() = status;
    Ok(answer)
}

type Answer =
    Result<BasicTokenResponse, RequestTokenError<NoAnswer, oauth2::StandardErrorResponse<BasicErrorResponseType>>>;

fn granted(answer: Answer) -> Result<Granted, NoTokens> {
    let answer = answer.map_err(|error| match error {
        RequestTokenError::ServerResponse(said) => {
            let code = word(said.error().as_ref());
            match said.error() {
                BasicErrorResponseType::InvalidGrant => NoTokens::Ended { code },
                BasicErrorResponseType::Extension(_) => NoTokens::Unavailable { why: format!("it says {code}") },
                _ => NoTokens::Refused { code },
            }
        }
        RequestTokenError::Request(NoAnswer(why)) => NoTokens::Unavailable { why },
        // What cannot be read may hold a token.
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
            NoTokens::Unavailable { why: "its answer cannot be read".to_owned() }
        }
    })?;
    let secret = |text: &str| SecretString::from(Box::<str>::from(text));
    Ok(Granted {
        access_token: secret(answer.access_token().secret()),
        refresh_token: answer.refresh_token().map(|token| secret(token.secret())),
        lives: answer.expires_in().unwrap_or(USUAL_LIFE),
    })
}
