//! `rates`: exchange rates into the company's own currency.

use super::Page;
use super::look_ups::{needed_column, sheet_of};
use super::tables::Tables;
use crate::ledger::{Currency, Exchange};
use crate::project::finding::Finding;
use crate::project::pipeline::{RATE, RATED_CURRENCY, RateDay, Rates};
use crate::project::shape::rates as shape;
use crate::project::table::sheet::Sheet;
use rust_decimal::Decimal;

/// Compiles `rates`. `None` after an error.
pub fn rates(raw: &shape::Rates, tables: &mut Tables, page: &mut Page<'_>) -> Option<Rates> {
    let to = raw.to.as_ref().and_then(|text| page.currency(text));
    let name = raw.r#in.as_ref()?;
    let sheet = sheet_of(name, &[RATED_CURRENCY, RATE], tables, page)?;
    let key = needed_column(RATED_CURRENCY, name, &sheet, page)?;
    let rate = needed_column(RATE, name, &sheet, page)?;
    let before = page.findings.len();
    let by_gp = matches!(&raw.r#as, Some(placed) if placed.value == shape::RatesAs::ExchangeFields);
    let decimals = if by_gp { Exchange::DECIMALS } else { 10 };
    for row in 0..sheet.rows.len() {
        check_row(&sheet, row, (key, rate), (to, decimals), page);
    }
    if page.findings.len() > before {
        return None;
    }
    let table = tables.table(&sheet, &[key], page.findings)?;
    let as_of = match raw.as_of.map(|placed| placed.value) {
        Some(shape::RateDay::PeriodFirstDay) => RateDay::PeriodFirstDay,
        Some(shape::RateDay::PeriodLastDay) | None => RateDay::PeriodLastDay,
    };
    Some(Rates { table, to: to?, as_of, by_gp, place: page.place(raw.at()) })
}

fn check_row(
    sheet: &Sheet,
    row: usize,
    (key, rate): (usize, usize),
    (to, decimals): (Option<Currency>, u32),
    page: &mut Page<'_>,
) {
    let cells = &sheet.rows[row].cells;
    let code = cells[key].trim();
    let known = Currency::from_code(code);
    if known.is_none() {
        let message = format!("`{code}` is not a currency of ISO 4217");
        let finding = Finding::error("unknown-value", sheet.place(row, key), message);
        page.report(finding.help("write the three capital letters, for example EUR; a rate is for one currency"));
    } else if known == to {
        let finding = Finding::error("bad-rate", sheet.place(row, key), format!("{code} is not converted into itself"));
        page.report(finding.help("remove the row"));
    }
    let written = cells[rate].trim();
    let good = Decimal::from_str_exact(written).is_ok_and(|rate| rate > Decimal::ZERO && rate.scale() <= decimals);
    if !good || written.contains(['e', 'E', '_']) {
        let message = format!("`{written}` is not a rate");
        let finding = Finding::error("bad-rate", sheet.place(row, rate), message);
        let most = if decimals == 10 { "ten decimals" } else { "the seven decimals that GP keeps" };
        let help = format!("write how much one unit is worth, for example 1.3591: a point, at most {most}");
        page.report(finding.help(help));
    }
}
