//! `schema`: the JSON Schema of each kind of file, for editors.

use super::exit::{Exit, Failure};
use super::output::Output;
use crate::gp::dialect;
use crate::plan::report::PlanReport;
use crate::project::shape::FileKind;
use anyhow::anyhow;
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// The kind of file; all kinds are listed without it.
    pub kind: Option<String>,
    /// Write all schemas into this folder instead.
    #[arg(long, value_name = "FOLDER")]
    pub write: Option<PathBuf>,
}

/// Every kind with its schema: the project's files, the dialect, and the plan's JSON.
pub fn all() -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> =
        FileKind::ALL.iter().map(|kind| (kind.word().to_owned(), crate::project::shape::schema(*kind))).collect();
    all.push(("dialect".to_owned(), dialect::schema()));
    all.push(("plan".to_owned(), plan()));
    all
}

/// The schema of `plan --format json`.
fn plan() -> String {
    let mut text = serde_json::to_string_pretty(&schemars::schema_for!(PlanReport)).unwrap_or_default();
    text.push('\n');
    text
}

/// Runs the command.
///
/// # Errors
/// An unknown kind, or a folder that cannot be written.
pub fn run(args: &SchemaArgs, output: &Output) -> Result<Exit, Failure> {
    let all = all();
    if let Some(folder) = &args.write {
        std::fs::create_dir_all(folder).map_err(|error| Failure::new(Exit::DoesNotLoad, anyhow!(error)))?;
        for (kind, text) in &all {
            let path = folder.join(format!("{kind}.schema.json"));
            std::fs::write(&path, text).map_err(|error| {
                Failure::new(Exit::DoesNotLoad, anyhow!("{} cannot be written: {error}", path.display()))
            })?;
            output.note(format!("wrote {}", path.display()));
        }
        return Ok(Exit::Done);
    }
    let kinds: Vec<&str> = all.iter().map(|(kind, _)| kind.as_str()).collect();
    match &args.kind {
        None => {
            for kind in kinds {
                output.line(kind);
            }
            Ok(Exit::Done)
        }
        Some(wanted) => match all.iter().find(|(kind, _)| kind == wanted) {
            Some((_, text)) => {
                output.line(text.trim_end());
                Ok(Exit::Done)
            }
            None => Err(Failure::new(Exit::Findings, anyhow!("there is no schema `{wanted}`"))
                .hint(format!("known are {}", kinds.join(", ")))),
        },
    }
}
