//! Rows before they are typed: from CSV text, or from a story's YAML.

use rust_decimal::Decimal;
use std::fmt;

/// Something in a facts folder that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    pub file: String,
    /// Line from 1 (the header is 1); 0 = the file as a whole.
    pub line: u64,
    pub message: String,
    pub remedy: String,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(out, "{}: {}", self.file, self.message)?,
            line => write!(out, "{}:{line}: {}", self.file, self.message)?,
        }
        write!(out, "\n    → {}", self.remedy)
    }
}

/// One row of a fact file: cells in the order of its header.
#[derive(Clone, Debug)]
pub struct GivenRow {
    pub line: u64,
    pub cells: Vec<String>,
}

/// A fact file before it is typed.
#[derive(Clone, Debug)]
pub struct GivenFile {
    /// Without `.csv`.
    pub name: String,
    pub header: Vec<String>,
    pub rows: Vec<GivenRow>,
}

/// Splits CSV text. A byte-order mark and either line end are fine.
///
/// # Errors
/// Each row whose number of cells differs from the header's.
pub fn split(name: &str, text: &str) -> Result<GivenFile, Vec<Unreadable>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let unreadable = |line: u64, message: String| Unreadable {
        file: format!("{name}.csv"),
        line,
        message,
        remedy: "Write one cell for each column of the header; put text with commas in double quotes.".to_owned(),
    };
    let header: Vec<String> = match reader.headers() {
        Ok(header) => header.iter().map(|column| column.trim().to_owned()).collect(),
        Err(error) => return Err(vec![unreadable(1, error.to_string())]),
    };
    let (mut rows, mut errors) = (Vec::new(), Vec::new());
    for record in reader.records() {
        match record {
            Ok(record) => {
                let line = record.position().map_or(0, csv::Position::line);
                if record.len() == header.len() {
                    rows.push(GivenRow { line, cells: record.iter().map(str::to_owned).collect() });
                } else {
                    errors
                        .push(unreadable(line, format!("{} cells, but the header has {}", record.len(), header.len())));
                }
            }
            Err(error) => errors.push(unreadable(error.position().map_or(0, csv::Position::line), error.to_string())),
        }
    }
    if errors.is_empty() { Ok(GivenFile { name: name.to_owned(), header, rows }) } else { Err(errors) }
}

/// A plain decimal: digits, one point, a sign. No exponent, no thousands mark.
pub fn exact(text: &str) -> Option<Decimal> {
    let text = text.trim();
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = digits.bytes().all(|b| b.is_ascii_digit() || b == b'.') && digits.bytes().any(|b| b.is_ascii_digit());
    // `from_str_exact` refuses what 28 digits cannot hold instead of rounding it.
    if plain { Decimal::from_str_exact(text).ok() } else { None }
}
