//! Every answer of the sandbox against BambooHR's published OpenAPI document.

use super::company::{Company, KEY, meadow};
use super::sandbox::{receiver, set_up};
use jiff::civil::date;
use jsonschema::Validator;
use ml_connector::hr::Employee;
use ml_connector::sandbox::bamboohr::{Columns, MoneyShape, Table};
use ml_connector::sandbox::faults::Faults;
use reqwest::{Client, Method};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::sync::OnceLock;

/// Where the sandbox keeps to recorded answers against the document: (operation, part of the message, source).
const DEVIATIONS: [(&str, &str, &str); 3] = [
    ("GET /api/v1/employees/changed", EMPTY_MAP, "PHP writes an empty map as an array, as in recorded answers"),
    ("GET /api/v1/employees/changed/tables/{table}", EMPTY_MAP, "the same"),
    ("webhook", r#"+0000" is not a "date-time""#, "BambooHR's page on event-based webhooks writes the offset so"),
];
const EMPTY_MAP: &str = r#"[] is not of type "object""#;

fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/contracts/bamboohr-openapi.yaml");
        serde_yaml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    })
}

/// The validator of an answer; `None` where the document describes no JSON body.
fn validator(method: &Method, template: &str, status: u16) -> Option<Validator> {
    let document = document();
    let operation = &document["paths"][template][method.as_str().to_lowercase()];
    assert!(operation.is_object(), "{method} {template} is not in the document");
    let response = &operation["responses"][status.to_string()];
    assert!(response.is_object(), "{method} {template} answers no {status} in the document");
    response["content"]["application/json"].get("schema").map(validator_of)
}

/// A validator of a schema of the document, with the document's own references.
fn validator_of(schema: &Value) -> Validator {
    let whole = json!({ "$ref": "#/answer", "answer": schema, "components": document()["components"] });
    jsonschema::options().should_validate_formats(true).build(&whole).unwrap()
}

/// What the document would say against `value`, but for the deviations of `operation`.
fn errors(validator: &Validator, operation: &str, value: &Value) -> Vec<String> {
    validator
        .iter_errors(value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .filter(|error| !DEVIATIONS.iter().any(|(of, part, _)| *of == operation && error.contains(part)))
        .collect()
}

/// Asks, and holds the answer against the document.
async fn check(company: &Company, method: Method, template: &str, path: &str, body: Option<Value>, status: u16) {
    let http = Client::builder().no_proxy().build().unwrap();
    let mut request = http
        .request(method.clone(), format!("{}{path}", company.sandbox.url()))
        .basic_auth(KEY, Some("x"))
        .header("Accept", "application/json");
    if let Some(body) = &body {
        request = request.header("Content-Type", "application/json").body(body.to_string());
    }
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), status, "{method} {path}");
    let text = answer.text().await.unwrap();
    let Some(validator) = validator(&method, template, status) else { return };
    let value: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{method} {path}: {error}: {text}"));
    let errors = errors(&validator, &format!("{method} {template}"), &value);
    assert!(errors.is_empty(), "{method} {path} is not as BambooHR's document says: {errors:#?}\n{text}");
}

