//! Journals over SBA.

use super::answer::{Row, Shape};
use super::body::Body;
use super::read::Question;
use super::site::Site;
use crate::gp::GpError;
use crate::gp::delivery::{Delivery, RefusalClass};
use crate::gp::dialect::Dialect;
use crate::gp::dialect::file::read_date;
use crate::gp::dialect::services::{self, Read};
use crate::gp::journals::{GpJournal, Journals};
use crate::ledger::limits::{ACCOUNT, BATCH, LINE_DESCRIPTION, REFERENCE, outside_cp1252};
use crate::ledger::{AccountNumber, BatchId, Currency, Exchange, JournalEntry, JournalLine, Minor};
use crate::plan::facts::GpState;
use async_trait::async_trait;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use jiff::civil::Date;
use rust_decimal::Decimal;
use std::collections::BTreeSet;
use std::str::FromStr as _;
use std::sync::Arc;

/// Journals: one POST creates one, two keys find it again.
pub struct SbaJournals(pub Arc<Site>);

/// What a list says of a journal; its lines are asked for by key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Summary {
    number: u32,
    date: Date,
    reference: String,
}

#[async_trait]
impl Journals for SbaJournals {
    async fn create(&self, number: u32, entry: &JournalEntry) -> Delivery {
        if let Some(problem) = unsendable(entry, &self.0.dialect.journals) {
            return Delivery::refused(RefusalClass::Configuration, problem, "Nothing was sent; correct the pipeline.");
        }
        let body = written(number, entry, &self.0.dialect);
        self.0.write(&self.0.dialect.journals.create, &[], body, &[]).await
    }

    async fn replace(&self, number: u32, entry: &JournalEntry) -> Delivery {
        let dialect = &self.0.dialect;
        let problem = unsendable(entry, &dialect.journals);
        let Some(replace) = dialect.journals.replace.as_ref().filter(|_| problem.is_none()) else {
            let why = problem.unwrap_or_else(|| "The dialect has no `journals.replace`.".to_owned());
            return Delivery::refused(RefusalClass::Configuration, why, "Nothing was sent; correct the pipeline.");
        };
        let (digits, day) = (number.to_string(), dialect.key_date(entry.date));
        self.0.write(replace, &[("number", &digits), ("date", &day)], written(number, entry, dialect), &[]).await
    }

    async fn journal(&self, number: u32, date: Date) -> Result<Option<GpJournal>, GpError> {
        let journals = &self.0.dialect.journals;
        if let Some(found) = self.by_key(&journals.by_key, number, date).await? {
            return Ok(Some(found));
        }
        match &journals.posted_by_key {
            Some(read) => self.by_key(read, number, date).await,
            None => Ok(None),
        }
    }

    async fn in_batch(&self, batch: &BatchId, key: &str) -> Result<Vec<GpJournal>, GpError> {
        let dialect = &self.0.dialect;
        let mut summaries = BTreeSet::new();
        // Every reference ends with an empty key.
        if let Some(read) = &dialect.journals.by_reference
            && !key.is_empty()
        {
            summaries.extend(self.list(read, ("key", key)).await?);
        }
        // The batch is asked too: where references are searched at all, not every site searches posted journals by them.
        let prefixed = format!("{}{batch}", dialect.values.batch_prefix);
        let prefixed: String = prefixed.chars().take(BATCH).collect();
        for name in BTreeSet::from([batch.as_str(), prefixed.as_str()]) {
            summaries.extend(self.list(&dialect.journals.in_batch, ("batch", name)).await?);
        }
        let ours: Vec<Summary> = summaries.into_iter().filter(|summary| summary.reference.ends_with(key)).collect();
        let found: Vec<Option<GpJournal>> = stream::iter(ours)
            .map(|summary| async move { self.journal(summary.number, summary.date).await })
            .buffered(self.0.calls_at_once())
            .try_collect()
            .await?;
        Ok(found.into_iter().flatten().collect())
    }
}

