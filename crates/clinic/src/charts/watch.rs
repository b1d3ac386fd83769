//! Who watches the watcher: when the ticker last looked, how far behind it is, and which charts cannot be read.
//!
//! A chart that cannot be read takes no entry, and so can hold no alert of its own: that nobody watches it is said here, in
//! the inbox, on every page of the staff and at `/healthz`. It is tried again after one minute, then two, four and so on up to
//! an hour, apart from the charts that are due, so that any number of such charts keeps none of the others waiting.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use stillwater_care::ids::PatientId;
use stillwater_care::quantity::plus_minutes;

/// The ticker looks twice a second; silent for so long, it has stopped. A proposal of this project, signed by nobody.
pub const TICKER_SILENT: Duration = Duration::from_secs(30);
/// A look that comes so much later than it was due, in minutes, is late. A proposal of this project, signed by nobody.
pub const BEHIND_MINUTES: i64 = 2;
/// The longest wait before a chart that cannot be read is tried again, minutes.
const LONGEST_WAIT_MINUTES: i64 = 60;

/// A chart that cannot be read, and that nobody watches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadableChart {
    /// Whose.
    pub patient: PatientId,
    /// Since when, as far as this process knows.
    pub since: Timestamp,
    /// How often it was tried.
    pub tries: u32,
    /// When it is tried again.
    pub next_try_at: Timestamp,
    /// What the reader said, for whoever runs the installation.
    pub why: String,
}

/// How the watch stands.
#[derive(Clone, Debug)]
pub struct WatchState {
    /// How long ago, in real time, the ticker last finished a look; since the start when it never has.
    pub since_last_look: Duration,
    /// How many minutes ago the longest overdue chart should have been looked at, as it stood when the last look was done.
    pub behind_minutes: i64,
    /// Charts that cannot be read.
    pub unreadable: Vec<UnreadableChart>,
    /// Index rows that said otherwise than their charts and were put right since the start.
    pub rows_put_right: usize,
}

impl WatchState {
    /// Whether the ticker looks, and in time.
    #[must_use]
    pub fn ticker_runs(&self) -> bool {
        self.since_last_look < TICKER_SILENT && self.behind_minutes < BEHIND_MINUTES
    }
}

/// The watch over the charts of one process.
#[derive(Debug)]
pub struct Watch(Mutex<Watched>);

#[derive(Debug)]
struct Watched {
    last_look: Instant,
    behind_minutes: i64,
    unreadable: BTreeMap<PatientId, UnreadableChart>,
    rows_put_right: usize,
}

impl Default for Watch {
    fn default() -> Self {
        Self(Mutex::new(Watched {
            last_look: Instant::now(),
            behind_minutes: 0,
            unreadable: BTreeMap::new(),
            rows_put_right: 0,
        }))
    }
}

impl Watch {
    fn with<T>(&self, change: impl FnOnce(&mut Watched) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// How it stands.
    #[must_use]
    pub fn state(&self) -> WatchState {
        self.with(|watched| WatchState {
            since_last_look: watched.last_look.elapsed(),
            behind_minutes: watched.behind_minutes,
            unreadable: watched.unreadable.values().cloned().collect(),
            rows_put_right: watched.rows_put_right,
        })
    }

    /// A look was finished; the longest overdue chart was so many minutes behind.
    pub(super) fn looked(&self, behind_minutes: i64) {
        self.with(|watched| {
            watched.last_look = Instant::now();
            watched.behind_minutes = behind_minutes;
        });
    }

    /// A chart could not be read.
    pub(super) fn failed(&self, patient: PatientId, now: Timestamp, why: &str) {
        self.with(|watched| {
            let known = watched.unreadable.get(&patient);
            let tries = known.map_or(0, |known| known.tries).saturating_add(1);
            let wait = 1_i64.checked_shl(tries.saturating_sub(1).min(6)).unwrap_or(LONGEST_WAIT_MINUTES);
            let chart = UnreadableChart {
                patient,
                since: known.map_or(now, |known| known.since),
                tries,
                next_try_at: plus_minutes(now, wait.min(LONGEST_WAIT_MINUTES)),
                why: why.to_owned(),
            };
            watched.unreadable.insert(patient, chart);
        });
    }

    /// A chart was read.
    pub(super) fn read(&self, patient: PatientId) {
        self.with(|watched| watched.unreadable.remove(&patient));
    }

    /// Index rows were put right.
    pub(super) fn put_right(&self, rows: usize) {
        self.with(|watched| watched.rows_put_right += rows);
    }

    /// Charts that cannot be read, with whether their time to be tried again has come.
    pub(super) fn resting(&self, now: Timestamp) -> BTreeMap<PatientId, bool> {
        self.with(|watched| watched.unreadable.iter().map(|(id, chart)| (*id, chart.next_try_at <= now)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_chart_that_cannot_be_read_is_tried_again_ever_later_up_to_an_hour() {
        let (watch, patient, now) = (Watch::default(), PatientId(Uuid::from_u128(1)), Timestamp::UNIX_EPOCH);
        let mut waits = Vec::new();
        for _ in 0..9 {
            watch.failed(patient, now, "no such event");
            let chart = watch.state().unreadable.pop();
            waits.push(chart.map(|chart| (chart.next_try_at - now).get_seconds() / 60));
        }
        let expected = [1, 2, 4, 8, 16, 32, 60, 60, 60].map(Some);
        assert_eq!(waits, expected);
        assert_eq!(watch.resting(plus_minutes(now, 59)).get(&patient), Some(&false));
        assert_eq!(watch.resting(plus_minutes(now, 60)).get(&patient), Some(&true));
        watch.read(patient);
        assert!(watch.state().unreadable.is_empty() && watch.state().ticker_runs());
    }

    #[test]
    fn a_ticker_that_is_behind_is_said_not_to_run() {
        let watch = Watch::default();
        watch.looked(BEHIND_MINUTES);
        assert!(!watch.state().ticker_runs());
        watch.looked(BEHIND_MINUTES - 1);
        assert!(watch.state().ticker_runs());
    }
}
