//! Addresses, sign-in and answers: what IIS, SBA and the site's own services do around the company.

use super::calendar::Period;
use super::chart::GlAccount;
use super::company::Company;
use super::door;
use super::journals::{Journal, Line, NewJournal, NewLine};
use super::records::{Changed, EMPLOYEE_MEMBERS, Member, Record, Sent, VENDOR_MEMBERS};
use super::refusal::{Message, Refusals};
use super::server::Shared;
use super::text::folded;
use crate::ledger::Series;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use percent_encoding::percent_decode_str;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::str::FromStr;

/// The largest request that the service reads.
const LARGEST_REQUEST: usize = 64 << 20;

/// Every request ends here: SBA's addresses hold their keys in parentheses, which no router knows.
pub(super) async fn answer(State(shared): State<Shared>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    if !is_signed_in(&head.headers, &shared) {
        let challenge = [(WWW_AUTHENTICATE, "Basic realm=\"GPService\"")];
        return (StatusCode::UNAUTHORIZED, challenge, "Unauthorized").into_response();
    }
    let Ok(body) = axum::body::to_bytes(body, LARGEST_REQUEST).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    if head.uri.path().starts_with(door::PATH) {
        return door::answer(&shared, &head.method, head.uri.path(), &body);
    }
    let steps: Vec<Step> = head.uri.path().split('/').skip(1).map(Step::parse).collect();
    let query = Query::parse(&head.uri);
    let mut company = shared.company();
    let Some(resource) = within(&steps, &company.name) else { return no_such_service() };
    if shared.is_revoked(&head.method, &resource_name(resource)) {
        return (StatusCode::FORBIDDEN, "The user has no security privileges to open this service.").into_response();
    }
    if head.method != Method::GET && !is_json(&head.headers) {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
    }
    served(&mut company, &head.method, resource, &query, &body)
}

fn is_signed_in(headers: &HeaderMap, shared: &Shared) -> bool {
    headers.get(AUTHORIZATION).is_some_and(|given| given.as_bytes() == shared.authorization.as_bytes())
}

fn is_json(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"))
}

/// One step of an address: `Accounts(000-1100-00)` is a name and its keys.
struct Step {
    name: String,
    keys: Vec<String>,
}

impl Step {
    /// Keys are told apart before they are decoded: an encoded `;` or parenthesis belongs to a key.
    fn parse(raw: &str) -> Step {
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        match raw.split_once('(').and_then(|(name, rest)| Some((name, rest.strip_suffix(')')?))) {
            Some((name, keys)) => Step { name: decoded(name), keys: keys.split(';').map(decoded).collect() },
            None => Step { name: decoded(raw), keys: Vec::new() },
        }
    }
}

struct Query(BTreeMap<String, String>);

impl Query {
    fn parse(uri: &Uri) -> Query {
        let pairs = uri.query().unwrap_or_default().split('&').filter_map(|pair| pair.split_once('='));
        let decoded = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
        Query(pairs.map(|(name, value)| (decoded(name), decoded(value))).collect())
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Whether a row of this age passes the ModifiedDate filter.
    fn is_new(&self, modified: Timestamp) -> bool {
        let since = self.get("ModifiedDate").and_then(|text| text.parse::<Timestamp>().ok());
        since.is_none_or(|since| since <= modified)
    }
}

/// The steps after `GPService/Tenants(DefaultTenant)/Companies(<this one>)/Dynamics`.
fn within<'s>(steps: &'s [Step], company: &str) -> Option<&'s [Step]> {
    let [service, tenants, companies, product, resource @ ..] = steps else { return None };
    let is =
        |step: &Step, name: &str, key: Option<&str>| step.name == name && step.keys.first().map(String::as_str) == key;
    let fits = is(service, "GPService", None)
        && is(tenants, "Tenants", Some("DefaultTenant"))
        && is(companies, "Companies", Some(company))
        && is(product, "Dynamics", None);
    fits.then_some(resource)
}

