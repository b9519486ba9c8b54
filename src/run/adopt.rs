//! A lost store: journals of ours that GP still holds are taken into the ledger again, so that nothing is sent twice.
//!
//! Our identities end their references (the lines are no part of them), so GP is asked for the batches that this
//! pipeline can have written, and every identity that it can have made is compared.

use super::systems::{RunError, Systems};
use crate::gp::{Gp, GpJournal};
use crate::hr::{Period, PeriodCode};
use crate::ledger::{AccountNumber, BatchId, Currency, DocumentId, Identity, Minor};
use crate::plan::accrual::is_reversal;
use crate::plan::desire::{Desired, ledger_of};
use crate::plan::document::Role;
use crate::plan::facts::Facts;
use crate::plan::groups::possible_groups;
use crate::plan::journal::{JournalKey, header_names};
use crate::plan::make::Request;
use crate::plan::propose::{ADJUSTING, ADJUSTING_EARLIER, JOURNAL};
use crate::project::connections::Provider;
use crate::project::pipeline::{JournalRule, OnePer};
use crate::project::value::Value;
use crate::store::{DocumentState, NewDocument, StoredContent};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// The search for identities ends after this many numbers in a row (or the look-back, if that is more) that GP has no
/// journal of: a person may have deleted some in GP, and later ones still count.
const MISSING_IN_A_ROW: u32 = 12;
/// The same where journals are written anew: GP has only the newest identity of each.
const REPLACED_IN_A_ROW: u32 = 60;

/// Looks in GP for journals that carry identities of this pipeline. Says whether any was found; they are then in the
/// ledger.
///
/// # Errors
/// What GP or the store gives.
pub async fn adopt(
    systems: &Systems,
    request: Request<'_>,
    rule: &JournalRule,
    desired: &Desired,
    facts: &Facts,
) -> Result<bool, RunError> {
    let gp = request.generation.project.gp.as_ref().ok_or(RunError::NoConnection { system: "gp" })?;
    // Who was paid then may be paid in another currency now, or be gone.
    let rows = facts.compensation_rows.iter().filter_map(|row| Currency::from_code(facts.text(row.currency)));
    let converted = rule.converting().map(|rates| rates.to);
    let desired_currencies = desired.own.journals.keys().map(|key| key.currency);
    let currencies: BTreeSet<Currency> = rows.chain(desired_currencies).chain(converted).collect();
    if gp.providers.journals == Provider::Off {
        return Ok(false);
    }
    let groups = possible_groups(request.pipeline, rule, facts, &desired.own.journals);
    let desired_keys = desired.own.journals.keys().cloned().collect();
    let companies: Vec<(&str, &str)> = match &request.pipeline.companies {
        None => vec![("", gp.company.as_str())],
        Some(_) => gp.companies.iter().map(|name| (name.as_str(), name.as_str())).collect(),
    };
    let mut found = false;
    for (of, company) in companies {
        let (groups, currencies, desired_keys) = (groups.clone(), currencies.clone(), Vec::clone(&desired_keys));
        let lost = Lost { request, rule, of, company, groups, currencies, desired_keys };
        found |= lost.adopt(systems, facts).await?;
    }
    Ok(found)
}

impl Lost<'_> {
    /// Takes what one company has of ours; says whether it has anything.
    async fn adopt(&self, systems: &Systems, facts: &Facts) -> Result<bool, RunError> {
        let gp = systems.gp_of(self.of)?;
        let periods = self.periods(systems.today());
        let mut journals: Vec<(usize, GpJournal)> = Vec::new();
        for (at, period) in periods.iter().enumerate() {
            let batches = self.batches(period, facts);
            let only = (batches.len() == 1).then(|| self.first_identity(period)).flatten();
            for batch in batches {
                let in_batch = in_batch(gp, &batch, only.as_ref()).await?;
                journals.extend(in_batch.into_iter().map(|journal| (at, journal)));
            }
        }
        let in_gp: Keys = journals.iter().map(|(_, journal)| key_of(journal)).collect();
        let mut found: Vec<(Ours, &Period, &GpJournal)> = Vec::new();
        for (at, period) in periods.iter().enumerate() {
            let mut of_period = journals.iter().filter(|(of, _)| *of == at).peekable();
            if of_period.peek().is_none() {
                continue;
            }
            let identities = self.identities(period, &periods, &in_gp);
            for (_, journal) in of_period {
                // A batch that several periods share is read for each of them.
                if let Some(ours) = identities.get(&key_of(journal))
                    && !is_reversal(self.rule, period, journal.entry.date)
                    && !found.iter().any(|(known, ..)| known.id == ours.id)
                {
                    found.push((ours.clone(), period, journal));
                }
            }
        }
        for (ours, booked_in, journal) in &found {
            let cost_period = ours.period.clone().unwrap_or_else(|| newest_before(&found, &booked_in.code));
            take(systems, self, ours, cost_period, booked_in, journal).await?;
        }
        Ok(!found.is_empty())
    }
}

