//! Finding out whether the log is still what was recorded.
//!
//! Without a key: every hash is recomputed, and the chain, the heads, and the count of the whole log compared.
//! With the key also: every payload opens, and the log's head and each erasure were written by this installation.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};
use uuid::Uuid;

use crate::chain::{self, START};
use crate::error::{Failure, VerifyError};
use crate::seal::{Keys, event_context};
use crate::sqlite::columns::{StreamColumns, unsigned};
use crate::sqlite::log::read::{RawEvent, read_log_head};
use crate::sqlite::schema;
use crate::stream::StreamId;
use crate::verification::{Problem, ProblemKind, VerifyProgress, VerifyReport};

/// Checks a database file without any key. It may be in use; the check sees it at one moment.
pub fn verify_file(path: &Path, progress: &mut dyn FnMut(VerifyProgress)) -> Result<VerifyReport, VerifyError> {
    verify(path, None, progress)
}

/// Checks a database file with its key.
pub fn verify_with_keys(
    path: &Path,
    keys: &Keys,
    progress: &mut dyn FnMut(VerifyProgress),
) -> Result<VerifyReport, VerifyError> {
    verify(path, Some(keys), progress)
}

fn verify(
    path: &Path,
    keys: Option<&Keys>,
    progress: &mut dyn FnMut(VerifyProgress),
) -> Result<VerifyReport, VerifyError> {
    if !path.is_file() {
        return Err(VerifyError::NoFile { path: path.to_path_buf() });
    }
    let explain = |error: rusqlite::Error| match Failure::from(error) {
        Failure::Damaged(detail) => VerifyError::Damaged { path: path.to_path_buf(), detail },
        other => VerifyError::Failure(other),
    };
    let mut connection = open_for_reading(path).map_err(explain)?;
    let (application, version) = schema::identity(&connection).map_err(explain)?;
    if application != schema::APPLICATION_ID || version != schema::known_version() {
        return Err(VerifyError::Unknown { path: path.to_path_buf(), found: version });
    }
    let transaction = connection.transaction().map_err(explain)?;
    Check::run(&transaction, keys, progress).map_err(explain)
}

/// A file on a medium that cannot be written has no room for SQLite's shared memory; if nothing is left in a
/// write-ahead log, it can be read as the unchanging file that it is.
fn open_for_reading(path: &Path) -> Result<Connection, rusqlite::Error> {
    let opened = schema::reader(path).and_then(|connection| {
        schema::identity(&connection)?;
        Ok(connection)
    });
    let mut wal = path.as_os_str().to_owned();
    wal.push("-wal");
    match opened {
        Err(error)
            if error.sqlite_error_code() == Some(rusqlite::ErrorCode::CannotOpen) && !Path::new(&wal).exists() =>
        {
            let name = path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
            Connection::open_with_flags(
                format!("file:{name}?immutable=1"),
                OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI,
            )
        }
        other => other,
    }
}

struct Check<'a> {
    keys: Option<&'a Keys>,
    progress: &'a mut dyn FnMut(VerifyProgress),
    report: VerifyReport,
    done: u64,
    /// Rows that the streams' own numbering shows to be gone.
    missing_by_stream: u64,
}

/// A stream's row: the head it names, and what opens its events.
struct Registered {
    seq: u64,
    hash: [u8; 32],
    wrapped: Option<Vec<u8>>,
    erased: Option<(i64, Option<[u8; 32]>)>,
}

