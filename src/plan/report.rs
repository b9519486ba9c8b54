//! A plan as JSON: the stable form of `plan --format json` (docs/plan-json.md, schemas/plan.schema.json). It only grows.

use super::centre::CentreId;
use super::document::{Content, Document, JournalDocument, LineSource, Plan};
use super::facts::Facts;
use super::journal::{JournalKey, key_of};
use crate::ledger::gp_record::redacted;
use crate::ledger::{Minor, RecordChange};
use crate::project::Pipeline;
use crate::project::pipeline::{JournalRule, Make, Otherwise};
use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// One plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlanReport {
    pub pipeline: String,
    /// Code of the planned period.
    pub period: String,
    /// `ready` (awaiting approval included), `held`, `partly_held` or `nothing`.
    pub status: String,
    pub documents: Vec<DocumentReport>,
    pub held: Vec<HeldReport>,
    pub warnings: Vec<WarningReport>,
    pub totals: Totals,
    /// Hash of the project's files.
    pub generation: String,
    /// Hash of documents, holds and inputs.
    pub plan_hash: String,
}

/// One document of a plan, ready or held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DocumentReport {
    pub document_id: String,
    /// `ready` or `held`.
    pub state: String,
    /// `journal`, `vendor` or `employee`.
    pub kind: String,
    /// `original`, `difference`, `replacement` or `adjusting` for a journal; `record` for a record.
    pub role: String,
    pub pipeline: String,
    /// The period whose cost it is; the newest one for an adjusting journal.
    pub period: String,
    /// Every period whose cost it carries.
    #[serde(default)]
    pub periods: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub booked_in: Option<String>,
    pub sequence: u32,
    /// Whether a person must approve it before it is sent.
    pub needs_approval: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// The day on which GP books the opposite: an accrual.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reverses_on: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// The rate that GP converts the journal by, and the day it is of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exchange_rate: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exchange_date: Option<String>,
    /// GP's company, where a pipeline books into several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    /// In the order debits by account, then credits by account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lines: Option<Vec<LineReport>>,
    /// The number of the unposted journal that it is written in place of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<String>,
    /// GP journals that this one corrects, for people.
    #[serde(default)]
    pub corrects: Vec<String>,
    /// People whom a journal leaves out.
    #[serde(default)]
    pub left_out: Vec<String>,
    /// Key of the GP record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// `create`, `update`, `inactivate` or `reactivate`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<BTreeMap<String, String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<BTreeMap<String, String>>,
}

/// One journal line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LineReport {
    pub account: String,
    pub description: String,
    /// Decimal text; exactly one of debit and credit is not zero.
    pub debit: String,
    pub credit: String,
    /// What the line adds up: `employee/amount/first day/cost centre` for today's cost, `sent/document id` for what was
    /// sent before. `explain` shows each.
    pub lineage: Vec<String>,
}

/// One reason to keep something back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HeldReport {
    pub code: String,
    pub subject: String,
    pub message: String,
    pub remedy: String,
    /// `file:line:column` in the project; empty when the project cannot mend it.
    pub place: String,
    /// `hold`, `ask` (approval releases it) or `stop`.
    pub otherwise: String,
    /// What is kept back: `documents` (the ones listed), `plan` (all of it), or `employee` (the person is left out).
    #[serde(default)]
    pub scope: String,
    /// Ids of the documents kept back.
    pub documents: Vec<String>,
}

/// Something to know that keeps nothing back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WarningReport {
    pub code: String,
    pub subject: String,
    pub message: String,
    pub remedy: String,
}

/// What the plan comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Totals {
    /// People employed at least one day of the period.
    pub headcount: u64,
    pub documents: usize,
    pub ready: usize,
    pub held: usize,
    /// By currency: sums of all journals' debits and credits.
    pub currencies: BTreeMap<String, CurrencyTotals>,
}

/// Sums of one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CurrencyTotals {
    pub debit: String,
    pub credit: String,
}

/// How much of the lineage a report lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineageIds {
    Listed,
    /// Left out where nobody reads them: a stored plan keeps its lineage apart.
    LeftOut,
}

