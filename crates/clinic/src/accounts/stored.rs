//! Sign-in's ledger kept in the store, and the key that its sessions and links hang on.

use serde::{Deserialize, Serialize};
use stillwater_care::ids::{CompanionId, PatientId, StaffId};
use stillwater_care::roles::Role;
use stillwater_store::{
    Account as StoredAccount, Accounts, Drafts, Link as StoredLink, NewAuditEntry, NewWebSession, ReadError,
    SessionHolder, Store, WriteError,
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

/// Who is behind a session, in the form in which the store keeps it.
#[derive(Clone, Copy, Serialize, Deserialize)]
enum Kept {
    Staff(Uuid),
    Patient { patient: Uuid, account: Option<Uuid> },
    Companion { patient: Uuid, companion: Uuid },
}

impl From<Subject> for Kept {
    fn from(subject: Subject) -> Self {
        match subject {
            Subject::Staff(id) => Self::Staff(id.0),
            Subject::Patient { patient, account } => Self::Patient { patient: patient.0, account },
            Subject::Companion { patient, companion } => Self::Companion { patient: patient.0, companion: companion.0 },
        }
    }
}

impl From<Kept> for Subject {
    fn from(kept: Kept) -> Self {
        match kept {
            Kept::Staff(id) => Self::Staff(StaffId(id)),
            Kept::Patient { patient, account } => Self::Patient { patient: PatientId(patient), account },
            Kept::Companion { patient, companion } => {
                Self::Companion { patient: PatientId(patient), companion: CompanionId(companion) }
            }
        }
    }
}

/// What else a session carries. It stands in the place that the store keeps for a form token, which here is worked out
/// from the session's digest instead.
#[derive(Serialize, Deserialize)]
struct Carried {
    subject: Kept,
    name: String,
    roles: Vec<Role>,
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

fn holder(subject: Subject) -> Result<SessionHolder, BookFailure> {
    let patient = match subject {
        Subject::Staff(id) => return Ok(SessionHolder::Account(id.0)),
        Subject::Patient { account: Some(account), .. } => return Ok(SessionHolder::Account(account)),
        Subject::Patient { patient, account: None } | Subject::Companion { patient, .. } => patient,
    };
    Ok(SessionHolder::Link { subject: json(&Kept::from(subject))?, patient: Some(patient.0) })
}

fn account(stored: StoredAccount) -> Account {
    Account {
        id: stored.id,
        login: stored.login,
        display_name: stored.display_name,
        roles: stored.roles.iter().filter_map(|word| Role::from_word(word)).collect(),
        password_hash: (!stored.password_hash.is_empty()).then_some(stored.password_hash),
        active: stored.active,
        patient: stored.patient,
    }
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
                roles: account.roles.iter().map(|role| role.word().to_owned()).collect(),
                password_hash: account.password_hash.unwrap_or_default(),
                active: account.active,
                created_at_ms: now_ms,
                patient: account.patient,
            },
        )?)
    }

    fn account_by_login(&self, login: &str) -> Result<Option<Account>, BookFailure> {
        Ok(self.find_account_by_login(login)?.map(account))
    }

    fn account(&self, id: Uuid) -> Result<Option<Account>, BookFailure> {
        Ok(Accounts::account(&**self, id)?.map(account))
    }

    fn accounts(&self) -> Result<Vec<Account>, BookFailure> {
        Ok(Accounts::accounts(&**self)?.into_iter().map(account).collect())
    }

    fn set_password(&self, id: Uuid, hash: &str) -> Result<(), BookFailure> {
        Ok(self.set_account_password(id, hash.to_owned())?)
    }

    fn set_active(&self, id: Uuid, active: bool) -> Result<(), BookFailure> {
        Ok(self.set_account_active(id, active)?)
    }

    fn begin_session(&self, session: WebSession) -> Result<(), BookFailure> {
        let carried = Carried { subject: session.subject.into(), name: session.name, roles: session.roles };
        Ok(self.create_web_session(NewWebSession {
            digest: session.digest,
            holder: holder(session.subject)?,
            created_at_ms: session.created_at_ms,
            expires_at_ms: session.expires_at_ms,
            csrf: json(&carried)?,
        })?)
    }

    fn session(&self, digest: &[u8; 32]) -> Result<Option<WebSession>, BookFailure> {
        // How long a session lasts is judged by the caller, who knows the time.
        let Some(kept) = self.find_web_session(digest, i64::MIN)? else { return Ok(None) };
        let carried: Carried = read(&kept.csrf, "a session")?;
        Ok(Some(WebSession {
            digest: kept.digest,
            subject: carried.subject.into(),
            name: carried.name,
            roles: carried.roles,
            created_at_ms: kept.created_at_ms,
            last_seen_ms: kept.seen_at_ms,
            expires_at_ms: kept.expires_at_ms,
        }))
    }

    fn touch_session(&self, digest: &[u8; 32], now_ms: i64) -> Result<(), BookFailure> {
        Ok(self.touch_web_session(*digest, now_ms)?)
    }

    fn end_session(&self, digest: &[u8; 32], _: i64) -> Result<(), BookFailure> {
        Ok(self.revoke_web_session(*digest)?)
    }

    fn end_all_sessions(&self, subject: Subject, _: i64) -> Result<(), BookFailure> {
        match holder(subject)? {
            SessionHolder::Account(account) => self.revoke_web_sessions_of(account)?,
            SessionHolder::Link { subject, patient } => {
                self.revoke_link_sessions_of(patient.unwrap_or_default(), &subject)?
            }
        };
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
