//! `calendar` of project.yaml: pay periods other than calendar months.

use super::Page;
use super::look_ups::{needed_column, sheet_of};
use super::tables::Tables;
use crate::hr::{PayCalendar, Period, PeriodCode};
use crate::project::finding::{Finding, did_you_mean};
use crate::project::pipeline::{Week, WorkCalendar};
use crate::project::shape::Text;
use crate::project::shape::project as shape;
use crate::project::table::sheet::Sheet;
use jiff::civil::Date;
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The schedules of a project by name; `None`: broken, and reported.
pub type Schedules = BTreeMap<String, Option<Arc<PayCalendar>>>;

/// GP's reference has room for no longer name of a period.
const NAME: usize = 12;

/// Compiles the schedules of project.yaml.
pub fn schedules(raw: Option<&shape::Calendar>, tables: &mut Tables, page: &mut Page<'_>) -> Schedules {
    let entries = raw.and_then(|raw| raw.schedules.as_ref()).into_iter().flat_map(|schedules| schedules.iter());
    entries.map(|(name, raw)| (name.text.clone(), schedule(name, raw, tables, page).map(Arc::new))).collect()
}

/// Hours and holidays of project.yaml. `None` after an error.
pub fn work(raw: Option<&shape::Calendar>, tables: &mut Tables, page: &mut Page<'_>) -> Option<WorkCalendar> {
    let Some(raw) = raw else { return Some(WorkCalendar::default()) };
    let week = match &raw.week {
        Some(raw) => Some(week(raw, page)?),
        None => None,
    };
    let holidays = match &raw.holidays {
        Some(raw) => holidays(raw, tables, page)?,
        None => Vec::new(),
    };
    let holiday_table = raw.holidays.as_ref().and_then(|raw| raw.r#in.as_ref()).map(|name| name.text.clone());
    Some(WorkCalendar { week, holidays, holiday_table })
}

/// A number of hours from 0 to 24, in hundredths.
pub fn hundredths(text: &str) -> Option<i64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let number = Decimal::from_str_exact(text).ok().filter(|_| plain)?;
    let whole = number.checked_mul(Decimal::ONE_HUNDRED)?.normalize();
    let whole = i64::try_from(whole).ok().filter(|_| whole.scale() == 0)?;
    (0..=2400).contains(&whole).then_some(whole)
}

fn week(raw: &shape::Week, page: &mut Page<'_>) -> Option<Week> {
    let days = [&raw.monday, &raw.tuesday, &raw.wednesday, &raw.thursday, &raw.friday, &raw.saturday, &raw.sunday];
    let mut week = [0; 7];
    for (hours, text) in week.iter_mut().zip(days) {
        let Some(text) = text else { continue };
        page.decimal(text)?;
        let Some(whole) = hundredths(&text.text) else {
            let message = format!("`{}` is not a number of hours from 0 to 24", text.text);
            page.error("not-a-number", text, message, Some("at most two decimals, for example 7.5".to_owned()));
            return None;
        };
        *hours = whole;
    }
    if week.iter().all(|hours| *hours == 0) {
        let finding = Finding::error("missing-key", page.place(raw.at()), "a week without an hour pays nobody");
        page.report(
            finding.help("for example `week: { monday: 8, tuesday: 8, wednesday: 8, thursday: 8, friday: 8 }`"),
        );
        return None;
    }
    Some(week)
}

fn holidays(raw: &shape::Holidays, tables: &mut Tables, page: &mut Page<'_>) -> Option<Vec<Date>> {
    let name = raw.r#in.as_ref()?;
    let sheet = sheet_of(name, &["date", "name"], tables, page)?;
    let column = needed_column("date", name, &sheet, page)?;
    // Whose a holiday is: what a pipeline does with these columns is its own.
    let whose: Vec<usize> = (0..sheet.columns.len())
        .filter(|at| !["date", "name", "about"].contains(&sheet.columns[*at].as_str()))
        .collect();
    let before = page.findings.len();
    let mut days: Vec<Date> = Vec::new();
    for (row, cells) in sheet.rows.iter().enumerate() {
        for at in whose.iter().filter(|at| cells.cells[**at].trim().is_empty()) {
            let message = format!("this row does not say whose holiday it is: `{}` is empty", sheet.columns[*at]);
            page.report(
                Finding::error("empty-answer", sheet.place(row, *at), message).help("write `*` for everybody's"),
            );
        }
        let is_everybodys = whose.iter().all(|at| cells.cells[*at].trim() == "*");
        let cell = cells.cells[column].trim();
        match cell.parse::<Date>().ok().filter(|_| cell.len() == 10) {
            Some(day) if is_everybodys => days.push(day),
            Some(_) => {}
            None => {
                let finding = Finding::error("bad-date", sheet.place(row, column), format!("`{cell}` is not a date"));
                page.report(finding.help("write dates as YYYY-MM-DD, for example 2013-11-28"));
            }
        }
    }
    days.sort();
    days.dedup();
    (page.findings.len() == before).then_some(days)
}

