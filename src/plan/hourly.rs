//! Pay by the hour or by the piece: rate × hours in the place they name, overtime, and hours with a code of their own.

use super::centre::{CentreId, Centres};
use super::days;
use super::earning::{Own, Part, PayContext, PersonPay, add_part, meaning};
use super::facts::Facts;
use super::hold::HoldCode;
use super::people::OnePerson;
use super::segment::{Elsewhere, Missing, PersonRows, Segment};
use super::spell::{self, Spell};
use crate::hr::{HoursRow, Period, Text};
use crate::ledger::exact::TooLarge;
use crate::ledger::{Currency, Exact};
use crate::project::pipeline::{Amount, EarningHow, Overtime, Pay, PayMeaning, Unapproved};
use jiff::civil::Date;
use rust_decimal::Decimal;

/// Hours (or pieces) × rate on each day of the period that is paid so, in the place the hours name, else at home.
pub fn parts(context: &PayContext<'_>, own: &Own<'_>, centres: &mut Centres, out: &mut PersonPay) {
    let rows = &own.person.rows;
    let over = match &context.pay.hourly.overtime {
        Some(rule) => overtime_hours(context, rule, own.person, &out.spells),
        None => vec![Decimal::ZERO; own.person.hours.len()],
    };
    for (row, over) in own.person.hours.iter().zip(over) {
        let Some((at, segment)) = own.segment_on(row.date) else {
            if context.period.contains(row.date) && !spell::contains(&out.spells, row.date) {
                out.problem(HoldCode::HoursNotEmployed, row.date.to_string());
            }
            continue;
        };
        let Some(pay) = own.pay(segment) else { continue };
        let paid = match meaning(context.pay, rows.facts, pay) {
            Some(PayMeaning::Hourly) => !row.are_pieces,
            Some(PayMeaning::Pieces) => row.are_pieces,
            Some(PayMeaning::Salary | PayMeaning::NoBasePay) | None => false,
        };
        let (true, Some(rate)) = (paid, pay.rate) else { continue };
        let Some(currency) = Currency::from_code(rows.facts.text(pay.currency)) else { continue };
        if !row.approved && context.pay.hourly.unapproved == Unapproved::Hold {
            out.problem(HoldCode::HoursNotApproved, row.date.to_string());
        }
        let Some(said) = said(context.pay, rows.facts, row) else {
            out.problem(HoldCode::ProjectUnknown, project_name(rows.facts, row));
            continue;
        };
        let Some(kind) = kind_of(context.pay, said.earning) else {
            out.problem(HoldCode::EarningUnknown, said.earning);
            continue;
        };
        out.negative_hours |= row.hours.is_sign_negative() && !row.hours.is_zero();
        let (place, centre) = match place_of(context, rows, &said.place, segment, centres) {
            Ok(found) => found,
            Err(missing) => {
                out.unresolved(missing);
                (Place::Named, None)
            }
        };
        // Without splits it makes no difference, and hours with one centre are one part.
        let at_home = place == Place::Home || context.pay.split.is_none();
        let (earning, exact) = (Amount::Regular, Exact::ZERO);
        let part = Part { segment: at, centre, earning, currency, at_home, split_row: 0, exact };
        if book(context, &mut out.parts, part, Exact::from_decimal(rate), kind, (row.hours, over)).is_err() {
            out.problem(HoldCode::AmountTooLarge, row.date.to_string());
        }
    }
}

/// The first hours (or pieces) in the period of somebody who is not employed on any of its days, where they are not those of
/// a salaried person: these cost nothing anyway. Before the first pay, the first says what they are.
pub fn of_nobody<'p>(pay: &Pay, person: &OnePerson<'p>, period: &Period) -> Option<&'p HoursRow> {
    let row = person.hours.iter().find(|row| period.contains(row.date) && pay.from_rates && pay.books_wages)?;
    let rates = person.everything.pay;
    let rate = rates.iter().rfind(|rate| rate.date <= row.date).or(rates.first());
    let meaning = rate.and_then(|rate| meaning(pay, person.rows.facts, rate));
    (!matches!(meaning, Some(PayMeaning::Salary | PayMeaning::NoBasePay))).then_some(row)
}

/// What a row of hours is paid as.
#[derive(Clone, Copy)]
enum Kind {
    Plain,
    Coded { earning: usize, at: Decimal, on_top: bool, counts_for_overtime: bool },
}

/// `None` for a code that no earning names.
fn kind_of(pay: &Pay, code: &str) -> Option<Kind> {
    if code.is_empty() {
        return Some(Kind::Plain);
    }
    pay.earnings.iter().enumerate().find_map(|(earning, rule)| match &rule.how {
        EarningHow::Hours { codes, at, on_top, counts_for_overtime } if codes.iter().any(|known| known == code) => {
            let (at, on_top, counts_for_overtime) = (*at, *on_top, *counts_for_overtime);
            Some(Kind::Coded { earning, at, on_top, counts_for_overtime })
        }
        EarningHow::Hours { .. } | EarningHow::Payments { .. } | EarningHow::Register { .. } => None,
    })
}

