//! The sandbox company: AdventureWorks' 290 people, real sample data with real moves (MIT, Microsoft Corporation; the
//! notice lies beside the data), as BambooHR and GP would hold them.
//!
//! Salaried people get a yearly rate of hourly rate × 2080; hourly people their rate, and eight approved hours each
//! Monday to Friday while employed, as far back as BambooHR serves timesheets. The data has no names: the first name is
//! the login without digits, the last name `AW` and the id.

use crate::plan::facts::Facts;
use crate::plan::facts_csv::given::{GivenFile, GivenRow, Unreadable, split};
use crate::plan::facts_csv::read::read;
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

const EMPLOYEES: &str = include_str!("../../examples/adventure-works/data/employees.csv");
const DEPARTMENTS: &str = include_str!("../../examples/adventure-works/data/department_history.csv");
const PAY: &str = include_str!("../../examples/adventure-works/data/pay_history.csv");
/// GP's side, already in the form of fact files.
const BOOKS: [(&str, &str); 5] = [
    ("gp_accounts", include_str!("../../examples/adventure-works/sandbox/gp_accounts.csv")),
    ("gp_dimensions", include_str!("../../examples/adventure-works/sandbox/gp_dimensions.csv")),
    ("gp_periods", include_str!("../../examples/adventure-works/sandbox/gp_periods.csv")),
    ("gp_vendors", include_str!("../../examples/adventure-works/sandbox/gp_vendors.csv")),
    ("gp_employees", include_str!("../../examples/adventure-works/sandbox/gp_employees.csv")),
];

/// Hours a year that a yearly rate pays.
const HOURS_A_YEAR: i64 = 2080;
/// BambooHR serves timesheets this many days back.
const TIMESHEET_DAYS: i64 = 365;

/// Everything both systems hold on `today`.
///
/// # Errors
/// When the embedded data does not read: the build is broken.
pub fn facts(today: Date) -> Result<Facts, Vec<Unreadable>> {
    let people = rows("employees", EMPLOYEES)?;
    let mut files = Vec::new();
    for (name, text) in BOOKS {
        files.push(split(name, text)?);
    }
    let homes: BTreeMap<&str, &BTreeMap<String, String>> =
        people.iter().map(|person| (person["employee_id"].as_str(), person)).collect();
    files.push(employees(&people));
    files.push(job_rows(&rows("department_history", DEPARTMENTS)?, &homes));
    files.push(employment_rows(&people));
    files.push(compensation_rows(&rows("pay_history", PAY)?, &homes));
    files.push(hours(&people, today));
    read(&files)
}

type Cells = BTreeMap<String, String>;

fn rows(name: &str, text: &str) -> Result<Vec<Cells>, Vec<Unreadable>> {
    let file = split(name, text)?;
    let named = |row: GivenRow| file.header.iter().cloned().zip(row.cells).collect();
    Ok(file.rows.into_iter().map(named).collect())
}

