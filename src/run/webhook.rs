//! A project's webhook in BambooHR: made with its key sealed at once, looked at, removed.
//!
//! BambooHR shows the key once, in the answer that makes the webhook. So it is made only where the key can be sealed, and
//! a webhook whose key could not be kept is deleted again: it would sign what nobody can verify.

use super::vault::{Vault, keeper};
use crate::bamboohr::webhooks::{LogEntry, MonitorField, Webhook};
use crate::bamboohr::{BambooHr, BamboohrError};
use crate::clock::Clock;
use crate::project::Generation;
use crate::project::connections::{BamboohrSignIn, SecretFrom};
use crate::run::systems::RunError;
use crate::store::SecretStore;
use crate::vault::SecretName;

/// Why a webhook was not made, shown or removed.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    #[error("this project receives no webhooks")]
    NotNamed,
    /// A key that is shown once must not be lost on its way into a variable.
    #[error(
        "the project keeps the webhook's key in the variable {variable}, and this command can only seal it in the vault"
    )]
    InVariable { variable: String },
    #[error("the secret {name} is the webhook's key and something else's, too: it would be overwritten")]
    Shared { name: SecretName },
    #[error("{name} is in BambooHR already: webhook {id}, to {url}")]
    There { id: String, name: String, url: String },
    #[error("BambooHR lets this user monitor none of the fields that matter")]
    NoFields,
    /// `left` is why the webhook could not be deleted again, where it could not.
    #[error("the key of webhook {id} could not be sealed ({why}), so {}", became(left.as_ref()))]
    NotSealed { id: String, why: String, left: Option<String> },
    /// What may have been made was looked for.
    #[error("{why}; {}", found(made))]
    Unclear { why: BamboohrError, made: Result<Vec<String>, String> },
    #[error("there is no webhook {id} of this user in BambooHR")]
    NoSuch { id: String },
    #[error("{name} is not in BambooHR")]
    None { name: String },
    #[error("webhook {id} is called `{name}`, so it is not this project's")]
    NotOurs { id: String, name: String },
    #[error("several webhooks are called {name}: {}", ids.join(", "))]
    Several { name: String, ids: Vec<String> },
    #[error(transparent)]
    Run(#[from] RunError),
}

impl From<BamboohrError> for WebhookError {
    fn from(error: BamboohrError) -> WebhookError {
        WebhookError::Run(error.into())
    }
}

fn became(left: Option<&String>) -> String {
    match left {
        None => "it was deleted again".to_owned(),
        Some(why) => format!("it is of no use, and could not be deleted either ({why})"),
    }
}

fn found(made: &Result<Vec<String>, String>) -> String {
    match made {
        Ok(ids) if ids.is_empty() => "no webhook came of it".to_owned(),
        Ok(ids) => format!("what came of it without its key was deleted again: {}", ids.join(", ")),
        Err(why) => format!("whether a webhook came of it could not be seen ({why})"),
    }
}

/// A webhook that was made, and whose key is sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registered {
    pub id: String,
    pub name: String,
    pub key: SecretName,
    /// Labels of the fields whose changes it tells.
    pub fields: Vec<String>,
    /// What matters, and this user may not monitor.
    pub missing: Vec<&'static str>,
}

/// A webhook that was removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removed {
    /// `None` where BambooHR had none any more.
    pub id: Option<String>,
    /// The sealed key that went with it.
    pub key: Option<SecretName>,
}

/// What the project's webhook is called in BambooHR. The name is how it is found again.
pub fn name_of(generation: &Generation) -> String {
    format!("ml-connector {}", generation.project.name)
}

/// Makes the project's webhook, and seals its key.
///
/// # Errors
/// [`WebhookError`]; after each of them BambooHR has no webhook whose key is lost, or the error says so.
pub async fn register(
    bamboohr: &BambooHr,
    generation: &Generation,
    vault: &Vault,
    url: &str,
    who: &str,
) -> Result<Registered, WebhookError> {
    let (name, key) = (name_of(generation), key_name(generation)?);
    let before = bamboohr.webhooks().await?;
    if let Some(there) = before.iter().find(|webhook| webhook.name == name) {
        let (id, url) = (there.id.clone(), there.url.clone());
        return Err(WebhookError::There { id, name, url });
    }
    let all_fields = bamboohr.monitor_fields().await?;
    let (fields, missing) = watched(&all_fields, &taken(generation));
    if fields.is_empty() {
        return Err(WebhookError::NoFields);
    }
    // Held until the key is sealed: a change of the master key in between would keep it from being sealed.
    let _held = vault.hold().await?;
    let sent: Vec<String> = fields.iter().map(|field| sent_name(field).to_owned()).collect();
    let made = match bamboohr.make_webhook(&name, url, &sent).await {
        Ok(made) => made,
        Err(why @ (BamboohrError::Unavailable { .. } | BamboohrError::Unreadable { .. })) => {
            let made = delete_new(bamboohr, &name, &before).await.map_err(|error| error.to_string());
            return Err(WebhookError::Unclear { why, made });
        }
        Err(error) => return Err(error.into()),
    };
    let sealed = match &made.private_key {
        Some(private_key) => vault.set(&key, private_key, who).await.map(drop).map_err(|error| error.to_string()),
        None => Err("BambooHR did not show it".to_owned()),
    };
    if let Err(why) = sealed {
        let left = bamboohr.delete_webhook(&made.id).await.err().map(|error| error.to_string());
        return Err(WebhookError::NotSealed { id: made.id, why, left });
    }
    // That the key was set is in the trail already: for want of this row nothing is undone.
    if let Err(error) = vault.note(who, "webhook registered", &format!("webhook {}", made.id)).await {
        tracing::warn!(%error, "the audit trail does not say which webhook the key is of");
    }
    let fields = fields.into_iter().map(|field| field.label.clone()).collect();
    Ok(Registered { id: made.id, name, key, fields, missing })
}

