//! Where the server's time comes from: the machine's clock, a demo clock that can be set ahead, or a clock that a test holds still.

use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use jiff::Timestamp;

/// A source of the present time.
pub trait Clock: Send + Sync + fmt::Debug {
    /// Milliseconds since 1970-01-01 UTC.
    fn now_ms(&self) -> i64;

    /// How many seconds of this clock pass in one real second. Pages need it so that their clocks keep step.
    fn rate(&self) -> f64 {
        1.0
    }

    /// By how many milliseconds the machine's clock jumped since this was last asked; `None` where it did not, or where the
    /// clock does not know. Less than nothing: it was set back.
    fn take_jump_ms(&self) -> Option<i64> {
        None
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

/// More than this, in milliseconds, between the machine's clock and a steady one is a jump.
pub const JUMP_MS: i64 = 60_000;

/// The machine's clock, held against one that nobody can set. It follows the machine's clock in small steps and forward, and
/// never goes back: where the machine's clock is set back, it goes on by the steady one until the next start, since what
/// falls due would otherwise fall due late. A jump of more than [`JUMP_MS`] is told once.
#[derive(Debug)]
pub struct SteadyClock {
    began: Instant,
    state: Mutex<Steady>,
}

/// What a [`SteadyClock`] remembers.
#[derive(Debug)]
struct Steady {
    /// What is added to the steady count to give the time.
    offset_ms: i64,
    /// The newest time given.
    last_ms: i64,
    /// By how much the machine's clock is behind, as far as it was told.
    told_behind_ms: i64,
    /// A jump that nobody has asked for yet.
    jump_ms: Option<i64>,
}

impl Default for SteadyClock {
    fn default() -> Self {
        let now = RealClock.now_ms();
        let state = Steady { offset_ms: now, last_ms: now, told_behind_ms: 0, jump_ms: None };
        Self { began: Instant::now(), state: Mutex::new(state) }
    }
}

impl Steady {
    /// The time, by the machine's clock and by how long the steady one has run.
    fn time(&mut self, machine_ms: i64, steady_ms: i64) -> i64 {
        let expected = self.offset_ms.saturating_add(steady_ms);
        let ahead = machine_ms.saturating_sub(expected);
        let now = if ahead < -JUMP_MS {
            if (ahead - self.told_behind_ms).abs() > JUMP_MS {
                self.jump_ms = Some(ahead);
                self.told_behind_ms = ahead;
            }
            expected
        } else {
            if ahead > JUMP_MS {
                self.jump_ms = Some(ahead);
            }
            self.told_behind_ms = 0;
            self.offset_ms = machine_ms.saturating_sub(steady_ms);
            machine_ms
        };
        self.last_ms = self.last_ms.max(now);
        self.last_ms
    }
}

impl Clock for SteadyClock {
    fn now_ms(&self) -> i64 {
        let steady_ms = i64::try_from(self.began.elapsed().as_millis()).unwrap_or(i64::MAX);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.time(RealClock.now_ms(), steady_ms)
    }

    fn take_jump_ms(&self) -> Option<i64> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).jump_ms.take()
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
    fn a_clock_that_was_set_back_goes_on_and_tells_it_once() {
        let mut steady = Steady { offset_ms: 1_000_000, last_ms: 1_000_000, told_behind_ms: 0, jump_ms: None };
        assert_eq!(steady.time(1_010_000, 10_000), 1_010_000);
        assert_eq!(steady.time(1_009_500, 11_000), 1_010_000, "a small step back stands still");
        assert_eq!(steady.jump_ms, None);
        let set_back = steady.time(400_000, 20_000);
        assert!(set_back >= 1_018_500, "{set_back}");
        assert!(steady.jump_ms.take().is_some_and(|by| by < -JUMP_MS));
        assert!(steady.time(410_000, 30_000) >= set_back + 10_000, "time goes on by the steady clock");
        assert_eq!(steady.jump_ms, None, "told once");
        let forward = steady.time(5_000_000, 40_000);
        assert_eq!(forward, 5_000_000);
        assert!(steady.jump_ms.take().is_some_and(|by| by > JUMP_MS));
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
