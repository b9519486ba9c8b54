//! The sandbox itself: it changes, refuses and delivers as BambooHR does.

use super::company::{Company, KEY, jobs, meadow, pays};
use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use ml_connector::bamboohr::delivery::{What, parse, verify};
use ml_connector::sandbox::bamboohr::{Columns, Table};
use ml_connector::sandbox::faults::{Fault, Faults};
use ml_connector::sandbox::server::Server;
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;

fn request(company: &Company, method: Method, path: &str) -> RequestBuilder {
    let http = Client::builder().no_proxy().build().unwrap();
    let url = format!("{}{path}", company.sandbox.url());
    http.request(method, url).basic_auth(KEY, Some("x")).header("Accept", "application/json")
}

async fn get(company: &Company, path: &str) -> Response {
    request(company, Method::GET, path).send().await.unwrap()
}

async fn post_json(company: &Company, path: &str, body: &Value) -> Response {
    request(company, Method::POST, path).json(body).send().await.unwrap()
}

#[tokio::test]
async fn a_back_dated_raise_arrives_by_http() {
    let company = Company::of(&meadow());
    company.clock.advance(Duration::from_secs(3600));
    let raise = json!({"startDate": "2013-11-04", "type": "Salary", "rate": "81000.00", "paidPer": "Year"});
    let answer = post_json(&company, "/api/v1_1/employees/101/tables/compensation", &raise).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.text().await.unwrap(), "");
    assert!(pays(&company.read_all().await).contains(&"9 2013-11-04 Salary 81000.00 USD Year".to_owned()));
    let changed = company.client.changed_since("2013-12-02T08:30:00Z").await.unwrap();
    assert_eq!(changed.people, [("101".to_owned(), false)]);
}

#[tokio::test]
async fn a_change_shows_while_the_clock_stands() {
    let company = Company::of(&meadow());
    let before = company.client.changed_since("2013-12-02T08:00:00Z").await.unwrap();
    assert!(before.people.is_empty(), "{before:?}");
    let fix = json!({"department": "Orchard"});
    assert_eq!(post_json(&company, "/api/v1/employees/101/tables/jobInfo/2", &fix).await.status(), 200);
    let after = company.client.changed_since(&before.latest).await.unwrap();
    assert_eq!(after.people, [("101".to_owned(), false)]);
}

#[tokio::test]
async fn the_links_of_a_page_lead_through_the_list_and_back() {
    let company = Company::of(&meadow());
    let http = Client::builder().no_proxy().build().unwrap();
    let follow = |url: String| {
        let request = http.get(url).basic_auth(KEY, Some("x")).header("Accept", "application/json");
        async move { request.send().await.unwrap().json::<Value>().await.unwrap() }
    };
    let link = |page: &Value, name: &str| page["_links"][name]["href"].as_str().unwrap().to_owned();
    let first = follow(format!("{}/api/v1/employees?page[limit]=2&sort=-firstName", company.sandbox.url())).await;
    assert_eq!(first["data"][0]["firstName"], "Cleo");
    let second = follow(link(&first, "next")).await;
    assert_eq!(second["data"][0]["firstName"], "Ada");
    assert!(second["_links"].get("next").is_none());
    assert_eq!(follow(link(&second, "prev")).await["data"], first["data"]);
}

#[tokio::test]
async fn people_are_filtered_as_documented() {
    let company = Company::of(&meadow());
    for (filter, found) in [
        ("filter[ids]=101,103", 2),
        ("filter[ids][]=101&filter[ids][]=999", 1),
        ("filter[status]=active", 3),
        ("filter[status]=inactive", 0),
        ("filter[firstName]=e", 2),
        ("filter[hireDate]=2012-07-16", 1),
        ("filter[firstName]=b&filter[departmentName]=mill", 1),
    ] {
        let page: Value = get(&company, &format!("/api/v1/employees?{filter}")).await.json().await.unwrap();
        assert_eq!(page["meta"]["total"], found, "{filter}");
    }
    // Who cannot be seen in a filtered field is not there at all.
    company.sandbox.account().restrict("hireDate");
    let page: Value = get(&company, "/api/v1/employees?filter[hireDate]=2012-07-16").await.json().await.unwrap();
    assert_eq!(page["meta"]["total"], 0);
}

