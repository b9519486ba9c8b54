//! OAuth 2: the page where a person says yes, `GET /authorize.php`, and the token endpoint, `POST /token.php?request=token`.
//!
//! At the sandbox everybody says yes at once. Whether BambooHR renews refresh tokens, and what it does with one that is
//! shown again, is not known (bamboohr.md §2): [`Oauth::rotates`] is the stricter of the two, as RFC 9700 asks for.

use super::answer::{Query, json, told};
use super::serve::Shared;
use crate::clock::Clock;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

/// The application that may ask for tokens, and the tokens it has.
#[derive(Debug)]
pub struct Oauth {
    pub client_id: String,
    pub client_secret: String,
    /// Good for one `authorization_code` grant.
    pub code: Option<String>,
    /// Seconds that an access token lives; as in BambooHR's own example.
    pub lives: i64,
    /// A refresh token is good once and gives the next one; shown again, it ends the sign-in.
    pub rotates: bool,
    /// How often tokens were renewed, and how often that was refused.
    pub renewed: u64,
    pub refused: u64,
    /// What the code is bound to, where a person was asked.
    asked: Option<Asked>,
    refresh_token: Option<String>,
    used_up: Vec<String>,
    access: Vec<(String, Timestamp)>,
    made: u64,
}

/// What `authorize.php` was asked with.
#[derive(Debug)]
struct Asked {
    redirect: String,
    challenge: Option<String>,
}

impl Oauth {
    pub(super) fn new(secret: &str) -> Oauth {
        Oauth {
            client_id: "ml-connector".into(),
            client_secret: secret.to_owned(),
            code: Some("sandbox-code".into()),
            lives: 3600,
            rotates: false,
            renewed: 0,
            refused: 0,
            asked: None,
            refresh_token: Some("sandbox-refresh-token".into()),
            used_up: Vec::new(),
            access: Vec::new(),
            made: 0,
        }
    }

    /// Ends the sign-in, as an administrator does: no token is good any more.
    pub fn revoke(&mut self) {
        self.refresh_token = None;
        self.access.clear();
    }

    /// Ends the access tokens only, before their time.
    pub fn forget_access(&mut self) {
        self.access.clear();
    }

    /// Whether this access token is good at `now`.
    pub(super) fn is_good(&self, token: &str, now: Timestamp) -> bool {
        self.access.iter().any(|(known, until)| known == token && now < *until)
    }

    /// A code for a person who says yes.
    fn say_yes(&mut self, redirect: &str, challenge: Option<&str>) -> String {
        self.made += 1;
        let code = format!("sandbox-code-{}", self.made);
        self.code = Some(code.clone());
        self.asked = Some(Asked { redirect: redirect.to_owned(), challenge: challenge.map(str::to_owned) });
        code
    }

    /// Whether the code is shown by whoever asked for it.
    fn is_bound(&self, form: &Query) -> bool {
        let Some(Asked { redirect, challenge }) = &self.asked else { return true };
        let shown = form.get("code_verifier").map(|verifier| {
            base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
        });
        form.get("redirect_uri") == Some(redirect) && shown == *challenge
    }

    /// The refresh token that an answer carries: that of a new sign-in, or the next one.
    fn next_refresh_token(&mut self, is_sign_in: bool) -> Option<String> {
        if is_sign_in && self.refresh_token.is_none() || self.rotates {
            self.made += 1;
            self.used_up.extend(self.refresh_token.take());
            self.refresh_token = Some(format!("sandbox-refresh-token-{}", self.made));
        }
        self.refresh_token.clone().filter(|_| is_sign_in || self.rotates)
    }

    fn grant(&mut self, now: Timestamp) -> String {
        self.made += 1;
        let token = format!("sandbox-access-token-{}", self.made);
        self.access.retain(|(_, until)| now < *until);
        self.access.push((token.clone(), now.saturating_add(SignedDuration::from_secs(self.lives)).unwrap_or(now)));
        token
    }
}

/// Sends the browser back with a code.
pub(super) async fn authorize(State(shared): State<Shared>, RawQuery(query): RawQuery) -> Response {
    let query = Query::of(query.as_deref());
    let mut account = shared.account();
    let oauth = &mut account.oauth;
    let (Some(redirect), Some(state)) = (query.get("redirect_uri"), query.get("state")) else {
        return told(StatusCode::BAD_REQUEST, "redirect_uri and state are needed");
    };
    let is_known = query.get("client_id") == Some(&oauth.client_id) && query.get("response_type") == Some("code");
    let is_hashed = query.get("code_challenge").is_none() || query.get("code_challenge_method") == Some("S256");
    if !is_known || !is_hashed || !redirect.starts_with("https://") {
        return told(StatusCode::BAD_REQUEST, "this application is not known like this");
    }
    let code = oauth.say_yes(redirect, query.get("code_challenge"));
    let Ok(mut back) = url::Url::parse(redirect) else {
        return told(StatusCode::BAD_REQUEST, "redirect_uri is not an address");
    };
    back.query_pairs_mut().append_pair("code", &code).append_pair("state", state);
    match HeaderValue::from_str(back.as_str()) {
        Ok(back) => (StatusCode::FOUND, [(LOCATION, back)]).into_response(),
        Err(_) => told(StatusCode::BAD_REQUEST, "redirect_uri is not an address"),
    }
}

/// Grants `authorization_code` once, and `refresh_token` for as long as it is the one in force.
pub(super) async fn token(State(shared): State<Shared>, RawQuery(query): RawQuery, body: Bytes) -> Response {
    let mut account = shared.account();
    let now = account.clock.now();
    let refuse = |error: &str| json(StatusCode::BAD_REQUEST, &serde_json::json!({ "error": error }));
    if Query::of(query.as_deref()).get("request") != Some("token") {
        return refuse("invalid_request");
    }
    let form = Query::of(std::str::from_utf8(&body).ok());
    let oauth = &mut account.oauth;
    if form.get("client_id") != Some(&oauth.client_id) || form.get("client_secret") != Some(&oauth.client_secret) {
        return json(StatusCode::UNAUTHORIZED, &serde_json::json!({ "error": "invalid_client" }));
    }
    let is_sign_in = form.get("grant_type") == Some("authorization_code");
    match form.get("grant_type") {
        Some("refresh_token") => {
            let shown = form.get("refresh_token").unwrap_or_default();
            if oauth.refresh_token.as_deref() != Some(shown) {
                oauth.refused += 1;
                if oauth.used_up.iter().any(|used| used == shown) {
                    oauth.revoke();
                }
                return refuse("invalid_grant");
            }
            oauth.renewed += 1;
        }
        Some("authorization_code") => {
            if oauth.code.is_none() || form.get("code") != oauth.code.as_deref() || !oauth.is_bound(&form) {
                return refuse("invalid_grant");
            }
            oauth.code = None;
        }
        Some(_) => return refuse("unsupported_grant_type"),
        None => return refuse("invalid_request"),
    }
    let refresh = oauth.next_refresh_token(is_sign_in);
    let mut answer = serde_json::json!({
        "access_token": oauth.grant(now), "token_type": "Bearer", "expires_in": oauth.lives,
    });
    if let Some(refresh) = refresh {
        answer["refresh_token"] = refresh.into();
    }
    json(StatusCode::OK, &answer)
}
