//! `webhook` against the sandbox: registered, delivered to the listener, shown, renewed and removed.

use crate::meadow::{KEY, MONTHS_PAY, RATES};
use crate::vault::Guarded;
use ml_connector::clock::StandingClock;
use ml_connector::project::Generation;
use ml_connector::run::systems::Secrets;
use ml_connector::run::vault::{MasterKeys, Place, Vault};
use ml_connector::sandbox::faults::Fault;
use ml_connector::service::webhooks::{Counts, Listening, listen_for};
use ml_connector::store::sqlite::SqliteStore;
use ml_connector::store::{DeliveryStore, Happened, SecretStore, Told};
use ml_connector::vault::{SecretName, SystemRandomness};
use secrecy::ExposeSecret;
use serde_json::Value;
use std::sync::Arc;
use tokio::runtime::Runtime;
use tokio::sync::Notify;

const LIST: [&str; 2] = ["webhook", "list"];

/// Meadow Goods, whose project receives webhooks at a port that the listener chooses.
pub struct Hooked {
    pub guarded: Guarded,
    runtime: Runtime,
}

impl Hooked {
    pub fn named(webhook: &str) -> Hooked {
        let guarded = Guarded::open();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let key = "api_key: { vault: bamboohr-key }";
        guarded.meadow.edit("project.yaml", key, &format!("{key}\n    webhook: {webhook}"));
        Hooked { guarded, runtime }
    }

    pub fn open() -> Hooked {
        Hooked::named("{ listen: \"127.0.0.1:0\", private_key: { vault: bamboohr-webhook } }")
    }

    pub fn generation(&self) -> Generation {
        Generation::load(self.guarded.meadow.project(), Some("sandbox")).unwrap()
    }

    pub fn store(&self) -> Arc<SqliteStore> {
        Arc::new(SqliteStore::open(&self.guarded.store_file()).unwrap())
    }

    /// The vault over `store`, as another process would open it.
    pub async fn vault(&self, store: Arc<dyn SecretStore>) -> Vault {
        let keys = MasterKeys {
            variable: &|_| None,
            passphrase: &|_| Err("nobody is there".to_owned()),
            elsewhere: None,
            random: Arc::new(SystemRandomness),
        };
        let lock = self.guarded.meadow.project().join(".ml-connector/vault.lock");
        Vault::open(Place { store, lock }, &keys, Arc::new(self.guarded.meadow.clock.clone())).await.unwrap()
    }

    fn listens(&self, wake: &Arc<Notify>, clock: &StandingClock) -> Listening {
        self.runtime.block_on(async {
            let store = self.store();
            let vault = Some(Arc::new(self.vault(store.clone()).await));
            let secrets = Secrets { variable: &|_| None, vault };
            let clock = Arc::new(clock.clone());
            listen_for(&self.generation(), &secrets, store, clock, Arc::clone(wake)).await.unwrap().unwrap()
        })
    }

    pub fn register(&self, url: &str) -> crate::meadow::Ran {
        self.guarded.ran(&["webhook", "register", "--url", url])
    }

    pub fn deliver(&self) -> usize {
        self.runtime.block_on(self.guarded.meadow.bamboohr.deliver_webhooks())
    }

    pub fn private_key(&self) -> String {
        self.runtime.block_on(async {
            let name = SecretName::new("bamboohr-webhook").unwrap();
            let vault = self.vault(self.store()).await;
            vault.value(&name).await.unwrap().unwrap().expose_secret().to_owned()
        })
    }
}

