//! What the project's stories touch: every pipeline, journal line, amount, check, rule about people and table row that no
//! story ever came by is a rule that nobody has seen at work.

use super::stories::facts;
use crate::hr::Period;
use crate::plan::document::{LineSource, Plan};
use crate::plan::facts::Facts;
use crate::plan::keep::Keep;
use crate::plan::make::{Request, make_plan};
use crate::plan::people::PeopleRows;
use crate::project::pipeline::{CheckRule, Make};
use crate::project::{Generation, Pipeline};
use serde::Serialize;
use std::collections::BTreeSet;

/// Something that stories can touch.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Item {
    pub pipeline: String,
    /// `pipeline`, `line`, `amount`, `check`, `keep`, `action` or `table row`.
    pub kind: &'static str,
    pub what: String,
    /// `file:line:column`, or `file, row n`.
    pub place: String,
    pub touched: bool,
}

/// Asks every story what it touches.
pub fn coverage(generation: &Generation) -> Vec<Item> {
    // What one that only corrects does is the other's, by its lines and rows.
    let own = generation.pipelines.iter().filter(|pipeline| !pipeline.only_corrects);
    let mut items: Vec<Item> = own.flat_map(|pipeline| of_pipeline(generation, pipeline)).collect();
    // A row that two pipelines read is touched when either is.
    items.sort_by_key(|item| item.kind == "table row");
    let mut rows: Vec<Item> = Vec::new();
    let mut all: Vec<Item> = Vec::new();
    for item in items {
        if item.kind != "table row" {
            all.push(item);
        } else if let Some(known) = rows.iter_mut().find(|known| known.place == item.place) {
            known.touched |= item.touched;
        } else {
            rows.push(item);
        }
    }
    all.extend(rows);
    all
}

/// What the stories of one pipeline came by.
#[derive(Default)]
struct Seen {
    stories: usize,
    lines: BTreeSet<usize>,
    amounts: BTreeSet<String>,
    /// Places of checks that held something back.
    checks: BTreeSet<String>,
    /// Whether `keep` was ever true, ever false.
    kept: (bool, bool),
    actions: BTreeSet<String>,
    /// (position of the look-up, row)
    rows: BTreeSet<(usize, u32)>,
}

fn of_pipeline(generation: &Generation, pipeline: &Pipeline) -> Vec<Item> {
    let mut seen = Seen::default();
    let stands_for = |name: &str| {
        let other = generation.pipeline(name).filter(|other| other.only_corrects);
        name == pipeline.name || other.is_some_and(|other| other.corrects.as_ref() == Some(&pipeline.name))
    };
    for story in generation.stories.iter().filter(|story| stands_for(&story.pipeline)) {
        let Ok(facts) = facts(generation, pipeline, story) else { continue };
        let plan = make_plan(Request { generation, pipeline, period: &story.period }, &facts);
        seen.add(pipeline, &story.period, &facts, &plan);
    }
    seen.items(pipeline)
}

impl Seen {
    fn add(&mut self, pipeline: &Pipeline, period: &Period, facts: &Facts, plan: &Plan) {
        self.stories += 1;
        for document in &plan.documents {
            if let Some(journal) = document.journal() {
                let sources = journal.sources.iter().flatten().filter_map(|source| match source {
                    LineSource::Cost { line, .. } => Some(*line),
                    LineSource::Sent { .. } => None,
                });
                self.lines.extend(sources);
            }
            if let crate::plan::document::Content::Record(change) = &document.content {
                self.actions.insert(change.action.to_string());
            }
        }
        for held in &plan.holds {
            self.checks.extend(held.hold.place.as_ref().map(ToString::to_string));
        }
        for costs in plan.costs.values() {
            self.amounts.extend(
                costs.shares.iter().map(|share| crate::plan::report::amount_name(pipeline, share.amount).to_owned()),
            );
            for centre in costs.centres.ids() {
                // Where the split's table gives the answer, its row is none of the look-up's table.
                let rows = costs.centres.answers(centre).iter().enumerate().filter(|(_, answer)| !answer.is_given);
                self.rows.extend(rows.map(|(at, answer)| (at, answer.row)));
            }
        }
        let mut keep = Keep::new(pipeline, facts);
        for one in PeopleRows::new(facts, period) {
            let (rows, day) = (&one.rows, period.last_day);
            let person = rows.on_day(rows.job_on(day), rows.pay_on(day), rows.employment_on(day));
            match keep.holds(person, &mut Vec::new()) {
                true => self.kept.0 = true,
                false => self.kept.1 = true,
            }
        }
    }

    fn items(&self, pipeline: &Pipeline) -> Vec<Item> {
        let item = |kind, what: String, place: String, touched| Item {
            pipeline: pipeline.name.clone(),
            kind,
            what,
            place,
            touched,
        };
        let mut items = vec![item("pipeline", "has a story".to_owned(), pipeline.place.to_string(), self.stories > 0)];
        if let Some(keep) = &pipeline.keep {
            let place = pipeline.place.to_string();
            items.push(item("keep", format!("keeps somebody: {}", keep.source().trim()), place.clone(), self.kept.0));
            items.push(item("keep", format!("leaves somebody out: {}", keep.source().trim()), place, self.kept.1));
        }
        match &pipeline.make {
            Make::Journal(rule) => {
                for (at, line) in rule.lines.iter().enumerate() {
                    items.push(item("line", line.name.clone(), line.place.to_string(), self.lines.contains(&at)));
                }
            }
            Make::Record(rule) => {
                let wanted = [("create", rule.create), ("update", rule.update), ("inactivate", true)];
                for (action, _) in wanted.into_iter().filter(|(_, wanted)| *wanted) {
                    let touched = self.actions.contains(action);
                    items.push(item("action", action.to_owned(), rule.place.to_string(), touched));
                }
            }
        }
        for (_, name) in pipeline.pay.iter().flat_map(|pay| pay.amounts()) {
            let place = pipeline.place.to_string();
            items.push(item("amount", name.to_owned(), place, self.amounts.contains(name)));
        }
        for check in &pipeline.checks {
            let what = match &check.rule {
                CheckRule::DebitsEqualCredits | CheckRule::NotSentBefore => continue,
                CheckRule::AccountsExistAndAreActive => "accounts exist and are active".to_owned(),
                CheckRule::CostCentresAreValid => "cost centres are valid".to_owned(),
                CheckRule::PeriodIsOpen => "period is open".to_owned(),
                CheckRule::Expect { say, .. } => say.clone(),
                CheckRule::Script { file, .. } => file.clone(),
            };
            let place = check.place.to_string();
            let touched = self.checks.contains(&place);
            items.push(item("check", format!("{what}: seen to hold back"), place, touched));
        }
        for (at, look_up) in pipeline.look_ups.iter().enumerate() {
            for (row, keys) in look_up.table.row_names() {
                let place = format!("{}, row {row}", look_up.table.file());
                items.push(item("table row", keys, place, self.rows.contains(&(at, row))));
            }
        }
        items
    }
}
