//! On Windows only, or under Wine: docs/secrets.md says how it was run.
#![cfg(windows)]
#![allow(clippy::unwrap_used, reason = "a test")]

use ml_connector_dpapi::{open, protect};

#[test]
fn what_is_protected_opens_for_the_same_purpose_only_and_only_whole() {
    let protected = protect(b"a key of the vault", b"purpose").unwrap();
    assert!(!protected.windows(5).any(|part| part == b"vault"));
    assert_eq!(*open(&protected, b"purpose").unwrap(), b"a key of the vault");
    assert!(open(&protected, b"another purpose").is_err());
    let mut altered = protected.clone();
    let last = altered.len() - 1;
    altered[last] ^= 1;
    assert!(open(&altered, b"purpose").is_err());
    assert!(open(&protected[..last], b"purpose").is_err());
    assert!(open(b"", b"purpose").is_err());
    assert_eq!(*open(&protect(b"", b"purpose").unwrap(), b"purpose").unwrap(), b"");
}
