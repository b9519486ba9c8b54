//! Names and keys of an address: `Accounts(000-1100-00)`.

use axum::http::Uri;
use jiff::Timestamp;
use percent_encoding::percent_decode_str;
use std::collections::BTreeMap;

/// One step of an address: `Accounts(000-1100-00)` is a name and its keys.
pub(super) struct Step {
    pub(super) name: String,
    pub(super) keys: Vec<String>,
}

impl Step {
    /// Keys are told apart before they are decoded: an encoded `;` or parenthesis belongs to a key.
    pub(super) fn parse(raw: &str) -> Step {
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        match raw.split_once('(').and_then(|(name, rest)| Some((name, rest.strip_suffix(')')?))) {
            Some((name, keys)) => Step { name: decoded(name), keys: keys.split(';').map(decoded).collect() },
            None => Step { name: decoded(raw), keys: Vec::new() },
        }
    }
}

pub(super) struct Query(BTreeMap<String, String>);

impl Query {
    pub(super) fn parse(uri: &Uri) -> Query {
        let pairs = uri.query().unwrap_or_default().split('&').filter_map(|pair| pair.split_once('='));
        let decoded = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
        Query(pairs.map(|(name, value)| (decoded(name), decoded(value))).collect())
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Whether a row of this age passes the ModifiedDate filter.
    pub(super) fn is_new(&self, modified: Timestamp) -> bool {
        let since = self.get("ModifiedDate").and_then(|text| text.parse::<Timestamp>().ok());
        since.is_none_or(|since| since <= modified)
    }
}

/// The steps after `GPService/Tenants(DefaultTenant)/Companies(<this one>)/Dynamics`.
pub(super) fn within<'s>(steps: &'s [Step], company: &str) -> Option<&'s [Step]> {
    let [service, tenants, companies, product, resource @ ..] = steps else { return None };
    let is =
        |step: &Step, name: &str, key: Option<&str>| step.name == name && step.keys.first().map(String::as_str) == key;
    let fits = is(service, "GPService", None)
        && is(tenants, "Tenants", Some("DefaultTenant"))
        && is(companies, "Companies", Some(company))
        && is(product, "Dynamics", None);
    fits.then_some(resource)
}

pub(super) fn resource_name(resource: &[Step]) -> String {
    resource.iter().map(|step| step.name.as_str()).collect::<Vec<_>>().join("/")
}
