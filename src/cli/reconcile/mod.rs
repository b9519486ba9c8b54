//! `reconcile`: the month's close.

mod terminal;

use super::args::{Global, ReconcileArgs};
use super::context;
use super::exit::{Exit, Failure};
use super::output::Output;
use crate::run::reconcile::{Asked, reconcile};
use std::sync::Arc;

/// Runs the command.
///
/// # Errors
/// When no plan of the period is stored, or what the store or GP gives.
pub async fn run(global: &Global, args: &ReconcileArgs, output: &Output) -> Result<Exit, Failure> {
    let generation = context::load(global, output)?;
    let pipeline = context::pipeline(&generation, &args.choice)?;
    let clock = context::clock(global);
    let period = context::period(&generation, pipeline, &args.choice, clock.as_ref())?;
    let choice = super::args::Choice { pipeline: Some(pipeline.name.clone()), period: Some(period.code.0.clone()) };
    let store = context::store(global)?;
    let saved = context::stored_plan(store.as_ref(), &generation, None, &choice).await?;
    let systems = match args.offline {
        true => None,
        false => Some(context::systems(&generation, Arc::clone(&store), clock)?),
    };
    let bar = output.progress("reading the period's journals");
    let asked = Asked { gp: systems.as_ref().map(|systems| &systems.gp), hide_single: args.hide_single };
    let pack = reconcile(store.as_ref(), &saved.id, asked).await;
    bar.finish_and_clear();
    let pack = pack?;
    if output.is_json() {
        output.json(&pack);
    } else {
        terminal::print(output, &pack);
    }
    Ok(if pack.agrees { Exit::Done } else { Exit::Held })
}
