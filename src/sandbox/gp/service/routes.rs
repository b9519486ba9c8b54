//! Sign-in, rights, and which service an address means.

use super::address::{Query, Step, resource_name, within};
use super::envelope::{found, list, no_such_service};
use super::journal_body::{create_journal, replace_journal};
use super::ledger::{account, batch, codes, journal, journals, periods};
use super::records::{RecordService, create_record, employee, update_record, vendor};
use crate::sandbox::gp::company::Company;
use crate::sandbox::gp::door;
use crate::sandbox::gp::server::Shared;
use crate::sandbox::gp::text::folded;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

/// The largest request that the service reads.
const LARGEST_REQUEST: usize = 64 << 20;

/// Every request ends here: SBA's addresses hold their keys in parentheses, which no router knows.
pub(in crate::sandbox::gp) async fn answer(State(shared): State<Shared>, request: Request) -> Response {
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
    let named = steps.iter().find(|step| step.name == "Companies").and_then(|step| step.keys.first());
    let other = named.and_then(|name| shared.other(name));
    let mut company = other.unwrap_or_else(|| shared.company());
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

fn served(company: &mut Company, method: &Method, resource: &[Step], query: &Query, body: &Bytes) -> Response {
    let [series, service] = resource else { return no_such_service() };
    let keys: Vec<&str> = service.keys.iter().map(String::as_str).collect();
    match (method.as_str(), series.name.as_str(), service.name.as_str(), keys.as_slice()) {
        ("GET", "Financial", "GLTransactions", []) => list(journals(company, query)),
        ("GET", "Financial", "GLTransactions", [number, date]) => found(journal(company, number, date)),
        ("POST", "Financial", "GLTransactions", []) => create_journal(company, body),
        ("PATCH", "Financial", "GLTransactions", [number, date]) if company.ledger.replaces_journals => {
            replace_journal(company, body, number, date)
        }
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
