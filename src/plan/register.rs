//! A payroll register: amounts that the payroll provider computed. An amount that names a department or location is booked
//! there; any other is spread over the person's segments by their units, or over the shares of a split.

use super::centre::Centres;
use super::earning::{Own, Part, PayContext, PersonPay, add_part};
use super::facts::Facts;
use super::hold::HoldCode;
use super::hourly::{Named, place_of};
use super::scheduled::{self, Unscheduled};
use super::segment::Segment;
use super::spell::Spell;
use crate::hr::{Period, RegisterRow, Text};
use crate::ledger::exact::TooLarge;
use crate::ledger::{Currency, Exact};
use crate::project::Pipeline;
use crate::project::pipeline::{Amount, Pay, RegisterCode};
use jiff::civil::Date;
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// The rows of the pipeline's register.
pub fn rows_of<'r>(
    pipeline: &'r Pipeline,
    facts: &'r Facts,
    rows: &'r [RegisterRow],
) -> impl Iterator<Item = &'r RegisterRow> {
    rows.iter().filter(|row| pipeline.register.as_deref() == Some(facts.text(row.register)))
}

/// The last day of employment of somebody whom the register of `period` pays though they left before it: final pay costs
/// where they worked last. `None` for everybody else.
pub fn left_before(
    pipeline: &Pipeline,
    facts: &Facts,
    rows: &[RegisterRow],
    spells: &[Spell],
    period: &Period,
) -> Option<Date> {
    rows_of(pipeline, facts, rows).next()?;
    spells.iter().map(|(_, last)| *last).filter(|last| *last < period.first_day).max()
}

/// Adds the register's amounts of one person.
pub fn parts(context: &PayContext<'_>, own: &Own<'_>, centres: &mut Centres, out: &mut PersonPay) {
    let (pipeline, facts) = (context.look_ups.pipeline, own.person.rows.facts);
    let rows: Vec<&RegisterRow> = rows_of(pipeline, facts, own.person.registers).collect();
    if rows.is_empty() {
        out.not_on_register = true;
        return;
    }
    once_each(context.pay, facts, &rows, out);
    adds_up(context.pay, facts, &rows, out);
    let units = match units(context, own) {
        Ok(units) => units,
        Err(unscheduled) => return out.add_problem(unscheduled.into()),
    };
    for row in rows {
        let code = facts.text(row.code);
        let amount = match context.pay.register_code(code) {
            Some(RegisterCode::Booked(amount)) => amount,
            Some(RegisterCode::Control | RegisterCode::Ignored) => continue,
            None => {
                out.problem(HoldCode::RegisterCodeUnknown, code);
                continue;
            }
        };
        let Some((value, currency)) = readable(facts, row, out) else { continue };
        out.negative_payments |= amount.is_earning() && value < Decimal::ZERO;
        let exact = Exact::from_decimal(value);
        let part =
            Part { segment: own.base, centre: None, earning: amount, currency, at_home: true, split_row: 0, exact };
        let booked = if row.department.is_empty() && row.location.is_empty() {
            spread(own, &units, part, &mut out.parts)
        } else {
            named(context, own, row, part, centres, out)
        };
        if booked.is_err() {
            out.problem(HoldCode::AmountTooLarge, row.date.to_string());
        }
    }
}

/// A row's amount and currency, where they are exact and the currency has that many digits.
fn readable(facts: &Facts, row: &RegisterRow, out: &mut PersonPay) -> Option<(Decimal, Currency)> {
    let code = facts.text(row.currency);
    let Some(currency) = Currency::from_code(code) else {
        out.problem(HoldCode::CurrencyUnknown, code);
        return None;
    };
    let amount = row.amount.filter(|amount| amount.normalize().scale() <= currency.minor_digits());
    if amount.is_none() {
        let what = format!("`{}` in {}", facts.text(row.code), facts.text(row.row_id));
        out.problem(HoldCode::RegisterAmountUnreadable, what);
    }
    amount.map(|amount| (amount, currency))
}