fn file(name: &str, header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> GivenFile {
    let rows = rows.enumerate().map(|(at, cells)| GivenRow { line: at as u64 + 2, cells }).collect();
    GivenFile { name: name.to_owned(), header: header.iter().map(|column| (*column).to_owned()).collect(), rows }
}

fn employees(people: &[Cells]) -> GivenFile {
    let header = ["id", "number", "first_name", "last_name", "email", "hire_date", "termination_date", "status"];
    let row = |person: &Cells| {
        let id = person["employee_id"].clone();
        let first: String = person["login"].chars().filter(|letter| !letter.is_ascii_digit()).collect();
        let (email, hired) = (person["email"].clone(), person["hire_date"].clone());
        vec![id.clone(), id.clone(), first, format!("AW{id}"), email, hired, String::new(), person["status"].clone()]
    };
    file("employees", &header, people.iter().map(row))
}

fn job_rows(departments: &[Cells], homes: &BTreeMap<&str, &Cells>) -> GivenFile {
    let header = ["row_id", "employee_id", "date", "department", "location", "division", "job_title"];
    let row = |(at, row): (usize, &Cells)| {
        let home = |column: &str| homes.get(row["employee_id"].as_str()).map_or("", |person| person[column].as_str());
        let place = [row["department"].as_str(), home("home_state"), &row["department_group"], home("job_title")];
        let own = [(at + 1).to_string(), row["employee_id"].clone(), row["start_date"].clone()];
        own.into_iter().chain(place.map(str::to_owned)).collect()
    };
    file("job_rows", &header, departments.iter().enumerate().map(row))
}

fn employment_rows(people: &[Cells]) -> GivenFile {
    let header = ["row_id", "employee_id", "date", "employment_status"];
    let row = |(at, person): (usize, &Cells)| {
        let (id, hired) = (person["employee_id"].clone(), person["hire_date"].clone());
        vec![(at + 1).to_string(), id, hired, "Full-Time".to_owned()]
    };
    file("employment_rows", &header, people.iter().enumerate().map(row))
}

fn compensation_rows(pay: &[Cells], homes: &BTreeMap<&str, &Cells>) -> GivenFile {
    let header = ["row_id", "employee_id", "date", "type", "rate", "paid_per", "currency", "pay_schedule"];
    let row = |(at, row): (usize, &Cells)| {
        let salaried = homes.get(row["employee_id"].as_str()).is_some_and(|p| p["pay_type"] == "Salaried");
        let hourly: Decimal = row["hourly_rate"].parse().unwrap_or_default();
        let (kind, rate, per) = match salaried {
            true => ("Salary", (hourly * Decimal::from(HOURS_A_YEAR)).normalize(), "Year"),
            false => ("Hourly", hourly.normalize(), "Hour"),
        };
        let schedule = if row["pay_frequency"] == "Biweekly" { "Every other week" } else { "Monthly" };
        let own = [(at + 1).to_string(), row["employee_id"].clone(), row["effective_date"].clone()];
        let rest = [kind.to_owned(), rate.to_string(), per.to_owned(), "USD".to_owned(), schedule.to_owned()];
        own.into_iter().chain(rest).collect()
    };
    file("compensation_rows", &header, pay.iter().enumerate().map(row))
}

fn hours(people: &[Cells], today: Date) -> GivenFile {
    let header = ["row_id", "employee_id", "date", "hours", "approved"];
    let first = today.checked_sub(TIMESHEET_DAYS.days()).unwrap_or(today);
    let days: Vec<Date> = first
        .series(1.day())
        .take_while(|day| *day < today)
        .filter(|day| !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday))
        .collect();
    let hourly = people.iter().filter(|person| person["pay_type"] == "Hourly");
    let worked = hourly.flat_map(|person| {
        let hired: Option<Date> = person["hire_date"].parse().ok();
        days.iter().filter(move |day| hired.is_some_and(|hired| hired <= **day)).map(move |day| (person, day))
    });
    let row = |(at, (person, day)): (usize, (&Cells, &Date))| {
        let (id, date) = (person["employee_id"].clone(), day.to_string());
        vec![(at + 1).to_string(), id, date, "8".to_owned(), "true".to_owned()]
    };
    file("hours", &header, worked.enumerate().map(row))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_is_there_with_pay_and_a_department() {
        let facts = facts(Date::constant(2013, 12, 2)).unwrap();
        assert_eq!(facts.people.len(), 290);
        assert_eq!((facts.job_rows.len(), facts.compensation_rows.len()), (296, 316));
        assert!(facts.strays.is_empty());
        // Employee 1 is salaried at 125.50 an hour: 261,040 a year.
        let row = facts.compensation_rows.iter().find(|row| facts.text(facts.people[row.employee as usize].id) == "1");
        assert_eq!(row.unwrap().rate, Some(Decimal::from(261_040)));
    }
}
