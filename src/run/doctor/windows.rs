//! Signing in to GP with a Windows account: what is known of it before anything is sent, and what each fact means.
//!
//! Whoever knows a fact fills it in; what is `None` is told as not known, never guessed.

use super::check::{Check, Kind};
use super::reach::reached;
use crate::project::connections::{GpConnection, GpSignIn, KerberosKey};
use jiff::Timestamp;
use std::io;
use std::net::IpAddr;

/// What these checks are about.
pub const ABOUT: &str = "GP, Windows sign-in";

/// The facts of a Windows sign-in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WindowsSignIn {
    /// How it is done: `kerberos`, `ntlm`, `negotiate`.
    pub mode: String,
    /// The Active Directory domain in capital letters: `ACME.EXAMPLE`.
    pub realm: Option<String>,
    /// Domain controllers that give tickets; `None` where nobody looked.
    pub kdcs: Option<Vec<Kdc>>,
    /// The service that a ticket is asked for: `HTTP/gp.acme.example`.
    pub spn: Option<String>,
    /// The account that GP's service runs as, as `DOMAIN\name`: whoever `setspn` has to name.
    pub service_account: Option<String>,
    /// Where the password or the ticket comes from.
    pub credentials: Option<Credentials>,
    /// Whether a server's address is used where Kerberos needs a name.
    pub server_is_an_address: bool,
}

/// A domain controller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kdc {
    /// `dc1.acme.example:88`.
    pub address: String,
    /// Whether a connection was taken; `None` where nobody tried.
    pub reached: Option<Result<(), String>>,
}

/// What is shown to a domain controller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credentials {
    /// The password behind the secret that `connections.gp` names.
    Password,
    /// A keytab, and why it cannot be read.
    Keytab { file: String, unreadable: Option<String> },
    /// Tickets that somebody got before, and until when they are good; why they cannot be used.
    Cache { place: String, until: Option<Timestamp>, unusable: Option<String> },
}

/// What a connection comes to. `opens` says why a file cannot be opened; domain controllers are knocked at.
pub async fn gathered(
    connection: &GpConnection,
    seen: windows_auth::Seen,
    opens: &(dyn Fn(&str) -> Option<io::Error> + Sync),
) -> WindowsSignIn {
    let server_is_an_address = connection.server.trim_matches(['[', ']']).parse::<IpAddr>().is_ok();
    let GpSignIn::Kerberos(kerberos) = &connection.sign_in else {
        let credentials = Some(Credentials::Password);
        return WindowsSignIn {
            mode: "ntlm".to_owned(),
            credentials,
            server_is_an_address,
            ..WindowsSignIn::default()
        };
    };
    let mut kdcs = Vec::new();
    for address in &seen.kdcs {
        let (host, port) = address.rsplit_once(':').unwrap_or((address, "88"));
        let reached = reached(host.trim_matches(['[', ']']), port.parse().unwrap_or(88)).await;
        kdcs.push(Kdc { address: address.clone(), reached: Some(reached) });
    }
    WindowsSignIn {
        mode: "kerberos".to_owned(),
        realm: seen.realm,
        // With a keytab or tickets the system asks its own.
        kdcs: (kerberos.key == KerberosKey::Password).then_some(kdcs),
        server_is_an_address: server_is_an_address && kerberos.spn.is_none(),
        spn: Some(seen.spn),
        service_account: None,
        credentials: Some(match &kerberos.key {
            KerberosKey::Password => Credentials::Password,
            KerberosKey::Keytab(file) => {
                Credentials::Keytab { file: file.clone(), unreadable: opens(file).map(|error| error.to_string()) }
            }
            KerberosKey::Tickets(cache) => {
                let place = cache.clone().unwrap_or_else(|| "the system's own cache".to_owned());
                Credentials::Cache { place, until: None, unusable: None }
            }
        }),
    }
}

