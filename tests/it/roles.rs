//! Roles and approvals by several people, through the command line: who is refused sees nothing, and what they tried is known.
//!
//! Nothing lets a test say who it is: it asks the system, as the program does, and writes a project that lets that account do
//! something or not.

use crate::meadow::{Meadow, RATES, RUN, Ran, ran};
use ml_connector::clock::{Clock, SystemClock};
use ml_connector::store::Store;
use ml_connector::store::sqlite::SqliteStore;

const PLAN: [&str; 5] = ["plan", "--pipeline", "payroll-journal", "--for", "2013-11"];
const APPROVE: [&str; 5] = ["approve", "--pipeline", "payroll-journal", "--for", "2013-11"];

/// The account that runs the tests, as YAML.
fn me() -> String {
    serde_json::to_string(&ml_connector_account::name().unwrap()).unwrap()
}

/// Meadow Goods with these rules; `ME` in them is the account that runs the tests.
struct Ruled(Meadow);

impl Ruled {
    fn open(rules: &str) -> Ruled {
        let ruled = Ruled(Meadow::open());
        ruled.rule(rules);
        ruled
    }

    /// Puts rules in the place of those before.
    fn rule(&self, rules: &str) {
        let path = self.0.project().join("project.yaml");
        let text = std::fs::read_to_string(&path).unwrap();
        let head = text.split("roles:").next().unwrap();
        std::fs::write(path, format!("{head}{}\n", rules.replace("ME", &me()))).unwrap();
    }

    /// Runs a command; the variables say that it is somebody else.
    fn ran(&self, arguments: &[&str]) -> Ran {
        let mut command = self.0.command(arguments);
        command.env_remove("ML_CONNECTOR_USER").env("USER", "lee").env("USERNAME", "lee").env("LOGNAME", "lee");
        ran(command)
    }

    fn store(&self) -> SqliteStore {
        SqliteStore::open(&self.0.project().join(".ml-connector/store.db")).unwrap()
    }

    /// The audit trail as `who what`, without what the engine did.
    fn trail(&self) -> Vec<String> {
        let rows = self.ran(&["audit", "--format", "json"]);
        let rows: serde_json::Value = serde_json::from_str(&rows.out).unwrap();
        let row =
            |row: &serde_json::Value| format!("{} {}", row["who"].as_str().unwrap(), row["what"].as_str().unwrap());
        rows.as_array().unwrap().iter().map(row).filter(|row| !row.starts_with("engine")).collect()
    }
}

fn mine(what: &str) -> String {
    format!("{} {what}", ml_connector_account::name().unwrap())
}

#[test]
fn who_may_not_see_pay_sees_no_cent_and_the_try_is_known() {
    let ruled = Ruled::open(
        "roles:\n  team: { who: [ME], may: [run, approve] }\n  controllers: { who: [lee], may: [see pay] }",
    );
    assert_eq!(ruled.ran(&PLAN).code, 0);
    assert_eq!(ruled.ran(&APPROVE).code, 0);
    assert_eq!(ruled.ran(&RUN).code, 0);
    let folder = ruled.0.project().join("saved");
    let saved = folder.to_str().unwrap();
    let refused: [&[&str]; 5] = [
        &["explain", "80000001", "--show-pay"],
        &["observe", "--for", "2013-11", "--save", saved],
        &["impact", "--against", ".", "--show-pay"],
        &["shadow", "--pipeline", "payroll-journal", "--for", "2013-11", "--with", "gp"],
        &["reconcile", "--pipeline", "payroll-journal", "--for", "2013-11", "--offline"],
    ];
    for arguments in refused {
        let ran = ruled.ran(arguments);
        ran.assert(77, &["may `see pay`", "controllers (project.yaml:"]);
        assert_eq!(ran.out, "", "{arguments:?}");
        for rate in RATES {
            assert!(!ran.all().contains(rate), "{arguments:?}: {}", ran.all());
        }
    }
    assert!(!folder.exists());
    ruled
        .ran(&["try", "department", "--pipeline", "payroll-journal", "--for", "2013-11", "--employee", "1"])
        .assert(77, &[]);
    let refusals = ruled.trail().iter().filter(|row| **row == mine("refused")).count();
    assert_eq!(refusals, refused.len() + 1);
    assert!(!ruled.trail().iter().any(|row| row.ends_with("read pay")));
    ruled.ran(&["audit", "--verify"]).assert(0, &[]);
}