#[tokio::test]
async fn rows_are_corrected_and_deleted() {
    let company = Company::of(&meadow());
    let fix = json!({"department": "orchard"});
    let answer = post_json(&company, "/api/v1/employees/101/tables/jobInfo/2", &fix).await;
    assert_eq!(answer.status(), 200);
    let answer = request(&company, Method::DELETE, "/api/v1/employees/102/tables/jobInfo/3").send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(jobs(&company.read_all().await), ["101 2010-03-01 Orchard Oregon", "101 2013-11-11 Orchard Oregon"]);
}

#[tokio::test]
async fn a_row_that_bamboohr_would_refuse_is_refused() {
    let company = Company::of(&meadow());
    let before = pays(&company.read_all().await);
    let pay = |name: &str, value: Value| {
        let mut row = json!({"startDate": "2013-11-04", "type": "Salary", "rate": "5", "paidPer": "Year"});
        row[name] = value;
        row
    };
    for (path, row, status) in [
        ("101/tables/compensation", pay("rate", json!("lots")), 406),
        ("101/tables/compensation", pay("rate", json!("-5")), 406),
        ("101/tables/compensation", pay("startDate", json!("2013-02-30")), 406),
        ("101/tables/compensation", pay("type", json!("Tips")), 406),
        ("101/tables/compensation", pay("paidPer", json!("Fortnight")), 406),
        ("101/tables/compensation", pay("bonus", json!("1")), 406),
        ("101/tables/compensation", pay("startDate", json!("")), 406),
        ("101/tables/compensation", json!({"startDate": "2013-11-04", "type": "Salary", "rate": "5"}), 400),
        ("101/tables/compensation", json!({"type": "Salary", "rate": "5", "paidPer": "Year"}), 400),
        ("101/tables/compensation", json!([1]), 400),
        ("101/tables/jobInfo", json!({"date": "2013-11-04", "department": "Moon"}), 406),
        ("999/tables/compensation", pay("rate", json!("5")), 404),
        ("101/tables/nothing", pay("rate", json!("5")), 404),
        ("101/tables/compensation/999", json!({"rate": "5"}), 404),
    ] {
        let answer = post_json(&company, &format!("/api/v1/employees/{path}"), &row).await;
        assert_eq!(answer.status(), status, "{path} {row}");
        assert!(answer.headers().contains_key("x-bamboohr-error-message"), "{path}");
    }
    assert_eq!(pays(&company.read_all().await), before);
}

#[tokio::test]
async fn questions_that_bamboohr_would_refuse_are_refused() {
    let company = Company::of(&meadow());
    let many_fields = vec!["firstName"; 401].join(",");
    for (path, status) in [
        ("/api/v1/employees?page[limit]=2501".to_owned(), 400),
        ("/api/v1/employees?page[limit]=0".to_owned(), 400),
        ("/api/v1/employees?page[after]=YQ==&page[before]=YQ==".to_owned(), 400),
        ("/api/v1/employees?page[after]=nonsense".to_owned(), 400),
        ("/api/v1/employees?sort=shoeSize".to_owned(), 400),
        ("/api/v1/employees?filter[status]=Active".to_owned(), 400),
        ("/api/v1/employees?filter[payRate]=5".to_owned(), 422),
        ("/api/v1/employees?filter[moon]=5".to_owned(), 422),
        (format!("/api/v1/employees/101?fields={many_fields}"), 400),
        ("/api/v1/employees/999".to_owned(), 404),
        ("/api/v1/employees/changed".to_owned(), 400),
        ("/api/v1/employees/changed?since=2013-12-01".to_owned(), 400),
        ("/api/v1/employees/changed?since=2013-12-01T00:00:00+01:00".to_owned(), 400),
        ("/api/v1/employees/changed?since=2013-12-01T00:00:00Z&type=moved".to_owned(), 400),
        ("/api/v1/employees/changed/tables/moon?since=2013-12-01T00:00:00Z".to_owned(), 404),
        ("/api/v1/employees/all/tables/moon".to_owned(), 404),
        ("/api/v1/employees/999/tables/jobInfo".to_owned(), 404),
        ("/api/v1/time_tracking/timesheet_entries?start=2013-11-01".to_owned(), 400),
        ("/api/v1/time_tracking/timesheet_entries?start=2012-12-01&end=2013-11-30".to_owned(), 400),
        ("/api/v1/time_tracking/timesheet_entries?start=2013-11-30&end=2013-11-01".to_owned(), 400),
        ("/api/v1/time_tracking/timesheet_entries?start=2013-11-01&end=2013-12-24".to_owned(), 400),
        ("/api/v1/time_tracking/timesheet_entries?start=2013-11-01&end=2013-11-30&employeeIds=a".to_owned(), 400),
        ("/api/v1/nothing".to_owned(), 404),
    ] {
        assert_eq!(get(&company, &path).await.status(), status, "{path}");
    }
}

