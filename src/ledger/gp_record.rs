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
/// the record becomes active or inactive); `before` is empty for a create. Its `Debug` shows no tax id.
#[derive(Clone, PartialEq, Eq)]
pub struct RecordChange {
    pub kind: RecordKind,
    pub key: String,
    pub action: RecordAction,
    pub before: BTreeMap<String, String>,
    pub after: BTreeMap<String, String>,
}

/// `fields` as anybody may read them: a tax id is sent to GP and shown to nobody.
pub fn redacted(fields: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let shown = |field: &String, text: &String| if field == "tax_id" { "***".to_owned() } else { text.clone() };
    fields.iter().map(|(field, text)| (field.clone(), shown(field, text))).collect()
}

impl fmt::Debug for RecordChange {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("RecordChange")
            .field("kind", &self.kind)
            .field("key", &self.key)
            .field("action", &self.action)
            .field("before", &redacted(&self.before))
            .field("after", &redacted(&self.after))
            .finish()
    }
}
