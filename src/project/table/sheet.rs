//! A table file as text cells, before anybody knows which columns are keys.

use super::Matching;
use crate::project::finding::Place;
use std::sync::{Arc, OnceLock};

/// The columns that say from when to when a row holds, both days included.
pub const VALID_FROM: &str = "valid_from";
pub const VALID_TO: &str = "valid_to";

/// A table file, read. Every cell is text.
#[derive(Clone, Debug)]
pub struct Sheet {
    pub name: String,
    pub file: Arc<str>,
    pub columns: Vec<String>,
    pub rows: Vec<Cells>,
    pub matching: Matching,
    pub places: Places,
    /// Which columns have empty cells, by position; counted once, however many pipelines ask.
    pub(super) empty: OnceLock<Vec<bool>>,
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
    Csv(Arc<str>),
    /// A spreadsheet has no text: the row is the line, the column number the column.
    Spreadsheet,
    /// A YAML list: place of every cell, row by row.
    Yaml(Vec<Vec<Place>>),
}

impl Sheet {
    /// Position of a column.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }

    /// Whether a row has nothing in this column.
    pub fn has_empty_cells(&self, column: usize) -> bool {
        let empty = self.empty.get_or_init(|| {
            let is_empty = |column: usize| {
                self.rows.iter().any(|row| row.cells.get(column).is_none_or(|cell| cell.trim().is_empty()))
            };
            (0..self.columns.len()).map(is_empty).collect()
        });
        empty.get(column).copied().unwrap_or(true)
    }

    /// Where a cell stands. `row` is a position in [`Sheet::rows`].
    pub fn place(&self, row: usize, column: usize) -> Place {
        let line = self.rows.get(row).map_or(1, |row| row.line);
        match &self.places {
            Places::Csv(text) => super::csv::cell_place(&self.file, text, line, column),
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
            Places::Csv(text) => super::csv::cell_place(&self.file, text, 1, column),
            Places::Spreadsheet => Place { column: u32::try_from(column + 1).unwrap_or(1), ..Place::file(&self.file) },
            Places::Yaml(_) => self.place(0, column),
        }
    }
}
