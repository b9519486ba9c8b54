//! Observe: BambooHR, GP and our own ledger, read into facts.

use super::systems::{RunError, Systems};
use super::{balances, benefits, inputs, saved_hours, unlisted};
use crate::bamboohr::Needed;
use crate::gp::Gp;
use crate::hr::Period;
use crate::ledger::{AccountNumber, RecordKind};
use crate::plan::desire::{AccountsByCompany, ledger_of, newest_beyond};
use crate::plan::facts::{Books, Facts, Notice};
use crate::plan::names;
use crate::plan::wage_base::wages_from;
use crate::project::Pipeline;
use crate::project::connections::{GpConnection, Provider, RegisterConnection};
use crate::project::pipeline::{Make, Pay};
use crate::register;
use jiff::ToSpan;
use jiff::civil::Date;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// What to observe: one pipeline's plan, or the facts of several.
pub struct Scope<'a> {
    pub pipelines: Vec<&'a Pipeline>,
    pub period: &'a Period,
    pub gp: &'a GpConnection,
    pub timesheets: bool,
    /// The project's payroll registers.
    pub registers: &'a [RegisterConnection],
}

/// BambooHR's people and rows, and our own ledger: everything but GP.
///
/// # Errors
/// What BambooHR or the store gives.
pub async fn people(systems: &Systems, scope: &Scope<'_>) -> Result<Facts, RunError> {
    let mut facts = Facts::default();
    let ledgers: BTreeSet<&str> = scope.pipelines.iter().map(|pipeline| ledger_of(pipeline)).collect();
    for ledger in ledgers {
        facts.sent.extend(systems.store.sent_lines(ledger).await?);
        facts.history.extend(systems.store.history(ledger).await?);
    }
    systems.bamboohr.people(&extra_fields(&scope.pipelines), &mut facts).await?;
    let pays = scope.pipelines.iter().filter_map(|pipeline| pipeline.pay.as_ref()).any(|pay| pay.from_rates);
    let corrected = sent_periods(scope, &facts);
    let beyond = scope.pipelines.iter().filter_map(|pipeline| newest_beyond(pipeline, scope.period, &facts));
    let mut sent: Vec<Period> = corrected.iter().cloned().chain(beyond).collect();
    sent.sort_by_key(|period| period.first_day);
    sent.dedup();
    let hours = (pays && scope.timesheets).then(|| hours_window(systems, scope, &sent)).flatten();
    let rules = || scope.pipelines.iter().filter_map(|pipeline| pipeline.pay.as_ref());
    let payments = rules().any(Pay::reads_payments);
    let leaves = rules().any(|pay| pay.leave.is_some());
    let time_off = leaves.then(|| (oldest_day(scope, &sent), scope.period.last_day));
    systems.bamboohr.dated_rows(Needed { compensation: pays, hours, payments, time_off }, &mut facts).await?;
    // What was asked for and not cut was served, though nobody may have worked.
    facts.hours_from = facts.hours_from.or(hours.map(|(first, _)| first));
    saved_hours::take(systems, scope, &sent, &mut facts).await?;
    balances::read(systems, scope, &sent, &mut facts).await?;
    benefits::read(systems, scope, &sent, &mut facts).await?;
    let named = |name: &str| scope.pipelines.iter().any(|pipeline| pipeline.register.as_deref() == Some(name));
    for register in scope.registers.iter().filter(|register| named(&register.name)) {
        register::read(register, (oldest_day(scope, &sent), scope.period.last_day), &mut facts);
    }
    unlisted::notice(systems, scope, &corrected, &mut facts).await?;
    facts.sort();
    Ok(facts)
}

/// BambooHR fields of people that a pipeline reads and that are none of the standard ones.
fn extra_fields(pipelines: &[&Pipeline]) -> Vec<String> {
    let taken = pipelines.iter().flat_map(|pipeline| &pipeline.take);
    let extras = taken.map(|take| &take.field).filter(|field| names::standard(field).is_none());
    extras.cloned().collect::<BTreeSet<_>>().into_iter().collect()
}

