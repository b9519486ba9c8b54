//! Time as an argument: the core has none, edges and runs are given a [`Clock`].

use jiff::fmt::rfc2822::DateTimeParser;
use jiff::{SignedDuration, Timestamp};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// What time it is, and waiting.
pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;

    /// Waits for `duration` on this clock.
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>>;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place where time comes in")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// A clock that stands until somebody sleeps or moves it: sleeping advances it at once, so nothing ever waits.
/// The sandbox and the tests run on it.
#[derive(Clone, Debug)]
pub struct StandingClock {
    now: Arc<Mutex<Timestamp>>,
}

impl StandingClock {
    pub fn at(now: Timestamp) -> StandingClock {
        StandingClock { now: Arc::new(Mutex::new(now)) }
    }

    /// Sets the clock to a later moment; an earlier one is none.
    pub fn set(&self, moment: Timestamp) {
        let mut now = self.now.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *now = moment.max(*now);
    }

    /// Moves the clock forward.
    pub fn advance(&self, duration: Duration) {
        let mut now = self.now.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *now = now.checked_add(duration).unwrap_or(*now);
    }
}

impl Clock for StandingClock {
    fn now(&self) -> Timestamp {
        *self.now.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        self.advance(duration);
        Box::pin(std::future::ready(()))
    }
}

/// The machine's clock, moved: for rehearsing an earlier month against the sandbox. It goes on and waits as time does.
#[derive(Clone, Copy, Debug)]
pub struct ShiftedClock {
    shift: SignedDuration,
}

impl ShiftedClock {
    /// A clock that shows `now` at this moment.
    pub fn starting_at(now: Timestamp) -> ShiftedClock {
        ShiftedClock { shift: now.duration_since(SystemClock.now()) }
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> Timestamp {
        SystemClock.now().checked_add(self.shift).unwrap_or(Timestamp::MAX)
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        SystemClock.sleep(duration)
    }
}

/// What a server's clock said when its answer came.
#[derive(Clone, Copy, Debug)]
pub struct ServerTime {
    said: Timestamp,
    came: Instant,
}

impl ServerTime {
    /// Reads the `Date` of an answer that came just now (RFC 9110: whole seconds); `None` when it is no date.
    pub fn came_with(date: &str) -> Option<ServerTime> {
        // RFC 9110 dates are RFC 2822 dates with the zone `GMT`.
        let said = DateTimeParser::new().parse_timestamp(date.trim()).ok()?;
        Some(ServerTime { said, came: Instant::now() })
    }

    /// How far the server's clock is ahead of one that shows `now`; below zero when it is behind.
    pub fn ahead_of(&self, now: Timestamp) -> SignedDuration {
        let gone = SignedDuration::try_from(self.came.elapsed()).unwrap_or(SignedDuration::ZERO);
        self.said.duration_since(now).saturating_add(gone)
    }
}