impl SbaJournals {
    async fn by_key(&self, read: &Read, number: u32, date: Date) -> Result<Option<GpJournal>, GpError> {
        let dialect = &self.0.dialect;
        let fields = &dialect.journals.fields;
        let line = &dialect.journals.line_fields;
        let lines = Shape::of([
            line.sequence.as_str(),
            line.account.as_str(),
            line.description.as_str(),
            line.debit.as_str(),
            line.credit.as_str(),
        ]);
        let shape = Shape::of([
            fields.number.as_str(),
            fields.date.as_str(),
            fields.batch.as_str(),
            fields.reference.as_str(),
            fields.currency.as_str(),
            fields.state.as_str(),
            // Where there is no such member, a second look at the state says nothing.
            dialect.journals.reversing.as_ref().map_or(fields.state.as_str(), |reversing| reversing.date.as_str()),
            dialect.journals.exchange.as_ref().map_or(fields.state.as_str(), |exchange| exchange.rate.as_str()),
            dialect.journals.exchange.as_ref().map_or(fields.state.as_str(), |exchange| exchange.date.as_str()),
        ])
        .with_lines(&fields.lines, lines);
        let shape = Arc::new(shape);
        let (digits, day) = (number.to_string(), dialect.key_date(date));
        let question = Question {
            what: &format!("the journal {number} of {date}"),
            read,
            names: &[("number", &digits), ("date", &day)],
            shape: &shape,
        };
        let found = self.0.one(&question, &mut |row| journal(row, dialect)).await?;
        // A site whose key has no date may give another year's journal of the same number.
        Ok(found.filter(|journal| journal.number == number && journal.entry.date == date))
    }

    async fn list(&self, read: &Read, key: (&str, &str)) -> Result<Vec<Summary>, GpError> {
        let dialect = Arc::clone(&self.0.dialect);
        let fields = &dialect.journals.fields;
        let shape = Arc::new(Shape::of([fields.number.as_str(), fields.date.as_str(), fields.reference.as_str()]));
        let question =
            Question { what: &format!("the journals of {} {}", key.0, key.1), read, names: &[key], shape: &shape };
        let dates = dialect.values.dates.clone();
        self.0
            .all(&question, None, move |row| {
                let (number, date) = number_and_date(&row, &dates)?;
                Ok(Summary { number, date, reference: row.text(2).to_owned() })
            })
            .await
    }
}

/// Why this entry must not leave: GP would cut or replace letters without a word.
fn unsendable(entry: &JournalEntry, dialect: &services::Journals) -> Option<String> {
    if entry.reverses_on.is_some() && dialect.reversing.is_none() {
        return Some("It is a reversing journal, and the dialect has no `journals.reversing`.".to_owned());
    }
    if entry.exchange.is_some() && dialect.exchange.is_none() {
        return Some("It carries an exchange rate, and the dialect has no `journals.exchange`.".to_owned());
    }
    if let Some(most) = dialect.lines_at_most
        && entry.lines.len() > most
    {
        return Some(format!("The journal has {} lines; the dialect allows {most}.", entry.lines.len()));
    }
    let lines = entry.lines.iter().flat_map(|line| {
        [("account", line.account.as_str(), ACCOUNT), ("description", line.description.as_str(), LINE_DESCRIPTION)]
    });
    let header = [("batch", entry.batch.as_str(), BATCH), ("reference", entry.reference.as_str(), REFERENCE)];
    header.into_iter().chain(lines).find_map(|(name, text, width)| unkept(name, text, width))
}

/// Why GP would not keep `text` as it is.
pub(super) fn unkept(name: &str, text: &str, width: usize) -> Option<String> {
    if text.chars().count() > width {
        return Some(format!("The {name} `{text}` is longer than the {width} characters that GP keeps."));
    }
    outside_cp1252(text)
        .map(|letter| format!("The {name} `{text}` has `{letter}`, which GP (code page 1252) would replace by `?`."))
}

fn written(number: u32, entry: &JournalEntry, dialect: &Dialect) -> Body {
    let journals = &dialect.journals;
    let (fields, line_fields) = (&journals.fields, &journals.line_fields);
    let mut body = Body::default();
    body.number(&fields.number, u64::from(number));
    body.text(&fields.date, &dialect.date(entry.date));
    body.text(&fields.batch, entry.batch.as_str());
    body.text(&fields.reference, &entry.reference);
    body.text(&fields.source_document, &journals.source_document);
    body.text(&fields.currency, &dialect.currency_id(entry.currency));
    if let (Some(day), Some(reversing)) = (entry.reverses_on, &journals.reversing) {
        if let Some(mark) = &reversing.mark {
            body.word(&mark.field, &mark.word, mark.written_as);
        }
        body.text(&reversing.date, &dialect.date(day));
    }
    if let (Some(exchange), Some(members)) = (entry.exchange, &journals.exchange) {
        body.amount(&members.rate, exchange.rate.to_string(), dialect.values.amounts);
        body.text(&members.date, &dialect.date(exchange.date));
    }
    let mut sequence = 0;
    let mut lines = Vec::with_capacity(entry.lines.len());
    for line in &entry.lines {
        sequence += u64::from(journals.line_step);
        let mut row = Body::default();
        row.number(&line_fields.sequence, sequence);
        row.text(&line_fields.account, line.account.as_str());
        row.text(&line_fields.description, &line.description);
        row.amount(&line_fields.debit, line.debit.text(entry.currency), dialect.values.amounts);
        row.amount(&line_fields.credit, line.credit.text(entry.currency), dialect.values.amounts);
        lines.push(row);
    }
    body.list(&fields.lines, lines);
    body
}