#[test]
fn who_may_see_pay_sees_it_and_leaves_their_accounts_name() {
    let ruled = Ruled::open("roles:\n  team: { who: [ME], may: [run, approve, see pay] }");
    assert_eq!([ruled.ran(&PLAN).code, ruled.ran(&APPROVE).code, ruled.ran(&RUN).code], [0, 0, 0]);
    ruled.ran(&["explain", "80000001", "--show-pay"]).assert(0, &["6,000.00"]);
    let folder = ruled.0.project().join("saved");
    ruled.ran(&["observe", "--for", "2013-11", "--save", folder.to_str().unwrap()]).assert(0, &["4 people"]);
    let trail = ruled.trail();
    assert_eq!(trail.iter().filter(|row| **row == mine("read pay")).count(), 2, "{trail:?}");
    assert!(trail.contains(&mine("approved")) && trail.contains(&mine("planned")));
    assert!(trail.iter().all(|row| !row.starts_with("lee")), "{trail:?}");
}

#[test]
fn a_line_of_one_person_is_not_shown_to_who_may_not_see_pay() {
    let ruled = Ruled::open("roles:\n  team: { who: [ME], may: [run, approve] }");
    // Two people in each department: these amounts are shared.
    ruled.ran(&PLAN).assert(0, &["11,102.88"]);
    assert_eq!([ruled.ran(&APPROVE).code, ruled.ran(&RUN).code], [0, 0]);
    ruled.ran(&["explain", "80000001"]).assert(0, &["debit 11,102.88"]);
    // 84,000 / 12 - 6,000: somebody's raise.
    ruled.0.raise("2013-11-01", "84000.00 USD");
    for arguments in [&RUN[..], &PLAN, &["replay", "--pipeline", "payroll-journal", "--for", "2013-11"]] {
        for format in ["human", "json"] {
            let ran = ruled.ran(&[arguments, &["--format", format]].concat());
            assert!(ran.all().contains("***") && ran.err.contains("amounts are hidden"), "{}", ran.all());
            for amount in ["1,000.00", "1000.00", "76.50", "1076.50"] {
                assert!(!ran.all().contains(amount), "{arguments:?} shows {amount}:\n{}", ran.all());
            }
        }
    }
    let status: serde_json::Value = serde_json::from_str(&ruled.ran(&["status", "--format", "json"]).out).unwrap();
    let difference = status["plans"][0]["documents"][0]["document_id"].as_str().unwrap().to_owned();
    let explained = ruled.ran(&["explain", &difference]);
    explained.assert(0, &["***", "amounts are hidden"]);
    assert!(!explained.all().contains("1,000.00"), "{}", explained.all());
}

#[test]
fn who_may_not_run_or_approve_does_neither() {
    let ruled = Ruled::open("roles:\n  others: { who: [lee], may: [run, approve, see pay, keep secrets] }");
    let serve = ["serve", "--once"];
    let send = ["send", "--pipeline", "payroll-journal"];
    for arguments in [&PLAN[..], &RUN, &send, &serve, &["observe", "--for", "2013-11"]] {
        ruled.ran(arguments).assert(77, &["may `run`", "others (project.yaml:"]);
    }
    assert!(!ruled.0.project().join(".ml-connector/store.db").exists(), "to be refused makes no store");
    assert_eq!(ruled.0.gp.faults().count("/"), 0, "GP was asked");
    ruled.rule("roles:\n  team: { who: [ME], may: [run] }\n  others: { who: [lee], may: [approve] }");
    assert_eq!(ruled.ran(&PLAN).code, 0);
    ruled.ran(&APPROVE).assert(77, &["may `approve`"]);
    ruled
        .ran(&["vault", "init", "--master-key", "env:KEY"])
        .assert(77, &["no role of project.yaml may `keep secrets`"]);
    let register = ["webhook", "register", "--url", "https://hr.meadow.example/webhooks/bamboohr"];
    ruled.ran(&register).assert(77, &["no role of project.yaml may `keep secrets`"]);
    assert_eq!(ruled.trail(), ["planned", "refused", "refused", "refused"].map(mine));
    ruled.ran(&RUN).assert(4, &["awaits approval"]);
    assert_eq!(ruled.0.posts(), 0);
}

