//! `keep`: which people (and which of their days) a pipeline is about. Each distinct combination is asked once.

use super::facts::Facts;
use super::hold::{Hold, HoldCode};
use super::names::{Field, PersonOnDay, resolve};
use crate::project::Pipeline;
use crate::project::pipeline::Otherwise;
use crate::project::value::{Bindings, Value};
use rustc_hash::FxHashMap;

/// The compiled condition with its names resolved and its answers remembered.
pub struct Keep<'p> {
    pipeline: &'p Pipeline,
    names: Vec<(String, Option<Field>)>,
    known: FxHashMap<Vec<u64>, bool>,
    key: Vec<u64>,
    failed: bool,
}

impl<'p> Keep<'p> {
    pub fn new(pipeline: &'p Pipeline, facts: &Facts) -> Keep<'p> {
        let names = pipeline.keep.as_ref().map_or(&[][..], |expression| expression.names());
        Keep {
            pipeline,
            names: names.iter().map(|name| (name.clone(), resolve(pipeline, facts, name))).collect(),
            known: FxHashMap::default(),
            key: Vec::new(),
            failed: false,
        }
    }

    /// Whether the pipeline is about `person`. A condition that fails keeps the person and adds one hold.
    pub fn holds(&mut self, person: PersonOnDay<'_>, holds: &mut Vec<Hold>) -> bool {
        let Some(expression) = &self.pipeline.keep else { return true };
        self.key.clear();
        self.key.extend(self.names.iter().map(|(_, field)| field.map_or(u64::MAX, |field| fingerprint(person, field))));
        if let Some(known) = self.known.get(&self.key) {
            return *known;
        }
        let mut bindings = Bindings::default();
        for (name, field) in &self.names {
            bindings.set(name, field.map_or(Value::Absent, |field| person.value(field)));
        }
        let kept = expression.holds(&bindings).unwrap_or_else(|failed| {
            if !self.failed {
                holds.push(Hold {
                    code: HoldCode::ExpressionFailed,
                    subject: format!("pipeline {}", self.pipeline.name),
                    message: format!("`keep` gave no answer: {failed}"),
                    remedy: "Mend the condition in the pipeline, then plan again.".to_owned(),
                    place: Some(self.pipeline.place.clone()),
                    otherwise: Otherwise::Hold,
                });
                self.failed = true;
            }
            true
        });
        self.known.insert(self.key.clone(), kept);
        kept
    }
}

/// A number that is equal exactly when the value is: text numbers, day numbers, or a tag for "no row".
fn fingerprint(person: PersonOnDay<'_>, field: Field) -> u64 {
    let day = |date: Option<jiff::civil::Date>| {
        date.map_or(u64::MAX, |d| (d.year() as u64) << 16 | (d.month() as u64) << 8 | d.day() as u64)
    };
    match field {
        Field::HireDate => day(person.person.hire_date),
        Field::TerminationDate => day(person.person.termination_date),
        Field::PayType => match person.pay.map(|row| row.pay_type) {
            None => u64::MAX,
            Some(crate::hr::PayType::Salary) => 1 << 40,
            Some(crate::hr::PayType::Hourly) => 2 << 40,
            Some(crate::hr::PayType::Other(name)) => 3 << 40 | name.index() as u64,
        },
        _ => person.text(field).map_or(u64::MAX, |text| text.index() as u64),
    }
}
