//! List Employees (pages with cursors) and Get Employee.

use super::answer::{Query, coded, json, streamed, told};
use super::fields::{IN_LIST, People, Value};
use super::serve::Shared;
use axum::extract::{OriginalUri, Path, RawQuery, State};
use axum::http::header::HOST;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::cmp::Ordering;

/// BambooHR's limit of fields in one request for one employee.
const FIELDS: usize = 400;
const SORTABLE: [&str; 6] = ["employeeId", "firstName", "lastName", "preferredName", "jobTitleName", "status"];
/// Fields that List Employees cannot filter on; it answers 422, as for names it does not know.
const NEVER_FILTERED: [&str; 14] = [
    "bestEmail",
    "ein",
    "genderIdentity",
    "genderIdentityId",
    "nationalId",
    "nin",
    "overtime",
    "overtimeRate",
    "payRate",
    "sin",
    "ssn",
    "teams",
    "userId",
    "veteranStatus",
];

/// A record of the list: the base fields, then the optional ones that were asked for.
struct ListRecord<'p> {
    people: &'p People,
    position: u32,
    optional: &'p [String],
}

impl Serialize for ListRecord<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let mut restricted = Vec::new();
        map.serialize_entry("employeeId", self.people.facts.text(self.people.person(self.position).id))?;
        let base = ["firstName", "lastName", "preferredName", "photoUrl", "jobTitleName", "status"];
        for name in base.into_iter().chain(self.optional.iter().map(String::as_str)) {
            if self.people.is_restricted(name) {
                restricted.push(name);
                map.serialize_entry(name, &None::<()>)?;
                continue;
            }
            match self.people.value(self.position, name) {
                Some(Value::Text(text)) => map.serialize_entry(name, &Some(text).filter(|text| !text.is_empty()))?,
                Some(Value::Date(date)) => map.serialize_entry(name, &date)?,
                Some(Value::Money(money)) => {
                    let (amount, currency) = money.map(|(amount, code)| (amount.to_string(), code)).unwrap_or_default();
                    map.serialize_entry(name, &serde_json::json!({ "amount": amount, "currency": currency }))?;
                }
                None if name == "teams" => map.serialize_entry(name, &[(); 0])?,
                None => map.serialize_entry(name, &None::<()>)?,
            }
        }
        map.serialize_entry("_restrictedFields", &restricted)?;
        map.end()
    }
}

/// `GET /employees`.
pub(super) async fn list(
    State(shared): State<Shared>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("127.0.0.1");
    let address = format!("http://{host}{}", uri.path());
    let query = Query::of(query.as_deref());
    let people = {
        let account = shared.account();
        if !account.has_employee_list {
            return told(StatusCode::NOT_FOUND, "Not Found");
        }
        People::of(&account, &query)
    };
    match page(&people, &query) {
        Ok(page) => answer(people, page, &query, &address),
        Err(refusal) => *refusal,
    }
}

/// The people of one page.
struct Page {
    positions: Vec<u32>,
    total: usize,
    limit: usize,
    next: Option<String>,
    previous: Option<String>,
}

fn page(people: &People, query: &Query) -> Result<Page, Box<Response>> {
    let bad = |code: &str, message: &str| Box::new(coded(StatusCode::BAD_REQUEST, code, message));
    let limit = match query.get("page[limit]").map(str::parse::<usize>) {
        None => 250,
        Some(Ok(limit)) if (1..=2500).contains(&limit) => limit,
        Some(_) => return Err(bad("BadRequest", "page.limit must be between 1 and 2500.")),
    };
    let (after, before) = (query.get("page[after]"), query.get("page[before]"));
    if after.is_some() && before.is_some() {
        return Err(bad("BadPage", "page.after and page.before cannot be used together."));
    }
    let mut positions = filtered(people, query)?;
    sort(people, query, &mut positions).map_err(|field| bad("BadRequest", &format!("Invalid sort field: {field}")))?;
    // The person at the edge of a page must still be there: else the reader begins again.
    let find = |cursor: &str, direction: &str| {
        let id = read_cursor(cursor, direction)?;
        positions.iter().position(|&position| people.facts.text(people.person(position).id) == id)
    };
    let bad_page = || bad("BadPage", "The page cursor is invalid or no longer matches.");
    let (begin, end) = match (after, before) {
        (Some(cursor), _) => {
            let begin = find(cursor, "next").ok_or_else(bad_page)? + 1;
            (begin, (begin + limit).min(positions.len()))
        }
        (None, Some(cursor)) => {
            let end = find(cursor, "previous").ok_or_else(bad_page)?;
            (end.saturating_sub(limit), end)
        }
        (None, None) => (0, limit.min(positions.len())),
    };
    let cursor =
        |at: usize, direction: &str| write_cursor(people.facts.text(people.person(positions[at]).id), direction);
    Ok(Page {
        total: positions.len(),
        limit,
        next: (end < positions.len() && end > begin).then(|| cursor(end - 1, "next")),
        previous: (begin > 0 && end > begin).then(|| cursor(begin, "previous")),
        positions: positions[begin..end].to_vec(),
    })
}

