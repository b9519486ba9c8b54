//! `pay: split`: a table of shares.

use super::Page;
use super::look_ups::sheet_of;
use super::tables::Tables;
use crate::project::finding::{Finding, quoted_list};
use crate::project::pipeline::LookUp;
use crate::project::shape::pipeline as shape;
use crate::project::split::{SplitRow, SplitShare, SplitTable, as_compared};
use crate::project::table::sheet::{Sheet, VALID_FROM, VALID_TO};
use crate::project::value::Names;
use jiff::civil::Date;
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// The columns that say how much; a table has one of them.
const SHARES: [&str; 3] = ["percent", "weight", "amount"];
const TO_DEPARTMENT: &str = "to_department";
const TO_LOCATION: &str = "to_location";
/// The cell of the row that takes what amounts leave.
const REST: &str = "rest";

/// What a split is compiled beside.
pub struct Given<'g> {
    pub names: &'g Names,
    pub look_ups: &'g [LookUp],
    pub tables: &'g mut Tables,
}

/// What each column of the table is for.
struct Columns {
    keys: Vec<usize>,
    share: usize,
    department: Option<usize>,
    location: Option<usize>,
    /// (column, position of the look-up)
    given: Vec<(usize, usize)>,
    from: Option<usize>,
    to: Option<usize>,
}

/// Compiles `split`. `None` after an error.
pub fn split(raw: &shape::Split, given: &mut Given<'_>, page: &mut Page<'_>) -> Option<SplitTable> {
    let name = raw.r#in.as_ref()?;
    let sheet = sheet_of(name, &SHARES, given.tables, page)?;
    let columns = columns(name, &sheet, given, page)?;
    let before = page.findings.len();
    let rows: Vec<SplitRow> = (0..sheet.rows.len()).filter_map(|row| self::row(&sheet, &columns, row, page)).collect();
    if page.findings.len() > before {
        return None;
    }
    add_up(&sheet, &columns, &rows, page)?;
    let keys = columns.keys.iter().map(|at| sheet.columns[*at].clone()).collect();
    Some(SplitTable::new(sheet.file.to_string(), keys, rows, sheet.matching))
}

fn columns(
    name: &crate::project::shape::Text,
    sheet: &Sheet,
    given: &Given<'_>,
    page: &mut Page<'_>,
) -> Option<Columns> {
    let shares: Vec<usize> = SHARES.iter().filter_map(|share| sheet.column(share)).collect();
    let [share] = shares.as_slice() else {
        let message = format!("the table `{}` needs one of the columns {}", sheet.name, quoted_list(&SHARES));
        page.error("one-of", name, message, Some("a split is by percent, by weight, or by amount".to_owned()));
        return None;
    };
    let mut columns = Columns {
        keys: Vec::new(),
        share: *share,
        department: sheet.column(TO_DEPARTMENT),
        location: sheet.column(TO_LOCATION),
        given: Vec::new(),
        from: sheet.column(VALID_FROM),
        to: sheet.column(VALID_TO),
    };
    for (at, column) in sheet.columns.iter().enumerate() {
        let known = [TO_DEPARTMENT, TO_LOCATION, VALID_FROM, VALID_TO, "about"].contains(&column.as_str());
        if at == *share || known {
            continue;
        }
        if let Some(look_up) = given.look_ups.iter().position(|look_up| look_up.name == *column) {
            columns.given.push((at, look_up));
        } else if given.names.0.contains_key(column) {
            columns.keys.push(at);
        } else {
            let message = format!("the column `{column}` is not read");
            let finding = Finding::error("unread-column", sheet.header_place(at), message);
            page.report(finding.help(format!(
                "a key is a name of the pipeline, a target is a look-up, `{TO_DEPARTMENT}` or `{TO_LOCATION}`; `about` is for people"
            )));
            return None;
        }
    }
    let no_target = columns.department.is_none() && columns.location.is_none() && columns.given.is_empty();
    if columns.keys.is_empty() || no_target {
        let message = match columns.keys.is_empty() {
            true => format!("no column of the table `{}` says whose cost is split", sheet.name),
            false => format!("no column of the table `{}` says where the shares go", sheet.name),
        };
        let help = format!("for example `number,{TO_DEPARTMENT},percent` or `department,cost_centre,weight`");
        page.error("no-key-column", name, message, Some(help));
        return None;
    }
    Some(columns)
}

