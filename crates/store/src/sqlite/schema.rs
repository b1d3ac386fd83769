//! Opening connections the same way every time, and bringing a file up to this version's form.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use crate::chain::START;
use crate::error::{Failure, OpenError};
use crate::seal::Keys;

/// "STLW": marks the file as ours, so that no other database is taken for one.
pub const APPLICATION_ID: i64 = 0x5354_4c57;

/// The first form that can be opened. The one before it kept the log by patient, and its hashes cannot be made again without
/// being forged.
const FIRST_VERSION: i64 = 2;

/// The first makes a fresh file, and each further one brings the file to the next form. Never edited once released, only added to.
const MIGRATIONS: &[&str] = &[include_str!("migrations/0002.sql")];

/// The form that this version writes.
pub fn known_version() -> i64 {
    FIRST_VERSION - 1 + i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// A connection that writes. Only one exists while the store is open.
pub fn writer(path: &Path) -> Result<Connection, rusqlite::Error> {
    let connection = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    configure(&connection)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    Ok(connection)
}

/// A connection that reads.
pub fn reader(path: &Path) -> Result<Connection, rusqlite::Error> {
    let connection =
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    configure(&connection)?;
    Ok(connection)
}

/// All but the journal mode belong to the connection and not to the file, so every connection comes through here.
fn configure(connection: &Connection) -> Result<(), rusqlite::Error> {
    connection.busy_timeout(Duration::from_secs(10))?;
    // A charted dose must survive a power cut: every commit waits for the disk.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // A destroyed key must not linger in a freed page.
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update(None, "cache_size", -16_000)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}

/// Reads the two numbers in the header that say whose file this is and in which form.
pub fn identity(connection: &Connection) -> Result<(i64, i64), rusqlite::Error> {
    let application = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let version = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    Ok((application, version))
}

/// Brings the file up to this version, in one transaction, and checks that the key belongs to it.
pub fn migrate(connection: &mut Connection, path: &Path, key_path: &Path, keys: &Keys) -> Result<(), OpenError> {
    let damaged = |error: rusqlite::Error| explain(path, error);
    let (application, version) = identity(connection).map_err(damaged)?;
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(damaged)?;
    let fresh = tables == 0 && application == 0 && version == 0;
    if !fresh && application != APPLICATION_ID {
        return Err(OpenError::Foreign { path: path.to_path_buf() });
    }
    if version > known_version() {
        return Err(OpenError::Newer { path: path.to_path_buf(), found: version, known: known_version() });
    }
    if !fresh && version < FIRST_VERSION {
        return Err(OpenError::Older { path: path.to_path_buf(), found: version, oldest: FIRST_VERSION });
    }
    if !fresh {
        recognise(connection, path, key_path, keys)?;
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(damaged)?;
    let done = if fresh { 0 } else { usize::try_from(version - FIRST_VERSION + 1).unwrap_or(MIGRATIONS.len()) };
    for sql in MIGRATIONS.iter().skip(done) {
        transaction.execute_batch(sql).map_err(damaged)?;
    }
    if fresh {
        transaction
            .execute("INSERT INTO installation (id, key_check) VALUES (1, ?1)", [keys.key_check()?])
            .map_err(damaged)?;
        transaction
            .execute(
                "INSERT INTO log_head (id, gid, hash, mac) VALUES (1, 0, ?1, ?2)",
                rusqlite::params![START, keys.head_mac(0, &START)],
            )
            .map_err(damaged)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(damaged)?;
    }
    transaction.pragma_update(None, "user_version", known_version()).map_err(damaged)?;
    transaction.commit().map_err(damaged)
}

fn recognise(connection: &Connection, path: &Path, key_path: &Path, keys: &Keys) -> Result<(), OpenError> {
    let check: Vec<u8> = connection
        .query_row("SELECT key_check FROM installation WHERE id = 1", [], |row| row.get(0))
        .map_err(|error| explain(path, error))?;
    if keys.made(&check) { Ok(()) } else { Err(OpenError::WrongKey { path: key_path.to_path_buf() }) }
}

/// SQLite's own look at the file's structure; quick, since it skips comparing indexes with tables.
pub fn quick_check(connection: &Connection, path: &Path) -> Result<(), OpenError> {
    let found: String =
        connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(|error| explain(path, error))?;
    if found == "ok" {
        return Ok(());
    }
    Err(OpenError::Damaged { path: path.to_path_buf(), detail: one_line(&found) })
}

/// Names the file in what SQLite says.
pub fn explain(path: &Path, error: rusqlite::Error) -> OpenError {
    match Failure::from(error) {
        Failure::Damaged(detail) => OpenError::Damaged { path: path.to_path_buf(), detail },
        other => OpenError::Failure(other),
    }
}

/// SQLite's findings run over several lines; messages are one.
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
