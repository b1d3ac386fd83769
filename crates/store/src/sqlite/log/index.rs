//! The index row of each stream: what lists show, when to look again, and the alerts that are open.

use rusqlite::{Connection, Row, params};

use crate::error::{AppendError, Failure, ReadError};
use crate::event_log::{AlertRow, IndexRow, StreamRow};
use crate::heads::Head;
use crate::seal::{Keys, SealingKey, summary_context};
use crate::sqlite::columns::{StreamColumns, signed, unsigned, uuid};
use crate::stream::{StreamId, StreamKind};

/// Replaces a stream's row and its alerts.
pub fn write(
    connection: &Connection,
    key: &SealingKey,
    stream: StreamId,
    head: &Head,
    index: &IndexRow,
) -> Result<(), AppendError> {
    let (kind, id) = (stream.kind.code(), stream.id.as_bytes());
    let summary = key.seal(&index.summary, &summary_context(stream))?;
    connection
        .prepare_cached(
            "UPDATE stream SET head_seq = ?3, head_hash = ?4, summary_sealed = ?5, next_look_at_ms = ?6, \
             fold_version = ?7 WHERE stream_kind = ?1 AND stream_id = ?2",
        )?
        .execute(params![kind, id, signed(head.seq)?, head.hash, summary, index.next_look_at_ms, index.fold_version])?;
    connection
        .prepare_cached("DELETE FROM alert WHERE stream_kind = ?1 AND stream_id = ?2")?
        .execute(params![kind, id])?;
    for alert in &index.alerts {
        connection
            .prepare_cached(
                "INSERT INTO alert (stream_kind, stream_id, alert_id, level, raised_at_ms, owned, next_step_at_ms) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                kind,
                id,
                alert.alert_id.as_bytes(),
                alert.level,
                alert.raised_at_ms,
                alert.owned,
                alert.next_step_at_ms,
            ])?;
    }
    Ok(())
}

/// The columns of a row, in the order in which `read` takes them.
const COLUMNS: &str =
    "SELECT stream_id, head_seq, wrapped_key, summary_sealed, next_look_at_ms, fold_version FROM stream";

fn read(keys: &Keys, kind: StreamKind, row: &Row<'_>) -> Result<StreamRow, ReadError> {
    let stream = StreamId::new(kind, uuid(row, 0)?);
    let wrapped: Option<Vec<u8>> = row.get(2)?;
    let sealed: Option<Vec<u8>> = row.get(3)?;
    let erased = wrapped.is_none();
    let summary = match (wrapped, sealed) {
        (Some(wrapped), Some(sealed)) => Some(
            keys.open_data_key(stream, &wrapped)?
                .open(&sealed, &summary_context(stream))
                .ok_or_else(|| Failure::Sealed(format!("the summary of {stream}")))?,
        ),
        (None, _) => None,
        (Some(_), None) => return Err(Failure::Shape(format!("the index row of {stream} without its summary")).into()),
    };
    Ok(StreamRow {
        stream,
        seq: unsigned(row, 1)?,
        summary,
        next_look_at_ms: row.get(4)?,
        alerts: Vec::new(),
        fold_version: row.get(5)?,
        erased,
    })
}

/// Every row of a kind without its alerts, one after the other in the order of their ids.
pub fn each(
    connection: &Connection,
    keys: &Keys,
    kind: StreamKind,
    each: &mut dyn FnMut(StreamRow),
) -> Result<(), ReadError> {
    let mut statement = connection.prepare_cached(&format!("{COLUMNS} WHERE stream_kind = ?1 ORDER BY stream_id"))?;
    let mut rows = statement.query([kind.code()])?;
    while let Some(row) = rows.next()? {
        each(read(keys, kind, row)?);
    }
    Ok(())
}

/// The rows of a kind that another version of the fold wrote, without their alerts.
pub fn outdated(
    connection: &Connection,
    keys: &Keys,
    kind: StreamKind,
    fold_version: &str,
) -> Result<Vec<StreamRow>, ReadError> {
    let mut statement = connection.prepare_cached(&format!(
        "{COLUMNS} WHERE stream_kind = ?1 AND fold_version <> ?2 AND wrapped_key IS NOT NULL ORDER BY stream_id"
    ))?;
    let mut rows = statement.query(params![kind.code(), fold_version])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read(keys, kind, row)?);
    }
    Ok(found)
}

/// Every row of a kind.
pub fn rows(connection: &Connection, keys: &Keys, kind: StreamKind) -> Result<Vec<StreamRow>, ReadError> {
    let mut found: Vec<StreamRow> = Vec::new();
    each(connection, keys, kind, &mut |row| found.push(row))?;
    for (stream, alert) in alerts(connection)?.into_iter().filter(|(stream, _)| stream.kind == kind) {
        // `found` is in the order of the ids, as the query asked for.
        let row =
            found.binary_search_by(|row| row.stream.cmp(&stream)).ok().and_then(|at| found.get_mut(at)).ok_or_else(
                || Failure::Shape(format!("the alert {} of {stream}, which is not there,", alert.alert_id)),
            )?;
        row.alerts.push(alert);
    }
    Ok(found)
}

/// Every open alert, most urgent level first, then oldest first.
pub fn alerts(connection: &Connection) -> Result<Vec<(StreamId, AlertRow)>, ReadError> {
    let mut statement = connection.prepare_cached(
        "SELECT stream_kind, stream_id, alert_id, level, raised_at_ms, owned, next_step_at_ms FROM alert \
         ORDER BY level DESC, raised_at_ms, alert_id",
    )?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let alert = AlertRow {
            alert_id: uuid(row, 2)?,
            level: row.get(3)?,
            raised_at_ms: row.get(4)?,
            owned: row.get(5)?,
            next_step_at_ms: row.get(6)?,
        };
        found.push((StreamColumns::read(row, 0)?.known()?, alert));
    }
    Ok(found)
}

/// Streams of a kind whose next look is due, the longest overdue first.
pub fn due(connection: &Connection, kind: StreamKind, until_ms: i64, limit: usize) -> Result<Vec<StreamId>, ReadError> {
    let mut statement = connection.prepare_cached(
        "SELECT stream_id FROM stream WHERE stream_kind = ?1 AND next_look_at_ms IS NOT NULL \
         AND next_look_at_ms <= ?2 ORDER BY next_look_at_ms, stream_id LIMIT ?3",
    )?;
    // More than fits are all that there are.
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows =
        statement.query_map(params![kind.code(), until_ms, limit], |row| Ok(StreamId::new(kind, uuid(row, 0)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
