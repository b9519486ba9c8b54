//! The part of a dialect about each service: where it is, and what its members are called.

use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A resource that is read.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Read {
    /// After the base, with `{names}` in place of keys; several keys are joined by `;`.
    pub path: String,
    #[serde(default)]
    pub query: BTreeMap<String, String>,
    /// The member of the body that holds the rows, where the body is not the list itself.
    #[serde(default)]
    pub rows: Option<String>,
    /// Query parameters, with `{since}`, that ask only for what changed; empty where the site has no such filter.
    #[serde(default)]
    pub modified_since: BTreeMap<String, String>,
}

/// A resource that is written.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Write {
    pub method: Method,
    pub path: String,
    /// The action's name, where the site makes this call one.
    #[serde(default)]
    pub action: Option<String>,
}

/// The verbs of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    Post,
    Patch,
}

/// A member that says yes or no.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Flag {
    /// Member name; `/` leads into an object.
    pub field: String,
    pub is_true: Vec<String>,
    pub is_false: Vec<String>,
}

/// GL transactions.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Journals {
    pub create: Write,
    /// `{number}` and `{date}`: an unposted journal is written anew, whole. Absent where the site's service cannot, as GP's own
    /// cannot (its services have Create, Get and Delete of a GL transaction, and no Update).
    #[serde(default)]
    pub replace: Option<Write>,
    /// `{number}`, `{date}`.
    pub by_key: Read,
    /// Where posted journals are asked for separately: `{number}`, `{date}`.
    #[serde(default)]
    pub posted_by_key: Option<Read>,
    /// `{batch}`.
    pub in_batch: Read,
    /// Journals whose reference ends with `{key}`, where the site can.
    #[serde(default)]
    pub by_reference: Option<Read>,
    pub fields: JournalFields,
    pub line_fields: LineFields,
    pub states: JournalStates,
    /// How GP is asked to reverse a journal; absent where the site's service cannot, and then nothing is accrued.
    #[serde(default)]
    pub reversing: Option<Reversing>,
    /// How a journal in another currency carries its rate; absent where the site's service has no members for it.
    #[serde(default)]
    pub exchange: Option<ExchangeFields>,
    pub source_document: String,
    /// Between the sequence numbers of two lines.
    pub line_step: u32,
    /// Journals with more lines are refused before they are sent; no limit when absent.
    #[serde(default)]
    pub lines_at_most: Option<usize>,
}

/// Members that make a journal a reversing one. GP's SOAP services have none: there it is a policy (cc534142).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reversing {
    /// The member for the day on which GP books the opposite.
    pub date: String,
    /// What else the site wants in it, for example GP's transaction type.
    #[serde(default)]
    pub mark: Option<Mark>,
}

/// Members for the rate and the day that GP converts by: ExchangeRate and ExchangeDate of GLTransaction (its XSD).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExchangeFields {
    pub rate: String,
    pub date: String,
}

/// A member that is always written in the same way.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    pub field: String,
    pub word: String,
    pub written_as: WrittenAs,
}

/// Members of a journal; `/` leads into an object (`Key/JournalId`).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JournalFields {
    pub number: String,
    pub date: String,
    pub batch: String,
    pub reference: String,
    pub source_document: String,
    pub currency: String,
    pub state: String,
    pub lines: String,
}

/// Members of a journal's line.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LineFields {
    pub sequence: String,
    pub account: String,
    pub description: String,
    pub debit: String,
    pub credit: String,
}

/// The words for a journal's state.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JournalStates {
    pub work: Vec<String>,
    pub posted: Vec<String>,
}

/// GL accounts.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Accounts {
    /// `{account}`.
    pub by_key: Read,
    pub list: Read,
    pub fields: AccountFields,
}

/// Members of an account.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountFields {
    pub number: String,
    pub description: String,
    pub active: Flag,
    pub allows_entry: Flag,
}

/// Fiscal periods: one row a period and series.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Periods {
    /// `{first_day}`, `{last_day}` where the site can narrow the list.
    pub list: Read,
    pub fields: PeriodFields,
    /// The site's series → ours (`Financial`, `Payroll`, …). What is not listed keeps its name.
    #[serde(default)]
    pub series_names: BTreeMap<String, String>,
}

/// Members of a fiscal period.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PeriodFields {
    pub year: String,
    pub period: String,
    pub first_day: String,
    pub last_day: String,
    pub series: String,
    pub closed: Flag,
}

/// Values of an account segment or an analytical dimension.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Dimensions {
    /// `{segment}`; without it the values are taken from the accounts.
    #[serde(default)]
    pub segment: Option<Read>,
    /// `{dimension}`.
    #[serde(default)]
    pub analytical: Option<Read>,
    pub fields: DimensionFields,
}

/// Members of a dimension value.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DimensionFields {
    pub code: String,
    pub active: Flag,
}

/// Vendors or employees.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Records {
    pub create: Write,
    /// `{key}`.
    pub update: Write,
    /// `{key}`.
    pub by_key: Read,
    pub list: Read,
    /// The member that holds the key.
    pub key: String,
    pub status: Status,
    /// Our field → the member.
    pub fields: BTreeMap<String, String>,
    /// Those of our fields that are dates.
    #[serde(default)]
    pub dates: Vec<String>,
    /// The member for a tax id: written, never read.
    #[serde(default)]
    pub tax_id: Option<String>,
}

/// Whether a record is active. The first word of each list is the one that is written.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Status {
    pub field: String,
    pub active: Vec<String>,
    pub inactive: Vec<String>,
    pub written_as: WrittenAs,
}

impl WrittenAs {
    /// Whether `word` can be written so.
    pub fn fits(self, word: &str) -> bool {
        match self {
            WrittenAs::Text => true,
            WrittenAs::Number => word.parse::<i64>().is_ok(),
            WrittenAs::Truth => word == "true" || word == "false",
        }
    }
}

/// The JSON type of a written word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum WrittenAs {
    Text,
    Number,
    Truth,
}

/// GL batches.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Batches {
    /// `{batch}`.
    pub by_key: Read,
    pub fields: BatchFields,
}

/// Members of a batch.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchFields {
    pub id: String,
    pub marked_to_post: Flag,
    pub approved: Flag,
    pub transactions: String,
}
