//! Setting, listing, removing, exporting, and every place of a master key.

use super::Guarded;
use crate::meadow::{KEY, Meadow, RUN};
use std::fs;
#[cfg(unix)]
use std::os::unix::fs::PermissionsExt;

#[test]
fn a_month_is_sent_with_every_secret_in_the_vault() {
    let guarded = Guarded::open();
    guarded.ran(&["plan", "--pipeline", "payroll-journal", "--for", "2013-11"]).assert(0, &[]);
    guarded.ran(&["approve", "--pipeline", "payroll-journal", "--for", "2013-11"]).assert(0, &[]);
    guarded.ran(&RUN).assert(0, &["sent"]);
    guarded.meadow.assert_sent_once("with the vault");
}

#[test]
fn secrets_are_listed_replaced_and_removed_by_name() {
    let guarded = Guarded::open();
    guarded.meadow.fed(&["vault", "set", "gp-password"], "another\n").assert(0, &["set gp-password, version 2"]);
    let listed = guarded.meadow.json(&["vault", "list"]);
    let names: Vec<_> = listed["secrets"].as_array().unwrap().iter().map(|secret| &secret["name"]).collect();
    assert_eq!(names, ["bamboohr-key", "gp-password", "gp-user"]);
    assert_eq!(listed["secrets"][1]["version"], 2);
    guarded.ran(&["vault", "verify"]).assert(0, &["whole: 3 secrets"]);
    guarded.ran(&["vault", "remove", "gp-password", "--by", "R. Emover"]).assert(0, &["removed gp-password"]);
    guarded.ran(&["vault", "remove", "gp-password"]).assert(1, &["gp-password is not in the vault"]);
    guarded.ran(&["observe", "--for", "2013-11"]).assert(
        78,
        &[
            "GP needs the secret gp-password, which is not in the vault",
            "hint: set it: ml-connector vault set gp-password",
        ],
    );
    let audit = guarded.ran(&["audit"]);
    audit.assert(0, &["vault made", "secret set", "version 2", "R. Emover", "secret removed"]);
    assert!(!audit.all().contains("another") && !audit.all().contains(KEY), "{}", audit.all());
    guarded.ran(&["audit", "--verify"]).assert(0, &["whole:"]);
}

#[test]
fn a_value_is_never_an_argument_and_never_empty() {
    let guarded = Guarded::empty();
    guarded.meadow.fed(&["vault", "set", "gp-password", "value"], "").assert(2, &["unexpected argument"]);
    guarded.meadow.fed(&["vault", "set", "gp-password"], "\n").assert(2, &["the value is empty"]);
    guarded.meadow.fed(&["vault", "set", "gp password"], "x").assert(2, &["is no name for a secret"]);
    guarded.meadow.fed(&["vault", "set", "long"], &"x".repeat(70_000)).assert(2, &["longer than 64 KiB"]);
}

#[cfg(unix)]
#[test]
fn a_key_file_that_others_may_read_is_refused_with_the_remedy() {
    let guarded = Guarded::open();
    let key = guarded.key_file();
    assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    for mode in [0o640, 0o604, 0o620, 0o666] {
        fs::set_permissions(&key, fs::Permissions::from_mode(mode)).unwrap();
        let told = format!("others may read or write it (mode {mode:04o})");
        guarded.ran(&["vault", "verify"]).assert(78, &[&told, &format!("hint: chmod 600 {}", key.display())]);
    }
    fs::set_permissions(&key, fs::Permissions::from_mode(0o400)).unwrap();
    guarded.ran(&["vault", "verify"]).assert(0, &["whole: 3 secrets"]);
}

#[test]
fn a_key_file_beside_the_store_is_refused() {
    let meadow = Meadow::open();
    for place in ["file:meadow.key", "file:tables/meadow.key"] {
        meadow
            .ran(&["vault", "init", "--master-key", place])
            .assert(2, &["who copies the folder would have key and vault"]);
    }
    meadow.ran(&["vault", "init", "--master-key", "file:/not/there/meadow.key"]).assert(2, &["is not there"]);
    meadow.ran(&["vault", "list"]).assert(78, &["this project has no vault yet", "ml-connector vault init"]);
}

#[test]
fn a_second_vault_is_not_made_over_the_first() {
    let guarded = Guarded::open();
    let other = guarded.key_file().with_file_name("other.key");
    let init = ["vault", "init", "--master-key", &format!("file:{}", other.display())];
    guarded.ran(&init).assert(1, &["this store has a vault already"]);
    assert!(!other.exists(), "no key is made that opens nothing");
}

#[test]
fn a_key_may_be_in_a_variable_or_a_credential_of_systemd() {
    let key = "0123456789abcdef".repeat(4);
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("vault-key"), &key).unwrap();
    let credentials = folder.path().to_str().unwrap();
    for (place, variables) in [
        ("env:VAULT_KEY", [("VAULT_KEY", key.as_str())]),
        ("credential:vault-key", [("CREDENTIALS_DIRECTORY", credentials)]),
    ] {
        let meadow = Meadow::open();
        let init = ["vault", "init", "--master-key", place];
        meadow.ran(&init).assert(78, &["cannot be used"]);
        meadow.ran_with(&init, &variables).assert(0, &["made a vault", place]);
        meadow.ran_with(&["vault", "verify"], &variables).assert(0, &["whole: 0 secrets"]);
        meadow.ran(&["vault", "verify"]).assert(78, &[place, "cannot be used"]);
    }
    let meadow = Meadow::open();
    let short = meadow.ran_with(&["vault", "init", "--master-key", "env:VAULT_KEY"], &[("VAULT_KEY", "too short")]);
    short.assert(78, &["a master key is 64 hexadecimal digits", "openssl rand -hex 32"]);
    assert!(!short.all().contains("too short"));
}

