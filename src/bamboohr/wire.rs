//! One value of BambooHR's JSON, read leniently and exactly.
//!
//! The published types of scalars do not hold: recorded answers carry numbers as text, `[]` for an empty map and
//! booleans as `yes`. A value is therefore kept as its JSON text, so that no decimal ever passes through a binary
//! fraction.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::borrow::Cow;

/// A value as it stands in the answer, or its absence. `null` is a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Raw<'a>(Option<&'a str>);

impl<'de: 'a, 'a> Deserialize<'de> for Raw<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Raw<'a>, D::Error> {
        <&'de RawValue>::deserialize(deserializer).map(|raw| Raw(Some(raw.get())))
    }
}

impl<'a> Raw<'a> {
    /// Whether the answer did not have the key at all.
    pub(super) fn is_absent(self) -> bool {
        self.0.is_none()
    }

    pub(super) fn is_null(self) -> bool {
        self.0 == Some("null")
    }

    /// This value, or `other` where the answer has no such key.
    pub(super) fn or(self, other: Raw<'a>) -> Raw<'a> {
        if self.is_absent() { other } else { self }
    }

    /// The JSON text; `null` when absent.
    pub(super) fn json(self) -> &'a str {
        self.0.unwrap_or("null")
    }

    /// The value as text: a string's letters trimmed, a number or boolean as written; empty for anything else.
    pub(super) fn text(self) -> Cow<'a, str> {
        let json = self.json();
        match json.as_bytes().first() {
            Some(b'"') => match json[1..json.len() - 1].find('\\') {
                None => Cow::Borrowed(json[1..json.len() - 1].trim()),
                Some(_) => Cow::Owned(
                    serde_json::from_str::<String>(json).map(|text| text.trim().to_owned()).unwrap_or_default(),
                ),
            },
            Some(b'{' | b'[' | b'n') | None => Cow::Borrowed(""),
            Some(_) => Cow::Borrowed(json),
        }
    }

    /// The value as text for people: as [`Raw::text`], but also a list joined by commas and money as `56.00 USD`.
    pub(super) fn display(self) -> Cow<'a, str> {
        match self.json().as_bytes().first() {
            Some(b'[') => {
                let items: Vec<Raw<'a>> = serde_json::from_str(self.json()).unwrap_or_default();
                let texts: Vec<Cow<'a, str>> = items.iter().map(|item| item.label()).collect();
                Cow::Owned(texts.join(", "))
            }
            Some(b'{') => match super::money::read(self, Raw::default()) {
                Some(money) => Cow::Owned(format!("{} {}", money.amount, money.currency).trim_end().to_owned()),
                None => Cow::Borrowed(""),
            },
            _ => match self.text() {
                text if is_no_date(&text) => Cow::Borrowed(""),
                text => text,
            },
        }
    }

    /// An item of a list as text: itself, or the label that BambooHR gives an item with an id (`teams`).
    fn label(self) -> Cow<'a, str> {
        #[derive(Deserialize, Default)]
        #[serde(default)]
        struct Item<'a> {
            #[serde(borrow)]
            label: Raw<'a>,
        }
        match serde_json::from_str::<Item<'a>>(self.json()) {
            Ok(item) => item.label.text(),
            Err(_) => self.text(),
        }
    }

    /// The value as a date. `null`, the empty text and BambooHR's `0000-00-00` are no date.
    ///
    /// # Errors
    /// The text, when it is neither a date nor one of the forms of none.
    pub(super) fn date(self) -> Result<Option<Date>, String> {
        let text = self.text();
        if text.is_empty() || is_no_date(&text) {
            return Ok(None);
        }
        // jiff would read a longer text, too; the day of a moment in UTC is not a day of the company.
        match text.parse::<Date>() {
            Ok(date) if text.len() == "yyyy-mm-dd".len() => Ok(Some(date)),
            _ => Err(text.into_owned()),
        }
    }

    /// The value as a boolean: `true`, `yes`, `1` in any case and as text or not.
    pub(super) fn is_true(self) -> bool {
        let text = self.text();
        ["true", "yes", "1"].iter().any(|yes| text.eq_ignore_ascii_case(yes))
    }

    /// The value as an exact decimal, from its digits.
    pub(super) fn decimal(self) -> Option<Decimal> {
        decimal(&self.text())
    }
}

