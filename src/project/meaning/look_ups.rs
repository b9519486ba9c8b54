//! `look_up`: new names from tables.

use super::Page;
use super::tables::Tables;
use crate::project::finding::{Finding, closest, did_you_mean, quoted_list};
use crate::project::pipeline::{AsOf, LookUp, Otherwise};
use crate::project::shape::pipeline as shape;
use crate::project::shape::{Entries, Text};
use crate::project::table::check::SHOWN;
use crate::project::table::sheet::{Sheet, VALID_FROM, VALID_TO};
use crate::project::value::{Kind, Names};
use std::sync::Arc;

/// The look-ups in the project's order. Each name is known to the look-ups after it, and to everything below.
pub fn look_ups(
    raw: &Entries<shape::LookUp>,
    names: &mut Names,
    tables: &mut Tables,
    page: &mut Page<'_>,
) -> Vec<LookUp> {
    let mut look_ups = Vec::new();
    let own_names: Vec<&str> = raw.iter().map(|(name, _)| name.text.as_str()).collect();
    for (name, raw) in raw.iter() {
        if let Some(look_up) = look_up(name, raw, &own_names, names, tables, page) {
            look_ups.push(look_up);
        }
        // Known even when its table is broken: what reads it is not wrong.
        names.add(&name.text, Kind::Text);
    }
    look_ups
}

fn look_up(
    name: &Text,
    raw: &shape::LookUp,
    own_names: &[&str],
    names: &Names,
    tables: &mut Tables,
    page: &mut Page<'_>,
) -> Option<LookUp> {
    if !page.identifier(name) {
        return None;
    }
    if super::names::is_reserved(&name.text) {
        let message = format!("`{}` has a meaning of its own and cannot be looked up", name.text);
        page.error("bad-name", name, message, Some("choose another name".to_owned()));
        return None;
    }
    if names.0.contains_key(&name.text) {
        let message = format!("`{}` is a name of the people already", name.text);
        let finding = Finding::error("shadowed-name", name.place(page.file), message)
            .help("call the look-up something else, with `take: COLUMN` where the column keeps its name");
        page.report(finding);
        return None;
    }
    let table_name = raw.r#in.as_ref()?;
    let sheet = sheet_of(table_name, &[], tables, page)?;
    if let Some(day) = raw.take.as_ref().filter(|take| [VALID_FROM, VALID_TO].contains(&take.text.as_str())) {
        let message = format!("`{}` says on which days a row holds: it is no answer", day.text);
        page.error("missing-column", day, message, Some("name the column that holds the code".to_owned()));
        return None;
    }
    let column = answering_column(name, raw.take.as_ref(), &sheet, page)?;
    let (keys, key_names) = match &raw.by {
        Some(by) => keys_by(by, &sheet, names, page)?,
        None => default_keys(table_name, &[column], (own_names, true), &sheet, names, page)?,
    };
    empty_answers(name, column, &sheet, page);
    let table = tables.table(&sheet, &keys, page.findings)?;
    let as_of = match raw.as_of {
        None | Some(shape::AsOf::SegmentFirstDay) => AsOf::SegmentFirstDay,
        Some(shape::AsOf::PeriodFirstDay) => AsOf::PeriodFirstDay,
        Some(shape::AsOf::PeriodLastDay) => AsOf::PeriodLastDay,
    };
    Some(LookUp {
        name: name.text.clone(),
        table,
        keys: key_names,
        column: sheet.columns.get(column)?.clone(),
        as_of,
        otherwise: match raw.r#else {
            None | Some(shape::LookUpElse::Hold) => Otherwise::Hold,
            Some(shape::LookUpElse::Stop) => Otherwise::Stop,
        },
        place: name.place(page.file),
    })
}

/// The sheet of a table that the project names; `None` after a finding.
pub fn sheet_of(name: &Text, columns: &[&str], tables: &mut Tables, page: &mut Page<'_>) -> Option<Arc<Sheet>> {
    let Some(sheet) = tables.sheet(&name.text) else {
        let with = if columns.is_empty() { String::new() } else { format!(", with {}", quoted_list(columns)) };
        let help = did_you_mean(&name.text, &tables.names())
            .or_else(|| Some(format!("put it into tables/{}.csv{with}", name.text)));
        let bare = name.text.rsplit(['/', '\\']).next().unwrap_or_default();
        let bare =
            ["csv", "xlsx", "yaml"].iter().find_map(|ending| bare.strip_suffix(&format!(".{ending}"))).unwrap_or(bare);
        let finding =
            Finding::error("unknown-table", name.place(page.file), format!("there is no table `{}`", name.text));
        page.report(match tables.names().contains(&bare) {
            true => finding.help(format!("a table is named without folder and ending: `{bare}`")).write(Some(bare)),
            false => finding.maybe_help(help),
        });
        return None;
    };
    sheet
}

/// The position of a column that has to be there.
pub fn needed_column(wanted: &str, at: &Text, sheet: &Sheet, page: &mut Page<'_>) -> Option<usize> {
    let found = sheet.column(wanted);
    if found.is_none() {
        let columns: Vec<&str> = sheet.columns.iter().map(String::as_str).collect();
        let message = format!("the table `{}` has no column `{wanted}`", sheet.name);
        page.error("missing-column", at, message, did_you_mean(wanted, &columns));
    }
    found
}

