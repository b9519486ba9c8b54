//! What stands on this machine: the project, its environment, the store, the vault, the sign-in's tokens, the time zone.

use super::check::{Check, Kind, Trouble};
use crate::project::roles::Power;
use crate::run::sign_in::Status;
use jiff::Timestamp;
use std::net::SocketAddr;

/// What these checks are about.
pub const ABOUT: &str = "this machine";

/// Below this nothing is written safely.
const LEAST_SPACE: u64 = 100 << 20;
/// Below this somebody should look.
const LITTLE_SPACE: u64 = 1 << 30;

/// What lint found.
#[derive(Clone, Copy, Debug)]
pub struct Findings {
    pub errors: usize,
    pub warnings: usize,
    pub pipelines: usize,
}

/// The project loads, or does not.
pub fn project(findings: Findings) -> Check {
    let name = "project";
    let Findings { errors, warnings, pipelines } = findings;
    let s = |number: usize| if number == 1 { "" } else { "s" };
    if errors > 0 {
        let says = format!("it does not load: {errors} error{}", s(errors));
        return Check::bad(ABOUT, name, says, "`ml-connector lint` shows each with its place and remedy");
    }
    let says = format!("it loads: {pipelines} pipeline{}", s(pipelines));
    match warnings {
        0 => Check::good(ABOUT, name, says),
        _ => {
            let says = format!("{says}, {warnings} warning{}", s(warnings));
            Check::warning(ABOUT, name, says, "`ml-connector lint` shows each with its place and remedy")
        }
    }
}

/// The account that runs this, and what the project's roles let it do; `None` where there are no roles.
pub fn account(name: Result<String, String>, may: Option<Vec<Power>>) -> Check {
    let about = "account";
    match (name, may) {
        (Err(why), _) => {
            let says = format!("the system does not say whose account this is: {why}");
            Check::warning(
                ABOUT,
                about,
                says,
                "where project.yaml has `roles`, nobody unknown may do anything (docs/roles.md)",
            )
        }
        (Ok(name), None) => Check::good(ABOUT, about, format!("{name}; the project has no roles")),
        (Ok(name), Some(may)) if may.is_empty() => {
            let remedy = "add it to a role in project.yaml, or run as an account that is in one";
            Check::warning(ABOUT, about, format!("{name} is in no role: it may do nothing"), remedy)
        }
        (Ok(name), Some(may)) => {
            let may: Vec<&str> = may.iter().map(|power| power.word()).collect();
            Check::good(ABOUT, about, format!("{name} may {}", may.join(", ")))
        }
    }
}

/// The environment whose settings count, of those that the project has.
pub fn environment(chosen: Option<&str>, known: &[String]) -> Check {
    let name = "environment";
    match (chosen, known) {
        (Some(chosen), _) => Check::good(ABOUT, name, format!("{chosen} (of {})", known.join(", "))),
        (None, []) => Check::good(ABOUT, name, "the project has none: its own settings count"),
        (None, known) => {
            let says =
                format!("none is chosen: the project's own settings count, and not those of {}", known.join(", "));
            let remedy = "choose one with --environment or ML_CONNECTOR_ENVIRONMENT, where that is meant";
            Check::warning(ABOUT, name, says, remedy)
        }
    }
}

/// The store's file: `None` before anything was stored; else what `PRAGMA quick_check` says, nothing when it is whole.
pub fn store(file: &str, looked: Option<Result<Vec<String>, String>>) -> Check {
    let name = "store";
    match looked {
        None => {
            Check::unknown(ABOUT, name, format!("{file} is not there yet: the first plan makes it"), "nothing to do")
        }
        Some(Ok(damage)) if damage.is_empty() => Check::good(ABOUT, name, format!("{file} opens and is whole")),
        Some(Ok(damage)) => {
            let says = format!("{file} is damaged: {} ({} in all)", damage[0], damage.len());
            let remedy = "stop all runs, keep the file, and put the newest backup in its place (docs/operating.md); then run `plan`: \
                          GP is read back";
            Check::bad(ABOUT, name, says, remedy)
        }
        Some(Err(why)) => {
            let remedy =
                "check the path given by --store, its rights, and that the program is not older than the store";
            Check::bad(ABOUT, name, format!("{file} cannot be opened: {why}"), remedy)
        }
    }
}

