//! A delivery of BambooHR's webhooks: verified over its raw bytes, then parsed into who changed.
//!
//! A delivery carries no id and no order, and shows no value that a plan would trust: it wakes a run, which reads.

use jiff::Timestamp;
use serde::Deserialize;
use sha2::{Digest, Sha256};

pub use crate::signature::{SIGNATURE_HEADER, TIMESTAMP_HEADER};

/// Whether the delivery is BambooHR's: `signature` and `timestamp` are the texts of its headers
/// ([`crate::signature`]), `body` its bytes before any parsing.
///
/// The age of the timestamp is not judged: BambooHR repeats a delivery for 155 minutes and does not say whether it
/// signs the repetition anew. It has to be decimal, though: nothing stands between body and timestamp in what is signed, so
/// the end of a signed body could otherwise be sent as another delivery's timestamp.
pub fn verify(key: &str, timestamp: &str, body: &[u8], signature: &str) -> bool {
    let is_decimal = !timestamp.is_empty() && timestamp.bytes().all(|byte| byte.is_ascii_digit());
    is_decimal && crate::signature::verify(key, timestamp, body, signature)
}

/// A name for the bytes of a body: 64 hex digits. Who has it and not the key can neither guess the body, where it
/// carries somebody's pay, nor sign anything: it is the hash of a signature, not the signature.
pub fn fingerprint(key: &str, body: &[u8]) -> String {
    hex::encode(Sha256::digest(crate::signature::sign(key, "", body)))
}

/// What happened to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Created,
    Updated,
    Deleted,
}

/// One event of a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub what: What,
    /// BambooHR's immutable id.
    pub employee_id: String,
    /// Names or labels of the fields, as the webhook was set up; empty for created and deleted people.
    pub changed_fields: Vec<String>,
    /// When BambooHR saw it; deliveries from before 2025 carry no moment.
    pub at: Option<Timestamp>,
}

/// Why a delivery, though signed, cannot be read.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum NotADelivery {
    #[error("the delivery is neither JSON nor a form of BambooHR's")]
    Shape,
    #[error("the delivery names no employee")]
    NoEmployee,
}

#[derive(Deserialize)]
struct Wire {
    #[serde(rename = "type")]
    kind: Option<String>,
    timestamp: Option<String>,
    data: Option<Data>,
    employees: Option<Vec<Record>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    employee_id: Option<Id>,
    #[serde(default)]
    changed_fields: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    id: Option<Id>,
    action: Option<String>,
    timestamp: Option<String>,
    #[serde(default)]
    changed_fields: Option<Vec<String>>,
}

/// Text in every recorded delivery; a number in other answers of BambooHR.
#[derive(Deserialize)]
#[serde(untagged)]
enum Id {
    Text(String),
    Number(u64),
}

impl Id {
    fn into_text(self) -> String {
        match self {
            Id::Text(text) => text,
            Id::Number(number) => number.to_string(),
        }
    }
}

/// The events of a delivery whose `Content-Type` is `content_type`. Events about the company, not a person, give none.
///
/// # Errors
/// When the body is not a delivery.
pub fn parse(content_type: &str, body: &[u8]) -> Result<Vec<Event>, NotADelivery> {
    if content_type.trim_start().to_ascii_lowercase().starts_with("application/x-www-form-urlencoded") {
        return parse_form(body);
    }
    let wire: Wire = serde_json::from_slice(body).map_err(|_| NotADelivery::Shape)?;
    match wire {
        Wire { employees: Some(records), .. } => records.into_iter().map(from_record).collect(),
        Wire { kind: Some(kind), timestamp, data, .. } => {
            let Some(what) = what_of(&kind) else { return Ok(Vec::new()) };
            let data = data.ok_or(NotADelivery::NoEmployee)?;
            let employee_id = data.employee_id.ok_or(NotADelivery::NoEmployee)?.into_text();
            let changed_fields = data.changed_fields.unwrap_or_default();
            Ok(vec![Event { what, employee_id, changed_fields, at: moment(timestamp.as_deref()) }])
        }
        Wire { .. } => Err(NotADelivery::Shape),
    }
}

fn from_record(record: Record) -> Result<Event, NotADelivery> {
    // Deliveries from before 2025 have no action; they told of updates only.
    let what = record.action.as_deref().and_then(action_of).unwrap_or(What::Updated);
    Ok(Event {
        what,
        employee_id: record.id.ok_or(NotADelivery::NoEmployee)?.into_text(),
        changed_fields: record.changed_fields.unwrap_or_default(),
        at: moment(record.timestamp.as_deref()),
    })
}

/// `employee.updated`, `employee_with_fields.updated`; `None` for `company.updated` and its like.
fn what_of(kind: &str) -> Option<What> {
    let (family, action) = kind.split_once('.')?;
    matches!(family, "employee" | "employee_with_fields").then(|| action_of(action)).flatten()
}

fn action_of(action: &str) -> Option<What> {
    match action.to_ascii_lowercase().as_str() {
        "created" => Some(What::Created),
        "updated" => Some(What::Updated),
        "deleted" => Some(What::Deleted),
        _ => None,
    }
}

/// Both spellings: `…+0000` and `…Z`.
fn moment(text: Option<&str>) -> Option<Timestamp> {
    text?.parse().ok()
}

