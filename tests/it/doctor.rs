//! `doctor`: this machine, the way to both systems, what they answer; and the bundle that may be given away.

mod tls;

use crate::meadow::{KEY, MONTHS_PAY, Meadow, PASSWORD, RATES, RUN, Ran, USER, cases};
use crate::vault::Guarded;
use flate2::read::GzDecoder;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;

/// `about · name: state` of each check.
fn list(json: &Value) -> String {
    let word = |check: &Value, name: &str| check[name].as_str().unwrap().to_owned();
    let checks = json["checks"].as_array().unwrap().iter();
    // How full this machine's disk is, is its own matter.
    let checks = checks.filter(|check| check["name"] != "free space");
    let lines =
        checks.map(|check| format!("{} · {}: {}", word(check, "about"), word(check, "name"), word(check, "state")));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn every_check_has_its_place() {
    let meadow = Meadow::open();
    let json = meadow.json(&["doctor"]);
    insta::assert_snapshot!("every_check", list(&json));
    for check in json["checks"].as_array().unwrap() {
        let good = check["state"] == "good";
        assert_eq!(check.get("remedy").is_none(), good, "{check}");
    }
    // To look makes no store.
    assert!(!meadow.project().join(".ml-connector").exists());
}

#[test]
fn a_guarded_project_is_looked_through() {
    let guarded = Guarded::open();
    let ran = guarded.ran(&["doctor", "-vv"]);
    ran.assert(
        0,
        &[
            "store.db opens and is whole",
            "its master key opens it, and all of its 3 secrets",
            "none: it is on this machine",
            "127.0.0.1 is an address",
            "--today is set",
            "it works",
        ],
    );
    for canary in [KEY, USER, PASSWORD].iter().chain(&RATES) {
        assert!(!ran.all().contains(canary), "shows {canary}:\n{}", ran.all());
    }
    fs::remove_file(guarded.key_file()).unwrap();
    guarded.ran(&["doctor"]).assert(1, &["✗ vault", "cannot be used"]);
}

#[test]
fn a_project_that_does_not_load_is_one_check_and_no_end() {
    let meadow = Meadow::open();
    meadow.edit("project.yaml", "company: Meadow Goods, Inc.", "compony: Meadow Goods, Inc.");
    meadow.ran(&["doctor"]).assert(1, &["✗ project", "it does not load: ", "ml-connector lint", "· store"]);
    assert_eq!(meadow.gp.faults().count("/"), 0);
}

#[test]
fn a_damaged_store_is_told() {
    let meadow = Meadow::open();
    meadow.approve();
    let store = meadow.project().join(".ml-connector/store.db");
    meadow.ran(&["doctor"]).assert(0, &["opens and is whole"]);
    let mut bytes = fs::read(&store).unwrap();
    let middle = bytes.len() / 2;
    bytes[4096..middle].fill(0xa5);
    fs::write(&store, bytes).unwrap();
    meadow.ran(&["doctor"]).assert(1, &["✗ store"]);
}

#[test]
fn the_way_is_told_to_where_it_ends() {
    let meadow = Meadow::open();
    let port = format!("gp_port: {}", meadow.gp.port());
    meadow.edit("environments/sandbox.yaml", &port, "gp_port: 1");
    let ran = meadow.ran(&["doctor"]);
    ran.assert(5, &["✗ connection", "127.0.0.1:1: refused: nothing listens there", "GP is not available"]);
    let proxied = Meadow::open();
    proxied.edit("project.yaml", "    company: meadow\n", "    company: meadow\n    proxy: http://127.0.0.1:1\n");
    proxied.ran(&["doctor"]).assert(5, &["http://127.0.0.1:1, as project.yaml says", "the proxy http://127.0.0.1:1"]);
}

fn unpacked(file: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut archive = tar::Archive::new(GzDecoder::new(fs::File::open(file).unwrap()));
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        let path = entry.path().unwrap().display().to_string();
        let mut text = String::new();
        entry.read_to_string(&mut text).unwrap();
        files.insert(path, text);
    }
    files
}

fn packed(meadow: &Meadow, ran: impl Fn(&[&str]) -> Ran) -> BTreeMap<String, String> {
    let file = meadow.project().join("support.tar.gz");
    let ran = ran(&["doctor", "--bundle", file.to_str().unwrap()]);
    assert!(ran.err.contains("packed for support"), "{}", ran.all());
    unpacked(&file)
}

/// Last names and mail addresses of the company's people.
fn names() -> Vec<String> {
    let mut reader = csv::Reader::from_path(cases("meadow/facts").join("employees.csv")).unwrap();
    let header = reader.headers().unwrap().clone();
    let at: Vec<usize> = (0..header.len()).filter(|&at| ["last_name", "email"].contains(&&header[at])).collect();
    let names: Vec<String> = reader
        .records()
        .map(Result::unwrap)
        .flat_map(|row| at.iter().map(|&at| row[at].to_owned()).collect::<Vec<_>>())
        .collect();
    assert!(names.len() >= 8, "{names:?}");
    names
}