/// The units of each segment; its calendar days where no segment has any.
fn units(context: &PayContext<'_>, own: &Own<'_>) -> Result<Vec<i128>, Unscheduled> {
    let of = |segment: &Segment| scheduled::units(context, own, segment.first_day, segment.last_day);
    let units = own.segments.iter().map(of).collect::<Result<Vec<i128>, _>>()?;
    if units.iter().any(|units| *units != 0) {
        return Ok(units);
    }
    let days = |first: Date, last: Date| first.until(last).map_or(1, |span| i128::from(span.get_days()) + 1);
    Ok(own.segments.iter().map(|segment| days(segment.first_day, segment.last_day)).collect())
}

/// One amount over all segments.
fn spread(own: &Own<'_>, units: &[i128], part: Part, parts: &mut Vec<Part>) -> Result<(), TooLarge> {
    let whole: i128 = units.iter().sum();
    for (at, (segment, units)) in own.segments.iter().zip(units).enumerate() {
        if *units != 0 {
            let exact = part.exact.times(Exact::fraction(*units, whole)?)?;
            add_part(parts, Part { segment: own.base + at as u32, centre: segment.centre, exact, ..part })?;
        }
    }
    Ok(())
}

/// An amount where the register says: in the segment of its date, else in the last one.
fn named(
    context: &PayContext<'_>,
    own: &Own<'_>,
    row: &RegisterRow,
    part: Part,
    centres: &mut Centres,
    out: &mut PersonPay,
) -> Result<(), TooLarge> {
    let last = || own.segments.last().map(|segment| (own.base + own.segments.len() as u32 - 1, segment));
    let Some((at, segment)) = own.segment_on(row.date).or_else(last) else { return Ok(()) };
    let facts = own.person.rows.facts;
    let (department, location) = (facts.text(row.department), facts.text(row.location));
    let named = Named { day: row.date, department, location };
    let centre = match place_of(context, &own.person.rows, &named, segment, centres) {
        Ok((_, centre)) => centre,
        Err(missing) => {
            out.unresolved(missing);
            None
        }
    };
    // The register has split it already.
    add_part(&mut out.parts, Part { segment: at, centre, at_home: false, ..part })
}

/// The same code for the same day and place on two lines of a register is one amount twice, or two halves: nobody can tell,
/// but where the pipeline says that lines add up. Two files are never halves: a file was put there twice.
fn once_each(pay: &Pay, facts: &Facts, rows: &[&RegisterRow], out: &mut PersonPay) {
    let mut seen: FxHashMap<(Date, Text, Text, Text), Text> = FxHashMap::default();
    for row in rows {
        let first = *seen.entry((row.date, row.code, row.department, row.location)).or_insert(row.row_id);
        let (first, second) = (facts.text(first), facts.text(row.row_id));
        let differs = match pay.control.adds_up_repeated {
            true => file_of(first) != file_of(second),
            false => first != second,
        };
        if differs {
            return out.problem(HoldCode::RegisterPersonTwice, format!("{first} and {second}"));
        }
    }
}

/// Gross is the sum of the earnings, net is gross without what is withheld: for each pay date and currency.
fn adds_up(pay: &Pay, facts: &Facts, rows: &[&RegisterRow], out: &mut PersonPay) {
    /// Earnings, withheld, gross and net as written.
    #[derive(Default)]
    struct Sums([Decimal; 4]);
    let mut sums: BTreeMap<(Date, &str), Sums> = BTreeMap::new();
    for row in rows {
        let code = facts.text(row.code);
        // What is unreadable holds by itself.
        let Some(amount) = row.amount else { return };
        let sum = &mut sums.entry((row.date, facts.text(row.currency))).or_default().0;
        let at = match pay.register_code(code) {
            Some(RegisterCode::Booked(amount)) if amount.is_earning() => 0,
            Some(RegisterCode::Booked(Amount::Withheld(_))) => 1,
            Some(RegisterCode::Control) if pay.control.gross.as_deref() == Some(code) => 2,
            Some(RegisterCode::Control) => 3,
            Some(RegisterCode::Booked(_) | RegisterCode::Ignored) | None => continue,
        };
        match sum[at].checked_add(amount) {
            Some(total) => sum[at] = total,
            None => return out.problem(HoldCode::AmountTooLarge, row.date.to_string()),
        }
    }
    for ((date, _), Sums([earned, withheld, gross, net])) in sums {
        let Some(left) = earned.checked_sub(withheld) else {
            return out.problem(HoldCode::AmountTooLarge, date.to_string());
        };
        let checks = [(&pay.control.gross, gross, earned), (&pay.control.net, net, left)];
        for (code, said, computed) in checks {
            if let Some(code) = code.as_ref().filter(|_| said != computed) {
                out.problem(HoldCode::RegisterDoesNotAddUp, format!("`{code}` of {date}"));
            }
        }
    }
}

