//! Look-up tables: keys and effective dates to a code. `*` is any; the most specific row wins.
//!
//! A file becomes a [`sheet`] of text cells (CSV, XLSX or YAML). A pipeline says which columns are keys; for these the
//! rows are checked ([`check`]) and indexed ([`index`]), so that a look-up has at most one answer a day and costs one
//! hash per pattern of stars, however long the table is.

pub(super) mod check;
pub(super) mod csv;
pub(super) mod excel;
mod index;
pub mod sheet;
mod stars;
pub(super) mod yaml;

use index::Index;
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::sync::OnceLock;

/// A loaded table. Loading refused overlaps, duplicates and star ambiguity, so that a look-up has at most one answer a
/// day; gaps between rows are warnings.
#[derive(Debug)]
pub struct Table {
    name: String,
    file: String,
    key_columns: Vec<String>,
    value_columns: Vec<String>,
    rows: Vec<Row>,
    index: Index,
    matching: Matching,
    /// What is asked of the value columns, by position; worked out once, however many pipelines ask.
    summaries: Vec<OnceLock<Summary>>,
}

/// What the cells of a value column are, all together.
#[derive(Debug)]
struct Summary {
    /// Characters of the longest.
    widest: usize,
    /// The rows in which a value stands for the first time.
    first: Vec<u32>,
}

/// How cells are compared with what people write in BambooHR.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Matching {
    /// Blanks at both ends do not count.
    pub trim: bool,
    pub ignore_case: bool,
}

/// One row: its keys in the order of the key columns (`None` = `*`), its values in the order of the value columns.
#[derive(Clone, Debug)]
struct Row {
    /// As a person counts it: the header is row 1.
    number: u32,
    keys: Vec<Option<Box<str>>>,
    values: Vec<Box<str>>,
    from: Option<Date>,
    to: Option<Date>,
}

impl Row {
    fn covers(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }

    /// Keys that are not `*`.
    fn specificity(&self) -> usize {
        self.keys.iter().flatten().count()
    }
}

/// A look-up's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer<'t> {
    /// Row number in the file as a person counts it (the header is row 1), for lineage and messages.
    pub row: u32,
    pub value: &'t str,
    /// The last day on which the same keys get this same row; `None` = for ever. Accounts for more specific rows that
    /// begin later.
    pub until: Option<Date>,
}

impl Table {
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The table's file, relative to the project folder.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Columns that are keys, in file order.
    pub fn key_columns(&self) -> &[String] {
        &self.key_columns
    }

    /// The value of `column` for `keys` (in the order of [`Table::key_columns`]) on `day`; `None` when no row matches.
    pub fn look_up(&self, keys: &[&str], day: Date, column: &str) -> Option<Answer<'_>> {
        let column = self.value_columns.iter().position(|known| known == column)?;
        let (row, until) = self.index.find(&self.rows, keys, day, self.matching)?;
        Some(Answer { row: row.number, value: row.values.get(column)?, until })
    }

    /// The longest value of `column`, in characters: what a template that prints it has to leave room for.
    pub fn widest(&self, column: &str) -> usize {
        self.summary(column).map_or(0, |(_, summary)| summary.widest)
    }

    fn summary(&self, column: &str) -> Option<(usize, &Summary)> {
        let column = self.value_columns.iter().position(|known| known == column)?;
        let summary = self.summaries.get(column)?.get_or_init(|| {
            let cells = || self.rows.iter().map(|row| row.values.get(column).map_or("", |value| value));
            let mut seen = BTreeSet::new();
            let first = (0..).zip(cells()).filter(|(_, value)| seen.insert(*value)).map(|(row, _)| row).collect();
            Summary { widest: cells().map(|value| value.chars().count()).max().unwrap_or(0), first }
        });
        Some((column, summary))
    }

    /// A key of this column that is `text` but for the case of its letters, when `text` itself is none.
    pub fn key_but_for_case(&self, column: &str, text: &str) -> Option<&str> {
        let at = self.key_columns.iter().position(|known| known == column)?;
        let keys = || self.rows.iter().filter_map(|row| row.keys.get(at)?.as_deref());
        if self.matching.ignore_case || keys().any(|key| key == text) {
            return None;
        }
        keys().find(|key| key.to_lowercase() == text.to_lowercase())
    }

    /// Every distinct value of `column`, in the order of the file.
    pub fn values(&self, column: &str) -> Vec<&str> {
        let Some((column, summary)) = self.summary(column) else { return Vec::new() };
        let cell = |row: &u32| self.rows.get(*row as usize)?.values.get(column).map(|value| &**value);
        summary.first.iter().filter_map(cell).collect()
    }
}

#[cfg(test)]
mod tests;
