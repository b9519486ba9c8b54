//! A project's stories: given rows, expected lines and holds.
//!
//! What a story does not give about GP is fine in GP: every account exists, every cost centre is valid, every period is
//! open. So a story about pay needs no chart of accounts.

use crate::hr::Period;
use crate::ledger::{Account, FiscalPeriod, Minor, Series};
use crate::plan::desire::Desired;
use crate::plan::facts::{Books, DimensionValue, Facts};
use crate::plan::facts_csv::given::{GivenFile, GivenRow, Unreadable};
use crate::plan::facts_csv::read::read;
use crate::plan::make::{Request, make_plan};
use crate::plan::report::{LineageIds, PlanReport, report};
use crate::project::fact_files::fact_file;
use crate::project::pipeline::LookUp;
use crate::project::story::{Expected, ExpectedLine, Given, Story};
use crate::project::{Generation, Pipeline};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// What became of one story.
#[derive(Clone, Debug)]
pub struct Told {
    pub story: String,
    /// `file:line:column`.
    pub place: String,
    /// Why it failed, line by line; empty = it holds.
    pub differences: Vec<String>,
    /// The plan it led to, when its rows could be read.
    pub plan: Option<PlanReport>,
}

impl Told {
    pub fn holds(&self) -> bool {
        self.differences.is_empty()
    }
}

/// Tells every story whose name contains `only`.
pub fn tell(generation: &Generation, only: Option<&str>) -> Vec<Told> {
    let chosen = generation.stories.iter().filter(|story| only.is_none_or(|only| story.name.contains(only)));
    chosen.map(|story| tell_one(generation, story)).collect()
}

fn tell_one(generation: &Generation, story: &Story) -> Told {
    let mut told =
        Told { story: story.name.clone(), place: story.place.to_string(), differences: Vec::new(), plan: None };
    let Some(pipeline) = generation.pipeline(&story.pipeline) else {
        told.differences.push(format!("there is no pipeline {}", story.pipeline));
        return told;
    };
    match plan(generation, pipeline, story) {
        Ok(plan) => {
            told.differences = differences(&story.expect, &plan);
            told.plan = Some(plan);
        }
        Err(unreadable) => told.differences.extend(unreadable.iter().map(|error| {
            format!("given {}, row {}: {} → {}", error.file, error.line.saturating_sub(1), error.message, error.remedy)
        })),
    }
    told
}

fn plan(generation: &Generation, pipeline: &Pipeline, story: &Story) -> Result<PlanReport, Vec<Unreadable>> {
    let facts = facts(generation, pipeline, story)?;
    let plan = make_plan(Request { generation, pipeline, period: &story.period }, &facts);
    Ok(report(&plan, pipeline, &facts, LineageIds::Listed))
}

/// The facts of a story, with what it does not give about GP as it is where everything is well.
///
/// # Errors
/// Rows that cannot be read.
pub fn facts(generation: &Generation, pipeline: &Pipeline, story: &Story) -> Result<Facts, Vec<Unreadable>> {
    let mut files: Vec<GivenFile> = story.given.iter().map(given_file).collect();
    for name in
        ["employees", "job_rows", "employment_rows", "compensation_rows", "gp_accounts", "gp_dimensions", "gp_periods"]
    {
        if !files.iter().any(|file| file.name == name) {
            files.push(empty(name));
        }
    }
    let mut facts = read(&files)?;
    let request = Request { generation, pipeline, period: &story.period };
    let given = |name: &str| story.given.iter().any(|given| given.file == name);
    let desired = request.desired(&facts);
    if let Some(desired) = &desired {
        fill_books(pipeline, desired, &story.period, &given, &mut facts);
        facts.sort();
    }
    Ok(facts)
}

