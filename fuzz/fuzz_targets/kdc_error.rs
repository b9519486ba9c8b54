//! A domain controller's error. A real one to begin with: crates/windows-auth/tests/fake/recorded/preauth.b64.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| windows_auth::fuzzing::kdc_error(bytes));
