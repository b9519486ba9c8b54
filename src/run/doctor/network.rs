//! The way to a system, step by step: its proxy, its name, a connection, TLS, its certificate.

use super::certificate::Certificate;
use super::check::{Check, Kind};
use jiff::{Timestamp, ToSpan};
use std::net::{IpAddr, SocketAddr};

/// What these checks are about.
pub const TO_BAMBOOHR: &str = "the way to BambooHR";
pub const TO_GP: &str = "the way to GP";

/// Certificates that end within so many days are told.
const CARE_DAYS: i64 = 30;

/// By what way a system is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    Straight {
        /// Why there is no proxy, where somebody said so.
        because: &'static str,
    },
    Proxy {
        /// Without a sign-in.
        address: String,
        /// Who says so: `project.yaml`, `the variable HTTPS_PROXY`.
        from: String,
    },
}

/// What was met on the way to one system. What was not tried is empty or `None`.
#[derive(Clone, Debug)]
pub struct Met {
    /// [`TO_BAMBOOHR`] or [`TO_GP`].
    pub about: &'static str,
    pub host: String,
    pub port: u16,
    pub way: Way,
    /// The addresses behind the name that is connected to: the proxy's, where there is one.
    pub addresses: Option<Result<Vec<SocketAddr>, String>>,
    /// Each address that was tried.
    pub reached: Vec<(SocketAddr, Result<(), String>)>,
    /// What the proxy said to a tunnel, when it was no yes.
    pub proxy_refused: Option<String>,
    /// `None` for plain http to this machine, and where nothing was reached.
    pub tls: Option<Tls>,
}

/// What TLS met.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tls {
    /// `TLS 1.3`.
    pub version: Option<String>,
    pub certificate: Option<Certificate>,
    pub refused: Option<Refused>,
}

/// Why a server was not trusted, or no TLS came about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    UnknownIssuer,
    Expired,
    NotYet,
    WrongName,
    Revoked,
    /// Anything else about the certificate.
    Certificate(String),
    /// There was no certificate to look at.
    Handshake(String),
}

/// What was met, as checks.
pub fn judge(met: &Met, now: Timestamp) -> Vec<Check> {
    let mut checks = vec![way(met), name(met)];
    checks.extend(connection(met));
    if let Some(refused) = &met.proxy_refused {
        let remedy = "let whoever keeps the proxy allow this host, or name another way: `proxy` under the connection";
        let says = format!("the proxy opens no way to {}:{}: {refused}", met.host, met.port);
        checks.push(Check { kind: Kind::Unavailable, ..Check::bad(met.about, "tunnel", says, remedy) });
    }
    if let Some(tls) = &met.tls {
        checks.extend(encryption(met, tls));
        checks.extend(certificate(met, tls, now));
    }
    checks
}

fn way(met: &Met) -> Check {
    let says = match &met.way {
        Way::Straight { because } => format!("none: {because}"),
        Way::Proxy { address, from } => format!("{address}, as {from} says"),
    };
    Check::good(met.about, "proxy", says)
}

/// The name that is looked up: the proxy's, where there is one.
fn looked_up(met: &Met) -> String {
    match &met.way {
        Way::Straight { .. } => met.host.clone(),
        Way::Proxy { address, .. } => format!("the proxy {address}"),
    }
}

fn name(met: &Met) -> Check {
    let what = looked_up(met);
    match &met.addresses {
        None => Check::not_asked(met.about, "name"),
        Some(Ok(_)) if what.parse::<IpAddr>().is_ok() => {
            Check::good(met.about, "name", format!("{what} is an address: there is no name to look up"))
        }
        Some(Ok(found)) if !found.is_empty() => {
            let one = |address: &SocketAddr| match address {
                SocketAddr::V4(four) => format!("{} (IPv4)", four.ip()),
                SocketAddr::V6(six) => format!("{} (IPv6)", six.ip()),
            };
            let addresses: Vec<String> = found.iter().map(one).collect();
            Check::good(met.about, "name", format!("{what} is {}", addresses.join(", ")))
        }
        Some(found) => {
            let why = found.as_ref().err().map_or_else(|| "no address".to_owned(), Clone::clone);
            let remedy = "check the name for a slip, and this machine's DNS: a name of the office's network needs its DNS server \
                          or its VPN";
            let says = format!("{what} has no address: {why}");
            Check { kind: Kind::Unavailable, ..Check::bad(met.about, "name", says, remedy) }
        }
    }
}

