//! What the client does when BambooHR, or something before it, says no.

use super::company::{Company, KEY, client, connection, day, meadow};
use ml_connector::bamboohr::{BambooHr, BamboohrError};
use ml_connector::clock::Clock;
use ml_connector::plan::facts::Facts;
use ml_connector::sandbox::faults::Fault;
use secrecy::SecretString;
use std::sync::Arc;

async fn people(client: &BambooHr) -> Result<Facts, BamboohrError> {
    let mut facts = Facts::default();
    client.people(&[], &mut facts).await.map(|()| facts)
}

/// Seconds since the company's clock began to stand.
fn waited(company: &Company) -> i64 {
    company.clock.now().as_second() - "2013-12-02T08:00:00Z".parse::<jiff::Timestamp>().unwrap().as_second()
}

#[tokio::test]
async fn a_refused_key_is_shown_exactly_once() {
    let company = Company::of(&meadow());
    let stranger = client(&company.sandbox.url(), "not-the-key", &company.clock);
    let error = people(&stranger).await.unwrap_err();
    assert!(
        matches!(&error, BamboohrError::SignInRefused { hint } if hint.contains("API key not provided or invalid")),
        "{error}"
    );
    assert!(!error.to_string().contains("not-the-key"));
    let again = stranger.changed_since("2013-12-01T00:00:00Z").await.unwrap_err();
    assert!(matches!(again, BamboohrError::SignInRefused { .. }));
    assert_eq!(company.sandbox.faults().requests().len(), 1);
    assert_eq!(waited(&company), 0);
}

#[tokio::test]
async fn a_forbidden_table_names_what_to_grant_and_is_not_asked_again() {
    let company = Company::of(&meadow());
    let headers = vec![("X-BambooHR-Error-Messsage".to_owned(), "no access to this table".to_owned())];
    let fault = Fault::Answer { status: 403, headers, body: String::new() };
    company.sandbox.faults().next("/api/v1/employees/all/tables/compensation", fault);
    let error = company.client.compensation_rows(&mut Facts::default()).await.unwrap_err();
    match &error {
        BamboohrError::Forbidden { what, hint } => {
            assert_eq!(what, "the table compensation");
            assert!(hint.contains("view Compensation") && hint.contains("no access to this table"), "{hint}");
        }
        other => panic!("{other}"),
    }
    assert_eq!(company.sandbox.faults().requests().len(), 1);
}

#[tokio::test]
async fn time_tracking_that_is_not_there_says_how_to_do_without() {
    let company = Company::of(&meadow());
    company.sandbox.faults().next("/api/v1/time_tracking", Fault::status(404));
    let error = company.client.hours(day("2013-11-01"), day("2013-11-30"), &mut Facts::default()).await.unwrap_err();
    assert!(matches!(&error, BamboohrError::Forbidden { hint, .. } if hint.contains("timesheets: off")), "{error}");
}

#[tokio::test]
async fn too_many_requests_waits_as_long_as_it_is_asked_to() {
    let company = Company::of(&meadow());
    company.sandbox.faults().next("/api", Fault::retry_after(429, "42"));
    people(&company.client).await.unwrap();
    assert_eq!((waited(&company), company.sandbox.faults().requests().len()), (42, 2));
    // The same with a moment, and with the status that BambooHR used before.
    company.sandbox.faults().next("/api", Fault::retry_after(503, "Mon, 02 Dec 2013 08:01:00 GMT"));
    people(&company.client).await.unwrap();
    assert_eq!(waited(&company), 60);
}

#[tokio::test]
async fn the_accounts_own_rate_limit_is_lived_with() {
    let company = Company::of(&meadow());
    company.sandbox.account().limit_requests(2, 60);
    let facts = company.read_all().await;
    assert_eq!((facts.people.len(), facts.job_rows.len(), facts.hours.len()), (3, 3, 3));
    // Five answers at two a minute; on the standing clock the waits of questions beside each other add up.
    let waited = waited(&company);
    assert!((120..=240).contains(&waited) && waited % 60 == 0, "{waited}");
}

#[tokio::test]
async fn a_wait_of_hours_is_told_instead_of_waited() {
    let company = Company::of(&meadow());
    company.sandbox.faults().next("/api", Fault::retry_after(429, "7200"));
    let error = people(&company.client).await.unwrap_err();
    assert!(matches!(&error, BamboohrError::Unavailable { why, .. } if why.contains("7200 s")), "{error}");
    assert_eq!(waited(&company), 0);
}

