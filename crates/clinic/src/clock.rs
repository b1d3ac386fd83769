//! Where the server's time comes from: the machine's clock, a demo clock that can be set ahead, or a clock that a test holds still.

use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::Timestamp;

/// A source of the present time.
pub trait Clock: Send + Sync + fmt::Debug {
    /// Milliseconds since 1970-01-01 UTC.
    fn now_ms(&self) -> i64;

    /// How many seconds of this clock pass in one real second. Pages need it so that their clocks keep step.
    fn rate(&self) -> f64 {
        1.0
    }

    /// The same instant as a timestamp.
    fn now(&self) -> Timestamp {
        timestamp_of(self.now_ms())
    }
}

/// The instant of a count of milliseconds since 1970-01-01 UTC. A count beyond the calendar is its first or its last instant,
/// so that a broken clock shows as one, and never as a plausible day.
#[must_use]
pub fn timestamp_of(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(if ms < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

/// The machine's own clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct RealClock;

impl Clock for RealClock {
    fn now_ms(&self) -> i64 {
        let ms = |span: Duration| i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
        match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(since) => ms(since),
            // A machine whose clock stands before 1970 says so.
            Err(before) => -ms(before.duration()),
        }
    }
}

/// The machine's clock, set ahead by a span that only grows: the demo clinic's, so that a course of weeks can be walked
/// through in minutes. It never goes back, since what was recorded has to stay in the past.
#[derive(Debug, Default)]
pub struct AheadClock(AtomicI64);

impl AheadClock {
    /// Ahead of the machine's clock by so many milliseconds; less than nothing counts as nothing.
    #[must_use]
    pub fn by_ms(ahead: i64) -> Self {
        Self(AtomicI64::new(ahead.max(0)))
    }

    /// How far it is ahead.
    #[must_use]
    pub fn ahead_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    /// Sets it on by so many milliseconds more; less than nothing changes nothing.
    pub fn advance_ms(&self, by: i64) {
        self.0.fetch_add(by.max(0), Ordering::SeqCst);
    }
}

impl Clock for AheadClock {
    fn now_ms(&self) -> i64 {
        RealClock.now_ms().saturating_add(self.ahead_ms())
    }
}

/// A clock that moves only when it is told to.
#[derive(Debug)]
pub struct FixedClock(AtomicI64);

impl FixedClock {
    /// Stands at `now_ms`.
    #[must_use]
    pub fn at(now_ms: i64) -> Self {
        Self(AtomicI64::new(now_ms))
    }

    /// Moves the clock on by so many milliseconds.
    pub fn advance_ms(&self, by: i64) {
        self.0.fetch_add(by, Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    fn rate(&self) -> f64 {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_beyond_the_calendar_is_its_end_and_never_1970() {
        assert_eq!(timestamp_of(i64::MAX), Timestamp::MAX);
        assert_eq!(timestamp_of(i64::MIN), Timestamp::MIN);
        assert_eq!(timestamp_of(-1_000).as_millisecond(), -1_000);
    }

    #[test]
    fn a_clock_set_ahead_never_goes_back() {
        let clock = AheadClock::by_ms(-5_000);
        assert_eq!(clock.ahead_ms(), 0);
        let before = clock.now_ms();
        clock.advance_ms(60_000);
        assert!(clock.now_ms() >= before + 60_000);
        clock.advance_ms(-120_000);
        assert_eq!(clock.ahead_ms(), 60_000);
    }
}
