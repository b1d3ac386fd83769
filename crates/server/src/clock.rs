//! Where the server's time comes from: the machine's clock, a demo clock that may run faster, or a clock that a test holds still.

use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

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
        Timestamp::from_millisecond(self.now_ms()).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

/// The machine's own clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct RealClock;

impl Clock for RealClock {
    fn now_ms(&self) -> i64 {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

/// A clock that starts where it is told and runs at its own pace, for the demo clinic.
#[derive(Clone, Copy, Debug)]
pub struct PacedClock {
    start_ms: i64,
    started: Instant,
    rate: f64,
}

impl PacedClock {
    /// Starts at `start_ms` and lets `rate` seconds pass in each real second.
    #[must_use]
    pub fn new(start_ms: i64, rate: f64) -> Self {
        Self { start_ms, started: Instant::now(), rate }
    }
}

impl Clock for PacedClock {
    fn now_ms(&self) -> i64 {
        self.start_ms + (self.started.elapsed().as_secs_f64() * self.rate * 1000.0) as i64
    }

    fn rate(&self) -> f64 {
        self.rate
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
