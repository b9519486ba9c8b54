//! What the account holds. Seeded from facts; changed by tests in process and by requests over HTTP alike.

use super::money::MoneyShape;
use super::oauth::Oauth;
use super::row::Columns;
use super::webhooks::Webhooks;
use crate::clock::{Clock, StandingClock};
use crate::hr::rows::compare_row_ids;
use crate::hr::{Employee, Text};
use crate::plan::facts::{Facts, StrayRow};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// One of the tables with effective dates that the sandbox holds rows of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    Job,
    Employment,
    Compensation,
}

impl Table {
    /// The table that BambooHR calls so; `jobInformation` is a second name of `jobInfo`.
    pub fn named(name: &str) -> Option<Table> {
        match name {
            "jobInfo" | "jobInformation" => Some(Table::Job),
            "employmentStatus" => Some(Table::Employment),
            "compensation" => Some(Table::Compensation),
            _ => None,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Table::Job => "jobInfo",
            Table::Employment => "employmentStatus",
            Table::Compensation => "compensation",
        }
    }

    pub(super) fn facts_name(self) -> &'static str {
        match self {
            Table::Job => "job_rows",
            Table::Employment => "employment_rows",
            Table::Compensation => "compensation_rows",
        }
    }
}

/// When a person was inserted, and last changed in any way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moments {
    pub(super) inserted: Timestamp,
    pub(super) changed: Timestamp,
}

/// BambooHR's change data begins here; who was hired before counts from then.
const CHANGES_BEGIN: Date = Date::constant(2011, 6, 5);

impl Moments {
    /// A seeded person was entered on the day they were hired, and at the latest a day before the sandbox began: so that
    /// what changes while its clock stands is told apart from them.
    fn of_seeded(person: &Employee, now: Timestamp) -> Moments {
        let yesterday = now.saturating_sub(SignedDuration::from_hours(24)).unwrap_or(now);
        let hired = person.hire_date.unwrap_or(CHANGES_BEGIN).max(CHANGES_BEGIN);
        let inserted = hired.to_zoned(TimeZone::UTC).map_or(yesterday, |hired| hired.timestamp().min(yesterday));
        Moments { inserted, changed: inserted }
    }
}

/// So many requests in so many seconds, then 429 until the seconds have passed.
#[derive(Clone, Copy, Debug)]
pub(super) struct RateLimit {
    requests: u32,
    seconds: i64,
    left: u32,
    began: Timestamp,
}

/// The state of the sandboxed account.
pub struct Account {
    pub(super) company: String,
    pub(super) clock: StandingClock,
    /// Shared with answers that are still leaving; a change copies it only while there are some.
    pub(super) facts: Arc<Facts>,
    /// Positions of people in the order of their ids.
    pub(super) order: Arc<Vec<u32>>,
    /// As `facts.people`.
    pub(super) moments: Vec<Moments>,
    /// Id → when deleted.
    pub(super) deleted: BTreeMap<String, Timestamp>,
    pub(super) restricted: Arc<BTreeSet<String>>,
    pub(super) verbatim: Arc<Vec<(Table, String)>>,
    pub(super) money_shape: MoneyShape,
    pub(super) has_employee_list: bool,
    pub(super) rate_limit: Option<RateLimit>,
    pub oauth: Oauth,
    pub(super) webhooks: Webhooks,
    pub(super) next_row_id: u64,
    pub(super) requests: u64,
}

impl Account {
    pub(super) fn new(facts: &Facts, company: &str, api_key: &str, clock: StandingClock) -> Account {
        let now = clock.now();
        let rows = facts.job_rows.iter().map(|row| row.row_id);
        let rows = rows.chain(facts.employment_rows.iter().map(|row| row.row_id));
        let rows = rows.chain(facts.compensation_rows.iter().map(|row| row.row_id));
        let last_row = rows.filter_map(|id| facts.text(id).parse::<u64>().ok()).max().unwrap_or(0);
        let mut account = Account {
            company: company.to_owned(),
            moments: facts.people.iter().map(|person| Moments::of_seeded(person, now)).collect(),
            facts: Arc::new(facts.clone()),
            order: Arc::default(),
            deleted: BTreeMap::new(),
            restricted: Arc::default(),
            verbatim: Arc::default(),
            money_shape: MoneyShape::default(),
            has_employee_list: true,
            rate_limit: None,
            oauth: Oauth::new(api_key),
            webhooks: Webhooks::default(),
            next_row_id: last_row + 1,
            requests: 0,
            clock,
        };
        account.put_in_order();
        account
    }

    /// What the account holds now.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Today in the company's time zone, which is UTC here.
    pub fn today(&self) -> Date {
        TimeZone::UTC.to_datetime(self.clock.now()).date()
    }

    /// The key's user may not see `field` of people, or, as `table.column`, a column of a table.
    pub fn restrict(&mut self, field: &str) {
        Arc::make_mut(&mut self.restricted).insert(field.to_owned());
    }

