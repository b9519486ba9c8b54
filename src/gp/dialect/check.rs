//! What the shape of a dialect cannot say: placeholders, actions, pointers, words that fit their type.

use super::file::{Dialect, read_date};
use super::services::{Flag, Journals, Read, Records, Write};
use super::template::{Piece, pieces};
use super::wire::{Paging, Values};
use crate::ledger::limits::{EMPLOYEE_FIELDS, RecordField, VENDOR_FIELDS};
use crate::ledger::{Currency, RecordKind};
use jiff::civil::date;
use jiff::fmt::strtime;

/// One thing that keeps a dialect from being used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Keys from the top, joined by dots: `journals.by_key.path`.
    pub at: String,
    /// What is wrong there; begins with a verb.
    pub what: String,
}

/// Everything that the shape alone cannot say.
pub fn problems(dialect: &Dialect) -> Vec<Problem> {
    let mut found = Problems(Vec::new());
    if dialect.format != 1 {
        found.say("format", format!("is {}; this program reads format 1", dialect.format));
    }
    found.names("address.base", &dialect.address.base, &["tenant", "company"], &["company"]);
    found.http(dialect);
    found.values(&dialect.values);
    found.journals(&dialect.journals);
    found.read("accounts.by_key", &dialect.accounts.by_key, &["account"], &["account"]);
    found.read("accounts.list", &dialect.accounts.list, &[], &[]);
    found.flag("accounts.fields.active", &dialect.accounts.fields.active);
    found.flag("accounts.fields.allows_entry", &dialect.accounts.fields.allows_entry);
    found.read("periods.list", &dialect.periods.list, &["first_day", "last_day"], &[]);
    found.flag("periods.fields.closed", &dialect.periods.fields.closed);
    if let Some(segment) = &dialect.dimensions.segment {
        found.read("dimensions.segment", segment, &["segment"], &["segment"]);
    }
    if let Some(analytical) = &dialect.dimensions.analytical {
        found.read("dimensions.analytical", analytical, &["dimension"], &["dimension"]);
    }
    found.flag("dimensions.fields.active", &dialect.dimensions.fields.active);
    found.records(RecordKind::Vendor, &dialect.vendors, VENDOR_FIELDS);
    found.records(RecordKind::Employee, &dialect.employees, EMPLOYEE_FIELDS);
    found.read("batches.by_key", &dialect.batches.by_key, &["batch"], &["batch"]);
    found.flag("batches.fields.marked_to_post", &dialect.batches.fields.marked_to_post);
    found.flag("batches.fields.approved", &dialect.batches.fields.approved);
    found.0
}

struct Problems(Vec<Problem>);

impl Problems {
    fn say(&mut self, at: &str, what: impl std::fmt::Display) {
        self.0.push(Problem { at: at.to_owned(), what: what.to_string() });
    }

    /// `template` may name only `allowed`, must name `needed` and begins with `/`.
    fn names(&mut self, at: &str, template: &str, allowed: &[&str], needed: &[&str]) {
        if !template.starts_with('/') {
            self.say(at, format!("must begin with `/`, not `{template}`"));
        }
        self.placeholders(at, template, allowed);
        for name in needed {
            if !template.contains(&format!("{{{name}}}")) {
                self.say(at, format!("must hold {{{name}}}"));
            }
        }
    }

    fn placeholders(&mut self, at: &str, template: &str, allowed: &[&str]) {
        match pieces(template) {
            Err(why) => self.say(at, format!("has a {why}")),
            Ok(pieces) => {
                for piece in pieces {
                    if let Piece::Name(name) = piece
                        && !allowed.contains(&name)
                    {
                        self.say(at, format!("names {{{name}}}; it may name {}", listed(allowed)));
                    }
                }
            }
        }
    }

    /// A key may stand in the path or in the query.
    fn read(&mut self, at: &str, read: &Read, allowed: &[&str], needed: &[&str]) {
        self.names(&format!("{at}.path"), &read.path, allowed, &[]);
        for (parameter, template) in &read.query {
            self.placeholders(&format!("{at}.query.{parameter}"), template, allowed);
        }
        for (parameter, template) in &read.modified_since {
            self.placeholders(&format!("{at}.modified_since.{parameter}"), template, &["since"]);
        }
        for name in needed {
            let hole = format!("{{{name}}}");
            if !read.path.contains(&hole) && !read.query.values().any(|template| template.contains(&hole)) {
                self.say(at, format!("must hold {hole} in its path or query"));
            }
        }
    }

    fn write(&mut self, at: &str, write: &Write, allowed: &[&str]) {
        self.names(&format!("{at}.path"), &write.path, allowed, allowed);
        if let Some(action) = &write.action
            && action.to_ascii_lowercase().contains("post")
        {
            self.say(at, format!("asks for the action `{action}`: the connector never posts, people do that in GP"));
        }
    }