fn answer(people: People, page: Page, query: &Query, address: &str) -> Response {
    let link = |cursor: Option<(&str, &str)>| {
        let kept = query.pairs().filter(|(name, _)| !matches!(*name, "page[after]" | "page[before]"));
        let pairs = kept.chain(cursor).map(|(name, value)| {
            format!("{}={}", utf8_percent_encode(name, NON_ALPHANUMERIC), utf8_percent_encode(value, NON_ALPHANUMERIC))
        });
        serde_json::json!({ "href": format!("{address}?{}", pairs.collect::<Vec<_>>().join("&")) })
    };
    let mut links = serde_json::json!({ "self": link(None) });
    if let Some(next) = &page.next {
        links["next"] = link(Some(("page[after]", next)));
    }
    if let Some(previous) = &page.previous {
        links["prev"] = link(Some(("page[before]", previous)));
    }
    let cursors = serde_json::json!({ "limit": page.limit, "nextCursor": page.next, "prevCursor": page.previous });
    let meta = serde_json::json!({ "total": page.total, "page": cursors });
    let tail = format!("],\"meta\":{meta},\"_links\":{links}}}");
    let optional = optional_fields(query);
    let positions = page.positions;
    streamed("{\"data\":[", tail, positions.len(), move |at, out| {
        let record = ListRecord { people: &people, position: positions[at], optional: &optional };
        // Writing to memory does not fail; a record that did would be left out whole.
        let _ = serde_json::to_writer(out, &record);
    })
}

/// `fields=a,b` and `fields[]=a&fields[]=b`; unknown names are ignored.
fn optional_fields(query: &Query) -> Vec<String> {
    let comma = query.get("fields").into_iter().flat_map(|fields| fields.split(','));
    let brackets = query.pairs().filter(|(name, _)| *name == "fields[]").map(|(_, value)| value);
    let mut optional: Vec<String> = Vec::new();
    for name in comma.chain(brackets).map(str::trim) {
        if IN_LIST.contains(&name) && !optional.iter().any(|known| known == name) {
            optional.push(name.to_owned());
        }
    }
    optional
}

fn filtered(people: &People, query: &Query) -> Result<Vec<u32>, Box<Response>> {
    let mut positions = people.order.as_ref().clone();
    let ids: Vec<&str> = query
        .pairs()
        .filter(|(name, _)| matches!(*name, "filter[ids]" | "filter[ids][]"))
        .flat_map(|(_, value)| value.split(','))
        .collect();
    if !ids.is_empty() {
        positions.retain(|&position| ids.contains(&people.facts.text(people.person(position).id)));
    }
    for (name, wanted) in query.pairs() {
        let Some(field) = name.strip_prefix("filter[").and_then(|name| name.strip_suffix(']')) else { continue };
        let is_known = IN_LIST.contains(&field) || matches!(field, "firstName" | "lastName" | "jobTitleName");
        match field {
            "ids" | "ids][" => {}
            "status" if !matches!(wanted, "active" | "inactive") => {
                let message = "filter.status must be active or inactive.";
                return Err(Box::new(coded(StatusCode::BAD_REQUEST, "BadRequest", message)));
            }
            // Who may not be seen in this field is dropped, so that their presence does not show.
            _ if people.is_restricted(field) => positions.clear(),
            "status" => positions.retain(|&position| shown(people, position, field).eq_ignore_ascii_case(wanted)),
            _ if !is_known || NEVER_FILTERED.contains(&field) => {
                let message = format!("Filtering on {field} is not supported.");
                return Err(Box::new(coded(StatusCode::UNPROCESSABLE_ENTITY, "UnprocessableEntity", &message)));
            }
            _ if field.ends_with("Date") => positions.retain(|&position| shown(people, position, field) == wanted),
            _ => {
                let wanted = wanted.to_lowercase();
                positions.retain(|&position| shown(people, position, field).to_lowercase().contains(&wanted));
            }
        }
    }
    Ok(positions)
}

