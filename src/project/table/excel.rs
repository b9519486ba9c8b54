//! XLSX: the first sheet, its first row the header. Codes have to be text cells: a number cell has already lost its
//! leading zeros, and nothing can give them back. Amounts and hours may be numbers, days may be dates.

use super::Matching;
use super::csv::MOST_COLUMNS;
use super::once::Once;
use super::sheet::{Cells, Places, Sheet, is_day, is_number};
use crate::project::finding::{Finding, Place};
use crate::sheet::first_sheet;
use calamine::{Data, DataType as _};
use std::sync::Arc;

/// Number cells reported one by one; a whole column of them is one mistake.
const SHOWN: usize = 3;

/// Reads the bytes of a workbook.
pub fn read(
    name: &str,
    file: &Arc<str>,
    bytes: &[u8],
    matching: Matching,
    findings: &mut Vec<Finding>,
) -> Option<Sheet> {
    let range = match first_sheet(bytes) {
        Ok(range) => range,
        Err(why) => {
            let message = format!("this table cannot be read: {why}");
            findings.push(Finding::error("table-unreadable", Place::file(file), message));
            return None;
        }
    };
    let (first_row, first_column) = range.start().unwrap_or((0, 0));
    let mut lines = range.rows();
    let Some(header) = lines.next() else {
        findings.push(Finding::error("empty-file", Place::file(file), "the first sheet is empty"));
        return None;
    };
    let columns: Vec<String> = header.iter().map(|cell| cell.to_string().trim().to_owned()).collect();
    if columns.len() > MOST_COLUMNS {
        let message = format!("this table has {} columns; at most {MOST_COLUMNS} are read", columns.len());
        findings.push(Finding::error("table-header", Place::file(file), message).help("is it the right file?"));
        return None;
    }
    if let Some(second) =
        (0..columns.len()).find(|at| !columns[*at].is_empty() && columns[..*at].contains(&columns[*at]))
    {
        let message = format!("two columns are called `{}`", columns[second]);
        findings.push(Finding::error("table-header", Place::file(file), message));
        return None;
    }
    let mut sheet = Sheet {
        name: name.to_owned(),
        file: Arc::clone(file),
        columns,
        rows: Vec::new(),
        matching,
        places: Places::Spreadsheet,
        empty: Once::default(),
    };
    let mut eaten: Vec<(Place, String)> = Vec::new();
    for (position, cells) in lines.enumerate() {
        let line = first_row + 2 + u32::try_from(position).unwrap_or(0);
        if cells.iter().all(Data::is_empty) {
            continue;
        }
        let mut texts = Vec::with_capacity(sheet.columns.len());
        for (column, cell) in cells.iter().enumerate() {
            let title = sheet.columns.get(column).map_or("", String::as_str);
            let place = Place {
                file: Arc::clone(file),
                line,
                column: first_column + 1 + u32::try_from(column).unwrap_or(0),
                length: 0,
            };
            texts.push(text(cell, place, title, &mut eaten));
        }
        sheet.rows.push(Cells { number: line, line, cells: texts });
    }
    report(&eaten, findings);
    Some(sheet)
}

fn text(cell: &Data, place: Place, column: &str, eaten: &mut Vec<(Place, String)>) -> String {
    match cell {
        Data::String(letters) => letters.clone(),
        Data::Empty => String::new(),
        // As the sheet shows it: a number with more digits than an amount has is refused where it is read.
        Data::Int(_) | Data::Float(_) if is_number(column) => cell.to_string(),
        Data::DateTimeIso(iso) if is_day(column) => iso.chars().take(10).collect(),
        Data::DateTime(moment) if is_day(column) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        other => {
            eaten.push((place, format!("column `{column}` holds the {} {other}, not a text", noun(other))));
            other.to_string()
        }
    }
}

fn noun(cell: &Data) -> &'static str {
    match cell {
        Data::Int(_) | Data::Float(_) => "number",
        Data::DateTime(_) | Data::DateTimeIso(_) | Data::DurationIso(_) => "date",
        Data::Bool(_) => "truth value",
        _ => "cell",
    }
}

fn report(eaten: &[(Place, String)], findings: &mut Vec<Finding>) {
    for (place, message) in eaten.iter().take(SHOWN) {
        let mut finding = Finding::error("excel-eaten-code", place.clone(), message.clone()).help(
            "Excel ate the leading zeros: format the column as Text and type the codes again, or save the sheet as CSV",
        );
        if eaten.len() > SHOWN && place == &eaten[SHOWN - 1].0 {
            finding.message.push_str(&format!(" (and {} more cells)", eaten.len() - SHOWN));
        }
        findings.push(finding);
    }
}