/// What a story does not give about GP, as it is where everything is well.
fn fill_books(
    pipeline: &Pipeline,
    desired: &Desired,
    period: &Period,
    given: &dyn Fn(&str) -> bool,
    facts: &mut Facts,
) {
    let named = desired.accounts(facts, crate::plan::desire::ledger_of(pipeline));
    let companies: BTreeSet<String> = match &pipeline.companies {
        Some(companies) => {
            companies.known.iter().cloned().chain(named.keys().cloned()).filter(|c| !c.is_empty()).collect()
        }
        None => BTreeSet::from([String::new()]),
    };
    for company in companies {
        let mut books = Books::default();
        if !given("gp_periods") {
            books.fiscal_periods.push(always_open(period));
        }
        if !given("gp_accounts") {
            let numbers = named.get(&company).into_iter().flatten().cloned();
            books.accounts.extend(numbers.map(|number| Account {
                number,
                description: String::new(),
                active: true,
                allows_entry: true,
            }));
        }
        if !given("gp_dimensions") {
            books.dimension_values = values_of(pipeline, desired);
        }
        if company.is_empty() {
            facts.accounts.extend(books.accounts);
            facts.dimension_values.extend(books.dimension_values);
            facts.fiscal_periods.extend(books.fiscal_periods);
        } else {
            let known = facts.companies.entry(company).or_default();
            known.accounts.extend(books.accounts);
            known.dimension_values.extend(books.dimension_values);
            known.fiscal_periods.extend(books.fiscal_periods);
        }
    }
}

/// Every value that a journal of `desired` may name, as one that GP knows.
fn values_of(pipeline: &Pipeline, desired: &Desired) -> Vec<DimensionValue> {
    let mut values = Vec::new();
    let mut add = |look_up: &LookUp, code: &str| {
        values.push(DimensionValue { dimension: look_up.name.clone(), code: code.to_owned(), active: true });
    };
    for period in std::iter::once(&desired.own).chain(&desired.earlier) {
        let costs = &period.costs;
        for centre in costs.centres.ids() {
            for (look_up, answer) in pipeline.look_ups.iter().zip(costs.centres.answers(centre)) {
                add(look_up, &answer.value);
            }
        }
        for rolled_up in costs.rolled_up.values() {
            pipeline.look_ups.iter().for_each(|look_up| add(look_up, rolled_up));
        }
    }
    values
}

/// A calendar of one open year around the period.
fn always_open(period: &Period) -> FiscalPeriod {
    let year = period.first_day.year();
    FiscalPeriod {
        year,
        number: 1,
        first_day: Date::new(year - 1, 1, 1).unwrap_or(period.first_day),
        last_day: Date::new(year + 1, 12, 31).unwrap_or(period.last_day),
        series: Series::Financial,
        closed: false,
    }
}

fn given_file(given: &Given) -> GivenFile {
    let row = |(at, cells): (usize, &Vec<String>)| GivenRow { line: at as u64 + 2, cells: cells.clone() };
    let rows = given.rows.iter().enumerate().map(row).collect();
    GivenFile { name: given.file.to_owned(), header: given.columns.clone(), rows }
}

fn empty(name: &str) -> GivenFile {
    let columns = fact_file(name).map_or(&[][..], |file| file.columns);
    GivenFile {
        name: name.to_owned(),
        header: columns.iter().map(|column| (*column).to_owned()).collect(),
        rows: Vec::new(),
    }
}

/// Everything in which the plan is not as expected.
fn differences(expect: &Expected, plan: &PlanReport) -> Vec<String> {
    let mut differences = Vec::new();
    if let Some(status) = expect.status
        && status.word() != plan.status
    {
        differences.push(format!("status: expected {}, got {}", status.word(), plan.status));
    }
    if let Some(lines) = &expect.lines {
        differences.extend(line_differences(lines, plan));
    }
    if let Some(held) = &expect.held {
        let got: Vec<(String, String)> =
            plan.held.iter().map(|held| (held.code.clone(), held.subject.clone())).collect();
        let mut left = got;
        for hold in held {
            let same = |(code, subject): &(String, String)| {
                *code == hold.code && hold.subject.as_ref().is_none_or(|wanted| wanted == subject)
            };
            match left.iter().position(same) {
                Some(at) => drop(left.remove(at)),
                None => differences.push(format!(
                    "expected hold [{}] {}",
                    hold.code,
                    hold.subject.as_deref().unwrap_or_default()
                )),
            }
        }
        differences.extend(left.iter().map(|(code, subject)| format!("unexpected hold [{code}] {subject}")));
    }
    if let Some(warnings) = &expect.warnings {
        let mut expected = warnings.clone();
        let mut got: Vec<String> = plan.warnings.iter().map(|warning| warning.code.clone()).collect();
        expected.sort();
        got.sort();
        differences.extend(diff("warning", &expected, &got));
    }
    differences.extend(record_differences(expect, plan));
    differences
}

