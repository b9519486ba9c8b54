//! A split table: the cost of whom is shared, and over what. Unlike a look-up, all rows of the most specific key that are
//! valid on a day answer together, in the order of the file.

use super::table::Matching;
use jiff::civil::Date;
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

/// A loaded split table. Loading proved that the rows of each key that are valid together add up: percentages to 100, or
/// weights to something, or amounts with one row for the rest.
#[derive(Debug)]
pub struct SplitTable {
    pub file: String,
    /// For each key column, the pipeline's name that fills it.
    pub keys: Vec<String>,
    pub rows: Vec<SplitRow>,
    matching: Matching,
    patterns: Vec<Pattern>,
}

/// One row: a share of somebody's cost, and where it goes.
#[derive(Clone, Debug)]
pub struct SplitRow {
    /// As a person counts it: the header is row 1.
    pub number: u32,
    /// In the order of the key columns, as [`as_compared`] makes them; `None` = `*`.
    pub keys: Vec<Option<String>>,
    pub share: SplitShare,
    /// Department and location that look-ups see instead of the person's own; `None` leaves them.
    pub department: Option<String>,
    pub location: Option<String>,
    /// (position of a look-up, its answer): not asked for this share.
    pub given: Vec<(usize, String)>,
    pub from: Option<Date>,
    pub to: Option<Date>,
}

/// How much of the cost a row takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SplitShare {
    /// Of 100.
    Percent(Decimal),
    Weight(Decimal),
    /// Of a whole period, in the major unit of the person's currency.
    Amount(Decimal),
    /// What the amounts leave.
    Rest,
}

/// All rows that have their stars in the same columns.
#[derive(Debug)]
struct Pattern {
    given: Vec<bool>,
    /// By the joined keys that are no stars, rows in the order of the file. Only ever asked by key.
    rows: FxHashMap<String, Vec<u32>>,
}

impl SplitRow {
    pub fn covers(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}

/// A key in the form in which equal keys are equal letters.
pub fn as_compared(key: &str, matching: Matching) -> String {
    let key = if matching.trim { key.trim() } else { key };
    if matching.ignore_case { key.chars().flat_map(char::to_lowercase).collect() } else { key.to_owned() }
}

fn joined<'k>(keys: impl Iterator<Item = &'k str>) -> String {
    keys.collect::<Vec<_>>().join("\u{1f}")
}

impl SplitTable {
    /// Indexes rows that have been checked.
    pub fn new(file: String, keys: Vec<String>, rows: Vec<SplitRow>, matching: Matching) -> SplitTable {
        let mut patterns: Vec<Pattern> = Vec::new();
        for (position, row) in rows.iter().enumerate() {
            let given: Vec<bool> = row.keys.iter().map(Option::is_some).collect();
            let at = patterns.iter().position(|pattern| pattern.given == given).unwrap_or_else(|| {
                patterns.push(Pattern { given, rows: FxHashMap::default() });
                patterns.len() - 1
            });
            let key = joined(row.keys.iter().flatten().map(String::as_str));
            patterns[at].rows.entry(key).or_default().push(position as u32);
        }
        let named = |pattern: &Pattern| pattern.given.iter().filter(|given| **given).count();
        patterns.sort_by(|left, right| named(right).cmp(&named(left)).then_with(|| right.given.cmp(&left.given)));
        SplitTable { file, keys, rows, matching, patterns }
    }

    /// The rows that share somebody's cost on `day` (empty: nobody shares it), and the last day on which they do.
    pub fn rows_on(&self, keys: &[&str], day: Date) -> (Vec<&SplitRow>, Option<Date>) {
        let mut until: Option<Date> = None;
        let mut narrow = |last: Option<Date>| {
            if let Some(last) = last {
                until = Some(until.map_or(last, |until| until.min(last)));
            }
        };
        let mut found = Vec::new();
        let keys: Vec<String> = keys.iter().map(|key| as_compared(key, self.matching)).collect();
        for pattern in &self.patterns {
            let key = joined(keys.iter().zip(&pattern.given).filter(|(_, given)| **given).map(|(key, _)| key.as_str()));
            let Some(positions) = pattern.rows.get(&key) else { continue };
            let own = || positions.iter().map(|at| &self.rows[*at as usize]);
            // Rows that begin later, of this key or a more specific one, take over.
            own().filter_map(|row| row.from.filter(|from| *from > day)).for_each(|from| narrow(from.yesterday().ok()));
            if own().any(|row| row.covers(day)) {
                found = own().filter(|row| row.covers(day)).collect();
                found.iter().for_each(|row| narrow(row.to));
                break;
            }
        }
        (found, until)
    }
}
