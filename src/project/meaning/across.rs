//! All pipelines side by side.

use super::Page;
use crate::project::finding::{Finding, Place, did_you_mean};
use crate::project::pipeline::{Make, Pay, Pipeline};
use crate::project::shape::check::Shaped;
use crate::project::shape::pipeline as shape;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A pipeline's file, in its shape.
pub type ShapedFile = (Arc<str>, Shaped<shape::Pipeline>);

/// What is wrong between pipelines, each of which is fine by itself. `corrects`: where each says what it corrects.
/// `complete`: no pipeline failed to compile.
pub fn across(pipelines: &[Pipeline], corrects: &BTreeMap<String, Place>, complete: bool, findings: &mut Vec<Finding>) {
    names_are_unique(pipelines, findings);
    corrects_exist(pipelines, corrects, complete, findings);
    nobody_is_paid_twice(pipelines, findings);
}

fn names_are_unique(pipelines: &[Pipeline], findings: &mut Vec<Finding>) {
    let mut first: BTreeMap<&str, &Pipeline> = BTreeMap::new();
    for pipeline in pipelines {
        match first.get(pipeline.name.as_str()) {
            Some(other) => findings.push(
                Finding::error(
                    "two-pipelines",
                    pipeline.place.clone(),
                    format!("two pipelines are called `{}`", pipeline.name),
                )
                .related(other.place.clone(), "the first one")
                .help("the name is part of every document's identity: give this one another"),
            ),
            None => {
                first.insert(&pipeline.name, pipeline);
            }
        }
    }
}

/// The file that one without `from` and `make` takes all of that from; `None` after a finding.
pub fn corrected<'s>(
    shaped: &Shaped<shape::Pipeline>,
    all: &'s [ShapedFile],
    page: &mut Page<'_>,
) -> Option<&'s ShapedFile> {
    fn name(shaped: &Shaped<shape::Pipeline>) -> Option<&str> {
        shaped.value.pipeline.as_ref().map(|name| name.text.as_str())
    }
    let corrects = shaped.value.corrects.as_ref()?;
    let own = name(shaped);
    let others = || all.iter().filter(|(_, other)| name(other).is_some_and(|name| Some(name) != own));
    let found = others().find(|(_, other)| name(other) == Some(&corrects.text));
    let (message, help) = match found {
        Some(other) if other.1.value.corrects.is_none() => return Some(other),
        Some(_) => (format!("`{}` corrects another pipeline itself", corrects.text), None),
        None if own == Some(&corrects.text) => ("a pipeline corrects another one, not itself".to_owned(), None),
        None => {
            let names: Vec<&str> = others().filter_map(|(_, other)| name(other)).collect();
            (format!("there is no pipeline `{}`", corrects.text), did_you_mean(&corrects.text, &names))
        }
    };
    page.error("bad-corrects", corrects, message, help);
    None
}

fn corrects_exist(
    pipelines: &[Pipeline],
    places: &BTreeMap<String, Place>,
    complete: bool,
    findings: &mut Vec<Finding>,
) {
    for pipeline in pipelines {
        let Some(corrects) = &pipeline.corrects else { continue };
        let other = pipelines.iter().find(|other| other.name == *corrects);
        let message = match other {
            Some(other) if other.name == pipeline.name => "a pipeline corrects another one, not itself".to_owned(),
            Some(other) if matches!(other.make, Make::Record(_)) => {
                format!("`{corrects}` makes records: there is nothing to correct")
            }
            Some(other) if accrues(other) => format!("`{corrects}` accrues: GP reverses it, nobody corrects it"),
            Some(other) if other.corrects.is_some() => format!("`{corrects}` corrects another pipeline itself"),
            Some(_) => continue,
            None if !complete => continue,
            None => format!("there is no pipeline `{corrects}`"),
        };
        let names: Vec<&str> =
            pipelines.iter().map(|other| other.name.as_str()).filter(|name| *name != pipeline.name).collect();
        let help = if other.is_none() { did_you_mean(corrects, &names) } else { None };
        let place = places.get(&pipeline.name).unwrap_or(&pipeline.place).clone();
        findings.push(Finding::error("bad-corrects", place, message).maybe_help(help));
    }
}

/// Two journals of the same people for the same period book their pay twice, unless one corrects the other.
fn nobody_is_paid_twice(pipelines: &[Pipeline], findings: &mut Vec<Finding>) {
    for (position, left) in pipelines.iter().enumerate() {
        for right in &pipelines[position + 1..] {
            let Some(twice) = booked_twice(left, right) else { continue };
            let remedy = if accrues(left) { "" } else { "say `corrects:` in one of them, or " };
            let message = format!("`{}` and `{}` can {twice} for the same period", left.name, right.name);
            findings.push(
                Finding::error("paid-twice", right.place.clone(), message)
                    .related(left.place.clone(), "the other pipeline")
                    .help(format!(
                        "{remedy}keep people apart by the same name: `keep: department == \"A\"` and `keep: department != \"A\"`"
                    )),
            );
        }
    }
}

fn accrues(pipeline: &Pipeline) -> bool {
    matches!(&pipeline.make, Make::Journal(rule) if rule.accrue().is_some())
}

/// What two pipelines can both book of the same people, if anything.
fn booked_twice(left: &Pipeline, right: &Pipeline) -> Option<&'static str> {
    let (one, other) = (left.pay.as_ref()?, right.pay.as_ref()?);
    let shares_ledger = left.corrects.as_ref() == Some(&right.name)
        || right.corrects.as_ref() == Some(&left.name)
        || (left.corrects.is_some() && left.corrects == right.corrects);
    let apart = matches!((&left.keep, &right.keep), (Some(left), Some(right)) if left.excludes(right));
    // What is accrued is reversed: only two accruals book the same twice.
    if shares_ledger || apart || left.name == right.name || accrues(left) != accrues(right) {
        return None;
    }
    // What two registers say is two payrolls.
    let two_payrolls = !one.from_rates && !other.from_rates && left.register != right.register;
    if one.books_wages && other.books_wages && !two_payrolls {
        return Some("pay the same people");
    }
    let types =
        |pay: &'_ Pay| -> Vec<String> { pay.liabilities().flat_map(|(_, liability)| liability.of.clone()).collect() };
    let both = types(one).iter().any(|kind| types(other).contains(kind));
    both.then_some("book the same time off of the same people")
}
