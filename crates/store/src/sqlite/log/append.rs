//! Appending to a stream: one piece of work in the writer's queue.

use std::sync::mpsc::Sender;

use rusqlite::{Connection, OptionalExtension, params};

use crate::chain::{self, Link, START};
use crate::error::{AppendError, Failure};
use crate::event_log::{Append, Appended, Committed, IndexRow};
use crate::heads::Head;
use crate::seal::{Keys, SealingKey, event_context};
use crate::sqlite::columns::{StreamColumns, id_bytes, maybe_uuid, signed, unsigned};
use crate::sqlite::log::index;
use crate::sqlite::log::read::read_own_log_head;
use crate::sqlite::writer::{Memory, StreamMemory, Work, WorkOutcome};
use crate::stream::StreamId;

/// One append in the writer's queue, and where its answer goes.
pub struct AppendWork {
    append: Append,
    may_be_empty: bool,
    answer: Sender<Result<Appended, AppendError>>,
    result: Option<Result<Appended, AppendError>>,
}

impl AppendWork {
    /// Records events and replaces the index row.
    pub fn new(append: Append, answer: Sender<Result<Appended, AppendError>>) -> Self {
        Self { append, may_be_empty: false, answer, result: None }
    }

    /// Replaces the index row alone: an append of no events.
    pub fn of_index_alone(
        stream: StreamId,
        expected_seq: u64,
        index: IndexRow,
        answer: Sender<Result<Appended, AppendError>>,
    ) -> Self {
        let append = Append { stream, expected_seq, events: Vec::new(), index };
        Self { append, may_be_empty: true, answer, result: None }
    }

    fn reply(self, result: Result<Appended, AppendError>) {
        // The caller may have gone away meanwhile; what was recorded stays recorded.
        drop(self.answer.send(result));
    }
}

impl Work for AppendWork {
    fn run(&mut self, connection: &Connection, memory: &mut Memory) -> WorkOutcome {
        let result = if self.append.events.is_empty() && !self.may_be_empty {
            Err(AppendError::NothingToRecord)
        } else {
            append(connection, memory, &self.append)
        };
        let outcome = match &result {
            Ok(_) => WorkOutcome::Keep,
            Err(AppendError::Full) => WorkOutcome::Broken(Failure::Full),
            Err(AppendError::Failure(failure)) => WorkOutcome::Broken(failure.clone()),
            Err(_) => WorkOutcome::Undo,
        };
        self.result = Some(result);
        outcome
    }

    fn committed(mut self: Box<Self>) {
        let result = self.result.take().unwrap_or(Err(AppendError::Failure(Failure::Closed)));
        self.reply(result);
    }

    fn failed(self: Box<Self>, failure: Failure) {
        self.reply(Err(failure.into()));
    }

    fn change(&self) -> Option<Committed> {
        let appended = self.result.as_ref()?.as_ref().ok().filter(|appended| !appended.duplicate)?;
        Some(Committed {
            stream: self.append.stream,
            // An append of no events has neither, and is no news.
            seq: *appended.seqs.last()?,
            gid: *appended.gids.last()?,
            kinds: self.append.events.iter().map(|event| event.kind.clone()).collect(),
        })
    }
}

