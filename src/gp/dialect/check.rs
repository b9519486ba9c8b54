//! From a dialect file's text to a [`Dialect`] that can be used, or everything that is wrong with it.

use super::file::Dialect;
use super::services::{Flag, Journals, Read, Records, Write, WrittenAs};
use super::template::{Piece, pieces};
use super::wire::{Paging, Values};
use crate::gp::GpError;
use crate::ledger::limits::{EMPLOYEE_FIELDS, RecordField, VENDOR_FIELDS};
use crate::ledger::{Currency, RecordKind};
use jiff::civil::{Date, date};
use jiff::fmt::strtime;

/// The dialect that ships with the program.
pub const SHIPPED: &str = include_str!("../../../mappings/dialects/sba.yaml");
/// Its name in messages.
pub const SHIPPED_FILE: &str = "mappings/dialects/sba.yaml";

/// Larger files are no dialects.
const LARGEST: usize = 1 << 20;

/// The dialect in `text`, checked as far as it can be without a GP.
///
/// # Errors
/// [`GpError::Dialect`] with every problem, one a line; a problem of the shape names its line and column.
pub fn check_dialect(file: &str, text: &str) -> Result<Dialect, GpError> {
    let refused = |why: String| GpError::Dialect { file: file.to_owned(), why };
    if text.len() > LARGEST {
        return Err(refused("it is larger than 1 MiB".to_owned()));
    }
    let dialect: Dialect = serde_yaml::from_str(text).map_err(|error| refused(error.to_string()))?;
    let problems = problems(&dialect);
    if problems.is_empty() { Ok(dialect) } else { Err(refused(problems.join("\n"))) }
}

/// The dialect that ships with the program.
///
/// # Errors
/// Never in a build whose tests passed.
pub fn shipped() -> Result<Dialect, GpError> {
    check_dialect(SHIPPED_FILE, SHIPPED)
}

/// The JSON Schema of a dialect file, as in `schemas/dialect.schema.json`.
pub fn schema() -> String {
    let schema = schemars::schema_for!(Dialect);
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}

/// Everything that the shape alone cannot say.
fn problems(dialect: &Dialect) -> Vec<String> {
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

struct Problems(Vec<String>);

impl Problems {
    fn say(&mut self, at: &str, what: impl std::fmt::Display) {
        self.0.push(format!("{at} {what}"));
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
        self.read("journals.by_key", &journals.by_key, &key, &["number"]);
        if let Some(posted) = &journals.posted_by_key {
            self.read("journals.posted_by_key", posted, &key, &["number"]);
        }
        self.read("journals.in_batch", &journals.in_batch, &["batch"], &["batch"]);
        if let Some(by_reference) = &journals.by_reference {
            self.read("journals.by_reference", by_reference, &["key"], &["key"]);
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
            let fits = words.first().is_some_and(|word| match status.written_as {
                WrittenAs::Text => true,
                WrittenAs::Number => word.parse::<i64>().is_ok(),
                WrittenAs::Truth => word == "true" || word == "false",
            });
            if !fits {
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

/// A date as `format` writes it; an ISO date is read in any case, whatever time follows it.
pub fn read_date(format: &str, text: &str) -> Option<Date> {
    let text = text.trim();
    let iso = text.get(..10).and_then(|day| day.parse::<Date>().ok());
    iso.or_else(|| strtime::parse(format, text).and_then(|parsed| parsed.to_date()).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(from: &str, to: &str) -> String {
        assert!(SHIPPED.contains(from), "{from}");
        match check_dialect("dialects/mine.yaml", &SHIPPED.replace(from, to)) {
            Err(error) => error.to_string(),
            Ok(_) => String::from("accepted"),
        }
    }

    #[test]
    fn the_shipped_dialect_is_sound_and_knows_every_number_once() {
        let dialect = shipped().unwrap();
        let mut numbers: Vec<u32> = dialect.errors.iter().flat_map(|entry| entry.numbers.clone()).collect();
        let count = numbers.len();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), count, "a number is listed twice");
        assert!(count > 90, "{count}");
    }

    #[test]
    fn a_wrong_shape_names_its_place() {
        let message = broken("  line_step: 500", "  line_stepp: 500");
        assert!(message.contains("dialects/mine.yaml") && message.contains("line_stepp"), "{message}");
        assert!(message.contains("line ") && message.contains("column "), "{message}");
    }

    #[test]
    fn what_the_shape_cannot_say_is_said_at_once() {
        let cases = [
            ("({number};{date})", "({number};{day})", "names {day}"),
            ("Accounts({account})", "Accounts", "must hold {account}"),
            (
                "create: { method: POST, path: /Dynamics/F",
                "create: { method: POST, action: PostBatch, path: /Dynamics/F",
                "never posts",
            ),
            ("dates: \"%Y-%m-%dT00:00:00\"", "dates: \"%d\"", "does not write a date"),
            ("functional_currency: USD", "functional_currency: DOLLARS", "ISO 4217"),
            ("    last_name: LastName", "    last_name: LastName\n    tax_id: SSN", "read back and shown"),
            ("    name: VendorName", "    nmae: VendorName", "no field of a vendor"),
            ("not_sent_statuses: [503]", "not_sent_statuses: [200]", "only 4xx and 5xx"),
            ("format: 1", "format: 2", "reads format 1"),
            ("[/Status/Messages,", "[Status/Messages,", "no JSON pointer"),
            ("active: [\"1\", \"3\"]", "active: [open]", "fits written_as"),
        ];
        for (from, to, expected) in cases {
            let message = broken(from, to);
            assert!(message.contains(expected), "{to}: {message}");
        }
    }
}
