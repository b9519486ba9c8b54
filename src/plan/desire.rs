//! What GP should hold: the journals of the planned period, and of each earlier period that the ledger names.

use super::accrual::{Accrual, Counted, Stretch, counted};
use super::cost::{Costs, labour_cost};
use super::facts::{Facts, Notice};
use super::hold::{Hold, HoldCode, Warning};
use super::journal::{Balances, JournalKey, journals};
use super::sent::sent_periods;
use super::wage_base::{WageBases, wage_bases};
use crate::hr::{Period, PeriodCode};
use crate::ledger::AccountNumber;
use crate::project::Pipeline;
use crate::project::pipeline::{JournalRule, Make, Otherwise, Pay};
use std::collections::{BTreeMap, BTreeSet};

/// One period as it should be.
#[derive(Debug)]
pub struct DesiredPeriod {
    pub period: Period,
    /// The part of it that counts, where the pipeline accrues.
    pub accrual: Option<Accrual>,
    pub journals: BTreeMap<JournalKey, Balances>,
    pub costs: Costs,
}

/// The planned period and the earlier ones that were sent.
#[derive(Debug)]
pub struct Desired {
    pub own: DesiredPeriod,
    /// Oldest first.
    pub earlier: Vec<DesiredPeriod>,
    /// The newest sent period that is too old to be corrected, where it can be computed: only to tell that it would differ.
    pub beyond: Option<DesiredPeriod>,
}

/// The pipeline whose ledger counts for `pipeline`.
pub fn ledger_of(pipeline: &Pipeline) -> &str {
    pipeline.corrects.as_deref().unwrap_or(&pipeline.name)
}

/// Computes what should be in the books for `period`, and again for every earlier period that the ledger names, as far
/// back as the pipeline looks.
pub fn desire(pipeline: &Pipeline, rule: &JournalRule, pay: &Pay, period: &Period, facts: &Facts) -> Desired {
    let ledger = ledger_of(pipeline);
    let back: BTreeSet<PeriodCode> = periods_back(pipeline, period);
    let earlier: Vec<Period> = sent_periods(facts, ledger)
        .intersection(&back)
        .filter_map(|code| pipeline.calendar.period(&code.0).ok())
        .collect();
    let beyond = newest_beyond(pipeline, period, facts);
    let wanted: Vec<Period> = beyond.iter().chain(&earlier).chain([period]).cloned().collect();
    let wages = wage_bases(pipeline, pay, &wanted, facts);
    let one_period = |period: Period| one_period(pipeline, rule, pay, period, facts, &wages);
    let earlier = earlier
        .into_iter()
        .map(|earlier| {
            let mut desired = one_period(earlier);
            desired.costs.holds.extend(hours_gone(facts, &desired, true));
            desired.costs.asks.extend(people_gone(facts, &desired.period));
            hold_left_out(&mut desired);
            desired
        })
        .collect();
    let beyond = beyond.map(one_period).filter(|beyond| {
        let costs = &beyond.costs;
        costs.holds.is_empty() && costs.left_out.is_empty() && hours_gone(facts, beyond, true).is_none()
    });
    if is_left_to_the_first(pipeline, period, facts) {
        return Desired { own: nothing(period.clone(), not_sent_yet(period, ledger)), earlier, beyond };
    }
    let mut own = one_period(period.clone());
    let sent = is_sent(ledger, period, facts);
    own.costs.holds.extend(hours_gone(facts, &own, sent));
    if sent {
        own.costs.asks.extend(people_gone(facts, period));
        hold_left_out(&mut own);
    }
    Desired { own, earlier, beyond }
}

fn one_period(
    pipeline: &Pipeline,
    rule: &JournalRule,
    pay: &Pay,
    period: Period,
    facts: &Facts,
    wages: &WageBases,
) -> DesiredPeriod {
    let accrual = match counted(rule, &period) {
        Counted::Whole => None,
        Counted::Share(accrual) => Some(accrual),
        Counted::Nothing(warning) => return nothing(period, Costs { warnings: vec![warning], ..Costs::default() }),
        Counted::Unclear(hold) => return nothing(period, Costs { holds: vec![*hold], ..Costs::default() }),
    };
    let days = accrual.as_ref().map_or(&period, |accrual| &accrual.days);
    let mut costs = labour_cost(pipeline, pay, Stretch { days, of: &period }, facts, Some(wages.of(&period.code)));
    costs.holds.extend(wages.holds(&period.code).cloned());
    let journals = journals(pipeline, rule, &period, facts, &mut costs);
    DesiredPeriod { period, accrual, journals, costs }
}

fn is_sent(ledger: &str, period: &Period, facts: &Facts) -> bool {
    facts.sent.iter().any(|line| line.pipeline == ledger && line.period == period.code)
}

