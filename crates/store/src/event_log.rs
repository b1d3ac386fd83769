//! The log as callers see it: what they hand in, what they get back, and what an engine has to do.

use uuid::Uuid;

use crate::error::{AppendError, ReadError, VerifyError, WriteError};
use crate::heads::{Head, LogHead};
use crate::stream::{StreamId, StreamKind};
use crate::verification::{VerifyProgress, VerifyReport};

/// Whoever asks to be told of appends.
pub type CommitListener = Box<dyn Fn(&Committed) + Send + Sync>;

/// An append-only log, kept by stream, with an index row for each stream.
pub trait EventLog: Send + Sync {
    /// Records events. They are durable when this returns `Ok`.
    ///
    /// A batch whose ids are all recorded in this stream already is answered with where they are, and
    /// `duplicate: true`, whatever `expected_seq` says.
    ///
    /// # Errors
    /// [`AppendError`] says whether somebody else wrote first; nothing is half-written.
    fn append(&self, append: Append) -> Result<Appended, AppendError>;

    /// Replaces a stream's index row and records nothing: after a look that changed nothing, or when a later version makes
    /// another row of the same events. Listeners are not told.
    ///
    /// # Errors
    /// [`AppendError::Conflict`] when the stream does not end at `expected_seq`; [`AppendError::NothingToRecord`] when there is
    /// no such stream.
    fn rewrite_index(&self, stream: StreamId, expected_seq: u64, index: IndexRow) -> Result<(), AppendError>;

    /// The events of a stream whose `seq` is `from_seq` or more (0 and 1 both mean all), in order.
    ///
    /// Checks the chain of what it reads, from the event before to the head. A stream nobody has heard of has no events.
    ///
    /// # Errors
    /// When the stream was erased, is not as it was recorded, or cannot be read.
    fn load(&self, stream: StreamId, from_seq: u64) -> Result<Vec<StoredEvent>, ReadError>;

    /// Where a stream ends; `None` if there is none.
    ///
    /// # Errors
    /// When it cannot be read.
    fn head(&self, stream: StreamId) -> Result<Option<Head>, ReadError>;

    /// Where the whole log ends.
    ///
    /// # Errors
    /// When it cannot be read, or was not written by this installation.
    fn log_head(&self) -> Result<LogHead, ReadError>;

    /// The index row of every stream of a kind, summaries opened, in the order of their ids.
    ///
    /// # Errors
    /// When a row cannot be read.
    fn rows(&self, kind: StreamKind) -> Result<Vec<StreamRow>, ReadError>;

    /// Hands over the index row of every stream of a kind without its alerts, summaries opened, one after the other: for a
    /// walk over many streams that holds one at a time.
    ///
    /// # Errors
    /// When a row cannot be read.
    fn each_row(&self, kind: StreamKind, each: &mut dyn FnMut(StreamRow)) -> Result<(), ReadError>;

    /// The index rows of a kind, without their alerts, that another version of the fold wrote. Erased streams are not among
    /// them: there is nothing left to fold.
    ///
    /// # Errors
    /// When a row cannot be read.
    fn outdated_rows(&self, kind: StreamKind, fold_version: &str) -> Result<Vec<StreamRow>, ReadError>;

    /// The streams of a kind. Nothing is opened, so that a walk over many streams holds little in memory.
    ///
    /// # Errors
    /// When a row cannot be read.
    fn streams(&self, kind: StreamKind) -> Result<Streams, ReadError>;

    /// Every open alert of every stream, most urgent level first, then oldest first.
    ///
    /// # Errors
    /// When a row cannot be read.
    fn alerts(&self) -> Result<Vec<(StreamId, AlertRow)>, ReadError>;

    /// Streams of a kind whose next look is at `until_ms` or before, the longest overdue first, at most `limit`.
    ///
    /// # Errors
    /// When a row cannot be read.
    fn due(&self, kind: StreamKind, until_ms: i64, limit: usize) -> Result<Vec<StreamId>, ReadError>;