#[tokio::test]
async fn reading_people_is_as_documented() {
    let company = Company::of(&meadow());
    company.sandbox.account().restrict("hireDate");
    company.sandbox.account().delete_person("103");
    let get = Method::GET;
    let list = "/api/v1/employees";
    check(&company, get.clone(), list, "/api/v1/employees?page[limit]=1", None, 200).await;
    let all_fields: Vec<&str> = document()["components"]["schemas"]["EmployeeOptionalField"]["enum"]
        .as_array()
        .unwrap()
        .iter()
        .map(|name| name.as_str().unwrap())
        .filter(|name| !matches!(*name, "genderIdentityId" | "overtimeRate" | "veteranStatusId"))
        .collect();
    check(&company, get.clone(), list, &format!("{list}?fields={}", all_fields.join(",")), None, 200).await;
    check(&company, get.clone(), list, "/api/v1/employees?page[limit]=9999", None, 400).await;
    check(&company, get.clone(), list, "/api/v1/employees?page[after]=x", None, 400).await;
    let one = "/api/v1/employees/{id}";
    check(&company, get.clone(), one, "/api/v1/employees/101?fields=firstName,payRate,status,18", None, 200).await;
    check(&company, get.clone(), one, "/api/v1/employees/0", None, 200).await;
    check(&company, get.clone(), one, "/api/v1/employees/999", None, 404).await;
    let changed = "/api/v1/employees/changed";
    check(&company, get.clone(), changed, "/api/v1/employees/changed?since=1970-01-01T00:00:00Z", None, 200).await;
    check(&company, get.clone(), changed, "/api/v1/employees/changed?since=2020-01-01T00:00:00Z", None, 200).await;
    check(&company, get, changed, "/api/v1/employees/changed?since=now", None, 400).await;
}

#[tokio::test]
async fn reading_rows_is_as_documented() {
    let company = Company::of(&meadow());
    let (table, changed) = ("/api/v1/employees/{id}/tables/{table}", "/api/v1/employees/changed/tables/{table}");
    for shape in [MoneyShape::Value, MoneyShape::Amount, MoneyShape::Text, MoneyShape::Bare, MoneyShape::Beside] {
        company.sandbox.account().write_money_as(shape);
        check(&company, Method::GET, table, "/api/v1/employees/all/tables/compensation", None, 200).await;
    }
    for name in ["jobInfo", "employmentStatus", "bonus"] {
        check(&company, Method::GET, table, &format!("/api/v1/employees/101/tables/{name}"), None, 200).await;
        let path = format!("/api/v1/employees/changed/tables/{name}?since=1970-01-01T00:00:00Z");
        check(&company, Method::GET, changed, &path, None, 200).await;
    }
    check(&company, Method::GET, table, "/api/v1/employees/all/tables/moon", None, 404).await;
}

#[tokio::test]
async fn hours_reports_and_metadata_are_as_documented() {
    let mut seed = meadow();
    let [bridge, watch] = ["Bridge", "Night watch"].map(|name| seed.texts.add(name));
    (seed.hours[0].project, seed.hours[0].task) = (bridge, watch);
    seed.hours[1].project = bridge;
    let company = Company::of(&seed);
    let hours = "/api/v1/time_tracking/timesheet_entries";
    check(&company, Method::GET, hours, &format!("{hours}?start=2013-11-01&end=2013-11-30"), None, 200).await;
    check(&company, Method::GET, hours, &format!("{hours}?start=2011-11-01&end=2013-11-30"), None, 400).await;
    let time_off = "/api/v1/time_off/requests";
    let november = format!("{time_off}?start=2013-11-01&end=2013-11-30&status=approved");
    check(&company, Method::GET, time_off, &november, None, 200).await;
    let (plans, enrolments) = ("/api/v1/benefit/company_benefit", "/api/v1/benefit/employee_benefit");
    company.sandbox.account().enrol("101", "Health", date(2013, 1, 1), Some((Decimal::new(12_550, 2), 26)));
    check(&company, Method::GET, plans, plans, None, 200).await;
    let of_health = json!({"filters": {"companyBenefitId": 1}});
    check(&company, Method::GET, enrolments, enrolments, Some(of_health), 200).await;
    check(&company, Method::GET, enrolments, enrolments, None, 400).await;
    let report = "/api/v1/reports/custom";
    let fields = json!({"title": "all", "fields": ["firstName", "hireDate", "payRate", "customUnion", "moon"]});
    check(&company, Method::POST, report, &format!("{report}?format=json"), Some(fields), 200).await;
    check(&company, Method::GET, "/api/v1/meta/fields", "/api/v1/meta/fields", None, 200).await;
    check(&company, Method::GET, "/api/v1/meta/tables", "/api/v1/meta/tables", None, 200).await;
}