/// Free bytes where the store is.
pub fn space(free: Option<u64>) -> Check {
    let name = "free space";
    let remedy = "make room on the store's disk: a plan with its inputs takes some megabytes, and the write-ahead log grows with it";
    let Some(free) = free else {
        return Check::unknown(ABOUT, name, "this machine does not tell it", "look for yourself");
    };
    let says = match free {
        free if free >= 10 << 30 => format!("{} GiB", free >> 30),
        free => format!("{} MiB", free >> 20),
    };
    match free {
        free if free < LEAST_SPACE => Check::bad(ABOUT, name, format!("only {says}"), remedy),
        free if free < LITTLE_SPACE => Check::warning(ABOUT, name, format!("only {says}"), remedy),
        _ => Check::good(ABOUT, name, says),
    }
}

/// The vault, where the project needs it: why it does not open, or how many secrets it has and which of them do not.
pub fn vault(is_needed: bool, opened: &Result<(usize, Vec<String>), Trouble>) -> Check {
    let name = "vault";
    if !is_needed {
        return Check::good(ABOUT, name, "not needed: all secrets come from variables");
    }
    match opened {
        Err(trouble) => Check::trouble(ABOUT, name, trouble),
        Ok((count, altered)) if altered.is_empty() => {
            Check::good(ABOUT, name, format!("its master key opens it, and all of its {count} secrets"))
        }
        Ok((_, altered)) => {
            let remedy = format!(
                "find out who wrote into the store, then set each again: ml-connector vault set {}",
                altered[0]
            );
            Check::bad(ABOUT, name, format!("what does not open: {}", altered.join(", ")), remedy)
        }
    }
}

/// The OAuth sign-in, as the vault has it; nothing is asked of BambooHR.
pub fn sign_in(status: Result<Status, Trouble>, now: Timestamp) -> Check {
    let name = "OAuth tokens";
    let moment = |at: &Timestamp| at.strftime("%Y-%m-%d %H:%M UTC").to_string();
    let again = "a person signs in: ml-connector sign-in";
    match status {
        Err(trouble) => Check::trouble(ABOUT, name, &trouble),
        Ok(Status::Never) => {
            Check { kind: Kind::SignInRefused, ..Check::bad(ABOUT, name, "nobody has signed in yet", again) }
        }
        Ok(Status::Again { since, why }) => {
            let says = format!("{why}, on {}", moment(&since));
            Check { kind: Kind::SignInRefused, ..Check::bad(ABOUT, name, says, again) }
        }
        Ok(Status::Good { until, renews: true, .. }) => {
            Check::good(ABOUT, name, format!("good until {}, and renewed by themselves", moment(&until)))
        }
        Ok(Status::Good { until, .. }) if until > now => {
            let says = format!("good until {} and not renewed: there is no refresh token", moment(&until));
            Check::warning(
                ABOUT,
                name,
                says,
                "add the scope `offline_access`, then sign in again: ml-connector sign-in",
            )
        }
        Ok(Status::Good { until, .. }) => {
            let says = format!("they ended on {}, and there is no refresh token", moment(&until));
            let remedy = "add the scope `offline_access`, then sign in again: ml-connector sign-in";
            Check { kind: Kind::SignInRefused, ..Check::bad(ABOUT, name, says, remedy) }
        }
    }
}

/// Whether the port of webhooks can be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Port {
    Free,
    Taken,
    /// Why not.
    No(String),
}

impl Port {
    /// What came of trying.
    pub fn of<T>(tried: std::io::Result<T>) -> Port {
        match tried {
            Ok(_) => Port::Free,
            Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => Port::Taken,
            Err(error) => Port::No(error.to_string()),
        }
    }
}