#[tokio::test]
async fn who_does_not_ask_for_json_gets_xml() {
    let company = Company::of(&meadow());
    let url = format!("{}/api/v1/employees/all/tables/jobInfo", company.sandbox.url());
    let answer = Client::new().get(url).basic_auth(KEY, Some("x")).send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "application/xml");
    assert!(answer.text().await.unwrap().starts_with("<?xml"));
}

#[tokio::test]
async fn a_stranger_is_refused_as_recorded() {
    let company = Company::of(&meadow());
    let answer = Client::new().get(format!("{}/api/v1/meta/fields", company.sandbox.url())).send().await.unwrap();
    assert_eq!(answer.status(), 401);
    assert_eq!(answer.headers()["x-bamboohr-error-message"], "API key not provided or invalid");
    assert!(answer.headers()["www-authenticate"].to_str().unwrap().starts_with("Basic realm="));
    assert_eq!(answer.text().await.unwrap(), "");
}

#[tokio::test]
async fn a_report_needs_its_exact_content_type() {
    let company = Company::of(&meadow());
    let body = r#"{"fields":["firstName","-38","moon"]}"#;
    let send = |kind: &str| {
        let request = request(&company, Method::POST, "/api/v1/reports/custom?format=JSON");
        request.header("Content-Type", kind.to_owned()).body(body).send()
    };
    assert_eq!(send("application/json; charset=utf-8").await.unwrap().status(), 400);
    let report: Value = send("application/json").await.unwrap().json().await.unwrap();
    assert_eq!(report["fields"].as_array().unwrap().len(), 2);
    assert_eq!(report["employees"][0]["-38.0"], "0000-00-00");
    let plain = request(&company, Method::POST, "/api/v1/reports/custom?format=bogus").body(body).send().await.unwrap();
    assert_eq!(plain.status(), 404);
}

#[tokio::test]
async fn a_report_is_filtered_by_ids_and_by_the_last_change() {
    let company = Company::of(&meadow());
    company.sandbox.account().change_row("102", Table::Job, "3", &Columns::of(&[("department", "Orchard")])).unwrap();
    for (filters, found) in [
        (json!({"employeeIds": [101, 103]}), vec!["101", "103"]),
        (json!({"lastChanged": {"value": "2013-12-02T08:00:00Z", "includeNull": "no"}}), vec!["102"]),
        (json!({"employeeIds": [101], "lastChanged": {"value": "2013-12-02T08:00:00Z"}}), vec![]),
    ] {
        let body = json!({"fields": ["firstName"], "filters": filters}).to_string();
        let request = request(&company, Method::POST, "/api/v1/reports/custom?format=json");
        let answer = request.header("Content-Type", "application/json").body(body).send().await.unwrap();
        let report: Value = answer.json().await.unwrap();
        let ids: Vec<&str> =
            report["employees"].as_array().unwrap().iter().map(|person| person["id"].as_str().unwrap()).collect();
        assert_eq!(ids, found, "{filters}");
    }
}

