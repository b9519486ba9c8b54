//! An access token on the hot path, when it is fresh: `cargo bench --bench tokens`. Every request to BambooHR asks for one. Prints
//! the least and the median beside the budget, and ends with an error where the median is over it.

#![allow(clippy::expect_used, clippy::print_stdout, reason = "a bench prints, and ends where its ground is missing")]

use jiff::{SignedDuration, Timestamp};
use ml_connector::bamboohr::AccessTokens;
use ml_connector::bamboohr::oauth::Application;
use ml_connector::clock::{Clock, SystemClock};
use ml_connector::project::connections::{BamboohrConnection, BamboohrSignIn, ChangePace, OAuth, Proxy, SecretFrom};
use ml_connector::run::sign_in::kept::Kept;
use ml_connector::run::sign_in::{Tokens, flow};
use ml_connector::run::vault::{MasterKeys, Place, Vault};
use ml_connector::store::sqlite::SqliteStore;
use ml_connector::vault::{Source, SystemRandomness};
use secrecy::{ExposeSecret as _, SecretString};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const LOOK_UPS: u32 = 100_000;
const TIMES: usize = 15;
const BUDGET: Duration = Duration::from_micros(1);

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let folder = tempfile::tempdir().expect("a folder");
    let tokens: Arc<dyn AccessTokens> = runtime.block_on(signed_in(&folder));
    let mut took: Vec<Duration> = (0..TIMES)
        .map(|_| {
            let began = Instant::now();
            runtime.block_on(async {
                for _ in 0..LOOK_UPS {
                    let token = tokens.token().await.expect("a token");
                    assert_eq!(token.expose_secret().len(), LENGTH);
                }
            });
            began.elapsed() / LOOK_UPS
        })
        .collect();
    took.sort_unstable();
    let (least, median) = (took[0], took[TIMES / 2]);
    println!("{:<48} {:>10} {:>10} {:>10}", "", "least", "median", "budget");
    println!(
        "{:<48} {:>7} ns {:>7} ns {:>7} ns",
        "a fresh token",
        least.as_nanos(),
        median.as_nanos(),
        BUDGET.as_nanos()
    );
    if median <= BUDGET { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// As long as BambooHR's are said to be.
const LENGTH: usize = 1_000;

/// The tokens of a sign-in that holds for an hour.
async fn signed_in(folder: &TempDir) -> Arc<Tokens> {
    let store = Arc::new(SqliteStore::open(&folder.path().join("store.db")).expect("a store"));
    let place = Place { store, lock: folder.path().join("lock") };
    let keys = MasterKeys {
        variable: &|_| None,
        passphrase: &|_| Err("nobody is there".to_owned()),
        elsewhere: None,
        random: Arc::new(SystemRandomness),
    };
    let clock = Arc::new(SystemClock);
    let key = keys.choose(Source::File(folder.path().join("key"))).expect("a key");
    let vault = Vault::make(place, &key, Arc::new(SystemRandomness), clock.clone(), "bench").await.expect("a vault");
    let now: Timestamp = clock.now();
    let kept = Kept {
        access_token: SecretString::from("a".repeat(LENGTH)),
        refresh_token: None,
        signed_in_at: now,
        from: now,
        until: now + SignedDuration::from_hours(1),
        renewing_since: None,
        ended: None,
    };
    kept.write(&vault, &flow::bamboohr()).await.expect("kept");
    Arc::new(Tokens::new(application(), Arc::new(vault), flow::bamboohr(), clock))
}

/// Nobody is asked: a token that is fresh is given from memory.
fn application() -> Application {
    let nowhere = SecretFrom::Environment("NOT_READ_HERE".to_owned());
    let connection = BamboohrConnection {
        company: "bench".to_owned(),
        base_url: "http://127.0.0.1:9".to_owned(),
        sign_in: BamboohrSignIn::ApiKey(nowhere.clone()),
        timesheets: false,
        proxy: Proxy::Off,
        changes: ChangePace::default(),
        webhook: None,
    };
    let oauth = OAuth {
        client_id: "ml-connector".to_owned(),
        client_secret: nowhere,
        redirect: "https://bench.example/back".to_owned(),
        scopes: vec!["offline_access".to_owned()],
        pkce: true,
    };
    Application::new(&connection, &oauth, &"secret".into()).expect("an application")
}
