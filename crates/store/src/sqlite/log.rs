//! Appending to charts and reading them back.

use std::sync::mpsc::Sender;

use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

use crate::chain::{self, Link, START};
use crate::error::{AppendError, Failure, ReadError};
use crate::event_log::{AlertRow, Append, Appended, Committed, Head, LogHead, PatientIndex, PatientRow, StoredEvent};
use crate::seal::{Keys, SealingKey, event_context, summary_context};
use crate::sqlite::writer::{Memory, Outcome, PatientMemory, Work};

/// One append in the writer's queue, and where its answer goes.
pub struct AppendWork {
    append: Append,
    answer: Sender<Result<Appended, AppendError>>,
    result: Option<Result<Appended, AppendError>>,
}

impl AppendWork {
    pub fn new(append: Append, answer: Sender<Result<Appended, AppendError>>) -> Self {
        Self { append, answer, result: None }
    }

    fn reply(self, result: Result<Appended, AppendError>) {
        // The caller may have gone away meanwhile; what was recorded stays recorded.
        drop(self.answer.send(result));
    }
}

impl Work for AppendWork {
    fn run(&mut self, connection: &Connection, memory: &mut Memory) -> Outcome {
        let result = append(connection, memory, &self.append);
        let outcome = match &result {
            Ok(_) => Outcome::Keep,
            Err(AppendError::Full) => Outcome::Broken(Failure::Full),
            Err(AppendError::Failure(failure)) => Outcome::Broken(failure.clone()),
            Err(_) => Outcome::Undo,
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

    fn news(&self) -> Option<Committed> {
        let Some(Ok(appended)) = &self.result else { return None };
        if appended.duplicate {
            return None;
        }
        Some(Committed {
            patient: self.append.patient,
            seq: appended.seqs.last().copied().unwrap_or(self.append.expected_seq),
            gid: appended.gids.last().copied().unwrap_or(0),
            kinds: self.append.events.iter().map(|event| event.kind.clone()).collect(),
        })
    }
}

fn append(connection: &Connection, memory: &mut Memory, append: &Append) -> Result<Appended, AppendError> {
    if let Some(before) = already_recorded(connection, append)? {
        return Ok(before);
    }
    let known = match memory.patients.get(&append.patient) {
        Some(known) => Some(known.clone()),
        None => recall(connection, &memory.keys, append.patient)?,
    };
    let actual = known.as_ref().map_or(0, |known| known.seq);
    if known.as_ref().is_some_and(|known| known.key.is_none()) {
        return Err(AppendError::Erased);
    }
    if actual != append.expected_seq {
        return Err(AppendError::Conflict { expected: append.expected_seq, actual });
    }
    let (mut seq, mut hash, key) = match known {
        Some(PatientMemory { seq, hash, key: Some(key) }) => (seq, hash, key),
        Some(_) => return Err(AppendError::Erased),
        None if append.events.is_empty() => return Err(AppendError::NothingToRecord),
        None => (0, START, create_patient(connection, &memory.keys, append.patient)?),
    };
    let mut log = match memory.log {
        Some(log) => log,
        None => recall_log(connection, &memory.keys)?,
    };
    let mut appended = Appended { seqs: Vec::new(), gids: Vec::new(), duplicate: false };
    for event in &append.events {
        seq += 1;
        log.gid += 1;
        let sealed = key.seal(&event.payload, &event_context(append.patient, seq, &event.kind, event.version))?;
        let prev_hash = hash;
        hash = Link {
            patient: append.patient,
            seq,
            event_id: event.event_id,
            kind: &event.kind,
            version: event.version,
            recorded_at_ms: event.recorded_at_ms,
            sealed: &sealed,
            prev_hash: &prev_hash,
        }
        .hash();
        log.hash = chain::extend_log(&log.hash, log.gid, &hash);
        connection
            .prepare_cached(
                "INSERT INTO chart_event (patient_id, seq, gid, event_id, kind, version, recorded_at_ms, payload, \
                 prev_hash, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            )?
            .execute(params![
                append.patient.as_bytes(),
                signed(seq)?,
                signed(log.gid)?,
                event.event_id.as_bytes(),
                event.kind,
                event.version,
                event.recorded_at_ms,
                sealed,
                prev_hash,
                hash,
            ])?;
        appended.seqs.push(seq);
        appended.gids.push(log.gid);
    }
    write_index(connection, &key, append.patient, seq, &hash, &append.index)?;
    connection.prepare_cached("UPDATE log_head SET gid = ?1, hash = ?2, mac = ?3 WHERE id = 1")?.execute(params![
        signed(log.gid)?,
        log.hash,
        memory.keys.head_mac(log.gid, &log.hash)
    ])?;
    // Remembered only now that every statement has succeeded.
    memory.log = Some(log);
    memory.patients.insert(append.patient, PatientMemory { seq, hash, key: Some(key) });
    Ok(appended)
}

/// Whether the whole batch was recorded before. Ids are looked up first, so that a repeat is answered
/// even though the head has moved on, or the chart has been erased, since.
fn already_recorded(connection: &Connection, append: &Append) -> Result<Option<Appended>, AppendError> {
    let mut find =
        connection.prepare_cached("SELECT patient_id, seq, gid, kind FROM chart_event WHERE event_id = ?1")?;
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
                Ok((uuid(row, 0)?, unsigned(row, 1)?, unsigned(row, 2)?, row.get::<_, String>(3)?))
            })
            .optional()?;
        match row {
            None => unknown += 1,
            Some((patient, seq, gid, kind)) => {
                if patient != append.patient || kind != event.kind {
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

fn recall(connection: &Connection, keys: &Keys, patient: Uuid) -> Result<Option<PatientMemory>, AppendError> {
    let row = connection
        .prepare_cached("SELECT head_seq, head_hash, wrapped_key FROM patient WHERE patient_id = ?1")?
        .query_row([patient.as_bytes()], |row| Ok((unsigned(row, 0)?, row.get(1)?, row.get::<_, Option<Vec<u8>>>(2)?)))
        .optional()?;
    let Some((seq, hash, wrapped)) = row else { return Ok(None) };
    let key = wrapped.map(|wrapped| keys.open_data_key(patient, &wrapped)).transpose()?;
    // A head that is not the end of the chart would fork the chain; the log itself is the witness.
    let last: Option<(u64, [u8; 32])> = connection
        .prepare_cached("SELECT seq, hash FROM chart_event WHERE patient_id = ?1 ORDER BY seq DESC LIMIT 1")?
        .query_row([patient.as_bytes()], |row| Ok((unsigned(row, 0)?, row.get(1)?)))
        .optional()?;
    if last != Some((seq, hash)) {
        return Err(AppendError::Failure(Failure::Damaged(format!(
            "the chart of {patient} does not end where its head says; nothing is added to it"
        ))));
    }
    Ok(Some(PatientMemory { seq, hash, key }))
}

/// Reads the log's head, refusing one that somebody without the key has written.
pub fn recall_log(connection: &Connection, keys: &Keys) -> Result<LogHead, Failure> {
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

fn create_patient(connection: &Connection, keys: &Keys, patient: Uuid) -> Result<SealingKey, AppendError> {
    let (key, wrapped) = keys.new_data_key(patient)?;
    connection
        .prepare_cached("INSERT INTO patient (patient_id, head_seq, head_hash, wrapped_key) VALUES (?1, 0, ?2, ?3)")?
        .execute(params![patient.as_bytes(), START, wrapped])?;
    Ok(key)
}

fn write_index(
    connection: &Connection,
    key: &SealingKey,
    patient: Uuid,
    seq: u64,
    hash: &[u8; 32],
    index: &PatientIndex,
) -> Result<(), AppendError> {
    let summary = key.seal(&index.summary, &summary_context(patient))?;
    connection
        .prepare_cached(
            "UPDATE patient SET head_seq = ?2, head_hash = ?3, summary_sealed = ?4, next_look_at_ms = ?5 \
             WHERE patient_id = ?1",
        )?
        .execute(params![patient.as_bytes(), signed(seq)?, hash, summary, index.next_look_at_ms])?;
    connection.prepare_cached("DELETE FROM alert WHERE patient_id = ?1")?.execute([patient.as_bytes()])?;
    for alert in &index.alerts {
        connection
            .prepare_cached(
                "INSERT INTO alert (patient_id, alert_id, level, raised_at_ms, owned, next_step_at_ms) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![
                patient.as_bytes(),
                alert.alert_id.as_bytes(),
                alert.level,
                alert.raised_at_ms,
                alert.owned,
                alert.next_step_at_ms,
            ])?;
    }
    Ok(())
}

/// Reads a chart from `from_seq` on, checking every link, from the one before to the head.
pub fn load(connection: &Connection, keys: &Keys, patient: Uuid, from_seq: u64) -> Result<Vec<StoredEvent>, ReadError> {
    let row = connection
        .prepare_cached("SELECT head_seq, head_hash, wrapped_key FROM patient WHERE patient_id = ?1")?
        .query_row([patient.as_bytes()], |row| {
            Ok((unsigned(row, 0)?, row.get::<_, [u8; 32]>(1)?, row.get::<_, Option<Vec<u8>>>(2)?))
        })
        .optional()?;
    let Some((head_seq, head_hash, wrapped)) = row else { return Ok(Vec::new()) };
    let key = keys.open_data_key(patient, &wrapped.ok_or(ReadError::Erased)?)?;
    let from_seq = from_seq.max(1);
    let broken = |seq, event_id, detail: &str| ReadError::Broken { patient, seq, event_id, detail: detail.to_owned() };
    if from_seq > head_seq {
        return Ok(Vec::new());
    }
    let mut statement = connection.prepare_cached(
        "SELECT seq, gid, event_id, kind, version, recorded_at_ms, payload, prev_hash, hash \
         FROM chart_event WHERE patient_id = ?1 AND seq >= ?2 ORDER BY seq",
    )?;
    let mut rows = statement.query(params![patient.as_bytes(), signed(from_seq - 1)?])?;
    let mut events = Vec::new();
    let (mut next, mut last) = if from_seq == 1 { (1, START) } else { (from_seq - 1, START) };
    let mut anchored = from_seq == 1;
    while let Some(row) = rows.next()? {
        let raw = RawEvent::read(patient, row)?;
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
            let context = event_context(patient, raw.seq, &raw.kind, raw.version);
            let payload = key
                .open(&raw.sealed, &context)
                .ok_or_else(|| broken(raw.seq, Some(raw.event_id), "does not open with the patient's key"))?;
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
    pub patient: Uuid,
    pub seq: u64,
    pub gid: u64,
    pub event_id: Uuid,
    pub kind: String,
    pub version: u16,
    pub recorded_at_ms: i64,
    pub sealed: Vec<u8>,
    pub prev_hash: [u8; 32],
    pub hash: [u8; 32],
}

impl RawEvent {
    /// Columns in the order: seq, gid, event_id, kind, version, recorded_at_ms, payload, prev_hash, hash.
    pub fn read(patient: Uuid, row: &rusqlite::Row<'_>) -> Result<Self, rusqlite::Error> {
        Ok(Self {
            patient,
            seq: unsigned(row, 0)?,
            gid: unsigned(row, 1)?,
            event_id: uuid(row, 2)?,
            kind: row.get(3)?,
            version: row.get(4)?,
            recorded_at_ms: row.get(5)?,
            sealed: row.get(6)?,
            prev_hash: row.get(7)?,
            hash: row.get(8)?,
        })
    }

    /// What its hash should be, if it stands where it was written.
    pub fn expected_hash(&self) -> [u8; 32] {
        self.hash_at(self.seq)
    }

    /// What its hash would be at another place.
    pub fn hash_at(&self, seq: u64) -> [u8; 32] {
        Link {
            patient: self.patient,
            seq,
            event_id: self.event_id,
            kind: &self.kind,
            version: self.version,
            recorded_at_ms: self.recorded_at_ms,
            sealed: &self.sealed,
            prev_hash: &self.prev_hash,
        }
        .hash()
    }

    fn opened(self, payload: Vec<u8>) -> StoredEvent {
        StoredEvent {
            patient: self.patient,
            seq: self.seq,
            gid: self.gid,
            event_id: self.event_id,
            kind: self.kind,
            version: self.version,
            recorded_at_ms: self.recorded_at_ms,
            payload,
            hash: self.hash,
        }
    }
}

/// Where a chart ends, or `None` if there is none.
pub fn head(connection: &Connection, patient: Uuid) -> Result<Option<Head>, ReadError> {
    let head = connection
        .prepare_cached("SELECT head_seq, head_hash, wrapped_key IS NULL FROM patient WHERE patient_id = ?1")?
        .query_row([patient.as_bytes()], |row| {
            Ok(Head { seq: unsigned(row, 0)?, hash: row.get(1)?, erased: row.get(2)? })
        })
        .optional()?;
    Ok(head)
}

/// Every patient's index row without its alerts, summaries opened, one after the other in the order of their ids.
pub fn each_patient(connection: &Connection, keys: &Keys, each: &mut dyn FnMut(PatientRow)) -> Result<(), ReadError> {
    let mut statement = connection.prepare_cached(
        "SELECT patient_id, head_seq, wrapped_key, summary_sealed, next_look_at_ms FROM patient ORDER BY patient_id",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let patient = uuid(row, 0)?;
        let wrapped: Option<Vec<u8>> = row.get(2)?;
        let sealed: Option<Vec<u8>> = row.get(3)?;
        let erased = wrapped.is_none();
        let summary = match (wrapped, sealed) {
            (Some(wrapped), Some(sealed)) => Some(
                keys.open_data_key(patient, &wrapped)?
                    .open(&sealed, &summary_context(patient))
                    .ok_or_else(|| Failure::Sealed(format!("the summary of patient {patient}")))?,
            ),
            _ => None,
        };
        each(PatientRow {
            patient,
            seq: unsigned(row, 1)?,
            summary,
            next_look_at_ms: row.get(4)?,
            alerts: Vec::new(),
            erased,
        });
    }
    Ok(())
}

/// Every patient's index row.
pub fn patients(connection: &Connection, keys: &Keys) -> Result<Vec<PatientRow>, ReadError> {
    let mut found: Vec<PatientRow> = Vec::new();
    each_patient(connection, keys, &mut |row| found.push(row))?;
    for (patient, alert) in alerts(connection)? {
        // `found` is in the order of the ids, as the query asked for.
        if let Ok(at) = found.binary_search_by(|row| row.patient.cmp(&patient))
            && let Some(row) = found.get_mut(at)
        {
            row.alerts.push(alert);
        }
    }
    Ok(found)
}

/// Every patient whose key has not been destroyed, and how many were erased.
pub fn people(connection: &Connection) -> Result<(Vec<Uuid>, usize), ReadError> {
    let mut statement =
        connection.prepare_cached("SELECT patient_id, wrapped_key IS NULL FROM patient ORDER BY patient_id")?;
    let mut rows = statement.query([])?;
    let (mut found, mut erased) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        if row.get(1)? {
            erased += 1;
        } else {
            found.push(uuid(row, 0)?);
        }
    }
    Ok((found, erased))
}

/// Every open alert, most urgent level first, then oldest first.
pub fn alerts(connection: &Connection) -> Result<Vec<(Uuid, AlertRow)>, ReadError> {
    let mut statement = connection.prepare_cached(
        "SELECT patient_id, alert_id, level, raised_at_ms, owned, next_step_at_ms FROM alert \
         ORDER BY level DESC, raised_at_ms, alert_id",
    )?;
    let rows = statement.query_map([], |row| {
        Ok((
            uuid(row, 0)?,
            AlertRow {
                alert_id: uuid(row, 1)?,
                level: row.get(2)?,
                raised_at_ms: row.get(3)?,
                owned: row.get(4)?,
                next_step_at_ms: row.get(5)?,
            },
        ))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Patients whose next look is due, the longest overdue first.
pub fn due(connection: &Connection, until_ms: i64, limit: usize) -> Result<Vec<Uuid>, ReadError> {
    let mut statement = connection.prepare_cached(
        "SELECT patient_id FROM patient WHERE next_look_at_ms IS NOT NULL AND next_look_at_ms <= ?1 \
         ORDER BY next_look_at_ms, patient_id LIMIT ?2",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = statement.query_map(params![until_ms, limit], |row| uuid(row, 0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Positions are unsigned; SQLite's integers are not.
pub fn signed(value: u64) -> Result<i64, Failure> {
    i64::try_from(value).map_err(|_| Failure::Shape(format!("the position {value}")))
}

/// Reads a position.
pub fn unsigned(row: &rusqlite::Row<'_>, column: usize) -> Result<u64, rusqlite::Error> {
    let value: i64 = row.get(column)?;
    u64::try_from(value).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, value))
}

/// Reads an id.
pub fn uuid(row: &rusqlite::Row<'_>, column: usize) -> Result<Uuid, rusqlite::Error> {
    Ok(Uuid::from_bytes(row.get(column)?))
}
