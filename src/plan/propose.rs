//! From what should be booked and what was sent to documents: the journal, a difference, an adjusting journal
//! (payroll-rules.md, Corrections).

use super::accrual::{Accrual, not_corrected};
use super::desire::{Desired, DesiredPeriod};
use super::difference::{Adjustment, Change, PeriodDifference, corrected, edited, non_zero};
use super::document::{Document, Names, Role};
use super::draft::Draft;
use super::facts::{Facts, SentLine};
use super::fiscal::{Openness, oldest_open, openness};
use super::groups::possible_groups;
use super::hold::{Hold, HoldCode, Warning};
use super::journal::{JournalKey, journal_names, period_value};
use super::replace::{Replacement, replacement};
use super::words;
use crate::hr::{Period, PeriodCode};
use crate::ledger::{AccountNumber, Currency, DocumentId, Identity, Minor};
use crate::project::Pipeline;
use crate::project::pipeline::{JournalRule, OnePer, Otherwise};
use crate::project::value::Value;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// The kinds of journals in identities: of their own period, and of corrections booked in another one, by the period that
/// was planned or the one that they are booked in.
pub const JOURNAL: &str = "journal";
pub const ADJUSTING: &str = "adjusting";
pub const ADJUSTING_EARLIER: &str = "adjusting-earlier";

