//! `run --watch`: one run, and another whenever the project changes.

use super::args::Global;
use super::exit::{Exit, Failure};
use super::output::{Output, bad, good};
use super::plan::short;
use super::run::RunArgs;
use super::stop::Stop;
use super::watching::{Told, Watched};
use super::{context, run};
use crate::run::watch::{Current, Reload, Wakes, follow};
use std::pin::pin;
use std::sync::Arc;
use tokio::sync::mpsc;

/// Runs until `stop` is asked for; a run that goes on is ended first.
///
/// # Errors
/// What the first load gives.
pub async fn watch(global: &Global, args: &RunArgs, output: &Output, stop: &Stop) -> Result<Exit, Failure> {
    let wakes = Wakes::new(&global.project);
    let current = Current::open(&global.project, global.environment.as_deref()).await;
    let current = Arc::new(current.map_err(|broken| context::refused(&broken, output))?);
    let (tell, mut reloads) = mpsc::unbounded_channel();
    let mut told = Told::new(global, Watched::Pipeline(args.choice.pipeline.clone()), &current, output);
    let following = {
        let looked = Arc::clone(&current);
        follow(looked, wakes, move |reload| {
            told.update();
            tell.send(reload).is_ok()
        })
    };
    tokio::spawn(following);
    let mut last = ended(again(global, args, &current, output), output, stop).await;
    loop {
        let reload = tokio::select! {
            biased;
            () = stop.asked() => return Ok(last),
            reload = reloads.recv() => reload,
        };
        match reload {
            Some(Reload::Swapped(new)) => {
                output.note(format!("{} generation {}", good("reloaded:"), short(&new.id)));
                // Edited again while the run before went on: what is in force now is told next, and run.
                if new.id == current.generation().id {
                    last = ended(again(global, args, &current, output), output, stop).await;
                }
            }
            Some(Reload::Refused(broken)) => {
                context::refused(&broken, output);
                output.note(format!("{} generation {} goes on", bad("edit refused:"), short(&current.generation().id)));
            }
            Some(Reload::TakenBack) => {
                output.note(format!("{} generation {} goes on", good("taken back:"), short(&current.generation().id)));
            }
            Some(Reload::Unchanged | Reload::Unsettled) => {}
            None => return Ok(last),
        }
    }
}

/// Waits for the end of a run; whoever asks for the stop meanwhile is told that it comes.
pub async fn ended<T>(run: impl Future<Output = T>, output: &Output, stop: &Stop) -> T {
    let mut run = pin!(run);
    tokio::select! {
        end = &mut run => return end,
        () = stop.asked() => output.note("stopping when this run has ended; asked once more, it stops at once"),
    }
    run.await
}

/// One run with the generation in force; an error is told, and the watch goes on.
async fn again(global: &Global, args: &RunArgs, current: &Current, output: &Output) -> Exit {
    let generation = current.generation();
    let result = match context::lock(global) {
        Ok(_lock) => run::once(global, args, &generation, output).await,
        Err(locked) => Err(locked),
    };
    result.unwrap_or_else(|failure| {
        output.failure(&failure);
        failure.exit
    })
}
