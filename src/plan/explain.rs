//! Where a journal line comes from: template lines, cost centres, people, segments and their rows.

use super::centre::CentreId;
use super::companies::company_of;
use super::cost::{Costs, Share};
use super::document::{JournalDocument, LineSource, Plan};
use super::facts::Facts;
use super::journal::key_of;
use super::report::amount_name;
use crate::hr::PayType;
use crate::ledger::Minor;
use crate::project::Pipeline;
use crate::project::pipeline::{JournalRule, Make, RegisterCode};
use serde::Serialize;

/// One account of a journal, taken apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LineExplanation {
    pub account: String,
    pub debit: String,
    pub credit: String,
    pub currency: String,
    pub parts: Vec<PartExplanation>,
    /// Journals sent before, whose amounts were subtracted.
    pub sent_before: Vec<String>,
}

/// What one line of the template put into the account, for one cost centre and period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PartExplanation {
    pub period: String,
    pub template_line: String,
    /// `file:line:column` of the template line.
    pub place: String,
    /// Each look-up as `name = value (table file, row n)`.
    pub look_ups: Vec<String>,
    pub amount: String,
    pub people: Vec<PersonExplanation>,
}

/// One person's share. `amount`, `exact` and `rate` are `None` unless the reader may see single people's pay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PersonExplanation {
    pub employee: String,
    pub cost: String,
    pub first_day: String,
    pub last_day: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
    /// Before rounding, as a fraction in lowest terms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exact: Option<String>,
    /// What it was before it was converted, and the rate: `1000.00 EUR at 1.3591 (row 3 of the rates)`; the amount only
    /// for who may see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub converted: Option<String>,
    /// The row of the split table that gave it this share: `tables/splits.csv, row 7`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub split: Option<String>,
    /// The job row behind it: `row 17 of 2013-11-14: Sales, WA`.
    pub job_row: String,
    /// The compensation row behind it: `row 9 of 2013-07-14: Hourly`.
    pub compensation_row: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate: Option<String>,
    /// The lines of a payroll register behind it: `adp 2013-11.csv:12: Salary`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub register_lines: Vec<String>,
}

/// Whether amounts of single people may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pay {
    Shown,
    Hidden,
}

/// Takes a journal's lines apart: all of them, or the one of `account`.
pub fn explain(
    plan: &Plan,
    pipeline: &Pipeline,
    facts: &Facts,
    journal: &JournalDocument,
    account: Option<&str>,
    pay: Pay,
) -> Vec<LineExplanation> {
    let Make::Journal(rule) = &pipeline.make else { return Vec::new() };
    let asked = |number: &str| account.is_none_or(|account| number.eq_ignore_ascii_case(account.trim_end()));
    let lines = journal.entry.lines.iter().zip(&journal.sources).filter(|(line, _)| asked(line.account.as_str()));
    lines
        .map(|(line, sources)| {
            let currency = journal.entry.currency;
            let cost = sources.iter().filter_map(|source| match source {
                LineSource::Cost { period, line, centre, person } => {
                    let costs = plan.costs.get(period)?;
                    Some(part(pipeline, rule, facts, journal, &period.0, costs, (*line, *centre, *person), pay))
                }
                LineSource::Sent { .. } => None,
            });
            LineExplanation {
                account: line.account.as_str().to_owned(),
                debit: line.debit.text(currency),
                credit: line.credit.text(currency),
                currency: currency.code().to_owned(),
                parts: cost.collect(),
                sent_before: sources
                    .iter()
                    .filter_map(|source| match source {
                        LineSource::Sent { document, journal } => {
                            Some(format!("journal {journal} (document {document})"))
                        }
                        LineSource::Cost { .. } => None,
                    })
                    .collect(),
            }
        })
        .collect()
}

