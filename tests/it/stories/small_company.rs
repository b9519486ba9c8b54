//! Random small companies, and what they cost by a second way of counting: day by day, in whole fractions of a cent.

use crate::meadow::cases;
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use ml_connector::hr::Period;
use ml_connector::ledger::Minor;
use ml_connector::plan::document::Plan;
use ml_connector::plan::facts::{CHECKED_CAPABILITIES, Facts, GpState, SentLine};
use ml_connector::plan::facts_csv::given::{GivenFile, GivenRow};
use ml_connector::plan::facts_csv::read::read;
use ml_connector::plan::make::{Request, make_plan};
use ml_connector::project::Generation;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::LazyLock;

pub const DEPARTMENTS: [(&str, &str); 3] = [("Engineering", "0100"), ("Mill", "0400"), ("Field", "0500")];
const FIRST_DAY: Date = Date::constant(2013, 10, 1);

pub static PROJECT: LazyLock<Generation> = LazyLock::new(|| match Generation::load(&cases("payroll"), None) {
    Ok(generation) => generation,
    Err(broken) => panic!("{:?}", broken.findings),
});

/// One person; days count from 1 October 2013.
#[derive(Clone, Debug)]
pub struct Person {
    hired: i64,
    left: Option<i64>,
    is_hourly: bool,
    /// (day, cents a year or an hour); the first is the day of hire.
    pub rates: Vec<(i64, i128)>,
    /// (day, department); the first is the day of hire.
    pub jobs: Vec<(i64, usize)>,
    /// (day, tenths of an hour, the department they name).
    hours: Vec<(i64, i128, Option<usize>)>,
}

#[derive(Clone, Debug)]
pub struct Company {
    pub people: Vec<Person>,
}

/// A company of one to five people between October and December 2013.
pub fn company() -> impl Strategy<Value = Company> {
    prop::collection::vec(person(), 1..6).prop_map(|people| Company { people })
}

fn person() -> impl Strategy<Value = Person> {
    let stay = (0i64..75, prop::option::of(0i64..60), any::<bool>());
    let rates = (100_000i128..20_000_000, prop::collection::vec((0i64..90, 100_000i128..20_000_000), 0..3));
    let jobs = (0usize..3, prop::collection::vec((0i64..90, 0usize..3), 0..3));
    let hours = prop::collection::vec((0i64..90, -20i128..120, prop::option::of(0usize..3)), 0..12);
    (stay, rates, jobs, hours).prop_map(|((hired, stays, is_hourly), (rate, raises), (home, moves), hours)| {
        let left = stays.map(|days| hired + days);
        // An hourly rate is a yearly one without its thousands.
        let scaled = |cents: i128| if is_hourly { cents / 2000 } else { cents };
        let after = |day: &i64| *day >= hired;
        let employed = |day: i64| day >= hired && left.is_none_or(|left| day <= left);
        Person {
            hired,
            left,
            is_hourly,
            rates: std::iter::once((hired, rate))
                .chain(raises.into_iter().filter(|(day, _)| after(day)))
                .map(|(day, cents)| (day, scaled(cents)))
                .collect(),
            jobs: std::iter::once((hired, home)).chain(moves.into_iter().filter(|(day, _)| after(day))).collect(),
            hours: hours.into_iter().filter(|(day, ..)| is_hourly && employed(*day)).collect(),
        }
    })
}

fn date(day: i64) -> Date {
    FIRST_DAY.checked_add(day.days()).unwrap()
}

/// Of rows of (day, value) the one in force: the latest day, of two on one day the later row.
fn in_force<T: Copy>(rows: &[(i64, T)], day: i64) -> T {
    let mut found = rows[0];
    for row in rows {
        if row.0 <= day && row.0 >= found.0 {
            found = *row;
        }
    }
    found.1
}

/// Half away from zero.
fn rounded(numerator: i128, denominator: i128) -> i128 {
    let doubled = 2 * numerator.abs() + denominator;
    (doubled / (2 * denominator)) * numerator.signum()
}

