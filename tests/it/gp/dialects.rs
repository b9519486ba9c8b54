//! Sites that call things otherwise: the same client, another dialect.

use super::site::*;
use axum::Router;
use axum::body::Bytes;
use axum::http::{Method, StatusCode, Uri};
use ml_connector::clock::Clock as _;
use ml_connector::gp::dialect::schema;
use ml_connector::gp::dialect::shipped::SHIPPED;
use ml_connector::gp::{Delivery, GpError};
use ml_connector::ledger::{AccountNumber, RecordKind};
use ml_connector::plan::facts::GpState;
use ml_connector::sandbox::faults::Faults;
use ml_connector::sandbox::server::Server;
use std::collections::BTreeSet;
use std::path::Path;

/// A site that answers with what a function says, to check a form of answer that the sandbox does not give.
struct Scripted {
    server: Server,
    faults: Faults,
}

type Script = fn(method: &Method, path: &str, body: &str) -> (u16, String);

fn scripted(script: Script) -> Scripted {
    let faults = Faults::default();
    let answer = async move |method: Method, uri: Uri, body: Bytes| {
        let path = uri.path_and_query().map(ToString::to_string).unwrap_or_default();
        let path = path.split_once("/Dynamics").map_or("", |(_, rest)| rest).to_owned();
        let (status, text) = script(&method, &path, std::str::from_utf8(&body).unwrap());
        (StatusCode::from_u16(status).unwrap(), [("content-type", "application/json")], text)
    };
    let server = Server::start(Router::new().fallback(answer), &faults).unwrap();
    Scripted { server, faults }
}

fn changed(changes: &[(&str, &str)]) -> String {
    changes.iter().fold(SHIPPED.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    })
}

const PAGING: &str = "paging: { style: none }";

