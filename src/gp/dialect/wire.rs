//! The part of a dialect about every call: address, HTTP, envelope, paging, single values.

use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

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
    /// Until an answer begins, and between two pieces of it: a list of 100,000 records may take its time.
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
    /// What a 404 without the site's envelope means.
    pub bare_not_found: BareNotFound,
}

/// What a 404 without the site's envelope means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum BareNotFound {
    /// The address is wrong.
    Mistake,
    /// GP has nothing with this key.
    Missing,
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