fn number_and_date(row: &Row, dates: &str) -> Result<(u32, Date), String> {
    let number = row.needed(0, "journal number")?;
    let date = row.needed(1, "transaction date")?;
    Ok((
        number.parse().map_err(|_| format!("journal number `{number}` is no number"))?,
        read_date(dates, date).ok_or_else(|| format!("transaction date `{date}` is no date"))?,
    ))
}

fn journal(row: Row, dialect: &Dialect) -> Result<GpJournal, String> {
    let (number, date) = number_and_date(&row, &dialect.values.dates)?;
    let currency = dialect.currency(row.text(4)).ok_or_else(|| format!("currency `{}` is unknown", row.text(4)))?;
    let states = &dialect.journals.states;
    let word = row.text(5);
    let is_in = |words: &[String]| words.iter().any(|known| known.eq_ignore_ascii_case(word));
    let state = match (is_in(&states.work), is_in(&states.posted)) {
        (true, false) => GpState::Work,
        (false, true) => GpState::Posted,
        _ => return Err(format!("the state `{word}` is not in the dialect's journals.states")),
    };
    let mut lines = Vec::with_capacity(row.lines.len());
    for line in &row.lines {
        let sequence = line.needed(0, "line sequence")?;
        let sequence = Decimal::from_str(sequence).map_err(|_| format!("line sequence `{sequence}` is no number"))?;
        lines.push((sequence, journal_line(line, currency)?));
    }
    lines.sort_by_key(|(sequence, _)| *sequence);
    let batch = BatchId::new(row.text(2));
    let entry = JournalEntry {
        batch: batch.clone(),
        reference: row.text(3).to_owned(),
        date,
        reverses_on: reversing_date(&row, dialect)?,
        currency,
        exchange: exchange(&row, dialect)?,
        lines: lines.into_iter().map(|(_, line)| line).collect(),
    };
    Ok(GpJournal { number, batch, entry, state })
}

/// The rate that GP converts by: none where it shows none, or zero.
fn exchange(row: &Row, dialect: &Dialect) -> Result<Option<Exchange>, String> {
    let rate = dialect.journals.exchange.as_ref().map_or("", |_| row.text(7));
    if rate.is_empty() {
        return Ok(None);
    }
    let parsed = Decimal::from_str(rate).map_err(|_| format!("exchange rate `{rate}` is no number"))?;
    if parsed.is_zero() {
        return Ok(None);
    }
    let day = row.text(8);
    let date = read_date(&dialect.values.dates, day).ok_or_else(|| format!("exchange date `{day}` is no date"))?;
    Ok(Some(Exchange { rate: parsed, date }))
}

/// GP shows 1900-01-01 where it keeps no date.
fn reversing_date(row: &Row, dialect: &Dialect) -> Result<Option<Date>, String> {
    let Some(text) = dialect.journals.reversing.as_ref().map(|_| row.text(6)).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let date = read_date(&dialect.values.dates, text).ok_or_else(|| format!("reversing date `{text}` is no date"))?;
    Ok(Some(date).filter(|date| *date > GP_NO_DATE))
}

/// GP's empty date.
const GP_NO_DATE: Date = Date::constant(1900, 1, 1);

fn journal_line(line: &Row, currency: Currency) -> Result<JournalLine, String> {
    let amount = |slot: usize, member: &str| match line.text(slot) {
        "" => Ok(Minor::ZERO),
        digits => {
            Minor::parse(digits, currency).ok_or_else(|| format!("{member} `{digits}` is no amount in {currency}"))
        }
    };
    Ok(JournalLine {
        account: AccountNumber::new(line.needed(1, "account number")?),
        description: line.text(2).to_owned(),
        debit: amount(3, "debit")?,
        credit: amount(4, "credit")?,
    })
}
