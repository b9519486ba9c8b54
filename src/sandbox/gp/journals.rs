//! The general ledger: Work, Open and History, and every check that GP makes on a new journal.
//!
//! Lines are checked first and the header last; all numbers are collected; one journal is one transaction. What GP does
//! not check is not checked here either: an empty journal, a zero line, the same account twice, the same content under
//! another number.

use super::calendar::DateCheck;
use super::chart::AccountKind;
use super::company::Company;
use super::refusal::Refusals;
use super::text::kept;
use crate::ledger::Currency;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// GP's journal numbers.
pub const NUMBERS: std::ops::RangeInclusive<i64> = 1..=99_999_999;

/// Where a journal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum JournalState {
    /// GL10000: unposted.
    Work,
    /// GL20000: posted in an open year.
    Open,
    /// GL30000: posted in a closed year.
    History,
}

impl JournalState {
    pub fn word(self) -> &'static str {
        match self {
            JournalState::Work => "Work",
            JournalState::Open => "Open",
            JournalState::History => "History",
        }
    }
}

/// A journal as GP keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Journal {
    pub number: u32,
    pub date: Date,
    /// When GP books the opposite, for a reversing journal.
    pub reverses_on: Option<Date>,
    pub batch: String,
    pub reference: String,
    pub source_document: String,
    /// Blank in a single-currency company that was sent none.
    pub currency: String,
    /// Rate and day of a journal that was sent with them.
    pub exchange: Option<(Decimal, Date)>,
    pub state: JournalState,
    pub lines: Vec<Line>,
    /// DEX_ROW_TS.
    pub modified: Timestamp,
}

/// A distribution as GP keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub sequence: Decimal,
    pub account: String,
    pub description: String,
    pub debit: Decimal,
    pub credit: Decimal,
}

/// A journal as a caller wrote it: anything may be missing or wrong.
#[derive(Clone, Debug, Default)]
pub struct NewJournal {
    pub number: Option<i64>,
    pub date: Option<DateTime>,
    /// GP's transaction type: 0 standard, 1 reversing.
    pub kind: i64,
    pub reverses_on: Option<DateTime>,
    pub batch: String,
    pub reference: String,
    pub source_document: String,
    pub currency: String,
    pub exchange_rate: Option<Decimal>,
    pub exchange_date: Option<DateTime>,
    pub lines: Vec<NewLine>,
}

/// A distribution as a caller wrote it.
#[derive(Clone, Debug, Default)]
pub struct NewLine {
    pub sequence: Option<Decimal>,
    pub account: Option<String>,
    pub description: String,
    pub debit: Option<Decimal>,
    pub credit: Option<Decimal>,
}

/// Every journal.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    work: BTreeMap<u32, Journal>,
    posted: BTreeMap<u32, Journal>,
    history: Vec<Journal>,
    /// What GP booked itself to reverse posted journals, under their numbers. INFERRED: no document says the number.
    reversals: Vec<Journal>,
    /// Lines that an interrupted process left behind: number → batch.
    orphans: BTreeMap<u32, String>,
    /// The site's service writes unposted journals anew.
    pub replaces_journals: bool,
    /// A number that the site's own check refuses, with its text (`taGLTransactionHeaderInsertPre`).
    pub site_check: Option<String>,
}

impl Ledger {
    /// Work, Open and History journals, each in the order of their numbers.
    pub fn all(&self) -> impl Iterator<Item = &Journal> {
        self.work.values().chain(self.posted.values()).chain(&self.history).chain(&self.reversals)
    }

    pub fn find(&self, number: u32, date: Date) -> Option<&Journal> {
        self.all().find(|journal| journal.number == number && journal.date == date)
    }

    pub fn leave_orphan_lines(&mut self, number: u32, batch: &str) {
        self.orphans.insert(number, batch.to_uppercase());
    }
}

