//! What is answered to whom, and what is true when it is.

use super::{EVENT, KEY, Open, TIMESTAMP, limits, noon};
use futures_util::FutureExt;
use hmac::{Hmac, KeyInit, Mac};
use ml_connector::service::webhooks::{Counts, Limits};
use ml_connector::store::sqlite::SqliteStore;
use ml_connector::store::{DeliveryStore, Happened, Told, ToldChange};
use reqwest::{Client, RequestBuilder};
use sha2::Sha256;
use std::sync::atomic::Ordering;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const HOOK: &str = "/webhooks/bamboohr";
const FORM: &str = "application/x-www-form-urlencoded";

/// A signature made here, not by the code that verifies.
fn signed(key: &str, parts: &[&[u8]]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
    parts.iter().for_each(|part| mac.update(part));
    hex::encode(mac.finalize().into_bytes())
}

fn good(body: &str) -> String {
    signed(KEY, &[body.as_bytes(), TIMESTAMP.as_bytes()])
}

fn post(open: &Open, kind: &str, timestamp: &str, signature: &str, body: &str) -> RequestBuilder {
    let http = Client::builder().no_proxy().build().unwrap();
    http.post(open.url(HOOK))
        .header("Content-Type", kind)
        .header("X-BambooHR-Timestamp", timestamp)
        .header("X-BambooHR-Signature", signature)
        .body(body.to_owned())
}

async fn deliver(open: &Open, kind: &str, body: &str) -> u16 {
    post(open, kind, TIMESTAMP, &good(body), body).send().await.unwrap().status().as_u16()
}

fn woken(open: &Open) -> bool {
    open.wake.notified().now_or_never().is_some()
}

#[tokio::test]
async fn a_signed_delivery_is_durable_before_it_is_answered_and_wakes() {
    let open = Open::with(Limits::default()).await;
    open.store.passes.forget_permits(1000);
    let answered = tokio::spawn(post(&open, "application/json", TIMESTAMP, &good(EVENT), EVENT).send());
    open.store.entered.notified().await;
    assert!(!answered.is_finished() && !woken(&open), "nothing is said before it is kept");
    open.store.passes.add_permits(1);
    assert_eq!(answered.await.unwrap().unwrap().status(), 200);
    assert!(woken(&open));
    // Another process sees it: it is in the file.
    let again = SqliteStore::open(&open.folder.path().join("store.db")).unwrap();
    let waiting = again.waiting_deliveries().await.unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].received_at, noon());
    let fields = vec!["payRate".to_owned(), "department".to_owned()];
    let change = ToldChange { happened: Happened::Updated, employee_id: "101".to_owned(), fields };
    assert_eq!(waiting[0].told, Told::Changes(vec![change]));
    assert_eq!(open.listening.counts(), Counts { kept: 1, ..Counts::default() });
}

#[tokio::test]
async fn what_bamboohr_did_not_sign_stores_nothing_and_wakes_nobody() {
    let open = Open::with(Limits::default()).await;
    let changed = EVENT.replace("101", "102");
    let (body, stamp) = (EVENT.as_bytes(), TIMESTAMP.as_bytes());
    let forged = [
        (TIMESTAMP, "", EVENT),
        ("", &*good(EVENT), EVENT),
        (TIMESTAMP, "no hex at all", EVENT),
        (TIMESTAMP, &*signed("another key", &[body, stamp]), EVENT),
        (TIMESTAMP, &*good(EVENT), &*changed),
        ("1385985601", &*good(EVENT), EVENT),
        // Forms that circulate, and are not BambooHR's.
        (TIMESTAMP, &*signed(KEY, &[body]), EVENT),
        (TIMESTAMP, &*signed(KEY, &[stamp, b".", body]), EVENT),
        (TIMESTAMP, &*signed("", &[body, stamp]), EVENT),
        // The end of a signed body, sent as the timestamp.
        ("}1385985600", &*good(EVENT), &EVENT[..EVENT.len() - 1]),
    ];
    for (timestamp, signature, body) in forged {
        let answer = post(&open, "application/json", timestamp, signature, body).send().await.unwrap();
        assert_eq!(answer.status(), 401, "{timestamp} {signature}");
        assert_eq!(answer.text().await.unwrap(), "");
    }
    let bare = Client::builder().no_proxy().build().unwrap().post(open.url(HOOK)).body(EVENT);
    assert_eq!(bare.send().await.unwrap().status(), 401);
    assert!(open.waiting().await.is_empty() && !woken(&open));
    assert_eq!(open.listening.counts(), Counts { refused: 11, ..Counts::default() });
}

