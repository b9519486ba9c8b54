//! Why a table answers as it does: every row that the keys match, whatever day it holds.

use super::index::same;
use super::{Row, Table};
use jiff::civil::Date;

/// A row that matches the keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// As a person counts it: the header is row 1.
    pub row: u32,
    pub keys: Vec<String>,
    pub value: String,
    /// Both days included; `None` is open.
    pub from: Option<Date>,
    pub to: Option<Date>,
    pub verdict: Verdict,
}

/// What becomes of a row that matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Answers,
    /// It does not hold on the day.
    NotOnThisDay,
    /// A row with fewer `*` answers.
    LessSpecific,
}

impl Table {
    /// Every row that these keys match, in the order of the file.
    pub fn candidates(&self, keys: &[&str], day: Date, column: &str) -> Vec<Candidate> {
        let Some(column) = self.value_columns.iter().position(|known| known == column) else { return Vec::new() };
        let answer = self.index.find(&self.rows, keys, day, self.matching).map(|(row, _)| row.number);
        let matches = |row: &&Row| {
            row.keys.len() == keys.len()
                && row
                    .keys
                    .iter()
                    .zip(keys)
                    .all(|(own, asked)| own.as_deref().is_none_or(|own| same(own, asked, self.matching)))
        };
        let candidate = |row: &Row| Candidate {
            row: row.number,
            keys: row.keys.iter().map(|key| key.as_deref().unwrap_or("*").to_owned()).collect(),
            value: row.values.get(column).map_or_else(String::new, |value| value.to_string()),
            from: row.from,
            to: row.to,
            verdict: match () {
                () if answer == Some(row.number) => Verdict::Answers,
                () if !row.covers(day) => Verdict::NotOnThisDay,
                () => Verdict::LessSpecific,
            },
        };
        self.rows.iter().filter(matches).map(candidate).collect()
    }
}
