//! Effective-dated rows: BambooHR's tables `jobInfo`, `employmentStatus` and `compensation`, for everybody at once.

use super::client::{BambooHr, Question, Sink};
use super::dropped::Fields;
use super::error::BamboohrError;
use super::money;
use super::objects::List;
use super::rows::Shared;
use super::wire::Raw;
use crate::hr::{CompensationRow, EmploymentRow, JobRow, PayType, Text};
use crate::plan::facts::{Facts, Notice, StrayRow};
use jiff::civil::Date;
use serde::Deserialize;

/// Rows without a date are told by name up to this many times, then counted.
const NAMED: usize = 20;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Table {
    Job,
    Employment,
    Compensation,
}

impl Table {
    /// BambooHR's name.
    fn name(self) -> &'static str {
        match self {
            Table::Job => "jobInfo",
            Table::Employment => "employmentStatus",
            Table::Compensation => "compensation",
        }
    }

    /// The name of our facts file.
    fn facts_name(self) -> &'static str {
        match self {
            Table::Job => "job_rows",
            Table::Employment => "employment_rows",
            Table::Compensation => "compensation_rows",
        }
    }

    /// The columns whose absence changes what is computed, in the order of [`Wire::columns`].
    fn columns(self) -> &'static [&'static str] {
        match self {
            Table::Job => &["date", "department", "location", "division", "jobTitle"],
            Table::Employment => &["date", "employmentStatus"],
            Table::Compensation => &["startDate", "type", "rate", "paidPer"],
        }
    }

    fn grant(self) -> &'static str {
        match self {
            Table::Job => "give the key's user the right to view Job Information",
            Table::Employment => "give the key's user the right to view Employment Status",
            Table::Compensation => "give the key's user the right to view Compensation",
        }
    }
}

/// A row of any of the three tables.
#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Wire<'a> {
    #[serde(borrow)]
    id: Raw<'a>,
    #[serde(borrow)]
    employee_id: Raw<'a>,
    #[serde(borrow)]
    date: Raw<'a>,
    #[serde(borrow)]
    department: Raw<'a>,
    #[serde(borrow)]
    location: Raw<'a>,
    #[serde(borrow)]
    division: Raw<'a>,
    #[serde(borrow)]
    job_title: Raw<'a>,
    #[serde(borrow)]
    employment_status: Raw<'a>,
    #[serde(borrow)]
    start_date: Raw<'a>,
    #[serde(borrow, rename = "type")]
    pay_type: Raw<'a>,
    #[serde(borrow)]
    rate: Raw<'a>,
    #[serde(borrow)]
    rate_currency_code: Raw<'a>,
    #[serde(borrow)]
    paid_per: Raw<'a>,
    /// The same column under its other alias.
    #[serde(borrow)]
    pay_per: Raw<'a>,
    #[serde(borrow)]
    pay_schedule: Raw<'a>,
}

impl<'a> Wire<'a> {
    /// The values of [`Table::columns`]; the first one is the row's date.
    fn columns(&self, table: Table) -> [Raw<'a>; 5] {
        // The spares are never counted: zip ends with the table's own names.
        let spare = Raw::default();
        match table {
            Table::Job => [self.date, self.department, self.location, self.division, self.job_title],
            Table::Employment => [self.date, self.employment_status, spare, spare, spare],
            Table::Compensation => {
                [self.start_date.or(self.date), self.pay_type, self.rate, self.paid_per.or(self.pay_per), spare]
            }
        }
    }
}

/// What a table gave; the rows of the other two are empty.
#[derive(Default)]
pub(super) struct TableRows {
    job: Vec<JobRow>,
    employment: Vec<EmploymentRow>,
    compensation: Vec<CompensationRow>,
    strays: Vec<StrayRow>,
    notices: Vec<Notice>,
}

struct Reader<'s, 'f> {
    table: Table,
    shared: &'s Shared<'f>,
    rows: TableRows,
    columns: Fields,
    /// (row id, what stands in place of a date)
    undated: Vec<(String, String)>,
}

impl Sink for Reader<'_, '_> {
    fn restart(&mut self) {
        self.rows = TableRows::default();
        self.columns.restart();
        self.undated.clear();
    }

