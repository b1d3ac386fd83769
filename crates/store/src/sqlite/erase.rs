//! Erasing one person: their data key is destroyed, and what the index tables hold about them is deleted.
//!
//! The sealed rows of the log stay, so that the chain still verifies; nobody can open them any more.

use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

use crate::error::WriteError;
use crate::sqlite::writer::{Memory, PatientMemory};

/// Erases. Doing it again changes nothing and keeps the first time.
pub fn erase(connection: &Connection, memory: &mut Memory, patient: Uuid, at_ms: i64) -> Result<(), WriteError> {
    let row = connection
        .query_row(
            "SELECT head_seq, head_hash, erased_at_ms FROM patient WHERE patient_id = ?1",
            [patient.as_bytes()],
            |row| {
                Ok((crate::sqlite::log::unsigned(row, 0)?, row.get::<_, [u8; 32]>(1)?, row.get::<_, Option<i64>>(2)?))
            },
        )
        .optional()?;
    let Some((seq, hash, erased_at)) = row else {
        return Err(WriteError::NotFound("patient"));
    };
    if erased_at.is_some() {
        return Ok(());
    }
    connection.execute(
        "UPDATE patient SET wrapped_key = NULL, erased_at_ms = ?2, erasure_mac = ?3, summary_sealed = NULL, \
         next_look_at_ms = NULL WHERE patient_id = ?1",
        params![patient.as_bytes(), at_ms, memory.keys.erasure_mac(patient, at_ms)],
    )?;
    let id = patient.as_bytes();
    connection.execute("DELETE FROM alert WHERE patient_id = ?1", [id])?;
    connection.execute("DELETE FROM draft WHERE patient_id = ?1", [id])?;
    connection.execute("DELETE FROM link WHERE patient_id = ?1", [id])?;
    connection.execute(
        "DELETE FROM web_session WHERE patient_id = ?1 \
         OR account_id IN (SELECT account_id FROM account WHERE patient_id = ?1)",
        [id],
    )?;
    connection.execute("DELETE FROM account WHERE patient_id = ?1", [id])?;
    memory.patients.insert(patient, PatientMemory { seq, hash, key: None });
    Ok(())
}
