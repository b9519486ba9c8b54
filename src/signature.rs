//! BambooHR's webhook signature. A leaf of its own, because the edge that verifies it and the sandbox that makes it
//! must not know each other.
//!
//! `hex(HMAC-SHA256(key, body ‖ timestamp))`: the body's raw bytes first, then the text of the
//! `X-BambooHR-Timestamp` header, nothing between them; the key is the text of `privateKey` as BambooHR gave it, not
//! decoded from hex. Other forms circulate (a dot between, the body alone, the timestamp first); BambooHR's prose and
//! a published delivery agree with this one only.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The header with the signature: lower-case hex.
pub const SIGNATURE_HEADER: &str = "x-bamboohr-signature";
/// The header with the moment of signing: seconds since 1970 as decimal text.
pub const TIMESTAMP_HEADER: &str = "x-bamboohr-timestamp";

/// The signature of a delivery, in lower-case hex.
pub fn sign(key: &str, timestamp: &str, body: &[u8]) -> String {
    hex::encode(over(key, timestamp, body).finalize().into_bytes())
}

/// Whether `signature` is this delivery's, compared in constant time. Hex of either case is read.
pub fn verify(key: &str, timestamp: &str, body: &[u8], signature: &str) -> bool {
    let Ok(signature) = hex::decode(signature) else { return false };
    // An empty key would let anybody sign.
    !key.is_empty() && over(key, timestamp, body).verify_slice(&signature).is_ok()
}

fn over(key: &str, timestamp: &str, body: &[u8]) -> Hmac<Sha256> {
    // HMAC takes keys of every length, so this cannot fail; a zeroed key would be the only other answer.
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap_or_else(|_| Hmac::new(&Default::default()));
    mac.update(body);
    mac.update(timestamp.as_bytes());
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "00112233445566778899aabbccddeeff";
    const TIMESTAMP: &str = "1769884920";
    const BODY: &str = r#"{"type":"employee.updated","timestamp":"2026-01-31T18:42:00+0000","data":{"companyId":"12345","employeeId":"67890","changedFields":["payRate"]}}"#;
    const SIGNATURE: &str = "9889fd763a94311465ca25a7f9653e8436165872babc8dd3ff91c0a09695d739";

    #[test]
    fn the_known_delivery_has_the_known_signature() {
        assert_eq!(sign(KEY, TIMESTAMP, BODY.as_bytes()), SIGNATURE);
        assert!(verify(KEY, TIMESTAMP, BODY.as_bytes(), SIGNATURE));
    }

    #[test]
    fn anything_changed_is_refused() {
        let body = BODY.as_bytes();
        assert!(!verify(KEY, "1769884921", body, SIGNATURE));
        assert!(!verify("another key", TIMESTAMP, body, SIGNATURE));
        assert!(!verify(KEY, TIMESTAMP, &body[1..], SIGNATURE));
        assert!(!verify(KEY, TIMESTAMP, body, &SIGNATURE[..62]));
        assert!(!verify(KEY, TIMESTAMP, body, "not hex"));
        assert!(!verify("", TIMESTAMP, body, &sign("", TIMESTAMP, body)));
    }

    #[test]
    fn the_forms_that_circulate_but_are_wrong_are_refused() {
        let dotted = [BODY.as_bytes(), b"."].concat();
        assert!(!verify(KEY, TIMESTAMP, BODY.as_bytes(), &sign(KEY, TIMESTAMP, &dotted)));
        assert!(!verify(KEY, TIMESTAMP, BODY.as_bytes(), &sign(KEY, "", BODY.as_bytes())));
        assert!(!verify(KEY, TIMESTAMP, BODY.as_bytes(), &sign(KEY, BODY, TIMESTAMP.as_bytes())));
    }
}