    /// Rates are written in this shape from now on.
    pub fn write_money_as(&mut self, shape: MoneyShape) {
        self.money_shape = shape;
    }

    /// The account is from before 2025-10: List Employees is not there.
    pub fn without_employee_list(&mut self) {
        self.has_employee_list = false;
    }

    /// `requests` in `seconds`, then 429 with `Retry-After` until the account's clock is past them. BambooHR does not
    /// publish its numbers.
    pub fn limit_requests(&mut self, requests: u32, seconds: u32) {
        let (seconds, began) = (i64::from(seconds), self.clock.now());
        self.rate_limit = Some(RateLimit { requests, seconds, left: requests, began });
    }

    /// A row that is served exactly as it is written here: for what was seen in real accounts but no facts can say,
    /// such as an empty date.
    pub fn add_verbatim(&mut self, table: Table, json: &str) {
        Arc::make_mut(&mut self.verbatim).push((table, json.to_owned()));
    }

    /// Adds a person.
    ///
    /// The texts of `person` must be of [`Account::facts`]' own arena; see [`Account::text`].
    pub fn add_person(&mut self, person: Employee) {
        let now = self.clock.now();
        let id = self.facts.text(person.id).to_owned();
        Arc::make_mut(&mut self.facts).people.push(person);
        self.moments.push(Moments { inserted: now, changed: now });
        self.put_in_order();
        self.webhooks.fire("created", &id, &[], now);
    }

    /// `letters` in the account's arena of texts.
    pub fn text(&mut self, letters: &str) -> Text {
        Arc::make_mut(&mut self.facts).texts.add(letters)
    }

    /// Deletes a person for good. Their rows are still served by the tables for all employees, as a reader sees them
    /// who asks for people and tables one after the other. `false` when there is no such person.
    pub fn delete_person(&mut self, id: &str) -> bool {
        let Some(position) = self.position(id) else { return false };
        let facts = Arc::make_mut(&mut self.facts);
        facts.people.remove(position as usize);
        self.moments.remove(position as usize);
        let mut strays = Vec::new();
        let texts = &facts.texts;
        let mut shift = |table: Table, employee: &mut u32, row: Text, date: Date| {
            if *employee == position {
                let (employee_id, row_id) = (id.to_owned(), texts.get(row).to_owned());
                strays.push(StrayRow { table: table.facts_name(), employee_id, row_id, date });
                return false;
            }
            *employee -= u32::from(*employee > position);
            true
        };
        facts.job_rows.retain_mut(|row| shift(Table::Job, &mut row.employee, row.row_id, row.date));
        facts.employment_rows.retain_mut(|row| shift(Table::Employment, &mut row.employee, row.row_id, row.date));
        facts.compensation_rows.retain_mut(|row| shift(Table::Compensation, &mut row.employee, row.row_id, row.date));
        facts.hours.retain(|row| row.employee != position);
        facts.hours.iter_mut().for_each(|row| row.employee -= u32::from(row.employee > position));
        facts.strays.extend(strays);
        let now = self.clock.now();
        self.deleted.insert(id.to_owned(), now);
        self.put_in_order();
        self.webhooks.fire("deleted", id, &[], now);
        true
    }

    /// Where the person with `id` is.
    pub(super) fn position(&self, id: &str) -> Option<u32> {
        let id = self.facts.texts.known(id)?;
        (0..).zip(&self.facts.people).find(|(_, person)| person.id == id).map(|(position, _)| position)
    }

    /// Notes a change of a person's `fields`, which webhooks tell of only if it has taken effect.
    pub(super) fn note_change(&mut self, position: u32, fields: &Columns, in_effect: bool) {
        let now = self.clock.now();
        self.moments[position as usize].changed = now;
        if in_effect {
            let id = self.facts.text(self.facts.people[position as usize].id).to_owned();
            let fields: Vec<&str> = fields.names().collect();
            self.webhooks.fire("updated", &id, &fields, now);
        }
    }

    /// Counts a request; the seconds to wait when the limit is reached.
    pub(super) fn count_request(&mut self) -> Option<i64> {
        self.requests += 1;
        let now = self.clock.now();
        let limit = self.rate_limit.as_mut()?;
        let passed = now.as_second() - limit.began.as_second();
        if passed >= limit.seconds {
            (limit.left, limit.began) = (limit.requests, now);
        }
        match limit.left.checked_sub(1) {
            Some(left) => {
                limit.left = left;
                None
            }
            None => Some(limit.seconds - passed),
        }
    }

    fn put_in_order(&mut self) {
        let facts = &self.facts;
        let id = |position: u32| facts.text(facts.people[position as usize].id);
        let mut order: Vec<u32> = (0..).take(facts.people.len()).collect();
        order.sort_by(|&left, &right| compare_row_ids(id(left), id(right)));
        self.order = Arc::new(order);
    }
}