/// The keys that end the references of journals, each with its journal's currency.
type Keys = BTreeSet<(String, Currency)>;

fn key_of(journal: &GpJournal) -> (String, Currency) {
    let reference = journal.entry.reference.trim_end();
    let key = reference.get(reference.len().saturating_sub(DocumentId::KEY_LETTERS)..).unwrap_or_default();
    (key.to_owned(), journal.entry.currency)
}

/// The journals of a batch. Where GP has none under this name, an administrator's policy may have given the batch another:
/// the first journal that we send is then found by its key, and the others by its batch.
async fn in_batch(gp: &Gp, batch: &BatchId, first: Option<&DocumentId>) -> Result<Vec<GpJournal>, RunError> {
    let journals = gp.journals_in_batch(batch, "").await?;
    let Some(first) = first.filter(|_| journals.is_empty()) else { return Ok(journals) };
    let renamed = gp.journals_in_batch(batch, first.key()).await?;
    match renamed.first() {
        Some(journal) => Ok(gp.journals_in_batch(&journal.batch, "").await?),
        None => Ok(journals),
    }
}

/// The period that an adjusting journal of several earlier ones is counted for: which they were, GP does not tell. They
/// are closed, and the differences of closed periods are added up, so any one of them gives the same sum.
fn newest_before(found: &[(Ours, &Period, &GpJournal)], booked_in: &PeriodCode) -> PeriodCode {
    let earlier = found.iter().filter_map(|(ours, ..)| ours.period.clone()).filter(|period| period < booked_in);
    earlier.max().unwrap_or_else(|| booked_in.clone())
}

/// A document that this pipeline can have sent.
#[derive(Clone)]
struct Ours {
    id: DocumentId,
    sequence: u32,
    role: Role,
    /// Whose cost it carries; `None` for an adjusting journal of several periods.
    period: Option<PeriodCode>,
    /// What it is one of where a period has several journals.
    group: String,
}

/// What was lost: the pipeline whose identities are looked for.
struct Lost<'a> {
    request: Request<'a>,
    rule: &'a JournalRule,
    /// The company as stored documents name it: empty for the connection's own.
    of: &'a str,
    /// Its name in GP.
    company: &'a str,
    groups: BTreeSet<String>,
    currencies: BTreeSet<Currency>,
    desired_keys: Vec<JournalKey>,
}

