//! A server's certificate: what is said of it, and what a sign-in is bound to.

#![no_main]

use libfuzzer_sys::fuzz_target;
use windows_auth::certificate::ServerCertificate;

fuzz_target!(|bytes: &[u8]| {
    let certificate = ServerCertificate::new(&bytes.into());
    let _ = (certificate.facts(), certificate.end_point_binding(), certificate.fingerprint());
});
