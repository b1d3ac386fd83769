//! Signed-in browsers.

use uuid::Uuid;

use crate::error::{ReadError, WriteError};

/// Who is behind a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionSubject {
    /// Someone who works here.
    Staff {
        /// Their account.
        account: Uuid,
    },
    /// A patient on their own pages.
    Patient {
        /// Whose chart. Their erasure ends the session.
        patient: Uuid,
        /// Their account; none when they came by a link.
        account: Option<Uuid>,
    },
    /// Someone who looks after a patient at home.
    Companion {
        /// Whose companion. The patient's erasure ends the session.
        patient: Uuid,
        /// Which one.
        companion: Uuid,
    },
}

impl SessionSubject {
    /// The word that is stored. Never changed, never reused.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Staff { .. } => "staff",
            Self::Patient { .. } => "patient",
            Self::Companion { .. } => "companion",
        }
    }

    /// The account that was signed in to.
    #[must_use]
    pub const fn account(self) -> Option<Uuid> {
        match self {
            Self::Staff { account } => Some(account),
            Self::Patient { account, .. } => account,
            Self::Companion { .. } => None,
        }
    }

    /// The patient whom the session is about.
    #[must_use]
    pub const fn patient(self) -> Option<Uuid> {
        match self {
            Self::Staff { .. } => None,
            Self::Patient { patient, .. } | Self::Companion { patient, .. } => Some(patient),
        }
    }

    /// The companion who came by a link.
    #[must_use]
    pub const fn companion(self) -> Option<Uuid> {
        match self {
            Self::Staff { .. } | Self::Patient { .. } => None,
            Self::Companion { companion, .. } => Some(companion),
        }
    }

    /// The subject of a row, from its word and ids; none when they do not belong together.
    pub(crate) fn of_columns(
        code: &str,
        account: Option<Uuid>,
        patient: Option<Uuid>,
        companion: Option<Uuid>,
    ) -> Option<Self> {
        match (code, account, patient, companion) {
            ("staff", Some(account), None, None) => Some(Self::Staff { account }),
            ("patient", account, Some(patient), None) => Some(Self::Patient { patient, account }),
            ("companion", None, Some(patient), Some(companion)) => Some(Self::Companion { patient, companion }),
            _ => None,
        }
    }
}

/// A session to begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewWebSession {
    /// SHA-256 of the secret in the cookie.
    pub digest: [u8; 32],
    /// Who. Not sealed, but bound to what is: nobody becomes somebody else by a changed row.
    pub subject: SessionSubject,
    /// The name shown.
    pub name: String,
    /// The roles held when it begins, in the caller's words.
    pub roles: Vec<String>,
    /// Now.
    pub created_at_ms: i64,
    /// When it ends, whatever happens.
    pub expires_at_ms: i64,
}

/// A session as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebSession {
    /// SHA-256 of the secret in the cookie.
    pub digest: [u8; 32],
    /// Who.
    pub subject: SessionSubject,
    /// The name shown.
    pub name: String,
    /// The roles held when it began, in the caller's words.
    pub roles: Vec<String>,
    /// When it began.
    pub created_at_ms: i64,
    /// When it was last used.
    pub seen_at_ms: i64,
    /// When it ends, whatever happens.
    pub expires_at_ms: i64,
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

    /// Ends all sessions of one person and says how many: those of their account, if that is how they sign in, and otherwise
    /// those that they began by a link.
    ///
    /// # Errors
    /// When it cannot be written.
    fn revoke_web_sessions_of(&self, subject: SessionSubject) -> Result<usize, WriteError>;

    /// Deletes the sessions that have expired by `now_ms`, and says how many.
    ///
    /// # Errors
    /// When it cannot be written.
    fn purge_expired_sessions(&self, now_ms: i64) -> Result<usize, WriteError>;
}