/// Books one row of hours: as regular and overtime, as an earning of its own, or as both where that comes on top.
fn book(
    context: &PayContext<'_>,
    parts: &mut Vec<Part>,
    part: Part,
    rate: Exact,
    kind: Kind,
    (hours, over): (Decimal, Decimal),
) -> Result<(), TooLarge> {
    let mut add = |earning: Amount, multiple: Decimal, hours: Decimal| {
        if hours.is_zero() {
            return Ok(());
        }
        let exact = rate.times(Exact::from_decimal(multiple))?.times(Exact::from_decimal(hours))?;
        add_part(parts, Part { earning, exact, ..part })
    };
    if matches!(kind, Kind::Plain | Kind::Coded { on_top: true, .. }) {
        let multiple = context.pay.hourly.overtime.as_ref().map_or(Decimal::ONE, |rule| rule.at);
        add(Amount::Regular, Decimal::ONE, hours - over)?;
        add(Amount::Overtime, multiple, over)?;
    }
    match kind {
        Kind::Plain => Ok(()),
        Kind::Coded { earning, at, .. } => add(Amount::Code(earning), at, hours),
    }
}

/// Where a row says that its amount goes.
pub struct Named<'a> {
    pub day: Date,
    /// Empty: the person's own.
    pub department: &'a str,
    pub location: &'a str,
}

/// What a row of hours says, or its project for it.
struct Said<'a> {
    place: Named<'a>,
    earning: &'a str,
}

/// What hours say of themselves comes first; `None` where their project has no row, and that holds.
fn said<'a>(pay: &'a Pay, facts: &'a Facts, row: &HoursRow) -> Option<Said<'a>> {
    let own = [row.department, row.location, row.earning].map(|text| facts.text(text));
    let mut said = Said { place: Named { day: row.date, department: own[0], location: own[1] }, earning: own[2] };
    let Some(projects) = pay.hourly.projects.as_ref().filter(|_| !row.project.is_empty()) else { return Some(said) };
    let keys = [facts.text(row.project), facts.text(row.task)];
    let keys = if projects.has_task { &keys[..] } else { &keys[..1] };
    let answer = |column: &str| projects.table.look_up(keys, row.date, column).map(|answer| answer.value.trim());
    let answers = ["department", "location", "earning"].map(answer);
    if answers == [None; 3] {
        return (!projects.holds).then_some(said);
    }
    let [department, location, earning] = answers.map(Option::unwrap_or_default);
    if said.place.department.is_empty() && said.place.location.is_empty() {
        (said.place.department, said.place.location) = (department, location);
    }
    if said.earning.is_empty() {
        said.earning = earning;
    }
    Some(said)
}

/// For a hold.
fn project_name(facts: &Facts, row: &HoursRow) -> String {
    match facts.text(row.task) {
        "" => facts.text(row.project).to_owned(),
        task => format!("{}, {task}", facts.text(row.project)),
    }
}

/// Where hours are booked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The person's own department and location.
    Home,
    /// The one that the hours name.
    Named,
}

/// The centre of hours, or of an amount of the register: the segment's own, or a look-up of its own where the row names a
/// department or location.
pub fn place_of(
    context: &PayContext<'_>,
    rows: &PersonRows<'_>,
    row: &Named<'_>,
    segment: &Segment,
    centres: &mut Centres,
) -> Result<(Place, Option<CentreId>), Missing> {
    let person = rows.on_day(segment.job_row, segment.pay_row, segment.employment_row);
    let home = |text: Option<Text>| text.map_or("", |text| rows.facts.text(text));
    let (home_department, home_location) =
        (home(person.job.map(|job| job.department)), home(person.job.map(|job| job.location)));
    let department = if row.department.is_empty() { home_department } else { row.department };
    let location = if row.location.is_empty() { home_location } else { row.location };
    if department == home_department && location == home_location {
        return Ok((Place::Home, segment.centre));
    }
    let elsewhere = Elsewhere { place: Some((department, location)), ..Elsewhere::default() };
    let found = context.look_ups.ask(person, row.day, context.period, &elsewhere, centres);
    found.map(|(centre, _)| (Place::Named, Some(centre)))
}

/// For each hours row, how many of its hours are overtime: in each Monday-to-Sunday week the hours above the threshold,
/// the latest first (within a day the later row first). Only hours of hourly days count.
fn overtime_hours(context: &PayContext<'_>, rule: &Overtime, person: &OnePerson<'_>, spells: &[Spell]) -> Vec<Decimal> {
    let (rows, hours) = (&person.rows, person.hours);
    let kind = |row: &HoursRow| kind_of(context.pay, said(context.pay, rows.facts, row)?.earning);
    let coded = |row: &HoursRow| match kind(row) {
        Some(Kind::Coded { on_top, counts_for_overtime, .. }) => Some((on_top, counts_for_overtime)),
        Some(Kind::Plain) | None => None,
    };
    let counts = |row: &HoursRow| {
        let pay = rows.pay_on(row.date).map(|at| &rows.facts.compensation_rows[at as usize]);
        let hourly = pay.and_then(|pay| meaning(context.pay, rows.facts, pay)) == Some(PayMeaning::Hourly);
        hourly && !row.are_pieces && spell::contains(spells, row.date) && coded(row).is_none_or(|(_, counts)| counts)
    };
    // Hours that are paid by their code instead are never overtime as well.
    let may_be_overtime = |row: &HoursRow| counts(row) && coded(row).is_none_or(|(on_top, _)| on_top);
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
            if may_be_overtime(&hours[at]) && hours[at].hours > Decimal::ZERO {
                over[at] = hours[at].hours.min(excess);
                excess -= over[at];
            }
        }
        start = end;
    }
    over
}