    fn object(&mut self, json: &[u8]) -> Result<(), String> {
        let wire: Wire<'_> = serde_json::from_slice(json).map_err(|error| error.to_string())?;
        let columns = wire.columns(self.table);
        self.columns.records += 1;
        for (asked, column) in self.columns.asked.iter_mut().zip(columns) {
            if !column.is_absent() {
                asked.count(false);
            }
        }
        let date = match columns[0].date() {
            Ok(Some(date)) => date,
            // The whole column is missing: told once, as a dropped field.
            Ok(None) if columns[0].is_absent() => return Ok(()),
            Ok(None) => return self.undated(&wire, "no date".into()),
            Err(text) => return self.undated(&wire, format!("`{text}` for a date")),
        };
        let id = wire.employee_id.text();
        match self.shared.position(&id) {
            Some(employee) => self.keep(employee, date, &wire),
            None => self.rows.strays.push(StrayRow {
                table: self.table.facts_name(),
                employee_id: id.into_owned(),
                row_id: wire.id.text().into_owned(),
                date,
            }),
        }
        Ok(())
    }
}

impl Reader<'_, '_> {
    fn undated(&mut self, wire: &Wire<'_>, what: String) -> Result<(), String> {
        self.undated.push((wire.id.text().into_owned(), what));
        Ok(())
    }

    fn add(&self, raw: Raw<'_>) -> Text {
        self.shared.text(&raw.text())
    }

    fn keep(&mut self, employee: u32, date: Date, wire: &Wire<'_>) {
        let row_id = self.add(wire.id);
        match self.table {
            Table::Job => {
                let row = JobRow {
                    employee,
                    row_id,
                    date,
                    department: self.add(wire.department),
                    location: self.add(wire.location),
                    division: self.add(wire.division),
                    job_title: self.add(wire.job_title),
                };
                self.rows.job.push(row);
            }
            Table::Employment => {
                let employment_status = self.add(wire.employment_status);
                self.rows.employment.push(EmploymentRow { employee, row_id, date, employment_status });
            }
            Table::Compensation => {
                let money = money::read(wire.rate, wire.rate_currency_code);
                let row = CompensationRow {
                    employee,
                    row_id,
                    date,
                    pay_type: self.pay_type(wire.pay_type),
                    rate: money.as_ref().map(|money| money.amount),
                    paid_per: self.add(wire.paid_per.or(wire.pay_per)),
                    currency: money.map_or(Text::EMPTY, |money| self.shared.text(&money.currency)),
                    pay_schedule: self.add(wire.pay_schedule),
                };
                self.rows.compensation.push(row);
            }
        }
    }

    /// BambooHR's values are case-insensitive (its "field types" page).
    fn pay_type(&self, raw: Raw<'_>) -> PayType {
        let text = raw.text();
        if text.eq_ignore_ascii_case("salary") {
            PayType::Salary
        } else if text.eq_ignore_ascii_case("hourly") {
            PayType::Hourly
        } else {
            PayType::Other(self.shared.text(&text))
        }
    }

    fn notices(&self) -> Vec<Notice> {
        let name = self.table.name();
        let mut notices: Vec<Notice> = self.columns.notices(name, "rows").collect();
        notices.extend(self.undated.iter().take(NAMED).map(|(row_id, what)| Notice {
            code: "row-without-date",
            subject: format!("{name} {row_id}"),
            message: format!("Row {row_id} of BambooHR's table {name} has {what} and is left out"),
            remedy: "Give the row its effective date in BambooHR".into(),
        }));
        if let Some(more) = self.undated.len().checked_sub(NAMED + 1) {
            notices.push(Notice {
                code: "row-without-date",
                subject: name.into(),
                message: format!("{} more rows of BambooHR's table {name} have no date and are left out", more + 1),
                remedy: "Give the rows their effective dates in BambooHR".into(),
            });
        }
        notices
    }
}

impl TableRows {
    /// Puts the table's rows in place of those that `facts` has.
    pub(super) fn put_into(self, table: Table, facts: &mut Facts) {
        match table {
            Table::Job => facts.job_rows = self.job,
            Table::Employment => facts.employment_rows = self.employment,
            Table::Compensation => facts.compensation_rows = self.compensation,
        }
        facts.strays.extend(self.strays);
        facts.notices.extend(self.notices);
    }
}

impl BambooHr {
    /// Every row of a table, for everybody.
    pub(super) async fn table(&self, table: Table, shared: &Shared<'_>) -> Result<TableRows, BamboohrError> {
        let question = Question {
            what: format!("the table {}", table.name()),
            grant: table.grant(),
            path: format!("v1/employees/all/tables/{}", table.name()),
            query: Vec::new(),
            body: None,
        };
        let mut reader = Reader {
            table,
            shared,
            rows: TableRows::default(),
            columns: Fields::of(table.columns().iter().copied()),
            undated: Vec::new(),
        };
        self.read(&question, List::Whole, &mut reader).await.map_err(|no| question.error(no))?;
        let notices = reader.notices();
        let mut rows = reader.rows;
        rows.notices = notices;
        rows.job.shrink_to_fit();
        rows.employment.shrink_to_fit();
        rows.compensation.shrink_to_fit();
        Ok(rows)
    }
}
