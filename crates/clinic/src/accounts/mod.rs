//! Accounts, sessions, personal links, drafts and the audit trail, as whoever signs people in needs them.
//!
//! One store of accounts, cheap to clone. What waits for the disk is done away from the threads that answer requests.

mod recent;
mod stored;
mod types;

use std::sync::Arc;

use stillwater_store::{Accounts, Drafts, NewAuditEntry, ReadError, Store, WriteError};
use uuid::Uuid;

pub use stored::root_key;
pub use types::{Account, AuditNote, Link, LinkFor, WebSession};

use crate::clock::Clock;
use crate::person::Subject;
use recent::RecentSessions;

/// The store of accounts did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum AccountsFailure {
    /// Reading failed.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Writing failed.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// What is kept cannot be understood by this version.
    #[error("{what} is stored in another form: {why}")]
    Unreadable {
        /// What.
        what: &'static str,
        /// Why.
        why: String,
    },
    /// Something cannot be put into the form in which it is kept.
    #[error("{what} cannot be put into its stored form: {why}")]
    Unwritable {
        /// What.
        what: &'static str,
        /// Why.
        why: String,
    },
    /// The operating system gave no random bytes.
    #[error(transparent)]
    NoRandomness(#[from] crate::random::NoRandomness),
    /// The thread that waited ended early.
    #[error("the thread that waited for the store ended early")]
    Thread,
}

/// Accounts and what belongs to them, over the installation's store.
#[derive(Clone, Debug)]
pub struct AccountStore {
    store: Store,
    clock: Arc<dyn Clock>,
    recent: Arc<RecentSessions>,
}

