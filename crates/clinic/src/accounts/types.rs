//! What sign-in keeps: accounts, sessions, personal links and lines of the audit trail, as the application knows them.

use stillwater_care::roles::Role;
use uuid::Uuid;

use crate::person::Subject;

/// Someone who signs in with a password.
#[derive(Clone, Debug)]
pub struct Account {
    /// Their id; for staff also the id in charts.
    pub id: Uuid,
    /// The sign-in name, in lower case.
    pub login: String,
    /// The name shown.
    pub display_name: String,
    /// What they are here to do.
    pub roles: Vec<Role>,
    /// The password's hash; `None` until one is set.
    pub password_hash: Option<String>,
    /// Whether they may sign in.
    pub active: bool,
    /// For a patient's account: whose chart.
    pub patient: Option<Uuid>,
}

/// A session as kept.
#[derive(Clone, Debug)]
pub struct WebSession {
    /// The keyed digest of the cookie.
    pub digest: [u8; 32],
    /// Whose.
    pub subject: Subject,
    /// The name shown.
    pub name: String,
    /// The roles held when it began.
    pub roles: Vec<Role>,
    /// When it began.
    pub created_at_ms: i64,
    /// When it was last used.
    pub last_seen_ms: i64,
    /// When it ends in any case.
    pub expires_at_ms: i64,
}

/// What a link opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkFor {
    /// A patient's own pages.
    Patient {
        /// Whose.
        patient: Uuid,
    },
    /// A companion's pages.
    Companion {
        /// Whose companion.
        patient: Uuid,
        /// Which one.
        companion: Uuid,
    },
    /// Setting the password of an account.
    Account {
        /// Which one.
        account: Uuid,
    },
}

/// A personal link as kept.
#[derive(Clone, Debug)]
pub struct Link {
    /// The keyed digest of its token.
    pub digest: [u8; 32],
    /// What it opens.
    pub link_for: LinkFor,
    /// The name of whom it is for.
    pub name: String,
    /// The keyed digest of its code, if it has one.
    pub code_digest: Option<[u8; 32]>,
    /// When it was made.
    pub created_at_ms: i64,
    /// When it ends.
    pub expires_at_ms: i64,
    /// When it was used.
    pub used_at_ms: Option<i64>,
    /// Whether it was withdrawn.
    pub revoked: bool,
}

/// A line of the audit trail.
#[derive(Clone, Debug)]
pub struct AuditNote {
    /// When.
    pub at_ms: i64,
    /// Who, as [`crate::Principal::key`] has it; empty when nobody is signed in.
    pub who: String,
    /// What was done.
    pub what: String,
    /// About which patient.
    pub patient: Option<Uuid>,
    /// Anything else worth keeping; never a name or an answer.
    pub about: String,
}
