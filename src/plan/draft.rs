//! A journal document with its texts rendered and its lines in order.

use super::document::{Content, Document, JournalDocument, LineSource, Names, Role};
use super::exchange;
use super::facts::Facts;
use super::hold::{Hold, HoldCode};
use super::journal::{JournalKey, Listed, ListedAmounts, header_names, template_failed};
use crate::hr::{Period, PeriodCode};
use crate::ledger::limits::LINE_DESCRIPTION;
use crate::ledger::{AccountNumber, BatchId, DocumentId, JournalEntry, JournalLine, Minor};
use crate::project::Pipeline;
use crate::project::pipeline::{JournalRule, LineRule, OnePer, Otherwise};
use crate::project::template::Template;
use crate::project::value::{Bindings, Value};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// What becomes one line: an account, and within it the one person that the line lists.
type LineKey<'a> = (&'a AccountNumber, Option<Listed>);

/// A document before its texts are rendered.
pub struct Draft<'a> {
    pub role: Role,
    pub key: &'a JournalKey,
    pub date: Option<Date>,
    pub reverses_on: Option<Date>,
    /// The period that templates see and that the document is booked in.
    pub period: &'a Period,
    pub by_period: BTreeMap<PeriodCode, BTreeMap<AccountNumber, Minor>>,
    pub sources: &'a BTreeMap<AccountNumber, Vec<LineSource>>,
    /// What it books where that is not `by_period`: it takes the place of a journal with this number.
    pub replaces: Option<(u32, &'a BTreeMap<AccountNumber, Minor>)>,
    /// By account, what template lines that list people put into it.
    pub people: Option<&'a BTreeMap<AccountNumber, ListedAmounts>>,
    pub corrects: Vec<String>,
    pub sequence: u32,
    pub id: DocumentId,
    /// Something of its period was sent before: the journal itself, that somebody deleted in GP, or others.
    pub is_late: bool,
    /// People whom the journal leaves out, as `employee 7`.
    pub left_out: Vec<String>,
}

impl Draft<'_> {
    /// The document, and the holds of its texts added to `holds`.
    pub fn finish(
        self,
        pipeline: &Pipeline,
        rule: &JournalRule,
        names: Names<'_>,
        facts: &Facts,
        mut holds: Vec<Hold>,
    ) -> (Document, Vec<Hold>) {
        let (entry, sources) = self.entry(pipeline, rule, names, facts, &mut holds);
        let needs_approval = pipeline.send.after_approval || self.role != Role::Original || self.is_late;
        let document = Document {
            id: self.id,
            sequence: self.sequence,
            content: Content::Journal(Box::new(JournalDocument {
                role: self.role,
                key: self.key.clone(),
                booked_in: self.period.code.clone(),
                entry,
                by_period: self.by_period,
                sources,
                replaces: self.replaces.map(|(number, _)| number),
                corrects: self.corrects,
                left_out: self.left_out,
            })),
            ready: holds.is_empty(),
            needs_approval,
        };
        (document, holds)
    }

    fn entry(
        &self,
        pipeline: &Pipeline,
        rule: &JournalRule,
        project: Names<'_>,
        facts: &Facts,
        holds: &mut Vec<Hold>,
    ) -> (JournalEntry, Vec<Vec<LineSource>>) {
        let mut names = header_names(rule, self.period, self.key.currency);
        let company = if self.key.company.is_empty() { project.company } else { &self.key.company };
        names.set("company", Value::text(company));
        match rule.one_per {
            OnePer::Period => {}
            OnePer::LookUp(at) => names.set(&pipeline.look_ups[at].name, Value::text(&self.key.group)),
            OnePer::Person => {
                let number = facts.person(&self.key.group).map_or("", |person| facts.text(person.number));
                names.set("number", Value::text(number));
            }
        }
        let mut text = |what: &str, template: &Template| {
            template.render(&names).unwrap_or_else(|failed| {
                holds.push(template_failed(what, &failed, rule.place.clone()));
                String::new()
            })
        };
        let batch = BatchId::new(&text("batch", &rule.batch));
        let reference = format!("{} {}", text("reference", &rule.reference), self.id.key());
        if let (None, Some(template)) = (self.date, rule.date_template()) {
            holds.push(date_unreadable(template, rule));
        }
        let (lines, sources) = self.lines(rule, facts, &names);
        let date = self.date.unwrap_or(self.period.last_day);
        let (reverses_on, currency) = (self.reverses_on, self.key.currency);
        let exchange = exchange::fields(rule, currency, self.period).unwrap_or_else(|hold| {
            holds.push(hold);
            None
        });
        (JournalEntry { batch, reference, date, reverses_on, currency, exchange, lines }, sources)
    }

    /// Debits by account, then credits by account; zeros are gone. Within an account the line of its own comes before
    /// those of people.
    fn lines(&self, rule: &JournalRule, facts: &Facts, names: &Bindings) -> (Vec<JournalLine>, Vec<Vec<LineSource>>) {
        let mut totals: BTreeMap<LineKey<'_>, Minor> = BTreeMap::new();
        let changes = self.by_period.values().flatten();
        let booked: Vec<_> = self.replaces.map_or_else(|| changes.collect(), |(_, booked)| booked.iter().collect());
        for (account, amount) in booked {
            *totals.entry((account, None)).or_default() += *amount;
        }
        for (account, people) in self.people.into_iter().flatten() {
            for (of, amount) in people {
                *totals.entry((account, Some(*of))).or_default() += *amount;
                *totals.entry((account, None)).or_default() += -*amount;
            }
        }
        totals.retain(|_, amount| !amount.is_zero());
        let (debits, credits): (Vec<_>, Vec<_>) = totals.into_iter().partition(|(_, amount)| !amount.is_negative());
        let (mut lines, mut sources) = (Vec::new(), Vec::new());
        for ((account, of), amount) in debits.into_iter().chain(credits) {
            let made_of = self.made_of(account, of, rule);
            lines.push(JournalLine {
                account: account.clone(),
                description: match of {
                    Some((line, person)) => description_of_one(&rule.lines[line], facts, person),
                    None => {
                        let lines = template_lines(&made_of, account, &rule.lines, names);
                        description(&made_of, &lines, self.left_out.len())
                    }
                },
                debit: amount.max(Minor::ZERO),
                credit: (-amount).max(Minor::ZERO),
            });
            sources.push(made_of);
        }
        (lines, sources)
    }
}

