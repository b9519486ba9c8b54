//! Hours worked, from BambooHR's timesheets: only the last 365 days are served.

use super::client::{BambooHr, Question, Sink};
use super::error::BamboohrError;
use super::objects::List;
use super::rows::Shared;
use super::wire::Raw;
use crate::hr::{HoursRow, Text};
use crate::plan::facts::{Facts, Notice, StrayRow};
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;
use std::borrow::Cow;

/// How far back hours are asked for. BambooHR refuses dates before the last 365 days *in the company's time zone*,
/// which an API key cannot learn; there it may already be tomorrow.
const DAYS_SERVED: i64 = 364;

/// A row that cannot be used is told by name up to this many times, then counted.
const NAMED: usize = 20;

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Wire<'a> {
    #[serde(borrow)]
    id: Raw<'a>,
    #[serde(borrow)]
    employee_id: Raw<'a>,
    #[serde(borrow, rename = "type")]
    kind: Raw<'a>,
    #[serde(borrow)]
    date: Raw<'a>,
    #[serde(borrow)]
    hours: Raw<'a>,
    #[serde(borrow)]
    approved: Raw<'a>,
    #[serde(borrow)]
    approved_at: Raw<'a>,
    #[serde(borrow)]
    project_info: Raw<'a>,
}

/// `projectInfo` (the contract's `ProjectInfoApiTransformer`).
#[derive(Deserialize, Default)]
#[serde(default)]
struct ProjectInfo<'a> {
    #[serde(borrow)]
    project: Raw<'a>,
    #[serde(borrow)]
    task: Raw<'a>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Named<'a> {
    #[serde(borrow)]
    name: Raw<'a>,
}

/// The names of a project and of a task; empty: none.
type Project<'a> = (Cow<'a, str>, Cow<'a, str>);

/// `None` when they cannot be read: taken for no project, the hours would be booked at home.
fn project_of<'a>(wire: &Wire<'a>) -> Option<Project<'a>> {
    let Some(json) = object(wire.project_info)? else { return Some(Project::default()) };
    let info: ProjectInfo<'a> = serde_json::from_str(json).ok()?;
    Some((name_of(info.project)?, name_of(info.task)?))
}

fn name_of(raw: Raw<'_>) -> Option<Cow<'_, str>> {
    let Some(json) = object(raw)? else { return Some(Cow::default()) };
    let named: Named<'_> = serde_json::from_str(json).ok()?;
    Some(named.name.text()).filter(|name| !name.is_empty())
}

/// An object's text, or nothing where there is none; `None` for anything else. PHP writes an empty object as a list.
fn object(raw: Raw<'_>) -> Option<Option<&str>> {
    let json = raw.json().trim();
    if raw.is_absent() || raw.is_null() || ["[]", "{}"].contains(&json) {
        return Some(None);
    }
    json.starts_with('{').then_some(Some(json))
}

/// Hours of a window, as far as BambooHR serves it.
pub(super) struct Hours {
    rows: Vec<HoursRow>,
    /// The first day served, when the window was cut.
    from: Option<Date>,
    strays: Vec<StrayRow>,
    notices: Vec<Notice>,
}

struct Reader<'s, 'f> {
    shared: &'s Shared<'f>,
    rows: Vec<HoursRow>,
    strays: Vec<StrayRow>,
    skipped: Vec<Skipped>,
    /// What a broken answer is undone to: rows, strays, skipped.
    before: (usize, usize, usize),
}

/// An entry that cannot be used.
struct Skipped {
    row_id: String,
    code: &'static str,
    why: String,
    remedy: &'static str,
}

impl Sink for Reader<'_, '_> {
    fn restart(&mut self) {
        self.rows.truncate(self.before.0);
        self.strays.truncate(self.before.1);
        self.skipped.truncate(self.before.2);
    }

    fn object(&mut self, json: &[u8]) -> Result<(), String> {
        let wire: Wire<'_> = serde_json::from_slice(json).map_err(|error| error.to_string())?;
        let (date, hours, (project, task)) = match read(&wire) {
            Ok(entry) => entry,
            Err(skipped) => {
                self.skipped.push(skipped);
                return Ok(());
            }
        };
        let id = wire.employee_id.text();
        let row_id = wire.id.text();
        let Some(employee) = self.shared.position(&id) else {
            let (employee_id, row_id) = (id.into_owned(), row_id.into_owned());
            self.strays.push(StrayRow { table: "hours", employee_id, row_id, date });
            return Ok(());
        };
        let has_approval = !wire.approved.is_absent();
        self.rows.push(HoursRow {
            employee,
            row_id: self.shared.text(&row_id),
            date,
            hours,
            are_pieces: false,
            earning: Text::EMPTY,
            approved: if has_approval { wire.approved.is_true() } else { !wire.approved_at.text().is_empty() },
            // Timesheet entries name a project at most: what it means, the pipeline's table says.
            department: Text::EMPTY,
            location: Text::EMPTY,
            project: self.shared.text(&project),
            task: self.shared.text(&task),
        });
        Ok(())
    }
}

/// The day, the exact hours and the project of an entry, or why it cannot be used.
fn read<'a>(wire: &Wire<'a>) -> Result<(Date, rust_decimal::Decimal, Project<'a>), Skipped> {
    let skip = |code, why: String, remedy| Skipped { row_id: wire.id.text().into_owned(), code, why, remedy };
    let kind = wire.kind.text();
    if !["clock", "hour", ""].iter().any(|known| kind.eq_ignore_ascii_case(known)) {
        return Err(skip(
            "hours-unknown-type",
            format!("has the type `{kind}`"),
            "Tell us what this type of entry means; it is left out",
        ));
    }
    let no_date = "Correct the entry's date in BambooHR's timesheet";
    let date = match wire.date.date() {
        Ok(Some(date)) => date,
        Ok(None) => return Err(skip("row-without-date", "has no date".into(), no_date)),
        Err(text) => return Err(skip("row-without-date", format!("has `{text}` for a date"), no_date)),
    };
    if wire.hours.text().is_empty() {
        return Err(skip(
            "hours-open",
            format!("of {date} has no hours yet: the clock was not stopped"),
            "Close the entry in BambooHR's timesheet",
        ));
    }
    let Some(hours) = wire.hours.decimal() else {
        return Err(skip(
            "hours-unreadable",
            format!("of {date} has hours that are not a number"),
            "Correct the entry in BambooHR's timesheet",
        ));
    };
    let project = project_of(wire).ok_or_else(|| {
        let why = format!("of {date} has a project that cannot be read");
        skip("hours-unreadable", why, "Tell us what BambooHR sends; the hours would be booked in the wrong place")
    })?;
    Ok((date, hours, project))
}

