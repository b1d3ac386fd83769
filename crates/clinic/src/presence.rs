//! Who is still there: when each phone and the guide's screen last gave a sign of life.
//!
//! Kept in memory only. After a restart nobody has joined until their page speaks again, which it does within seconds;
//! an old sign of life is never shown as a new one.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use stillwater_care::ids::PatientId;

/// Who may be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Party {
    /// The patient's phone.
    Patient,
    /// The companion's phone.
    Companion,
    /// A screen of the care team.
    Guide,
}

/// Without a sign of life for this long, somebody is shown as lost. Pages give one every eight seconds.
pub const LOST_AFTER_S: u32 = 25;
/// How many signs of life are kept before the oldest are dropped.
const MOST: usize = 10_000;

/// The last sign of life of everybody who has given one.
#[derive(Debug, Default)]
pub struct SignsOfLife(Mutex<HashMap<(PatientId, Party), i64>>);

impl SignsOfLife {
    /// Notes a sign of life.
    pub fn heard(&self, patient: PatientId, party: Party, now_ms: i64) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= MOST {
            let mut times: Vec<i64> = seen.values().copied().collect();
            times.sort_unstable();
            let middle = times.get(times.len() / 2).copied().unwrap_or(i64::MIN);
            seen.retain(|_, at| *at > middle);
        }
        let at = seen.entry((patient, party)).or_insert(now_ms);
        *at = (*at).max(now_ms);
    }

    /// When somebody last gave a sign of life; `None` when they have not joined.
    #[must_use]
    pub fn last(&self, patient: PatientId, party: Party) -> Option<i64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&(patient, party)).copied()
    }
}

/// How long is too long, on a clock that may run faster than the signs of life come.
#[must_use]
pub fn lost_after_s(clock_rate: f64) -> u32 {
    (f64::from(LOST_AFTER_S) * clock_rate.max(1.0)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn the_newest_sign_of_life_stands_and_others_have_not_joined() {
        let (seen, patient) = (SignsOfLife::default(), PatientId(Uuid::from_u128(0x5eed_0001)));
        assert_eq!(seen.last(patient, Party::Companion), None);
        seen.heard(patient, Party::Companion, 2_000);
        seen.heard(patient, Party::Companion, 1_000);
        assert_eq!(seen.last(patient, Party::Companion), Some(2_000));
        assert_eq!(seen.last(patient, Party::Patient), None);
    }

    #[test]
    fn a_faster_clock_waits_as_long_in_real_time() {
        assert_eq!(lost_after_s(0.0), LOST_AFTER_S);
        assert_eq!(lost_after_s(60.0), LOST_AFTER_S * 60);
    }
}
