//! An expression step by step: every part of it in its own words, with what it yields.

use super::native::{Comparison, Operator, Term};
use crate::project::value::{Bindings, Value};

/// A part and what it yields; the message where it fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// How deep the part stands: the whole is 0.
    pub depth: usize,
    pub part: String,
    pub yields: Result<String, String>,
}

/// Every part that is more than a name or a constant, the whole first.
pub fn steps(term: &Term, names: &Bindings) -> Vec<Step> {
    let mut found = Vec::new();
    add(term, names, 0, &mut found);
    found
}

fn add(term: &Term, names: &Bindings, depth: usize, found: &mut Vec<Step>) {
    if matches!(term, Term::Constant(_)) {
        return;
    }
    let yields = term.value(names).map(|value| shown(&value)).map_err(|failed| failed.to_string());
    found.push(Step { depth, part: words(term), yields });
    let mut below = |term: &Term| add(term, names, depth + 1, found);
    match term {
        Term::Not(inner) => below(inner),
        Term::All(parts) | Term::Any(parts) | Term::Call(_, parts) => parts.iter().for_each(below),
        Term::Compare(_, sides) | Term::Calculate(_, sides) => {
            below(&sides.0);
            below(&sides.1);
        }
        Term::Constant(_) | Term::Name(_) => {}
    }
}

/// A value as an expression would write it.
pub fn shown(value: &Value) -> String {
    match value {
        Value::Absent => "nothing".to_owned(),
        Value::Text(text) => format!("\"{text}\""),
        Value::Integer(number) => number.to_string(),
        Value::Decimal(number) => number.to_string(),
        Value::Truth(truth) => truth.to_string(),
        Value::Date(day) => day.to_string(),
        Value::Record(fields) => {
            let fields: Vec<String> = fields.iter().map(|(name, value)| format!("{name}: {}", shown(value))).collect();
            format!("{{ {} }}", fields.join(", "))
        }
        Value::List(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", ")),
    }
}

fn words(term: &Term) -> String {
    let joined = |parts: &[Term], sign: &str| parts.iter().map(inner).collect::<Vec<_>>().join(sign);
    match term {
        Term::Constant(value) => shown(value),
        Term::Name(path) => path.join("."),
        Term::Not(part) => format!("!{}", inner(part)),
        Term::All(parts) => joined(parts, " && "),
        Term::Any(parts) => joined(parts, " || "),
        Term::Compare(comparison, sides) => {
            let sign = match comparison {
                Comparison::Equal => "==",
                Comparison::Unequal => "!=",
                Comparison::Less => "<",
                Comparison::LessOrEqual => "<=",
                Comparison::Greater => ">",
                Comparison::GreaterOrEqual => ">=",
            };
            format!("{} {sign} {}", inner(&sides.0), inner(&sides.1))
        }
        Term::Calculate(operator, sides) => {
            let sign = match operator {
                Operator::Add => "+",
                Operator::Subtract => "-",
                Operator::Multiply => "*",
                Operator::Divide => "/",
            };
            format!("{} {sign} {}", inner(&sides.0), inner(&sides.1))
        }
        Term::Call(name, parts) => format!("{name}({})", parts.iter().map(words).collect::<Vec<_>>().join(", ")),
    }
}

/// The words of a part inside another: in brackets where it is more than one word.
fn inner(term: &Term) -> String {
    match term {
        Term::Constant(_) | Term::Name(_) | Term::Call(..) | Term::Not(_) => words(term),
        Term::All(_) | Term::Any(_) | Term::Compare(..) | Term::Calculate(..) => format!("({})", words(term)),
    }
}