impl Check<'_> {
    fn run(
        connection: &Connection,
        keys: Option<&Keys>,
        progress: &mut dyn FnMut(VerifyProgress),
    ) -> Result<VerifyReport, rusqlite::Error> {
        let (head, mac) = read_log_head(connection)?;
        let report = VerifyReport {
            events: 0,
            streams: 0,
            erased: 0,
            head,
            with_key: keys.is_some(),
            clock_steps_back: 0,
            problems: Vec::new(),
        };
        let mut check = Check { keys, progress, report, done: 0, missing_by_stream: 0 };
        if keys.is_some_and(|keys| keys.head_mac(head.gid, &head.hash) != mac) {
            check.whole_log(
                ProblemKind::HeadMismatch,
                "the head of the log was not written by this installation".to_owned(),
            );
        }
        let mut registered = check.registered(connection)?;
        check.each_stream(connection, &mut registered)?;
        for (stream, row) in registered {
            check.missing_by_stream += row.seq;
            let detail = format!("all {} events of this {} are gone", row.seq, stream.kind.record());
            check.problem(ProblemKind::Missing, stream, Some(1), None, detail);
        }
        check.order_of_log(connection)?;
        Ok(check.report)
    }

    fn registered(&mut self, connection: &Connection) -> Result<BTreeMap<StreamId, Registered>, rusqlite::Error> {
        let mut statement = connection.prepare(
            "SELECT head_seq, head_hash, wrapped_key, erased_at_ms, erasure_mac, stream_kind, stream_id FROM stream \
                 ORDER BY stream_kind, stream_id",
        )?;
        let mut rows = statement.query([])?;
        let mut registered = BTreeMap::new();
        while let Some(row) = rows.next()? {
            self.report.streams += 1;
            let columns = StreamColumns::read(row, 5)?;
            let Ok(stream) = columns.known() else {
                self.unknown_kind(&columns);
                continue;
            };
            let erased_at: Option<i64> = row.get(3)?;
            let erased = match erased_at {
                Some(at) => Some((at, row.get(4)?)),
                None => None,
            };
            let found = Registered { seq: unsigned(row, 0)?, hash: row.get(1)?, wrapped: row.get(2)?, erased };
            registered.insert(stream, found);
        }
        for (stream, row) in &registered {
            let Some((at, mac)) = row.erased else { continue };
            self.report.erased += 1;
            if self.keys.is_some_and(|keys| mac != Some(keys.erasure_mac(*stream, at))) {
                let detail = "the key was removed by someone other than this installation".to_owned();
                self.problem(ProblemKind::Changed, *stream, None, None, detail);
            }
        }
        Ok(registered)
    }

    /// Walks every stream in order. Takes the streams that it meets out of `registered`.
    fn each_stream(
        &mut self,
        connection: &Connection,
        registered: &mut BTreeMap<StreamId, Registered>,
    ) -> Result<(), rusqlite::Error> {
        let mut statement = connection.prepare(
            "SELECT seq, gid, event_id, kind, version, recorded_at_ms, act_id, payload, prev_hash, hash, stream_kind, \
             stream_id FROM event ORDER BY stream_kind, stream_id, seq",
        )?;
        let mut rows = statement.query([])?;
        let mut walk: Option<StreamWalk> = None;
        let mut unknown = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let columns = StreamColumns::read(row, 10)?;
            let Ok(stream) = columns.known() else {
                self.report.events += 1;
                *unknown.entry(columns).or_insert(0_u64) += 1;
                self.step();
                continue;
            };
            let event = RawEvent::read(stream, row)?;
            if walk.as_ref().is_none_or(|walk| walk.stream != stream) {
                if let Some(finished) = walk.take() {
                    self.finish(&finished);
                }
                walk = Some(self.begin(stream, registered.remove(&stream)));
            }
            if let Some(walk) = walk.as_mut() {
                self.event(walk, &event);
            }
            self.step();
        }
        if let Some(finished) = walk {
            self.finish(&finished);
        }
        for (columns, events) in unknown {
            let detail = format!("{events} events are of {columns}, a kind of stream that this version does not know");
            self.whole_log(ProblemKind::Orphan, detail);
        }
        Ok(())
    }

    fn begin(&mut self, stream: StreamId, registered: Option<Registered>) -> StreamWalk {
        let mut key = None;
        if let (Some(keys), Some(wrapped)) = (self.keys, registered.as_ref().and_then(|row| row.wrapped.as_ref())) {
            match keys.open_data_key(stream, wrapped) {
                Ok(opened) => key = Some(opened),
                Err(failure) => {
                    self.problem(ProblemKind::Changed, stream, None, None, failure.to_string());
                }
            }
        }
        StreamWalk { stream, registered, key, next: 1, last: START, last_id: None, gid: 0, recorded_at_ms: i64::MIN }
    }

    fn event(&mut self, walk: &mut StreamWalk, event: &RawEvent) {
        self.report.events += 1;
        let (stream, id) = (walk.stream, Some(event.event_id));
        let gap = event.seq > walk.next;
        if gap {
            let gone = event.seq - walk.next;
            self.missing_by_stream += gone;
            let detail = match gone {
                1 => "is gone".to_owned(),
                _ => format!("{gone} events from here on are gone"),
            };
            self.problem(ProblemKind::Missing, stream, Some(walk.next), None, detail);
        }
        if event.expected_hash() != event.hash {
            match self.other_place(walk, event) {
                Some(seq) => {
                    let detail = format!("stands here, and was recorded as event {seq}");
                    self.problem(ProblemKind::Reordered, stream, Some(event.seq), id, detail);
                }
                None => {
                    let detail = "is not what was recorded".to_owned();
                    self.problem(ProblemKind::Changed, stream, Some(event.seq), id, detail);
                }
            }
        } else if !gap && event.prev_hash != walk.last {
            let detail = "does not follow the event before it, which was changed or put there".to_owned();
            self.problem(ProblemKind::Reordered, stream, Some(event.seq), id, detail);
        } else if let Some(key) = &walk.key {
            let context = event_context(stream, event.seq, &event.kind, event.version);
            if key.open(&event.sealed, &context).is_none() {
                let detail = format!("does not open with the {}'s key: someone without it wrote this", stream.kind);
                self.problem(ProblemKind::Changed, stream, Some(event.seq), id, detail);
            }
        }
        if event.gid <= walk.gid {
            let detail = "has an earlier place in the whole log than the event before it".to_owned();
            self.problem(ProblemKind::Reordered, stream, Some(event.seq), id, detail);
        }
        if event.recorded_at_ms < walk.recorded_at_ms {
            self.report.clock_steps_back += 1;
        }
        walk.next = event.seq + 1;
        walk.last = event.hash;
        walk.last_id = id;
        walk.gid = event.gid;
        walk.recorded_at_ms = event.recorded_at_ms;
    }

    /// The position for which the row's hash is right, if there is one: then the row was moved, not changed.
    fn other_place(&self, walk: &StreamWalk, event: &RawEvent) -> Option<u64> {
        let head = walk.registered.as_ref().map_or(event.seq, |row| row.seq);
        (1..=head.max(event.seq) + 1).find(|seq| event.hash_at(*seq) == event.hash)
    }

    fn finish(&mut self, walk: &StreamWalk) {
        let (stream, last) = (walk.stream, walk.next - 1);
        let Some(row) = &walk.registered else {
            let detail = format!("{last} events belong to no registered {}", stream.kind);
            self.problem(ProblemKind::Orphan, stream, None, None, detail);
            return;
        };
        if last < row.seq {
            let gone = row.seq - last;
            self.missing_by_stream += gone;
            let detail = format!("the end of the {} is gone: {gone} of {} events", stream.kind.record(), row.seq);
            self.problem(ProblemKind::Missing, stream, Some(walk.next), None, detail);
            let detail = format!("the head names event {}, the log ends at {last}", row.seq);
            self.problem(ProblemKind::HeadMismatch, stream, Some(row.seq), None, detail);
        } else if last > row.seq || walk.last != row.hash {
            let detail = format!("the head names event {} with another hash than the log's last, {last}", row.seq);
            self.problem(ProblemKind::HeadMismatch, stream, Some(last), walk.last_id, detail);
        }
    }

    /// Walks the whole log in the order of recording. This is what notices that a whole stream is gone with its row.
    fn order_of_log(&mut self, connection: &Connection) -> Result<(), rusqlite::Error> {
        let mut statement = connection.prepare("SELECT gid, hash FROM event ORDER BY gid")?;
        let mut rows = statement.query([])?;
        let (mut hash, mut next, mut gone) = (START, 1_u64, Vec::new());
        while let Some(row) = rows.next()? {
            let (gid, event_hash) = (unsigned(row, 0)?, row.get(1)?);
            if gid > next {
                gone.push((next, gid - 1));
            }
            hash = chain::extend_log(&hash, gid, &event_hash);
            next = gid + 1;
            self.step();
        }
        let head = self.report.head;
        if next <= head.gid {
            gone.push((next, head.gid));
        }
        let missing: u64 = gone.iter().map(|(from, to)| to - from + 1).sum();
        if missing > self.missing_by_stream {
            let unexplained = missing - self.missing_by_stream;
            let places: Vec<_> = gone.iter().take(20).map(|(from, to)| place(*from, *to)).collect();
            let more = if gone.len() > 20 { " and more" } else { "" };
            let detail = format!(
                "{unexplained} events are gone that no chart misses: whole charts were taken out. \
                 Places of the log that are empty: {}{more}",
                places.join(", ")
            );
            self.whole_log(ProblemKind::Missing, detail);
        }
        if next > head.gid + 1 {
            let detail = format!("the log goes on to place {}, its head says {}", next - 1, head.gid);
            self.whole_log(ProblemKind::HeadMismatch, detail);
        } else if missing == 0 && hash != head.hash {
            let detail = "the hash over the whole log is not the one that its head names".to_owned();
            self.whole_log(ProblemKind::HeadMismatch, detail);
        }
        Ok(())
    }

    fn unknown_kind(&mut self, columns: &StreamColumns) {
        let detail = format!("there is {columns}, a kind of stream that this version does not know");
        self.whole_log(ProblemKind::Orphan, detail);
    }

    fn step(&mut self) {
        self.done += 1;
        if self.done.is_multiple_of(1000) {
            let total = self.report.head.gid.saturating_mul(2);
            (self.progress)(VerifyProgress { done: self.done, total });
        }
    }

    fn problem(
        &mut self,
        kind: ProblemKind,
        stream: StreamId,
        seq: Option<u64>,
        event_id: Option<Uuid>,
        detail: String,
    ) {
        self.report.problems.push(Problem { kind, stream: Some(stream), seq, event_id, detail });
    }

    fn whole_log(&mut self, kind: ProblemKind, detail: String) {
        self.report.problems.push(Problem { kind, stream: None, seq: None, event_id: None, detail });
    }
}

/// Where the walk through one stream has come to.
struct StreamWalk {
    stream: StreamId,
    registered: Option<Registered>,
    key: Option<crate::seal::SealingKey>,
    next: u64,
    last: [u8; 32],
    last_id: Option<Uuid>,
    gid: u64,
    recorded_at_ms: i64,
}

fn place(from: u64, to: u64) -> String {
    if from == to { from.to_string() } else { format!("{from} to {to}") }
}
