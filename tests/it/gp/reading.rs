//! Accounts, periods, dimensions and batches.

use super::site::*;
use jiff::civil::date;
use ml_connector::clock::Clock as _;
use ml_connector::gp::GpError;
use ml_connector::gp::dialect::shipped::SHIPPED;
use ml_connector::ledger::AccountNumber;
use ml_connector::project::connections::GpConnection;
use ml_connector::sandbox::faults::Fault;
use ml_connector::sandbox::gp::GpSandbox;
use std::collections::BTreeSet;
use std::sync::Arc;

#[tokio::test]
async fn accounts_are_looked_up_one_by_one_and_unknown_ones_left_out() {
    let site = site();
    let asked: BTreeSet<AccountNumber> =
        ["000-5100-0410", "000-1100-0000", "000-5999-0000", "000-0000-0001", " 000-7000-0000", "000-7000-0000"]
            .map(AccountNumber::new)
            .into();
    let found = site.gp.accounts(&asked).await.unwrap();
    let shown: Vec<_> = found.iter().map(|found| (found.number.as_str(), found.active, found.allows_entry)).collect();
    assert_eq!(
        shown,
        [
            (" 000-7000-0000", true, true),
            ("000-1100-0000", true, false),
            ("000-5100-0410", true, true),
            ("000-5999-0000", false, true),
        ]
    );
    assert_eq!(site.sandbox.faults().requests().len(), asked.len(), "one look-up a distinct account");
    assert_eq!(site.gp.all_accounts().await.unwrap().len(), 5);
    assert!(site.sandbox.deactivate_account("000-5100-0410"));
    let now = site.gp.accounts(&BTreeSet::from([AccountNumber::new("000-5100-0410")])).await.unwrap();
    assert!(!now[0].active);
}

#[tokio::test]
async fn periods_come_by_series_and_dimensions_from_where_the_project_says() {
    let site = site();
    let periods = site.gp.fiscal_periods(date(2013, 10, 15), NOVEMBER_30).await.unwrap();
    let shown: Vec<_> =
        periods.iter().map(|period| (period.number, period.series.to_string(), period.closed)).collect();
    let expected = [(10, "Financial", true), (11, "Financial", false), (10, "Payroll", true), (11, "Payroll", true)];
    assert_eq!(shown, expected.map(|(number, series, closed)| (number, series.to_owned(), closed)));
    assert_eq!(site.gp.fiscal_periods(date(2020, 1, 1), date(2020, 1, 31)).await.unwrap(), []);

    for dimension in ["cost_centre", "region"] {
        let values = site.gp.dimension_values(dimension).await.unwrap();
        let shown: Vec<_> = values.iter().map(|value| (value.code.as_str(), value.active)).collect();
        assert_eq!(shown, [("0410", true), ("0420", false)], "{dimension}");
        assert!(values.iter().all(|value| value.dimension == dimension));
    }
    let error = site.gp.dimension_values("project").await.unwrap_err();
    assert!(matches!(&error, GpError::NotProvided { hint, .. } if hint.contains("project")), "{error}");

    let without_service =
        SHIPPED.replace("  segment: { path: \"/Dynamics/Financial/AccountSegments({segment})\" }\n", "");
    let site = site_with(&without_service);
    let used: Vec<String> =
        site.gp.dimension_values("cost_centre").await.unwrap().into_iter().map(|value| value.code).collect();
    assert_eq!(used, ["0000", "0410"], "the accounts themselves show their segments");
}

#[tokio::test]
async fn reads_are_repeated_with_a_growing_pause_and_writes_never() {
    let site = site();
    let start = site.clock.now();
    site.sandbox.faults().times(2, "GET /GPService", Fault::status(503));
    site.sandbox.faults().times(1, "GET /GPService", Fault::CutHalfway);
    assert_eq!(site.gp.all_accounts().await.unwrap().len(), 5);
    assert_eq!(site.sandbox.faults().requests().len(), 4);
    assert_eq!(site.clock.now().duration_since(start).as_millis(), 500 + 1000 + 2000);
    site.sandbox.faults().always("GET /GPService", Fault::CutBefore);
    let error = site.gp.batch(&entry().batch).await.unwrap_err();
    assert!(matches!(&error, GpError::Unavailable { why, .. } if why.contains("4 times")), "{error}");
    assert_eq!(site.sandbox.faults().requests().len(), 8);
}

#[tokio::test]
async fn answers_nobody_can_read_are_errors_that_say_where_to_look() {
    let cases = [
        (Fault::html(), "not JSON"),
        (json_fault(r#"{"Data":[]}"#), "it has no Payload"),
        (json_fault(r#"{"Payload":[{"AccountNumber":"1","Active":"perhaps","AllowAccountEntry":true}]}"#), "`perhaps`"),
        (json_fault(r#"{"Payload":[{"Active":true}]}"#), "account number"),
        (json_fault(r#"{"Payload":[{"AccountNumber":{"a":1}}]}"#), "AccountNumber"),
        (json_fault("[]"), "an object with Payload"),
    ];
    for (fault, expected) in cases {
        let site = site();
        site.sandbox.faults().next("GET /GPService", fault);
        let error = site.gp.all_accounts().await.unwrap_err();
        assert!(matches!(&error, GpError::Unreadable { why, .. } if why.contains(expected)), "{expected}: {error}");
    }
}

fn json_fault(body: &str) -> Fault {
    let headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
    Fault::Answer { status: 200, headers, body: body.to_owned() }
}

#[tokio::test]
async fn many_accounts_with_several_calls_at_once_come_back_in_order() {
    let mut facts = facts();
    facts.accounts = (0..2_000).map(|n| account(&format!("000-5100-{n:04}"), true, true)).collect();
    let clock = clock();
    let user = "CORP\\connector";
    let sandbox = GpSandbox::start(&facts, COMPANY, user, PASSWORD, Arc::new(clock.clone())).unwrap();
    let wide = GpConnection { calls_at_once: 16, ..connection(sandbox.port(), SHIPPED) };
    let gp = client(&wide, PASSWORD, &clock).unwrap();
    let asked: BTreeSet<AccountNumber> = facts.accounts.iter().map(|account| account.number.clone()).collect();
    let found: Vec<AccountNumber> = gp.accounts(&asked).await.unwrap().into_iter().map(|found| found.number).collect();
    assert_eq!(found, asked.into_iter().collect::<Vec<_>>(), "in order, whatever came first");
    assert_eq!(gp.all_accounts().await.unwrap().len(), 2_000);
}
