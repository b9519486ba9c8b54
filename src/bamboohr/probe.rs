//! The least that proves what the sign-in may read: one person's record, one person's rows, one day's hours. Values may
//! be somebody's pay: only the names of what came are kept.

use super::client::{BambooHr, NoAnswer, Question, Sink};
use super::error::BamboohrError;
use super::objects::List;
use super::people::name_in_list;
use super::wire::Raw;
use jiff::civil::Date;
use reqwest::StatusCode;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// A question of `ping`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Probe {
    /// One person's rows of a table: `compensation`.
    Table { person: String, table: &'static str },
    /// The timesheets of one day.
    Hours(Date),
    /// The approved time off of one day.
    TimeOff(Date),
    /// What a person has left of their time off on a day.
    Balances { person: String, day: Date },
    /// The benefit plans; the answer names them.
    BenefitPlans,
}

/// What came for a [`Probe`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Probed {
    pub rows: usize,
    /// Columns that a plan needs and that no row had; empty without rows. BambooHR leaves out what is not granted
    /// (bamboohr.md §3.2).
    pub missing: Vec<&'static str>,
    /// Names of benefit plans.
    pub names: Vec<String>,
}

/// One person's record, without its values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OneRecord {
    /// BambooHR's id.
    pub id: String,
    /// Of the fields that were asked for: those that the sign-in may not read (`_restrictedFields`, bamboohr.md §3.2).
    pub restricted: Vec<String>,
}

/// Columns that a plan cannot do without, each by its aliases (bamboohr.md §3.3).
const COLUMNS: [(&str, &[&[&str]]); 3] = [
    ("jobInfo", &[&["date"], &["department"], &["location"]]),
    ("employmentStatus", &[&["date"], &["employmentStatus"]]),
    ("compensation", &[&["startDate", "date"], &["type"], &["rate"], &["paidPer", "payPer"]]),
];

#[derive(Default)]
struct Rows {
    needed: &'static [&'static [&'static str]],
    has: Vec<bool>,
    probed: Probed,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Named<'a> {
    #[serde(borrow)]
    name: Raw<'a>,
}

impl Rows {
    fn of(needed: &'static [&'static [&'static str]]) -> Rows {
        Rows { needed, has: vec![false; needed.len()], probed: Probed::default() }
    }

    fn end(self) -> Probed {
        let missing = self.needed.iter().zip(&self.has).filter(|(_, has)| !**has).map(|(names, _)| names[0]);
        let missing = if self.probed.rows == 0 { Vec::new() } else { missing.collect() };
        Probed { missing, ..self.probed }
    }
}

impl Sink for Rows {
    fn restart(&mut self) {
        *self = Rows::of(self.needed);
    }

    fn object(&mut self, json: &[u8]) -> Result<(), String> {
        let columns: BTreeMap<&str, &RawValue> = serde_json::from_slice(json).map_err(|error| error.to_string())?;
        self.probed.rows += 1;
        for (names, has) in self.needed.iter().zip(&mut self.has) {
            *has |= names.iter().any(|name| columns.contains_key(name));
        }
        if let Ok(named) = serde_json::from_slice::<Named<'_>>(json) {
            self.probed.names.push(named.name.text().into_owned());
        }
        Ok(())
    }
}

#[derive(Default)]
struct Records {
    found: Vec<OneRecord>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct WireRecord<'a> {
    #[serde(borrow, rename = "employeeId")]
    id: Raw<'a>,
    #[serde(rename = "_restrictedFields")]
    restricted: Vec<String>,
}

impl Sink for Records {
    fn restart(&mut self) {
        self.found.clear();
    }

    fn object(&mut self, json: &[u8]) -> Result<(), String> {
        let wire: WireRecord<'_> = serde_json::from_slice(json).map_err(|error| error.to_string())?;
        self.found.push(OneRecord { id: wire.id.text().into_owned(), restricted: wire.restricted });
        Ok(())
    }
}

impl BambooHr {
    /// BambooHR's id of the person whom the sign-in belongs to; `None` when it belongs to no employee (`GET
    /// /employees/0`, bamboohr.md §3.2).
    ///
    /// # Errors
    /// When BambooHR does not answer, or not like this. It is asked once.
    pub async fn own_employee(&self) -> Result<Option<String>, BamboohrError> {
        #[derive(Deserialize)]
        struct Own {
            id: serde_json::Value,
        }
        let question = Question {
            what: "whose sign-in this is".into(),
            grant: "nothing depends on it",
            path: "v1/employees/0".into(),
            query: vec![("fields", "id".to_owned())],
            body: None,
        };
        let own: Own = self.one(&question).await.map_err(|no| question.error(no))?;
        let id = own.id.as_str().map_or_else(|| own.id.to_string(), str::to_owned);
        Ok((id != "0" && id.bytes().all(|byte| byte.is_ascii_digit())).then_some(id))
    }

