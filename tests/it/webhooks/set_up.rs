//! What is left when setting a webhook up is broken off: never a webhook whose key nobody has, or it is said.

use super::command::Hooked;
use crate::bamboohr::company::client;
use crate::meadow::KEY;
use crate::vault::stopping::{Stop, Stopping};
use ml_connector::run::webhook::{WebhookError, register};
use ml_connector::sandbox::faults::Fault;
use ml_connector::store::SecretStore;
use std::sync::Arc;

const MAKE: &str = "POST /api/v1/webhooks";
const URL: &str = "https://hr.meadow.example/webhooks/bamboohr";

/// Registers over a store that may end the process, and gives why it failed.
async fn broken(company: &Hooked, stop: Option<Stop>) -> WebhookError {
    let store = company.store();
    let store: Arc<dyn SecretStore> = match stop {
        Some(stop) => Arc::new(Stopping::new(store, stop)),
        None => store,
    };
    let vault = company.vault(store).await;
    let meadow = &company.guarded.meadow;
    let bamboohr = client(&meadow.bamboohr.url(), KEY, &meadow.clock);
    register(&bamboohr, &company.generation(), &vault, URL, "A. Ledger").await.unwrap_err()
}

async fn left(company: &Hooked) -> usize {
    let meadow = &company.guarded.meadow;
    client(&meadow.bamboohr.url(), KEY, &meadow.clock).webhooks().await.unwrap().len()
}

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(work)
}

#[test]
fn a_webhook_whose_key_cannot_be_sealed_is_deleted_again() {
    let company = Hooked::open();
    run(async {
        let error = broken(&company, Some(Stop::AtPut(1))).await;
        assert!(matches!(&error, WebhookError::NotSealed { id, left: None, .. } if id == "1"), "{error}");
        assert!(error.to_string().ends_with("so it was deleted again"), "{error}");
        assert_eq!(left(&company).await, 0);
        // And where even that fails, it is said.
        company.guarded.meadow.bamboohr.faults().next("DELETE /api/v1/webhooks", Fault::status(403));
        let error = broken(&company, Some(Stop::AtPut(1))).await;
        assert!(matches!(&error, WebhookError::NotSealed { id, left: Some(_), .. } if id == "2"), "{error}");
        assert_eq!(left(&company).await, 1);
    });
    company.guarded.ran(&["webhook", "remove", "2"]).assert(0, &["removed webhook 2"]);
}

#[test]
fn an_answer_without_the_key_leaves_no_webhook() {
    let company = Hooked::open();
    let drop = Fault::DropField("privateKey".to_owned());
    company.guarded.meadow.bamboohr.faults().next(MAKE, drop);
    run(async {
        let error = broken(&company, None).await;
        assert!(error.to_string().contains("BambooHR did not show it"), "{error}");
        assert_eq!(left(&company).await, 0);
    });
}

/// The answer is lost after BambooHR made it: its key was never seen. It is not asked for a second time.
#[test]
fn an_answer_that_is_lost_leaves_no_webhook() {
    let company = Hooked::open();
    for (at, fault) in
        [Fault::CutAfter, Fault::CutHalfway, Fault::CutBefore, Fault::status(503)].into_iter().enumerate()
    {
        company.guarded.meadow.bamboohr.faults().next(MAKE, fault);
        run(async {
            let error = broken(&company, None).await;
            let WebhookError::Unclear { made: Ok(made), .. } = &error else { panic!("{error}") };
            assert_eq!(made.len(), usize::from(at < 2), "{error}");
            assert_eq!(left(&company).await, 0);
        });
        assert_eq!(company.guarded.meadow.bamboohr.faults().count(MAKE), at + 1);
    }
    company.guarded.ran(&["webhook", "register", "--url", URL]).assert(0, &["made webhook"]);
}

#[test]
fn a_user_without_the_right_is_told_what_to_grant() {
    let company = Hooked::open();
    company.guarded.meadow.bamboohr.faults().next(MAKE, Fault::status(403));
    let refused = company.guarded.ran(&["webhook", "register", "--url", URL]);
    refused.assert(9, &["does not let this key", "webhooks.write"]);
    let none = Fault::Answer { status: 200, headers: Vec::new(), body: r#"{"fields":[]}"#.to_owned() };
    company.guarded.meadow.bamboohr.faults().next("/api/v1/webhooks/monitor_fields", none);
    company.guarded.ran(&["webhook", "register", "--url", URL]).assert(9, &["none of the fields that matter"]);
}
