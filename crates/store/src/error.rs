//! What can go wrong, one enumeration per operation. Messages say what is wrong and what would be right.

use std::path::PathBuf;

use uuid::Uuid;

use crate::stream::StreamId;

/// A technical failure with its cause.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Failure {
    /// The database refused or could not do something.
    #[error("the database: {0}")]
    Database(String),
    /// The database file no longer makes sense.
    #[error(
        "the database file is damaged ({0}); restore from a backup, or run `stillwater verify` to see how far it goes"
    )]
    Damaged(String),
    /// The disk, or the limit set on the file's size, is full.
    #[error("the disk is full, or the database has reached its size limit; free some space and try again")]
    Full,
    /// A file could not be read or written.
    #[error("{path}: {message}")]
    File {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        message: String,
    },
    /// A sealed value does not open: it was changed, or sealed under another key.
    #[error("{0} does not open with this installation's key: it was changed, or belongs to another installation")]
    Sealed(String),
    /// A stored value has a shape that this version does not know.
    #[error("{0} is stored in a form that this version cannot read")]
    Shape(String),
    /// The system gave no randomness, so nothing can be sealed.
    #[error("the system has no randomness to give: {0}")]
    Randomness(String),
    /// The writer is no longer running.
    #[error("the store has been closed")]
    Closed,
}

impl Failure {
    pub(crate) fn file(path: &std::path::Path, error: &std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::StorageFull {
            return Self::Full;
        }
        Self::File { path: path.to_path_buf(), message: error.to_string() }
    }
}

/// Why a store could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has the folder.
    #[error("{folder} is in use by {}; stop that one first, or choose another folder",
        holder.map_or_else(|| "another process".to_owned(), |pid| format!("the process with id {pid}")))]
    Locked {
        /// Which folder.
        folder: PathBuf,
        /// The process id that the lock file names.
        holder: Option<u32>,
    },
    /// There is a database, and no key for it.
    #[error(
        "{path} is missing, and the database beside it cannot be opened without it; put back the key that belongs to this database (a new one would not open it)"
    )]
    KeyMissing {
        /// Where the key should be.
        path: PathBuf,
    },
    /// The key file is not a key.
    #[error(
        "{path} is not an installation key: it should hold 64 hexadecimal characters on one line; put back the right file"
    )]
    KeyMalformed {
        /// Which file.
        path: PathBuf,
    },
    /// Others can read the key.
    #[error(
        "{path} can be read by others (mode {mode:03o}); run `chmod 600` on it, and consider whether someone has copied it"
    )]
    KeyExposed {
        /// Which file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The key belongs to another database.
    #[error(
        "{path} is the key of another installation: it does not open this database; put back the key that belongs to it"
    )]
    WrongKey {
        /// Which file.
        path: PathBuf,
    },
    /// The file is SQLite, but not ours.
    #[error("{path} is a database, but not one of Stillwater's; choose another folder")]
    Foreign {
        /// Which file.
        path: PathBuf,
    },
    /// A later version wrote the file.
    #[error(
        "{path} was written by a later version of Stillwater (its format is {found}, this version knows up to {known}); use that version"
    )]
    Newer {
        /// Which file.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// The last that we know.
        known: i64,
    },
    /// A version from before the form of the log was fixed wrote the file.
    #[error(
        "{path} was written by an earlier version of Stillwater (its format is {found}, this version opens {oldest} and later); use that version, or choose another folder"
    )]
    Older {
        /// Which file.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// The first that we know.
        oldest: i64,
    },
    /// The file is damaged.
    #[error(
        "{path} is damaged ({detail}); restore from a backup with `stillwater restore`, or run `stillwater verify` to see how far the damage goes"
    )]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What was seen.
        detail: String,
    },
    /// Anything technical.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Why an append recorded nothing.