/// `type=…&data[employeeId]=…&data[changedFields][0]=…`, or `employees[<id>][changedFields][0]=…`.
fn parse_form(body: &[u8]) -> Result<Vec<Event>, NotADelivery> {
    let pairs: Vec<(String, String)> = url::form_urlencoded::parse(body).into_owned().collect();
    let value = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    if let Some(kind) = value("type") {
        let Some(what) = what_of(&kind) else { return Ok(Vec::new()) };
        let employee_id = value("data[employeeId]").ok_or(NotADelivery::NoEmployee)?;
        let fields = pairs.iter().filter(|(key, _)| key.starts_with("data[changedFields]["));
        let changed_fields = fields.map(|(_, value)| value.clone()).collect();
        return Ok(vec![Event { what, employee_id, changed_fields, at: moment(value("timestamp").as_deref()) }]);
    }
    let mut events: Vec<Event> = Vec::new();
    for (key, value) in &pairs {
        let Some((id, rest)) = key.strip_prefix("employees[").and_then(|key| key.split_once(']')) else { continue };
        if events.last().is_none_or(|event| event.employee_id != id) {
            let employee_id = id.to_owned();
            events.push(Event { what: What::Updated, employee_id, changed_fields: Vec::new(), at: None });
        }
        let Some(event) = events.last_mut() else { continue };
        match rest {
            "[action]" => event.what = action_of(value).unwrap_or(What::Updated),
            "[timestamp]" => event.at = moment(Some(value)),
            rest if rest.starts_with("[changedFields][") => event.changed_fields.push(value.clone()),
            _ => {}
        }
    }
    if events.is_empty() { Err(NotADelivery::Shape) } else { Ok(events) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: &str = "application/json";
    const FORM: &str = "application/x-www-form-urlencoded";

    fn moment_of_the_vector() -> Option<Timestamp> {
        Some("2026-01-31T18:42:00Z".parse().unwrap())
    }

    #[test]
    fn a_signed_event_is_read_in_both_spellings_of_its_moment() {
        let body = br#"{"type":"employee.updated","timestamp":"2026-01-31T18:42:00+0000","data":{"companyId":"12345","employeeId":"67890","changedFields":["payRate"]}}"#;
        assert!(verify(
            "00112233445566778899aabbccddeeff",
            "1769884920",
            body,
            "9889fd763a94311465ca25a7f9653e8436165872babc8dd3ff91c0a09695d739"
        ));
        let event = vec![Event {
            what: What::Updated,
            employee_id: "67890".into(),
            changed_fields: vec!["payRate".into()],
            at: moment_of_the_vector(),
        }];
        assert_eq!(parse(JSON, body).unwrap(), event);
        let zulu = String::from_utf8_lossy(body).replace("+0000", "Z");
        assert_eq!(parse(JSON, zulu.as_bytes()).unwrap(), event);
        let form = "type=employee.updated&timestamp=2026-01-31T18%3A42%3A00%2B0000&data%5BcompanyId%5D=1&data%5BemployeeId%5D=67890&data%5BchangedFields%5D%5B0%5D=payRate";
        assert_eq!(parse(FORM, form.as_bytes()).unwrap(), event);
    }

    #[test]
    fn a_delivery_with_fields_may_tell_of_several_people_and_of_old_shapes() {
        let body = br#"{"employees":[{"id":"1","action":"Created","timestamp":"2026-01-31T18:42:00+0000","changedFields":[],"fields":[]},
            {"id":2,"changedFields":["First Name"],"fields":{"First Name":{"value":"Bryony"}}}]}"#;
        let events = parse(JSON, body).unwrap();
        assert_eq!((events[0].what, events[0].at), (What::Created, moment_of_the_vector()));
        assert_eq!((events[1].what, events[1].employee_id.as_str(), events[1].at), (What::Updated, "2", None));
        let form = "employees%5B7%5D%5Baction%5D=Deleted&employees%5B8%5D%5BchangedFields%5D%5B0%5D=Pay+rate&employees%5B8%5D%5BPay+rate%5D=5";
        let events = parse(FORM, form.as_bytes()).unwrap();
        assert_eq!((events[0].what, events[0].employee_id.as_str()), (What::Deleted, "7"));
        assert_eq!(events[1].changed_fields, ["Pay rate"]);
    }

    #[test]
    fn the_end_of_a_signed_body_is_no_timestamp() {
        let signature = crate::signature::sign("key", "1769884920", b"{}");
        assert!(verify("key", "1769884920", b"{}", &signature));
        assert!(!verify("key", "}1769884920", b"{", &signature));
        assert!(!verify("key", "", b"{}1769884920", &signature));
    }

    #[test]
    fn a_body_is_named_by_all_of_its_bytes_and_by_the_key() {
        let name = fingerprint("key", b"{}");
        assert_eq!((name.len(), &name), (64, &fingerprint("key", b"{}")));
        assert_ne!(name, fingerprint("key", b"{ }"));
        assert_ne!(name, fingerprint("another", b"{}"));
    }

    #[test]
    fn what_is_about_no_person_gives_nothing_and_what_is_no_delivery_is_refused() {
        assert_eq!(parse(JSON, br#"{"type":"company.updated","data":{"companyId":"1"}}"#), Ok(vec![]));
        assert_eq!(parse(JSON, b"<html>"), Err(NotADelivery::Shape));
        assert_eq!(parse(JSON, b"{}"), Err(NotADelivery::Shape));
        assert_eq!(parse(JSON, br#"{"type":"employee.deleted","data":{}}"#), Err(NotADelivery::NoEmployee));
        assert_eq!(parse(FORM, b"a=b"), Err(NotADelivery::Shape));
    }
}
