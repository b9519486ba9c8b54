//! `graph`: the project as a picture.

use super::args::Global;
use super::context;
use super::exit::{Exit, Failure};
use super::output::Output;
use crate::project::graph::Graph;
use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub struct GraphArgs {
    /// What to draw it as.
    #[arg(long = "as", value_enum, default_value_t = Drawing::Mermaid, value_name = "WHAT")]
    pub drawing: Drawing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Drawing {
    /// Text that GitHub, GitLab and wikis draw.
    Mermaid,
    /// A picture for a page or a browser.
    Svg,
}

/// Runs the command.
///
/// # Errors
/// A project that does not load.
pub fn run(global: &Global, args: &GraphArgs, output: &Output) -> Result<Exit, Failure> {
    let generation = context::load(global, output)?;
    let graph = Graph::of(&generation);
    let text = match args.drawing {
        Drawing::Mermaid => graph.mermaid(),
        Drawing::Svg => graph.svg(),
    };
    output.line(text.trim_end());
    Ok(Exit::Done)
}
