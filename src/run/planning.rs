//! A plan from live facts: observe, desire, look up in GP what is named, plan, store.

use super::observe::{self, Scope};
use super::systems::{RunError, Systems};
use super::{inputs, recover};
use crate::hr::{Period, PeriodCode};
use crate::ledger::{AccountNumber, BatchId, Currency, DocumentId, Identity, Minor, RecordKind};
use crate::plan::desire::{Desired, ledger_of};
use crate::plan::document::Plan;
use crate::plan::facts::{Facts, GpState, SentLine};
use crate::plan::journal::{JournalKey, journal_names};
use crate::plan::make::{Request, conclude, make_plan};
use crate::plan::report::{LineageIds, report};
use crate::project::connections::Provider;
use crate::project::pipeline::{JournalRule, Make, PeriodRule};
use crate::project::{Generation, Pipeline};
use crate::store::{DocumentState, NewDocument, NewPlan, SavedPlan, StoredContent};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// A plan with the facts it was made from and how it is stored.
pub struct LivePlan {
    pub plan: Plan,
    pub facts: Facts,
    pub saved: SavedPlan,
}

/// The period that a pipeline means on `today` when nobody names one.
pub fn default_period(pipeline: &Pipeline, today: Date) -> Period {
    let month = Period::month_of(today);
    match (&pipeline.make, pipeline.period) {
        (Make::Record(_), _) | (_, PeriodRule::ThisMonth) => month,
        (Make::Journal(_), PeriodRule::PreviousMonth) => month.previous_month().unwrap_or(month),
    }
}

/// Observes everything that the plans of these pipelines need, all of GP's accounts included (`observe --save`).
///
/// # Errors
/// What an edge gives.
pub async fn observe_all(
    systems: &Systems,
    generation: &Generation,
    pipelines: &[&Pipeline],
    period: &Period,
) -> Result<Facts, RunError> {
    let scope = scope(generation, pipelines.to_vec(), period)?;
    let mut facts = observe::people(systems, &scope).await?;
    let makes = |wanted: fn(&Make) -> bool| pipelines.iter().any(|pipeline| wanted(&pipeline.make));
    if makes(|make| matches!(make, Make::Journal(_))) {
        observe::books(systems, &scope, None, &mut facts).await?;
    }
    for kind in [RecordKind::Vendor, RecordKind::Employee] {
        if pipelines.iter().any(|pipeline| matches!(&pipeline.make, Make::Record(rule) if rule.kind == kind)) {
            observe::records(systems, kind, &mut facts).await?;
        }
    }
    Ok(facts)
}

/// Makes and stores the plan of a pipeline for a period. Documents of unclear outcome are read back from GP first.
///
/// # Errors
/// What an edge gives, or [`RunError::Invariant`] when a journal that is ready does not balance.
pub async fn plan(
    systems: &Systems,
    generation: &Generation,
    pipeline: &Pipeline,
    period: &Period,
    who: &str,
) -> Result<LivePlan, RunError> {
    recover::read_back(systems, ledger_of(pipeline)).await?;
    recover::look_at_unposted(systems, ledger_of(pipeline)).await?;
    let scope = scope(generation, vec![pipeline], period)?;
    let mut facts = observe::people(systems, &scope).await?;
    let request = Request { generation, pipeline, period };
    let plan = match &pipeline.make {
        Make::Journal(rule) => {
            let mut desired = desired(request, &facts)?;
            if facts.sent.is_empty() && adopt_from_gp(systems, request, rule, &desired, &mut facts).await? {
                desired = self::desired(request, &facts)?;
            }
            let accounts = desired.accounts(&facts, ledger_of(pipeline));
            observe::books(systems, &scope, Some(&accounts), &mut facts).await?;
            conclude(request, desired, &facts)
        }
        Make::Record(rule) => {
            observe::records(systems, rule.kind, &mut facts).await?;
            make_plan(request, &facts)
        }
    };
    prove(&plan)?;
    let shown = report(&plan, pipeline, &facts, LineageIds::LeftOut);
    let shown = serde_json::to_string(&shown).map_err(|error| RunError::Invariant { what: error.to_string() })?;
    let inputs = inputs::pack(&facts, &generation.files)?;
    let new = NewPlan::of(&plan, shown, inputs, who, systems.clock.now());
    let saved = systems.store.save_plan(new).await?;
    Ok(LivePlan { plan, facts, saved })
}

fn scope<'a>(
    generation: &'a Generation,
    pipelines: Vec<&'a Pipeline>,
    period: &'a Period,
) -> Result<Scope<'a>, RunError> {
    let gp = generation.project.gp.as_ref().ok_or(RunError::NoConnection { system: "gp" })?;
    let bamboohr = generation.project.bamboohr.as_ref().ok_or(RunError::NoConnection { system: "bamboohr" })?;
    Ok(Scope { pipelines, period, gp, timesheets: bamboohr.timesheets })
}

fn desired(request: Request<'_>, facts: &Facts) -> Result<Desired, RunError> {
    let desired = request.desired(facts);
    desired.ok_or_else(|| RunError::Invariant { what: "a journal pipeline without pay was loaded".to_owned() })
}

