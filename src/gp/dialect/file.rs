//! The shape of a dialect file. Every scalar is text until it is used: `1` may be a status and `2` a series.

use super::services::{Accounts, Batches, Dimensions, Journals, Periods, Records};
use super::wire::{Address, Envelope, Http, Paging, Values};
use crate::gp::delivery::RefusalClass;
use crate::ledger::Currency;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::fmt::strtime;
use schemars::JsonSchema;
use serde::Deserialize;

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

/// A date as `format` writes it; an ISO date is read in any case, whatever time follows it.
pub fn read_date(format: &str, text: &str) -> Option<Date> {
    let text = text.trim();
    let iso = text.get(..10).and_then(|day| day.parse::<Date>().ok());
    iso.or_else(|| strtime::parse(format, text).and_then(|parsed| parsed.to_date()).ok())
}
