//! Facts into CSV files that read back to the same facts.

use crate::hr::{Employee, PayType, Text};
use crate::ledger::{Account, FiscalPeriod, GpRecord};
use crate::plan::facts::{DimensionValue, Facts, gp_word};
use crate::project::fact_files::FACT_FILES;
use jiff::civil::Date;
use rust_decimal::Decimal;
use std::collections::BTreeSet;
use std::io::{self, Write};

/// Every file of a facts folder as (name with `.csv`, what writes its text), in the order of [`FACT_FILES`].
pub fn file_names() -> impl Iterator<Item = (&'static str, String)> {
    FACT_FILES.iter().map(|file| (file.name, format!("{}.csv", file.name)))
}

/// Writes one file of a facts folder.
///
/// # Errors
/// What `out` gives.
pub fn write(name: &str, facts: &Facts, out: impl Write) -> io::Result<()> {
    let mut sheet = Sheet { writer: csv::Writer::from_writer(out), error: None };
    rows_of(name, facts, &mut sheet);
    match sheet.error {
        Some(error) => Err(error),
        None => sheet.writer.flush(),
    }
}

/// One CSV file; every cell is quoted where CSV needs it. Keeps the first error for the end.
struct Sheet<W: Write> {
    writer: csv::Writer<W>,
    error: Option<io::Error>,
}

impl<W: Write> Sheet<W> {
    fn row<'c>(&mut self, cells: impl IntoIterator<Item = &'c str>) {
        if self.error.is_none()
            && let Err(error) = self.writer.write_record(cells)
        {
            self.error = Some(error.into());
        }
    }
}

fn truth(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}

fn day(date: Option<Date>) -> String {
    date.map_or_else(String::new, |date| date.to_string())
}

fn columns(name: &str) -> Vec<&'static str> {
    let file = FACT_FILES.iter().find(|file| file.name == name);
    file.map_or_else(Vec::new, |file| file.columns.iter().chain(file.optional_columns).copied().collect())
}

fn rows_of<W: Write>(name: &str, facts: &Facts, sheet: &mut Sheet<W>) {
    match name {
        "employees" => employees(sheet, facts),
        "gp_vendors" => records(sheet, &facts.vendors),
        "gp_employees" => records(sheet, &facts.employees),
        _ => {
            sheet.row(columns(name));
            plain_rows(name, facts, sheet);
            strays(name, facts, sheet);
        }
    }
}

/// A row of nobody's keeps its ids and date, so that the folder gives the same holds; the rest of it says nothing.
fn strays<W: Write>(name: &str, facts: &Facts, sheet: &mut Sheet<W>) {
    let width = columns(name).len();
    for stray in facts.strays.iter().filter(|stray| stray.table == name) {
        let date = stray.date.to_string();
        let mut cells = vec![""; width];
        match name {
            "balances" | "benefits" => cells[..2].copy_from_slice(&[stray.employee_id.as_str(), &date]),
            _ => cells[..3].copy_from_slice(&[stray.row_id.as_str(), &stray.employee_id, &date]),
        }
        match name {
            "balances" => cells[3..5].copy_from_slice(&["0", "days"]),
            "hours" => cells[3..5].copy_from_slice(&["0", "false"]),
            "time_off" => cells[4..6].copy_from_slice(&["0", "days"]),
            _ => {}
        }
        sheet.row(cells);
    }
}

fn employees<W: Write>(sheet: &mut Sheet<W>, facts: &Facts) {
    let mut header = columns("employees");
    header.extend(facts.extra_fields.iter().map(String::as_str));
    sheet.row(header);
    for person in &facts.people {
        let Employee { id, number, first_name, last_name, email, status, .. } = person;
        let text = |text: &Text| facts.text(*text);
        let (hired, left) = (day(person.hire_date), day(person.termination_date));
        let own = [text(id), text(number), text(first_name), text(last_name), text(email), &hired, &left, text(status)];
        sheet.row(own.into_iter().chain(person.extra.iter().map(text)));
    }
}

fn records<W: Write>(sheet: &mut Sheet<W>, records: &[GpRecord]) {
    let fields: BTreeSet<&str> = records.iter().flat_map(|record| record.fields.keys().map(String::as_str)).collect();
    sheet.row(["key", "active"].into_iter().chain(fields.iter().copied()));
    for record in records {
        let cells = fields.iter().map(|field| record.fields.get(*field).map_or("", String::as_str));
        sheet.row([record.key.as_str(), truth(record.active)].into_iter().chain(cells));
    }
}

