//! The errors beside the body.

use crate::gp::dialect::refusals::GpMessage;
use crate::gp::dialect::wire::Envelope;
use serde_json::Value;

/// A scalar as text.
pub(super) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Every error of an answer, one a number.
pub(super) fn messages(envelope: &Envelope, outside: &Value) -> Vec<GpMessage> {
    let mut found = Vec::new();
    for pointer in &envelope.errors {
        match outside.pointer(pointer) {
            Some(Value::Array(errors)) => errors.iter().for_each(|error| message(envelope, error, &mut found)),
            Some(error @ (Value::Object(_) | Value::String(_))) => message(envelope, error, &mut found),
            _ => {}
        }
    }
    found
}

fn message(envelope: &Envelope, error: &Value, found: &mut Vec<GpMessage>) {
    let member = |names: &[String]| names.iter().find_map(|name| error.get(name).and_then(scalar));
    let kind = member(&envelope.error_kind).unwrap_or_default();
    if envelope.harmless_kinds.iter().any(|harmless| harmless.eq_ignore_ascii_case(&kind)) {
        return;
    }
    let text = member(&envelope.error_text).or_else(|| scalar(error)).unwrap_or_default();
    // GP's own error string is a list of numbers ("679 5617, 944"), so one entry may hold several.
    let numbers: Vec<u32> = member(&envelope.error_number)
        .unwrap_or_default()
        .split(|letter: char| !letter.is_ascii_digit())
        .filter_map(|digits| digits.parse().ok())
        .filter(|number| *number != 0)
        .collect();
    if numbers.is_empty() && !text.is_empty() {
        found.push(GpMessage { number: None, text });
    } else {
        found.extend(numbers.into_iter().map(|number| GpMessage { number: Some(number), text: text.clone() }));
    }
}
