//! Reading streams back, each link of the chain checked on the way.

use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

use crate::chain::{Link, START};
use crate::error::{Failure, ReadError};
use crate::event_log::{Half, StoredEvent, Streams};
use crate::heads::{Head, LogHead};
use crate::seal::{Keys, event_context};
use crate::sqlite::columns::{StreamColumns, maybe_uuid, signed, unsigned, uuid};
use crate::stream::{StreamId, StreamKind};

/// Reads the log's head, refusing one that somebody without the key has written.
pub fn read_own_log_head(connection: &Connection, keys: &Keys) -> Result<LogHead, Failure> {
    let (head, mac) = read_log_head(connection)?;
    if keys.head_mac(head.gid, &head.hash) != mac {
        return Err(Failure::Damaged("the head of the log was not written by this installation".to_owned()));
    }
    Ok(head)
}

/// Reads the log's head and the MAC on it.
pub fn read_log_head(connection: &Connection) -> Result<(LogHead, [u8; 32]), rusqlite::Error> {
    connection.query_row("SELECT gid, hash, mac FROM log_head WHERE id = 1", [], |row| {
        Ok((LogHead { gid: unsigned(row, 0)?, hash: row.get(1)? }, row.get(2)?))
    })
}

/// Where a stream ends, or `None` if there is none.
pub fn head(connection: &Connection, stream: StreamId) -> Result<Option<Head>, ReadError> {
    let head = connection
        .prepare_cached(
            "SELECT head_seq, head_hash, wrapped_key IS NULL FROM stream WHERE stream_kind = ?1 AND stream_id = ?2",
        )?
        .query_row(params![stream.kind.code(), stream.id.as_bytes()], |row| {
            Ok(Head { seq: unsigned(row, 0)?, hash: row.get(1)?, erased: row.get(2)? })
        })
        .optional()?;
    Ok(head)
}

/// Reads a stream from `from_seq` on, checking every link, from the one before to the head.
pub fn load(
    connection: &Connection,
    keys: &Keys,
    stream: StreamId,
    from_seq: u64,
) -> Result<Vec<StoredEvent>, ReadError> {
    let row = connection
        .prepare_cached(
            "SELECT head_seq, head_hash, wrapped_key FROM stream WHERE stream_kind = ?1 AND stream_id = ?2",
        )?
        .query_row(params![stream.kind.code(), stream.id.as_bytes()], |row| {
            Ok((unsigned(row, 0)?, row.get::<_, [u8; 32]>(1)?, row.get::<_, Option<Vec<u8>>>(2)?))
        })
        .optional()?;
    let Some((head_seq, head_hash, wrapped)) = row else { return Ok(Vec::new()) };
    let key = keys.open_data_key(stream, &wrapped.ok_or(ReadError::Erased)?)?;
    let from_seq = from_seq.max(1);
    let broken = |seq, event_id, detail: &str| ReadError::Broken { stream, seq, event_id, detail: detail.to_owned() };
    if from_seq > head_seq {
        return Ok(Vec::new());
    }
    let mut statement = connection.prepare_cached(
        "SELECT seq, gid, event_id, kind, version, recorded_at_ms, act_id, payload, prev_hash, hash \
         FROM event WHERE stream_kind = ?1 AND stream_id = ?2 AND seq >= ?3 ORDER BY seq",
    )?;
    let mut rows = statement.query(params![stream.kind.code(), stream.id.as_bytes(), signed(from_seq - 1)?])?;
    let mut events = Vec::new();
    let (mut next, mut last) = if from_seq == 1 { (1, START) } else { (from_seq - 1, START) };
    let mut anchored = from_seq == 1;
    while let Some(row) = rows.next()? {
        let raw = RawEvent::read(stream, row)?;
        if raw.seq != next {
            return Err(broken(next, None, "is missing"));
        }
        if raw.expected_hash() != raw.hash {
            return Err(broken(raw.seq, Some(raw.event_id), "was changed"));
        }
        if anchored && raw.prev_hash != last {
            return Err(broken(raw.seq, Some(raw.event_id), "does not follow the one before it"));
        }
        anchored = true;
        last = raw.hash;
        next += 1;
        if raw.seq >= from_seq {
            let context = event_context(stream, raw.seq, &raw.kind, raw.version);
            let payload = key.open(&raw.sealed, &context).ok_or_else(|| {
                broken(raw.seq, Some(raw.event_id), &format!("does not open with the {}'s key", stream.kind))
            })?;
            events.push(raw.opened(payload));
        }
    }
    if next != head_seq + 1 {
        return Err(broken(next, None, "is missing at the end of the chart, or is one too many"));
    }
    if last != head_hash {
        return Err(broken(head_seq, None, "is not the one that the head of the chart names"));
    }
    Ok(events)
}