fn resource_name(resource: &[Step]) -> String {
    resource.iter().map(|step| step.name.as_str()).collect::<Vec<_>>().join("/")
}

fn served(company: &mut Company, method: &Method, resource: &[Step], query: &Query, body: &Bytes) -> Response {
    let [series, service] = resource else { return no_such_service() };
    let keys: Vec<&str> = service.keys.iter().map(String::as_str).collect();
    match (method.as_str(), series.name.as_str(), service.name.as_str(), keys.as_slice()) {
        ("GET", "Financial", "GLTransactions", []) => list(journals(company, query)),
        ("GET", "Financial", "GLTransactions", [number, date]) => found(journal(company, number, date)),
        ("POST", "Financial", "GLTransactions", []) => create_journal(company, body),
        ("GET", "Financial", "Accounts", []) => list(company.chart.accounts().map(account).collect()),
        ("GET", "Financial", "Accounts", [number]) => found(company.chart.account(number).map(account)),
        ("GET", "Financial", "FiscalPeriods", []) => list(periods(company, query)),
        ("GET", "Financial", "AccountSegments", [number]) => {
            codes(number.parse().ok().and_then(|number| company.chart.segment(number)))
        }
        ("GET", "AnalyticalAccounting", "DimensionCodes", [name]) => codes(company.chart.dimension(name).cloned()),
        // The same id in another source is another batch, in another series.
        ("GET", "System", "Batches", [source, id]) if folded(source) == "GL_NORMAL" => found(batch(company, id)),
        ("GET", "System", "Batches", [_, _]) => found(None::<Value>),
        ("GET", "Purchasing", "Vendors", []) => {
            list(company.vendors.all().filter(|vendor| query.is_new(vendor.modified)).map(vendor).collect())
        }
        ("GET", "Purchasing", "Vendors", [key]) => found(company.vendors.get(key).map(vendor)),
        ("POST", "Purchasing", "Vendors", []) => create_record(company, body, RecordService::Vendors),
        ("PATCH", "Purchasing", "Vendors", [key]) => update_record(company, body, RecordService::Vendors, key),
        ("GET", "Payroll", "Employees", []) => {
            list(company.employees.all().filter(|employee| query.is_new(employee.modified)).map(employee).collect())
        }
        ("GET", "Payroll", "Employees", [key]) => found(company.employees.get(key).map(employee)),
        ("POST", "Payroll", "Employees", []) => create_record(company, body, RecordService::Employees),
        ("PATCH", "Payroll", "Employees", [key]) => update_record(company, body, RecordService::Employees, key),
        _ => no_such_service(),
    }
}

// --- answers

/// The envelope of every answer.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Envelope<'m, T> {
    status: Status<'m>,
    payload: T,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Status<'m> {
    code: u16,
    messages: &'m [Message],
}

fn enveloped<T: Serialize>(status: StatusCode, messages: &[Message], payload: T) -> Response {
    let envelope = Envelope { status: Status { code: status.as_u16(), messages }, payload };
    match serde_json::to_vec(&envelope) {
        Ok(bytes) => (status, [(CONTENT_TYPE, "application/json; charset=utf-8")], bytes).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn list<T: Serialize>(rows: Vec<T>) -> Response {
    enveloped(StatusCode::OK, &[], rows)
}

fn found<T: Serialize>(row: Option<T>) -> Response {
    match row {
        Some(row) => enveloped(StatusCode::OK, &[], row),
        None => enveloped(StatusCode::NOT_FOUND, &[], Value::Null),
    }
}

fn refused(refusals: &Refusals) -> Response {
    enveloped(StatusCode::BAD_REQUEST, refusals.messages(), Value::Null)
}

/// A request that the service itself cannot read, before GP sees it.
fn malformed(why: &str) -> Response {
    let body =
        json!({ "Status": { "Code": 400, "Messages": [{ "Severity": "Error", "Text": why }] }, "Payload": null });
    (StatusCode::BAD_REQUEST, [(CONTENT_TYPE, "application/json; charset=utf-8")], body.to_string()).into_response()
}

/// What WCF answers where nothing listens.
fn no_such_service() -> Response {
    let page = "<!DOCTYPE html><html><head><title>Service</title></head><body><p>Endpoint not found.</p></body></html>";
    (StatusCode::NOT_FOUND, [(CONTENT_TYPE, "text/html; charset=UTF-8")], page).into_response()
}

// --- the ledger

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct AccountRow<'a> {
    account_number: &'a str,
    description: &'a str,
    active: bool,
    allow_account_entry: bool,
}

fn account(account: &GlAccount) -> AccountRow<'_> {
    AccountRow {
        account_number: &account.number,
        description: &account.description,
        active: account.active,
        allow_account_entry: account.allows_entry,
    }
}

