//! The functions every expression has, written once for the native terms and for Rhai.

use super::EvaluationFailed;
use crate::project::value::Value;
use rust_decimal::{Decimal, RoundingStrategy};

/// Our own functions with the number of values each takes.
pub const OWN: &[(&str, usize)] = &[("within", 3), ("min", 2), ("max", 2), ("abs", 1), ("round", 2)];

/// Calls one of [`OWN`].
pub fn call(name: &str, values: &[Value]) -> Result<Value, EvaluationFailed> {
    match (name, values) {
        ("within", [value, share, reference]) => within(value, share, reference),
        ("min", [left, right]) => pick(left, right, |left, right| left <= right),
        ("max", [left, right]) => pick(left, right, |left, right| left >= right),
        ("abs", [Value::Integer(number)]) => number.checked_abs().map(Value::Integer).ok_or_else(too_large),
        ("abs", [value]) => Ok(Value::Decimal(number(value)?.abs())),
        ("round", [value, digits]) => round(value, digits),
        _ => Err(EvaluationFailed::new(format!("`{name}` cannot be called with {} values", values.len()))),
    }
}

/// True when |value − reference| ≤ share · |reference|. Nothing known to compare with is no reason to complain: the
/// first period of a pipeline has no last period.
fn within(value: &Value, share: &Value, reference: &Value) -> Result<Value, EvaluationFailed> {
    if matches!(reference, Value::Absent) {
        return Ok(Value::Truth(true));
    }
    let (value, share, reference) = (number(value)?, number(share)?, number(reference)?);
    let distance = value.checked_sub(reference).ok_or_else(too_large)?.abs();
    let allowed = share.checked_mul(reference.abs()).ok_or_else(too_large)?;
    Ok(Value::Truth(distance <= allowed))
}

/// Of a decimal and an integer a decimal, whichever of the two it is: Rhai's own `min` and `max` of mixed numbers do so.
fn pick(left: &Value, right: &Value, first: fn(Decimal, Decimal) -> bool) -> Result<Value, EvaluationFailed> {
    let picked = if first(number(left)?, number(right)?) { left } else { right };
    let are_whole = matches!((left, right), (Value::Integer(_), Value::Integer(_)));
    Ok(if are_whole { picked.clone() } else { Value::Decimal(number(picked)?) })
}

/// Half away from zero, as the books round (10.005 → 10.01, −10.005 → −10.01); Rhai's own `round` would round to even.
fn round(value: &Value, digits: &Value) -> Result<Value, EvaluationFailed> {
    let Value::Integer(digits @ 0..=28) = digits else {
        return Err(EvaluationFailed::new("`round` takes 0 to 28 digits"));
    };
    let digits = u32::try_from(*digits).unwrap_or(28);
    Ok(Value::Decimal(number(value)?.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero)))
}

pub fn number(value: &Value) -> Result<Decimal, EvaluationFailed> {
    value.number().ok_or_else(|| EvaluationFailed::new(format!("a number is wanted, not {}", value.noun())))
}

pub fn too_large() -> EvaluationFailed {
    EvaluationFailed::new("a number becomes too large")
}
