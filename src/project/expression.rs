//! Conditions and amounts: Rhai over exact decimals, compiled and checked at load.

use super::value::{Bindings, Value};
use rust_decimal::Decimal;

/// A compiled expression, from a pipeline's YAML or a script file.
#[derive(Debug)]
pub struct Expression {
    // H1 owns the inside
}

/// Why an expression gave no usable answer. Never holds a value of the person it was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct EvaluationFailed {
    pub message: String,
}

impl Expression {
    /// The expression as the project writes it.
    pub fn source(&self) -> &str {
        todo!()
    }

    /// The names it reads, each with its dotted path (`segment.first_day`), in order of appearance, once each.
    pub fn names(&self) -> &[String] {
        todo!()
    }

    /// Whether it holds.
    ///
    /// # Errors
    /// When it yields no truth value, or its budget ends.
    pub fn holds(&self, _names: &Bindings) -> Result<bool, EvaluationFailed> {
        todo!()
    }

    /// The decimal it yields (an integer becomes one).
    ///
    /// # Errors
    /// When it yields no number, or its budget ends.
    pub fn amount(&self, _names: &Bindings) -> Result<Decimal, EvaluationFailed> {
        todo!()
    }

    /// Whatever it yields: `true` or `()` = fine, `false` = not, a text or a list of texts = the reasons.
    ///
    /// # Errors
    /// When its budget ends or it fails.
    pub fn value(&self, _names: &Bindings) -> Result<Value, EvaluationFailed> {
        todo!()
    }
}