impl Person {
    /// What each department's days of `period` cost, in cents over [`Person::denominator`].
    fn cost(&self, period: &Period) -> [i128; 3] {
        let mut cost = [0; 3];
        let mut day = -1;
        while date(day + 1) <= period.last_day {
            day += 1;
            let employed = day >= self.hired && self.left.is_none_or(|left| day <= left);
            if !period.contains(date(day)) || !employed {
                continue;
            }
            let (rate, home) = (in_force(&self.rates, day), in_force(&self.jobs, day));
            if self.is_hourly {
                for (_, tenths, named) in self.hours.iter().filter(|(on, ..)| *on == day) {
                    cost[named.unwrap_or(home)] += tenths * rate;
                }
            } else if is_working(date(day)) {
                cost[home] += rate;
            }
        }
        cost
    }

    fn denominator(&self, period: &Period) -> i128 {
        if self.is_hourly {
            return 10;
        }
        let days = period.first_day.series(1.day()).take_while(|day| *day <= period.last_day);
        12 * days.filter(|day| is_working(*day)).count() as i128
    }

    /// The person's cost of the period in cents, rounded once.
    pub fn total(&self, period: &Period) -> i128 {
        rounded(self.cost(period).iter().sum(), self.denominator(period))
    }
}

fn is_working(day: Date) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

impl Company {
    /// Asserts that the wages of each department are less than a cent a person away from their exact cost.
    pub fn assert_near(&self, period: &Period, wages: &BTreeMap<String, i128>) {
        for (at, (_, centre)) in DEPARTMENTS.iter().enumerate() {
            let booked = wages.get(&format!("5100-{centre}")).copied().unwrap_or(0);
            let mut off = 0i128;
            let common: i128 = self.people.iter().map(|person| person.denominator(period)).product();
            for person in &self.people {
                off += person.cost(period)[at] * (common / person.denominator(period));
            }
            let apart = (booked * common - off).abs();
            assert!(apart < 2 * common * self.people.len() as i128, "{centre}: {booked} is not {off}/{common}");
        }
    }

    /// The facts of this company. `order` shuffles the rows of every file.
    pub fn facts(&self, order: u64) -> Facts {
        let mut files: BTreeMap<&str, Vec<Vec<String>>> = BTreeMap::new();
        let mut add = |file: &'static str, cells: Vec<String>| files.entry(file).or_default().push(cells);
        let mut row = 0;
        let mut next = || {
            row += 1;
            row.to_string()
        };
        for (at, person) in self.people.iter().enumerate() {
            let id = (at + 1).to_string();
            let left = person.left.map_or_else(String::new, |day| date(day).to_string());
            add("employees", vec![id.clone(), id.clone(), date(person.hired).to_string(), left]);
            for (day, department) in &person.jobs {
                let department = DEPARTMENTS[*department].0.to_owned();
                add("job_rows", vec![next(), id.clone(), date(*day).to_string(), department]);
            }
            let (kind, per) = if person.is_hourly { ("Hourly", "Hour") } else { ("Salary", "Year") };
            for (day, cents) in &person.rates {
                let rate = format!("{}.{:02}", cents / 100, cents % 100);
                let cells = [next(), id.clone(), date(*day).to_string(), kind.to_owned(), rate, per.to_owned()];
                add("compensation_rows", cells.to_vec());
            }
            for (day, tenths, named) in &person.hours {
                let hours = rust_decimal::Decimal::new(*tenths as i64, 1).to_string();
                let named = named.map_or("", |at| DEPARTMENTS[at].0).to_owned();
                add("hours", vec![next(), id.clone(), date(*day).to_string(), hours, named]);
            }
        }
        let files: Vec<GivenFile> = COLUMNS
            .iter()
            .map(|(name, own, fixed)| {
                let mut rows = files.remove(name).unwrap_or_default();
                rows.sort_by_key(|cells| shuffled(order, cells));
                given(name, own, fixed, rows)
            })
            .collect();
        let mut facts = read(&files).unwrap();
        facts.not_provided = CHECKED_CAPABILITIES.to_vec();
        facts
    }
}