/// What the facts mean.
pub fn judge(facts: &WindowsSignIn, now: Timestamp) -> Vec<Check> {
    let mut checks = vec![mode(facts)];
    checks.extend(facts.credentials.as_ref().map(|credentials| self::credentials(credentials, now)));
    if facts.mode != "ntlm" {
        checks.extend([realm(facts), kdcs(facts), spn(facts)]);
    }
    checks
}

fn mode(facts: &WindowsSignIn) -> Check {
    let name = "sign-in by";
    match facts.mode.as_str() {
        "ntlm" => {
            let remedy = "prefer Kerberos where the domain allows it: sign_in: { by: kerberos, realm: … }";
            Check::warning(ABOUT, name, "NTLM, which Windows is giving up and a domain may forbid", remedy)
        }
        mode => Check::good(ABOUT, name, mode),
    }
}

fn realm(facts: &WindowsSignIn) -> Check {
    let name = "realm";
    match &facts.realm {
        None => Check::bad(
            ABOUT,
            name,
            "no realm is known",
            "write it under connections.gp: sign_in: { by: kerberos, realm: ACME.EXAMPLE }",
        ),
        Some(realm) if realm.chars().any(char::is_lowercase) => {
            let remedy = format!("write it in capital letters: {}", realm.to_uppercase());
            Check::warning(ABOUT, name, format!("{realm} has small letters; a realm is told apart by them"), remedy)
        }
        Some(realm) => Check::good(ABOUT, name, realm.clone()),
    }
}

fn kdcs(facts: &WindowsSignIn) -> Check {
    let name = "domain controllers";
    let Some(kdcs) = &facts.kdcs else {
        return Check::unknown(ABOUT, name, "the system finds them by itself (krb5.conf, Windows)", "nothing to do");
    };
    let remedy = "name them under connections.gp: sign_in: { domain_controllers: [dc1.acme.example] }, and open port 88 (TCP) to them";
    if kdcs.is_empty() {
        let says = "none is known";
        return Check { kind: Kind::Unavailable, ..Check::bad(ABOUT, name, says, remedy) };
    }
    let told = |kdc: &Kdc| match &kdc.reached {
        Some(Ok(())) => format!("{} takes a connection", kdc.address),
        Some(Err(why)) => format!("{}: {why}", kdc.address),
        None => format!("{} (not tried)", kdc.address),
    };
    let says = kdcs.iter().map(told).collect::<Vec<_>>().join("; ");
    let (well, ill) = (
        kdcs.iter().any(|kdc| kdc.reached == Some(Ok(()))),
        kdcs.iter().any(|kdc| matches!(kdc.reached, Some(Err(_)))),
    );
    match (well, ill) {
        (true, false) => Check::good(ABOUT, name, says),
        (true, true) => Check::warning(ABOUT, name, says, "open port 88 (TCP) to each, or take out what is gone"),
        (false, true) => Check { kind: Kind::Unavailable, ..Check::bad(ABOUT, name, says, remedy) },
        (false, false) => Check::unknown(ABOUT, name, says, "nothing to do"),
    }
}

/// The service's name, and the line that an administrator of the domain runs once.
fn spn(facts: &WindowsSignIn) -> Check {
    let name = "service name";
    if facts.server_is_an_address {
        let remedy =
            "write the server's name as `server` under connections.gp: Kerberos gives no ticket for an address";
        return Check::bad(ABOUT, name, "`server` is an address", remedy);
    }
    let Some(spn) = &facts.spn else {
        return Check::unknown(ABOUT, name, "not known", "nothing to do");
    };
    let account = facts.service_account.as_deref().unwrap_or(r"DOMAIN\account-of-the-service");
    let says = format!(
        "a ticket for {spn} is asked for; it must be registered on the account that GP's service runs as, once: setspn -S {spn} {account}"
    );
    Check::good(ABOUT, name, says)
}

