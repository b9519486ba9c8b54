//! The token endpoint of OAuth 2: `POST /token.php?request=token`.

use super::answer::{Query, json};
use super::serve::Shared;
use crate::clock::Clock;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::{SignedDuration, Timestamp};

/// Seconds that an access token lives, as in BambooHR's own example.
const LIVES: i64 = 3600;

/// The application that may ask for tokens, and the tokens it has.
#[derive(Debug)]
pub struct Oauth {
    pub client_id: String,
    pub client_secret: String,
    /// Good for one `authorization_code` grant.
    pub code: Option<String>,
    refresh_token: String,
    access: Vec<(String, Timestamp)>,
    made: u64,
}

impl Oauth {
    pub(super) fn new(secret: &str) -> Oauth {
        Oauth {
            client_id: "ml-connector".into(),
            client_secret: secret.to_owned(),
            code: Some("sandbox-code".into()),
            refresh_token: "sandbox-refresh-token".into(),
            access: Vec::new(),
            made: 0,
        }
    }

    /// Whether this access token is good at `now`.
    pub(super) fn is_good(&self, token: &str, now: Timestamp) -> bool {
        self.access.iter().any(|(known, until)| known == token && now < *until)
    }

    fn grant(&mut self, now: Timestamp) -> String {
        self.made += 1;
        let token = format!("sandbox-access-token-{}", self.made);
        self.access.retain(|(_, until)| now < *until);
        self.access.push((token.clone(), now.saturating_add(SignedDuration::from_secs(LIVES)).unwrap_or(now)));
        token
    }
}

/// Grants `authorization_code` once and `refresh_token` again and again. Whether BambooHR renews the refresh token is
/// not known; the sandbox does not, so a client must keep the old one.
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
    match form.get("grant_type") {
        Some("refresh_token") if form.get("refresh_token") == Some(&oauth.refresh_token) => {}
        Some("authorization_code") if oauth.code.is_some() && form.get("code") == oauth.code.as_deref() => {
            oauth.code = None;
        }
        Some("refresh_token" | "authorization_code") => return refuse("invalid_grant"),
        Some(_) => return refuse("unsupported_grant_type"),
        None => return refuse("invalid_request"),
    }
    let is_first = form.get("grant_type") == Some("authorization_code");
    let refresh = is_first.then(|| oauth.refresh_token.clone());
    let mut answer = serde_json::json!({
        "access_token": oauth.grant(now), "token_type": "Bearer", "expires_in": LIVES,
    });
    if let Some(refresh) = refresh {
        answer["refresh_token"] = refresh.into();
    }
    json(StatusCode::OK, &answer)
}
