//! Sign-in's ledger kept in the store, and the key that its sessions and links hang on.

use serde::{Deserialize, Serialize};
use stillwater_care::ids::{CompanionId, PatientId, StaffId};
use stillwater_care::roles::Role;
use stillwater_store::{
    Account as StoredAccount, Accounts, Drafts, Link as StoredLink, NewAuditEntry, NewWebSession, ReadError,
    SessionSubject, Store, WriteError,
};
use uuid::Uuid;

use super::book::{Account, Audit, BookFailure, Ledger, Link, LinkFor, WebSession};
use crate::person::Subject;
use crate::random;

/// The setting that holds the key for sessions and links.
const ROOT_KEY: &str = "web-root-key";

impl From<ReadError> for BookFailure {
    fn from(error: ReadError) -> Self {
        Self::new(error.to_string())
    }
}

impl From<WriteError> for BookFailure {
    fn from(error: WriteError) -> Self {
        Self::new(error.to_string())
    }
}

/// The key for sessions and links: made at the first start, and the same from then on, so that nobody is signed out by a
/// restart.
///
/// # Errors
/// When the store cannot be read or written.
pub fn root_key(store: &Store) -> Result<[u8; 32], BookFailure> {
    if let Some(kept) = store.setting(ROOT_KEY)? {
        let text: String =
            serde_json::from_str(&kept).map_err(|_| BookFailure::new("the key for sessions is unreadable"))?;
        return stillwater_digest::from_hex(&text)
            .ok_or_else(|| BookFailure::new("the key for sessions is unreadable"));
    }
    let key: [u8; 32] = random::bytes().map_err(|_| BookFailure::new("the system has no randomness to give"))?;
    store.put_setting(ROOT_KEY, &format!("\"{}\"", stillwater_digest::to_hex(&key)))?;
    Ok(key)
}

/// Who is behind a session, as the store has it.
fn session_subject(subject: Subject) -> SessionSubject {
    match subject {
        Subject::Staff(id) => SessionSubject::Staff { account: id.0 },
        Subject::Patient { patient, account } => SessionSubject::Patient { patient: patient.0, account },
        Subject::Companion { patient, companion } => {
            SessionSubject::Companion { patient: patient.0, companion: companion.0 }
        }
    }
}

/// Who is behind a stored session.
fn subject(stored: SessionSubject) -> Subject {
    match stored {
        SessionSubject::Staff { account } => Subject::Staff(StaffId(account)),
        SessionSubject::Patient { patient, account } => Subject::Patient { patient: PatientId(patient), account },
        SessionSubject::Companion { patient, companion } => {
            Subject::Companion { patient: PatientId(patient), companion: CompanionId(companion) }
        }
    }
}

fn role_words(roles: &[Role]) -> Vec<String> {
    roles.iter().map(|role| role.word().to_owned()).collect()
}

/// The roles of a row. A word that nobody knows is a failure: what the holder may do would otherwise depend on the version.
fn roles(words: &[String]) -> Result<Vec<Role>, BookFailure> {
    words
        .iter()
        .map(|word| {
            Role::from_word(word).ok_or_else(|| BookFailure::new(format!("the role `{word}` is one nobody knows")))
        })
        .collect()
}

#[derive(Serialize, Deserialize)]
struct LinkSubject {
    companion: Option<Uuid>,
    account: Option<Uuid>,
    name: String,
    created_at_ms: i64,
}

fn json<T: Serialize>(value: &T) -> Result<String, BookFailure> {
    serde_json::to_string(value).map_err(|error| BookFailure::new(error.to_string()))
}

fn read<'j, T: Deserialize<'j>>(text: &'j str, what: &str) -> Result<T, BookFailure> {
    serde_json::from_str(text).map_err(|error| BookFailure::new(format!("{what} is stored in another form: {error}")))
}

fn account(stored: StoredAccount) -> Result<Account, BookFailure> {
    Ok(Account {
        id: stored.id,
        login: stored.login,
        display_name: stored.display_name,
        roles: roles(&stored.roles)?,
        password_hash: (!stored.password_hash.is_empty()).then_some(stored.password_hash),
        active: stored.active,
        patient: stored.patient,
    })
}

impl Ledger for Store {
    fn answers(&self) -> Result<(), BookFailure> {
        self.log_head().map(|_| ()).map_err(Into::into)
    }

    fn create_account(&self, account: Account, now_ms: i64) -> Result<(), BookFailure> {
        Ok(Accounts::create_account(
            &**self,
            StoredAccount {
                id: account.id,
                login: account.login,
                display_name: account.display_name,
                roles: role_words(&account.roles),
                password_hash: account.password_hash.unwrap_or_default(),
                active: account.active,
                created_at_ms: now_ms,
                patient: account.patient,
            },
        )?)
    }

    fn account_by_login(&self, login: &str) -> Result<Option<Account>, BookFailure> {
        self.find_account_by_login(login)?.map(account).transpose()
    }

    fn account(&self, id: Uuid) -> Result<Option<Account>, BookFailure> {
        Accounts::account(&**self, id)?.map(account).transpose()
    }

