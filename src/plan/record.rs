//! Vendor and employee records: what GP should hold of each person, minus what it does hold.

use super::checks::texts;
use super::document::{Content, Document, Names};
use super::facts::Facts;
use super::hold::{Hold, HoldCode, Warning};
use super::keep::Keep;
use super::names::PersonOnDay;
use super::not_given;
use super::people::PeopleRows;
use super::record_names::{NamesOfPerson, RecordNames};
use super::words::subject;
use crate::hr::Period;
use crate::ledger::limits::{EMPLOYEE_FIELDS, RECORD_KEY, RecordField, VENDOR_FIELDS, create_needs};
use crate::ledger::{GpRecord, Identity, RecordAction, RecordChange, RecordKind};
use crate::project::Pipeline;
use crate::project::pipeline::{OnLeave, Otherwise, RecordRule, SetField};
use crate::project::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Documents with their holds, and warnings.
#[derive(Debug, Default)]
pub struct RecordProposal {
    pub documents: Vec<(Document, Vec<Hold>)>,
    pub loose_holds: Vec<Hold>,
    pub warnings: Vec<Warning>,
    pub headcount: u64,
}

/// The changes that make GP's records agree with BambooHR, as known on the last day of `period`.
pub fn propose(
    pipeline: &Pipeline,
    rule: &RecordRule,
    names: Names<'_>,
    period: &Period,
    facts: &Facts,
) -> RecordProposal {
    let mut maker = Maker::new(pipeline, rule, names, period, facts);
    let mut keep = Keep::new(pipeline, facts);
    maker.out.loose_holds.extend(maker.read.holds().cloned());
    maker.out.loose_holds.extend(not_given::of_keep(pipeline, facts));
    for one in PeopleRows::new(facts, period) {
        let day = period.last_day;
        let rows = &one.rows;
        let person = rows.on_day(rows.job_on(day), rows.pay_on(day), rows.employment_on(day));
        if keep.holds(person, &mut maker.out.loose_holds) {
            maker.out.headcount += 1;
            maker.person(person);
        }
    }
    maker.hold_twins();
    maker.out
}

/// What `set` and the person's state say a record should be.
struct Wanted {
    /// Empty where it cannot be made.
    key: String,
    /// Without those that a look-up lacks an answer for.
    fields: BTreeMap<String, String>,
    /// Of `fields`, those that read what nobody told: no row is in force, or BambooHR left the field out.
    unsure: BTreeSet<String>,
    active: bool,
    has_left: bool,
    holds: Vec<Hold>,
    /// Why look-ups have no answer.
    missing: Vec<Hold>,
}

struct Maker<'p> {
    pipeline: &'p Pipeline,
    rule: &'p RecordRule,
    names: Names<'p>,
    period: &'p Period,
    facts: &'p Facts,
    held: Vec<&'p GpRecord>,
    by_key: BTreeMap<String, usize>,
    read: RecordNames<'p>,
    out: RecordProposal,
}

/// GP compares keys without regard to case or trailing blanks.
fn plain_key(key: &str) -> String {
    key.trim_end().to_uppercase()
}

impl<'p> Maker<'p> {
    fn new(
        pipeline: &'p Pipeline,
        rule: &'p RecordRule,
        names: Names<'p>,
        period: &'p Period,
        facts: &'p Facts,
    ) -> Self {
        let held: Vec<&GpRecord> = match rule.kind {
            RecordKind::Vendor => facts.vendors.iter().collect(),
            RecordKind::Employee => facts.employees.iter().collect(),
        };
        let by_key = held.iter().enumerate().map(|(at, record)| (plain_key(&record.key), at)).collect();
        let read = RecordNames::new(pipeline, rule, facts);
        Maker { pipeline, rule, names, period, facts, held, by_key, read, out: RecordProposal::default() }
    }

