//! `lint`: every mistake of the project at once.

use super::args::{Format, Global, LintArgs};
use super::context;
use super::exit::{Exit, Failure};
use super::output::{Output, bad, care, good};
use super::plan_view::count;
use crate::gp::check_dialect;
use crate::gp::dialect::read_dialect;
use crate::project::finding::Severity;
use crate::project::pipeline::Make;
use crate::project::source::Sources;
use crate::project::{Finding, Generation, Pipeline, render};
use anyhow::anyhow;

/// Runs the command.
///
/// # Errors
/// A dialect that cannot be used.
pub fn run(global: &Global, args: &LintArgs, output: &Output) -> Result<Exit, Failure> {
    let deny = args.deny.is_some();
    match Generation::load(&global.project, global.environment.as_deref()) {
        Ok(generation) => {
            if let Some(findings) = dialect_findings(&generation) {
                show(&findings, &generation.sources, output);
                return Ok(Exit::Findings);
            }
            show(&generation.warnings, &generation.sources, output);
            let failed = deny && !generation.warnings.is_empty();
            if output.format == Format::Human {
                summary(&generation.warnings, &generation, output);
            }
            Ok(if failed { Exit::Findings } else { Exit::Done })
        }
        Err(broken) => {
            show(&broken.findings, &broken.sources, output);
            if output.format == Format::Human {
                let errors = broken.findings.iter().filter(|finding| finding.severity == Severity::Error).count();
                output.note(format!("{} {}", bad("does not load:"), count(errors, "error")));
            }
            Ok(Exit::Findings)
        }
    }
}

/// Mistakes of the dialect file, which is the GP edge's to read: checked here beside the project.
fn dialect_findings(generation: &Generation) -> Option<Vec<Finding>> {
    let gp = generation.project.gp.as_ref()?;
    match read_dialect(&gp.dialect_file, &gp.dialect_text) {
        Err(findings) => Some(findings),
        Ok(dialect) if dialect.journals.reversing.is_none() => {
            Some(accruals(generation, &gp.dialect_file)).filter(|findings| !findings.is_empty())
        }
        Ok(_) => None,
    }
}

/// Accruals that this dialect cannot ask GP for.
fn accruals(generation: &Generation, dialect: &str) -> Vec<Finding> {
    let accrues = |pipeline: &Pipeline| match &pipeline.make {
        Make::Journal(rule) => rule.accrue().map(|accrue| accrue.place.clone()),
        Make::Record(_) => None,
    };
    let finding = |place| {
        let message = format!("{dialect} does not say how GP is asked to reverse a journal");
        Finding::error("cannot-reverse", place, message)
            .help("add `reversing` under its `journals`, or remove `accrue`: docs/dialect.md")
    };
    generation.pipelines.iter().filter_map(accrues).map(finding).collect()
}

/// Whether the dialect can be used.
///
/// # Errors
/// Exit 78 when it cannot.
pub fn dialect(generation: &Generation) -> Result<(), Failure> {
    let Some(gp) = &generation.project.gp else { return Ok(()) };
    match check_dialect(&gp.dialect_file, &gp.dialect_text) {
        Ok(dialect) if dialect.journals.reversing.is_none() => match accruals(generation, &gp.dialect_file).first() {
            Some(finding) => {
                let error = anyhow!("{}: {}", finding.place, finding.message);
                Err(Failure::new(Exit::DoesNotLoad, error).hint("see docs/dialect.md"))
            }
            None => Ok(()),
        },
        Ok(_) => Ok(()),
        Err(error) => Err(Failure::new(Exit::DoesNotLoad, anyhow!(error)).hint("see docs/dialect.md")),
    }
}

fn show(findings: &[Finding], sources: &Sources, output: &Output) {
    match output.format {
        Format::Human if findings.is_empty() => {}
        Format::Human => output.line(render::human(findings, sources, context::colour()).trim_end()),
        Format::Concise if findings.is_empty() => {}
        Format::Concise => output.line(render::concise(findings).trim_end()),
        Format::Json => output.line(render::json(findings).trim_end()),
    }
}

fn summary(warnings: &[Finding], generation: &Generation, output: &Output) {
    let what = format!(
        "{} · {} · {} · generation {}",
        count(generation.pipelines.len(), "pipeline"),
        count(generation.stories.len(), "test"),
        generation.project.name,
        super::plan::short(&generation.id)
    );
    if warnings.is_empty() {
        output.line(format!("{} {what}", good("loads, no findings:")));
    } else {
        output.line(format!("{} {what}", care(&format!("loads with {}:", count(warnings.len(), "warning")))));
    }
}
