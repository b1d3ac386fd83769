//! The forms in which the store keeps accounts, sessions and links, and the key that sessions and links hang on.

use serde::{Deserialize, Serialize};
use stillwater_care::ids::{CompanionId, PatientId, StaffId};
use stillwater_care::roles::Role;
use stillwater_store::{
    Account as StoredAccount, Draft, Link as StoredLink, NewWebSession, SessionSubject, Store,
    WebSession as StoredSession,
};
use uuid::Uuid;

use super::{Account, AccountsFailure, Link, LinkFor, WebSession};
use crate::person::Subject;
use crate::random;

/// The setting that holds the key for sessions and links.
const ROOT_KEY: &str = "web-root-key";

/// The key for sessions and links: made at the first start, and the same from then on, so that nobody is signed out by a
/// restart.
///
/// # Errors
/// When the store cannot be read or written.
pub fn root_key(store: &Store) -> Result<[u8; 32], AccountsFailure> {
    const WHAT: &str = "the key for sessions";
    if let Some(kept) = store.setting(ROOT_KEY)? {
        let text: String = read(&kept, WHAT)?;
        return stillwater_digest::from_hex(&text)
            .ok_or_else(|| AccountsFailure::Unreadable { what: WHAT, why: "it is no key of 32 bytes".to_owned() });
    }
    let key: [u8; 32] = random::bytes()?;
    store.put_setting(ROOT_KEY, &json(&stillwater_digest::to_hex(&key), WHAT)?)?;
    Ok(key)
}

/// Who is behind a session, as the store has it.
pub(super) fn session_subject(subject: Subject) -> SessionSubject {
    match subject {
        Subject::Staff(id) => SessionSubject::Staff { account: id.0 },
        Subject::Patient { patient, account } => SessionSubject::Patient { patient: patient.0, account },
        Subject::Companion { patient, companion } => {
            SessionSubject::Companion { patient: patient.0, companion: companion.0 }
        }
    }
}

/// Who is behind a stored session.
fn subject(row: SessionSubject) -> Subject {
    match row {
        SessionSubject::Staff { account } => Subject::Staff(StaffId(account)),
        SessionSubject::Patient { patient, account } => Subject::Patient { patient: PatientId(patient), account },
        SessionSubject::Companion { patient, companion } => {
            Subject::Companion { patient: PatientId(patient), companion: CompanionId(companion) }
        }
    }
}

fn role_words(roles: &[Role]) -> Vec<String> {
    roles.iter().map(|role| role.code().to_owned()).collect()
}

/// The roles of a row. A role that is not known is a fault: somebody must not be taken for less, or for more, than they are.
fn roles(words: &[String], what: &'static str, whose: &dyn std::fmt::Display) -> Result<Vec<Role>, AccountsFailure> {
    let role = |word: &String| {
        Role::from_code(word).ok_or_else(|| AccountsFailure::Unreadable {
            what,
            why: format!("{whose} holds the role {word:?}, which is not known"),
        })
    };
    words.iter().map(role).collect()
}

#[derive(Serialize, Deserialize)]
struct LinkSubject {
    companion: Option<Uuid>,
    account: Option<Uuid>,
    name: String,
    created_at_ms: i64,
}

fn json<T: Serialize>(value: &T, what: &'static str) -> Result<String, AccountsFailure> {
    serde_json::to_string(value).map_err(|error| AccountsFailure::Unwritable { what, why: error.to_string() })
}

fn read<'j, T: Deserialize<'j>>(text: &'j str, what: &'static str) -> Result<T, AccountsFailure> {
    serde_json::from_str(text).map_err(|error| AccountsFailure::Unreadable { what, why: error.to_string() })
}

pub(super) fn account_row(account: Account, now_ms: i64) -> StoredAccount {
    StoredAccount {
        id: account.id,
        login: account.login,
        display_name: account.display_name,
        roles: role_words(&account.roles),
        password_hash: account.password_hash.unwrap_or_default(),
        active: account.active,
        created_at_ms: now_ms,
        patient: account.patient,
    }
}

pub(super) fn account(row: StoredAccount) -> Result<Account, AccountsFailure> {
    Ok(Account {
        id: row.id,
        roles: roles(&row.roles, "an account", &row.id)?,
        login: row.login,
        display_name: row.display_name,
        password_hash: (!row.password_hash.is_empty()).then_some(row.password_hash),
        active: row.active,
        patient: row.patient,
    })
}

pub(super) fn session_row(session: WebSession) -> NewWebSession {
    NewWebSession {
        digest: session.digest,
        subject: session_subject(session.subject),
        name: session.name,
        roles: role_words(&session.roles),
        created_at_ms: session.created_at_ms,
        expires_at_ms: session.expires_at_ms,
    }
}

pub(super) fn session(row: StoredSession) -> Result<WebSession, AccountsFailure> {
    Ok(WebSession {
        digest: row.digest,
        subject: subject(row.subject),
        roles: roles(&row.roles, "a session", &row.subject.code())?,
        name: row.name,
        created_at_ms: row.created_at_ms,
        last_seen_ms: row.seen_at_ms,
        expires_at_ms: row.expires_at_ms,
    })
}

pub(super) fn link_row(link: Link) -> Result<StoredLink, AccountsFailure> {
    let (purpose, patient, companion, account) = match link.link_for {
        LinkFor::Patient { patient } => ("patient", Some(patient), None, None),
        LinkFor::Companion { patient, companion } => ("companion", Some(patient), Some(companion), None),
        LinkFor::Account { account } => ("account", None, None, Some(account)),
    };
    let subject = LinkSubject { companion, account, name: link.name, created_at_ms: link.created_at_ms };
    Ok(StoredLink {
        digest: link.digest,
        purpose: purpose.to_owned(),
        subject: json(&subject, "a link")?,
        patient,
        expires_at_ms: link.expires_at_ms,
        used_at_ms: link.used_at_ms,
        single_use: true,
        code_digest: link.code_digest,
    })
}

pub(super) fn link(row: StoredLink) -> Result<Link, AccountsFailure> {
    let subject: LinkSubject = read(&row.subject, "a link")?;
    let link_for = match (row.purpose.as_str(), row.patient, subject.companion, subject.account) {
        ("patient", Some(patient), _, _) => LinkFor::Patient { patient },
        ("companion", Some(patient), Some(companion), _) => LinkFor::Companion { patient, companion },
        ("account", _, _, Some(account)) => LinkFor::Account { account },
        (purpose, ..) => {
            let why = format!("for {purpose:?} it does not say what it opens");
            return Err(AccountsFailure::Unreadable { what: "a link", why });
        }
    };
    Ok(Link {
        digest: row.digest,
        link_for,
        name: subject.name,
        code_digest: row.code_digest,
        created_at_ms: subject.created_at_ms,
        expires_at_ms: row.expires_at_ms,
        used_at_ms: row.used_at_ms,
        revoked: false,
    })
}

pub(super) fn draft(row: Draft) -> Result<String, AccountsFailure> {
    String::from_utf8(row.contents)
        .map_err(|error| AccountsFailure::Unreadable { what: "a draft", why: error.to_string() })
}
