//! `connections`: how the two systems are reached. Nothing here connects.

use super::Page;
use super::accounts;
use super::providers::{dialect, providers};
use super::proxies::proxy;
use super::schedule;
use super::settings::Settings;
use super::sign_ins::{self, secret};
use super::{webhooks, windows_sign_in};
use crate::project::Finding;
use crate::project::connections::{
    BamboohrConnection, ChangePace, DimensionSource, GpConnection, Provider, is_this_machine,
};
use crate::project::shape::Text;
use crate::project::shape::project as shape;
use crate::project::source::Files;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::Path;

/// GP's largest journal number (dynamics-gp.md §8, error 9368).
const LARGEST_JOURNAL_NUMBER: u32 = 99_999_999;

/// What a connection may read beside its own text.
pub struct Reading<'r> {
    pub folder: &'r Path,
    pub files: &'r mut Files,
    pub settings: &'r mut Settings,
    /// `journal_numbers` or `providers` were left out, because they are wrong.
    pub numbers_are_cut: bool,
}

/// `connections.bamboohr`.
pub fn bamboohr(
    raw: &shape::Bamboohr,
    sign_in_is_cut: bool,
    settings: &mut Settings,
    page: &mut Page<'_>,
) -> Option<BamboohrConnection> {
    let company = raw.company.as_ref().and_then(|text| settings.resolve(text, page));
    let company = company.filter(|text| dns_label(text, page)).map(|text| text.text);
    let base_url = match &raw.base_url {
        Some(text) => settings.resolve(text, page).and_then(|text| base_url(&text, page)),
        None => company.as_ref().map(|company| format!("https://{company}.bamboohr.com")),
    };
    let sign_in = sign_ins::bamboohr(raw, sign_in_is_cut, settings, page);
    let timesheets = match &raw.timesheets {
        Some(text) => settings.resolve(text, page).and_then(|text| match text.text.as_str() {
            "on" | "true" => Some(true),
            "off" | "false" => Some(false),
            _ => {
                let message = format!("`timesheets` cannot be `{}`", text.text);
                page.error("unknown-value", &text, message, Some("`on` or `off`".to_owned()));
                None
            }
        }),
        None => Some(true),
    };
    let is_plain = base_url.as_ref().is_some_and(|address| address.starts_with("http:"));
    let proxy = proxy(raw.proxy.as_ref(), is_plain, settings, page);
    let changes = match &raw.changes {
        Some(raw) => schedule::pace(raw, settings, page),
        None => Some(ChangePace::default()),
    };
    let webhook = match &raw.webhook {
        Some(webhook) => webhooks::receiver(webhook, settings, page).map(Some),
        None => Some(None),
    };
    Some(BamboohrConnection {
        company: company?,
        base_url: base_url?,
        sign_in: sign_in?,
        timesheets: timesheets?,
        proxy: proxy?,
        changes: changes?,
        webhook: webhook?,
    })
}

/// The company becomes a host name while the request carries credentials: a bare label only (bamboohr.md §2).
fn dns_label(text: &Text, page: &mut Page<'_>) -> bool {
    let label = &text.text;
    let good = (1..=63).contains(&label.len())
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-');
    if !good {
        let message = format!("`{label}` is not a company's label at BambooHR");
        let help = "only the first part of the address: `acme` for acme.bamboohr.com".to_owned();
        let label = label.trim_start_matches("https://").split_once(".bamboohr.com").map(|(label, _)| label);
        let finding = Finding::error("bad-company", text.place(page.file), message).help(help);
        page.report(finding.write(label.filter(|label| label.bytes().all(|byte| byte.is_ascii_alphanumeric()))));
    }
    good
}

fn base_url(text: &Text, page: &mut Page<'_>) -> Option<String> {
    let parsed = url::Url::parse(&text.text).ok().filter(url::Url::has_host);
    let Some(parsed) = parsed else {
        let help = "for example https://acme.bamboohr.com".to_owned();
        page.error("bad-address", text, "this is not an address", Some(help));
        return None;
    };
    if !parsed.username().is_empty() || parsed.password().is_some() {
        let help = "name an environment variable under `api_key` instead".to_owned();
        page.error("secret-in-yaml", text, "an address must not carry a sign-in", Some(help));
        return None;
    }
    let loopback = parsed.host_str().is_some_and(is_this_machine);
    if parsed.scheme() != "https" && !(parsed.scheme() == "http" && loopback) {
        plain_http(text, page);
        return None;
    }
    Some(text.text.trim_end_matches('/').to_owned())
}

