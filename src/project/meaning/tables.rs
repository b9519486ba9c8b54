//! The project's tables: sheets by name, made into look-up tables for the keys that a pipeline needs.

use super::project::DeclaredTable;
use crate::project::finding::{Finding, Place, Severity};
use crate::project::reuse::{Built, Kept, Reuse};
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
    sheets: BTreeMap<String, Option<Kept>>,
    /// What this load asked for: findings about the rows of a table are reported once.
    asked: BTreeSet<(String, Vec<usize>)>,
    used: BTreeSet<String>,
}

impl Tables {
    /// Reads every table of the project, but for those that `reuse` has from the same bytes.
    pub fn read(
        folder: &Path,
        files: &mut Files,
        declared: &[DeclaredTable],
        reuse: &mut Reuse,
        findings: &mut Vec<Finding>,
    ) -> Tables {
        let mut tables = Tables::default();
        let mut by_declaration: BTreeMap<String, (String, Matching)> = BTreeMap::new();
        for table in declared {
            match file_of(table, folder, files, findings) {
                Some(path) => {
                    let matching = Matching { trim: table.trim, ignore_case: table.ignore_case };
                    by_declaration.insert(path, (table.name.text.clone(), matching));
                }
                None => {
                    tables.sheets.insert(table.name.text.clone(), None);
                }
            }
        }
        for (path, content) in &files.contents {
            let (name, matching) = match by_declaration.get(&**path) {
                Some((name, matching)) => (name.clone(), *matching),
                None if path.starts_with("tables/") => (stem(path).to_owned(), Matching::default()),
                None => continue,
            };
            let kept = reuse.sheet(&name, path, content, matching).unwrap_or_else(|| {
                let mut findings = Vec::new();
                let sheet = sheet(&name, path, content, matching, &mut findings).map(Arc::new);
                Kept {
                    path: Arc::clone(path),
                    content: content.clone(),
                    matching,
                    sheet,
                    findings,
                    built: BTreeMap::new(),
                }
            });
            findings.extend_from_slice(&kept.findings);
            if let Some(Some(Kept { sheet: Some(_), path: first, .. })) = tables.sheets.get(&name) {
                let message = format!("two files are the table `{name}`");
                let finding = Finding::error("two-tables", Place::file(path), message);
                findings.push(finding.related(Place::file(first), "the first one"));
                continue;
            }
            tables.sheets.insert(name, Some(kept));
        }
        tables
    }

    /// Names of all tables.
    pub fn names(&self) -> Vec<&str> {
        self.sheets.keys().map(String::as_str).collect()
    }

    /// `None`: there is no such table. `Some(None)`: there is, and it has been reported.
    pub fn sheet(&mut self, name: &str) -> Option<Option<Arc<Sheet>>> {
        self.used.insert(name.to_owned());
        self.sheets.get(name).map(|kept| kept.as_ref()?.sheet.clone())
    }

    /// A file that is not a look-up table after all (a declared calendar).
    pub fn mark_used_file(&mut self, file: &str) {
        if file.starts_with("tables/") {
            self.used.insert(stem(file).to_owned());
        }
    }

    /// The look-up table of a sheet for these key columns. Findings about its rows are reported once.
    pub fn table(&mut self, sheet: &Arc<Sheet>, keys: &[usize], findings: &mut Vec<Finding>) -> Option<Arc<Table>> {
        let kept = self.sheets.get_mut(&sheet.name)?.as_mut()?;
        let built = kept.built.entry(keys.to_vec()).or_insert_with(|| {
            let mut findings = Vec::new();
            let table = check::build(sheet, keys, &mut findings).map(Arc::new);
            Built { table, findings }
        });
        if self.asked.insert((sheet.name.clone(), keys.to_vec())) {
            findings.extend_from_slice(&built.findings);
        }
        built.table.clone()
    }

    /// A warning for each table that no pipeline reads.
    pub fn report_unused(&self, findings: &mut Vec<Finding>) {
        for (name, kept) in &self.sheets {
            let sheet = kept.as_ref().and_then(|kept| kept.sheet.as_ref());
            if let Some(sheet) = sheet.filter(|_| !self.used.contains(name)) {
                let message = format!("no pipeline reads the table `{name}`");
                findings.push(
                    Finding::warning("unused-table", Place::file(&sheet.file), message)
                        .help("read it with `look_up`, or remove it"),
                );
            }
        }
    }

    /// Keeps for the next load what this one read and asked for.
    pub fn keep(self, reuse: &mut Reuse) {
        let Tables { sheets, asked, .. } = self;
        reuse.keep_sheets(sheets.into_iter().filter_map(|(name, kept)| {
            let mut kept = kept?;
            kept.built.retain(|keys, _| asked.contains(&(name.clone(), keys.clone())));
            Some((name, kept))
        }));
    }
}

/// The file of a table that project.yaml declares, read; `None` after a finding.
fn file_of(table: &DeclaredTable, folder: &Path, files: &mut Files, findings: &mut Vec<Finding>) -> Option<String> {
    let project: Arc<str> = Arc::from("project.yaml");
    let path = match &table.file {
        Some(file) => file.text.clone(),
        None => match default_file(files, &table.name.text) {
            Some(path) => path,
            None => {
                let message = format!("there is no table `{}` in `tables/`", table.name.text);
                findings.push(Finding::error("missing-file", table.name.place(&project), message));
                return None;
            }
        },
    };
    let outside = path.starts_with('/') || path.contains("..");
    if !outside && files.read_one(folder, &path, findings) {
        return Some(path);
    }
    let text = table.file.as_ref().unwrap_or(&table.name);
    let message = format!("there is no file `{path}` in the project folder");
    let finding = Finding::error("missing-file", text.place(&project), message);
    let turned = path.replace('\\', "/");
    let is_there = turned != path && files.read_one(folder, &turned, findings);
    findings.push(match is_there {
        true => finding.help(format!("write `/` between folders: `{turned}`")).write(Some(&turned)),
        false => finding,
    });
    None
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
    let broken = findings.iter().skip(before).any(|finding| finding.severity == Severity::Error);
    (!broken).then_some(sheet)
}
