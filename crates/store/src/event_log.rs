//! The log of charts as callers see it: what they hand in, what they get back, and what an engine has to do.

use uuid::Uuid;

use crate::error::{AppendError, ReadError, VerifyError, WriteError};
use crate::verification::{VerifyProgress, VerifyReport};

/// Whoever asks to be told of appends.
pub type CommitListener = Box<dyn Fn(&Committed) + Send + Sync>;

/// An append-only log, kept by chart, with an index row for each chart.
pub trait EventLog: Send + Sync {
    /// Records events. They are durable when this returns `Ok`.
    ///
    /// A batch whose ids are all recorded for this patient already is answered with where they are, and
    /// `duplicate: true`, whatever `expected_seq` says.
    ///
    /// # Errors
    /// [`AppendError`] says whether somebody else wrote first; nothing is half-written.
    fn append(&self, append: Append) -> Result<Appended, AppendError>;

    /// The events of a chart whose `seq` is `from_seq` or more (0 and 1 both mean all), in order.
    ///
    /// Checks the chain of what it reads, from the event before to the head. A patient nobody has heard of has no events.
    ///
    /// # Errors
    /// When the chart was erased, is not as it was recorded, or cannot be read.
    fn load(&self, patient: Uuid, from_seq: u64) -> Result<Vec<StoredEvent>, ReadError>;

    /// Where a chart ends; `None` if there is none.
    ///
    /// # Errors
    /// When it cannot be read.
    fn head(&self, patient: Uuid) -> Result<Option<Head>, ReadError>;

    /// Where the whole log ends.
    ///
    /// # Errors
    /// When it cannot be read, or was not written by this installation.
    fn log_head(&self) -> Result<LogHead, ReadError>;

    /// Every patient's index row, summaries opened, in the order of their ids.
    ///
    /// # Errors
    /// When a row cannot be read.
    fn patients(&self) -> Result<Vec<PatientRow>, ReadError>;

    /// Hands over every patient's index row without its alerts, summaries opened, one after the other: for a walk over many
    /// patients that holds one at a time.
    ///
    /// # Errors
    /// When a row cannot be read.
    fn each_patient(&self, each: &mut dyn FnMut(PatientRow)) -> Result<(), ReadError>;

    /// The ids of every patient whose chart can be opened, in their order, and how many were erased. Nothing is opened, so
    /// that a walk over many charts holds little in memory.
    ///
    /// # Errors
    /// When a row cannot be read.
    fn people(&self) -> Result<(Vec<Uuid>, usize), ReadError>;

    /// Every open alert, most urgent level first, then oldest first.
    ///
    /// # Errors
    /// When a row cannot be read.
    fn alerts(&self) -> Result<Vec<(Uuid, AlertRow)>, ReadError>;

    /// Patients whose next look is at `until_ms` or before, the longest overdue first, at most `limit`.
    ///
    /// # Errors
    /// When a row cannot be read.
    fn due(&self, until_ms: i64, limit: usize) -> Result<Vec<Uuid>, ReadError>;

    /// Destroys the patient's data key and what the index tables hold about them. Cannot be undone; doing it again keeps the
    /// first time.
    ///
    /// Backups made before still hold the wrapped key; the operator has to replace them.
    ///
    /// # Errors
    /// When there is no such patient, or the row cannot be written.
    fn erase(&self, patient: Uuid, at_ms: i64) -> Result<(), WriteError>;

    /// Asks to be told of every append that became durable, in the order of the log.
    ///
    /// The listener runs on the writing thread before the appender gets its answer: it has to be quick, and must not
    /// append or write. It should not hold a [`crate::Store`] either, which would keep it open for ever.
    fn on_commit(&self, listener: CommitListener);

    /// Checks the whole log with the key: every hash, that every payload opens, and that the log's head and each erasure were
    /// written by this installation.
    ///
    /// # Errors
    /// When the check cannot be finished. What it finds is in the report.
    fn verify(&self, progress: &mut dyn FnMut(VerifyProgress)) -> Result<VerifyReport, VerifyError>;
}

