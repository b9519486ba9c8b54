//! `lint`: every mistake of the project at once.

use super::args::{Format, Global, LintArgs};
use super::context;
use super::exit::{Exit, Failure};
use super::output::{Output, bad, care, good};
use super::plan_view::count;
use crate::gp::check_dialect;
use crate::gp::dialect::{Dialect, read_dialect};
use crate::project::finding::Severity;
use crate::project::pipeline::{Make, Rates};
use crate::project::source::Sources;
use crate::project::{Finding, Generation, render};
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
        Ok(dialect) => Some(unable(generation, &dialect, &gp.dialect_file)).filter(|findings| !findings.is_empty()),
    }
}

/// What pipelines want of GP that this dialect cannot ask for.
fn unable(generation: &Generation, dialect: &Dialect, file: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for pipeline in &generation.pipelines {
        let Make::Journal(rule) = &pipeline.make else { continue };
        if let Some(accrue) = rule.accrue()
            && dialect.journals.reversing.is_none()
        {
            let message = format!("{file} does not say how GP is asked to reverse a journal");
            let help = "add `reversing` under its `journals`, or remove `accrue`: docs/dialect.md";
            findings.push(Finding::error("cannot-reverse", accrue.place.clone(), message).help(help));
        }
        if let Some(place) = &pipeline.corrections.replace_unposted
            && dialect.journals.replace.is_none()
        {
            let message = format!("{file} does not say how GP is asked to write an unposted journal anew");
            let help =
                "add `replace` under its `journals` if the site's service can, or remove `unposted`: docs/dialect.md";
            findings.push(Finding::error("cannot-replace", place.clone(), message).help(help));
        }
        if let Some(rates) = rule.exchange_fields() {
            findings.extend(cannot_exchange(rates, dialect, file));
        }
    }
    findings
}

fn cannot_exchange(rates: &Rates, dialect: &Dialect, file: &str) -> Option<Finding> {
    let own = &dialect.values.functional_currency;
    let (message, help) = if dialect.journals.exchange.is_none() {
        let message = format!("{file} does not say how a journal carries its exchange rate");
        (message, "add `exchange` under its `journals`, or remove `as`: docs/dialect.md".to_owned())
    } else if rates.to.code() != own {
        let message = format!("GP's own currency is {own} in {file}, and here it is {}", rates.to);
        (message, "let `to` and the dialect's `functional_currency` name the same currency".to_owned())
    } else {
        return None;
    };
    Some(Finding::error("cannot-exchange", rates.place.clone(), message).help(help))
}

/// Whether the dialect can be used.
///
/// # Errors
/// Exit 78 when it cannot.
pub fn dialect(generation: &Generation) -> Result<(), Failure> {
    let Some(gp) = &generation.project.gp else { return Ok(()) };
    match check_dialect(&gp.dialect_file, &gp.dialect_text) {
        Ok(dialect) => match unable(generation, &dialect, &gp.dialect_file).first() {
            Some(finding) => {
                let error = anyhow!("{}: {}", finding.place, finding.message);
                Err(Failure::new(Exit::DoesNotLoad, error).hint("see docs/dialect.md"))
            }
            None => Ok(()),
        },
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
