//! `project.yaml` and the environments beside it.

use super::Page;
use super::connections::{self, Reading};
use super::register;
use super::roles;
use super::settings::Settings;
use crate::project::finding::{Finding, Place, did_you_mean};
use crate::project::generation::Project;
use crate::project::ignore::{self, Ignore};
use crate::project::pipeline::WorkCalendar;
use crate::project::shape::check::{Shaped, shaped};
use crate::project::shape::environment::Environment;
use crate::project::shape::{FileKind, Text, project as shape};
use crate::project::source::{Content, Files};
use crate::project::spans;
use std::path::Path;
use std::sync::Arc;

/// What project.yaml gives to the rest of the load.
#[derive(Debug, Default)]
pub struct Outcome {
    /// `None` after an error.
    pub project: Option<Project>,
    /// Tables that project.yaml declares.
    pub tables: Vec<DeclaredTable>,
    /// Names of the dimensions GP knows; `None` when that is not known.
    pub dimensions: Option<Vec<String>>,
    pub company: Option<String>,
    /// Names of the payroll registers; `None` when that is not known.
    pub registers: Option<Vec<String>>,
    /// Pay periods other than calendar months, as written.
    pub calendar: Option<shape::Calendar>,
    /// Warnings that are accepted.
    pub ignore: Vec<Ignore>,
    /// Something of the roles could not be read: what nobody may do is not known.
    pub roles_are_cut: bool,
}

#[derive(Debug)]
pub struct DeclaredTable {
    pub name: Text,
    pub file: Option<Text>,
    pub trim: bool,
    pub ignore_case: bool,
}

/// Reads project.yaml, with the settings of the chosen environment.
pub fn read(folder: &Path, files: &mut Files, environment: Option<&str>, findings: &mut Vec<Finding>) -> Outcome {
    let file: Arc<str> = Arc::from("project.yaml");
    let Some(Content::Text(text)) = files.contents.get(&file).cloned() else { return Outcome::default() };
    let Some(root) = spans::parse(&file, &text, findings) else { return Outcome::default() };
    let Some(raw) = shaped::<shape::Project>(FileKind::Project, &file, root, findings) else {
        return Outcome::default();
    };
    let settings_are_missing = raw.is_cut("/settings");
    let mut page = Page::new(&file, findings);
    let mut settings = Settings::declared(&raw.value, &mut page);
    if !settings_are_missing {
        environments(files, environment, &mut settings, findings);
    }
    project(folder, files, &raw, settings, settings_are_missing, findings)
}

/// Checks every environment; turns the knobs of the chosen one.
fn environments(files: &Files, chosen: Option<&str>, settings: &mut Settings, findings: &mut Vec<Finding>) {
    let all = files.in_folder("environments");
    for (path, content) in &all {
        let Content::Text(text) = content else { continue };
        let Some(root) = spans::parse(path, text, findings) else { continue };
        let Some(raw) = shaped::<Environment>(FileKind::Environment, path, root, findings) else { continue };
        let is_chosen = chosen.is_some_and(|name| environment_name(path) == name);
        settings.turn(&raw.value, is_chosen, &mut Page::new(path, findings));
    }
    if let Some(name) = chosen
        && !all.iter().any(|(path, _)| environment_name(path) == name)
    {
        let place = Place::file(&Arc::from(format!("environments/{name}.yaml").as_str()));
        let known: Vec<&str> = all.iter().map(|(path, _)| environment_name(path)).collect();
        let finding = Finding::error("missing-file", place, format!("there is no environment `{name}`"));
        findings.push(finding.maybe_help(did_you_mean(name, &known)));
    }
}

fn environment_name(path: &str) -> &str {
    path.trim_start_matches("environments/").trim_end_matches(".yaml")
}

