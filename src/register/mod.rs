//! The edge to payroll registers: files that a payroll provider exports, read into facts.
//!
//! Nothing is dropped: what cannot be read becomes a notice that holds the plan, or an amount that holds its person. Notices
//! name the file and the line, never an amount.

mod file;

use crate::hr::RegisterRow;
use crate::plan::facts::{Facts, Notice, RegisterTotal, StrayRow};
use crate::project::connections::{RegisterConnection, RegisterPerson};
use file::{FileRow, ReadFile};
use jiff::civil::Date;
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Reads every file of a register that has a row of these days, and adds it to `facts`, whose people are known already.
pub fn read(register: &RegisterConnection, (first, last): (Date, Date), facts: &mut Facts) {
    let files = match files(&register.folder) {
        Ok(files) => files,
        Err(why) => {
            let remedy = "Make the folder, or correct `folder` of the register in project.yaml.";
            let message = format!("the folder {} cannot be read: {why}", register.folder.display());
            return facts.notices.push(unreadable(register, message, remedy));
        }
    };
    let people = People::new(register, facts);
    for path in files {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let read = match std::fs::read(&path) {
            Ok(bytes) => ReadFile::new(register, &path, &bytes),
            Err(error) => ReadFile::unreadable(error.to_string()),
        };
        let is_wanted = read.rows.iter().any(|row| (first..=last).contains(&row.date));
        // A file that cannot be read may be of these days.
        for (line, message) in &read.problems {
            let place = if *line == 0 { name.clone() } else { format!("{name} line {line}") };
            let remedy = "Correct the file, or take it out of the register's folder.";
            facts.notices.push(unreadable(register, format!("{place}: {message}"), remedy));
        }
        if is_wanted {
            facts.notices.extend(unread(register, &name, &read.unread));
            add(register, &name, read, &people, facts);
        }
    }
}

/// What one file says as a whole. No single person's amount.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Looked {
    pub people: usize,
    /// Lines about people.
    pub lines: usize,
    pub dates: BTreeSet<Date>,
    /// By code and currency.
    pub sums: BTreeMap<(String, String), Decimal>,
    /// Whether the row of totals agrees; `None` where the register has none.
    pub totals: Option<bool>,
    pub problems: Vec<String>,
    /// Columns that hold numbers and that nothing names.
    pub unread: Vec<String>,
}

/// Reads one file without anybody's knowledge of people.
pub fn look(register: &RegisterConnection, path: &Path) -> Looked {
    let read = match std::fs::read(path) {
        Ok(bytes) => ReadFile::new(register, path, &bytes),
        Err(error) => ReadFile::unreadable(error.to_string()),
    };
    let mut looked = Looked { lines: read.rows.len(), ..Looked::default() };
    let people: BTreeSet<&str> = read.rows.iter().map(|row| row.person.as_str()).collect();
    looked.people = people.len();
    looked.dates = read.rows.iter().map(|row| row.date).collect();
    let mut by_code: BTreeMap<&str, Decimal> = BTreeMap::new();
    for row in &read.rows {
        for (code, amount) in &row.amounts {
            let sum = looked.sums.entry((code.clone(), row.currency.clone())).or_default();
            let all = by_code.entry(code).or_default();
            match amount.and_then(|amount| sum.checked_add(amount).zip(all.checked_add(amount))) {
                Some((one, every)) => (*sum, *all) = (one, every),
                None => looked.problems.push(format!("line {}: `{code}` is no exact amount", row.line)),
            }
        }
    }
    let agrees = |(code, total): (&String, &Decimal)| by_code.get(code.as_str()).copied().unwrap_or_default() == *total;
    looked.totals = (!read.totals.is_empty()).then(|| read.totals.iter().all(agrees));
    if looked.totals == Some(false) {
        looked.problems.push("the row of totals is not what the lines add up to".to_owned());
    }
    let said = |(line, why): &(u64, String)| if *line == 0 { why.clone() } else { format!("line {line}: {why}") };
    looked.problems.extend(read.problems.iter().map(said));
    looked.unread = read.unread;
    looked
}

/// CSV and XLSX files of a folder by name; what an editor or a spreadsheet leaves beside an open file is none.
fn files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let ending = path.extension().map(|ending| ending.to_ascii_lowercase());
        let is_sheet = ending.is_some_and(|ending| ending == "csv" || ending == "xlsx");
        if is_sheet && path.is_file() && !name.starts_with('.') && !name.starts_with("~$") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn unreadable(register: &RegisterConnection, message: String, remedy: &str) -> Notice {
    Notice {
        code: "register-unreadable",
        subject: format!("register {}", register.name),
        message,
        remedy: remedy.to_owned(),
    }
}

/// The notice of columns that hold numbers and that nothing names.
fn unread(register: &RegisterConnection, file: &str, columns: &[String]) -> Option<Notice> {
    (!columns.is_empty()).then(|| Notice {
        code: "register-column-unread",
        subject: format!("register {}", register.name),
        message: format!("{file}: nothing names {}, which holds numbers: it is not read", columns_named(columns)),
        remedy: "Add it to the register's `amounts` in project.yaml, and name it in the pipeline: under an earning, a burden, \
                 `withheld`, or `ignore_codes`."
            .to_owned(),
    })
}

fn columns_named(columns: &[String]) -> String {
    let quoted: Vec<String> = columns.iter().map(|column| format!("the column `{column}`")).collect();
    quoted.join(" and ")
}

/// People by what a register calls them; `None` where two people have the same number.
struct People(FxHashMap<String, Option<u32>>);

impl People {
    fn new(register: &RegisterConnection, facts: &Facts) -> People {
        let mut people = FxHashMap::default();
        for (at, person) in facts.people.iter().enumerate() {
            let name = match register.person {
                RegisterPerson::Number(_) => facts.text(person.number),
                RegisterPerson::Id(_) => facts.text(person.id),
            };
            people.entry(name.trim().to_owned()).and_modify(|known| *known = None).or_insert(Some(at as u32));
        }
        People(people)
    }
}

fn add(register: &RegisterConnection, name: &str, read: ReadFile, people: &People, facts: &mut Facts) {
    for (code, amount) in read.totals {
        facts.register_totals.push(RegisterTotal {
            register: register.name.clone(),
            file: name.to_owned(),
            code,
            amount,
        });
    }
    let own = facts.texts.add(&register.name);
    for FileRow { line, person, date, currency, department, location, amounts } in read.rows {
        let row_id = format!("{name}:{line}");
        let employee = match people.0.get(&person) {
            Some(Some(employee)) => *employee,
            Some(None) => {
                let message = format!("{name} line {line}: several people in BambooHR have the number {person}");
                facts.notices.push(unreadable(
                    register,
                    message,
                    "Give each person a number of their own in BambooHR.",
                ));
                continue;
            }
            None => {
                let employee_id = match register.person {
                    RegisterPerson::Number(_) => format!("with number {person}"),
                    RegisterPerson::Id(_) => person,
                };
                facts.strays.push(StrayRow { table: "registers", employee_id, row_id, date });
                continue;
            }
        };
        let (row_id, currency) = (facts.texts.add(&row_id), facts.texts.add(&currency));
        let (department, location) = (facts.texts.add(&department), facts.texts.add(&location));
        for (code, amount) in amounts {
            let code = facts.texts.add(&code);
            facts.registers.push(RegisterRow {
                employee,
                row_id,
                date,
                register: own,
                code,
                amount,
                currency,
                department,
                location,
            });
        }
    }
}

#[cfg(test)]
mod tests;
