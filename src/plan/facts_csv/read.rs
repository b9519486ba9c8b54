//! CSV rows into facts. Rows may also come from a story's YAML: anything that gives cells with a place.

use crate::hr::{CompensationRow, Employee, EmploymentRow, HoursRow, JobRow, PayType, PeriodCode, Text};
use crate::ledger::{Account, AccountNumber, Currency, DocumentId, FiscalPeriod, GpRecord, Minor, Series};
use crate::plan::facts::{
    CHECKED_CAPABILITIES, DimensionValue, Facts, GpState, Headcount, NOTICE_CODES, Notice, SentLine, StrayRow,
};
use crate::plan::names;
use crate::project::fact_files::{FACT_FILES, FactFile, fact_file};
use jiff::civil::Date;
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// Something in a facts folder that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    pub file: String,
    /// Line from 1 (the header is 1); 0 = the file as a whole.
    pub line: u64,
    pub message: String,
    pub remedy: String,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(out, "{}: {}", self.file, self.message)?,
            line => write!(out, "{}:{line}: {}", self.file, self.message)?,
        }
        write!(out, "\n  hint: {}", self.remedy)
    }
}

/// One row of a fact file: cells in the order of its header.
#[derive(Clone, Debug)]
pub struct GivenRow {
    pub line: u64,
    pub cells: Vec<String>,
}

/// A fact file before it is typed.
#[derive(Clone, Debug)]
pub struct GivenFile {
    /// Without `.csv`.
    pub name: String,
    pub header: Vec<String>,
    pub rows: Vec<GivenRow>,
}

/// Splits CSV text. A byte-order mark and either line end are fine.
///
/// # Errors
/// Each row whose number of cells differs from the header's.
pub fn split(name: &str, text: &str) -> Result<GivenFile, Vec<Unreadable>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let unreadable = |line: u64, message: String| Unreadable {
        file: format!("{name}.csv"),
        line,
        message,
        remedy: "Write one cell for each column of the header; put text with commas in double quotes.".to_owned(),
    };
    let header: Vec<String> = match reader.headers() {
        Ok(header) => header.iter().map(|column| column.trim().to_owned()).collect(),
        Err(error) => return Err(vec![unreadable(1, error.to_string())]),
    };
    let (mut rows, mut errors) = (Vec::new(), Vec::new());
    for record in reader.records() {
        match record {
            Ok(record) => {
                let line = record.position().map_or(0, csv::Position::line);
                if record.len() == header.len() {
                    rows.push(GivenRow { line, cells: record.iter().map(str::to_owned).collect() });
                } else {
                    errors
                        .push(unreadable(line, format!("{} cells, but the header has {}", record.len(), header.len())));
                }
            }
            Err(error) => errors.push(unreadable(error.position().map_or(0, csv::Position::line), error.to_string())),
        }
    }
    if errors.is_empty() { Ok(GivenFile { name: name.to_owned(), header, rows }) } else { Err(errors) }
}

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
struct Reading {
    facts: Facts,
    people: FxHashMap<String, u32>,
    errors: Vec<Unreadable>,
}

/// A row with its columns by name.
struct Row<'a> {
    file: &'a FactFile,
    columns: &'a BTreeMap<&'a str, usize>,
    row: &'a GivenRow,
}