/// What a whole register lacks in a period: the subject, and the message's own part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lack {
    pub code: HoldCode,
    pub subject: String,
    pub what: String,
}

/// What the register lacks in a period.
pub fn lacks(pipeline: &Pipeline, pay: &Pay, period: &Period, facts: &Facts) -> Vec<Lack> {
    let Some(register) = &pipeline.register else { return Vec::new() };
    let own = || rows_of(pipeline, facts, &facts.registers);
    let dates: BTreeSet<Date> = own().map(|row| row.date).filter(|date| period.contains(*date)).collect();
    let subject = format!("register {register}");
    if dates.is_empty() {
        return vec![Lack { code: HoldCode::RegisterMissing, subject, what: period.code.0.clone() }];
    }
    let mut lacks = Vec::new();
    if let Some(wanted) = pay.control.pay_dates.filter(|wanted| dates.len() < *wanted as usize) {
        let what = format!("{} of {wanted} pay dates of {}", dates.len(), period.code);
        lacks.push(Lack { code: HoldCode::RegisterIncomplete, subject, what });
    }
    lacks.extend(totals_differ(register, own, period, facts));
    lacks
}

/// The files with a row in the period whose amounts do not add up to the totals that they state. Rows of people whom
/// BambooHR does not list have no amount here, and hold by themselves.
fn totals_differ<'f, R: Iterator<Item = &'f RegisterRow>>(
    register: &str,
    rows: impl Fn() -> R,
    period: &Period,
    facts: &'f Facts,
) -> Vec<Lack> {
    let totals = facts.register_totals.iter().filter(|total| total.register == register);
    if totals.clone().next().is_none() {
        return Vec::new();
    }
    let strays: BTreeSet<&str> =
        facts.strays.iter().filter(|stray| stray.table == "registers").map(|stray| file_of(&stray.row_id)).collect();
    let of_period = rows().filter(|row| period.contains(row.date)).map(|row| file_of(facts.text(row.row_id)));
    let files: BTreeSet<&str> = of_period.filter(|file| !strays.contains(file)).collect();
    let mut sums: BTreeMap<(&str, &str), Decimal> = BTreeMap::new();
    for row in rows() {
        let file = file_of(facts.text(row.row_id));
        if files.contains(file) {
            // What is unreadable holds by itself.
            let sum = sums.entry((file, facts.text(row.code))).or_default();
            *sum = sum.checked_add(row.amount.unwrap_or_default()).unwrap_or(Decimal::MAX);
        }
    }
    let differ = totals.filter(|total| {
        let sum = sums.get(&(total.file.as_str(), total.code.as_str())).copied().unwrap_or_default();
        files.contains(total.file.as_str()) && sum != total.amount
    });
    differ
        .map(|total| Lack {
            code: HoldCode::RegisterTotalsDiffer,
            subject: format!("register {register}"),
            what: format!("`{}` in {}", total.code, total.file),
        })
        .collect()
}

/// The files with a row in the period and rows of other days, with how many those are: a mistyped date is booked elsewhere,
/// or nowhere.
pub fn other_dates<'f>(pipeline: &'f Pipeline, period: &Period, facts: &'f Facts) -> Vec<(&'f str, usize)> {
    let mut files: BTreeMap<&str, (bool, BTreeSet<&str>)> = BTreeMap::new();
    for row in rows_of(pipeline, facts, &facts.registers) {
        let row_id = facts.text(row.row_id);
        let (within, others) = files.entry(file_of(row_id)).or_default();
        if period.contains(row.date) {
            *within = true;
        } else {
            others.insert(row_id);
        }
    }
    let both = files.into_iter().filter(|(_, (within, others))| *within && !others.is_empty());
    both.map(|(file, (_, others))| (file, others.len())).collect()
}

/// The file that a row's id begins with.
fn file_of(row_id: &str) -> &str {
    row_id.rsplit_once(':').map_or(row_id, |(file, _)| file)
}
