//! A project that is loaded again at every keystroke: the texts that are not saved yet, and the tables that did not change
//! since the load before. A table is used again only when its content is the same, byte by byte, so a load with a desk says
//! exactly what a load without one says.

use super::finding::Finding;
use super::source::{Content, Unsaved};
use super::table::sheet::Sheet;
use super::table::{Matching, Table};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What one load leaves for the next.
#[derive(Debug, Default)]
pub struct Desk {
    pub unsaved: Unsaved,
    read: Read,
    built: Built,
}

/// The sheets of a load, by path.
#[derive(Debug, Default)]
pub struct Read(BTreeMap<Arc<str>, ReadSheet>);

#[derive(Debug)]
struct ReadSheet {
    content: Content,
    name: String,
    matching: Matching,
    /// `None`: it cannot be read, and the findings say why.
    sheet: Option<Arc<Sheet>>,
    findings: Vec<Finding>,
}

/// The look-up tables of a load, by the name of the sheet and the positions of the keys.
#[derive(Debug, Default)]
pub struct Built(BTreeMap<(String, Vec<usize>), BuiltTable>);

#[derive(Debug)]
struct BuiltTable {
    sheet: Arc<Sheet>,
    table: Option<Arc<Table>>,
    findings: Vec<Finding>,
}

impl Desk {
    /// The sheet of a table's name, as the last load read it.
    pub fn sheet(&self, name: &str) -> Option<&Arc<Sheet>> {
        self.sheets().find(|sheet| sheet.name == name)
    }

    /// Every sheet of the last load, in the order of their files.
    pub fn sheets(&self) -> impl Iterator<Item = &Arc<Sheet>> {
        self.read.0.values().filter_map(|read| read.sheet.as_ref())
    }

    /// The sheet of a file: that of the load before where nothing changed, else a new one. Kept in `now` with its findings.
    pub(super) fn sheet_or(
        &mut self,
        now: &mut Read,
        (path, content, name, matching): (&Arc<str>, &Content, &str, Matching),
        findings: &mut Vec<Finding>,
        read: impl FnOnce(&mut Vec<Finding>) -> Option<Sheet>,
    ) -> Option<Arc<Sheet>> {
        let before = self.read.0.remove(path);
        let same =
            |before: &ReadSheet| before.content == *content && before.name == name && before.matching == matching;
        let known = before.filter(same).unwrap_or_else(|| {
            let mut findings = Vec::new();
            let sheet = read(&mut findings).map(Arc::new);
            ReadSheet { content: content.clone(), name: name.to_owned(), matching, sheet, findings }
        });
        findings.extend(known.findings.iter().cloned());
        let sheet = known.sheet.clone();
        now.0.insert(Arc::clone(path), known);
        sheet
    }

    pub(super) fn keep_read(&mut self, read: Read) {
        self.read = read;
    }

    pub(super) fn take_built(&mut self) -> Built {
        std::mem::take(&mut self.built)
    }

    pub(super) fn keep_built(&mut self, built: Built) {
        self.built = built;
    }
}

impl Built {
    /// The table of a sheet for these keys: built already in this load, built by the load before from the same sheet, or
    /// built now. Its findings are told once a load.
    pub(super) fn get_or(
        &mut self,
        before: &mut Built,
        sheet: &Arc<Sheet>,
        keys: &[usize],
        findings: &mut Vec<Finding>,
        build: impl FnOnce(&mut Vec<Finding>) -> Option<Arc<Table>>,
    ) -> Option<Arc<Table>> {
        let key = (sheet.name.clone(), keys.to_vec());
        if let Some(built) = self.0.get(&key) {
            return built.table.clone();
        }
        let known = before.0.remove(&key).filter(|built| Arc::ptr_eq(&built.sheet, sheet)).unwrap_or_else(|| {
            let mut findings = Vec::new();
            let table = build(&mut findings);
            BuiltTable { sheet: Arc::clone(sheet), table, findings }
        });
        findings.extend(known.findings.iter().cloned());
        let table = known.table.clone();
        self.0.insert(key, known);
        table
    }
}
