//! What fields and tables the account has.

use super::answer::json;
use super::fields::STANDARD;
use super::serve::Shared;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json as value};

/// Tables and their columns: alias, then (id, label, alias, type).
type Columns = &'static [(u32, &'static str, &'static str, &'static str)];
const TABLES: [(&str, Columns); 3] = [
    (
        "jobInfo",
        &[
            (4047, "Job Information: Date", "date", "date"),
            (18, "Location", "location", "list"),
            (1355, "Division", "division", "list"),
            (4, "Department", "department", "list"),
            (17, "Job Title", "jobTitle", "list"),
            (91, "Reporting to", "reportsTo", "employee"),
        ],
    ),
    (
        "employmentStatus",
        &[
            (1936, "Employment Status: Date", "date", "date"),
            (16, "Employment Status", "employmentStatus", "list"),
            (4312, "Comment", "comment", "textarea"),
        ],
    ),
    (
        "compensation",
        &[
            (4021, "Compensation: Date", "startDate", "date"),
            (19, "Pay rate", "rate", "currency"),
            (156, "Pay type", "type", "pay_type"),
            (4042, "Overtime Status", "exempt", "exempt"),
            (4017, "Compensation Change Reason", "reason", "list"),
            (4330, "Paid per", "paidPer", "paid_per"),
            (4386, "Pay Schedule", "paySchedule", "list"),
            (4403, "Overtime Rate", "overtimeRate", "currency"),
        ],
    ),
];

/// What a webhook can monitor (bamboohr.md §5.1): (id, label, alias). The aliases are those that deliveries of this sandbox name.
const MONITORED: [(&str, &str, &str); 17] = [
    ("4021", "Compensation: Date", "payRateEffectiveDate"),
    ("19", "Pay rate", "payRate"),
    ("156", "Pay type", "payType"),
    ("4330", "Paid per", "payPer"),
    ("4386", "Pay Schedule", "paySchedule"),
    ("4", "Department", "department"),
    ("1355", "Division", "division"),
    ("18", "Location", "location"),
    ("17", "Job Title", "jobTitle"),
    ("4047", "Job Information: Date", "jobInformationEffectiveDate"),
    ("16", "Employment Status", "employmentStatus"),
    ("2", "Status", "status"),
    ("3", "Hire Date", "hireDate"),
    ("1", "First Name", "firstName"),
    ("5", "Last Name", "lastName"),
    ("6", "SSN", "ssn"),
    ("4050", "Accrual Level Start Date", ""),
];

/// A customer's own fields get numbers from here on.
const OWN_FIELDS: usize = 4500;

/// `GET /meta/fields`.
pub(super) async fn fields(State(shared): State<Shared>) -> Response {
    let account = shared.account();
    let id = |text: &str| text.parse::<i64>().map_or_else(|_| Value::from(text), Value::from);
    let standard = STANDARD
        .iter()
        .map(|field| value!({ "id": id(field.id), "name": field.label, "type": field.kind, "alias": field.alias }));
    let is_own = |name: &&String| !STANDARD.iter().any(|field| field.alias == **name);
    let own = account.facts.extra_fields.iter().filter(is_own);
    let own = own
        .enumerate()
        .map(|(at, name)| value!({ "id": OWN_FIELDS + at, "name": name, "type": "text", "alias": name }));
    json(StatusCode::OK, &standard.chain(own).collect::<Vec<Value>>())
}

/// `GET /meta/tables`.
pub(super) async fn tables() -> Response {
    let tables: Vec<Value> = TABLES
        .iter()
        .map(|(alias, columns)| {
            let fields: Vec<Value> = columns
                .iter()
                .map(|(id, name, alias, kind)| value!({ "id": id, "name": name, "alias": alias, "type": kind }))
                .collect();
            value!({ "alias": alias, "fields": fields })
        })
        .collect();
    json(StatusCode::OK, &tables)
}

/// `GET /webhooks/monitor_fields`: also the customer's own fields, by number.
pub(super) async fn monitor_fields(State(shared): State<Shared>) -> Response {
    let account = shared.account();
    let standard = MONITORED.iter().map(|(id, name, alias)| {
        let alias = Some(*alias).filter(|alias| !alias.is_empty());
        value!({ "id": id, "name": name, "alias": alias })
    });
    let own = account.facts.extra_fields.iter().filter(|name| !STANDARD.iter().any(|field| field.alias == **name));
    let own =
        own.enumerate().map(|(at, name)| value!({ "id": (OWN_FIELDS + at).to_string(), "name": name, "alias": null }));
    json(StatusCode::OK, &value!({ "fields": standard.chain(own).collect::<Vec<Value>>() }))
}
