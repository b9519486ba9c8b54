//! Shadow mode: a period's cost, computed and compared with other books. Nothing is stored and nothing is sent.

use super::observe::{self, Scope};
use super::systems::{RunError, Systems};
use crate::ledger::written::{DecimalMark, read_amount};
use crate::ledger::{AccountNumber, BatchId, Currency, Minor};
use crate::plan::accrual::is_reversal;
use crate::plan::desire::DesiredPeriod;
use crate::plan::facts::Facts;
use crate::plan::facts_csv::given::Unreadable;
use crate::plan::journal::header_names;
use crate::plan::make::Request;
use crate::plan::reconcile::shadow::{Shadow, TheirLine, Verdict, compare};
use crate::project::pipeline::Make;
use crate::project::value::Value;
use crate::sheet::{self, Cell, CellKind, CsvForm};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What is wrong with the other books.
#[derive(Debug, thiserror::Error)]
#[error("{file} cannot be compared with")]
pub struct SheetUnreadable {
    pub file: String,
    pub unreadable: Vec<Unreadable>,
}

/// How a spreadsheet is to be read.
pub struct Columns {
    pub account: String,
    pub amounts: Amounts,
    pub mark: DecimalMark,
}

/// Which columns hold the amounts.
pub enum Amounts {
    DebitAndCredit {
        debit: String,
        credit: String,
    },
    /// One column, debit above zero.
    Signed(String),
}

/// BambooHR's facts for the period; our ledger is read, GP is not.
///
/// # Errors
/// What an edge gives.
pub async fn observe(systems: &Systems, request: Request<'_>) -> Result<Facts, RunError> {
    let project = &request.generation.project;
    let gp = project.gp.as_ref().ok_or(RunError::NoConnection { system: "gp" })?;
    let bamboohr = project.bamboohr.as_ref().ok_or(RunError::NoConnection { system: "bamboohr" })?;
    let scope = Scope {
        pipelines: vec![request.pipeline],
        period: request.period,
        gp,
        timesheets: bamboohr.timesheets,
        registers: &project.registers,
    };
    observe::people(systems, &scope).await
}

/// One side of the comparison: what the period should book, whatever was sent of it.
pub struct Ours {
    period: DesiredPeriod,
    pub currency: Currency,
}

/// Computes our side.
///
/// # Errors
/// When the pipeline makes no journal, or books several currencies (a spreadsheet has none), or nothing.
pub fn ours(request: Request<'_>, facts: &Facts) -> Result<Ours, RunError> {
    let refused =
        |why: &str| RunError::Read { what: format!("pipeline {}", request.pipeline.name), why: why.to_owned() };
    let desired = request.desired(facts).ok_or_else(|| refused("it makes no journal to compare"))?;
    let currencies: BTreeSet<Currency> = desired.own.journals.keys().map(|key| key.currency).collect();
    let mut found = currencies.iter();
    match (found.next(), found.next()) {
        (Some(currency), None) => Ok(Ours { period: desired.own, currency: *currency }),
        (None, _) => Err(refused("the period books nothing: see what is held with `ml-connector plan`")),
        (Some(_), Some(_)) => Err(refused("it books several currencies, and a spreadsheet's line has none")),
    }
}

impl Ours {
    fn nets(&self) -> BTreeMap<AccountNumber, Minor> {
        let mut nets = BTreeMap::new();
        for (account, balance) in self.period.journals.values().flat_map(|balances| &balances.0) {
            *nets.entry(account.clone()).or_default() += balance.net;
        }
        nets
    }

    /// Compares with the other side.
    pub fn against(&self, pipeline: &str, with: String, theirs: &[TheirLine]) -> Shadow {
        let (rows, totals) = compare(&self.nets(), theirs, self.currency);
        let reasons = self.period.costs.holds.iter().chain(&self.period.costs.left_out);
        Shadow {
            pipeline: pipeline.to_owned(),
            period: self.period.period.code.0.clone(),
            with,
            currency: self.currency.code().to_owned(),
            equal: rows.iter().all(|row| row.verdict == Verdict::Equal),
            rows,
            totals,
            not_included: reasons
                .map(|hold| format!("{}: [{}] {}", hold.subject, hold.code.code(), hold.message))
                .collect(),
            booked_elsewhere: Vec::new(),
        }
    }
}

/// The period's batch as GP holds it, whoever entered its journals; of several companies all of them.
///
/// # Errors
/// When the batch's name cannot be rendered, or what GP gives.
pub async fn in_gp(
    systems: &Systems,
    request: Request<'_>,
    currency: Currency,
) -> Result<(BatchId, Vec<TheirLine>), RunError> {
    let Make::Journal(rule) = &request.pipeline.make else { return Ok((BatchId::new(""), Vec::new())) };
    let own = request.generation.project.gp.as_ref().map_or("", |gp| gp.company.as_str());
    let companies: Vec<(&str, &str)> = match &request.pipeline.companies {
        None => vec![("", own)],
        Some(_) => systems.companies.keys().map(|name| (name.as_str(), name.as_str())).collect(),
    };
    let mut names = header_names(rule, request.period, currency);
    let (mut named, mut lines) = (BatchId::new(""), Vec::new());
    for (of, company) in companies {
        names.set("company", Value::text(company));
        let batch = rule.batch.render(&names).map_err(|error| RunError::Read {
            what: "the pipeline's batch".to_owned(),
            why: format!("{error}; a batch with a name of its own a journal has none for the period"),
        })?;
        named = BatchId::new(&batch);
        for journal in systems.gp_of(of)?.journals_in_batch(&named, "").await? {
            if is_reversal(rule, request.period, journal.entry.date) {
                continue;
            }
            lines.extend(journal.entry.lines.iter().map(|line| TheirLine {
                account: line.account.clone(),
                amount: line.debit - line.credit,
                place: format!("{of} journal {}", journal.number).trim_start().to_owned(),
            }));
        }
    }
    Ok((named, lines))
}

