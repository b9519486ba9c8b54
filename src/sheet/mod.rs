//! A spreadsheet that somebody exported, as rows of text cells: CSV, or the first sheet of an XLSX workbook.

mod workbook;

pub use workbook::first_sheet;

use calamine::Data;
use encoding_rs::{Encoding, UTF_8};
use std::path::Path;

/// A cell: its text, and whether a spreadsheet holds it as a number (which always has a decimal point).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// A date cell of a workbook is `YYYY-MM-DD`.
    pub text: String,
    pub kind: CellKind,
}

/// What a workbook says a cell is. In CSV everything is text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellKind {
    Text,
    Number,
    Date,
}

impl Cell {
    /// Text without blanks at its ends.
    pub fn text(&self) -> &str {
        self.text.trim()
    }

    pub fn is_number(&self) -> bool {
        self.kind == CellKind::Number
    }
}

/// How a CSV file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CsvForm {
    /// `None`: `;` where the header has one, else `,`.
    pub delimiter: Option<u8>,
    pub encoding: &'static Encoding,
}

impl Default for CsvForm {
    fn default() -> Self {
        CsvForm { delimiter: None, encoding: UTF_8 }
    }
}

/// A line number, from 1, and its cells.
pub type Line = (u64, Vec<Cell>);

/// The rows of a file, its header among them.
///
/// # Errors
/// Why it cannot be read, in words that follow the file's name.
pub fn rows(path: &Path, bytes: &[u8], form: &CsvForm) -> Result<Vec<Line>, String> {
    let is_workbook = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx"));
    if is_workbook { workbook(bytes) } else { csv_rows(bytes, form) }
}

fn csv_rows(bytes: &[u8], form: &CsvForm) -> Result<Vec<Line>, String> {
    // A byte-order mark says more than the settings do.
    let (text, used, broken) = form.encoding.decode(bytes);
    if broken {
        return Err(format!("it is not {}", used.name()));
    }
    let header = text.lines().next().unwrap_or_default();
    let delimiter = form.delimiter.unwrap_or(if header.contains(';') { b';' } else { b',' });
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    reader
        .records()
        .map(|record| {
            let record = record.map_err(|error| error.to_string())?;
            let line = record.position().map_or(0, csv::Position::line);
            Ok((line, record.iter().map(|cell| Cell { text: cell.to_owned(), kind: CellKind::Text }).collect()))
        })
        .collect()
}

fn workbook(bytes: &[u8]) -> Result<Vec<Line>, String> {
    let range = first_sheet(bytes)?;
    let first = u64::from(range.start().map_or(0, |(row, _)| row)) + 1;
    Ok(range.rows().zip(first..).map(|(cells, line)| (line, cells.iter().map(cell).collect())).collect())
}

fn cell(data: &Data) -> Cell {
    match data {
        Data::DateTime(moment) if moment.is_datetime() => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            Cell { text: format!("{year:04}-{month:02}-{day:02}"), kind: CellKind::Date }
        }
        Data::DateTimeIso(text) => {
            Cell { text: text.split('T').next().unwrap_or_default().to_owned(), kind: CellKind::Date }
        }
        // A float's own text is the shortest decimal that is this float: what was typed, up to 15 digits.
        Data::Int(_) | Data::Float(_) => Cell { text: data.to_string(), kind: CellKind::Number },
        other => Cell { text: other.to_string(), kind: CellKind::Text },
    }
}
