//! `reconcile`: the month's close, on a [`terminal`], as one printable page ([`html`]) and as a workbook ([`xlsx`]).

mod html;
mod terminal;
mod xlsx;

use super::args::{Choice, Global};
use super::exit::{Exit, Failure};
use super::output::Output;
use super::{asker, context};
use crate::project::roles::Power;
use crate::run::reconcile::{Asked, reconcile};
use crate::run::systems::RunError;
use anyhow::anyhow;
use clap::Args;
use std::path::{Path, PathBuf};
use std::sync::Arc;

#[derive(Debug, Args)]
pub struct ReconcileArgs {
    #[command(flatten)]
    pub choice: Choice,
    /// Write a page to print.
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Write a workbook.
    #[arg(long, value_name = "FILE")]
    pub xlsx: Option<PathBuf>,
    /// Do not ask GP: compare the plan with our own ledger only.
    #[arg(long)]
    pub offline: bool,
    /// Roll cost centres of a single person into `others`.
    #[arg(long)]
    pub hide_single: bool,
}

/// Runs the command.
///
/// # Errors
/// When no plan of the period is stored, or what the store or GP gives.
pub async fn run(global: &Global, args: &ReconcileArgs, output: &Output) -> Result<Exit, Failure> {
    let generation = context::load(global, output)?;
    let pipeline = context::pipeline(&generation, &args.choice)?;
    let clock = context::clock(global);
    let period = context::period(&generation, pipeline, &args.choice, clock.as_ref())?;
    let asker = asker::asker(global, &generation.project.rules, None).await?;
    if !args.offline {
        asker.allowed(global, Power::Run, &pipeline.name).await?;
    }
    // What is planned stands beside what was sent, and between them is somebody's raise, whatever is rolled together.
    asker.allowed(global, Power::SeePay, &pipeline.name).await?;
    let choice = Choice { pipeline: Some(pipeline.name.clone()), period: Some(period.code.0.clone()) };
    let store = context::store(global)?;
    let saved = context::stored_plan(store.as_ref(), &generation, None, &choice).await?;
    let systems = match args.offline {
        true => None,
        false => Some(context::systems(global, &generation, Arc::clone(&store), clock).await?),
    };
    let bar = output.progress("reading the period's journals");
    let asked = Asked { systems: systems.as_ref(), hide_single: args.hide_single };
    let pack = reconcile(store.as_ref(), &saved.id, asked).await;
    bar.finish_and_clear();
    let pack = pack?;
    if let Some(path) = &args.html {
        let page = html::page(&pack).map_err(|error| Failure::new(Exit::Bug, anyhow!(error)))?;
        write(path, page.as_bytes(), output)?;
    }
    if let Some(path) = &args.xlsx {
        let book = xlsx::workbook(&pack).map_err(|error| Failure::new(Exit::Bug, anyhow!(error)))?;
        write(path, &book, output)?;
    }
    if output.is_json() {
        output.json(&pack);
    } else {
        terminal::print(output, &pack);
    }
    Ok(if pack.agrees { Exit::Done } else { Exit::Held })
}

fn write(path: &Path, bytes: &[u8], output: &Output) -> Result<(), Failure> {
    std::fs::write(path, bytes)
        .map_err(|error| RunError::Write { what: path.display().to_string(), why: error.to_string() })?;
    output.note(format!("wrote {}", path.display()));
    Ok(())
}
