//! Time off: paid leave of hourly people books its hours, unpaid leave of salaried people takes its units out of the
//! proration (payroll-rules.md, Leave). A pipeline without `leave` never gets here.

use super::earning::{Own, Part, PayContext, PersonPay, Unpayable, add_part, meaning};
use super::hold::HoldCode;
use super::scheduled;
use super::segment::Segment;
use crate::hr::TimeOffRow;
use crate::ledger::{Currency, Exact};
use crate::project::pipeline::{Amount, Leave, PayMeaning};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Paid,
    Unpaid,
}

fn kind_of(leave: &Leave, name: &str) -> Option<Kind> {
    let is_in = |list: &[String]| list.iter().any(|known| known == name);
    match (is_in(&leave.paid), is_in(&leave.unpaid)) {
        (true, _) => Some(Kind::Paid),
        (_, true) => Some(Kind::Unpaid),
        _ => None,
    }
}

/// Adds the hours of paid leave of days that are paid by the hour, at home. A type in neither list holds the person.
pub fn parts(context: &PayContext<'_>, own: &Own<'_>, out: &mut PersonPay) {
    let Some(leave) = &context.pay.leave else { return };
    let facts = own.person.rows.facts;
    for row in own.person.time_off {
        let Some((at, segment)) = own.segment_on(row.date) else { continue };
        let Some(kind) = kind_of(leave, facts.text(row.kind)) else {
            out.problem(HoldCode::LeaveTypeUnknown, facts.text(row.kind));
            continue;
        };
        let Some(pay) = own.pay(segment) else { continue };
        let hourly = meaning(context.pay, facts, pay) == Some(PayMeaning::Hourly);
        let (Kind::Paid, true, Some(rate)) = (kind, hourly, pay.rate) else { continue };
        let Some(currency) = Currency::from_code(facts.text(pay.currency)) else { continue };
        let hours = if row.in_hours {
            row.amount
        } else {
            match scheduled::hours_of(context, own, segment, row.date) {
                Ok(of_day) => row.amount * Decimal::new(of_day, 2),
                Err(unscheduled) => {
                    out.add_problem(unscheduled.into());
                    continue;
                }
            }
        };
        let booked = Exact::from_decimal(rate).times(Exact::from_decimal(hours)).and_then(|exact| {
            let (centre, earning) = (segment.centre, Amount::Regular);
            add_part(
                &mut out.parts,
                Part { segment: at, centre, earning, currency, at_home: true, split_row: 0, exact },
            )
        });
        if booked.is_err() {
            out.problem(HoldCode::AmountTooLarge, row.date.to_string());
        }
    }
}

/// The units of unpaid leave in a segment; `None` when there is none. A day is never more than its one unit, and a day that
/// counts nothing takes nothing out.
pub fn unpaid_units(context: &PayContext<'_>, own: &Own<'_>, segment: &Segment) -> Result<Option<Exact>, Unpayable> {
    let Some(leave) = &context.pay.leave else { return Ok(None) };
    let is_unpaid = |row: &&TimeOffRow| {
        segment.first_day <= row.date
            && row.date <= segment.last_day
            && kind_of(leave, own.person.rows.facts.text(row.kind)) == Some(Kind::Unpaid)
    };
    let mut by_day: BTreeMap<jiff::civil::Date, (Exact, i128)> = BTreeMap::new();
    for row in own.person.time_off.iter().filter(is_unpaid) {
        let whole = scheduled::units(context, own, row.date, row.date)?;
        if whole == 0 {
            continue;
        }
        // Of a day, as many of its units as its hours are away.
        let amount = Exact::from_decimal(row.amount);
        let days = if row.in_hours {
            // A day without scheduled hours that counts all the same has eight.
            let of_day = scheduled::hours_of(context, own, segment, row.date)?;
            let of_day = if of_day > 0 { of_day } else { 800 };
            amount.times(Exact::fraction(100, i128::from(of_day))?)?
        } else {
            amount
        };
        let day = by_day.entry(row.date).or_insert((Exact::ZERO, whole));
        day.0 = day.0.plus(days)?;
    }
    let mut units = Exact::ZERO;
    for (days, whole) in by_day.values() {
        let more_than_a_day = !days.plus(Exact::whole(-1))?.is_negative();
        let part = if more_than_a_day { Exact::whole(1) } else { *days };
        units = units.plus(part.times(Exact::whole(*whole))?)?;
    }
    Ok((!units.is_zero()).then_some(units))
}
