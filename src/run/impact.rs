//! `impact`: the same facts, planned with the project as it was and as it is.

use super::stories;
use crate::hr::Period;
use crate::ledger::Account;
use crate::plan::desire::ledger_of;
use crate::plan::facts::Facts;
use crate::plan::impact::{Impact, Shown, Side, impact};
use crate::plan::make::{Request, make_plan};
use crate::project::{Generation, Pipeline};
use serde::Serialize;
use std::collections::BTreeSet;

/// What a change does to one pipeline, with the facts of one period or one story.
#[derive(Clone, Debug, Serialize)]
pub struct Case {
    pub pipeline: String,
    pub period: String,
    /// The story whose rows were planned; absent where the facts are real.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub story: Option<String>,
    pub impact: Impact,
    /// Accounts that only the changed project names, so that the facts do not know whether GP has them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_asked: Vec<String>,
}

/// The two generations that are compared.
#[derive(Clone, Copy)]
pub struct Pair<'p> {
    pub before: &'p Generation,
    pub after: &'p Generation,
}

/// Real facts for one pipeline and period. What was sent is left out: whole journals are compared, not differences.
pub fn of_facts(pair: Pair<'_>, pipeline: &str, code: &str, mut facts: Facts, shows: Shown) -> Case {
    facts.sent.clear();
    let (before, after) = (pair.before.pipeline(pipeline), pair.after.pipeline(pipeline));
    let known = accounts(pair.before, before, code, &facts);
    let mut not_asked = Vec::new();
    for (company, account) in accounts(pair.after, after, code, &facts).difference(&known) {
        let books = facts.companies.get_mut(company).map_or(&mut facts.accounts, |books| &mut books.accounts);
        if !books.iter().any(|known| known.number == *account) {
            not_asked.push(account.as_str().to_owned());
            books.push(Account {
                number: account.clone(),
                description: String::new(),
                active: true,
                allows_entry: true,
            });
        }
    }
    facts.sort();
    let compared = compare((pair.before, before, &facts), (pair.after, after, &facts), code, shows);
    Case { pipeline: pipeline.to_owned(), period: code.to_owned(), story: None, impact: compared, not_asked }
}

/// The stories of the changed project, each planned with both. One whose rows cannot be read is left to `test`.
pub fn of_stories(pair: Pair<'_>, only: Option<&str>) -> Vec<Case> {
    let chosen = pair.after.stories.iter().filter(|story| only.is_none_or(|only| only == story.pipeline));
    let cases = chosen.filter_map(|story| {
        let (before, after) = (pair.before.pipeline(&story.pipeline), pair.after.pipeline(&story.pipeline));
        let facts = |generation, pipeline: Option<&Pipeline>| match pipeline {
            Some(pipeline) => stories::facts(generation, pipeline, story).ok(),
            None => Some(Facts::default()),
        };
        let (old, new) = (facts(pair.before, before)?, facts(pair.after, after)?);
        let code = story.period.code.0.as_str();
        let compared = compare((pair.before, before, &old), (pair.after, after, &new), code, Shown::Everything);
        Some(Case {
            pipeline: story.pipeline.clone(),
            period: code.to_owned(),
            story: Some(story.name.clone()),
            impact: compared,
            not_asked: Vec::new(),
        })
    });
    cases.collect()
}

/// A generation, its pipeline of the name in question, and the facts to plan.
type Given<'g> = (&'g Generation, Option<&'g Pipeline>, &'g Facts);

fn compare(before: Given<'_>, after: Given<'_>, code: &str, shows: Shown) -> Impact {
    let planned = |(generation, pipeline, facts): Given<'_>| {
        let period = period(pipeline?, code)?;
        Some(make_plan(Request { generation, pipeline: pipeline?, period: &period }, facts))
    };
    let (old, new) = (planned(before), planned(after));
    impact(
        old.as_ref().zip(before.1).map(|(plan, pipeline)| Side { plan, pipeline, facts: before.2 }),
        new.as_ref().zip(after.1).map(|(plan, pipeline)| Side { plan, pipeline, facts: after.2 }),
        shows,
    )
}

fn period(pipeline: &Pipeline, code: &str) -> Option<Period> {
    pipeline.calendar.period(code).ok()
}

/// Every account that a plan would name, by company.
fn accounts(
    generation: &Generation,
    pipeline: Option<&Pipeline>,
    code: &str,
    facts: &Facts,
) -> BTreeSet<(String, crate::ledger::AccountNumber)> {
    let Some((pipeline, period)) = pipeline.and_then(|pipeline| Some((pipeline, period(pipeline, code)?))) else {
        return BTreeSet::new();
    };
    let desired = Request { generation, pipeline, period: &period }.desired(facts);
    let named = desired.map(|desired| desired.accounts(facts, ledger_of(pipeline))).unwrap_or_default();
    named
        .into_iter()
        .flat_map(|(company, all)| all.into_iter().map(move |account| (company.clone(), account)))
        .collect()
}

/// Paths of files that differ, each with what happened: `changed`, `new`, `removed`. Environments and tests do not count.
pub fn changed_files(pair: Pair<'_>) -> Vec<(String, &'static str)> {
    let files = |generation: &Generation| -> std::collections::BTreeMap<String, Vec<u8>> {
        generation.files.iter().map(|(path, bytes)| (path.to_owned(), bytes.to_vec())).collect()
    };
    let (old, new) = (files(pair.before), files(pair.after));
    let paths: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let what = |path: &String| match (old.get(path), new.get(path)) {
        (Some(old), Some(new)) if old == new => None,
        (Some(_), Some(_)) => Some("changed"),
        (None, _) => Some("new"),
        (Some(_), None) => Some("removed"),
    };
    paths.into_iter().filter_map(|path| Some((path.clone(), what(path)?))).collect()
}
