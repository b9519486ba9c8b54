//! `pay: burden`: costs on top of pay.

use super::Page;
use super::look_ups::{default_keys, needed_column, sheet_of};
use super::tables::Tables;
use crate::hr::PayCalendar;
use crate::ledger::Currency;
use crate::project::finding::{Finding, did_you_mean};
use crate::project::pipeline::{
    Amount, Burden, BurdenCost, COST_AMOUNT, COST_CURRENCY, Cap, CostTable, Liability, WAGES, WagesBefore,
};
use crate::project::shape::Text;
use crate::project::shape::pieces::TextOrList;
use crate::project::shape::pipeline as shape;
use crate::project::table::sheet::Sheet;
use crate::project::value::Names;
use jiff::civil::Date;
use rust_decimal::Decimal;

/// What burdens are compiled beside.
pub struct Given<'g> {
    /// Every earning by name, `regular` first.
    pub earnings: &'g [(String, Amount)],
    pub names: &'g Names,
    pub tables: &'g mut Tables,
    /// What the pipeline's periods are, where that is known.
    pub calendar: Option<&'g PayCalendar>,
}

pub fn burdens(raw: &shape::Pay, given: &mut Given<'_>, page: &mut Page<'_>) -> Option<Vec<Burden>> {
    let mut burdens = Vec::new();
    let mut good = true;
    for (name, burden) in raw.burden.iter().flat_map(|burdens| burdens.iter()) {
        let name_is_good = page.identifier(name) && {
            let taken = name.text == "gross" || given.earnings.iter().any(|(earning, _)| *earning == name.text);
            if taken {
                let help = Some("choose another name".to_owned());
                page.error("bad-name", name, format!("`{}` is an earning", name.text), help);
            }
            !taken
        };
        match (name_is_good, cost(name, burden, given, page)) {
            (true, Some(cost)) => burdens.push(Burden { name: name.text.clone(), cost, place: name.place(page.file) }),
            _ => good = false,
        }
    }
    good.then_some(burdens)
}

/// `rate` with `of`, `per_head` with `currency`, `cost_of`, or one of the words that stand alone.
fn cost(name: &Text, raw: &shape::Burden, given: &mut Given<'_>, page: &mut Page<'_>) -> Option<BurdenCost> {
    let currency = raw.currency.as_ref();
    let alone = [
        ("a liability", "liability", raw.liability.is_some()),
        ("what BambooHR's benefits say", "benefits", raw.benefits.is_some()),
        ("what the register says", "register", raw.register.is_some()),
    ];
    let others = raw.rate.is_some() || raw.of.is_some() || raw.per_head.is_some() || raw.cost_of.is_some();
    let others = others || raw.cap.is_some() || currency.is_some();
    let kinds = alone.iter().filter(|(.., written)| *written).count() + usize::from(others);
    if let Some((what, word, _)) = alone.iter().find(|(.., written)| *written && kinds > 1) {
        let message = format!("`{}` is either {what} or something else", name.text);
        page.error("one-of", name, message, Some(format!("keep `{word}`, or the other words")));
        return None;
    }
    if let Some(liability) = &raw.liability {
        return self::liability(liability, page).map(BurdenCost::Liability);
    }
    if let Some(plans) = &raw.benefits {
        return benefits(name, plans, page);
    }
    if let Some(codes) = &raw.register {
        return Some(BurdenCost::Register { codes: super::pay::texts(codes) });
    }
    match (&raw.rate, &raw.of, &raw.per_head, &raw.cost_of, &raw.cap) {
        (Some(rate), Some(of), None, None, cap) => {
            let rate = self::rate(rate, page);
            let of = bases(of, given.earnings, page);
            let only = match currency {
                Some(code) => page.currency(code).map(Some),
                None => Some(None),
            };
            let cap = match cap {
                Some(raw) => Some(self::cap(raw, given, page)?),
                None => None,
            };
            if let (Some(code), Some(_)) = (currency, &cap) {
                let help = "the cap names the currency already; remove this one".to_owned();
                page.error("unused-part", code, "`cap` and `currency` say the same", Some(help));
                return None;
            }
            let only = only?.or(cap.as_ref().map(|cap| cap.currency));
            Some(BurdenCost::Share { rate: rate?, of: of?, only, cap })
        }
        (None, None, Some(amount), None, None) if currency.is_some() => {
            let currency = currency.and_then(|code| page.currency(code));
            let amount = page.money(amount, currency);
            Some(BurdenCost::PerHead { amount: amount?, currency: currency? })
        }
        (None, None, None, Some(cost_of), None) if currency.is_none() => {
            cost_table(cost_of, given, page).map(BurdenCost::Table)
        }
        _ => {
            let message = format!(
                "`{}` needs `rate` and `of`, or `per_head` and `currency`, or `cost_of`, `register`, `benefits` or `liability`",
                name.text
            );
            let help =
                Some("for example `{ rate: 7.65%, of: gross }` or `{ per_head: 450.00, currency: USD }`".to_owned());
            page.error("one-of", name, message, help);
            None
        }
    }
}

