//! Look-up tables: keys and effective dates to a code. `*` is any; the most specific row wins.

use jiff::civil::Date;

/// A loaded table. Loading refused overlaps, gaps within a key, duplicates and star ambiguity, so that a look-up has at most one answer a day.
#[derive(Debug)]
pub struct Table {
    // H1 owns the inside: name, file, key columns, value columns, rows, an index
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
        todo!()
    }

    /// The table's file, relative to the project folder.
    pub fn file(&self) -> &str {
        todo!()
    }

    /// Columns that are keys, in file order.
    pub fn key_columns(&self) -> &[String] {
        todo!()
    }

    /// The value of `column` for `keys` (in the order of [`Table::key_columns`]) on `day`; `None` when no row matches.
    pub fn look_up(&self, _keys: &[&str], _day: Date, _column: &str) -> Option<Answer<'_>> {
        todo!()
    }
}
