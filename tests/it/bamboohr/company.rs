//! An invented company, its sandbox and a client: what each story starts from.

use jiff::civil::Date;
use ml_connector::bamboohr::{BambooHr, Needed};
use ml_connector::clock::StandingClock;
use ml_connector::hr::{CompensationRow, Employee, EmploymentRow, HoursRow, JobRow, PayType};
use ml_connector::plan::facts::Facts;
use ml_connector::project::connections::{BamboohrConnection, BamboohrSignIn, ChangePace, Proxy, SecretFrom};
use ml_connector::sandbox::bamboohr::BamboohrSandbox;
use rust_decimal::Decimal;
use secrecy::SecretString;
use std::sync::Arc;

pub const KEY: &str = "5f1e8a-an-invented-key";

/// A sandbox that stands at the morning of 2 December 2013, and a client of it.
pub struct Company {
    pub sandbox: BamboohrSandbox,
    pub clock: StandingClock,
    pub client: BambooHr,
}

impl Company {
    pub fn of(facts: &Facts) -> Company {
        let clock = StandingClock::at("2013-12-02T08:00:00Z".parse().unwrap());
        let sandbox = BamboohrSandbox::start(facts, "meadow", KEY, clock.clone()).unwrap();
        let client = client(&sandbox.url(), KEY, &clock);
        Company { sandbox, clock, client }
    }

    /// Reads people and everything about them.
    pub async fn read_all(&self) -> Facts {
        let mut facts = Facts::default();
        self.client.people(&[], &mut facts).await.unwrap();
        let window = Some((day("2013-11-01"), day("2013-11-30")));
        let needed = Needed { compensation: true, hours: window, payments: true, time_off: window };
        self.client.dated_rows(needed, &mut facts).await.unwrap();
        facts
    }
}

pub fn client(url: &str, key: &str, clock: &StandingClock) -> BambooHr {
    let connection = connection(url);
    BambooHr::new(&connection, SecretString::from(key), Arc::new(clock.clone())).unwrap().with_jitter(|| 0)
}

pub fn connection(url: &str) -> BamboohrConnection {
    BamboohrConnection {
        company: "meadow".into(),
        base_url: url.into(),
        sign_in: BamboohrSignIn::ApiKey(SecretFrom::Environment("BAMBOOHR_KEY".to_owned())),
        timesheets: true,
        proxy: Proxy::System,
        changes: ChangePace::default(),
        webhook: None,
    }
}

pub fn day(text: &str) -> Date {
    text.parse().unwrap()
}

pub fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// Ada (salaried, moved once, raised once), Ben (hourly, five days of hours) and Cleo (hired, without any row).
pub fn meadow() -> Facts {
    let mut facts = Facts { extra_fields: vec!["preferredName".into(), "customUnion".into()], ..Facts::default() };
    add_person(&mut facts, "101", "E-1", "Ada", "Quince", Some("2010-03-01"));
    add_person(&mut facts, "102", "E-2", "Ben", "Rowan", Some("2012-07-16"));
    add_person(&mut facts, "103", "", "Cleo", "Sorrel", None);
    add_job(&mut facts, 0, "1", "2010-03-01", "Orchard", "Oregon");
    add_job(&mut facts, 0, "2", "2013-11-11", "Mill", "Oregon");
    add_job(&mut facts, 1, "3", "2012-07-16", "Mill", "Idaho");
    add_status(&mut facts, 0, "4", "2010-03-01", "Full-Time");
    add_status(&mut facts, 1, "5", "2012-07-16", "Part-Time");
    add_pay(&mut facts, 0, "6", "2010-03-01", PayType::Salary, "72000.06", "Year");
    add_pay(&mut facts, 0, "7", "2013-07-01", PayType::Salary, "75000", "Year");
    add_pay(&mut facts, 1, "8", "2012-07-16", PayType::Hourly, "21.375", "Hour");
    for (row, date) in [("901", "2013-11-04"), ("902", "2013-11-05"), ("903", "2013-11-06")] {
        add_hours(&mut facts, 1, row, date, "7.25");
    }
    facts
}

