//! Signed-in browsers. Only the digest of a session's secret is stored, so that the file signs nobody in.

use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{open_json, seal_json};
use crate::error::{ReadError, WriteError};
use crate::sqlite::columns::id_bytes;
use crate::sqlite::store::SqliteStore;
use crate::web_sessions::{NewWebSession, SessionHolder, WebSession, WebSessions};

const TABLE: &str = "web_session";

#[derive(Serialize, Deserialize)]
struct Sealed {
    holder: SessionHolder,
    csrf: String,
}

impl WebSessions for SqliteStore {
    fn create_web_session(&self, session: NewWebSession) -> Result<(), WriteError> {
        self.write(move |connection, keys| {
            let (account, patient) = match &session.holder {
                SessionHolder::Account(account) => (Some(*account), None),
                SessionHolder::Link { patient, .. } => (None, *patient),
            };
            let sealed = Sealed { holder: session.holder.clone(), csrf: session.csrf.clone() };
            let added = connection
                .prepare_cached(
                    "INSERT INTO web_session (digest, account_id, patient_id, created_at_ms, seen_at_ms, \
                     expires_at_ms, sealed) VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
                )?
                .execute(params![
                    session.digest,
                    id_bytes(account),
                    id_bytes(patient),
                    session.created_at_ms,
                    session.expires_at_ms,
                    seal_json(keys, TABLE, &session.digest, &sealed)?,
                ])?;
            if added == 0 { Err(WriteError::Taken("session digest")) } else { Ok(()) }
        })
    }

    fn find_web_session(&self, digest: &[u8; 32], now_ms: i64) -> Result<Option<WebSession>, ReadError> {
        self.read(|connection| {
            let row = connection
                .prepare_cached(
                    "SELECT created_at_ms, seen_at_ms, expires_at_ms, sealed FROM web_session \
                     WHERE digest = ?1 AND expires_at_ms > ?2",
                )?
                .query_row(params![digest, now_ms], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get::<_, Vec<u8>>(3)?))
                })
                .optional()?;
            let Some((created_at_ms, seen_at_ms, expires_at_ms, sealed)) = row else {
                return Ok(None);
            };
            let Sealed { holder, csrf } = open_json(self.keys(), TABLE, digest, &sealed)?;
            Ok(Some(WebSession { digest: *digest, holder, created_at_ms, seen_at_ms, expires_at_ms, csrf }))
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

    fn revoke_web_sessions_of(&self, account: Uuid) -> Result<usize, WriteError> {
        self.write(move |connection, _| {
            Ok(connection.execute("DELETE FROM web_session WHERE account_id = ?1", [account.as_bytes()])?)
        })
    }

    fn revoke_link_sessions_of(&self, patient: Uuid, subject: &str) -> Result<usize, WriteError> {
        let subject = subject.to_owned();
        self.write(move |connection, keys| {
            let mut statement =
                connection.prepare_cached("SELECT digest, sealed FROM web_session WHERE patient_id = ?1")?;
            let mut rows = statement.query([patient.as_bytes()])?;
            let mut ended: Vec<[u8; 32]> = Vec::new();
            while let Some(row) = rows.next()? {
                let digest: [u8; 32] = row.get(0)?;
                let sealed: Vec<u8> = row.get(1)?;
                let Sealed { holder, .. } = open_json(keys, TABLE, &digest, &sealed)?;
                if matches!(holder, SessionHolder::Link { subject: known, .. } if known == subject) {
                    ended.push(digest);
                }
            }
            for digest in &ended {
                connection.execute("DELETE FROM web_session WHERE digest = ?1", [digest])?;
            }
            Ok(ended.len())
        })
    }

    fn purge_expired_web_sessions(&self, now_ms: i64) -> Result<usize, WriteError> {
        self.write(move |connection, _| {
            Ok(connection.execute("DELETE FROM web_session WHERE expires_at_ms <= ?1", [now_ms])?)
        })
    }
}
