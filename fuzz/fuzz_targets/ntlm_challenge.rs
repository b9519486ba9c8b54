//! NTLM's challenge, as a server may send it. A real one to begin with: crates/windows-auth/tests/fake/recorded/ntlm.b64.

#![no_main]

use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use tokio::runtime::{Builder, Runtime};

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Builder::new_current_thread().build().expect("a runtime"));

fuzz_target!(|bytes: &[u8]| RUNTIME.block_on(windows_auth::fuzzing::ntlm_challenge(bytes)));
