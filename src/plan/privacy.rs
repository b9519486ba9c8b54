//! Small groups go up to the parent of their cost centre, so that no line carries fewer people than the pipeline says
//! (payroll-rules.md, Privacy).

use super::centre::CentreId;
use super::cost::{Costs, Share};
use super::facts::Facts;
use super::hold::{Hold, HoldCode};
use super::journal::{JournalKey, key_of};
use crate::hr::Period;
use crate::project::Pipeline;
use crate::project::pipeline::{JournalRule, LineRule, Otherwise, PARENT, Parents, Privacy};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// For a journal, a line of its template and a cost centre: the value that the line is booked under instead of the
/// centre's own.
pub type RolledUp = BTreeMap<(JournalKey, usize, CentreId), String>;

/// People by cost centre of one line in one journal.
type Groups = BTreeMap<CentreId, BTreeSet<u32>>;

/// How far a chain of parents is followed: lint refuses circles, and no company has as many levels.
const LEVELS: usize = 64;

/// Rolls up the lines that carry too few people. A line that has too few at the top holds for approval.
pub fn roll_up(
    pipeline: &Pipeline,
    rule: &JournalRule,
    privacy: &Privacy,
    period: &Period,
    facts: &Facts,
    costs: &mut Costs,
) -> RolledUp {
    let mut rolled = RolledUp::new();
    let mut holds = Vec::new();
    for (at, line) in rule.lines.iter().enumerate() {
        let Some(look_up) = line.for_each else { continue };
        for (key, groups) in groups(pipeline, rule, line, facts, costs) {
            let values = Values { look_up, privacy, period };
            let (moved, small) = values.settle(&groups, costs);
            for (value, people) in small {
                holds.push(too_few(pipeline, line, &values, &value, people));
            }
            for centre in groups.keys() {
                let own = costs.centres.value(*centre, look_up);
                if let Some(up) = moved.get(own) {
                    rolled.insert((key.clone(), at, *centre), up.clone());
                }
            }
        }
    }
    costs.asks.extend(holds);
    rolled
}

/// The people behind a line by journal and cost centre. What is in suspense has no cost centre to roll up.
fn groups(
    pipeline: &Pipeline,
    rule: &JournalRule,
    line: &LineRule,
    facts: &Facts,
    costs: &Costs,
) -> BTreeMap<JournalKey, Groups> {
    let mut groups: BTreeMap<JournalKey, Groups> = BTreeMap::new();
    let carried = |share: &&Share| {
        line.amount.times(share.amount) != 0 && !share.rounded.is_zero() && !costs.centres.is_suspense(share.centre)
    };
    for share in costs.shares.iter().filter(carried) {
        let key = key_of(rule, facts, costs, share).at(pipeline, costs, share.centre, line.side);
        let journal = groups.entry(key).or_default();
        journal.entry(share.centre).or_default().insert(share.person);
    }
    groups
}

struct Values<'p> {
    look_up: usize,
    privacy: &'p Privacy,
    period: &'p Period,
}

impl Values<'_> {
    fn parents(&self) -> Option<&Parents> {
        self.privacy.parents.as_ref().filter(|parents| parents.look_up == self.look_up)
    }

    /// The value above `value` on the period's last day; `None` at the top.
    fn parent(&self, value: &str) -> Option<&str> {
        let answer = self.parents()?.table.look_up(&[value], self.period.last_day, PARENT)?;
        Some(answer.value).filter(|parent| *parent != value)
    }

    /// How many values are above `value`.
    fn depth(&self, value: &str) -> usize {
        let mut above = self.parent(value);
        let mut depth = 0;
        while let Some(value) = above.filter(|_| depth < LEVELS) {
            depth += 1;
            above = self.parent(value);
        }
        depth
    }

    /// Where each value that has too few people is booked, and which values have too few at the top. The deepest go
    /// first, so that a parent is judged with all that came up to it.
    fn settle(&self, groups: &Groups, costs: &Costs) -> (BTreeMap<String, String>, Vec<(String, usize)>) {
        let mut people: BTreeMap<String, BTreeSet<u32>> = BTreeMap::new();
        for (centre, own) in groups {
            people.entry(costs.centres.value(*centre, self.look_up).to_owned()).or_default().extend(own);
        }
        let mut open: BTreeSet<(Reverse<usize>, String)> =
            people.keys().map(|value| (Reverse(self.depth(value)), value.clone())).collect();
        let mut up: BTreeMap<String, String> = BTreeMap::new();
        let mut small = Vec::new();
        while let Some((_, value)) = open.pop_first() {
            let own = people.remove(&value).unwrap_or_default();
            if own.len() >= self.privacy.minimum_people {
                continue;
            }
            match self.parent(&value) {
                Some(parent) => {
                    people.entry(parent.to_owned()).or_default().extend(own);
                    open.insert((Reverse(self.depth(parent)), parent.to_owned()));
                    up.insert(value, parent.to_owned());
                }
                None => small.push((value, own.len())),
            }
        }
        let top = |value: &String| {
            let mut at = value;
            while let Some(parent) = up.get(at) {
                at = parent;
            }
            at.clone()
        };
        (up.keys().map(|value| (value.clone(), top(value))).collect(), small)
    }
}

fn too_few(pipeline: &Pipeline, line: &LineRule, values: &Values<'_>, value: &str, people: usize) -> Hold {
    let look_up = &pipeline.look_ups[values.look_up];
    let minimum = values.privacy.minimum_people;
    let remedy = match values.parents() {
        Some(parents) => format!(
            "Give `{value}` a parent in {}, or approve the journal if its readers may see this.",
            parents.table.file()
        ),
        None => format!(
            "Name parents of {}: `privacy: {{ parents: {{ in: … }} }}`; or approve the journal if its readers may see this.",
            look_up.name
        ),
    };
    Hold {
        code: HoldCode::TooFewPeople,
        subject: format!("line {}, {} {value}", line.name, look_up.name),
        message: format!("this line would carry {people} of at least {minimum} people"),
        remedy,
        place: Some(values.privacy.place.clone()),
        otherwise: Otherwise::Ask,
    }
}