fn benefits(name: &Text, plans: &[Text], page: &mut Page<'_>) -> Option<BurdenCost> {
    let plans = super::pay::texts(plans);
    if plans.is_empty() {
        let help = "write them as BambooHR does: `benefits: [Medical, Dental]`".to_owned();
        page.error("one-of", name, format!("`{}` names no benefit plan", name.text), Some(help));
        return None;
    }
    Some(BurdenCost::Benefits { plans })
}

fn liability(raw: &shape::Liability, page: &mut Page<'_>) -> Option<Liability> {
    let of = raw.of.as_deref().filter(|of| !of.is_empty())?;
    let number = |text: &Option<Text>, usual: u32, most: u32, page: &mut Page<'_>| match text {
        Some(text) => super::pay::in_range(text, Decimal::ONE, Decimal::from(most), page),
        None => Some(Decimal::from(usual)),
    };
    let hours_a_year = number(&raw.hours_a_year, 2080, 8784, page);
    let hours_a_day = number(&raw.hours_a_day, 8, 24, page);
    Some(Liability { of: super::pay::texts(of), hours_a_year: hours_a_year?, hours_a_day: hours_a_day? })
}

fn rate(text: &Text, page: &mut Page<'_>) -> Option<Decimal> {
    let rate = page.share(text)?;
    if rate < Decimal::ZERO || rate > Decimal::TEN {
        page.error("not-a-number", text, "a burden is between 0 % and 1000 %", None);
        return None;
    }
    if rate > Decimal::ONE {
        let percent = (rate * Decimal::ONE_HUNDRED).normalize();
        let message = format!("this burden is {percent} % of its base, more than the base itself");
        let finding = Finding::warning("unlikely-rate", text.place(page.file), message);
        page.report(finding.help("7.65 % is written `7.65%` or `0.0765`"));
    }
    Some(rate)
}

/// What a burden is a share of: gross or earnings, never another burden.
fn bases(of: &TextOrList, earnings: &[(String, Amount)], page: &mut Page<'_>) -> Option<Vec<Amount>> {
    let mut bases = Vec::new();
    for text in &of.0 {
        let found = earnings.iter().find(|(name, _)| *name == text.text).map(|(_, amount)| *amount);
        let found = found.or((text.text == "gross").then_some(Amount::Gross));
        let Some(base) = found else {
            let message = format!("a burden cannot be a share of `{}`", text.text);
            let mut known: Vec<&str> = earnings.iter().map(|(name, _)| name.as_str()).collect();
            known.push("gross");
            page.error("unknown-amount", text, message, did_you_mean(&text.text, &known));
            return None;
        };
        let twice =
            bases.contains(&base) || (bases.contains(&Amount::Gross) || base == Amount::Gross) && !bases.is_empty();
        if twice {
            let message = format!("`{}` is in the base already", text.text);
            page.error("booked-twice", text, message, Some("`gross` is the sum of all earnings".to_owned()));
            return None;
        }
        bases.push(base);
    }
    if bases.is_empty() {
        return None;
    }
    Some(bases)
}

fn cap(raw: &shape::Cap, given: &mut Given<'_>, page: &mut Page<'_>) -> Option<Cap> {
    let currency = raw.currency.as_ref().and_then(|code| page.currency(code));
    let wages = raw.wages.as_ref().and_then(|text| page.money(text, currency));
    let year_starts = raw.year_starts.as_ref().and_then(|text| month_and_day(text, page));
    let before = match &raw.before {
        Some(raw) => Some(before(raw, currency, given, page)?),
        None => None,
    };
    Some(Cap { wages: wages?, currency: currency?, year_starts: year_starts?, before })
}

