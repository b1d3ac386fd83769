//! Signed-in browsers.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::{ReadError, WriteError};

/// Who is behind a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SessionHolder {
    /// Someone with an account.
    Account(Uuid),
    /// Someone who came by a link: its subject, as the link holds it, and the patient it concerns.
    Link {
        /// JSON, in the caller's shape.
        subject: String,
        /// The patient whose erasure ends the session.
        patient: Option<Uuid>,
    },
}

/// A session to begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewWebSession {
    /// SHA-256 of the secret in the cookie.
    pub digest: [u8; 32],
    /// Who.
    pub holder: SessionHolder,
    /// Now.
    pub created_at_ms: i64,
    /// When it ends, whatever happens.
    pub expires_at_ms: i64,
    /// The token that forms have to carry.
    pub csrf: String,
}

/// A session as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebSession {
    /// SHA-256 of the secret in the cookie.
    pub digest: [u8; 32],
    /// Who.
    pub holder: SessionHolder,
    /// When it began.
    pub created_at_ms: i64,
    /// When it was last used.
    pub seen_at_ms: i64,
    /// When it ends, whatever happens.
    pub expires_at_ms: i64,
    /// The token that forms have to carry.
    pub csrf: String,
}

/// The sessions of signed-in browsers, by the digest of their secret.
pub trait WebSessions: Send + Sync {
    /// Begins a session.
    ///
    /// # Errors
    /// [`WriteError::Taken`] if there is one with this digest.
    fn create_web_session(&self, session: NewWebSession) -> Result<(), WriteError>;

    /// The session with this digest, unless it has expired by `now_ms`. How long it may lie idle is the caller's rule.
    ///
    /// # Errors
    /// When the row cannot be read.
    fn find_web_session(&self, digest: &[u8; 32], now_ms: i64) -> Result<Option<WebSession>, ReadError>;

    /// Notes that a session was used. It never moves backwards.
    ///
    /// # Errors
    /// When there is no such session, or it cannot be written.
    fn touch_web_session(&self, digest: [u8; 32], seen_at_ms: i64) -> Result<(), WriteError>;

    /// Ends a session. Ending one that has ended is no error.
    ///
    /// # Errors
    /// When it cannot be written.
    fn revoke_web_session(&self, digest: [u8; 32]) -> Result<(), WriteError>;

    /// Ends all sessions of an account and says how many.
    ///
    /// # Errors
    /// When it cannot be written.
    fn revoke_web_sessions_of(&self, account: Uuid) -> Result<usize, WriteError>;

    /// Ends every session that one person began by a link; the person is known by the link's subject.
    ///
    /// # Errors
    /// When it cannot be written.
    fn revoke_link_sessions_of(&self, patient: Uuid, subject: &str) -> Result<usize, WriteError>;

    /// Deletes the sessions that have expired by `now_ms`, and says how many.
    ///
    /// # Errors
    /// When it cannot be written.
    fn purge_expired_web_sessions(&self, now_ms: i64) -> Result<usize, WriteError>;
}