/// Whether a period is none of the pipeline's: it only corrects, and the first journal is not sent yet.
pub fn is_left_to_the_first(pipeline: &Pipeline, period: &Period, facts: &Facts) -> bool {
    pipeline.only_corrects && !is_sent(ledger_of(pipeline), period, facts)
}

fn nothing(period: Period, costs: Costs) -> DesiredPeriod {
    DesiredPeriod { period, accrual: None, journals: BTreeMap::new(), costs }
}

/// What changes in a period before its journal was sent is part of that journal (payroll-rules.md, Corrections).
fn not_sent_yet(period: &Period, ledger: &str) -> Costs {
    let warning = Warning {
        code: "not-sent-yet",
        subject: format!("period {}", period.code),
        message: format!("no journal of {} was sent: what changed in it will be part of the first one", period.code),
        remedy: format!("Nothing to do. `ml-connector run --pipeline {ledger}` makes that journal."),
    };
    Costs { warnings: vec![warning], ..Costs::default() }
}

fn periods_back(pipeline: &Pipeline, period: &Period) -> BTreeSet<PeriodCode> {
    let mut codes = BTreeSet::new();
    let mut at = pipeline.calendar.before(period);
    for _ in 0..pipeline.corrections.look_back {
        let Some(before) = at else { break };
        at = pipeline.calendar.before(&before);
        codes.insert(before.code);
    }
    codes
}

/// The newest period that the ledger names and that lies before those that are corrected. What accrues corrects nothing.
pub fn newest_beyond(pipeline: &Pipeline, period: &Period, facts: &Facts) -> Option<Period> {
    if matches!(&pipeline.make, Make::Journal(rule) if rule.accrue().is_some()) {
        return None;
    }
    let back = periods_back(pipeline, period);
    let named = sent_periods(facts, ledger_of(pipeline)).into_iter().filter(|code| !back.contains(code));
    let named = named.filter_map(|code| pipeline.calendar.period(&code.0).ok());
    named.filter(|named| named.last_day < period.first_day).max_by_key(|named| named.first_day)
}

/// A sent period without a person who was in it would credit all their pay: there, leaving somebody out holds.
fn hold_left_out(desired: &mut DesiredPeriod) {
    let left_out = std::mem::take(&mut desired.costs.left_out);
    desired.costs.holds.extend(left_out);
}

/// People who were paid in a sent period and are not listed any more: only a person knows whether their pay was due.
fn people_gone(facts: &Facts, period: &Period) -> Option<Hold> {
    let subject = format!("period {}", period.code);
    let of_period = |notice: &&Notice| notice.code == "person-not-listed" && notice.subject == subject;
    facts.notices.iter().find(of_period).map(|notice| Hold {
        code: HoldCode::PersonNotListed,
        subject: subject.clone(),
        message: notice.message.clone(),
        remedy: notice.remedy.clone(),
        place: None,
        otherwise: Otherwise::Ask,
    })
}

/// A sent period is recomputed only from hours that are still there: else it would credit everybody's hourly pay.
fn hours_gone(facts: &Facts, desired: &DesiredPeriod, sent: bool) -> Option<Hold> {
    let period = &desired.period;
    if !desired.costs.has_hourly || facts.hours_saved.contains(&period.code) {
        return None;
    }
    let cut = facts.hours_from.is_some_and(|from| from > period.first_day);
    // Where the source said from which day on it serves hours, none means that nobody worked.
    let none = sent && facts.hours_from.is_none() && !facts.hours.iter().any(|row| period.contains(row.date));
    (cut || none).then(|| Hold {
        code: HoldCode::HoursNotServed,
        subject: format!("period {}", period.code),
        message: format!("the hours of {} are no longer served, so its cost cannot be computed again", period.code),
        remedy: "BambooHR serves timesheets for 365 days. Book a correction of this period by hand, or shorten \
                 `corrections.look_back`."
            .to_owned(),
        place: None,
        otherwise: Otherwise::Hold,
    })
}

impl Desired {
    /// Every account that a plan of this may name, by company (empty: the connection's own): what should be booked, and
    /// what was sent.
    pub fn accounts(&self, facts: &Facts, ledger: &str) -> AccountsByCompany {
        let mut accounts = AccountsByCompany::new();
        let desired = std::iter::once(&self.own).chain(&self.earlier);
        for (key, balances) in desired.flat_map(|period| &period.journals) {
            accounts.entry(key.company.clone()).or_default().extend(balances.0.keys().cloned());
        }
        for line in facts.sent.iter().filter(|line| line.pipeline == ledger) {
            accounts.entry(line.company.clone()).or_default().insert(line.account.clone());
        }
        accounts
    }
}

/// Accounts by the company that has them.
pub type AccountsByCompany = BTreeMap<String, BTreeSet<AccountNumber>>;