fn append(connection: &Connection, memory: &mut Memory, append: &Append) -> Result<Appended, AppendError> {
    if let Some(before) = already_recorded(connection, append)? {
        return Ok(before);
    }
    let known = match memory.streams.get(&append.stream) {
        Some(known) => Some(known.clone()),
        None => read_stream(connection, &memory.keys, append.stream)?,
    };
    let actual = known.as_ref().map_or(0, |known| known.seq);
    if known.as_ref().is_some_and(|known| known.key.is_none()) {
        return Err(AppendError::Erased);
    }
    if actual != append.expected_seq {
        return Err(AppendError::Conflict { expected: append.expected_seq, actual });
    }
    let (mut seq, mut hash, key) = match known {
        Some(StreamMemory { seq, hash, key: Some(key) }) => (seq, hash, key),
        Some(_) => return Err(AppendError::Erased),
        None if append.events.is_empty() => return Err(AppendError::NothingToRecord),
        None => (0, START, create_stream(connection, &memory.keys, append.stream)?),
    };
    let mut log = match memory.log {
        Some(log) => log,
        None => read_own_log_head(connection, &memory.keys)?,
    };
    let mut appended = Appended { seqs: Vec::new(), gids: Vec::new(), duplicate: false };
    for event in &append.events {
        seq += 1;
        log.gid += 1;
        let sealed = key.seal(&event.payload, &event_context(append.stream, seq, &event.kind, event.version))?;
        let prev_hash = hash;
        hash = Link {
            stream: append.stream,
            seq,
            event_id: event.event_id,
            kind: &event.kind,
            version: event.version,
            recorded_at_ms: event.recorded_at_ms,
            act_id: event.act_id,
            sealed: &sealed,
            prev_hash: &prev_hash,
        }
        .hash();
        log.hash = chain::extend_log(&log.hash, log.gid, &hash);
        connection
            .prepare_cached(
                "INSERT INTO event (stream_kind, stream_id, seq, gid, event_id, kind, version, recorded_at_ms, act_id, \
                 payload, prev_hash, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            )?
            .execute(params![
                append.stream.kind.code(),
                append.stream.id.as_bytes(),
                signed(seq)?,
                signed(log.gid)?,
                event.event_id.as_bytes(),
                event.kind,
                event.version,
                event.recorded_at_ms,
                id_bytes(event.act_id),
                sealed,
                prev_hash,
                hash,
            ])?;
        appended.seqs.push(seq);
        appended.gids.push(log.gid);
    }
    index::write(connection, &key, append.stream, &Head { seq, hash, erased: false }, &append.index)?;
    if append.events.is_empty() {
        return Ok(appended);
    }
    connection.prepare_cached("UPDATE log_head SET gid = ?1, hash = ?2, mac = ?3 WHERE id = 1")?.execute(params![
        signed(log.gid)?,
        log.hash,
        memory.keys.head_mac(log.gid, &log.hash)
    ])?;
    // Remembered only now that every statement has succeeded.
    memory.log = Some(log);
    memory.streams.insert(append.stream, StreamMemory { seq, hash, key: Some(key) });
    Ok(appended)
}

/// Whether the whole batch was recorded before. Ids are looked up first, so that a repeat is answered
/// even though the head has moved on, or the chart has been erased, since.
fn already_recorded(connection: &Connection, append: &Append) -> Result<Option<Appended>, AppendError> {
    let mut find = connection
        .prepare_cached("SELECT stream_kind, stream_id, seq, gid, kind, act_id FROM event WHERE event_id = ?1")?;
    let mut before = Appended { seqs: Vec::new(), gids: Vec::new(), duplicate: true };
    let mut unknown = 0;
    let mut reused = None;
    let mut seen = std::collections::HashSet::new();
    for event in &append.events {
        if !seen.insert(event.event_id) {
            return Err(AppendError::IdReused { event_id: event.event_id });
        }
        let row = find
            .query_row([event.event_id.as_bytes()], |row| {
                let what = (row.get::<_, String>(4)?, maybe_uuid(row, 5)?);
                Ok((StreamColumns::read(row, 0)?, unsigned(row, 2)?, unsigned(row, 3)?, what))
            })
            .optional()?;
        match row {
            None => unknown += 1,
            Some((stream, seq, gid, (kind, act_id))) => {
                let same_stream = stream.kind == append.stream.kind.code() && stream.id == append.stream.id;
                if !same_stream || kind != event.kind || act_id != event.act_id {
                    return Err(AppendError::IdReused { event_id: event.event_id });
                }
                reused.get_or_insert(event.event_id);
                before.seqs.push(seq);
                before.gids.push(gid);
            }
        }
    }
    match reused {
        None => Ok(None),
        Some(event_id) if unknown > 0 => Err(AppendError::IdReused { event_id }),
        Some(_) => Ok(Some(before)),
    }
}

fn read_stream(connection: &Connection, keys: &Keys, stream: StreamId) -> Result<Option<StreamMemory>, AppendError> {
    let row = connection
        .prepare_cached(
            "SELECT head_seq, head_hash, wrapped_key FROM stream WHERE stream_kind = ?1 AND stream_id = ?2",
        )?
        .query_row(params![stream.kind.code(), stream.id.as_bytes()], |row| {
            Ok((unsigned(row, 0)?, row.get(1)?, row.get::<_, Option<Vec<u8>>>(2)?))
        })
        .optional()?;
    let Some((seq, hash, wrapped)) = row else { return Ok(None) };
    let key = wrapped.map(|wrapped| keys.open_data_key(stream, &wrapped)).transpose()?;
    // A head that is not the end of the stream would fork the chain; the log itself is the witness.
    let last: Option<(u64, [u8; 32])> = connection
        .prepare_cached(
            "SELECT seq, hash FROM event WHERE stream_kind = ?1 AND stream_id = ?2 ORDER BY seq DESC LIMIT 1",
        )?
        .query_row(params![stream.kind.code(), stream.id.as_bytes()], |row| Ok((unsigned(row, 0)?, row.get(1)?)))
        .optional()?;
    if last != Some((seq, hash)) {
        return Err(AppendError::Failure(Failure::Damaged(format!(
            "{} does not end where its head says; nothing is added to it",
            stream.described()
        ))));
    }
    Ok(Some(StreamMemory { seq, hash, key }))
}

fn create_stream(connection: &Connection, keys: &Keys, stream: StreamId) -> Result<SealingKey, AppendError> {
    let (key, wrapped) = keys.new_data_key(stream)?;
    connection
        .prepare_cached(
            "INSERT INTO stream (stream_kind, stream_id, head_seq, head_hash, wrapped_key, fold_version) \
             VALUES (?1, ?2, 0, ?3, ?4, '')",
        )?
        .execute(params![stream.kind.code(), stream.id.as_bytes(), START, wrapped])?;
    Ok(key)
}
