//! What holds for every company: a journal balances, costs what the days cost, does not depend on the order of rows, is
//! sent once, and is corrected to the cent.

use super::small_company::{Company, balances, company, december, november, plan, send};
use ml_connector::hr::Period;
use ml_connector::ledger::{FiscalPeriod, JournalLine, Series};
use ml_connector::plan::document::{Plan, Role};
use ml_connector::plan::facts::Facts;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Every way of making journals.
const PIPELINES: [&str; 9] =
    ["monthly", "burdened", "overtime", "by-centre", "by-person", "centres-apart", "shared", "capped", "intercompany"];

/// A later change of one person: (person, day from 1 October, cents, department).
fn change() -> impl Strategy<Value = (usize, i64, i128, usize)> {
    (0usize..5, 0i64..90, 100_000i128..20_000_000, 0usize..3)
}

fn changed(company: &Company, (at, day, cents, department): (usize, i64, i128, usize)) -> Company {
    let mut company = company.clone();
    let at = at % company.people.len();
    let person = &mut company.people[at];
    let hired = person.rates[0].0;
    person.rates.push((day.max(hired), cents));
    person.jobs.push((day.max(hired), department));
    company
}

fn fiscal(period: &Period, closed: bool) -> FiscalPeriod {
    let number = u16::try_from(period.first_day.month()).unwrap();
    let (first_day, last_day) = (period.first_day, period.last_day);
    FiscalPeriod { year: 2013, number, first_day, last_day, series: Series::Financial, closed }
}

/// `after` with what was sent for `before`.
fn with_sent(mut after: Facts, before: &Facts) -> Facts {
    after.sent.clone_from(&before.sent);
    // Hours once sent are still served.
    after.hours_saved = vec![november().code];
    after
}

/// As a folder of facts that does not say whose each journal is.
fn without_groups(facts: &Facts) -> Facts {
    let mut facts = facts.clone();
    facts.sent.iter_mut().for_each(|line| line.group.clear());
    facts
}

/// Debit minus credit by the journals' group and account, zeros left out: with a journal for each cost centre or person it is
/// the journal that says whose cost it is.
fn by_group<'p>(plans: impl IntoIterator<Item = &'p Plan>) -> BTreeMap<(String, String), i128> {
    let mut sums = BTreeMap::new();
    for journal in plans.into_iter().flat_map(|plan| &plan.documents).filter_map(|document| document.journal()) {
        for line in &journal.entry.lines {
            let of = (journal.key.group.clone(), line.account.as_str().to_owned());
            *sums.entry(of).or_default() += (line.debit - line.credit).0;
        }
    }
    sums.retain(|_, sum| *sum != 0);
    sums
}

