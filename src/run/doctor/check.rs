//! One thing that was looked at, what was found and what to do about it.

use crate::bamboohr::BamboohrError;
use crate::gp::GpError;
use crate::run::systems::RunError;
use serde::Serialize;

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    Good,
    /// Not asked, or nothing that could be asked tells.
    Unknown,
    /// It works, and somebody should look at it.
    Warning,
    /// It does not work.
    Bad,
}

/// What kind of trouble a bad check is: it decides how the command ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Something is missing or wrong: a right, a setting, a period.
    Missing,
    /// The other side does not answer; asking later may help.
    Unavailable,
    /// The sign-in was refused: asking again may lock the account.
    SignInRefused,
}

/// One line of `ping` and `doctor`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What it is about: `BambooHR`, `GP`, `this machine`.
    pub about: String,
    pub name: String,
    pub state: State,
    /// What was found, in a sentence without a full stop.
    pub says: String,
    /// What to do; there for everything that is not good.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
    #[serde(skip)]
    pub kind: Kind,
}

/// Why a question has no answer: what it means, and the remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    pub kind: Kind,
    pub says: String,
    pub remedy: String,
    /// It answered, but not in a form that can be read: for what is asked by an invented key this may only mean "none".
    pub is_unreadable: bool,
}

/// An answer, or why there is none.
pub type Answer<T> = Result<T, Trouble>;

impl Check {
    pub fn good(about: &str, name: &str, says: impl Into<String>) -> Check {
        Check::of(about, name, State::Good, says.into(), None)
    }

    pub fn unknown(about: &str, name: &str, says: impl Into<String>, remedy: impl Into<String>) -> Check {
        Check::of(about, name, State::Unknown, says.into(), Some(remedy.into()))
    }

    pub fn warning(about: &str, name: &str, says: impl Into<String>, remedy: impl Into<String>) -> Check {
        Check::of(about, name, State::Warning, says.into(), Some(remedy.into()))
    }

    pub fn bad(about: &str, name: &str, says: impl Into<String>, remedy: impl Into<String>) -> Check {
        Check::of(about, name, State::Bad, says.into(), Some(remedy.into()))
    }

    /// A question that was not asked, because another one ended the asking.
    pub fn not_asked(about: &str, name: &str) -> Check {
        Check::unknown(about, name, "not asked", "mend what is bad above, then run again")
    }

    /// A question that got no usable answer.
    pub fn trouble(about: &str, name: &str, trouble: &Trouble) -> Check {
        Check { kind: trouble.kind, ..Check::bad(about, name, trouble.says.clone(), trouble.remedy.clone()) }
    }

    fn of(about: &str, name: &str, state: State, says: String, remedy: Option<String>) -> Check {
        let (about, name) = (about.to_owned(), name.to_owned());
        Check { about, name, state, says, remedy, kind: Kind::Missing }
    }
}

/// The worst of what is bad; `None` when nothing is.
pub fn worst(checks: &[Check]) -> Option<Kind> {
    checks.iter().filter(|check| check.state == State::Bad).map(|check| check.kind).max()
}

impl Trouble {
    pub fn new(kind: Kind, says: impl Into<String>, remedy: impl Into<String>) -> Trouble {
        Trouble { kind, says: says.into(), remedy: remedy.into(), is_unreadable: false }
    }

    /// Whether nothing more may be asked of this system: an account may lock, or everything would wait in vain.
    pub fn ends_the_asking(&self) -> bool {
        self.kind != Kind::Missing
    }
}

