//! How systems are signed in to: the names of secrets, and the application that BambooHR knows.

use super::Page;
use super::settings::Settings;
use crate::project::Finding;
use crate::project::connections::{BamboohrSignIn, OAuth, SecretFrom};
use crate::project::shape::project as shape;
use crate::project::shape::{ScalarOr, Text};
use crate::vault::SecretName;

/// The scope without which BambooHR gives no refresh token (bamboohr.md §2).
const OUTLIVES_THE_HOUR: &str = "offline_access";

/// A secret's name. A secret itself is refused without being repeated.
pub fn secret(key: &str, raw: &ScalarOr<shape::Secret>, page: &mut Page<'_>) -> Option<SecretFrom> {
    let help = format!(
        "write `{key}: {{ env: NAME }}`, put the value into that environment variable, and change the secret if this file was shared"
    );
    let map = match raw {
        ScalarOr::Scalar(text) => {
            page.error("secret-in-yaml", text, format!("`{key}` is written here as it is"), Some(help));
            return None;
        }
        ScalarOr::Map(map) => map,
    };
    match (&map.env, &map.vault) {
        (Some(text), None) => {
            if !is_variable(&text.text) {
                page.error("secret-in-yaml", text, "this is not the name of an environment variable", Some(help));
                return None;
            }
            Some(SecretFrom::Environment(text.text.clone()))
        }
        (None, Some(text)) => {
            let Ok(name) = SecretName::new(&text.text) else {
                let help = format!(
                    "write `{key}: {{ vault: NAME }}`, give the value to `ml-connector vault set NAME`, and change the secret if this file was shared"
                );
                page.error("secret-in-yaml", text, "this is not the name of a secret in the vault", Some(help));
                return None;
            };
            Some(SecretFrom::Vault(name))
        }
        _ => {
            let finding = Finding::error(
                "one-of",
                page.place(map.at()),
                format!("`{key}` needs exactly one of `env` and `vault`"),
            );
            page.report(finding.help(format!("`{key}: {{ env: NAME }}` or `{key}: {{ vault: NAME }}`")));
            None
        }
    }
}

fn is_variable(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

/// How BambooHR is signed in to: by a key or by OAuth. What `is_cut` out was reported before.
pub fn bamboohr(
    raw: &shape::Bamboohr,
    is_cut: bool,
    settings: &mut Settings,
    page: &mut Page<'_>,
) -> Option<BamboohrSignIn> {
    match (&raw.api_key, &raw.oauth) {
        (Some(key), None) => secret("api_key", key, page).map(BamboohrSignIn::ApiKey),
        (None, Some(application)) => oauth(application, settings, page).map(BamboohrSignIn::OAuth),
        (None, None) if is_cut => None,
        (key, _) => {
            let message = match key {
                Some(_) => "BambooHR is signed in to by `api_key` or by `oauth`, not by both",
                None => "nothing says how BambooHR is signed in to",
            };
            let finding = Finding::error("one-of", page.place(raw.at()), message);
            page.report(finding.help("`api_key: { env: NAME }`, or `oauth` with an application: docs/secrets.md"));
            None
        }
    }
}

fn oauth(raw: &shape::OAuth, settings: &mut Settings, page: &mut Page<'_>) -> Option<OAuth> {
    let client_id = raw.client_id.as_ref().and_then(|text| settings.resolve(text, page));
    let client_secret = raw.client_secret.as_ref().and_then(|raw| secret("client_secret", raw, page));
    let redirect = raw.redirect.as_ref().and_then(|text| settings.resolve(text, page));
    let redirect = redirect.filter(|text| is_https(text, page));
    let scopes = raw.scopes.as_ref().map(|scopes| scopes.iter().map(|scope| scope.text.clone()).collect::<Vec<_>>());
    if let Some(scopes) = &scopes
        && !scopes.iter().any(|scope| scope == OUTLIVES_THE_HOUR)
    {
        let message = "without `offline_access` somebody has to sign in again every hour";
        let finding = Finding::warning("short-sign-in", page.place(raw.at()), message);
        page.report(finding.help("add `offline_access` to `scopes`, and to the application in BambooHR's portal"));
    }
    Some(OAuth {
        client_id: client_id?.text,
        client_secret: client_secret?,
        redirect: redirect?.text,
        scopes: scopes?,
        pkce: raw.pkce.as_ref().is_some_and(|pkce| pkce.0),
    })
}

/// BambooHR compares the address letter by letter, and takes https only.
fn is_https(text: &Text, page: &mut Page<'_>) -> bool {
    let address = url::Url::parse(&text.text).ok();
    let good = address.is_some_and(|address| {
        address.scheme() == "https" && address.username().is_empty() && address.fragment().is_none()
    });
    if !good {
        let help =
            "for example https://acme.example/bamboohr, as BambooHR's portal has it; nothing has to answer there";
        page.error("bad-address", text, "BambooHR sends people back to an https address only", Some(help.to_owned()));
    }
    good
}
