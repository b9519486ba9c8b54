//! The values that expressions and templates see, by name. Money and rates are exact decimals; there is no float.

use jiff::civil::Date;
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A value bound to a name.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing known: compares equal to nothing, prints as nothing.
    Absent,
    Text(Arc<str>),
    Integer(i64),
    Decimal(Decimal),
    Truth(bool),
    Date(Date),
    Record(BTreeMap<String, Value>),
    List(Vec<Value>),
}

impl Value {
    pub fn text(letters: &str) -> Value {
        Value::Text(Arc::from(letters))
    }
}

/// Names and their values for one evaluation.
#[derive(Clone, Debug, Default)]
pub struct Bindings(pub BTreeMap<String, Value>);

impl Bindings {
    pub fn set(&mut self, name: &str, value: Value) {
        self.0.insert(name.to_owned(), value);
    }
}

/// The type of a name, known at load so that every expression and template is checked before any data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Integer,
    Decimal,
    /// A decimal amount of money: may stand in expressions, never in template arithmetic.
    Money,
    Truth,
    Date,
    Record(BTreeMap<String, Kind>),
    List(Box<Kind>),
}
