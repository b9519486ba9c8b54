//! `every`: when a pipeline wakes by itself; and how changes are looked for.

use super::Page;
use super::settings::Settings;
use crate::project::connections::ChangePace;
use crate::project::finding::Finding;
use crate::project::pipeline::{DueOn, DueTime, Every, IfMissed};
use crate::project::shape::Text;
use crate::project::shape::pipeline as shape;
use crate::project::shape::project::ChangePace as RawPace;
use jiff::SignedDuration;
use std::ops::RangeInclusive;

/// The schedule; `None` after a finding.
pub fn every(raw: &shape::Every, page: &mut Page<'_>) -> Option<Every> {
    let change = raw.change_in.is_some();
    let if_missed = match raw.if_missed {
        Some(shape::IfMissed::Skip) => IfMissed::Skip,
        Some(shape::IfMissed::RunOnce) | None => IfMissed::RunOnce,
    };
    let (on, at) = match (&raw.day_at, &raw.month_on) {
        (Some(day_at), None) => {
            if let Some(extra) = &raw.at {
                page.error("unused-part", extra, "`at` goes with `month_on`; `day_at` has its time already", None);
            }
            (Some(DueOn::EachDay), page.time(day_at))
        }
        (None, Some(month_on)) => {
            let at = match &raw.at {
                Some(at) => page.time(at),
                None => {
                    let help = Some("add `at: \"07:00\"`".to_owned());
                    page.error("missing-key", month_on, "`month_on` needs a time", help);
                    None
                }
            };
            (month_day(month_on, page), at)
        }
        (None, None) if change => {
            if let Some(extra) = &raw.at {
                page.error("unused-part", extra, "`at` goes with `month_on`, which is not there", None);
            }
            return Some(Every { change, time: None });
        }
        _ => {
            let message = "`every` needs `change_in`, `day_at` or `month_on`, and not both times";
            let finding = Finding::error("one-of", page.place(raw.at()), message);
            page.report(finding.help("for example { month_on: 2nd business day, at: \"07:00\" }"));
            return None;
        }
    };
    Some(Every { change, time: Some(DueTime { on: on?, at: at?, if_missed }) })
}

fn month_day(text: &Text, page: &mut Page<'_>) -> Option<DueOn> {
    let ordinal = |word: &str| {
        let digits = word.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
        let ending = &word[digits.len()..];
        digits.parse::<u8>().ok().filter(|_| ["", "st", "nd", "rd", "th"].contains(&ending))
    };
    let words: Vec<&str> = text.text.split_whitespace().collect();
    let on = match words.as_slice() {
        [number, "business", "day"] => ordinal(number).filter(|day| (1..=23).contains(day)).map(DueOn::BusinessDay),
        ["day", number] => {
            let day = ordinal(number).filter(|day| (1..=28).contains(day));
            day.and_then(|day| i8::try_from(day).ok()).map(DueOn::DayOfMonth)
        }
        _ => None,
    };
    if on.is_none() {
        let message = format!("`{}` is not a day of every month", text.text);
        page.error("bad-schedule", text, message, Some("`2nd business day`, or `day 3` (1 to 28)".to_owned()));
    }
    on
}

/// `connections.bamboohr.changes`; `None` after a finding.
pub fn pace(raw: &RawPace, settings: &mut Settings, page: &mut Page<'_>) -> Option<ChangePace> {
    let usual = ChangePace::default();
    let mut pause = |text: Option<&Text>, usual: SignedDuration, range: RangeInclusive<i64>| match text {
        Some(text) => settings.resolve(text, page).and_then(|text| minutes(&text, range, page)),
        None => Some(usual),
    };
    let every = pause(raw.every.as_ref(), usual.every, 1..=1440);
    let settle = pause(raw.settle.as_ref(), usual.settle, 0..=60);
    Some(ChangePace { every: every?, settle: settle? })
}

/// `1 minute`, `15 minutes`.
fn minutes(text: &Text, range: RangeInclusive<i64>, page: &mut Page<'_>) -> Option<SignedDuration> {
    let number = text.text.strip_suffix("minutes").or_else(|| text.text.strip_suffix("minute")).map(str::trim);
    let number = number.and_then(|number| number.parse::<i64>().ok()).filter(|number| range.contains(number));
    if number.is_none() {
        let message = format!("`{}` is not a time from {} to {} minutes", text.text, range.start(), range.end());
        page.error("bad-schedule", text, message, Some("for example `10 minutes`".to_owned()));
    }
    number.map(SignedDuration::from_mins)
}
