//! `make: accrue`: a journal that books a pay period's share up to the month end, and that GP reverses.

use super::Page;
use super::sources::From;
use crate::hr::PayCalendar;
use crate::project::finding::Finding;
use crate::project::pipeline::{Accrue, ReverseOn};
use crate::project::shape::pipeline as shape;

/// Compiles `accrue`. `None` after an error.
pub fn accrue(
    raw: &shape::Accrue,
    pipeline: &shape::Pipeline,
    from: Option<&From>,
    page: &mut Page<'_>,
) -> Option<Accrue> {
    let before = page.findings.len();
    if let Some(never) = from.and_then(|from| never_straddles(&from.calendar)) {
        let message = format!("no month ever ends inside {never}: there is nothing to accrue");
        let finding = Finding::error("accrues-nothing", page.place(raw.at()), message);
        page.report(
            finding.help(
                "name the pay periods: `from: { periods: … }`, one of `calendar: { schedules: … }` in project.yaml",
            ),
        );
    }
    if let Some(register) = pipeline.from.as_ref().and_then(|from| from.register.as_ref()) {
        let message = "a register tells what a period cost when it is over: too late to accrue from it";
        let help = "accrue from rates, in a pipeline of its own without `register`";
        page.error("bad-accrual", register, message, Some(help.to_owned()));
    }
    let burdens = pipeline.pay.iter().filter_map(|pay| pay.burden.as_ref()).flat_map(|burdens| burdens.iter());
    for (name, _) in burdens.filter(|(_, burden)| burden.liability.is_some()) {
        let message = format!("`{}` is a liability at a month end already: GP must not reverse it", name.text);
        let help = "book it in a pipeline of its own, with `wages: elsewhere`".to_owned();
        page.error("bad-accrual", name, message, Some(help));
    }
    let burdens = pipeline.pay.iter().filter_map(|pay| pay.burden.as_ref()).flat_map(|burdens| burdens.iter());
    for (name, _) in burdens.filter(|(_, burden)| burden.benefits.is_some()) {
        let message = format!("`{}` is read at the end of a period, and this one has not ended", name.text);
        let help = "accrue it from a table with `cost_of`, or by `per_head`".to_owned();
        page.error("bad-accrual", name, message, Some(help));
    }
    if let Some(corrects) = &pipeline.corrects {
        let message = "an accrual corrects nothing: GP reverses it, and the payroll books the period in full";
        page.error("bad-accrual", corrects, message, Some("remove `corrects`".to_owned()));
    }
    if let Some(corrections) = &pipeline.corrections {
        let message = "an accrual is never corrected in a later month: GP reverses it";
        let finding = Finding::error("unused-part", page.place(corrections.at()), message);
        page.report(finding.help("remove `corrections`"));
    }
    let reverse = match raw.reverse.map(|placed| placed.value) {
        Some(shape::ReverseOn::PeriodLastDay) => ReverseOn::PeriodLastDay,
        Some(shape::ReverseOn::NextDay) | None => ReverseOn::NextDay,
    };
    (page.findings.len() == before).then(|| Accrue { reverse, place: page.place(raw.at()) })
}

/// What periods of this calendar are, where none crosses the end of a month.
fn never_straddles(calendar: &PayCalendar) -> Option<&'static str> {
    match calendar {
        PayCalendar::Months => Some("a calendar month"),
        PayCalendar::SemiMonthly { .. } => Some("half a month"),
        PayCalendar::Every { .. } | PayCalendar::Listed(_) => None,
    }
}
