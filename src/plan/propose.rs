//! From what should be booked and what was sent to documents: the journal, a difference, an adjusting journal
//! (payroll-rules.md, Corrections).

use super::desire::{Desired, DesiredPeriod};
use super::document::{Content, Document, JournalDocument, LineSource, Role};
use super::facts::{Facts, GpState};
use super::fiscal::{Openness, oldest_open, openness};
use super::hold::{Hold, HoldCode, Warning};
use super::journal::{Balances, JournalKey, journal_names, period_value, template_failed};
use super::sent::SentPeriod;
use crate::hr::{Period, PeriodCode};
use crate::ledger::{AccountNumber, BatchId, Currency, DocumentId, Identity, JournalEntry, JournalLine, Minor};
use crate::project::Pipeline;
use crate::project::pipeline::{JournalRule, LineRule, OnePer, Otherwise};
use crate::project::template::Template;
use crate::project::value::Value;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// What a project and its GP company are called in identities.
#[derive(Clone, Copy, Debug)]
pub struct Names<'a> {
    pub project: &'a str,
    pub company: &'a str,
    pub ledger: &'a str,
}

/// Documents with the holds that belong to each.
#[derive(Debug, Default)]
pub struct Proposal {
    pub documents: Vec<(Document, Vec<Hold>)>,
    pub warnings: Vec<Warning>,
    /// Holds without a document: nobody's pay could be read, so not even a currency is known.
    pub loose_holds: Vec<Hold>,
}

/// Makes the documents of a plan, without the checks against GP's accounts and dimensions.
pub fn propose(
    pipeline: &Pipeline,
    rule: &JournalRule,
    names: Names<'_>,
    desired: &Desired,
    facts: &Facts,
) -> Proposal {
    let mut maker = Maker { pipeline, rule, names, facts, out: Proposal::default() };
    let mut closed: Vec<PeriodDifference<'_>> = Vec::new();
    maker.own_period(&desired.own);
    for earlier in &desired.earlier {
        let difference = maker.difference(earlier);
        match openness(facts, maker.journal_date(earlier).unwrap_or(earlier.period.last_day)) {
            Openness::Open => maker.difference_documents(difference, Role::Difference),
            Openness::Closed => closed.push(difference),
            Openness::Missing => maker.difference_documents(difference, Role::Difference),
        }
    }
    maker.adjusting_documents(closed, "adjusting-earlier", &desired.own.period);
    maker.out
}

/// Desired minus sent for one period.
struct PeriodDifference<'d> {
    desired: &'d DesiredPeriod,
    sent: SentPeriod<'d>,
    journals: BTreeMap<JournalKey, Change>,
}

/// The change of one journal: a signed amount and its sources an account.
#[derive(Default)]
struct Change {
    accounts: BTreeMap<AccountNumber, Minor>,
    sources: BTreeMap<AccountNumber, Vec<LineSource>>,
}

struct Maker<'d> {
    pipeline: &'d Pipeline,
    rule: &'d JournalRule,
    names: Names<'d>,
    facts: &'d Facts,
    out: Proposal,
}

impl<'d> Maker<'d> {
    /// The planned period's own documents: original journals, or what differs from those sent.
    fn own_period(&mut self, own: &'d DesiredPeriod) {
        let difference = self.difference(own);
        if difference.sent.is_held_by_gp() {
            let open = openness(self.facts, self.journal_date(own).unwrap_or(own.period.last_day));
            match open {
                Openness::Closed => self.adjusting_documents(vec![difference], "adjusting", &own.period),
                Openness::Open | Openness::Missing => self.difference_documents(difference, Role::Difference),
            }
            return;
        }
        if !difference.sent.is_empty() {
            self.warn_deleted(&difference);
        }
        self.difference_documents(difference, Role::Original);
    }

