//! Everything a plan is made from, apart from the project itself. A plan reads nothing else.

use crate::hr::{CompensationRow, Employee, EmploymentRow, HoursRow, JobRow, PeriodCode, Text, Texts};
use crate::ledger::{Account, AccountNumber, Currency, DocumentId, FiscalPeriod, GpRecord, Minor};
use jiff::civil::Date;

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
    /// The first day that `hours` covers, where the source said so: BambooHR serves 365 days.
    pub hours_from: Option<Date>,
    /// Rows that name a person who is not in `people`.
    pub strays: Vec<StrayRow>,
    pub history: Vec<Headcount>,
    pub vendors: Vec<GpRecord>,
    pub employees: Vec<GpRecord>,
    pub accounts: Vec<Account>,
    pub dimension_values: Vec<DimensionValue>,
    pub fiscal_periods: Vec<FiscalPeriod>,
    pub sent: Vec<SentLine>,
    /// What an edge noticed while reading: a dropped field, an answer in a second form. Shown with the plan.
    pub notices: Vec<Notice>,
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

/// Something an edge saw that a person should know; becomes a warning of the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// A stable warning code, for example `field-dropped`.
    pub code: &'static str,
    pub subject: String,
    pub message: String,
    pub remedy: String,
}

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

/// One line that our ledger says we sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentLine {
    pub pipeline: String,
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

impl Facts {
    /// The letters of `text`.
    pub fn text(&self, text: Text) -> &str {
        self.texts.get(text)
    }
}