/// File, the columns that a company writes, and the others with their only value.
type Columns = (&'static str, &'static [&'static str], &'static [(&'static str, &'static str)]);

const COLUMNS: &[Columns] = &[
    (
        "employees",
        &["id", "number", "hire_date", "termination_date"],
        &[("first_name", ""), ("last_name", ""), ("email", ""), ("status", "Active")],
    ),
    ("job_rows", &["row_id", "employee_id", "date", "department"], &[("location", "WA")]),
    ("employment_rows", &["row_id", "employee_id", "date", "employment_status"], &[]),
    ("compensation_rows", &["row_id", "employee_id", "date", "type", "rate", "paid_per"], &[("currency", "USD")]),
    ("hours", &["row_id", "employee_id", "date", "hours", "department"], &[("approved", "true")]),
    ("gp_accounts", &["account", "description", "active", "allows_entry"], &[]),
    ("gp_dimensions", &["dimension", "code", "active"], &[]),
    ("gp_periods", &["year", "period", "first_day", "last_day", "series", "closed"], &[]),
];

fn given(name: &str, own: &[&str], fixed: &[(&str, &str)], rows: Vec<Vec<String>>) -> GivenFile {
    let header = own.iter().copied().chain(fixed.iter().map(|(column, _)| *column)).map(str::to_owned).collect();
    let with_fixed = |cells: Vec<String>| cells.into_iter().chain(fixed.iter().map(|(_, value)| (*value).to_owned()));
    let rows = rows.into_iter().enumerate();
    let rows = rows.map(|(at, cells)| GivenRow { line: at as u64 + 2, cells: with_fixed(cells).collect() }).collect();
    GivenFile { name: name.to_owned(), header, rows }
}

fn shuffled(order: u64, cells: &[String]) -> u64 {
    let mut hasher = DefaultHasher::new();
    (order, cells).hash(&mut hasher);
    hasher.finish()
}

pub fn november() -> Period {
    Period::month("2013-11").unwrap()
}

pub fn december() -> Period {
    Period::month("2013-12").unwrap()
}

/// The plan of a pipeline of the stories' project.
pub fn plan(pipeline: &str, period: &Period, facts: &Facts) -> Plan {
    let pipeline = PROJECT.pipeline(pipeline).unwrap();
    make_plan(Request { generation: &PROJECT, pipeline, period }, facts)
}

/// Adds a plan's documents to what was sent, as the store does when GP took them.
/// Gives the number of each in GP.
pub fn send(plan: &Plan, facts: &mut Facts) -> Vec<u32> {
    let mut numbers = Vec::new();
    for document in &plan.documents {
        assert!(document.ready, "{:?}", plan.holds);
        let journal = document.journal().unwrap();
        let number = journal.replaces.unwrap_or(80_000_000 + facts.sent.len() as u32);
        numbers.push(number);
        for (period, accounts) in &journal.by_period {
            for (account, amount) in accounts {
                facts.sent.push(SentLine {
                    company: journal.key.company.clone(),
                    group: journal.key.group.clone(),
                    pipeline: plan.ledger.clone(),
                    period: period.clone(),
                    sequence: document.sequence,
                    document_id: document.id.clone(),
                    journal: number.to_string(),
                    gp_state: GpState::Work,
                    booked_in: journal.booked_in.clone(),
                    account: account.clone(),
                    currency: journal.entry.currency,
                    debit: (*amount).max(Minor::ZERO),
                    credit: (-*amount).max(Minor::ZERO),
                });
            }
        }
    }
    facts.sort();
    numbers
}

/// Debit minus credit of each account over all documents of some plans, zeros left out.
pub fn balances<'p>(plans: impl IntoIterator<Item = &'p Plan>) -> BTreeMap<String, i128> {
    let mut sums = BTreeMap::new();
    for document in plans.into_iter().flat_map(|plan| &plan.documents) {
        for line in &document.journal().unwrap().entry.lines {
            *sums.entry(line.account.as_str().to_owned()).or_default() += (line.debit - line.credit).0;
        }
    }
    sums.retain(|_, sum| *sum != 0);
    sums
}