/// The first day that matters: of the planned period, of the sent ones before it, and of the year's wages.
fn oldest_day(scope: &Scope<'_>, sent: &[Period]) -> Date {
    let oldest = sent.first().map_or(scope.period.first_day, |period| period.first_day.min(scope.period.first_day));
    // A burden with a wage base goes by the wages of its year.
    let pays = scope.pipelines.iter().filter_map(|pipeline| pipeline.pay.as_ref());
    let year = pays.filter_map(|pay| wages_from(pay, oldest)).min();
    year.map_or(oldest, |year| year.min(oldest))
}

/// The days whose hours count: the planned period and the sent ones before it, whole weeks.
fn hours_window(systems: &Systems, scope: &Scope<'_>, sent: &[Period]) -> Option<(Date, Date)> {
    let oldest = oldest_day(scope, sent);
    let first = oldest.checked_sub(6.days()).unwrap_or(oldest);
    let last = scope.period.last_day.checked_add(6.days()).unwrap_or(scope.period.last_day).min(systems.today());
    (first <= last).then_some((first, last))
}

/// What the newest plan for `period` was made from: of the journal's own pipeline, else of the one that only corrects it.
pub(super) async fn saved_facts(
    systems: &Systems,
    scope: &Scope<'_>,
    period: &Period,
) -> Result<Option<Facts>, RunError> {
    for pipeline in &scope.pipelines {
        for name in [ledger_of(pipeline), &pipeline.name] {
            if let Some(plan) = systems.store.latest_plan(name, Some(&period.code)).await? {
                let (saved, _) = inputs::unpack(&systems.store.inputs(&plan.id).await?)?;
                return Ok(Some(saved));
            }
        }
    }
    Ok(None)
}

/// Where each person of `saved` is in `facts`; `None` for somebody whom BambooHR no longer lists.
pub(super) fn places_today(facts: &Facts, saved: &Facts) -> Vec<Option<u32>> {
    let places: FxHashMap<&str, u32> =
        facts.people.iter().zip(0..).map(|(person, at)| (facts.texts.get(person.id), at)).collect();
    saved.people.iter().map(|person| places.get(saved.text(person.id)).copied()).collect()
}

/// The periods before the planned one that the ledger names, within the pipeline's look-back, oldest first.
fn sent_periods(scope: &Scope<'_>, facts: &Facts) -> Vec<Period> {
    let mut periods: Vec<Period> = Vec::new();
    for pipeline in &scope.pipelines {
        let mut at = pipeline.calendar.before(scope.period);
        for _ in 0..pipeline.corrections.look_back {
            let Some(period) = at else { break };
            at = pipeline.calendar.before(&period);
            if facts.sent.iter().any(|line| line.period == period.code) && !periods.contains(&period) {
                periods.push(period);
            }
        }
    }
    periods.sort_by_key(|period| period.first_day);
    periods
}

/// GP's calendar, dimension values and the named accounts (all accounts when none are named), for a journal; by company
/// where the pipelines book into several.
///
/// # Errors
/// What GP gives.
pub async fn books(
    systems: &Systems,
    scope: &Scope<'_>,
    accounts: Option<&AccountsByCompany>,
    facts: &mut Facts,
) -> Result<(), RunError> {
    let providers = &scope.gp.providers;
    let days = calendar_range(systems, scope, facts);
    note(facts, "accounts", &providers.accounts);
    note(facts, "periods", &providers.periods);
    note(facts, "dimensions", &providers.dimensions);
    let named = |company: &str| accounts.map(|accounts| accounts.get(company).cloned().unwrap_or_default());
    if scope.pipelines.iter().any(|pipeline| pipeline.companies.is_none() && makes_a_journal(pipeline)) {
        let own = books_of(&systems.gp, scope, days, named("")).await?;
        (facts.accounts, facts.dimension_values, facts.fiscal_periods) =
            (own.accounts, own.dimension_values, own.fiscal_periods);
    }
    if scope.pipelines.iter().any(|pipeline| pipeline.companies.is_some()) {
        for (company, gp) in &systems.companies {
            facts.companies.insert(company.clone(), books_of(gp, scope, days, named(company)).await?);
        }
    }
    facts.sort();
    Ok(())
}

