//! Facts into CSV files that read back to the same facts.

use super::columns::FACT_FILES;
use crate::hr::{Employee, PayType, Text};
use crate::ledger::GpRecord;
use crate::plan::facts::{Facts, GpState};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Every file of a facts folder as (name with `.csv`, text), in the order of [`FACT_FILES`].
pub fn write(facts: &Facts) -> Vec<(String, String)> {
    FACT_FILES.iter().map(|file| (format!("{}.csv", file.name), text_of(file.name, facts))).collect()
}

/// One CSV text; every cell is quoted where CSV needs it.
struct Sheet(csv::Writer<Vec<u8>>);

impl Sheet {
    fn new() -> Sheet {
        Sheet(csv::Writer::from_writer(Vec::new()))
    }

    fn row<'c>(&mut self, cells: impl IntoIterator<Item = &'c str>) {
        // Writing into memory fails only on rows of unequal length, which the callers do not make.
        let written = self.0.write_record(cells);
        debug_assert!(written.is_ok(), "{written:?}");
    }

    fn text(self) -> String {
        self.0.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
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

fn text_of(name: &str, facts: &Facts) -> String {
    let mut sheet = Sheet::new();
    match name {
        "employees" => employees(&mut sheet, facts),
        "gp_vendors" => records(&mut sheet, &facts.vendors),
        "gp_employees" => records(&mut sheet, &facts.employees),
        _ => {
            sheet.row(columns(name));
            plain_rows(name, facts, &mut sheet);
        }
    }
    sheet.text()
}

fn employees(sheet: &mut Sheet, facts: &Facts) {
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

fn records(sheet: &mut Sheet, records: &[GpRecord]) {
    let fields: BTreeSet<&str> = records.iter().flat_map(|record| record.fields.keys().map(String::as_str)).collect();
    sheet.row(["key", "active"].into_iter().chain(fields.iter().copied()));
    for record in records {
        let cells = fields.iter().map(|field| record.fields.get(*field).map_or("", String::as_str));
        sheet.row([record.key.as_str(), truth(record.active)].into_iter().chain(cells));
    }
}

fn plain_rows(name: &str, facts: &Facts, sheet: &mut Sheet) {
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
                let (date, hours) = (row.date.to_string(), row.hours.to_string());
                let place = [text(row.department), text(row.location)];
                sheet.row(
                    [text(row.row_id), id(row.employee), &date, &hours, truth(row.approved)].into_iter().chain(place),
                );
            }
        }
        "history" => {
            for row in &facts.history {
                sheet.row([row.pipeline.as_str(), &row.period.0, &row.headcount.to_string()]);
            }
        }
        "gp_accounts" => {
            for account in &facts.accounts {
                let state = [truth(account.active), truth(account.allows_entry)];
                sheet.row([account.number.as_str(), &account.description].into_iter().chain(state));
            }
        }
        "gp_dimensions" => {
            for value in &facts.dimension_values {
                sheet.row([value.dimension.as_str(), &value.code, truth(value.active)]);
            }
        }
        "gp_periods" => {
            for period in &facts.fiscal_periods {
                let (year, number) = (period.year.to_string(), period.number.to_string());
                let (first, last, series) =
                    (period.first_day.to_string(), period.last_day.to_string(), period.series.to_string());
                sheet.row([year.as_str(), &number, &first, &last, &series, truth(period.closed)]);
            }
        }
        "sent" => sent(facts, sheet),
        "observed" => {
            if facts.hours_from.is_some() {
                sheet.row([day(facts.hours_from).as_str()]);
            }
        }
        _ => {}
    }
}

fn sent(facts: &Facts, sheet: &mut Sheet) {
    for line in &facts.sent {
        let state = match line.gp_state {
            GpState::Work => "work",
            GpState::Posted => "posted",
            GpState::Edited => "edited",
            GpState::Deleted => "deleted",
        };
        let (sequence, debit, credit) =
            (line.sequence.to_string(), line.debit.text(line.currency), line.credit.text(line.currency));
        sheet.row([
            line.pipeline.as_str(),
            &line.period.0,
            &sequence,
            line.document_id.as_str(),
            &line.journal,
            state,
            &line.booked_in.0,
            line.account.as_str(),
            line.currency.code(),
            &debit,
            &credit,
        ]);
    }
}
