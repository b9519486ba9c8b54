//! `ping`: what works, what is missing and what to do, against both systems on loopback.

use crate::meadow::{KEY, Meadow, NOVEMBER_30, PASSWORD, RATES, Ran, USER};
use crate::vault::sign_in::Application;
use jiff::civil::date;
use ml_connector::sandbox::faults::Fault;

/// GP's reads; nothing of `ping` may write.
const GP: &str = "/GPService";

fn writes(meadow: &Meadow) -> usize {
    let of = |requests: Vec<String>| requests.iter().filter(|request| !request.starts_with("GET ")).count();
    of(meadow.gp.faults().requests()) + of(meadow.bamboohr.faults().requests())
}

fn assert_clean(ran: &Ran) {
    for canary in [KEY, PASSWORD, USER].iter().chain(&RATES) {
        assert!(!ran.all().contains(canary), "shows {canary}:\n{}", ran.all());
    }
}

#[test]
fn all_is_well() {
    let meadow = Meadow::open();
    let ran = meadow.ran(&["ping", "-vv"]);
    ran.assert(
        0,
        &[
            "✓ sign-in",
            "company meadow at http://127.0.0.1",
            "by API key, as a user that is no employee",
            "granted: employeeNumber, firstName, lastName, workEmail, hireDate, terminationDate, status",
            "table compensation",
            "takes the user of the variable GP_USER",
            "Meadow Goods, Inc. (tenant DefaultTenant) answers",
            "today's period 2013-12 is open",
            "2013-11, where its journal of 2013-11-30 belongs, is open",
            "can be read; 000-2100-0000 is there",
            "dimension cost_centre",
            "all well",
        ],
    );
    assert_clean(&ran);
    assert_eq!(writes(&meadow), 0);
    // Nobody's whole table was read, and no store was made to look.
    assert_eq!(meadow.bamboohr.faults().count("/api/v1/employees/all"), 0);
    assert!(!meadow.project().join(".ml-connector").exists());
    let json = meadow.json(&["ping"]);
    let checks = json["checks"].as_array().unwrap();
    assert!(checks.iter().all(|check| check["state"] == "good" && check.get("remedy").is_none()), "{json:#}");
}

#[test]
fn a_wrong_key_is_shown_once_and_gp_is_asked_all_the_same() {
    let meadow = Meadow::open();
    let ran = meadow.ran_with(&["ping"], &[("BAMBOOHR_API_KEY", "canary-wrong-1f")]);
    ran.assert(9, &["✗ sign-in", "BambooHR refused the sign-in", "accounts lock", "· fields", "✓ company"]);
    assert!(!ran.all().contains("canary-wrong"), "{}", ran.all());
    assert_eq!(meadow.bamboohr.faults().count("/"), 1);
}

#[test]
fn a_wrong_password_is_shown_once() {
    let meadow = Meadow::open();
    let ran = meadow.ran_with(&["ping"], &[("GP_PASSWORD", "canary-wrong-2e")]);
    ran.assert(
        9,
        &["no sign-in to GP: user or password were refused", "accounts lock", "· company", "✓ table jobInfo"],
    );
    assert_eq!(meadow.gp.faults().count("/"), 1);
    let before = meadow.bamboohr.faults().count("/");
    meadow.ran(&["ping", "--only", "gp"]).assert(0, &["all well"]);
    assert_eq!(meadow.bamboohr.faults().count("/"), before);
}

#[test]
fn a_field_that_is_not_granted_is_named() {
    let meadow = Meadow::open();
    meadow.bamboohr.account().restrict("workEmail");
    meadow.bamboohr.account().restrict("compensation.rate");
    let ran = meadow.ran(&["ping", "--only", "bamboohr"]);
    ran.assert(
        1,
        &["✗ field workEmail", "`workEmail` is not granted", "✗ table compensation", "not its `rate`", "Access Levels"],
    );
    assert_eq!(meadow.gp.faults().count("/"), 0);
}

#[test]
fn a_field_that_the_account_does_not_have_is_named() {
    let meadow = Meadow::open();
    let pipeline = "pipelines/payroll-journal.yaml";
    meadow.edit(pipeline, "number: employeeNumber", "number: employeeNumber, shift: shiftCode");
    meadow
        .ran(&["ping", "--only", "bamboohr"])
        .assert(1, &["✗ field shiftCode", "the account has no field `shiftCode`"]);
}

#[test]
fn a_right_that_is_missing_does_not_end_the_asking() {
    let meadow = Meadow::open();
    meadow.bamboohr.faults().always("/api/v1/time_tracking", Fault::status(403));
    meadow.gp.revoke("GET Financial/GLTransactions");
    meadow.ran(&["ping"]).assert(
        1,
        &["✗ timesheets", "timesheets: off", "✓ sign-in", "✗ journals", "map the Windows account", "✓ batches"],
    );
}

#[test]
fn one_system_that_is_not_there_does_not_hide_the_other() {
    let meadow = Meadow::open();
    let port = format!("gp_port: {}", meadow.gp.port());
    meadow.edit("environments/sandbox.yaml", &port, "gp_port: 1");
    let ran = meadow.ran(&["ping"]);
    ran.assert(5, &["✓ table jobInfo", "✗ sign-in", "GP is not available", "ml-connector doctor", "· journals"]);
}

