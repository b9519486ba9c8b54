//! CSV rows into facts. Rows may also come from a story's YAML: anything that gives cells with a place.

use super::given::{GivenFile, GivenRow, Unreadable, exact};
use crate::hr::{CompensationRow, Employee, EmploymentRow, JobRow, PayType, Text};
use crate::plan::facts::{Facts, StrayRow};
use crate::plan::names;
use crate::project::fact_files::{FACT_FILES, FactFile, fact_file};
use jiff::civil::Date;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::str::FromStr;

/// Types the files of a facts folder. `files` holds the ones that are there.
///
/// # Errors
/// Every missing file and column, and every unreadable cell.
pub fn read(files: &[GivenFile]) -> Result<Facts, Vec<Unreadable>> {
    let mut reading = Reading::default();
    for wanted in FACT_FILES {
        match files.iter().find(|file| file.name == wanted.name) {
            Some(file) => reading.file(wanted, file),
            None if wanted.may_be_absent => {}
            None => reading.errors.push(Unreadable {
                file: format!("{}.csv", wanted.name),
                line: 0,
                message: "the file is missing".to_owned(),
                remedy: format!("Add it with the columns {}; a header alone is enough.", wanted.columns.join(",")),
            }),
        }
    }
    for file in files.iter().filter(|file| fact_file(&file.name).is_none()) {
        reading.errors.push(Unreadable {
            file: format!("{}.csv", file.name),
            line: 0,
            message: "is not a fact file".to_owned(),
            remedy: format!("Known are {}.", FACT_FILES.iter().map(|f| f.name).collect::<Vec<_>>().join(", ")),
        });
    }
    if reading.errors.is_empty() {
        reading.facts.sort();
        Ok(reading.facts)
    } else {
        Err(reading.errors)
    }
}

#[derive(Default)]
pub(super) struct Reading {
    pub(super) facts: Facts,
    people: FxHashMap<String, u32>,
    errors: Vec<Unreadable>,
}

/// A row with its columns by name.
pub(super) struct Row<'a> {
    pub(super) file: &'a FactFile,
    columns: &'a BTreeMap<&'a str, usize>,
    row: &'a GivenRow,
}

impl Row<'_> {
    pub(super) fn text(&self, column: &str) -> &str {
        self.columns.get(column).and_then(|at| self.row.cells.get(*at)).map_or("", String::as_str)
    }
}

impl Reading {
    fn file(&mut self, wanted: &'static FactFile, given: &GivenFile) {
        let columns: BTreeMap<&str, usize> =
            given.header.iter().enumerate().map(|(at, column)| (column.as_str(), at)).collect();
        let missing: Vec<&str> = wanted.columns.iter().copied().filter(|c| !columns.contains_key(c)).collect();
        if !missing.is_empty() {
            self.errors.push(Unreadable {
                file: format!("{}.csv", wanted.name),
                line: 1,
                message: format!("the column {} is missing", missing.join(", ")),
                remedy: format!("The header must have {}.", wanted.columns.join(",")),
            });
            return;
        }
        if wanted.name == "employees" {
            let known = |column: &&String| names::standard(column).is_none();
            self.facts.extra_fields = given.header.iter().filter(known).cloned().collect();
        }
        for row in &given.rows {
            let row = Row { file: wanted, columns: &columns, row };
            match wanted.name {
                "employees" => self.employee(&row),
                "job_rows" => self.job_row(&row),
                "employment_rows" => self.employment_row(&row),
                "compensation_rows" => self.compensation_row(&row),
                "hours" => self.hours(&row),
                "payments" => self.payment(&row),
                "time_off" => self.time_off(&row),
                "balances" => self.balance(&row),
                "benefits" => self.benefit(&row),
                "registers" => self.register(&row),
                "register_totals" => self.register_total(&row),
                "history" => self.history(&row),
                "gp_vendors" | "gp_employees" => self.record(&row, &given.header),
                "gp_accounts" => self.account(&row),
                "gp_dimensions" => self.dimension(&row),
                "gp_periods" => self.fiscal_period(&row),
                "sent" => self.sent(&row),
                "notices" => self.notice(&row),
                _ => self.observed(&row),
            }
        }
    }

    pub(super) fn error(&mut self, row: &Row<'_>, message: String, remedy: &str) {
        self.errors.push(Unreadable {
            file: format!("{}.csv", row.file.name),
            line: row.row.line,
            message,
            remedy: remedy.to_owned(),
        });
    }

    pub(super) fn intern(&mut self, row: &Row<'_>, column: &str) -> Text {
        self.facts.texts.add(row.text(column))
    }