/// Why there is no vault to seal in: the project does not seal the key, or has no vault.
pub fn no_vault(generation: &Generation) -> WebhookError {
    key_name(generation).map_or_else(|why| why, |_| RunError::NoVault.into())
}

/// The vault's name for the key, where `register` may write it.
fn key_name(generation: &Generation) -> Result<SecretName, WebhookError> {
    let receiver = generation.project.webhook().ok_or(WebhookError::NotNamed)?;
    let name = match &receiver.private_key {
        SecretFrom::Vault(name) => name,
        SecretFrom::Environment(variable) => {
            return Err(WebhookError::InVariable { variable: variable.clone() });
        }
    };
    let project = &generation.project;
    let bamboohr = project.bamboohr.iter().map(|connection| match &connection.sign_in {
        BamboohrSignIn::ApiKey(key) => key,
        BamboohrSignIn::OAuth(oauth) => &oauth.client_secret,
    });
    let gp = project.gp.iter().flat_map(|gp| [&gp.user, &gp.password]).flatten();
    if bamboohr.chain(gp).any(|secret| secret == &receiver.private_key) {
        return Err(WebhookError::Shared { name: name.clone() });
    }
    Ok(name.clone())
}

/// Deletes the webhooks of this name that were not there before, and gives their ids.
async fn delete_new(bamboohr: &BambooHr, name: &str, before: &[Webhook]) -> Result<Vec<String>, BamboohrError> {
    let now = bamboohr.webhooks().await?;
    let is_new = |webhook: &&Webhook| webhook.name == name && !before.iter().any(|old| old.id == webhook.id);
    let mut deleted = Vec::new();
    for webhook in now.iter().filter(is_new) {
        bamboohr.delete_webhook(&webhook.id).await?;
        deleted.push(webhook.id.clone());
    }
    Ok(deleted)
}

/// Removes the project's webhook, and the sealed key with the last of them. Needs no master key.
///
/// # Errors
/// When there is none of that id, it is not this project's, or several could be meant.
pub async fn remove(
    bamboohr: &BambooHr,
    generation: &Generation,
    id: Option<&str>,
    store: Option<&dyn SecretStore>,
    clock: &dyn Clock,
    who: &str,
) -> Result<Removed, WebhookError> {
    let name = name_of(generation);
    let all = bamboohr.webhooks().await?;
    let ours: Vec<&Webhook> = all.iter().filter(|webhook| webhook.name == name).collect();
    let chosen = match (id, ours.as_slice()) {
        (Some(id), _) => {
            let webhook = all.iter().find(|webhook| webhook.id == id);
            let webhook = webhook.ok_or_else(|| WebhookError::NoSuch { id: id.to_owned() })?;
            if webhook.name != name {
                return Err(WebhookError::NotOurs { id: id.to_owned(), name: webhook.name.clone() });
            }
            Some(webhook)
        }
        (None, []) => None,
        (None, [only]) => Some(*only),
        (None, several) => {
            let ids = several.iter().map(|webhook| webhook.id.clone()).collect();
            return Err(WebhookError::Several { name, ids });
        }
    };
    if let Some(webhook) = chosen {
        bamboohr.delete_webhook(&webhook.id).await?;
    }
    let mut key = None;
    // Another one of ours may be what the key is of.
    if ours.len() <= 1
        && let (Some(store), Ok(name)) = (store, key_name(generation))
        && keeper::remove(store, &name, who, clock).await?
    {
        key = Some(name);
    }
    match (chosen, &key) {
        (None, None) => Err(WebhookError::None { name }),
        _ => Ok(Removed { id: chosen.map(|webhook| webhook.id.clone()), key }),
    }
}