impl Row<'_> {
    fn text(&self, column: &str) -> &str {
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

    fn error(&mut self, row: &Row<'_>, message: String, remedy: &str) {
        self.errors.push(Unreadable {
            file: format!("{}.csv", row.file.name),
            line: row.row.line,
            message,
            remedy: remedy.to_owned(),
        });
    }

    fn intern(&mut self, row: &Row<'_>, column: &str) -> Text {
        self.facts.texts.add(row.text(column))
    }

    fn optional_date(&mut self, row: &Row<'_>, column: &str) -> Option<Date> {
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

    fn date(&mut self, row: &Row<'_>, column: &str) -> Option<Date> {
        let before = self.errors.len();
        let date = self.optional_date(row, column);
        if date.is_none() && self.errors.len() == before {
            self.error(row, format!("{column} is empty"), "Write a date as YYYY-MM-DD.");
        }
        date
    }

    fn truth(&mut self, row: &Row<'_>, column: &str) -> bool {
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

    fn number<N: FromStr>(&mut self, row: &Row<'_>, column: &str) -> Option<N> {
        let text = row.text(column).trim().to_owned();
        let number = text.parse().ok();
        if number.is_none() {
            self.error(row, format!("{column}: `{text}` is not a whole number"), "Write digits only.");
        }
        number
    }

    /// The person that a row names; a row of nobody's becomes a stray.
    fn person(&mut self, row: &Row<'_>, date: Date) -> Option<u32> {
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

    fn hours(&mut self, row: &Row<'_>) {
        let Some(date) = self.date(row, "date") else { return };
        let hours = exact(row.text("hours"));
        if hours.is_none() {
            let message = format!("hours: `{}` is not a decimal", row.text("hours"));
            self.error(row, message, "Write hours as decimal text, for example 7.5.");
        }
        let approved = self.truth(row, "approved");
        let Some(employee) = self.person(row, date) else { return };
        let hours = HoursRow {
            employee,
            row_id: self.intern(row, "row_id"),
            date,
            hours: hours.unwrap_or_default(),
            approved,
            department: self.intern(row, "department"),
            location: self.intern(row, "location"),
        };
        self.facts.hours.push(hours);
    }

    fn history(&mut self, row: &Row<'_>) {
        if let Some(headcount) = self.number(row, "headcount") {
            let (pipeline, period) = (row.text("pipeline").to_owned(), PeriodCode(row.text("period").to_owned()));
            self.facts.history.push(Headcount { pipeline, period, headcount });
        }
    }

    fn record(&mut self, row: &Row<'_>, header: &[String]) {
        let key = row.text("key").trim_end().to_owned();
        let active = self.truth(row, "active");
        let fields = header
            .iter()
            .filter(|column| *column != "key" && *column != "active")
            .map(|column| (column.clone(), row.text(column).trim_end().to_owned()))
            .collect();
        let record = GpRecord { key, active, fields };
        match row.file.name {
            "gp_vendors" => self.facts.vendors.push(record),
            _ => self.facts.employees.push(record),
        }
    }

    fn account(&mut self, row: &Row<'_>) {
        let account = Account {
            number: AccountNumber::new(row.text("account")),
            description: row.text("description").to_owned(),
            active: self.truth(row, "active"),
            allows_entry: self.truth(row, "allows_entry"),
        };
        self.facts.accounts.push(account);
    }

    fn dimension(&mut self, row: &Row<'_>) {
        let value = DimensionValue {
            dimension: row.text("dimension").trim().to_owned(),
            code: row.text("code").trim().to_owned(),
            active: self.truth(row, "active"),
        };
        self.facts.dimension_values.push(value);
    }

    fn fiscal_period(&mut self, row: &Row<'_>) {
        let (year, number) = (self.number(row, "year"), self.number(row, "period"));
        let (first, last) = (self.date(row, "first_day"), self.date(row, "last_day"));
        let closed = self.truth(row, "closed");
        let (Some(year), Some(number), Some(first_day), Some(last_day)) = (year, number, first, last) else { return };
        let series = Series::new(row.text("series"));
        self.facts.fiscal_periods.push(FiscalPeriod { year, number, first_day, last_day, series, closed });
    }

    fn notice(&mut self, row: &Row<'_>) {
        let text = |column: &str| row.text(column).to_owned();
        match NOTICE_CODES.iter().find(|code| **code == row.text("code").trim()) {
            Some(code) => {
                let (subject, message, remedy) = (text("subject"), text("message"), text("remedy"));
                self.facts.notices.push(Notice { code, subject, message, remedy });
            }
            None => {
                let message = format!("code: `{}` is not a notice", row.text("code"));
                self.error(row, message, &format!("Known are {}.", NOTICE_CODES.join(", ")));
            }
        }
    }

    fn observed(&mut self, row: &Row<'_>) {
        self.facts.hours_from = self.optional_date(row, "hours_from");
        let saved = row.text("hours_saved").split_whitespace();
        self.facts.hours_saved = saved.map(|code| PeriodCode(code.to_owned())).collect();
        let off: Vec<&str> = row.text("not_provided").split_whitespace().collect();
        let known = CHECKED_CAPABILITIES.iter().copied();
        self.facts.not_provided = known.filter(|capability| off.contains(capability)).collect();
    }

    fn sent(&mut self, row: &Row<'_>) {
        let gp_state = match row.text("gp_state").trim() {
            "work" => GpState::Work,
            "posted" => GpState::Posted,
            "edited" => GpState::Edited,
            "deleted" => GpState::Deleted,
            other => {
                let message = format!("gp_state: `{other}` is not a state");
                return self.error(row, message, "Write work, posted, edited or deleted.");
            }
        };
        let Some(currency) = Currency::from_code(row.text("currency").trim()) else {
            let message = format!("currency: `{}` is not of ISO 4217", row.text("currency"));
            return self.error(row, message, "Write the three capital letters, for example USD.");
        };
        let money = |column: &str| {
            let text = row.text(column).trim();
            if text.is_empty() { Some(Minor::ZERO) } else { Minor::parse(text, currency) }
        };
        let (Some(debit), Some(credit)) = (money("debit"), money("credit")) else {
            return self.error(
                row,
                "debit or credit is not an amount".to_owned(),
                "Write decimal text, for example 1250.00.",
            );
        };
        let Some(sequence) = self.number(row, "sequence") else { return };
        let period = PeriodCode(row.text("period").trim().to_owned());
        let booked_in = Some(row.text("booked_in").trim()).filter(|code| !code.is_empty());
        self.facts.sent.push(SentLine {
            pipeline: row.text("pipeline").trim().to_owned(),
            booked_in: booked_in.map_or_else(|| period.clone(), |code| PeriodCode(code.to_owned())),
            period,
            sequence,
            document_id: DocumentId::from_text(row.text("document_id").trim()),
            journal: row.text("journal").trim().to_owned(),
            gp_state,
            account: AccountNumber::new(row.text("account")),
            currency,
            debit,
            credit,
        });
    }
}

/// A plain decimal: digits, one point, a sign. No exponent, no thousands mark.
pub fn exact(text: &str) -> Option<Decimal> {
    let text = text.trim();
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = digits.bytes().all(|b| b.is_ascii_digit() || b == b'.') && digits.bytes().any(|b| b.is_ascii_digit());
    // `from_str_exact` refuses what 28 digits cannot hold instead of rounding it.
    if plain { Decimal::from_str_exact(text).ok() } else { None }
}