/// The plan in its stable form.
pub fn report(plan: &Plan, pipeline: &Pipeline, facts: &Facts, lineage: LineageIds) -> PlanReport {
    let ids = match (lineage, &pipeline.make) {
        (LineageIds::Listed, Make::Journal(rule)) => lineage_ids(plan, pipeline, rule, facts),
        _ => FxHashMap::default(),
    };
    PlanReport {
        pipeline: plan.pipeline.clone(),
        period: plan.period.code.0.clone(),
        status: plan.status().to_string(),
        documents: plan.documents.iter().map(|document| document_report(plan, facts, document, &ids)).collect(),
        held: plan.holds.iter().map(|held| held_report(plan, held)).collect(),
        warnings: plan.warnings.iter().map(warning_report).collect(),
        totals: totals(plan),
        generation: plan.generation.clone(),
        plan_hash: plan.hash.clone(),
    }
}

/// Ids of shares by what a line source can ask for.
type Ids = FxHashMap<(String, usize, Option<CentreId>, JournalKey), Vec<String>>;

/// The name of an amount for people and ids: `regular`, `overtime`, or the burden's own.
pub fn amount_name(pipeline: &Pipeline, amount: crate::project::pipeline::Amount) -> &str {
    use crate::project::pipeline::Amount;
    match amount {
        Amount::Regular => "regular",
        Amount::Overtime => "overtime",
        Amount::Gross => "gross",
        Amount::Code(at) => pipeline
            .pay
            .as_ref()
            .and_then(|pay| pay.earnings.get(at))
            .map_or("earning", |earning| earning.name.as_str()),
        Amount::Net => "net",
        Amount::Withheld(at) => {
            pipeline.pay.as_ref().and_then(|pay| pay.withheld.get(at)).map_or("withheld", |rule| rule.name.as_str())
        }
        Amount::Burden(at) => {
            pipeline.pay.as_ref().and_then(|pay| pay.burdens.get(at)).map_or("burden", |burden| burden.name.as_str())
        }
    }
}

fn lineage_ids(plan: &Plan, pipeline: &Pipeline, rule: &JournalRule, facts: &Facts) -> Ids {
    let mut ids = Ids::default();
    for (period, costs) in &plan.costs {
        for share in &costs.shares {
            let segment = &costs.segments[share.segment as usize];
            let person = facts.text(facts.people[share.person as usize].id);
            let amount = amount_name(pipeline, share.amount);
            let id = format!("{person}/{amount}/{}/{}", segment.first_day, costs.centres.name(share.centre));
            let key = key_of(rule, facts, costs, share);
            for (at, line) in rule.lines.iter().enumerate() {
                if line.amount.times(share.amount) != 0 {
                    let key = key.at(pipeline, costs, share.centre, line.side);
                    let centre = line.for_each.map(|_| share.centre);
                    if line.for_each.is_none() && pipeline.companies.is_some() {
                        // What companies owe each other is by centre.
                        let of = (period.0.clone(), at, Some(share.centre), key.clone());
                        ids.entry(of).or_default().push(id.clone());
                    }
                    ids.entry((period.0.clone(), at, centre, key)).or_default().push(id.clone());
                }
            }
        }
    }
    ids
}

fn line_ids(facts: &Facts, journal: &JournalDocument, sources: &[LineSource], ids: &Ids) -> Vec<String> {
    let mut found = BTreeSet::new();
    for source in sources {
        match source {
            LineSource::Cost { period, line, centre, person } => {
                let key = (period.0.clone(), *line, *centre, journal.key.clone());
                let all = ids.get(&key).into_iter().flatten();
                let of = person.map(|at| format!("{}/", facts.text(facts.people[at as usize].id)));
                found.extend(all.filter(|id| of.as_ref().is_none_or(|of| id.starts_with(of.as_str()))).cloned());
            }
            LineSource::Sent { document, .. } => {
                found.insert(format!("sent/{document}"));
            }
        }
    }
    found.into_iter().collect()
}

