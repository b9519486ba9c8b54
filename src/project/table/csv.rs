//! CSV: a header row, then one row a line; commas, double quotes, any column order.

use super::Matching;
use super::once::Once;
use super::sheet::{Cells, Lines, Places, Sheet};
use crate::project::finding::{Finding, Place};
use std::sync::Arc;

/// Columns of one table. Each name is compared with all others.
pub const MOST_COLUMNS: usize = 500;

/// Reads the text of a CSV file (line ends already `\n`).
pub fn read(
    name: &str,
    file: &Arc<str>,
    text: &Arc<str>,
    matching: Matching,
    findings: &mut Vec<Finding>,
) -> Option<Sheet> {
    let mut reader = csv::ReaderBuilder::new().has_headers(true).flexible(true).from_reader(text.as_bytes());
    let header = match reader.headers() {
        Ok(header) => header.clone(),
        Err(error) => {
            findings.push(Finding::error(
                "table-unreadable",
                Place::file(file),
                format!("the table cannot be read: {error}"),
            ));
            return None;
        }
    };
    let columns: Vec<String> = header.iter().map(|column| column.trim().to_owned()).collect();
    if !header_is_sound(&columns, file, text, findings) {
        return None;
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(1, csv::Position::line);
                let place = Place { line: u32::try_from(line).unwrap_or(1), ..Place::file(file) };
                findings.push(Finding::error("table-unreadable", place, format!("this row cannot be read: {error}")));
                return None;
            }
        };
        let line = record.position().map_or(1, |position| u32::try_from(position.line()).unwrap_or(1));
        let number = u32::try_from(rows.len() + 2).unwrap_or(u32::MAX);
        if record.iter().all(|cell| cell.trim().is_empty()) {
            // A line of commas is what a spreadsheet leaves behind.
            continue;
        }
        if record.len() != columns.len() {
            let place = Place { line, ..Place::file(file) };
            let message = format!("this row has {} cells, the header has {}", record.len(), columns.len());
            findings.push(
                Finding::error("table-row-length", place, message)
                    .help("a comma inside a cell needs double quotes around the cell"),
            );
            continue;
        }
        rows.push(Cells { number, line, cells: record.iter().map(str::to_owned).collect() });
    }
    let (name, file) = (name.to_owned(), Arc::clone(file));
    Some(Sheet { name, file, columns, rows, matching, places: Places::Csv(Lines::new(text)), empty: Once::default() })
}

fn header_is_sound(columns: &[String], file: &Arc<str>, text: &str, findings: &mut Vec<Finding>) -> bool {
    let before = findings.len();
    let line = text.split('\n').next().unwrap_or_default();
    if let [only] = columns
        && only.contains(';')
    {
        findings.push(
            Finding::error("table-unreadable", Place::file(file), "the columns are separated by `;`, not by commas")
                .help("save the file as CSV with commas (in Excel: \"CSV UTF-8\")"),
        );
        return false;
    }
    if columns.len() > MOST_COLUMNS {
        let message = format!("this table has {} columns; at most {MOST_COLUMNS} are read", columns.len());
        findings.push(Finding::error("table-header", Place::file(file), message).help("is it the right file?"));
        return false;
    }
    for (position, column) in columns.iter().enumerate() {
        if column.is_empty() {
            let place = cell_place(file, line, 1, position);
            findings.push(Finding::error("table-header", place, format!("column {} has no name", position + 1)));
        } else if let Some(first) = columns.iter().take(position).position(|other| other == column) {
            findings.push(
                Finding::error(
                    "table-header",
                    cell_place(file, line, 1, position),
                    format!("two columns are called `{column}`"),
                )
                .related(cell_place(file, line, 1, first), "the first one"),
            );
        }
    }
    findings.len() == before
}

/// The place of a cell, found by walking its line: only asked for when there is something to say about it.
pub fn cell_place(file: &Arc<str>, row: &str, line: u32, column: usize) -> Place {
    let (mut at, mut start, mut quoted) = (0_usize, 0_usize, false);
    let mut end = None;
    for (position, letter) in row.chars().enumerate() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted && at == column => {
                end = Some(position);
                break;
            }
            ',' if !quoted => {
                at += 1;
                start = position + 1;
            }
            _ => {}
        }
    }
    let end = end.unwrap_or_else(|| row.chars().count());
    let (start, length) = if at == column { (start, end.saturating_sub(start)) } else { (0, 0) };
    let number = |count: usize| u32::try_from(count).unwrap_or(0);
    Place { file: Arc::clone(file), line, column: number(start + 1), length: number(length) }
}