fn assert_clean(files: &BTreeMap<String, String>, canaries: &[String]) {
    for (path, text) in files {
        let text = format!("{path}\n{text}").to_lowercase();
        for canary in canaries.iter().filter(|canary| !canary.is_empty()) {
            assert!(!text.contains(&canary.to_lowercase()), "{path} shows {canary}:\n{text}");
        }
    }
}

#[test]
fn a_bundle_holds_no_secret_no_pay_no_name_and_no_host() {
    let guarded = Guarded::open();
    let meadow = &guarded.meadow;
    // What people write where nobody expects it.
    meadow.edit(
        "project.yaml",
        "about: An invented",
        "about: Canary Jane's # canary-comment of 61234.56\n# An invented",
    );
    meadow.edit("project.yaml", "  gp_port: 443\n", "  gp_port: 443\n  canary_setting: canary-value-77\n");
    fs::write(meadow.project().join("environments/canary-two.yaml"), "format: 1\nsettings: { gp_port: 444 }\n")
        .unwrap();
    let pipeline = "pipelines/payroll-journal.yaml";
    meadow.edit(pipeline, "look_up:\n", "keep: last_name != \"Canaryman\"\nlook_up:\n");
    guarded.ran(&["plan", "--pipeline", "payroll-journal", "--for", "2013-11"]).assert(0, &[]);
    guarded
        .ran(&["approve", "--pipeline", "payroll-journal", "--for", "2013-11", "--by", "Canary Boss"])
        .assert(0, &[]);
    guarded.ran(&RUN).assert(0, &[]);
    guarded.ran(&["run", "--pipeline", "people-to-vendors"]);
    let files = packed(meadow, |arguments| guarded.ran(arguments));
    let key = fs::read_to_string(guarded.key_file()).unwrap();
    let folder = meadow.project().file_name().unwrap().to_str().unwrap().to_owned();
    let mut canaries: Vec<String> =
        [KEY, USER, PASSWORD, key.trim(), "canary", "meadow", "127.0.0.1", "A. Ledger"].map(str::to_owned).into();
    canaries.extend([folder, "000-2100-0000".to_owned()]);
    canaries.extend(RATES.iter().chain(&MONTHS_PAY).map(|amount| (*amount).to_owned()));
    canaries.extend(names());
    assert_clean(&files, &canaries);
    for name in ["Ada", "Ben", "Cleo", "Dan"] {
        assert!(files.values().all(|text| !text.contains(name)), "{name} is in it");
    }
    // It is of use all the same.
    let text = |name: &str| files[&format!("ml-connector-support/{name}")].clone();
    assert!(
        text("checks.txt").contains("good     GP: fiscal periods: today's period 2013-12 is open"),
        "{}",
        text("checks.txt")
    );
    assert!(text("project/project.yaml").contains("periods") || text("project/project.yaml").contains("bamboohr:"));
    let events: Value = serde_json::from_str(&text("events.json")).unwrap();
    assert!(
        events.as_array().unwrap().iter().any(|event| event["what"] == "approved" && event["by"] == "a person"),
        "{events:#}"
    );
    let documents: Value = serde_json::from_str(&text("documents.json")).unwrap();
    assert!(documents["sent"].as_u64() >= Some(1), "{documents:#}");
    assert!(text("about.json").contains(env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_bundle_names_no_account() {
    let meadow = Meadow::open();
    let roles =
        "roles:\n  team: { who: [\"ACME\\\\canary-kim\", canary-lee], may: [run, see pay, approve] }\nsettings:\n";
    meadow.edit("project.yaml", "settings:\n", roles);
    meadow.ran(&["doctor"]).assert(0, &["is in no role: it may do nothing"]);
    let files = packed(&meadow, |arguments| meadow.ran(arguments));
    assert_clean(&files, &["canary".to_owned(), "acme".to_owned()]);
    let checks = &files["ml-connector-support/checks.txt"];
    let account = format!(" {} is in no role", ml_connector_account::name().unwrap());
    assert!(checks.contains("is in no role") && !checks.contains(&account), "{checks}");
}

#[test]
fn a_bundle_of_what_does_not_work_is_as_clean() {
    let meadow = Meadow::open();
    meadow.edit("environments/sandbox.yaml", "gp_server: 127.0.0.1", "gp_server: gp-canary.invalid");
    meadow.edit("environments/sandbox.yaml", "gp_scheme: http\n", "gp_scheme: https\n");
    meadow.edit("project.yaml", "    company: meadow\n", "    company: canarylabel\n");
    let proxy = [("HTTPS_PROXY", "http://canaryuser:canarypass@proxy-canary.invalid:8080")];
    let files = packed(&meadow, |arguments| meadow.ran_with(arguments, &proxy));
    assert_clean(&files, &["canary", "meadow", KEY, PASSWORD, USER].map(str::to_owned));
    let checks = &files["ml-connector-support/checks.txt"];
    assert!(checks.contains("BAD      the way to GP: name: the proxy"), "{checks}");
    // Not even a project that does not load.
    let broken = Meadow::open();
    broken.edit("project.yaml", "  gp:\n", "  gp: [canary\n");
    let files = packed(&broken, |arguments| broken.ran(arguments));
    assert_clean(&files, &["canary", "meadow"].map(str::to_owned));
}
