//! When each web session last showed that it is its owner's.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use stillwater_clinic::Principal;

/// How long a proof holds. Five minutes, as the clinic's brief has it.
pub const FRESH_MS: i64 = 5 * 60_000;

/// The proofs that still hold. Kept in memory: after a restart everybody is asked again.
#[derive(Debug, Default)]
pub struct Proofs(Mutex<HashMap<[u8; 32], i64>>);

impl Proofs {
    /// Somebody has just shown it.
    pub fn note(&self, session: [u8; 32], now_ms: i64) {
        let mut at = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        at.retain(|_, shown| now_ms - *shown < FRESH_MS);
        at.insert(session, now_ms);
    }

    /// Whether somebody of the staff has to show again that it is they before they can sign.
    #[must_use]
    pub fn due(&self, principal: &Principal, now_ms: i64) -> bool {
        let at = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = at.get(&principal.session).is_some_and(|shown| (0..FRESH_MS).contains(&(now_ms - shown)));
        principal.staff().is_some() && !fresh
    }
}
