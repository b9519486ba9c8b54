//! Five shapes of one amount. BambooHR writes the same pay rate differently in every place (rows of a changed
//! employee, rows of a table, List Employees, Get Employee, datasets); an account may show any of them.

use super::wire::{Raw, decimal};
use rust_decimal::Decimal;
use serde::Deserialize;

/// An exact amount with its ISO 4217 code, which is empty when the answer named none.
#[derive(PartialEq, Eq)]
pub(super) struct Money {
    pub(super) amount: Decimal,
    pub(super) currency: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Wire<'a> {
    #[serde(borrow)]
    value: Raw<'a>,
    #[serde(borrow)]
    amount: Raw<'a>,
    #[serde(borrow)]
    currency: Raw<'a>,
}

/// Reads `"56.00 USD"`, `{"value":"56.00","currency":"USD"}`, `{"amount":"56.00","currency":"USD"}`, `"56.00"` or a
/// number, the last two with the currency in a `beside` field of its own, or none.
///
/// `None` when there is no amount, or none that can be read without guessing.
pub(super) fn read(raw: Raw<'_>, beside: Raw<'_>) -> Option<Money> {
    let (number, code) = if raw.json().starts_with('{') {
        let wire: Wire<'_> = serde_json::from_str(raw.json()).ok()?;
        (wire.value.or(wire.amount).text(), wire.currency.or(beside).text())
    } else {
        let text = raw.text();
        match text.split_once(' ') {
            Some((number, code)) => (number.to_owned().into(), code.trim().to_owned().into()),
            None => (text, beside.text()),
        }
    };
    Some(Money { amount: decimal(&number)?, currency: iso_code(&code)? })
}

/// A three-letter code in capitals, or empty. Anything else (`dollars`, `$`) makes the amount unreadable.
fn iso_code(code: &str) -> Option<String> {
    let well_formed = code.is_empty() || (code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_alphabetic()));
    well_formed.then(|| code.to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reads(json: &str, beside: &str) -> Option<String> {
        let raw = serde_json::from_str(json).unwrap();
        let beside = serde_json::from_str(beside).unwrap();
        read(raw, beside).map(|money| format!("{} {}", money.amount, money.currency))
    }

    #[test]
    fn the_five_shapes_are_one_amount() {
        for (json, beside) in [
            (r#""56.00 USD""#, "null"),
            (r#"{"value":"56.00","currency":"USD"}"#, "null"),
            (r#"{"amount":"56.00","currency":"usd"}"#, "null"),
            (r#""56.00""#, r#""USD""#),
            ("56.00", r#""USD""#),
        ] {
            assert_eq!(reads(json, beside).unwrap(), "56.00 USD", "{json}");
        }
        assert_eq!(reads(r#""75000 USD""#, "null").unwrap(), "75000 USD");
        assert_eq!(reads(r#""52000.00""#, "null").unwrap(), "52000.00 ");
        assert_eq!(reads(r#"{"value":52000.10,"currency":null}"#, "null").unwrap(), "52000.10 ");
    }

    #[test]
    fn what_would_have_to_be_guessed_is_no_amount() {
        for json in [
            "null",
            r#""""#,
            r#"" USD""#,
            r#""75,000.00 USD""#,
            r#""$75000""#,
            r#""56.00 dollars""#,
            r#""USD 56.00""#,
            r#"{"value":"","currency":"USD"}"#,
            "{}",
            "[]",
            r#""about 5""#,
        ] {
            assert_eq!(reads(json, "null"), None, "{json}");
        }
    }
}
