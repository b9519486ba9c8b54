//! Where the word at a cursor comes from.

use super::cursor::At;
use super::position::Encoding;
use super::view::View;
use super::wants::Wants;
use super::words::Word;
use crate::project::Place;
use crate::project::outline::{LookUp, Named};
use crate::project::table::sheet::Sheet;
use lsp_types::Location;
use std::sync::Arc;

/// Rows of tables that are shown for one value.
const MOST_ROWS: usize = 50;

/// Every place that the word means.
pub fn definition(view: &View<'_>, text: &str, encoding: Encoding) -> Vec<Location> {
    let places = match view.cursor.at {
        At::Key => of_key(view),
        At::Block => of_block(view),
        At::Start | At::Value => of_value(view, text),
    };
    let location = |place: &Place| {
        let (uri, range) = view.project.locate(place, encoding)?;
        Some(Location { uri, range })
    };
    places.iter().filter_map(location).collect()
}

/// The name of a look-up leads to its table; a column under `by`, to the column.
fn of_key(view: &View<'_>) -> Vec<Place> {
    let key = &view.cursor.word;
    match view.cursor.steps().as_slice() {
        ["look_up"] => view.outline.look_up(key).map(|look_up| answers(view, look_up)).unwrap_or_default(),
        ["look_up", name, "by"] => {
            let sheet = view.outline.look_up(name).and_then(|look_up| view.sheet_of(look_up));
            sheet.and_then(|sheet| Some(sheet.header_place(sheet.column(key)?))).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

fn of_value(view: &View<'_>, text: &str) -> Vec<Place> {
    let word = &view.cursor.word;
    let wants = view.wants();
    let named = |all: &[Named]| all.iter().find(|named| named.name == *word).map(|named| named.place.clone());
    match &wants {
        Wants::Expression(_) | Wants::Template(_) => match view.word(&wants) {
            Some(Word::Name { path, .. }) => of_name(view, &path[0]),
            Some(Word::Literal { text, of: Some(name), .. }) => rows(view, &name, &text),
            Some(Word::Literal { .. }) | None => Vec::new(),
        },
        Wants::Name(_) => of_name(view, word),
        Wants::LookUp(_) => of_name(view, word),
        Wants::Table => view.project.desk.sheet(word).map(|sheet| Place::file(&sheet.file)).into_iter().collect(),
        Wants::Amount | Wants::Earning => {
            let own = view.outline.amounts.iter().find(|(named, _)| named.name == *word);
            own.map(|(named, _)| named.place.clone()).into_iter().collect()
        }
        Wants::Column(name) => {
            let sheet = view.outline.look_up(name).and_then(|look_up| view.sheet_of(look_up));
            sheet.and_then(|sheet| Some(sheet.header_place(sheet.column(word)?))).into_iter().collect()
        }
        Wants::Pipeline => view
            .pipelines
            .iter()
            .filter_map(|(_, outline)| outline.name.as_ref())
            .filter(|named| named.name == *word)
            .map(|named| named.place.clone())
            .collect(),
        Wants::Script => vec![Place::file(&Arc::from(word.as_str()))],
        Wants::Schedule => named(&view.settings.schedules).into_iter().collect(),
        Wants::Register => named(&view.settings.registers).into_iter().collect(),
        Wants::Setting => {
            let name = word.strip_prefix("${").and_then(|word| word.strip_suffix('}')).unwrap_or_default();
            let setting = view.settings.settings.iter().find(|setting| setting.name == name);
            setting.map(|setting| setting.place.clone()).into_iter().collect()
        }
        Wants::Cell(column) => cell(view, column, text),
        Wants::Account => account(view),
        Wants::Field | Wants::LintCode | Wants::PlanCode | Wants::Nothing => Vec::new(),
    }
}

/// A look-up leads to where it is written and to the column that answers; a taken name, to where it is taken.
fn of_name(view: &View<'_>, name: &str) -> Vec<Place> {
    if let Some(look_up) = view.outline.look_up(name) {
        return std::iter::once(look_up.named.place.clone()).chain(answers(view, look_up)).collect();
    }
    let taken = view.outline.take.iter().find(|(taken, _)| taken.name == name);
    taken.map(|(taken, _)| taken.place.clone()).into_iter().collect()
}

/// The column of a look-up's table that answers.
fn answers(view: &View<'_>, look_up: &LookUp) -> Vec<Place> {
    let place = |sheet: &Arc<Sheet>| {
        sheet.column(&look_up.column).map_or_else(|| Place::file(&sheet.file), |column| sheet.header_place(column))
    };
    view.sheet_of(look_up).map(place).into_iter().collect()
}

/// The rows of the pipeline's tables that have a value where a name is asked for.
fn rows(view: &View<'_>, name: &str, value: &str) -> Vec<Place> {
    let of = |(sheet, column): (&Arc<Sheet>, usize)| {
        let has = |row: &usize| sheet.rows[*row].cells.get(column).is_some_and(|cell| cell.trim() == value);
        let places = (0..sheet.rows.len()).filter(has).map(|row| sheet.place(row, column));
        places.take(MOST_ROWS).collect::<Vec<_>>()
    };
    let mut all: Vec<Place> = view.columns_of_name(name).flat_map(of).collect();
    all.sort();
    all.dedup();
    all.truncate(MOST_ROWS);
    all
}

/// A cell of a story's row: the table rows that fit all that the row says, else those that have the cell.
fn cell(view: &View<'_>, column: &str, text: &str) -> Vec<Place> {
    let beside = super::cursor::row_around(text, &view.cursor);
    let fits = |sheet: &Sheet, row: usize| {
        beside.iter().all(|(name, value)| {
            let at = sheet.column(name);
            let cell = at.and_then(|at| sheet.rows[row].cells.get(at)).map(|cell| cell.trim());
            cell.is_none_or(|cell| cell == "*" || cell == value)
        })
    };
    let all: Vec<Place> = view
        .columns_of_name(column)
        .flat_map(|(sheet, at)| {
            let rows = (0..sheet.rows.len()).filter(|row| fits(sheet, *row));
            let has =
                move |row: &usize| sheet.rows[*row].cells.get(at).is_some_and(|cell| cell.trim() == view.cursor.word);
            rows.filter(has).map(|row| sheet.place(row, at)).take(MOST_ROWS).collect::<Vec<_>>()
        })
        .collect();
    if all.is_empty() { rows(view, column, &view.cursor.word) } else { all }
}

/// A cell of a CSV inside a story.
fn of_block(view: &View<'_>) -> Vec<Place> {
    let cell_at = |word: &str, before: usize| {
        let start = word.chars().take(before).collect::<String>().rfind(',').map_or(0, |comma| comma + 1);
        let cell = word[start..].split(',').next().unwrap_or_default();
        cell.trim().to_owned()
    };
    let ["given", ..] = view.cursor.steps().as_slice() else { return Vec::new() };
    let cell = cell_at(&view.cursor.word, view.cursor.before);
    ["department", "location"].iter().flat_map(|name| rows(view, name, &cell)).collect()
}

/// The rows whose answer is the segment of an expected account under the cursor, else any of its segments.
fn account(view: &View<'_>) -> Vec<Place> {
    let mut at = 0;
    let segments: Vec<(&str, bool)> = view
        .cursor
        .word
        .split('-')
        .map(|segment| {
            let first = at;
            at += segment.chars().count() + 1;
            (segment, (first..at).contains(&view.cursor.before))
        })
        .collect();
    let answer = |segment: &str| -> Vec<Place> {
        let of = |look_up: &LookUp| {
            let sheet = view.sheet_of(look_up)?;
            let column = sheet.column(&look_up.column)?;
            let is = |row: &usize| sheet.rows[*row].cells.get(column).is_some_and(|cell| cell.trim() == segment);
            Some(
                (0..sheet.rows.len())
                    .filter(is)
                    .map(|row| sheet.place(row, column))
                    .take(MOST_ROWS)
                    .collect::<Vec<_>>(),
            )
        };
        view.outline.look_ups.iter().filter_map(of).flatten().collect()
    };
    let under: Vec<Place> =
        segments.iter().filter(|(_, under)| *under).flat_map(|(segment, _)| answer(segment)).collect();
    if under.is_empty() { segments.iter().flat_map(|(segment, _)| answer(segment)).collect() } else { under }
}