impl AccountStore {
    /// The accounts of a store. `clock` gives the time of sessions, links and the audit trail.
    #[must_use]
    pub fn new(store: Store, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock, recent: Arc::default() }
    }

    /// The present time of sessions, links and the audit trail.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, AccountsFailure> + Send + 'static,
    ) -> Result<T, AccountsFailure> {
        let store = self.store.clone();
        tokio::task::spawn_blocking(move || work(&store)).await.map_err(|_| AccountsFailure::Thread)?
    }

    /// Whether the store answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn answers(&self) -> Result<(), AccountsFailure> {
        self.blocking(|store| Ok(store.log_head().map(|_| ())?)).await
    }

    /// Keeps a new account.
    ///
    /// # Errors
    /// When the login is taken, or the store does not do it.
    pub async fn create_account(&self, account: Account) -> Result<(), AccountsFailure> {
        let now_ms = self.now_ms();
        self.blocking(move |store| Ok(Accounts::create_account(&**store, stored::account_row(account, now_ms))?)).await
    }

    /// The account with this login.
    ///
    /// # Errors
    /// When the store does not do it, or the account holds a role that is not known.
    pub async fn account_by_login(&self, login: &str) -> Result<Option<Account>, AccountsFailure> {
        let login = login.to_owned();
        self.blocking(move |store| store.find_account_by_login(&login)?.map(stored::account).transpose()).await
    }

    /// The account with this id.
    ///
    /// # Errors
    /// When the store does not do it, or the account holds a role that is not known.
    pub async fn account(&self, id: Uuid) -> Result<Option<Account>, AccountsFailure> {
        self.blocking(move |store| Accounts::account(&**store, id)?.map(stored::account).transpose()).await
    }

    /// Every account.
    ///
    /// # Errors
    /// When the store does not do it, or an account holds a role that is not known.
    pub async fn accounts(&self) -> Result<Vec<Account>, AccountsFailure> {
        self.blocking(|store| Accounts::accounts(&**store)?.into_iter().map(stored::account).collect()).await
    }

    /// Replaces a password's hash.
    ///
    /// # Errors
    /// When the store does not do it.
    pub async fn set_password(&self, id: Uuid, hash: String) -> Result<(), AccountsFailure> {
        self.blocking(move |store| Ok(store.set_account_password(id, hash)?)).await
    }

    /// Lets an account sign in, or stops it.
    ///
    /// # Errors
    /// When the store does not do it.
    pub async fn set_active(&self, id: Uuid, active: bool) -> Result<(), AccountsFailure> {
        self.blocking(move |store| Ok(store.set_account_active(id, active)?)).await
    }

    /// Keeps a new session.
    ///
    /// # Errors
    /// When the store does not do it.
    pub async fn begin_session(&self, session: WebSession) -> Result<(), AccountsFailure> {
        self.blocking(move |store| Ok(store.create_web_session(stored::session_row(session))?)).await
    }

    /// The session with this digest, if it has not been ended. How long it may last is judged by the caller.
    ///
    /// # Errors
    /// When the store does not do it.
    pub async fn session(&self, digest: [u8; 32]) -> Result<Option<WebSession>, AccountsFailure> {
        let now_ms = self.now_ms();
        if let Some(session) = self.recent.get(&digest, now_ms) {
            return Ok(Some(session));
        }
        let asked = self.recent.ask();
        let found = self
            .blocking(move |store| store.find_web_session(&digest, i64::MIN)?.map(stored::session).transpose())
            .await?;
        if let Some(session) = &found {
            self.recent.keep(asked, session, now_ms);
        }
        Ok(found)
    }

    /// Notes that a session was used.
    ///
    /// # Errors
    /// When the store does not do it.
    pub async fn touch_session(&self, digest: [u8; 32]) -> Result<(), AccountsFailure> {
        let now_ms = self.now_ms();
        self.blocking(move |store| Ok(store.touch_web_session(digest, now_ms)?)).await?;
        self.recent.forget_all();
        Ok(())
    }

    /// Ends a session. Ending one that is gone already is no failure.
    ///
    /// # Errors
    /// When the store does not do it.
    pub async fn end_session(&self, digest: [u8; 32]) -> Result<(), AccountsFailure> {
        self.blocking(move |store| Ok(store.revoke_web_session(digest)?)).await?;
        self.recent.forget_all();
        Ok(())
    }

    /// Ends every session of one person.
    ///
    /// # Errors
    /// When the store does not do it.
    pub async fn end_all_sessions(&self, subject: Subject) -> Result<(), AccountsFailure> {
        self.blocking(move |store| Ok(store.revoke_web_sessions_of(stored::session_subject(subject)).map(|_| ())?))
            .await?;
        self.recent.forget_all();
        Ok(())
    }

    /// Deletes the sessions that have ended by their age, and says how many.
    ///
    /// # Errors
    /// When the store does not do it.
    pub async fn purge_sessions(&self) -> Result<usize, AccountsFailure> {
        let now_ms = self.now_ms();
        let purged = self.blocking(move |store| Ok(store.purge_expired_sessions(now_ms)?)).await?;
        self.recent.forget_all();
        Ok(purged)
    }

    /// Keeps a new link.
    ///
    /// # Errors
    /// When the store does not do it.
    pub async fn keep_link(&self, link: Link) -> Result<(), AccountsFailure> {
        self.blocking(move |store| Ok(store.create_link(stored::link_row(link)?)?)).await
    }

    /// The link with this digest.
    ///
    /// # Errors
    /// When the store does not do it.
    pub async fn link(&self, digest: [u8; 32]) -> Result<Option<Link>, AccountsFailure> {
        self.blocking(move |store| store.find_link(&digest)?.map(stored::link).transpose()).await
    }

    /// Uses a link up. `false` when it was used or withdrawn before: of two who come at once, one gets `true`.
    ///
    /// # Errors
    /// When the store does not do it.
    pub async fn use_link(&self, digest: [u8; 32]) -> Result<bool, AccountsFailure> {
        let now_ms = self.now_ms();
        self.blocking(move |store| Ok(store.mark_link_used(digest, now_ms)?)).await
    }

    /// Keeps a draft in place of an earlier one.
    ///
    /// # Errors
    /// When the store does not do it.
    pub async fn keep_draft(&self, owner: &str, key: &str, body: &str) -> Result<(), AccountsFailure> {
        let (owner, key, body) = (owner.to_owned(), key.to_owned(), body.to_owned());
        let now_ms = self.now_ms();
        self.blocking(move |store| Ok(store.put_draft(&owner, &key, None, body.as_bytes(), now_ms)?)).await
    }

    /// A kept draft.
    ///
    /// # Errors
    /// When the store does not do it, or what is kept is no text; it is left as it is.
    pub async fn draft(&self, owner: &str, key: &str) -> Result<Option<String>, AccountsFailure> {
        let (owner, key) = (owner.to_owned(), key.to_owned());
        self.blocking(move |store| Drafts::draft(&**store, &owner, &key)?.map(stored::draft).transpose()).await
    }

    /// Throws a draft away.
    ///
    /// # Errors
    /// When the store does not do it.
    pub async fn drop_draft(&self, owner: &str, key: &str) -> Result<(), AccountsFailure> {
        let (owner, key) = (owner.to_owned(), key.to_owned());
        self.blocking(move |store| Ok(store.delete_draft(&owner, &key)?)).await
    }

    /// Adds a line to the audit trail, in the writer's queue and without waiting for the disk.
    ///
    /// # Errors
    /// When the store has been closed.
    pub async fn note(&self, note: AuditNote) -> Result<(), AccountsFailure> {
        let what = if note.about.is_empty() { note.what } else { format!("{}: {}", note.what, note.about) };
        Ok(self.store.audit_later(NewAuditEntry { who: note.who, patient: note.patient, what, at_ms: note.at_ms })?)
    }
}