/// `count` people with one job row each.
pub fn many(count: u32) -> Facts {
    let mut facts = Facts::default();
    for n in 0..count {
        add_person(&mut facts, &(n + 1).to_string(), &format!("N{n}"), "Some", "Body", Some("2011-01-03"));
        add_job(&mut facts, n, &(n + 1).to_string(), "2011-01-03", "Field", "Utah");
    }
    facts
}

pub fn add_person(facts: &mut Facts, id: &str, number: &str, first: &str, last: &str, hired: Option<&str>) {
    let mut text = |letters: &str| facts.texts.add(letters);
    let person = Employee {
        id: text(id),
        number: text(number),
        first_name: text(first),
        last_name: text(last),
        email: text(&format!("{first}@meadow.example").to_lowercase()),
        hire_date: hired.map(day),
        termination_date: None,
        status: text("Active"),
        extra: Box::new([text(&first[..2]), text("Local 7")]),
    };
    facts.people.push(person);
}

pub fn add_job(facts: &mut Facts, employee: u32, row: &str, date: &str, department: &str, location: &str) {
    let mut text = |letters: &str| facts.texts.add(letters);
    let row = JobRow {
        employee,
        row_id: text(row),
        date: day(date),
        department: text(department),
        location: text(location),
        division: text("West"),
        job_title: text("Grower"),
    };
    facts.job_rows.push(row);
}

pub fn add_status(facts: &mut Facts, employee: u32, row: &str, date: &str, status: &str) {
    let (row_id, employment_status) = (facts.texts.add(row), facts.texts.add(status));
    facts.employment_rows.push(EmploymentRow { employee, row_id, date: day(date), employment_status });
}

pub fn add_pay(facts: &mut Facts, employee: u32, row: &str, date: &str, pay_type: PayType, rate: &str, per: &str) {
    let mut text = |letters: &str| facts.texts.add(letters);
    let row = CompensationRow {
        employee,
        row_id: text(row),
        date: day(date),
        pay_type,
        rate: Some(decimal(rate)),
        paid_per: text(per),
        currency: text("USD"),
        pay_schedule: text("Monthly"),
    };
    facts.compensation_rows.push(row);
}

pub fn add_hours(facts: &mut Facts, employee: u32, row: &str, date: &str, hours: &str) {
    let row_id = facts.texts.add(row);
    let (department, location) = Default::default();
    let hours = decimal(hours);
    facts.hours.push(HoursRow {
        employee,
        row_id,
        date: day(date),
        hours,
        are_pieces: false,
        earning: ml_connector::hr::Text::EMPTY,
        approved: true,
        department,
        location,
        project: department,
        task: department,
    });
}

/// The notices as `code subject`, sorted.
pub fn noticed(facts: &Facts) -> Vec<String> {
    let mut noticed: Vec<String> =
        facts.notices.iter().map(|notice| format!("{} {}", notice.code, notice.subject)).collect();
    noticed.sort();
    noticed
}

/// The job rows as `person date department location`, sorted.
pub fn jobs(facts: &Facts) -> Vec<String> {
    let mut jobs: Vec<String> = facts
        .job_rows
        .iter()
        .map(|row| {
            let id = facts.people[row.employee as usize].id;
            format!("{} {} {} {}", facts.text(id), row.date, facts.text(row.department), facts.text(row.location))
        })
        .collect();
    jobs.sort();
    jobs
}

/// The compensation rows as `row date type rate currency per`, sorted.
pub fn pays(facts: &Facts) -> Vec<String> {
    let mut pays: Vec<String> = facts
        .compensation_rows
        .iter()
        .map(|row| {
            let pay_type = match row.pay_type {
                PayType::Salary => "Salary",
                PayType::Hourly => "Hourly",
                PayType::Other(other) => facts.text(other),
            };
            let rate = row.rate.map_or("unreadable".into(), |rate| rate.to_string());
            let (row_id, currency, per) = (facts.text(row.row_id), facts.text(row.currency), facts.text(row.paid_per));
            format!("{row_id} {} {pay_type} {rate} {currency} {per}", row.date)
        })
        .collect();
    pays.sort();
    pays
}
