//! The values that expressions and templates see, by name. Money and rates are exact decimals; there is no float.

use jiff::civil::Date;
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::fmt;
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

    /// The number it is; `None` when it is none.
    pub fn number(&self) -> Option<Decimal> {
        match self {
            Value::Integer(number) => Some(Decimal::from(*number)),
            Value::Decimal(number) => Some(*number),
            Value::Absent | Value::Text(_) | Value::Truth(_) | Value::Date(_) | Value::Record(_) | Value::List(_) => {
                None
            }
        }
    }

    /// What it is, for messages that must not show the value itself.
    pub fn noun(&self) -> &'static str {
        match self {
            Value::Absent => "nothing",
            Value::Text(_) => "a text",
            Value::Integer(_) | Value::Decimal(_) => "a number",
            Value::Truth(_) => "true or false",
            Value::Date(_) => "a date",
            Value::Record(_) => "a record",
            Value::List(_) => "a list",
        }
    }
}

/// Names and their values for one evaluation.
#[derive(Clone, Debug, Default)]
pub struct Bindings(pub BTreeMap<String, Value>);

impl Bindings {
    pub fn set(&mut self, name: &str, value: Value) {
        self.0.insert(name.to_owned(), value);
    }

    /// The value at a dotted path; `None` when its first name is not bound or a later one is not in its record.
    pub fn at(&self, path: &[String]) -> Option<&Value> {
        let (first, rest) = path.split_first()?;
        rest.iter().try_fold(self.0.get(first)?, |value, name| match value {
            Value::Record(fields) => fields.get(name),
            // Nothing known has nothing known inside: `last_period.headcount` before any period was planned.
            Value::Absent => Some(value),
            Value::Text(_)
            | Value::Integer(_)
            | Value::Decimal(_)
            | Value::Truth(_)
            | Value::Date(_)
            | Value::List(_) => None,
        })
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

impl Kind {
    /// A record of these fields.
    pub fn record<const N: usize>(fields: [(&str, Kind); N]) -> Kind {
        Kind::Record(fields.into_iter().map(|(name, kind)| (name.to_owned(), kind)).collect())
    }

    pub fn is_number(&self) -> bool {
        matches!(self, Kind::Integer | Kind::Decimal | Kind::Money)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Kind::Text => "a text",
            Kind::Integer | Kind::Decimal => "a number",
            Kind::Money => "money",
            Kind::Truth => "true or false",
            Kind::Date => "a date",
            Kind::Record(_) => "a record",
            Kind::List(_) => "a list",
        })
    }
}

/// The names that an expression or a template may read, each with its type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names(pub BTreeMap<String, Kind>);

impl Names {
    pub fn add(&mut self, name: &str, kind: Kind) {
        self.0.insert(name.to_owned(), kind);
    }

    pub fn with(mut self, name: &str, kind: Kind) -> Names {
        self.add(name, kind);
        self
    }

    /// The type at a dotted path, or the position of the first part that nobody knows.
    ///
    /// # Errors
    /// The position in `path` of the first unknown part.
    pub fn kind(&self, path: &[String]) -> Result<&Kind, usize> {
        let (first, rest) = path.split_first().ok_or(0_usize)?;
        let mut kind = self.0.get(first).ok_or(0_usize)?;
        for (position, name) in rest.iter().enumerate() {
            kind = match kind {
                Kind::Record(fields) => fields.get(name).ok_or(position + 1)?,
                _ => return Err(position + 1),
            };
        }
        Ok(kind)
    }

    /// The names that could have been meant by part `position` of `path`: its siblings.
    pub fn candidates(&self, path: &[String], position: usize) -> Vec<&str> {
        if position == 0 {
            return self.0.keys().map(String::as_str).collect();
        }
        match path.get(..position).map(|parent| self.kind(parent)) {
            Some(Ok(Kind::Record(fields))) => fields.keys().map(String::as_str).collect(),
            _ => Vec::new(),
        }
    }
}
