//! One file of a register: its columns found by their headings, its rows typed.

use crate::ledger::written::{DecimalMark, read_decimal};
use crate::project::connections::{RegisterAmounts, RegisterConnection, RegisterCurrency, RegisterPerson, TotalsRow};
use crate::sheet::{self, Cell, CellKind, Line};
use jiff::civil::Date;
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::path::Path;

/// What one file says.
#[derive(Debug, Default)]
pub struct ReadFile {
    pub rows: Vec<FileRow>,
    /// By code, what the row of totals states.
    pub totals: BTreeMap<String, Decimal>,
    /// Lines that cannot be read (0: the whole file), and why. Never an amount.
    pub problems: Vec<(u64, String)>,
    /// Headings of columns that nothing names and that hold nothing but numbers: amounts would be lost.
    pub unread: Vec<String>,
}

/// A row about a person.
#[derive(Debug, PartialEq, Eq)]
pub struct FileRow {
    pub line: u64,
    pub person: String,
    pub date: Date,
    pub currency: String,
    pub department: String,
    pub location: String,
    /// Code and amount, `None` where it is no exact decimal. A blank cell is no amount.
    pub amounts: Vec<(String, Option<Decimal>)>,
}

/// Where the columns are.
struct Columns {
    person: usize,
    date: usize,
    currency: Option<usize>,
    department: Option<usize>,
    location: Option<usize>,
    amounts: AmountsAt,
    totals: Option<usize>,
}

enum AmountsAt {
    Columns(Vec<(String, usize)>),
    Rows { code: usize, amount: usize },
}

impl ReadFile {
    pub fn unreadable(why: String) -> ReadFile {
        ReadFile { problems: vec![(0, why)], ..ReadFile::default() }
    }

    pub fn new(register: &RegisterConnection, path: &Path, bytes: &[u8]) -> ReadFile {
        let lines = match sheet::rows(path, bytes, &register.csv) {
            Ok(lines) => lines,
            Err(why) => return ReadFile::unreadable(why),
        };
        // Providers put a title above the headings; blank lines say nothing.
        let mut lines = lines.into_iter().filter(|(_, cells)| cells.iter().any(|cell| !cell.text().is_empty()));
        let Some(header) = lines.find(|(_, cells)| has_heading(cells, &register.date)) else {
            return ReadFile::unreadable(format!("no line has the heading `{}`", register.date));
        };
        let mut read = ReadFile::default();
        let columns = match columns(register, &header) {
            Ok(columns) => columns,
            Err(missing) => {
                read.problems.push((header.0, missing));
                return read;
            }
        };
        let lines: Vec<Line> = lines.collect();
        for line in &lines {
            read.line(register, &columns, line);
        }
        read.unread = unread(register, &columns, &header, &lines);
        if register.totals.is_some() && read.totals.is_empty() {
            let why = "the row of totals is missing, so nobody can tell whether the file is whole";
            read.problems.push((0, why.to_owned()));
        }
        read
    }

    fn line(&mut self, register: &RegisterConnection, columns: &Columns, (number, cells): &Line) {
        let blank = Cell { text: String::new(), kind: CellKind::Text };
        let cell = |at: usize| cells.get(at).unwrap_or(&blank);
        let amounts = amounts(register, columns, &cell);
        let is_total = |totals: &TotalsRow| {
            columns.totals.is_some_and(|at| cell(at).text().eq_ignore_ascii_case(totals.is.trim()))
        };
        if register.totals.as_ref().is_some_and(is_total) {
            for (code, amount) in amounts {
                let sum = self.totals.get(&code).copied().unwrap_or_default();
                match amount.and_then(|amount| sum.checked_add(amount)) {
                    Some(sum) => drop(self.totals.insert(code, sum)),
                    None => self.problems.push((*number, format!("the total of `{code}` is no exact amount"))),
                }
            }
            return;
        }
        let person = cell(columns.person).text().to_owned();
        if person.is_empty() {
            if !amounts.is_empty() {
                self.problems.push((*number, "amounts without a person".to_owned()));
            }
            return;
        }
        let Some(date) = date(register, cell(columns.date)) else {
            let why = format!("`{}` is no date as `dates` says", cell(columns.date).text());
            return self.problems.push((*number, why));
        };
        let text = |at: Option<usize>| at.map_or_else(String::new, |at| cell(at).text().to_owned());
        let currency = match &register.currency {
            RegisterCurrency::All(currency) => currency.code().to_owned(),
            RegisterCurrency::Column(_) => text(columns.currency),
        };
        self.rows.push(FileRow {
            line: *number,
            person,
            date,
            currency,
            department: text(columns.department),
            location: text(columns.location),
            amounts,
        });
    }
}

fn has_heading(cells: &[Cell], name: &str) -> bool {
    cells.iter().any(|cell| is_called(cell, name))
}