    /// The first person's record with these fields; `None` where the account shows nobody, or is from before there was
    /// such a list (2025-10).
    ///
    /// # Errors
    /// As every question.
    pub async fn one_record(&self, fields: &[String]) -> Result<Option<OneRecord>, BamboohrError> {
        let names: Vec<&str> = fields.iter().map(|field| name_in_list(field)).collect();
        let question = Question {
            what: "one person".into(),
            grant: "give the key's user access to all employees' Personal and Job fields",
            path: "v1/employees".into(),
            query: vec![("fields", names.join(",")), ("page[limit]", "1".to_owned())],
            body: None,
        };
        let mut records = Records::default();
        match self.read(&question, List::Member("data"), &mut records).await {
            Ok(_) => {}
            Err(NoAnswer::Refused { status: StatusCode::NOT_FOUND, .. }) => return Ok(None),
            Err(no) => return Err(question.error(no)),
        }
        let own = |restricted: &String| fields.iter().find(|field| name_in_list(field) == restricted).cloned();
        Ok(records
            .found
            .into_iter()
            .next()
            .map(|record| OneRecord { restricted: record.restricted.iter().filter_map(own).collect(), id: record.id }))
    }

    /// Asks one question of `ping`.
    ///
    /// # Errors
    /// As every question.
    pub async fn probe(&self, probe: &Probe) -> Result<Probed, BamboohrError> {
        let (question, list) = probe.question();
        let mut rows = Rows::of(probe.columns());
        self.read(&question, list, &mut rows).await.map_err(|no| question.error(no))?;
        Ok(rows.end())
    }
}

impl Probe {
    /// Whether it is about one person, who has to be known for it.
    pub fn is_of_a_person(&self) -> bool {
        matches!(self, Probe::Table { .. } | Probe::Balances { .. })
    }

    fn columns(&self) -> &'static [&'static [&'static str]] {
        let Probe::Table { table, .. } = self else { return &[] };
        COLUMNS.iter().find(|(name, _)| name == table).map_or(&[], |(_, columns)| columns)
    }

    fn question(&self) -> (Question, List) {
        let question =
            |what: &str, grant, path: String, query| Question { what: what.to_owned(), grant, path, query, body: None };
        let day = |name, day: &Date| (name, day.to_string());
        match self {
            Probe::Table { person, table } => {
                let grant = match *table {
                    "jobInfo" => "give the key's user the right to view Job Information",
                    "employmentStatus" => "give the key's user the right to view Employment Status",
                    "compensation" => "give the key's user the right to view Compensation",
                    _ => "give the key's user the right to view Bonus and Commission",
                };
                let path = format!("v1/employees/{person}/tables/{table}");
                (question(&format!("the table {table}"), grant, path, Vec::new()), List::Whole)
            }
            Probe::Hours(date) => {
                let grant = "give the key's user access to time tracking, or write `timesheets: off` where the account has none";
                let query = vec![day("start", date), day("end", date)];
                let path = "v1/time_tracking/timesheet_entries".to_owned();
                (question("the timesheets", grant, path, query), List::Whole)
            }
            Probe::TimeOff(date) => {
                let grant = "give the key's user the right to view time off, or leave `pay.leave` out of the pipeline";
                let mut query = vec![day("start", date), day("end", date)];
                query.extend([("status", "approved".to_owned()), ("excludeNote", "true".to_owned())]);
                (question("the time off", grant, "v1/time_off/requests".to_owned(), query), List::Whole)
            }
            Probe::Balances { person, day: date } => {
                let grant = "give the key's user the right to view time off, or leave `liability` out of the pipeline";
                let path = format!("v1/employees/{person}/time_off/calculator");
                (question("the balances of time off", grant, path, vec![day("end", date)]), List::Whole)
            }
            Probe::BenefitPlans => {
                let grant = "give the key's user the right to view benefits, or leave `benefits` out of the pipeline";
                let path = "v1/benefit/company_benefit".to_owned();
                (question("the benefit plans", grant, path, Vec::new()), List::Member("companyBenefits"))
            }
        }
    }
}