#[test]
fn an_edit_in_bamboohr_arrives_signed_and_a_new_key_needs_no_new_start() {
    let company = Hooked::open();
    let clock = company.guarded.meadow.clock.clone();
    // Any address for a beginning: the listener wants its key first.
    company.register("http://127.0.0.1:9/webhooks/bamboohr").assert(0, &["made webhook 1", "sealed its key"]);
    company.guarded.ran(&["webhook", "remove"]).assert(0, &["removed webhook 1", "removed its key, bamboohr-webhook"]);
    company.register("http://127.0.0.1:9/webhooks/bamboohr").assert(0, &["made webhook 2"]);
    let wake = Arc::new(Notify::new());
    let listening = company.listens(&wake, &clock);
    // Registered again, at the port that is known now, while the service listens with the key before.
    company.guarded.ran(&["webhook", "remove", "2"]).assert(0, &[]);
    let url = format!("http://{}/webhooks/bamboohr", listening.address());
    company.register(&url).assert(0, &["made webhook 3, ml-connector meadow", "Pay rate", "Department", "Status"]);

    company.guarded.meadow.raise("2013-11-04", "81000.00");
    assert_eq!(company.deliver(), 1);
    company.runtime.block_on(wake.notified());
    let waiting = company.runtime.block_on(company.store().waiting_deliveries()).unwrap();
    let [delivery] = waiting.as_slice() else { panic!("{waiting:?}") };
    let Told::Changes(changes) = &delivery.told else { panic!("{delivery:?}") };
    assert_eq!((changes[0].happened, changes[0].employee_id.as_str()), (Happened::Updated, "1"));
    assert!(changes[0].fields.contains(&"payRate".to_owned()), "{changes:?}");
    assert_eq!(listening.counts(), Counts { kept: 1, ..Counts::default() });

    company.guarded.ran(&LIST).assert(0, &["webhook 3", &url, "last taken 2013-12-02 12:00:00"]);
    company.guarded.ran(&["webhook", "log"]).assert(0, &["2013-12-02 12:00:00  200  employee 1"]);
    let listed: Value =
        serde_json::from_str(&company.guarded.ran(&["webhook", "list", "--format", "json"]).out).unwrap();
    assert_eq!(listed["webhooks"][0]["last_success"], "2013-12-02 12:00:00");
    assert_eq!((&listed["webhooks"][0]["ours"], &listed["webhooks"][0]["last_status"]), (&true.into(), &"200".into()));
    company.runtime.block_on(listening.stop());
    company.guarded.meadow.raise("2013-11-05", "82000.00");
    company.deliver();
    company.guarded.ran(&["webhook", "log"]).assert(0, &["last taken Webhook Not Found"]);
    company.guarded.ran(&["audit"]).assert(0, &["webhook registered", "secret removed"]);
}

#[test]
fn nothing_shows_the_private_key_or_anybodys_pay() {
    let company = Hooked::open();
    let wake = Arc::new(Notify::new());
    let mut shown = Vec::new();
    let mut tell = |arguments: &[&str], code: i32| {
        let ran = company.guarded.ran(&[arguments, &["-vv"]].concat());
        assert_eq!(ran.code, code, "{arguments:?}: {}", ran.all());
        shown.push((arguments.join(" "), ran.all().into_bytes()));
    };
    tell(&["webhook", "register", "--url", "http://127.0.0.1:9/webhooks/bamboohr"], 0);
    let first = company.private_key();
    tell(&["webhook", "remove"], 0);
    let clock = company.guarded.meadow.clock.clone();
    tell(&["webhook", "register", "--url", "http://127.0.0.1:9/webhooks/bamboohr", "--format", "json"], 0);
    let listening = company.listens(&wake, &clock);
    company.guarded.meadow.raise("2013-11-04", "81000.00");
    for command in
        [&LIST[..], &["webhook", "log"], &["webhook", "list", "--format", "json"], &["audit"], &["vault", "list"]]
    {
        tell(command, 0);
    }
    tell(&["webhook", "register", "--url", "http://127.0.0.1:9/webhooks/bamboohr"], 1);
    let second = company.private_key();
    assert_eq!((first.len(), second.len()), (32, 32));
    let folder = company.guarded.meadow.project().join(".ml-connector");
    for file in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        shown.push((file.path().display().to_string(), std::fs::read(file.path()).unwrap()));
    }
    drop(listening);
    let canaries = [&*first, &*second, KEY, "81000"].into_iter().chain(RATES).chain(MONTHS_PAY);
    for canary in canaries {
        for (what, bytes) in &shown {
            let has = bytes.windows(canary.len()).any(|window| window == canary.as_bytes());
            assert!(!has, "{what} shows {canary}");
        }
    }
}

