//! Projects that load, or that somebody got wrong in a way that `tests/mistakes/` cannot write down.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod connections;
mod good;
mod stories;
mod tables;
mod yaml;

use ml_connector::project::Generation;
use ml_connector::project::mistake;
use ml_connector::project::render::{self, Colour};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// A small project that has no findings, to be made wrong.
pub struct Project {
    files: BTreeMap<String, Vec<u8>>,
}

pub const PROJECT: &str = include_str!("../../mistakes/project/project.yaml");

pub const JOURNAL: &str = include_str!("../../mistakes/project/pipelines/payroll-journal.yaml");

pub const VENDORS: &str = include_str!("../../mistakes/project/pipelines/vendors.yaml");

pub const TABLE: &str = include_str!("../../mistakes/project/tables/cost-centres.csv");

impl Project {
    pub fn sound() -> Project {
        let files = mistake::sound().into_iter().map(|(path, text)| (path, text.into_bytes()));
        Project { files: files.collect() }
    }

    pub fn set(&mut self, path: &str, content: impl Into<Vec<u8>>) {
        self.files.insert(path.to_owned(), content.into());
    }

    pub fn remove(&mut self, path: &str) {
        assert!(self.files.remove(path).is_some(), "{path} is in the project");
    }

    pub fn text(&self, path: &str) -> String {
        String::from_utf8(self.files[path].clone()).unwrap()
    }

    /// Replaces a text that stands in a file exactly once.
    pub fn edit(&mut self, path: &str, from: &str, to: &str) {
        let text = self.text(path);
        assert_eq!(text.matches(from).count(), 1, "`{from}` stands in {path} once");
        self.set(path, text.replace(from, to));
    }

    pub fn write(&self) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (path, content) in &self.files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        folder
    }

    /// What lint shows.
    pub fn lint(&self) -> String {
        let folder = self.write();
        screen(folder.path(), None)
    }
}

/// What lint shows for a folder.
pub fn screen(folder: &Path, environment: Option<&str>) -> String {
    match Generation::load(folder, environment) {
        Ok(generation) => render::human(&generation.warnings, &generation.sources, Colour::Never),
        Err(refused) => render::human(&refused.findings, &refused.sources, Colour::Never),
    }
}