fn credentials(credentials: &Credentials, now: Timestamp) -> Check {
    let name = "credentials";
    match credentials {
        Credentials::Password => Check::good(ABOUT, name, "the password that connections.gp names"),
        Credentials::Keytab { file, unreadable: None } => Check::good(ABOUT, name, format!("the keytab {file}")),
        Credentials::Keytab { file, unreadable: Some(why) } => {
            let remedy = "check the path and its rights: only the account that runs ml-connector should read it";
            Check::bad(ABOUT, name, format!("the keytab {file} cannot be read: {why}"), remedy)
        }
        Credentials::Cache { place, unusable: Some(why), .. } => {
            Check::bad(ABOUT, name, format!("the tickets in {place} cannot be used: {why}"), "get new ones: kinit")
        }
        Credentials::Cache { place, until: Some(until), .. } if *until <= now => {
            let says = format!("the tickets in {place} ended on {}", until.strftime("%Y-%m-%d %H:%M UTC"));
            Check { kind: Kind::SignInRefused, ..Check::bad(ABOUT, name, says, "get new ones: kinit") }
        }
        Credentials::Cache { place, until, .. } => {
            let until = until
                .map_or_else(String::new, |until| format!(", good until {}", until.strftime("%Y-%m-%d %H:%M UTC")));
            Check::good(ABOUT, name, format!("the tickets in {place}{until}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::check::State;
    use super::*;

    fn kerberos() -> WindowsSignIn {
        WindowsSignIn {
            mode: "kerberos".to_owned(),
            realm: Some("ACME.EXAMPLE".to_owned()),
            kdcs: Some(vec![Kdc { address: "dc1.acme.example:88".to_owned(), reached: Some(Ok(())) }]),
            spn: Some("HTTP/gp.acme.example".to_owned()),
            service_account: Some(r"ACME\gp-service".to_owned()),
            credentials: Some(Credentials::Password),
            server_is_an_address: false,
        }
    }

    fn states(facts: &WindowsSignIn) -> Vec<State> {
        judge(facts, Timestamp::UNIX_EPOCH).iter().map(|check| check.state).collect()
    }

    #[test]
    fn what_an_administrator_has_to_run_is_written_out() {
        let checks = judge(&kerberos(), Timestamp::UNIX_EPOCH);
        assert!(checks.iter().all(|check| check.state == State::Good), "{checks:?}");
        assert!(checks[4].says.ends_with(r"setspn -S HTTP/gp.acme.example ACME\gp-service"), "{}", checks[4].says);
    }

    #[test]
    fn what_keeps_a_ticket_from_coming_is_told() {
        let nobody = WindowsSignIn { kdcs: Some(Vec::new()), realm: None, ..kerberos() };
        assert_eq!(states(&nobody)[2..4], [State::Bad, State::Bad]);
        let mut half = kerberos();
        half.kdcs
            .as_mut()
            .unwrap()
            .push(Kdc { address: "dc2:88".to_owned(), reached: Some(Err("no answer".to_owned())) });
        assert_eq!(states(&half)[3], State::Warning);
        assert_eq!(states(&WindowsSignIn { server_is_an_address: true, ..kerberos() })[4], State::Bad);
        assert_eq!(states(&WindowsSignIn { realm: Some("acme.example".to_owned()), ..kerberos() })[2], State::Warning);
        let cache = |until: i64| {
            let until = Some(Timestamp::from_second(until).unwrap());
            let cache = Credentials::Cache { place: "FILE:/tmp/krb5cc".to_owned(), until, unusable: None };
            states(&WindowsSignIn { credentials: Some(cache), ..kerberos() })[1]
        };
        assert_eq!((cache(-1), cache(60)), (State::Bad, State::Good));
        // NTLM asks no domain controller itself.
        assert_eq!(states(&WindowsSignIn { mode: "ntlm".to_owned(), ..kerberos() }).len(), 2);
    }
}