impl Lost<'_> {
    /// From the oldest period that is looked back to until today, oldest first: an adjusting journal may be booked later
    /// than what it corrects.
    fn periods(&self, today: Date) -> Vec<Period> {
        let (planned, calendar) = (self.request.period, &self.request.pipeline.calendar);
        let today = calendar.containing(today).unwrap_or_else(|| planned.clone());
        let mut oldest = planned.clone();
        for _ in 0..self.request.pipeline.corrections.look_back {
            let Some(before) = calendar.before(&oldest) else { break };
            oldest = before;
        }
        let mut at = if today.first_day > planned.first_day { today } else { planned.clone() };
        let mut periods = vec![at.clone()];
        while at.first_day > oldest.first_day {
            let Some(before) = calendar.before(&at) else { break };
            at = before;
            periods.push(at.clone());
        }
        periods.reverse();
        periods
    }

    /// The batches that journals of a period go into; a template that gives no text gives no batch.
    fn batches(&self, period: &Period, facts: &Facts) -> BTreeSet<BatchId> {
        let of_group = match self.rule.one_per {
            OnePer::Period => None,
            OnePer::LookUp(at) => Some(self.request.pipeline.look_ups[at].name.as_str()),
            OnePer::Person => Some("number"),
        };
        // Most batches hold all journals of a period: then one question is enough.
        let of_group = of_group.filter(|name| self.rule.batch.names().iter().any(|used| used == name));
        let mut batches = BTreeSet::new();
        for currency in &self.currencies {
            let mut names = header_names(self.rule, period, *currency);
            names.set("company", Value::text(self.company));
            for group in self.groups.iter().take(if of_group.is_some() { usize::MAX } else { 1 }) {
                if let Some(name) = of_group {
                    let person = facts.person(group).map(|person| facts.text(person.number));
                    let text = if self.rule.one_per == OnePer::Person { person.unwrap_or_default() } else { group };
                    names.set(name, Value::text(text));
                }
                batches.extend(self.rule.batch.render(&names).ok().map(|batch| BatchId::new(&batch)));
            }
        }
        batches
    }

    /// Every identity that a journal in a batch of `period` can have, by its key and currency.
    fn identities(&self, period: &Period, periods: &[Period], in_gp: &Keys) -> BTreeMap<(String, Currency), Ours> {
        let mut identities = BTreeMap::new();
        let corrections = &self.request.pipeline.corrections;
        let apart = if corrections.replace_unposted.is_some() { REPLACED_IN_A_ROW } else { MISSING_IN_A_ROW };
        let enough = corrections.look_back.max(apart);
        let (mut sequence, mut missing) = (1, 0);
        while missing < enough {
            let of_sequence = self.of_sequence(period, periods, sequence);
            missing = if of_sequence.keys().any(|key| in_gp.contains(key)) { 0 } else { missing + 1 };
            identities.extend(of_sequence);
            sequence += 1;
        }
        identities
    }

    fn of_sequence(&self, period: &Period, periods: &[Period], sequence: u32) -> BTreeMap<(String, Currency), Ours> {
        let mut identities = BTreeMap::new();
        for currency in &self.currencies {
            let mut add = |anchor: &PeriodCode, kind: &str, group: &str, role: Role, cost: Option<PeriodCode>| {
                let id = self.identity(anchor, &format!("{kind}/{currency}/{group}"), sequence);
                let ours = Ours { id: id.clone(), sequence, role, period: cost, group: group.to_owned() };
                identities.insert((id.key().to_owned(), *currency), ours);
            };
            for group in &self.groups {
                let role = if sequence == 1 { Role::Original } else { Role::Difference };
                add(&period.code, JOURNAL, group, role, Some(period.code.clone()));
                add(&period.code, ADJUSTING_EARLIER, group, Role::Adjusting, None);
                for anchor in periods {
                    add(&anchor.code, ADJUSTING, group, Role::Adjusting, Some(anchor.code.clone()));
                }
            }
        }
        identities
    }

    /// The identity of the journal of a period that is sent first.
    fn first_identity(&self, period: &Period) -> Option<DocumentId> {
        let key = self.desired_keys.first()?;
        Some(self.identity(&period.code, &format!("{JOURNAL}/{}/{}", key.currency, key.group), 1))
    }

    fn identity(&self, period: &PeriodCode, kind: &str, sequence: u32) -> DocumentId {
        let (project, pipeline) = (&self.request.generation.project.name, ledger_of(self.request.pipeline));
        Identity { project, company: self.company, pipeline, period: &period.0, kind, sequence }.document_id()
    }
}

/// Puts one journal into the ledger of the store.
async fn take(
    systems: &Systems,
    lost: &Lost<'_>,
    ours: &Ours,
    period: PeriodCode,
    booked_in: &Period,
    journal: &GpJournal,
) -> Result<(), RunError> {
    let (currency, ledger) = (journal.entry.currency, ledger_of(lost.request.pipeline));
    let mut amounts: BTreeMap<&AccountNumber, Minor> = BTreeMap::new();
    for line in &journal.entry.lines {
        *amounts.entry(&line.account).or_default() += line.debit - line.credit;
    }
    let text = amounts.iter().map(|(account, amount)| (account.as_str().to_owned(), amount.text(currency))).collect();
    let document = NewDocument {
        id: ours.id.clone(),
        kind: "journal".to_owned(),
        role: ours.role.to_string(),
        period: period.clone(),
        booked_in: booked_in.code.clone(),
        sequence: ours.sequence,
        state: DocumentState::Sent,
        needs_approval: false,
        gp_company: if lost.of.is_empty() { lost.company.to_owned() } else { String::new() },
        content: StoredContent::journal(
            (lost.of, &ours.group),
            &journal.entry,
            None,
            BTreeMap::from([(period.0.clone(), text)]),
        ),
    };
    Ok(systems.store.adopt(document, ledger, journal.number, systems.clock.now()).await?)
}
