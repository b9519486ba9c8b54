//! The custom report: everybody, with the fields asked for; deprecated by BambooHR, and still there.

use super::account::Account;
use super::answer::{Query, streamed, told};
use super::fields::{People, STANDARD, Value};
use super::serve::Shared;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;
use serde::ser::{Serialize, SerializeMap, Serializer};

/// BambooHR's limit.
const FIELDS: usize = 400;

#[derive(Deserialize)]
struct Definition {
    #[serde(default)]
    title: String,
    #[serde(default)]
    fields: Vec<String>,
    #[serde(default)]
    filters: Filters,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Filters {
    last_changed: Option<LastChanged>,
    employee_ids: Option<Vec<u64>>,
}

#[derive(Deserialize)]
struct LastChanged {
    value: String,
}

impl Filters {
    /// The positions of the people that pass, in the order of their ids; `None` when a moment cannot be read.
    fn pass(&self, account: &Account) -> Option<Vec<u32>> {
        let since = match &self.last_changed {
            Some(last_changed) => Some(last_changed.value.parse::<Timestamp>().ok()?),
            None => None,
        };
        let id = |position: u32| account.facts.text(account.facts.people[position as usize].id);
        let is_named = |position: u32| match &self.employee_ids {
            Some(ids) => id(position).parse().is_ok_and(|id: u64| ids.contains(&id)),
            None => true,
        };
        let is_recent = |position: u32| since.is_none_or(|since| account.moments[position as usize].changed >= since);
        Some(account.order.iter().copied().filter(|&position| is_named(position) && is_recent(position)).collect())
    }
}

struct Record<'p> {
    people: &'p People,
    position: u32,
    fields: &'p [String],
}

impl Serialize for Record<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", self.people.facts.text(self.people.person(self.position).id))?;
        for name in self.fields {
            // A field named by its number comes back with a part behind it.
            let key = if is_number(name) { format!("{name}.0") } else { name.clone() };
            match self.people.value(self.position, name) {
                Some(Value::Text(text)) => map.serialize_entry(&key, &text)?,
                Some(Value::Date(Some(date))) => map.serialize_entry(&key, &date)?,
                // Reports write an empty date so (recorded).
                Some(Value::Date(None)) => map.serialize_entry(&key, "0000-00-00")?,
                Some(Value::Money(Some((amount, code)))) => map.serialize_entry(&key, &format!("{amount} {code}"))?,
                Some(Value::Money(None)) | None => map.serialize_entry(&key, "")?,
            }
        }
        map.end()
    }
}

fn is_number(name: &str) -> bool {
    name.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// `POST /reports/custom`.
pub(super) async fn custom(
    State(shared): State<Shared>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Response {
    let query = Query::of(query.as_deref());
    let is_json = match query.get("format") {
        Some(format) => format.eq_ignore_ascii_case("json"),
        None => headers.get(ACCEPT).is_some_and(|accept| accept == "application/json"),
    };
    if !is_json {
        return told(StatusCode::NOT_FOUND, "Report format not found");
    }
    // Anything else, a charset included, is read as XML.
    if headers.get(CONTENT_TYPE).is_none_or(|kind| kind != "application/json") {
        return told(StatusCode::BAD_REQUEST, "Malformed XML");
    }
    let Ok(mut definition) = serde_json::from_slice::<Definition>(&body) else {
        return told(StatusCode::BAD_REQUEST, "Malformed JSON");
    };
    if definition.fields.len() > FIELDS {
        return told(StatusCode::BAD_REQUEST, "The maximum number of fields is 400");
    }
    let (people, positions) = {
        let account = shared.account();
        let Some(positions) = definition.filters.pass(&account) else {
            return told(StatusCode::BAD_REQUEST, "filters.lastChanged is not a valid ISO 8601 date");
        };
        (People::of(&account, &query), positions)
    };
    definition.fields.retain(|name| is_known(&people, name) && !people.is_restricted(name));
    let columns: Vec<serde_json::Value> = definition.fields.iter().map(|name| column(name)).collect();
    let tail =
        format!("],\"fields\":{},\"title\":{}}}", serde_json::json!(columns), serde_json::json!(definition.title));
    let fields = definition.fields;
    streamed("{\"employees\":[", tail, positions.len(), move |at, out| {
        // Writing to memory does not fail; a record that did would be left out whole.
        let _ = serde_json::to_writer(out, &Record { people: &people, position: positions[at], fields: &fields });
    })
}

fn is_known(people: &People, name: &str) -> bool {
    name != "id" && people.order.first().is_none_or(|&first| people.value(first, name).is_some())
}

fn column(name: &str) -> serde_json::Value {
    let known = STANDARD.iter().find(|field| field.alias == name || field.id == name);
    let (kind, label) = known.map_or(("text", name), |field| (field.kind, field.label));
    serde_json::json!({ "id": name, "type": kind, "name": label })
}
