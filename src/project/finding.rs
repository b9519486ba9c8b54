//! One result of lint: somebody's text is wrong, and here is where and what to do.

use std::fmt;
use std::sync::Arc;

/// A place in one of the project's files. Line and column count from 1; the column counts characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// Path relative to the project folder, with `/`.
    pub file: Arc<str>,
    pub line: u32,
    pub column: u32,
    /// Characters from the column on that are meant; 0 = just the place.
    pub length: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// How bad a finding is: an error keeps the project from loading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    Error,
    Warning,
}

/// A mistake in a project, with its place and remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Stable, kebab-case, for example `unknown-key`; documented in docs/findings.md.
    pub code: &'static str,
    pub severity: Severity,
    /// One line that says what is wrong.
    pub message: String,
    pub place: Place,
    /// Other places that belong to it, each with a short label ("first set here").
    pub related: Vec<(Place, String)>,
    /// What to do.
    pub help: Option<String>,
}
