//! The sandbox itself: its door, and requests that our client never makes.

use super::site::*;
use ml_connector::gp::{Delivery, GpError};

use ml_connector::plan::facts::GpState;

#[tokio::test]
async fn a_person_at_the_sandboxs_door_does_what_gps_windows_do() {
    let site = site();
    assert_eq!(site.gp.create_journal(80_000_001, &entry()).await, Delivery::Sent);
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let knock = async |what: &str, body: &str, password: &str| {
        let url = format!("{}/sandbox/{what}", site.sandbox.url());
        let answer = http.post(url).basic_auth("CORP\\connector", Some(password)).body(body.to_owned()).send().await;
        answer.unwrap().status().as_u16()
    };
    assert_eq!(knock("close-period", r#"{"date":"2013-11-30"}"#, "wrong").await, 401);
    assert_eq!(knock("close-period", r#"{"date":"2013-11-30"}"#, PASSWORD).await, 200);
    assert_eq!(numbers(&site.gp.create_journal(80_000_002, &entry()).await), [7117]);
    assert_eq!(knock("post-batch", r#"{"batch":"PAY2013-11"}"#, PASSWORD).await, 200);
    assert_eq!(site.gp.journal(80_000_001, NOVEMBER_30).await.unwrap().unwrap().state, GpState::Posted);
    assert_eq!(knock("post-batch", r#"{"batch":"NONE"}"#, PASSWORD).await, 404);
    assert_eq!(knock("close-period", r#"{"date":"yesterday"}"#, PASSWORD).await, 400);
    assert_eq!(knock("burn", "{}", PASSWORD).await, 400);
    let fault = r#"{"place":"GET /GPService","fault":"answer","status":503,"times":4}"#;
    assert_eq!(knock("fault", fault, PASSWORD).await, 200);
    assert!(matches!(site.gp.all_accounts().await, Err(GpError::Unavailable { .. })));
    let url = format!("{}/sandbox/journals", site.sandbox.url());
    let shown = http.get(url).basic_auth("CORP\\connector", Some(PASSWORD)).send().await.unwrap().text().await.unwrap();
    assert!(shown.contains(r#""debit":"1234567.89""#), "{shown}");
}

#[tokio::test]
async fn the_service_reads_only_what_it_knows() {
    let site = site();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let send = async |body: &str, kind: &str| {
        let url = format!("{}{}", site.sandbox.url(), JOURNALS.replace(' ', "%20"));
        let request = http.post(url).basic_auth("CORP\\connector", Some(PASSWORD)).header("Content-Type", kind);
        let answer = request.body(body.to_owned()).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    assert_eq!(send("{}", "text/plain").await.0, 415);
    let (status, text) = send(r#"{"JournalId":1}"#, "application/json").await;
    assert!(status == 400 && text.contains("Payload"), "{text}");
    let (status, text) = send(r#"{"Payload":{"Surprise":1}}"#, "application/json").await;
    assert!(status == 400 && text.contains("Surprise"), "{text}");
    // An offset moves the day's midnight: GP's column takes no time.
    let body = r#"{"Payload":{"JournalId":100000000,"TransactionDate":"2013-11-30T05:00:00","BatchId":"x","Reference":"r","Lines":[{"SequenceNumber":-1,"AccountNumber":"","DebitAmount":"0.005"}]}}"#;
    let (status, text) = send(body, "application/json").await;
    let numbers: Vec<&str> = text.split("\"Number\":").skip(1).filter_map(|rest| rest.split(',').next()).collect();
    assert_eq!((status, numbers), (400, vec!["680", "9368", "683", "5618", "9367", "486", "9276", "944"]), "{text}");
}