fn document_report(plan: &Plan, facts: &Facts, document: &Document, ids: &Ids) -> DocumentReport {
    let mut report = DocumentReport {
        document_id: document.id.to_string(),
        state: if document.ready { "ready" } else { "held" }.to_owned(),
        kind: document.kind(),
        role: "record".to_owned(),
        pipeline: plan.pipeline.clone(),
        period: plan.period.code.0.clone(),
        periods: Vec::new(),
        booked_in: None,
        sequence: document.sequence,
        needs_approval: document.needs_approval,
        date: None,
        reverses_on: None,
        batch: None,
        reference: None,
        currency: None,
        exchange_rate: None,
        exchange_date: None,
        company: None,
        lines: None,
        replaces: None,
        corrects: Vec::new(),
        left_out: Vec::new(),
        key: None,
        action: None,
        before: None,
        after: None,
    };
    match &document.content {
        Content::Journal(journal) => fill_journal(&mut report, facts, journal, ids),
        Content::Record(change) => fill_record(&mut report, change),
    }
    report
}

fn fill_journal(report: &mut DocumentReport, facts: &Facts, journal: &JournalDocument, ids: &Ids) {
    let entry = &journal.entry;
    let currency = entry.currency;
    report.role = journal.role.to_string();
    report.periods = journal.by_period.keys().map(|code| code.0.clone()).collect();
    if let Some(newest) = report.periods.last() {
        report.period.clone_from(newest);
    }
    report.booked_in = Some(journal.booked_in.0.clone());
    report.date = Some(entry.date.to_string());
    report.reverses_on = entry.reverses_on.map(|day| day.to_string());
    report.batch = Some(entry.batch.as_str().to_owned());
    report.reference = Some(entry.reference.clone());
    report.currency = Some(currency.code().to_owned());
    report.exchange_rate = entry.exchange.map(|exchange| exchange.rate.to_string());
    report.exchange_date = entry.exchange.map(|exchange| exchange.date.to_string());
    report.company = Some(journal.key.company.clone()).filter(|company| !company.is_empty());
    report.replaces = journal.replaces.map(|number| number.to_string());
    report.corrects.clone_from(&journal.corrects);
    report.left_out.clone_from(&journal.left_out);
    let lines = entry.lines.iter().zip(&journal.sources).map(|(line, sources)| LineReport {
        account: line.account.as_str().to_owned(),
        description: line.description.clone(),
        debit: line.debit.text(currency),
        credit: line.credit.text(currency),
        lineage: line_ids(facts, journal, sources, ids),
    });
    report.lines = Some(lines.collect());
}

fn fill_record(report: &mut DocumentReport, change: &RecordChange) {
    report.key = Some(change.key.clone());
    report.action = Some(change.action.to_string());
    report.before = Some(redacted(&change.before));
    report.after = Some(redacted(&change.after));
}

fn held_report(plan: &Plan, held: &super::document::Held) -> HeldReport {
    HeldReport {
        code: held.hold.code.code().to_owned(),
        subject: held.hold.subject.clone(),
        message: held.hold.message.clone(),
        remedy: held.hold.remedy.clone(),
        place: held.hold.place.as_ref().map_or_else(String::new, ToString::to_string),
        otherwise: match held.hold.otherwise {
            Otherwise::Hold => "hold",
            Otherwise::Ask => "ask",
            Otherwise::Stop => "stop",
        }
        .to_owned(),
        scope: held.scope.word().to_owned(),
        documents: held.scope.documents().iter().map(|at| plan.documents[*at].id.to_string()).collect(),
    }
}

fn warning_report(warning: &super::hold::Warning) -> WarningReport {
    WarningReport {
        code: warning.code.to_owned(),
        subject: warning.subject.clone(),
        message: warning.message.clone(),
        remedy: warning.remedy.clone(),
    }
}

fn totals(plan: &Plan) -> Totals {
    let mut sums: BTreeMap<crate::ledger::Currency, (Minor, Minor)> = BTreeMap::new();
    for journal in plan.documents.iter().filter_map(Document::journal) {
        let sum = sums.entry(journal.entry.currency).or_default();
        sum.0 += journal.entry.total_debit();
        sum.1 += journal.entry.total_credit();
    }
    let ready = plan.documents.iter().filter(|document| document.ready).count();
    let text = |(currency, (debit, credit)): (crate::ledger::Currency, (Minor, Minor))| {
        let totals = CurrencyTotals { debit: debit.text(currency), credit: credit.text(currency) };
        (currency.code().to_owned(), totals)
    };
    Totals {
        headcount: plan.headcount,
        documents: plan.documents.len(),
        ready,
        held: plan.documents.len() - ready,
        currencies: sums.into_iter().map(text).collect(),
    }
}
