//! Sessions that were found a moment ago, so that a page with twenty requests asks the store once.
//!
//! They are believed for a few seconds only, and for none once any session was ended or used: whoever is shut out is shut
//! out at once.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::WebSession;

/// For how long a session that was found is believed, in milliseconds of the sign-in's clock.
const BELIEVED_MS: i64 = 5_000;
/// How many are kept.
const MOST: usize = 4_096;

/// The sessions found lately.
#[derive(Debug, Default)]
pub(super) struct RecentSessions(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    /// Grows whenever what was found before may be true no longer.
    turn: u64,
    found: HashMap<[u8; 32], (WebSession, i64)>,
}

/// When the store was asked, so that an answer from before a session was ended is not kept after it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked(u64);

impl RecentSessions {
    pub(super) fn get(&self, digest: &[u8; 32], now_ms: i64) -> Option<WebSession> {
        let inner = self.lock();
        let (session, found_ms) = inner.found.get(digest)?;
        (0..BELIEVED_MS).contains(&(now_ms - found_ms)).then(|| session.clone())
    }

    /// To be called before the store is asked.
    pub(super) fn ask(&self) -> Asked {
        Asked(self.lock().turn)
    }

    pub(super) fn keep(&self, asked: Asked, session: &WebSession, now_ms: i64) {
        let mut inner = self.lock();
        if inner.turn != asked.0 {
            return;
        }
        if inner.found.len() >= MOST {
            inner.found.clear();
        }
        inner.found.insert(session.digest, (session.clone(), now_ms));
    }

    pub(super) fn forget_all(&self) {
        let mut inner = self.lock();
        inner.turn += 1;
        inner.found.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use stillwater_care::ids::StaffId;
    use uuid::Uuid;

    use super::*;
    use crate::person::Subject;

    fn session(digest: u8) -> WebSession {
        WebSession {
            digest: [digest; 32],
            subject: Subject::Staff(StaffId(Uuid::nil())),
            name: "Example".into(),
            roles: Vec::new(),
            created_at_ms: 0,
            last_seen_ms: 0,
            expires_at_ms: 1_000_000,
        }
    }

    #[test]
    fn a_session_is_believed_for_seconds_and_never_after_one_was_ended() {
        let recent = RecentSessions::default();
        recent.keep(recent.ask(), &session(1), 1_000);
        assert!(recent.get(&[1; 32], 1_000 + BELIEVED_MS - 1).is_some());
        assert!(recent.get(&[1; 32], 1_000 + BELIEVED_MS).is_none());
        assert!(recent.get(&[1; 32], 0).is_none(), "a clock set back believes nothing");
        recent.forget_all();
        assert!(recent.get(&[1; 32], 1_000).is_none());
    }

    #[test]
    fn an_answer_from_before_a_session_was_ended_is_not_kept_after_it() {
        let recent = RecentSessions::default();
        let asked = recent.ask();
        recent.forget_all();
        recent.keep(asked, &session(1), 1_000);
        assert!(recent.get(&[1; 32], 1_000).is_none());
    }
}
