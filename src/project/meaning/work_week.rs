//! `pay.work_week` and `salaried.holidays`: what tables say of when some people work.

use super::Page;
use super::calendar::hundredths;
use super::look_ups::{default_keys, needed_column, sheet_of};
use super::tables::Tables;
use crate::project::finding::{Finding, quoted_list};
use crate::project::pipeline::{HolidayTable, Holidays, LookUp, Week, WorkCalendar, WorkWeeks};
use crate::project::shape::Text;
use crate::project::shape::pipeline as shape;
use crate::project::table::sheet::{Sheet, VALID_FROM, VALID_TO, WEEKDAYS};
use crate::project::value::Names;
use std::collections::BTreeMap;

/// What these tables are compiled beside.
pub struct Given<'g> {
    pub names: &'g Names,
    pub look_ups: &'g [LookUp],
    pub tables: &'g mut Tables,
}

impl Given<'_> {
    /// These tables are asked before any look-up is.
    fn names(&self) -> Names {
        let is_look_up = |name: &String| self.look_ups.iter().any(|look_up| look_up.name == *name);
        Names(self.names.0.iter().filter(|(name, _)| !is_look_up(name)).map(|(n, k)| (n.clone(), k.clone())).collect())
    }
}

/// Compiles `work_week`. `None` after an error.
pub fn work_weeks(raw: &shape::WorkWeek, given: &mut Given<'_>, page: &mut Page<'_>) -> Option<WorkWeeks> {
    let name = raw.r#in.as_ref()?;
    let sheet = sheet_of(name, &WEEKDAYS, given.tables, page)?;
    let days = WEEKDAYS.map(|day| sheet.column(day));
    let hours: Vec<usize> = days.iter().flatten().copied().collect();
    let Some(first) = hours.first().copied() else {
        let message = format!("the table `{}` has no column of hours", sheet.name);
        page.error("missing-column", name, message, Some(format!("its columns are {}", quoted_list(&WEEKDAYS))));
        return None;
    };
    let (keys, key_names) = default_keys(name, &hours, (&[], false), &sheet, &given.names(), page)?;
    every_column_is_read(&sheet, &keys, &[&WEEKDAYS[..], &[VALID_FROM, VALID_TO, "about"]].concat(), page)?;
    let weeks: Vec<Option<Week>> = (0..sheet.rows.len()).map(|row| week(&sheet, &days, row, page)).collect();
    let weeks: Option<Vec<Week>> = weeks.into_iter().collect();
    let table = given.tables.table(&sheet, &keys, page.findings)?;
    let weeks: BTreeMap<u32, Week> = sheet.rows.iter().map(|row| row.number).zip(weeks?).collect();
    Some(WorkWeeks { table, keys: key_names, column: sheet.columns[first].clone(), weeks })
}

fn week(sheet: &Sheet, days: &[Option<usize>; 7], row: usize, page: &mut Page<'_>) -> Option<Week> {
    let mut week = [0; 7];
    for (hours, column) in week.iter_mut().zip(days) {
        let Some(column) = *column else { continue };
        let cell = sheet.rows[row].cells[column].trim();
        if cell.is_empty() {
            continue;
        }
        let Some(found) = hundredths(cell) else {
            let message = format!("`{cell}` is not a number of hours from 0 to 24");
            let finding = Finding::error("not-a-number", sheet.place(row, column), message);
            page.report(finding.help("at most two decimals, for example 7.5"));
            return None;
        };
        *hours = found;
    }
    if week.iter().all(|hours| *hours == 0) {
        let place = sheet.place(row, days.iter().flatten().next().copied().unwrap_or(0));
        let finding = Finding::error("missing-key", place, "a week without an hour pays nobody");
        page.report(finding.help("write the hours of a day, or remove the row"));
        return None;
    }
    Some(week)
}

/// The public holidays that count nothing, everybody's or some people's. `None` after an error. `written`: what asks for them.
pub fn holidays(work: &WorkCalendar, written: &Text, given: &mut Given<'_>, page: &mut Page<'_>) -> Option<Holidays> {
    let Some(name) = &work.holiday_table else {
        let help =
            "add `calendar: { holidays: { in: holidays } }` to project.yaml, with a table `date,name`".to_owned();
        page.error("missing-key", written, "this project names no holidays", Some(help));
        return None;
    };
    let named = Text { text: name.clone(), ..written.clone() };
    let sheet = sheet_of(&named, &[], given.tables, page)?;
    let own = ["date", "name", "about"];
    if sheet.columns.iter().all(|column| own.contains(&column.as_str())) {
        return Some(Holidays { days: work.holidays.clone(), whose: None });
    }
    needed_column("name", &named, &sheet, page)?;
    let at: Vec<usize> = own.iter().filter_map(|column| sheet.column(column)).collect();
    let (keys, key_names) = default_keys(&named, &at, (&[], false), &sheet, &given.names(), page)?;
    every_column_is_read(&sheet, &keys, &own, page)?;
    let keys: Vec<usize> = sheet.column("date").into_iter().chain(keys).collect();
    let table = given.tables.table(&sheet, &keys, page.findings)?;
    let mut days: Vec<_> = sheet
        .column("date")
        .into_iter()
        .flat_map(|date| sheet.rows.iter().filter_map(move |row| row.cells[date].trim().parse().ok()))
        .collect();
    days.sort();
    days.dedup();
    Some(Holidays { days, whose: Some(HolidayTable { table, keys: key_names, column: "name".to_owned() }) })
}

/// A column that says whose a row is, and is not read, would make it everybody's.
fn every_column_is_read(sheet: &Sheet, keys: &[usize], own: &[&str], page: &mut Page<'_>) -> Option<()> {
    let unread = |(at, column): (usize, &String)| !keys.contains(&at) && !own.contains(&column.as_str());
    let unread: Vec<usize> =
        sheet.columns.iter().enumerate().filter(|column| unread(*column)).map(|(at, _)| at).collect();
    for at in &unread {
        let message = format!("the column `{}` is not read", sheet.columns[*at]);
        let finding = Finding::error("unread-column", sheet.header_place(*at), message);
        page.report(finding.help("a key is a name of the pipeline that is no look-up; `about` is for people"));
    }
    unread.is_empty().then_some(())
}
