//! GP's GL transaction: a header and its debit and credit lines.

use super::account::{AccountNumber, BatchId};
use super::money::{Currency, Minor};
use jiff::civil::Date;
use rust_decimal::Decimal;

/// One distribution line: exactly one of `debit` and `credit` is above zero, the other is zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalLine {
    pub account: AccountNumber,
    /// At most 30 characters of cp1252.
    pub description: String,
    pub debit: Minor,
    pub credit: Minor,
}

/// A journal entry ready to be sent into a Work batch. Its number is drawn when it is stored for sending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalEntry {
    pub batch: BatchId,
    /// The project's text, a blank and 8 hex digits of the identity: at most 30 characters.
    pub reference: String,
    pub date: Date,
    /// GP books the opposite on this day when it posts the journal: transaction type 1, a reversing one.
    pub reverses_on: Option<Date>,
    pub currency: Currency,
    /// What GP converts a journal in another currency by; without it GP asks its own exchange tables.
    pub exchange: Option<Exchange>,
    pub lines: Vec<JournalLine>,
}

/// GP's ExchangeRate and ExchangeDate. Whether GP multiplies or divides by the rate is a setting of its exchange table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// Above zero, at most [`Exchange::DECIMALS`] decimals.
    pub rate: Decimal,
    pub date: Date,
}

impl Exchange {
    /// GP keeps a rate as numeric(19,7) (eConnect's XCHGRATE).
    pub const DECIMALS: u32 = 7;
}

impl JournalEntry {
    pub fn total_debit(&self) -> Minor {
        self.lines.iter().map(|line| line.debit).sum()
    }

    pub fn total_credit(&self) -> Minor {
        self.lines.iter().map(|line| line.credit).sum()
    }

    /// Whether debits equal credits to the minor unit.
    pub fn is_balanced(&self) -> bool {
        self.total_debit() == self.total_credit()
    }
}
