//! `${name}`: a knob of project.yaml that an environment may turn. Whole values only, and only under `connections`.

use super::Page;
use crate::project::finding::{Finding, did_you_mean};
use crate::project::shape::project::Project;
use crate::project::shape::{Text, environment::Environment};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The settings of one load: what each is, and which were used.
#[derive(Debug, Default)]
pub struct Settings {
    known: Vec<Setting>,
    used: BTreeSet<String>,
}

#[derive(Debug)]
struct Setting {
    name: Text,
    value: Option<String>,
}

impl Settings {
    /// The declared settings with their defaults.
    pub fn declared(project: &Project, page: &mut Page<'_>) -> Settings {
        let mut settings = Settings::default();
        for (name, value) in project.settings.iter().flat_map(|settings| settings.iter()) {
            if page.identifier(name) {
                let value = value.0.as_ref().map(|value| value.text.clone());
                settings.known.push(Setting { name: name.clone(), value });
            }
        }
        settings
    }

    /// Checks one environment's values against the declared knobs; turns them when it is the chosen one.
    pub fn turn(&mut self, environment: &Environment, chosen: bool, page: &mut Page<'_>) {
        for (name, value) in environment.settings.iter().flat_map(|settings| settings.iter()) {
            match self.known.iter_mut().find(|setting| setting.name.text == name.text) {
                Some(setting) if chosen => setting.value = Some(value.text.clone()),
                Some(_) => {}
                None => {
                    let message = format!("project.yaml declares no setting `{}`", name.text);
                    let help = self.guess(&name.text).or_else(|| Some("declare it under `settings` there".to_owned()));
                    page.error("unknown-setting", name, message, help);
                }
            }
        }
    }

    /// The value of a text that may be a setting as a whole.
    pub fn resolve(&mut self, text: &Text, page: &mut Page<'_>) -> Option<Text> {
        if !text.text.contains("${") {
            return Some(text.clone());
        }
        let name = text.text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
        let Some(name) = name.filter(|name| !name.contains(['$', '{', '}'])) else {
            let help = "make the whole value a setting: `${name}`".to_owned();
            page.error("partial-setting", text, "a setting is only replaced as a whole value", Some(help));
            return None;
        };
        self.used.insert(name.to_owned());
        let Some(setting) = self.known.iter().find(|setting| setting.name.text == name) else {
            let help = self.guess(name).or_else(|| Some("declare it under `settings`".to_owned()));
            page.error("unknown-setting", text, format!("there is no setting `{name}`"), help);
            return None;
        };
        match &setting.value {
            Some(value) => Some(Text { text: value.clone(), ..text.clone() }),
            None => {
                let declared = setting.name.place(page.file);
                let message = format!("the setting `{name}` has no value");
                page.report(
                    Finding::error("setting-without-value", text.place(page.file), message)
                        .related(declared, "declared without a default")
                        .help("choose an environment that sets it, or give it a default"),
                );
                None
            }
        }
    }

    /// A warning for each setting that nothing uses.
    pub fn report_unused(&self, file: &Arc<str>, findings: &mut Vec<Finding>) {
        for setting in self.known.iter().filter(|setting| !self.used.contains(&setting.name.text)) {
            let message = format!("nothing uses the setting `{}`", setting.name.text);
            findings.push(
                Finding::warning("unused-setting", setting.name.place(file), message)
                    .help("use it as a whole value under `connections`, or remove it"),
            );
        }
    }

    fn guess(&self, name: &str) -> Option<String> {
        did_you_mean(name, &self.known.iter().map(|setting| setting.name.text.as_str()).collect::<Vec<_>>())
    }
}
