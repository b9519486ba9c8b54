//! What does not open: every flip, cut, swap and copy.

use super::super::{Header, MasterKey, Source, SystemRandomness};
use super::*;
use proptest::prelude::{ProptestConfig, any, proptest};
use proptest::test_runner::TestCaseError;
use std::sync::LazyLock;

const RANDOM: SystemRandomness = SystemRandomness;

fn vault(key: &MasterKey) -> (Header, Unlocked) {
    let header = Header::first(Source::Passphrase, None, key, &RANDOM).unwrap();
    let unlocked = header.unlock(key.clone()).unwrap();
    (header, unlocked)
}

fn new_vault() -> (Header, Unlocked) {
    vault(&MasterKey::random(&RANDOM).unwrap())
}

fn name(text: &str) -> SecretName {
    SecretName::new(text).unwrap()
}

fn altered(unlocked: &Unlocked, sealed: &Sealed) -> bool {
    unlocked.open(sealed).err() == Some(VaultError::Altered { name: sealed.name.clone() })
}

/// A vault with three secrets, two of the same value.
static THREE: LazyLock<(Unlocked, [Sealed; 3])> = LazyLock::new(|| {
    let (_, unlocked) = new_vault();
    let seal = |text: &str, version, value: &str| unlocked.seal(&name(text), version, &value.into(), &RANDOM).unwrap();
    let three = [seal("one", 1, "same value"), seal("two", 1, "same value"), seal("one", 2, "later value")];
    (unlocked, three)
});

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12_000))]

    /// 12,000 records with one bit flipped, cut short, or with a part of another record in them: all are refused.
    #[test]
    fn whatever_is_done_to_a_record_it_does_not_open(
        which in 0..3_usize, other in 1..3_usize, part in 0..2_u8, how in 0..4_u8, at in any::<u16>(), bit in 0..8_u8,
    ) {
        let (unlocked, three) = &*THREE;
        let mut sealed = three[which].clone();
        let another = &three[(which + other) % 3];
        let bytes = if part == 0 { &mut sealed.data_key } else { &mut sealed.body };
        let at = usize::from(at) % bytes.len();
        match how {
            0 => bytes[at] ^= 1 << bit,
            1 => bytes.truncate(at),
            2 => bytes.push(bit),
            _ => *bytes = if part == 0 { another.data_key.clone() } else { another.body.clone() },
        }
        if !altered(unlocked, &sealed) {
            return Err(TestCaseError::fail("it opened"));
        }
    }

    /// Whole records under another name or version, and from another generation.
    #[test]
    fn a_record_opens_only_as_what_it_is(which in 0..3_usize, version in 0..5_u64, letter in "[a-z]{1,3}") {
        let (unlocked, three) = &*THREE;
        let mut sealed = three[which].clone();
        let is_as_it_was = sealed.version == version;
        sealed.version = version;
        if unlocked.open(&sealed).is_ok() != is_as_it_was {
            return Err(TestCaseError::fail("its version does not count"));
        }
        let sealed = Sealed { name: name(&letter), ..three[which].clone() };
        if unlocked.open(&sealed).is_ok() != (sealed.name == three[which].name) {
            return Err(TestCaseError::fail("its name does not count"));
        }
    }
}

#[test]
fn a_secret_opens_as_it_was_sealed_and_does_not_print() {
    let (_, unlocked) = new_vault();
    for value in ["", "p4ss w0rd", "ключ 鍵", &"long ".repeat(2000)] {
        let sealed = unlocked.seal(&name("x"), 7, &value.into(), &RANDOM).unwrap();
        assert_eq!(unlocked.open(&sealed).unwrap().expose_secret(), value);
        let (body, shown) = (sealed.body.as_slice(), format!("{sealed:?} {unlocked:?}"));
        assert!(value.is_empty() || !body.windows(value.len()).any(|part| part == value.as_bytes()));
        assert!(value.is_empty() || !shown.contains(value));
    }
}

#[test]
fn the_same_value_is_never_sealed_alike() {
    let (_, three) = &*THREE;
    assert_ne!(three[0].body, three[1].body);
    assert_ne!(three[0].data_key, three[1].data_key);
}

#[test]
fn a_record_of_another_vault_with_the_same_key_does_not_open() {
    let key = MasterKey::random(&RANDOM).unwrap();
    let ((_, here), (_, there)) = (vault(&key), vault(&key));
    let sealed = there.seal(&name("x"), 1, &"value".into(), &RANDOM).unwrap();
    assert!(altered(&here, &sealed));
}

#[test]
fn a_header_knows_its_key_and_whether_it_was_altered() {
    let (header, _) = new_vault();
    let other = MasterKey::random(&RANDOM).unwrap();
    assert_eq!(header.unlock(other).err(), Some(VaultError::NotTheKey));
    let key = MasterKey::random(&RANDOM).unwrap();
    let (header, _) = vault(&key);
    let altered = [
        Header { generation: 2, ..header.clone() },
        Header { source: Source::Environment("OTHER".to_owned()), ..header.clone() },
        Header { stretch: Some(super::super::Stretch::light([0; 16])), ..header.clone() },
        Header { proof: header.proof[..39].to_vec(), ..header.clone() },
    ];
    for altered in altered {
        assert_eq!(altered.unlock(key.clone()).err(), Some(VaultError::NotTheKey));
    }
}

#[test]
fn another_master_key_wraps_the_data_keys_and_touches_no_secret() {
    let (header, old) = new_vault();
    let sealed = old.seal(&name("x"), 3, &"value".into(), &RANDOM).unwrap();
    let key = MasterKey::random(&RANDOM).unwrap();
    let next = header.next(Source::Passphrase, None, &key, &RANDOM).unwrap();
    let new = next.unlock(key).unwrap();
    let wrapped = old.rewrap(&sealed, &new, &RANDOM).unwrap();
    assert_eq!((wrapped.generation, &wrapped.body), (2, &sealed.body));
    assert_eq!(new.open(&wrapped).unwrap().expose_secret(), "value");
    assert_eq!(old.open(&wrapped).err(), Some(VaultError::Changed));
    assert!(altered(&old, &Sealed { generation: 1, ..wrapped }));
    let mut flipped = sealed;
    flipped.body[30] ^= 1;
    assert!(old.rewrap(&flipped, &new, &RANDOM).is_err(), "what does not open is not carried into the next generation");
}
