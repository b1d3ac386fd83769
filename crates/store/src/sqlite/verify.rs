//! Finding out whether the log is still what was recorded.
//!
//! Without a key: every hash is recomputed, and the chain, the heads, and the count of the whole log compared.
//! With the key also: every payload opens, and the log's head and each erasure were written by this installation.

use std::collections::HashMap;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};
use uuid::Uuid;

use crate::chain::{self, START};
use crate::error::{Failure, VerifyError};
use crate::seal::{Keys, event_context};
use crate::sqlite::log::{RawEvent, read_log_head, unsigned, uuid};
use crate::sqlite::schema;
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
    /// Rows that the charts' own numbering shows to be gone.
    missing_by_chart: u64,
}

/// A patient's row: the head it names, and what opens the chart.
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
            patients: 0,
            erased: 0,
            head,
            with_key: keys.is_some(),
            clock_steps_back: 0,
            problems: Vec::new(),
        };
        let mut check = Check { keys, progress, report, done: 0, missing_by_chart: 0 };
        if keys.is_some_and(|keys| keys.head_mac(head.gid, &head.hash) != mac) {
            check.whole_log(
                ProblemKind::HeadMismatch,
                "the head of the log was not written by this installation".to_owned(),
            );
        }
        let mut registered = check.registered(connection)?;
        check.charts(connection, &mut registered)?;
        let mut unseen: Vec<_> = registered.into_iter().collect();
        unseen.sort_by_key(|(patient, _)| *patient);
        for (patient, row) in unseen {
            check.missing_by_chart += row.seq;
            let detail = format!("all {} events of this chart are gone", row.seq);
            check.problem(ProblemKind::Missing, patient, Some(1), None, detail);
        }
        check.order_of_log(connection)?;
        Ok(check.report)
    }

    fn registered(&mut self, connection: &Connection) -> Result<HashMap<Uuid, Registered>, rusqlite::Error> {
        let mut statement = connection
            .prepare("SELECT patient_id, head_seq, head_hash, wrapped_key, erased_at_ms, erasure_mac FROM patient")?;
        let mut rows = statement.query([])?;
        let mut registered = HashMap::new();
        while let Some(row) = rows.next()? {
            let erased_at: Option<i64> = row.get(4)?;
            let erased = match erased_at {
                Some(at) => Some((at, row.get(5)?)),
                None => None,
            };
            let found = Registered { seq: unsigned(row, 1)?, hash: row.get(2)?, wrapped: row.get(3)?, erased };
            registered.insert(uuid(row, 0)?, found);
        }
        self.report.patients = registered.len() as u64;
        for (patient, row) in &registered {
            let Some((at, mac)) = row.erased else { continue };
            self.report.erased += 1;
            if self.keys.is_some_and(|keys| mac != Some(keys.erasure_mac(*patient, at))) {
                let detail = "the key was removed by someone other than this installation".to_owned();
                self.problem(ProblemKind::Changed, *patient, None, None, detail);
            }
        }
        Ok(registered)
    }

    /// Walks every chart in order. Takes the charts that it meets out of `registered`.
    fn charts(
        &mut self,
        connection: &Connection,
        registered: &mut HashMap<Uuid, Registered>,
    ) -> Result<(), rusqlite::Error> {
        let mut statement = connection.prepare(
            "SELECT seq, gid, event_id, kind, version, recorded_at_ms, payload, prev_hash, hash, patient_id \
             FROM chart_event ORDER BY patient_id, seq",
        )?;
        let mut rows = statement.query([])?;
        let mut chart: Option<Walk> = None;
        while let Some(row) = rows.next()? {
            let patient = uuid(row, 9)?;
            let event = RawEvent::read(patient, row)?;
            if chart.as_ref().is_none_or(|chart| chart.patient != patient) {
                if let Some(finished) = chart.take() {
                    self.finish(&finished);
                }
                chart = Some(self.begin(patient, registered.remove(&patient)));
            }
            if let Some(chart) = chart.as_mut() {
                self.event(chart, &event);
            }
            self.step();
        }
        if let Some(finished) = chart {
            self.finish(&finished);
        }
        Ok(())
    }

    fn begin(&mut self, patient: Uuid, registered: Option<Registered>) -> Walk {
        let mut key = None;
        if let (Some(keys), Some(wrapped)) = (self.keys, registered.as_ref().and_then(|row| row.wrapped.as_ref())) {
            match keys.open_data_key(patient, wrapped) {
                Ok(opened) => key = Some(opened),
                Err(failure) => {
                    self.problem(ProblemKind::Changed, patient, None, None, failure.to_string());
                }
            }
        }
        Walk { patient, registered, key, next: 1, last: START, last_id: None, gid: 0, recorded_at_ms: i64::MIN }
    }

    fn event(&mut self, chart: &mut Walk, event: &RawEvent) {
        self.report.events += 1;
        let (patient, id) = (chart.patient, Some(event.event_id));
        let gap = event.seq > chart.next;
        if gap {
            let gone = event.seq - chart.next;
            self.missing_by_chart += gone;
            let detail = match gone {
                1 => "is gone".to_owned(),
                _ => format!("{gone} events from here on are gone"),
            };
            self.problem(ProblemKind::Missing, patient, Some(chart.next), None, detail);
        }
        if event.expected_hash() != event.hash {
            match self.other_place(chart, event) {
                Some(seq) => {
                    let detail = format!("stands here, and was recorded as event {seq}");
                    self.problem(ProblemKind::Reordered, patient, Some(event.seq), id, detail);
                }
                None => {
                    let detail = "is not what was recorded".to_owned();
                    self.problem(ProblemKind::Changed, patient, Some(event.seq), id, detail);
                }
            }
        } else if !gap && event.prev_hash != chart.last {
            let detail = "does not follow the event before it, which was changed or put there".to_owned();
            self.problem(ProblemKind::Reordered, patient, Some(event.seq), id, detail);
        } else if let Some(key) = &chart.key {
            let context = event_context(patient, event.seq, &event.kind, event.version);
            if key.open(&event.sealed, &context).is_none() {
                let detail = "does not open with the patient's key: someone without it wrote this".to_owned();
                self.problem(ProblemKind::Changed, patient, Some(event.seq), id, detail);
            }
        }
        if event.gid <= chart.gid {
            let detail = "has an earlier place in the whole log than the event before it".to_owned();
            self.problem(ProblemKind::Reordered, patient, Some(event.seq), id, detail);
        }
        if event.recorded_at_ms < chart.recorded_at_ms {
            self.report.clock_steps_back += 1;
        }
        chart.next = event.seq + 1;
        chart.last = event.hash;
        chart.last_id = id;
        chart.gid = event.gid;
        chart.recorded_at_ms = event.recorded_at_ms;
    }

    /// The position for which the row's hash is right, if there is one: then the row was moved, not changed.
    fn other_place(&self, chart: &Walk, event: &RawEvent) -> Option<u64> {
        let head = chart.registered.as_ref().map_or(event.seq, |row| row.seq);
        (1..=head.max(event.seq) + 1).find(|seq| event.hash_at(*seq) == event.hash)
    }

    fn finish(&mut self, chart: &Walk) {
        let (patient, last) = (chart.patient, chart.next - 1);
        let Some(row) = &chart.registered else {
            let detail = format!("{last} events belong to no registered patient");
            self.problem(ProblemKind::Orphan, patient, None, None, detail);
            return;
        };
        if last < row.seq {
            let gone = row.seq - last;
            self.missing_by_chart += gone;
            let detail = format!("the end of the chart is gone: {gone} of {} events", row.seq);
            self.problem(ProblemKind::Missing, patient, Some(chart.next), None, detail);
            let detail = format!("the head names event {}, the log ends at {last}", row.seq);
            self.problem(ProblemKind::HeadMismatch, patient, Some(row.seq), None, detail);
        } else if last > row.seq || chart.last != row.hash {
            let detail = format!("the head names event {} with another hash than the log's last, {last}", row.seq);
            self.problem(ProblemKind::HeadMismatch, patient, Some(last), chart.last_id, detail);
        }
    }

    /// Walks the whole log in the order of recording. This is what notices that a whole chart is gone with its row.
    fn order_of_log(&mut self, connection: &Connection) -> Result<(), rusqlite::Error> {
        let mut statement = connection.prepare("SELECT gid, hash FROM chart_event ORDER BY gid")?;
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
        if missing > self.missing_by_chart {
            let unexplained = missing - self.missing_by_chart;
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

    fn step(&mut self) {
        self.done += 1;
        if self.done.is_multiple_of(1000) {
            let total = self.report.head.gid.saturating_mul(2);
            (self.progress)(VerifyProgress { done: self.done, total });
        }
    }

    fn problem(&mut self, kind: ProblemKind, patient: Uuid, seq: Option<u64>, event_id: Option<Uuid>, detail: String) {
        self.report.problems.push(Problem { kind, patient: Some(patient), seq, event_id, detail });
    }

    fn whole_log(&mut self, kind: ProblemKind, detail: String) {
        self.report.problems.push(Problem { kind, patient: None, seq: None, event_id: None, detail });
    }
}

/// Where the walk through one chart has come to.
struct Walk {
    patient: Uuid,
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