impl From<BamboohrError> for Trouble {
    fn from(error: BamboohrError) -> Trouble {
        let says = error.to_string();
        match error {
            BamboohrError::SignInRefused { .. } => {
                let remedy = "look into BambooHR (your name, API Keys) whether the key is still there and its user is enabled, \
                              then give the right one; it is not tried again: accounts lock";
                Trouble::new(Kind::SignInRefused, says, remedy)
            }
            BamboohrError::SignInAgain { .. } => {
                Trouble::new(Kind::SignInRefused, says, "a person signs in: ml-connector sign-in")
            }
            BamboohrError::Tokens { .. } => {
                Trouble::new(Kind::Missing, says, "`ml-connector vault verify` tells more; then run again")
            }
            BamboohrError::Forbidden { hint, .. } => Trouble::new(Kind::Missing, says, hint),
            BamboohrError::Unavailable { .. } => {
                let remedy = "check the network, the proxy and base_url (`ml-connector doctor` looks at each), or run again later";
                Trouble::new(Kind::Unavailable, says, remedy)
            }
            BamboohrError::Connection { .. } => {
                Trouble::new(Kind::Missing, says, "correct connections.bamboohr in project.yaml, or the key's value")
            }
            BamboohrError::Unreadable { .. } => {
                let remedy = "check base_url under connections.bamboohr: something else than BambooHR may answer there";
                Trouble { is_unreadable: true, ..Trouble::new(Kind::Missing, says, remedy) }
            }
        }
    }
}

impl From<GpError> for Trouble {
    fn from(error: GpError) -> Trouble {
        let says = error.to_string();
        match error {
            GpError::SignInRefused { hint, .. } => Trouble::new(Kind::SignInRefused, says, hint),
            GpError::Forbidden { hint, .. } => Trouble::new(Kind::Missing, says, hint),
            GpError::Unavailable { .. } => {
                let remedy =
                    "check that GP's service runs, and server and port (`ml-connector doctor` looks at each step)";
                Trouble::new(Kind::Unavailable, says, remedy)
            }
            GpError::Unreadable { .. } => {
                let remedy = "check tenant and company under connections.gp, and the path in the dialect against the \
                              site's /help page (docs/dialect.md)";
                Trouble { is_unreadable: true, ..Trouble::new(Kind::Missing, says, remedy) }
            }
            GpError::NotProvided { hint, .. } => Trouble::new(Kind::Missing, says, hint),
            GpError::Dialect { .. } => Trouble::new(Kind::Missing, says, "see docs/dialect.md"),
        }
    }
}

impl From<RunError> for Trouble {
    fn from(error: RunError) -> Trouble {
        let missing = |error: &RunError, remedy: String| Trouble::new(Kind::Missing, error.to_string(), remedy);
        match error {
            RunError::Bamboohr(error) => error.into(),
            RunError::Gp(error) => error.into(),
            RunError::NotInVault { ref name, .. } => Trouble::new(
                Kind::Missing,
                format!("the secret {name} is not in the vault"),
                format!("ml-connector vault set {name}"),
            ),
            RunError::NoSecret { ref variable, .. } => Trouble::new(
                Kind::Missing,
                format!("the variable {variable} is not set"),
                format!("set it in the environment of this command: {variable}=…"),
            ),
            RunError::NoVault => missing(&error, "make one: ml-connector vault init --master-key file:PATH".to_owned()),
            RunError::MasterKey { ref remedy, .. } => missing(&error, remedy.clone()),
            RunError::Vault(_) => {
                missing(&error, "`ml-connector vault verify` tells more; docs/secrets.md tells what to do".to_owned())
            }
            RunError::NoConnection { system } => missing(&error, format!("add connections.{system} to project.yaml")),
            RunError::Store(_) => missing(&error, "check the path given by --store and its rights".to_owned()),
            _ => missing(&error, "run `ml-connector lint`".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_sign_in_weighs_most_and_warnings_weigh_nothing() {
        let trouble = |kind| Check::trouble("GP", "x", &Trouble::new(kind, "it is so", "do"));
        let checks = [
            trouble(Kind::Missing),
            trouble(Kind::SignInRefused),
            trouble(Kind::Unavailable),
            Check::not_asked("a", "b"),
        ];
        assert_eq!(worst(&checks), Some(Kind::SignInRefused));
        assert_eq!(worst(&checks[..1]), Some(Kind::Missing));
        assert_eq!(worst(&[Check::warning("a", "b", "c", "d"), Check::not_asked("a", "b")]), None);
    }
}
