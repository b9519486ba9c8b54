//! `explain`: a journal line, down to its BambooHR rows.

use super::args::Global;
use super::exit::{Exit, Failure};
use super::output::{Output, bad, faint, good, strong};
use super::plan_view::{count, grouped};
use super::{asker, context};
use crate::plan::explain::{LineExplanation, PartExplanation, PersonExplanation};
use crate::project::roles::Power;
use crate::run::explain::{Explanation, HIDDEN, Reads, explain_document};
use crate::store::{Store, StoreError, StoredDocument};
use anyhow::anyhow;
use clap::Args;

#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// GP's journal number, or a document id or the beginning of it.
    pub document: String,
    /// Only this account.
    #[arg(long)]
    pub account: Option<String>,
    /// Show single people's amounts and rates; leaves a row in the audit trail.
    #[arg(long)]
    pub show_pay: bool,
    /// Who reads; goes into the audit trail.
    #[arg(long, value_name = "NAME", env = "ML_CONNECTOR_USER")]
    pub by: Option<String>,
}

/// How many people of one part are listed.
const LISTED: usize = 12;

/// Runs the command.
///
/// # Errors
/// When no such document is stored, or its plan does not read back.
pub async fn run(global: &Global, args: &ExplainArgs, output: &Output) -> Result<Exit, Failure> {
    let rules = asker::rules(global).await?;
    let asker = asker::asker(global, &rules, args.by.as_deref().filter(|_| args.show_pay)).await?;
    if args.show_pay {
        asker.allowed(global, Power::SeePay, &args.document).await?;
    }
    let store = context::store(global)?;
    let document = find(store.as_ref(), &args.document).await?;
    let reads = match (args.show_pay, asker.may(Power::SeePay)) {
        (true, _) => Reads::Pay,
        (false, true) => Reads::Lines,
        (false, false) => Reads::SharedLines,
    };
    let clock = context::clock(global);
    let account = args.account.as_deref();
    let explanation = explain_document(store.as_ref(), clock.as_ref(), &document, account, reads, &asker.name).await?;
    if explanation.lines.is_empty() {
        let what = account
            .map_or_else(|| "it has no lines".to_owned(), |account| format!("it has no line for account {account}"));
        return Err(Failure::new(Exit::Findings, anyhow!("document {}: {what}", document.id)));
    }
    if output.is_json() {
        output.json(&explanation);
    } else {
        print(&explanation, output);
    }
    let hidden = |line: &LineExplanation| line.parts.iter().any(|part| part.amount == HIDDEN) || line.debit == HIDDEN;
    let is_hidden = explanation.lines.iter().any(hidden);
    match reads {
        Reads::Lines if is_hidden => output
            .note("amounts of one person are hidden (***): --show-pay shows them, and leaves a row in the audit trail"),
        _ => super::hide::tell(output, is_hidden),
    }
    Ok(Exit::Done)
}

/// A document by GP's journal number or by its id (or the beginning of it).
async fn find(store: &dyn Store, asked: &str) -> Result<StoredDocument, Failure> {
    if let Ok(number) = asked.parse::<u32>()
        && let Some(found) = store.by_number(number).await?.into_iter().next()
    {
        return Ok(found);
    }
    for plan in store.plans(1000).await? {
        let documents = store.documents(&plan.id).await?;
        if let Some(found) = documents.into_iter().find(|document| document.id.as_str().starts_with(asked)) {
            return Ok(found);
        }
    }
    Err(StoreError::NotFound { what: format!("journal or document {asked}") }.into())
}

/// Prints the explanation as a tree.
pub fn print(explanation: &Explanation, output: &Output) {
    let number =
        explanation.journal_number.map_or_else(|| "not sent yet".to_owned(), |number| format!("GP journal {number}"));
    output.line(format!("{} · {} · {}", strong(&number), explanation.period, explanation.reference));
    let proof = match explanation.proven {
        true => good("made again from its stored inputs: the same plan"),
        false => bad("made again from its stored inputs: NOT the same plan"),
    };
    output.line(format!("plan {} · {proof}", super::plan::short(&explanation.plan_id)));
    for line in &explanation.lines {
        print_line(line, output);
    }
}

fn print_line(line: &LineExplanation, output: &Output) {
    let side = match line.debit.bytes().any(|digit| matches!(digit, b'1'..=b'9')) {
        _ if line.debit == HIDDEN => HIDDEN.to_owned(),
        true => format!("debit {}", grouped(&line.debit)),
        false => format!("credit {}", grouped(&line.credit)),
    };
    output.line("");
    output.line(format!("{}  {side} {}", strong(&line.account), line.currency));
    for part in &line.parts {
        print_part(part, output);
    }
    for sent in &line.sent_before {
        output.line(format!("├─ minus what {sent} booked"));
    }
}

fn print_part(part: &PartExplanation, output: &Output) {
    output.line(format!(
        "├─ {} of {}: {}  {}",
        part.template_line,
        part.period,
        grouped(&part.amount),
        faint(&part.place)
    ));
    for look_up in &part.look_ups {
        output.line(format!("│  {look_up}"));
    }
    let people: std::collections::BTreeSet<&str> = part.people.iter().map(|person| person.employee.as_str()).collect();
    output.line(format!("│  {}", people_count(people.len())));
    for person in part.people.iter().take(LISTED) {
        print_person(person, output);
    }
    if part.people.len() > LISTED {
        output.line(faint(&format!("│  … and {} more (--format json lists all)", part.people.len() - LISTED)));
    }
}

fn people_count(number: usize) -> String {
    if number == 1 { "1 person".to_owned() } else { count(number, "people").trim_end_matches('s').to_owned() }
}

fn print_person(person: &PersonExplanation, output: &Output) {
    let amount = person.amount.as_ref().map_or_else(String::new, |amount| format!(" {}", grouped(amount)));
    let exact = person.exact.as_ref().map_or_else(String::new, |exact| format!(" (exactly {exact})"));
    output.line(format!(
        "│  ├─ employee {} · {}{amount}{exact} · {} to {}",
        person.employee, person.cost, person.first_day, person.last_day
    ));
    if let Some(split) = &person.split {
        output.line(format!("│  │    shared by {split}"));
    }
    if let Some(converted) = &person.converted {
        output.line(format!("│  │    converted from {converted}"));
    }
    output.line(format!("│  │    BambooHR jobInfo {}", person.job_row));
    let rate = person.rate.as_ref().map_or_else(String::new, |rate| format!(" {rate}"));
    if !person.compensation_row.is_empty() {
        output.line(format!("│  │    BambooHR compensation {}{rate}", person.compensation_row));
    }
    for line in &person.register_lines {
        output.line(format!("│  │    register {line}"));
    }
}
