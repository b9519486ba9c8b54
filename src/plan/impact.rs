//! What a change of the project does to a plan: the same facts planned with the project as it was and as it is, and every
//! line that comes out otherwise, with why.
//!
//! It is read by whoever reviews the change. So real people are counted, not named, and where a line or its change is one
//! person's pay, its amounts are left out unless the reader may see them ([`Shown`]).

use super::document::Plan;
use super::explain::{LineExplanation, Pay, explain};
use super::facts::Facts;
use super::report::{LineageIds, PlanReport, report};
use crate::ledger::{Currency, Minor};
use crate::project::Pipeline;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A plan with what it was made from.
#[derive(Clone, Copy)]
pub struct Side<'s> {
    pub plan: &'s Plan,
    pub pipeline: &'s Pipeline,
    pub facts: &'s Facts,
}

/// How much is told of people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Invented people of a story: all of it.
    Everything,
    /// Real people, for who may see single people's pay: all amounts, people counted.
    Amounts,
    /// Real people: no amount that is one person's.
    NoSinglePay,
}

/// What changes. Everything is empty when the same comes out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Impact {
    /// Status before and after, where they differ: `ready`, `held`, `partly_held`, `nothing`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<(String, String)>,
    pub lines: Vec<LineChange>,
    /// Batch, reference and date of journals: `what: before → after`.
    pub headers: Vec<String>,
    /// Changes of GP records that are new, gone or otherwise.
    pub records: Vec<String>,
    pub holds_gone: Vec<String>,
    pub holds_new: Vec<String>,
}

/// A line that comes out otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LineChange {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub company: String,
    pub currency: String,
    pub account: String,
    /// Signed decimal text: debit above zero, credit below. `None`: there is no such line, or it is `one_person`.
    pub before: Option<String>,
    pub after: Option<String>,
    /// After minus before; empty where it is `one_person`.
    pub change: String,
    /// The amounts are left out: they, or what changes, would be one person's pay.
    pub one_person: bool,
    pub why: Vec<String>,
}

impl Impact {
    pub fn is_none(&self) -> bool {
        *self == Impact::default()
    }
}

/// Compares what comes out. `None`: there is no such pipeline on that side.
pub fn impact(before: Option<Side<'_>>, after: Option<Side<'_>>, shows: Shown) -> Impact {
    let books = |side: Option<Side<'_>>| side.map(Books::of).unwrap_or_default();
    let (old, new) = (books(before), books(after));
    let reports = (before.map(reported), after.map(reported));
    let status = |report: &Option<PlanReport>| report.as_ref().map_or("nothing", |report| &report.status).to_owned();
    let (was, is) = (status(&reports.0), status(&reports.1));
    let holds = (holds(&reports.0), holds(&reports.1));
    Impact {
        status: (was != is).then_some((was, is)),
        lines: lines(&old, &new, shows),
        headers: changed(&headers(&reports.0), &headers(&reports.1)),
        records: changed(&records(&reports.0), &records(&reports.1)),
        holds_gone: holds.0.difference(&holds.1).cloned().collect(),
        holds_new: holds.1.difference(&holds.0).cloned().collect(),
    }
}

fn reported(side: Side<'_>) -> PlanReport {
    report(side.plan, side.pipeline, side.facts, LineageIds::LeftOut)
}

/// Company, currency, account.
type Key = (String, Currency, String);
/// Somebody's cost: employee and the name of the amount.
type Cost = (String, String);

/// What one side books.
#[derive(Default)]
struct Books {
    amounts: BTreeMap<Key, Minor>,
    /// Whose costs are in a line.
    people: BTreeMap<Key, BTreeSet<Cost>>,
    /// The rows that a line's people got there by.
    rows: BTreeMap<Key, BTreeSet<String>>,
}

impl Books {
    fn of(side: Side<'_>) -> Books {
        let mut books = Books::default();
        for journal in side.plan.documents.iter().filter_map(|document| document.journal()) {
            let explained = explain(side.plan, side.pipeline, side.facts, journal, None, Pay::Hidden);
            for (line, explained) in journal.entry.lines.iter().zip(&explained) {
                let account = line.account.as_str().to_owned();
                let key = (journal.key.company.clone(), journal.entry.currency, account);
                let amount = books.amounts.entry(key.clone()).or_insert(Minor(0));
                *amount = Minor(amount.0 + line.debit.0 - line.credit.0);
                books.add_people(&key, explained);
            }
        }
        books
    }