#[test]
fn a_secret_that_is_not_in_the_vault_is_a_check_of_its_own() {
    let meadow = Meadow::open();
    meadow.edit("project.yaml", "password: { env: GP_PASSWORD }", "password: { vault: gp-password }");
    meadow.ran(&["ping"]).assert(1, &["✗ vault", "has no vault", "vault init", "✓ table jobInfo"]);
    let keys = tempfile::tempdir().unwrap();
    let key = format!("file:{}", keys.path().canonicalize().unwrap().join("meadow.key").display());
    meadow.ran(&["vault", "init", "--master-key", &key]).assert(0, &[]);
    let ran = meadow.ran(&["ping"]);
    ran.assert(1, &["✗ secret", "the secret gp-password is not in the vault", "→ ml-connector vault set gp-password"]);
    assert_eq!(meadow.gp.faults().count("/"), 0);
    meadow.fed(&["vault", "set", "gp-password"], PASSWORD).assert(0, &[]);
    meadow.ran(&["ping"]).assert(0, &["all well"]);
    let mut command = meadow.command(&["ping"]);
    command.env_remove("BAMBOOHR_API_KEY");
    crate::meadow::ran(command).assert(1, &["the variable BAMBOOHR_API_KEY is not set", "✓ company"]);
}

#[test]
fn a_closed_period_is_told_where_the_next_journal_needs_it() {
    let meadow = Meadow::open();
    meadow.gp.close_period(date(2013, 12, 2), "Financial");
    let ran = meadow.ran(&["ping", "--only", "gp"]);
    ran.assert(0, &["! fiscal periods", "today's period 2013-12 is closed", "it works"]);
    meadow.gp.close_period(NOVEMBER_30, "Financial");
    let ran = meadow.ran(&["ping", "--only", "gp"]);
    ran.assert(
        1,
        &["✗ period of payroll-journal", "2013-11, where its journal of 2013-11-30 belongs, is closed", "accountants"],
    );
}

#[test]
fn a_clock_that_is_wrong_is_told_on_either_side() {
    let meadow = Meadow::open();
    let headers = vec![("Date".to_owned(), "Mon, 02 Dec 2013 12:00:00 GMT".to_owned())];
    let answer = |status, body: &str| Fault::Answer { status, headers: headers.clone(), body: body.to_owned() };
    // The newest answer of each counts.
    meadow.bamboohr.faults().always("/api/v1/time_tracking", answer(200, "[]"));
    meadow.gp.faults().always(&format!("GET {GP}"), answer(403, ""));
    let ran = meadow.ran(&["ping"]);
    ran.assert(
        1,
        &["! clock", "days behind this machine's", "Kerberos refuses a sign-in at more than 5 minutes", "w32tm"],
    );
    let clocks = ran.out.lines().filter(|line| line.contains("! clock")).count();
    assert_eq!(clocks, 2, "{}", ran.out);
}

#[test]
fn a_wrong_company_is_a_check_of_its_own() {
    let meadow = Meadow::open();
    meadow.edit("project.yaml", "company: Meadow Goods, Inc.", "company: Meadow Good");
    let ran = meadow.ran(&["ping", "--only", "gp"]);
    ran.assert(1, &["✓ sign-in", "✗ company", "GP answered no question about Meadow Good", "its name as GP shows it"]);
}

#[test]
fn a_sign_in_by_oauth_is_told_until_a_person_has_to_come_again() {
    let application = Application::new();
    application.ran(&["ping", "--only", "bamboohr"]).assert(9, &["nobody has signed in yet", "→ a person signs in"]);
    application.ran(&["doctor"]).assert(9, &["✗ OAuth tokens", "nobody has signed in yet"]);
    assert_eq!(application.meadow().bamboohr.faults().count("/"), 0);
    let application = Application::signed_in();
    application.ran(&["ping", "--only", "bamboohr"]).assert(0, &["by OAuth", "all well"]);
    application.ran(&["doctor"]).assert(0, &["✓ OAuth tokens", "and renewed by themselves"]);
    application.meadow().bamboohr.account().oauth.revoke();
    application.ran(&["ping"]).assert(9, &["no longer takes the refresh token", "✓ company"]);
}

#[test]
fn a_question_that_nothing_depends_on_does_not_end_the_asking() {
    let meadow = Meadow::open();
    meadow.bamboohr.faults().always("/api/v1/employees/0", Fault::status(503));
    meadow.ran(&["ping"]).assert(0, &["by API key\n", "✓ table compensation", "all well"]);
    meadow.bamboohr.faults().clear();
    meadow.bamboohr.faults().always("/api/v1/meta/fields", Fault::html());
    let ran = meadow.ran(&["ping", "--only", "bamboohr"]);
    ran.assert(1, &["✗ sign-in", "a web page", "something else than BambooHR may answer there"]);
}

#[test]
fn every_company_is_asked_under_its_name() {
    let meadow = Meadow::open();
    let companies = "    company: Meadow Goods, Inc.\n    companies: [Meadow East, Meadow West]\n";
    meadow.edit("project.yaml", "    company: Meadow Goods, Inc.\n", companies);
    let ran = meadow.ran(&["ping", "--only", "gp"]);
    ran.assert(0, &["GP, Meadow East", "GP, Meadow West", "Meadow West (tenant DefaultTenant) answers"]);
}