fn project(
    folder: &Path,
    files: &mut Files,
    raw: &Shaped<shape::Project>,
    mut settings: Settings,
    settings_are_missing: bool,
    findings: &mut Vec<Finding>,
) -> Outcome {
    let file: Arc<str> = Arc::from("project.yaml");
    let mut page = Page::new(&file, findings);
    let raw_project = &raw.value;
    let name = raw_project.project.as_ref().filter(|name| project_name(name, &mut page));
    let time_zone = raw_project.timezone.as_ref().filter(|zone| time_zone(zone, &mut page));
    let version_fits = raw_project.requires.as_ref().is_none_or(|version| requires(version, &mut page));
    let (mut bamboohr, mut gp, mut registers, mut good) = (None, None, Some(Vec::new()), true);
    let numbers_are_cut =
        ["journal_numbers", "providers"].iter().any(|key| raw.is_cut(&format!("/connections/gp/{key}")));
    let sign_in_is_cut = ["api_key", "oauth"].iter().any(|key| raw.is_cut(&format!("/connections/bamboohr/{key}")));
    if let Some(connections) = raw_project.connections.as_ref().filter(|_| !settings_are_missing) {
        if let Some(raw) = &connections.bamboohr {
            bamboohr = connections::bamboohr(raw, sign_in_is_cut, &mut settings, &mut page);
            good &= bamboohr.is_some();
        }
        if let Some(raw) = &connections.gp {
            let mut reading = Reading { folder, files, settings: &mut settings, numbers_are_cut };
            gp = connections::gp(raw, &mut reading, &mut page);
            good &= gp.is_some();
        }
        registers = register::registers(connections, folder, &mut settings, &mut page);
        good &= registers.is_some();
    }
    let connections_are_known = !raw.is_cut("/connections") && good;
    if connections_are_known && !settings_are_missing {
        settings.report_unused(&file, page.findings);
    }
    let raw_gp = raw_project.connections.as_ref().and_then(|connections| connections.gp.as_ref());
    let dimensions = raw_gp.filter(|_| connections_are_known).map(|gp| {
        gp.dimensions.iter().flat_map(|dimensions| dimensions.iter()).map(|(name, _)| name.text.clone()).collect()
    });
    let company = gp.as_ref().map(|gp| gp.company.clone());
    let tables = raw_project.tables.iter().flat_map(|tables| tables.iter()).map(declared_table).collect();
    let rules = roles::rules(raw_project, &mut page);
    let project =
        name.zip(time_zone).zip(rules).filter(|_| good && version_fits).map(|((name, zone), rules)| Project {
            name: name.text.clone(),
            about: raw_project.about.as_ref().map(|about| about.text.clone()).unwrap_or_default(),
            time_zone: zone.text.clone(),
            bamboohr,
            gp,
            work: WorkCalendar::default(),
            registers: registers.clone().unwrap_or_default(),
            rules,
        });
    let registers = registers.filter(|_| !raw.is_cut("/connections"));
    let registers = registers.map(|all| all.into_iter().map(|register| register.name).collect());
    let ignore = ignore::read(raw_project.ignore.as_deref().unwrap_or_default(), &mut page);
    let (calendar, roles_are_cut) = (raw_project.calendar.clone(), raw.is_cut("/roles"));
    Outcome { project, tables, dimensions, company, registers, calendar, ignore, roles_are_cut }
}

fn declared_table((name, table): &(Text, shape::Table)) -> DeclaredTable {
    let matching = table.r#match.as_ref();
    DeclaredTable {
        name: name.clone(),
        file: table.file.clone(),
        trim: matching.and_then(|matching| matching.trim).is_some_and(|flag| flag.0),
        ignore_case: matching.and_then(|matching| matching.ignore_case).is_some_and(|flag| flag.0),
    }
}

fn project_name(name: &Text, page: &mut Page<'_>) -> bool {
    let good =
        !name.text.trim().is_empty() && name.text.chars().count() <= 64 && !name.text.chars().any(char::is_control);
    if !good {
        page.error("bad-name", name, "a project's name has 1 to 64 characters", None);
    }
    good
}

fn time_zone(zone: &Text, page: &mut Page<'_>) -> bool {
    let known = jiff::tz::TimeZone::get(&zone.text).is_ok();
    if !known {
        let message = format!("there is no time zone `{}`", zone.text);
        let help = "an IANA name, for example America/Los_Angeles or Europe/Berlin".to_owned();
        page.error("unknown-time-zone", zone, message, Some(help));
    }
    known
}

/// `requires: ">=0.1"` or `0.1`: the least version that is needed.
fn requires(text: &Text, page: &mut Page<'_>) -> bool {
    let wanted = text.text.trim().trim_start_matches(">=").trim();
    let parts = |version: &str| -> Option<Vec<u64>> {
        let parts: Option<Vec<u64>> = version.split('.').map(|part| part.parse().ok()).collect();
        parts.filter(|parts| parts.len() <= 3)
    };
    let own = env!("CARGO_PKG_VERSION");
    let Some(wanted_parts) = parts(wanted) else {
        let help = "the least version, for example \">=0.1\"".to_owned();
        page.error("bad-version", text, format!("`{}` is not a version", text.text), Some(help));
        return false;
    };
    let fits = parts(own).is_some_and(|own| own >= wanted_parts);
    if !fits {
        let message = format!("this project needs ml-connector {wanted}, and this is {own}");
        page.error("needs-newer-version", text, message, Some("install a newer ml-connector".to_owned()));
    }
    fits
}