impl Draft<'_> {
    /// Where a line comes from. People who have lines of their own are not behind the account's other line.
    fn made_of(&self, account: &AccountNumber, of: Option<Listed>, rule: &JournalRule) -> Vec<LineSource> {
        let all = self.sources.get(account).into_iter().flatten();
        let listed = |line: &usize| self.people.is_some() && rule.lines.get(*line).is_some_and(|line| line.by_person);
        let own = all.filter_map(|source| match (source, of) {
            (LineSource::Cost { period, line, centre, .. }, Some((of, person))) => (*line == of).then(|| {
                LineSource::Cost { period: period.clone(), line: *line, centre: *centre, person: Some(person) }
            }),
            (LineSource::Cost { line, .. }, None) => (!listed(line)).then(|| source.clone()),
            (LineSource::Sent { .. }, _) => of.is_none().then(|| source.clone()),
        });
        own.collect()
    }
}

/// `wages 234`: the template line and the employee's number, never a name.
fn description_of_one(line: &LineRule, facts: &Facts, person: u32) -> String {
    let number = facts.text(facts.people[person as usize].number);
    let room = LINE_DESCRIPTION.saturating_sub(number.chars().count() + 1);
    let name: String = line.name.chars().take(room).collect();
    format!("{} {number}", name.trim_end())
}

fn date_unreadable(date: &Template, rule: &JournalRule) -> Hold {
    Hold {
        code: HoldCode::DateUnreadable,
        subject: "date".to_owned(),
        message: format!("`{}` does not give a date of the form YYYY-MM-DD", date.source()),
        remedy: "Write a date, for example \"{{ period.last_day }}\".".to_owned(),
        place: Some(rule.place.clone()),
        otherwise: Otherwise::Hold,
    }
}

/// The names of the template lines behind a journal line, once each. Where nothing of today's cost is, because all of it is
/// elsewhere now, those whose account it is for this journal's names.
fn template_lines<'l>(
    sources: &[LineSource],
    account: &AccountNumber,
    lines: &'l [LineRule],
    names: &Bindings,
) -> Vec<&'l str> {
    let cost = |source: &LineSource| match source {
        LineSource::Cost { line, .. } => lines.get(*line),
        LineSource::Sent { .. } => None,
    };
    let mut found: Vec<&LineRule> = sources.iter().filter_map(cost).collect();
    if found.is_empty() {
        let is_its =
            |line: &&LineRule| line.account.render(names).is_ok_and(|text| AccountNumber::new(&text) == *account);
        found = lines.iter().filter(is_its).collect();
    }
    let mut known: Vec<&str> = Vec::new();
    for line in found {
        if !known.contains(&line.name.as_str()) {
            known.push(&line.name);
        }
    }
    known
}

/// The names of the template lines, at most GP's 30 characters. A line for the whole journal says how many people are left
/// out.
fn description(sources: &[LineSource], lines: &[&str], left_out: usize) -> String {
    let mut names: Vec<&str> = lines.to_vec();
    if names.is_empty() {
        names.push("correction");
    }
    let is_whole = sources.iter().any(|source| matches!(source, LineSource::Cost { centre: None, .. }));
    let said = if is_whole && left_out > 0 { format!(" ({left_out} left out)") } else { String::new() };
    let room = LINE_DESCRIPTION.saturating_sub(said.chars().count());
    names.join(", ").chars().take(room).chain(said.chars()).collect()
}
