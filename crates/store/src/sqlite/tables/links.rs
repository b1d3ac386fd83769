//! One-time and personal links: to a screening, to a companion's page, to set a password. Only digests are stored.

use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

use super::{open_text, short};
use crate::error::{ReadError, WriteError};
use crate::links::{Link, Links};
use crate::seal::Keys;
use crate::sqlite::columns::{id_bytes, maybe_uuid};
use crate::sqlite::store::SqliteStore;

const TABLE: &str = "link";

const COLUMNS: &str = "SELECT digest, purpose, patient_id, expires_at_ms, used_at_ms, single_use, code_digest, \
                       subject_sealed FROM link";

impl Links for SqliteStore {
    fn create_link(&self, link: Link) -> Result<(), WriteError> {
        self.write(move |connection, keys| {
            let added = connection.execute(
                "INSERT INTO link (digest, purpose, patient_id, expires_at_ms, used_at_ms, single_use, code_digest, \
                 subject_sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING",
                params![
                    link.digest,
                    link.purpose,
                    id_bytes(link.patient),
                    link.expires_at_ms,
                    link.used_at_ms,
                    link.single_use,
                    link.code_digest,
                    keys.seal_cell(TABLE, &link.digest, link.subject.as_bytes())?,
                ],
            )?;
            if added == 0 { Err(WriteError::Taken("link digest")) } else { Ok(()) }
        })
    }

    fn find_link(&self, digest: &[u8; 32]) -> Result<Option<Link>, ReadError> {
        self.read(|connection| find(connection, self.keys(), digest))
    }

    fn links_of(&self, patient: Uuid) -> Result<Vec<Link>, ReadError> {
        self.read(|connection| {
            let sql = format!("{COLUMNS} WHERE patient_id = ?1 ORDER BY expires_at_ms DESC");
            let mut statement = connection.prepare_cached(&sql)?;
            let mut rows = statement.query([patient.as_bytes()])?;
            let mut links = Vec::new();
            while let Some(row) = rows.next()? {
                links.push(open(self.keys(), row)?);
            }
            Ok(links)
        })
    }

    fn mark_link_used(&self, digest: [u8; 32], now_ms: i64) -> Result<bool, WriteError> {
        self.write(move |connection, _| {
            let claimed = connection
                .prepare_cached(
                    "UPDATE link SET used_at_ms = coalesce(used_at_ms, ?2) \
                     WHERE digest = ?1 AND expires_at_ms > ?2 AND (used_at_ms IS NULL OR NOT single_use)",
                )?
                .execute(params![digest, now_ms])?;
            Ok(claimed == 1)
        })
    }

    fn revoke_link(&self, digest: [u8; 32]) -> Result<(), WriteError> {
        self.write(move |connection, _| {
            connection.execute("DELETE FROM link WHERE digest = ?1", [digest])?;
            Ok(())
        })
    }
}

fn find(connection: &Connection, keys: &Keys, digest: &[u8; 32]) -> Result<Option<Link>, ReadError> {
    let sql = format!("{COLUMNS} WHERE digest = ?1");
    let mut statement = connection.prepare_cached(&sql)?;
    let found = statement.query_row([digest], |row| Ok(open(keys, row))).optional()?;
    found.transpose()
}

fn open(keys: &Keys, row: &Row<'_>) -> Result<Link, ReadError> {
    let digest: [u8; 32] = row.get(0)?;
    let sealed: Vec<u8> = row.get(7)?;
    Ok(Link {
        digest,
        purpose: row.get(1)?,
        subject: open_text(keys, TABLE, &digest, &sealed, || format!("the link {}", short(&digest)))?,
        patient: maybe_uuid(row, 2)?,
        expires_at_ms: row.get(3)?,
        used_at_ms: row.get(4)?,
        single_use: row.get(5)?,
        code_digest: row.get(6)?,
    })
}
