//! The large payroll of a month, a year of corrections, and the explanation of a line: `cargo bench --bench payroll`.

#![allow(clippy::expect_used, reason = "a bench whose ground is missing ends there")]

mod support;

use divan::{AllocProfiler, Bencher};
use jiff::civil::date;
use ml_connector::hr::{CompensationRow, Period, Text};
use ml_connector::ledger::DocumentId;
use ml_connector::plan::document::{Content, Plan};
use ml_connector::plan::explain::{Pay, explain};
use ml_connector::plan::facts::{Facts, GpState, SentLine};
use ml_connector::plan::make::{Request, make_plan};
use ml_connector::project::Generation;
use rust_decimal::Decimal;
use std::fmt::Write as _;

#[global_allocator]
static MEMORY: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

/// Splits for a quarter of the departments, three burdens of which one has a wage base, overtime by the week.
fn generation(people: usize) -> Generation {
    let folder = tempfile::tempdir().expect("a folder");
    support::write_project(folder.path(), "period", "");
    let file = folder.path().join("pipelines/payroll-journal.yaml");
    let burdens = "    employer_tax: { rate: 7.65%, of: gross }
    unemployment: { rate: 2.7%, of: gross, cap: { wages: 60000, currency: USD, year_starts: 01-01, before: { in: wages, until: 2013-10-31 } } }
    health: { per_head: 412.50, currency: USD }
  split: { in: shares }
";
    let lines = "      - { name: wages payable,";
    let more = r#"      - { name: unemployment, debit: unemployment, for_each: cost_centre, account: "000-5150-{{ cost_centre }}" }
      - { name: health, debit: health, for_each: cost_centre, account: "000-5150-{{ cost_centre }}" }
      - { name: unemployment payable, credit: unemployment, account: "000-2110-0000" }
      - { name: health payable, credit: health, account: "000-2110-0000" }
      - { name: wages payable,"#;
    let text = std::fs::read_to_string(&file).expect("the pipeline");
    let text = text.replace("    employer_tax: { rate: 7.65%, of: gross }\n", burdens).replace(lines, more);
    std::fs::write(&file, text).expect("a file");
    let mut shares = String::from("department,to_department,percent\n");
    for shared in 0..support::DEPARTMENTS / 4 {
        for (to, percent) in [(5, "33.33"), (6, "33.33"), (7, "33.34")] {
            writeln!(shares, "Department {shared},Department {to},{percent}").expect("memory");
        }
    }
    std::fs::write(folder.path().join("tables/shares.csv"), shares).expect("a file");
    let mut wages = String::from("number,wages\n");
    for n in 0..people {
        writeln!(wages, "{},{}.00", n + 1, 40_000 + n % 20_000).expect("memory");
    }
    std::fs::write(folder.path().join("tables/wages.csv"), wages).expect("a file");
    Generation::load(folder.path(), None).unwrap_or_else(|broken| panic!("{:?}", broken.findings))
}

fn planned(generation: &Generation, period: &Period, facts: &Facts) -> Plan {
    make_plan(Request { generation, pipeline: &generation.pipelines[0], period }, facts)
}

/// Everybody is paid by the hour: 21 entries each in November, so 100,000 people are 2.1 million rows.
#[divan::bench(args = [1_000, 10_000, 100_000], sample_count = 5)]
fn hours_splits_and_burdens(bencher: Bencher, people: usize) {
    let generation = generation(people);
    let facts = support::hourly_facts(people);
    let period = support::november();
    bencher.bench(|| {
        let plan = planned(&generation, &period, &facts);
        assert!(plan.holds.is_empty() && plan.documents.len() == 1, "{:?}", plan.holds.first());
        plan
    });
}

/// One line of that journal, to every person's rows behind it, with the plan at hand.
#[divan::bench(args = [1_000, 10_000, 100_000], sample_count = 20)]
fn explain_one_line(bencher: Bencher, people: usize) {
    let generation = generation(people);
    let facts = support::hourly_facts(people);
    let plan = planned(&generation, &support::november(), &facts);
    let journal = plan.documents[0].journal().expect("a journal");
    let account = journal.entry.lines[0].account.as_str();
    let pipeline = &generation.pipelines[0];
    bencher.bench(|| {
        let lines = explain(&plan, pipeline, &facts, journal, Some(account), Pay::Shown);
        assert_eq!(lines.len(), 1);
        lines
    });
}

/// January to November were sent; everybody gets a raise back-dated to January, and December is planned.
#[divan::bench(args = [1_000, 10_000], sample_count = 5)]
fn twelve_months_corrected(bencher: Bencher, people: usize) {
    let generation = support::generation("period");
    let mut facts = support::facts(people, false);
    for month in 1..=11 {
        let period = Period::month(&format!("2013-{month:02}")).expect("a month");
        let plan = planned(&generation, &period, &Facts { sent: Vec::new(), ..facts.clone() });
        facts.sent.extend(sent(&plan, &period));
    }
    let raises: Vec<CompensationRow> =
        facts.compensation_rows.iter().filter(|row| row.rate.is_some()).copied().collect();
    for row in raises {
        let rate = row.rate.map(|rate| rate + Decimal::new(100, 2));
        let date = row.date.max(date(2013, 1, 1)).tomorrow().expect("a day");
        facts.compensation_rows.push(CompensationRow { row_id: Text::EMPTY, date, rate, ..row });
    }
    facts.sort();
    let december = Period::month("2013-12").expect("a month");
    bencher.bench(|| {
        let plan = planned(&generation, &december, &facts);
        assert_eq!((plan.documents.len(), plan.costs.len()), (12, 12), "{:?}", plan.holds.first());
        plan
    });
}

fn sent(plan: &Plan, period: &Period) -> Vec<SentLine> {
    let journals = plan.documents.iter().filter_map(|document| match &document.content {
        Content::Journal(journal) => Some((document, journal)),
        Content::Record(_) => None,
    });
    journals
        .flat_map(|(document, journal)| {
            journal.entry.lines.iter().map(|line| SentLine {
                pipeline: plan.ledger.clone(),
                company: String::new(),
                group: journal.key.group.clone(),
                period: period.code.clone(),
                sequence: 1,
                document_id: DocumentId::from_text(document.id.as_str()),
                journal: "80000001".to_owned(),
                gp_state: GpState::Posted,
                booked_in: period.code.clone(),
                account: line.account.clone(),
                currency: journal.entry.currency,
                debit: line.debit,
                credit: line.credit,
            })
        })
        .collect()
}
