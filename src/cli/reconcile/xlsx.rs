//! The pack as a workbook: a sheet a table, amounts as numbers with two decimals.
//!
//! A spreadsheet's number has 53 bits: amounts are exact to the cent up to 90 trillion, far above any payroll. One beyond
//! that is written as text rather than rounded.

use crate::plan::reconcile::view::{CentreRow, ItemState, Reconciliation};
use rust_decimal::Decimal;
use rust_xlsxwriter::{Format, FormatAlign, Workbook, Worksheet, XlsxError};

/// Digits that a spreadsheet's number keeps without loss.
const EXACT_DIGITS: i128 = 1 << 53;

/// The workbook's bytes.
///
/// # Errors
/// When it cannot be put together.
pub fn workbook(pack: &Reconciliation) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let created = rust_xlsxwriter::ExcelDateTime::from_ymd(2000, 1, 1)?;
    // Always the same bytes for the same pack: the moment of writing is no part of it.
    book.set_properties(&rust_xlsxwriter::DocProperties::new().set_creation_datetime(&created));
    close(&mut book, pack)?;
    centres(&mut book, pack)?;
    accounts(&mut book, pack)?;
    movements(&mut book, pack)?;
    differences(&mut book, pack)?;
    journals(&mut book, pack)?;
    book.save_to_buffer()
}

/// One sheet, filled row by row.
struct Sheet<'b> {
    sheet: &'b mut Worksheet,
    row: u32,
    amount: Format,
    whole: Format,
    right: Format,
}