fn connection(met: &Met) -> Vec<Check> {
    let (name, what) = ("connection", looked_up(met));
    let reached = met.reached.iter().filter(|(_, reached)| reached.is_ok()).count();
    let refused: Vec<String> = met
        .reached
        .iter()
        .filter_map(|(address, reached)| Some(format!("{address}: {}", reached.as_ref().err()?)))
        .collect();
    match (reached, refused.is_empty()) {
        (0, true) => vec![Check::not_asked(met.about, name)],
        (0, false) => {
            let remedy = "check the port, that the service runs, and the firewalls in between; where the way out is by a proxy, \
                          name it: `proxy` under the connection, or HTTPS_PROXY";
            let says = format!("no connection to {what}: {}", refused.join("; "));
            vec![Check { kind: Kind::Unavailable, ..Check::bad(met.about, name, says, remedy) }]
        }
        (_, true) => {
            let address =
                met.reached.iter().find(|(_, reached)| reached.is_ok()).map(|(address, _)| address.to_string());
            vec![Check::good(met.about, name, format!("{what} takes one at {}", address.unwrap_or_default()))]
        }
        (_, false) => {
            let remedy = "let whoever keeps the DNS take the addresses out that nobody answers at, or open the firewall for them";
            let says = format!("{what} takes one, but not at every address: {}", refused.join("; "));
            vec![Check::warning(met.about, name, says, remedy)]
        }
    }
}

fn encryption(met: &Met, tls: &Tls) -> Option<Check> {
    let name = "TLS";
    if let Some(Refused::Handshake(why)) = &tls.refused {
        let remedy = "check that the port is the https one; a server that only speaks TLS 1.0 or 1.1 has to be brought up to TLS 1.2 \
                      (Windows: Schannel's protocols)";
        let says = format!("no TLS with {}:{}: {why}", met.host, met.port);
        return Some(Check { kind: Kind::Unavailable, ..Check::bad(met.about, name, says, remedy) });
    }
    let version = tls.version.as_ref()?;
    Some(Check::good(met.about, name, version.clone()))
}

fn certificate(met: &Met, tls: &Tls, now: Timestamp) -> Vec<Check> {
    let mut checks: Vec<Check> =
        tls.refused.as_ref().and_then(|refused| distrust(met, tls, refused)).into_iter().collect();
    let Some(certificate) = &tls.certificate else { return checks };
    let name = "certificate ends";
    let day = certificate.until.strftime("%Y-%m-%d");
    let left = certificate.until.duration_since(now).as_secs() / 86_400;
    let says = format!("on {day}, in {left} days; issued by {}", certificate.issuer);
    if certificate.until < now {
        // Told by the distrust, with its remedy.
    } else if now
        .to_zoned(jiff::tz::TimeZone::UTC)
        .checked_add(CARE_DAYS.days())
        .is_ok_and(|then| then.timestamp() > certificate.until)
    {
        let remedy = "have it renewed before that day; from then on nothing is sent";
        checks.push(Check::warning(met.about, name, says, remedy));
    } else {
        checks.push(Check::good(met.about, name, says));
    }
    checks
}

/// Why the certificate is not taken, in words, with the remedy.
fn distrust(met: &Met, tls: &Tls, refused: &Refused) -> Option<Check> {
    let certificate = tls.certificate.as_ref();
    let issuer = certificate.map_or("somebody", |certificate| certificate.issuer.as_str());
    let day = |moment: fn(&Certificate) -> Timestamp| {
        certificate.map_or_else(String::new, |certificate| format!(" on {}", moment(certificate).strftime("%Y-%m-%d")))
    };
    let (says, remedy) = match refused {
        Refused::UnknownIssuer => (
            format!("it was issued by {issuer}, whom this machine does not know"),
            "have the certificate of the company's own authority (its CA) added to this machine's trusted roots (Windows: Trusted \
             Root Certification Authorities; Debian: update-ca-certificates), or for GP name it: tls: { authorities: FILE.pem }; a \
             proxy that opens TLS has an authority of its own, too"
                .to_owned(),
        ),
        Refused::Expired => (format!("it ended{}", day(|certificate| certificate.until)), "have it renewed on the server".to_owned()),
        Refused::NotYet => (
            format!("it begins{}", day(|certificate| certificate.from)),
            "check the clocks of both machines; else have it issued again".to_owned(),
        ),
        Refused::WrongName => {
            let names = certificate.map_or_else(String::new, |certificate| certificate.names.join(", "));
            let says = format!("it is for {}, not for {}", if names.is_empty() { "no name at all" } else { &names }, met.host);
            let remedy = "write the name that the certificate has, or have one issued for this name (subject alternative name)";
            (says, remedy.to_owned())
        }
        Refused::Revoked => ("it was taken back by its issuer".to_owned(), "have a new one issued".to_owned()),
        Refused::Certificate(why) => (format!("it is not taken: {why}"), "have it issued again, with the whole chain".to_owned()),
        Refused::Handshake(_) => return None,
    };
    Some(Check::bad(met.about, "certificate", says, remedy))
}

