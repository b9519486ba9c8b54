//! An invented company of any size, for benches: departments × locations with a cost centre each, salaried and hourly
//! people, raises and moves inside the planned month.

#![allow(dead_code, reason = "each bench uses its part")]
#![allow(clippy::expect_used, reason = "a bench whose ground is missing ends there")]

use jiff::civil::{Date, date};
use ml_connector::hr::{CompensationRow, Employee, EmploymentRow, HoursRow, JobRow, PayType, Period, Text};
use ml_connector::ledger::{Account, AccountNumber, FiscalPeriod, Series};
use ml_connector::plan::facts::{DimensionValue, Facts};
use ml_connector::project::Generation;
use rust_decimal::Decimal;
use std::fmt::Write as _;
use std::path::Path;

pub const DEPARTMENTS: usize = 20;
pub const LOCATIONS: usize = 10;

/// The cost centre of a department at a location: 0000 to 0199.
pub fn cost_centre(department: usize, location: usize) -> String {
    format!("{:04}", department * LOCATIONS + location)
}

/// Facts of `people` people; every tenth is paid by the hour, every tenth gets a raise and every twentieth moves in
/// November 2013.
pub fn facts(people: usize, with_hours: bool) -> Facts {
    facts_of(people, with_hours, |n| n % 10 == 3)
}

/// The same with everybody paid by the hour, each with an entry for every working day.
pub fn hourly_facts(people: usize) -> Facts {
    facts_of(people, true, |_| true)
}

fn facts_of(people: usize, with_hours: bool, is_hourly: impl Fn(usize) -> bool) -> Facts {
    let mut facts = Facts::default();
    let departments: Vec<Text> = (0..DEPARTMENTS).map(|d| facts.texts.add(&format!("Department {d}"))).collect();
    let locations: Vec<Text> = (0..LOCATIONS).map(|l| facts.texts.add(&format!("Location {l}"))).collect();
    let [usd, year, hour, full_time, active] =
        ["USD", "Year", "Hour", "Full-Time", "Active"].map(|word| facts.texts.add(word));
    let hired = date(2010, 1, 1);
    let mut row = 0u32;
    for n in 0..people {
        let employee = n as u32;
        let id = facts.texts.add(&(n + 1).to_string());
        facts.people.push(Employee {
            id,
            number: id,
            first_name: facts.texts.add(&format!("First{n}")),
            last_name: facts.texts.add(&format!("Last{n}")),
            hire_date: Some(hired),
            status: active,
            ..Employee::default()
        });
        let mut next = |facts: &mut Facts| {
            row += 1;
            facts.texts.add(&row.to_string())
        };
        let department = departments[n % DEPARTMENTS];
        let location = locations[(n / DEPARTMENTS) % LOCATIONS];
        let job = JobRow {
            employee,
            row_id: next(&mut facts),
            date: hired,
            department,
            location,
            division: Text::EMPTY,
            job_title: Text::EMPTY,
        };
        facts.job_rows.push(job);
        if n % 20 == 7 {
            let moved = JobRow {
                row_id: next(&mut facts),
                date: date(2013, 11, 14),
                department: departments[(n + 1) % DEPARTMENTS],
                ..job
            };
            facts.job_rows.push(moved);
        }
        let row_id = next(&mut facts);
        facts.employment_rows.push(EmploymentRow { employee, row_id, date: hired, employment_status: full_time });
        let hourly = is_hourly(n);
        let (pay_type, rate, paid_per) = match hourly {
            true => (PayType::Hourly, Decimal::new(2500 + (n % 997) as i64, 2), hour),
            false => (PayType::Salary, Decimal::new(5_000_000 + (n as i64 * 7919) % 7_000_000, 2), year),
        };
        let pay = CompensationRow {
            employee,
            row_id: next(&mut facts),
            date: hired,
            pay_type,
            rate: Some(rate),
            paid_per,
            currency: usd,
            pay_schedule: Text::EMPTY,
        };
        facts.compensation_rows.push(pay);
        if n % 10 == 5 {
            let raised = CompensationRow {
                row_id: next(&mut facts),
                date: date(2013, 11, 18),
                rate: Some(rate + Decimal::new(100_000, 2)),
                ..pay
            };
            facts.compensation_rows.push(raised);
        }
        if hourly && with_hours {
            let days = date(2013, 11, 1).series(jiff::ToSpan::day(1)).take(30);
            for day in days.filter(|day| day.weekday().to_monday_zero_offset() < 5) {
                let hours = HoursRow {
                    employee,
                    row_id: next(&mut facts),
                    date: day,
                    are_pieces: false,
                    earning: Text::EMPTY,
                    hours: Decimal::from(8),
                    approved: true,
                    department: Text::EMPTY,
                    location: Text::EMPTY,
                    project: Text::EMPTY,
                    task: Text::EMPTY,
                };
                facts.hours.push(hours);
            }
        }
    }
    books(&mut facts);
    facts.sort();
    facts
}

