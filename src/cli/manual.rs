//! `completions` and `man`, made from the command line's own shape.

use super::args::Cli;
use super::exit::{Exit, Failure};
use super::output::Output;
use anyhow::anyhow;
use clap::Args;
use clap::CommandFactory;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct ManArgs {
    /// Write one page a command into this folder instead of the main page to stdout.
    #[arg(long, value_name = "FOLDER")]
    pub folder: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct CompletionsArgs {
    pub shell: clap_complete::Shell,
}

fn failed(error: std::io::Error) -> Failure {
    Failure::new(Exit::DoesNotLoad, anyhow!(error))
}

/// Prints a completion script.
///
/// # Errors
/// None that a reader can cause.
pub fn completions(args: &CompletionsArgs, output: &Output) -> Result<Exit, Failure> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "ml-connector", &mut text);
    output.line(String::from_utf8_lossy(&text).trim_end());
    Ok(Exit::Done)
}

/// Writes the manual: the main page to stdout, or all pages into a folder.
///
/// # Errors
/// When the folder cannot be written.
pub fn man(args: &ManArgs, output: &Output) -> Result<Exit, Failure> {
    match &args.folder {
        Some(folder) => {
            std::fs::create_dir_all(folder).map_err(failed)?;
            clap_mangen::generate_to(Cli::command(), folder).map_err(failed)?;
            output.note(format!("wrote the manual into {}", folder.display()));
        }
        None => {
            let mut text = Vec::new();
            clap_mangen::Man::new(Cli::command()).render(&mut text).map_err(failed)?;
            output.line(String::from_utf8_lossy(&text).trim_end());
        }
    }
    Ok(Exit::Done)
}