#[tokio::test]
async fn the_same_delivery_twice_waits_once_and_again_when_it_was_handled() {
    let open = Open::with(Limits::default()).await;
    assert_eq!(deliver(&open, "application/json", EVENT).await, 200);
    // BambooHR may sign a repetition anew.
    let later = signed(KEY, &[EVENT.as_bytes(), b"1385985900"]);
    let again = post(&open, "application/json", "1385985900", &later, EVENT).send().await.unwrap();
    assert_eq!(again.status(), 200);
    let waiting = open.waiting().await;
    assert_eq!(waiting.len(), 1);
    assert_eq!(open.listening.counts(), Counts { kept: 1, repeated: 1, ..Counts::default() });
    assert_eq!(open.store.deliveries_handled(waiting[0].number, noon()).await.unwrap(), 1);
    assert!(open.waiting().await.is_empty());
    assert_eq!(deliver(&open, "application/json", EVENT).await, 200);
    assert!(open.waiting().await[0].number > waiting[0].number);
}

#[tokio::test]
async fn a_store_that_fails_is_answered_503_so_that_bamboohr_repeats() {
    let open = Open::with(Limits::default()).await;
    open.store.is_broken.store(true, Ordering::Release);
    assert_eq!(deliver(&open, "application/json", EVENT).await, 503);
    assert!(!woken(&open));
    open.store.is_broken.store(false, Ordering::Release);
    assert_eq!(deliver(&open, "application/json", EVENT).await, 200);
    assert!(woken(&open));
    assert_eq!(open.listening.counts(), Counts { kept: 1, not_kept: 1, ..Counts::default() });
}

#[tokio::test]
async fn a_signed_body_that_nobody_can_read_is_a_change_of_somebody() {
    let open = Open::with(Limits::default()).await;
    for body in ["<html>", r#"{"type":"employee.updated","data":{}}"#, ""] {
        assert_eq!(deliver(&open, "application/json", body).await, 200, "{body}");
        assert!(woken(&open));
    }
    let company = r#"{"type":"company.updated","data":{"companyId":"1"}}"#;
    assert_eq!(deliver(&open, "application/json", company).await, 200);
    let told: Vec<Told> = open.waiting().await.into_iter().map(|waiting| waiting.told).collect();
    assert_eq!(told, [Told::Something, Told::Something, Told::Something, Told::Changes(Vec::new())]);
    assert_eq!(open.listening.counts(), Counts { kept: 4, unreadable: 3, ..Counts::default() });
}

