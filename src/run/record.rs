//! `record`: a story of what really happened to a few people, told of invented ones.
//!
//! What the story is about stays: departments, locations, dates and what else the pipeline reads. Who it was does not: ids,
//! numbers, names, addresses and every amount of pay are invented, and days of earlier years become the first of January
//! of theirs.

use super::expectation::parts;
use super::stories;
use super::systems::RunError;
use crate::hr::Period;
use crate::plan::facts::Facts;
use crate::plan::facts_csv::write;
use crate::plan::make::{Request, make_plan};
use crate::plan::report::{LineageIds, report};
use crate::project::finding::Place;
use crate::project::pipeline::Make;
use crate::project::story::{Expected, Given, Status, Story};
use crate::project::story_text::{Part, mapping, scalar};
use crate::project::{Generation, Pipeline};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Files about people that a story gives. GP is as it is where everything is well.
const FILES: [&str; 8] =
    ["employees", "job_rows", "employment_rows", "compensation_rows", "hours", "payments", "time_off", "benefits"];

/// What to tell.
pub struct Wanted<'w> {
    pub pipeline: &'w Pipeline,
    pub period: &'w Period,
    /// BambooHR's ids or employee numbers.
    pub people: &'w [String],
    /// The story's sentence.
    pub sentence: &'w str,
}

/// The story's text.
///
/// # Errors
/// Somebody whom the facts do not have, or a pipeline whose facts cannot be invented.
pub fn record(generation: &Generation, wanted: &Wanted<'_>, facts: &Facts) -> Result<String, RunError> {
    let refuse = |why: &str| RunError::Read { what: "the story".to_owned(), why: why.to_owned() };
    if wanted.pipeline.register.is_some() {
        return Err(refuse(
            "a register's amounts have to add up, so they cannot be invented one by one: write the story by hand, as the starter pack register-import does",
        ));
    }
    let mut people = BTreeMap::new();
    for who in wanted.people {
        let found =
            facts.people.iter().find(|person| [person.id, person.number].iter().any(|text| facts.text(*text) == who));
        let Some(person) = found else { return Err(refuse(&format!("the facts have no employee `{who}`"))) };
        let next = people.len() + 1;
        people.entry(facts.text(person.id).to_owned()).or_insert(next);
    }
    let mut inventor = Inventor { people, wanted, rates: BTreeMap::new() };
    let given: Vec<Given> =
        FILES.iter().filter_map(|file| inventor.file(file, facts).transpose()).collect::<Result<_, _>>()?;
    let story = Story {
        name: wanted.sentence.to_owned(),
        about: String::new(),
        pipeline: wanted.pipeline.name.clone(),
        period: wanted.period.clone(),
        given,
        expect: everything(wanted.pipeline),
        place: Place::file(&Arc::from("tests/recorded.yaml")),
    };
    let facts = stories::facts(generation, wanted.pipeline, &story)
        .map_err(|unreadable| refuse(&unreadable.first().map_or_else(String::new, ToString::to_string)))?;
    let plan = make_plan(Request { generation, pipeline: wanted.pipeline, period: wanted.period }, &facts);
    let shown = report(&plan, wanted.pipeline, &facts, LineageIds::LeftOut);
    Ok(text(&story, &parts(&story.expect, &shown)))
}

/// Everything that a story can say of what this pipeline makes.
fn everything(pipeline: &Pipeline) -> Expected {
    let mut expect = Expected { status: Some(Status::Ready), held: Some(Vec::new()), ..Expected::default() };
    match pipeline.make {
        Make::Journal(_) => expect.lines = Some(Vec::new()),
        Make::Record(_) => expect.records = Some(Vec::new()),
    }
    expect
}

/// Turns rows of people into rows of nobody.
struct Inventor<'w> {
    /// BambooHR's id → who it is in the story.
    people: BTreeMap<String, usize>,
    wanted: &'w Wanted<'w>,
    /// Real rate with its unit → the invented one.
    rates: BTreeMap<(String, String), String>,
}

