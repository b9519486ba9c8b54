//! The shapes in which BambooHR writes an amount.

use rust_decimal::Decimal;
use serde::ser::{Serialize, SerializeMap, Serializer};

/// How the `rate` of a compensation row is written. Which of them a real account uses is not known; each was seen or
/// documented somewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MoneyShape {
    /// `{"value":"56.00","currency":"USD"}`
    #[default]
    Value,
    /// `{"amount":"56.00","currency":"USD"}`
    Amount,
    /// `"56.00 USD"`
    Text,
    /// `"56.00"`, the currency nowhere.
    Bare,
    /// `56.00`, with the currency in a field of its own: `rateCurrencyCode`.
    Beside,
}

/// An amount in its shape.
pub(super) struct Shaped<'a> {
    pub(super) amount: Decimal,
    pub(super) currency: &'a str,
    pub(super) shape: MoneyShape,
}

impl Serialize for Shaped<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let name = match self.shape {
            MoneyShape::Text if self.currency.is_empty() => return serializer.collect_str(&self.amount),
            MoneyShape::Text => return serializer.collect_str(&format_args!("{} {}", self.amount, self.currency)),
            MoneyShape::Bare => return serializer.collect_str(&self.amount),
            MoneyShape::Beside => return number(self.amount, serializer),
            MoneyShape::Value => "value",
            MoneyShape::Amount => "amount",
        };
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry(name, &self.amount.to_string())?;
        map.serialize_entry("currency", self.currency)?;
        map.end()
    }
}

/// A decimal as a JSON number with all its digits, never by way of a binary fraction.
pub(super) fn number<S: Serializer>(number: Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    let raw = serde_json::value::RawValue::from_string(number.to_string()).map_err(serde::ser::Error::custom)?;
    raw.serialize(serializer)
}
