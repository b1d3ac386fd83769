//! A ledger that forgets everything when it is dropped, for tests of pages.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use uuid::Uuid;

use super::Subject;
use super::book::{Account, Audit, BookFailure, Ledger, Link, WebSession};

#[derive(Debug, Default)]
struct Shelf {
    accounts: HashMap<Uuid, Account>,
    sessions: HashMap<[u8; 32], WebSession>,
    links: HashMap<[u8; 32], Link>,
    drafts: HashMap<(String, String), String>,
    audit: Vec<Audit>,
}

/// The ledger in memory.
#[derive(Debug, Default)]
pub struct MemoryLedger(Mutex<Shelf>);

impl MemoryLedger {
    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was noted so far, oldest first: what was done.
    #[must_use]
    pub fn noted(&self) -> Vec<String> {
        self.shelf().audit.iter().map(|audit| audit.what.clone()).collect()
    }
}

impl Ledger for MemoryLedger {
    fn answers(&self) -> Result<(), BookFailure> {
        Ok(())
    }

    fn create_account(&self, account: Account, _: i64) -> Result<(), BookFailure> {
        let mut shelf = self.shelf();
        if shelf.accounts.values().any(|known| known.login == account.login) {
            return Err(BookFailure::new("there is already an account with this login"));
        }
        shelf.accounts.insert(account.id, account);
        Ok(())
    }

    fn account_by_login(&self, login: &str) -> Result<Option<Account>, BookFailure> {
        Ok(self.shelf().accounts.values().find(|account| account.login == login).cloned())
    }

    fn account(&self, id: Uuid) -> Result<Option<Account>, BookFailure> {
        Ok(self.shelf().accounts.get(&id).cloned())
    }

    fn accounts(&self) -> Result<Vec<Account>, BookFailure> {
        Ok(self.shelf().accounts.values().cloned().collect())
    }

    fn set_password(&self, id: Uuid, hash: &str) -> Result<(), BookFailure> {
        let mut shelf = self.shelf();
        let account = shelf.accounts.get_mut(&id).ok_or_else(|| BookFailure::new("there is no such account"))?;
        account.password_hash = Some(hash.to_owned());
        Ok(())
    }

    fn set_active(&self, id: Uuid, active: bool) -> Result<(), BookFailure> {
        let mut shelf = self.shelf();
        let account = shelf.accounts.get_mut(&id).ok_or_else(|| BookFailure::new("there is no such account"))?;
        account.active = active;
        Ok(())
    }

    fn begin_session(&self, session: WebSession) -> Result<(), BookFailure> {
        self.shelf().sessions.insert(session.digest, session);
        Ok(())
    }

    fn session(&self, digest: &[u8; 32]) -> Result<Option<WebSession>, BookFailure> {
        Ok(self.shelf().sessions.get(digest).cloned())
    }

    fn touch_session(&self, digest: &[u8; 32], now_ms: i64) -> Result<(), BookFailure> {
        if let Some(session) = self.shelf().sessions.get_mut(digest) {
            session.last_seen_ms = now_ms;
        }
        Ok(())
    }

    fn end_session(&self, digest: &[u8; 32], _: i64) -> Result<(), BookFailure> {
        self.shelf().sessions.remove(digest);
        Ok(())
    }

    fn end_all_sessions(&self, subject: Subject, _: i64) -> Result<(), BookFailure> {
        self.shelf().sessions.retain(|_, session| session.subject != subject);
        Ok(())
    }

    fn keep_link(&self, link: Link) -> Result<(), BookFailure> {
        self.shelf().links.insert(link.digest, link);
        Ok(())
    }

    fn link(&self, digest: &[u8; 32]) -> Result<Option<Link>, BookFailure> {
        Ok(self.shelf().links.get(digest).cloned())
    }

    fn use_link(&self, digest: &[u8; 32], now_ms: i64) -> Result<bool, BookFailure> {
        let mut shelf = self.shelf();
        let Some(link) = shelf.links.get_mut(digest) else { return Ok(false) };
        let free = link.used_at_ms.is_none() && !link.revoked;
        if free {
            link.used_at_ms = Some(now_ms);
        }
        Ok(free)
    }

    fn keep_draft(&self, owner: &str, key: &str, body: &str, _: i64) -> Result<(), BookFailure> {
        self.shelf().drafts.insert((owner.into(), key.into()), body.into());
        Ok(())
    }

    fn draft(&self, owner: &str, key: &str) -> Result<Option<String>, BookFailure> {
        Ok(self.shelf().drafts.get(&(owner.into(), key.into())).cloned())
    }

    fn drop_draft(&self, owner: &str, key: &str) -> Result<(), BookFailure> {
        self.shelf().drafts.remove(&(owner.into(), key.into()));
        Ok(())
    }

    fn note(&self, audit: Audit) -> Result<(), BookFailure> {
        self.shelf().audit.push(audit);
        Ok(())
    }
}
