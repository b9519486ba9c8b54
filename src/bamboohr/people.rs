//! Everybody in the account, active and inactive, with an explicit list of fields.

use super::client::{BambooHr, NoAnswer, Question, Sink};
use super::dropped::Fields;
use super::error::BamboohrError;
use super::objects::List;
use super::positions::Positions;
use super::record::RecordOf;
use super::wire::Raw;
use crate::hr::{Employee, Text};
use crate::plan::facts::{Facts, Notice};
use reqwest::StatusCode;
use serde::Deserialize;
use serde::de::DeserializeSeed;

/// BambooHR's largest page.
const PAGE: &str = "2500";
/// How often the list is begun again because somebody at the edge of a page changed.
const RESTARTS: u32 = 3;

/// Where a field's value goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slot {
    Number,
    FirstName,
    LastName,
    Email,
    HireDate,
    TerminationDate,
    Status,
    Extra(usize),
}

/// Always asked for: a plan cannot do without them.
const STANDARD: [(&str, Slot); 7] = [
    ("employeeNumber", Slot::Number),
    ("firstName", Slot::FirstName),
    ("lastName", Slot::LastName),
    ("workEmail", Slot::Email),
    ("hireDate", Slot::HireDate),
    ("terminationDate", Slot::TerminationDate),
    ("status", Slot::Status),
];

/// In every record of the list, without being asked for (OpenAPI, `GetEmployeesEmployeeBaseResponse`).
const IN_EVERY_RECORD: [&str; 6] = ["firstName", "lastName", "preferredName", "photoUrl", "jobTitleName", "status"];

/// The fields that are asked for: the standard ones, then the extras.
pub(super) struct Wanted {
    names: Vec<String>,
    slots: Vec<Slot>,
}

impl Wanted {
    fn new(fields: &[String]) -> Wanted {
        let mut wanted = Wanted { names: Vec::new(), slots: Vec::new() };
        for (name, slot) in STANDARD {
            wanted.names.push(name.to_owned());
            wanted.slots.push(slot);
        }
        for name in fields {
            let is_known = matches!(name.as_str(), "id" | "employeeId" | "email") || wanted.names.contains(name);
            if !is_known {
                wanted.slots.push(Slot::Extra(wanted.names.len() - STANDARD.len()));
                wanted.names.push(name.clone());
            }
        }
        wanted
    }

    fn extras(&self) -> &[String] {
        &self.names[STANDARD.len()..]
    }
}

/// List Employees has names of its own for the values that come from job rows; everywhere else they are short.
pub(super) fn name_in_list(field: &str) -> &str {
    match field {
        "department" => "departmentName",
        "division" => "divisionName",
        "location" => "locationName",
        "jobTitle" => "jobTitleName",
        "address1" => "addressLine1",
        "address2" => "addressLine2",
        other => other,
    }
}

/// Reads people's records into the facts: those of the list, or those of a report.
pub(super) struct PeopleReader<'f> {
    facts: &'f mut Facts,
    positions: Positions,
    slots: Vec<Slot>,
    extras: usize,
    /// Names in this answer, and which wanted field each is.
    names: Vec<(String, usize)>,
    /// Whether a person nobody knew yet is added: a report that only fills gaps must not.
    adds: bool,
    counted: Fields,
    bad_dates: Vec<(usize, String)>,
    /// What a broken answer is undone to: people, counts, bad dates.
    before: (usize, Fields, usize),
}

