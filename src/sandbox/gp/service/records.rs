//! Vendors and employees as JSON.

use super::envelope::{Wrapped, enveloped, found, malformed, refused};
use super::ledger::midnight;
use crate::sandbox::gp::company::Company;
use crate::sandbox::gp::records::{Changed, EMPLOYEE_MEMBERS, Member, Record, Sent, VENDOR_MEMBERS};
use axum::body::Bytes;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

#[derive(Clone, Copy)]
pub(super) enum RecordService {
    Vendors,
    Employees,
}

fn members(record: &Record, key: &str, members: &[Member]) -> Map<String, Value> {
    let mut row = Map::new();
    row.insert(key.to_owned(), json!(record.key));
    for member in members {
        row.insert(member.name.to_owned(), json!(record.value(member.name)));
    }
    row.insert("ModifiedDate".to_owned(), json!(record.modified.to_string()));
    row
}

pub(super) fn vendor(vendor: &Record) -> Value {
    let mut row = members(vendor, "VendorId", VENDOR_MEMBERS);
    row.insert("Status".to_owned(), json!(vendor.status));
    Value::Object(row)
}

/// The tax id is among the members: a careless service shows it, and a client must not take it.
pub(super) fn employee(employee: &Record) -> Value {
    let mut row = members(employee, "EmployeeId", EMPLOYEE_MEMBERS);
    for name in ["HireDate", "InactiveDate"] {
        if let Ok(day) = employee.value(name).parse::<Date>() {
            row.insert(name.to_owned(), json!(midnight(day)));
        }
    }
    row.insert("Inactive".to_owned(), json!(employee.status != 1));
    Value::Object(row)
}

/// What a record's body sets.
fn sent(body: &Bytes, kind: RecordService) -> Result<Sent, String> {
    let wrapped: Wrapped<BTreeMap<String, Box<RawValue>>> =
        serde_json::from_slice(body).map_err(|error| error.to_string())?;
    let (key, status, known) = match kind {
        RecordService::Vendors => ("VendorId", "Status", VENDOR_MEMBERS),
        RecordService::Employees => ("EmployeeId", "Inactive", EMPLOYEE_MEMBERS),
    };
    let mut sent = Sent::default();
    for (name, raw) in wrapped.payload {
        let text = match serde_json::from_str::<Value>(raw.get()) {
            Ok(Value::String(text)) => text,
            Ok(Value::Null) => String::new(),
            _ => raw.get().to_owned(),
        };
        if name == key {
            sent.key = text;
        } else if name == status {
            sent.status = Some(match (kind, text.as_str()) {
                (RecordService::Employees, "true" | "1") => 2,
                (RecordService::Employees, "false" | "0") => 1,
                (_, digits) => digits.parse().map_err(|_| format!("{name} is not a number"))?,
            });
        } else if known.iter().any(|member| member.name == name) {
            sent.values.insert(name, text);
        } else {
            return Err(format!("{name} is not a parameter of this service"));
        }
    }
    Ok(sent)
}

pub(super) fn create_record(company: &mut Company, body: &Bytes, kind: RecordService) -> Response {
    let now = company.clock.now();
    let sent = match sent(body, kind) {
        Ok(sent) => sent,
        Err(why) => return malformed(&why),
    };
    let (created, member) = match kind {
        RecordService::Vendors => (company.vendors.create(&sent, now), "VendorId"),
        RecordService::Employees => (company.employees.create(&sent, now), "EmployeeId"),
    };
    match created {
        Ok(()) => enveloped(StatusCode::CREATED, &[], json!({ member: sent.key })),
        Err(refusals) => refused(&refusals),
    }
}

pub(super) fn update_record(company: &mut Company, body: &Bytes, kind: RecordService, key: &str) -> Response {
    let now = company.clock.now();
    let sent = match sent(body, kind) {
        Ok(sent) => sent,
        Err(why) => return malformed(&why),
    };
    let changed = match kind {
        RecordService::Vendors => company.vendors.update(key, &sent, now),
        RecordService::Employees => company.employees.update(key, &sent, now),
    };
    match changed {
        Ok(Changed::Done) => enveloped(StatusCode::OK, &[], Value::Null),
        Ok(Changed::NotThere) => found(None::<Value>),
        Err(refusals) => refused(&refusals),
    }
}