    fn http(&mut self, dialect: &Dialect) {
        let http = &dialect.http;
        for (at, value) in [("http.content_type", &http.content_type), ("http.accept", &http.accept)] {
            if reqwest::header::HeaderValue::from_str(value).is_err() || value.is_empty() {
                self.say(at, "is no header value");
            }
        }
        if reqwest::header::HeaderName::try_from(&http.action_header).is_err() {
            self.say("http.action_header", format!("`{}` is no header name", http.action_header));
        }
        if http.timeout_ms == 0 || http.connect_timeout_ms == 0 {
            self.say("http.timeout_ms", "and connect_timeout_ms must be above 0");
        }
        for status in &http.not_sent_statuses {
            if !(400..600).contains(status) {
                self.say("http.not_sent_statuses", format!("holds {status}; only 4xx and 5xx can mean that"));
            }
        }
        let envelope = &dialect.envelope;
        let mut pointers: Vec<(&str, &str)> =
            envelope.errors.iter().map(|pointer| ("envelope.errors", pointer.as_str())).collect();
        if let Some(success) = &envelope.success {
            pointers.push(("envelope.success.at", &success.at));
        }
        if let Paging::Link { at } = &dialect.paging {
            pointers.push(("paging.at", at));
        }
        for (at, pointer) in pointers {
            if !pointer.starts_with('/') {
                self.say(at, format!("`{pointer}` is no JSON pointer: it must begin with `/`"));
            }
        }
    }

    fn values(&mut self, values: &Values) {
        let day = date(2013, 11, 30);
        for (at, format) in [("values.dates", &values.dates), ("values.key_dates", &values.key_dates)] {
            let again = strtime::format(format, day).ok().and_then(|text| read_date(format, &text));
            if again != Some(day) {
                self.say(at, format!("`{format}` does not write a date that can be read again"));
            }
        }
        if strtime::format(&values.stamps, jiff::Timestamp::UNIX_EPOCH).is_err() {
            self.say("values.stamps", format!("`{}` does not write a moment", values.stamps));
        }
        let codes = values.currency_ids.keys().chain([&values.functional_currency]);
        for code in codes {
            if Currency::from_code(code).is_none() {
                self.say("values", format!("names the currency `{code}`, which ISO 4217 does not"));
            }
        }
    }

    fn journals(&mut self, journals: &Journals) {
        self.write("journals.create", &journals.create, &[]);
        let key = ["number", "date"];
        if let Some(replace) = &journals.replace {
            self.write("journals.replace", replace, &key);
        }
        self.read("journals.by_key", &journals.by_key, &key, &["number"]);
        if let Some(posted) = &journals.posted_by_key {
            self.read("journals.posted_by_key", posted, &key, &["number"]);
        }
        self.read("journals.in_batch", &journals.in_batch, &["batch"], &["batch"]);
        if let Some(by_reference) = &journals.by_reference {
            self.read("journals.by_reference", by_reference, &["key"], &["key"]);
        }
        if let Some(mark) = journals.reversing.as_ref().and_then(|reversing| reversing.mark.as_ref())
            && !mark.written_as.fits(&mark.word)
        {
            self.say("journals.reversing.mark", "has a word that does not fit written_as");
        }
        if journals.line_step == 0 {
            self.say("journals.line_step", "must be above 0");
        }
        if journals.states.work.is_empty() || journals.states.posted.is_empty() {
            self.say("journals.states", "needs at least one word each for work and posted");
        }
    }

    fn flag(&mut self, at: &str, flag: &Flag) {
        if flag.is_true.is_empty() || flag.is_false.is_empty() {
            self.say(at, "needs at least one word each for is_true and is_false");
        }
    }

    fn records(&mut self, kind: RecordKind, records: &Records, known: &[RecordField]) {
        let at = |key: &str| format!("{kind}s.{key}");
        self.write(&at("create"), &records.create, &[]);
        self.write(&at("update"), &records.update, &["key"]);
        self.read(&at("by_key"), &records.by_key, &["key"], &["key"]);
        self.read(&at("list"), &records.list, &[], &[]);
        for name in records.fields.keys() {
            if name == "tax_id" {
                self.say(&at("fields"), "must not hold tax_id: what is in fields is read back and shown");
            } else if name == "status" || !known.iter().any(|field| field.name == name) {
                self.say(&at("fields"), format!("names `{name}`, which is no field of a {kind}"));
            }
        }
        for name in &records.dates {
            if !records.fields.contains_key(name) {
                self.say(&at("dates"), format!("names `{name}`, which is not in fields"));
            }
        }
        let status = &records.status;
        for words in [&status.active, &status.inactive] {
            if !words.first().is_some_and(|word| status.written_as.fits(word)) {
                self.say(&at("status"), "needs, first in active and in inactive, a word that fits written_as");
            }
        }
    }
}

fn listed(allowed: &[&str]) -> String {
    if allowed.is_empty() {
        return "nothing".to_owned();
    }
    allowed.iter().map(|name| format!("{{{name}}}")).collect::<Vec<_>>().join(", ")
}