impl Sink for PeopleReader<'_> {
    fn restart(&mut self) {
        self.facts.people.truncate(self.before.0);
        self.counted = self.before.1.clone();
        self.bad_dates.truncate(self.before.2);
    }

    fn object(&mut self, json: &[u8]) -> Result<(), String> {
        let mut deserializer = serde_json::Deserializer::from_slice(json);
        let record = RecordOf(&self.names).deserialize(&mut deserializer).map_err(|error| error.to_string())?;
        let id = record.id.text();
        if id.is_empty() {
            return Err("a person without an id".into());
        }
        let id = self.facts.texts.add(&id);
        let Some(position) = self.position(id) else { return Ok(()) };
        self.counted.records += 1;
        for ((name, field), value) in self.names.iter().zip(&record.values) {
            if value.is_absent() {
                continue;
            }
            let is_restricted = value.is_null() && record.restricted.iter().any(|restricted| restricted == name);
            self.counted.asked[*field].count(is_restricted);
            if let Err(text) = set(&mut self.facts.people[position], self.slots[*field], *value, &mut self.facts.texts)
            {
                self.bad_dates.push((*field, format!("`{text}` of person {}", self.facts.texts.get(id))));
            }
        }
        Ok(())
    }
}

impl PeopleReader<'_> {
    /// Where the person with `id` is; they are added if this answer may.
    fn position(&mut self, id: Text) -> Option<usize> {
        let known = self.positions.get(id).map(|position| position as usize);
        // A position from a page that was begun again may be of somebody else now.
        if let Some(known) = known.filter(|&known| self.facts.people.get(known).is_some_and(|person| person.id == id)) {
            return Some(known);
        }
        if !self.adds {
            return None;
        }
        let position = self.facts.people.len();
        self.positions.set(id, u32::try_from(position).ok()?);
        self.facts.people.push(Employee {
            id,
            extra: vec![Text::EMPTY; self.extras].into_boxed_slice(),
            ..Employee::default()
        });
        Some(position)
    }

    /// What is read from here on is undone alone.
    fn keep(&mut self) {
        self.before = (self.facts.people.len(), self.counted.clone(), self.bad_dates.len());
    }

    fn forget_everything(&mut self) {
        self.before = (0, Fields::of(self.counted.asked.iter().map(|asked| asked.name.as_str())), 0);
        self.positions.clear();
        self.restart();
    }

    /// Prepares for an answer with only these of the wanted fields, under the names that the project gave them.
    pub(super) fn begin_part(&mut self, fields: &[usize], adds: bool) {
        self.names = fields.iter().map(|&field| (self.counted.asked[field].name.clone(), field)).collect();
        for &field in fields {
            self.counted.asked[field].restart();
        }
        self.counted.records = 0;
        self.adds = adds;
        self.keep();
    }

    /// The names in the answer at hand.
    pub(super) fn asked_names(&self) -> Vec<&str> {
        self.names.iter().map(|(name, _)| name.as_str()).collect()
    }

    fn notices(&self) -> Vec<Notice> {
        let mut notices: Vec<Notice> = self.counted.notices("people", "people").collect();
        for (field, asked) in self.counted.asked.iter().enumerate() {
            let bad: Vec<&str> =
                self.bad_dates.iter().filter(|(of, _)| *of == field).map(|(_, text)| text.as_str()).collect();
            if let Some(first) = bad.first() {
                notices.push(Notice {
                    code: "date-unreadable",
                    subject: format!("people.{}", asked.name),
                    message: format!(
                        "{} of BambooHR's dates in `{}` cannot be read, the first is {first}",
                        bad.len(),
                        asked.name
                    ),
                    remedy: "Correct the date in BambooHR: year-month-day".into(),
                });
            }
        }
        notices
    }
}

/// Puts a value into a person's record.
///
/// # Errors
/// The text of a date that is none.
fn set(person: &mut Employee, slot: Slot, value: Raw<'_>, texts: &mut crate::hr::Texts) -> Result<(), String> {
    match slot {
        Slot::Number => person.number = texts.add(&value.text()),
        Slot::FirstName => person.first_name = texts.add(&value.text()),
        Slot::LastName => person.last_name = texts.add(&value.text()),
        Slot::Email => person.email = texts.add(&value.text()),
        Slot::Status => person.status = texts.add(&value.text()),
        Slot::HireDate => person.hire_date = value.date()?,
        Slot::TerminationDate => person.termination_date = value.date()?,
        Slot::Extra(extra) => person.extra[extra] = texts.add(&value.display()),
    }
    Ok(())
}

