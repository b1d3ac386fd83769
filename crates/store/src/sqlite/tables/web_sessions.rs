//! Signed-in browsers in their table. Only the digest of a session's secret is stored, so that the file signs nobody in.

use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{open_json, seal_json, short};
use crate::error::{Failure, ReadError, WriteError};
use crate::sqlite::columns::{id_bytes, maybe_uuid};
use crate::sqlite::store::SqliteStore;
use crate::web_sessions::{NewWebSession, SessionSubject, WebSession, WebSessions};

const TABLE: &str = "web_session";

#[derive(Serialize, Deserialize)]
struct Sealed {
    name: String,
    roles: Vec<String>,
}

/// What the sealed part is bound to: the digest, and the subject that stands in clear beside it.
fn bound_to(digest: &[u8; 32], subject: SessionSubject) -> Vec<u8> {
    let mut bytes = digest.to_vec();
    bytes.extend_from_slice(subject.code().as_bytes());
    for id in [subject.account(), subject.patient(), subject.companion()] {
        bytes.push(u8::from(id.is_some()));
        bytes.extend_from_slice(id.unwrap_or(Uuid::nil()).as_bytes());
    }
    bytes
}

impl WebSessions for SqliteStore {
    fn create_web_session(&self, session: NewWebSession) -> Result<(), WriteError> {
        self.write(move |connection, keys| {
            let subject = session.subject;
            let sealed = Sealed { name: session.name.clone(), roles: session.roles.clone() };
            let added = connection
                .prepare_cached(
                    "INSERT INTO web_session (digest, subject, account_id, patient_id, companion_id, created_at_ms, \
                     seen_at_ms, expires_at_ms, sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7, ?8) \
                     ON CONFLICT DO NOTHING",
                )?
                .execute(params![
                    session.digest,
                    subject.code(),
                    id_bytes(subject.account()),
                    id_bytes(subject.patient()),
                    id_bytes(subject.companion()),
                    session.created_at_ms,
                    session.expires_at_ms,
                    seal_json(keys, TABLE, &bound_to(&session.digest, subject), &sealed)?,
                ])?;
            if added == 0 { Err(WriteError::Taken("session digest")) } else { Ok(()) }
        })
    }

    fn find_web_session(&self, digest: &[u8; 32], now_ms: i64) -> Result<Option<WebSession>, ReadError> {
        self.read(|connection| {
            let row = connection
                .prepare_cached(
                    "SELECT subject, account_id, patient_id, companion_id, created_at_ms, seen_at_ms, expires_at_ms, \
                     sealed FROM web_session WHERE digest = ?1 AND expires_at_ms > ?2",
                )?
                .query_row(params![digest, now_ms], |row| {
                    let code: String = row.get(0)?;
                    let ids = (maybe_uuid(row, 1)?, maybe_uuid(row, 2)?, maybe_uuid(row, 3)?);
                    Ok((code, ids, (row.get(4)?, row.get(5)?, row.get(6)?), row.get::<_, Vec<u8>>(7)?))
                })
                .optional()?;
            let Some((code, (account, patient, companion), times, sealed)) = row else {
                return Ok(None);
            };
            let subject = SessionSubject::of_columns(&code, account, patient, companion)
                .ok_or_else(|| Failure::Shape(format!("the subject of the session {}", short(digest))))?;
            let name_of_row = || format!("the session {}", short(digest));
            let Sealed { name, roles } =
                open_json(self.keys(), TABLE, &bound_to(digest, subject), &sealed, name_of_row)?;
            let (created_at_ms, seen_at_ms, expires_at_ms) = times;
            Ok(Some(WebSession { digest: *digest, subject, name, roles, created_at_ms, seen_at_ms, expires_at_ms }))
        })
    }

    fn touch_web_session(&self, digest: [u8; 32], seen_at_ms: i64) -> Result<(), WriteError> {
        self.write(move |connection, _| {
            let found = connection
                .prepare_cached("UPDATE web_session SET seen_at_ms = max(seen_at_ms, ?2) WHERE digest = ?1")?
                .execute(params![digest, seen_at_ms])?;
            if found == 0 { Err(WriteError::NotFound("session")) } else { Ok(()) }
        })
    }

    fn revoke_web_session(&self, digest: [u8; 32]) -> Result<(), WriteError> {
        self.write(move |connection, _| {
            connection.execute("DELETE FROM web_session WHERE digest = ?1", [digest])?;
            Ok(())
        })
    }

    fn revoke_web_sessions_of(&self, subject: SessionSubject) -> Result<usize, WriteError> {
        self.write(move |connection, _| {
            let ended = match subject.account() {
                Some(account) => {
                    connection.execute("DELETE FROM web_session WHERE account_id = ?1", [account.as_bytes()])?
                }
                None => connection.execute(
                    "DELETE FROM web_session WHERE subject = ?1 AND account_id IS NULL AND patient_id IS ?2 \
                     AND companion_id IS ?3",
                    params![subject.code(), id_bytes(subject.patient()), id_bytes(subject.companion())],
                )?,
            };
            Ok(ended)
        })
    }

    fn purge_expired_sessions(&self, now_ms: i64) -> Result<usize, WriteError> {
        self.write(move |connection, _| {
            Ok(connection.execute("DELETE FROM web_session WHERE expires_at_ms <= ?1", [now_ms])?)
        })
    }
}
