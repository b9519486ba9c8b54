//! `serve` with a webhook: a raise in BambooHR is planned before anybody asks.

use super::command::Hooked;
use crate::meadow::Running;
use std::fs;
use std::net::TcpListener;

#[test]
fn a_raise_that_a_webhook_tells_of_is_planned_at_once() {
    // Free a moment ago: the webhook has to be registered before the service that reads its key is started.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let company = Hooked::named(&format!(
        "{{ listen: \"{address}\", private_key: {{ vault: bamboohr-webhook }} }}\n    \
         changes: {{ every: 1440 minutes, settle: 0 minutes }}",
    ));
    let meadow = &company.guarded.meadow;
    let changes = "format: 1\npipeline: changes\nevery: { change_in: bamboohr }\ncorrects: payroll-journal\n";
    fs::write(meadow.project().join("pipelines/changes.yaml"), changes).unwrap();
    for arguments in [&["plan"][..], &["approve"], &["send"]] {
        company
            .guarded
            .ran(&[arguments, &["--pipeline", "payroll-journal", "--for", "2013-11"]].concat())
            .assert(0, &[]);
    }

    // Without its key nothing can be received; what it would tell is found by asking.
    let deaf = company.guarded.ran(&["serve", "--once"]);
    deaf.assert(0, &["changes 2013-11 · done: nothing to do"]);
    let mut service = Running::of(company.guarded.command(&["serve"]));
    service.wait_for("no webhook is received: the webhook needs the secret bamboohr-webhook");
    service.wait_for("idle");
    service.kill();

    company.register(&format!("http://{address}/webhooks/bamboohr")).assert(0, &[]);
    let mut service = Running::of(company.guarded.command(&["serve"]));
    service.wait_for("listening for webhooks at ");
    service.wait_for("idle");

    meadow.raise("2013-11-01", "84000.00 USD");
    assert_eq!(company.deliver(), 1);
    service.wait_for("told     by BambooHR's webhook");
    service.wait_for("1 person changed in BambooHR");
    service.wait_for("document to approve: ml-connector approve");
    assert_eq!(meadow.gp.journals().len(), 1, "it waits for a person");
}
