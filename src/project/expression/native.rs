//! The plain part of the language as terms of our own: a plan asks `keep` once a person, and walking Rhai's tree with a
//! fresh scope for each of 100,000 people would take most of the time a plan has.

use super::EvaluationFailed;
use super::functions::{self, number, too_large};
use crate::project::value::{Bindings, Kind, Names, Value};
use jiff::civil::Date;
use rhai::{AST, Expr, Stmt};
use std::cmp::Ordering;

/// One expression. Only what Rhai means by it, too; anything else is not lowered.
#[derive(Clone, Debug, PartialEq)]
pub enum Term {
    Constant(Value),
    Name(Vec<String>),
    Not(Box<Term>),
    All(Vec<Term>),
    Any(Vec<Term>),
    Compare(Comparison, Box<(Term, Term)>),
    Calculate(Operator, Box<(Term, Term)>),
    Call(&'static str, Vec<Term>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// The terms of a tree that holds one plain expression; `None` for anything richer.
pub fn lower(tree: &AST, names: &Names) -> Option<Term> {
    match tree.statements() {
        [Stmt::Expr(expression)] => term(expression, names),
        [Stmt::FnCall(call, position)] => term(&Expr::FnCall(call.clone(), *position), names),
        _ => None,
    }
}

fn term(expression: &Expr, names: &Names) -> Option<Term> {
    match expression {
        Expr::BoolConstant(truth, _) => Some(Term::Constant(Value::Truth(*truth))),
        Expr::IntegerConstant(number, _) => Some(Term::Constant(Value::Integer(*number))),
        Expr::StringConstant(letters, _) => Some(Term::Constant(Value::text(letters))),
        Expr::DynamicConstant(constant, _) => constant.as_decimal().ok().map(|n| Term::Constant(Value::Decimal(n))),
        Expr::Variable(..) | Expr::Dot(..) => super::check::path(expression).map(|path| Term::Name(path.0)),
        Expr::And(parts, _) => parts.iter().map(|part| term(part, names)).collect::<Option<_>>().map(Term::All),
        Expr::Or(parts, _) => parts.iter().map(|part| term(part, names)).collect::<Option<_>>().map(Term::Any),
        Expr::FnCall(call, _) => {
            let values: Vec<Term> = call.args.iter().map(|value| term(value, names)).collect::<Option<_>>()?;
            operation(call.name.as_str(), values, names)
        }
        _ => None,
    }
}

fn operation(name: &str, mut values: Vec<Term>, names: &Names) -> Option<Term> {
    if let Some((own, _)) = functions::OWN.iter().find(|(own, count)| *own == name && *count == values.len()) {
        return Some(Term::Call(own, values));
    }
    if name == "!" && values.len() == 1 {
        return values.pop().map(|value| Term::Not(Box::new(value)));
    }
    if name == "-" && values.len() == 1 {
        let zero = Term::Constant(Value::Integer(0));
        return values.pop().map(|value| Term::Calculate(Operator::Subtract, Box::new((zero, value))));
    }
    let (right, left) = (values.pop()?, values.pop()?);
    if !values.is_empty() {
        return None;
    }
    if let Some(comparison) = comparison(name) {
        let pair = dates_as_dates(left, right, names);
        return Some(Term::Compare(comparison, Box::new(pair)));
    }
    let operator = match name {
        "+" => Operator::Add,
        "-" => Operator::Subtract,
        "*" => Operator::Multiply,
        "/" => Operator::Divide,
        _ => return None,
    };
    // `+` also joins texts; that stays Rhai's.
    let calculates = [&left, &right].into_iter().all(|side| is_number(side, names));
    calculates.then(|| Term::Calculate(operator, Box::new((left, right))))
}

fn comparison(name: &str) -> Option<Comparison> {
    Some(match name {
        "==" => Comparison::Equal,
        "!=" => Comparison::Unequal,
        "<" => Comparison::Less,
        "<=" => Comparison::LessOrEqual,
        ">" => Comparison::Greater,
        ">=" => Comparison::GreaterOrEqual,
        _ => return None,
    })
}

fn is_number(term: &Term, names: &Names) -> bool {
    match term {
        Term::Constant(value) => value.number().is_some(),
        Term::Name(path) => names.kind(path).is_ok_and(Kind::is_number),
        Term::Calculate(..) => true,
        Term::Call(name, _) => *name != "within",
        Term::Not(_) | Term::All(_) | Term::Any(_) | Term::Compare(..) => false,
    }
}

/// A date compared with a written date: the check has made sure that the text is one.
fn dates_as_dates(left: Term, right: Term, names: &Names) -> (Term, Term) {
    let is_date = |term: &Term| matches!(term, Term::Name(path) if names.kind(path) == Ok(&Kind::Date));
    let as_date = |term: Term| match &term {
        Term::Constant(Value::Text(letters)) => {
            letters.parse::<Date>().map_or(term.clone(), |date| Term::Constant(Value::Date(date)))
        }
        _ => term,
    };
    match (is_date(&left), is_date(&right)) {
        (true, false) => (left, as_date(right)),
        (false, true) => (as_date(left), right),
        _ => (left, right),
    }
}

impl Term {
    /// What it yields for these names.
    pub fn value(&self, names: &Bindings) -> Result<Value, EvaluationFailed> {
        match self {
            Term::Constant(value) => Ok(value.clone()),
            Term::Name(path) => names.at(path).cloned().ok_or_else(|| unbound(path)),
            Term::Not(inner) => Ok(Value::Truth(!inner.truth(names)?)),
            Term::All(parts) => {
                for part in parts {
                    if !part.truth(names)? {
                        return Ok(Value::Truth(false));
                    }
                }
                Ok(Value::Truth(true))
            }
            Term::Any(parts) => {
                for part in parts {
                    if part.truth(names)? {
                        return Ok(Value::Truth(true));
                    }
                }
                Ok(Value::Truth(false))
            }
            Term::Compare(comparison, sides) => {
                Ok(Value::Truth(compare(*comparison, &*sides.0.borrowed(names)?, &*sides.1.borrowed(names)?)))
            }
            Term::Calculate(operator, sides) => calculate(*operator, &sides.0.value(names)?, &sides.1.value(names)?),
            Term::Call(name, values) => {
                let values = values.iter().map(|value| value.value(names)).collect::<Result<Vec<_>, _>>()?;
                functions::call(name, &values)
            }
        }
    }

    /// The value without a copy where it is a name's or a literal.
    fn borrowed<'n>(&'n self, names: &'n Bindings) -> Result<std::borrow::Cow<'n, Value>, EvaluationFailed> {
        match self {
            Term::Constant(value) => Ok(std::borrow::Cow::Borrowed(value)),
            Term::Name(path) => names.at(path).map(std::borrow::Cow::Borrowed).ok_or_else(|| unbound(path)),
            _ => self.value(names).map(std::borrow::Cow::Owned),
        }
    }

    fn truth(&self, names: &Bindings) -> Result<bool, EvaluationFailed> {
        match self.borrowed(names)?.as_ref() {
            Value::Truth(truth) => Ok(*truth),
            other => Err(EvaluationFailed::new(format!("true or false is wanted, not {}", other.noun()))),
        }
    }
}

fn unbound(path: &[String]) -> EvaluationFailed {
    EvaluationFailed::new(format!("`{}` has no value here", path.join(".")))
}

/// Nothing known is unequal to everything and neither less nor greater.
fn compare(comparison: Comparison, left: &Value, right: &Value) -> bool {
    let order = match (left, right) {
        (Value::Text(left), Value::Text(right)) => Some(left.cmp(right)),
        (Value::Date(left), Value::Date(right)) => Some(left.cmp(right)),
        (Value::Date(left), Value::Text(right)) => Some(left.to_string().as_str().cmp(right)),
        (Value::Text(left), Value::Date(right)) => Some((**left).cmp(right.to_string().as_str())),
        (Value::Truth(left), Value::Truth(right)) => Some(left.cmp(right)),
        (Value::Record(_), Value::Record(_)) | (Value::List(_), Value::List(_)) => {
            (left == right).then_some(Ordering::Equal)
        }
        _ => left.number().zip(right.number()).map(|(left, right)| left.cmp(&right)),
    };
    match comparison {
        Comparison::Equal => order == Some(Ordering::Equal),
        Comparison::Unequal => order != Some(Ordering::Equal),
        Comparison::Less => order == Some(Ordering::Less),
        Comparison::LessOrEqual => matches!(order, Some(Ordering::Less | Ordering::Equal)),
        Comparison::Greater => order == Some(Ordering::Greater),
        Comparison::GreaterOrEqual => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
    }
}

fn calculate(operator: Operator, left: &Value, right: &Value) -> Result<Value, EvaluationFailed> {
    if let (Value::Integer(left), Value::Integer(right)) = (left, right) {
        let whole = match operator {
            Operator::Add => Some(left.checked_add(*right)),
            Operator::Subtract => Some(left.checked_sub(*right)),
            Operator::Multiply => Some(left.checked_mul(*right)),
            Operator::Divide => None,
        };
        if let Some(whole) = whole {
            return whole.map(Value::Integer).ok_or_else(too_large);
        }
    }
    let (left, right) = (number(left)?, number(right)?);
    let result = match operator {
        Operator::Add => left.checked_add(right),
        Operator::Subtract => left.checked_sub(right),
        Operator::Multiply => left.checked_mul(right),
        Operator::Divide if right.is_zero() => return Err(EvaluationFailed::new("division by zero")),
        Operator::Divide => left.checked_div(right),
    };
    result.map(Value::Decimal).ok_or_else(too_large)
}
