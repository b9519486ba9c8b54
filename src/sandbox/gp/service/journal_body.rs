//! A journal as a caller writes it.

use super::envelope::{Wrapped, enveloped, found, malformed, refused};
use super::ledger::midnight;
use crate::sandbox::gp::company::Company;
use crate::sandbox::gp::journals::{NewJournal, NewLine};
use axum::body::Bytes;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::{Date, DateTime, Time};
use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;
use std::str::FromStr;

/// Scalars stay raw, so that an amount is read digit for digit whether it came as text or as a number.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct JournalBody {
    #[serde(default)]
    journal_id: Option<Box<RawValue>>,
    #[serde(default)]
    transaction_date: Option<String>,
    #[serde(default)]
    transaction_type: Option<Box<RawValue>>,
    #[serde(default)]
    reversing_date: Option<String>,
    #[serde(default)]
    batch_id: Option<String>,
    #[serde(default)]
    reference: Option<String>,
    #[serde(default)]
    source_document: Option<String>,
    #[serde(default)]
    currency_id: Option<String>,
    #[serde(default)]
    exchange_rate: Option<Box<RawValue>>,
    #[serde(default)]
    exchange_date: Option<String>,
    #[serde(default)]
    lines: Vec<LineBody>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct LineBody {
    #[serde(default)]
    sequence_number: Option<Box<RawValue>>,
    #[serde(default)]
    account_number: Option<String>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    debit_amount: Option<Box<RawValue>>,
    #[serde(default)]
    credit_amount: Option<Box<RawValue>>,
}

fn number<T: FromStr>(raw: Option<&RawValue>, member: &str) -> Result<Option<T>, String> {
    let Some(raw) = raw else { return Ok(None) };
    let digits = raw.get().trim_matches('"');
    digits.parse().map(Some).map_err(|_| format!("{member} is not a number"))
}

impl JournalBody {
    fn journal(self) -> Result<NewJournal, String> {
        let date = |text: String, member: &str| {
            let day = || text.parse::<Date>().map(|day| day.to_datetime(Time::midnight()));
            text.parse::<DateTime>().or_else(|_| day()).map_err(|_| format!("{member} is not a date"))
        };
        Ok(NewJournal {
            number: number(self.journal_id.as_deref(), "JournalId")?,
            date: self.transaction_date.map(|text| date(text, "TransactionDate")).transpose()?,
            kind: number(self.transaction_type.as_deref(), "TransactionType")?.unwrap_or(0),
            reverses_on: self.reversing_date.map(|text| date(text, "ReversingDate")).transpose()?,
            batch: self.batch_id.unwrap_or_default(),
            reference: self.reference.unwrap_or_default(),
            source_document: self.source_document.unwrap_or_default(),
            currency: self.currency_id.unwrap_or_default(),
            exchange_rate: number(self.exchange_rate.as_deref(), "ExchangeRate")?,
            exchange_date: self.exchange_date.map(|text| date(text, "ExchangeDate")).transpose()?,
            lines: self.lines.into_iter().map(LineBody::line).collect::<Result<_, _>>()?,
        })
    }
}

impl LineBody {
    fn line(self) -> Result<NewLine, String> {
        Ok(NewLine {
            sequence: number(self.sequence_number.as_deref(), "SequenceNumber")?,
            account: self.account_number,
            description: self.description.unwrap_or_default(),
            debit: number(self.debit_amount.as_deref(), "DebitAmount")?,
            credit: number(self.credit_amount.as_deref(), "CreditAmount")?,
        })
    }
}

fn read(body: &Bytes) -> Result<NewJournal, String> {
    let read = serde_json::from_slice::<Wrapped<JournalBody>>(body).map_err(|error| error.to_string());
    read.and_then(|wrapped| wrapped.payload.journal())
}

pub(super) fn create_journal(company: &mut Company, body: &Bytes) -> Response {
    let new = match read(body) {
        Ok(new) => new,
        Err(why) => return malformed(&why),
    };
    match company.create_journal(&new) {
        Ok((number, date)) => {
            enveloped(StatusCode::CREATED, &[], json!({ "JournalId": number, "TransactionDate": midnight(date) }))
        }
        Err(refusals) => refused(&refusals),
    }
}

pub(super) fn replace_journal(company: &mut Company, body: &Bytes, number: &str, date: &str) -> Response {
    let key = (number.parse::<u32>(), date.get(..10).map(str::parse::<Date>));
    let (new, number, date) = match (read(body), key) {
        (Ok(new), (Ok(number), Some(Ok(date)))) => (new, number, date),
        (Err(why), _) => return malformed(&why),
        _ => return malformed("the key is not a journal number and a date"),
    };
    if new.number != Some(i64::from(number)) || new.date.map(DateTime::date) != Some(date) {
        return malformed("the key of a journal cannot be changed");
    }
    match company.replace_journal(number, date, &new) {
        None => found(None::<()>),
        Some(Ok(())) => {
            enveloped(StatusCode::OK, &[], json!({ "JournalId": number, "TransactionDate": midnight(date) }))
        }
        Some(Err(refusals)) => refused(&refusals),
    }
}
