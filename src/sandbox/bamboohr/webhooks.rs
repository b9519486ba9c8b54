//! Webhooks: set-up over HTTP, and deliveries with real signatures.
//!
//! A delivery leaves when something changed. 2xx is done, 4xx is refused for good, anything else is tried again after
//! 5, 10, 20, 40 and 80 minutes of the account's clock, then dropped (OpenAPI, responses of the event pages).

use super::answer::{json, typed};
use super::employees::Ids;
use super::serve::Shared;
use super::webhook_log::{self, Logged};
use crate::clock::Clock;
use crate::signature::{SIGNATURE_HEADER, TIMESTAMP_HEADER, sign};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::{SignedDuration, Timestamp};
use reqwest::header::CONTENT_TYPE;
use serde::Deserialize;
use serde_json::{Map, Value, json as value};
use std::hash::{BuildHasher, Hasher};

/// Minutes until the next try, after the first one and after each that failed.
const RETRIES: [i64; 5] = [5, 10, 20, 40, 80];
const LEGACY: [&str; 3] =
    ["employee_with_fields.updated", "employee_with_fields.deleted", "employee_with_fields.created"];
const EVENTS: [&str; 9] = [
    "employee_with_fields.updated",
    "employee_with_fields.created",
    "employee_with_fields.deleted",
    "company-integrations.updated",
    "employee.created",
    "employee.updated",
    "employee.deleted",
    "company.updated",
    "company.deleted",
];

/// The account's webhooks and the deliveries that wait.
#[derive(Debug, Default)]
pub struct Webhooks {
    set_up: Vec<Webhook>,
    waiting: Vec<Delivery>,
    made: u64,
    fired: u64,
}

#[derive(Debug)]
struct Webhook {
    id: String,
    private_key: String,
    created: Timestamp,
    last_sent: Option<Timestamp>,
    wanted: NewWebhook,
    log: Vec<Logged>,
}

/// What a request asks for.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewWebhook {
    name: Option<String>,
    url: Option<String>,
    format: Option<String>,
    monitor_fields: Option<Vec<String>>,
    post_fields: Option<Map<String, Value>>,
    #[serde(default)]
    include_company_domain: bool,
    events: Option<Vec<String>>,
}

/// One request to a customer's address.
#[derive(Clone, Debug)]
pub(super) struct Delivery {
    number: u64,
    webhook: String,
    employee_id: String,
    pub(super) url: String,
    private_key: String,
    content_type: &'static str,
    body: String,
    company: bool,
    tries: usize,
    due: Timestamp,
}

impl NewWebhook {
    fn events(&self) -> Vec<&str> {
        match &self.events {
            Some(events) => events.iter().map(String::as_str).collect(),
            None => LEGACY.to_vec(),
        }
    }

    /// Every reason why BambooHR refuses it.
    fn issues(&self) -> Vec<String> {
        let mut issues = Vec::new();
        if self.name.as_deref().is_none_or(str::is_empty) {
            issues.push("name is required".into());
        }
        if !self.url.as_deref().is_some_and(may_be_called) {
            issues.push("url must begin with https://".into());
        }
        if !matches!(self.format.as_deref(), Some("json" | "form-encoded")) {
            issues.push("format must be json or form-encoded".into());
        }
        let events = self.events();
        if let Some(unknown) = events.iter().find(|event| !EVENTS.contains(event)) {
            issues.push(format!("{unknown} is not an event"));
        }
        let mut families: Vec<&str> = events.iter().filter_map(|event| event.split('.').next()).collect();
        families.dedup();
        if families.contains(&"employee") && families.contains(&"employee_with_fields") {
            issues.push("employee_with_fields events cannot be mixed with employee events".into());
        }
        let updates = events.iter().any(|event| matches!(*event, "employee.updated" | "employee_with_fields.updated"));
        if updates && self.monitor_fields.as_ref().is_none_or(Vec::is_empty) {
            issues.push("monitorFields is required for update events".into());
        }
        issues
    }
}

/// Only https, as BambooHR; http to loopback as well, because nobody has a certificate there.
fn may_be_called(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://127.0.0.1:")
}

