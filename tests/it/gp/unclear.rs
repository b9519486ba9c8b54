//! Answers that are lost, late or unreadable: never twice, never lost.

use super::site::*;
use ml_connector::gp::dialect::shipped::SHIPPED;
use ml_connector::gp::{Delivery, GpError};
use ml_connector::project::connections::GpConnection;
use ml_connector::sandbox::faults::Fault;

#[tokio::test]
async fn an_answer_lost_after_the_commit_is_unknown_and_read_back_finds_it() {
    let html = Fault::AnswerAfter { status: 200, headers: Vec::new(), body: "<html>Sign in</html>".into() };
    let server_error = Fault::AnswerAfter { status: 500, headers: Vec::new(), body: "boom".into() };
    let empty = Fault::AnswerAfter { status: 200, headers: Vec::new(), body: String::new() };
    for fault in [server_error, Fault::CutAfter, Fault::CutHalfway, html, empty] {
        let site = site();
        site.sandbox.faults().next(POST, fault.clone());
        let delivery = site.gp.create_journal(80_000_001, &entry()).await;
        assert!(matches!(delivery, Delivery::Unknown { .. }), "{fault:?}: {delivery:?}");
        let found = site.gp.journal(80_000_001, NOVEMBER_30).await.unwrap().unwrap();
        assert_eq!(found.entry, entry());
        assert_eq!(site.gp.journals_in_batch(&entry().batch, "a1b2c3d4").await.unwrap(), [found]);
        assert_eq!(site.sandbox.faults().count(POST), 1, "never repeated blindly");
    }
}

#[tokio::test]
async fn an_answer_lost_before_the_commit_is_unknown_and_read_back_finds_nothing() {
    for fault in [Fault::CutBefore, Fault::status(500), Fault::status(502), Fault::html()] {
        let site = site();
        site.sandbox.faults().next(POST, fault.clone());
        let delivery = site.gp.create_journal(80_000_001, &entry()).await;
        assert!(matches!(delivery, Delivery::Unknown { .. }), "{fault:?}: {delivery:?}");
        assert_eq!(site.gp.journal(80_000_001, NOVEMBER_30).await.unwrap(), None);
        assert_eq!(site.gp.journals_in_batch(&entry().batch, "a1b2c3d4").await.unwrap(), []);
        assert_eq!(site.sandbox.faults().count(POST), 1);
    }
}

#[tokio::test]
async fn silence_ends_with_the_dialects_time_out() {
    for (fault, held) in [(Fault::Silence, 0), (Fault::SilenceAfter, 1)] {
        let site = site_with(&SHIPPED.replace("timeout_ms: 120000", "timeout_ms: 200"));
        site.sandbox.faults().next(POST, fault);
        let delivery = site.gp.create_journal(80_000_001, &entry()).await;
        assert_eq!(delivery, Delivery::Unknown { why: "no answer within 200 ms".into() });
        assert_eq!(site.sandbox.journals().len(), held);
    }
    let site = site_with(&SHIPPED.replace("timeout_ms: 120000", "timeout_ms: 200"));
    site.sandbox.faults().next("GET /GPService", Fault::Silence);
    let error = site.gp.all_accounts().await.unwrap_err();
    assert!(matches!(&error, GpError::Unavailable { why, .. } if why.contains("200 ms")), "{error}");
}

#[tokio::test]
async fn what_certainly_never_reached_gp_may_be_sent_again() {
    let site = site();
    site.sandbox.faults().next(POST, Fault::status(503));
    let delivery = site.gp.create_journal(80_000_001, &entry()).await;
    assert!(matches!(delivery, Delivery::NotSent { sign_in_refused: false, .. }), "{delivery:?}");
    assert_eq!(site.gp.create_journal(80_000_001, &entry()).await, Delivery::Sent);

    let port = site.sandbox.port();
    drop(site);
    let closed = client(&connection(port, SHIPPED), PASSWORD, &clock()).unwrap();
    let delivery = closed.create_journal(80_000_001, &entry()).await;
    assert!(matches!(delivery, Delivery::NotSent { sign_in_refused: false, .. }), "{delivery:?}");
    let nowhere = GpConnection { server: "localhost".into(), port: 1, ..connection(port, SHIPPED) };
    let delivery = client(&nowhere, PASSWORD, &clock()).unwrap().create_journal(80_000_001, &entry()).await;
    assert!(matches!(delivery, Delivery::NotSent { .. }), "{delivery:?}");
}
