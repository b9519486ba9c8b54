//! Whether two conditions can hold for the same person. Two pipelines that pay the same people book a wage twice, so
//! lint has to know; it only says "never both" where that is certain.

use super::native::{Comparison, Term};
use crate::project::value::Value;

/// True when a part that must hold in `one` contradicts a part that must hold in `two`.
pub fn never_both(one: &Term, two: &Term) -> bool {
    demands(one).iter().any(|left| demands(two).iter().any(|right| contradicts(left, right)))
}

/// A condition that has to hold for the whole to hold: a name that is, or is not, one value.
struct Demand<'t> {
    name: &'t [String],
    value: &'t Value,
    equal: bool,
}

fn demands(term: &Term) -> Vec<Demand<'_>> {
    match term {
        Term::All(parts) => parts.iter().flat_map(demands).collect(),
        Term::Compare(comparison @ (Comparison::Equal | Comparison::Unequal), sides) => match &**sides {
            (Term::Name(name), Term::Constant(value)) | (Term::Constant(value), Term::Name(name)) => {
                vec![Demand { name, value, equal: *comparison == Comparison::Equal }]
            }
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

fn contradicts(left: &Demand<'_>, right: &Demand<'_>) -> bool {
    left.name == right.name
        && match (left.equal, right.equal) {
            (true, true) => left.value != right.value,
            (true, false) | (false, true) => left.value == right.value,
            (false, false) => false,
        }
}