fn plain_rows<W: Write>(name: &str, facts: &Facts, sheet: &mut Sheet<W>) {
    let text = |text: Text| facts.text(text);
    let id = |employee: u32| text(facts.people[employee as usize].id);
    match name {
        "job_rows" => {
            for row in &facts.job_rows {
                let (who, date) = (id(row.employee), row.date.to_string());
                let place = [text(row.department), text(row.location), text(row.division), text(row.job_title)];
                sheet.row([text(row.row_id), who, &date].into_iter().chain(place));
            }
        }
        "employment_rows" => {
            for row in &facts.employment_rows {
                sheet.row([text(row.row_id), id(row.employee), &row.date.to_string(), text(row.employment_status)]);
            }
        }
        "compensation_rows" => {
            for row in &facts.compensation_rows {
                let kind = match row.pay_type {
                    PayType::Salary => "Salary",
                    PayType::Hourly => "Hourly",
                    PayType::Other(name) => text(name),
                };
                let rate = row.rate.map_or_else(|| "unreadable".to_owned(), |rate| rate.to_string());
                let own = [text(row.row_id), id(row.employee), &row.date.to_string(), kind, &rate].map(str::to_owned);
                let rest = [text(row.paid_per), text(row.currency), text(row.pay_schedule)];
                sheet.row(own.iter().map(String::as_str).chain(rest));
            }
        }
        "hours" => {
            for row in &facts.hours {
                let (date, count) = (row.date.to_string(), row.hours.to_string());
                let (hours, pieces) = if row.are_pieces { ("", count.as_str()) } else { (count.as_str(), "") };
                let own = [text(row.row_id), id(row.employee), &date, hours, truth(row.approved)];
                let place = [text(row.department), text(row.location), text(row.earning), pieces];
                sheet.row(own.into_iter().chain(place).chain([text(row.project), text(row.task)]));
            }
        }
        "payments" => {
            for row in &facts.payments {
                let amount = row.amount.map_or_else(|| "unreadable".to_owned(), |amount| amount.to_string());
                let own =
                    [text(row.row_id), id(row.employee), &row.date.to_string(), text(row.kind)].map(str::to_owned);
                sheet.row(own.iter().map(String::as_str).chain([amount.as_str(), text(row.currency)]));
            }
        }
        "time_off" => {
            for row in &facts.time_off {
                let unit = if row.in_hours { "hours" } else { "days" };
                let (date, amount) = (row.date.to_string(), row.amount.to_string());
                sheet.row([text(row.row_id), id(row.employee), &date, text(row.kind), &amount, unit]);
            }
        }
        "balances" => {
            for row in &facts.balances {
                let unit = if row.in_hours { "hours" } else { "days" };
                let (date, amount) = (row.date.to_string(), row.amount.to_string());
                sheet.row([id(row.employee), &date, text(row.kind), &amount, unit]);
            }
        }
        "benefits" => {
            for row in &facts.benefits {
                let number = |number: Option<Decimal>| number.map_or_else(String::new, |number| number.to_string());
                let (date, effective) = (row.date.to_string(), day(row.effective));
                let (amount, a_year) = (number(row.amount), number(row.a_year));
                let (read_on, first, last) = (row.read_on.to_string(), day(row.first_day), day(row.last_day));
                let own = [id(row.employee), &date, text(row.plan), text(row.status), &effective, &amount];
                let more = [text(row.currency), &a_year, &read_on, text(row.unit), &first, &last, truth(row.limited)];
                sheet.row(own.into_iter().chain(more));
            }
        }
        "registers" => {
            for row in &facts.registers {
                let amount = row.amount.map_or_else(|| "unreadable".to_owned(), |amount| amount.to_string());
                let (who, date) = (id(row.employee), row.date.to_string());
                let own = [text(row.row_id), who, &date, text(row.register), text(row.code), &amount];
                sheet.row(own.into_iter().chain([text(row.currency), text(row.department), text(row.location)]));
            }
        }
        "register_totals" => {
            for total in &facts.register_totals {
                sheet.row([total.register.as_str(), &total.file, &total.code, &total.amount.to_string()]);
            }
        }
        "history" => {
            for row in &facts.history {
                sheet.row([row.pipeline.as_str(), &row.period.0, &row.headcount.to_string()]);
            }
        }
        "gp_accounts" | "gp_dimensions" | "gp_periods" => {
            let own = [("", &facts.accounts, &facts.dimension_values, &facts.fiscal_periods)];
            let others = facts.companies.iter().map(|(company, books)| {
                (company.as_str(), &books.accounts, &books.dimension_values, &books.fiscal_periods)
            });
            for (company, accounts, values, periods) in own.into_iter().chain(others) {
                match name {
                    "gp_accounts" => self::accounts(sheet, company, accounts),
                    "gp_dimensions" => self::values(sheet, company, values),
                    _ => self::periods(sheet, company, periods),
                }
            }
        }
        "sent" => sent(facts, sheet),
        "notices" => {
            for notice in &facts.notices {
                sheet.row([notice.code, &notice.subject, &notice.message, &notice.remedy]);
            }
        }
        "observed" => {
            let saved: Vec<&str> = facts.hours_saved.iter().map(|code| code.0.as_str()).collect();
            if facts.hours_from.is_some() || !saved.is_empty() || !facts.not_provided.is_empty() {
                sheet.row([day(facts.hours_from).as_str(), &saved.join(" "), &facts.not_provided.join(" ")]);
            }
        }
        _ => {}
    }
}

fn accounts<W: Write>(sheet: &mut Sheet<W>, company: &str, accounts: &[Account]) {
    for account in accounts {
        let state = [truth(account.active), truth(account.allows_entry), company];
        sheet.row([account.number.as_str(), &account.description].into_iter().chain(state));
    }
}

fn values<W: Write>(sheet: &mut Sheet<W>, company: &str, values: &[DimensionValue]) {
    for value in values {
        sheet.row([value.dimension.as_str(), &value.code, truth(value.active), company]);
    }
}

fn periods<W: Write>(sheet: &mut Sheet<W>, company: &str, periods: &[FiscalPeriod]) {
    for period in periods {
        let (year, number) = (period.year.to_string(), period.number.to_string());
        let (first, last, series) =
            (period.first_day.to_string(), period.last_day.to_string(), period.series.to_string());
        sheet.row([year.as_str(), &number, &first, &last, &series, truth(period.closed), company]);
    }
}

fn sent<W: Write>(facts: &Facts, sheet: &mut Sheet<W>) {
    for line in &facts.sent {
        let (sequence, debit, credit) =
            (line.sequence.to_string(), line.debit.text(line.currency), line.credit.text(line.currency));
        sheet.row([
            line.pipeline.as_str(),
            &line.period.0,
            &sequence,
            line.document_id.as_str(),
            &line.journal,
            gp_word(line.gp_state),
            &line.booked_in.0,
            line.account.as_str(),
            line.currency.code(),
            &debit,
            &credit,
            &line.company,
            &line.group,
        ]);
    }
}