pub(super) fn plain_http(text: &Text, page: &mut Page<'_>) {
    let help = "use https; plain http is for a sandbox on this machine".to_owned();
    page.error("plain-http", text, "sign-ins and pay would travel unencrypted", Some(help));
}

/// `connections.gp`.
pub fn gp(raw: &shape::Gp, reading: &mut Reading<'_>, page: &mut Page<'_>) -> Option<GpConnection> {
    let mut resolved = |text: &Option<Text>, page: &mut Page<'_>| match text {
        Some(text) => reading.settings.resolve(text, page).map(Some),
        None => Some(None),
    };
    let scheme = resolved(&raw.scheme, page);
    let server = resolved(&raw.server, page).flatten();
    let port = resolved(&raw.port, page);
    let tenant = resolved(&raw.tenant, page);
    let company = resolved(&raw.company, page).flatten();
    let mut listed = |names: &Option<Vec<Text>>, page: &mut Page<'_>| -> Option<Vec<Text>> {
        names.iter().flatten().map(|text| resolved(&Some(text.clone()), page)?).collect()
    };
    let companies = listed(&raw.companies, page);
    let formerly = listed(&raw.formerly, page);
    let dialect_name = resolved(&raw.dialect, page);
    let numbers = resolved(&raw.journal_numbers, page);
    let calls = resolved(&raw.calls_at_once, page);

    let server = server.and_then(|text| host(&text, page));
    let scheme = scheme.and_then(|text| scheme_of(text.as_ref(), server.as_deref(), page));
    let port = port.and_then(|text| text.map_or(Some(443), |text| page.whole(&text, 1..=65_535)));
    let sign_in = windows_sign_in::sign_in(raw, reading.settings, page);
    let tls = windows_sign_in::tls(raw.tls.as_ref(), reading, page);
    let user = raw.user.as_ref().map(|user| secret("user", user, page));
    let password = raw.password.as_ref().map(|password| secret("password", password, page));
    let calls_at_once = calls.and_then(|text| text.map_or(Some(1), |text| page.whole(&text, 1..=64)));
    let providers = providers(raw.providers.as_ref(), reading, page);
    let journal_numbers = match numbers {
        None => None,
        Some(Some(text)) => number_range(&text, page).map(Some),
        // A switch that was cut out may have said `off`.
        Some(None) => match &providers {
            Some(providers) if providers.journals != Provider::Off && !reading.numbers_are_cut => {
                no_numbers(raw, page);
                None
            }
            Some(_) | None => Some(None),
        },
    };
    let dimensions = dimensions(raw, page);
    let proxy = proxy(raw.proxy.as_ref(), scheme.as_deref() == Some("http"), reading.settings, page);
    let dialect_name =
        dialect_name.map(|text| text.unwrap_or_else(|| Text { text: "sba".to_owned(), ..Text::default() }));
    let dialect = dialect_name.and_then(|name| dialect(&name, raw, reading.files, page));
    let companies = companies.and_then(|companies| self::companies(&companies, page));
    let account_format = match &raw.account_format {
        Some(text) => accounts::format(text, page).map(Some),
        None => Some(None),
    };
    let (dialect, dialect_file, dialect_text) = dialect?;
    Some(GpConnection {
        scheme: scheme?,
        server: server?,
        port: u16::try_from(port?).ok()?,
        tenant: tenant?.map_or_else(|| "DefaultTenant".to_owned(), |text| text.text),
        company: company?.text,
        formerly: formerly?.into_iter().map(|text| text.text).collect(),
        companies: companies?,
        user: user.map_or(Some(None), |user| user.map(Some))?,
        password: password.map_or(Some(None), |password| password.map(Some))?,
        sign_in: sign_in?,
        tls: tls?,
        dialect,
        dialect_text,
        dialect_file,
        providers: providers?,
        dimensions: dimensions?,
        account_format: account_format?,
        journal_numbers: journal_numbers?,
        calls_at_once: u16::try_from(calls_at_once?).ok()?,
        proxy: proxy?,
    })
}