#[tokio::test]
async fn changes_and_webhooks_are_as_documented() {
    let company = Company::of(&meadow());
    let add = "/api/v1_1/employees/{id}/tables/{table}";
    let raise = json!({"startDate": "2013-11-04", "type": "Salary", "rate": "81000.00", "paidPer": "Year"});
    check(&company, Method::POST, add, "/api/v1_1/employees/101/tables/compensation", Some(raise.clone()), 200).await;
    check(&company, Method::POST, add, "/api/v1_1/employees/9/tables/compensation", Some(raise), 404).await;
    let hooks = "/api/v1/webhooks";
    let wanted =
        json!({"name": "n", "url": "https://127.0.0.1:9/hook", "format": "json", "monitorFields": ["payRate"]});
    check(&company, Method::POST, hooks, hooks, Some(wanted), 201).await;
    check(&company, Method::POST, hooks, hooks, Some(json!({"name": "n"})), 400).await;
    check(&company, Method::GET, hooks, hooks, None, 200).await;
    check(&company, Method::GET, "/api/v1/webhooks/monitor_fields", "/api/v1/webhooks/monitor_fields", None, 200).await;
    company.sandbox.account().delete_person("102");
    company.sandbox.deliver_webhooks().await;
    let log = "/api/v1/webhooks/{id}/log";
    check(&company, Method::GET, log, "/api/v1/webhooks/1/log", None, 200).await;
    check(&company, Method::GET, log, "/api/v1/webhooks/7/log", None, 404).await;
    let one = "/api/v1/webhooks/{id}";
    check(&company, Method::GET, one, "/api/v1/webhooks/1", None, 200).await;
    check(&company, Method::GET, one, "/api/v1/webhooks/7", None, 404).await;
    check(&company, Method::DELETE, one, "/api/v1/webhooks/1", None, 200).await;
}

#[tokio::test]
async fn webhook_events_are_as_documented() {
    let company = Company::of(&meadow());
    let (server, received) = receiver(&Faults::default());
    set_up(&company, &server.url(), "json", &["employee.created", "employee.updated", "employee.deleted"]).await;
    {
        let mut account = company.sandbox.account();
        let id = account.text("104");
        account.add_person(Employee { id, ..Employee::default() });
        let columns = Columns::of(&[("date", "2013-11-04"), ("department", "Mill")]);
        account.add_row("104", Table::Job, &columns).unwrap();
        account.delete_person("104");
    }
    assert_eq!(company.sandbox.deliver_webhooks().await, 3);
    for ((_, body), event) in received.lock().unwrap().iter().zip(["created", "updated", "deleted"]) {
        let event = format!("employee.{event}");
        let value: Value = serde_json::from_slice(body).unwrap();
        assert_eq!(value["type"], *event);
        let described = &document()["webhooks"][&event]["post"]["requestBody"]["content"]["application/json"]["schema"];
        assert!(described.is_object(), "{event}");
        let errors = errors(&validator_of(described), "webhook", &value);
        assert!(errors.is_empty(), "{event}: {errors:#?}\n{value}");
    }
}

#[test]
fn the_document_is_the_one_its_readme_names() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/contracts");
    let document = std::fs::read(format!("{folder}/bamboohr-openapi.yaml")).unwrap();
    let readme = std::fs::read_to_string(format!("{folder}/README.md")).unwrap();
    assert!(readme.contains(&hex::encode(Sha256::digest(document))));
}

#[test]
fn the_checks_can_fail() {
    let list = validator(&Method::GET, "/api/v1/employees", 200).unwrap();
    let page = json!({"limit": 1, "nextCursor": null, "prevCursor": null});
    let record = json!({"employeeId": 5, "firstName": "Ada"});
    let value = json!({"data": [record], "meta": {"total": 1, "page": page}, "_links": {}});
    assert!(!errors(&list, "GET /api/v1/employees", &value).is_empty());
}