impl Inventor<'_> {
    /// The rows of one facts file; `None` when there are none of these people.
    fn file(&mut self, file: &'static str, facts: &Facts) -> Result<Option<Given>, RunError> {
        let failed = |why: String| RunError::Read { what: format!("{file}.csv"), why };
        let mut bytes = Vec::new();
        write::write(file, facts, &mut bytes).map_err(|error| failed(error.to_string()))?;
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let header: Vec<String> =
            reader.headers().map_err(|error| failed(error.to_string()))?.iter().map(str::to_owned).collect();
        let owner = if file == "employees" { "id" } else { "employee_id" };
        let Some(owner) = header.iter().position(|column| column == owner) else { return Ok(None) };
        let mut rows = Vec::new();
        for row in reader.records() {
            let row = row.map_err(|error| failed(error.to_string()))?;
            let row: Vec<String> = row.iter().map(str::to_owned).collect();
            if let Some(person) = row.get(owner).and_then(|id| self.people.get(id)) {
                rows.push((*person, row));
            }
        }
        let rows = self.in_sight(&header, rows);
        let rows: Vec<Vec<String>> = rows
            .into_iter()
            .enumerate()
            .map(|(number, (person, row))| {
                header
                    .iter()
                    .zip(&row)
                    .map(|(column, cell)| self.cell(file, column, cell, (person, number), (&header, &row)))
                    .collect()
            })
            .collect();
        let place = Place::file(&Arc::from("tests/recorded.yaml"));
        Ok((!rows.is_empty()).then_some(Given { file, columns: header, rows, place }))
    }

    /// Of dated rows, those that the period can see: the last one before its year, and the later ones up to its end.
    fn in_sight(&self, header: &[String], rows: Vec<(usize, Vec<String>)>) -> Vec<(usize, Vec<String>)> {
        let Some(date) = header.iter().position(|column| column == "date") else { return rows };
        let day = |row: &[String]| row.get(date).and_then(|cell| cell.parse::<jiff::civil::Date>().ok());
        let year = self.wanted.period.first_day.first_of_year();
        let mut kept: Vec<(usize, Vec<String>)> = Vec::new();
        for (person, row) in rows {
            let Some(own) = day(&row) else { continue };
            if own > self.wanted.period.last_day {
                continue;
            }
            // A later row of before the year takes the place of an earlier one.
            kept.retain(|(other, before)| {
                *other != person || own >= year || day(before).is_some_and(|day| day >= year)
            });
            kept.push((person, row));
        }
        kept
    }

    fn cell(
        &mut self,
        file: &str,
        column: &str,
        cell: &str,
        (person, number): (usize, usize),
        (header, row): (&[String], &[String]),
    ) -> String {
        let other = |name: &str| header.iter().position(|own| own == name).and_then(|at| row.get(at)).cloned();
        match column {
            "id" | "employee_id" => person.to_string(),
            "number" => format!("{person:04}"),
            "row_id" => (number + 1).to_string(),
            "first_name" => "Person".to_owned(),
            "last_name" => number_word(person),
            "email" | "read_on" => String::new(),
            "hire_date" | "date" => self.day(cell),
            "job_title" | "division" if !self.is_read(column) => String::new(),
            "rate" if !cell.is_empty() => {
                let unit = format!("{} {}", other("type").unwrap_or_default(), other("paid_per").unwrap_or_default());
                self.rate(cell, unit)
            }
            // The cents make rounding visible.
            "amount" if matches!(file, "payments" | "benefits") && !cell.is_empty() => {
                format!("{}.55", 100 + 25 * (number + 1))
            }
            _ if file == "employees" && crate::plan::names::standard(column).is_none() => {
                let read = self.wanted.pipeline.take.iter().any(|take| take.field == column || take.name == column);
                if read { cell.to_owned() } else { String::new() }
            }
            _ => cell.to_owned(),
        }
    }

    /// Whether the pipeline asks for this name to decide anything.
    fn is_read(&self, name: &str) -> bool {
        let pipeline = self.wanted.pipeline;
        let in_records = match &pipeline.make {
            Make::Record(rule) => rule.set.iter().flat_map(|set| set.template.names()).collect(),
            Make::Journal(_) => Vec::new(),
        };
        pipeline.deciding_names().contains(name) || in_records.into_iter().any(|read| read == name)
    }

    /// Days of earlier years tell who somebody is, and no more than their year matters.
    fn day(&self, cell: &str) -> String {
        match cell.parse::<jiff::civil::Date>() {
            Ok(day) if day.year() < self.wanted.period.first_day.year() => day.first_of_year().to_string(),
            _ => cell.to_owned(),
        }
    }

    /// The same real rate is the same invented one, and two are two.
    fn rate(&mut self, real: &str, unit: String) -> String {
        let next = self.rates.keys().filter(|(_, own)| *own == unit).count();
        let invented = match unit.as_str() {
            unit if unit.ends_with("Hour") || unit.starts_with("Hourly") => format!("{}.50", 20 + next),
            unit if unit.ends_with("Year") => (60_000 + 6_000 * next).to_string(),
            _ => (1_000 + 100 * next).to_string(),
        };
        self.rates.entry((real.to_owned(), unit)).or_insert(invented).clone()
    }
}

/// `One`, `Two`, …: names that are nobody's.
fn number_word(number: usize) -> String {
    const WORDS: [&str; 9] = ["One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"];
    WORDS.get(number - 1).map_or_else(|| format!("No {number}"), |word| (*word).to_owned())
}

fn text(story: &Story, expect: &[(&'static str, Part)]) -> String {
    let mut lines = vec![
        "format: 1".to_owned(),
        format!("story: {}", scalar(&story.name)),
        "# Recorded: people, numbers, names and every amount of pay are invented; places and dates are real."
            .to_owned(),
        "about: |".to_owned(),
        "  Work the amounts out by hand here: an expectation that only follows the program proves nothing.".to_owned(),
        format!("pipeline: {}", story.pipeline),
        format!("for: {}", scalar(&story.period.code.0)),
        "given:".to_owned(),
    ];
    for given in &story.given {
        lines.push(format!("  {}:", given.file));
        for row in &given.rows {
            let cells = given.columns.iter().zip(row).filter(|(_, cell)| !cell.is_empty());
            lines.push(format!("    - {}", mapping(cells.map(|(column, cell)| (column.as_str(), cell.as_str())))));
        }
    }
    lines.push("expect:".to_owned());
    for (key, part) in expect {
        match part {
            Part::One(word) => lines.push(format!("  {key}: {word}")),
            Part::List(items) if items.is_empty() => lines.push(format!("  {key}: []")),
            Part::List(items) => {
                lines.push(format!("  {key}:"));
                lines.extend(items.iter().map(|item| format!("    - {item}")));
            }
        }
    }
    lines.push(String::new());
    lines.join("\n")
}
