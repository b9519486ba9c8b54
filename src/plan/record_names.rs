//! What the templates of a record read of one person: fields of people, rows in force, and the look-ups' answers, all as of
//! one day.
//!
//! GP's field is what a template gives, so a name without a value must not become an empty text on its way: GP's field would
//! be emptied. What is empty in BambooHR is empty; what nobody knows is told apart from it here.

use super::earning::Problem;
use super::facts::Facts;
use super::hold::{Hold, HoldCode};
use super::names::{Field, PersonOnDay, resolve};
use super::not_given;
use super::segment::{Asked, LookUps, Unresolved};
use super::words;
use crate::hr::Period;
use crate::project::Pipeline;
use crate::project::pipeline::RecordRule;
use crate::project::value::{Bindings, Value};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// What records need a field for.
const WHY: &str = "the records read it: GP's fields would be emptied";

/// The names that a record's `id`, `match` and `set` read, with what each is.
pub struct RecordNames<'p> {
    look_ups: LookUps<'p>,
    bound: Vec<Bound>,
    /// Names that the facts have no field for.
    unknown: Vec<String>,
    /// Fields that are read and that the facts do not have.
    not_given: Vec<Hold>,
}

/// One name that a template reads.
struct Bound {
    name: String,
    field: Field,
    /// BambooHR left the field out for some or all: empty may mean that nobody told.
    is_dropped: bool,
}

/// One person's values.
#[derive(Debug, Default)]
pub struct NamesOfPerson {
    /// By name; a look-up without an answer is not among them.
    pub values: Bindings,
    /// Names without a value: look-ups that have no answer for this person, fields that the facts do not have.
    pub unanswered: Vec<String>,
    /// Names that are empty only because nobody told: no row of their dated table is in force, or BambooHR left the field out.
    pub untold: Vec<String>,
    /// Why, for each look-up that was asked and had no row.
    pub missing: Vec<Unresolved>,
}

impl NamesOfPerson {
    /// Whether one of `names` has no value at all.
    pub fn lacks_one_of(&self, names: &[String]) -> bool {
        names.iter().any(|name| self.unanswered.contains(name))
    }

    /// Whether one of `names` is empty only because nobody told.
    pub fn was_not_told(&self, names: &[String]) -> bool {
        names.iter().any(|name| self.untold.contains(name))
    }
}

impl<'p> RecordNames<'p> {
    pub fn new(pipeline: &'p Pipeline, rule: &RecordRule, facts: &Facts) -> RecordNames<'p> {
        let templates = std::iter::once(&rule.id).chain(rule.set.iter().map(|set| &set.template));
        let mut wanted: BTreeSet<&str> = templates.flat_map(|template| template.names()).map(String::as_str).collect();
        wanted.extend(rule.matches.iter().map(|matched| matched.name.as_str()));
        let keys = pipeline.look_ups.iter().flat_map(|look_up| &look_up.keys);
        let read: BTreeSet<&str> = wanted.iter().copied().chain(keys.map(String::as_str)).collect();
        let not_given: BTreeSet<&str> =
            read.into_iter().filter(|name| resolve(pipeline, facts, name).is_none()).collect();
        let bound = wanted.iter().filter_map(|name| {
            let field = resolve(pipeline, facts, name)?;
            Some(Bound { name: (*name).to_owned(), field, is_dropped: not_given::is_dropped(facts, field) })
        });
        RecordNames {
            look_ups: LookUps::new(pipeline, facts),
            bound: bound.collect(),
            unknown: not_given.iter().map(|name| (*name).to_owned()).collect(),
            not_given: not_given.iter().map(|name| not_given::hold(pipeline, name, WHY)).collect(),
        }
    }

    /// What holds all records, because nobody's can be made.
    pub fn holds(&self) -> impl Iterator<Item = &Hold> {
        self.not_given.iter()
    }

    /// The values of `person`, and of each look-up on `day`, or on the day of `period` that it names.
    pub fn of(&self, person: PersonOnDay<'_>, day: Date, period: &Period) -> NamesOfPerson {
        let mut names = NamesOfPerson::default();
        let asked = self.look_ups.ask_each(person, day, period);
        for (look_up, asked) in self.look_ups.pipeline.look_ups.iter().zip(&asked) {
            match asked {
                Asked::Value(value) => names.values.set(&look_up.name, Value::text(value)),
                Asked::Nothing(missing) => {
                    names.unanswered.push(look_up.name.clone());
                    names.missing.push(missing.clone());
                }
                Asked::WithoutKey => names.unanswered.push(look_up.name.clone()),
            }
        }
        names.unanswered.extend(self.unknown.iter().cloned());
        for Bound { name, field, is_dropped } in &self.bound {
            if matches!(field, Field::LookUp(_)) {
                continue;
            }
            let value = person.value(*field);
            let is_empty = value == Value::Absent || value == Value::text("");
            if is_empty && (*is_dropped || !person.has_row_of(*field)) {
                names.untold.push(name.clone());
            }
            // What BambooHR has empty prints as nothing; `keep` and the checks decide whether that is right.
            names.values.set(name, if is_empty { Value::text("") } else { value });
        }
        names
    }

    /// Why look-ups have no answer for `person` on `day`, each with what its `else` says.
    pub fn missing(&self, person: PersonOnDay<'_>, names: &NamesOfPerson, day: Date) -> Vec<Hold> {
        let pipeline = self.look_ups.pipeline;
        let mut holds: Vec<Hold> = Vec::new();
        for missing in &names.missing {
            let problem = match person.job {
                Some(_) => Problem::LookUp(missing.clone()),
                // The reason is the missing row, not the look-up that it leaves without keys.
                None => Problem::Pay(HoldCode::JobRowMissing, day.to_string()),
            };
            let hold = words::problem(pipeline, person.facts, person.person, &problem);
            let hold = Hold { otherwise: pipeline.look_ups[missing.look_up].otherwise, ..hold };
            if !holds.contains(&hold) {
                holds.push(hold);
            }
        }
        holds
    }
}
