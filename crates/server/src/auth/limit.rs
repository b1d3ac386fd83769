//! Slows down guessing: so many attempts in a quarter of an hour for each name, link and address, in bounded memory.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// How many keys are remembered at most.
const MOST_KEYS: usize = 4096;

#[derive(Clone, Copy, Debug)]
struct Count {
    window_ends_ms: i64,
    attempts: u32,
}

/// Counts attempts by key in windows of fixed length.
#[derive(Debug)]
pub struct RateLimit {
    most: u32,
    window_ms: i64,
    counts: Mutex<HashMap<Box<str>, Count>>,
}

impl RateLimit {
    /// Allows `most` attempts in each window.
    #[must_use]
    pub fn new(most: u32, window_ms: i64) -> Self {
        Self { most, window_ms, counts: Mutex::new(HashMap::new()) }
    }

    /// Counts one attempt. `Err` holds the seconds to wait when there were too many already.
    ///
    /// # Errors
    /// When the attempts of this window are used up.
    pub fn attempt(&self, key: &str, now_ms: i64) -> Result<(), u64> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= MOST_KEYS && !counts.contains_key(key) {
            make_room(&mut counts, now_ms);
        }
        let fresh = Count { window_ends_ms: now_ms + self.window_ms, attempts: 0 };
        let count = counts.entry(key.into()).or_insert(fresh);
        if count.window_ends_ms <= now_ms {
            *count = fresh;
        }
        if count.attempts >= self.most {
            let wait_ms = u64::try_from(count.window_ends_ms - now_ms).unwrap_or(0);
            return Err(wait_ms.div_ceil(1000).max(1));
        }
        count.attempts += 1;
        Ok(())
    }

    /// Forgets the attempts of a key, after one that succeeded.
    pub fn forgive(&self, key: &str) {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }
}

/// Drops windows that are over; if there are none, the one that ends first, so that a flood of made-up names
/// cannot fill the memory.
fn make_room(counts: &mut HashMap<Box<str>, Count>, now_ms: i64) {
    counts.retain(|_, count| count.window_ends_ms > now_ms);
    if counts.len() < MOST_KEYS {
        return;
    }
    let first =
        counts.iter().min_by_key(|(_, count)| (count.attempts, count.window_ends_ms)).map(|(key, _)| key.clone());
    if let Some(key) = first {
        counts.remove(&key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_after_the_last_attempt_until_the_window_ends() {
        let limit = RateLimit::new(2, 60_000);
        assert_eq!(limit.attempt("ada", 0), Ok(()));
        assert_eq!(limit.attempt("ada", 1_000), Ok(()));
        assert_eq!(limit.attempt("ada", 2_000), Err(58));
        assert_eq!(limit.attempt("someone else", 2_000), Ok(()));
        assert_eq!(limit.attempt("ada", 60_000), Ok(()));
    }

    #[test]
    fn success_forgives_earlier_attempts() {
        let limit = RateLimit::new(1, 60_000);
        assert_eq!(limit.attempt("ada", 0), Ok(()));
        limit.forgive("ada");
        assert_eq!(limit.attempt("ada", 1), Ok(()));
    }

    #[test]
    fn a_flood_of_names_stays_within_bounds_and_keeps_the_worst_offender() {
        let limit = RateLimit::new(2, 60_000);
        let _ = limit.attempt("offender", 0);
        let _ = limit.attempt("offender", 0);
        for name in 0..(MOST_KEYS + 200) {
            let _ = limit.attempt(&name.to_string(), 1);
        }
        assert!(limit.counts.lock().unwrap_or_else(PoisonError::into_inner).len() <= MOST_KEYS);
        assert!(limit.attempt("offender", 2).is_err());
    }
}
