//! The declared knobs of a project, and how each environment turns them.

use super::shape::check::shaped;
use super::shape::environment::Environment;
use super::shape::{FileKind, project as shape};
use super::source::{Content, Files, Unsaved};
use super::spans;
use std::path::Path;
use std::sync::Arc;

/// What may differ between environments, and what does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Knobs {
    /// Settings with their defaults, in the order of project.yaml.
    pub settings: Vec<(String, Option<String>)>,
    /// Environments by name, with what each sets.
    pub environments: Vec<(String, Vec<(String, String)>)>,
}

impl Knobs {
    /// What a setting is in an environment; `None` where it has no value at all.
    pub fn value(&self, setting: &str, environment: &str) -> Option<String> {
        let turned = self.environments.iter().find(|(name, _)| name == environment);
        let own = turned.and_then(|(_, values)| values.iter().find(|(name, _)| name == setting));
        let default = || self.settings.iter().find(|(name, _)| name == setting).and_then(|(_, value)| value.clone());
        own.map(|(_, value)| value.clone()).or_else(default)
    }
}

/// Reads them; `None` when project.yaml or an environment cannot be read.
pub fn knobs(folder: &Path) -> Option<Knobs> {
    let mut findings = Vec::new();
    let files = Files::read(folder, &Unsaved::new(), &mut findings);
    let text = |path: &str| match files.contents.get(path) {
        Some(Content::Text(text)) => Some(Arc::clone(text)),
        _ => None,
    };
    let mut knobs = Knobs::default();
    let file: Arc<str> = Arc::from("project.yaml");
    let root = spans::parse(&file, &text(&file)?, &mut findings)?;
    let project = shaped::<shape::Project>(FileKind::Project, &file, root, &mut findings)?.value;
    for (name, value) in project.settings.iter().flat_map(|settings| settings.iter()) {
        knobs.settings.push((name.text.clone(), value.0.as_ref().map(|value| value.text.clone())));
    }
    for (path, _) in files.in_folder("environments") {
        let root = spans::parse(&path, &text(&path)?, &mut findings)?;
        let environment = shaped::<Environment>(FileKind::Environment, &path, root, &mut findings)?.value;
        let settings = environment.settings.iter().flat_map(|settings| settings.iter());
        let name = path.trim_start_matches("environments/").trim_end_matches(".yaml").to_owned();
        let values = settings.map(|(name, value)| (name.text.clone(), value.text.clone())).collect();
        knobs.environments.push((name, values));
    }
    Some(knobs)
}
