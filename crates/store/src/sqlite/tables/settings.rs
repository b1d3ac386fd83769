//! The installation's settings in their table.

use rusqlite::{OptionalExtension, params};

use super::open_text;
use crate::error::{ReadError, WriteError};
use crate::settings::Settings;
use crate::sqlite::store::SqliteStore;

const TABLE: &str = "setting";

impl Settings for SqliteStore {
    fn put_setting(&self, name: &str, json: &str) -> Result<(), WriteError> {
        let (name, json) = (name.to_owned(), json.to_owned());
        self.write(move |connection, keys| {
            connection.execute(
                "INSERT INTO setting (name, sealed) VALUES (?1, ?2) \
                 ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed",
                params![name, keys.seal_cell(TABLE, name.as_bytes(), json.as_bytes())?],
            )?;
            Ok(())
        })
    }

    fn setting(&self, name: &str) -> Result<Option<String>, ReadError> {
        self.read(|connection| {
            let sealed: Option<Vec<u8>> = connection
                .prepare_cached("SELECT sealed FROM setting WHERE name = ?1")?
                .query_row([name], |row| row.get(0))
                .optional()?;
            sealed
                .map(|sealed| {
                    Ok(open_text(self.keys(), TABLE, name.as_bytes(), &sealed, || format!("the setting `{name}`"))?)
                })
                .transpose()
        })
    }

    fn delete_setting(&self, name: &str) -> Result<(), WriteError> {
        let name = name.to_owned();
        self.write(move |connection, _| {
            connection.execute("DELETE FROM setting WHERE name = ?1", [&name])?;
            Ok(())
        })
    }
}