/// A row of the log as it lies there.
pub struct RawEvent {
    pub stream: StreamId,
    pub seq: u64,
    pub gid: u64,
    pub event_id: Uuid,
    pub kind: String,
    pub version: u16,
    pub recorded_at_ms: i64,
    pub act_id: Option<Uuid>,
    pub sealed: Vec<u8>,
    pub prev_hash: [u8; 32],
    pub hash: [u8; 32],
}

impl RawEvent {
    /// Columns in the order: seq, gid, event_id, kind, version, recorded_at_ms, act_id, payload, prev_hash, hash.
    pub fn read(stream: StreamId, row: &rusqlite::Row<'_>) -> Result<Self, rusqlite::Error> {
        Ok(Self {
            stream,
            seq: unsigned(row, 0)?,
            gid: unsigned(row, 1)?,
            event_id: uuid(row, 2)?,
            kind: row.get(3)?,
            version: row.get(4)?,
            recorded_at_ms: row.get(5)?,
            act_id: maybe_uuid(row, 6)?,
            sealed: row.get(7)?,
            prev_hash: row.get(8)?,
            hash: row.get(9)?,
        })
    }

    /// What its hash should be, if it stands where it was written.
    pub fn expected_hash(&self) -> [u8; 32] {
        self.hash_at(self.seq)
    }

    /// What its hash would be at another place.
    pub fn hash_at(&self, seq: u64) -> [u8; 32] {
        Link {
            stream: self.stream,
            seq,
            event_id: self.event_id,
            kind: &self.kind,
            version: self.version,
            recorded_at_ms: self.recorded_at_ms,
            act_id: self.act_id,
            sealed: &self.sealed,
            prev_hash: &self.prev_hash,
        }
        .hash()
    }

    fn opened(self, payload: Vec<u8>) -> StoredEvent {
        StoredEvent {
            stream: self.stream,
            seq: self.seq,
            gid: self.gid,
            event_id: self.event_id,
            kind: self.kind,
            version: self.version,
            recorded_at_ms: self.recorded_at_ms,
            act_id: self.act_id,
            payload,
            hash: self.hash,
        }
    }
}

/// The streams of a kind: those that can be opened, and how many were erased.
pub fn streams(connection: &Connection, kind: StreamKind) -> Result<Streams, ReadError> {
    let mut statement = connection.prepare_cached(
        "SELECT stream_id, wrapped_key IS NULL FROM stream WHERE stream_kind = ?1 ORDER BY stream_id",
    )?;
    let mut rows = statement.query([kind.code()])?;
    let mut streams = Streams::default();
    while let Some(row) = rows.next()? {
        if row.get(1)? {
            streams.erased += 1;
        } else {
            streams.open.push(StreamId::new(kind, uuid(row, 0)?));
        }
    }
    Ok(streams)
}

/// Events whose act has no event in another stream.
pub fn halves(connection: &Connection) -> Result<Vec<Half>, ReadError> {
    let mut statement = connection.prepare_cached(
        "SELECT act_id, stream_kind, stream_id, seq, event_id, kind, recorded_at_ms FROM event AS half \
         WHERE act_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM event AS other WHERE other.act_id = half.act_id \
         AND (other.stream_kind, other.stream_id) <> (half.stream_kind, half.stream_id)) ORDER BY gid",
    )?;
    let mut rows = statement.query([])?;
    let mut halves = Vec::new();
    while let Some(row) = rows.next()? {
        halves.push(Half {
            act_id: uuid(row, 0)?,
            stream: StreamColumns::read(row, 1)?.known()?,
            seq: unsigned(row, 3)?,
            event_id: uuid(row, 4)?,
            kind: row.get(5)?,
            recorded_at_ms: row.get(6)?,
        });
    }
    Ok(halves)
}