#[tokio::test]
async fn a_server_that_is_down_is_asked_five_times_with_growing_pauses() {
    for status in [500, 502, 503, 504] {
        let company = Company::of(&meadow());
        company.sandbox.faults().always("/api", Fault::status(status));
        let error = people(&company.client).await.unwrap_err();
        assert!(
            matches!(&error, BamboohrError::Unavailable { why, .. } if why.contains(&status.to_string())),
            "{error}"
        );
        assert_eq!(company.sandbox.faults().requests().len(), 5);
        // 0.5 + 1 + 2 + 4 seconds.
        assert_eq!(waited(&company), 7);
    }
}

#[tokio::test]
async fn a_cut_connection_is_asked_again() {
    for fault in [Fault::CutBefore, Fault::CutAfter, Fault::CutHalfway] {
        let company = Company::of(&meadow());
        company.sandbox.faults().times(4, "/api", fault.clone());
        let facts = people(&company.client).await.unwrap();
        assert_eq!(facts.people.len(), 3, "{fault:?}");
        company.sandbox.faults().always("/api", fault.clone());
        let error = people(&company.client).await.unwrap_err();
        assert!(matches!(&error, BamboohrError::Unavailable { why, .. } if why.contains("cut")), "{fault:?}: {error}");
    }
}

#[tokio::test]
async fn nobody_listening_is_unavailable() {
    let company = Company::of(&meadow());
    let Company { sandbox, client, .. } = company;
    people(&client).await.unwrap();
    drop(sandbox);
    let error = people(&client).await.unwrap_err();
    assert!(matches!(error, BamboohrError::Unavailable { .. }), "{error}");
}

#[tokio::test]
async fn a_web_page_or_xml_or_half_of_an_answer_is_unreadable() {
    let company = Company::of(&meadow());
    let with_type = |kind: &str, body: &str| Fault::Answer {
        status: 200,
        headers: vec![("Content-Type".into(), kind.into())],
        body: body.into(),
    };
    for (fault, why) in [
        (Fault::html(), "a web page"),
        (with_type("application/json", "<html>Sign in</html>"), "a web page"),
        (with_type("application/xml", "<employees/>"), "XML"),
        (with_type("application/json", r#"{"data":[{"employeeId":"1""#), "ends in the middle"),
        (with_type("application/json", ""), "empty"),
        (with_type("application/json", "[]"), "`data` is missing"),
        (with_type("application/json", r#"{"data":[{"employeeId":"1"}],"meta":{}}"#), "page"),
        (with_type("application/json", r#"{"data":[{"firstName":"Ada"}],"meta":{}}"#), "without an id"),
        (
            Fault::Answer { status: 302, headers: vec![("Location".into(), "/login".into())], body: String::new() },
            "302",
        ),
    ] {
        company.sandbox.faults().next("/api", fault.clone());
        let error = people(&company.client).await.unwrap_err();
        assert!(
            matches!(&error, BamboohrError::Unreadable { why: said, .. } if said.contains(why)),
            "{fault:?}: {error}"
        );
    }
}

#[tokio::test]
async fn nothing_is_kept_of_an_answer_that_failed() {
    let company = Company::of(&meadow());
    let mut facts = company.read_all().await;
    let before = facts.clone();
    company.sandbox.faults().always("/api", Fault::CutHalfway);
    assert!(company.client.job_rows(&mut facts).await.is_err());
    assert!(company.client.hours(day("2013-11-01"), day("2013-11-30"), &mut facts).await.is_err());
    assert_eq!((&facts.job_rows, &facts.hours), (&before.job_rows, &before.hours), "half an answer was kept");
    assert!(company.client.people(&[], &mut facts).await.is_err());
    assert!(facts.people.is_empty(), "half an answer was kept");
}

#[tokio::test]
async fn the_key_never_leaves_unprotected() {
    let clock = ml_connector::clock::StandingClock::at(jiff::Timestamp::UNIX_EPOCH);
    let make = |url: &str, key: &str| BambooHr::new(&connection(url), SecretString::from(key), Arc::new(clock.clone()));
    for url in ["http://meadow.bamboohr.com", "ftp://127.0.0.1", "meadow", "https://user:pw@meadow.bamboohr.com"] {
        assert!(matches!(make(url, KEY), Err(BamboohrError::Connection { .. })), "{url}");
    }
    assert!(matches!(make("https://meadow.bamboohr.com", " "), Err(BamboohrError::Connection { .. })));
    let client = make("https://meadow.bamboohr.com", KEY).unwrap();
    assert!(!format!("{client:?}").contains(KEY));
}
