//! The checks before sending, all in one pass; each failure is a hold with a remedy. One check a file.
//!
//! The built-in checks always run: a pipeline's `check:` only says what their failure does.

pub mod accounts;
pub mod balance;
pub mod cost_centres;
pub mod expectations;
pub mod period_open;
pub mod reversal;
pub mod sent_before;
pub mod texts;

use super::facts::Facts;
use super::hold::Hold;
use crate::project::Pipeline;
use crate::project::Place;
use crate::project::pipeline::{CheckRule, Otherwise};

/// What a failing built-in check does, and where the pipeline says so.
#[derive(Clone, Debug)]
pub struct Consequence {
    pub otherwise: Otherwise,
    pub place: Option<Place>,
}

/// What the pipeline says about one built-in check; `default` where it does not name it.
pub fn consequence(pipeline: &Pipeline, default: Otherwise, is_it: impl Fn(&CheckRule) -> bool) -> Consequence {
    let named = pipeline.checks.iter().find(|check| is_it(&check.rule));
    Consequence {
        otherwise: named.map_or(default, |check| check.otherwise),
        place: named.map(|check| check.place.clone()),
    }
}

/// Runs every check that looks at one journal.
pub fn journal_holds(pipeline: &Pipeline, facts: &Facts, plan: &CheckedJournal<'_>) -> Vec<Hold> {
    let mut holds = Vec::new();
    holds.extend(accounts::check(pipeline, facts, plan.journal));
    holds.extend(cost_centres::check(pipeline, facts, plan));
    holds.extend(period_open::check(pipeline, facts, plan.journal));
    holds.extend(reversal::check(facts, plan.journal));
    holds.extend(balance::check(pipeline, plan.journal));
    holds.extend(sent_before::check(pipeline, facts, plan));
    holds.extend(texts::check(plan.journal));
    holds
}

/// A journal with what the checks must know around it.
pub struct CheckedJournal<'a> {
    pub document: &'a super::document::Document,
    pub journal: &'a super::document::JournalDocument,
    pub ledger: &'a str,
    /// Cost by period, to find the cost centres behind a line.
    pub costs: &'a std::collections::BTreeMap<crate::hr::PeriodCode, super::cost::Costs>,
}
