//! Opening the secrets of a vault: `cargo bench --bench vault`. Prints the least and the median beside the budget, and ends
//! with an error where even the least is over it. In a debug build the cipher's generic code is ours, unoptimised, and takes
//! about the whole budget; `--config 'profile.dev.package.ml-connector.opt-level=1'` shows what it is about without LTO.

#![allow(clippy::expect_used, clippy::print_stdout, reason = "a bench prints, and ends where its ground is missing")]

use jiff::Timestamp;
use ml_connector::clock::StandingClock;
use ml_connector::run::vault::{MasterKeys, Place, Vault};
use ml_connector::store::sqlite::SqliteStore;
use ml_connector::vault::{MasterKey, SecretName, Source, Stretch, SystemRandomness};
use secrecy::SecretString;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

const SECRETS: usize = 1_000;
const TIMES: usize = 15;
/// Without what a passphrase costs.
const BUDGET: Duration = Duration::from_millis(100);

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().expect("a runtime");
    let folder = tempfile::tempdir().expect("a folder");
    let store = Arc::new(SqliteStore::open(&folder.path().join("store.db")).expect("a store"));
    let place = Place { store, lock: folder.path().join("lock") };
    let clock = Arc::new(StandingClock::at(Timestamp::UNIX_EPOCH));
    let keys = MasterKeys {
        variable: &|_| None,
        passphrase: &|_| Err("nobody is there".to_owned()),
        elsewhere: None,
        random: Arc::new(SystemRandomness),
    };
    runtime.block_on(async {
        let chosen = keys.choose(Source::File(folder.path().join("key"))).expect("a key");
        let vault = Vault::make(place.clone(), &chosen, keys.random.clone(), clock.clone(), "bench").await;
        let vault = vault.expect("a vault");
        for number in 0..SECRETS {
            let name = SecretName::new(&format!("secret-{number}")).expect("a name");
            vault.set(&name, &SecretString::from(format!("the value of {number}")), "bench").await.expect("set");
        }
    });
    let open = || {
        let (place, clock) = (place.clone(), clock.clone());
        let values = runtime.block_on(async { Vault::open(place, &keys, clock).await?.values().await });
        assert_eq!(values.expect("the values").len(), SECRETS);
    };
    println!("{:<48} {:>10} {:>10} {:>10}", "", "least", "median", "budget");
    let least = measure("1,000 secrets: key file, header, every value", TIMES, Some(BUDGET), open);
    let stretch = Stretch::new(&SystemRandomness).expect("random numbers");
    let passphrase = SecretString::from("correct horse battery staple");
    measure("a passphrase beside it (Argon2id, 64 MiB)", 5, None, || {
        MasterKey::from_passphrase(&passphrase, &stretch).expect("a key");
    });
    if least <= BUDGET { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Prints one row; gives the least time.
fn measure(what: &str, times: usize, budget: Option<Duration>, work: impl Fn()) -> Duration {
    let once = || {
        let began = Instant::now();
        work();
        began.elapsed()
    };
    let mut took: Vec<Duration> = (0..times).map(|_| once()).collect();
    took.sort_unstable();
    let (least, median) = (took[0], took[times / 2]);
    let budget = budget.map_or_else(|| "none".to_owned(), words);
    println!("{what:<48} {:>10} {:>10} {budget:>10}", words(least), words(median));
    least
}

fn words(duration: Duration) -> String {
    format!("{}.{} ms", duration.as_millis(), duration.as_micros() % 1000 / 100)
}