/// Where webhooks are received: their key is there, and the service can listen, or does.
pub fn webhook(listen: SocketAddr, port: &Port, key: &Result<(), Trouble>) -> Check {
    let name = "webhook";
    if let Err(trouble) = key {
        return Check::trouble(ABOUT, name, trouble);
    }
    match port {
        Port::Free => Check::good(ABOUT, name, format!("its key is there, and {listen} is free to listen at")),
        Port::Taken => {
            let says = format!("its key is there, and somebody listens at {listen}: the service, if it runs");
            Check::unknown(ABOUT, name, says, format!("ask it: http://{listen}/health answers {{\"status\":\"ok\"}}"))
        }
        Port::No(why) => {
            let remedy = "correct `listen` under connections.bamboohr.webhook: an address of this machine, and a port that \
                          this user may open";
            Check::bad(ABOUT, name, format!("{listen} cannot be listened at: {why}"), remedy)
        }
    }
}

/// The project's time zone and the machine's. "Today" is a day in the project's.
pub fn time_zone(projects: &str, is_known: bool, machines: Option<&str>, now: &str, pretends: bool) -> Check {
    let name = "time";
    if !is_known {
        let says = format!("the project's time zone {projects} is unknown");
        return Check::bad(ABOUT, name, says, "name an IANA zone such as America/New_York");
    }
    let machines = machines.unwrap_or("of no known name");
    let says = format!("{now} in {projects}, the project's time zone; this machine's is {machines}");
    match pretends {
        true => Check::warning(
            ABOUT,
            name,
            format!("{says}; --today is set"),
            "leave --today and ML_CONNECTOR_TODAY out in production",
        ),
        false => Check::good(ABOUT, name, says),
    }
}

#[cfg(test)]
mod tests {
    use super::super::check::State;
    use super::*;

    #[test]
    fn what_is_short_or_broken_is_told() {
        assert_eq!(space(Some(50 << 20)).state, State::Bad);
        assert_eq!(space(Some(500 << 20)).says, "only 500 MiB");
        assert_eq!(space(Some(79 << 30)).says, "79 GiB");
        assert_eq!(space(None).state, State::Unknown);
        assert_eq!(store("s.db", None).state, State::Unknown);
        assert_eq!(store("s.db", Some(Ok(Vec::new()))).state, State::Good);
        assert!(store("s.db", Some(Ok(vec!["row 3 missing".to_owned()]))).says.contains("row 3 missing"));
        assert_eq!(store("s.db", Some(Err("no".to_owned()))).state, State::Bad);
        assert_eq!(environment(None, &["test".to_owned()]).state, State::Warning);
        assert_eq!(project(Findings { errors: 2, warnings: 0, pipelines: 0 }).says, "it does not load: 2 errors");
    }

    #[test]
    fn a_port_that_the_service_has_is_no_fault() {
        let at = "127.0.0.1:8470".parse().unwrap();
        assert_eq!(webhook(at, &Port::Free, &Ok(())).state, State::Good);
        assert_eq!(webhook(at, &Port::Taken, &Ok(())).state, State::Unknown);
        assert_eq!(webhook(at, &Port::No("no such address".to_owned()), &Ok(())).state, State::Bad);
        let missing = Err(Trouble::new(Kind::Missing, "it is not there", "set it"));
        assert_eq!(webhook(at, &Port::Free, &missing).state, State::Bad);
    }

    #[test]
    fn tokens_that_end_are_told_before_and_after() {
        let now: Timestamp = "2026-11-27T12:00:00Z".parse().unwrap();
        let until = |text: &str, renews| {
            let until = text.parse().unwrap();
            sign_in(Ok(Status::Good { signed_in_at: now, until, renews }), now)
        };
        assert_eq!(until("2026-11-27T11:00:00Z", true).state, State::Good);
        assert_eq!(until("2026-11-27T13:00:00Z", false).state, State::Warning);
        let ended = until("2026-11-27T11:00:00Z", false);
        assert_eq!((ended.state, ended.kind), (State::Bad, Kind::SignInRefused));
        assert_eq!(sign_in(Ok(Status::Never), now).kind, Kind::SignInRefused);
    }
}
