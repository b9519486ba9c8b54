//! Everything that can be said of a project without asking either system: what loading it finds, and whether the GP
//! dialect can do what its pipelines want. The one way to ask for `lint`, the language server and the services.

use crate::gp::dialect::{Dialect, read_dialect};
use crate::project::desk::Desk;
use crate::project::finding::Finding;
use crate::project::pipeline::{Make, Rates};
use crate::project::source::Sources;
use crate::project::{Generation, Severity};
use std::path::Path;

/// What lint found.
#[derive(Debug)]
pub struct Linted {
    /// Errors and warnings, by file, line and column.
    pub findings: Vec<Finding>,
    /// Warnings that project.yaml accepts.
    pub ignored: Vec<Finding>,
    /// The texts that places point into.
    pub sources: Sources,
    /// What loads; `None` when it does not.
    pub generation: Option<Generation>,
}

impl Linted {
    pub fn errors(&self) -> usize {
        self.findings.iter().filter(|finding| finding.severity == Severity::Error).count()
    }
}

/// Looks at the project in `folder`.
pub fn lint(folder: &Path, environment: Option<&str>) -> Linted {
    lint_with(folder, environment, &mut Desk::default())
}

/// The same while it is edited.
pub fn lint_with(folder: &Path, environment: Option<&str>, desk: &mut Desk) -> Linted {
    match Generation::load_with(folder, environment, desk) {
        Err(broken) => {
            Linted { findings: broken.findings, ignored: Vec::new(), sources: broken.sources, generation: None }
        }
        Ok(generation) => {
            let mut findings = generation.warnings.clone();
            let dialect = dialect_findings(&generation);
            let loads = dialect.is_empty();
            findings.splice(0..0, dialect);
            let (ignored, sources) = (generation.ignored.clone(), generation.sources.clone());
            Linted { findings, ignored, sources, generation: Some(generation).filter(|_| loads) }
        }
    }
}

/// Mistakes of the dialect file, which is the GP edge's to read, and what it cannot do.
pub fn dialect_findings(generation: &Generation) -> Vec<Finding> {
    let Some(gp) = generation.project.gp.as_ref() else { return Vec::new() };
    match read_dialect(&gp.dialect_file, &gp.dialect_text) {
        Err(findings) => findings,
        Ok(dialect) => unable(generation, &dialect, &gp.dialect_file),
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
