//! A table as a YAML list of rows, each a mapping of column to text.

use super::Matching;
use super::sheet::{Cells, Places, Sheet};
use crate::project::finding::{Finding, Place};
use crate::project::shape::table::Rows;
use std::sync::{Arc, OnceLock};

/// Makes a sheet of the rows. The first row says which columns there are; a later row may leave some out.
pub fn read(
    name: &str,
    file: &Arc<str>,
    rows: &Rows,
    matching: Matching,
    findings: &mut Vec<Finding>,
) -> Option<Sheet> {
    let Some(first) = rows.0.first() else {
        findings.push(Finding::error("empty-file", Place::file(file), "this table has no rows"));
        return None;
    };
    let columns: Vec<String> = first.iter().map(|(column, _)| column.text.clone()).collect();
    let mut sheet_rows = Vec::with_capacity(rows.0.len());
    let mut places = Vec::with_capacity(rows.0.len());
    for (position, row) in rows.0.iter().enumerate() {
        let line = row.entries.first().map_or(1, |(column, _)| column.spot.line);
        let mut cells = vec![String::new(); columns.len()];
        let start = row.entries.first().map_or_else(|| Place::file(file), |(column, _)| column.place(file));
        let mut cell_places = vec![start; columns.len()];
        for (column, value) in row.iter() {
            match columns.iter().position(|known| *known == column.text) {
                Some(at) => {
                    cell_places[at] = value.0.as_ref().map_or_else(|| column.place(file), |text| text.place(file));
                    cells[at] = value.0.as_ref().map(|text| text.text.clone()).unwrap_or_default();
                }
                None => {
                    let message = format!("the first row has no column `{}`", column.text);
                    let known: Vec<&str> = columns.iter().map(String::as_str).collect();
                    let finding = Finding::error("table-header", column.place(file), message);
                    findings.push(finding.maybe_help(crate::project::finding::did_you_mean(&column.text, &known)));
                }
            }
        }
        let number = u32::try_from(position + 1).unwrap_or(u32::MAX);
        sheet_rows.push(Cells { number, line, cells });
        places.push(cell_places);
    }
    Some(Sheet {
        name: name.to_owned(),
        file: Arc::clone(file),
        columns,
        rows: sheet_rows,
        matching,
        places: Places::Yaml(places),
        empty: OnceLock::new(),
    })
}