#[test]
fn nobody_acts_in_another_name() {
    let ruled = Ruled::open("roles:\n  team: { who: [ME, lee], may: [run, approve, see pay] }");
    assert_eq!(ruled.ran(&PLAN).code, 0);
    ruled.ran(&[&APPROVE[..], &["--by", "lee"]].concat()).assert(77, &["says `lee`", "leave `--by` out"]);
    // ML_CONNECTOR_USER is A. Ledger.
    ran(ruled.0.command(&APPROVE)).assert(77, &["says `A. Ledger`"]);
    let name = ml_connector_account::name().unwrap();
    ruled.ran(&[&APPROVE[..], &["--by", &name]].concat()).assert(0, &["approved"]);
    assert_eq!(ruled.trail(), ["planned", "refused", "refused", "approved"].map(mine));
}

#[test]
fn rules_that_cannot_be_read_let_nobody_through() {
    let ruled = Ruled::open("roles:\n  team: { who: [ME], may: [run, approve, see pay] }");
    assert_eq!([ruled.ran(&PLAN).code, ruled.ran(&APPROVE).code, ruled.ran(&RUN).code], [0, 0, 0]);
    ruled.rule("roles:\n  team: { who: [ME], may: [se pay] }");
    let ran = ruled.ran(&["explain", "80000001", "--show-pay"]);
    ran.assert(78, &["project.yaml does not load"]);
    assert_eq!(ran.out, "");
}

#[test]
fn a_store_that_is_looked_into_from_elsewhere_keeps_its_rules() {
    let ruled = Ruled::open("roles:\n  team: { who: [ME], may: [run, approve] }");
    assert_eq!([ruled.ran(&PLAN).code, ruled.ran(&APPROVE).code, ruled.ran(&RUN).code], [0, 0, 0]);
    let elsewhere = tempfile::tempdir().unwrap();
    let store = ruled.0.project().join(".ml-connector/store.db");
    let arguments = ["explain", "80000001", "--show-pay", "--store", store.to_str().unwrap()];
    let mut command = ruled.0.command(&arguments);
    command.env_remove("ML_CONNECTOR_USER").current_dir(elsewhere.path());
    ran(command).assert(77, &["no role of project.yaml may `see pay`"]);
}

#[test]
fn two_people_approve_and_one_of_them_is_not_enough() {
    let ruled =
        Ruled::open("roles:\n  team: { who: [ME, lee], may: [run, approve, see pay] }\napprovals: { people: 2 }");
    assert_eq!(ruled.ran(&PLAN).code, 0);
    ruled.ran(&APPROVE).assert(4, &["1 of 2", "somebody else"]);
    ruled.ran(&APPROVE).assert(4, &["1 of 2", "said yes before, and counts once"]);
    ruled.ran(&["status"]).assert(0, &["planned original 2013-11 · 1 of 2 approvals: "]);
    ruled.ran(&RUN).assert(4, &["awaits approval"]);
    assert_eq!(ruled.0.posts(), 0);
    // The other person, as their own account would.
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let plan = runtime.block_on(async {
        let store = ruled.store();
        let plan = store.latest_plan("payroll-journal", None).await.unwrap().unwrap();
        store.approve(&plan.id, "lee", 2, SystemClock.now()).await.unwrap()
    });
    assert_eq!((plan.documents.len(), plan.waiting.len()), (1, 0));
    ruled.ran(&RUN).assert(0, &["sent", "80000001"]);
    let trail = ruled.trail();
    assert_eq!(trail, [mine("planned"), mine("said yes"), "lee approved".to_owned()], "{trail:?}");
}

#[test]
fn an_approval_that_was_enough_is_counted_anew_when_more_people_are_asked() {
    let ruled = Ruled::open("roles:\n  team: { who: [ME, lee], may: [run, approve, see pay] }");
    assert_eq!([ruled.ran(&PLAN).code, ruled.ran(&APPROVE).code], [0, 0]);
    ruled.rule("roles:\n  team: { who: [ME, lee], may: [run, approve, see pay] }\napprovals: { people: 2 }");
    ruled.ran(&RUN).assert(4, &["awaits approval"]);
    ruled.ran(&["status"]).assert(0, &["1 of 2 approvals"]);
    assert_eq!(ruled.0.posts(), 0);
}
