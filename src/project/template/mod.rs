//! Text with holes: minijinja, strict about names, fuelled, compiled and checked at load.
//!
//! minijinja's own parser gives the tree; [`check`] walks it and knows every name. The usual template (texts, names,
//! filters, one `if`) is lowered into [`parts`] of our own, because a record template is rendered for every person;
//! anything richer is minijinja's to run.

mod check;
mod filters;
mod parts;
mod rich;

use super::expression::EvaluationFailed;
use super::finding::Problem;
use super::value::{Bindings, Names};
use parts::Part;

/// A compiled template.
#[derive(Debug)]
pub struct Template {
    source: String,
    names: Vec<String>,
    body: Body,
}

#[derive(Debug)]
enum Body {
    Parts(Vec<Part>),
    Rich(Box<rich::Rich>),
}

impl Template {
    /// Compiles a template that may read `names`.
    ///
    /// # Errors
    /// Everything that is wrong with it, placed inside `text`.
    pub fn compile(text: &str, names: &Names) -> Result<Template, Vec<Problem>> {
        let checked = check::check(text, names)?;
        let body = match checked.parts {
            Some(parts) => Body::Parts(parts),
            None => Body::Rich(Box::new(rich::Rich::compile(text)?)),
        };
        Ok(Template { source: text.to_owned(), names: checked.names, body })
    }

    /// The template as the project writes it.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The names it reads, dotted (`period.code`), once each.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The text for these names. A template without holes costs one copy.
    ///
    /// # Errors
    /// When a name is absent or the fuel ends.
    pub fn render(&self, names: &Bindings) -> Result<String, EvaluationFailed> {
        match &self.body {
            Body::Parts(parts) => parts::render(parts, names),
            Body::Rich(rich) => rich.render(names),
        }
    }

    /// The most characters it can yield, as far as that is known: a name counts with `width(name)`.
    /// A part of unknown length counts as nothing, so the result never accuses wrongly.
    pub fn widest(&self, width: &dyn Fn(&str) -> Option<usize>) -> usize {
        match &self.body {
            Body::Parts(parts) => parts::widest(parts, width),
            Body::Rich(_) => 0,
        }
    }

    /// Every literal piece of text in it.
    pub fn literals(&self) -> Vec<&str> {
        match &self.body {
            Body::Parts(parts) => parts::literals(parts),
            Body::Rich(_) => Vec::new(),
        }
    }

    /// Every text it can yield, when it can only yield written ones (`{{ 'active' if … else 'inactive' }}`).
    pub fn outcomes(&self) -> Option<Vec<&str>> {
        match &self.body {
            Body::Parts(parts) => parts::outcomes(parts),
            Body::Rich(_) => None,
        }
    }
}

#[cfg(test)]
mod tests;
