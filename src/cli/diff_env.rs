//! `diff-env`: in what the environments of a project differ. Nothing but declared knobs can.

use super::args::Global;
use super::exit::{Exit, Failure};
use super::output::{Output, care, faint, strong};
use crate::project::knobs::{Knobs, knobs};
use anyhow::anyhow;
use clap::Args;
use comfy_table::Table;

#[derive(Debug, Args)]
pub struct DiffEnvArgs {
    /// The environments [default: all].
    pub environments: Vec<String>,
    /// Only settings that differ.
    #[arg(long)]
    pub changed: bool,
}

/// Runs the command.
///
/// # Errors
/// An environment that is not there, or files that do not read.
pub fn run(global: &Global, args: &DiffEnvArgs, output: &Output) -> Result<Exit, Failure> {
    let knobs = knobs(&global.project).ok_or_else(|| {
        Failure::new(Exit::DoesNotLoad, anyhow!("project.yaml and its environments cannot be read"))
            .hint("`ml-connector lint` says why")
    })?;
    let known: Vec<&str> = knobs.environments.iter().map(|(name, _)| name.as_str()).collect();
    if let Some(unknown) = args.environments.iter().find(|name| !known.contains(&name.as_str())) {
        return Err(Failure::new(Exit::Usage, anyhow!("there is no environment `{unknown}`"))
            .hint(format!("there is {}", known.join(", "))));
    }
    let chosen: Vec<&str> = match args.environments.is_empty() {
        true => known,
        false => args.environments.iter().map(String::as_str).collect(),
    };
    if output.is_json() {
        output.json(&rows(&knobs, &chosen, args.changed));
        return Ok(Exit::Done);
    }
    print(&knobs, &chosen, args.changed, output);
    Ok(Exit::Done)
}

/// A setting with its value in each environment.
#[derive(serde::Serialize)]
struct Row {
    setting: String,
    default: Option<String>,
    /// In the order of the environments asked for; `None`: no value at all.
    values: std::collections::BTreeMap<String, Option<String>>,
    differs: bool,
}

fn rows(knobs: &Knobs, chosen: &[&str], only_changed: bool) -> Vec<Row> {
    let row = |(setting, default): &(String, Option<String>)| {
        let value = |name: &&str| ((*name).to_owned(), knobs.value(setting, name));
        let values: std::collections::BTreeMap<String, Option<String>> = chosen.iter().map(value).collect();
        let mut all: std::collections::BTreeSet<&Option<String>> = values.values().collect();
        // Without an environment the defaults are in force: one alone is compared with them.
        if chosen.len() < 2 {
            all.insert(default);
        }
        let differs = all.len() > 1;
        Row { setting: setting.clone(), default: default.clone(), values, differs }
    };
    knobs.settings.iter().map(row).filter(|row| row.differs || !only_changed).collect()
}

fn print(knobs: &Knobs, chosen: &[&str], only_changed: bool, output: &Output) {
    let rows = rows(knobs, chosen, only_changed);
    if rows.is_empty() {
        output.line("no setting differs: all environments are the same");
        return;
    }
    let mut table = Table::new();
    table.load_style(super::plan_view::RULED);
    table.set_header(["setting", "default"].into_iter().chain(chosen.iter().copied()));
    for row in &rows {
        let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "(no value)".to_owned());
        let default = row.default.clone().unwrap_or_else(|| "(none)".to_owned());
        let values = chosen.iter().map(|name| row.values.get(*name).map(shown).unwrap_or_default());
        table.add_row([row.setting.clone(), default].into_iter().chain(values));
    }
    output.line(table.to_string());
    let (differ, same): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|row| row.differs);
    let names = |rows: &[&Row]| rows.iter().map(|row| row.setting.as_str()).collect::<Vec<_>>().join(", ");
    if !differ.is_empty() {
        output.line(format!("{} {}", care("differ:"), strong(&names(&differ))));
    }
    if !same.is_empty() {
        output.line(faint(&format!("the same everywhere: {}", names(&same))));
    }
}