impl Webhooks {
    /// Queues a delivery for every webhook that listens for what happened.
    pub(super) fn fire(&mut self, action: &str, employee_id: &str, fields: &[&str], now: Timestamp) {
        for webhook in &mut self.set_up {
            let wanted = &webhook.wanted;
            let monitored: Vec<&str> = match &wanted.monitor_fields {
                Some(monitored) => {
                    fields.iter().copied().filter(|field| monitored.iter().any(|m| m == field)).collect()
                }
                None => Vec::new(),
            };
            let events = wanted.events();
            let Some(event) = events.iter().find(|event| {
                matches!(event.split_once('.'), Some(("employee" | "employee_with_fields", on)) if on == action)
            }) else {
                continue;
            };
            if action == "updated" && monitored.is_empty() {
                continue;
            }
            let body = Body { event, action, employee_id, fields: &monitored, now };
            let is_form = wanted.format.as_deref() == Some("form-encoded");
            webhook.last_sent = Some(now);
            self.fired += 1;
            self.waiting.push(Delivery {
                number: self.fired,
                employee_id: employee_id.to_owned(),
                webhook: webhook.id.clone(),
                url: wanted.url.clone().unwrap_or_default(),
                private_key: webhook.private_key.clone(),
                content_type: if is_form { "application/x-www-form-urlencoded" } else { "application/json" },
                body: if is_form { body.form() } else { body.json() },
                company: wanted.include_company_domain,
                tries: 0,
                due: now,
            });
        }
    }

    /// Takes what is due; what still waits stays.
    pub(super) fn take_due(&mut self, now: Timestamp) -> Vec<Delivery> {
        let (due, waiting) = std::mem::take(&mut self.waiting).into_iter().partition(|delivery| delivery.due <= now);
        self.waiting = waiting;
        due
    }

    /// Notes what a delivery was answered (`None`: nothing), and lets it wait for its next try where it may have one.
    pub(super) fn settle(&mut self, delivery: Delivery, answered: Option<u16>, now: Timestamp) {
        if let Some(webhook) = self.set_up.iter_mut().find(|webhook| webhook.id == delivery.webhook) {
            webhook_log::note(&mut webhook.log, delivery.number, &delivery.employee_id, answered, now);
        }
        if !answered.is_some_and(|status| (200..300).contains(&status) || (400..500).contains(&status)) {
            self.put_back(delivery, now);
        }
    }

    /// The log of a webhook, its address and its format.
    pub(super) fn log_of(&self, id: &str) -> Option<(&[Logged], &str, &str)> {
        let webhook = self.set_up.iter().find(|webhook| webhook.id == id)?;
        let wanted = &webhook.wanted;
        Some((&webhook.log, wanted.url.as_deref().unwrap_or_default(), wanted.format.as_deref().unwrap_or_default()))
    }

    /// Puts a delivery back that may be tried again, unless its webhook or its tries are gone.
    fn put_back(&mut self, mut delivery: Delivery, now: Timestamp) {
        let Some(minutes) = RETRIES.get(delivery.tries) else { return };
        delivery.tries += 1;
        delivery.due = now.saturating_add(SignedDuration::from_mins(*minutes)).unwrap_or(now);
        if self.set_up.iter().any(|webhook| webhook.id == delivery.webhook) {
            self.waiting.push(delivery);
        }
    }

    /// How many deliveries wait for their next try.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }
}

/// What a delivery says.
struct Body<'a> {
    event: &'a str,
    action: &'a str,
    employee_id: &'a str,
    fields: &'a [&'a str],
    now: Timestamp,
}

impl Body<'_> {
    /// `+0000`, as BambooHR's event page writes it; strict readers of RFC 3339 refuse that.
    fn moment(&self) -> String {
        self.now.strftime("%Y-%m-%dT%H:%M:%S+0000").to_string()
    }

    fn is_by_event(&self) -> bool {
        self.event.starts_with("employee.")
    }

    fn capitalised(&self) -> String {
        let mut action = self.action.to_owned();
        action[..1].make_ascii_uppercase();
        action
    }

    fn json(&self) -> String {
        if self.is_by_event() {
            let mut data = value!({ "companyId": "1", "employeeId": self.employee_id });
            if self.action == "updated" {
                data["changedFields"] = self.fields.into();
            }
            value!({ "type": self.event, "timestamp": self.moment(), "data": data }).to_string()
        } else {
            let record = value!({
                "id": self.employee_id, "action": self.capitalised(), "timestamp": self.moment(),
                "changedFields": self.fields, "fields": [],
            });
            value!({ "employees": [record] }).to_string()
        }
    }

    fn form(&self) -> String {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        let moment = self.moment();
        if self.is_by_event() {
            form.append_pair("type", self.event).append_pair("timestamp", &moment);
            form.append_pair("data[companyId]", "1").append_pair("data[employeeId]", self.employee_id);
        } else {
            let of = |name: &str| format!("employees[{}]{name}", self.employee_id);
            form.append_pair(&of("[action]"), &self.capitalised()).append_pair(&of("[timestamp]"), &moment);
        }
        for (at, field) in self.fields.iter().enumerate() {
            let name = if self.is_by_event() {
                format!("data[changedFields][{at}]")
            } else {
                format!("employees[{}][changedFields][{at}]", self.employee_id)
            };
            form.append_pair(&name, field);
        }
        form.finish()
    }
}