fn is_called(cell: &Cell, name: &str) -> bool {
    cell.text().to_lowercase() == name.trim().to_lowercase()
}

/// Finds every column that the settings name.
fn columns(register: &RegisterConnection, (_, header): &Line) -> Result<Columns, String> {
    let mut missing: Vec<String> = Vec::new();
    let mut find = |name: &str| {
        let found = header.iter().position(|cell| is_called(cell, name));
        if found.is_none() {
            missing.push(format!("`{name}`"));
        }
        found.unwrap_or(usize::MAX)
    };
    let columns = Columns {
        person: match &register.person {
            RegisterPerson::Number(name) | RegisterPerson::Id(name) => find(name),
        },
        date: find(&register.date),
        currency: match &register.currency {
            RegisterCurrency::Column(name) => Some(find(name)),
            RegisterCurrency::All(_) => None,
        },
        department: register.department.as_deref().map(&mut find),
        location: register.location.as_deref().map(&mut find),
        amounts: match &register.amounts {
            RegisterAmounts::Columns(names) => {
                AmountsAt::Columns(names.iter().map(|name| (name.clone(), find(name))).collect())
            }
            RegisterAmounts::Rows { code, amount } => AmountsAt::Rows { code: find(code), amount: find(amount) },
        },
        totals: register.totals.as_ref().map(|totals| find(&totals.column)),
    };
    if missing.is_empty() {
        return Ok(columns);
    }
    let there: Vec<&str> = header.iter().map(Cell::text).filter(|text| !text.is_empty()).collect();
    Err(format!("there is no column {}; the file has {}", missing.join(", "), there.join(", ")))
}

impl Columns {
    /// Whether a column is one that the settings name.
    fn has(&self, at: usize) -> bool {
        let named = [Some(self.person), Some(self.date), self.currency, self.department, self.location, self.totals];
        let is_amount = match &self.amounts {
            AmountsAt::Columns(all) => all.iter().any(|(_, amount)| *amount == at),
            AmountsAt::Rows { code, amount } => *code == at || *amount == at,
        };
        is_amount || named.contains(&Some(at))
    }
}

/// Columns that a register with a column for each amount does not name, though they hold numbers: one that the provider
/// added. A code with a zero before its digits is none.
fn unread(register: &RegisterConnection, columns: &Columns, (_, header): &Line, lines: &[Line]) -> Vec<String> {
    if matches!(columns.amounts, AmountsAt::Rows { .. }) {
        return Vec::new();
    }
    let number = |cell: &Cell| {
        let mark = if cell.is_number() { DecimalMark::Point } else { register.mark };
        let mut letters = cell.text().chars();
        let is_code = letters.next() == Some('0') && letters.next().is_some_and(|letter| letter.is_ascii_digit());
        read_decimal(cell.text(), mark).filter(|_| !is_code)
    };
    let holds_amounts = |at: usize| {
        let cells = lines.iter().filter_map(|(_, cells)| cells.get(at)).filter(|cell| !cell.text().is_empty());
        let numbers: Option<Vec<Decimal>> = cells.map(number).collect();
        numbers.is_some_and(|numbers| numbers.iter().any(|number| !number.is_zero()))
    };
    let unnamed = header.iter().enumerate().filter(|(at, cell)| !cell.text().is_empty() && !columns.has(*at));
    unnamed.filter(|(at, _)| holds_amounts(*at)).map(|(_, cell)| cell.text().to_owned()).collect()
}

fn amounts<'c>(
    register: &RegisterConnection,
    columns: &Columns,
    cell: &impl Fn(usize) -> &'c Cell,
) -> Vec<(String, Option<Decimal>)> {
    let read = |at: usize| {
        let cell = cell(at);
        // A number in a workbook has a point, whatever the screen shows.
        let mark = if cell.is_number() { DecimalMark::Point } else { register.mark };
        (!cell.text().is_empty()).then(|| read_decimal(cell.text(), mark))
    };
    let mut amounts: Vec<(String, Option<Decimal>)> = match &columns.amounts {
        AmountsAt::Columns(all) => {
            all.iter().filter_map(|(code, at)| read(*at).map(|amount| (code.clone(), amount))).collect()
        }
        AmountsAt::Rows { code, amount } => {
            read(*amount).map(|amount| (cell(*code).text().to_owned(), amount)).into_iter().collect()
        }
    };
    for (_, amount) in amounts.iter_mut().filter(|(code, _)| register.negated.contains(code)) {
        *amount = amount.map(|amount| -amount);
    }
    amounts
}

fn date(register: &RegisterConnection, cell: &Cell) -> Option<Date> {
    match cell.kind {
        CellKind::Date => cell.text().parse().ok(),
        CellKind::Text | CellKind::Number => Date::strptime(&register.dates, cell.text()).ok(),
    }
}