fn page(path: &str) -> (u16, String) {
    let number: u32 = path.split("page=").nth(1).unwrap().split('&').next().unwrap().parse().unwrap();
    assert!(path.contains("rows=2"), "{path}");
    let rows: Vec<String> = (0..5)
        .map(|n| format!(r#"{{"AccountNumber":"A{n}","Active":true,"AllowAccountEntry":"1"}}"#))
        .skip(number as usize * 2)
        .take(2)
        .collect();
    (200, format!(r#"{{"Payload":{{"Total":5,"Accounts":[{}]}}}}"#, rows.join(",")))
}

#[tokio::test]
async fn pages_are_counted_until_one_is_not_full() {
    let site = scripted(|_, path, _| page(path));
    let dialect = changed(&[
        (PAGING, "paging: { style: pages, page: page, size: rows, first: 0, rows: 2 }"),
        (
            "list: { path: /Dynamics/Financial/Accounts }",
            "list: { path: /Dynamics/Financial/Accounts, rows: Accounts }",
        ),
    ]);
    let gp = client(&connection(site.server.port(), &dialect), PASSWORD, &clock()).unwrap();
    let found: Vec<String> =
        gp.all_accounts().await.unwrap().iter().map(|account| account.number.to_string()).collect();
    assert_eq!(found, ["A0", "A1", "A2", "A3", "A4"]);
    assert_eq!(site.faults.requests().len(), 3);
}

#[tokio::test]
async fn links_are_followed_only_on_the_same_server() {
    let dialect = changed(&[(PAGING, "paging: { style: link, at: /Status/Next }")]);
    let site = scripted(|_, path, _| match path {
        "/Purchasing/Vendors" => {
            (200, r#"{"Payload":[{"VendorId":"V1","Status":1}],"Status":{"Next":"?after=V1"}}"#.into())
        }
        _ => (200, r#"{"Status":{"Next":null},"Payload":[{"VendorId":"V2  ","Status":"2"}]}"#.into()),
    });
    let gp = client(&connection(site.server.port(), &dialect), PASSWORD, &clock()).unwrap();
    let found = gp.records(RecordKind::Vendor).await.unwrap();
    let shown: Vec<_> = found.iter().map(|vendor| (vendor.key.as_str(), vendor.active)).collect();
    assert_eq!(shown, [("V1", true), ("V2", false)]);

    let elsewhere = scripted(|_, _, _| (200, r#"{"Payload":[],"Status":{"Next":"https://evil.example/"}}"#.into()));
    let gp = client(&connection(elsewhere.server.port(), &dialect), PASSWORD, &clock()).unwrap();
    let error = gp.records(RecordKind::Vendor).await.unwrap_err();
    assert!(error.to_string().contains("not on the same server"), "{error}");
}

#[tokio::test]
async fn a_site_with_nested_members_its_own_envelope_and_its_own_word_for_success() {
    let dialect = changed(&[
        (
            "  request: Payload\n  answer: Payload",
            "  request: Request\n  answer: Result\n  success: { at: /State/Ok, is: [\"Y\"] }",
        ),
        ("    number: JournalId\n    date: TransactionDate", "    number: Key/JournalId\n    date: Key/Date"),
        ("    lines: Lines", "    lines: Lines/GLTransactionLine"),
        ("{ work: [Work], posted: [Open, History] }", "{ work: [\"1\"], posted: [\"2\"] }"),
        ("dates: \"%Y-%m-%dT00:00:00\"", "dates: \"%m/%d/%Y\""),
        ("currency_ids: {}", "currency_ids: { USD: Z-US$ }"),
        ("errors: [/Status/Messages, /Messages, /Errors]", "errors: [/State/Errors]"),
        ("not_found_numbers: []", "not_found_numbers: [404001]"),
    ]);
    let site = scripted(|method, path, body| {
        match (method.as_str(), path) {
        ("POST", _) => {
            assert!(body.starts_with(r#"{"Request":{"Key":{"JournalId":80000001,"Date":"11/30/2013"},"BatchId":"#), "{body}");
            assert!(body.contains(r#""Lines":{"GLTransactionLine":[{"SequenceNumber":500,"#), "{body}");
            assert!(body.contains(r#""CurrencyId":"Z-US$""#), "{body}");
            (200, r#"{"State":{"Ok":"y"}}"#.into())
        }
        (_, "/Financial/GLTransactions(80000001;2013-11-30)") => (
            200,
            r#"{"Result":{"Lines":{"GLTransactionLine":[
                {"SequenceNumber":"1000.00000","AccountNumber":"000-2100-0000","Description":"wages 0410","DebitAmount":0.00000,"CreditAmount":1234567.89000},
                {"SequenceNumber":"500.00000","AccountNumber":"000-5100-0410  ","Description":"wages 0410","DebitAmount":1234567.89000,"CreditAmount":null}]},
                "Key":{"Date":"11/30/2013","JournalId":80000001},"BatchId":"pay2013-11","Reference":"Payroll Nov 2013 a1b2c3d4",
                "CurrencyId":"","TransactionState":2},"State":{"Ok":"Y"}}"#
                .into(),
        ),
        _ => (200, r#"{"State":{"Ok":"N","Errors":[{"Code":404001,"Text":"no such transaction"}]}}"#.into()),
    }
    });
    let gp = client(&connection(site.server.port(), &dialect), PASSWORD, &clock()).unwrap();
    assert_eq!(gp.create_journal(80_000_001, &entry()).await, Delivery::Sent);
    let found = gp.journal(80_000_001, NOVEMBER_30).await.unwrap().unwrap();
    assert_eq!(
        found.entry,
        entry(),
        "lines in their sequence, padding and zeros gone, blank currency is the functional"
    );
    assert_eq!(found.state, GpState::Posted);
    assert_eq!(gp.journal(80_000_002, NOVEMBER_30).await.unwrap(), None, "that number only says it is not there");
}

#[tokio::test]
async fn no_success_without_the_sites_own_word_for_it() {
    let dialect = changed(&[("  answer: Payload", "  answer: Payload\n  success: { at: /Status/Ok, is: [\"true\"] }")]);
    let site = scripted(|_, _, _| (200, r#"{"Payload":{},"Status":{"Ok":false}}"#.into()));
    let gp = client(&connection(site.server.port(), &dialect), PASSWORD, &clock()).unwrap();
    assert!(matches!(gp.create_journal(80_000_001, &entry()).await, Delivery::Unknown { .. }));
    assert!(matches!(gp.all_accounts().await.unwrap_err(), GpError::Unreadable { .. }));
}

#[tokio::test]
async fn posted_journals_behind_an_address_of_their_own_are_found() {
    let dialect = changed(&[(
        "  in_batch:",
        "  posted_by_key: { path: \"/Dynamics/Financial/PostedTransactions({number};{date})\" }\n  in_batch:",
    )]);
    let site = scripted(|_, path, _| {
        if path.starts_with("/Financial/PostedTransactions(80000001;") {
            let journal = r#"{"Payload":{"JournalId":80000001,"TransactionDate":"2013-11-30","BatchId":"B","Reference":"R","CurrencyId":"USD","TransactionState":"open","Lines":[]}}"#;
            (200, journal.into())
        } else {
            (404, r#"{"Payload":null}"#.into())
        }
    });
    let gp = client(&connection(site.server.port(), &dialect), PASSWORD, &clock()).unwrap();
    let found = gp.journal(80_000_001, NOVEMBER_30).await.unwrap().unwrap();
    assert_eq!(found.state, GpState::Posted);
}

#[tokio::test]
async fn a_404_that_is_not_the_sites_own_means_what_the_dialect_says() {
    let answers: [Script; 3] = [
        |_, _, _| (404, "<html>".into()),
        |_, _, _| (404, r#"{"message":"no route"}"#.into()),
        |_, _, _| (404, String::new()),
    ];
    for script in answers {
        let site = scripted(script);
        let gp = client(&connection(site.server.port(), SHIPPED), PASSWORD, &clock()).unwrap();
        assert!(matches!(gp.batch(&entry().batch).await, Err(GpError::Unreadable { .. })), "a wrong address");
        let dialect = changed(&[("bare_not_found: mistake", "bare_not_found: missing")]);
        let gp = client(&connection(site.server.port(), &dialect), PASSWORD, &clock()).unwrap();
        assert_eq!(gp.batch(&entry().batch).await.unwrap(), None);
    }
}

#[tokio::test]
async fn another_account_than_the_one_asked_for_is_not_taken() {
    let site = scripted(|_, _, _| {
        (200, r#"{"Payload":[{"AccountNumber":"000-1","Active":true,"AllowAccountEntry":true}]}"#.into())
    });
    let gp = client(&connection(site.server.port(), SHIPPED), PASSWORD, &clock()).unwrap();
    assert_eq!(gp.accounts(&BTreeSet::from([AccountNumber::new("000-2")])).await.unwrap(), []);
    assert_eq!(gp.accounts(&BTreeSet::from([AccountNumber::new("000-1")])).await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_action_is_named_in_the_header_where_the_site_wants_one() {
    let dialect = changed(&[(
        "create: { method: POST, path: /Dynamics/Financial/GLTransactions }",
        "create: { method: POST, action: Create, path: /Dynamics/Financial/GLTransactions }",
    )]);
    let faults = Faults::default();
    let answer = async |headers: http::HeaderMap| {
        let named = headers.get("GP-Custom-Action").is_some_and(|action| action == "Create");
        if named { StatusCode::NO_CONTENT } else { StatusCode::BAD_REQUEST }
    };
    let server = Server::start(Router::new().fallback(answer), &faults).unwrap();
    let gp = client(&connection(server.port(), &dialect), PASSWORD, &clock()).unwrap();
    assert_eq!(gp.create_journal(80_000_001, &entry()).await, Delivery::Sent);
}

#[tokio::test]
async fn a_journal_of_more_lines_than_the_site_takes_never_leaves() {
    let site = site_with(&changed(&[("  # lines_at_most: 500 ", "  lines_at_most: 1 ")]));
    let refused = format!("{:?}", site.gp.create_journal(80_000_001, &entry()).await);
    assert!(refused.contains("2 lines") && refused.contains("allows 1"), "{refused}");
    assert_eq!(site.sandbox.faults().requests().len(), 0);
    assert_eq!(site.clock.now(), clock().now());
}

/// The schema that editors use is made from the types. `ML_CONNECTOR_UPDATE=1` writes it anew.
#[test]
fn the_schema_in_the_repository_is_fresh_and_fits_the_shipped_dialect() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/dialect.schema.json");
    if std::env::var_os("ML_CONNECTOR_UPDATE").is_some_and(|value| value == "1") {
        std::fs::write(&file, schema()).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(kept == schema(), "schemas/dialect.schema.json is stale: run the tests with ML_CONNECTOR_UPDATE=1");

    let validator = jsonschema::validator_for(&serde_json::from_str(&kept).unwrap()).unwrap();
    let shipped: serde_json::Value = serde_yaml::from_str(SHIPPED).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(&shipped).map(|error| format!("{} {error}", error.instance_path())).collect();
    assert_eq!(errors, Vec::<String>::new());
    let wrong: serde_json::Value = serde_yaml::from_str(&SHIPPED.replace("  line_step:", "  line_stepp:")).unwrap();
    assert!(!validator.is_valid(&wrong));
}