/// The project's webhook: by its id, else the only one of its name.
///
/// # Errors
/// When there is none, or several could be meant.
pub async fn find(bamboohr: &BambooHr, generation: &Generation, id: Option<&str>) -> Result<Webhook, WebhookError> {
    let name = name_of(generation);
    let is_it = |webhook: &Webhook| id.map_or(webhook.name == name, |id| webhook.id == id);
    let mut found: Vec<Webhook> = bamboohr.webhooks().await?.into_iter().filter(is_it).collect();
    match (found.len(), id) {
        (1, _) => Ok(found.remove(0)),
        (0, Some(id)) => Err(WebhookError::NoSuch { id: id.to_owned() }),
        (0, None) => Err(WebhookError::None { name }),
        _ => Err(WebhookError::Several { name, ids: found.into_iter().map(|webhook| webhook.id).collect() }),
    }
}

/// The newest delivery that our side took, as BambooHR writes moments; `None` where there is none. Words in the place of a
/// moment are none.
pub fn last_success(log: &[LogEntry]) -> Option<&str> {
    let moments = log.iter().map(|entry| entry.last_success.as_str());
    moments.filter(|text| text.starts_with(|first: char| first.is_ascii_digit())).max()
}

/// What matters of a person, each under the names that BambooHR has for it (bamboohr.md §5.1), and whether it is missed
/// when it is not there. Aliases differ between its pages, so labels count, too.
const WATCHED: [(&str, &[&str], bool); 21] = [
    ("pay rate", &["payRate", "Pay rate"], true),
    ("pay type", &["payType", "Pay type"], false),
    ("paid per", &["payPer", "paidPer", "Paid per"], false),
    ("pay date", &["payRateEffectiveDate", "compensationEffectiveDate", "Compensation: Date"], false),
    ("pay schedule", &["paySchedule", "Pay Schedule"], false),
    ("overtime rate", &["overtimeRate", "Overtime Rate"], false),
    ("overtime status", &["exempt", "Overtime Status"], false),
    ("department", &["department", "Department"], true),
    ("division", &["division", "Division"], false),
    ("location", &["location", "Location"], true),
    ("job title", &["jobTitle", "Job Title"], false),
    ("job date", &["jobInformationEffectiveDate", "Job Information: Date"], false),
    ("employment status", &["employmentHistoryStatus", "employmentStatus", "Employment Status"], true),
    ("employment status date", &["employmentStatusDate", "Employment Status: Date"], false),
    ("status", &["status", "Status"], true),
    ("hire date", &["hireDate", "Hire Date"], true),
    ("termination date", &["terminationDate", "Termination Date"], false),
    ("employee number", &["employeeNumber", "Employee #"], false),
    ("first name", &["firstName", "First Name"], false),
    ("last name", &["lastName", "Last Name"], false),
    ("work email", &["workEmail", "Work Email"], false),
];

/// The fields to monitor, in BambooHR's order, and what is missed among them. `taken` are the fields that pipelines take.
fn watched<'f>(fields: &'f [MonitorField], taken: &[&str]) -> (Vec<&'f MonitorField>, Vec<&'static str>) {
    let is = |field: &MonitorField, word: &str| {
        field.id == word || field.alias.eq_ignore_ascii_case(word) || field.label.eq_ignore_ascii_case(word)
    };
    let matters = |field: &&MonitorField| {
        WATCHED.iter().flat_map(|(_, words, _)| words.iter()).chain(taken).any(|word| is(field, word))
    };
    let missing = WATCHED.iter().filter(|(_, words, is_missed)| {
        *is_missed && !fields.iter().any(|field| words.iter().any(|word| is(field, word)))
    });
    (fields.iter().filter(matters).collect(), missing.map(|(what, ..)| *what).collect())
}

/// How a field is named to BambooHR.
fn sent_name(field: &MonitorField) -> &str {
    if field.alias.is_empty() { &field.id } else { &field.alias }
}

fn taken(generation: &Generation) -> Vec<&str> {
    let taken = generation.pipelines.iter().flat_map(|pipeline| &pipeline.take);
    taken.map(|take| take.field.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(id: &str, label: &str, alias: &str) -> MonitorField {
        MonitorField { id: id.to_owned(), label: label.to_owned(), alias: alias.to_owned() }
    }

    #[test]
    fn what_matters_is_found_by_alias_label_or_id_and_nothing_else() {
        let fields = [
            field("19", "Lohnsatz", "payRate"),
            field("4", "Department", ""),
            field("6", "SSN", "ssn"),
            field("4501", "Union", ""),
        ];
        let (watched, missing) = watched(&fields, &["4501"]);
        assert_eq!(watched.iter().map(|field| sent_name(field)).collect::<Vec<_>>(), ["payRate", "4", "4501"]);
        assert_eq!(missing, ["location", "employment status", "status", "hire date"]);
    }

    #[test]
    fn the_last_success_is_a_moment() {
        let entry = |last_success: &str| LogEntry {
            last_attempted: String::new(),
            last_success: last_success.to_owned(),
            status: "200".to_owned(),
            employee_ids: Vec::new(),
        };
        let log = [entry("2026-01-30 10:00:00"), entry("2026-01-31 09:00:00"), entry("Webhook Not Found")];
        assert_eq!(last_success(&log), Some("2026-01-31 09:00:00"));
        assert_eq!(last_success(&log[2..]), None);
    }
}