impl Company {
    /// Takes a journal into Work, or refuses it with every number that GP would give.
    pub fn create_journal(&mut self, new: &NewJournal) -> Result<(u32, Date), Refusals> {
        let batch = self.batches.stored_id(&new.batch);
        // A prefix alone is no batch.
        let batch = if new.batch.trim().is_empty() { String::new() } else { batch };
        let mut refusals = Refusals::default();
        self.check_lines(new, &batch, &mut refusals);
        self.check_header(new, &batch, &mut refusals);
        let number = new.number.filter(|number| NUMBERS.contains(number)).and_then(|number| u32::try_from(number).ok());
        let (Some(number), Some(date)) = (number, new.date) else { return Err(refusals) };
        refusals.finish()?;
        Ok(self.insert(number, date.date(), batch, new))
    }

    /// Writes a Work journal anew under its number and date, or refuses it and leaves it as it is; `None` when there is none.
    /// GP's own services cannot; a site's may.
    pub fn replace_journal(&mut self, number: u32, date: Date, new: &NewJournal) -> Option<Result<(), Refusals>> {
        if self.ledger.posted.get(&number).is_some_and(|journal| journal.date == date) {
            let mut refusals = Refusals::default();
            refusals.add(687);
            return Some(Err(refusals));
        }
        let before = self.ledger.work.get(&number).filter(|journal| journal.date == date)?.clone();
        let batches = self.batches.clone();
        self.delete_journal(number);
        let created = self.create_journal(new).map(|_| ());
        if created.is_err() {
            self.batches = batches;
            self.ledger.work.insert(number, before);
        }
        Some(created)
    }

    fn check_lines(&self, new: &NewJournal, batch: &str, refusals: &mut Refusals) {
        let mut sequences = BTreeSet::new();
        for line in &new.lines {
            refusals.add_if(line.debit.is_none() || line.credit.is_none() || line.account.is_none(), 680);
            self.batches.check_line(batch, refusals);
            refusals.add_if(new.number.is_none_or(|number| !NUMBERS.contains(&number)), 9368);
            self.check_account(line, refusals);
            let sequence = line.sequence.unwrap_or_default();
            refusals.add_if(sequence.is_sign_negative() && !sequence.is_zero(), 5618);
            refusals.add_if(self.posted(new).is_some(), 687);
            let taken = self.unposted(new).is_some_and(|held| held.lines.iter().any(|held| held.sequence == sequence));
            refusals.add_if(taken || !sequences.insert(sequence), 7738);
            let (debit, credit) = (line.debit.unwrap_or_default(), line.credit.unwrap_or_default());
            refusals.add_if(!debit.is_zero() && !credit.is_zero(), 5471);
            refusals.add_if(debit.is_sign_negative() && !debit.is_zero(), 5600);
            refusals.add_if(credit.is_sign_negative() && !credit.is_zero(), 5600);
        }
    }

    fn check_account(&self, line: &NewLine, refusals: &mut Refusals) {
        let Some(number) = line.account.as_deref().filter(|number| !number.trim().is_empty()) else {
            refusals.add(683);
            return;
        };
        let Some(account) = self.chart.account(number) else {
            refusals.add(679);
            return;
        };
        refusals.add_if(!account.allows_entry, 2013);
        refusals.add_if(!account.active, 5617);
        if let AccountKind::Unit { decimals } = account.kind {
            let too_fine = |amount: Option<Decimal>| amount.is_some_and(|amount| amount.normalize().scale() > decimals);
            refusals.add_if(too_fine(line.debit) || too_fine(line.credit), 814);
        }
    }

    fn check_header(&self, new: &NewJournal, batch: &str, refusals: &mut Refusals) {
        refusals.add_if(new.number.is_none() || new.date.is_none(), 139);
        if let Some(text) = &self.ledger.site_check {
            refusals.add_text(121, text.clone());
        }
        refusals.add_if(batch.is_empty(), 140);
        self.batches.check_header(batch, refusals);
        refusals.add_if(self.unposted(new).is_some() || self.posted(new).is_some(), 997);
        refusals.add_if(new.number.is_some_and(|number| !NUMBERS.contains(&number)), 9367);
        refusals.add_if(new.reference.trim().is_empty(), 141);
        if let Some(date) = new.date {
            match self.calendar.check(date.date()) {
                DateCheck::Open => {}
                DateCheck::NoYear => refusals.add(596),
                DateCheck::Historical => refusals.add(9499),
                DateCheck::Closed => refusals.add(7117),
            }
            // The table's own constraint, met at the insert.
            refusals.add_if(date.time() != Time::midnight(), 486);
        }
        self.check_reversal(new, refusals);
        check_exchange(new, refusals);
        self.check_other_batch(new, batch, refusals);
        self.check_amounts(new, refusals);
    }

