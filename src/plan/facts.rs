//! Everything a plan is made from, apart from the project itself. A plan reads nothing else.

use crate::hr::rows::compare_row_ids;
use crate::hr::{
    BalanceRow, BenefitRow, CompensationRow, Employee, EmploymentRow, HoursRow, JobRow, PaymentRow, PeriodCode,
    RegisterRow, Text, Texts, TimeOffRow,
};
use crate::ledger::{Account, AccountNumber, Currency, DocumentId, FiscalPeriod, GpRecord, Minor};
use jiff::civil::Date;
use rust_decimal::Decimal;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// What was observed in BambooHR, in GP and in our own ledger.
///
/// After [`Facts::sort`] people are in the order of their ids and every dated row is in the order (person, date, row
/// id), so that the order in which an edge gave them cannot change a plan.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub texts: Texts,
    pub people: Vec<Employee>,
    /// Names of [`Employee::extra`], in their order.
    pub extra_fields: Vec<String>,
    pub job_rows: Vec<JobRow>,
    pub employment_rows: Vec<EmploymentRow>,
    pub compensation_rows: Vec<CompensationRow>,
    pub hours: Vec<HoursRow>,
    pub payments: Vec<PaymentRow>,
    /// Approved time off, day by day.
    pub time_off: Vec<TimeOffRow>,
    /// What people have left of time off, on the days that the plan needs.
    pub balances: Vec<BalanceRow>,
    /// What employers pay for people's benefit plans, by the period they were read for.
    pub benefits: Vec<BenefitRow>,
    pub registers: Vec<RegisterRow>,
    /// What the files of registers say they add up to.
    pub register_totals: Vec<RegisterTotal>,
    /// The first day that `hours` covers, where the source said so: BambooHR serves 365 days.
    pub hours_from: Option<Date>,
    /// Periods whose hours come from what was saved with their plan, whatever the source still serves.
    pub hours_saved: Vec<PeriodCode>,
    /// Rows that name a person who is not in `people`.
    pub strays: Vec<StrayRow>,
    pub history: Vec<Headcount>,
    pub vendors: Vec<GpRecord>,
    pub employees: Vec<GpRecord>,
    pub accounts: Vec<Account>,
    pub dimension_values: Vec<DimensionValue>,
    pub fiscal_periods: Vec<FiscalPeriod>,
    /// The books of each company by name, where a pipeline books into several: the three lists above are empty then.
    pub companies: BTreeMap<String, Books>,
    pub sent: Vec<SentLine>,
    /// Capabilities of GP that nobody provides in this project: their checks are left out, with a warning.
    pub not_provided: Vec<&'static str>,
    /// What an edge noticed while reading: a dropped field, an answer in a second form. Shown with the plan.
    pub notices: Vec<Notice>,
}

/// What one GP company has of accounts, dimension values and fiscal periods.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Books {
    pub accounts: Vec<Account>,
    pub dimension_values: Vec<DimensionValue>,
    pub fiscal_periods: Vec<FiscalPeriod>,
}

/// A dated row whose employee id nobody has: BambooHR deleted the person, or does not grant them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StrayRow {
    /// The facts file it belongs to, without `.csv`: `job_rows`, `hours`, …
    pub table: &'static str,
    pub employee_id: String,
    pub row_id: String,
    pub date: Date,
}

/// What a register's own file says that one of its amounts adds up to, over everybody in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterTotal {
    pub register: String,
    /// The file's name: the beginning of [`RegisterRow::row_id`].
    pub file: String,
    pub code: String,
    pub amount: Decimal,
}

/// Something an edge saw that a person should know; becomes a warning of the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// A stable warning code, for example `field-dropped`.
    pub code: &'static str,
    pub subject: String,
    pub message: String,
    pub remedy: String,
}

/// Every code a [`Notice`] may have, so that a facts folder reads back.
pub const NOTICE_CODES: &[&str] = &[
    "date-unreadable",
    "declared",
    "field-dropped",
    "hours-open",
    "hours-unknown-type",
    "hours-unreadable",
    "person-not-listed",
    "register-column-unread",
    "register-unreadable",
    "row-without-date",
    "sent-by-another",
    "time-off-unreadable",
];

/// Every capability that [`Facts::not_provided`] may name.
pub const CHECKED_CAPABILITIES: &[&str] = &["accounts", "dimensions", "periods"];

/// How many people an earlier plan of a pipeline paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Headcount {
    pub pipeline: String,
    pub period: PeriodCode,
    pub headcount: u64,
}

/// A value that GP allows for a dimension (an account segment, or an analytical dimension).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DimensionValue {
    pub dimension: String,
    pub code: String,
    pub active: bool,
}

impl DimensionValue {
    /// Whether it is a value of this dimension. Names are compared without regard to case or to the kind of gap: `cost_centre`
    /// is GP's `Cost Centre`.
    pub fn is_of(&self, dimension: &str) -> bool {
        let plain = |name: &str| name.trim().replace([' ', '-'], "_").to_lowercase();
        plain(&self.dimension) == plain(dimension)
    }
}

/// What GP shows of a journal that we sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum GpState {
    /// Unposted, as we created it.
    Work,
    /// A person posted it in GP.
    Posted,
    /// A person changed it in GP before posting.
    Edited,
    /// A person deleted it in GP.
    Deleted,
}

/// The word for a state, in `sent.csv` and in the store.
pub fn gp_word(state: GpState) -> &'static str {
    match state {
        GpState::Work => "work",
        GpState::Posted => "posted",
        GpState::Edited => "edited",
        GpState::Deleted => "deleted",
    }
}