#[tokio::test]
async fn a_move_that_is_still_to_come_shows_only_to_who_asks_for_it() {
    let company = Company::of(&meadow());
    let planned = json!({"date": "2014-01-01", "department": "Orchard", "location": "Idaho"});
    assert_eq!(post_json(&company, "/api/v1/employees/102/tables/jobInfo", &planned).await.status(), 200);
    for (query, department) in [("", "Mill"), ("&onlyCurrent=true", "Mill"), ("&onlyCurrent=false", "Orchard")] {
        let person = get(&company, &format!("/api/v1/employees/102?fields=department{query}")).await;
        assert_eq!(person.json::<Value>().await.unwrap()["department"], department, "{query}");
    }
}

#[tokio::test]
async fn a_token_lives_an_hour_and_is_renewed() {
    let company = Company::of(&meadow());
    let http = Client::new();
    let token = |grant: String| {
        let url = format!("{}/token.php?request=token", company.sandbox.url());
        let form = format!("client_id=ml-connector&client_secret={KEY}&{grant}");
        http.post(url).header("Content-Type", "application/x-www-form-urlencoded").body(form).send()
    };
    let ask = |token: &Value| {
        let url = format!("{}/api/v1/meta/fields", company.sandbox.url());
        http.get(url).bearer_auth(token["access_token"].as_str().unwrap()).header("Accept", "application/json").send()
    };
    let first: Value =
        token("grant_type=authorization_code&code=sandbox-code".into()).await.unwrap().json().await.unwrap();
    assert_eq!(first["expires_in"], 3600);
    assert_eq!(ask(&first).await.unwrap().status(), 200);
    company.clock.advance(Duration::from_secs(3600));
    assert_eq!(ask(&first).await.unwrap().status(), 401);
    let refresh = format!("grant_type=refresh_token&refresh_token={}", first["refresh_token"].as_str().unwrap());
    let second: Value = token(refresh).await.unwrap().json().await.unwrap();
    assert!(second.get("refresh_token").is_none());
    assert_eq!(ask(&second).await.unwrap().status(), 200);
    let again = token("grant_type=authorization_code&code=sandbox-code".into()).await.unwrap();
    assert_eq!(again.status(), 400);
}

pub type Received = Arc<Mutex<Vec<(HeaderMap, Bytes)>>>;

/// A customer's address that remembers what it was sent.
pub fn receiver(faults: &Faults) -> (Server, Received) {
    let received = Received::default();
    let kept = Arc::clone(&received);
    let take = move |headers: HeaderMap, body: Bytes| async move {
        kept.lock().unwrap().push((headers, body));
        StatusCode::OK
    };
    (Server::start(Router::new().route("/hook", post(take)), faults).unwrap(), received)
}

pub async fn set_up(company: &Company, url: &str, format: &str, events: &[&str]) -> Value {
    let wanted = json!({
        "name": "pay", "url": format!("{url}/hook"), "format": format, "events": events,
        "monitorFields": ["payRate", "department"], "includeCompanyDomain": true,
    });
    let answer = post_json(company, "/api/v1/webhooks", &wanted).await;
    assert_eq!(answer.status(), 201);
    answer.json().await.unwrap()
}

