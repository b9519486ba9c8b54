//! The usual template as parts of our own, rendered without an interpreter.

use super::filters;
use crate::project::expression::EvaluationFailed;
use crate::project::value::{Bindings, Value};
use std::borrow::Cow;

/// A piece of a template.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    Literal(String),
    Hole(Piece),
}

/// What stands in a hole.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    Constant(Value),
    Name(Vec<String>),
    Filter(Box<Piece>, Filter),
    If(Box<(Test, Piece, Piece)>),
    Joined(Box<(Piece, Piece)>),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    Pad(usize),
    Upper,
    Lower,
    Trim,
    Truncate(usize),
    Default(Box<Piece>),
}

/// The condition of an `if`.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    Equal(Piece, Piece),
    Unequal(Piece, Piece),
    Not(Box<Test>),
    All(Box<(Test, Test)>),
    Any(Box<(Test, Test)>),
    Holds(Piece),
}

/// The text of all parts.
pub fn render(parts: &[Part], names: &Bindings) -> Result<String, EvaluationFailed> {
    let mut text = String::new();
    for part in parts {
        match part {
            Part::Literal(letters) => text.push_str(letters),
            Part::Hole(piece) => text.push_str(&printed(piece, names)?),
        }
    }
    Ok(text)
}

fn printed<'n>(piece: &'n Piece, names: &'n Bindings) -> Result<Cow<'n, str>, EvaluationFailed> {
    match piece {
        Piece::Constant(value) => print(value, "a constant"),
        Piece::Name(path) => print(bound(path, names)?, &path.join(".")),
        // The value that was looked at is the one that is printed: to ask for it twice doubles with every `default` inside.
        Piece::Filter(inner, Filter::Default(instead)) => match value(inner, names)? {
            Cow::Borrowed(Value::Absent) | Cow::Owned(Value::Absent) => printed(instead, names),
            Cow::Borrowed(value) => print(value, "a value"),
            Cow::Owned(value) => print(&value, "a value").map(|text| Cow::Owned(text.into_owned())),
        },
        Piece::Filter(inner, filter) => {
            let text = printed(inner, names)?;
            Ok(match filter {
                Filter::Pad(width) => Cow::Owned(filters::pad(&text, *width)),
                Filter::Upper => Cow::Owned(text.to_uppercase()),
                Filter::Lower => Cow::Owned(text.to_lowercase()),
                Filter::Trim => Cow::Owned(text.trim().to_owned()),
                Filter::Truncate(length) => Cow::Owned(filters::truncate(&text, *length)),
                Filter::Default(_) => text,
            })
        }
        Piece::If(branches) => printed(if holds(&branches.0, names)? { &branches.1 } else { &branches.2 }, names),
        Piece::Joined(sides) => Ok(Cow::Owned(format!("{}{}", printed(&sides.0, names)?, printed(&sides.1, names)?))),
    }
}

/// The value of a piece that a test or `default` looks at.
fn value<'n>(piece: &'n Piece, names: &'n Bindings) -> Result<Cow<'n, Value>, EvaluationFailed> {
    match piece {
        Piece::Constant(value) => Ok(Cow::Borrowed(value)),
        Piece::Name(path) => bound(path, names).map(Cow::Borrowed),
        _ => Ok(Cow::Owned(Value::text(&printed(piece, names)?))),
    }
}

fn bound<'n>(path: &[String], names: &'n Bindings) -> Result<&'n Value, EvaluationFailed> {
    names.at(path).ok_or_else(|| EvaluationFailed::new(format!("`{}` has no value here", path.join("."))))
}

fn print<'n>(value: &'n Value, name: &str) -> Result<Cow<'n, str>, EvaluationFailed> {
    match value {
        Value::Text(letters) => Ok(Cow::Borrowed(letters)),
        Value::Integer(number) => Ok(Cow::Owned(number.to_string())),
        Value::Decimal(number) => Ok(Cow::Owned(number.to_string())),
        Value::Truth(truth) => Ok(Cow::Owned(truth.to_string())),
        Value::Date(date) => Ok(Cow::Owned(date.to_string())),
        Value::Absent => {
            Err(EvaluationFailed::new(format!("`{name}` is empty here; `| default('…')` gives a text instead")))
        }
        Value::Record(_) | Value::List(_) => {
            Err(EvaluationFailed::new(format!("`{name}` is {} and cannot be printed", value.noun())))
        }
    }
}