#[cfg(test)]
mod tests {
    use super::super::check::State;
    use super::*;

    fn certificate(until: &str) -> Certificate {
        Certificate {
            subject: "gp.acme.example".to_owned(),
            issuer: "Acme Root (Acme Inc.)".to_owned(),
            from: "2025-01-01T00:00:00Z".parse().unwrap(),
            until: until.parse().unwrap(),
            names: vec!["gp.acme.example".to_owned()],
        }
    }

    fn met(tls: Tls) -> Met {
        let address: SocketAddr = "192.0.2.7:443".parse().unwrap();
        Met {
            about: "GP",
            host: "gp.acme.test".to_owned(),
            port: 443,
            way: Way::Straight { because: "no variable names one" },
            addresses: Some(Ok(vec![address, "[2001:db8::7]:443".parse().unwrap()])),
            reached: vec![(address, Ok(()))],
            proxy_refused: None,
            tls: Some(tls),
        }
    }

    fn judged(tls: Tls) -> Vec<(State, String)> {
        let now = "2026-11-27T00:00:00Z".parse().unwrap();
        let checks = judge(&met(tls), now).into_iter();
        assert!(checks.clone().all(|check| (check.state == State::Good) == check.remedy.is_none()));
        checks.map(|check| (check.state, format!("{}: {}", check.name, check.says))).skip(3).collect()
    }

    fn good(until: &str) -> Tls {
        Tls { version: Some("TLS 1.3".to_owned()), certificate: Some(certificate(until)), refused: None }
    }

    #[test]
    fn a_certificate_is_told_thirty_days_before_its_end() {
        let ends = |until| judged(good(until)).pop().unwrap();
        let (state, says) = ends("2026-12-27T00:00:00Z");
        assert_eq!(state, State::Good);
        assert_eq!(says, "certificate ends: on 2026-12-27, in 30 days; issued by Acme Root (Acme Inc.)");
        assert_eq!(ends("2026-12-26T23:00:00Z").0, State::Warning);
    }

    #[test]
    fn what_is_not_trusted_is_told_in_words() {
        let refused = |refused, until| {
            let tls = Tls { version: None, refused: Some(refused), certificate: Some(certificate(until)) };
            let (state, says) = judged(tls).remove(0);
            assert_eq!(state, State::Bad);
            says
        };
        let later = "2027-12-27T00:00:00Z";
        assert_eq!(
            refused(Refused::UnknownIssuer, later),
            "certificate: it was issued by Acme Root (Acme Inc.), whom this machine does not know"
        );
        assert_eq!(refused(Refused::WrongName, later), "certificate: it is for gp.acme.example, not for gp.acme.test");
        assert_eq!(refused(Refused::Expired, "2026-11-01T00:00:00Z"), "certificate: it ended on 2026-11-01");
        assert!(refused(Refused::Handshake("it speaks no TLS".to_owned()), later).starts_with("TLS: no TLS with"));
    }

    #[test]
    fn each_step_tells_where_the_way_ends() {
        let now = Timestamp::UNIX_EPOCH;
        let nowhere = Met {
            addresses: Some(Err("no such name".to_owned())),
            reached: Vec::new(),
            tls: None,
            ..met(good("2026-12-27T00:00:00Z"))
        };
        let states: Vec<State> = judge(&nowhere, now).iter().map(|check| check.state).collect();
        assert_eq!(states, [State::Good, State::Bad, State::Unknown]);
        let both = met(good("2026-12-27T00:00:00Z"));
        assert_eq!(judge(&both, now)[1].says, "gp.acme.test is 192.0.2.7 (IPv4), 2001:db8::7 (IPv6)");
        let half = Met {
            reached: vec![both.reached[0].clone(), ("[2001:db8::7]:443".parse().unwrap(), Err("refused".to_owned()))],
            ..both
        };
        assert_eq!(judge(&half, now)[2].state, State::Warning);
    }
}