    fn warn_deleted(&mut self, difference: &PeriodDifference<'_>) {
        let journals: Vec<&str> = difference.sent.documents().into_iter().map(|(_, journal, _)| journal).collect();
        self.out.warnings.push(Warning {
            code: "sent-journal-deleted",
            subject: format!("period {}", difference.desired.period.code),
            message: format!("journal {} was sent, but somebody deleted it in GP", journals.join(", ")),
            remedy: "Approve the new journal only if the deletion was meant to make room for it.".to_owned(),
        });
    }

    /// The date template rendered for a period.
    fn journal_date(&self, desired: &DesiredPeriod) -> Option<Date> {
        let currency = desired.journals.keys().next().map(|key| key.currency);
        let mut names = currency.map_or_else(Default::default, |currency| journal_names(&desired.period, currency));
        names.set("period", period_value(&desired.period));
        names.set("company", Value::text(self.names.company));
        self.rule.date.render(&names).ok()?.trim().parse().ok()
    }

    fn difference(&self, desired: &'d DesiredPeriod) -> PeriodDifference<'d> {
        let known = self.known_documents(desired);
        let sent = SentPeriod::new(self.facts, self.names.ledger, &desired.period.code, &known);
        let mut journals: BTreeMap<JournalKey, Change> = BTreeMap::new();
        for (key, balances) in &desired.journals {
            add_cost(journals.entry(key.clone()).or_default(), &desired.period.code, balances);
        }
        for (key, accounts) in &sent.balances {
            let change = journals.entry(key.clone()).or_default();
            for (account, amount) in accounts {
                *change.accounts.entry(account.clone()).or_default() -= *amount;
            }
        }
        for line in sent.lines.iter().filter(|line| line.gp_state != GpState::Deleted) {
            let key = known.get(&line.document_id).cloned();
            let key = key.unwrap_or_else(|| JournalKey { currency: line.currency, group: String::new() });
            let source = LineSource::Sent { document: line.document_id.clone(), journal: line.journal.clone() };
            let sources = journals.entry(key).or_default().sources.entry(line.account.clone()).or_default();
            if !sources.contains(&source) {
                sources.push(source);
            }
        }
        PeriodDifference { desired, sent, journals }
    }

    /// The journals that this project could have sent for a period, by document id, so that a sent line finds its group.
    fn known_documents(&self, desired: &DesiredPeriod) -> BTreeMap<DocumentId, JournalKey> {
        let mut known = BTreeMap::new();
        if self.rule.one_per == OnePer::Period {
            return known;
        }
        let of_period =
            |line: &&super::facts::SentLine| line.pipeline == self.names.ledger && line.period == desired.period.code;
        let sequences: BTreeSet<u32> = self.facts.sent.iter().filter(of_period).map(|line| line.sequence).collect();
        for key in desired.journals.keys() {
            for sequence in &sequences {
                known.insert(self.identity(&desired.period.code.0, "journal", key, *sequence), key.clone());
            }
        }
        known
    }

    fn identity(&self, period: &str, kind: &str, key: &JournalKey, sequence: u32) -> DocumentId {
        Identity {
            project: self.names.project,
            company: self.names.company,
            pipeline: self.names.ledger,
            period,
            kind: &format!("{kind}/{}/{}", key.currency, key.group),
            sequence,
        }
        .document_id()
    }

    /// One document a journal that differs, dated in its own period.
    fn difference_documents(&mut self, difference: PeriodDifference<'d>, role: Role) {
        let period = &difference.desired.period;
        let date = self.journal_date(difference.desired);
        let holds = &difference.desired.costs.holds;
        let blocked = !holds.is_empty();
        let mut made = false;
        let resent = role == Role::Original && !difference.sent.is_empty();
        let corrects = corrected(&difference.sent);
        for (key, change) in &difference.journals {
            let never_sent = !difference.sent.balances.contains_key(key);
            let role = if never_sent && role == Role::Difference && self.rule.one_per != OnePer::Period {
                Role::Original
            } else {
                role
            };
            let changed = change.accounts.values().any(|amount| !amount.is_zero());
            let shows_holds = blocked && role == Role::Original;
            if !changed && !shows_holds {
                continue;
            }
            let sequence = if never_sent && !resent { 1 } else { difference.sent.last_sequence() + 1 };
            let id = self.identity(&period.code.0, "journal", key, sequence);
            // A difference with unresolved people would credit their whole pay: it shows no lines until they resolve.
            let empty = Change::default();
            let shown = if blocked && role != Role::Original { &empty } else { change };
            let by_period = BTreeMap::from([(period.code.clone(), non_zero(&shown.accounts))]);
            let corrects = if role == Role::Original && !resent { Vec::new() } else { corrects.clone() };
            let mut own_holds = holds.clone();
            own_holds.extend(edited(&difference.sent));
            let draft = Draft { role, key, date, period, by_period, sources: &shown.sources, corrects, sequence, id };
            self.finish(draft, own_holds, resent);
            made = true;
        }
        if blocked && !made {
            self.held_without_lines(&difference, date, role, corrects);
        }
    }

    /// Nobody could be resolved, or what was sent cannot be computed again: the journal stays in the list, held.
    fn held_without_lines(
        &mut self,
        difference: &PeriodDifference<'d>,
        date: Option<Date>,
        role: Role,
        corrects: Vec<String>,
    ) {
        let period = &difference.desired.period;
        let sent = difference.sent.lines.first().map(|line| line.currency);
        let mut rows = self.facts.compensation_rows.iter();
        let Some(currency) = sent.or_else(|| rows.find_map(|row| Currency::from_code(self.facts.text(row.currency))))
        else {
            self.out.loose_holds.extend(difference.desired.costs.holds.iter().cloned());
            return;
        };
        let key = JournalKey { currency, group: String::new() };
        let sequence = difference.sent.last_sequence() + 1;
        let id = self.identity(&period.code.0, "journal", &key, sequence);
        let sources = BTreeMap::new();
        let draft = Draft {
            role,
            key: &key,
            date,
            period,
            by_period: BTreeMap::new(),
            sources: &sources,
            corrects,
            sequence,
            id,
        };
        self.finish(draft, difference.desired.costs.holds.clone(), false);
    }

    /// Differences of closed periods, added up a currency, in the oldest open period.
    fn adjusting_documents(&mut self, closed: Vec<PeriodDifference<'d>>, kind: &str, planned: &Period) {
        let (blocked, clear): (Vec<_>, Vec<_>) =
            closed.into_iter().partition(|difference| !difference.desired.costs.holds.is_empty());
        for difference in blocked {
            let date = self.journal_date(difference.desired);
            let corrects = corrected(&difference.sent);
            self.held_without_lines(&difference, date, Role::Adjusting, corrects);
        }
        let target = oldest_open(self.facts);
        let booked = target.map_or_else(|| planned.clone(), |open| Period::month_of(open.last_day));
        let mut sums: BTreeMap<JournalKey, Adjustment> = BTreeMap::new();
        for difference in &clear {
            for (key, change) in &difference.journals {
                let key = JournalKey { currency: key.currency, group: String::new() };
                sums.entry(key).or_default().add(difference, change);
            }
        }
        let anchor = if kind == "adjusting" { &planned.code } else { &booked.code };
        for (key, sum) in &sums {
            if sum.by_period.values().all(BTreeMap::is_empty) {
                continue;
            }
            let sequence = self.next_adjusting(anchor, &booked.code);
            let id = self.identity(&anchor.0, kind, key, sequence);
            let mut holds = sum.holds.clone();
            if target.is_none() {
                holds.push(no_open_period(&sum.by_period));
            }
            let draft = Draft {
                role: Role::Adjusting,
                key,
                date: Some(target.map_or(planned.last_day, |open| open.last_day)),
                period: &booked,
                by_period: sum.by_period.clone(),
                sources: &sum.sources,
                corrects: sum.corrects.clone(),
                sequence,
                id,
            };
            self.finish(draft, holds, false);
        }
    }

    /// A sequence that no document of the ledger has for this anchor.
    fn next_adjusting(&self, anchor: &PeriodCode, booked: &PeriodCode) -> u32 {
        let own = self.facts.sent.iter().filter(|line| line.pipeline == self.names.ledger);
        let same = own.filter(|line| line.period == *anchor || line.booked_in == *booked);
        same.map(|line| line.sequence).max().unwrap_or(0) + 1
    }

    fn finish(&mut self, draft: Draft<'_>, mut holds: Vec<Hold>, resent: bool) {
        let (entry, sources) = self.entry(&draft, &mut holds);
        let needs_approval = self.pipeline.send.after_approval || draft.role != Role::Original || resent;
        let document = Document {
            id: draft.id,
            sequence: draft.sequence,
            content: Content::Journal(JournalDocument {
                role: draft.role,
                key: draft.key.clone(),
                booked_in: draft.period.code.clone(),
                entry,
                by_period: draft.by_period,
                sources,
                corrects: draft.corrects,
            }),
            ready: holds.is_empty(),
            needs_approval,
        };
        self.out.documents.push((document, holds));
    }

    fn entry(&self, draft: &Draft<'_>, holds: &mut Vec<Hold>) -> (JournalEntry, Vec<Vec<LineSource>>) {
        let mut names = journal_names(draft.period, draft.key.currency);
        names.set("company", Value::text(self.names.company));
        match self.rule.one_per {
            OnePer::Period => {}
            OnePer::LookUp(at) => names.set(&self.pipeline.look_ups[at].name, Value::text(&draft.key.group)),
            OnePer::Person => names.set("id", Value::text(&draft.key.group)),
        }
        let mut text = |what: &str, template: &Template| {
            template.render(&names).unwrap_or_else(|failed| {
                holds.push(template_failed(what, &failed, self.rule.place.clone()));
                String::new()
            })
        };
        let batch = BatchId::new(&text("batch", &self.rule.batch));
        let reference = format!("{} {}", text("reference", &self.rule.reference), draft.id.key());
        if draft.date.is_none() {
            holds.push(date_unreadable(&self.rule.date, self.rule));
        }
        let mut totals: BTreeMap<&AccountNumber, Minor> = BTreeMap::new();
        for (account, amount) in draft.by_period.values().flatten() {
            *totals.entry(account).or_default() += *amount;
        }
        totals.retain(|_, amount| !amount.is_zero());
        let (debits, credits): (Vec<_>, Vec<_>) = totals.into_iter().partition(|(_, amount)| !amount.is_negative());
        let mut lines = Vec::new();
        let mut sources = Vec::new();
        for (account, amount) in debits.into_iter().chain(credits) {
            let made_of = draft.sources.get(account).cloned().unwrap_or_default();
            lines.push(JournalLine {
                account: account.clone(),
                description: description(&made_of, &self.rule.lines),
                debit: amount.max(Minor::ZERO),
                credit: (-amount).max(Minor::ZERO),
            });
            sources.push(made_of);
        }
        let date = draft.date.unwrap_or(draft.period.last_day);
        (JournalEntry { batch, reference, date, currency: draft.key.currency, lines }, sources)
    }
}

/// A document before its texts are rendered.
struct Draft<'a> {
    role: Role,
    key: &'a JournalKey,
    date: Option<Date>,
    /// The period that templates see and that the document is booked in.
    period: &'a Period,
    by_period: BTreeMap<PeriodCode, BTreeMap<AccountNumber, Minor>>,
    sources: &'a BTreeMap<AccountNumber, Vec<LineSource>>,
    corrects: Vec<String>,
    sequence: u32,
    id: DocumentId,
}