/// A document without a stored group: its sequence, where it is booked, and its journal but for the group.
type Unnamed<'l> = (u32, &'l PeriodCode, JournalKey);

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
        match openness(facts, maker.journal_date(earlier).unwrap_or(earlier.period.last_day)).0 {
            Openness::Open => maker.difference_documents(difference, Role::Difference),
            Openness::Closed => closed.push(difference),
            Openness::Missing => maker.difference_documents(difference, Role::Difference),
        }
    }
    maker.adjusting_documents(closed, ADJUSTING_EARLIER, &desired.own.period);
    maker.out.warnings.extend(desired.beyond.as_ref().and_then(|beyond| maker.too_old(beyond)));
    maker.out
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
            let (open, _) = openness(self.facts, self.journal_date(own).unwrap_or(own.period.last_day));
            match (open, &own.accrual) {
                (Openness::Closed, Some(accrual)) => self.warn_of_closed_accrual(&difference, accrual),
                (Openness::Closed, None) => self.adjusting_documents(vec![difference], ADJUSTING, &own.period),
                (Openness::Open | Openness::Missing, _) => self.difference_documents(difference, Role::Difference),
            }
            return;
        }
        self.difference_documents(difference, Role::Original);
    }

    fn warn_of_closed_accrual(&mut self, difference: &PeriodDifference<'_>, accrual: &Accrual) {
        if difference.journals.values().any(Change::is_any) {
            self.out.warnings.push(not_corrected(accrual));
        }
    }

    /// A period that is not corrected any more, and would come out otherwise today.
    fn too_old(&self, beyond: &DesiredPeriod) -> Option<Warning> {
        let known = self.known_documents(beyond);
        let difference = PeriodDifference::new(beyond, self.facts, self.names.ledger, &known);
        let changed = difference.journals.values().any(Change::is_any);
        (changed && difference.sent.is_held_by_gp())
            .then(|| words::too_old(&beyond.period, self.pipeline.corrections.look_back))
    }

    /// Journals of which GP holds nothing any more.
    fn warn_deleted(&mut self, difference: &PeriodDifference<'_>) {
        let deleted = difference.sent.documents().into_iter().filter(|(id, ..)| difference.sent.is_gone(id));
        let journals: Vec<&str> = deleted.map(|(_, journal, _)| journal).collect();
        if journals.is_empty() {
            return;
        }
        self.out.warnings.push(Warning {
            code: "sent-journal-deleted",
            subject: format!("period {}", difference.desired.period.code),
            message: format!("journal {} was sent, but somebody deleted it in GP", journals.join(", ")),
            remedy: "Approve the new journal only if the deletion was meant to make room for it.".to_owned(),
        });
    }

    /// The date of a period's journals; `None` when the template gives no date.
    fn journal_date(&self, desired: &DesiredPeriod) -> Option<Date> {
        let Some(template) = self.rule.date_template() else {
            // Without an end inside it, nothing is dated.
            return Some(desired.accrual.as_ref().map_or(desired.period.last_day, Accrual::date));
        };
        let currency = desired.journals.keys().next().map(|key| key.currency);
        let mut names = currency.map_or_else(Default::default, |currency| journal_names(&desired.period, currency));
        names.set("period", period_value(&desired.period));
        names.set("company", Value::text(self.names.company));
        template.render(&names).ok()?.trim().parse().ok()
    }

    fn difference(&mut self, desired: &'d DesiredPeriod) -> PeriodDifference<'d> {
        let known = self.known_documents(desired);
        let difference = PeriodDifference::new(desired, self.facts, self.names.ledger, &known);
        self.out.warnings.extend(edited(&difference.sent).map(|hold| Warning {
            code: hold.code.code(),
            subject: hold.subject,
            message: hold.message,
            remedy: hold.remedy,
        }));
        self.warn_deleted(&difference);
        difference
    }

    fn finish(&mut self, draft: Draft<'_>, holds: Vec<Hold>) {
        self.out.documents.push(draft.finish(self.pipeline, self.rule, self.names, self.facts, holds));
    }

    /// The journal that each document of a period counts for: by the group that was stored with it, else by the identity
    /// that it would have. A group need not be wanted any more: its people left it.
    fn known_documents(&self, desired: &DesiredPeriod) -> BTreeMap<DocumentId, JournalKey> {
        let mut known = BTreeMap::new();
        if self.rule.one_per == OnePer::Period {
            return known;
        }
        let of_period = |line: &&SentLine| line.pipeline == self.names.ledger && line.period == desired.period.code;
        let mut unnamed: BTreeSet<Unnamed<'_>> = BTreeSet::new();
        for line in self.facts.sent.iter().filter(of_period) {
            let key = JournalKey { currency: line.currency, group: line.group.clone(), company: line.company.clone() };
            if line.group.is_empty() {
                unnamed.insert((line.sequence, &line.booked_in, key));
            } else {
                known.insert(line.document_id.clone(), key);
            }
        }
        if unnamed.is_empty() {
            return known;
        }
        let groups = possible_groups(self.pipeline, self.rule, self.facts, &desired.journals);
        for (sequence, booked_in, key) in &unnamed {
            let own = &desired.period.code;
            for group in &groups {
                let key = JournalKey { group: group.clone(), ..key.clone() };
                for (anchor, kind) in [(own, JOURNAL), (own, ADJUSTING), (*booked_in, ADJUSTING_EARLIER)] {
                    known.insert(self.identity(&anchor.0, kind, &key, *sequence), key.clone());
                }
            }
        }
        known
    }

    fn identity(&self, period: &str, kind: &str, key: &JournalKey, sequence: u32) -> DocumentId {
        Identity {
            project: self.names.project,
            company: if key.company.is_empty() { self.names.company } else { &key.company },
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
        let left_out = people(&difference.desired.costs.left_out);
        for (key, change) in &difference.journals {
            let held_by_gp = difference.sent.balances.contains_key(key);
            let never_sent = !difference.sent.was_sent(key);
            let resent = !held_by_gp && !never_sent;
            let several = self.rule.one_per != OnePer::Period || self.pipeline.companies.is_some();
            let whole = resent || (never_sent && several);
            let role = if whole && role == Role::Difference { Role::Original } else { role };
            let changed = change.is_any();
            let shows_holds = blocked && role == Role::Original;
            if !changed && !shows_holds {
                continue;
            }
            let sequence = if never_sent { 1 } else { difference.sent.last_sequence() + 1 };
            let id = self.identity(&period.code.0, JOURNAL, key, sequence);
            // A difference with unresolved people would credit their whole pay: it shows no lines until they resolve.
            let empty = Change::default();
            let shown = if blocked && role != Role::Original { &empty } else { change };
            let by_period = BTreeMap::from([(period.code.clone(), non_zero(&shown.accounts))]);
            let corrects =
                if role == Role::Original && !resent { Vec::new() } else { corrected(&difference.sent, Some(key)) };
            let mut own_holds = holds.clone();
            own_holds.extend(edited(&difference.sent));
            own_holds.extend(difference.desired.costs.asks.iter().cloned());
            let replaces = self.replacement(&difference, key, change, role, blocked);
            let role = if replaces.is_some() { Role::Replacement } else { role };
            let sources = replaces.as_ref().map_or(&shown.sources, |replaces| &replaces.sources);
            // What was sent before names no people: only a journal of the whole cost can list them.
            let whole = role == Role::Original || replaces.as_ref().is_some_and(|replaces| replaces.is_whole);
            let people = whole.then_some(&shown.people);
            let draft = Draft {
                role,
                key,
                date,
                reverses_on: difference.desired.accrual.as_ref().map(|accrual| accrual.reverses_on),
                period,
                by_period,
                sources,
                replaces: replaces.as_ref().map(|replaces| (replaces.number, &replaces.accounts)),
                people,
                corrects,
                sequence,
                id,
                is_late: !difference.sent.lines.is_empty(),
                left_out: left_out.clone(),
            };
            self.finish(draft, own_holds);
            made = true;
        }
        if blocked && !made {
            self.held_without_lines(&difference, date, role);
        }
    }

    /// How a difference is booked by writing the journal anew, where the pipeline wants that and GP still holds it unposted.
    fn replacement(
        &self,
        difference: &PeriodDifference<'d>,
        key: &JournalKey,
        change: &Change,
        role: Role,
        blocked: bool,
    ) -> Option<Replacement> {
        let wanted = self.pipeline.corrections.replace_unposted.is_some() && role == Role::Difference && !blocked;
        if wanted { replacement(difference, key, change, self.facts) } else { None }
    }

    /// Nobody could be resolved, or what was sent cannot be computed again: the journal stays in the list, held.
    fn held_without_lines(&mut self, difference: &PeriodDifference<'d>, date: Option<Date>, role: Role) {
        let period = &difference.desired.period;
        let sent = difference.sent.lines.first().map(|line| line.currency);
        let rates = self.facts.compensation_rows.iter().map(|row| row.currency);
        let mut named = rates.chain(self.facts.registers.iter().map(|row| row.currency));
        let Some(currency) = sent.or_else(|| named.find_map(|code| Currency::from_code(self.facts.text(code)))) else {
            self.out.loose_holds.extend(difference.desired.costs.holds.iter().cloned());
            return;
        };
        let key = JournalKey { currency, group: String::new(), company: String::new() };
        let sequence = difference.sent.last_sequence() + 1;
        let id = self.identity(&period.code.0, JOURNAL, &key, sequence);
        let sources = BTreeMap::new();
        let draft = Draft {
            role,
            key: &key,
            date,
            reverses_on: difference.desired.accrual.as_ref().map(|accrual| accrual.reverses_on),
            period,
            by_period: BTreeMap::new(),
            sources: &sources,
            replaces: None,
            people: None,
            corrects: corrected(&difference.sent, None),
            sequence,
            id,
            is_late: false,
            left_out: Vec::new(),
        };
        self.finish(draft, difference.desired.costs.holds.clone());
    }

    /// Differences of closed periods, added up a journal (of a cost centre, a person, a currency), in the oldest open period.
    fn adjusting_documents(&mut self, closed: Vec<PeriodDifference<'d>>, kind: &str, planned: &Period) {
        let (blocked, clear): (Vec<_>, Vec<_>) =
            closed.into_iter().partition(|difference| !difference.desired.costs.holds.is_empty());
        for difference in blocked {
            let date = self.journal_date(difference.desired);
            self.held_without_lines(&difference, date, Role::Adjusting);
        }
        let target = oldest_open(self.facts);
        let booked =
            target.and_then(|open| self.pipeline.calendar.containing(open.last_day)).unwrap_or_else(|| planned.clone());
        let mut sums: BTreeMap<JournalKey, Adjustment> = BTreeMap::new();
        for difference in &clear {
            for (key, change) in &difference.journals {
                sums.entry(key.clone()).or_default().add(difference, key, change);
            }
        }
        let anchor = if kind == ADJUSTING { &planned.code } else { &booked.code };
        for (key, sum) in &sums {
            if sum.is_nothing() {
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
                reverses_on: None,
                period: &booked,
                by_period: sum.by_period.clone(),
                sources: &sum.sources,
                replaces: None,
                people: None,
                corrects: sum.corrects.clone(),
                sequence,
                id,
                is_late: false,
                left_out: Vec::new(),
            };
            self.finish(draft, holds);
        }
    }

    /// A sequence that no document of the ledger has for this anchor.
    fn next_adjusting(&self, anchor: &PeriodCode, booked: &PeriodCode) -> u32 {
        let own = self.facts.sent.iter().filter(|line| line.pipeline == self.names.ledger);
        let same = own.filter(|line| line.period == *anchor || line.booked_in == *booked);
        same.map(|line| line.sequence).max().unwrap_or(0) + 1
    }
}

/// The people that holds are about, each once.
fn people(holds: &[Hold]) -> Vec<String> {
    let mut people: Vec<String> = holds.iter().map(|hold| hold.subject.clone()).collect();
    people.dedup();
    people
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
