//! Projects that somebody got wrong: each mistake is one finding with its place and remedy, read here as people see it.
//!
//! The snapshots are whole screens. `INSTA_UPDATE=always cargo test --test it bad_projects` writes them again.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod connections;
mod good;
mod languages;
mod pipelines;
mod stories;
mod tables;
mod yaml;

use ml_connector::project::Generation;
use ml_connector::project::render::{self, Colour};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// A small project that has no findings, to be made wrong.
pub struct Project {
    files: BTreeMap<String, Vec<u8>>,
}

pub const PROJECT: &str = r#"format: 1
project: acme
timezone: Europe/Berlin
settings:
  gp_server: gp.acme.example
connections:
  bamboohr:
    company: acme
    api_key: { env: BAMBOOHR_API_KEY }
  gp:
    server: ${gp_server}
    company: Acme Inc.
    user: { env: GP_USER }
    password: { env: GP_PASSWORD }
    dimensions: { cost_centre: { segment: 3 } }
    journal_numbers: 80000001-89999999
"#;

pub const JOURNAL: &str = r#"format: 1
pipeline: payroll-journal
from:
  bamboohr: payroll-cost
  take: { number: employeeNumber }
keep: employment_status != "Contractor"
look_up:
  cost_centre: { in: cost-centres, else: hold }
pay:
  hourly: { overtime: { above_weekly: 40, at: 1.5 } }
  burden:
    employer_tax: { rate: 7.65%, of: gross }
make:
  journal:
    one_per: period
    batch: "PAY{{ period.code }}"
    reference: "Payroll {{ period.name }}"
    date: "{{ period.last_day }}"
    lines:
      - { name: wages, debit: gross, for_each: cost_centre, account: "000-5100-{{ cost_centre }}" }
      - { name: tax, debit: employer_tax, for_each: cost_centre, account: "000-5150-{{ cost_centre }}" }
      - { name: wages payable, credit: gross, account: 000-2100-0000 }
      - { name: tax payable, credit: employer_tax, account: 000-2110-0000 }
check:
  - { rule: cost centres are valid, else: hold }
  - { expect: "within(headcount, 0.05, last_period.headcount)", say: "Headcount moved a lot", else: ask }
send: { to: gp general ledger, as: unposted work batch, after: approval }
"#;

pub const VENDORS: &str = r#"format: 1
pipeline: vendors
from: { bamboohr: employees, take: { number: employeeNumber } }
make:
  vendor:
    match: [number]
    id: "EMP{{ number | pad(6) }}"
    set: { name: "{{ last_name }}, {{ first_name }}", class: EMPLOYEE }
    create: true
send: { to: gp vendors, after: checks }
"#;

pub const TABLE: &str = "department,location,cost_centre,valid_from,valid_to
Sales,WA,0410,,
Sales,OR,0420,,
IT,*,0500,,
";

impl Project {
    pub fn sound() -> Project {
        let mut project = Project { files: BTreeMap::new() };
        project.set("project.yaml", PROJECT);
        project.set("pipelines/payroll-journal.yaml", JOURNAL);
        project.set("pipelines/vendors.yaml", VENDORS);
        project.set("tables/cost-centres.csv", TABLE);
        project.set("dialects/sba.yaml", "format: 1\n");
        project
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

/// One mistake: what is done, and the screen it gives.
pub struct Screens(String);

impl Screens {
    pub fn new() -> Screens {
        Screens(String::new())
    }

    /// Shows a sound project after `spoil`. A mistake gives one or two findings, never a cascade.
    pub fn show(&mut self, what: &str, spoil: impl FnOnce(&mut Project)) {
        let mut project = Project::sound();
        spoil(&mut project);
        let shown = project.lint();
        let findings = shown.lines().filter(|line| line.starts_with("error") || line.starts_with("warning[")).count();
        assert!((1..=2).contains(&findings), "{what} gives {findings} findings:\n{shown}");
        self.0.push_str(&format!("=== {what}\n{shown}\n"));
    }

    /// The same for one replaced text.
    pub fn edited(&mut self, what: &str, path: &str, from: &str, to: &str) {
        self.show(what, |project| project.edit(path, from, to));
    }

    pub fn text(&self) -> &str {
        &self.0
    }
}
