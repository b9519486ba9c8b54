//! What a person earned in a period, exactly: parts by segment (and by the place that hours name), before any rounding.

use super::centre::{CentreId, Centres};
use super::days;
use super::hold::HoldCode;
use super::segment::{LookUps, PersonRows, Segment, Unresolved};
use super::spell::{self, Spell};
use crate::hr::{CompensationRow, HoursRow, PayType, Period, Text};
use crate::ledger::exact::TooLarge;
use crate::ledger::{Currency, Exact};
use crate::project::pipeline::{Amount, Overtime, Pay, PayPeriod, Unapproved};
use rust_decimal::Decimal;

/// One exact part of an earning.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// Position in the period's segments.
    pub segment: u32,
    pub centre: Option<CentreId>,
    pub earning: Amount,
    pub currency: Currency,
    pub exact: Exact,
}

/// Why a person's pay cannot be computed, before it is put into words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The code and the day or name it is about.
    Pay(HoldCode, String),
    LookUp(Unresolved),
}

/// What one pay rule needs to know beside the person.
pub struct PayContext<'a> {
    pub pay: &'a Pay,
    pub period: &'a Period,
    /// Units in the whole period.
    pub period_units: i128,
    pub look_ups: &'a LookUps<'a>,
}

/// Reused between people, so that a plan of many people allocates little.
#[derive(Debug, Default)]
pub struct PersonPay {
    /// When the person is employed.
    pub spells: Vec<Spell>,
    pub parts: Vec<Part>,
    pub problems: Vec<Problem>,
    /// Whether any segment is paid by the hour.
    pub hourly: bool,
    /// Whether there are hourly days but not one hours row in the period.
    pub hourly_without_hours: bool,
    pub negative_hours: bool,
}

impl PersonPay {
    /// Forgets the person before.
    pub fn clear(&mut self) {
        self.spells.clear();
        self.parts.clear();
        self.problems.clear();
        self.hourly = false;
        self.hourly_without_hours = false;
        self.negative_hours = false;
    }

    fn problem(&mut self, code: HoldCode, what: impl Into<String>) {
        let problem = Problem::Pay(code, what.into());
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }
}

/// Fills `out` with the exact parts of `segments` (all of one person; `base` is the position of the first).
pub fn earn(
    context: &PayContext<'_>,
    rows: &PersonRows<'_>,
    hours: &[HoursRow],
    segments: &[Segment],
    base: u32,
    centres: &mut Centres,
    out: &mut PersonPay,
) {
    for (at, segment) in segments.iter().enumerate() {
        if segment.job_row.is_none() {
            out.problem(HoldCode::JobRowMissing, segment.first_day.to_string());
        }
        let Some(row) = segment.pay_row.map(|row| &rows.facts.compensation_rows[row as usize]) else {
            out.problem(HoldCode::PayMissing, segment.first_day.to_string());
            continue;
        };
        let Some((rate, currency)) = readable(rows, row, out) else { continue };
        match row.pay_type {
            PayType::Hourly => {
                out.hourly = true;
                let per = rows.facts.text(row.paid_per);
                // BambooHR's own sample shows an hourly row paid per week: whether its rate is an hour's is a guess.
                if !per.is_empty() && !per.eq_ignore_ascii_case("hour") {
                    out.problem(HoldCode::PaidPerUnknown, per);
                }
            }
            PayType::Salary => match salary(context, rows, row, rate, segment) {
                Ok(exact) => out.parts.push(Part {
                    segment: base + at as u32,
                    centre: segment.centre,
                    earning: Amount::Regular,
                    currency,
                    exact,
                }),
                Err(Unpayable::Hold(code, what)) => out.problem(code, what),
                Err(Unpayable::TooLarge) => out.problem(HoldCode::AmountTooLarge, row.date.to_string()),
            },
            PayType::Other(name) => out.problem(HoldCode::PayTypeUnknown, rows.facts.text(name)),
        }
    }
    if out.hourly {
        hourly_parts(context, rows, hours, segments, base, centres, out);
        out.hourly_without_hours = !hours.iter().any(|row| context.period.contains(row.date));
    }
}

