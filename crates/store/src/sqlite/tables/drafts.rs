//! Half-filled forms and answers in their table.

use rusqlite::{OptionalExtension, params};
use uuid::Uuid;

use crate::drafts::{Draft, Drafts};
use crate::error::{Failure, ReadError, WriteError};
use crate::sqlite::columns::id_bytes;
use crate::sqlite::store::SqliteStore;

const TABLE: &str = "draft";

impl Drafts for SqliteStore {
    fn put_draft(
        &self,
        owner: &str,
        form: &str,
        patient: Option<Uuid>,
        contents: &[u8],
        updated_at_ms: i64,
    ) -> Result<(), WriteError> {
        let (owner, form, contents) = (owner.to_owned(), form.to_owned(), contents.to_vec());
        self.write(move |connection, keys| {
            connection
                .prepare_cached(
                    "INSERT INTO draft (owner, form, patient_id, updated_at_ms, sealed) VALUES (?1, ?2, ?3, ?4, ?5) \
                     ON CONFLICT (owner, form) DO UPDATE SET patient_id = excluded.patient_id, \
                     updated_at_ms = excluded.updated_at_ms, sealed = excluded.sealed",
                )?
                .execute(params![
                    owner,
                    form,
                    id_bytes(patient),
                    updated_at_ms,
                    keys.seal_cell(TABLE, &row_key(&owner, &form), &contents)?,
                ])?;
            Ok(())
        })
    }

    fn draft(&self, owner: &str, form: &str) -> Result<Option<Draft>, ReadError> {
        self.read(|connection| {
            let row = connection
                .prepare_cached("SELECT sealed, updated_at_ms FROM draft WHERE owner = ?1 AND form = ?2")?
                .query_row([owner, form], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get(1)?)))
                .optional()?;
            let Some((sealed, updated_at_ms)) = row else { return Ok(None) };
            let contents = self
                .keys()
                .open_cell(TABLE, &row_key(owner, form), &sealed)
                .ok_or_else(|| Failure::Sealed(format!("the draft of the form `{form}` of {owner}")))?;
            Ok(Some(Draft { contents, updated_at_ms }))
        })
    }

    fn delete_draft(&self, owner: &str, form: &str) -> Result<(), WriteError> {
        let (owner, form) = (owner.to_owned(), form.to_owned());
        self.write(move |connection, _| {
            connection.execute("DELETE FROM draft WHERE owner = ?1 AND form = ?2", [&owner, &form])?;
            Ok(())
        })
    }
}

/// Length first, so that ("ab", "c") and ("a", "bc") differ.
fn row_key(owner: &str, form: &str) -> Vec<u8> {
    format!("{}\n{owner}{form}", owner.len()).into_bytes()
}
