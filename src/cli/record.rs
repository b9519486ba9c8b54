//! `record`: a story of what really happened, told of invented people; the fields of the BambooHR account.

use super::args::{Choice, Global};
use super::exit::{Exit, Failure};
use super::output::Output;
use super::{asker, context};
use crate::project::files::write_whole;
use crate::project::roles::Power;
use crate::project::source::FIELDS_FILE;
use crate::project::{Generation, Pipeline};
use crate::run::explain::stored_facts;
use crate::run::record::{Wanted, record};
use crate::run::systems::RunError;
use crate::run::{facts_folder, planning};
use anyhow::anyhow;
use clap::Args;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub struct RecordArgs {
    #[command(flatten)]
    pub choice: Choice,
    /// Whom the story is about: BambooHR's id or the employee number, as often as needed.
    #[arg(long, value_name = "ID")]
    pub employee: Vec<String>,
    /// What happens, in one sentence.
    #[arg(long, value_name = "SENTENCE")]
    pub story: Option<String>,
    /// Where the people are: a folder of facts; else the newest stored plan, else both systems.
    #[arg(long, value_name = "FOLDER")]
    pub facts: Option<PathBuf>,
    /// The file to write, for example tests/raise.yaml [default: print it].
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Instead of a story: ask BambooHR for the account's fields, so that lint knows them.
    #[arg(long, conflicts_with_all = ["employee", "story", "facts", "out"])]
    pub fields: bool,
}

/// Runs the command.
///
/// # Errors
/// Nobody to tell of, facts that do not read, or a system that does not answer.
pub async fn run(global: &Global, args: &RecordArgs, output: &Output) -> Result<Exit, Failure> {
    let generation = context::load(global, output)?;
    if args.fields {
        return fields(global, &generation, output).await;
    }
    if args.employee.is_empty() {
        return Err(Failure::new(Exit::Usage, anyhow!("whom is the story about?"))
            .hint("--employee ID, as often as needed; `ml-connector held` names people who are held"));
    }
    let pipeline = context::pipeline(&generation, &args.choice)?;
    let clock = context::clock(global);
    let period = context::period(&generation, pipeline, &args.choice, clock.as_ref())?;
    let facts = match &args.facts {
        Some(folder) => facts_folder::load(folder)?,
        None => known_facts(global, args, &generation, pipeline, &period, output).await?,
    };
    let sentence =
        args.story.clone().unwrap_or_else(|| format!("What {} made of {} people.", pipeline.name, args.employee.len()));
    let wanted = Wanted { pipeline, period: &period, people: &args.employee, sentence: &sentence };
    let text = record(&generation, &wanted, &facts)?;
    match &args.out {
        Some(file) => write(&global.project.join(file), &text, output)?,
        None => output.line(text.trim_end()),
    }
    output.note("people and pay in it are invented; places and dates are real: look before you commit it");
    Ok(Exit::Done)
}

/// The facts of the newest stored plan of the period, else what both systems say now.
async fn known_facts(
    global: &Global,
    args: &RecordArgs,
    generation: &Generation,
    pipeline: &Pipeline,
    period: &crate::hr::Period,
    output: &Output,
) -> Result<crate::plan::facts::Facts, Failure> {
    let store = context::store(global)?;
    if let Some(saved) = store.latest_plan(&pipeline.name, args.choice.period.as_ref().map(|_| &period.code)).await? {
        return Ok(stored_facts(store.as_ref(), &saved.id).await?.1);
    }
    let asker = asker::asker(global, &generation.project.rules, None).await?;
    asker.allowed(global, Power::Run, &pipeline.name).await?;
    let systems = context::systems(global, generation, store, context::clock(global)).await?;
    let bar = output.progress("observing BambooHR and GP");
    let facts = planning::observe_all(&systems, generation, &[pipeline], period).await;
    bar.finish_and_clear();
    Ok(facts?)
}

async fn fields(global: &Global, generation: &Generation, output: &Output) -> Result<Exit, Failure> {
    let systems = context::systems(global, generation, context::store(global)?, context::clock(global)).await?;
    let fields = systems.bamboohr.fields().await.map_err(RunError::from)?;
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut put = |row: [&str; 3]| {
        writer
            .write_record(row)
            .map_err(|error| RunError::Write { what: FIELDS_FILE.to_owned(), why: error.to_string() })
    };
    put(["field", "name", "type"])?;
    for field in &fields {
        put([&field.field, &field.label, &field.kind])?;
    }
    let bytes = writer.into_inner().map_err(|error| Failure::new(Exit::Bug, anyhow!("{error}")))?;
    write(&global.project.join(FIELDS_FILE), &String::from_utf8_lossy(&bytes), output)?;
    output.line(format!("{} fields of the account: lint knows them now", fields.len()));
    Ok(Exit::Done)
}

fn write(path: &Path, text: &str, output: &Output) -> Result<(), Failure> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| Failure::new(Exit::DoesNotLoad, anyhow!(error)))?;
    }
    write_whole(path, text)
        .map_err(|error| RunError::Write { what: path.display().to_string(), why: error.to_string() })?;
    output.note(format!("wrote {}", path.display()));
    Ok(())
}