/// What GP holds once `plan` is sent: by number, a journal that is written anew in place of what it was.
fn take(plan: &Plan, facts: &mut Facts, in_gp: &mut BTreeMap<u32, Vec<JournalLine>>) {
    for (number, document) in send(plan, facts).into_iter().zip(&plan.documents) {
        in_gp.insert(number, document.journal().unwrap().entry.lines.clone());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_journal_balances_and_has_each_line_on_one_side(company in company()) {
        for pipeline in PIPELINES {
            let plan = plan(pipeline, &november(), &company.facts(0));
            prop_assert!(plan.holds.is_empty(), "{:?}", plan.holds);
            for document in &plan.documents {
                let entry = &document.journal().unwrap().entry;
                prop_assert_eq!(entry.total_debit(), entry.total_credit());
                prop_assert!(!entry.lines.is_empty());
                for line in &entry.lines {
                    prop_assert!(line.debit.is_zero() != line.credit.is_zero());
                    prop_assert!(!line.debit.is_negative() && !line.credit.is_negative());
                }
            }
        }
    }

    #[test]
    fn the_parts_add_to_what_each_persons_days_cost(company in company()) {
        for period in [november(), december()] {
            let planned = balances([&plan("monthly", &period, &company.facts(0))]);
            let expected: i128 = company.people.iter().map(|person| person.total(&period)).sum();
            prop_assert_eq!(planned.get("2100").copied().unwrap_or(0), -expected);
            company.assert_near(&period, &planned);
            // One journal or many: the same books.
            for pipeline in ["by-centre", "by-person"] {
                prop_assert_eq!(&balances([&plan(pipeline, &period, &company.facts(0))]), &planned);
            }
        }
    }

    #[test]
    fn the_order_of_rows_does_not_matter(company in company(), order in any::<u64>()) {
        for pipeline in PIPELINES {
            let (one, other) = (company.facts(0), company.facts(order));
            let (one, other) = (plan(pipeline, &november(), &one), plan(pipeline, &november(), &other));
            prop_assert_eq!(one.hash, other.hash);
            prop_assert_eq!(one.documents, other.documents);
        }
    }

    #[test]
    fn what_was_sent_is_not_planned_again(company in company()) {
        for pipeline in PIPELINES {
            let mut facts = company.facts(0);
            send(&plan(pipeline, &november(), &facts), &mut facts);
            facts.hours_saved = vec![november().code];
            let again = plan(pipeline, &november(), &facts);
            prop_assert!(again.documents.is_empty(), "{pipeline}: {:?}", again.documents);
        }
    }

    #[test]
    fn a_journal_and_its_difference_are_a_plan_from_scratch(company in company(), change in change()) {
        for pipeline in PIPELINES {
            let mut before = company.facts(0);
            let first = plan(pipeline, &november(), &before);
            send(&first, &mut before);
            let scratch = changed(&company, change).facts(0);
            let mut after = with_sent(scratch.clone(), &before);
            let difference = plan(pipeline, &november(), &after);
            let whole = plan(pipeline, &november(), &scratch);
            prop_assert_eq!(balances([&first, &difference]), balances([&whole]), "{}", pipeline);
            prop_assert_eq!(by_group([&first, &difference]), by_group([&whole]), "{}", pipeline);
            // A folder of facts need not say whose each journal is: its identity does.
            let unnamed = without_groups(&after);
            prop_assert_eq!(plan(pipeline, &november(), &unnamed).documents, difference.documents.clone());
            send(&difference, &mut after);
            let again = plan(pipeline, &november(), &after);
            prop_assert!(again.documents.is_empty(), "{pipeline}: {:?}", again.documents);
        }
    }

    #[test]
    fn journals_that_are_written_anew_are_a_plan_from_scratch(
        company in company(),
        changes in prop::collection::vec(change(), 1..4),
    ) {
        let mut facts = company.facts(0);
        let mut in_gp = BTreeMap::new();
        let mut company = company;
        take(&plan("replacing", &november(), &facts), &mut facts, &mut in_gp);
        for change in changes {
            company = changed(&company, change);
            let scratch = company.facts(0);
            let whole = plan("replacing", &november(), &scratch);
            facts = with_sent(scratch, &facts);
            let next = plan("replacing", &november(), &facts);
            let keys: Vec<_> = whole.documents.iter().map(|document| document.journal().unwrap().key.clone()).collect();
            for journal in next.documents.iter().filter_map(|document| document.journal()) {
                let nothing_left = !keys.contains(&journal.key);
                prop_assert!(journal.role != Role::Difference || nothing_left, "a second journal beside the first");
            }
            take(&next, &mut facts, &mut in_gp);
            let mut sums: BTreeMap<String, i128> = BTreeMap::new();
            for line in in_gp.values().flatten() {
                *sums.entry(line.account.as_str().to_owned()).or_default() += (line.debit - line.credit).0;
            }
            sums.retain(|_, sum| *sum != 0);
            prop_assert_eq!(sums, balances([&whole]));
            let again = plan("replacing", &november(), &facts);
            prop_assert!(again.documents.is_empty(), "{:?}", again.documents);
        }
    }

    #[test]
    fn a_closed_month_is_corrected_in_the_next_one(company in company(), change in change()) {
        for pipeline in PIPELINES {
            let mut before = company.facts(0);
            let first = plan(pipeline, &november(), &before);
            send(&first, &mut before);
            let scratch = changed(&company, change).facts(0);
            let mut after = with_sent(scratch.clone(), &before);
            after.not_provided.retain(|capability| *capability != "periods");
            after.fiscal_periods = vec![fiscal(&november(), true), fiscal(&december(), false)];
            let next = plan(pipeline, &december(), &after);
            let whole = [november(), december()].map(|period| plan(pipeline, &period, &scratch));
            prop_assert_eq!(balances([&first, &next]), balances(&whole), "{}", pipeline);
            prop_assert_eq!(by_group([&first, &next]), by_group(&whole), "{}", pipeline);
            for document in &next.documents {
                prop_assert_eq!(document.journal().unwrap().entry.date, december().last_day);
            }
            send(&next, &mut after);
            after.hours_saved = vec![november().code, december().code];
            for after in [without_groups(&after), after] {
                let again = plan(pipeline, &december(), &after);
                prop_assert!(again.documents.is_empty(), "{pipeline}: {:?}", again.documents);
            }
        }
    }
}
