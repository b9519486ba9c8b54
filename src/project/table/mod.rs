//! Look-up tables: keys and effective dates to a code. `*` is any; the most specific row wins.
//!
//! A file becomes a [`sheet`] of text cells (CSV, XLSX or YAML). A pipeline says which columns are keys; for these the
//! rows are checked ([`check`]) and indexed ([`index`]), so that a look-up has at most one answer a day and costs one
//! hash per pattern of stars, however long the table is.

pub(super) mod check;
pub(super) mod csv;
pub(super) mod excel;
mod index;
mod once;
pub mod sheet;
mod stars;
mod trace;
pub(super) mod yaml;

pub use trace::{Candidate, Verdict};

use super::finding::certainly;
use index::Index;
use jiff::civil::Date;
use once::Once;
use rustc_hash::{FxHashMap, FxHashSet};

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
    /// Of each value column. Every pipeline that reads the table asks the same.
    columns: Vec<Once<Answers>>,
    /// Of each key column: the hash of its keys, whatever the case of their letters, and the rows.
    folded: Vec<Once<FxHashMap<u64, Vec<u32>>>>,
}

/// What a value column can answer.
#[derive(Debug)]
struct Answers {
    /// Characters of the longest value.
    widest: usize,
    /// The first row of each distinct value, in the order of the file.
    distinct: Vec<u32>,
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

    /// Where no row answers on `day`: the last day on which none does; `None` for ever.
    pub fn silent_until(&self, keys: &[&str], day: Date) -> Option<Date> {
        self.index.next_begin(&self.rows, keys, day, self.matching).and_then(|begins| begins.yesterday().ok())
    }

    /// The longest value of `column`, in characters: what a template that prints it has to leave room for.
    pub fn widest(&self, column: &str) -> usize {
        self.answers(column).map_or(0, |(_, answers)| answers.widest)
    }

    /// Every row's number with its keys, in the order of the file.
    pub fn row_names(&self) -> Vec<(u32, String)> {
        let keys = |row: &Row| row.keys.iter().map(|key| key.as_deref().unwrap_or("*")).collect::<Vec<_>>().join(", ");
        self.rows.iter().map(|row| (row.number, keys(row))).collect()
    }

    /// A key of this column that is `text` but for the case of its letters, when `text` itself is none.
    pub fn key_but_for_case(&self, column: &str, text: &str) -> Option<&str> {
        let at = self.key_columns.iter().position(|known| known == column)?;
        if self.matching.ignore_case {
            return None;
        }
        fn key(row: &Row, at: usize) -> Option<&str> {
            row.keys.get(at)?.as_deref()
        }
        let folded = self.folded.get(at)?.get(|| {
            let mut folded: FxHashMap<u64, Vec<u32>> = FxHashMap::default();
            for (row, key) in self.rows.iter().enumerate().filter_map(|(row, of)| Some((row, key(of, at)?))) {
                folded.entry(index::folded_hash(key)).or_default().push(u32::try_from(row).unwrap_or(u32::MAX));
            }
            folded
        });
        let rows = folded.get(&index::folded_hash(text)).into_iter().flatten();
        let mut alike = rows.filter_map(|row| key(self.rows.get(*row as usize)?, at));
        let first = alike.clone().find(|key| key.to_lowercase() == text.to_lowercase());
        if alike.any(|key| key == text) { None } else { first }
    }

    /// The key of this column that `text` certainly is, where it is none; not looked for among thousands of them.
    pub fn key_near(&self, column: &str, text: &str) -> Option<&str> {
        const LOOKED_AT: usize = 5_000;
        let at = self.key_columns.iter().position(|known| known == column)?;
        if self.matching.ignore_case || self.rows.len() > LOOKED_AT {
            return None;
        }
        let keys: Vec<&str> = self.rows.iter().filter_map(|row| row.keys.get(at)?.as_deref()).collect();
        if keys.contains(&text) { None } else { certainly(text, keys) }
    }

    /// Every distinct value of `column`, in the order of the file.
    pub fn values(&self, column: &str) -> impl ExactSizeIterator<Item = &str> + Clone {
        let (column, distinct) =
            self.answers(column).map_or((0, &[][..]), |(column, answers)| (column, answers.distinct.as_slice()));
        distinct.iter().map(move |row| &*self.rows[*row as usize].values[column])
    }

    /// The position of a value column, and what it can answer.
    fn answers(&self, column: &str) -> Option<(usize, &Answers)> {
        let at = self.value_columns.iter().position(|known| known == column)?;
        let answers = self.columns.get(at)?.get(|| {
            let mut seen = FxHashSet::default();
            let mut answers = Answers { widest: 0, distinct: Vec::new() };
            for (row, value) in self.rows.iter().enumerate().filter_map(|(row, of)| Some((row, of.values.get(at)?))) {
                if seen.insert(&**value) {
                    answers.widest = answers.widest.max(value.chars().count());
                    answers.distinct.push(u32::try_from(row).unwrap_or(u32::MAX));
                }
            }
            answers
        });
        Some((at, answers))
    }
}

#[cfg(test)]
mod tests;
