//! The shape of a dialect file. Every scalar is text until it is used: `1` may be a status and `2` a series.

use crate::gp::delivery::RefusalClass;
use crate::ledger::Currency;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::fmt::strtime;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// How one site's GP answers. See docs/dialect.md.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Dialect {
    /// The version of this file's shape: 1.
    pub format: u8,
    /// The dialect's name.
    pub dialect: String,
    /// One sentence for people.
    pub about: String,
    pub address: Address,
    pub http: Http,
    pub envelope: Envelope,
    pub paging: Paging,
    pub values: Values,
    pub journals: Journals,
    pub accounts: Accounts,
    pub periods: Periods,
    pub dimensions: Dimensions,
    pub vendors: Records,
    pub employees: Records,
    pub batches: Batches,
    /// What GP's error numbers mean; numbers left out here are taken from the dialect that ships with the program.
    #[serde(default)]
    pub errors: Vec<ErrorNumbers>,
}

/// Where GP is.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// Path before every resource, with `{tenant}` and `{company}`.
    pub base: String,
}

/// How GP is called.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Http {
    pub content_type: String,
    pub accept: String,
    /// The header that names a non-CRUD action.
    pub action_header: String,
    /// For one whole call, the answer included.
    pub timeout_ms: u64,
    pub connect_timeout_ms: u64,
    /// Statuses that the site's front end gives before GP sees anything.
    #[serde(default)]
    pub not_sent_statuses: Vec<u16>,
}

/// What is around every body.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// The member that holds a request's body.
    pub request: String,
    /// The member that holds an answer's body.
    pub answer: String,
    /// A member that says whether a call succeeded, where HTTP 2xx and an empty error list do not say it alone.
    #[serde(default)]
    pub success: Option<Success>,
    /// JSON pointers to the lists of errors.
    pub errors: Vec<String>,
    /// Members of an error that may hold its number: the first that is there counts. A text may hold several numbers.
    pub error_number: Vec<String>,
    /// Members of an error that may hold its text.
    pub error_text: Vec<String>,
    /// Members of an error that may say how bad it is.
    #[serde(default)]
    pub error_kind: Vec<String>,
    /// Kinds that are no errors.
    #[serde(default)]
    pub harmless_kinds: Vec<String>,
    /// Error numbers that only say that nothing has the key that was asked for.
    #[serde(default)]
    pub not_found_numbers: Vec<u32>,
}

/// The success predicate.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Success {
    /// JSON pointer, outside of the answer's body.
    pub at: String,
    /// Values that mean success, in any case.
    pub is: Vec<String>,
}

/// How a long list is cut into answers.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(tag = "style", rename_all = "lowercase", deny_unknown_fields)]
pub enum Paging {
    /// One answer holds everything.
    None {},
    /// Query parameters count pages; a page with fewer rows is the last.
    Pages { page: String, size: String, first: u32, rows: u32 },
    /// JSON pointer, outside of the answer's body, to the address of the next page.
    Link { at: String },
}

/// How single values are written.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Values {
    /// Dates in bodies, in strftime letters.
    pub dates: String,
    /// Dates in addresses.
    pub key_dates: String,
    /// Moments (UTC) in addresses.
    pub stamps: String,
    pub amounts: Amounts,
    /// ISO code of the currency of journals that GP shows without one.
    pub functional_currency: String,
    /// ISO code → GP's currency id, where they differ.
    #[serde(default)]
    pub currency_ids: BTreeMap<String, String>,
    /// Between the segments of an account.
    pub segment_separator: String,
    /// What an administrator's policy puts before our batch ids; empty where there is none.
    #[serde(default)]
    pub batch_prefix: String,
}

/// How an amount is written: exactly, either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Amounts {
    /// `"1250.00"`
    Text,
    /// `1250.00`
    Number,
}

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
    pub source_document: String,
    /// Between the sequence numbers of two lines.
    pub line_step: u32,
    /// Journals with more lines are refused before they are sent; no limit when absent.
    #[serde(default)]
    pub lines_at_most: Option<usize>,
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

/// Error numbers that mean the same.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ErrorNumbers {
    pub numbers: Vec<u32>,
    pub class: RefusalClass,
    /// Numbers that explain this one: beside one of them it takes that one's class.
    #[serde(default)]
    pub beside: Vec<u32>,
    /// What is wrong, in one sentence.
    pub say: String,
    /// What to do.
    #[serde(rename = "do")]
    pub remedy: String,
}

impl Dialect {
    /// A date as bodies write it.
    pub fn date(&self, day: Date) -> String {
        // The format wrote a date when the dialect was checked; ISO is what everything else would be anyway.
        strtime::format(&self.values.dates, day).unwrap_or_else(|_| day.to_string())
    }

    /// A date as addresses write it.
    pub fn key_date(&self, day: Date) -> String {
        strtime::format(&self.values.key_dates, day).unwrap_or_else(|_| day.to_string())
    }

    /// A moment as addresses write it, in UTC.
    pub fn stamp(&self, moment: Timestamp) -> String {
        strtime::format(&self.values.stamps, moment).unwrap_or_else(|_| moment.to_string())
    }

    /// GP's id of a currency.
    pub fn currency_id(&self, currency: Currency) -> String {
        self.values.currency_ids.get(currency.code()).cloned().unwrap_or_else(|| currency.code().to_owned())
    }

    /// The currency behind GP's id; a journal without one is in the functional currency.
    pub fn currency(&self, id: &str) -> Option<Currency> {
        if id.is_empty() {
            return Currency::from_code(&self.values.functional_currency);
        }
        let listed = self.values.currency_ids.iter().find(|(_, listed)| listed.eq_ignore_ascii_case(id));
        Currency::from_code(listed.map_or(id, |(code, _)| code))
    }
}