#[derive(Debug, Clone, thiserror::Error)]
pub enum AppendError {
    /// Someone else wrote first: load, decide again, and append to the new head.
    #[error("the chart is at {actual} and the events were decided against {expected}; load it and decide again")]
    Conflict {
        /// What the caller had decided against.
        expected: u64,
        /// Where the chart is.
        actual: u64,
    },
    /// An event id has already been used for something else: another stream, another kind, another act, or beside new ids.
    #[error(
        "event id {event_id} is already recorded for something else; a new event needs a new id, and a repeat has to be the same batch"
    )]
    IdReused {
        /// The id.
        event_id: Uuid,
    },
    /// No events, or an index row for a stream that does not exist.
    #[error("a new chart needs at least one event")]
    NothingToRecord,
    /// The disk is full; nothing was written.
    #[error("the disk is full, or the database has reached its size limit; nothing was recorded")]
    Full,
    /// The stream's key has been destroyed; nothing can be added.
    #[error("this chart was erased; nothing can be added to it")]
    Erased,
    /// Anything technical. If it came from the commit itself, send the same ids again to learn the outcome.
    #[error(transparent)]
    Failure(Failure),
}

impl From<Failure> for AppendError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Full => Self::Full,
            other => Self::Failure(other),
        }
    }
}

/// Why something could not be read.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ReadError {
    /// The stream's key has been destroyed.
    #[error("this chart was erased; it cannot be opened any more")]
    Erased,
    /// The log does not agree with its own chain.
    #[error("{} is not as it was recorded: event {seq} {detail}; run `stillwater verify`", stream.described())]
    Broken {
        /// Whose log.
        stream: StreamId,
        /// Which position.
        seq: u64,
        /// The event's id, if there is a row.
        event_id: Option<Uuid>,
        /// What is wrong with it.
        detail: String,
    },
    /// Anything technical.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Why a change to an installation table was not made.
#[derive(Debug, Clone, thiserror::Error)]
pub enum WriteError {
    /// There is no such row.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// The row would be a second one where only one is allowed.
    #[error("there is already one with this {0}")]
    Taken(&'static str),
    /// Anything technical.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Why a check could not be finished. What the check *finds* is in its report.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// There is no such file.
    #[error("there is no database at {path}")]
    NoFile {
        /// Where.
        path: PathBuf,
    },
    /// The file is not ours, or another version's.
    #[error("{path} is not a Stillwater database that this version can check (format {found})")]
    Unknown {
        /// Which file.
        path: PathBuf,
        /// Its format number.
        found: i64,
    },
    /// The file cannot be read through.
    #[error("{path} is damaged and cannot be read through ({detail}); restore from a backup")]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What was seen.
        detail: String,
    },
    /// Anything technical.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Why there is no backup.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A backup never overwrites.
    #[error("{path} exists; a backup never overwrites, choose another name")]
    Exists {
        /// Which file.
        path: PathBuf,
    },
    /// The copy was made and did not pass its checks. It has been removed.
    #[error("the copy did not pass its checks and was removed: {0}")]
    CopyFailedChecks(String),
    /// The copy could not be checked.
    #[error(transparent)]
    Verify(#[from] VerifyError),
    /// Anything technical.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Why nothing was restored.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// The folder holds something.
    #[error("{folder} is not empty; restore into a new or empty folder, and then point Stillwater at it")]
    NotEmpty {
        /// Which folder.
        folder: PathBuf,
    },
    /// The backup did not pass its checks.
    #[error("{path} did not pass its checks and was not restored: {detail}")]
    BackupFailedChecks {
        /// Which backup.
        path: PathBuf,
        /// What is wrong with it.
        detail: String,
    },
    /// The backup could not be checked.
    #[error(transparent)]
    Verify(#[from] VerifyError),
    /// The key offered is unusable.
    #[error(transparent)]
    Key(#[from] OpenError),
    /// Anything technical.
    #[error(transparent)]
    Failure(#[from] Failure),
}
