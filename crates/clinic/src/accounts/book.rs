//! The face of the store that sign-in needs: accounts, sessions, links, drafts and the audit trail.

use std::fmt;
use std::sync::Arc;

use stillwater_care::roles::Role;
use uuid::Uuid;

use crate::clock::Clock;
use crate::person::Subject;

/// The store did not do what was asked.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct BookFailure(String);

impl BookFailure {
    /// A failure in the store's own words.
    #[must_use]
    pub fn new(says: impl Into<String>) -> Self {
        Self(says.into())
    }
}

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
pub struct Audit {
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

/// What sign-in needs of the store. The calls may wait for the disk; [`Book`] makes them away from the async threads.
pub trait Ledger: Send + Sync + fmt::Debug {
    /// Whether the store answers at all.
    fn answers(&self) -> Result<(), BookFailure>;
    /// Keeps a new account; refused when the login is taken.
    fn create_account(&self, account: Account, now_ms: i64) -> Result<(), BookFailure>;
    /// The account with this login.
    fn account_by_login(&self, login: &str) -> Result<Option<Account>, BookFailure>;
    /// The account with this id.
    fn account(&self, id: Uuid) -> Result<Option<Account>, BookFailure>;
    /// Every account.
    fn accounts(&self) -> Result<Vec<Account>, BookFailure>;
    /// Replaces a password's hash.
    fn set_password(&self, id: Uuid, hash: &str) -> Result<(), BookFailure>;
    /// Lets an account sign in, or stops it.
    fn set_active(&self, id: Uuid, active: bool) -> Result<(), BookFailure>;
    /// Keeps a new session.
    fn begin_session(&self, session: WebSession) -> Result<(), BookFailure>;
    /// The session with this digest, if it has not been ended.
    fn session(&self, digest: &[u8; 32]) -> Result<Option<WebSession>, BookFailure>;
    /// Notes that a session was used.
    fn touch_session(&self, digest: &[u8; 32], now_ms: i64) -> Result<(), BookFailure>;
    /// Ends a session. Ending one that is gone already is no failure.
    fn end_session(&self, digest: &[u8; 32], now_ms: i64) -> Result<(), BookFailure>;
    /// Ends every session of one person.
    fn end_all_sessions(&self, subject: Subject, now_ms: i64) -> Result<(), BookFailure>;
    /// Keeps a new link.
    fn keep_link(&self, link: Link) -> Result<(), BookFailure>;
    /// The link with this digest.
    fn link(&self, digest: &[u8; 32]) -> Result<Option<Link>, BookFailure>;
    /// Uses a link up. `false` when it was used or withdrawn before: of two who come at once, one gets `true`.
    fn use_link(&self, digest: &[u8; 32], now_ms: i64) -> Result<bool, BookFailure>;
    /// Keeps a draft in place of an earlier one.
    fn keep_draft(&self, owner: &str, key: &str, body: &str, now_ms: i64) -> Result<(), BookFailure>;
    /// A kept draft.
    fn draft(&self, owner: &str, key: &str) -> Result<Option<String>, BookFailure>;
    /// Throws a draft away.
    fn drop_draft(&self, owner: &str, key: &str) -> Result<(), BookFailure>;
    /// Adds a line to the audit trail.
    fn note(&self, audit: Audit) -> Result<(), BookFailure>;
}

/// The store as handlers use it: every call is made on a thread that may wait.
#[derive(Clone, Debug)]
pub struct Book {
    ledger: Arc<dyn Ledger>,
    clock: Arc<dyn Clock>,
}

impl Book {
    /// A book over any ledger.
    #[must_use]
    pub fn new(ledger: Arc<dyn Ledger>, clock: Arc<dyn Clock>) -> Self {
        Self { ledger, clock }
    }

    /// The present time of sessions, links and the audit trail.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Ledger) -> Result<T, BookFailure> + Send + 'static,
    ) -> Result<T, BookFailure> {
        let ledger = Arc::clone(&self.ledger);
        tokio::task::spawn_blocking(move || work(&*ledger))
            .await
            .map_err(|_| BookFailure::new("the thread that asked the store ended early"))?
    }

