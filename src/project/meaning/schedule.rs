//! `every`: when a pipeline wakes by itself.

use super::Page;
use crate::project::pipeline::{Every, IfMissed};
use crate::project::shape::Text;
use crate::project::shape::pipeline as shape;

/// The schedule; `None` after a finding.
pub fn every(raw: &shape::Every, page: &mut Page<'_>) -> Option<Every> {
    match (&raw.day_at, &raw.month_on) {
        (Some(day_at), None) => {
            for extra in [&raw.at].into_iter().flatten() {
                page.error("unused-part", extra, "`at` goes with `month_on`; `day_at` has its time already", None);
            }
            page.time(day_at).map(|at| Every::Day { at })
        }
        (None, Some(month_on)) => {
            let if_missed = match raw.if_missed {
                Some(shape::IfMissed::Skip) => IfMissed::Skip,
                Some(shape::IfMissed::RunOnce) | None => IfMissed::RunOnce,
            };
            let at = match &raw.at {
                Some(at) => page.time(at),
                None => {
                    page.error(
                        "missing-key",
                        month_on,
                        "`month_on` needs a time",
                        Some("add `at: \"07:00\"`".to_owned()),
                    );
                    None
                }
            };
            month_day(month_on, at?, if_missed, page)
        }
        _ => {
            let place = page.place(raw.at());
            let message = "`every` needs exactly one of `day_at` and `month_on`";
            page.report(
                crate::project::Finding::error("one-of", place, message)
                    .help("for example { month_on: 2nd business day, at: \"07:00\" }"),
            );
            None
        }
    }
}

fn month_day(text: &Text, at: String, if_missed: IfMissed, page: &mut Page<'_>) -> Option<Every> {
    let ordinal = |word: &str| {
        let digits = word.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
        let ending = &word[digits.len()..];
        digits.parse::<u8>().ok().filter(|_| ["", "st", "nd", "rd", "th"].contains(&ending))
    };
    let words: Vec<&str> = text.text.split_whitespace().collect();
    let schedule = match words.as_slice() {
        [number, "business", "day"] => ordinal(number)
            .filter(|day| (1..=23).contains(day))
            .map(|day| Every::BusinessDayOfMonth { day, at, if_missed }),
        ["day", number] => {
            ordinal(number).filter(|day| (1..=28).contains(day)).map(|day| Every::DayOfMonth { day, at, if_missed })
        }
        _ => None,
    };
    if schedule.is_none() {
        let message = format!("`{}` is not a day of every month", text.text);
        page.error("bad-schedule", text, message, Some("`2nd business day`, or `day 3` (1 to 28)".to_owned()));
    }
    schedule
}