fn codes(codes: Option<BTreeMap<String, bool>>) -> Response {
    let row = |(code, active): (String, bool)| json!({ "Code": code, "Inactive": !active });
    match codes {
        Some(codes) => list(codes.into_iter().map(row).collect::<Vec<_>>()),
        None => found(None::<Value>),
    }
}

fn periods(company: &Company, query: &Query) -> Vec<Value> {
    let day = |name: &str| query.get(name).and_then(|text| text.get(..10)?.parse::<Date>().ok());
    let (from, to) = (day("From"), day("To"));
    let wanted = |period: &&Period| {
        to.is_none_or(|to| period.first_day <= to) && from.is_none_or(|from| from <= period.last_day)
    };
    let row = |period: &Period| {
        json!({
            "Year": period.year, "PeriodId": period.number,
            "FirstDay": midnight(period.first_day), "LastDay": midnight(period.last_day),
            "Series": series_number(&period.series), "Closed": period.closed,
        })
    };
    company.calendar.periods.iter().filter(wanted).map(row).collect()
}

/// GP numbers its series.
fn series_number(series: &Series) -> String {
    let name = series.to_string();
    let known = ["Financial", "Sales", "Purchasing", "Inventory", "Payroll", "Project"];
    match known.iter().position(|known| known.eq_ignore_ascii_case(&name)) {
        Some(at) => (at + 2).to_string(),
        None => name,
    }
}

fn batch(company: &Company, id: &str) -> Option<Value> {
    let batch = company.batches.get(id)?;
    Some(json!({
        "BatchId": folded(id), "BatchSource": "GL_Normal", "MarkedToPost": batch.marked_to_post,
        "Approved": batch.approved, "NumberOfTransactions": batch.transactions, "BatchTotal": amount(batch.total),
    }))
}

fn midnight(day: Date) -> String {
    format!("{day}T00:00:00")
}

/// numeric(19,5), as SQL Server writes it.
fn amount(amount: Decimal) -> String {
    format!("{amount:.5}")
}

fn journals(company: &Company, query: &Query) -> Vec<Value> {
    let batch = query.get("BatchId").map(folded);
    let ending = query.get("ReferenceEndsWith");
    let state = query.get("TransactionState");
    let wanted = |journal: &&Journal| {
        batch.as_ref().is_none_or(|batch| *batch == journal.batch)
            && ending.is_none_or(|ending| journal.reference.ends_with(ending))
            && state.is_none_or(|state| state == journal.state.word())
            && query.is_new(journal.modified)
    };
    let summary = |journal: &Journal| {
        json!({
            "JournalId": journal.number, "TransactionDate": midnight(journal.date), "BatchId": journal.batch,
            "Reference": journal.reference, "SourceDocument": journal.source_document,
            "CurrencyId": journal.currency, "TransactionState": journal.state.word(),
            "ModifiedDate": journal.modified.to_string(),
        })
    };
    company.ledger.all().filter(wanted).map(summary).collect()
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct JournalRow<'a> {
    journal_id: u32,
    transaction_date: String,
    batch_id: &'a str,
    reference: &'a str,
    source_document: &'a str,
    currency_id: &'a str,
    transaction_state: &'static str,
    modified_date: String,
    lines: Vec<LineRow<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct LineRow<'a> {
    sequence_number: String,
    account_number: &'a str,
    description: &'a str,
    debit_amount: String,
    credit_amount: String,
}