fn is_no_date(text: &str) -> bool {
    text.starts_with("0000-00-00")
}

/// An exact decimal, or nothing: a text with separators, a sign of a currency or more digits than are kept exactly is
/// never guessed.
pub(super) fn decimal(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if !digits.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    if digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return Decimal::from_str_exact(text).ok();
    }
    // A JSON number may be written 5.2e4.
    let (mantissa, exponent) = text.split_once(['e', 'E'])?;
    let exponent: i32 = exponent.parse().ok().filter(|exponent| (-28..=28).contains(exponent))?;
    let number = decimal(mantissa)?;
    let scale = i64::from(number.scale()) - i64::from(exponent);
    let (mantissa, scale) = match u32::try_from(scale) {
        Ok(scale) => (number.mantissa(), scale),
        Err(_) => (number.mantissa().checked_mul(10i128.checked_pow(u32::try_from(-scale).ok()?)?)?, 0),
    };
    Decimal::try_from_i128_with_scale(mantissa, scale).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(json: &str) -> Raw<'_> {
        Raw(Some(json))
    }

    #[test]
    fn scalars_are_read_in_every_form_that_was_seen() {
        assert_eq!(raw(r#""12""#).text(), "12");
        assert_eq!(raw("12").text(), "12");
        assert_eq!(raw(r#"" Zo\u00eb ""#).text(), "Zoë");
        assert_eq!(raw("null").text(), "");
        assert_eq!(raw("[]").text(), "");
        for yes in ["true", r#""true""#, r#""Yes""#, "1", r#""1""#] {
            assert!(raw(yes).is_true(), "{yes}");
        }
        for no in ["false", r#""no""#, "0", "null", r#""""#] {
            assert!(!raw(no).is_true(), "{no}");
        }
    }

    #[test]
    fn lists_and_money_are_shown_as_one_text() {
        assert_eq!(raw(r#"[{"id":1,"label":"Red"},"Blue",3]"#).display(), "Red, Blue, 3");
        assert_eq!(raw(r#"{"amount":"56.00","currency":"USD"}"#).display(), "56.00 USD");
        assert_eq!(raw(r#""0000-00-00""#).display(), "");
        assert_eq!(raw("[]").display(), "");
    }

    #[test]
    fn no_date_has_many_forms_and_a_bad_date_is_not_one_of_them() {
        for none in ["null", r#""""#, r#""0000-00-00""#] {
            assert_eq!(raw(none).date(), Ok(None), "{none}");
        }
        assert_eq!(raw(r#""2013-11-30""#).date(), Ok(Some(Date::constant(2013, 11, 30))));
        for bad in [r#""2013-02-30""#, r#""30/11/2013""#, r#""2013-11-30T00:00:00Z""#] {
            assert!(raw(bad).date().is_err(), "{bad}");
        }
    }

    #[test]
    fn decimals_keep_every_digit_or_are_refused() {
        assert_eq!(raw("0.1").decimal().unwrap().to_string(), "0.1");
        assert_eq!(raw("7.50").decimal().unwrap().to_string(), "7.50");
        assert_eq!(raw("5.2e4").decimal().unwrap().to_string(), "52000");
        assert_eq!(raw("125e-2").decimal().unwrap().to_string(), "1.25");
        assert_eq!(raw(r#""-3""#).decimal().unwrap().to_string(), "-3");
        for bad in
            [r#""75,000""#, r#""$75""#, r#""1_000""#, r#""""#, "null", "1e999", r#""0.00000000000000000000000000001""#]
        {
            assert_eq!(raw(bad).decimal(), None, "{bad}");
        }
    }
}
