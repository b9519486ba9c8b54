//! `connections: registers`: how the files of a payroll register are read. Nothing here reads one.

use super::Page;
use super::settings::Settings;
use crate::ledger::written::DecimalMark;
use crate::project::connections::{RegisterAmounts, RegisterConnection, RegisterCurrency, RegisterPerson, TotalsRow};
use crate::project::finding::{Finding, did_you_mean};
use crate::project::shape::Text;
use crate::project::shape::project as shape;
use crate::sheet::CsvForm;
use encoding_rs::{Encoding, UTF_8};
use jiff::civil::{Date, date};
use std::path::Path;

/// Compiles every register. `None` after an error.
pub fn registers(
    raw: &shape::Connections,
    folder: &Path,
    settings: &mut Settings,
    page: &mut Page<'_>,
) -> Option<Vec<RegisterConnection>> {
    let entries = raw.registers.iter().flat_map(|registers| registers.iter());
    let compiled: Vec<Option<RegisterConnection>> =
        entries.map(|(name, raw)| register(name, raw, folder, settings, page)).collect();
    compiled.into_iter().collect()
}

fn register(
    name: &Text,
    raw: &shape::Register,
    folder: &Path,
    settings: &mut Settings,
    page: &mut Page<'_>,
) -> Option<RegisterConnection> {
    let named = page.slug(name);
    let files = raw.folder.as_ref().and_then(|text| settings.resolve(text, page));
    let delimiter = match &raw.delimiter {
        Some(text) => delimiter(text, page).map(Some),
        None => Some(None),
    };
    let encoding = match &raw.encoding {
        Some(text) => encoding(text, page),
        None => Some(UTF_8),
    };
    let dates = match &raw.dates {
        Some(text) => dates(text, page),
        None => Some("%Y-%m-%d".to_owned()),
    };
    let columns = raw.columns.as_ref()?;
    let person = person(columns, page);
    let currency = currency(raw, columns, page);
    let amounts = amounts(raw, columns, page);
    if let Some(RegisterAmounts::Columns(known)) = &amounts {
        let unknown = raw.negated.iter().flatten().find(|code| !known.contains(&code.text));
        if let Some(code) = unknown {
            let names: Vec<&str> = known.iter().map(String::as_str).collect();
            let help = did_you_mean(&code.text, &names);
            page.error("unknown-name", code, format!("`{}` is none of the `amounts`", code.text), help);
            return None;
        }
    }
    let text = |text: &Option<Text>| text.as_ref().map(|text| text.text.clone());
    Some(RegisterConnection {
        name: named.then(|| name.text.clone())?,
        folder: folder.join(files?.text),
        csv: CsvForm { delimiter: delimiter?, encoding: encoding? },
        mark: match raw.decimal {
            Some(shape::DecimalMark::Comma) => DecimalMark::Comma,
            Some(shape::DecimalMark::Point) | None => DecimalMark::Point,
        },
        dates: dates?,
        currency: currency?,
        person: person?,
        date: columns.date.as_ref()?.text.clone(),
        department: text(&columns.department),
        location: text(&columns.location),
        amounts: amounts?,
        negated: super::pay::texts(raw.negated.as_deref().unwrap_or_default()),
        totals: match &raw.totals {
            Some(totals) => Some(TotalsRow { column: text(&totals.column)?, is: text(&totals.is)? }),
            None => None,
        },
    })
}

fn delimiter(text: &Text, page: &mut Page<'_>) -> Option<u8> {
    let found = match text.text.as_str() {
        "tab" => Some(b'\t'),
        one => match one.as_bytes() {
            [byte] if !byte.is_ascii_alphanumeric() && *byte != b'"' => Some(*byte),
            _ => None,
        },
    };
    if found.is_none() {
        let help = "one letter: `,`, `;`, `|`, or the word `tab`".to_owned();
        page.error("unknown-value", text, format!("`{}` cannot separate cells", text.text), Some(help));
    }
    found
}

fn encoding(text: &Text, page: &mut Page<'_>) -> Option<&'static Encoding> {
    let found = Encoding::for_label(text.text.as_bytes());
    if found.is_none() {
        let help = "for example `utf-8`, `windows-1252` or `utf-16le`".to_owned();
        page.error("unknown-value", text, format!("there is no encoding `{}`", text.text), Some(help));
    }
    found
}

/// `DD.MM.YYYY` into a pattern that reads dates.
fn dates(text: &Text, page: &mut Page<'_>) -> Option<String> {
    let once = ["YYYY", "MM", "DD"].iter().all(|part| text.text.matches(part).count() == 1);
    let pattern = text.text.replace('%', "%%").replace("YYYY", "%Y").replace("MM", "%m").replace("DD", "%d");
    let sample = date(2013, 11, 5);
    let reads_back = Date::strptime(&pattern, sample.strftime(&pattern).to_string()).is_ok_and(|read| read == sample);
    if !once || !reads_back {
        let help = "year, month and day once each, for example DD.MM.YYYY or MM/DD/YYYY".to_owned();
        page.error("unknown-value", text, format!("`{}` does not say how dates are written", text.text), Some(help));
        return None;
    }
    Some(pattern)
}

fn person(columns: &shape::RegisterColumns, page: &mut Page<'_>) -> Option<RegisterPerson> {
    match (&columns.number, &columns.id) {
        (Some(number), None) => Some(RegisterPerson::Number(number.text.clone())),
        (None, Some(id)) => Some(RegisterPerson::Id(id.text.clone())),
        _ => {
            let message = "`columns` needs exactly one of `number` and `id`";
            let finding = Finding::error("one-of", page.place(columns.at()), message);
            page.report(finding.help("the heading of the column that names people: `number: Employee No`"));
            None
        }
    }
}

fn currency(raw: &shape::Register, columns: &shape::RegisterColumns, page: &mut Page<'_>) -> Option<RegisterCurrency> {
    match (&raw.currency, &columns.currency) {
        (Some(code), None) => page.currency(code).map(RegisterCurrency::All),
        (None, Some(column)) => Some(RegisterCurrency::Column(column.text.clone())),
        _ => {
            let message = "a register's currency is either in a column or the same for all";
            let finding = Finding::error("one-of", page.place(raw.at()), message);
            page.report(finding.help("write `currency: USD`, or the heading under `columns: { currency: … }`"));
            None
        }
    }
}

fn amounts(raw: &shape::Register, columns: &shape::RegisterColumns, page: &mut Page<'_>) -> Option<RegisterAmounts> {
    match (&raw.amounts, &columns.code, &columns.amount) {
        (Some(amounts), None, None) if !amounts.is_empty() => {
            for (at, amount) in amounts.iter().enumerate() {
                if amounts[..at].iter().any(|known| known.text == amount.text) {
                    let message = format!("the column `{}` is named twice", amount.text);
                    page.error("booked-twice", amount, message, Some("keep one of them".to_owned()));
                    return None;
                }
            }
            Some(RegisterAmounts::Columns(super::pay::texts(amounts)))
        }
        (None, Some(code), Some(amount)) => {
            Some(RegisterAmounts::Rows { code: code.text.clone(), amount: amount.text.clone() })
        }
        _ => {
            let message = "a register has a column for each amount, or a row for each";
            let finding = Finding::error("one-of", page.place(raw.at()), message);
            page.report(finding.help("list the columns under `amounts`, or write `code` and `amount` under `columns`"));
            None
        }
    }
}
