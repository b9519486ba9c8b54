//! `sign_in` and `tls` of GP's connection: who is shown to the server, and whom we trust to be it.

use super::Page;
use super::connections::Reading;
use super::providers::read_named;
use super::settings::Settings;
use crate::project::Finding;
use crate::project::connections::{GpKerberos, GpSignIn, KerberosKey};
use crate::project::shape::project as shape;
use crate::project::shape::project::{BindToTls, SignInBy};
use crate::project::shape::{ScalarOr, Text};
use windows_auth::Binding;
use windows_auth::certificate::Fingerprint;
use windows_auth::tls::{self, Trust};

/// How GP is signed in to. Whatever the chosen way needs has to be there, and what it has no use for must not.
pub(super) fn sign_in(raw: &shape::Gp, settings: &mut Settings, page: &mut Page<'_>) -> Option<GpSignIn> {
    let Some(written) = &raw.sign_in else {
        needs("user", raw.user.as_ref(), raw, "", page)?;
        needs("password", raw.password.as_ref(), raw, "", page)?;
        return Some(GpSignIn::Basic);
    };
    let binding = match written.bind_to_tls {
        None | Some(BindToTls::Auto) => Binding::Auto,
        Some(BindToTls::Require) => Binding::Require,
        Some(BindToTls::Off) => Binding::Off,
    };
    match written.by? {
        SignInBy::Kerberos => kerberos(written, binding, raw, settings, page).map(GpSignIn::Kerberos),
        by => {
            let is_basic = by == SignInBy::Basic;
            let word = if is_basic { "basic" } else { "ntlm" };
            let mut good = only_kerberos(written, word, page);
            if is_basic && written.bind_to_tls.is_some() {
                no_use(written, "bind_to_tls", word, page);
                good = false;
            }
            needs("user", raw.user.as_ref(), raw, "", page)?;
            needs("password", raw.password.as_ref(), raw, "", page)?;
            good.then_some(if is_basic { GpSignIn::Basic } else { GpSignIn::Ntlm { binding } })
        }
    }
}

