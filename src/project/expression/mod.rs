//! Conditions and amounts: Rhai over exact decimals, compiled and checked at load.
//!
//! Rhai parses every expression ([`engine`]); [`check`] walks its tree and knows every name, type and function before
//! any data is there. A plain expression (names, literals, comparisons, logic, arithmetic and our own functions) is
//! then lowered into [`native`] terms, because a plan asks `keep` for every person; anything richer, and every script
//! file, runs in Rhai under an operation budget. Both give the same answers: a test compares them.

mod chain;
mod check;
pub(super) mod disjoint;
mod engine;
mod functions;
mod native;
mod steps;
mod vacuous;

pub use steps::{Step, shown};

use super::finding::Problem;
use super::value::{Bindings, Names, Value};
use native::Term;
use rust_decimal::Decimal;

/// A compiled expression, from a pipeline's YAML or a script file.
#[derive(Debug)]
pub struct Expression {
    source: String,
    names: Vec<String>,
    body: Body,
}

#[derive(Debug)]
enum Body {
    Native(Term),
    Rhai { tree: rhai::AST, roots: Vec<String> },
}

/// What an expression has to yield.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    Truth,
    Number,
    Anything,
}

/// Why an expression gave no usable answer. Never holds a value of the person it was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct EvaluationFailed {
    pub message: String,
}

impl EvaluationFailed {
    pub(crate) fn new(message: impl Into<String>) -> EvaluationFailed {
        EvaluationFailed { message: message.into() }
    }
}

impl Expression {
    /// Compiles one expression that may read `names` and has to yield what is `wanted`.
    ///
    /// # Errors
    /// Everything that is wrong with it, placed inside `text`.
    pub fn compile(text: &str, names: &Names, wanted: Wanted) -> Result<Expression, Vec<Problem>> {
        let tree = engine::parse_expression(text)?;
        let read = check::expression(&tree, text, names, wanted)?;
        let body = match native::lower(&tree, names) {
            Some(term) => Body::Native(term),
            None => Body::Rhai { tree, roots: read.roots },
        };
        Ok(Expression { source: text.to_owned(), names: read.paths, body })
    }

    /// Compiles a whole script file: statements, functions and a last value.
    ///
    /// # Errors
    /// Everything that is wrong with it, placed inside `text`.
    pub fn compile_script(text: &str, names: &Names) -> Result<Expression, Vec<Problem>> {
        let tree = engine::parse_script(text)?;
        let read = check::script(&tree, names)?;
        Ok(Expression { source: text.to_owned(), names: read.paths, body: Body::Rhai { tree, roots: read.roots } })
    }

    /// The expression as the project writes it.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The names it reads, each with its dotted path (`segment.first_day`), in order of appearance, once each.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Whether it holds.
    ///
    /// # Errors
    /// When it yields no truth value, or its budget ends.
    pub fn holds(&self, names: &Bindings) -> Result<bool, EvaluationFailed> {
        match self.value(names)? {
            Value::Truth(truth) => Ok(truth),
            other => Err(self.unusable("true or false", &other)),
        }
    }

    /// The decimal it yields (an integer becomes one).
    ///
    /// # Errors
    /// When it yields no number, or its budget ends.
    pub fn amount(&self, names: &Bindings) -> Result<Decimal, EvaluationFailed> {
        let value = self.value(names)?;
        value.number().ok_or_else(|| self.unusable("a number", &value))
    }

    /// Whatever it yields: `true` or `()` = fine, `false` = not, a text or a list of texts = the reasons.
    ///
    /// # Errors
    /// When its budget ends or it fails.
    pub fn value(&self, names: &Bindings) -> Result<Value, EvaluationFailed> {
        match &self.body {
            Body::Native(term) => term.value(names),
            Body::Rhai { tree, roots } => engine::run(tree, roots, names),
        }
    }

    fn unusable(&self, wanted: &str, got: &Value) -> EvaluationFailed {
        EvaluationFailed::new(format!("`{}` yields {} where {wanted} is wanted", self.source.trim(), got.noun()))
    }

    /// Every part with what it yields for these names; just the whole of what is richer than one plain expression.
    pub fn steps(&self, names: &Bindings) -> Vec<Step> {
        match &self.body {
            Body::Native(term) => steps::steps(term, names),
            Body::Rhai { .. } => {
                let yields = self.value(names).map(|value| shown(&value)).map_err(|failed| failed.to_string());
                vec![Step { depth: 0, part: self.source.trim().to_owned(), yields }]
            }
        }
    }

    /// `Some(true)` when it holds for everybody, `Some(false)` when for nobody; only what is certain counts.
    pub(super) fn decides_nothing(&self) -> Option<bool> {
        match &self.body {
            Body::Native(term) => vacuous::decides_nothing(term),
            Body::Rhai { .. } => None,
        }
    }

    /// A share of more than the whole, where one stands.
    pub(super) fn share_over_one(&self) -> Option<String> {
        match &self.body {
            Body::Native(term) => vacuous::share_over_one(term),
            Body::Rhai { .. } => None,
        }
    }

    /// Every text that a name is compared with: `(name, text)`.
    pub(super) fn compared_texts(&self) -> Vec<(String, String)> {
        match &self.body {
            Body::Native(term) => vacuous::compared_texts(term),
            Body::Rhai { .. } => Vec::new(),
        }
    }

    /// Whether no person can satisfy both conditions; only what is certain counts.
    pub(super) fn excludes(&self, other: &Expression) -> bool {
        match (&self.body, &other.body) {
            (Body::Native(one), Body::Native(two)) => disjoint::never_both(one, two),
            _ => false,
        }
    }
}

#[cfg(test)]
mod law;
#[cfg(test)]
mod tests;