fn readable(rows: &PersonRows<'_>, row: &CompensationRow, out: &mut PersonPay) -> Option<(Decimal, Currency)> {
    let Some(rate) = row.rate else {
        out.problem(HoldCode::PayUnreadable, row.date.to_string());
        return None;
    };
    if row.currency.is_empty() {
        out.problem(HoldCode::CurrencyMissing, row.date.to_string());
        return None;
    }
    let code = rows.facts.text(row.currency);
    let currency = Currency::from_code(code);
    if currency.is_none() {
        out.problem(HoldCode::CurrencyUnknown, code);
    }
    currency.map(|currency| (rate, currency))
}

enum Unpayable {
    Hold(HoldCode, String),
    TooLarge,
}

impl From<TooLarge> for Unpayable {
    fn from(_: TooLarge) -> Self {
        Unpayable::TooLarge
    }
}

/// Annual rate / periods a year × segment units / period units.
fn salary(
    context: &PayContext<'_>,
    rows: &PersonRows<'_>,
    row: &CompensationRow,
    rate: Decimal,
    segment: &Segment,
) -> Result<Exact, Unpayable> {
    let times_a_year = times_a_year(context.pay, rows, row)?;
    let units = days::units(context.pay.prorate, segment.first_day, segment.last_day);
    let share = Exact::fraction(times_a_year * units, context.pay.period.a_year() * context.period_units)?;
    Ok(Exact::from_decimal(rate).times(share)?)
}

/// How often the rate falls in a year: Month × 12, Quarter × 4, Week × 52, Day × 260 (payroll-rules.md, Period salary).
fn times_a_year(pay: &Pay, rows: &PersonRows<'_>, row: &CompensationRow) -> Result<i128, Unpayable> {
    let written = rows.facts.text(row.paid_per);
    let plain: String = written.chars().filter(|c| !matches!(c, ' ' | '_' | '-')).collect::<String>().to_lowercase();
    match plain.as_str() {
        "year" => Ok(1),
        "quarter" => Ok(4),
        "month" => Ok(12),
        "week" => Ok(52),
        "day" => Ok(260),
        "payperiod" => {
            let schedule = rows.facts.text(row.pay_schedule);
            let known = pay.schedules.get(schedule).copied().map(PayPeriod::a_year);
            known.ok_or_else(|| Unpayable::Hold(HoldCode::PayScheduleUnknown, schedule.to_owned()))
        }
        _ => Err(Unpayable::Hold(HoldCode::PaidPerUnknown, written.to_owned())),
    }
}

/// Hours × rate on each hourly day of the period, in the place the hours name, else at home.
fn hourly_parts(
    context: &PayContext<'_>,
    rows: &PersonRows<'_>,
    hours: &[HoursRow],
    segments: &[Segment],
    base: u32,
    centres: &mut Centres,
    out: &mut PersonPay,
) {
    let over = match &context.pay.hourly.overtime {
        Some(rule) => overtime_hours(rule, rows, hours, &out.spells),
        None => vec![Decimal::ZERO; hours.len()],
    };
    for (row, over) in hours.iter().zip(over) {
        let Some(at) = segments.iter().position(|s| s.first_day <= row.date && row.date <= s.last_day) else {
            if context.period.contains(row.date) && !spell::contains(&out.spells, row.date) {
                out.problem(HoldCode::HoursNotEmployed, row.date.to_string());
            }
            continue;
        };
        let segment = &segments[at];
        let Some(pay) = segment.pay_row.map(|row| &rows.facts.compensation_rows[row as usize]) else { continue };
        let (PayType::Hourly, Some(rate)) = (pay.pay_type, pay.rate) else { continue };
        let Some(currency) = Currency::from_code(rows.facts.text(pay.currency)) else { continue };
        if !row.approved && context.pay.hourly.unapproved == Unapproved::Hold {
            out.problem(HoldCode::HoursNotApproved, row.date.to_string());
        }
        out.negative_hours |= row.hours.is_sign_negative() && !row.hours.is_zero();
        let centre = match place_of(context, rows, row, segment, centres) {
            Ok(centre) => centre,
            Err(missing) => {
                let problem = Problem::LookUp(missing);
                if !out.problems.contains(&problem) {
                    out.problems.push(problem);
                }
                None
            }
        };
        let multiple = context.pay.hourly.overtime.as_ref().map_or(Decimal::ONE, |rule| rule.at);
        let (segment, rate) = (base + at as u32, Exact::from_decimal(rate));
        let booked = add_hours(&mut out.parts, segment, centre, Amount::Regular, currency, rate, row.hours - over)
            .and_then(|()| {
                let rate = rate.times(Exact::from_decimal(multiple))?;
                add_hours(&mut out.parts, segment, centre, Amount::Overtime, currency, rate, over)
            });
        if booked.is_err() {
            out.problem(HoldCode::AmountTooLarge, row.date.to_string());
        }
    }
}