fn kerberos(
    written: &shape::GpSignIn,
    binding: Binding,
    raw: &shape::Gp,
    settings: &mut Settings,
    page: &mut Page<'_>,
) -> Option<GpKerberos> {
    let mut resolved = |text: &Option<Text>, page: &mut Page<'_>| match text {
        Some(text) => settings.resolve(text, page).map(Some),
        None => Some(None),
    };
    let realm = resolved(&written.realm, page)?.map(|realm| realm.text.to_ascii_uppercase());
    let spn = match resolved(&written.spn, page)? {
        Some(text) => Some(service_name(&text, page)?),
        None => None,
    };
    let keytab = resolved(&written.keytab, page)?;
    let tickets = resolved(&written.tickets, page)?;
    let mut domain_controllers = Vec::new();
    for text in written.domain_controllers.iter().flatten() {
        domain_controllers.push(resolved(&Some(text.clone()), page)??.text);
    }
    let key = match (keytab, tickets) {
        (Some(_), Some(_)) => {
            let finding =
                Finding::error("one-of", page.place(written.at()), "`keytab` and `tickets` are two ways to one thing");
            page.report(finding.help("keep the one that the machine has"));
            return None;
        }
        (Some(keytab), None) => {
            needs("user", raw.user.as_ref(), raw, ", whose key the keytab holds", page)?;
            KerberosKey::Keytab(keytab.text)
        }
        (None, Some(cache)) => KerberosKey::Tickets((cache.text != "system").then_some(cache.text)),
        (None, None) => {
            needs("user", raw.user.as_ref(), raw, "", page)?;
            needs("password", raw.password.as_ref(), raw, ", or `keytab` or `tickets` in `sign_in`", page)?;
            KerberosKey::Password
        }
    };
    if key != KerberosKey::Password {
        let by_password =
            [("domain_controllers", written.domain_controllers.is_some()), ("else", written.r#else.is_some())];
        let mut is_sound = true;
        for (name, _) in by_password.into_iter().filter(|(_, is_there)| *is_there) {
            let message = format!("`{name}` has no effect beside a keytab or tickets");
            let finding = Finding::error("unused-part", page.place(written.at()), message);
            page.report(
                finding.help("remove it: the system finds domain controllers by itself (krb5.conf, or Windows)"),
            );
            is_sound = false;
        }
        if !is_sound {
            return None;
        }
    }
    let ntlm_instead = written.r#else.is_some();
    Some(GpKerberos { key, realm, domain_controllers, spn, ntlm_instead, binding })
}

fn service_name(text: &Text, page: &mut Page<'_>) -> Option<String> {
    let good = text.text.split_once('/').is_some_and(|(class, host)| !class.is_empty() && !host.is_empty());
    if !good {
        let message = format!("`{}` is not the name of a service", text.text);
        page.error("bad-address", text, message, Some("for example HTTP/gp.acme.local".to_owned()));
    }
    good.then(|| text.text.clone())
}

/// Whether nothing of Kerberos stands beside `by`.
fn only_kerberos(written: &shape::GpSignIn, by: &str, page: &mut Page<'_>) -> bool {
    let keys = [
        ("realm", written.realm.is_some()),
        ("domain_controllers", written.domain_controllers.is_some()),
        ("spn", written.spn.is_some()),
        ("keytab", written.keytab.is_some()),
        ("tickets", written.tickets.is_some()),
        ("else", written.r#else.is_some()),
    ];
    let unused = keys.into_iter().find(|(_, is_there)| *is_there);
    if let Some((name, _)) = unused {
        no_use(written, name, by, page);
    }
    unused.is_none()
}

fn no_use(written: &shape::GpSignIn, name: &str, by: &str, page: &mut Page<'_>) {
    let message = format!("`{name}` has no effect with `by: {by}`");
    let finding = Finding::error("unused-part", page.place(written.at()), message);
    page.report(finding.help("remove it, or write `by: kerberos`"));
}

fn needs<T>(key: &str, value: Option<&ScalarOr<T>>, raw: &shape::Gp, or: &str, page: &mut Page<'_>) -> Option<()> {
    if value.is_none() {
        let finding = Finding::error("missing-key", page.place(raw.at()), format!("`gp` has no `{key}`"));
        page.report(finding.help(format!("add `{key}: {{ env: NAME }}` or `{key}: {{ vault: NAME }}`{or}")));
    }
    value.map(|_| ())
}

/// Whom the connection trusts.
pub(super) fn tls(raw: Option<&shape::Tls>, reading: &mut Reading<'_>, page: &mut Page<'_>) -> Option<Trust> {
    let Some(raw) = raw else { return Some(Trust::default()) };
    if raw.authorities.is_some() && raw.pinned.is_some() {
        let message = "`authorities` have no effect beside `pinned`, which trusts one certificate only";
        page.report(Finding::error("unused-part", page.place(raw.at()), message).help("keep one of them"));
        return None;
    }
    let authorities = match &raw.authorities {
        Some(text) => Some(authorities(&reading.settings.resolve(text, page)?, reading, page)?),
        None => None,
    };
    let pinned = match &raw.pinned {
        Some(text) => Some(fingerprint(&reading.settings.resolve(text, page)?, page)?),
        None => None,
    };
    let only_tls13 = match &raw.at_least {
        None => false,
        Some(text) => match reading.settings.resolve(text, page)?.text.as_str() {
            "1.2" => false,
            "1.3" => true,
            other => {
                let message = format!("`at_least` cannot be `{other}`");
                page.error("unknown-value", text, message, Some("`1.2` or `1.3`; older ones are broken".to_owned()));
                return None;
            }
        },
    };
    Some(Trust { authorities: authorities.into_iter().collect(), pinned, only_tls13 })
}

fn authorities(text: &Text, reading: &mut Reading<'_>, page: &mut Page<'_>) -> Option<String> {
    let pem = read_named(text, reading.folder, reading.files, page)?;
    if let Err(error) = tls::authorities(&pem) {
        let message = format!("`{}` cannot be used: {error}", text.text);
        let help = "export the authority's certificate as Base-64 (PEM); it holds no private key".to_owned();
        page.error("bad-certificate", text, message, Some(help));
        return None;
    }
    Some(pem.to_string())
}

fn fingerprint(text: &Text, page: &mut Page<'_>) -> Option<Fingerprint> {
    let fingerprint = Fingerprint::parse(&text.text);
    if fingerprint.is_none() {
        let help = "64 hexadecimal digits: openssl x509 -in server.pem -noout -fingerprint -sha256".to_owned();
        page.error("bad-certificate", text, "this is no SHA-256 fingerprint", Some(help));
    }
    fingerprint
}
