//! Vendor and employee records as GP keeps them, and a change of one.

use std::collections::BTreeMap;
use std::fmt;

/// Which of GP's records stands for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RecordKind {
    Vendor,
    Employee,
}

impl fmt::Display for RecordKind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            RecordKind::Vendor => "vendor",
            RecordKind::Employee => "employee",
        })
    }
}

/// A record GP holds. `fields` are in our words ([`super::limits`] lists them), without the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GpRecord {
    pub key: String,
    pub active: bool,
    pub fields: BTreeMap<String, String>,
}

/// What a record document does. Nothing is ever deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RecordAction {
    Create,
    Update,
    /// The person left: the record stays and becomes inactive.
    Inactivate,
    /// The person came back: the old record becomes active again.
    Reactivate,
}

impl fmt::Display for RecordAction {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            RecordAction::Create => "create",
            RecordAction::Update => "update",
            RecordAction::Inactivate => "inactivate",
            RecordAction::Reactivate => "reactivate",
        })
    }
}

/// One record to create or change. `before` and `after` hold only the fields that change (`status` is among them when
/// the record becomes active or inactive); `before` is empty for a create.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordChange {
    pub kind: RecordKind,
    pub key: String,
    pub action: RecordAction,
    pub before: BTreeMap<String, String>,
    pub after: BTreeMap<String, String>,
}