fn books(facts: &mut Facts) {
    let account = |number: String| Account {
        number: AccountNumber::new(&number),
        description: String::new(),
        active: true,
        allows_entry: true,
    };
    for department in 0..DEPARTMENTS {
        for location in 0..LOCATIONS {
            let code = cost_centre(department, location);
            for natural in ["5100", "5110", "5150", "2100", "2110"] {
                facts.accounts.push(account(format!("000-{natural}-{code}")));
            }
            facts.dimension_values.push(DimensionValue { dimension: "cost_centre".to_owned(), code, active: true });
        }
    }
    for natural in ["2100", "2110"] {
        facts.accounts.push(account(format!("000-{natural}-0000")));
    }
    for month in 1..=12 {
        let first_day = date(2013, month, 1);
        let last_day = first_day.last_of_month();
        let (year, number, series) = (2013, month as u16, Series::Financial);
        facts.fiscal_periods.push(FiscalPeriod { year, number, first_day, last_day, series, closed: false });
    }
}

/// The November that everything is about.
pub fn november() -> Period {
    Period::month("2013-11").expect("a month")
}

/// The day on which the benches stand.
pub const TODAY: Date = date(2013, 12, 2);

/// Noon of [`TODAY`].
pub fn now() -> jiff::Timestamp {
    TODAY.at(12, 0, 0, 0).in_tz("UTC").expect("noon").timestamp()
}

/// Writes a project for this company: one journal a period, or one a cost centre.
pub fn write_project(folder: &Path, one_per: &str, connections: &str) {
    let pipelines = folder.join("pipelines");
    let tables = folder.join("tables");
    for made in [&pipelines, &tables] {
        std::fs::create_dir_all(made).expect("a folder");
    }
    let project = format!("format: 1\nproject: bench\nabout: An invented company.\ntimezone: UTC\n{connections}");
    std::fs::write(folder.join("project.yaml"), project).expect("a file");
    let payable = if one_per == "cost_centre" { "{{ cost_centre }}" } else { "0000" };
    let pipeline = format!(
        r#"format: 1
pipeline: payroll-journal
about: Labour cost of a month.
every: {{ month_on: 2nd business day, at: "07:00", if_missed: run once }}
from:
  bamboohr: payroll-cost
  for: previous month
  take: {{ number: employeeNumber, department: department, location: location }}
keep: employment_status != "Contractor"
look_up:
  cost_centre: {{ in: cost-centres, as_of: segment.first_day, else: hold }}
pay:
  period: monthly
  salaried: {{ prorate: working days }}
  hourly: {{ hours: timesheets, overtime: {{ above_weekly: 40, at: 1.5 }} }}
  burden:
    employer_tax: {{ rate: 7.65%, of: gross }}
make:
  journal:
    one_per: {one_per}
    batch: "PAY{{{{ period.code }}}}"
    reference: "Payroll {{{{ period.name }}}}"
    date: "{{{{ period.last_day }}}}"
    lines:
      - {{ name: wages,         debit: regular,       for_each: cost_centre, account: "000-5100-{{{{ cost_centre }}}}" }}
      - {{ name: overtime,      debit: overtime,      for_each: cost_centre, account: "000-5110-{{{{ cost_centre }}}}" }}
      - {{ name: employer tax,  debit: employer_tax,  for_each: cost_centre, account: "000-5150-{{{{ cost_centre }}}}" }}
      - {{ name: wages payable, credit: gross,        account: "000-2100-{payable}" }}
      - {{ name: tax payable,   credit: employer_tax, account: "000-2110-{payable}" }}
check:
  - {{ rule: debits equal credits,          else: stop }}
  - {{ rule: accounts exist and are active, else: hold }}
  - {{ rule: cost centres are valid,        else: hold }}
  - {{ rule: period is open,                else: hold }}
  - {{ rule: not sent before,               else: stop }}
send: {{ to: gp general ledger, as: unposted work batch, after: checks }}
"#
    );
    std::fs::write(pipelines.join("payroll-journal.yaml"), pipeline).expect("a file");
    let mut table = String::from("department,location,cost_centre\n");
    for department in 0..DEPARTMENTS {
        for location in 0..LOCATIONS {
            let code = cost_centre(department, location);
            writeln!(table, "Department {department},Location {location},{code}").expect("memory");
        }
    }
    std::fs::write(tables.join("cost-centres.csv"), table).expect("a file");
}

/// The project, loaded.
pub fn generation(one_per: &str) -> Generation {
    let folder = tempfile::tempdir().expect("a folder");
    write_project(folder.path(), one_per, "");
    Generation::load(folder.path(), None).unwrap_or_else(|broken| panic!("{:?}", broken.findings))
}
