//! The access log in its table, which only grows.

use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{open_json, seal_json};
use crate::audit::{Audit, AuditEntry, NewAuditEntry};
use crate::error::{Failure, ReadError, WriteError};
use crate::seal::Keys;
use crate::sqlite::columns::{id_bytes, maybe_uuid};
use crate::sqlite::store::SqliteStore;

const TABLE: &str = "audit";

#[derive(Serialize, Deserialize)]
struct Sealed {
    who: String,
    what: String,
    // Repeated inside, so that a plain column changed on disk is noticed.
    at_ms: i64,
    patient: Option<Uuid>,
}

impl Audit for SqliteStore {
    fn audit(&self, entry: NewAuditEntry) -> Result<(), WriteError> {
        self.write(move |connection, keys| insert(connection, keys, &entry))
    }

    fn audit_later(&self, entry: NewAuditEntry) -> Result<(), WriteError> {
        self.write_later(move |connection, keys| insert(connection, keys, &entry))
    }

    fn lost_audit_entries(&self) -> u64 {
        self.lost_later()
    }

    fn audit_entries(
        &self,
        patient: Option<Uuid>,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Vec<AuditEntry>, ReadError> {
        let before = before.unwrap_or(i64::MAX);
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.read(|connection| match patient {
            Some(patient) => list(
                connection,
                self.keys(),
                "SELECT audit_id, patient_id, at_ms, sealed FROM audit \
                 WHERE patient_id = ?1 AND audit_id < ?2 ORDER BY audit_id DESC LIMIT ?3",
                params![patient.as_bytes(), before, limit],
            ),
            None => list(
                connection,
                self.keys(),
                "SELECT audit_id, patient_id, at_ms, sealed FROM audit \
                 WHERE audit_id < ?1 ORDER BY audit_id DESC LIMIT ?2",
                params![before, limit],
            ),
        })
    }
}

fn insert(connection: &Connection, keys: &Keys, entry: &NewAuditEntry) -> Result<(), WriteError> {
    let sealed =
        Sealed { who: entry.who.clone(), what: entry.what.clone(), at_ms: entry.at_ms, patient: entry.patient };
    connection
        .prepare_cached("INSERT INTO audit (patient_id, at_ms, sealed) VALUES (?1, ?2, ?3)")?
        .execute(params![id_bytes(entry.patient), entry.at_ms, seal_json(keys, TABLE, &[], &sealed)?])?;
    Ok(())
}

fn list(
    connection: &Connection,
    keys: &Keys,
    sql: &str,
    parameters: &[&dyn rusqlite::ToSql],
) -> Result<Vec<AuditEntry>, ReadError> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(parameters)?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        entries.push(open(keys, row)?);
    }
    Ok(entries)
}

fn open(keys: &Keys, row: &Row<'_>) -> Result<AuditEntry, ReadError> {
    let sealed: Vec<u8> = row.get(3)?;
    let id: i64 = row.get(0)?;
    let which = || format!("the entry {id} of the access log");
    let opened: Sealed = open_json(keys, TABLE, &[], &sealed, which)?;
    let (patient, at_ms) = (maybe_uuid(row, 1)?, row.get(2)?);
    if opened.at_ms != at_ms || opened.patient != patient {
        return Err(Failure::Sealed(which()).into());
    }
    Ok(AuditEntry { id, who: opened.who, patient, what: opened.what, at_ms })
}