    /// Events that carry an act's id while no other stream holds an event of the same act, in the order of the log.
    ///
    /// An act that touches two streams is two appends. Between them, and after a crash between them, its first half stands
    /// here: a sweeper that lets a moment pass completes the act, or reports it.
    ///
    /// # Errors
    /// When a row cannot be read.
    fn halves(&self) -> Result<Vec<Half>, ReadError>;

    /// Destroys the stream's data key and what the index tables hold about it. Cannot be undone; doing it again keeps the
    /// first time. With a patient go their account, sessions, links and drafts.
    ///
    /// Backups made before still hold the wrapped key; the operator has to replace them.
    ///
    /// # Errors
    /// When there is no such stream, or the row cannot be written.
    fn erase(&self, stream: StreamId, at_ms: i64) -> Result<(), WriteError>;

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

/// Events for one stream, to be recorded together or not at all.
#[derive(Debug, Clone)]
pub struct Append {
    /// Whose log they belong in.
    pub stream: StreamId,
    /// The head `seq` that the events were decided against; 0 for a stream that has none yet.
    pub expected_seq: u64,
    /// What happened, in order; at least one. Replacing the index row alone is [`EventLog::rewrite_index`].
    pub events: Vec<NewEvent>,
    /// What lists and the ticker need to know afterwards.
    pub index: IndexRow,
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
    /// The act that it is one half of, where one act touches two streams: both halves carry the same id. Not sealed.
    pub act_id: Option<Uuid>,
    /// In clear; the store seals it.
    pub payload: Vec<u8>,
}

/// The index row of one stream, replaced by every append.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IndexRow {
    /// Whatever lists show, in clear; the store seals it with the stream's key.
    pub summary: Vec<u8>,
    /// When time alone may next change something in this stream. Not sealed.
    pub next_look_at_ms: Option<i64>,
    /// The alerts that are open. Not sealed.
    pub alerts: Vec<AlertRow>,
    /// Which version of the fold made this row, in the caller's words: a row of another version is outdated. Not sealed.
    pub fold_version: String,
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
    /// The position of each event in its stream, in the order they were given.
    pub seqs: Vec<u64>,
    /// The position of each event in the whole log.
    pub gids: Vec<u64>,
    /// True if all of them had been recorded by an earlier append; nothing was written this time.
    pub duplicate: bool,
}

/// One event as it was recorded, opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEvent {
    /// Whose log it is in.
    pub stream: StreamId,
    /// Position in the stream, from 1.
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
    /// The act that it is one half of.
    pub act_id: Option<Uuid>,
    /// In clear.
    pub payload: Vec<u8>,
    /// The link of the chain that this event is.
    pub hash: [u8; 32],
}

/// One stream as lists see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamRow {
    /// Whose row it is.
    pub stream: StreamId,
    /// The stream's head.
    pub seq: u64,
    /// Opened; `None` after an erasure.
    pub summary: Option<Vec<u8>>,
    /// When the ticker should look again.
    pub next_look_at_ms: Option<i64>,
    /// Open alerts, most urgent level first.
    pub alerts: Vec<AlertRow>,
    /// Which version of the fold made this row.
    pub fold_version: String,
    /// Whether the key has been destroyed.
    pub erased: bool,
}

/// The streams of one kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Streams {
    /// Those that can be opened, in the order of their ids.
    pub open: Vec<StreamId>,
    /// How many were erased.
    pub erased: usize,
}

/// An event whose act has no event in another stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Half {
    /// The act.
    pub act_id: Uuid,
    /// The stream that has its half.
    pub stream: StreamId,
    /// Where in that stream.
    pub seq: u64,
    /// Which event.
    pub event_id: Uuid,
    /// The stored name of what happened.
    pub kind: String,
    /// When it was recorded; a half that is a moment old may still be waiting for its other half.
    pub recorded_at_ms: i64,
}

/// Events that have become durable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Committed {
    /// Which stream grew.
    pub stream: StreamId,
    /// Its new head.
    pub seq: u64,
    /// The last event's position in the whole log; the cursor for whoever follows it.
    pub gid: u64,
    /// What happened, by stored name, in order.
    pub kinds: Vec<String>,
}
