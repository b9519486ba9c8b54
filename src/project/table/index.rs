//! The index of a table: per pattern of stars a hash of the keys that are not stars.

use super::{Matching, Row};
use jiff::civil::Date;
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::Hasher;

/// Rows by pattern, the most specific patterns first.
#[derive(Debug, Default)]
pub struct Index {
    patterns: Vec<Pattern>,
}

/// All rows that have their stars in the same columns.
#[derive(Debug)]
struct Pattern {
    /// For each key column, whether it is a key here (and not `*`).
    given: Vec<bool>,
    specificity: usize,
    /// Hash of the given keys → rows with that hash, in the order of their first days. Only ever asked by key.
    buckets: FxHashMap<u64, Vec<u32>>,
}

impl Index {
    pub fn build(rows: &[Row], matching: Matching) -> Index {
        let mut patterns: Vec<Pattern> = Vec::new();
        for (position, row) in rows.iter().enumerate() {
            let given: Vec<bool> = row.keys.iter().map(Option::is_some).collect();
            let at = patterns.iter().position(|pattern| pattern.given == given).unwrap_or_else(|| {
                patterns.push(Pattern { given, specificity: row.specificity(), buckets: FxHashMap::default() });
                patterns.len() - 1
            });
            let hash = hash_keys(row.keys.iter().flatten().map(|key| &**key), matching);
            patterns[at].buckets.entry(hash).or_default().push(u32::try_from(position).unwrap_or(u32::MAX));
        }
        patterns
            .sort_by(|left, right| right.specificity.cmp(&left.specificity).then_with(|| right.given.cmp(&left.given)));
        Index { patterns }
    }

    /// Rows with the same keys, stars among them, as `match` compares them: each group of two or more once, in the order
    /// of its first row.
    pub fn same_keys(&self, rows: &[Row], matching: Matching) -> Vec<Vec<usize>> {
        let mut groups = Vec::new();
        // A group is asked for by its first row only: a table of one key is one group, not as many as it has rows.
        let mut grouped = vec![false; rows.len()];
        for (position, row) in rows.iter().enumerate() {
            if grouped[position] {
                continue;
            }
            let keys: Vec<Option<&str>> = row.keys.iter().map(Option::as_deref).collect();
            let group = self.of_keys(rows, &keys, matching);
            if group.len() > 1 {
                group.iter().for_each(|position| grouped[*position] = true);
                groups.push(group);
            }
        }
        groups
    }

    /// The rows that have exactly these keys, `None` for a star, in the order of the file.
    pub fn of_keys(&self, rows: &[Row], keys: &[Option<&str>], matching: Matching) -> Vec<usize> {
        let is_given = |pattern: &&Pattern| pattern.given.iter().copied().eq(keys.iter().map(Option::is_some));
        let Some(pattern) = self.patterns.iter().find(is_given) else { return Vec::new() };
        let bucket = pattern.buckets.get(&hash_keys(keys.iter().flatten().copied(), matching));
        let has = |position: &usize| {
            let pairs = rows.get(*position).into_iter().flat_map(|row| row.keys.iter().zip(keys));
            pairs.filter_map(|(own, key)| own.as_deref().zip(*key)).all(|(own, key)| same(own, key, matching))
        };
        bucket.into_iter().flatten().map(|position| *position as usize).filter(has).collect()
    }

    /// The row that answers, and the last day it does for the same keys.
    pub fn find<'r>(
        &self,
        rows: &'r [Row],
        keys: &[&str],
        day: Date,
        matching: Matching,
    ) -> Option<(&'r Row, Option<Date>)> {
        // The first day on which a more specific row takes over.
        let mut taken_over: Option<Date> = None;
        let mut level = usize::MAX;
        let mut taken_over_at_level: Option<Date> = None;
        for pattern in &self.patterns {
            if pattern.specificity != level {
                level = pattern.specificity;
                taken_over = earlier(taken_over, taken_over_at_level.take());
            }
            if pattern.given.len() != keys.len() {
                return None;
            }
            for row in pattern.matching_rows(rows, keys, matching) {
                if row.covers(day) {
                    let last = taken_over.and_then(|first| first.yesterday().ok());
                    return Some((row, earlier(row.to, last)));
                }
                if let Some(from) = row.from.filter(|from| *from > day) {
                    taken_over_at_level = earlier(taken_over_at_level, Some(from));
                }
            }
        }
        None
    }

    /// The first day after `day` on which a row with these keys begins.
    pub fn next_begin(&self, rows: &[Row], keys: &[&str], day: Date, matching: Matching) -> Option<Date> {
        let patterns = self.patterns.iter().filter(|pattern| pattern.given.len() == keys.len());
        let own = patterns.flat_map(|pattern| pattern.matching_rows(rows, keys, matching));
        own.filter_map(|row| row.from.filter(|from| *from > day)).min()
    }
}

impl Pattern {
    fn matching_rows<'a, 'r: 'a>(
        &'a self,
        rows: &'r [Row],
        keys: &'a [&'a str],
        matching: Matching,
    ) -> impl Iterator<Item = &'r Row> + 'a {
        let given = self.given.iter().zip(keys).filter(|(given, _)| **given).map(|(_, key)| *key);
        let hash = hash_keys(given, matching);
        let bucket = self.buckets.get(&hash).map_or(&[][..], Vec::as_slice);
        bucket.iter().filter_map(|position| rows.get(*position as usize)).filter(move |row| {
            row.keys.iter().zip(keys).all(|(own, asked)| own.as_deref().is_none_or(|own| same(own, asked, matching)))
        })
    }
}

fn earlier(left: Option<Date>, right: Option<Date>) -> Option<Date> {
    match (left, right) {
        (Some(left), Some(right)) => Some(left.min(right)),
        (one, None) | (None, one) => one,
    }
}

/// A hash that respects `matching` without making a copy of any key.
fn hash_keys<'k>(keys: impl Iterator<Item = &'k str>, matching: Matching) -> u64 {
    let mut hasher = FxHasher::default();
    for key in keys {
        let key = if matching.trim { key.trim() } else { key };
        if matching.ignore_case {
            key.chars().flat_map(char::to_lowercase).for_each(|letter| hasher.write_u32(u32::from(letter)));
        } else {
            hasher.write(key.as_bytes());
        }
        // An end mark, so that ("ab", "c") and ("a", "bc") differ.
        hasher.write_u8(0xff);
    }
    hasher.finish()
}

/// A hash of a key, whatever the case of its letters.
pub fn folded_hash(key: &str) -> u64 {
    hash_keys(std::iter::once(key), Matching { trim: false, ignore_case: true })
}

/// Whether two keys are the same under `matching`.
pub fn same(left: &str, right: &str, matching: Matching) -> bool {
    let (left, right) = if matching.trim { (left.trim(), right.trim()) } else { (left, right) };
    if matching.ignore_case {
        left.chars().flat_map(char::to_lowercase).eq(right.chars().flat_map(char::to_lowercase))
    } else {
        left == right
    }
}