fn row(sheet: &Sheet, columns: &Columns, at: usize, page: &mut Page<'_>) -> Option<SplitRow> {
    let cells = &sheet.rows[at].cells;
    let text = |column: Option<usize>| {
        column.map(|column| cells[column].trim()).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let share = share(sheet, columns.share, at, page)?;
    let mut given = Vec::new();
    for (column, look_up) in &columns.given {
        match text(Some(*column)) {
            Some(value) => given.push((*look_up, value)),
            None => {
                let message = format!("this row gives no `{}`", sheet.columns[*column]);
                page.report(Finding::error("empty-answer", sheet.place(at, *column), message).help("write the code"));
                return None;
            }
        }
    }
    // Dates were checked with the sheet.
    let day = |column: Option<usize>| text(column).and_then(|text| text.parse::<Date>().ok());
    Some(SplitRow {
        number: sheet.rows[at].number,
        keys: columns.keys.iter().map(|key| key_of(&cells[*key], sheet)).collect(),
        share,
        department: text(columns.department),
        location: text(columns.location),
        given,
        from: day(columns.from),
        to: day(columns.to),
    })
}

fn key_of(cell: &str, sheet: &Sheet) -> Option<String> {
    (cell.trim() != "*").then(|| as_compared(cell, sheet.matching))
}

fn share(sheet: &Sheet, column: usize, at: usize, page: &mut Page<'_>) -> Option<SplitShare> {
    let cell = sheet.rows[at].cells[column].trim();
    let kind = sheet.columns[column].as_str();
    if kind == "amount" && cell == REST {
        return Some(SplitShare::Rest);
    }
    let digits = if kind == "percent" { cell.strip_suffix('%').unwrap_or(cell).trim_end() } else { cell };
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let number = if plain { Decimal::from_str_exact(digits).ok() } else { None };
    let Some(number) = number else {
        let message = format!("`{cell}` is not a {kind}");
        let rest = if kind == "amount" { format!(", or `{REST}`") } else { String::new() };
        let finding = Finding::error("bad-share", sheet.place(at, column), message);
        page.report(finding.help(format!("write a plain number with a point, not below zero{rest}")));
        return None;
    };
    Some(match kind {
        "percent" => SplitShare::Percent(number),
        "weight" => SplitShare::Weight(number),
        _ => SplitShare::Amount(number),
    })
}

/// The rows of a key that are valid together have to be a whole.
fn add_up(sheet: &Sheet, columns: &Columns, rows: &[SplitRow], page: &mut Page<'_>) -> Option<()> {
    let mut groups: BTreeMap<&[Option<String>], Vec<usize>> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        groups.entry(&row.keys).or_default().push(at);
    }
    for group in groups.values() {
        let mut days = BTreeSet::from([Date::MIN]);
        days.extend(group.iter().filter_map(|at| rows[*at].from));
        days.extend(group.iter().filter_map(|at| rows[*at].to.and_then(|to| to.tomorrow().ok())));
        for day in days {
            let valid: Vec<usize> = group.iter().copied().filter(|at| rows[*at].covers(day)).collect();
            let Some(first) = valid.first() else { continue };
            let Some(wrong) = why_not_whole(valid.iter().map(|at| rows[*at].share)) else { continue };
            let since = if day == Date::MIN { String::new() } else { format!(" from {day} on") };
            let finding =
                Finding::error("split-not-whole", sheet.place(*first, columns.share), format!("{wrong}{since}"));
            let finding =
                valid.iter().skip(1).take(3).fold(finding, |finding, at| {
                    finding.related(sheet.place(*at, columns.share), "also in this split")
                });
            page.report(finding.help("percentages add to exactly 100; amounts leave one row for the `rest`"));
            return None;
        }
    }
    Some(())
}

fn why_not_whole(shares: impl Iterator<Item = SplitShare>) -> Option<String> {
    let (mut percent, mut weight, mut rests, mut amounts) = (None, None, 0, 0);
    for share in shares {
        match share {
            SplitShare::Percent(number) => percent = Some(percent.unwrap_or(Decimal::ZERO) + number),
            SplitShare::Weight(number) => weight = Some(weight.unwrap_or(Decimal::ZERO) + number),
            SplitShare::Amount(_) => amounts += 1,
            SplitShare::Rest => rests += 1,
        }
    }
    match (percent, weight) {
        (Some(sum), _) if sum != Decimal::ONE_HUNDRED => Some(format!("these shares add to {} %", sum.normalize())),
        (_, Some(sum)) if sum.is_zero() => Some("these weights add to nothing".to_owned()),
        (None, None) if rests != 1 && amounts + rests > 0 => {
            Some(format!("{rests} rows take the rest of these amounts, one has to"))
        }
        _ => None,
    }
}