/// What is asserted where a plan is made, and again where its documents are read back for sending.
fn prove(plan: &Plan) -> Result<(), RunError> {
    for document in plan.documents.iter().filter(|document| document.ready) {
        if let Some(journal) = document.journal()
            && (!journal.entry.is_balanced() || journal.entry.lines.is_empty())
        {
            return Err(RunError::Invariant {
                what: format!("document {} is ready but does not balance", document.id),
            });
        }
    }
    Ok(())
}

/// A store without memory of this ledger may have been lost: GP is asked for journals that carry our identities, so that
/// nothing is sent twice. Says whether any was found; they are then in the ledger and in `facts`.
async fn adopt_from_gp(
    systems: &Systems,
    request: Request<'_>,
    rule: &JournalRule,
    desired: &Desired,
    facts: &mut Facts,
) -> Result<bool, RunError> {
    let gp = request.generation.project.gp.as_ref().ok_or(RunError::NoConnection { system: "gp" })?;
    if gp.providers.journals == Provider::Off {
        return Ok(false);
    }
    let mut found = false;
    let mut at = Some(request.period.clone());
    for _ in 0..=request.pipeline.corrections.look_back {
        let Some(period) = at else { break };
        at = period.previous_month();
        let kept = adopt_period(systems, request, rule, desired, &period).await?;
        found |= !kept.is_empty();
        facts.sent.extend(kept);
    }
    facts.sort();
    Ok(found)
}

async fn adopt_period(
    systems: &Systems,
    request: Request<'_>,
    rule: &JournalRule,
    desired: &Desired,
    period: &Period,
) -> Result<Vec<SentLine>, RunError> {
    let mut lines = Vec::new();
    let ledger = ledger_of(request.pipeline);
    let project = &request.generation.project;
    let company = project.gp.as_ref().map_or("", |gp| gp.company.as_str());
    let Some(currency) = desired.own.journals.keys().map(|key| key.currency).next() else { return Ok(lines) };
    let Ok(batch) = rule.batch.render(&journal_names(period, currency)) else { return Ok(lines) };
    let identity = |key: &JournalKey, sequence: u32| {
        let kind = format!("journal/{}/{}", key.currency, key.group);
        let period = &period.code.0;
        Identity { project: &project.name, company, pipeline: ledger, period, kind: &kind, sequence }.document_id()
    };
    let batch = BatchId::new(&batch);
    let mut journals = systems.gp.journals_in_batch(&batch, "").await?;
    if journals.is_empty()
        && let Some(first) = desired.own.journals.keys().next().map(|key| identity(key, 1))
        && let Some(renamed) = systems.gp.journals_in_batch(&batch, first.key()).await?.first()
    {
        // An administrator's policy gave the batch another name, by which the others of the period are found too. The
        // first journal is the first that is sent.
        journals = systems.gp.journals_in_batch(&renamed.batch, "").await?;
    }
    let ours: BTreeMap<String, (DocumentId, u32, Currency)> = desired
        .own
        .journals
        .keys()
        .filter(|_| !journals.is_empty())
        .flat_map(|key| (1..=journals_at_most(request)).map(move |sequence| (key, sequence)))
        .map(|(key, sequence)| {
            let id = identity(key, sequence);
            (id.key().to_owned(), (id, sequence, key.currency))
        })
        .collect();
    for journal in journals {
        let reference = journal.entry.reference.trim_end();
        let key = reference.len().checked_sub(DocumentId::KEY_LETTERS).and_then(|at| reference.get(at..));
        let known = key.and_then(|key| ours.get(key)).filter(|(.., currency)| *currency == journal.entry.currency);
        let Some((id, sequence)) = known.map(|(id, sequence, _)| (id.clone(), *sequence)) else { continue };
        let amounts: BTreeMap<AccountNumber, Minor> =
            journal.entry.lines.iter().fold(BTreeMap::new(), |mut sums, line| {
                *sums.entry(line.account.clone()).or_default() += line.debit - line.credit;
                sums
            });
        let text = amounts.iter().map(|(a, m)| (a.as_str().to_owned(), m.text(journal.entry.currency))).collect();
        let document = NewDocument {
            id: id.clone(),
            kind: "journal".to_owned(),
            role: "original".to_owned(),
            period: period.code.clone(),
            booked_in: period.code.clone(),
            sequence,
            state: DocumentState::Sent,
            needs_approval: false,
            content: StoredContent::journal(&journal.entry, BTreeMap::from([(period.code.0.clone(), text)])),
        };
        systems.store.adopt(document, ledger, journal.number, systems.clock.now()).await?;
        lines.extend(amounts.into_iter().map(|(account, amount)| SentLine {
            pipeline: ledger.to_owned(),
            period: period.code.clone(),
            sequence,
            document_id: id.clone(),
            journal: journal.number.to_string(),
            gp_state: if journal.state == GpState::Posted { GpState::Posted } else { GpState::Work },
            booked_in: PeriodCode(period.code.0.clone()),
            account,
            currency: journal.entry.currency,
            debit: amount.max(Minor::ZERO),
            credit: (-amount).max(Minor::ZERO),
        }));
    }
    Ok(lines)
}

/// How many documents of one period are looked for after a lost store.
fn journals_at_most(request: Request<'_>) -> u32 {
    request.pipeline.corrections.look_back.max(12)
}
