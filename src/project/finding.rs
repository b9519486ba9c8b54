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

impl Place {
    /// The start of a file: the place of a mistake that is about the file as a whole.
    pub fn file(file: &Arc<str>) -> Place {
        Place { file: Arc::clone(file), line: 1, column: 1, length: 0 }
    }
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

impl fmt::Display for Severity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        })
    }
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
    /// What `lint --fix` writes, where there is only one thing that can be meant.
    pub fix: Option<Fix>,
}

/// A certain mend. The text it replaces had no meaning (nothing is called so), so no meaning is changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fix {
    /// Other characters at this place, which stands on one line.
    Replace { place: Place, with: String },
    /// The line of this place is taken out: it is there twice.
    RemoveLine { place: Place },
}

impl Finding {
    /// A finding that keeps the project from loading.
    pub fn error(code: &'static str, place: Place, message: impl Into<String>) -> Finding {
        Finding {
            code,
            severity: Severity::Error,
            message: message.into(),
            place,
            related: Vec::new(),
            help: None,
            fix: None,
        }
    }

    /// A finding that lets the project load.
    pub fn warning(code: &'static str, place: Place, message: impl Into<String>) -> Finding {
        Finding { severity: Severity::Warning, ..Finding::error(code, place, message) }
    }

    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Finding {
        self.help = Some(help.into());
        self
    }

    /// The help where there is one to give.
    #[must_use]
    pub fn maybe_help(mut self, help: Option<String>) -> Finding {
        self.help = help.or(self.help);
        self
    }

    /// What to write at the finding's own place, where that is certain.
    #[must_use]
    pub fn write(mut self, with: Option<&str>) -> Finding {
        self.fix = with.map(|with| Fix::Replace { place: self.place.clone(), with: with.to_owned() });
        self
    }

    #[must_use]
    pub fn related(mut self, place: Place, label: impl Into<String>) -> Finding {
        self.related.push((place, label.into()));
        self
    }
}

/// A mistake inside one text (an expression, a template), before anybody knows where that text stands in a file.
/// Line and column count from 1, in characters of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub code: &'static str,
    pub message: String,
    pub line: u32,
    pub column: u32,
    pub length: u32,
    pub help: Option<String>,
    /// What is certainly meant instead of these characters.
    pub meant: Option<String>,
}

/// The option that `word` certainly is: one slip (or its case) away, and no other option is near.
pub fn certainly<'a>(word: &str, options: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    let mut near: Vec<(usize, &str)> = options
        .into_iter()
        .map(|option| (strsim::damerau_levenshtein(&lower, &option.to_lowercase()), option))
        .filter(|(distance, _)| *distance <= 2)
        .collect();
    near.sort_unstable();
    near.dedup();
    match near.as_slice() {
        // In `cost`, one letter is a quarter of the word: a short word may be another one.
        [(0, option)] => Some(option),
        [(distance, option)] if option.chars().count() > 3 * distance => Some(option),
        _ => None,
    }
}

/// The option that `word` most likely meant, when one is close enough.
pub fn closest<'a>(word: &str, options: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    options
        .into_iter()
        .map(|option| (strsim::damerau_levenshtein(&lower, &option.to_lowercase()), option))
        // One slip in a short word, a third of the letters in a long one: further away it is another word.
        .filter(|(distance, option)| *distance <= (option.chars().count().max(word.chars().count()) / 3).max(1))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, option)| option)
}

/// "did you mean `x`?", or else the list of what there is when it is short enough to read.
pub fn did_you_mean(word: &str, options: &[&str]) -> Option<String> {
    match closest(word, options.iter().copied()) {
        Some(option) => Some(format!("did you mean `{option}`?")),
        None if options.is_empty() => None,
        None if options.len() <= 24 => Some(format!("there is: {}", quoted_list(options))),
        None => None,
    }
}

/// `` `a`, `b`, `c` ``.
pub fn quoted_list(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mend_is_certain_only_when_nothing_else_is_near() {
        assert_eq!(certainly("departement", ["department", "location"]), Some("department"));
        assert_eq!(certainly("Keep", ["keep", "send"]), Some("keep"));
        assert_eq!(certainly("debit", ["debits", "debita"]), None, "two are near");
        assert_eq!(certainly("id", ["in", "location"]), None, "a short word may be another one");
        assert_eq!(certainly("burden", ["keep"]), None);
    }

    #[test]
    fn a_slip_finds_its_word_and_another_word_does_not() {
        let options = ["department", "location", "keep", "send"];
        assert_eq!(closest("departement", options), Some("department"));
        assert_eq!(closest("sned", options), Some("send"));
        assert_eq!(closest("Keep", options), Some("keep"));
        assert_eq!(closest("burden", options), None);
    }
}
