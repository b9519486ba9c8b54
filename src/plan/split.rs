//! Splits: somebody's cost shared over several cost centres. Parts become (segment × split row), rounded together
//! (payroll-rules.md, Rounding (2) and (3)).

use super::centre::{CentreId, Centres};
use super::earning::{Own, Part, PayContext, PersonPay, Problem, period_salary};
use super::hold::HoldCode;
use super::names::PersonOnDay;
use super::segment::{Elsewhere, LookUps, Missing, sooner};
use crate::hr::Period;
use crate::ledger::Exact;
use crate::ledger::exact::TooLarge;
use crate::project::split::{SplitRow, SplitShare};
use jiff::civil::Date;

/// One share of a segment.
#[derive(Clone, Debug, PartialEq)]
pub struct SegmentShare {
    /// Row of the split table, the header being row 1.
    pub row: u32,
    pub share: SplitShare,
    /// `None` where a look-up has no answer for it.
    pub centre: Option<CentreId>,
}

/// How the cost of a segment is shared, in the order of the table.
pub type SegmentSplit = Vec<SegmentShare>;

/// Asks the split table for a person on a day; `None` when nobody shares their cost. Gives what the look-ups of the shares
/// have no answer for, and the last day on which all of it stays the same.
pub fn ask(
    look_ups: &LookUps<'_>,
    person: PersonOnDay<'_>,
    day: Date,
    period: &Period,
    centres: &mut Centres,
) -> (Option<SegmentSplit>, Missing) {
    let mut missing = Missing::default();
    let table = look_ups.pipeline.pay.as_ref().and_then(|pay| pay.split.as_ref());
    let Some(table) = table else { return (None, missing) };
    let keys = person.keys(look_ups.pipeline, &table.keys);
    let (rows, until) = table.rows_on(&keys, day);
    missing.until = until;
    let mut shares = Vec::with_capacity(rows.len());
    for row in rows {
        let (centre, last) = match look_ups.ask(person, day, period, &elsewhere(row, person), centres) {
            Ok((centre, last)) => (Some(centre), last),
            Err(of_share) => {
                missing.reasons.extend(of_share.reasons);
                (None, of_share.until)
            }
        };
        missing.until = sooner(missing.until, last);
        shares.push(SegmentShare { row: row.number, share: row.share, centre });
    }
    ((!shares.is_empty()).then_some(shares), missing)
}

fn elsewhere<'a>(row: &'a SplitRow, person: PersonOnDay<'a>) -> Elsewhere<'a> {
    let own = |text: Option<crate::hr::Text>| text.map_or("", |text| person.facts.text(text));
    let department = row.department.as_deref().unwrap_or_else(|| own(person.job.map(|job| job.department)));
    let location = row.location.as_deref().unwrap_or_else(|| own(person.job.map(|job| job.location)));
    Elsewhere { place: Some((department, location)), given: &row.given, row: row.number }
}

/// Puts shares in place of the parts that are booked at home.
pub fn expand(context: &PayContext<'_>, own: &Own<'_>, splits: &[Option<SegmentSplit>], out: &mut PersonPay) {
    let mut parts = Vec::with_capacity(out.parts.len());
    for part in std::mem::take(&mut out.parts) {
        let at = (part.segment - own.base) as usize;
        let day = own.segments[at].first_day;
        let split = splits.get(at).and_then(Option::as_ref).filter(|_| part.at_home);
        match split.map(|split| shares(context, own, at, split)) {
            None => add(&mut parts, part, day, out),
            Some(Ok(shares)) => {
                for (share, of) in shares {
                    match part.exact.times(share) {
                        Ok(exact) => {
                            let part = Part { exact, centre: of.centre, split_row: of.row, ..part };
                            add(&mut parts, part, day, out);
                        }
                        Err(TooLarge) => out.problem(HoldCode::AmountTooLarge, day.to_string()),
                    }
                }
            }
            Some(Err(problem)) => {
                out.add_problem(problem);
                parts.push(part);
            }
        }
    }
    out.parts = parts;
}

/// Adds to the part that is booked the same way: at home or not makes no difference any more. `day` says which amount it was
/// that is too large.
fn add(parts: &mut Vec<Part>, part: Part, day: Date, out: &mut PersonPay) {
    let part = Part { at_home: false, ..part };
    let same = |known: &&mut Part| known.is_like(&part) && known.split_row == part.split_row;
    let booked = match parts.iter_mut().find(same) {
        Some(known) => known.exact.plus(part.exact).map(|sum| known.exact = sum),
        None => {
            parts.push(part);
            Ok(())
        }
    };
    if booked.is_err() {
        out.problem(HoldCode::AmountTooLarge, day.to_string());
    }
}

/// The fraction that each share takes.
fn shares<'s>(
    context: &PayContext<'_>,
    own: &Own<'_>,
    at: usize,
    split: &'s SegmentSplit,
) -> Result<Vec<(Exact, &'s SegmentShare)>, Problem> {
    let too_large = |_| Problem::Pay(HoldCode::AmountTooLarge, own.segments[at].first_day.to_string());
    let mut weights = Exact::ZERO;
    for share in split {
        if let SplitShare::Weight(weight) = share.share {
            weights = weights.plus(Exact::from_decimal(weight)).map_err(too_large)?;
        }
    }
    let by_amount = split.iter().any(|share| share.share == SplitShare::Rest);
    let salary = if by_amount { Some(salary(context, own, at)?) } else { None };
    let (mut fractions, mut left) = (Vec::new(), Exact::whole(1));
    for share in split {
        let fraction = match (share.share, salary) {
            (SplitShare::Percent(percent), _) => {
                Exact::from_decimal(percent).times(Exact::fraction(1, 100).map_err(too_large)?)
            }
            (SplitShare::Weight(weight), _) => Exact::from_decimal(weight).divided_by(weights),
            (SplitShare::Amount(amount), Some(salary)) => Exact::from_decimal(amount).divided_by(salary),
            (SplitShare::Rest | SplitShare::Amount(_), _) => Ok(Exact::ZERO),
        }
        .map_err(too_large)?;
        left = left.plus(fraction.negated().map_err(too_large)?).map_err(too_large)?;
        fractions.push((fraction, share));
    }
    if left.is_negative() {
        let day = own.segments[at].first_day.to_string();
        return Err(Problem::Pay(HoldCode::SplitTooMuch, day));
    }
    if by_amount {
        for (fraction, share) in &mut fractions {
            if share.share == SplitShare::Rest {
                *fraction = left;
            }
        }
    }
    Ok(fractions)
}

/// What a whole period's salary is: amounts of a split are shares of it, so that half a period takes half of them.
fn salary(context: &PayContext<'_>, own: &Own<'_>, at: usize) -> Result<Exact, Problem> {
    let segment = &own.segments[at];
    let day = || segment.first_day.to_string();
    match period_salary(context, own, segment) {
        Some(Ok(salary)) if !salary.is_zero() => Ok(salary),
        Some(Err(TooLarge)) => Err(Problem::Pay(HoldCode::AmountTooLarge, day())),
        Some(Ok(_)) | None => Err(Problem::Pay(HoldCode::SplitNeedsSalary, day())),
    }
}
