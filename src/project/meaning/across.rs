//! All pipelines side by side.

use crate::project::finding::{Finding, Place, did_you_mean};
use crate::project::pipeline::{Make, Pipeline};
use std::collections::BTreeMap;

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
    let paying: Vec<&Pipeline> =
        pipelines.iter().filter(|pipeline| matches!(pipeline.make, Make::Journal(_))).collect();
    // What is accrued is reversed: only two accruals book the same twice.
    // Without wages nobody is paid.
    let paying = paying.into_iter().filter(|pipeline| pipeline.pay.as_ref().is_none_or(|pay| pay.books_wages));
    let (accruing, paying): (Vec<&Pipeline>, Vec<&Pipeline>) = paying.partition(|pipeline| accrues(pipeline));
    no_two_pay_the_same(&accruing, "keep people apart by the same name: ", findings);
    no_two_pay_the_same(&paying, "say `corrects:` in one of them, or keep people apart by the same name: ", findings);
}

fn accrues(pipeline: &Pipeline) -> bool {
    matches!(&pipeline.make, Make::Journal(rule) if rule.accrue().is_some())
}

fn no_two_pay_the_same(paying: &[&Pipeline], remedy: &str, findings: &mut Vec<Finding>) {
    for (position, left) in paying.iter().enumerate() {
        for right in &paying[position + 1..] {
            let shares_ledger = left.corrects.as_ref() == Some(&right.name)
                || right.corrects.as_ref() == Some(&left.name)
                || (left.corrects.is_some() && left.corrects == right.corrects);
            let apart = match (&left.keep, &right.keep) {
                (Some(left), Some(right)) => left.excludes(right),
                _ => false,
            };
            // What two registers say is two payrolls.
            let apart = apart
                || matches!((&left.pay, &right.pay), (Some(one), Some(other)) if !one.from_rates && !other.from_rates)
                    && left.register != right.register;
            if !shares_ledger && !apart && left.name != right.name {
                let message =
                    format!("`{}` and `{}` can pay the same people for the same period", left.name, right.name);
                findings.push(
                    Finding::error("paid-twice", right.place.clone(), message)
                        .related(left.place.clone(), "the other pipeline")
                        .help(format!("{remedy}`keep: department == \"A\"` and `keep: department != \"A\"`")),
                );
            }
        }
    }
}
