//! Erasing one stream: its data key is destroyed, and what the index tables hold about it is deleted.
//!
//! The sealed rows of the log stay, so that the chain still verifies; nobody can open them any more.

use rusqlite::{Connection, OptionalExtension, params};

use crate::error::WriteError;
use crate::sqlite::columns::unsigned;
use crate::sqlite::writer::{Memory, StreamMemory};
use crate::stream::{StreamId, StreamKind};

/// Erases. Doing it again changes nothing and keeps the first time.
pub fn erase(connection: &Connection, memory: &mut Memory, stream: StreamId, at_ms: i64) -> Result<(), WriteError> {
    let (kind, id) = (stream.kind.code(), stream.id.as_bytes());
    let row = connection
        .query_row(
            "SELECT head_seq, head_hash, erased_at_ms FROM stream WHERE stream_kind = ?1 AND stream_id = ?2",
            params![kind, id],
            |row| Ok((unsigned(row, 0)?, row.get::<_, [u8; 32]>(1)?, row.get::<_, Option<i64>>(2)?)),
        )
        .optional()?;
    let Some((seq, hash, erased_at)) = row else {
        return Err(WriteError::NotFound(kind));
    };
    if erased_at.is_some() {
        return Ok(());
    }
    connection.execute(
        "UPDATE stream SET wrapped_key = NULL, erased_at_ms = ?3, erasure_mac = ?4, summary_sealed = NULL, \
         next_look_at_ms = NULL WHERE stream_kind = ?1 AND stream_id = ?2",
        params![kind, id, at_ms, memory.keys.erasure_mac(stream, at_ms)],
    )?;
    connection.execute("DELETE FROM alert WHERE stream_kind = ?1 AND stream_id = ?2", params![kind, id])?;
    match stream.kind {
        StreamKind::Patient => forget_person(connection, id)?,
        // Nobody signs in as one of these, and no form is about one.
        StreamKind::Cabinet | StreamKind::Diary | StreamKind::Rota | StreamKind::Clinic => {}
    }
    memory.streams.insert(stream, StreamMemory { seq, hash, key: None });
    Ok(())
}

/// Deletes what the tables of sign-in and drafts hold about a patient.
fn forget_person(connection: &Connection, patient: &[u8; 16]) -> Result<(), WriteError> {
    connection.execute("DELETE FROM draft WHERE patient_id = ?1", [patient])?;
    connection.execute("DELETE FROM link WHERE patient_id = ?1", [patient])?;
    connection.execute(
        "DELETE FROM web_session WHERE patient_id = ?1 \
         OR account_id IN (SELECT account_id FROM account WHERE patient_id = ?1)",
        [patient],
    )?;
    connection.execute("DELETE FROM account WHERE patient_id = ?1", [patient])?;
    Ok(())
}
