//! `test`: the project's stories: told, written anew, and what none of them touches.

use super::args::{Format, Global};
use super::context;
use super::exit::{Exit, Failure};
use super::output::{Output, bad, care, good, strong};
use super::plan_view::count;
use crate::project::Generation;
use crate::project::files::write_whole;
use crate::project::render::{Case, junit};
use crate::project::story_text::with_parts;
use crate::run::coverage::{Item, coverage};
use crate::run::expectation::parts;
use crate::run::stories::{Told, tell};
use anyhow::anyhow;
use clap::Args;
use serde_json::json;

#[derive(Debug, Args)]
pub struct TestArgs {
    /// Only stories whose name contains this.
    pub only: Option<String>,
    /// Write what comes out into the stories that fail. Read the difference before you keep it.
    #[arg(long, conflicts_with = "coverage")]
    pub update: bool,
    /// Tell what no story touches: lines, amounts, checks, rows of tables.
    #[arg(long, conflicts_with = "only")]
    pub coverage: bool,
}

/// How many items of a kind are listed before the rest is counted.
const LISTED: usize = 12;

/// Runs the command.
///
/// # Errors
/// When the project does not load, or a story cannot be written.
pub fn run(global: &Global, args: &TestArgs, output: &Output) -> Result<Exit, Failure> {
    let generation = context::load(global, output)?;
    if args.coverage {
        show_coverage(&coverage(&generation), output);
        return Ok(Exit::Done);
    }
    let told = tell(&generation, args.only.as_deref());
    if let Some(only) = args.only.as_deref().filter(|_| told.is_empty()) {
        return Err(Failure::new(Exit::Usage, anyhow!("no story's name contains `{only}`"))
            .hint(format!("this project has {} stories; `ml-connector test` tells all", generation.stories.len())));
    }
    if args.update {
        return update(global, &generation, &told, output);
    }
    let failed = told.iter().filter(|told| !told.holds()).count();
    match output.format {
        Format::Json => {
            let story = |told: &Told| json!({ "story": told.story, "place": told.place, "holds": told.holds(), "differences": told.differences });
            output.json(&told.iter().map(story).collect::<Vec<_>>());
        }
        Format::Junit => {
            let cases: Vec<Case> = told.iter().map(case).collect();
            output.line(junit("ml-connector test", &cases).trim_end());
        }
        _ => {
            print(&told, output);
            output.line(format!("{} passed, {failed} failed", told.len() - failed));
        }
    }
    Ok(if failed > 0 { Exit::Findings } else { Exit::Done })
}

fn case(told: &Told) -> Case {
    Case {
        class: told.place.split(':').next().unwrap_or_default().to_owned(),
        name: told.story.clone(),
        failure: (!told.holds()).then(|| format!("{}\n{}", told.place, told.differences.join("\n"))),
    }
}

fn print(told: &[Told], output: &Output) {
    for story in told {
        let mark = if story.holds() { good("ok  ") } else { bad("FAIL") };
        output.line(format!("{mark} {}", story.story));
        if !story.holds() {
            output.line(format!("     {}", story.place));
        }
        for difference in &story.differences {
            output.line(format!("     {difference}"));
        }
    }
}

/// Writes what came out into the stories that fail.
fn update(global: &Global, generation: &Generation, told: &[Told], output: &Output) -> Result<Exit, Failure> {
    let mut left = 0;
    print(told, output);
    for told in told.iter().filter(|told| !told.holds()) {
        let story = generation.stories.iter().find(|story| story.place.to_string() == told.place);
        let (Some(story), Some(plan)) = (story, &told.plan) else {
            left += 1;
            continue;
        };
        let path = global.project.join(&*story.place.file);
        let text = std::fs::read_to_string(&path)
            .map_err(|error| Failure::new(Exit::DoesNotLoad, anyhow!("{}: {error}", path.display())))?;
        match with_parts(&text, &parts(&story.expect, plan)) {
            Some(new) => {
                write_whole(&path, &new)
                    .map_err(|error| Failure::new(Exit::DoesNotLoad, anyhow!("{}: {error}", path.display())))?;
                output.line(format!("{} {}", care("wrote"), story.place.file));
            }
            None => {
                left += 1;
                output.note(format!("{}: `expect` is not written on lines of its own: write it by hand", story.place));
            }
        }
    }
    output.line("read the difference before you keep it: an expectation that follows the program proves nothing");
    Ok(if left > 0 { Exit::Findings } else { Exit::Done })
}

fn show_coverage(items: &[Item], output: &Output) {
    if output.is_json() {
        return output.json(&items);
    }
    let kinds = ["pipeline", "keep", "line", "amount", "action", "check", "table row"];
    for kind in kinds {
        let own: Vec<&Item> = items.iter().filter(|item| item.kind == kind).collect();
        let missed: Vec<&&Item> = own.iter().filter(|item| !item.touched).collect();
        if own.is_empty() {
            continue;
        }
        let touched = own.len() - missed.len();
        let share = format!("{touched} of {}", count(own.len(), kind));
        output.line(if missed.is_empty() { good(&share) } else { care(&share) });
        for item in missed.iter().take(LISTED) {
            output.line(format!("  {} {}  {}", strong(&item.what), item.pipeline, item.place));
        }
        if missed.len() > LISTED {
            output.line(format!("  and {} more (--format json lists all)", missed.len() - LISTED));
        }
    }
    let untouched = items.iter().filter(|item| !item.touched).count();
    output.line(format!("no story touches {}", count(untouched, "thing")));
}