#[expect(clippy::too_many_arguments, reason = "a part is a crossing of all of these")]
fn part(
    pipeline: &Pipeline,
    rule: &JournalRule,
    facts: &Facts,
    journal: &JournalDocument,
    period: &str,
    costs: &Costs,
    (line, centre, of): (usize, Option<CentreId>, Option<u32>),
    pay: Pay,
) -> PartExplanation {
    let template = &rule.lines[line];
    let belongs = |share: &&Share| {
        template.amount.times(share.amount) != 0
            && centre.is_none_or(|centre| centre == share.centre)
            && of.is_none_or(|person| person == share.person)
            && share.currency == journal.key.currency
            && (journal.key.group.is_empty() || key_of(rule, facts, costs, share).group == journal.key.group)
            && company_of(pipeline, costs, share.centre, template.side) == journal.key.company
    };
    let shares: Vec<(usize, &Share)> = costs.shares.iter().enumerate().filter(|(_, share)| belongs(share)).collect();
    let signed = |share: &Share| Minor(template.amount.times(share.amount) * share.rounded.0);
    let sum: Minor = shares.iter().map(|(_, share)| signed(share)).sum();
    let look_ups = centre.map_or_else(Vec::new, |centre| {
        let answers = pipeline.look_ups.iter().zip(costs.centres.answers(centre));
        let rolled_up = costs.rolled_up_to(&journal.key, line, Some(centre)).map(|value| {
            let name = template.for_each.map_or("", |at| pipeline.look_ups[at].name.as_str());
            format!("booked under {name} = {value}: too few people for a line of their own")
        });
        answers
            .map(|(look_up, answer)| {
                let file = if answer.is_given { split_file(pipeline) } else { look_up.table.file() };
                format!("{} = {} ({file}, row {})", look_up.name, answer.value, answer.row)
            })
            .chain(rolled_up)
            .collect()
    });
    PartExplanation {
        period: period.to_owned(),
        template_line: template.name.clone(),
        place: template.place.to_string(),
        look_ups,
        amount: sum.text(journal.entry.currency),
        people: shares
            .into_iter()
            .map(|(at, share)| person(pipeline, facts, (period, costs), (at, share), pay))
            .collect(),
    }
}

fn person(
    pipeline: &Pipeline,
    facts: &Facts,
    (period, costs): (&str, &Costs),
    (at, share): (usize, &Share),
    pay: Pay,
) -> PersonExplanation {
    let segment = &costs.segments[share.segment as usize];
    let job = segment.job_row.map(|at| &facts.job_rows[at as usize]);
    let compensation = segment.pay_row.map(|at| &facts.compensation_rows[at as usize]);
    let shown = pay == Pay::Shown;
    let (numerator, denominator) = share.exact.lowest_terms();
    PersonExplanation {
        employee: facts.text(facts.people[share.person as usize].id).to_owned(),
        cost: amount_name(pipeline, share.amount).to_owned(),
        first_day: segment.first_day.to_string(),
        last_day: segment.last_day.to_string(),
        amount: shown.then(|| share.rounded.text(share.currency)),
        exact: shown.then(|| format!("{numerator}/{denominator}")),
        converted: costs.converted_from.get(&at).map(|from| {
            let amount = if shown { format!("{} ", from.amount.text(from.currency)) } else { String::new() };
            format!("{amount}{} at {} (row {} of the rates)", from.currency, from.rate.rate, from.rate.row)
        }),
        split: (share.split_row > 0).then(|| format!("{}, row {}", split_file(pipeline), share.split_row)),
        job_row: job.map_or_else(String::new, |row| {
            let place = [facts.text(row.department), facts.text(row.location)].join(", ");
            format!("row {} of {}: {place}", facts.text(row.row_id), row.date)
        }),
        compensation_row: compensation.map_or_else(String::new, |row| {
            let kind = match row.pay_type {
                PayType::Salary => "Salary",
                PayType::Hourly => "Hourly",
                PayType::Other(name) => facts.text(name),
            };
            format!("row {} of {}: {kind}", facts.text(row.row_id), row.date)
        }),
        rate: shown.then(|| {
            compensation
                .and_then(|row| row.rate.map(|rate| format!("{rate} per {}", facts.text(row.paid_per))))
                .unwrap_or_default()
        }),
        register_lines: register_lines(pipeline, facts, period, share),
    }
}

fn split_file(pipeline: &Pipeline) -> &str {
    pipeline.pay.as_ref().and_then(|pay| pay.split.as_ref()).map_or("", |split| split.file.as_str())
}

/// The lines of the register that a share adds up.
fn register_lines(pipeline: &Pipeline, facts: &Facts, period: &str, share: &Share) -> Vec<String> {
    let (Some(pay), Ok(period)) = (&pipeline.pay, pipeline.calendar.period(period)) else { return Vec::new() };
    let first = facts.registers.partition_point(|row| row.employee < share.person);
    let own = facts.registers[first..].iter().take_while(|row| row.employee == share.person);
    let own = own.filter(|row| {
        pipeline.register.as_deref() == Some(facts.text(row.register))
            && period.contains(row.date)
            && pay.register_code(facts.text(row.code)) == Some(RegisterCode::Booked(share.amount))
    });
    own.map(|row| [row.register, row.row_id, row.code].map(|text| facts.text(text)))
        .map(|[register, row_id, code]| format!("{register} {row_id}: {code}"))
        .collect()
}
