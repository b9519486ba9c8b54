//! The project's own checks: `expect` conditions and scripts over the whole plan.

use crate::hr::Period;
use crate::ledger::Minor;
use crate::plan::document::{Document, JournalDocument};
use crate::plan::facts::Facts;
use crate::plan::hold::{Hold, HoldCode};
use crate::plan::journal::period_value;
use crate::project::Pipeline;
use crate::project::pipeline::CheckRule;
use crate::project::value::{Bindings, Value};
use std::collections::BTreeMap;

/// What the project's own checks may know.
pub struct Known<'a> {
    pub period: &'a Period,
    pub facts: &'a Facts,
    pub headcount: u64,
    pub people_held: u64,
    pub documents: &'a [Document],
    /// Cost of the period in minor units of its first currency.
    pub gross: Minor,
}

/// Holds for every expectation that does not hold and every script that refuses.
pub fn check(pipeline: &Pipeline, known: &Known<'_>) -> Vec<Hold> {
    let names = bindings(pipeline, known);
    let mut holds = Vec::new();
    for check in &pipeline.checks {
        let (subject, code, outcome) = match &check.rule {
            CheckRule::Expect { expression, say } => {
                let outcome = expression.holds(&names).map(|held| if held { Vec::new() } else { vec![say.clone()] });
                (format!("period {}", known.period.code), HoldCode::ExpectationFailed, outcome)
            }
            CheckRule::Script { file, expression } => {
                (file.clone(), HoldCode::ScriptRefused, expression.value(&names).map(|value| reasons(file, &value)))
            }
            CheckRule::DebitsEqualCredits
            | CheckRule::AccountsExistAndAreActive
            | CheckRule::CostCentresAreValid
            | CheckRule::PeriodIsOpen
            | CheckRule::NotSentBefore => continue,
        };
        let (code, reasons) = match outcome {
            Ok(reasons) => (code, reasons),
            Err(failed) => (HoldCode::ExpressionFailed, vec![format!("the check gave no answer: {failed}")]),
        };
        holds.extend(reasons.into_iter().map(|message| Hold {
            code,
            subject: subject.clone(),
            message,
            remedy: "Look at the reason; correct the data, or the check in the project.".to_owned(),
            place: Some(check.place.clone()),
            otherwise: check.otherwise,
        }));
    }
    holds
}

/// `true` or nothing = fine; `false` = refused; a text or a list of texts = the reasons.
fn reasons(file: &str, value: &Value) -> Vec<String> {
    match value {
        Value::Truth(true) | Value::Absent => Vec::new(),
        Value::Text(reason) => vec![reason.to_string()],
        Value::List(list) => list.iter().flat_map(|reason| reasons(file, reason)).collect(),
        Value::Truth(false) => vec![format!("{file} refuses the plan")],
        Value::Integer(_) | Value::Decimal(_) | Value::Date(_) | Value::Record(_) => {
            vec![format!("{file} must give true, false, a reason, or a list of reasons")]
        }
    }
}

fn bindings(pipeline: &Pipeline, known: &Known<'_>) -> Bindings {
    let journals: Vec<&JournalDocument> = known.documents.iter().filter_map(Document::journal).collect();
    let currency = journals.first().map(|journal| journal.entry.currency);
    let money =
        |amount: Minor| currency.and_then(|currency| amount.decimal(currency)).map_or(Value::Absent, Value::Decimal);
    let count = |number: u64| i64::try_from(number).map_or(Value::Absent, Value::Integer);
    let debit: Minor = journals.iter().map(|journal| journal.entry.total_debit()).sum();
    let before = pipeline.calendar.before(known.period).and_then(|before| {
        let ledger = crate::plan::desire::ledger_of(pipeline);
        let mut history = known.facts.history.iter();
        history.find(|history| history.pipeline == ledger && history.period == before.code)
    });
    let headcount_before = before.map_or(Value::Absent, |history| count(history.headcount));
    let mut names = Bindings::default();
    names.set("headcount", count(known.headcount));
    names.set("people_held", count(known.people_held));
    names.set("documents", count(known.documents.len() as u64));
    names.set("last_period", Value::Record(BTreeMap::from([("headcount".to_owned(), headcount_before)])));
    names.set(
        "total",
        Value::Record(BTreeMap::from([("gross".to_owned(), money(known.gross)), ("debit".to_owned(), money(debit))])),
    );
    names.set("period", period_value(known.period));
    names.set("lines", Value::List(journals.iter().flat_map(|journal| lines(journal)).collect()));
    names
}

fn lines(journal: &JournalDocument) -> Vec<Value> {
    let currency = journal.entry.currency;
    let money = |amount: Minor| amount.decimal(currency).map_or(Value::Absent, Value::Decimal);
    let line = |line: &crate::ledger::JournalLine| {
        Value::Record(BTreeMap::from([
            ("account".to_owned(), Value::text(line.account.as_str())),
            ("debit".to_owned(), money(line.debit)),
            ("credit".to_owned(), money(line.credit)),
        ]))
    };
    journal.entry.lines.iter().map(line).collect()
}