    fn person(&mut self, person: PersonOnDay<'_>) {
        let names = self.read.of(person, self.period.last_day, self.period);
        let about = subject(self.facts, person.person);
        let mut wanted = self.wanted(person, &names, &about);
        let existing = match self.existing(&wanted.key, &names) {
            Ok(existing) => existing,
            Err(keys) => {
                wanted.holds.push(hold(
                    HoldCode::RecordAmbiguous,
                    &about,
                    format!("several {}s in GP match: {}", self.rule.kind, keys.join(", ")),
                    "Make the match unique in GP, or match by another field.".to_owned(),
                ));
                wanted.holds.append(&mut wanted.missing);
                self.push(RecordAction::Update, &about, wanted, BTreeMap::new(), BTreeMap::new());
                return;
            }
        };
        match existing {
            None => self.absent(&about, wanted),
            Some(record) => self.present(&about, person, record, wanted),
        }
    }

    fn wanted(&self, person: PersonOnDay<'_>, names: &NamesOfPerson, about: &str) -> Wanted {
        let mut holds = Vec::new();
        let key = self.key(names, about, &mut holds);
        let (mut fields, mut unsure) = (BTreeMap::new(), BTreeSet::new());
        for set in &self.rule.set {
            if names.lacks_one_of(set.template.names()) {
                continue;
            }
            match set.template.render(&names.values) {
                Ok(text) => {
                    let text = text.trim_end().to_owned();
                    let width = widths(self.rule.kind).iter().find(|f| f.name == set.field).map_or(255, |f| f.width);
                    holds.extend(texts::one(about, &set.field, &text, width, Some(&set.place)));
                    if names.was_not_told(set.template.names()) {
                        unsure.insert(set.field.clone());
                    }
                    fields.insert(set.field.clone(), text);
                }
                Err(failed) => {
                    holds.push(super::journal::template_failed(
                        &format!("{about}, {}", set.field),
                        &failed,
                        set.place.clone(),
                    ));
                }
            }
        }
        let is_unknown = |set: &SetField| set.field == "status" && names.lacks_one_of(set.template.names());
        let status_is_unknown = self.rule.set.iter().any(is_unknown);
        let active = match fields.remove("status") {
            Some(status) => status.eq_ignore_ascii_case("active"),
            None => !self.facts.text(person.person.status).eq_ignore_ascii_case("inactive"),
        };
        Wanted {
            key,
            fields,
            unsure,
            active: active || self.rule.on_leave == OnLeave::Keep,
            has_left: !active && !status_is_unknown,
            holds,
            missing: self.read.missing(person, names, self.period.last_day),
        }
    }

    /// The rendered id. A name that is empty would give many people one id, so it holds.
    fn key(&self, names: &NamesOfPerson, about: &str, holds: &mut Vec<Hold>) -> String {
        if names.lacks_one_of(self.rule.id.names()) {
            return String::new();
        }
        for name in self.rule.id.names() {
            if names.values.0.get(name).is_some_and(|value| *value == Value::text("")) {
                holds.push(hold(
                    HoldCode::RecordKeyMissing,
                    about,
                    format!("`{name}` is empty, and the {} id is made of it", self.rule.kind),
                    format!("Fill {name} in BambooHR, or leave these people out with `keep`."),
                ));
            }
        }
        match self.rule.id.render(&names.values) {
            Ok(key) => {
                let key = key.trim_end().to_owned();
                holds.extend(texts::one(about, "id", &key, RECORD_KEY, Some(&self.rule.place)));
                key
            }
            Err(failed) => {
                holds.push(super::journal::template_failed(&format!("{about}, id"), &failed, self.rule.place.clone()));
                String::new()
            }
        }
    }