    /// Whether the store answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn answers(&self) -> Result<(), BookFailure> {
        self.blocking(|ledger| ledger.answers()).await
    }

    /// Keeps a new account.
    ///
    /// # Errors
    /// When the store does not do it.
    pub async fn create_account(&self, account: Account) -> Result<(), BookFailure> {
        let now_ms = self.clock.now_ms();
        self.blocking(move |ledger| ledger.create_account(account, now_ms)).await
    }

    /// The account with this login.
    ///
    /// # Errors
    /// When the store does not do it.
    pub async fn account_by_login(&self, login: &str) -> Result<Option<Account>, BookFailure> {
        let login = login.to_owned();
        self.blocking(move |ledger| ledger.account_by_login(&login)).await
    }

    /// The account with this id.
    ///
    /// # Errors
    /// When the store does not do it.
    pub async fn account(&self, id: Uuid) -> Result<Option<Account>, BookFailure> {
        self.blocking(move |ledger| ledger.account(id)).await
    }

    /// Every account.
    ///
    /// # Errors
    /// When the store does not do it.
    pub async fn accounts(&self) -> Result<Vec<Account>, BookFailure> {
        self.blocking(move |ledger| ledger.accounts()).await
    }

    /// Replaces a password's hash.
    ///
    /// # Errors
    /// When the store does not do it.
    pub async fn set_password(&self, id: Uuid, hash: String) -> Result<(), BookFailure> {
        self.blocking(move |ledger| ledger.set_password(id, &hash)).await
    }

    /// Lets an account sign in, or stops it.
    ///
    /// # Errors
    /// When the store does not do it.
    pub async fn set_active(&self, id: Uuid, active: bool) -> Result<(), BookFailure> {
        self.blocking(move |ledger| ledger.set_active(id, active)).await
    }

    /// Keeps a new session.
    ///
    /// # Errors
    /// When the store does not do it.
    pub async fn begin_session(&self, session: WebSession) -> Result<(), BookFailure> {
        self.blocking(move |ledger| ledger.begin_session(session)).await
    }

    /// The session with this digest.
    ///
    /// # Errors
    /// When the store does not do it.
    pub async fn session(&self, digest: [u8; 32]) -> Result<Option<WebSession>, BookFailure> {
        self.blocking(move |ledger| ledger.session(&digest)).await
    }

    /// Notes that a session was used.
    ///
    /// # Errors
    /// When the store does not do it.
    pub async fn touch_session(&self, digest: [u8; 32]) -> Result<(), BookFailure> {
        let now_ms = self.clock.now_ms();
        self.blocking(move |ledger| ledger.touch_session(&digest, now_ms)).await
    }

    /// Ends a session.
    ///
    /// # Errors
    /// When the store does not do it.
    pub async fn end_session(&self, digest: [u8; 32]) -> Result<(), BookFailure> {
        let now_ms = self.clock.now_ms();
        self.blocking(move |ledger| ledger.end_session(&digest, now_ms)).await
    }

    /// Ends every session of one person.
    ///
    /// # Errors
    /// When the store does not do it.
    pub async fn end_all_sessions(&self, subject: Subject) -> Result<(), BookFailure> {
        let now_ms = self.clock.now_ms();
        self.blocking(move |ledger| ledger.end_all_sessions(subject, now_ms)).await
    }

    /// Keeps a new link.
    ///
    /// # Errors
    /// When the store does not do it.
    pub async fn keep_link(&self, link: Link) -> Result<(), BookFailure> {
        self.blocking(move |ledger| ledger.keep_link(link)).await
    }

    /// The link with this digest.
    ///
    /// # Errors
    /// When the store does not do it.
    pub async fn link(&self, digest: [u8; 32]) -> Result<Option<Link>, BookFailure> {
        self.blocking(move |ledger| ledger.link(&digest)).await
    }

    /// Uses a link up; `false` when someone else was first.
    ///
    /// # Errors
    /// When the store does not do it.
    pub async fn use_link(&self, digest: [u8; 32]) -> Result<bool, BookFailure> {
        let now_ms = self.clock.now_ms();
        self.blocking(move |ledger| ledger.use_link(&digest, now_ms)).await
    }

    /// Keeps a draft.
    ///
    /// # Errors
    /// When the store does not do it.
    pub async fn keep_draft(&self, owner: &str, key: &str, body: &str) -> Result<(), BookFailure> {
        let owner = owner.to_owned();
        let key = key.to_owned();
        let body = body.to_owned();
        let now_ms = self.clock.now_ms();
        self.blocking(move |ledger| ledger.keep_draft(&owner, &key, &body, now_ms)).await
    }

    /// A kept draft.
    ///
    /// # Errors
    /// When the store does not do it.
    pub async fn draft(&self, owner: &str, key: &str) -> Result<Option<String>, BookFailure> {
        let owner = owner.to_owned();
        let key = key.to_owned();
        self.blocking(move |ledger| ledger.draft(&owner, &key)).await
    }

    /// Throws a draft away.
    ///
    /// # Errors
    /// When the store does not do it.
    pub async fn drop_draft(&self, owner: &str, key: &str) -> Result<(), BookFailure> {
        let owner = owner.to_owned();
        let key = key.to_owned();
        self.blocking(move |ledger| ledger.drop_draft(&owner, &key)).await
    }

    /// Adds a line to the audit trail.
    ///
    /// # Errors
    /// When the store does not do it.
    pub async fn note(&self, audit: Audit) -> Result<(), BookFailure> {
        self.blocking(move |ledger| ledger.note(audit)).await
    }
}
