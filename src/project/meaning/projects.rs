//! `pay.hourly.projects`: where the hours of a project of BambooHR's are booked, and as what.

use super::Page;
use super::look_ups::sheet_of;
use super::tables::Tables;
use crate::project::finding::{Finding, quoted_list};
use crate::project::pipeline::{EarningHow, EarningRule, Projects};
use crate::project::shape::pipeline as shape;
use crate::project::table::sheet::{Sheet, VALID_FROM, VALID_TO};

const KEYS: [&str; 2] = ["project", "task"];
const ANSWERS: [&str; 3] = ["department", "location", "earning"];

/// Compiles `projects`. `None` after an error.
pub fn projects(
    raw: &shape::Projects,
    earnings: Option<&[EarningRule]>,
    tables: &mut Tables,
    page: &mut Page<'_>,
) -> Option<Projects> {
    let name = raw.r#in.as_ref()?;
    let sheet = sheet_of(name, &["project", "department"], tables, page)?;
    let positions =
        |columns: &[&str]| -> Vec<usize> { columns.iter().filter_map(|column| sheet.column(column)).collect() };
    let keys = positions(&KEYS);
    if sheet.column("project").is_none() || positions(&ANSWERS).is_empty() {
        let message =
            format!("the table `{}` needs a column `project` and one of {}", sheet.name, quoted_list(&ANSWERS));
        page.error("missing-column", name, message, Some("for example `project,department`".to_owned()));
        return None;
    }
    let before = page.findings.len();
    let known = [&KEYS[..], &ANSWERS, &[VALID_FROM, VALID_TO, "about"]].concat();
    for (at, column) in sheet.columns.iter().enumerate().filter(|(_, column)| !known.contains(&column.as_str())) {
        let finding =
            Finding::error("unread-column", sheet.header_place(at), format!("the column `{column}` is not read"));
        page.report(finding.help(format!("there is: {}", quoted_list(&known))));
    }
    // Broken earnings have been reported; any code may be theirs.
    if let (Some(column), Some(earnings)) = (sheet.column("earning"), earnings) {
        earnings_are_known(&sheet, column, earnings, page);
    }
    let table = tables.table(&sheet, &keys, page.findings)?;
    (page.findings.len() == before).then_some(Projects {
        table,
        has_task: sheet.column("task").is_some(),
        holds: !matches!(raw.r#else, Some(shape::ProjectElse::Home)),
    })
}

/// A code that no earning names would hold the hours of everybody in the project.
fn earnings_are_known(sheet: &Sheet, column: usize, earnings: &[EarningRule], page: &mut Page<'_>) {
    let codes: Vec<&str> = earnings
        .iter()
        .filter_map(|earning| match &earning.how {
            EarningHow::Hours { codes, .. } => Some(codes.iter().map(String::as_str)),
            EarningHow::Payments { .. } | EarningHow::Register { .. } => None,
        })
        .flatten()
        .collect();
    for (row, cells) in sheet.rows.iter().enumerate() {
        let cell = cells.cells[column].trim();
        if !cell.is_empty() && !codes.contains(&cell) {
            let message = format!("no earning has hours with the code `{cell}`");
            let finding = Finding::error("unknown-value", sheet.place(row, column), message);
            page.report(finding.help("name it under `pay.earnings`: `night: { hours: [Night], at: 1.25 }`"));
        }
    }
}