fn host(text: &Text, page: &mut Page<'_>) -> Option<String> {
    let name = text.text.trim_start_matches('[').trim_end_matches(']');
    let good = name.parse::<IpAddr>().is_ok()
        || (!name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.' || b == b'_'));
    if !good {
        let message = format!("`{}` is not a server's name", text.text);
        let help = "only the name, for example gp.example.com; `scheme` and `port` are keys of their own".to_owned();
        page.error("bad-address", text, message, Some(help));
    }
    // In an address the digits of IPv6 stand in brackets.
    good.then(|| match name.parse::<IpAddr>() {
        Ok(IpAddr::V6(address)) => format!("[{address}]"),
        Ok(IpAddr::V4(_)) | Err(_) => text.text.clone(),
    })
}

fn scheme_of(text: Option<&Text>, server: Option<&str>, page: &mut Page<'_>) -> Option<String> {
    let Some(text) = text else { return Some("https".to_owned()) };
    match text.text.as_str() {
        "https" => Some("https".to_owned()),
        "http" => {
            if is_this_machine(server?) {
                return Some("http".to_owned());
            }
            plain_http(text, page);
            None
        }
        other => {
            let message = format!("`scheme` cannot be `{other}`");
            page.error("unknown-value", text, message, Some("`https`, or `http` to this machine".to_owned()));
            None
        }
    }
}

/// Each company once: a name twice would be asked twice.
fn companies(written: &[Text], page: &mut Page<'_>) -> Option<Vec<String>> {
    let mut names: Vec<String> = Vec::new();
    for text in written {
        if names.contains(&text.text) {
            page.error(
                "two-companies",
                text,
                format!("`{}` is listed twice", text.text),
                Some("remove one".to_owned()),
            );
            return None;
        }
        names.push(text.text.clone());
    }
    Some(names)
}

fn no_numbers(raw: &shape::Gp, page: &mut Page<'_>) {
    let finding = Finding::error("missing-key", page.place(raw.at()), "`gp` has no `journal_numbers`");
    page.report(finding.help(
        "agree on a range with the accountants: `journal_numbers: 80000001-89999999`; without journals, write \
         `providers: { journals: off }`",
    ));
}

fn number_range(text: &Text, page: &mut Page<'_>) -> Option<(u32, u32)> {
    let parsed = text.text.split_once('-').and_then(|(first, last)| {
        let number = |part: &str| part.trim().parse::<u32>().ok();
        number(first).zip(number(last))
    });
    let range = parsed.filter(|(first, last)| *first >= 1 && first <= last && *last <= LARGEST_JOURNAL_NUMBER);
    if range.is_none() {
        let message = format!("`{}` is not a range of journal numbers", text.text);
        let help = format!("two numbers from 1 to {LARGEST_JOURNAL_NUMBER}, for example 80000001-89999999");
        page.error("bad-number-range", text, message, Some(help));
    }
    range
}

fn dimensions(raw: &shape::Gp, page: &mut Page<'_>) -> Option<BTreeMap<String, DimensionSource>> {
    let mut dimensions = BTreeMap::new();
    let mut good = true;
    for (name, dimension) in raw.dimensions.iter().flat_map(|dimensions| dimensions.iter()) {
        let source = match (&dimension.segment, &dimension.analytical) {
            (Some(segment), None) => {
                page.whole(segment, 1..=10).and_then(|n| u8::try_from(n).ok()).map(DimensionSource::Segment)
            }
            (None, Some(analytical)) => Some(DimensionSource::Analytical(analytical.text.clone())),
            _ => {
                let help = "`{ segment: 3 }` or `{ analytical: NAME }`".to_owned();
                let message = format!("`{}` needs exactly one of `segment` and `analytical`", name.text);
                page.error("one-of", name, message, Some(help));
                None
            }
        };
        match source {
            Some(source) => {
                dimensions.insert(name.text.clone(), source);
            }
            None => good = false,
        }
    }
    good.then_some(dimensions)
}