impl<'b> Sheet<'b> {
    fn new(book: &'b mut Workbook, name: &str, header: &[String]) -> Result<Sheet<'b>, XlsxError> {
        let bold = Format::new().set_bold();
        let sheet = book.add_worksheet();
        sheet.set_name(name)?.set_freeze_panes(1, 0)?.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
        for (column, title) in (0u16..).zip(header) {
            sheet.write_string_with_format(0, column, title, &bold)?;
        }
        Ok(Sheet {
            sheet,
            row: 1,
            amount: Format::new().set_num_format("#,##0.00"),
            whole: Format::new().set_num_format("0"),
            right: Format::new().set_align(FormatAlign::Right),
        })
    }

    fn add(&mut self, cells: &[Cell<'_>]) -> Result<(), XlsxError> {
        for (column, cell) in (0u16..).zip(cells) {
            match cell {
                Cell::Text(text) => self.sheet.write_string(self.row, column, *text)?,
                Cell::Count(count) => {
                    let number = u32::try_from(*count).unwrap_or(u32::MAX);
                    self.sheet.write_number_with_format(self.row, column, number, &self.whole)?
                }
                Cell::Amount(None) => continue,
                Cell::Amount(Some(text)) => match exact(text) {
                    Some(number) => self.sheet.write_with_format(self.row, column, number, &self.amount)?,
                    None => self.sheet.write_string_with_format(self.row, column, *text, &self.right)?,
                },
            };
        }
        self.row += 1;
        Ok(())
    }

    fn end(self) {
        self.sheet.autofit();
    }
}

enum Cell<'t> {
    Text(&'t str),
    Count(usize),
    Amount(Option<&'t str>),
}

/// The amount, where a spreadsheet's number holds it exactly to its last digit.
fn exact(text: &str) -> Option<Decimal> {
    let amount: Decimal = text.parse().ok()?;
    (amount.mantissa().abs() <= EXACT_DIGITS).then_some(amount)
}

fn header(titles: &[&str]) -> Vec<String> {
    titles.iter().map(|title| (*title).to_owned()).collect()
}

fn close(book: &mut Workbook, pack: &Reconciliation) -> Result<(), XlsxError> {
    let title = format!("{} {}", pack.pipeline, pack.period);
    let mut sheet = Sheet::new(book, "Close", &header(&[&title, "state", "detail"]))?;
    for item in &pack.checklist {
        let state = match item.state {
            ItemState::Done => "done",
            ItemState::Open => "open",
            ItemState::Note => "note",
        };
        sheet.add(&[Cell::Text(&item.what), Cell::Text(state), Cell::Text(&item.detail)])?;
    }
    for note in &pack.notes {
        sheet.add(&[Cell::Text(note)])?;
    }
    sheet.end();
    Ok(())
}

fn centres(book: &mut Workbook, pack: &Reconciliation) -> Result<(), XlsxError> {
    let mut titles = header(&["cost centre", "department", "single person", "employed", "paid", "currency"]);
    titles.extend(pack.amounts.iter().cloned());
    titles.extend(header(&["planned", "sent", "in GP", "because"]));
    let mut sheet = Sheet::new(book, "Cost centres", &titles)?;
    for row in pack.centres.iter().chain([&pack.total]) {
        centre(&mut sheet, row, pack.amounts.len())?;
    }
    sheet.end();
    Ok(())
}

fn centre(sheet: &mut Sheet<'_>, row: &CentreRow, amounts: usize) -> Result<(), XlsxError> {
    let because = row.because.join(", ");
    let names = |first: bool| {
        let people = |count| if first { Cell::Count(count) } else { Cell::Text("") };
        let single = if row.single_person { "*" } else { "" };
        vec![
            Cell::Text(&row.centre),
            Cell::Text(&row.about),
            Cell::Text(single),
            people(row.employed),
            people(row.paid),
        ]
    };
    if row.money.is_empty() {
        let mut cells = names(true);
        cells.extend((0..amounts + 4).map(|_| Cell::Text("")));
        cells.push(Cell::Text(&because));
        sheet.add(&cells)?;
    }
    for (at, money) in row.money.iter().enumerate() {
        let mut cells = names(at == 0);
        cells.push(Cell::Text(&money.currency));
        cells.extend(money.amounts.iter().map(|amount| Cell::Amount(Some(amount))));
        let booked = [&money.planned, &money.sent, &money.in_gp];
        cells.extend(booked.map(|amount| Cell::Amount(amount.as_deref())));
        cells.push(Cell::Text(if at == 0 { &because } else { "" }));
        sheet.add(&cells)?;
    }
    Ok(())
}

fn accounts(book: &mut Workbook, pack: &Reconciliation) -> Result<(), XlsxError> {
    let titles = header(&["account", "cost centre", "currency", "planned", "sent", "in GP", "agrees"]);
    let mut sheet = Sheet::new(book, "Accounts", &titles)?;
    for row in &pack.accounts {
        sheet.add(&[
            Cell::Text(&row.account),
            Cell::Text(&row.centre),
            Cell::Text(&row.currency),
            Cell::Amount(Some(&row.planned)),
            Cell::Amount(Some(&row.sent)),
            Cell::Amount(row.in_gp.as_deref()),
            Cell::Text(if row.agrees { "yes" } else { "no" }),
        ])?;
    }
    sheet.end();
    Ok(())
}

fn movements(book: &mut Workbook, pack: &Reconciliation) -> Result<(), XlsxError> {
    let titles = header(&["story", "single person", "currency", "before", "now", "change", "people"]);
    let mut sheet = Sheet::new(book, "Movements", &titles)?;
    for movement in pack.overall.iter().chain(&pack.movements) {
        let causes = movement.causes.iter().map(|cause| format!("{}: {}", cause.text, cause.people.join(", ")));
        let people = causes.collect::<Vec<_>>().join("; ");
        // A cell takes 32,767 characters; who is cut off is still in the JSON.
        let people: String = people.chars().take(32_000).collect();
        sheet.add(&[
            Cell::Text(&movement.story),
            Cell::Text(if movement.single_person { "*" } else { "" }),
            Cell::Text(&movement.currency),
            Cell::Amount(movement.before.as_deref()),
            Cell::Amount(movement.now.as_deref()),
            Cell::Amount(movement.change.as_deref()),
            Cell::Text(&people),
        ])?;
    }
    sheet.end();
    Ok(())
}

fn differences(book: &mut Workbook, pack: &Reconciliation) -> Result<(), XlsxError> {
    let titles = header(&["between", "code", "cost centre", "subject", "message", "remedy"]);
    let mut sheet = Sheet::new(book, "Differences", &titles)?;
    for row in &pack.differences {
        let cells = [row.between, row.code, &row.centre, &row.subject, &row.message, &row.remedy];
        sheet.add(&cells.map(Cell::Text))?;
    }
    sheet.end();
    Ok(())
}

fn journals(book: &mut Workbook, pack: &Reconciliation) -> Result<(), XlsxError> {
    let titles =
        header(&["journal", "document", "kind", "periods", "batch", "date", "debit", "currency", "state", "in GP"]);
    let mut sheet = Sheet::new(book, "Journals", &titles)?;
    for row in &pack.documents {
        let number = row.journal_number.map_or_else(String::new, |number| number.to_string());
        let periods = row.periods.join(", ");
        sheet.add(&[
            Cell::Text(&number),
            Cell::Text(&row.document_id),
            Cell::Text(&row.role),
            Cell::Text(&periods),
            Cell::Text(&row.batch),
            Cell::Text(&row.date),
            Cell::Amount(row.debit.as_deref()),
            Cell::Text(&row.currency),
            Cell::Text(&row.state),
            Cell::Text(&row.in_gp),
        ])?;
    }
    sheet.end();
    Ok(())
}
