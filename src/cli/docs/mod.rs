//! `docs`: the project as one page that a controller can read and sign.

use super::args::Global;
use super::context;
use super::exit::{Exit, Failure};
use super::output::Output;
use crate::project::Generation;
use crate::project::describe::{Description, describe, people};
use crate::project::graph::Graph;
use crate::run::systems::RunError;
use anyhow::anyhow;
use clap::Args;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, context};
use serde::Serialize;
use std::path::PathBuf;

const PAGE: &str = include_str!("page.html.j2");
/// Rows of one table that are shown; a long list is looked up in its file.
const ROWS: usize = 400;

#[derive(Debug, Args)]
pub struct DocsArgs {
    /// The page to write.
    #[arg(value_name = "FILE", default_value = "project.html")]
    pub file: PathBuf,
}

/// A table as its file has it.
#[derive(Serialize)]
struct Shown {
    file: String,
    header: Vec<String>,
    rows: Vec<Vec<String>>,
    more: usize,
}

/// A story, for the reader: what happens, and what is booked.
#[derive(Serialize)]
struct Example {
    name: String,
    about: String,
    pipeline: String,
    period: String,
    lines: Vec<[String; 3]>,
}

/// Runs the command.
///
/// # Errors
/// A project that does not load, or a page that cannot be written.
pub fn run(global: &Global, args: &DocsArgs, output: &Output) -> Result<Exit, Failure> {
    let generation = context::load(global, output)?;
    let pipelines: Vec<Description> = generation.pipelines.iter().map(describe).collect();
    if output.is_json() {
        output.json(&serde_json::json!({ "project": generation.project.name, "generation": generation.id,
            "people": people(&generation.project.rules), "pipelines": pipelines }));
        return Ok(Exit::Done);
    }
    let page = page(&generation, &pipelines).map_err(|error| Failure::new(Exit::Bug, anyhow!(error)))?;
    std::fs::write(&args.file, page)
        .map_err(|error| RunError::Write { what: args.file.display().to_string(), why: error.to_string() })?;
    output.note(format!("wrote {}", args.file.display()));
    Ok(Exit::Done)
}

fn page(generation: &Generation, pipelines: &[Description]) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_filter("code", code);
    environment.add_template("page", PAGE)?;
    let project = &generation.project;
    let gp = project.gp.as_ref().map(|gp| {
        context! { company => &gp.company, companies => &gp.companies, server => &gp.server,
        numbers => gp.journal_numbers.map(|(first, last)| format!("{first} to {last}")) }
    });
    environment.get_template("page")?.render(context! {
        name => &project.name, about => &project.about, time_zone => &project.time_zone, generation => &generation.id,
        bamboohr => project.bamboohr.as_ref().map(|bamboohr| &bamboohr.company), gp,
        graph => Graph::of(generation).svg(), people => people(&project.rules),
        pipelines => Serde(pipelines), tables => Serde(tables(generation)), examples => Serde(examples(generation)),
        ignored => generation.ignored.iter().map(|finding| format!("{}: {}", finding.place, finding.message)).collect::<Vec<_>>(),
    })
}

/// Words between back quotes become code.
fn code(text: &str) -> minijinja::Value {
    let mut html = String::new();
    for (at, part) in text.split('`').enumerate() {
        let part = part.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        html.push_str(&if at % 2 == 1 { format!("<code>{part}</code>") } else { part });
    }
    minijinja::Value::from_safe_string(html)
}

fn tables(generation: &Generation) -> Vec<Shown> {
    // Tables of people's amounts (what a burden costs each, wages before the first period) are pay: they are left out.
    let read = Graph::of(generation).tables_to_show();
    let csv = generation.files.iter().filter(|(path, _)| path.ends_with(".csv") && read.contains(*path));
    let shown = |(path, bytes): (&str, &[u8])| {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
        let cells = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect::<Vec<String>>();
        let header = reader.headers().map(cells).unwrap_or_default();
        let mut rows: Vec<Vec<String>> = reader.records().filter_map(Result::ok).map(|record| cells(&record)).collect();
        let more = rows.len().saturating_sub(ROWS);
        rows.truncate(ROWS);
        Shown { file: path.to_owned(), header, rows, more }
    };
    csv.map(shown).collect()
}

fn examples(generation: &Generation) -> Vec<Example> {
    let example = |story: &crate::project::story::Story| Example {
        name: story.name.clone(),
        about: story.about.clone(),
        pipeline: story.pipeline.clone(),
        period: story.period.code.0.clone(),
        lines: story
            .expect
            .lines
            .iter()
            .flatten()
            .map(|line| [line.account.clone(), line.debit.clone(), line.credit.clone()])
            .collect(),
    };
    generation.stories.iter().map(example).collect()
}
