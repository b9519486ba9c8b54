//! Timesheet entries: a period within the last 365 days, all employees, no pages.

use super::account::Account;
use super::answer::{Query, problem, streamed};
use super::money::number;
use super::serve::Shared;
use crate::hr::{HoursRow, Text};
use crate::plan::facts::Facts;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::ToSpan;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Serialize, Serializer};
use std::sync::Arc;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'a> {
    id: Id<'a>,
    employee_id: Id<'a>,
    #[serde(rename = "type")]
    kind: &'static str,
    date: Date,
    start: Option<()>,
    end: Option<()>,
    timezone: Option<()>,
    #[serde(serialize_with = "hours")]
    hours: Decimal,
    note: Option<()>,
    project_info: Option<ProjectInfo<'a>>,
    approved: bool,
    approved_at: Option<String>,
    created_at: String,
    updated_at: Option<()>,
}

/// What the contract calls `ProjectInfoApiTransformer`.
#[derive(Serialize)]
struct ProjectInfo<'a> {
    project: Named<'a>,
    task: Option<Named<'a>>,
}

#[derive(Serialize)]
struct Named<'a> {
    id: usize,
    name: &'a str,
}

/// Ids by what comes first among all hours.
fn project_info<'f>(facts: &'f Facts, row: &HoursRow) -> Option<ProjectInfo<'f>> {
    let named = |text: Text, of: fn(&HoursRow) -> Text| {
        let first = facts.hours.iter().position(|other| of(other) == text).unwrap_or_default();
        (!text.is_empty()).then(|| Named { id: first + 1, name: facts.text(text) })
    };
    let project = named(row.project, |row| row.project)?;
    Some(ProjectInfo { project, task: named(row.task, |row| row.task) })
}

/// An id as a number here, where every other endpoint writes text.
struct Id<'a>(&'a str);

impl Serialize for Id<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.parse::<u64>() {
            Ok(number) => serializer.serialize_u64(number),
            Err(_) => serializer.serialize_str(self.0),
        }
    }
}

fn hours<S: Serializer>(hours: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    number(*hours, serializer)
}

/// `GET /time_tracking/timesheet_entries?start&end[&employeeIds]`.
pub(super) async fn get(State(shared): State<Shared>, RawQuery(query): RawQuery) -> Response {
    let account = shared.account();
    let query = Query::of(query.as_deref());
    let refuse = |detail: &str| problem(StatusCode::BAD_REQUEST, detail);
    let date = |name: &str| query.get(name).filter(|text| text.len() == 10).and_then(|text| text.parse::<Date>().ok());
    let (Some(start), Some(end)) = (date("start"), date("end")) else {
        return refuse("start and end are required and must be dates (YYYY-MM-DD).");
    };
    let today = account.today();
    let served = today.saturating_sub(365.days())..=today;
    if !served.contains(&start) || !served.contains(&end) {
        return refuse("start and end must be within the last 365 days.");
    }
    if end < start {
        return refuse("end must not be before start.");
    }
    let ids: Option<Vec<&str>> = query.get("employeeIds").map(|ids| ids.split(',').collect());
    if ids.iter().flatten().any(|id| id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit())) {
        return refuse("employeeIds must be numbers separated by commas.");
    }
    let facts = Arc::clone(&account.facts);
    let is_wanted = |row: &HoursRow| {
        (start..=end).contains(&row.date) && ids.as_ref().is_none_or(|ids| ids.contains(&id_of(&facts, row)))
    };
    let wanted: Vec<u32> = (0..).zip(&facts.hours).filter(|(_, row)| is_wanted(row)).map(|(at, _)| at).collect();
    drop(account);
    streamed("[", "]".into(), wanted.len(), move |at, out| {
        let row = &facts.hours[wanted[wanted.len() - 1 - at] as usize];
        // Writing to memory does not fail; an entry that did would be left out whole.
        let _ = serde_json::to_writer(out, &entry(&facts, row));
    })
}

impl Account {
    /// The approved hours of a person on a day, in place of those that the entry had; `false` when there is no such person.
    pub fn set_hours(&mut self, employee_id: &str, row_id: &str, date: Date, hours: Decimal) -> bool {
        let Some(employee) = self.position(employee_id) else { return false };
        let facts = Arc::make_mut(&mut self.facts);
        facts.hours.retain(|row| facts.texts.get(row.row_id) != row_id);
        let row_id = facts.texts.add(row_id);
        let (earning, department, location) = (Text::EMPTY, Text::EMPTY, Text::EMPTY);
        let row = HoursRow {
            employee,
            row_id,
            date,
            hours,
            are_pieces: false,
            earning,
            approved: true,
            department,
            location,
            project: Text::EMPTY,
            task: Text::EMPTY,
        };
        facts.hours.push(row);
        facts.sort();
        true
    }
}

fn id_of<'f>(facts: &'f Facts, row: &HoursRow) -> &'f str {
    facts.text(facts.people[row.employee as usize].id)
}

fn entry<'f>(facts: &'f Facts, row: &HoursRow) -> Entry<'f> {
    let evening = format!("{}T18:00:00+00:00", row.date);
    Entry {
        id: Id(facts.text(row.row_id)),
        employee_id: Id(id_of(facts, row)),
        kind: "hour",
        date: row.date,
        start: None,
        end: None,
        timezone: None,
        hours: row.hours,
        note: None,
        project_info: project_info(facts, row),
        approved: row.approved,
        approved_at: row.approved.then(|| evening.clone()),
        created_at: evening,
        updated_at: None,
    }
}