/// The centre of hours: the segment's own, or a look-up of its own where the hours name a department or location.
fn place_of(
    context: &PayContext<'_>,
    rows: &PersonRows<'_>,
    row: &HoursRow,
    segment: &Segment,
    centres: &mut Centres,
) -> Result<Option<CentreId>, Unresolved> {
    let person = rows.on_day(segment.job_row, segment.pay_row, segment.employment_row);
    let home = |text: Option<Text>| text.unwrap_or(Text::EMPTY);
    let (home_department, home_location) =
        (home(person.job.map(|job| job.department)), home(person.job.map(|job| job.location)));
    let named = |text: Text, home: Text| if text.is_empty() { home } else { text };
    let department = named(row.department, home_department);
    let location = named(row.location, home_location);
    if department == home_department && location == home_location {
        return Ok(segment.centre);
    }
    let place = (rows.facts.text(department), rows.facts.text(location));
    context.look_ups.ask(person, row.date, context.period, Some(place), centres).map(|(centre, _)| Some(centre))
}

fn add_hours(
    parts: &mut Vec<Part>,
    segment: u32,
    centre: Option<CentreId>,
    earning: Amount,
    currency: Currency,
    rate: Exact,
    hours: Decimal,
) -> Result<(), TooLarge> {
    if hours.is_zero() {
        return Ok(());
    }
    let exact = rate.times(Exact::from_decimal(hours))?;
    let same = |part: &&mut Part| {
        part.segment == segment && part.centre == centre && part.earning == earning && part.currency == currency
    };
    match parts.iter_mut().find(same) {
        Some(part) => part.exact = part.exact.plus(exact)?,
        None => parts.push(Part { segment, centre, earning, currency, exact }),
    }
    Ok(())
}

/// For each hours row, how many of its hours are overtime: in each Monday-to-Sunday week the hours above the threshold,
/// the latest first (within a day the later row first). Only hours of hourly days count.
fn overtime_hours(rule: &Overtime, rows: &PersonRows<'_>, hours: &[HoursRow], spells: &[Spell]) -> Vec<Decimal> {
    let counts = |row: &HoursRow| {
        let pay = rows.pay_on(row.date).map(|at| rows.facts.compensation_rows[at as usize].pay_type);
        pay == Some(PayType::Hourly) && spell::contains(spells, row.date)
    };
    let mut over = vec![Decimal::ZERO; hours.len()];
    let mut start = 0;
    while start < hours.len() {
        let week = days::week(hours[start].date);
        let end = hours[start..].iter().position(|row| days::week(row.date) != week).map_or(hours.len(), |n| start + n);
        let total: Decimal = hours[start..end].iter().filter(|row| counts(row)).map(|row| row.hours).sum();
        let mut excess = (total - rule.above_weekly).max(Decimal::ZERO);
        for at in (start..end).rev() {
            if excess.is_zero() {
                break;
            }
            if counts(&hours[at]) && hours[at].hours > Decimal::ZERO {
                over[at] = hours[at].hours.min(excess);
                excess -= over[at];
            }
        }
        start = end;
    }
    over
}
