//! Every answer of the sandbox against BambooHR's published OpenAPI document.

use super::company::{Company, KEY, meadow};
use jsonschema::Validator;
use ml_connector::sandbox::bamboohr::MoneyShape;
use reqwest::{Client, Method};
use serde_json::{Value, json};
use std::sync::OnceLock;
use std::time::Duration;

/// Where the sandbox keeps to recorded answers against the document: (operation, part of the message, source).
const DEVIATIONS: [(&str, &str, &str); 1] = [(
    "GET /api/v1/employees/changed",
    "[] is not of type \"object\"",
    "PHP writes an empty map as an array (seen in recorded answers of several endpoints)",
)];

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
    let schema = response["content"]["application/json"].get("schema")?;
    let whole = json!({ "$ref": "#/answer", "answer": schema, "components": document["components"] });
    Some(jsonschema::options().should_validate_formats(true).build(&whole).unwrap())
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
    let operation = format!("{method} {template}");
    let errors: Vec<String> = validator
        .iter_errors(&value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .filter(|error| !DEVIATIONS.iter().any(|(of, part, _)| *of == operation && error.contains(part)))
        .collect();
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
    let company = Company::of(&meadow());
    let hours = "/api/v1/time_tracking/timesheet_entries";
    check(&company, Method::GET, hours, &format!("{hours}?start=2013-11-01&end=2013-11-30"), None, 200).await;
    check(&company, Method::GET, hours, &format!("{hours}?start=2011-11-01&end=2013-11-30"), None, 400).await;
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
    let wanted = json!({"name": "n", "url": "https://meadow.example", "format": "json", "monitorFields": ["payRate"]});
    check(&company, Method::POST, hooks, hooks, Some(wanted), 201).await;
    check(&company, Method::POST, hooks, hooks, Some(json!({"name": "n"})), 400).await;
    check(&company, Method::GET, hooks, hooks, None, 200).await;
    let one = "/api/v1/webhooks/{id}";
    check(&company, Method::GET, one, "/api/v1/webhooks/1", None, 200).await;
    check(&company, Method::GET, one, "/api/v1/webhooks/7", None, 404).await;
    check(&company, Method::DELETE, one, "/api/v1/webhooks/1", None, 200).await;
}

#[tokio::test]
async fn webhook_events_are_as_documented() {
    let company = Company::of(&meadow());
    company.clock.advance(Duration::from_secs(1));
    let described = document()["webhooks"].as_object().unwrap();
    for event in ["employee.created", "employee.updated", "employee.deleted"] {
        assert!(
            described.keys().any(|name| name.contains(&event.replace('.', "-")) || name.contains(event)),
            "{event}"
        );
    }
}
