//! Another master key, stopped at every step: afterwards everything opens with one key, and nothing is lost.

use super::Guarded;
use super::stopping::{Stop, Stopping};
use jiff::Timestamp;
use ml_connector::clock::StandingClock;
use ml_connector::run::systems::RunError;
use ml_connector::run::vault::{MasterKeys, Place, Vault};
use ml_connector::store::sqlite::SqliteStore;
use ml_connector::vault::{SecretName, Source, SystemRandomness};
use secrecy::{ExposeSecret, SecretString};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

#[test]
fn a_rotation_replaces_the_key_and_every_secret_still_opens() {
    let guarded = Guarded::open();
    let before = fs::read_to_string(guarded.key_file()).unwrap();
    guarded.ran(&["vault", "rotate", "--by", "R. Otator"]).assert(0, &["rotated: master key 2, 3 secrets"]);
    let after = fs::read_to_string(guarded.key_file()).unwrap();
    assert_ne!(before, after);
    guarded.ran(&["vault", "verify"]).assert(0, &["whole: 3 secrets"]);
    guarded.ran(&["observe", "--for", "2013-11"]).assert(0, &[]);
    guarded.ran(&["audit"]).assert(0, &["R. Otator", "vault rotated", "master key 2, 3 secrets"]);
    fs::write(guarded.key_file(), before).unwrap();
    guarded.ran(&["vault", "verify"]).assert(78, &["this master key does not open the vault"]);
}

#[test]
fn the_key_moves_into_a_variable_and_back() {
    let guarded = Guarded::open();
    let old = fs::read_to_string(guarded.key_file()).unwrap();
    let variables = [("VAULT_KEY", "5a".repeat(32)), ("SAME_KEY", old)];
    let variables = variables.each_ref().map(|(name, value)| (*name, value.as_str()));
    let ran = |arguments: &[&str]| guarded.meadow.ran_with(arguments, &variables);
    ran(&["vault", "rotate", "--to", "env:SAME_KEY"]).assert(78, &["it holds the key in force"]);
    let told = format!("{} opens only older copies of the store now: remove it", guarded.place());
    ran(&["vault", "rotate", "--to", "env:VAULT_KEY"]).assert(0, &["master key 2", &told]);
    fs::remove_file(guarded.key_file()).unwrap();
    ran(&["vault", "verify"]).assert(0, &["whole: 3 secrets"]);
    ran(&["vault", "rotate"]).assert(78, &["both keys are needed at once"]);
    ran(&["vault", "rotate", "--to", &guarded.place()]).assert(0, &["master key 3"]);
    guarded.ran(&["vault", "verify"]).assert(0, &["whole: 3 secrets"]);
}

/// kill -9 while the rotation waits for the store: its new key is on disk, and the old one is in force.
#[test]
fn killed_before_the_store_knows_the_old_key_opens_everything() {
    let guarded = Guarded::open();
    let mut blocker = rusqlite::Connection::open(guarded.store_file()).unwrap();
    let writing = blocker.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).unwrap();
    let rotating = guarded.meadow.started(&["vault", "rotate"]);
    while !next(&guarded.key_file()).exists() {
        std::thread::yield_now();
    }
    rotating.kill();
    drop(writing);
    guarded.ran(&["vault", "verify"]).assert(0, &["whole: 3 secrets"]);
    guarded.ran(&["vault", "rotate"]).assert(0, &["rotated: master key 2"]);
    assert!(!next(&guarded.key_file()).exists());
    guarded.ran(&["vault", "verify"]).assert(0, &["whole: 3 secrets"]);
}

fn next(key: &Path) -> PathBuf {
    PathBuf::from(format!("{}.next", key.display()))
}

#[tokio::test]
async fn stopped_at_any_step_every_secret_opens_afterwards() {
    for at in [Stop::BeforeARotation, Stop::InARotation, Stop::AfterARotation] {
        let folder = tempfile::tempdir().unwrap();
        let (key, lock) = (folder.path().join("key"), folder.path().join("lock"));
        let store = Arc::new(SqliteStore::open(&folder.path().join("store.db")).unwrap());
        let clock = Arc::new(StandingClock::at(Timestamp::UNIX_EPOCH));
        let keys = MasterKeys {
            variable: &|_| None,
            passphrase: &|_| Err("nobody is there".to_owned()),
            elsewhere: None,
            random: Arc::new(SystemRandomness),
        };
        let chosen = keys.choose(Source::File(key.clone())).unwrap();
        let place = Place { store: store.clone(), lock: lock.clone() };
        let vault = Vault::make(place.clone(), &chosen, keys.random.clone(), clock.clone(), "A").await.unwrap();
        let names: Vec<_> = (0..20).map(|n| SecretName::new(&format!("secret-{n}")).unwrap()).collect();
        for name in &names {
            vault.set(name, &SecretString::from(format!("value of {name}")), "A").await.unwrap();
        }
        let before = fs::read_to_string(&key).unwrap();
        let stopping = Place { store: Arc::new(Stopping::new(store.clone(), at)), lock };
        let vault = Vault::open(stopping, &keys, clock.clone()).await.unwrap();
        assert!(vault.rotate(&keys, None, "A").await.is_err());
        assert_eq!(fs::read_to_string(&key).unwrap(), before, "{at:?}: the old key is kept until all is done");
        assert!(next(&key).exists());
        drop(vault);

        // The next command, whatever it is.
        let vault = Vault::open(place.clone(), &keys, clock.clone()).await.unwrap();
        for name in &names {
            let value = vault.value(name).await.unwrap().unwrap();
            assert_eq!(value.expose_secret(), format!("value of {name}"), "{at:?}");
        }
        let is_new = fs::read_to_string(&key).unwrap() != before;
        assert_eq!(is_new, at == Stop::AfterARotation, "{at:?}: the step that the store knows of is ended");
        vault.rotate(&keys, None, "A").await.unwrap();
        assert!(!next(&key).exists());
        let vault = Vault::open(place, &keys, clock).await.unwrap();
        assert!(vault.verify().await.unwrap().iter().all(|secret| secret.refused.is_none()));
    }
}

/// A secret that is set while a rotation is under way is not left under a key that nobody has any more.
#[test]
fn a_vault_opened_before_a_rotation_writes_nothing_after_it() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let guarded = Guarded::open();
    let store = Arc::new(SqliteStore::open(&guarded.store_file()).unwrap());
    let place = Place { store, lock: guarded.meadow.project().join(".ml-connector/vault.lock") };
    let keys = MasterKeys {
        variable: &|_| None,
        passphrase: &|_| Err("nobody is there".to_owned()),
        elsewhere: None,
        random: Arc::new(SystemRandomness),
    };
    let clock = Arc::new(StandingClock::at(Timestamp::UNIX_EPOCH));
    let vault = runtime.block_on(Vault::open(place, &keys, clock)).unwrap();
    guarded.ran(&["vault", "rotate"]).assert(0, &["master key 2"]);
    let name = SecretName::new("gp-user").unwrap();
    let is_changed = |error: RunError| error.to_string().contains("changed by another command");
    assert!(runtime.block_on(vault.set(&name, &"late".into(), "A")).is_err_and(is_changed));
    assert!(runtime.block_on(vault.value(&name)).is_err_and(is_changed));
    assert!(runtime.block_on(vault.rotate(&keys, None, "A")).is_err_and(is_changed));
    guarded.ran(&["vault", "verify"]).assert(0, &["whole: 3 secrets"]);
}
