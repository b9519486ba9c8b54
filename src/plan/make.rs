//! A plan, put together: desire → propose → check → hash.

use super::checks::{self, CheckedJournal, expectations};
use super::companies;
use super::cost::Costs;
use super::desire::{Desired, desire, is_left_to_the_first, ledger_of};
use super::document::{Content, Document, Held, Names, Plan, Role, Scope};
use super::facts::Facts;
use super::hold::{Hold, Warning};
use super::propose::propose;
use super::{hash, not_given, record, words};
use crate::hr::{Period, PeriodCode};
use crate::ledger::Minor;
use crate::project::pipeline::{JournalRule, Make, Otherwise, RecordRule};
use crate::project::{Generation, Pipeline};
use std::collections::BTreeMap;

/// What to plan.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    pub generation: &'a Generation,
    pub pipeline: &'a Pipeline,
    pub period: &'a Period,
}

impl Request<'_> {
    fn names(&self) -> Names<'_> {
        Names {
            project: &self.generation.project.name,
            company: self.generation.project.gp.as_ref().map_or("", |gp| gp.company.as_str()),
            ledger: ledger_of(self.pipeline),
        }
    }

    /// What GP should hold by BambooHR's facts alone, for a journal pipeline: the first half of [`make_plan`], so that a
    /// live run can look up in GP just the accounts that it names.
    pub fn desired(&self, facts: &Facts) -> Option<Desired> {
        match (&self.pipeline.make, &self.pipeline.pay) {
            (Make::Journal(rule), Some(pay)) => Some(desire(self.pipeline, rule, pay, self.period, facts)),
            _ => None,
        }
    }
}

/// Makes the plan. Facts must be in order ([`Facts::sort`]).
pub fn make_plan(request: Request<'_>, facts: &Facts) -> Plan {
    match (&request.pipeline.make, &request.pipeline.pay) {
        (Make::Journal(rule), Some(pay)) => {
            let desired = desire(request.pipeline, rule, pay, request.period, facts);
            journal_plan(request, rule, desired, facts)
        }
        (Make::Record(rule), _) => record_plan(request, rule, facts),
        // The loader makes no journal without `pay`.
        (Make::Journal(_), None) => assemble(request, facts, Vec::new(), Vec::new(), Vec::new(), 0, BTreeMap::new()),
    }
}

/// The second half of [`make_plan`] for a journal pipeline, from what [`Request::desired`] gave.
pub fn conclude(request: Request<'_>, desired: Desired, facts: &Facts) -> Plan {
    match (&request.pipeline.make, &request.pipeline.pay) {
        (Make::Journal(rule), Some(_)) => journal_plan(request, rule, desired, facts),
        _ => make_plan(request, facts),
    }
}

fn journal_plan(request: Request<'_>, rule: &JournalRule, mut desired: Desired, facts: &Facts) -> Plan {
    let pipeline = request.pipeline;
    let mut proposal = propose(pipeline, rule, request.names(), &desired, facts);
    proposal.loose_holds.extend(words::blocking_notices(facts));
    proposal.loose_holds.extend(not_given::of_journal(pipeline, facts));
    let mut warnings = std::mem::take(&mut desired.own.costs.warnings);
    warnings.extend(proposal.warnings);
    warnings.extend(single_person_lines(rule, &desired.own.costs, &proposal.documents));
    warnings.extend(not_checked(facts));
    let journals = proposal.documents.iter().filter_map(|(document, _)| document.journal());
    warnings.extend(journals.filter_map(|journal| checks::reversal::warning(facts, journal)));
    let headcount = desired.own.costs.headcount;
    let left_out = std::mem::take(&mut desired.own.costs.left_out);
    let people_held = held_people(desired.own.costs.holds.iter().chain(&left_out));
    let gross = gross(&desired.own.costs);
    let mut costs = BTreeMap::new();
    // Of a period that was not sent, a pipeline that only corrects knows nothing: another plan about it stays in force.
    if !is_left_to_the_first(pipeline, request.period, facts) {
        costs.insert(desired.own.period.code.clone(), desired.own.costs);
    }
    costs.extend(desired.earlier.into_iter().map(|earlier| (earlier.period.code, earlier.costs)));
    let mut documents = proposal.documents;
    for (document, holds) in &mut documents {
        let journal = match &document.content {
            Content::Journal(journal) => journal.clone(),
            Content::Record(_) => continue,
        };
        let checked = CheckedJournal { document, journal: &journal, ledger: ledger_of(pipeline), costs: &costs };
        holds.extend(checks::journal_holds(pipeline, facts, &checked));
        document.ready = holds.is_empty();
    }
    companies::hold_together(pipeline, &mut documents);
    let only: Vec<Document> = documents.iter().map(|(document, _)| document.clone()).collect();
    let known = expectations::Known { period: request.period, facts, headcount, people_held, documents: &only, gross };
    let failed = expectations::check(pipeline, &known);
    let mut own = documents.iter_mut().filter(|(document, _)| is_original(document)).peekable();
    if own.peek().is_some() {
        for (document, holds) in own {
            holds.extend(failed.iter().cloned());
            document.ready = holds.is_empty();
        }
    }
    let mut loose: Vec<Held> = on_plan(proposal.loose_holds);
    loose.extend(left_out.into_iter().map(|hold| Held { hold, scope: Scope::Employee }));
    assemble(request, facts, documents, loose, warnings, headcount, costs)
}

