//! `lint`: every mistake of the project at once, mended where that is certain, and told in the form that is wanted.

use super::args::{Format, Global};
use super::context;
use super::exit::{Exit, Failure};
use super::output::{Output, bad, care, good};
use super::plan_view::count;
use crate::project::finding::Severity;
use crate::project::mend::{Mended, mend};
use crate::project::render::Case;
use crate::project::{Finding, Generation, render};
use crate::run::lint::{Linted, dialect_findings, lint};
use crate::run::live::look;
use crate::run::planning::default_period;
use crate::run::systems::time_zone;
use anyhow::anyhow;
use clap::Args;

#[derive(Debug, Args)]
pub struct LintArgs {
    /// Warnings count as errors.
    #[arg(long, value_name = "WHAT", value_parser = ["warnings"])]
    pub deny: Option<String>,
    /// Write what is certainly meant, and tell it; only texts that had no meaning are replaced.
    #[arg(long)]
    pub fix: bool,
    /// Also ask both systems: fields, accounts, cost centres, departments without a row. Nothing is stored or sent.
    #[arg(long, conflicts_with = "fix")]
    pub live: bool,
    /// Tell what a code means, with an example; codes of holds and warnings, too.
    #[arg(long, value_name = "CODE", conflicts_with_all = ["fix", "deny"])]
    pub explain: Option<String>,
}

/// How often `--fix` looks again: a mend can uncover the next mistake.
const PASSES: usize = 20;

/// Runs the command.
///
/// # Errors
/// An unknown code, or a file that cannot be mended.
pub fn run(global: &Global, args: &LintArgs, output: &Output) -> Result<Exit, Failure> {
    if let Some(code) = &args.explain {
        return super::codes::explain(code, output);
    }
    let environment = global.environment.as_deref();
    let mut linted = lint(&global.project, environment);
    if args.fix {
        for _ in 0..PASSES {
            let mended = mend(&global.project, &linted.findings)
                .map_err(|error| Failure::new(Exit::DoesNotLoad, anyhow!("a file cannot be mended: {error}")))?;
            if mended.is_empty() {
                break;
            }
            mended.iter().for_each(|mended| tell(mended, output));
            linted = lint(&global.project, environment);
        }
    }
    if args.live {
        live(global, &mut linted, output)?;
    }
    show(&linted, global, output);
    if output.format == Format::Human {
        summary(&linted, output);
    }
    let denied = args.deny.is_some() && !linted.findings.is_empty();
    Ok(if linted.generation.is_none() || denied { Exit::Findings } else { Exit::Done })
}

/// Adds what both systems say of a project that loads.
fn live(global: &Global, linted: &mut Linted, output: &Output) -> Result<(), Failure> {
    let Some(generation) = &linted.generation else { return Ok(()) };
    let clock = context::clock(global);
    let zone = time_zone(&generation.project.time_zone)?;
    let today = clock.now().to_zoned(zone).date();
    let bar = output.progress("asking BambooHR and GP");
    let found = super::in_runtime(async {
        let systems = context::systems(global, generation, context::store(global)?, clock).await?;
        Ok::<_, Failure>(look(&systems, generation, |pipeline| default_period(pipeline, today)).await?)
    });
    bar.finish_and_clear();
    let found = found?;
    if found.iter().any(|finding| finding.severity == Severity::Error) {
        linted.generation = None;
    }
    linted.findings.extend(found);
    Ok(())
}

/// Whether the dialect can be used.
///
/// # Errors
/// Exit 78 when it cannot.
pub fn dialect(generation: &Generation) -> Result<(), Failure> {
    match dialect_findings(generation).first() {
        Some(finding) => {
            let error = anyhow!("{}: {}", finding.place, finding.message);
            let remedy = finding.help.clone().unwrap_or_else(|| "see docs/dialect.md".to_owned());
            Err(Failure::new(Exit::DoesNotLoad, error).hint(format!("{remedy}; `ml-connector lint` shows all of it")))
        }
        None => Ok(()),
    }
}

/// What a pass of `--fix` wrote.
fn tell(mended: &Mended, output: &Output) {
    let what = match &mended.changed {
        Some((was, is)) => format!("{} → {}", bad(was), good(is)),
        None => bad("this row is there twice: taken out"),
    };
    output.note(format!("{}: {what}  [{}]", mended.place, mended.code));
}

fn show(linted: &Linted, global: &Global, output: &Output) {
    let findings: &[Finding] = &linted.findings;
    // Reports name files as the build server sees them: from where the command was started.
    let folder = global.project.to_string_lossy().replace('\\', "/");
    let text = match output.format {
        Format::Human | Format::Concise if findings.is_empty() => return,
        Format::Human => render::human(findings, &linted.sources, context::colour()),
        Format::Concise => render::concise(findings),
        Format::Json => render::json(findings),
        Format::Sarif => render::sarif(findings, &folder),
        Format::Github => render::github(findings, &folder),
        Format::Gitlab => render::gitlab(findings, &folder),
        Format::Junit => {
            let cases: Vec<Case> = findings.iter().map(|finding| Case::of(finding, &folder)).collect();
            render::junit("ml-connector lint", &cases)
        }
    };
    if !text.is_empty() {
        output.line(text.trim_end());
    }
}

fn summary(linted: &Linted, output: &Output) {
    if !linted.ignored.is_empty() {
        let what = count(linted.ignored.len(), "warning");
        output.line(format!("{what} accepted by `ignore` in project.yaml"));
    }
    let Some(generation) = &linted.generation else {
        output.line(format!("{} {}", bad("does not load:"), count(linted.errors(), "error")));
        return;
    };
    let what = format!(
        "{} · {} · {} · generation {}",
        count(generation.pipelines.len(), "pipeline"),
        count(generation.stories.len(), "test"),
        generation.project.name,
        super::plan::short(&generation.id)
    );
    if linted.findings.is_empty() {
        output.line(format!("{} {what}", good("loads, no findings:")));
    } else {
        output.line(format!("{} {what}", care(&format!("loads with {}:", count(linted.findings.len(), "warning")))));
    }
}