    fn add_people(&mut self, key: &Key, line: &LineExplanation) {
        let people = self.people.entry(key.clone()).or_default();
        for part in &line.parts {
            people.extend(part.people.iter().map(|person| (person.employee.clone(), person.cost.clone())));
        }
        let rows = line.parts.iter().flat_map(|part| &part.look_ups).cloned();
        self.rows.entry(key.clone()).or_default().extend(rows);
    }

    /// Accounts that carry this cost, on the same side of the journal as `like` does.
    fn accounts_of(&self, cost: &Cost, like: i128) -> Vec<&str> {
        let carries = |key: &&Key| {
            let amount = self.amounts.get(*key).map_or(0, |amount| amount.0);
            amount.signum() == like.signum() && self.people.get(*key).is_some_and(|people| people.contains(cost))
        };
        self.amounts.keys().filter(carries).map(|(_, _, account)| account.as_str()).collect()
    }
}

fn lines(old: &Books, new: &Books, shows: Shown) -> Vec<LineChange> {
    let keys: BTreeSet<&Key> = old.amounts.keys().chain(new.amounts.keys()).collect();
    let changed = keys.into_iter().filter(|key| old.amounts.get(*key) != new.amounts.get(*key));
    changed
        .map(|key| {
            let (company, currency, account) = key;
            let one_person = shows == Shown::NoSinglePay && is_of_one(key, old, new);
            let amount = |books: &Books| books.amounts.get(key).copied();
            let (before, after) = (amount(old), amount(new));
            let change = Minor(after.map_or(0, |after| after.0) - before.map_or(0, |before| before.0));
            let text = |amount: Minor| amount.text(*currency);
            LineChange {
                company: company.clone(),
                currency: currency.code().to_owned(),
                account: account.clone(),
                before: before.filter(|_| !one_person).map(text),
                after: after.filter(|_| !one_person).map(text),
                change: if one_person { String::new() } else { text(change) },
                one_person,
                why: why(key, old, new, shows),
            }
        })
        .collect()
}

/// Whether a line is one person's on a side, or one person's coming or going is all that changes.
fn is_of_one(key: &Key, old: &Books, new: &Books) -> bool {
    let people = |books: &Books| -> BTreeSet<String> {
        books.people.get(key).into_iter().flatten().map(|(employee, _)| employee.clone()).collect()
    };
    let (was, is) = (people(old), people(new));
    was.len() == 1 || is.len() == 1 || was.symmetric_difference(&is).count() == 1
}

/// Where the people of a line come from and where those that left it are now; who stayed costs another amount.
fn why(key: &Key, old: &Books, new: &Books, shows: Shown) -> Vec<String> {
    let none = BTreeSet::new();
    let (was, is) = (old.people.get(key).unwrap_or(&none), new.people.get(key).unwrap_or(&none));
    let sign = new.amounts.get(key).or_else(|| old.amounts.get(key)).map_or(1, |amount| amount.0);
    let mut why = Vec::new();
    let came: Vec<&Cost> = is.difference(was).collect();
    let went: Vec<&Cost> = was.difference(is).collect();
    for (place, people) in by_place(&came, |cost| old.accounts_of(cost, sign)) {
        let from = place.map_or_else(|| "were not booked before".to_owned(), |place| format!("come from {place}"));
        why.push(format!("{} {}{}", people_of(&people, shows), from, by_rows(new.rows.get(key), old.rows.get(key))));
    }
    for (place, people) in by_place(&went, |cost| new.accounts_of(cost, sign)) {
        let to = place.map_or_else(|| "are no longer booked".to_owned(), |place| format!("go to {place}"));
        why.push(format!("{} {to}", people_of(&people, shows)));
    }
    if came.is_empty() && went.is_empty() {
        let costs: BTreeSet<&str> = is.iter().map(|(_, cost)| cost.as_str()).collect();
        let costs: Vec<&str> = costs.into_iter().collect();
        let people: Vec<&Cost> = is.iter().collect();
        why.push(match costs.is_empty() {
            true => "what was sent before is subtracted otherwise".to_owned(),
            false => format!("{} of {} is another amount", costs.join(", "), people_of(&people, shows)),
        });
    }
    why
}