/// The sum of several closed periods' differences.
#[derive(Default)]
struct Adjustment {
    by_period: BTreeMap<PeriodCode, BTreeMap<AccountNumber, Minor>>,
    sources: BTreeMap<AccountNumber, Vec<LineSource>>,
    corrects: Vec<String>,
    holds: Vec<Hold>,
}

impl Adjustment {
    fn add(&mut self, difference: &PeriodDifference<'_>, change: &Change) {
        let accounts = non_zero(&change.accounts);
        if accounts.is_empty() {
            return;
        }
        let period = self.by_period.entry(difference.desired.period.code.clone()).or_default();
        for (account, amount) in accounts {
            *period.entry(account.clone()).or_default() += amount;
            let sources = change.sources.get(&account).into_iter().flatten().cloned();
            self.sources.entry(account).or_default().extend(sources);
        }
        self.corrects.extend(corrected(&difference.sent));
        self.holds.extend(edited(&difference.sent));
    }
}

fn add_cost(change: &mut Change, period: &PeriodCode, balances: &Balances) {
    for (account, balance) in &balances.0 {
        *change.accounts.entry(account.clone()).or_default() += balance.net;
        let sources = balance.sources.iter().map(|(line, centre)| LineSource::Cost {
            period: period.clone(),
            line: *line,
            centre: *centre,
        });
        change.sources.entry(account.clone()).or_default().extend(sources);
    }
}