    fn check_reversal(&self, new: &NewJournal, refusals: &mut Refusals) {
        refusals.add_if(![0, 1].contains(&new.kind), 675);
        if new.kind != 1 {
            return;
        }
        let reversal = new.reverses_on.map(DateTime::date);
        // Without a date GP takes its empty one, 1900-01-01.
        refusals.add_if(new.date.is_some_and(|date| reversal.is_none_or(|day| day < date.date())), 4642);
        refusals.add_if(reversal.is_none_or(|day| self.calendar.check(day) == DateCheck::NoYear), 8688);
    }

    /// Lines of one number may not sit in two batches.
    fn check_other_batch(&self, new: &NewJournal, batch: &str, refusals: &mut Refusals) {
        let number = new.number.and_then(|number| u32::try_from(number).ok());
        let orphan = number.and_then(|number| self.ledger.orphans.get(&number)).is_some_and(|other| other != batch);
        let held = self.unposted(new).is_some_and(|held| held.batch != batch);
        refusals.add_if(orphan || held, 11985);
    }

    fn check_amounts(&self, new: &NewJournal, refusals: &mut Refusals) {
        let currency = new.currency.trim();
        let decimals = match Currency::from_code(currency) {
            Some(currency) => currency.minor_digits(),
            None => {
                refusals.add_if(!currency.is_empty(), 938);
                2
            }
        };
        let (mut debits, mut credits) = (Decimal::ZERO, Decimal::ZERO);
        let mut too_fine = false;
        for line in new.lines.iter().filter(|line| !self.is_unit(line)) {
            for (side, amount) in [(&mut debits, line.debit), (&mut credits, line.credit)] {
                let amount = amount.unwrap_or_default();
                too_fine |= amount.normalize().scale() > decimals;
                *side = side.saturating_add(amount);
            }
        }
        refusals.add_if(too_fine, 9276);
        refusals.add_if(debits != credits, 944);
    }

    fn is_unit(&self, line: &NewLine) -> bool {
        let account = line.account.as_deref().and_then(|number| self.chart.account(number));
        account.is_some_and(|account| account.kind != AccountKind::Posting)
    }

    fn unposted(&self, new: &NewJournal) -> Option<&Journal> {
        self.ledger.work.get(&u32::try_from(new.number?).ok()?)
    }

    fn posted(&self, new: &NewJournal) -> Option<&Journal> {
        self.ledger.posted.get(&u32::try_from(new.number?).ok()?)
    }

    fn insert(&mut self, number: u32, date: Date, batch: String, new: &NewJournal) -> (u32, Date) {
        let line = |line: &NewLine| Line {
            sequence: line.sequence.unwrap_or_default(),
            // GP keeps the account's index: what is read back is the account's own spelling.
            account: line
                .account
                .as_deref()
                .and_then(|number| self.chart.account(number))
                .map(|account| account.number.clone())
                .unwrap_or_default(),
            description: kept(&line.description, 30),
            debit: line.debit.unwrap_or_default(),
            credit: line.credit.unwrap_or_default(),
        };
        let lines: Vec<Line> = new.lines.iter().map(line).collect();
        let record = self.batches.open(&batch);
        record.transactions += 1;
        record.total += lines.iter().map(|line| line.debit + line.credit).sum::<Decimal>();
        let journal = Journal {
            number,
            date,
            reverses_on: new.reverses_on.map(DateTime::date).filter(|_| new.kind == 1),
            batch,
            reference: kept(&new.reference, 30),
            source_document: kept(&new.source_document, 10),
            currency: kept(&new.currency, 15),
            exchange: new.exchange_rate.zip(new.exchange_date.map(DateTime::date)),
            state: JournalState::Work,
            lines,
            modified: self.clock.now(),
        };
        self.ledger.work.insert(number, journal);
        (number, date)
    }

