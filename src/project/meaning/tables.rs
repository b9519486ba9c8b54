//! The project's tables: sheets by name, made into look-up tables for the keys that a pipeline needs.

use super::project::DeclaredTable;
use crate::project::desk::Desk;
use crate::project::desk::{Built, Read};
use crate::project::finding::Finding;
use crate::project::shape::FileKind;
use crate::project::shape::check::shaped;
use crate::project::source::{Content, Files};
use crate::project::spans;
use crate::project::table::sheet::Sheet;
use crate::project::table::{Matching, Table, check, csv, excel, yaml};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

/// All sheets, and the tables made of them so far.
#[derive(Debug, Default)]
pub struct Tables {
    /// `None`: a file that has been reported.
    sheets: BTreeMap<String, Option<Arc<Sheet>>>,
    built: Built,
    /// What the load before this one built.
    built_before: Built,
    used: BTreeSet<String>,
    declared: BTreeSet<String>,
}

impl Tables {
    /// Reads every table of the project.
    pub fn read(
        folder: &Path,
        files: &mut Files,
        declared: &[DeclaredTable],
        desk: &mut Desk,
        findings: &mut Vec<Finding>,
    ) -> Tables {
        let mut tables = Tables { built_before: desk.take_built(), ..Tables::default() };
        let mut read = Read::default();
        let project: Arc<str> = Arc::from("project.yaml");
        let mut by_declaration: BTreeMap<String, (String, Matching)> = BTreeMap::new();
        for table in declared {
            let matching = Matching { trim: table.trim, ignore_case: table.ignore_case };
            let path = match &table.file {
                Some(file) => file.text.clone(),
                None => match default_file(files, &table.name.text) {
                    Some(path) => path,
                    None => {
                        let message = format!("there is no table `{}` in `tables/`", table.name.text);
                        findings.push(Finding::error("missing-file", table.name.place(&project), message));
                        tables.sheets.insert(table.name.text.clone(), None);
                        continue;
                    }
                },
            };
            let outside = path.starts_with('/') || path.contains("..");
            if outside || !files.read_one(folder, &path, findings) {
                let text = table.file.as_ref().unwrap_or(&table.name);
                let message = format!("there is no file `{path}` in the project folder");
                let finding = Finding::error("missing-file", text.place(&project), message);
                let turned = path.replace('\\', "/");
                let is_there = turned != path && files.read_one(folder, &turned, findings);
                findings.push(match is_there {
                    true => finding.help(format!("write `/` between folders: `{turned}`")).write(Some(&turned)),
                    false => finding,
                });
                tables.sheets.insert(table.name.text.clone(), None);
                continue;
            }
            by_declaration.insert(path, (table.name.text.clone(), matching));
        }
        let paths: Vec<Arc<str>> = files.contents.keys().cloned().collect();
        for path in paths {
            let (name, matching) = match by_declaration.get(&*path) {
                Some((name, matching)) => (name.clone(), *matching),
                None if path.starts_with("tables/") => (stem(&path).to_owned(), Matching::default()),
                None => continue,
            };
            tables.declared.extend(by_declaration.contains_key(&*path).then(|| name.clone()));
            let Some(content) = files.contents.get(&path) else { continue };
            let sheet = desk.sheet_or(&mut read, (&path, content, &name, matching), findings, |findings| {
                sheet(&name, &path, content, matching, findings)
            });
            if let Some(Some(first)) = tables.sheets.get(&name) {
                let message = format!("two files are the table `{name}`");
                let place = crate::project::Place::file(&path);
                let first = crate::project::Place::file(&first.file);
                findings.push(Finding::error("two-tables", place, message).related(first, "the first one"));
                continue;
            }
            tables.sheets.insert(name, sheet);
        }
        desk.keep_read(read);
        tables
    }

    /// What the next load can use again.
    pub fn into_built(self) -> Built {
        self.built
    }

    /// Names of all tables.
    pub fn names(&self) -> Vec<&str> {
        self.sheets.keys().map(String::as_str).collect()
    }

    /// `None`: there is no such table. `Some(None)`: there is, and it has been reported.
    pub fn sheet(&mut self, name: &str) -> Option<Option<Arc<Sheet>>> {
        self.used.insert(name.to_owned());
        self.sheets.get(name).cloned()
    }

    /// A file that is not a look-up table after all (a declared calendar).
    pub fn mark_used_file(&mut self, file: &str) {
        if file.starts_with("tables/") {
            self.used.insert(stem(file).to_owned());
        }
    }

    /// The look-up table of a sheet for these key columns. Findings about its rows are reported once.
    pub fn table(&mut self, sheet: &Arc<Sheet>, keys: &[usize], findings: &mut Vec<Finding>) -> Option<Arc<Table>> {
        let before = &mut self.built_before;
        self.built.get_or(before, sheet, keys, findings, |findings| check::build(sheet, keys, findings).map(Arc::new))
    }

    /// A warning for each table that no pipeline reads.
    pub fn report_unused(&self, findings: &mut Vec<Finding>) {
        for (name, sheet) in &self.sheets {
            if let Some(sheet) = sheet.as_ref().filter(|_| !self.used.contains(name)) {
                let place = crate::project::Place::file(&sheet.file);
                let message = format!("no pipeline reads the table `{name}`");
                findings.push(
                    Finding::warning("unused-table", place, message).help("read it with `look_up`, or remove it"),
                );
            }
        }
    }
}

fn default_file(files: &Files, name: &str) -> Option<String> {
    let endings = ["csv", "xlsx", "yaml"];
    let mut paths = endings.iter().map(|ending| format!("tables/{name}.{ending}"));
    paths.find(|path| files.contents.contains_key(path.as_str()))
}

fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

fn sheet(
    name: &str,
    path: &Arc<str>,
    content: &Content,
    matching: Matching,
    findings: &mut Vec<Finding>,
) -> Option<Sheet> {
    let before = findings.len();
    let sheet = match content {
        Content::Bytes(bytes) => excel::read(name, path, bytes, matching, findings),
        Content::Text(text) if path.ends_with(".yaml") => {
            let root = spans::parse(path, text, findings)?;
            let rows = shaped(FileKind::Table, path, root, findings)?;
            yaml::read(name, path, &rows.value, matching, findings)
        }
        Content::Text(text) => csv::read(name, path, text, matching, findings),
        Content::Unreadable => None,
    }?;
    check::check_cells(&sheet, findings);
    let broken = findings.iter().skip(before).any(|finding| finding.severity == crate::project::Severity::Error);
    (!broken).then_some(sheet)
}
