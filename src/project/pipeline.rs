//! One pipeline, compiled: from → keep → look up → pay → make → check → send.

use super::expression::Expression;
use super::finding::Place;
use super::table::Table;
use super::template::Template;
use crate::hr::PayCalendar;
use crate::ledger::{AccountNumber, RecordKind};
use std::sync::Arc;

pub use super::every::*;
pub use super::pay::*;
pub use super::rates::*;
pub use super::work::*;

/// A pipeline as the plan core reads it: every name resolved, every text compiled.
#[derive(Debug)]
pub struct Pipeline {
    pub name: String,
    pub about: String,
    /// The pipeline's file and the place of its `pipeline:` key.
    pub place: Place,
    pub every: Option<Every>,
    pub source: Source,
    /// The payroll register that is read, by its name in project.yaml.
    pub register: Option<String>,
    /// The period meant when `--for` is not given.
    pub period: PeriodRule,
    /// What its periods are.
    pub calendar: Arc<PayCalendar>,
    /// `name: BambooHR field`, in the project's order.
    pub take: Vec<Take>,
    pub keep: Option<Expression>,
    pub look_ups: Vec<LookUp>,
    /// Present exactly when `make` is a journal.
    pub pay: Option<Pay>,
    pub make: Make,
    pub checks: Vec<Check>,
    pub send: Send,
    pub corrections: Corrections,
    /// What happens to people whose cost cannot be resolved.
    pub unresolved: Unresolved,
    /// The pipeline whose ledger this one shares and corrects.
    pub corrects: Option<String>,
    /// Everything else is the corrected pipeline's: it plans what differs from journals that were sent, never a first one.
    pub only_corrects: bool,
    pub privacy: Option<Privacy>,
    /// How people's cost finds its GP company; `None`: the connection's own.
    pub companies: Option<Companies>,
}

/// Several GP companies from one BambooHR account.
#[derive(Debug)]
pub struct Companies {
    /// Position in [`Pipeline::look_ups`] of the company that bears a cost, by its name in GP.
    pub route: usize,
    pub intercompany: Option<Intercompany>,
    /// Every company that the project's connection names, and so every one that may be answered.
    pub known: Vec<String>,
    pub place: Place,
}

/// What stands between the company that bears a cost and the one that pays it. Both templates see `company` (whose journal
/// it is) and `other`.
#[derive(Debug)]
pub struct Intercompany {
    pub paid_by: PaidBy,
    /// The paying company's claim.
    pub due_from: Template,
    /// The bearing company's debt.
    pub due_to: Template,
}

/// Who pays people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaidBy {
    /// One company for all.
    Company(String),
    /// Position in [`Pipeline::look_ups`].
    LookUp(usize),
}

/// A line for fewer people than this goes up to the parent of its cost centre.
#[derive(Debug)]
pub struct Privacy {
    /// 2 or more.
    pub minimum_people: usize,
    pub parents: Option<Parents>,
    pub place: Place,
}

/// The parents of a look-up's values.
#[derive(Debug)]
pub struct Parents {
    /// Position in [`Pipeline::look_ups`].
    pub look_up: usize,
    /// Its one key is a value of the look-up; its column [`PARENT`] answers. Nothing is its own ancestor.
    pub table: Arc<Table>,
}

/// The column that names a parent.
pub const PARENT: &str = "parent";

/// What BambooHR gives a pipeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// People × job rows × compensation rows (× hours).
    PayrollCost,
    /// People with their current values.
    Employees,
}

/// `for:` of a pipeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeriodRule {
    Previous,
    This,
    /// The one that the newest month end lies in.
    LastMonthEnd,
}

/// A name of the pipeline and the BambooHR field behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Take {
    pub name: String,
    pub field: String,
    /// Where the name is written.
    pub place: Place,
    /// Where the field is written.
    pub field_place: Place,
}

/// What happens when something cannot be resolved or a check fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Otherwise {
    /// Keep back, with the reason.
    Hold,
    /// A hold that approval releases.
    Ask,
    /// End the run.
    Stop,
}

/// One look-up: a new name from a table.
#[derive(Debug)]
pub struct LookUp {
    pub name: String,
    pub table: Arc<Table>,
    /// For each key column of the table, the pipeline's name that fills it.
    pub keys: Vec<String>,
    /// The column that answers.
    pub column: String,
    pub as_of: AsOf,
    pub otherwise: Otherwise,
    pub place: Place,
}

/// The day a look-up is asked for. A segment also ends where its answer ends, unless the period's day is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AsOf {
    SegmentFirstDay,
    PeriodFirstDay,
    PeriodLastDay,
}

/// What a pipeline makes.
#[derive(Debug)]
pub enum Make {
    Journal(JournalRule),
    Record(RecordRule),
}

