//! One person on one day, as a pipeline sees them: what every name reads and where from, and how every look-up comes to its
//! answer. For `try`; a plan does the same without keeping the way.

use super::facts::Facts;
use super::names::{Field, PersonOnDay, resolve};
use super::people::PeopleRows;
use super::segment::day_asked;
use crate::hr::Period;
use crate::project::Pipeline;
use crate::project::pipeline::LookUp;
use crate::project::table::Candidate;
use crate::project::value::{Bindings, Value};
use jiff::civil::Date;

/// What is known of the person.
#[derive(Clone, Debug, Default)]
pub struct Probe {
    pub bindings: Bindings,
    /// Name and where its value comes from, for every name that is no look-up.
    pub origins: Vec<(String, String)>,
    pub look_ups: Vec<Asked>,
}

/// A look-up that was asked.
#[derive(Clone, Debug)]
pub struct Asked {
    pub name: String,
    pub file: String,
    pub day: Date,
    /// Each key column with what was asked for.
    pub keys: Vec<(String, String)>,
    pub candidates: Vec<Candidate>,
    pub answer: Option<String>,
}

/// Looks at the person with BambooHR's id or employee number `who`; `None` when the facts have no such person.
pub fn probe(pipeline: &Pipeline, facts: &Facts, period: &Period, who: &str, day: Date) -> Option<Probe> {
    let one = PeopleRows::new(facts, period).find(|one| {
        let person = one.rows.employee();
        [person.id, person.number].iter().any(|text| facts.text(*text) == who)
    })?;
    let rows = &one.everything;
    let person = rows.on_day(rows.job_on(day), rows.pay_on(day), rows.employment_on(day));
    let mut probe = Probe::default();
    for name in crate::project::names_of_pipeline(pipeline).0.keys().filter(|name| *name != "period") {
        let Some(field) = resolve(pipeline, facts, name) else {
            probe.bind(name, Value::Absent, "the facts do not have it".to_owned());
            continue;
        };
        if !matches!(field, Field::LookUp(_)) {
            probe.bind(name, person.value(field), origin(person, field));
        }
    }
    Some(probe.with_look_ups(pipeline, period, day))
}

/// The same for a person who is only thought of: names and their texts.
pub fn imagined(pipeline: &Pipeline, period: &Period, given: &[(String, Value)], day: Date) -> Probe {
    let mut probe = Probe::default();
    for name in crate::project::names_of_pipeline(pipeline).0.keys().filter(|name| *name != "period") {
        let value = given.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
        if pipeline.look_ups.iter().all(|look_up| look_up.name != *name) {
            let origin = if value.is_some() { "given" } else { "not given" };
            probe.bind(name, value.unwrap_or(Value::Absent), origin.to_owned());
        }
    }
    probe.with_look_ups(pipeline, period, day)
}

impl Probe {
    fn bind(&mut self, name: &str, value: Value, origin: String) {
        self.bindings.set(name, value);
        self.origins.push((name.to_owned(), origin));
    }

    fn with_look_ups(mut self, pipeline: &Pipeline, period: &Period, day: Date) -> Probe {
        let fields = [
            ("code".to_owned(), Value::text(&period.code.0)),
            ("name".to_owned(), Value::text(&period.name)),
            ("first_day".to_owned(), Value::Date(period.first_day)),
            ("last_day".to_owned(), Value::Date(period.last_day)),
        ];
        self.bindings.set("period", Value::Record(fields.into()));
        for look_up in &pipeline.look_ups {
            let asked = self.ask(look_up, period, day);
            let value = asked.answer.as_deref().map_or(Value::Absent, Value::text);
            self.bindings.set(&look_up.name, value);
            self.look_ups.push(asked);
        }
        self
    }

    fn ask(&self, look_up: &LookUp, period: &Period, day: Date) -> Asked {
        let day = day_asked(look_up, day, period);
        let text = |name: &String| match self.bindings.0.get(name) {
            Some(Value::Text(text)) => text.to_string(),
            Some(Value::Date(day)) => day.to_string(),
            _ => String::new(),
        };
        let texts: Vec<String> = look_up.keys.iter().map(text).collect();
        let keys: Vec<&str> = texts.iter().map(String::as_str).collect();
        let columns = look_up.table.key_columns().iter().cloned();
        Asked {
            name: look_up.name.clone(),
            file: look_up.table.file().to_owned(),
            day,
            candidates: look_up.table.candidates(&keys, day, &look_up.column),
            answer: look_up.table.look_up(&keys, day, &look_up.column).map(|answer| answer.value.to_owned()),
            keys: columns.zip(texts.iter().cloned()).collect(),
        }
    }
}

/// Where BambooHR has it.
fn origin(person: PersonOnDay<'_>, field: Field) -> String {
    let facts = person.facts;
    let row = |table: &str, row: Option<(crate::hr::Text, Date)>| match row {
        Some((id, date)) => format!("{table} row {} of {date}", facts.text(id)),
        None => format!("no row of {table} holds on this day"),
    };
    match field {
        Field::Department | Field::Location | Field::Division | Field::JobTitle => {
            row("jobInfo", person.job.map(|job| (job.row_id, job.date)))
        }
        Field::EmploymentStatus => row("employmentStatus", person.employment.map(|row| (row.row_id, row.date))),
        Field::PayType | Field::PaidPer | Field::Currency | Field::PaySchedule => {
            row("compensation", person.pay.map(|pay| (pay.row_id, pay.date)))
        }
        Field::Extra(at) => format!("field {}", facts.extra_fields.get(at).map_or("", String::as_str)),
        _ => "the employee".to_owned(),
    }
}
