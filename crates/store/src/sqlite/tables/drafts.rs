//! Half-filled forms and answers, kept until they are sent. A draft is not part of any chart.

use rusqlite::{OptionalExtension, params};
use uuid::Uuid;

use super::id_bytes;
use crate::error::{ReadError, WriteError};
use crate::sqlite::store::Store;

const TABLE: &str = "draft";

/// What someone has left half-filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// In the caller's shape.
    pub contents: Vec<u8>,
    /// When it was last kept.
    pub updated_at_ms: i64,
}

impl Store {
    /// Keeps a draft, in place of the one before. `owner` and `form` are not sealed: use ids, not names. `patient` is
    /// whose erasure removes it.
    pub fn put_draft(
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

    /// The draft, if one is kept.
    pub fn draft(&self, owner: &str, form: &str) -> Result<Option<Draft>, ReadError> {
        self.read(|connection| {
            let row = connection
                .prepare_cached("SELECT sealed, updated_at_ms FROM draft WHERE owner = ?1 AND form = ?2")?
                .query_row([owner, form], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get(1)?)))
                .optional()?;
            let Some((sealed, updated_at_ms)) = row else { return Ok(None) };
            let contents = self.keys().open_cell(TABLE, &row_key(owner, form), &sealed)?;
            Ok(Some(Draft { contents, updated_at_ms }))
        })
    }

    /// Throws a draft away. Throwing away none is no error.
    pub fn delete_draft(&self, owner: &str, form: &str) -> Result<(), WriteError> {
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