/// A journal template.
#[derive(Debug)]
pub struct JournalRule {
    pub one_per: OnePer,
    pub batch: Template,
    pub reference: Template,
    pub date: JournalDate,
    pub lines: Vec<LineRule>,
    /// `None`: nothing is converted.
    pub rates: Option<Rates>,
    pub place: Place,
}

/// How a journal is dated.
#[derive(Debug)]
pub enum JournalDate {
    Template(Template),
    /// It accrues a pay period's share up to the end of a month, and GP reverses it.
    Accrual(Accrue),
}

/// An accrual up to the month end inside a pay period, which is its date (payroll-rules.md, Accrual).
#[derive(Clone, Debug)]
pub struct Accrue {
    pub reverse: ReverseOn,
    pub place: Place,
}

/// The day on which GP books the opposite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReverseOn {
    NextDay,
    PeriodLastDay,
}

impl JournalRule {
    /// How it accrues, where it does.
    pub fn accrue(&self) -> Option<&Accrue> {
        match &self.date {
            JournalDate::Accrual(accrue) => Some(accrue),
            JournalDate::Template(_) => None,
        }
    }

    /// Rates that amounts are converted with before there is a journal.
    pub fn converting(&self) -> Option<&Rates> {
        self.rates.as_ref().filter(|rates| !rates.by_gp)
    }

    /// Rates that journals in other currencies carry, for GP to convert with.
    pub fn exchange_fields(&self) -> Option<&Rates> {
        self.rates.as_ref().filter(|rates| rates.by_gp)
    }

    /// The template of its date, where it has one.
    pub fn date_template(&self) -> Option<&Template> {
        match &self.date {
            JournalDate::Template(template) => Some(template),
            JournalDate::Accrual(_) => None,
        }
    }
}

/// What gets a journal of its own. A currency always does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnePer {
    Period,
    /// Position in [`Pipeline::look_ups`]: one journal per value, `cost_centre` for example.
    LookUp(usize),
    Person,
}

/// One line of a journal template.
#[derive(Debug)]
pub struct LineRule {
    pub name: String,
    pub side: Side,
    pub amount: Amount,
    /// Position in [`Pipeline::look_ups`] of the value that gets a line each.
    pub for_each: Option<usize>,
    /// A line of its own for each person, in a journal that is no correction.
    pub by_person: bool,
    pub account: Template,
    /// Where the account is written.
    pub account_place: Place,
    pub place: Place,
}

/// The side of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Debit,
    Credit,
}

/// How people become GP vendors or employees.
#[derive(Debug)]
pub struct RecordRule {
    pub kind: RecordKind,
    /// How an existing record is found when none has the rendered `id` as key, in order.
    pub matches: Vec<Match>,
    pub id: Template,
    pub set: Vec<SetField>,
    pub create: bool,
    pub update: bool,
    pub on_leave: OnLeave,
    pub place: Place,
}

/// An existing record whose key (or whose `field`) equals the value of `name` is adopted instead of creating another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    pub name: String,
    /// A GP field ([`crate::ledger::limits`]); `None` = the record's key.
    pub field: Option<String>,
}

/// One field of a record.
#[derive(Debug)]
pub struct SetField {
    pub field: String,
    pub template: Template,
    pub place: Place,
}

/// What happens to the record of a person who left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnLeave {
    Inactive,
    Keep,
}

/// One check and what its failure does.
#[derive(Debug)]
pub struct Check {
    pub rule: CheckRule,
    pub otherwise: Otherwise,
    pub place: Place,
}

#[derive(Debug)]
pub enum CheckRule {
    DebitsEqualCredits,
    AccountsExistAndAreActive,
    CostCentresAreValid,
    PeriodIsOpen,
    NotSentBefore,
    /// `expect`: an expression that must hold, and what to `say` when it does not.
    Expect {
        expression: Expression,
        say: String,
    },
    /// A script of the project.
    Script {
        file: String,
        expression: Expression,
    },
}

/// `send:`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Send {
    pub to: Target,
    /// Whether a person must approve (`after: approval`) or the checks suffice (`after: checks`).
    pub after_approval: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    GeneralLedger,
    Vendors,
    Employees,
}

/// What happens when somebody's cost cannot be resolved: no cost centre, unreadable pay (payroll-rules.md, Holds).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Unresolved {
    /// One unresolved person holds the whole journal.
    #[default]
    HoldJournal,
    /// The journal goes without that person, and says so.
    HoldEmployee,
    /// What has no look-up answer is booked to this account; anything else still holds the journal.
    Suspense(AccountNumber),
}

/// How sent periods are corrected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Corrections {
    /// How many periods back a change is looked for.
    pub look_back: u32,
    /// Our own journal that GP has not posted is replaced; else a difference is sent beside it.
    pub replace_unposted: Option<Place>,
}

impl Default for Corrections {
    fn default() -> Self {
        Corrections { look_back: 12, replace_unposted: None }
    }
}