fn line_differences(lines: &[ExpectedLine], plan: &PlanReport) -> Vec<String> {
    // What one line says of itself is compared in all.
    let also: BTreeSet<&str> = lines.iter().flat_map(|line| line.also.keys().copied()).collect();
    let expected: Vec<String> = lines
        .iter()
        .map(|line| {
            let said = also.iter().map(|what| line.also.get(what).map_or("", String::as_str));
            words([&line.account, &line.debit, &line.credit], said)
        })
        .collect();
    let mut got = Vec::new();
    for document in &plan.documents {
        for line in document.lines.iter().flatten() {
            let said = also.iter().map(|what| match *what {
                "description" => line.description.as_str(),
                "currency" => document.currency.as_deref().unwrap_or_default(),
                "company" => document.company.as_deref().unwrap_or_default(),
                "date" => document.date.as_deref().unwrap_or_default(),
                "exchange_rate" => document.exchange_rate.as_deref().unwrap_or_default(),
                "exchange_date" => document.exchange_date.as_deref().unwrap_or_default(),
                "replaces" => document.replaces.as_deref().unwrap_or_default(),
                "reverses_on" => document.reverses_on.as_deref().unwrap_or_default(),
                _ => "",
            });
            got.push(words([&line.account, &line.debit, &line.credit], said));
        }
    }
    diff("line", &expected, &got)
}

fn record_differences(expect: &Expected, plan: &PlanReport) -> Vec<String> {
    let Some(records) = &expect.records else { return Vec::new() };
    let mut differences = Vec::new();
    let mut left: Vec<_> = plan.documents.iter().filter(|document| document.key.is_some()).collect();
    for record in records {
        let same = |document: &&crate::plan::report::DocumentReport| {
            document.key.as_deref() == Some(&record.key) && document.action.as_deref() == Some(record.action)
        };
        let Some(at) = left.iter().position(same) else {
            differences.push(format!("expected {} {}", record.action, record.key));
            continue;
        };
        let got = left.remove(at).after.clone().unwrap_or_default();
        let expected: Option<BTreeMap<String, String>> =
            record.after.as_ref().map(|fields| fields.iter().cloned().collect());
        if expected.as_ref().is_some_and(|expected| *expected != got) {
            differences.push(format!("{} {}: expected {expected:?}, got {got:?}", record.action, record.key));
        }
    }
    let unexpected = left.iter().map(|document| {
        let word = |text: &Option<String>| text.clone().unwrap_or_default();
        format!("unexpected {} {}", word(&document.action), word(&document.key))
    });
    differences.extend(unexpected);
    differences
}

/// `000-5100-0200  debit 3000.00`, and what else is said of the line; with amounts as they are compared: `3000`, `3000.0` and `3000.00` are one.
fn words<'w>([account, debit, credit]: [&str; 3], also: impl Iterator<Item = &'w str>) -> String {
    let plain = |amount: &str| {
        let usd = crate::ledger::Currency::from_code("KWD");
        let parsed = usd.and_then(|three_digits| Minor::parse(amount.trim(), three_digits));
        parsed.filter(|amount| !amount.is_zero())
    };
    let mut words = match (plain(debit), plain(credit)) {
        (Some(_), None) => format!("{account}  debit  {}", two(debit)),
        (None, Some(_)) => format!("{account}  credit {}", two(credit)),
        _ => format!("{account}  debit {debit} credit {credit}"),
    };
    for word in also {
        words.push_str("  ");
        words.push_str(word);
    }
    words
}

/// At least two digits after the point, trailing zeros beyond them gone.
fn two(amount: &str) -> String {
    let (whole, part) = amount.trim().split_once('.').unwrap_or((amount.trim(), ""));
    let part = part.trim_end_matches('0');
    format!("{whole}.{part:0<2}")
}

/// The lines in which two lists differ, `-` expected and `+` got.
fn diff(what: &str, expected: &[String], got: &[String]) -> Vec<String> {
    if expected == got {
        return Vec::new();
    }
    let mut out = Vec::new();
    let mut left: Vec<&String> = got.iter().collect();
    for line in expected {
        match left.iter().position(|other| *other == line) {
            Some(at) => drop(left.remove(at)),
            None => out.push(format!("- {what} {line}")),
        }
    }
    out.extend(left.iter().map(|line| format!("+ {what} {line}")));
    if out.is_empty() {
        out.push(format!("the {what}s are in another order: got {}", got.join(" | ")));
    }
    out
}