/// Reads the customer's own spreadsheet: CSV, or the first sheet of an XLSX workbook.
///
/// # Errors
/// Every missing column and every cell that cannot be read, at once.
pub fn read(path: &Path, columns: &Columns, currency: Currency) -> Result<Vec<TheirLine>, SheetUnreadable> {
    let file = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let whole = |message: String, remedy: &str| SheetUnreadable {
        file: path.display().to_string(),
        unreadable: vec![Unreadable { file: file.clone(), line: 0, message, remedy: remedy.to_owned() }],
    };
    let bytes =
        std::fs::read(path).map_err(|error| whole(error.to_string(), "Name a CSV or XLSX file that is there."))?;
    let cells = sheet::rows(path, &bytes, &CsvForm::default())
        .map_err(|why| whole(why, "Save it as CSV UTF-8 or XLSX, with a header in its first row."))?;
    let mut reader = SheetReader { file, currency, unreadable: Vec::new() };
    let lines = reader.lines(&cells, columns);
    if reader.unreadable.is_empty() {
        return Ok(lines);
    }
    Err(SheetUnreadable { file: path.display().to_string(), unreadable: reader.unreadable })
}

/// Reads rows and collects what cannot be read.
struct SheetReader {
    file: String,
    currency: Currency,
    unreadable: Vec<Unreadable>,
}

impl SheetReader {
    fn refuse(&mut self, line: u64, message: String, remedy: &str) {
        let file = self.file.clone();
        self.unreadable.push(Unreadable { file, line, message, remedy: remedy.to_owned() });
    }

    fn lines(&mut self, rows: &[(u64, Vec<Cell>)], columns: &Columns) -> Vec<TheirLine> {
        let Some(((_, header), rows)) = rows.split_first() else {
            self.refuse(0, "it is empty".to_owned(), "Its first row must name the columns.");
            return Vec::new();
        };
        let account = self.column(header, &columns.account, "--account");
        let amounts = match &columns.amounts {
            Amounts::Signed(amount) => vec![(1, self.column(header, amount, "--amount"))],
            Amounts::DebitAndCredit { debit, credit } => {
                vec![(1, self.column(header, debit, "--debit")), (-1, self.column(header, credit, "--credit"))]
            }
        };
        let amounts: Vec<(i128, usize)> =
            amounts.into_iter().filter_map(|(sign, column)| column.map(|column| (sign, column))).collect();
        let Some(account) = account.filter(|_| self.unreadable.is_empty()) else { return Vec::new() };
        rows.iter().filter_map(|(line, cells)| self.line(*line, cells, account, &amounts, columns.mark)).collect()
    }

    fn column(&mut self, header: &[Cell], name: &str, option: &str) -> Option<usize> {
        let found = header.iter().position(|cell| cell.text.trim().eq_ignore_ascii_case(name));
        if found.is_none() {
            let names: Vec<&str> = header.iter().map(|cell| cell.text.trim()).collect();
            let remedy = format!("Name the column with {option}; the file has {}.", names.join(", "));
            self.refuse(1, format!("there is no column `{name}`"), &remedy);
        }
        found
    }

    /// One line; `None` for a row without account and amounts, and for one that was refused.
    fn line(
        &mut self,
        line: u64,
        cells: &[Cell],
        account: usize,
        amounts: &[(i128, usize)],
        mark: DecimalMark,
    ) -> Option<TheirLine> {
        let empty = Cell { text: String::new(), kind: CellKind::Text };
        let mut sum = Minor::ZERO;
        for (sign, column) in amounts {
            let cell = cells.get(*column).unwrap_or(&empty);
            let mark = if cell.is_number() { DecimalMark::Point } else { mark };
            let Some(amount) = read_amount(&cell.text, mark, self.currency) else {
                // The text stays out of the message: a line may be one person's pay.
                let message = format!("the amount in column {} is no exact amount of {}", column + 1, self.currency);
                let remedy = match cell.is_number() {
                    true => "A formula's result carries more digits than it shows: wrap it in ROUND(…, 2).",
                    false => "Write digits to the cent; --decimal-comma reads 1.234,50.",
                };
                self.refuse(line, message, remedy);
                return None;
            };
            sum += Minor(sign * amount.0);
        }
        let number = cells.get(account).unwrap_or(&empty);
        match number.text.trim() {
            "" if sum.is_zero() => None,
            "" => {
                self.refuse(line, "an amount without an account".to_owned(), "Leave sums out, or give it its account.");
                None
            }
            _ if number.is_number() => {
                let remedy = "Format the column as Text and type the accounts again, or save the sheet as CSV.";
                self.refuse(line, "the account is a number cell, which has lost its leading zeros".to_owned(), remedy);
                None
            }
            text => Some(TheirLine { account: AccountNumber::new(text), amount: sum, place: format!("row {line}") }),
        }
    }
}
