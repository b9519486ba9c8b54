//! What GP, or what stands before it, may answer: nothing is sent twice, nothing is lost.

use crate::meadow::{Meadow, PASSWORD, POST_JOURNAL, RUN};
use ml_connector::sandbox::faults::Fault;

const READS: &str = "GET /GPService";
/// A journal by its key: asked only to read one back.
const BY_KEY: &str =
    "GET /GPService/Tenants(DefaultTenant)/Companies(Meadow Goods, Inc.)/Dynamics/Financial/GLTransactions(";

/// November is approved; the next POST of its journal meets `fault`. The run must end with `code` and tell `texts`;
/// after it, `run` completes.
fn at_the_post(meadow: &Meadow, fault: Fault, code: i32, texts: &[&str]) {
    meadow.approve();
    meadow.gp.faults().next(POST_JOURNAL, fault.clone());
    meadow.run().assert(code, texts);
    meadow.gp.faults().clear();
    a_person_looks(meadow, code);
    meadow.run().assert(0, &[]);
    meadow.assert_sent_once(&format!("{fault:?}"));
    meadow.run().assert(0, &["nothing to do"]);
    meadow.assert_sent_once(&format!("{fault:?}, and once more"));
}

/// A refused sign-in is not tried again until a person does it.
fn a_person_looks(meadow: &Meadow, code: i32) {
    if code == 9 {
        meadow.ran(&["ping", "--only", "gp"]);
    }
}

#[test]
fn an_answer_lost_after_the_commit_is_read_back_in_the_same_run() {
    let html = Fault::AnswerAfter { status: 200, headers: Vec::new(), body: "<html>Sign in</html>".into() };
    let error = Fault::AnswerAfter { status: 500, headers: Vec::new(), body: String::new() };
    for fault in [error, Fault::CutAfter, Fault::CutHalfway, html] {
        let meadow = Meadow::open();
        at_the_post(&meadow, fault, 0, &["sent", "original journal of 2013-11", "GP journal 80000001"]);
        assert_eq!(meadow.posts(), 1, "never posted again");
    }
}

#[test]
fn a_request_lost_before_the_commit_is_queued_and_sent_by_the_next_run() {
    for fault in [Fault::CutBefore, Fault::status(500), Fault::html()] {
        let meadow = Meadow::open();
        at_the_post(&meadow, fault, 5, &["queued", "it will be sent by the next run"]);
        assert_eq!(meadow.posts(), 2);
    }
}

#[test]
fn silence_ends_with_the_dialects_time_out() {
    for (fault, code, posts) in [(Fault::Silence, 5, 2), (Fault::SilenceAfter, 0, 1)] {
        let meadow = Meadow::open();
        meadow.dialect("timeout_ms: 120000", "timeout_ms: 1500");
        at_the_post(&meadow, fault, code, &[]);
        assert_eq!(meadow.posts(), posts);
    }
}

#[test]
fn a_duplicated_request_is_one_journal() {
    let meadow = Meadow::open();
    at_the_post(&meadow, Fault::Duplicate, 0, &["GP journal 80000001"]);
}

#[test]
fn when_gp_cannot_be_asked_either_the_outcome_is_unknown_and_said_so() {
    let meadow = Meadow::open();
    meadow.approve();
    meadow.gp.faults().next(POST_JOURNAL, Fault::CutAfter);
    meadow.gp.faults().always(BY_KEY, Fault::status(503));
    meadow.run().assert(7, &["unknown"]);
    assert_eq!(meadow.documents(), ["unknown original 2013-11"]);
    meadow.ran(&["held"]).assert(4, &["unknown", "run again: GP is read back before anything else"]);
    meadow.gp.faults().clear();
    meadow.run().assert(0, &["nothing to do"]);
    meadow.assert_sent_once("unknown, then read back");
    assert_eq!(meadow.posts(), 1);
}

#[test]
fn a_refused_sign_in_ends_with_9_and_is_not_tried_again() {
    let meadow = Meadow::open();
    let plan = ["plan", "--pipeline", "payroll-journal", "--for", "2013-11"];
    let wrong = meadow.ran_with(&plan, &[("GP_PASSWORD", "wrong-password-4711")]);
    wrong.assert(9, &["no sign-in to GP: user or password were refused", "correct the password", "accounts lock"]);
    assert!(!wrong.all().contains("wrong-password-4711"), "{wrong:?}");
    assert_eq!(meadow.gp.faults().requests().len(), 1);
    at_the_post(
        &meadow,
        Fault::status(401),
        9,
        &["no sign-in to GP: user or password were refused", "nothing more was tried"],
    );
}

