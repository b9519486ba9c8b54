//! Whether, and when, a question may be asked again: read from the answer, never guessed by the caller.

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use std::hash::{BuildHasher, Hasher};
use std::time::Duration;

/// How often one question is asked at most.
pub(super) const TRIES: u32 = 5;

/// The first pause without a `Retry-After`; each later one doubles it: 0.5, 1, 2 and 4 seconds, and some jitter.
const FIRST_PAUSE: Duration = Duration::from_millis(500);

/// The longest `Retry-After` that a run waits for. BambooHR's own limits ask for a minute; whoever asks for more is
/// told to the person instead.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// Whether a read that was answered so may be asked again. 503 meant the rate limit until 2026-09-16, 429 does since;
/// 598 is a proxy's read time-out that BambooHR's own SDK repeats. 501 and its like will not change by asking.
pub(super) fn is_passing(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 429 | 500 | 502 | 503 | 504 | 598)
}

/// The wait that the answer asks for: seconds or an HTTP date. A date that has passed is no wait.
pub(super) fn asked_wait(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    // RFC 9110 dates are RFC 2822 dates with the zone `GMT`.
    let moment = DateTimeParser::new().parse_timestamp(text).ok()?;
    Some(Duration::try_from(moment.duration_since(now)).unwrap_or(Duration::ZERO))
}

/// The pause after try number `tried` (from 1), stretched by `jitter` of 0 to 999 thousandths of itself, so that many
/// clients do not come back at the same moment.
pub(super) fn pause(tried: u32, jitter: u16) -> Duration {
    let pause = FIRST_PAUSE * 2u32.saturating_pow(tried.saturating_sub(1)).min(64);
    pause + pause * u32::from(jitter.min(999)) / 1000
}

/// Thousandths from the process's own hash seed: spread enough for jitter, and no crate for it.
pub(super) fn any_jitter() -> u16 {
    let mut hasher = std::collections::hash_map::RandomState::new().build_hasher();
    hasher.write_u8(0);
    (hasher.finish() % 1000) as u16
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderValue;

    fn wait(text: &'static str) -> Option<Duration> {
        let now = "2013-12-02T08:00:00Z".parse().unwrap();
        asked_wait(&HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_static(text))]), now)
    }

    #[test]
    fn retry_after_is_read_as_seconds_and_as_a_date() {
        assert_eq!(wait("30"), Some(Duration::from_secs(30)));
        assert_eq!(wait("Mon, 02 Dec 2013 08:01:30 GMT"), Some(Duration::from_secs(90)));
        assert_eq!(wait("Mon, 02 Dec 2013 07:00:00 GMT"), Some(Duration::ZERO));
        assert_eq!(wait("soon"), None);
    }

    #[test]
    fn pauses_double_and_jitter_only_lengthens_them() {
        assert_eq!(pause(1, 0), Duration::from_millis(500));
        assert_eq!(pause(4, 0), Duration::from_secs(4));
        assert_eq!(pause(2, 500), Duration::from_millis(1500));
    }
}
