//! What happened, as an exit code. The table is documented in docs/exit-codes.md and only grows.

use crate::bamboohr::BamboohrError;
use crate::gp::GpError;
use crate::plan::document::PlanStatus;
use crate::run::facts_folder::FactsUnreadable;
use crate::run::send::SendSummary;
use crate::run::systems::RunError;
use crate::run::webhook::WebhookError;
use crate::service::webhooks::ListenError;
use crate::store::{Outcome, StoreError};
use crate::vault::VaultError;
use std::process::ExitCode;

/// The end of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Done,
    /// Lint found mistakes, or a story failed.
    Findings,
    /// The command line names something that is not there, or no period.
    Usage,
    /// Changes are present (only with `--exit-on-changes`).
    Changes,
    /// Something is held; for `send` and `run` also: something awaits approval.
    Held,
    /// A remote side is not available; safe to retry.
    Unavailable,
    /// The plan is no longer the one that would be made.
    Stale,
    /// The outcome of a document is unknown: do not repeat blindly, run again to read it back.
    Unknown,
    /// Another run holds the lock.
    Locked,
    /// A sign-in was refused: do not retry.
    SignInRefused,
    /// Our bug.
    Bug,
    /// The account has no role that may do this.
    NotAllowed,
    /// The project or the facts do not load.
    DoesNotLoad,
}

impl Exit {
    pub fn number(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::Findings => 1,
            Exit::Usage => 2,
            Exit::Changes => 3,
            Exit::Held => 4,
            Exit::Unavailable => 5,
            Exit::Stale => 6,
            Exit::Unknown => 7,
            Exit::Locked => 8,
            Exit::SignInRefused => 9,
            Exit::Bug => 70,
            Exit::NotAllowed => 77,
            Exit::DoesNotLoad => 78,
        }
    }

    pub fn code(self) -> ExitCode {
        ExitCode::from(self.number())
    }

    /// What `plan` ends with.
    pub fn of_plan(status: PlanStatus, changes_exit: bool) -> Exit {
        match status {
            PlanStatus::Held | PlanStatus::PartlyHeld => Exit::Held,
            PlanStatus::Ready if changes_exit => Exit::Changes,
            PlanStatus::Ready | PlanStatus::Nothing => Exit::Done,
        }
    }

    /// What a sending pass ends with: the worst of its outcomes.
    pub fn of_sending(summary: &SendSummary, waiting: bool) -> Exit {
        let any = |is: fn(&Outcome) -> bool| summary.documents.iter().any(|sent| is(&sent.outcome));
        if summary.sign_in_refused.is_some() {
            Exit::SignInRefused
        } else if any(|outcome| matches!(outcome, Outcome::Unknown { .. })) {
            Exit::Unknown
        } else if any(|outcome| matches!(outcome, Outcome::Later { .. } | Outcome::NotThere)) {
            Exit::Unavailable
        } else if waiting || any(|outcome| matches!(outcome, Outcome::Held { .. } | Outcome::Refused { .. })) {
            Exit::Held
        } else {
            Exit::Done
        }
    }
}

/// An error on its way to the terminal, with the exit code it ends in and hints of what to do.
#[derive(Debug)]
pub struct Failure {
    pub exit: Exit,
    pub error: anyhow::Error,
    /// What exactly is wrong, each with its place and remedy.
    pub details: Vec<String>,
    pub hints: Vec<String>,
}

