//! `lint --explain`: what a code means, with an example that is known to give it.

use super::context;
use super::exit::{Exit, Failure};
use super::output::{Output, strong};
use crate::project::codes::{self, Code, Of};
use crate::project::finding::did_you_mean;
use crate::project::mistake::{self, Mistake};
use crate::run::lint::lint;
use anyhow::anyhow;
use serde_json::json;

/// Explains one code.
///
/// # Errors
/// A code that there is not.
pub fn explain(code: &str, output: &Output) -> Result<Exit, Failure> {
    let all = codes::all();
    let meant: Vec<&Code> = all.iter().filter(|known| known.code == code).collect();
    if meant.is_empty() {
        let known: Vec<&str> = all.iter().map(|known| known.code).collect();
        let hint =
            did_you_mean(code, &known).unwrap_or_else(|| "docs/findings.md and docs/holds.md list them".to_owned());
        return Err(Failure::new(Exit::Usage, anyhow!("there is no code `{code}`")).hint(hint));
    }
    let example = mistake::all().unwrap_or_default().into_iter().filter(|mistake| mistake.gives(code)).min_by_key(size);
    if output.is_json() {
        let entry = |known: &&Code| {
            let says: serde_json::Map<String, serde_json::Value> =
                known.says.iter().map(|(heading, text)| (name(heading), json!(text))).collect();
            json!({ "code": known.code, "of": of(known), "section": known.section, "says": says, "page": known.page(),
                    "example": example.as_ref().map(|mistake| json!({ "change": mistake.change, "shown": mistake.screen })) })
        };
        output.json(&meant.iter().map(entry).collect::<Vec<_>>());
        return Ok(Exit::Done);
    }
    for known in meant {
        output.line(format!("{} · {} · {}", strong(known.code), of(known), known.section));
        output.line("");
        for (heading, text) in &known.says {
            let heading = if heading.is_empty() { String::new() } else { format!("{heading}: ") };
            output.line(format!("  {heading}{}", text.replace('`', "")));
        }
        output.line(format!("\n  {}", known.page()));
    }
    if let Some(mistake) = example {
        show(&mistake, output);
    }
    Ok(Exit::Done)
}

/// Small examples explain best.
fn size(mistake: &Mistake) -> (usize, String) {
    (mistake.change.len() + mistake.screen.len(), mistake.path.clone())
}

fn show(mistake: &Mistake, output: &Output) {
    output.line(format!("\nFor example, {}:\n", lower_first(&mistake.what)));
    for line in mistake.change.lines() {
        output.line(format!("  {line}"));
    }
    output.line("\nlint says:\n");
    let frames = tempfile::tempdir().ok().and_then(|folder| {
        mistake.write(folder.path()).ok()?;
        let linted = lint(folder.path(), None);
        Some(crate::project::render::human(&linted.findings, &linted.sources, context::colour()))
    });
    output.line(frames.as_deref().unwrap_or(&mistake.screen).trim_end());
}

fn of(code: &Code) -> String {
    match code.of {
        Of::Finding(severity) => format!("{severity} of lint"),
        Of::Hold => "hold of a plan".to_owned(),
        Of::Warning => "warning of a plan".to_owned(),
    }
}

fn name(heading: &str) -> String {
    if heading.is_empty() { "meaning".to_owned() } else { heading.replace(' ', "_") }
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