type ByPlace<'c> = BTreeMap<Option<String>, Vec<&'c Cost>>;

fn by_place<'c, 'b>(costs: &[&'c Cost], accounts: impl Fn(&Cost) -> Vec<&'b str>) -> ByPlace<'c> {
    let mut places = ByPlace::new();
    for cost in costs {
        let found = accounts(cost);
        let place = (!found.is_empty()).then(|| found.join(", "));
        places.entry(place).or_default().push(cost);
    }
    places
}

/// `employee 7`, `employees 7, 9 and 11`, `12 people`; real people are only counted.
fn people_of(costs: &[&Cost], shows: Shown) -> String {
    let people: BTreeSet<&str> = costs.iter().map(|(employee, _)| employee.as_str()).collect();
    let mut people: Vec<&str> = people.into_iter().collect();
    people.sort_by_key(|id| (id.len(), *id));
    match people.as_slice() {
        [_] if shows != Shown::Everything => "1 person".to_owned(),
        [only] => format!("employee {only}"),
        [first @ .., last] if people.len() <= 4 && shows == Shown::Everything => {
            format!("employees {} and {last}", first.join(", "))
        }
        _ => format!("{} people", people.len()),
    }
}

/// The table rows that a line is reached by now and was not before.
fn by_rows(now: Option<&BTreeSet<String>>, before: Option<&BTreeSet<String>>) -> String {
    let none = BTreeSet::new();
    let new: Vec<&str> = now.unwrap_or(&none).difference(before.unwrap_or(&none)).map(String::as_str).take(3).collect();
    if new.is_empty() { String::new() } else { format!(", by {}", new.join("; ")) }
}

fn holds(report: &Option<PlanReport>) -> BTreeSet<String> {
    let held = report.iter().flat_map(|report| &report.held);
    held.map(|held| format!("[{}] {}: {}", held.code, held.subject, held.message)).collect()
}

/// What stands at the head of each journal, by its place in the plan.
fn headers(report: &Option<PlanReport>) -> BTreeMap<String, String> {
    let mut headers = BTreeMap::new();
    let journals = report.iter().flat_map(|report| &report.documents).filter(|document| document.kind == "journal");
    for (at, journal) in journals.enumerate() {
        let of = format!("journal {}", at + 1);
        for (what, text) in [
            ("batch", &journal.batch),
            ("reference", &journal.reference),
            ("date", &journal.date),
            ("reversed on", &journal.reverses_on),
            ("currency", &journal.currency),
        ] {
            headers.insert(format!("{of}, {what}"), text.clone().unwrap_or_default());
        }
    }
    headers
}

fn records(report: &Option<PlanReport>) -> BTreeMap<String, String> {
    let mut records = BTreeMap::new();
    for document in report.iter().flat_map(|report| &report.documents) {
        let (Some(key), Some(action)) = (&document.key, &document.action) else { continue };
        let before = document.before.clone().unwrap_or_default();
        let fields = document.after.iter().flatten().filter(|(field, value)| before.get(*field) != Some(value));
        let fields: Vec<String> = fields.map(|(field, value)| format!("{field} = {value}")).collect();
        records.insert(format!("{} {key}", document.kind), format!("{action} {}", fields.join(", ")).trim().to_owned());
    }
    records
}

/// `name: before → after` for everything that differs.
fn changed(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> Vec<String> {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let text = |value: Option<&String>| match value.map(String::as_str) {
        None | Some("") => "nothing".to_owned(),
        Some(text) => text.to_owned(),
    };
    let differ = names.into_iter().filter(|name| before.get(*name) != after.get(*name));
    let differ = differ.map(|name| (name, text(before.get(name)), text(after.get(name))));
    differ.filter(|(_, was, is)| was != is).map(|(name, was, is)| format!("{name}: {was} → {is}")).collect()
}