/// The calendar that a pipeline names.
pub fn named(name: &Text, schedules: &Schedules, page: &mut Page<'_>) -> Option<Arc<PayCalendar>> {
    match schedules.get(&name.text) {
        Some(calendar) => calendar.clone(),
        None => {
            let known: Vec<&str> = schedules.keys().map(String::as_str).collect();
            let message = format!("there is no schedule `{}`", name.text);
            let help = did_you_mean(&name.text, &known).or_else(|| {
                let written =
                    format!("calendar: {{ schedules: {{ {}: {{ every: 14 days, from: 2013-01-07 }} }} }}", name.text);
                Some(format!("add it to project.yaml: `{written}`"))
            });
            page.error("unknown-name", name, message, help);
            None
        }
    }
}

fn schedule(name: &Text, raw: &shape::Schedule, tables: &mut Tables, page: &mut Page<'_>) -> Option<PayCalendar> {
    match (&raw.every, &raw.from, &raw.semi_monthly, &raw.r#in) {
        (Some(every), Some(from), None, None) => {
            let days = every.text.strip_suffix("days").map(str::trim).and_then(|days| days.parse::<i16>().ok());
            let days = days.filter(|days| (5..=62).contains(days));
            if days.is_none() {
                let message = format!("`{}` is not a number of days from 5 to 62", every.text);
                page.error("not-a-number", every, message, Some("for example `every: 14 days`".to_owned()));
            }
            let from = page.date(from);
            Some(PayCalendar::Every { days: days?, from: from? })
        }
        (None, None, Some(day), None) => {
            let day = page.whole(day, 1..=27)?;
            Some(PayCalendar::SemiMonthly { first_ends: i8::try_from(day).ok()? })
        }
        (None, None, None, Some(table)) => listed(table, tables, page).map(PayCalendar::Listed),
        _ => {
            let message = format!("`{}` needs `every` with `from`, `semi_monthly`, or `in`", name.text);
            let help = "for example `{ every: 14 days, from: 2013-01-07 }` or `{ semi_monthly: 15 }`".to_owned();
            page.error("one-of", name, message, Some(help));
            None
        }
    }
}

fn listed(name: &Text, tables: &mut Tables, page: &mut Page<'_>) -> Option<Vec<Period>> {
    let columns = ["code", "name", "first_day", "last_day"];
    let sheet = sheet_of(name, &columns, tables, page)?;
    let at: Option<Vec<usize>> = columns.iter().map(|column| needed_column(column, name, &sheet, page)).collect();
    let at = at?;
    let before = page.findings.len();
    let mut periods: Vec<Period> = Vec::new();
    for row in 0..sheet.rows.len() {
        let Some(period) = period(&sheet, row, &at, page) else { continue };
        if let Some(last) = periods.last() {
            let follows = last.last_day.tomorrow().ok() == Some(period.first_day) && last.code < period.code;
            if !follows {
                let message = format!("`{}` does not follow `{}`", period.code, last.code);
                let finding = Finding::error("period-does-not-follow", sheet.place(row, at[0]), message);
                page.report(
                    finding.help(
                        "periods stand in order, each begins the day after the last ended, and codes count upwards",
                    ),
                );
            }
        }
        periods.push(period);
    }
    if periods.is_empty() && page.findings.len() == before {
        page.error("missing-key", name, format!("the table `{}` lists no period", name.text), None);
    }
    (page.findings.len() == before).then_some(periods)
}

fn period(sheet: &Sheet, row: usize, at: &[usize], page: &mut Page<'_>) -> Option<Period> {
    let cell = |column: usize| sheet.rows[row].cells[at[column]].trim();
    let (code, name) = (cell(0), cell(1));
    let mut refuse = |column: usize, message: String, help: &str| {
        page.report(Finding::error("bad-period", sheet.place(row, at[column]), message).help(help));
    };
    if code.is_empty() || Period::month(code).is_ok() {
        refuse(
            0,
            format!("`{code}` cannot be the code of a pay period"),
            "months are called 2013-11; write for example 2013-P23",
        );
        return None;
    }
    if name.is_empty() || name.chars().count() > NAME {
        refuse(1, format!("`{name}` is not a name of 1 to {NAME} characters"), "for example `P23 2013`");
        return None;
    }
    let mut day = |column: usize| {
        let day = cell(column).parse::<Date>().ok().filter(|_| cell(column).len() == 10);
        if day.is_none() {
            refuse(column, format!("`{}` is not a date", cell(column)), "write dates as YYYY-MM-DD");
        }
        day
    };
    let (first_day, last_day) = (day(2)?, day(3)?);
    if last_day < first_day {
        refuse(3, format!("this period ends on {last_day}, before it begins"), "both days are included");
        return None;
    }
    Some(Period { code: PeriodCode(code.to_owned()), name: name.to_owned(), first_day, last_day })
}
