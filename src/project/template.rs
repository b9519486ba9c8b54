//! Text with holes: minijinja, strict about names, fuelled, compiled and checked at load.

use super::expression::EvaluationFailed;
use super::value::Bindings;

/// A compiled template.
#[derive(Debug)]
pub struct Template {
    // H1 owns the inside
}

impl Template {
    /// The template as the project writes it.
    pub fn source(&self) -> &str {
        todo!()
    }

    /// The names it reads, dotted (`period.code`), once each.
    pub fn names(&self) -> &[String] {
        todo!()
    }

    /// The text for these names. A template without holes costs one copy.
    ///
    /// # Errors
    /// When a name is absent or the fuel ends.
    pub fn render(&self, _names: &Bindings) -> Result<String, EvaluationFailed> {
        todo!()
    }
}