/// A value as text; empty when there is none.
fn shown(people: &People, position: u32, field: &str) -> String {
    match people.value(position, field) {
        Some(Value::Text(text)) => text.into_owned(),
        Some(Value::Date(date)) => date.map(|date| date.to_string()).unwrap_or_default(),
        Some(Value::Money(_)) | None => String::new(),
    }
}

/// Sorts by `sort=-lastName,firstName`; without it by id.
fn sort(people: &People, query: &Query, positions: &mut [u32]) -> Result<(), String> {
    let Some(sort) = query.get("sort").filter(|sort| !sort.is_empty()) else { return Ok(()) };
    let mut keys = Vec::new();
    for key in sort.split(',') {
        let (name, descends) = key.strip_prefix('-').map_or((key, false), |name| (name, true));
        if !SORTABLE.contains(&name) {
            return Err(name.to_owned());
        }
        keys.push((name, descends));
    }
    positions.sort_by(|&left, &right| {
        keys.iter()
            .map(|&(name, descends)| {
                let order = shown(people, left, name).cmp(&shown(people, right, name));
                if descends { order.reverse() } else { order }
            })
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    });
    Ok(())
}

fn write_cursor(id: &str, direction: &str) -> String {
    URL_SAFE.encode(format!("{direction}:{id}"))
}

fn read_cursor(cursor: &str, direction: &str) -> Option<String> {
    let text = String::from_utf8(URL_SAFE.decode(cursor).ok()?).ok()?;
    Some(text.strip_prefix(direction)?.strip_prefix(':')?.to_owned())
}

/// `GET /employees/{id}`: only the fields asked for; unknown and forbidden ones are silently left out.
pub(super) async fn get(State(shared): State<Shared>, id: Path<Ids>, RawQuery(query): RawQuery) -> Response {
    let account = shared.account();
    let query = Query::of(query.as_deref());
    let fields: Vec<&str> =
        query.get("fields").unwrap_or_default().split(',').filter(|name| !name.is_empty()).collect();
    if fields.len() > FIELDS {
        return told(StatusCode::BAD_REQUEST, "The maximum number of fields is 400");
    }
    if id.id == "0" {
        // The key belongs to no employee.
        return json(StatusCode::OK, &serde_json::json!({ "id": "0" }));
    }
    let Some(position) = account.position(&id.id) else {
        return told(StatusCode::NOT_FOUND, "No employee was found for the supplied ID");
    };
    let people = People::of(&account, &query);
    let mut record = serde_json::Map::new();
    record.insert("id".into(), id.id.clone().into());
    for name in fields {
        if people.is_restricted(name) {
            continue;
        }
        let value = match people.value(position, name) {
            None => continue,
            Some(Value::Text(text)) => Some(text.into_owned()).filter(|text| !text.is_empty()),
            Some(Value::Date(date)) => date.map(|date| date.to_string()),
            Some(Value::Money(money)) => money.map(|(amount, code)| format!("{amount} {code}").trim_end().to_owned()),
        };
        record.insert(name.to_owned(), value.into());
    }
    json(StatusCode::OK, &record)
}

/// `DELETE /employees/{id}`: for good.
pub(super) async fn delete(State(shared): State<Shared>, id: Path<Ids>) -> Response {
    let is_gone = shared.account().delete_person(&id.id);
    shared.deliver();
    if is_gone {
        told(StatusCode::OK, "")
    } else {
        told(StatusCode::NOT_FOUND, "No employee was found for the supplied ID")
    }
}

/// The parts of an address; what an address does not have is empty.
#[derive(serde::Deserialize)]
#[serde(default)]
#[derive(Default)]
pub(super) struct Ids {
    pub(super) id: String,
    pub(super) table: String,
    pub(super) row: String,
}