#[derive(Deserialize)]
struct Envelope {
    meta: Meta,
}

#[derive(Deserialize)]
struct Meta {
    page: Page,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    next_cursor: Option<String>,
}

impl BambooHr {
    /// All people, active and inactive, with these BambooHR fields; replaces `people` and `extra_fields`.
    ///
    /// The standard fields are always read. `fields` that List Employees does not know (a customer's own) come from a
    /// custom report; what neither gives, or gives only for some people, becomes a notice `field-dropped`.
    ///
    /// # Errors
    /// As every question. What was read before the error is not kept.
    pub async fn people(&self, fields: &[String], facts: &mut Facts) -> Result<(), BamboohrError> {
        let wanted = Wanted::new(fields);
        facts.people.clear();
        facts.extra_fields = wanted.extras().to_vec();
        let counted = Fields::of(wanted.names.iter().map(String::as_str));
        let mut reader = PeopleReader {
            facts,
            positions: Positions::default(),
            extras: wanted.extras().len(),
            slots: wanted.slots,
            names: (0..).zip(&wanted.names).map(|(field, name)| (name_in_list(name).to_owned(), field)).collect(),
            adds: true,
            before: (0, counted.clone(), 0),
            counted,
            bad_dates: Vec::new(),
        };
        if let Err(error) = self.read_people(&mut reader).await {
            reader.facts.people.clear();
            return Err(error);
        }
        let notices = reader.notices();
        facts.people.shrink_to_fit();
        facts.notices.extend(notices);
        Ok(())
    }

    async fn read_people(&self, reader: &mut PeopleReader<'_>) -> Result<(), BamboohrError> {
        let all: Vec<usize> = (0..reader.slots.len()).collect();
        if !self.list_people(reader).await? {
            // An account from before 2025-10 has no such list.
            return self.report_people(&all, true, reader).await;
        }
        let records = reader.counted.records;
        let unknown: Vec<usize> = all.into_iter().filter(|&field| reader.counted.asked[field].seen == 0).collect();
        if records > 0 && !unknown.is_empty() {
            self.report_people(&unknown, false, reader).await?;
            // The report counted its own fields only, over the same people.
            reader.counted.records = records;
        }
        Ok(())
    }

    /// Reads every page; `false` when the account has no such list.
    async fn list_people(&self, reader: &mut PeopleReader<'_>) -> Result<bool, BamboohrError> {
        let mut question = Question {
            what: "the people".into(),
            grant: "give the key's user access to all employees' Personal and Job fields",
            path: "v1/employees".into(),
            query: Vec::new(),
            body: None,
        };
        let asked: Vec<&str> =
            reader.names.iter().map(|(name, _)| name.as_str()).filter(|name| !IN_EVERY_RECORD.contains(name)).collect();
        let first_page = vec![("fields", asked.join(",")), ("page[limit]", PAGE.to_owned())];
        let mut after: Option<String> = None;
        let mut restarts = 0;
        loop {
            question.query = first_page.clone();
            question.query.extend(after.iter().map(|cursor| ("page[after]", cursor.clone())));
            let envelope = match self.read(&question, List::Member("data"), reader).await {
                Ok(envelope) => envelope,
                Err(NoAnswer::Refused { status: StatusCode::NOT_FOUND, .. }) if after.is_none() => return Ok(false),
                Err(NoAnswer::Refused { code, .. }) if code == "BadPage" && restarts < RESTARTS => {
                    restarts += 1;
                    after = None;
                    reader.forget_everything();
                    continue;
                }
                Err(no) => return Err(question.error(no)),
            };
            reader.keep();
            let envelope: Envelope =
                serde_json::from_slice(&envelope).map_err(|error| question.unreadable(error.to_string()))?;
            let next = envelope.meta.page.next_cursor.filter(|cursor| !cursor.is_empty());
            if next.is_none() {
                return Ok(true);
            }
            if next == after {
                return Err(question.unreadable("its next page is the same page again".into()));
            }
            after = next;
        }
    }
}
