//! Bytes of somebody who is nobody yet, given to libraries that trust their lengths.
//!
//! picky-asn1-der 0.5.7 adds a length to others unchecked (`deserialize_enum`): one near 2^64 panics where overflows are checked, as
//! in our releases. Found by the fuzz target `kdc_error`.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// How deep elements may lie in each other; a Kerberos error has five levels.
const DEEPEST: u32 = 32;

/// Runs what reads them; `None` where it panicked. What it worked on is not used again.
pub(crate) fn guarded<T>(read: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(read)).ok()
}

/// Whether `bytes` are exactly one DER element, and every length in it fits into what it stands in.
pub(crate) fn is_der(bytes: &[u8]) -> bool {
    element(bytes, 0).is_some_and(<[u8]>::is_empty)
}

/// What follows the first element.
fn element(bytes: &[u8], depth: u32) -> Option<&[u8]> {
    let (&tag, rest) = bytes.split_first()?;
    let (&first, mut rest) = rest.split_first()?;
    let mut length = usize::from(first);
    if first >= 0x80 {
        let (digits, after) = rest.split_at_checked(usize::from(first & 0x7f))?;
        if digits.is_empty() || digits.len() > 4 {
            return None;
        }
        length = digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit));
        rest = after;
    }
    let (mut content, after) = rest.split_at_checked(length)?;
    let is_constructed = tag & 0x20 != 0;
    while is_constructed && !content.is_empty() {
        if depth == DEEPEST {
            return None;
        }
        content = element(content, depth + 1)?;
    }
    Some(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_that_fit() {
        assert!(is_der(&[0x30, 0x03, 0x02, 0x01, 0x05]));
        assert!(is_der(&[0x30, 0x81, 0x03, 0x02, 0x01, 0x05]));
        for bad in [
            &[][..],
            &[0x30],
            &[0x30, 0x03, 0x02, 0x01],
            &[0x30, 0x03, 0x02, 0x02, 0x05],
            &[0x30, 0x80],
            &[0x30, 0x00, 0x00],
            // What the fuzzer found.
            &[
                0x7e, 0x0a, 0x04, 0x0a, 0x7e, 0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x41, 0x88, 0x88,
                0x88, 0x0a,
            ],
            &[0x7e, 0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        ] {
            assert!(!is_der(bad), "{bad:?}");
        }
        assert!(!is_der(&[0x30, 0x82].repeat(100)));
    }

    #[test]
    fn a_panic_is_no_end() {
        assert_eq!(
            guarded(|| u64::MAX.checked_add(std::hint::black_box(1)).unwrap_or_else(|| panic!("overflow"))),
            None
        );
        assert_eq!(guarded(|| 1), Some(1));
    }
}