/// Webhooks that somebody set up with fields bring values: pay among them.
#[tokio::test]
async fn values_are_dropped_before_anything_is_written() {
    let open = Open::with(Limits::default()).await;
    let json = r#"{"employees":[{"id":"7","action":"Updated","changedFields":["Pay rate"],"fields":{"Pay rate":"98765.43 USD"}}]}"#;
    let form = "employees%5B8%5D%5BchangedFields%5D%5B0%5D=Pay+rate&employees%5B8%5D%5BPay+rate%5D=98765.43";
    assert_eq!(deliver(&open, "application/json", json).await, 200);
    assert_eq!(deliver(&open, FORM, form).await, 200);
    let ids: Vec<String> = open
        .waiting()
        .await
        .into_iter()
        .map(|waiting| match waiting.told {
            Told::Changes(changes) => format!("{} {}", changes[0].employee_id, changes[0].fields.join(" ")),
            Told::Something => "unreadable".to_owned(),
        })
        .collect();
    assert_eq!(ids, ["7 Pay rate", "8 Pay rate"]);
    for file in std::fs::read_dir(open.folder.path()).unwrap().map(Result::unwrap) {
        let bytes = std::fs::read(file.path()).unwrap();
        for canary in ["98765", KEY] {
            assert!(!bytes.windows(canary.len()).any(|part| part == canary.as_bytes()), "{canary} is in {file:?}");
        }
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_however_it_comes() {
    let open = Open::with(limits()).await;
    let large = "x".repeat(5 << 10);
    assert_eq!(deliver(&open, "application/json", &large).await, 413);
    let mut line = TcpStream::connect(open.listening.address()).await.unwrap();
    let head = format!(
        "POST {HOOK} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nX-BambooHR-Timestamp: {TIMESTAMP}\r\n\
         X-BambooHR-Signature: {}\r\n\r\n1400\r\n{large}\r\n",
        good(&large)
    );
    line.write_all(head.as_bytes()).await.unwrap();
    assert!(rest(line).await.starts_with("HTTP/1.1 413"));
    assert!(open.waiting().await.is_empty());
    assert_eq!(open.listening.counts(), Counts { broken: 2, ..Counts::default() });
}

/// What is still sent until the other side closes.
async fn rest(mut line: TcpStream) -> String {
    let mut bytes = Vec::new();
    // A line that is cut has said what it said.
    let _ = line.read_to_end(&mut bytes).await;
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A 4xx would lose it for good, so who is slow is asked to come again.
#[tokio::test]
async fn a_slow_or_cut_delivery_is_not_refused_for_good() {
    let open = Open::with(limits()).await;
    let head = format!(
        "POST {HOOK} HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\nX-BambooHR-Timestamp: {TIMESTAMP}\r\n\
         X-BambooHR-Signature: {}\r\n\r\n{}",
        EVENT.len(),
        good(EVENT),
        &EVENT[..EVENT.len() / 2]
    );
    let mut slow = TcpStream::connect(open.listening.address()).await.unwrap();
    slow.write_all(head.as_bytes()).await.unwrap();
    assert!(rest(slow).await.starts_with("HTTP/1.1 503"));
    let mut cut = TcpStream::connect(open.listening.address()).await.unwrap();
    cut.write_all(head.as_bytes()).await.unwrap();
    cut.shutdown().await.unwrap();
    let said = rest(cut).await;
    assert!(said.is_empty() || said.starts_with("HTTP/1.1 503"), "{said}");
    assert!(open.waiting().await.is_empty() && !woken(&open));
}

/// Two are in and say nothing; their time ends, and the third one's turn comes.
#[tokio::test]
async fn who_holds_the_line_does_not_keep_others_out() {
    let open = Open::with(limits()).await;
    let mut silent = Vec::new();
    for beginning in ["", "POST /webhooks/bamboohr HTTP/1.1\r\nHost: x\r\nX-Some"] {
        let mut line = TcpStream::connect(open.listening.address()).await.unwrap();
        line.write_all(beginning.as_bytes()).await.unwrap();
        silent.push(line);
    }
    assert_eq!(deliver(&open, "application/json", EVENT).await, 200);
    for line in silent {
        assert!(!rest(line).await.contains(" 200 "));
    }
}

#[tokio::test]
async fn every_other_address_and_method_is_refused_and_health_says_nothing() {
    let open = Open::with(Limits::default()).await;
    let http = Client::builder().no_proxy().build().unwrap();
    for (method, path, status) in [
        ("GET", HOOK, 405),
        ("PUT", HOOK, 405),
        ("POST", "/health", 405),
        ("POST", "/", 404),
        ("GET", "/../store.db", 404),
    ] {
        let request = http.request(method.parse().unwrap(), open.url(path));
        assert_eq!(request.send().await.unwrap().status(), status, "{method} {path}");
    }
    let health = http.get(open.url("/health")).send().await.unwrap();
    assert_eq!((health.status().as_u16(), health.text().await.unwrap().trim()), (200, r#"{"status":"ok"}"#));
}

#[tokio::test]
async fn who_is_in_gets_an_answer_when_it_stops_and_the_port_is_free_again() {
    let open = Open::with(Limits::default()).await;
    open.store.passes.forget_permits(1000);
    let answered = tokio::spawn(post(&open, "application/json", TIMESTAMP, &good(EVENT), EVENT).send());
    open.store.entered.notified().await;
    let (address, store) = (open.listening.address(), open.store);
    let stopped = tokio::spawn(open.listening.stop());
    store.passes.add_permits(1);
    assert_eq!(answered.await.unwrap().unwrap().status(), 200);
    stopped.await.unwrap();
    assert!(TcpStream::connect(address).await.is_err());
    tokio::net::TcpListener::bind(address).await.unwrap();
}