impl Delivery {
    /// Sends it once, signed at `now`; the status that it was answered, if any.
    pub(super) async fn send(&self, http: &reqwest::Client, company: &str, now: Timestamp) -> Option<u16> {
        let timestamp = now.as_second().to_string();
        let signature = sign(&self.private_key, &timestamp, self.body.as_bytes());
        let mut request = http
            .post(&self.url)
            .header(CONTENT_TYPE, self.content_type)
            .header(TIMESTAMP_HEADER, timestamp)
            .header(SIGNATURE_HEADER, signature)
            .body(self.body.clone());
        if self.company {
            request = request.header("company-domain", company);
        }
        request.send().await.ok().map(|answer| answer.status().as_u16())
    }
}

/// `POST /webhooks`: the only answer that shows the private key.
pub(super) async fn create(State(shared): State<Shared>, body: Bytes) -> Response {
    let mut account = shared.account();
    let Ok(wanted) = serde_json::from_slice::<NewWebhook>(&body) else {
        return refused(StatusCode::BAD_REQUEST, value!({ "error": "Invalid request body" }));
    };
    let issues = wanted.issues();
    if !issues.is_empty() {
        return refused(StatusCode::BAD_REQUEST, value!({ "error": "Invalid request body", "issues": issues }));
    }
    let now = account.clock.now();
    let webhooks = &mut account.webhooks;
    webhooks.made += 1;
    let (id, private_key) = (webhooks.made.to_string(), private_key());
    let webhook = Webhook { id, private_key, created: now, last_sent: None, wanted, log: Vec::new() };
    let mut shown = whole(&webhook);
    shown["privateKey"] = webhook.private_key.clone().into();
    webhooks.set_up.push(webhook);
    json(StatusCode::CREATED, &shown)
}

/// `GET /webhooks`.
pub(super) async fn list(State(shared): State<Shared>) -> Response {
    let account = shared.account();
    let webhooks: Vec<Value> = account.webhooks.set_up.iter().map(summary).collect();
    json(StatusCode::OK, &value!({ "webhooks": webhooks }))
}

/// `GET /webhooks/{id}`.
pub(super) async fn get(State(shared): State<Shared>, ids: Path<Ids>) -> Response {
    let account = shared.account();
    match account.webhooks.set_up.iter().find(|webhook| webhook.id == ids.id) {
        Some(webhook) => json(StatusCode::OK, &whole(webhook)),
        None => no_webhook(&ids.id),
    }
}

/// `DELETE /webhooks/{id}`.
pub(super) async fn delete(State(shared): State<Shared>, ids: Path<Ids>) -> Response {
    let mut account = shared.account();
    let webhooks = &mut account.webhooks;
    let before = webhooks.set_up.len();
    webhooks.set_up.retain(|webhook| webhook.id != ids.id);
    webhooks.waiting.retain(|delivery| delivery.webhook != ids.id);
    if webhooks.set_up.len() == before {
        return no_webhook(&ids.id);
    }
    typed(StatusCode::OK, "text/plain", "Web hook has been deleted.".into())
}

fn refused(status: StatusCode, error: Value) -> Response {
    json(status, &value!({ "errors": [error] }))
}

pub(super) fn no_webhook(id: &str) -> Response {
    refused(StatusCode::NOT_FOUND, value!({ "error": format!("No webhook was found with ID: {id}.") }))
}

pub(super) fn written(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

fn summary(webhook: &Webhook) -> Value {
    value!({
        "id": webhook.id, "name": webhook.wanted.name, "created": written(webhook.created),
        "lastSent": webhook.last_sent.map(written), "url": webhook.wanted.url,
    })
}

fn whole(webhook: &Webhook) -> Value {
    let wanted = &webhook.wanted;
    let mut shown = summary(webhook);
    shown["monitorFields"] = wanted.monitor_fields.clone().map_or(Value::Null, Value::from);
    shown["postFields"] = Value::Object(wanted.post_fields.clone().unwrap_or_default());
    shown["format"] = wanted.format.clone().into();
    shown["includeCompanyDomain"] = wanted.include_company_domain.into();
    shown["events"] = wanted.events().into();
    shown
}

/// 32 lower-case hex characters, as recorded; from the process's own hash seeds, for it guards nothing but a sandbox.
fn private_key() -> String {
    let half = || std::collections::hash_map::RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", half(), half())
}