    /// Posts a batch: its journals move from Work to Open and are read-only from then on; the single-use batch is gone.
    /// A reversing journal is booked again, the other way round, on its reversing date; where that period is closed, it stays
    /// in Work. Gives the numbers of the journals that moved.
    pub fn post_batch(&mut self, batch: &str) -> Vec<u32> {
        let batch = batch.to_uppercase();
        let calendar = &self.calendar;
        let can_post =
            |journal: &&Journal| journal.reverses_on.is_none_or(|day| calendar.check(day) == DateCheck::Open);
        let of_batch: Vec<&Journal> = self.ledger.work.values().filter(|journal| journal.batch == batch).collect();
        let numbers: Vec<u32> = of_batch.iter().copied().filter(can_post).map(|journal| journal.number).collect();
        let all = numbers.len() == of_batch.len();
        for number in &numbers {
            if let Some(mut journal) = self.ledger.work.remove(number) {
                journal.state = JournalState::Open;
                journal.modified = self.clock.now();
                self.ledger.reversals.extend(reversal(&journal));
                self.ledger.posted.insert(*number, journal);
            }
        }
        if all {
            self.batches.remove(&batch);
        }
        numbers
    }

    /// Closes a fiscal year: its posted journals go to history, where their numbers are free again.
    pub fn close_year(&mut self, year: i16) {
        self.calendar.close_year(year);
        let calendar = &self.calendar;
        let of_year = |journal: &Journal| calendar.year_of(journal.date) == Some(year);
        let numbers: Vec<u32> =
            self.ledger.posted.values().filter(|journal| of_year(journal)).map(|journal| journal.number).collect();
        self.ledger.reversals.iter_mut().filter(|journal| of_year(journal)).for_each(|journal| {
            journal.state = JournalState::History;
        });
        for number in numbers {
            if let Some(mut journal) = self.ledger.posted.remove(&number) {
                journal.state = JournalState::History;
                self.ledger.history.push(journal);
            }
        }
    }

    /// A person changes an unposted journal in GP. `false` when there is none: a posted one is read-only.
    pub fn edit_journal(&mut self, number: u32, edit: impl FnOnce(&mut Journal)) -> bool {
        let now = self.clock.now();
        let Some(journal) = self.ledger.work.get_mut(&number) else { return false };
        edit(journal);
        journal.modified = now;
        true
    }

    /// A person deletes an unposted journal in GP. `false` when there is none.
    pub fn delete_journal(&mut self, number: u32) -> bool {
        let Some(journal) = self.ledger.work.remove(&number) else { return false };
        let batch = self.batches.open(&journal.batch);
        batch.transactions = batch.transactions.saturating_sub(1);
        batch.total -= journal.lines.iter().map(|line| line.debit + line.credit).sum::<Decimal>();
        true
    }
}

/// GP refuses a rate that is not above zero, or that it cannot keep (numeric(19,7)), and a rate without its day. INFERRED:
/// which of 938 to 943 stands for which. Without a rate GP asks its own exchange tables; here they know every currency.
fn check_exchange(new: &NewJournal, refusals: &mut Refusals) {
    let Some(rate) = new.exchange_rate else { return };
    refusals.add_if(rate <= Decimal::ZERO || rate.normalize().scale() > 7, 942);
    refusals.add_if(new.exchange_date.is_none(), 943);
    refusals.add_if(new.currency.trim().is_empty(), 938);
}

/// What GP books on the reversing date of a posted journal.
fn reversal(journal: &Journal) -> Option<Journal> {
    let date = journal.reverses_on?;
    let opposite = |line: &Line| Line { debit: line.credit, credit: line.debit, ..line.clone() };
    let lines = journal.lines.iter().map(opposite).collect();
    Some(Journal { date, reverses_on: None, lines, ..journal.clone() })
}