fn makes_a_journal(pipeline: &Pipeline) -> bool {
    matches!(pipeline.make, Make::Journal(_))
}

/// One company's books.
async fn books_of(
    gp: &Gp,
    scope: &Scope<'_>,
    (first, last): (Date, Date),
    named: Option<BTreeSet<AccountNumber>>,
) -> Result<Books, RunError> {
    let providers = &scope.gp.providers;
    let account_list = async {
        match &named {
            _ if providers.accounts == Provider::Off => Ok(Vec::new()),
            Some(named) => gp.accounts(named).await,
            None => gp.all_accounts().await,
        }
    };
    let calendar = async {
        if providers.periods == Provider::Off { Ok(Vec::new()) } else { gp.fiscal_periods(first, last).await }
    };
    let values = async {
        let mut values = Vec::new();
        if providers.dimensions != Provider::Off {
            for name in dimensions(&scope.pipelines) {
                values.extend(gp.dimension_values(name).await?);
            }
        }
        Ok(values)
    };
    // Beside each other, as far as the project's `calls_at_once` lets them.
    let (accounts, fiscal_periods, dimension_values) = tokio::try_join!(account_list, calendar, values)?;
    Ok(Books { accounts, dimension_values, fiscal_periods })
}

/// GP's vendors or employees, for a record pipeline.
///
/// # Errors
/// What GP gives.
pub async fn records(systems: &Systems, kind: RecordKind, facts: &mut Facts) -> Result<(), RunError> {
    let records = systems.gp.records(kind).await?;
    match kind {
        RecordKind::Vendor => facts.vendors = records,
        RecordKind::Employee => facts.employees = records,
    }
    Ok(())
}

/// From the oldest period that may be corrected to today: the oldest open period may lie anywhere in between.
fn calendar_range(systems: &Systems, scope: &Scope<'_>, facts: &Facts) -> (Date, Date) {
    let sent = facts.sent.iter().flat_map(|line| scope.pipelines.iter().map(move |pipeline| (pipeline, line)));
    let days = sent.filter_map(|(pipeline, line)| pipeline.calendar.period(&line.period.0).ok());
    let first = days.map(|period| period.first_day).min().unwrap_or(scope.period.first_day);
    (first.min(scope.period.first_day), scope.period.last_day.max(systems.today()))
}

/// Look-ups that a journal's lines are made for: their values must be values of a GP dimension.
fn dimensions<'p>(pipelines: &[&'p Pipeline]) -> BTreeSet<&'p str> {
    let mut names = BTreeSet::new();
    for pipeline in pipelines {
        if let Make::Journal(rule) = &pipeline.make {
            let used = rule.lines.iter().filter_map(|line| line.for_each);
            names.extend(used.map(|at| pipeline.look_ups[at].name.as_str()));
        }
    }
    names
}

/// A declared capability is marked in every plan that relied on it; one that is off is not checked.
fn note(facts: &mut Facts, capability: &'static str, provider: &Provider) {
    match provider {
        Provider::Sba => {}
        Provider::Off => facts.not_provided.push(capability),
        Provider::Declared { file, .. } => facts.notices.push(Notice {
            code: "declared",
            subject: format!("capability {capability}"),
            message: format!("{capability} come from {file}, not from GP"),
            remedy: "Keep the file in step with GP: GP itself may still refuse.".to_owned(),
        }),
    }
}
