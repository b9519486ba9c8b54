//! `observe`: read both systems, save the facts.

use super::args::{Choice, Global};
use super::exit::{Exit, Failure};
use super::output::Output;
use super::{asker, context};
use crate::project::Pipeline;
use crate::project::roles::Power;
use crate::run::{facts_folder, planning};
use crate::store::AuditEntry;
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct ObserveArgs {
    // Without --pipeline: for all pipelines of the project.
    #[command(flatten)]
    pub choice: Choice,
    /// Save the facts into this folder.
    #[arg(long, value_name = "FOLDER")]
    pub save: Option<PathBuf>,
}

/// Runs the command.
///
/// # Errors
/// What loading, observing or writing gives.
pub async fn run(global: &Global, args: &ObserveArgs, output: &Output) -> Result<Exit, Failure> {
    let generation = context::load(global, output)?;
    let pipelines: Vec<&Pipeline> = match args.choice.pipeline {
        Some(_) => vec![context::pipeline(&generation, &args.choice)?],
        None => generation.pipelines.iter().collect(),
    };
    let pipeline = context::first_journal(&pipelines)?;
    let clock = context::clock(global);
    let period = context::period(&generation, pipeline, &args.choice, clock.as_ref())?;
    let asker = asker::asker(global, &generation.project.rules, None).await?;
    asker.allowed(global, Power::Run, "facts").await?;
    if args.save.is_some() {
        asker.allowed(global, Power::SeePay, "facts").await?;
    }
    let now = clock.now();
    let systems = context::systems(global, &generation, context::store(global)?, clock).await?;
    let bar = output.progress("observing BambooHR and GP");
    let facts = planning::observe_all(&systems, &generation, &pipelines, &period).await;
    bar.finish_and_clear();
    let facts = facts?;
    let counts = [
        ("people", facts.people.len()),
        ("job rows", facts.job_rows.len()),
        ("employment rows", facts.employment_rows.len()),
        ("compensation rows", facts.compensation_rows.len()),
        ("hours rows", facts.hours.len()),
        ("GP accounts", facts.accounts.len()),
        ("GP dimension values", facts.dimension_values.len()),
        ("GP fiscal periods", facts.fiscal_periods.len()),
        ("GP vendors", facts.vendors.len()),
        ("GP employees", facts.employees.len()),
        ("lines sent before", facts.sent.len()),
    ];
    if output.is_json() {
        let counts: serde_json::Map<String, serde_json::Value> =
            counts.iter().map(|(what, count)| (what.replace(' ', "_").to_lowercase(), (*count).into())).collect();
        output.json(&counts);
    } else {
        for (what, count) in counts {
            output.line(format!("{count:>8} {what}"));
        }
    }
    for notice in &facts.notices {
        output.note(format!("{}: {} → {}", notice.subject, notice.message, notice.remedy));
    }
    if let Some(folder) = &args.save {
        let detail = format!("pay of {} people for {}, saved into a folder", facts.people.len(), period.code);
        let (who, what, subject) = (asker.name.clone(), "read pay".to_owned(), "facts".to_owned());
        systems.store.audit(AuditEntry { at: now, who, what, subject, detail }).await?;
        facts_folder::save(&facts, folder)?;
        output.note(format!(
            "saved: ml-connector plan --pipeline {} --for {} --facts {}",
            pipeline.name,
            period.code,
            folder.display()
        ));
    }
    Ok(Exit::Done)
}
