//! `make: vendor` and `make: employee`: people as GP records.

use super::Page;
use super::journal::fits;
use super::names;
use crate::ledger::RecordKind;
use crate::ledger::limits::{self, RecordField};
use crate::project::finding::{Finding, did_you_mean};
use crate::project::pipeline::{LookUp, Match, OnLeave, RecordRule, SetField};
use crate::project::shape::pipeline as shape;
use crate::project::shape::{Entries, ScalarOr, Text};
use crate::project::template::Template;
use crate::project::value::Names;

/// The fields that GP has for this kind of record.
fn fields(kind: RecordKind) -> &'static [RecordField] {
    match kind {
        RecordKind::Vendor => limits::VENDOR_FIELDS,
        RecordKind::Employee => limits::EMPLOYEE_FIELDS,
    }
}

pub fn record(
    kind: RecordKind,
    raw: &shape::Record,
    names: &Names,
    look_ups: &[LookUp],
    page: &mut Page<'_>,
) -> Option<RecordRule> {
    let width = |name: &str| {
        let look_up = look_ups.iter().find(|look_up| look_up.name == name);
        look_up.map(|look_up| look_up.table.widest(&look_up.column)).or_else(|| names::width(name))
    };
    let matches = matches(kind, raw, names, page);
    let id = raw.id.as_ref().and_then(|text| {
        let template = page.template(text, names)?;
        fits(&template, text, "id", limits::RECORD_KEY, &width, page).then_some(template)
    });
    let set = set(kind, raw, names, &width, page);
    let create = raw.create.as_ref().is_some_and(|create| create.value.0);
    if let (Some(text), Some(id)) = (&raw.id, &id)
        && id.names().is_empty()
    {
        let message = format!("every person would be the same {kind} `{}`", id.source());
        page.error("same-for-all", text, message, Some("for example `id: \"EMP{{ number | pad(6) }}\"`".to_owned()));
        return None;
    }
    if create {
        can_create(kind, raw, page)?;
    }
    Some(RecordRule {
        kind,
        matches: matches?,
        id: id?,
        set: set?,
        create,
        update: raw.update.is_none_or(|update| update.0),
        on_leave: match raw.on_leave {
            None | Some(shape::OnLeave::Inactive) => OnLeave::Inactive,
            Some(shape::OnLeave::Keep) => OnLeave::Keep,
        },
        place: page.place(raw.at()),
    })
}

fn matches(kind: RecordKind, raw: &shape::Record, names: &Names, page: &mut Page<'_>) -> Option<Vec<Match>> {
    let mut found = Vec::new();
    let mut good = true;
    for item in raw.r#match.iter().flatten() {
        match item {
            ScalarOr::Scalar(name) => {
                good &= known_name(name, names, page);
                found.push(Match { name: name.text.clone(), field: None });
            }
            ScalarOr::Map(map) => match map.entries.as_slice() {
                [(field, name)] => {
                    good &= known_field(kind, field, page) & known_name(name, names, page);
                    found.push(Match { name: name.text.clone(), field: Some(field.text.clone()) });
                }
                _ => {
                    if let Some((field, _)) = map.entries.first() {
                        let help =
                            "write each as an item of its own: `[number, { user_defined_1: number }]`".to_owned();
                        page.error("one-of", field, "one item matches by one field", Some(help));
                    }
                    good = false;
                }
            },
        }
    }
    good.then_some(found)
}

fn known_name(name: &Text, names: &Names, page: &mut Page<'_>) -> bool {
    let known = names.0.contains_key(&name.text) || page.names_are_missing;
    if !known {
        let candidates: Vec<&str> = names.0.keys().map(String::as_str).collect();
        let help = did_you_mean(&name.text, &candidates);
        page.error("unknown-name", name, format!("nothing is called `{}` here", name.text), help);
    }
    known
}

fn known_field(kind: RecordKind, field: &Text, page: &mut Page<'_>) -> bool {
    let known = fields(kind).iter().any(|known| known.name == field.text);
    if !known {
        let candidates: Vec<&str> = fields(kind).iter().map(|field| field.name).collect();
        let help = did_you_mean(&field.text, &candidates);
        page.error("unknown-field", field, format!("a GP {kind} has no field `{}`", field.text), help);
    }
    known
}

fn set(
    kind: RecordKind,
    raw: &shape::Record,
    names: &Names,
    width: &dyn Fn(&str) -> Option<usize>,
    page: &mut Page<'_>,
) -> Option<Vec<SetField>> {
    let mut set = Vec::new();
    let mut good = true;
    for (field, text) in raw.set.iter().flat_map(Entries::iter) {
        let known = known_field(kind, field, page);
        let template = page.template(text, names).filter(|template| {
            let limit = fields(kind).iter().find(|known| known.name == field.text).map(|field| field.width);
            limit.is_none_or(|limit| fits(template, text, &field.text, limit, width, page))
                && (field.text != "status" || is_status(template, text, page))
        });
        match template.filter(|_| known) {
            Some(template) => {
                set.push(SetField { field: field.text.clone(), template, place: field.place(page.file) });
            }
            None => good = false,
        }
    }
    good.then_some(set)
}

/// A record is active or inactive, nothing else.
fn is_status(template: &Template, text: &Text, page: &mut Page<'_>) -> bool {
    let wrong = template
        .outcomes()
        .and_then(|outcomes| outcomes.into_iter().find(|outcome| *outcome != "active" && *outcome != "inactive"));
    if let Some(wrong) = wrong {
        let help = "for example \"{{ 'active' if status == 'Active' else 'inactive' }}\"".to_owned();
        page.error("unknown-value", text, format!("`status` is `active` or `inactive`, never `{wrong}`"), Some(help));
    }
    wrong.is_none()
}

/// Whether GP would take a new record with these fields.
fn can_create(kind: RecordKind, raw: &shape::Record, page: &mut Page<'_>) -> Option<()> {
    let has = |field: &str| raw.set.iter().flat_map(Entries::iter).any(|(name, _)| name.text == field);
    let place = raw.create.as_ref().map_or_else(|| page.place(raw.at()), |create| page.place(create.spot));
    let missing: Vec<&str> = limits::create_needs(kind).iter().copied().filter(|field| !has(field)).collect();
    if missing.contains(&"tax_id") {
        let message = "GP creates no employee without a tax id (its error 4364)";
        page.report(Finding::error("tax-id-needed", place.clone(), message).help(
            "name where it comes from, `set: { tax_id: \"{{ … }}\" }`, or only match and update: `create: false`",
        ));
        return None;
    }
    if !missing.is_empty() {
        let message = format!("GP creates no {kind} without `{}`", missing.join("`, `"));
        page.report(Finding::error("field-needed", place, message).help("add it under `set`"));
        return None;
    }
    Some(())
}