fn on_plan(holds: Vec<Hold>) -> Vec<Held> {
    holds.into_iter().map(|hold| Held { hold, scope: Scope::Plan }).collect()
}

fn is_original(document: &Document) -> bool {
    document.journal().is_some_and(|journal| journal.role == Role::Original)
}

fn record_plan(request: Request<'_>, rule: &RecordRule, facts: &Facts) -> Plan {
    let proposal = record::propose(request.pipeline, rule, request.names(), request.period, facts);
    assemble(
        request,
        facts,
        proposal.documents,
        on_plan(proposal.loose_holds),
        proposal.warnings,
        proposal.headcount,
        BTreeMap::new(),
    )
}

fn assemble(
    request: Request<'_>,
    facts: &Facts,
    proposed: Vec<(Document, Vec<Hold>)>,
    loose: Vec<Held>,
    mut warnings: Vec<Warning>,
    headcount: u64,
    costs: BTreeMap<PeriodCode, Costs>,
) -> Plan {
    warnings.extend(words::stray_rows(facts));
    warnings.extend(facts.notices.iter().map(|notice| Warning {
        code: notice.code,
        subject: notice.subject.clone(),
        message: notice.message.clone(),
        remedy: notice.remedy.clone(),
    }));
    let (mut documents, mut holds) = (Vec::new(), loose);
    for (at, (document, own)) in proposed.into_iter().enumerate() {
        documents.push(document);
        for hold in own {
            // One reason that holds several documents is one hold.
            let same = holds.iter_mut().find_map(|held| match &mut held.scope {
                Scope::Documents(documents) if held.hold == hold => Some(documents),
                Scope::Plan | Scope::Documents(_) | Scope::Employee => None,
            });
            match same {
                Some(documents) if documents.contains(&at) => {}
                Some(documents) => documents.push(at),
                None => holds.push(Held { hold, scope: Scope::Documents(vec![at]) }),
            }
        }
    }
    if holds.iter().any(|held| held.hold.otherwise == Otherwise::Stop || held.scope == Scope::Plan) {
        // `stop` ends the run: nothing of this plan may be sent.
        documents.iter_mut().for_each(|document| document.ready = false);
    }
    let mut plan = Plan {
        pipeline: request.pipeline.name.clone(),
        ledger: ledger_of(request.pipeline).to_owned(),
        company: request.names().company.to_owned(),
        period: request.period.clone(),
        generation: request.generation.id.clone(),
        documents,
        holds,
        warnings,
        headcount,
        hash: String::new(),
        costs,
    };
    plan.hash = hash::of_plan(&plan, facts);
    plan
}

fn held_people<'h>(holds: impl Iterator<Item = &'h Hold>) -> u64 {
    let mut people: Vec<&str> =
        holds.map(|hold| hold.subject.as_str()).filter(|subject| subject.starts_with("employee ")).collect();
    people.sort_unstable();
    people.dedup();
    people.len() as u64
}

fn gross(costs: &Costs) -> Minor {
    let currency = costs.shares.first().map(|share| share.currency);
    let earnings = costs.shares.iter().filter(|share| share.amount.is_earning());
    earnings.filter(|share| Some(share.currency) == currency).map(|share| share.rounded).sum()
}

/// A line that carries one person's pay shows it to everybody who may read the journal.
fn single_person_lines(rule: &JournalRule, costs: &Costs, documents: &[(Document, Vec<Hold>)]) -> Vec<Warning> {
    let mut people: BTreeMap<super::centre::CentreId, (u32, bool)> = BTreeMap::new();
    for share in &costs.shares {
        let entry = people.entry(share.centre).or_insert((share.person, true));
        entry.1 &= entry.0 == share.person;
    }
    let mut warnings = Vec::new();
    for (document, _) in documents {
        let Some(journal) = document.journal().filter(|journal| journal.role == Role::Original) else { continue };
        for (line, sources) in journal.entry.lines.iter().zip(&journal.sources) {
            let mut alone: Option<u32> = None;
            let single = sources.iter().all(|source| match source {
                super::document::LineSource::Cost { centre: Some(centre), line, .. }
                    if rule.lines.get(*line).is_some() =>
                {
                    people
                        .get(centre)
                        .is_some_and(|(person, single)| *single && *alone.get_or_insert(*person) == *person)
                }
                _ => false,
            });
            if single && !sources.is_empty() {
                warnings.push(Warning {
                    code: "single-person-line",
                    subject: format!("account {}", line.account),
                    message: "this line carries the pay of one person".to_owned(),
                    remedy: "Map small groups to a shared cost centre if readers of the ledger must not see it."
                        .to_owned(),
                });
            }
        }
    }
    warnings
}

/// Checks that were left out because nobody provides the capability.
fn not_checked(facts: &Facts) -> Vec<Warning> {
    let warning = |capability: &&'static str| Warning {
        code: "not-checked",
        subject: format!("capability {capability}"),
        message: format!("nobody provides {capability} in this project: that check was left out"),
        remedy: format!("Name a provider for {capability} under connections.gp, or check by hand."),
    };
    facts.not_provided.iter().map(warning).collect()
}
