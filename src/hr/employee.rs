//! One person as BambooHR knows them.

use super::text::Text;
use jiff::civil::Date;

/// A person. Empty texts mean that BambooHR gave nothing (or did not grant the field).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Employee {
    /// BambooHR's immutable id (bamboohr.md §3.1): the join key, never shown to be changed.
    pub id: Text,
    /// The company's own employee number: may be blank, never the join key by itself.
    pub number: Text,
    pub first_name: Text,
    pub last_name: Text,
    pub email: Text,
    /// First paid day.
    pub hire_date: Option<Date>,
    /// Last paid day.
    pub termination_date: Option<Date>,
    /// BambooHR's `Active` / `Inactive`.
    pub status: Text,
    /// Any other field that a project's `take` names, in the order of [`crate::plan::facts::Facts::extra_fields`].
    pub extra: Box<[Text]>,
}
