//! What a check of the log reports.

use uuid::Uuid;

use crate::heads::LogHead;
use crate::stream::StreamId;

/// What kind of thing is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ProblemKind {
    /// A row is not what was recorded.
    Changed,
    /// A row, the end of a stream, or a whole stream is gone.
    Missing,
    /// A row stands in another place than the one it was written for.
    Reordered,
    /// A head and the log disagree.
    HeadMismatch,
    /// Rows that belong to no stream, or to one of a kind that this version does not know.
    Orphan,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What kind.
    pub kind: ProblemKind,
    /// In which stream, if that can be told.
    pub stream: Option<StreamId>,
    /// At which position, if it is about one.
    pub seq: Option<u64>,
    /// Which event, if its row is there.
    pub event_id: Option<Uuid>,
    /// In words.
    pub detail: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.stream {
            Some(stream) => write!(f, "{stream}")?,
            None => write!(f, "the whole log")?,
        }
        if let Some(seq) = self.seq {
            write!(f, ", event {seq}")?;
        }
        if let Some(id) = self.event_id {
            write!(f, " ({id})")?;
        }
        write!(f, ": {}", self.detail)
    }
}

/// How far a check has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerifyProgress {
    /// Rows looked at.
    pub done: u64,
    /// Rows that the log's head says there are. Each is looked at twice: by stream, and in the order of the log.
    pub total: u64,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifyReport {
    /// Rows in the log.
    pub events: u64,
    /// Streams.
    pub streams: u64,
    /// Streams whose key has been destroyed.
    pub erased: u64,
    /// The log's head, to be noted elsewhere: an older copy of the file, put back in its place, shows only there.
    pub head: LogHead,
    /// Whether the key was at hand, so that payloads and head were authenticated too.
    pub with_key: bool,
    /// Times at which a stream's clock went backwards. A server's clock set right does that; it is no tampering.
    pub clock_steps_back: u64,
    /// What is wrong. Empty means: everything checked is as it was recorded.
    pub problems: Vec<Problem>,
}

impl VerifyReport {
    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.problems.is_empty()
    }
}
