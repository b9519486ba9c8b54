//! What is shown to somebody who may not see pay: plans and explanations without amounts that are one person's.
//!
//! A journal balances, so one hidden line could be computed from the others: where a line is one person's, no amount of its journal
//! is shown.

use super::asker::Asker;
use super::output::Output;
use crate::plan::document::Plan;
use crate::plan::facts::Facts;
use crate::plan::report::{DocumentReport, LineReport, LineageIds, PlanReport, report};
use crate::project::Pipeline;
use crate::project::roles::Power;
use crate::run::explain::HIDDEN;
use std::collections::BTreeSet;

/// A plan as `asker` may see it, and whether anything is hidden.
pub fn plan(asker: &Asker<'_>, plan: &Plan, pipeline: &Pipeline, facts: &Facts, ids: LineageIds) -> (PlanReport, bool) {
    if asker.may(Power::SeePay) {
        return (report(plan, pipeline, facts, ids), false);
    }
    let mut shown = report(plan, pipeline, facts, LineageIds::Listed);
    let hidden = hide(&mut shown);
    if ids == LineageIds::LeftOut {
        let lines = shown.documents.iter_mut().flat_map(|document| document.lines.iter_mut().flatten());
        lines.for_each(|line| line.lineage.clear());
    }
    (shown, hidden)
}

/// Says that amounts are hidden, and who sees them.
pub fn tell(output: &Output, hidden: bool) {
    if hidden {
        output.note("amounts are hidden (***): lines carry one person's pay, and this account may not `see pay`");
    }
}

/// Hides the amounts of journals that tell one person's pay, and the totals they are in. Gives whether there are any.
fn hide(plan: &mut PlanReport) -> bool {
    let mut hidden = false;
    for document in plan.documents.iter_mut().filter(|document| tells_pay(document)) {
        hidden = true;
        for line in document.lines.iter_mut().flatten() {
            HIDDEN.clone_into(&mut line.debit);
            HIDDEN.clone_into(&mut line.credit);
        }
    }
    if hidden {
        for sum in plan.totals.currencies.values_mut() {
            HIDDEN.clone_into(&mut sum.debit);
            HIDDEN.clone_into(&mut sum.credit);
        }
    }
    hidden
}

/// Whether a journal has a line of fewer than two people. A difference is mostly one person's raise or move, however many people
/// are behind its lines.
fn tells_pay(document: &DocumentReport) -> bool {
    let lines = document.lines.as_deref().unwrap_or_default();
    let is_correction = matches!(document.role.as_str(), "difference" | "adjusting" | "replacement");
    !lines.is_empty() && (is_correction || lines.iter().any(|line| people(line) < 2))
}

/// How many people are behind a line, as far as it is known.
fn people(line: &LineReport) -> usize {
    let ids = line.lineage.iter().filter_map(|id| id.split_once('/'));
    let people: BTreeSet<&str> = ids.filter(|(person, _)| *person != "sent").map(|(person, _)| person).collect();
    people.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(role: &str, lineage: [&[&str]; 2]) -> PlanReport {
        let line = |ids: &[&str]| {
            serde_json::json!({ "account": "5100", "description": "", "debit": "4800.00",
            "credit": "0.00", "lineage": ids })
        };
        let document = serde_json::json!({ "document_id": "d", "state": "ready", "kind": "journal", "role": role,
            "pipeline": "p", "period": "2013-11", "sequence": 1, "needs_approval": true,
            "lines": [line(lineage[0]), line(lineage[1])] });
        serde_json::from_value(serde_json::json!({ "pipeline": "p", "period": "2013-11", "status": "ready",
            "documents": [document], "held": [], "warnings": [], "generation": "g", "plan_hash": "h",
            "totals": { "headcount": 2, "documents": 1, "ready": 1, "held": 0,
                        "currencies": { "USD": { "debit": "9600.00", "credit": "9600.00" } } } }))
        .unwrap()
    }

    const TWO: &[&str] = &["7/regular/2013-11-01/20", "8/regular/2013-11-01/20"];
    const ONE: &[&str] = &["7/regular/2013-11-01/20", "7/overtime/2013-11-01/20"];

    fn text(mut plan: PlanReport) -> (bool, String) {
        let hidden = hide(&mut plan);
        (hidden, serde_json::to_string(&plan).unwrap())
    }

    #[test]
    fn a_line_of_one_person_hides_the_amounts_of_its_whole_journal() {
        let (hidden, shown) = text(plan("original", [TWO, ONE]));
        assert!(hidden && !shown.contains("4800") && !shown.contains("9600"), "{shown}");
        let (hidden, shown) = text(plan("original", [TWO, TWO]));
        assert!(!hidden && shown.contains("4800.00") && shown.contains("9600.00"));
    }

    #[test]
    fn a_correction_is_taken_for_one_persons_and_so_is_what_nobody_knows() {
        assert!(text(plan("difference", [TWO, TWO])).0);
        assert!(text(plan("adjusting", [TWO, TWO])).0);
        assert!(text(plan("replacement", [TWO, TWO])).0);
        assert!(text(plan("original", [TWO, &["sent/aaaa"]])).0);
    }
}