fn non_zero(accounts: &BTreeMap<AccountNumber, Minor>) -> BTreeMap<AccountNumber, Minor> {
    accounts
        .iter()
        .filter(|(_, amount)| !amount.is_zero())
        .map(|(account, amount)| (account.clone(), *amount))
        .collect()
}

/// `journal 80000001 of 2013-11 (unposted)`, one a document.
fn corrected(sent: &SentPeriod<'_>) -> Vec<String> {
    let period = sent.lines.first().map(|line| line.period.clone());
    let Some(period) = period else { return Vec::new() };
    let state = |state: GpState| match state {
        GpState::Work => "unposted in GP",
        GpState::Posted => "posted in GP",
        GpState::Edited => "edited in GP",
        GpState::Deleted => "deleted in GP",
    };
    let named =
        |(_, journal, gp): (&DocumentId, &str, GpState)| format!("journal {journal} of {period} ({})", state(gp));
    sent.documents().into_iter().map(named).collect()
}

/// Somebody changed in GP what we sent: the difference is against what we sent, so a person must look.
fn edited(sent: &SentPeriod<'_>) -> Option<Hold> {
    let (_, journal, _) = sent.documents().into_iter().find(|(.., state)| *state == GpState::Edited)?;
    Some(Hold {
        code: HoldCode::SentJournalEdited,
        subject: format!("journal {journal}"),
        message: format!(
            "journal {journal} was changed in GP after it was sent; this difference is against what was sent"
        ),
        remedy: "Compare the journal in GP with what was sent; approve the difference only if it is still right."
            .to_owned(),
        place: None,
        otherwise: Otherwise::Ask,
    })
}

fn no_open_period(by_period: &BTreeMap<PeriodCode, BTreeMap<AccountNumber, Minor>>) -> Hold {
    let periods: Vec<&str> = by_period.keys().map(|code| code.0.as_str()).collect();
    Hold {
        code: HoldCode::NoOpenPeriod,
        subject: format!("period {}", periods.join(", ")),
        message: format!("the correction of {} needs an open fiscal period, and GP has none", periods.join(", ")),
        remedy: "Open a fiscal period for the Financial series in GP, then plan again.".to_owned(),
        place: None,
        otherwise: Otherwise::Hold,
    }
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

/// The names of the template lines behind a journal line, at most GP's 30 characters.
fn description(sources: &[LineSource], lines: &[LineRule]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for source in sources {
        if let LineSource::Cost { line, .. } = source
            && let Some(line) = lines.get(*line)
            && !names.contains(&line.name.as_str())
        {
            names.push(&line.name);
        }
    }
    if names.is_empty() {
        names.push("correction");
    }
    names.join(", ").chars().take(crate::ledger::limits::LINE_DESCRIPTION).collect()
}
