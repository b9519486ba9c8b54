//! `init`: a project to start from.

use super::args::InitArgs;
use super::exit::{Exit, Failure};
use super::output::{Output, good};
use crate::project::starter::{self, StarterError};
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
    let written = starter::write(&args.from, &args.folder, &answers).map_err(failure)?;
    for file in &written {
        output.line(format!("  {file}"));
    }
    let folder = args.folder.display();
    output.line(format!("{} {folder} from {}", good("wrote"), args.from));
    output.line(format!("next: ml-connector lint -C {folder} && ml-connector test -C {folder}"));
    Ok(Exit::Done)
}

fn failure(error: StarterError) -> Failure {
    let (exit, hint) = match &error {
        StarterError::UnknownPack { .. } => (Exit::Usage, "leave --from out for the usual pack"),
        StarterError::BadAnswer { .. } => {
            (Exit::Usage, "write the answer without quotes; it can be changed in the files")
        }
        StarterError::NotEmpty { .. } => (Exit::DoesNotLoad, "name a new folder"),
        StarterError::Write { .. } => (Exit::DoesNotLoad, "check the path and its rights"),
    };
    Failure::new(exit, anyhow!(error)).hint(hint)
}
