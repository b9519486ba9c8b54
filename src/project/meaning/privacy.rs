//! `privacy`: how few people a line may carry, and whose parent takes it up.

use super::Page;
use super::look_ups::{needed_column, sheet_of};
use super::tables::Tables;
use crate::project::finding::{Finding, quoted_list};
use crate::project::pipeline::{JournalRule, LookUp, Make, OnePer, PARENT, Parents, Privacy};
use crate::project::shape::pipeline as shape;
use crate::project::table::Table;
use crate::project::table::sheet::{Sheet, VALID_FROM, VALID_TO};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Compiles `privacy`. `None` after an error; `make` is `None` where it is broken itself.
pub fn privacy(
    raw: &shape::Privacy,
    make: Option<&Make>,
    look_ups: &[LookUp],
    tables: &mut Tables,
    page: &mut Page<'_>,
) -> Option<Privacy> {
    let minimum = raw.minimum_people_per_line.as_ref().and_then(|text| page.whole(text, 2..=1000));
    let rule = match make {
        Some(Make::Journal(rule)) => Some(rule),
        Some(Make::Record(_)) => {
            let finding = Finding::error("unused-part", page.place(raw.at()), "only a journal has lines of people");
            page.report(finding.help("remove `privacy`"));
            return None;
        }
        None => None,
    };
    if let Some(rule) = rule {
        shows_people(raw, rule, page)?;
    }
    let parents = match &raw.parents {
        Some(raw) => Some(parents(raw, rule, look_ups, tables, page)?),
        None => None,
    };
    Some(Privacy { minimum_people: minimum? as usize, parents, place: page.place(raw.at()) })
}

/// A journal or a line for each person cannot keep people apart from their pay.
fn shows_people(raw: &shape::Privacy, rule: &JournalRule, page: &mut Page<'_>) -> Option<()> {
    let line = rule.lines.iter().find(|line| line.by_person);
    let (shown, at) = match (rule.one_per, line) {
        (OnePer::Person, _) => ("`one_per: person`", rule.place.clone()),
        (_, Some(line)) => ("`detail: person`", line.place.clone()),
        (OnePer::Period | OnePer::LookUp(_), None) => return Some(()),
    };
    let message = format!("{shown} shows each person's pay, which `privacy` forbids");
    let finding = Finding::error("privacy-and-detail", page.place(raw.at()), message);
    page.report(finding.related(at, "people are shown here").help("keep one of the two"));
    None
}

fn parents(
    raw: &shape::Parents,
    rule: Option<&JournalRule>,
    look_ups: &[LookUp],
    tables: &mut Tables,
    page: &mut Page<'_>,
) -> Option<Parents> {
    let name = raw.r#in.as_ref()?;
    let sheet = sheet_of(name, &[PARENT], tables, page)?;
    needed_column(PARENT, name, &sheet, page)?;
    let lines = rule.map_or(&[][..], |rule| &rule.lines);
    let each: BTreeSet<usize> = lines.iter().filter_map(|line| line.for_each).collect();
    let found = each.iter().find_map(|at| sheet.column(&look_ups[*at].name).map(|column| (*at, column)));
    let Some((look_up, column)) = found else {
        if rule.is_some() {
            let names: Vec<&str> = each.iter().map(|at| look_ups[*at].name.as_str()).collect();
            let message = format!("no column of the table `{}` is called like a line's `for_each`", sheet.name);
            let help = format!("call the column of the children like one of {}", quoted_list(&names));
            page.error("missing-column", name, message, Some(help));
        }
        return None;
    };
    unread_columns(&sheet, column, page);
    let table = tables.table(&sheet, &[column], page.findings)?;
    no_circle(&sheet, column, &table, page)?;
    Some(Parents { look_up, table })
}

fn unread_columns(sheet: &Sheet, key: usize, page: &mut Page<'_>) {
    for (at, column) in sheet.columns.iter().enumerate() {
        let is_read = at == key || [PARENT, VALID_FROM, VALID_TO, "about"].contains(&column.as_str());
        if !is_read {
            let message = format!("the column `{column}` is not read");
            let finding = Finding::error("unread-column", sheet.header_place(at), message);
            page.report(
                finding
                    .help(format!("remove it, or call it `about` if it is for people; read are `{PARENT}` and dates")),
            );
        }
    }
}

/// A value that is its own ancestor would be rolled up for ever.
fn no_circle(sheet: &Sheet, key: usize, table: &Table, page: &mut Page<'_>) -> Option<()> {
    for day in days(sheet) {
        for (at, row) in sheet.rows.iter().enumerate() {
            let start = row.cells[key].as_str();
            let mut seen = vec![start];
            let mut value = start;
            while let Some(answer) = table.look_up(&[value], day, PARENT) {
                if answer.value == value {
                    break;
                }
                if seen.contains(&answer.value) {
                    let message =
                        format!("`{start}` has itself as an ancestor: {} → {}", seen.join(" → "), answer.value);
                    let finding = Finding::error("parents-in-a-circle", sheet.place(at, key), message);
                    page.report(finding.help("give the topmost one no row, or itself as its parent"));
                    return None;
                }
                seen.push(answer.value);
                value = answer.value;
            }
        }
    }
    Some(())
}

/// The days on which the answers of a table may begin to differ.
fn days(sheet: &Sheet) -> BTreeSet<Date> {
    let mut days = BTreeSet::from([Date::MIN]);
    for (name, is_last) in [(VALID_FROM, false), (VALID_TO, true)] {
        let Some(column) = sheet.column(name) else { continue };
        let written = sheet.rows.iter().filter_map(|row| row.cells[column].trim().parse::<Date>().ok());
        days.extend(written.filter_map(|day| if is_last { day.tomorrow().ok() } else { Some(day) }));
    }
    days
}
