//! `unresolved` and `corrections`: what becomes of people without an answer, and of months that were sent.

use super::Page;
use crate::ledger::{AccountNumber, limits};
use crate::project::finding::{Finding, did_you_mean};
use crate::project::pipeline::{Corrections, Unresolved};
use crate::project::shape::ScalarOr;
use crate::project::shape::pipeline as shape;

/// Compiles `corrections`; without them, the defaults. `None` after an error.
pub fn corrections(raw: &shape::Pipeline, page: &mut Page<'_>) -> Option<Corrections> {
    let mut corrections = Corrections::default();
    let Some(written) = &raw.corrections else { return Some(corrections) };
    if let Some(text) = &written.look_back {
        // Two years of months: more is recomputed each run, and hours reach back 365 days anyway.
        corrections.look_back = page.whole(text, 0..=24)?;
    }
    let replaces = written.unposted.as_ref().filter(|placed| placed.value == shape::Unposted::Replace);
    if let Some(placed) = replaces {
        let place = page.place(placed.spot);
        if raw.companies.is_some() {
            let message = "several companies' journals are sent together or not at all: none is replaced by itself";
            let help = "remove `unposted: replace`: differences are sent instead";
            page.report(Finding::error("cannot-replace", place, message).help(help));
            return None;
        }
        corrections.replace_unposted = Some(place);
    }
    Some(corrections)
}

const UNRESOLVED: [&str; 2] = ["hold journal", "hold employee"];

/// Compiles `unresolved`; without it, the journal is held. `None` after an error.
pub fn unresolved(
    raw: Option<&ScalarOr<shape::Suspense>>,
    make: Option<&shape::Make>,
    page: &mut Page<'_>,
) -> Option<Unresolved> {
    let (written, unresolved) = match raw {
        None => return Some(Unresolved::HoldJournal),
        Some(ScalarOr::Scalar(text)) => match text.text.as_str() {
            "hold journal" => (text, Unresolved::HoldJournal),
            "hold employee" => (text, Unresolved::HoldEmployee),
            other => {
                let message = format!("`{other}` says nothing about unresolved people");
                let help = match other {
                    "suspense" => Some("name the account: `unresolved: { suspense: 000-1999-0000 }`".to_owned()),
                    _ => did_you_mean(other, &UNRESOLVED),
                };
                page.error("unknown-value", text, message, help);
                return None;
            }
        },
        Some(ScalarOr::Map(map)) => {
            let text = map.suspense.as_ref()?;
            let length = text.text.chars().count();
            if text.text.trim().is_empty() {
                page.error(
                    "empty-value",
                    text,
                    "this account is empty",
                    Some("write the account as GP shows it".to_owned()),
                );
                return None;
            }
            if length > limits::ACCOUNT {
                let message = format!("an account has at most {} characters, this has {length}", limits::ACCOUNT);
                page.error("too-wide-for-gp", text, message, Some("write the account as GP shows it".to_owned()));
                return None;
            }
            (text, Unresolved::Suspense(AccountNumber::new(&text.text)))
        }
    };
    if make.is_some_and(|make| make.journal.is_none()) {
        let message = "only a journal has unresolved people: a record is held by itself";
        page.error("unused-part", written, message, Some("remove `unresolved`".to_owned()));
        return None;
    }
    Some(unresolved)
}
