//! Setting webhooks up: the only thing that is ever written into BambooHR.
//!
//! A webhook belongs to the user who made it: nobody else sees or deletes it, and it falls silent when that account is
//! deactivated. Its private key is shown in the answer that made it, and never again (bamboohr.md §5.1).

use super::client::{BambooHr, Body, NoAnswer, Question, Sink};
use super::error::BamboohrError;
use super::objects::List;
use super::wire::Raw;
use reqwest::StatusCode;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Value, json};

/// What a webhook of ours is told of. No values come with these events: they are read back.
pub const EVENTS: [&str; 3] = ["employee.created", "employee.updated", "employee.deleted"];

const GRANT: &str =
    "let the key's user manage webhooks, or give the application the scopes `webhooks` and `webhooks.write`";

/// A webhook, as the list of them shows it. Moments are BambooHR's own texts, in UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    pub id: String,
    pub name: String,
    pub url: String,
    pub created: String,
    /// Empty when it never fired.
    pub last_sent: String,
}

/// A webhook that was just made.
#[derive(Debug)]
pub struct MadeWebhook {
    pub id: String,
    /// `None` where the answer did not show it; then nobody will ever know it.
    pub private_key: Option<SecretString>,
}

/// A field whose changes can be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonitorField {
    pub id: String,
    pub label: String,
    /// Empty where it has none.
    pub alias: String,
}

/// One delivery, as BambooHR remembers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    /// A moment in UTC, or BambooHR's word for why there is none (`Webhook Not Found`).
    pub last_attempted: String,
    /// As `last_attempted`.
    pub last_success: String,
    /// What our side answered.
    pub status: String,
    pub employee_ids: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Wire<'a> {
    #[serde(borrow)]
    id: Raw<'a>,
    #[serde(borrow)]
    name: Raw<'a>,
    #[serde(borrow)]
    url: Raw<'a>,
    #[serde(borrow)]
    created: Raw<'a>,
    #[serde(borrow)]
    last_sent: Raw<'a>,
    #[serde(borrow)]
    alias: Raw<'a>,
}

/// Reads the objects of a list into what `of` makes of each.
struct Reader<T> {
    of: fn(&Wire<'_>) -> T,
    read: Vec<T>,
}

impl<T: Send> Sink for Reader<T> {
    fn restart(&mut self) {
        self.read.clear();
    }

    fn object(&mut self, json: &[u8]) -> Result<(), String> {
        let wire: Wire<'_> = serde_json::from_slice(json).map_err(|error| error.to_string())?;
        self.read.push((self.of)(&wire));
        Ok(())
    }
}

fn webhook(wire: &Wire<'_>) -> Webhook {
    let text = |raw: Raw<'_>| raw.text().into_owned();
    Webhook {
        id: text(wire.id),
        name: text(wire.name),
        url: text(wire.url),
        created: text(wire.created),
        last_sent: text(wire.last_sent),
    }
}

fn monitor_field(wire: &Wire<'_>) -> MonitorField {
    let text = |raw: Raw<'_>| raw.text().into_owned();
    MonitorField { id: text(wire.id), label: text(wire.name), alias: text(wire.alias) }
}

fn question(what: &str, path: String, body: Option<Body>) -> Question {
    Question { what: what.to_owned(), grant: GRANT, path, query: Vec::new(), body }
}

impl BambooHr {
    /// The webhooks of this user; nobody else's are shown.
    ///
    /// # Errors
    /// As every question.
    pub async fn webhooks(&self) -> Result<Vec<Webhook>, BamboohrError> {
        let question = question("the webhooks", "v1/webhooks".to_owned(), None);
        let mut reader = Reader { of: webhook, read: Vec::new() };
        self.read(&question, List::Member("webhooks"), &mut reader).await.map_err(|no| question.error(no))?;
        Ok(reader.read)
    }

    /// The fields whose changes this user may be told.
    ///
    /// # Errors
    /// As every question.
    pub async fn monitor_fields(&self) -> Result<Vec<MonitorField>, BamboohrError> {
        let question = question("the fields of webhooks", "v1/webhooks/monitor_fields".to_owned(), None);
        let mut reader = Reader { of: monitor_field, read: Vec::new() };
        self.read(&question, List::Member("fields"), &mut reader).await.map_err(|no| question.error(no))?;
        Ok(reader.read)
    }

    /// Makes a webhook that tells `url` of [`EVENTS`], in JSON; of updates only where one of `fields` (aliases or ids)
    /// changed. It is asked once: whoever asks again may make a second one.
    ///
    /// # Errors
    /// As every question. After [`BamboohrError::Unavailable`] and [`BamboohrError::Unreadable`] the webhook may be
    /// there, with a key that nobody has.
    pub async fn make_webhook(&self, name: &str, url: &str, fields: &[String]) -> Result<MadeWebhook, BamboohrError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Made {
            id: Value,
            private_key: Option<SecretString>,
        }
        let wanted = json!({
            "name": name, "url": url, "format": "json", "events": EVENTS, "monitorFields": fields,
            "includeCompanyDomain": false,
        });
        let question = question("the new webhook", "v1/webhooks".to_owned(), Some(Body::Posted(wanted.to_string())));
        let made: Made = self.one(&question).await.map_err(|no| question.error(no))?;
        Ok(MadeWebhook { id: text(&made.id), private_key: made.private_key })
    }

    /// Deletes a webhook; `false` when there is none of that id.
    ///
    /// # Errors
    /// As every question; [`BamboohrError::Forbidden`] for another user's.
    pub async fn delete_webhook(&self, id: &str) -> Result<bool, BamboohrError> {
        let question = question(&format!("webhook {id}"), format!("v1/webhooks/{id}"), Some(Body::Delete));
        match self.done(&question).await {
            Ok(()) => Ok(true),
            Err(NoAnswer::Refused { status: StatusCode::NOT_FOUND, .. }) => Ok(false),
            Err(no) => Err(question.error(no)),
        }
    }

    /// The deliveries of the last 14 days, at most 200, in BambooHR's order.
    ///
    /// # Errors
    /// As every question; [`BamboohrError::Unavailable`] also when the log is asked too often, which BambooHR answers
    /// with 200 and an error in the place of the list.
    pub async fn webhook_log(&self, id: &str) -> Result<Vec<LogEntry>, BamboohrError> {
        let question = question(&format!("the log of webhook {id}"), format!("v1/webhooks/{id}/log"), None);
        let answer: Value = self.one(&question).await.map_err(|no| question.error(no))?;
        match answer {
            Value::Array(entries) => Ok(entries.iter().map(log_entry).collect()),
            Value::Object(members) => match members.get("error") {
                Some(error) if error["code"] == 429 => {
                    let why = "it was asked too often: try again in a minute".to_owned();
                    Err(BamboohrError::Unavailable { what: question.what, why })
                }
                _ => Err(question.unreadable("it is no list of deliveries".to_owned())),
            },
            _ => Err(question.unreadable("it is no list of deliveries".to_owned())),
        }
    }
}

fn log_entry(entry: &Value) -> LogEntry {
    let ids = entry["employeeIds"].as_array().map(|ids| ids.iter().map(text).collect());
    LogEntry {
        last_attempted: text(&entry["lastAttempted"]),
        last_success: text(&entry["lastSuccess"]),
        status: text(&entry["statusCode"]),
        employee_ids: ids.unwrap_or_default(),
    }
}

/// A text or a number as text; empty for everything else.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}