fn journal<'a>(company: &'a Company, number: &str, date: &str) -> Option<JournalRow<'a>> {
    let date: Date = date.get(..10)?.parse().ok()?;
    let journal = company.ledger.find(number.parse().ok()?, date)?;
    let line = |line: &'a Line| LineRow {
        sequence_number: amount(line.sequence),
        account_number: &line.account,
        description: &line.description,
        debit_amount: amount(line.debit),
        credit_amount: amount(line.credit),
    };
    Some(JournalRow {
        journal_id: journal.number,
        transaction_date: midnight(journal.date),
        batch_id: &journal.batch,
        reference: &journal.reference,
        source_document: &journal.source_document,
        currency_id: &journal.currency,
        transaction_state: journal.state.word(),
        modified_date: journal.modified.to_string(),
        lines: journal.lines.iter().map(line).collect(),
    })
}

/// A request's envelope.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Wrapped<T> {
    payload: T,
}

/// Scalars stay raw, so that an amount is read digit for digit whether it came as text or as a number.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct JournalBody {
    #[serde(default)]
    journal_id: Option<Box<RawValue>>,
    #[serde(default)]
    transaction_date: Option<String>,
    #[serde(default)]
    batch_id: Option<String>,
    #[serde(default)]
    reference: Option<String>,
    #[serde(default)]
    source_document: Option<String>,
    #[serde(default)]
    currency_id: Option<String>,
    #[serde(default)]
    lines: Vec<LineBody>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct LineBody {
    #[serde(default)]
    sequence_number: Option<Box<RawValue>>,
    #[serde(default)]
    account_number: Option<String>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    debit_amount: Option<Box<RawValue>>,
    #[serde(default)]
    credit_amount: Option<Box<RawValue>>,
}

fn number<T: FromStr>(raw: Option<&RawValue>, member: &str) -> Result<Option<T>, String> {
    let Some(raw) = raw else { return Ok(None) };
    let digits = raw.get().trim_matches('"');
    digits.parse().map(Some).map_err(|_| format!("{member} is not a number"))
}

impl JournalBody {
    fn journal(self) -> Result<NewJournal, String> {
        let date = |text: String| {
            let day = || text.parse::<Date>().map(|day| day.to_datetime(Time::midnight()));
            text.parse::<DateTime>().or_else(|_| day()).map_err(|_| "TransactionDate is not a date".to_owned())
        };
        Ok(NewJournal {
            number: number(self.journal_id.as_deref(), "JournalId")?,
            date: self.transaction_date.map(date).transpose()?,
            batch: self.batch_id.unwrap_or_default(),
            reference: self.reference.unwrap_or_default(),
            source_document: self.source_document.unwrap_or_default(),
            currency: self.currency_id.unwrap_or_default(),
            lines: self.lines.into_iter().map(LineBody::line).collect::<Result<_, _>>()?,
        })
    }
}

impl LineBody {
    fn line(self) -> Result<NewLine, String> {
        Ok(NewLine {
            sequence: number(self.sequence_number.as_deref(), "SequenceNumber")?,
            account: self.account_number,
            description: self.description.unwrap_or_default(),
            debit: number(self.debit_amount.as_deref(), "DebitAmount")?,
            credit: number(self.credit_amount.as_deref(), "CreditAmount")?,
        })
    }
}

fn create_journal(company: &mut Company, body: &Bytes) -> Response {
    let read = serde_json::from_slice::<Wrapped<JournalBody>>(body).map_err(|error| error.to_string());
    let new = match read.and_then(|wrapped| wrapped.payload.journal()) {
        Ok(new) => new,
        Err(why) => return malformed(&why),
    };
    match company.create_journal(&new) {
        Ok((number, date)) => {
            enveloped(StatusCode::CREATED, &[], json!({ "JournalId": number, "TransactionDate": midnight(date) }))
        }
        Err(refusals) => refused(&refusals),
    }
}