/// Events for one patient, to be recorded together or not at all.
#[derive(Debug, Clone)]
pub struct Append {
    /// Whose chart it is.
    pub patient: Uuid,
    /// The head `seq` that the events were decided against; 0 for a chart that has none yet.
    pub expected_seq: u64,
    /// What happened, in order. May be empty for a chart that exists: then only the index row is replaced.
    pub events: Vec<NewEvent>,
    /// What lists and the ticker need to know afterwards.
    pub index: PatientIndex,
}

/// One event on its way into the log.
#[derive(Debug, Clone)]
pub struct NewEvent {
    /// Made by the client, so that sending twice records once.
    pub event_id: Uuid,
    /// The stored name of what happened. Not sealed.
    pub kind: String,
    /// The version of the payload's shape.
    pub version: u16,
    /// When the server recorded it, in milliseconds since 1970 UTC. Not sealed.
    pub recorded_at_ms: i64,
    /// In clear; the store seals it.
    pub payload: Vec<u8>,
}

/// The index row of one patient, replaced by every append.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PatientIndex {
    /// Whatever lists show, in clear; the store seals it with the patient's key.
    pub summary: Vec<u8>,
    /// When time alone may next change something for this patient. Not sealed.
    pub next_look_at_ms: Option<i64>,
    /// The alerts that are open. Not sealed.
    pub alerts: Vec<AlertRow>,
}

/// One open alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertRow {
    /// Which alert.
    pub alert_id: Uuid,
    /// How urgent; the meaning of the numbers is the caller's.
    pub level: u8,
    /// When it was raised.
    pub raised_at_ms: i64,
    /// Whether someone has taken it.
    pub owned: bool,
    /// When it goes further if nobody acts.
    pub next_step_at_ms: Option<i64>,
}

/// What an append recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appended {
    /// The position of each event in the patient's chart, in the order they were given.
    pub seqs: Vec<u64>,
    /// The position of each event in the whole log.
    pub gids: Vec<u64>,
    /// True if all of them had been recorded by an earlier append; nothing was written this time.
    pub duplicate: bool,
}

/// One event as it was recorded, opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEvent {
    /// Whose chart it is in.
    pub patient: Uuid,
    /// Position in the chart, from 1.
    pub seq: u64,
    /// Position in the whole log, from 1.
    pub gid: u64,
    /// The client's id.
    pub event_id: Uuid,
    /// The stored name of what happened.
    pub kind: String,
    /// The version of the payload's shape.
    pub version: u16,
    /// When it was recorded.
    pub recorded_at_ms: i64,
    /// In clear.
    pub payload: Vec<u8>,
    /// The link of the chain that this event is.
    pub hash: [u8; 32],
}

/// Where a patient's chart ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The last event's position.
    pub seq: u64,
    /// The last event's hash.
    pub hash: [u8; 32],
    /// Whether the key has been destroyed.
    pub erased: bool,
}

/// Where the whole log ends. Noted elsewhere, it shows later whether an older copy was put back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogHead {
    /// How many events have ever been recorded.
    pub gid: u64,
    /// The hash over all of them in order.
    pub hash: [u8; 32],
}

/// One patient as lists see them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatientRow {
    /// Whose row it is.
    pub patient: Uuid,
    /// The chart's head.
    pub seq: u64,
    /// Opened; `None` after an erasure.
    pub summary: Option<Vec<u8>>,
    /// When the ticker should look again.
    pub next_look_at_ms: Option<i64>,
    /// Open alerts, most urgent level first.
    pub alerts: Vec<AlertRow>,
    /// Whether the key has been destroyed.
    pub erased: bool,
}

/// News of something durable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Committed {
    /// Whose chart changed.
    pub patient: Uuid,
    /// Its new head.
    pub seq: u64,
    /// The last event's position in the whole log; the cursor for streams.
    pub gid: u64,
    /// What happened, by stored name, in order. Empty if only the index row changed.
    pub kinds: Vec<String>,
}