    /// The record that stands for a person: the one with the rendered key, else the one that a `match` finds.
    fn existing(&self, key: &str, names: &NamesOfPerson) -> Result<Option<&'p GpRecord>, Vec<String>> {
        if let Some(at) = self.by_key.get(&plain_key(key)) {
            return Ok(Some(self.held[*at]));
        }
        for matched in &self.rule.matches {
            let Some(Value::Text(value)) = names.values.0.get(&matched.name) else { continue };
            if value.is_empty() {
                continue;
            }
            let same = |record: &&&GpRecord| match &matched.field {
                None => plain_key(&record.key) == plain_key(value),
                Some(field) => record.fields.get(field).is_some_and(|held| plain_key(held) == plain_key(value)),
            };
            let found: Vec<&GpRecord> = self.held.iter().filter(same).copied().collect();
            match found.as_slice() {
                [] => {}
                [one] => return Ok(Some(one)),
                several => return Err(several.iter().map(|record| record.key.clone()).collect()),
            }
        }
        Ok(None)
    }

    fn absent(&mut self, about: &str, mut wanted: Wanted) {
        if !wanted.active {
            return;
        }
        if !self.rule.create {
            self.out.warnings.push(Warning {
                code: "record-missing",
                subject: about.to_owned(),
                message: format!("GP has no {} for this person, and the pipeline does not create any", self.rule.kind),
                remedy: self.how_to_create(),
            });
            return;
        }
        let mut after: BTreeMap<String, String> =
            wanted.fields.iter().filter(|(_, text)| !text.is_empty()).map(|(f, t)| (f.clone(), t.clone())).collect();
        after.insert("status".to_owned(), "active".to_owned());
        wanted.holds.append(&mut wanted.missing);
        self.push(RecordAction::Create, about, wanted, BTreeMap::new(), after);
    }

    /// The loader refuses `create: true` without what GP demands of a new record.
    fn how_to_create(&self) -> String {
        let kind = self.rule.kind;
        let lacking = create_needs(kind).iter().filter(|field| !self.rule.set.iter().any(|set| set.field == **field));
        let lacking: Vec<&str> = lacking.copied().collect();
        if lacking.is_empty() {
            return format!("Create it in GP, or write `create: true` under make.{kind}.");
        }
        format!(
            "Create it in GP. To have it created, say under make.{kind} what GP demands of a new one (`set: {{ {}: … }}`), \
             with `create: true`.",
            lacking.join(": …, ")
        )
    }

    fn present(&mut self, about: &str, person: PersonOnDay<'_>, record: &GpRecord, mut wanted: Wanted) {
        let (mut before, mut after) = (BTreeMap::new(), BTreeMap::new());
        if self.rule.update {
            for (field, text) in &wanted.fields {
                // GP never shows a tax id back whole, so it is only ever written when a record is created.
                let held = record.fields.get(field).map_or("", |held| held.trim_end());
                if field != "tax_id" && held != text && !wanted.unsure.contains(field) {
                    before.insert(field.clone(), held.to_owned());
                    after.insert(field.clone(), text.clone());
                }
            }
        }
        let action = match (record.active, wanted.active) {
            (true, false) => RecordAction::Inactivate,
            (false, true) => RecordAction::Reactivate,
            _ => RecordAction::Update,
        };
        if action != RecordAction::Update {
            let word = |active: bool| if active { "active" } else { "inactive" }.to_owned();
            before.insert("status".to_owned(), word(record.active));
            after.insert("status".to_owned(), word(wanted.active));
            if self.rule.kind == RecordKind::Employee {
                self.leaving(about, person, action, &mut wanted, &mut after);
            }
        }
        // Nobody needs an answer for a leaver: what depends on it stays as it is in GP. Of anybody else it is told, also
        // where nothing but the field without an answer could differ.
        if !wanted.has_left && (self.rule.update || action != RecordAction::Update) {
            wanted.holds.append(&mut wanted.missing);
        }
        let untold = |hold: &Hold| ![HoldCode::RecordKeyMissing, HoldCode::TextTooLong].contains(&hold.code);
        if !after.is_empty() || wanted.holds.iter().any(untold) {
            wanted.key.clone_from(&record.key);
            self.push(action, about, wanted, before, after);
        }
    }

    /// An inactive GP employee needs a date and a reason, an active one must have neither (errors 3814, 3815, 9529, 9530).
    fn leaving(
        &self,
        about: &str,
        person: PersonOnDay<'_>,
        action: RecordAction,
        wanted: &mut Wanted,
        after: &mut BTreeMap<String, String>,
    ) {
        if action == RecordAction::Reactivate {
            after.insert("inactive_date".to_owned(), String::new());
            after.insert("inactive_reason".to_owned(), String::new());
            return;
        }
        let set = |field: &str| wanted.fields.get(field).filter(|text| !text.is_empty()).cloned();
        let date = set("inactive_date").or_else(|| person.person.termination_date.map(|date| date.to_string()));
        let reason = set("inactive_reason").unwrap_or_else(|| "Left the company".to_owned());
        match date {
            Some(date) => {
                after.insert("inactive_date".to_owned(), date);
                after.insert("inactive_reason".to_owned(), reason);
            }
            None => wanted.holds.push(hold(
                HoldCode::InactiveDateMissing,
                about,
                "inactive in BambooHR without a termination date, which GP demands".to_owned(),
                "Enter the termination in BambooHR, or set `inactive_date` in the pipeline.".to_owned(),
            )),
        }
    }

    fn push(
        &mut self,
        action: RecordAction,
        about: &str,
        wanted: Wanted,
        before: BTreeMap<String, String>,
        after: BTreeMap<String, String>,
    ) {
        let kind = self.rule.kind;
        let change = RecordChange { kind, key: wanted.key, action, before, after };
        let identity = Identity {
            project: self.names.project,
            company: self.names.company,
            pipeline: self.names.ledger,
            // Without a key two people's changes could be the same.
            period: if change.key.is_empty() { about } else { &change.key },
            kind: &format!("{kind}/{action}/{}", content_key(&change)),
            sequence: 1,
        };
        let document = Document {
            id: identity.document_id(),
            sequence: 1,
            ready: wanted.holds.is_empty(),
            needs_approval: self.pipeline.send.after_approval,
            content: Content::Record(change),
        };
        self.out.documents.push((document, wanted.holds));
    }

    /// Two people with one key would overwrite each other: both are held.
    fn hold_twins(&mut self) {
        let mut seen: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, (document, _)) in self.out.documents.iter().enumerate() {
            // Who has no key has a reason for it, and it is not somebody else.
            if let Content::Record(change) = &document.content
                && !change.key.is_empty()
            {
                seen.entry(plain_key(&change.key)).or_default().push(at);
            }
        }
        for (key, documents) in seen.into_iter().filter(|(_, documents)| documents.len() > 1) {
            for at in documents {
                let (document, holds) = &mut self.out.documents[at];
                document.ready = false;
                holds.push(hold(
                    HoldCode::RecordKeyTwice,
                    &format!("{} {key}", self.rule.kind),
                    format!(
                        "several people have the {} id {key} (as known on {})",
                        self.rule.kind, self.period.last_day
                    ),
                    "Make `id` differ between people, for example by their BambooHR id.".to_owned(),
                ));
            }
        }
    }
}

/// A record's document is the change itself: the same change again is the same document.
fn content_key(change: &RecordChange) -> String {
    let side = |fields: &BTreeMap<String, String>| {
        fields.iter().map(|(field, text)| format!("{field}={text}")).collect::<Vec<_>>().join("\u{1f}")
    };
    format!("{}\u{1e}{}", side(&change.before), side(&change.after))
}

fn widths(kind: RecordKind) -> &'static [RecordField] {
    match kind {
        RecordKind::Vendor => VENDOR_FIELDS,
        RecordKind::Employee => EMPLOYEE_FIELDS,
    }
}

fn hold(code: HoldCode, subject: &str, message: String, remedy: String) -> Hold {
    Hold { code, subject: subject.to_owned(), message, remedy, place: None, otherwise: Otherwise::Hold }
}