fn holds(test: &Test, names: &Bindings) -> Result<bool, EvaluationFailed> {
    match test {
        Test::Equal(left, right) => Ok(same(&*value(left, names)?, &*value(right, names)?)),
        Test::Unequal(left, right) => Ok(!same(&*value(left, names)?, &*value(right, names)?)),
        Test::Not(inner) => Ok(!holds(inner, names)?),
        Test::All(sides) => Ok(holds(&sides.0, names)? && holds(&sides.1, names)?),
        Test::Any(sides) => Ok(holds(&sides.0, names)? || holds(&sides.1, names)?),
        Test::Holds(piece) => Ok(match &*value(piece, names)? {
            Value::Absent => false,
            Value::Truth(truth) => *truth,
            Value::Text(letters) => !letters.is_empty(),
            Value::Integer(_) | Value::Decimal(_) | Value::Date(_) | Value::Record(_) | Value::List(_) => true,
        }),
    }
}

/// Nothing known equals nothing, as in expressions. A date equals its ISO text.
fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Absent, _) | (_, Value::Absent) => false,
        (Value::Date(date), Value::Text(letters)) | (Value::Text(letters), Value::Date(date)) => {
            date.to_string() == **letters
        }
        _ => match (left.number(), right.number()) {
            (Some(left), Some(right)) => left == right,
            _ => left == right,
        },
    }
}

/// See [`super::Template::widest`].
pub fn widest(parts: &[Part], width: &dyn Fn(&str) -> Option<usize>) -> usize {
    parts
        .iter()
        .map(|part| match part {
            Part::Literal(letters) => letters.chars().count(),
            Part::Hole(piece) => piece_width(piece, width),
        })
        .sum()
}

fn piece_width(piece: &Piece, width: &dyn Fn(&str) -> Option<usize>) -> usize {
    match piece {
        Piece::Constant(value) => print(value, "").map_or(0, |text| text.chars().count()),
        Piece::Name(path) => width(&path.join(".")).unwrap_or(0),
        Piece::Filter(inner, filter) => {
            let inner = piece_width(inner, width);
            match filter {
                Filter::Pad(width) => inner.max(*width),
                Filter::Truncate(length) => inner.min(*length),
                Filter::Default(instead) => inner.max(piece_width(instead, width)),
                Filter::Upper | Filter::Lower | Filter::Trim => inner,
            }
        }
        Piece::If(branches) => piece_width(&branches.1, width).max(piece_width(&branches.2, width)),
        Piece::Joined(sides) => piece_width(&sides.0, width) + piece_width(&sides.1, width),
    }
}

/// See [`super::Template::literals`].
pub fn literals(parts: &[Part]) -> Vec<&str> {
    let mut found = Vec::new();
    for part in parts {
        match part {
            Part::Literal(letters) => found.push(letters.as_str()),
            Part::Hole(piece) => piece_literals(piece, &mut found),
        }
    }
    found
}

fn piece_literals<'p>(piece: &'p Piece, found: &mut Vec<&'p str>) {
    match piece {
        Piece::Constant(Value::Text(letters)) => found.push(letters),
        Piece::Constant(_) | Piece::Name(_) => {}
        Piece::Filter(inner, filter) => {
            piece_literals(inner, found);
            if let Filter::Default(instead) = filter {
                piece_literals(instead, found);
            }
        }
        Piece::If(branches) => {
            piece_literals(&branches.1, found);
            piece_literals(&branches.2, found);
        }
        Piece::Joined(sides) => {
            piece_literals(&sides.0, found);
            piece_literals(&sides.1, found);
        }
    }
}

/// See [`super::Template::outcomes`].
pub fn outcomes(parts: &[Part]) -> Option<Vec<&str>> {
    match parts {
        [] => Some(vec![""]),
        [Part::Literal(letters)] => Some(vec![letters]),
        [Part::Hole(piece)] => piece_outcomes(piece),
        _ => None,
    }
}

fn piece_outcomes(piece: &Piece) -> Option<Vec<&str>> {
    match piece {
        Piece::Constant(Value::Text(letters)) => Some(vec![letters]),
        Piece::If(branches) => {
            let mut found = piece_outcomes(&branches.1)?;
            found.extend(piece_outcomes(&branches.2)?);
            Some(found)
        }
        _ => None,
    }
}