impl Hours {
    /// Puts them in place of those that `facts` has.
    pub(super) fn put_into(self, facts: &mut Facts) {
        facts.hours = self.rows;
        facts.hours_from = self.from;
        facts.strays.extend(self.strays);
        facts.notices.extend(self.notices);
    }
}

impl BambooHr {
    /// Hours from `first` to `last` (both included), as far back as BambooHR serves them. A month is asked for at a time.
    pub(super) async fn hours_between(
        &self,
        (first, last): (Date, Date),
        shared: &Shared<'_>,
    ) -> Result<Hours, BamboohrError> {
        let today = TimeZone::UTC.to_datetime(self.clock.now()).date();
        let earliest = today.saturating_sub(DAYS_SERVED.days());
        let last = last.min(today);
        let mut from = first.max(earliest);
        let mut reader =
            Reader { shared, rows: Vec::new(), strays: Vec::new(), skipped: Vec::new(), before: (0, 0, 0) };
        while from <= last {
            let to = from.last_of_month().min(last);
            let question = question(from, to);
            reader.before = (reader.rows.len(), reader.strays.len(), reader.skipped.len());
            self.read(&question, List::Whole, &mut reader).await.map_err(|no| question.error(no))?;
            let Ok(next) = to.tomorrow() else { break };
            from = next;
        }
        let Reader { mut rows, strays, skipped, .. } = reader;
        rows.shrink_to_fit();
        Ok(Hours { rows, from: (first < earliest).then_some(earliest), strays, notices: notices(skipped) })
    }
}

fn question(from: Date, to: Date) -> Question {
    Question {
        what: format!("the hours of {from} to {to}"),
        grant: "give the key's user access to time tracking, or write `timesheets: off` where the account has none",
        path: "v1/time_tracking/timesheet_entries".into(),
        query: vec![("start", from.to_string()), ("end", to.to_string())],
        body: None,
    }
}

fn notices(skipped: Vec<Skipped>) -> Vec<Notice> {
    let more = skipped.len().saturating_sub(NAMED);
    let mut notices: Vec<Notice> = skipped
        .into_iter()
        .take(NAMED)
        .map(|entry| Notice {
            code: entry.code,
            subject: format!("hours {}", entry.row_id),
            message: format!("The timesheet entry {} {} and is not counted", entry.row_id, entry.why),
            remedy: entry.remedy.into(),
        })
        .collect();
    if more > 0 {
        notices.push(Notice {
            code: "hours-unreadable",
            subject: "hours".into(),
            message: format!("{more} more timesheet entries cannot be counted either"),
            remedy: "Correct the entries that are named, then look again".into(),
        });
    }
    notices
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project(info: &str) -> Option<(String, String)> {
        let json = format!(r#"{{"id":1,"projectInfo":{info}}}"#);
        let wire: Wire<'_> = serde_json::from_str(&json).unwrap();
        project_of(&wire).map(|(project, task)| (project.into_owned(), task.into_owned()))
    }

    #[test]
    fn projects_are_read_in_the_forms_that_they_may_have() {
        let named = |project: &str, task: &str| Some((project.to_owned(), task.to_owned()));
        let bridge = r#"{"project":{"id":3,"name":"Bridge"},"task":{"id":7,"name":"Night watch"}}"#;
        assert_eq!(project(bridge), named("Bridge", "Night watch"));
        assert_eq!(project(r#"{"project":{"id":3,"name":"Bridge"},"task":null}"#), named("Bridge", ""));
        for nothing in ["null", "[]", "{}", r#"{"project":null,"task":null}"#] {
            assert_eq!(project(nothing), named("", ""), "{nothing}");
        }
        // Taken for no project, its hours would be booked at home.
        let odd = [
            r#""Bridge""#,
            r#"[{"id":3}]"#,
            r#"{"project":"Bridge"}"#,
            r#"{"project":["Bridge"]}"#,
            r#"{"project":{"id":3}}"#,
        ];
        for unreadable in odd {
            assert_eq!(project(unreadable), None, "{unreadable}");
        }
    }
}
