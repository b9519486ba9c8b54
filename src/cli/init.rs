//! `init`: a project to start from.

use super::args::InitArgs;
use super::exit::{Exit, Failure};
use super::output::{Output, good};
use crate::project::starter;
use anyhow::anyhow;
use std::collections::BTreeMap;

/// Runs the command.
///
/// # Errors
/// An unknown pack, or a folder that is not empty or cannot be written.
pub fn run(args: &InitArgs, output: &Output) -> Result<Exit, Failure> {
    let folder_name = args.folder.file_name().map(|name| name.to_string_lossy().into_owned());
    let name = args.name.clone().or(folder_name).unwrap_or_else(|| "my-project".to_owned());
    let answers = BTreeMap::from([
        ("project".to_owned(), name),
        ("bamboohr_company".to_owned(), args.bamboohr_company.clone()),
        ("gp_company".to_owned(), args.gp_company.clone()),
    ]);
    let written = starter::write(&args.from, &args.folder, &answers).map_err(|error| {
        Failure::new(Exit::Findings, anyhow!(error)).hint(format!("packs: {}", starter::packs().join(", ")))
    })?;
    for file in &written {
        output.line(format!("  {file}"));
    }
    let folder = args.folder.display();
    output.line(format!("{} {folder} from {}", good("wrote"), args.from));
    output.line(format!("next: ml-connector lint -C {folder} && ml-connector test -C {folder}"));
    Ok(Exit::Done)
}