#[test]
fn what_cannot_be_registered_is_refused_before_bamboohr_makes_anything() {
    let far = "https://hr.meadow.example/webhooks/bamboohr";
    let none = Guarded::open();
    let without = none.ran(&["webhook", "register", "--url", far]);
    without.assert(78, &["this project receives no webhooks", "docs/webhooks.md"]);
    let variable = Hooked::named("{ listen: \"127.0.0.1:8470\", private_key: { env: BAMBOOHR_WEBHOOK } }");
    variable
        .register(far)
        .assert(78, &["in the variable BAMBOOHR_WEBHOOK", "private_key: { vault: bamboohr-webhook }"]);
    let shared = Hooked::named("{ listen: \"127.0.0.1:8470\", private_key: { vault: gp-password } }");
    shared.register(far).assert(78, &["gp-password is the webhook's key and something else's"]);
    let company = Hooked::open();
    for url in ["http://hr.meadow.example/webhooks/bamboohr", "hr.meadow.example", "https://me:pa55@hr.meadow.example/"]
    {
        let refused = company.register(url);
        refused.assert(2, &["BambooHR cannot call", "https://hr.acme.example/webhooks/bamboohr"]);
        assert!(!refused.all().contains("pa55"));
    }
    for guarded in [&none, &variable.guarded, &shared.guarded, &company.guarded] {
        assert_eq!(guarded.meadow.bamboohr.faults().count("POST /api/v1/webhooks"), 0);
    }
    company.register(far).assert(0, &[]);
    company.register(far).assert(1, &["is in BambooHR already: webhook 1", "webhook remove 1"]);
    assert_eq!(company.guarded.meadow.bamboohr.faults().count("POST /api/v1/webhooks"), 1);
    company.guarded.ran(&["webhook", "log", "7"]).assert(1, &["no webhook 7"]);
    company.guarded.ran(&["webhook", "remove", "7"]).assert(1, &["no webhook 7"]);
}

/// BambooHR answers 200 when its log is asked too often.
#[test]
fn a_log_that_is_asked_too_often_is_not_taken_for_an_empty_one() {
    let company = Hooked::open();
    company.register("https://hr.meadow.example/webhooks/bamboohr").assert(0, &[]);
    let body = r#"{"error":{"code":429,"message":"Over rate limit, please try again in 60 seconds"}}"#;
    let limit = Fault::Answer { status: 200, headers: Vec::new(), body: body.to_owned() };
    company.guarded.meadow.bamboohr.faults().always("/api/v1/webhooks/1/log", limit);
    company.guarded.ran(&["webhook", "log"]).assert(5, &["asked too often"]);
    company.guarded.ran(&LIST).assert(0, &["webhook 1", "the log of webhook 1 is not to be had"]);
    company.guarded.ran(&["webhook", "remove"]).assert(0, &["removed webhook 1"]);
    company.guarded.ran(&["webhook", "remove"]).assert(1, &["ml-connector meadow is not in BambooHR"]);
}

#[test]
fn doctor_tells_whether_the_key_is_there_and_the_port_can_be_opened() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = taken.local_addr().unwrap();
    let company = Hooked::named(&format!("{{ listen: \"{listen}\", private_key: {{ vault: bamboohr-webhook }} }}"));
    company.guarded.ran(&["doctor"]).assert(1, &["✗ webhook", "needs the secret bamboohr-webhook", "webhook register"]);
    company.register("https://hr.meadow.example/webhooks/bamboohr").assert(0, &[]);
    company.guarded.ran(&["doctor"]).assert(0, &["· webhook", &format!("somebody listens at {listen}")]);
    drop(taken);
    company.guarded.ran(&["doctor"]).assert(0, &["✓ webhook", &format!("{listen} is free to listen at")]);
}
