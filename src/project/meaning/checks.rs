//! `check`: built-in rules, expected expressions and scripts.

use super::Page;
use super::look_ups::otherwise;
use super::names;
use crate::project::expression::{Expression, Wanted};
use crate::project::finding::{Finding, Place, did_you_mean};
use crate::project::pipeline::{Check, CheckRule, Pipeline};
use crate::project::shape::Text;
use crate::project::shape::pipeline as shape;
use crate::project::source::{Content, Files};
use std::collections::BTreeSet;
use std::sync::Arc;

pub fn checks(raw: &[shape::Check], files: &Files, page: &mut Page<'_>) -> Vec<Check> {
    let mut checks = Vec::new();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for raw in raw {
        if let Some(check) = check(raw, files, page) {
            if !seen.insert(format!("{:?}", raw.rule)) && raw.rule.is_some() {
                let finding = Finding::error("check-twice", check.place, "this rule is checked already");
                page.report(finding.help("keep the one whose `else` is meant"));
                continue;
            }
            checks.push(check);
        }
    }
    checks
}

fn check(raw: &shape::Check, files: &Files, page: &mut Page<'_>) -> Option<Check> {
    let place = page.place(raw.own_spot);
    let rule = match (raw.rule, &raw.expect, &raw.script) {
        (Some(rule), None, None) => Some(built_in(rule)),
        (None, Some(text), None) => {
            let expression = page.expression(text, &names::of_plan(), Wanted::Truth);
            let say = raw.say.as_ref().map_or_else(|| format!("{} does not hold", text.text), |say| say.text.clone());
            expression.map(|expression| CheckRule::Expect { expression, say })
        }
        (None, None, Some(file)) => {
            script(file, files, page).map(|expression| CheckRule::Script { file: file.text.clone(), expression })
        }
        (None, None, None) if raw.say.is_none() => {
            let finding = Finding::error("one-of", place.clone(), "this check checks nothing");
            page.report(finding.help("give it one of `rule`, `expect` and `script`"));
            None
        }
        _ => {
            let finding =
                Finding::error("one-of", place.clone(), "a check has exactly one of `rule`, `expect` and `script`");
            page.report(finding.help("write each as an item of its own"));
            None
        }
    };
    if let Some(say) = raw.say.as_ref().filter(|_| raw.expect.is_none() && rule.is_some()) {
        page.error("unused-part", say, "`say` goes with `expect`; this check has words of its own", None);
    }
    Some(Check { rule: rule?, otherwise: otherwise(raw.r#else), place })
}

fn built_in(rule: shape::Rule) -> CheckRule {
    match rule {
        shape::Rule::DebitsEqualCredits => CheckRule::DebitsEqualCredits,
        shape::Rule::AccountsExistAndAreActive => CheckRule::AccountsExistAndAreActive,
        shape::Rule::CostCentresAreValid => CheckRule::CostCentresAreValid,
        shape::Rule::PeriodIsOpen => CheckRule::PeriodIsOpen,
        shape::Rule::NotSentBefore => CheckRule::NotSentBefore,
    }
}

/// Scripts that no check names.
pub fn unused_scripts(pipelines: &[Pipeline], files: &Files, findings: &mut Vec<Finding>) {
    let checks = || pipelines.iter().flat_map(|pipeline| &pipeline.checks);
    for (path, _) in files.in_folder("scripts") {
        let runs = |check: &Check| matches!(&check.rule, CheckRule::Script { file, .. } if **file == *path);
        if !checks().any(runs) {
            let finding = Finding::warning("unused-script", Place::file(&path), "no check runs this script");
            findings
                .push(finding.help(format!("`- {{ script: {path}, else: hold }}` under a pipeline's `check` runs it")));
        }
    }
}

/// A script of the project; its problems stand in its own file.
fn script(file: &Text, files: &Files, page: &mut Page<'_>) -> Option<Expression> {
    let text = match files.contents.get(file.text.as_str()) {
        Some(Content::Text(text)) => Arc::clone(text),
        Some(_) => return None,
        None => {
            let known = files.in_folder("scripts");
            let known: Vec<&str> = known.iter().map(|(path, _)| &**path).collect();
            let help = did_you_mean(&file.text, &known)
                .or_else(|| Some("scripts are files in `scripts/` that end in .rhai".to_owned()));
            page.error("missing-file", file, format!("there is no script `{}`", file.text), help);
            return None;
        }
    };
    match Expression::compile_script(&text, &names::of_script()) {
        Ok(expression) => Some(expression),
        Err(problems) => {
            let path: Arc<str> = Arc::from(file.text.as_str());
            for problem in problems {
                let place = Place {
                    file: Arc::clone(&path),
                    line: problem.line,
                    column: problem.column,
                    length: problem.length,
                };
                let finding = Finding::error(problem.code, place, problem.message).maybe_help(problem.help);
                if !page.findings.contains(&finding) {
                    page.report(finding);
                }
            }
            None
        }
    }
}