impl Failure {
    pub fn new(exit: Exit, error: anyhow::Error) -> Failure {
        Failure { exit, error, details: Vec::new(), hints: Vec::new() }
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Failure {
        self.hints.push(hint.into());
        self
    }
}

impl From<RunError> for Failure {
    fn from(error: RunError) -> Failure {
        let (exit, hint) = match &error {
            RunError::Bamboohr(error) => bamboohr(error),
            RunError::Gp(error) => gp(error),
            RunError::Store(error) => store(error),
            RunError::NoConnection { system } => {
                (Exit::DoesNotLoad, format!("add connections.{system} to project.yaml"))
            }
            RunError::NoSecret { variable, .. } => {
                (Exit::DoesNotLoad, format!("set it in the environment of this command: {variable}=…"))
            }
            RunError::NoVault => (
                Exit::DoesNotLoad,
                "make one: ml-connector vault init --master-key file:PATH (docs/secrets.md tells how to choose)"
                    .to_owned(),
            ),
            RunError::NoApplication => {
                (Exit::DoesNotLoad, "write `oauth` under connections.bamboohr: docs/secrets.md".to_owned())
            }
            RunError::NotTheAnswer { .. } => {
                (Exit::Usage, "nothing was kept; begin again: ml-connector sign-in".to_owned())
            }
            RunError::SignInRefusedBefore { .. } => (
                Exit::SignInRefused,
                "correct the user or the password, or what the domain has of them; then `ml-connector ping` tries it once".to_owned(),
            ),
            RunError::NotInVault { name, .. } => (Exit::DoesNotLoad, format!("set it: ml-connector vault set {name}")),
            RunError::MasterKey { remedy, .. } => (Exit::DoesNotLoad, remedy.clone()),
            RunError::Vault(error) => vault(error),
            RunError::NoCompany { .. } => {
                (Exit::DoesNotLoad, "nothing was sent by this step; list the company again, then run again".to_owned())
            }
            RunError::OtherCompany { what: "approved is", .. } => {
                (Exit::DoesNotLoad, "nothing was sent by this step; plan again, look at it, and approve the new plan".to_owned())
            }
            RunError::OtherCompany { company, .. } => (
                Exit::DoesNotLoad,
                format!(
                    "nothing was sent by this step; another company needs a store of its own (--store, or ML_CONNECTOR_STORE); \
                     where GP only calls the same company otherwise now, write `formerly: [{company}]` under connections.gp"
                ),
            ),
            RunError::TimeZone { .. } => (Exit::DoesNotLoad, "name an IANA zone such as America/New_York".to_owned()),
            RunError::Write { .. } | RunError::Read { .. } => {
                (Exit::DoesNotLoad, "check the path and its rights".to_owned())
            }
            RunError::Invariant { .. } => {
                (Exit::Bug, "nothing was sent by this step; please report it with the plan id".to_owned())
            }
            RunError::Stale { .. } => (Exit::Stale, "plan again, look at it, and approve the new plan".to_owned()),
        };
        Failure::new(exit, anyhow::Error::from(error)).hint(hint)
    }
}

fn bamboohr(error: &BamboohrError) -> (Exit, String) {
    match error {
        BamboohrError::SignInAgain { .. } => {
            (Exit::SignInRefused, "a person signs in: ml-connector sign-in".to_owned())
        }
        BamboohrError::Tokens { .. } => {
            (Exit::DoesNotLoad, "`ml-connector vault verify` tells more; then run again".to_owned())
        }
        BamboohrError::SignInRefused { hint } => (Exit::SignInRefused, hint.clone()),
        BamboohrError::Forbidden { hint, .. } => (Exit::SignInRefused, hint.clone()),
        BamboohrError::Unavailable { .. } => (Exit::Unavailable, "nothing was changed; run again later".to_owned()),
        _ => (Exit::Unavailable, "nothing was changed; check connections.bamboohr and run again".to_owned()),
    }
}

fn gp(error: &GpError) -> (Exit, String) {
    match error {
        GpError::SignInRefused { hint, .. } | GpError::Forbidden { hint, .. } => (Exit::SignInRefused, hint.clone()),
        GpError::Unavailable { .. } => (Exit::Unavailable, "nothing was changed; run again later".to_owned()),
        GpError::Unreadable { .. } => {
            (Exit::Unavailable, "compare the site's answers with the dialect file (docs/dialect.md)".to_owned())
        }
        GpError::NotProvided { hint, .. } => (Exit::DoesNotLoad, hint.clone()),
        GpError::Dialect { .. } => (Exit::DoesNotLoad, "see docs/dialect.md".to_owned()),
    }
}

fn store(error: &StoreError) -> (Exit, String) {
    match error {
        StoreError::NotFound { .. } => (Exit::Findings, "`ml-connector status` lists what is there".to_owned()),
        StoreError::WrongState { .. } => {
            (Exit::Unknown, "run again: documents of unclear outcome are read back from GP first".to_owned())
        }
        StoreError::Overtaken { .. } => (Exit::Stale, "plan again, look at it, and approve the new plan".to_owned()),
        StoreError::NumbersUsedUp { .. } => {
            (Exit::Held, "agree on another range with the accountants: connections.gp.journal_numbers".to_owned())
        }
        StoreError::TooNew { .. } => (Exit::DoesNotLoad, "use the newer version of ml-connector".to_owned()),
        StoreError::Unusable { .. } => (Exit::DoesNotLoad, "check the path given by --store and its rights".to_owned()),
        StoreError::Vault(error) => vault(error),
        StoreError::VaultExists => (
            Exit::Findings,
            "`ml-connector vault rotate` changes its master key, `vault list` shows its secrets".to_owned(),
        ),
        StoreError::Damaged { .. } => (Exit::Bug, "restore the store from its backup; please report it".to_owned()),
    }
}

fn vault(error: &VaultError) -> (Exit, String) {
    match error {
        VaultError::NotTheKey => (
            Exit::DoesNotLoad,
            "name the place of the right key: ML_CONNECTOR_MASTER_KEY=file:PATH; after a restore, the key of that time"
                .to_owned(),
        ),
        VaultError::Altered { name } => (
            Exit::DoesNotLoad,
            format!("find out who wrote into the store, then set it again: ml-connector vault set {name}"),
        ),
        VaultError::Changed => (Exit::Locked, "run the command again".to_owned()),
        VaultError::NoRandomness => (Exit::DoesNotLoad, "nothing was written; mend the machine first".to_owned()),
        VaultError::KeyText | VaultError::Source { .. } | VaultError::Stretch => {
            (Exit::DoesNotLoad, "see docs/secrets.md".to_owned())
        }
        VaultError::ShortPassphrase | VaultError::Name { .. } => (Exit::Usage, "choose another".to_owned()),
    }
}

impl From<WebhookError> for Failure {
    fn from(error: WebhookError) -> Failure {
        let (exit, hint) = match error {
            WebhookError::Run(error) => return error.into(),
            WebhookError::NotNamed => {
                (Exit::DoesNotLoad, "write `webhook` under connections.bamboohr: docs/webhooks.md".to_owned())
            }
            WebhookError::InVariable { .. } => (
                Exit::DoesNotLoad,
                "write `private_key: { vault: bamboohr-webhook }` in project.yaml: BambooHR shows the key once"
                    .to_owned(),
            ),
            WebhookError::Shared { .. } => {
                (Exit::DoesNotLoad, "give the webhook's `private_key` a name of its own in project.yaml".to_owned())
            }
            WebhookError::There { ref id, .. } => (
                Exit::Findings,
                format!("for a new key or address: ml-connector webhook remove {id}, then register again"),
            ),
            WebhookError::NoFields => {
                (Exit::SignInRefused, "let the key's user view pay, job and status of all employees".to_owned())
            }
            WebhookError::NotSealed { ref id, left: Some(_), .. } => {
                (Exit::DoesNotLoad, format!("mend the vault, then: ml-connector webhook remove {id}"))
            }
            WebhookError::NotSealed { left: None, .. } => {
                (Exit::DoesNotLoad, "`ml-connector vault verify` tells more; then register again".to_owned())
            }
            WebhookError::Unclear { made: Ok(_), .. } => {
                (Exit::Unavailable, "nothing is left of it; register again later".to_owned())
            }
            WebhookError::Unclear { made: Err(_), .. } => (
                Exit::Unavailable,
                "later: `ml-connector webhook list`, remove what is there, register again".to_owned(),
            ),
            WebhookError::NoSuch { .. } | WebhookError::NotOurs { .. } => {
                (Exit::Findings, "`ml-connector webhook list` shows what is there".to_owned())
            }
            WebhookError::None { .. } => {
                (Exit::Findings, "make it: ml-connector webhook register --url https://…".to_owned())
            }
            WebhookError::Several { .. } => (Exit::Findings, "name one of them by its id".to_owned()),
        };
        Failure::new(exit, anyhow::Error::from(error)).hint(hint)
    }
}

impl From<ListenError> for Failure {
    fn from(error: ListenError) -> Failure {
        match error {
            ListenError::Key(RunError::NotInVault { .. }) => Failure::new(Exit::DoesNotLoad, anyhow::Error::from(error))
                .hint("make the webhook, which seals its key: ml-connector webhook register --url https://…"),
            ListenError::Key(error) => error.into(),
            ListenError::Address { .. } => Failure::new(Exit::DoesNotLoad, anyhow::Error::from(error))
                .hint("another program, or another service of this project, may have that port: connections.bamboohr.webhook.listen"),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Failure {
        RunError::from(error).into()
    }
}

impl From<FactsUnreadable> for Failure {
    fn from(error: FactsUnreadable) -> Failure {
        let mut failure = Failure::new(Exit::DoesNotLoad, anyhow::anyhow!("{error}"));
        failure.details = error.unreadable.iter().map(ToString::to_string).collect();
        failure
    }
}