#[tokio::test]
async fn a_change_is_delivered_with_a_signature_that_verifies() {
    for (format, kind) in [("json", "application/json"), ("form-encoded", "application/x-www-form-urlencoded")] {
        let company = Company::of(&meadow());
        let (server, received) = receiver(&Faults::default());
        let webhook = set_up(&company, &server.url(), format, &["employee.updated", "employee.deleted"]).await;
        let key = webhook["privateKey"].as_str().unwrap();
        assert_eq!(key.len(), 32);
        {
            let mut account = company.sandbox.account();
            let columns = Columns::of(&[
                ("startDate", "2013-11-04"),
                ("type", "Salary"),
                ("rate", "81000 USD"),
                ("paidPer", "Year"),
            ]);
            account.add_row("101", Table::Compensation, &columns).unwrap();
            account.delete_person("102");
        }
        assert_eq!(company.sandbox.deliver_webhooks().await, 2);
        let received = received.lock().unwrap();
        let (headers, body) = &received[0];
        let header = |name: &str| headers[name].to_str().unwrap();
        assert!(verify(key, header("x-bamboohr-timestamp"), body, header("x-bamboohr-signature")));
        assert!(!verify("another", header("x-bamboohr-timestamp"), body, header("x-bamboohr-signature")));
        assert_eq!(header("company-domain"), "meadow");
        let event = &parse(kind, body).unwrap()[0];
        assert_eq!((event.what, event.employee_id.as_str()), (What::Updated, "101"));
        assert_eq!(event.changed_fields, ["payRate"]);
        assert_eq!(parse(kind, &received[1].1).unwrap()[0].what, What::Deleted);
    }
}

#[tokio::test]
async fn a_raise_that_is_still_to_come_is_not_delivered() {
    let company = Company::of(&meadow());
    let (server, _received) = receiver(&Faults::default());
    set_up(&company, &server.url(), "json", &["employee.updated"]).await;
    let raise = json!({"startDate": "2014-01-01", "type": "Salary", "rate": "81000", "paidPer": "Year"});
    assert_eq!(post_json(&company, "/api/v1_1/employees/101/tables/compensation", &raise).await.status(), 200);
    assert_eq!(company.sandbox.deliver_webhooks().await, 0);
}

#[tokio::test]
async fn a_delivery_is_repeated_after_a_5xx_and_given_up_after_a_4xx() {
    let company = Company::of(&meadow());
    let faults = Faults::default();
    let (server, received) = receiver(&faults);
    set_up(&company, &server.url(), "json", &["employee.deleted"]).await;
    faults.next("/hook", Fault::status(503));
    company.sandbox.account().delete_person("101");
    assert_eq!(company.sandbox.deliver_webhooks().await, 1);
    assert_eq!(company.sandbox.deliver_webhooks().await, 0);
    company.clock.advance(Duration::from_secs(300));
    assert_eq!(company.sandbox.deliver_webhooks().await, 1);
    assert_eq!(received.lock().unwrap().len(), 1);
    faults.next("/hook", Fault::status(410));
    company.sandbox.account().delete_person("102");
    company.sandbox.deliver_webhooks().await;
    company.clock.advance(Duration::from_secs(86_400));
    assert_eq!(company.sandbox.deliver_webhooks().await, 0);
}

#[tokio::test]
async fn a_webhook_that_bamboohr_would_refuse_is_refused_with_every_reason() {
    let company = Company::of(&meadow());
    let answer = post_json(&company, "/api/v1/webhooks", &json!({"url": "http://meadow.example/hook"})).await;
    assert_eq!(answer.status(), 400);
    let issues = answer.json::<Value>().await.unwrap()["errors"][0]["issues"].as_array().unwrap().len();
    assert_eq!(issues, 4);
    let mixed = json!({"name": "n", "url": "https://meadow.example", "format": "json",
        "events": ["employee.created", "employee_with_fields.created"]});
    assert_eq!(post_json(&company, "/api/v1/webhooks", &mixed).await.status(), 400);
}

#[tokio::test]
async fn a_webhook_is_listed_without_its_key_and_ends_when_deleted() {
    let company = Company::of(&meadow());
    let (server, _received) = receiver(&Faults::default());
    let webhook = set_up(&company, &server.url(), "json", &["employee.deleted"]).await;
    let path = format!("/api/v1/webhooks/{}", webhook["id"].as_str().unwrap());
    assert!(get(&company, &path).await.json::<Value>().await.unwrap().get("privateKey").is_none());
    assert_eq!(request(&company, Method::DELETE, &path).send().await.unwrap().status(), 200);
    assert_eq!(get(&company, &path).await.status(), 404);
    company.sandbox.account().delete_person("101");
    assert_eq!(company.sandbox.deliver_webhooks().await, 0);
}