#[test]
fn a_passphrase_is_asked_on_a_terminal_only() {
    let meadow = Meadow::open();
    let init = meadow.fed(&["vault", "init", "--master-key", "passphrase"], "correct horse battery staple\n");
    init.assert(78, &["there is no terminal", "vault rotate --to"]);
}

/// The rest is what Windows does with it: crates/dpapi, and rotation as with any file.
#[test]
#[cfg(not(windows))]
fn the_windows_users_key_is_refused_elsewhere_and_leaves_no_file() {
    let meadow = Meadow::open();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("acme.key");
    let place = format!("dpapi:{}", path.display());
    let init = ["vault", "init", "--master-key", &place];
    meadow.ran(&init).assert(78, &[&place, "not there on this system", "file:PATH"]);
    assert!(!path.exists());
    fs::write(&path, "from a Windows machine").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    meadow.ran(&init).assert(78, &[&place, "not there on this system"]);
    assert_eq!(fs::read_to_string(&path).unwrap(), "from a Windows machine");
    meadow.ran(&["vault", "init", "--master-key", "dpapi"]).assert(2, &["`dpapi:PATH`"]);
}

#[test]
fn the_key_may_move_and_another_key_opens_nothing() {
    let guarded = Guarded::open();
    let moved = guarded.key_file().with_file_name("moved.key");
    fs::rename(guarded.key_file(), &moved).unwrap();
    guarded.ran(&["vault", "verify"]).assert(78, &["cannot be used", "ML_CONNECTOR_MASTER_KEY=file:PATH"]);
    let place = format!("file:{}", moved.display());
    let verify = |place: &str| guarded.meadow.ran_with(&["vault", "verify"], &[("ML_CONNECTOR_MASTER_KEY", place)]);
    verify(&place).assert(0, &["whole: 3 secrets"]);
    fs::write(&moved, "ab".repeat(32)).unwrap();
    verify(&place).assert(78, &["this master key does not open the vault"]);
    let mistaken = verify(&"ab".repeat(32));
    mistaken.assert(2, &["names no place of a master key", "never the key itself"]);
    assert!(!mistaken.all().contains("abab"));
}

#[test]
fn a_record_that_was_swapped_or_rolled_into_another_name_is_refused() {
    for tampering in [
        "UPDATE secrets SET body = (SELECT body FROM secrets WHERE name = 'gp-user') WHERE name = 'gp-password'",
        "UPDATE secrets SET body = (SELECT body FROM secrets WHERE name = 'gp-user'),
                            data_key = (SELECT data_key FROM secrets WHERE name = 'gp-user') WHERE name = 'gp-password'",
        "UPDATE secrets SET version = 2 WHERE name = 'gp-password'",
        "UPDATE secrets SET body = substr(body, 1, 40) WHERE name = 'gp-password'",
        "UPDATE secrets SET data_key = x'' WHERE name = 'gp-password'",
    ] {
        let guarded = Guarded::open();
        rusqlite::Connection::open(guarded.store_file()).unwrap().execute(tampering, []).unwrap();
        let told = "the secret `gp-password` was altered in the store, swapped or cut, and is not used";
        guarded.ran(&["vault", "verify"]).assert(78, &[told]);
        guarded.ran(&["observe", "--for", "2013-11"]).assert(78, &[told, "vault set gp-password"]);
        assert_eq!(guarded.meadow.gp.faults().requests().len(), 0, "nothing was asked with what was left");
    }
}

#[test]
fn a_backup_opens_with_the_master_key_and_only_whole() {
    let guarded = Guarded::open();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("meadow.vault");
    let path = file.to_str().unwrap();
    guarded.ran(&["vault", "export", path]).assert(0, &["wrote 3 sealed secrets"]);
    guarded.ran(&["vault", "export", path]).assert(78, &["cannot be written"]);
    #[cfg(unix)]
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    guarded.ran(&["vault", "restore", path]).assert(1, &["this store has a vault already"]);
    let text = fs::read_to_string(&file).unwrap();
    assert!(!text.contains(KEY) && text.contains("gp-password"));
    fs::remove_dir_all(guarded.meadow.project().join(".ml-connector")).unwrap();
    fs::write(&file, text.replacen("gp-user", "gp-loser", 1)).unwrap();
    guarded.ran(&["vault", "restore", path]).assert(78, &["the secret `gp-loser` was altered"]);
    fs::write(&file, text).unwrap();
    guarded.ran(&["vault", "restore", path]).assert(0, &["restored 3 secrets"]);
    guarded.ran(&["observe", "--for", "2013-11"]).assert(0, &[]);
}
