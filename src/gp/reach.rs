//! The way to GP's server: who is shown to it, whom we trust to be it, by what proxy, and how long it may take.

use super::error::GpError;
use crate::gp::dialect::Dialect;
use crate::project::connections::{GpConnection, GpKerberos, GpSignIn, KerberosKey, Proxy, is_this_machine};
use http::Uri;
use hyper_util::client::proxy::matcher::Matcher;
use percent_encoding::percent_decode_str;
use secrecy::SecretString;
use std::sync::Arc;
use std::time::Duration;
use windows_auth::tls;
use windows_auth::{Account, Binding, Kerberos, Key, Limits, Login, Pool, Server, SignInError, Terms};

/// Every company of a connection is reached by the same connections: they are signed in for the server, and a wrong password must
/// be tried once and not once a company. Nothing is sent yet.
///
/// # Errors
/// [`GpError::Dialect`] where TLS or proxy cannot be used, [`GpError::SignInRefused`] for a sign-in that cannot be used here.
pub fn pool(
    connection: &GpConnection,
    dialect: &Dialect,
    user: &str,
    password: &SecretString,
) -> Result<Arc<Pool>, GpError> {
    let unusable = |why: String| GpError::Dialect { file: connection.dialect_file.clone(), why };
    let is_encrypted = connection.scheme == "https";
    let tls = match is_encrypted {
        true => Some(tls::client(&connection.tls).map_err(|error| unusable(format!("no TLS: {error}")))?),
        false => None,
    };
    let server = Server {
        host: connection.server.trim_matches(['[', ']']).to_owned(),
        port: connection.port,
        tls,
        address: None,
        proxy: proxy(connection, is_encrypted).map_err(unusable)?,
    };
    let account = Account { user: user.to_owned(), password: password.clone() };
    let (login, binding) = login(&connection.sign_in, account);
    let limits = Limits {
        connections: usize::from(connection.calls_at_once.max(1)),
        connect: Duration::from_millis(dialect.http.connect_timeout_ms),
        answer: Duration::from_millis(dialect.http.timeout_ms),
        ..Limits::default()
    };
    Pool::new(server, login, Terms { binding, ..Terms::default() }, limits).map_err(|error| no_sign_in(&error))
}

/// The error for a question that could not be asked.
pub fn no_sign_in(error: &SignInError) -> GpError {
    GpError::SignInRefused { why: error.to_string(), hint: error.remedy() }
}

fn login(sign_in: &GpSignIn, account: Account) -> (Login, Binding) {
    match sign_in {
        GpSignIn::Basic => (Login::Basic(account), Binding::Off),
        GpSignIn::Ntlm { binding } => (Login::Ntlm(account), *binding),
        GpSignIn::Kerberos(kerberos) => (Login::Kerberos(with_key(kerberos, account)), kerberos.binding),
    }
}

fn with_key(kerberos: &GpKerberos, account: Account) -> Kerberos {
    let key = match &kerberos.key {
        KerberosKey::Password => Key::Password(account),
        KerberosKey::Keytab(keytab) => {
            let principal = match (&kerberos.realm, account.user.contains('@')) {
                (Some(realm), false) => format!("{}@{realm}", account.user),
                _ => account.user,
            };
            Key::Keytab { keytab: keytab.into(), principal }
        }
        KerberosKey::Tickets(None) if cfg!(windows) => Key::ThisUser,
        KerberosKey::Tickets(cache) => Key::TicketCache { cache: cache.clone() },
    };
    Kerberos {
        key,
        realm: kerberos.realm.clone(),
        kdcs: kerberos.domain_controllers.clone(),
        spn: kerberos.spn.clone(),
        ntlm_instead: kerberos.ntlm_instead,
    }
}

/// The proxy that the project names, or else the machine.
fn proxy(connection: &GpConnection, is_encrypted: bool) -> Result<Option<windows_auth::Proxy>, String> {
    let authority = format!("{}:{}", connection.server, connection.port);
    match &connection.proxy {
        Proxy::Off => Ok(None),
        Proxy::System if is_this_machine(&connection.server) => Ok(None),
        Proxy::System => {
            let uri = format!("https://{authority}/").parse::<Uri>().map_err(|error| error.to_string())?;
            let Some(found) = Matcher::from_system().intercept(&uri) else { return Ok(None) };
            let mut proxy = proxy_at(found.uri())?;
            // It stands in the variable as part of the address.
            proxy.sign_in = found.raw_auth().map(|(user, password)| {
                let plain = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
                (plain(user), plain(password).into())
            });
            Ok(Some(proxy))
        }
        Proxy::At(_) if !is_encrypted && !connection.proxy.is_for_plain_http() => {
            Err("a proxy on another machine would see the password".to_owned())
        }
        Proxy::At(at) => {
            let uri = at.parse::<Uri>().map_err(|_| format!("the proxy `{at}` is not an address"))?;
            proxy_at(&uri).map(Some)
        }
    }
}

fn proxy_at(uri: &Uri) -> Result<windows_auth::Proxy, String> {
    let host = uri.host().ok_or_else(|| format!("the proxy `{uri}` is not an address"))?;
    if uri.scheme_str().is_some_and(|scheme| scheme != "http") {
        let why = "GP is reached by a proxy with http:// (what goes through it is encrypted to the end)";
        return Err(format!("the proxy at {host} cannot be used: {why}"));
    }
    Ok(windows_auth::Proxy { address: format!("{host}:{}", uri.port_u16().unwrap_or(80)), sign_in: None })
}
