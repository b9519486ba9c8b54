//! Who is asking, and whether the project's roles let them.
//!
//! Where project.yaml has `roles`, the operating system says who is asking: neither an argument nor a variable, which anybody can
//! set. Without roles it is what `--by` says, else the system's user, and everybody may do everything.

use super::args::Global;
use super::context;
use super::exit::{Exit, Failure};
use crate::project::roles::{Account, Power, Rules};
use crate::run::inputs;
use crate::store::AuditEntry;
use anyhow::anyhow;
use std::io;

/// Somebody who asks for something.
pub struct Asker<'r> {
    rules: &'r Rules,
    /// As it goes into the audit trail.
    pub name: String,
    /// Where there are roles.
    account: Option<Account>,
}

/// Who is asking; `given` is what `--by` says.
///
/// # Errors
/// Exit 77 where there are roles and the system does not say whose account this is, or `--by` names somebody else.
pub async fn asker<'r>(global: &Global, rules: &'r Rules, given: Option<&str>) -> Result<Asker<'r>, Failure> {
    if rules.roles.is_none() {
        return Ok(Asker { rules, name: context::who(given), account: None });
    }
    let account = account()?;
    let name = account.name.clone();
    let asker = Asker { rules, name, account: Some(account) };
    if let (Some(given), Some(account)) = (given, &asker.account)
        && !account.is_called(given)
    {
        note(global, &asker.name, "this account", &format!("tried to act as {given}")).await;
        let what = anyhow!("`--by` (or ML_CONNECTOR_USER) says `{given}`, and this is the account `{}`", asker.name);
        return Err(Failure::new(Exit::NotAllowed, what)
            .hint("where project.yaml has `roles`, the account is who acts: leave `--by` out"));
    }
    Ok(asker)
}

/// The account as the system has it.
fn account() -> Result<Account, Failure> {
    let cannot = |error: io::Error| {
        Failure::new(Exit::NotAllowed, anyhow!("the system does not say whose account this is: {error}"))
            .hint("project.yaml has `roles`, so nobody may do anything unknown: docs/roles.md")
    };
    let name = ml_connector_account::name().map_err(cannot)?;
    Ok(Account { name, ignores_case: ml_connector_account::IGNORES_CASE })
}

impl Asker<'_> {
    /// Whether they may; nothing is told and nothing written.
    pub fn may(&self, power: Power) -> bool {
        self.account.as_ref().is_none_or(|account| self.rules.allow(account, power).is_ok())
    }

    /// Lets them do something to `subject`, or tells that they may not. A refused try to see pay, to approve or to come at secrets
    /// is written into the audit trail, if there is one; a run that a scheduler tries each minute is not.
    ///
    /// # Errors
    /// Exit 77, with the roles that may.
    pub async fn allowed(&self, global: &Global, power: Power, subject: &str) -> Result<(), Failure> {
        let Some(account) = &self.account else { return Ok(()) };
        let Err(denied) = self.rules.allow(account, power) else { return Ok(()) };
        if power != Power::Run {
            note(global, &self.name, subject, &format!("no role may `{power}`")).await;
        }
        Err(Failure::new(Exit::NotAllowed, anyhow!("{denied}")).hint(denied.remedy()))
    }
}

/// How `approve` is asked for: where there are roles, the account is the name.
pub fn approve_with(plan: &str, rules: &Rules) -> String {
    let by = if rules.roles.is_none() { " --by NAME" } else { "" };
    format!("ml-connector approve {plan}{by}")
}

/// Writes a refusal into the audit trail. One that cannot be written stays a refusal: who may not open the store sees nothing of it.
async fn note(global: &Global, who: &str, subject: &str, detail: &str) {
    let written = async {
        let Some(store) = context::store_if_any(global)? else { return Ok(()) };
        let at = context::clock(global).now();
        let (what, subject) = ("refused".to_owned(), subject.to_owned());
        store.audit(AuditEntry { at, who: who.to_owned(), what, subject, detail: detail.to_owned() }).await?;
        Ok::<_, Failure>(())
    };
    if let Err(failure) = written.await {
        tracing::warn!(error = %failure.error, "the refusal could not be written into the audit trail");
    }
}

/// The rules of the project's own project.yaml, for commands that do not need the rest of the project: what is broken elsewhere
/// neither opens a door nor closes one. Where there is no project.yaml, those that the newest stored plan was made with: a store
/// that is looked into from elsewhere keeps its rules.
///
/// # Errors
/// Exit 78 where they cannot be read.
pub async fn rules(global: &Global) -> Result<Rules, Failure> {
    let text = match std::fs::read_to_string(global.project.join("project.yaml")) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => stored(global).await?,
        Err(error) => return Err(Failure::new(Exit::DoesNotLoad, anyhow!("project.yaml cannot be read: {error}"))),
    };
    let Some(text) = text else { return Ok(Rules::default()) };
    Rules::of_text(&text).ok_or_else(|| {
        Failure::new(Exit::DoesNotLoad, anyhow!("project.yaml does not load, so nobody knows whom it lets do this"))
            .hint("mend it: `ml-connector lint` shows what is wrong")
    })
}

/// The project.yaml of the newest stored plan.
async fn stored(global: &Global) -> Result<Option<String>, Failure> {
    let Some(store) = context::store_if_any(global)? else { return Ok(None) };
    let Some(newest) = store.plans(1).await?.into_iter().next() else { return Ok(None) };
    let file = inputs::project_file(&store.inputs(&newest.id).await?, "project.yaml")?;
    Ok(file.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
}
