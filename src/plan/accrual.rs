//! Month-end accruals: what a pay period costs up to the end of the month inside it, booked as GP's reversing transaction
//! (payroll-rules.md, Accrual). GP books the reversal, and the payroll itself books in full.

use super::hold::{Hold, HoldCode, Warning};
use crate::hr::Period;
use crate::project::pipeline::{Accrue, JournalRule, Otherwise, ReverseOn};
use jiff::civil::Date;

/// Days whose cost is computed, and the period whose share they are: the same, unless it is accrued.
#[derive(Clone, Copy, Debug)]
pub struct Stretch<'p> {
    pub days: &'p Period,
    pub of: &'p Period,
}

impl<'p> Stretch<'p> {
    /// All days of a period.
    pub fn whole(period: &'p Period) -> Stretch<'p> {
        Stretch { days: period, of: period }
    }
}

/// The share of a pay period that a journal accrues.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accrual {
    /// The period up to the end, under its own code.
    pub days: Period,
    /// The day on which GP books the opposite.
    pub reverses_on: Date,
}

impl Accrual {
    /// The end itself: the journal's date.
    pub fn date(&self) -> Date {
        self.days.last_day
    }
}

/// How much of a period a journal books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Counted {
    Whole,
    Share(Accrual),
    /// No month ends inside it: its whole cost is in the month it belongs to.
    Nothing(Warning),
    /// Several months end inside it: it would take a journal at each.
    Unclear(Box<Hold>),
}

/// What a journal of this rule books of `period`.
pub fn counted(rule: &JournalRule, period: &Period) -> Counted {
    let Some(accrue) = rule.accrue() else { return Counted::Whole };
    let ends: Vec<Date> = month_ends(period.first_day).take_while(|day| *day < period.last_day).collect();
    match ends.as_slice() {
        [] => Counted::Nothing(nothing_to_accrue(period)),
        [end] => Counted::Share(Accrual {
            days: Period { last_day: *end, ..period.clone() },
            reverses_on: match accrue.reverse {
                ReverseOn::NextDay => end.tomorrow().unwrap_or(period.last_day),
                ReverseOn::PeriodLastDay => period.last_day,
            },
        }),
        [first, .., last] => Counted::Unclear(Box::new(several(accrue, period, (*first, *last)))),
    }
}

/// Whether a journal of `day` is what GP itself booked to reverse the accrual of `period`: it may carry our reference.
pub fn is_reversal(rule: &JournalRule, period: &Period, day: Date) -> bool {
    matches!(counted(rule, period), Counted::Share(accrual) if accrual.date() != day)
}

/// The last day of the month that `day` lies in, and of every month after it.
fn month_ends(day: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(day.last_of_month()), |end| Some(end.tomorrow().ok()?.last_of_month()))
}

fn several(accrue: &Accrue, period: &Period, (first, last): (Date, Date)) -> Hold {
    Hold {
        code: HoldCode::AccrualSeveralEnds,
        subject: format!("period {}", period.code),
        message: format!("several months end inside it ({first} to {last}): each would need an accrual of its own"),
        remedy: "Let the pipeline's periods be shorter than a month, or book these accruals by hand.".to_owned(),
        place: Some(accrue.place.clone()),
        otherwise: Otherwise::Hold,
    }
}

fn nothing_to_accrue(period: &Period) -> Warning {
    Warning {
        code: "nothing-to-accrue",
        subject: format!("period {}", period.code),
        message: format!("no month ends inside it ({} to {})", period.first_day, period.last_day),
        remedy: "Nothing has to be accrued: its payroll is booked in the month it belongs to.".to_owned(),
    }
}

/// An accrual of a closed month is reversed by GP, and the payroll books in full: a difference is nobody's any more.
pub fn not_corrected(accrual: &Accrual) -> Warning {
    Warning {
        code: "accrual-not-corrected",
        subject: format!("period {}", accrual.days.code),
        message: format!(
            "the accrual of {} was sent, its month is closed, and today it would be another",
            accrual.date()
        ),
        remedy: "Nothing has to be done: GP reverses what was accrued, and the payroll books the period in full."
            .to_owned(),
    }
}
