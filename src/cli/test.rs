//! `test`: the project's stories.

use super::args::{Format, Global, TestArgs};
use super::context;
use super::exit::{Exit, Failure};
use super::output::{Output, bad, good};
use crate::project::render::{Case, junit};
use crate::run::stories::{Told, tell};
use anyhow::anyhow;
use serde_json::json;

/// Runs the command.
///
/// # Errors
/// When the project does not load.
pub fn run(global: &Global, args: &TestArgs, output: &Output) -> Result<Exit, Failure> {
    let generation = context::load(global, output)?;
    let told = tell(&generation, args.only.as_deref());
    if let Some(only) = args.only.as_deref().filter(|_| told.is_empty()) {
        return Err(Failure::new(Exit::Usage, anyhow!("no story's name contains `{only}`"))
            .hint(format!("this project has {} stories; `ml-connector test` tells all", generation.stories.len())));
    }
    let failed = told.iter().filter(|told| !told.holds()).count();
    if output.is_json() {
        let story = |told: &Told| json!({ "story": told.story, "place": told.place, "holds": told.holds(), "differences": told.differences });
        output.json(&told.iter().map(story).collect::<Vec<_>>());
    } else if output.format == Format::Junit {
        let case = |told: &Told| Case {
            class: told.place.split(':').next().unwrap_or_default().to_owned(),
            name: told.story.clone(),
            failure: (!told.holds()).then(|| format!("{}\n{}", told.place, told.differences.join("\n"))),
        };
        let cases: Vec<Case> = told.iter().map(case).collect();
        output.line(junit("ml-connector test", &cases).trim_end());
    } else {
        print(&told, output);
        output.line(format!("{} passed, {failed} failed", told.len() - failed));
    }
    Ok(if failed > 0 { Exit::Findings } else { Exit::Done })
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