/// One line that our ledger says we sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentLine {
    pub pipeline: String,
    /// The GP company; empty for the connection's own.
    pub company: String,
    /// What its journal is one of where a period has several: the look-up's value or the person's id. Empty: the only one, or
    /// not known.
    pub group: String,
    /// The period whose cost it is.
    pub period: PeriodCode,
    pub sequence: u32,
    pub document_id: DocumentId,
    /// GP's journal number, as text.
    pub journal: String,
    pub gp_state: GpState,
    /// The period whose fiscal period it was booked in; differs from `period` for an adjusting journal.
    pub booked_in: PeriodCode,
    pub account: AccountNumber,
    pub currency: Currency,
    pub debit: Minor,
    pub credit: Minor,
}

/// Orders account numbers as GP compares them: without regard to case (dynamics-gp.md §8.2).
fn compare_accounts(left: &str, right: &str) -> Ordering {
    let lower = |text: &str| text.bytes().map(|byte| byte.to_ascii_lowercase()).collect::<Vec<u8>>();
    if left.is_ascii() && right.is_ascii() {
        left.bytes().map(|b| b.to_ascii_lowercase()).cmp(right.bytes().map(|b| b.to_ascii_lowercase()))
    } else {
        lower(left).cmp(&lower(right))
    }
}

impl Facts {
    /// Puts everything into its order: people by id, rows by (person, date, row id), accounts as GP compares them. A plan
    /// needs it, and nothing but it: whoever filled the facts in whatever order gets the same plan.
    pub fn sort(&mut self) {
        let texts = &self.texts;
        let mut order: Vec<u32> = (0..self.people.len() as u32).collect();
        order.sort_by(|a, b| {
            let id = |at: &u32| texts.get(self.people[*at as usize].id);
            compare_row_ids(id(a), id(b))
        });
        let mut place = vec![0u32; order.len()];
        for (new, old) in order.iter().enumerate() {
            place[*old as usize] = new as u32;
        }
        let mut people: Vec<Option<Employee>> = std::mem::take(&mut self.people).into_iter().map(Some).collect();
        self.people = order.iter().filter_map(|old| people[*old as usize].take()).collect();
        macro_rules! order_rows {
            ($rows:ident) => {
                for row in &mut self.$rows {
                    row.employee = place[row.employee as usize];
                }
                self.$rows.sort_by(|a, b| {
                    (a.employee, a.date)
                        .cmp(&(b.employee, b.date))
                        .then_with(|| compare_row_ids(texts.get(a.row_id), texts.get(b.row_id)))
                });
            };
        }
        order_rows!(job_rows);
        order_rows!(employment_rows);
        order_rows!(compensation_rows);
        order_rows!(hours);
        order_rows!(payments);
        order_rows!(time_off);
        order_rows!(registers);
        for row in &mut self.balances {
            row.employee = place[row.employee as usize];
        }
        self.balances
            .sort_by(|a, b| (a.employee, a.date, texts.get(a.kind)).cmp(&(b.employee, b.date, texts.get(b.kind))));
        for row in &mut self.benefits {
            row.employee = place[row.employee as usize];
        }
        let order = |row: &BenefitRow| {
            (row.employee, row.date, row.read_on, texts.get(row.plan).to_owned(), row.effective, row.amount)
        };
        self.benefits.sort_by_cached_key(order);
        for accounts in self.companies.values_mut().map(|books| &mut books.accounts).chain([&mut self.accounts]) {
            accounts.sort_by(|a, b| compare_accounts(a.number.as_str(), b.number.as_str()));
        }
        self.sent.sort_by(|a, b| {
            (&a.pipeline, &a.period, a.sequence, &a.document_id, &a.account).cmp(&(
                &b.pipeline,
                &b.period,
                b.sequence,
                &b.document_id,
                &b.account,
            ))
        });
        self.strays.sort_by(|a, b| {
            compare_row_ids(&a.employee_id, &b.employee_id).then_with(|| (a.table, a.date).cmp(&(b.table, b.date)))
        });
    }

    /// The account of a company (empty: the connection's own) with this number, as GP compares numbers. Needs
    /// [`Facts::sort`].
    pub fn account(&self, company: &str, number: &AccountNumber) -> Option<&Account> {
        let accounts = if company.is_empty() { &self.accounts } else { &self.companies.get(company)?.accounts };
        let found = accounts.binary_search_by(|known| compare_accounts(known.number.as_str(), number.as_str()));
        found.ok().map(|at| &accounts[at])
    }

    /// The dimension values of a company; empty: the connection's own.
    pub fn dimension_values(&self, company: &str) -> &[DimensionValue] {
        match company {
            "" => &self.dimension_values,
            company => self.companies.get(company).map_or(&[], |books| &books.dimension_values),
        }
    }

    /// The calendars that a journal has to fit, by company.
    pub fn calendars(&self) -> impl Iterator<Item = (&str, &[FiscalPeriod])> {
        let own = self.companies.is_empty().then_some(("", self.fiscal_periods.as_slice()));
        let others = self.companies.iter().map(|(name, books)| (name.as_str(), books.fiscal_periods.as_slice()));
        own.into_iter().chain(others)
    }

    /// The person with this BambooHR id. Needs [`Facts::sort`].
    pub fn person(&self, id: &str) -> Option<&Employee> {
        let found = self.people.binary_search_by(|person| compare_row_ids(self.text(person.id), id));
        found.ok().map(|at| &self.people[at])
    }

    /// Whether a capability of GP (`accounts`, `periods`, `dimensions`) is provided.
    pub fn is_provided(&self, capability: &str) -> bool {
        !self.not_provided.contains(&capability)
    }

    /// The letters of `text`.
    pub fn text(&self, text: Text) -> &str {
        self.texts.get(text)
    }
}