/// Each try counts where accounts lock, and a scheduler runs again and again.
#[test]
fn a_password_that_was_refused_is_not_shown_again_by_the_next_run() {
    let meadow = Meadow::open();
    let observed = |password: &str| meadow.ran_with(&RUN, &[("GP_PASSWORD", password)]);
    let asked = || meadow.gp.faults().requests().len();
    observed("wrong-password-4711").assert(9, &["no sign-in to GP: user or password were refused"]);
    assert_eq!(asked(), 1);
    for _ in 0..3 {
        observed("wrong-password-4711")
            .assert(9, &["this one was refused on 2013-12-02 12:00 UTC", "ml-connector ping"]);
    }
    assert_eq!(asked(), 1, "not a single request more");
    // Another password is another sign-in; the refused one stays refused.
    observed("wrong-password-0815").assert(9, &["no sign-in to GP: user or password were refused"]);
    assert_eq!(asked(), 2);
    observed(PASSWORD).assert(4, &["awaits approval"]);
}

/// The password was right all along, and the domain let it in again: a person says so.
#[test]
fn a_person_tries_a_refused_sign_in_again_with_ping() {
    let meadow = Meadow::open();
    meadow.gp.faults().next("GET /GPService", Fault::status(401));
    meadow.run().assert(9, &["no sign-in to GP"]);
    meadow.run().assert(9, &["was refused on"]);
    let wrong = meadow.ran_with(&["ping", "--only", "gp"], &[("GP_PASSWORD", "wrong-password-4711")]);
    wrong.assert(9, &["✗ sign-in"]);
    meadow.ran(&["ping", "--only", "gp"]).assert(0, &["✓ sign-in"]);
    meadow.run().assert(4, &["awaits approval"]);
    let trail = meadow.ran(&["audit"]);
    trail.assert(0, &["sign-in refused", "sign-in taken"]);
    assert!(!trail.all().contains(PASSWORD) && !trail.all().contains("4711"), "{trail:?}");
}

#[test]
fn reads_that_fail_are_repeated_then_told() {
    let unavailable = |fault: Fault, code: i32, texts: &[&str]| {
        let meadow = Meadow::open();
        meadow.approve();
        meadow.gp.faults().always(READS, fault);
        meadow.run().assert(code, texts);
        assert_eq!(meadow.posts(), 0);
        meadow.gp.faults().clear();
        a_person_looks(&meadow, code);
        assert_eq!(meadow.run().code, 0);
        meadow.assert_sent_once("reads failed before");
    };
    std::thread::scope(|scope| {
        scope.spawn(|| unavailable(Fault::status(500), 5, &["run again later"]));
        scope.spawn(|| unavailable(Fault::CutBefore, 5, &["run again later"]));
        scope.spawn(|| unavailable(Fault::status(429), 5, &[]));
        scope.spawn(|| unavailable(Fault::html(), 5, &["docs/dialect.md"]));
        scope.spawn(|| unavailable(Fault::status(403), 9, &[]));
        scope.spawn(|| unavailable(Fault::status(401), 9, &["accounts lock"]));
    });
}

#[test]
fn one_failed_read_is_only_a_pause() {
    let meadow = Meadow::open();
    meadow.approve();
    meadow.gp.faults().next(READS, Fault::status(502));
    assert_eq!(meadow.run().code, 0);
    meadow.assert_sent_once("after a pause");
}

#[test]
fn a_server_that_is_not_there_is_safe_to_retry() {
    let meadow = Meadow::open();
    meadow.approve();
    let environment = "environments/sandbox.yaml";
    let port = format!("gp_port: {}", meadow.gp.port());
    meadow.edit(environment, &port, "gp_port: 1");
    meadow.run().assert(5, &["run again later"]);
    meadow.edit(environment, "gp_port: 1", &port);
    assert_eq!(meadow.run().code, 0);
    meadow.assert_sent_once("the server came back");
}
