//! Journals, accounts, periods, dimensions and batches as JSON.

use super::address::Query;
use super::envelope::{found, list};
use crate::ledger::Series;
use crate::sandbox::gp::calendar::Period;
use crate::sandbox::gp::chart::GlAccount;
use crate::sandbox::gp::company::Company;
use crate::sandbox::gp::journals::{Journal, Line};
use crate::sandbox::gp::text::folded;
use axum::response::Response;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AccountRow<'a> {
    account_number: &'a str,
    description: &'a str,
    active: bool,
    allow_account_entry: bool,
}

pub(super) fn account(account: &GlAccount) -> AccountRow<'_> {
    AccountRow {
        account_number: &account.number,
        description: &account.description,
        active: account.active,
        allow_account_entry: account.allows_entry,
    }
}

pub(super) fn codes(codes: Option<BTreeMap<String, bool>>) -> Response {
    let row = |(code, active): (String, bool)| json!({ "Code": code, "Inactive": !active });
    match codes {
        Some(codes) => list(codes.into_iter().map(row).collect::<Vec<_>>()),
        None => found(None::<Value>),
    }
}

pub(super) fn periods(company: &Company, query: &Query) -> Vec<Value> {
    let day = |name: &str| query.get(name).and_then(|text| text.get(..10)?.parse::<Date>().ok());
    let (from, to) = (day("From"), day("To"));
    let wanted = |period: &&Period| {
        to.is_none_or(|to| period.first_day <= to) && from.is_none_or(|from| from <= period.last_day)
    };
    let row = |period: &Period| {
        json!({
            "Year": period.year, "PeriodId": period.number,
            "FirstDay": midnight(period.first_day), "LastDay": midnight(period.last_day),
            "Series": series_number(&period.series), "Closed": period.closed,
        })
    };
    company.calendar.periods.iter().filter(wanted).map(row).collect()
}

/// GP numbers its series.
fn series_number(series: &Series) -> String {
    let name = series.to_string();
    let known = ["Financial", "Sales", "Purchasing", "Inventory", "Payroll", "Project"];
    match known.iter().position(|known| known.eq_ignore_ascii_case(&name)) {
        Some(at) => (at + 2).to_string(),
        None => name,
    }
}

pub(super) fn batch(company: &Company, id: &str) -> Option<Value> {
    let batch = company.batches.get(id)?;
    Some(json!({
        "BatchId": folded(id), "BatchSource": "GL_Normal", "MarkedToPost": batch.marked_to_post,
        "Approved": batch.approved, "NumberOfTransactions": batch.transactions, "BatchTotal": amount(batch.total),
    }))
}

/// What GP shows where it keeps no date.
const EMPTY_DATE: Date = Date::constant(1900, 1, 1);

pub(super) fn midnight(day: Date) -> String {
    format!("{day}T00:00:00")
}

/// numeric(19,5), as SQL Server writes it.
fn amount(amount: Decimal) -> String {
    format!("{amount:.5}")
}

pub(super) fn journals(company: &Company, query: &Query) -> Vec<Value> {
    let batch = query.get("BatchId").map(folded);
    let ending = query.get("ReferenceEndsWith");
    let state = query.get("TransactionState");
    let wanted = |journal: &&Journal| {
        batch.as_ref().is_none_or(|batch| *batch == journal.batch)
            && ending.is_none_or(|ending| journal.reference.ends_with(ending))
            && state.is_none_or(|state| state == journal.state.word())
            && query.is_new(journal.modified)
    };
    let summary = |journal: &Journal| {
        json!({
            "JournalId": journal.number, "TransactionDate": midnight(journal.date), "BatchId": journal.batch,
            "Reference": journal.reference, "SourceDocument": journal.source_document,
            "CurrencyId": journal.currency, "TransactionState": journal.state.word(),
            "ModifiedDate": journal.modified.to_string(),
        })
    };
    company.ledger.all().filter(wanted).map(summary).collect()
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct JournalRow<'a> {
    journal_id: u32,
    transaction_date: String,
    transaction_type: u8,
    reversing_date: String,
    batch_id: &'a str,
    reference: &'a str,
    source_document: &'a str,
    currency_id: &'a str,
    exchange_rate: String,
    exchange_date: String,
    transaction_state: &'static str,
    modified_date: String,
    lines: Vec<LineRow<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct LineRow<'a> {
    sequence_number: String,
    account_number: &'a str,
    description: &'a str,
    debit_amount: String,
    credit_amount: String,
}

pub(super) fn journal<'a>(company: &'a Company, number: &str, date: &str) -> Option<JournalRow<'a>> {
    let date: Date = date.get(..10)?.parse().ok()?;
    let journal = company.ledger.find(number.parse().ok()?, date)?;
    let line = |line: &'a Line| LineRow {
        sequence_number: amount(line.sequence),
        account_number: &line.account,
        description: &line.description,
        debit_amount: amount(line.debit),
        credit_amount: amount(line.credit),
    };
    Some(JournalRow {
        journal_id: journal.number,
        transaction_date: midnight(journal.date),
        transaction_type: u8::from(journal.reverses_on.is_some()),
        reversing_date: midnight(journal.reverses_on.unwrap_or(EMPTY_DATE)),
        batch_id: &journal.batch,
        reference: &journal.reference,
        source_document: &journal.source_document,
        currency_id: &journal.currency,
        // Seven decimals, as GP keeps it; zero where there is none.
        exchange_rate: format!("{:.7}", journal.exchange.map_or(Decimal::ZERO, |(rate, _)| rate)),
        exchange_date: midnight(journal.exchange.map_or(EMPTY_DATE, |(_, day)| day)),
        transaction_state: journal.state.word(),
        modified_date: journal.modified.to_string(),
        lines: journal.lines.iter().map(line).collect(),
    })
}
