//! Star ambiguity: two rows with equally many stars, in different columns, that both match the same keys on the same
//! day, with no more specific row that decides.

use super::Row;
use super::check::{SHOWN, folded};
use super::index::Index;
use super::sheet::Sheet;
use crate::project::finding::Finding;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Reports every later row of such a pair once.
///
/// Rows are compared only where their common keys are the same, so a long table costs little more than one walk.
pub fn ambiguous(sheet: &Sheet, rows: &[Row], index: &Index, found: &mut Vec<Finding>) {
    let mut patterns: BTreeMap<Vec<bool>, Vec<usize>> = BTreeMap::new();
    for (position, row) in rows.iter().enumerate().filter(|(_, row)| row.keys.iter().any(Option::is_none)) {
        patterns.entry(row.keys.iter().map(Option::is_some).collect()).or_default().push(position);
    }
    let patterns: Vec<(Vec<bool>, Vec<usize>)> = patterns.into_iter().collect();
    let given = |pattern: &[bool]| pattern.iter().filter(|given| **given).count();
    let mut reported = BTreeSet::new();
    for (at, (left, left_rows)) in patterns.iter().enumerate() {
        for (right, right_rows) in patterns.iter().skip(at + 1).filter(|(right, _)| given(right) == given(left)) {
            let common: Vec<usize> = (0..left.len()).filter(|column| left[*column] && right[*column]).collect();
            let key = |row: usize| -> Vec<String> {
                let keys = common.iter().filter_map(|column| rows[row].keys[*column].as_deref());
                keys.map(|key| folded(key, sheet.matching)).collect()
            };
            let mut by_common: BTreeMap<Vec<String>, Vec<usize>> = BTreeMap::new();
            right_rows.iter().for_each(|row| by_common.entry(key(*row)).or_default().push(*row));
            for one in left_rows {
                for other in by_common.get(&key(*one)).into_iter().flatten() {
                    let (first, second) = (*one.min(other), *one.max(other));
                    if !reported.contains(&second)
                        && meet(&rows[first], &rows[second])
                        && !decided(sheet, rows, index, first, second)
                    {
                        reported.insert(second);
                        found.push(finding(sheet, rows, first, second));
                    }
                    if reported.len() > SHOWN {
                        return;
                    }
                }
            }
        }
    }
}

fn finding(sheet: &Sheet, rows: &[Row], first: usize, second: usize) -> Finding {
    let numbers = (rows[first].number, rows[second].number);
    let message = format!("rows {} and {} can both match, and neither is more specific", numbers.0, numbers.1);
    Finding::error("ambiguous-stars", sheet.row_place(second), message)
        .related(sheet.row_place(first), format!("row {}", numbers.0))
        .help("add a row that names both keys, or give the two rows different days")
}

/// Whether both rows hold on some day.
fn meet(left: &Row, right: &Row) -> bool {
    let begins_in_time = |from: Option<Date>, to: Option<Date>| from.zip(to).is_none_or(|(from, to)| from <= to);
    begins_in_time(left.from, right.to) && begins_in_time(right.from, left.to)
}

/// Whether a row that names all keys of both answers on every day that the two share.
fn decided(sheet: &Sheet, rows: &[Row], index: &Index, left: usize, right: usize) -> bool {
    let (left, right) = (&rows[left], &rows[right]);
    let both = left.keys.iter().zip(&right.keys).map(|(left, right)| left.as_deref().or(right.as_deref()));
    let keys: Vec<Option<&str>> = both.collect();
    let first = left.from.max(right.from);
    let last = [left.to, right.to].into_iter().flatten().min();
    index.of_keys(rows, &keys, sheet.matching).into_iter().any(|row| {
        let row = &rows[row];
        row.from.is_none_or(|from| first.is_some_and(|first| from <= first))
            && row.to.is_none_or(|to| last.is_some_and(|last| last <= to))
    })
}
