//! What a reload need not do again: sheets and look-up tables whose file and declaration are the same as before.
//!
//! What is kept is what came of the same bytes: they are compared, not their hashes, and the findings are kept with them.
//! So a generation that was loaded with reuse is the one that would have been loaded without.

use super::finding::Finding;
use super::source::Content;
use super::table::sheet::Sheet;
use super::table::{Matching, Table};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What one load hands to the next.
#[derive(Debug, Default)]
pub struct Reuse {
    /// By the names of the tables.
    sheets: BTreeMap<String, Kept>,
    /// The paths that the last load asked for, whether there were such files or not.
    asked: BTreeSet<String>,
}

/// One table's file, what it was read as, and what came of it.
#[derive(Debug)]
pub(super) struct Kept {
    pub path: Arc<str>,
    pub content: Content,
    pub matching: Matching,
    /// `None`: it could not be read, and the findings say why.
    pub sheet: Option<Arc<Sheet>>,
    pub findings: Vec<Finding>,
    /// The tables made of it, by the positions of their key columns.
    pub built: BTreeMap<Vec<usize>, Built>,
}

/// A look-up table and what was found in its rows; no table where an error is among it.
#[derive(Debug)]
pub(super) struct Built {
    pub table: Option<Arc<Table>>,
    pub findings: Vec<Finding>,
}

impl Reuse {
    /// The paths that the last load asked for, beside everything in the project's folders: what a change of the project
    /// can be in.
    pub fn asked(&self) -> &BTreeSet<String> {
        &self.asked
    }

    /// The sheets that the last load read.
    pub(super) fn sheets(&self) -> impl Iterator<Item = &Arc<Sheet>> {
        self.sheets.values().filter_map(|kept| kept.sheet.as_ref())
    }

    pub(super) fn keep_asked(&mut self, asked: &BTreeSet<String>) {
        self.asked.clone_from(asked);
    }

    /// The sheet of this name, if it was read from the same bytes in the same way.
    pub(super) fn sheet(&mut self, name: &str, path: &Arc<str>, content: &Content, matching: Matching) -> Option<Kept> {
        let kept = self.sheets.remove(name)?;
        let same = kept.path == *path && kept.matching == matching && kept.content == *content;
        same.then_some(kept)
    }

    pub(super) fn keep_sheets(&mut self, sheets: impl Iterator<Item = (String, Kept)>) {
        self.sheets = sheets.collect();
    }
}
