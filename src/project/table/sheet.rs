//! A table file as text cells, before anybody knows which columns are keys.

use super::Matching;
use super::once::Once;
use crate::project::finding::Place;
use std::sync::Arc;

/// The columns that say from when to when a row holds, both days included.
pub const VALID_FROM: &str = "valid_from";
pub const VALID_TO: &str = "valid_to";
/// Columns of hours, in the order of a week.
pub const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Whether a column of that name holds numbers: no codes, however many digits they have.
pub fn is_number(column: &str) -> bool {
    ["percent", "weight", "amount", "rate", "wages"].contains(&column) || WEEKDAYS.contains(&column)
}

/// Whether a column of that name holds days.
pub fn is_day(column: &str) -> bool {
    [VALID_FROM, VALID_TO, "date", "first_day", "last_day"].contains(&column)
}

/// A table file, read. Every cell is text.
#[derive(Clone, Debug)]
pub struct Sheet {
    pub name: String,
    pub file: Arc<str>,
    pub columns: Vec<String>,
    pub rows: Vec<Cells>,
    pub matching: Matching,
    pub places: Places,
    /// For each column the rows whose cell is empty. Every look-up of every pipeline asks.
    pub empty: Once<Vec<Vec<usize>>>,
}

/// One row's cells, as many as there are columns.
#[derive(Clone, Debug)]
pub struct Cells {
    /// As a person counts it: the header is row 1.
    pub number: u32,
    /// Line in the file (of a spreadsheet: its row).
    pub line: u32,
    pub cells: Vec<String>,
}

/// How a cell is found again in the file.
#[derive(Clone, Debug)]
pub enum Places {
    /// In the text of a CSV file.
    Csv(Lines),
    /// A spreadsheet has no text: the row is the line, the column number the column.
    Spreadsheet,
    /// A YAML list: place of every cell, row by row.
    Yaml(Vec<Vec<Place>>),
}

/// A text whose lines are found without walking it from the start again for each finding.
#[derive(Clone, Debug)]
pub struct Lines {
    text: Arc<str>,
    starts: Once<Vec<usize>>,
}

impl Lines {
    pub fn new(text: &Arc<str>) -> Lines {
        Lines { text: Arc::clone(text), starts: Once::default() }
    }

    /// The line of this number (from 1) without its end; empty when there is none.
    pub fn line(&self, number: u32) -> &str {
        let starts =
            self.starts.get(|| std::iter::once(0).chain(self.text.match_indices('\n').map(|(at, _)| at + 1)).collect());
        let Some(start) = starts.get((number as usize).saturating_sub(1)) else { return "" };
        self.text[*start..].split('\n').next().unwrap_or_default()
    }
}

impl Sheet {
    /// The rows whose cell in this column is empty or blank.
    pub fn empty_cells(&self, column: usize) -> &[usize] {
        let empty = self.empty.get(|| {
            let is_empty = |row: &Cells, column: usize| row.cells.get(column).is_none_or(|cell| cell.trim().is_empty());
            let rows = |column: usize| {
                self.rows.iter().enumerate().filter(|(_, row)| is_empty(row, column)).map(|(at, _)| at).collect()
            };
            (0..self.columns.len()).map(rows).collect()
        });
        empty.get(column).map_or(&[], Vec::as_slice)
    }

    /// Position of a column.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }

    /// Where a cell stands. `row` is a position in [`Sheet::rows`].
    pub fn place(&self, row: usize, column: usize) -> Place {
        let line = self.rows.get(row).map_or(1, |row| row.line);
        match &self.places {
            Places::Csv(lines) => super::csv::cell_place(&self.file, lines.line(line), line, column),
            Places::Spreadsheet => {
                Place { file: Arc::clone(&self.file), line, column: u32::try_from(column + 1).unwrap_or(1), length: 0 }
            }
            Places::Yaml(places) => {
                places.get(row).and_then(|cells| cells.get(column)).cloned().unwrap_or_else(|| Place::file(&self.file))
            }
        }
    }

    /// Where a whole row stands.
    pub fn row_place(&self, row: usize) -> Place {
        Place { length: 0, ..self.place(row, 0) }
    }

    /// Where the header names a column.
    pub fn header_place(&self, column: usize) -> Place {
        match &self.places {
            Places::Csv(lines) => super::csv::cell_place(&self.file, lines.line(1), 1, column),
            Places::Spreadsheet => Place { column: u32::try_from(column + 1).unwrap_or(1), ..Place::file(&self.file) },
            Places::Yaml(_) => self.place(0, column),
        }
    }
}