/// `MM-DD`, a day that every year has.
fn month_and_day(text: &Text, page: &mut Page<'_>) -> Option<(i8, i8)> {
    let parts = text.text.split_once('-').filter(|(month, day)| month.len() == 2 && day.len() == 2);
    let parsed = parts.and_then(|(month, day)| Some((month.parse::<i8>().ok()?, day.parse::<i8>().ok()?)));
    // 2013 is no leap year: a day that it has, every year has.
    let good = parsed.filter(|(month, day)| Date::new(2013, *month, *day).is_ok());
    if good.is_none() {
        let message = format!("`{}` is not a day of every year", text.text);
        page.error("not-a-date", text, message, Some("write month and day, for example \"01-01\"".to_owned()));
    }
    good
}

/// A day on which a period ends: of one that went on after it, the wages would be in the table and be computed as well.
fn ends_a_period(text: &Text, calendar: Option<&PayCalendar>, page: &mut Page<'_>) -> Option<Date> {
    let day = page.date(text)?;
    let period = calendar.and_then(|calendar| calendar.containing(day)).filter(|period| period.last_day != day);
    let Some(period) = period else { return Some(day) };
    let message = format!("{day} is in the middle of {}: its wages up to then would count twice", period.code);
    let help = format!("take the wages up to the end of a period, for example `until: {}`", period.last_day);
    page.error("mid-period", text, message, Some(help));
    None
}

fn before(
    raw: &shape::Before,
    currency: Option<Currency>,
    given: &mut Given<'_>,
    page: &mut Page<'_>,
) -> Option<WagesBefore> {
    let until = raw.until.as_ref().and_then(|text| ends_a_period(text, given.calendar, page));
    let tables = &mut *given.tables;
    let name = raw.r#in.as_ref()?;
    let sheet = sheet_of(name, &["number", WAGES], tables, page)?;
    let key = needed_column("number", name, &sheet, page)?;
    let wages = needed_column(WAGES, name, &sheet, page)?;
    amounts_are_money(&sheet, wages, |_| currency, page)?;
    let table = tables.table(&sheet, &[key], page.findings)?;
    Some(WagesBefore { table, until: until? })
}

fn cost_table(raw: &shape::CostOf, given: &mut Given<'_>, page: &mut Page<'_>) -> Option<CostTable> {
    let name = raw.r#in.as_ref()?;
    let sheet = sheet_of(name, &[COST_AMOUNT, COST_CURRENCY], given.tables, page)?;
    let amount = needed_column(COST_AMOUNT, name, &sheet, page)?;
    let currency = needed_column(COST_CURRENCY, name, &sheet, page)?;
    let before = page.findings.len();
    for (row, cells) in sheet.rows.iter().enumerate() {
        let code = cells.cells[currency].trim();
        if Currency::from_code(code).is_none() {
            let message = format!("`{code}` is not a currency of ISO 4217");
            let finding = Finding::error("unknown-value", sheet.place(row, currency), message);
            page.report(finding.help("write the three capital letters, for example USD"));
        }
    }
    let of_row = |row: usize| Currency::from_code(sheet.rows[row].cells[currency].trim());
    amounts_are_money(&sheet, amount, of_row, page)?;
    if page.findings.len() > before {
        return None;
    }
    let (keys, key_names) = default_keys(name, &[amount, currency], (&[], false), &sheet, given.names, page)?;
    let table = given.tables.table(&sheet, &keys, page.findings)?;
    let holds = !matches!(raw.r#else, Some(shape::CostElse::Nothing));
    Some(CostTable { table, keys: key_names, holds })
}

/// Every cell of a column is a plain amount of its row's currency.
fn amounts_are_money(
    sheet: &Sheet,
    column: usize,
    currency: impl Fn(usize) -> Option<Currency>,
    page: &mut Page<'_>,
) -> Option<()> {
    let before = page.findings.len();
    for (row, cells) in sheet.rows.iter().enumerate() {
        let cell = cells.cells[column].trim();
        let digits = currency(row).map_or(2, Currency::minor_digits);
        let plain = !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        let good = plain && Decimal::from_str_exact(cell).is_ok_and(|amount| amount.normalize().scale() <= digits);
        if !good {
            let message = format!("`{cell}` is not an amount");
            let finding = Finding::error("bad-amount", sheet.place(row, column), message);
            page.report(finding.help("write it with a point and to the cent, not below zero: 1250.00"));
        }
    }
    (page.findings.len() == before).then_some(())
}