// --- records

#[derive(Clone, Copy)]
enum RecordService {
    Vendors,
    Employees,
}

fn members(record: &Record, key: &str, members: &[Member]) -> Map<String, Value> {
    let mut row = Map::new();
    row.insert(key.to_owned(), json!(record.key));
    for member in members {
        row.insert(member.name.to_owned(), json!(record.value(member.name)));
    }
    row.insert("ModifiedDate".to_owned(), json!(record.modified.to_string()));
    row
}

fn vendor(vendor: &Record) -> Value {
    let mut row = members(vendor, "VendorId", VENDOR_MEMBERS);
    row.insert("Status".to_owned(), json!(vendor.status));
    Value::Object(row)
}

/// The tax id is among the members: a careless service shows it, and a client must not take it.
fn employee(employee: &Record) -> Value {
    let mut row = members(employee, "EmployeeId", EMPLOYEE_MEMBERS);
    for name in ["HireDate", "InactiveDate"] {
        if let Ok(day) = employee.value(name).parse::<Date>() {
            row.insert(name.to_owned(), json!(midnight(day)));
        }
    }
    row.insert("Inactive".to_owned(), json!(employee.status != 1));
    Value::Object(row)
}

/// What a record's body sets.
fn sent(body: &Bytes, kind: RecordService) -> Result<Sent, String> {
    let wrapped: Wrapped<BTreeMap<String, Box<RawValue>>> =
        serde_json::from_slice(body).map_err(|error| error.to_string())?;
    let (key, status, known) = match kind {
        RecordService::Vendors => ("VendorId", "Status", VENDOR_MEMBERS),
        RecordService::Employees => ("EmployeeId", "Inactive", EMPLOYEE_MEMBERS),
    };
    let mut sent = Sent::default();
    for (name, raw) in wrapped.payload {
        let text = match serde_json::from_str::<Value>(raw.get()) {
            Ok(Value::String(text)) => text,
            Ok(Value::Null) => String::new(),
            _ => raw.get().to_owned(),
        };
        if name == key {
            sent.key = text;
        } else if name == status {
            sent.status = Some(match (kind, text.as_str()) {
                (RecordService::Employees, "true" | "1") => 2,
                (RecordService::Employees, "false" | "0") => 1,
                (_, digits) => digits.parse().map_err(|_| format!("{name} is not a number"))?,
            });
        } else if known.iter().any(|member| member.name == name) {
            sent.values.insert(name, text);
        } else {
            return Err(format!("{name} is not a parameter of this service"));
        }
    }
    Ok(sent)
}

fn create_record(company: &mut Company, body: &Bytes, kind: RecordService) -> Response {
    let now = company.clock.now();
    let sent = match sent(body, kind) {
        Ok(sent) => sent,
        Err(why) => return malformed(&why),
    };
    let (created, member) = match kind {
        RecordService::Vendors => (company.vendors.create(&sent, now), "VendorId"),
        RecordService::Employees => (company.employees.create(&sent, now), "EmployeeId"),
    };
    match created {
        Ok(()) => enveloped(StatusCode::CREATED, &[], json!({ member: sent.key })),
        Err(refusals) => refused(&refusals),
    }
}

fn update_record(company: &mut Company, body: &Bytes, kind: RecordService, key: &str) -> Response {
    let now = company.clock.now();
    let sent = match sent(body, kind) {
        Ok(sent) => sent,
        Err(why) => return malformed(&why),
    };
    let changed = match kind {
        RecordService::Vendors => company.vendors.update(key, &sent, now),
        RecordService::Employees => company.employees.update(key, &sent, now),
    };
    match changed {
        Ok(Changed::Done) => enveloped(StatusCode::OK, &[], Value::Null),
        Ok(Changed::NotThere) => found(None::<Value>),
        Err(refusals) => refused(&refusals),
    }
}
