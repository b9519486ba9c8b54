//! The address of an account, and an HTTP client for it: nothing secret leaves but by https, or to this machine.

use super::error::BamboohrError;
use crate::project::connections::{Proxy, is_this_machine};
use reqwest::{Client, Url};
use std::time::Duration;

/// The address without a slash at its end, and a client for it.
///
/// # Errors
/// [`BamboohrError::Connection`] when the address cannot be used: plain http is for loopback only, because the sign-in
/// travels in every request.
pub(super) fn connect(base_url: &str, proxy: &Proxy) -> Result<(Client, String), BamboohrError> {
    let unusable = |why: String| BamboohrError::Connection { why };
    let base = base_url.trim_end_matches('/').to_owned();
    let url = Url::parse(&base).map_err(|error| unusable(format!("base_url `{base}` is not an address: {error}")))?;
    let is_loopback = url.host_str().is_some_and(is_this_machine);
    if url.scheme() != "https" && !(url.scheme() == "http" && is_loopback) {
        return Err(unusable(format!("base_url `{base}` must begin with https:// (http:// only to loopback)")));
    }
    if url.username() != "" || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
        return Err(unusable("base_url must be an address only, without a user, a query or a fragment".into()));
    }
    if url.scheme() == "http" && !proxy.is_for_plain_http() {
        return Err(unusable("a proxy on another machine would see the sign-in: plain http stays on this one".into()));
    }
    let mut http = Client::builder()
        .user_agent(concat!("ml-connector/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(Duration::from_secs(10))
        // Between two pieces of an answer, not for the whole: a table of 100,000 people may take its time.
        .read_timeout(Duration::from_secs(60));
    http = match proxy {
        // A machine's proxy is for the way out, not for this machine.
        Proxy::System if is_loopback => http.no_proxy(),
        Proxy::System => http,
        Proxy::Off => http.no_proxy(),
        Proxy::At(address) => {
            let proxy = reqwest::Proxy::all(address);
            http.proxy(proxy.map_err(|_| unusable(format!("the proxy `{address}` is not an address")))?)
        }
    };
    if url.scheme() == "http" {
        // Loopback: no certificates to load.
        http = http.tls_certs_only([]);
    }
    let http = http.build().map_err(|error| unusable(format!("no HTTP client: {error}")))?;
    Ok((http, base))
}

/// A transport error in words, without its address: a query may name people.
pub(super) fn plain(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        "it did not answer in time".into()
    } else if error.is_connect() {
        "no connection to it".into()
    } else {
        "the connection was cut".into()
    }
}