    pub(super) fn optional_date(&mut self, row: &Row<'_>, column: &str) -> Option<Date> {
        let text = row.text(column).trim();
        if text.is_empty() || text == "0000-00-00" {
            return None;
        }
        let date = text.parse().ok();
        if date.is_none() {
            self.error(row, format!("{column}: `{text}` is not a date"), "Write dates as YYYY-MM-DD.");
        }
        date
    }

    pub(super) fn date(&mut self, row: &Row<'_>, column: &str) -> Option<Date> {
        let before = self.errors.len();
        let date = self.optional_date(row, column);
        if date.is_none() && self.errors.len() == before {
            self.error(row, format!("{column} is empty"), "Write a date as YYYY-MM-DD.");
        }
        date
    }

    pub(super) fn truth(&mut self, row: &Row<'_>, column: &str) -> bool {
        match row.text(column).trim() {
            "true" => true,
            "false" => false,
            other => {
                let message = format!("{column}: `{other}` is neither true nor false");
                self.error(row, message, "Write true or false.");
                false
            }
        }
    }

    pub(super) fn number<N: FromStr>(&mut self, row: &Row<'_>, column: &str) -> Option<N> {
        let text = row.text(column).trim().to_owned();
        let number = text.parse().ok();
        if number.is_none() {
            self.error(row, format!("{column}: `{text}` is not a whole number"), "Write digits only.");
        }
        number
    }

    /// The person that a row names; a row of nobody's becomes a stray.
    pub(super) fn person(&mut self, row: &Row<'_>, date: Date) -> Option<u32> {
        let id = row.text("employee_id").trim();
        let known = self.people.get(id).copied();
        if known.is_none() {
            self.facts.strays.push(StrayRow {
                table: row.file.name,
                employee_id: id.to_owned(),
                row_id: row.text("row_id").to_owned(),
                date,
            });
        }
        known
    }

    fn employee(&mut self, row: &Row<'_>) {
        let id = row.text("id").trim().to_owned();
        if id.is_empty() {
            return self.error(row, "id is empty".to_owned(), "Every person has BambooHR's id.");
        }
        let at = self.facts.people.len() as u32;
        if self.people.insert(id.clone(), at).is_some() {
            return self.error(row, format!("the id {id} is there twice"), "Keep one row for each person.");
        }
        let extra_fields = self.facts.extra_fields.clone();
        let extra = extra_fields.iter().map(|field| self.facts.texts.add(row.text(field))).collect();
        let person = Employee {
            id: self.facts.texts.add(&id),
            number: self.intern(row, "number"),
            first_name: self.intern(row, "first_name"),
            last_name: self.intern(row, "last_name"),
            email: self.intern(row, "email"),
            hire_date: self.optional_date(row, "hire_date"),
            termination_date: self.optional_date(row, "termination_date"),
            status: self.intern(row, "status"),
            extra,
        };
        self.facts.people.push(person);
    }

    fn job_row(&mut self, row: &Row<'_>) {
        let Some(date) = self.date(row, "date") else { return };
        let Some(employee) = self.person(row, date) else { return };
        let job = JobRow {
            employee,
            row_id: self.intern(row, "row_id"),
            date,
            department: self.intern(row, "department"),
            location: self.intern(row, "location"),
            division: self.intern(row, "division"),
            job_title: self.intern(row, "job_title"),
        };
        self.facts.job_rows.push(job);
    }

    fn employment_row(&mut self, row: &Row<'_>) {
        let Some(date) = self.date(row, "date") else { return };
        let Some(employee) = self.person(row, date) else { return };
        let employment = EmploymentRow {
            employee,
            row_id: self.intern(row, "row_id"),
            date,
            employment_status: self.intern(row, "employment_status"),
        };
        self.facts.employment_rows.push(employment);
    }

    fn compensation_row(&mut self, row: &Row<'_>) {
        let Some(date) = self.date(row, "date") else { return };
        let Some(employee) = self.person(row, date) else { return };
        let kind = row.text("type").trim();
        let pay_type = match kind.to_ascii_lowercase().as_str() {
            "salary" => PayType::Salary,
            "hourly" => PayType::Hourly,
            _ => PayType::Other(self.facts.texts.add(kind)),
        };
        let currency = row.text("currency").trim().to_owned();
        let compensation = CompensationRow {
            employee,
            row_id: self.intern(row, "row_id"),
            date,
            pay_type,
            // An unreadable rate is that person's hold, not the end of everybody's plan.
            rate: exact(row.text("rate")),
            paid_per: self.facts.texts.add(row.text("paid_per").trim()),
            currency: self.facts.texts.add(&currency),
            pay_schedule: self.intern(row, "pay_schedule"),
        };
        self.facts.compensation_rows.push(compensation);
    }
}
