//! A reconciliation, ready to be shown: the stable form of `reconcile --format json`. It only grows.

use serde::Serialize;

/// One period's pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reconciliation {
    pub pipeline: String,
    pub period: String,
    pub period_name: String,
    /// The period that movements are told against.
    pub previous: Option<String>,
    pub plan_id: String,
    pub generation: String,
    /// The plan was made again from its stored inputs and came out the same.
    pub proven: bool,
    pub gp_asked: bool,
    /// Everything agrees and is sent: no item of the checklist is open.
    pub agrees: bool,
    /// Names of [`Money::amounts`]: `gross`, then each burden.
    pub amounts: Vec<String>,
    pub centres: Vec<CentreRow>,
    pub total: CentreRow,
    pub accounts: Vec<AccountRow>,
    pub documents: Vec<DocumentRow>,
    pub differences: Vec<Difference>,
    /// Whether people paid by the hour are among the movements: else the hours of the month before are not known.
    pub hourly_compared: bool,
    /// Largest first.
    pub movements: Vec<Movement>,
    /// The whole company, one a currency.
    pub overall: Vec<Movement>,
    /// What a reader must know to read the numbers right.
    pub notes: Vec<String>,
    pub checklist: Vec<Item>,
}

/// One cost centre, or the total.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CentreRow {
    pub centre: String,
    /// Its department, where all its cost comes from one.
    pub about: String,
    /// People employed at least one day whom `keep` keeps, each once, where they were last.
    pub employed: usize,
    /// Those of them who have cost in the period.
    pub paid: usize,
    /// People who have cost in this centre, movers in each.
    pub with_cost: usize,
    /// Its amounts, or those of one currency, are those of a single person.
    pub single_person: bool,
    /// By currency; empty for a centre without cost.
    pub money: Vec<Money>,
    /// Codes of [`Difference`]s of this centre, once each.
    pub because: Vec<String>,
}

/// The amounts of one centre in one currency, as decimal texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Money {
    pub currency: String,
    /// In the order of [`Reconciliation::amounts`].
    pub amounts: Vec<String>,
    /// What the journal should book into the centre's accounts, debit above zero; `None` where its accounts are shared.
    pub planned: Option<String>,
    pub sent: Option<String>,
    /// `None` also when GP was not asked.
    pub in_gp: Option<String>,
}

/// One GL account: net amounts, debit above zero.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AccountRow {
    pub account: String,
    pub currency: String,
    /// The cost centre whose cost it takes; empty for an account shared by all.
    pub centre: String,
    pub planned: String,
    pub sent: String,
    pub in_gp: Option<String>,
    pub agrees: bool,
}

/// One journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DocumentRow {
    pub document_id: String,
    pub journal_number: Option<u32>,
    pub role: String,
    pub periods: Vec<String>,
    pub batch: String,
    pub date: String,
    pub currency: String,
    /// Total of its debits; `None` with `--hide-single` for corrections, and when one person alone is paid in its currency.
    pub debit: Option<String>,
    pub state: String,
    /// `unposted`, `posted`, `edited`, `deleted`, or empty when it is not in GP or GP was not asked.
    pub in_gp: String,
}

/// Why two columns differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// `people`, `plan to sent` or `sent to gp`.
    pub between: &'static str,
    /// A stable word: `held`, `left-out`, `suspense`, `no-hours`, `awaits-approval`, `deleted`, `edited`, …
    pub code: &'static str,
    pub centre: String,
    pub subject: String,
    pub message: String,
    pub remedy: String,
}

/// How a centre's cost moved against the period before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Movement {
    pub centre: String,
    pub about: String,
    pub currency: String,
    /// `None`, as `change` and `percent`, when one person alone made the change and `--hide-single` was asked.
    pub before: Option<String>,
    /// `None` when it is one person's and `--hide-single` was asked.
    pub now: Option<String>,
    pub change: Option<String>,
    /// Whole percent, half away from zero; `None` also when there was nothing before.
    pub percent: Option<String>,
    /// The amounts, or the change of them, are those of a single person.
    pub single_person: bool,
    /// Largest first.
    pub causes: Vec<Cause>,
    /// `Sales −41 %: 12 people moved to 0500 Engineering, 1 left`.
    pub story: String,
}

/// Why a centre's cost moved. Never with an amount of a single person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cause {
    pub code: &'static str,
    pub text: String,
    /// BambooHR ids.
    pub people: Vec<String>,
}

/// One line of the close checklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Item {
    pub state: ItemState,
    pub what: String,
    /// What was found; for an open item also what to do.
    pub detail: String,
}

/// Whether an item is settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemState {
    Done,
    /// Somebody has to do something before this month agrees.
    Open,
    /// Left for people in GP, or not looked at: it keeps nothing open here.
    Note,
}