    fn accounts(&self) -> Result<Vec<Account>, BookFailure> {
        Accounts::accounts(&**self)?.into_iter().map(account).collect()
    }

    fn set_password(&self, id: Uuid, hash: &str) -> Result<(), BookFailure> {
        Ok(self.set_account_password(id, hash.to_owned())?)
    }

    fn set_active(&self, id: Uuid, active: bool) -> Result<(), BookFailure> {
        Ok(self.set_account_active(id, active)?)
    }

    fn begin_session(&self, session: WebSession) -> Result<(), BookFailure> {
        // Sessions only become more by beginning, so this is the moment at which those that have ended go.
        self.purge_expired_sessions(session.created_at_ms)?;
        Ok(self.create_web_session(NewWebSession {
            digest: session.digest,
            subject: session_subject(session.subject),
            name: session.name,
            roles: role_words(&session.roles),
            created_at_ms: session.created_at_ms,
            expires_at_ms: session.expires_at_ms,
        })?)
    }

    fn session(&self, digest: &[u8; 32]) -> Result<Option<WebSession>, BookFailure> {
        // How long a session lasts is judged by the caller, who knows the time.
        let Some(stored) = self.find_web_session(digest, i64::MIN)? else { return Ok(None) };
        Ok(Some(WebSession {
            digest: stored.digest,
            subject: subject(stored.subject),
            name: stored.name,
            roles: roles(&stored.roles)?,
            created_at_ms: stored.created_at_ms,
            last_seen_ms: stored.seen_at_ms,
            expires_at_ms: stored.expires_at_ms,
        }))
    }

    fn touch_session(&self, digest: &[u8; 32], now_ms: i64) -> Result<(), BookFailure> {
        Ok(self.touch_web_session(*digest, now_ms)?)
    }

    fn end_session(&self, digest: &[u8; 32], _: i64) -> Result<(), BookFailure> {
        Ok(self.revoke_web_session(*digest)?)
    }

    fn end_all_sessions(&self, subject: Subject, _: i64) -> Result<(), BookFailure> {
        self.revoke_web_sessions_of(session_subject(subject))?;
        Ok(())
    }

    fn keep_link(&self, link: Link) -> Result<(), BookFailure> {
        let (purpose, patient, companion, account) = match link.link_for {
            LinkFor::Patient { patient } => ("patient", Some(patient), None, None),
            LinkFor::Companion { patient, companion } => ("companion", Some(patient), Some(companion), None),
            LinkFor::Account { account } => ("account", None, None, Some(account)),
        };
        let subject = LinkSubject { companion, account, name: link.name, created_at_ms: link.created_at_ms };
        Ok(self.create_link(StoredLink {
            digest: link.digest,
            purpose: purpose.to_owned(),
            subject: json(&subject)?,
            patient,
            expires_at_ms: link.expires_at_ms,
            used_at_ms: link.used_at_ms,
            single_use: true,
            code_digest: link.code_digest,
        })?)
    }

    fn link(&self, digest: &[u8; 32]) -> Result<Option<Link>, BookFailure> {
        let Some(kept) = self.find_link(digest)? else { return Ok(None) };
        let subject: LinkSubject = read(&kept.subject, "a link")?;
        let link_for = match (kept.purpose.as_str(), kept.patient, subject.companion, subject.account) {
            ("patient", Some(patient), _, _) => LinkFor::Patient { patient },
            ("companion", Some(patient), Some(companion), _) => LinkFor::Companion { patient, companion },
            ("account", _, _, Some(account)) => LinkFor::Account { account },
            _ => return Err(BookFailure::new("a link is stored in another form")),
        };
        Ok(Some(Link {
            digest: kept.digest,
            link_for,
            name: subject.name,
            code_digest: kept.code_digest,
            created_at_ms: subject.created_at_ms,
            expires_at_ms: kept.expires_at_ms,
            used_at_ms: kept.used_at_ms,
            revoked: false,
        }))
    }

    fn use_link(&self, digest: &[u8; 32], now_ms: i64) -> Result<bool, BookFailure> {
        Ok(self.mark_link_used(*digest, now_ms)?)
    }

    fn keep_draft(&self, owner: &str, key: &str, body: &str, now_ms: i64) -> Result<(), BookFailure> {
        Ok(self.put_draft(owner, key, None, body.as_bytes(), now_ms)?)
    }

    fn draft(&self, owner: &str, key: &str) -> Result<Option<String>, BookFailure> {
        let kept = Drafts::draft(&**self, owner, key)?;
        kept.map(|draft| String::from_utf8(draft.contents).map_err(|_| BookFailure::new("a draft is unreadable")))
            .transpose()
    }

    fn drop_draft(&self, owner: &str, key: &str) -> Result<(), BookFailure> {
        Ok(self.delete_draft(owner, key)?)
    }

    fn note(&self, audit: Audit) -> Result<(), BookFailure> {
        let what = if audit.about.is_empty() { audit.what } else { format!("{}: {}", audit.what, audit.about) };
        Ok(self.audit_later(NewAuditEntry { who: audit.who, patient: audit.patient, what, at_ms: audit.at_ms })?)
    }
}
