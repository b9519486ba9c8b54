//! Conditions that decide nothing: the same for everybody. Only what is certain is said.

use super::disjoint::never_both;
use super::native::{Comparison, Term};
use crate::project::value::Value;

/// Whether the condition holds for nobody (`Some(false)`) or for everybody (`Some(true)`).
pub fn decides_nothing(term: &Term) -> Option<bool> {
    match term {
        Term::Constant(Value::Truth(truth)) => Some(*truth),
        Term::Not(inner) => decides_nothing(inner).map(|truth| !truth),
        Term::All(parts) => {
            let never = parts.iter().any(|part| decides_nothing(part) == Some(false))
                || pairs(parts).any(|(one, two)| never_both(one, two));
            let always = parts.iter().all(|part| decides_nothing(part) == Some(true));
            if never { Some(false) } else { always.then_some(true) }
        }
        Term::Any(parts) => {
            let always = parts.iter().any(|part| decides_nothing(part) == Some(true))
                || pairs(parts).any(|(one, two)| always_one(one, two));
            let never = parts.iter().all(|part| decides_nothing(part) == Some(false));
            if always { Some(true) } else { never.then_some(false) }
        }
        _ => None,
    }
}

fn pairs(parts: &[Term]) -> impl Iterator<Item = (&Term, &Term)> {
    parts.iter().enumerate().flat_map(|(at, one)| parts.iter().skip(at + 1).map(move |two| (one, two)))
}

/// `x != "a" || x != "b"`: every `x` is at least one of them.
fn always_one(one: &Term, two: &Term) -> bool {
    let (Some((name, value, equal)), Some((other_name, other_value, other_equal))) = (compared(one), compared(two))
    else {
        return false;
    };
    name == other_name
        && match (equal, other_equal) {
            (false, false) => value != other_value,
            (true, false) | (false, true) => value == other_value,
            (true, true) => false,
        }
}

/// A name that is compared with a value, and whether it has to be equal.
fn compared(term: &Term) -> Option<(&[String], &Value, bool)> {
    let Term::Compare(comparison @ (Comparison::Equal | Comparison::Unequal), sides) = term else { return None };
    match &**sides {
        (Term::Name(name), Term::Constant(value)) | (Term::Constant(value), Term::Name(name)) => {
            Some((name, value, *comparison == Comparison::Equal))
        }
        _ => None,
    }
}

/// A share of more than the whole in `within`: `5` where 5 % is meant.
pub fn share_over_one(term: &Term) -> Option<String> {
    let mut found = None;
    walk(term, &mut |term| {
        if let Term::Call("within", values) = term
            && let Some(Term::Constant(share)) = values.get(1)
            && share.number().is_some_and(|share| share > rust_decimal::Decimal::ONE)
        {
            found = share.number().map(|share| share.to_string());
        }
    });
    found
}

/// Every text that a name is compared with, however deep.
pub fn compared_texts(term: &Term) -> Vec<(String, String)> {
    let mut found = Vec::new();
    walk(term, &mut |term| {
        if let Some((name, Value::Text(text), _)) = compared(term) {
            found.push((name.join("."), text.to_string()));
        }
    });
    found
}

fn walk(term: &Term, visit: &mut dyn FnMut(&Term)) {
    visit(term);
    match term {
        Term::Not(inner) => walk(inner, visit),
        Term::All(parts) | Term::Any(parts) | Term::Call(_, parts) => parts.iter().for_each(|part| walk(part, visit)),
        Term::Compare(_, sides) | Term::Calculate(_, sides) => {
            walk(&sides.0, visit);
            walk(&sides.1, visit);
        }
        Term::Constant(_) | Term::Name(_) => {}
    }
}