/// A row without an answer would make an account that no GP has.
fn empty_answers(name: &Text, column: usize, sheet: &Sheet, page: &mut Page<'_>) {
    let empty = sheet.empty_cells(column);
    for (position, row) in empty.iter().take(SHOWN).enumerate() {
        let more = match empty.len() - position {
            left if position + 1 == SHOWN && left > 1 => format!(" (and {} more like this)", left - 1),
            _ => String::new(),
        };
        let message = format!("this row gives no `{}`{more}", name.text);
        let finding = Finding::error("empty-answer", sheet.place(*row, column), message)
            .help("write the code, or remove the row: a missing row holds with the row to add");
        if !page.findings.contains(&finding) {
            page.report(finding);
        }
    }
}

/// `else`, with holding back as the safe default.
pub fn otherwise(raw: Option<shape::Else>) -> Otherwise {
    match raw {
        None | Some(shape::Else::Hold) => Otherwise::Hold,
        Some(shape::Else::Ask) => Otherwise::Ask,
        Some(shape::Else::Stop) => Otherwise::Stop,
    }
}

fn answering_column(name: &Text, take: Option<&Text>, sheet: &Sheet, page: &mut Page<'_>) -> Option<usize> {
    let wanted = take.unwrap_or(name);
    needed_column(&wanted.text, wanted, sheet, page)
}

/// Positions of key columns, and the name that fills each.
pub type Keys = (Vec<usize>, Vec<String>);

fn keys_by(by: &Entries<Text>, sheet: &Sheet, names: &Names, page: &mut Page<'_>) -> Option<Keys> {
    let mut keys: Vec<(usize, String)> = Vec::new();
    let mut good = true;
    for (column, name) in by.iter() {
        let position = sheet.column(&column.text);
        if position.is_none() {
            let columns: Vec<&str> = sheet.columns.iter().map(String::as_str).collect();
            let message = format!("the table `{}` has no column `{}`", sheet.name, column.text);
            page.error("missing-column", column, message, did_you_mean(&column.text, &columns));
        }
        if !names.0.contains_key(&name.text) && !page.names_are_missing {
            let known: Vec<&str> = names.0.keys().map(String::as_str).collect();
            let message = format!("nothing is called `{}` here", name.text);
            page.error("unknown-name", name, message, did_you_mean(&name.text, &known));
            good = false;
        }
        match position {
            Some(position) => keys.push((position, name.text.clone())),
            None => good = false,
        }
    }
    keys.sort();
    good.then(|| keys.into_iter().unzip())
}

/// Without `by`, the columns that are names of the pipeline are the keys.
///
/// `by`: whether the place that names the table can say which column is which name.
pub fn default_keys(
    table_name: &Text,
    answering: &[usize],
    (own_names, by): (&[&str], bool),
    sheet: &Sheet,
    names: &Names,
    page: &mut Page<'_>,
) -> Option<Keys> {
    let mut keys: Keys = (Vec::new(), Vec::new());
    let mut unread = Vec::new();
    for (position, column) in sheet.columns.iter().enumerate() {
        let is_date = column == VALID_FROM || column == VALID_TO;
        // A column that this pipeline looks up is an answer, not a key, wherever else its name is known.
        if answering.contains(&position)
            || is_date
            || (own_names.contains(&column.as_str()) && !is_before(column, names))
        {
            continue;
        }
        if names.0.contains_key(column) {
            keys.0.push(position);
            keys.1.push(column.clone());
        } else {
            unread.push((position, column.as_str()));
        }
    }
    let known: Vec<&str> = names.0.keys().map(String::as_str).collect();
    if keys.0.is_empty() {
        if page.names_are_missing {
            return None;
        }
        let columns: Vec<&str> = unread.iter().map(|(_, column)| *column).collect();
        let message = format!("no column of the table `{}` is a name of this pipeline", sheet.name);
        let help = match by {
            true => {
                format!("say which column is which name: `by: {{ column: name }}`; columns: {}", quoted_list(&columns))
            }
            false => format!(
                "call a column as people's names are called here, `number` or `department`: {}",
                quoted_list(&columns)
            ),
        };
        page.error("no-key-column", table_name, message, Some(help));
        return None;
    }
    for (position, column) in unread {
        if let Some(meant) = closest(column, known.iter().copied()) {
            let message = format!("the column `{column}` is not read");
            let finding = Finding::error("unread-column", sheet.header_place(position), message).help(match by {
                true => format!("did you mean `{meant}`? `by: {{ column: name }}` says which columns are keys"),
                false => format!("did you mean `{meant}`?"),
            });
            if !page.findings.contains(&finding) {
                page.report(finding);
            }
        }
    }
    Some(keys)
}

/// Whether a look-up's name is known already: it stands before this one, and may be a key.
fn is_before(column: &str, names: &Names) -> bool {
    names.0.contains_key(column)
}
