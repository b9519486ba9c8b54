//! Who is employed in a period, where they belong and what they cost.

use crate::hr::{PayType, Period};
use crate::ledger::{Currency, Minor};
use crate::plan::accrual::{Counted, Stretch, counted};
use crate::plan::cost::{Costs, labour_cost};
use crate::plan::facts::Facts;
use crate::plan::segment::Segment;
use crate::plan::wage_base::wage_bases;
use crate::project::Pipeline;
use crate::project::pipeline::{Make, Pay};
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Where people are counted whom no look-up answers.
pub const NOWHERE: &str = "(none)";
/// What the suspense account's centre is called.
pub const SUSPENSE: &str = "suspense";

/// A cost centre by name, and a currency.
pub type Place = (String, Currency);

/// One person in one period.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: String,
    /// The centre of the last day employed.
    pub home: String,
    pub hourly: bool,
    /// Days with pay, in order.
    pub first_day: Date,
    pub last_day: Date,
    /// The compensation row in force at the end, as (rate, unit); never shown.
    rate: Option<(Option<rust_decimal::Decimal>, String)>,
    pub cost: BTreeMap<Place, Minor>,
}

impl Person {
    pub fn is_paid(&self) -> bool {
        !self.cost.is_empty()
    }

    /// Whether the rate in force at the end of the period differs.
    pub fn other_rate(&self, other: &Person) -> bool {
        self.rate != other.rate
    }

    /// The centres that carry cost of this person.
    pub fn centres(&self) -> BTreeSet<&str> {
        self.cost.keys().map(|(centre, _)| centre.as_str()).collect()
    }
}

/// Everybody whom `keep` keeps for at least one day of a period, by position in the facts.
pub struct People {
    pub period: Period,
    pub costs: Costs,
    pub all: BTreeMap<u32, Person>,
    /// The department of a centre, where all its cost comes from one.
    pub about: BTreeMap<String, String>,
}

impl People {
    /// Computes a period's cost and takes it apart by person.
    pub fn of(pipeline: &Pipeline, pay: &Pay, period: &Period, facts: &Facts) -> People {
        let wages = wage_bases(pipeline, pay, std::slice::from_ref(period), facts);
        let costs = |stretch| labour_cost(pipeline, pay, stretch, facts, Some(wages.of(&period.code)));
        let costs = match &pipeline.make {
            Make::Journal(rule) => match counted(rule, period) {
                Counted::Whole => costs(Stretch::whole(period)),
                Counted::Share(accrual) => costs(Stretch { days: &accrual.days, of: period }),
                Counted::Nothing(_) | Counted::Unclear(_) => Costs::default(),
            },
            Make::Record(_) => Costs::default(),
        };
        let mut people = People { period: period.clone(), costs, all: BTreeMap::new(), about: BTreeMap::new() };
        let mut departments: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for segment in &people.costs.segments {
            let home = segment.centre.map_or_else(|| NOWHERE.to_owned(), |centre| centre_name(&people.costs, centre));
            if let Some(job) = segment.job_row {
                let department = facts.text(facts.job_rows[job as usize].department);
                departments.entry(home.clone()).or_default().insert(department);
            }
            add_segment(facts, &mut people.all, segment, home);
        }
        for share in &people.costs.shares {
            if let Some(person) = people.all.get_mut(&share.person) {
                let place = (centre_name(&people.costs, share.centre), share.currency);
                if place.0 == SUSPENSE {
                    person.home = SUSPENSE.to_owned();
                }
                *person.cost.entry(place).or_default() += share.rounded;
            }
        }
        add_unplaced(facts, &mut people);
        people.about = departments
            .into_iter()
            .filter_map(|(centre, names)| match names.iter().collect::<Vec<_>>().as_slice() {
                [only] if centre != NOWHERE && **only != centre => Some((centre, (**only).to_owned())),
                _ => None,
            })
            .collect();
        people
    }

    /// How many people have cost in each centre, by currency.
    pub fn with_cost(&self) -> BTreeMap<&Place, usize> {
        let mut count = BTreeMap::new();
        for place in self.all.values().flat_map(|person| person.cost.keys()) {
            *count.entry(place).or_default() += 1;
        }
        count
    }

    /// How many people have cost in a currency.
    pub fn paid_in(&self, currency: Currency) -> usize {
        self.all.values().filter(|person| person.cost.keys().any(|place| place.1 == currency)).count()
    }

    /// Whether the hours of the period are not all among `facts`: a plan observes those of its own weeks and of the
    /// periods sent before, so the first close of a project has only the last days of the month before.
    pub fn lacks_hours(&self, facts: &Facts) -> bool {
        let first_week = self.period.first_day.checked_add(6.days()).unwrap_or(self.period.first_day);
        let covered = facts.hours.iter().any(|row| row.date <= first_week);
        self.all.values().any(|person| person.hourly) && !covered && !facts.hours_saved.contains(&self.period.code)
    }
}

/// The name of a centre for people: its values, or `suspense`.
pub fn centre_name(costs: &Costs, centre: crate::plan::centre::CentreId) -> String {
    if costs.centres.is_suspense(centre) { SUSPENSE.to_owned() } else { costs.centres.name(centre) }
}

fn add_segment(facts: &Facts, all: &mut BTreeMap<u32, Person>, segment: &Segment, home: String) {
    let row = segment.pay_row.map(|at| &facts.compensation_rows[at as usize]);
    let hourly = row.is_some_and(|row| row.pay_type == PayType::Hourly);
    let rate = row.map(|row| (row.rate, facts.text(row.paid_per).to_owned()));
    let person = all.entry(segment.person).or_insert_with(|| Person {
        id: facts.text(facts.people[segment.person as usize].id).to_owned(),
        home: String::new(),
        hourly,
        first_day: segment.first_day,
        last_day: segment.last_day,
        rate: None,
        cost: BTreeMap::new(),
    });
    // Segments of one person come in the order of their days: the last one says where and how.
    person.home = home;
    person.hourly = hourly;
    person.rate = rate;
    person.last_day = segment.last_day;
}

/// People counted as employed who have no segment at all: those without a hire date.
fn add_unplaced(facts: &Facts, people: &mut People) {
    let reasons = people.costs.holds.iter().chain(&people.costs.left_out);
    let missing = reasons.filter(|hold| hold.code == crate::plan::hold::HoldCode::HireDateMissing);
    for id in missing.filter_map(|hold| hold.subject.strip_prefix("employee ")) {
        let Some(at) = facts.people.iter().position(|person| facts.text(person.id) == id) else { continue };
        people.all.entry(at as u32).or_insert_with(|| Person {
            id: id.to_owned(),
            home: NOWHERE.to_owned(),
            hourly: false,
            first_day: people.period.first_day,
            last_day: people.period.last_day,
            rate: None,
            cost: BTreeMap::new(),
        });
    }
}
