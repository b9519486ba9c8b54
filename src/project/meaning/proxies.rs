//! `proxy` of a connection: the machine's own, none, or one by its address.

use super::Page;
use super::connections::plain_http;
use super::settings::Settings;
use crate::project::connections::Proxy;
use crate::project::shape::Text;

/// The proxy of a connection; `is_plain` where its requests are not encrypted, so that only this machine may see them.
pub(super) fn proxy(raw: Option<&Text>, is_plain: bool, settings: &mut Settings, page: &mut Page<'_>) -> Option<Proxy> {
    let Some(raw) = raw else { return Some(Proxy::System) };
    let text = settings.resolve(raw, page)?;
    match text.text.as_str() {
        "off" | "false" => Some(Proxy::Off),
        "system" => Some(Proxy::System),
        _ => address(&text, is_plain, page),
    }
}

fn address(text: &Text, is_plain: bool, page: &mut Page<'_>) -> Option<Proxy> {
    let example = "for example http://proxy.example.com:8080, or `off` for none";
    let url = url::Url::parse(&text.text).ok().filter(url::Url::has_host);
    let Some(url) = url.filter(|url| matches!(url.scheme(), "http" | "https")) else {
        page.error("bad-address", text, "this is not the address of a proxy", Some(example.to_owned()));
        return None;
    };
    if !url.username().is_empty() || url.password().is_some() {
        let help = "leave `proxy` out and set HTTPS_PROXY where ml-connector is started: a sign-in may stand in it; or use \
                    a proxy on this machine that signs in by itself";
        page.error("secret-in-yaml", text, "an address must not carry a sign-in", Some(help.to_owned()));
        return None;
    }
    if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
        let message = "the address of a proxy is only scheme, host and port";
        page.error("bad-address", text, message, Some(example.to_owned()));
        return None;
    }
    let proxy = Proxy::At(text.text.trim_end_matches('/').to_owned());
    if is_plain && !proxy.is_for_plain_http() {
        plain_http(text, page);
        return None;
    }
    Some(proxy)
}
