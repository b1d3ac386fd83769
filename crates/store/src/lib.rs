//! The append-only log and the tables beside it: what an engine has to do, and the embedded engine that does it.
//!
//! What goes in is a stream (a patient's chart, today), the events decided for it, and the few facts that lists are made from.
//! The store seals the contents, chains the hashes, and makes the rows durable before it says so. It does not know what an
//! event means and no SQL exists outside this crate.
//!
//! Callers hold a [`Store`], a cheap handle that stands for its engine: the methods of [`EventLog`], [`Accounts`], [`Audit`],
//! [`Drafts`] and [`Settings`] are called on it. [`SqliteStore`] is the engine in one file; another engine is another folder,
//! and passes the same suite, the module `conformance`.
//!
//! The interface is synchronous: an asynchronous server calls it from a blocking thread.
//!
//! # What someone with the file and no key can and cannot do
//!
//! They **can** read: kinds and ids of streams, ids and kinds of events, ids of acts that touch two streams, times, sizes, alert
//! levels, who is signed in (their ids), who was looked at when (the audit's patient column), and how many there are of each.
//! They **cannot** read: payloads, summaries, accounts, names and roles of sessions, links, audit entries, drafts and settings,
//! which are sealed.
//!
//! They **can** destroy: delete rows, blank a data key, or delete the file. They **cannot** do so unseen:
//! [`verify_file`] recomputes every hash without a key and finds changed, missing and reordered rows, cut tails and
//! whole streams taken out. A patient and careful attacker could recompute *all* the hashes after the change, so
//! that the keyless check passes; [`EventLog::verify`], which holds the key, still finds that, because the head of the
//! whole log carries a MAC under the installation key and every payload is authenticated under a key they do not have.
//!
//! Neither check can tell an **older, complete copy of the file** put back in its place from the file itself. Against
//! that, note the head that each report prints (`gid` and hash) somewhere else, and compare: [`VerifyReport::head`].
//! Index rows (alerts, next look, summaries) can be rebuilt from the log and are not part of the chain.
//!
//! # Erasure
//!
//! [`EventLog::erase`] destroys the stream's data key and what the index tables hold about it. The sealed rows stay,
//! so the chain still verifies, and nobody can open them. Backups made before still hold the wrapped key: they have to
//! be destroyed or replaced too, and only the operator can do that.

mod accounts;
mod audit;
mod chain;
#[cfg(feature = "conformance")]
pub mod conformance;
mod drafts;
mod error;
mod event_log;
mod heads;
mod links;
mod seal;
mod settings;
mod sqlite;
mod store;
mod stream;
mod verification;
mod web_sessions;

pub use accounts::{Account, Accounts};
pub use audit::{Audit, AuditEntry, NewAuditEntry};
pub use drafts::{Draft, Drafts};
pub use error::{AppendError, BackupError, Failure, OpenError, ReadError, RestoreError, VerifyError, WriteError};
pub use event_log::{
    AlertRow, Append, Appended, CommitListener, Committed, EventLog, Half, IndexRow, NewEvent, StoredEvent, StreamRow,
    Streams,
};
pub use heads::{Head, LogHead};
pub use links::{Link, Links};
pub use settings::Settings;
pub use sqlite::{
    BackupOptions, BackupReport, CopyProgress, DATABASE_FILE, KEY_FILE, LOCK_FILE, Options, RestoreReport, SqliteStore,
    backup_folder, restore, verify_file,
};
pub use store::{Engine, Store};
pub use stream::{StreamId, StreamKind};
pub use verification::{Problem, ProblemKind, VerifyProgress, VerifyReport};
pub use web_sessions::{NewWebSession, SessionSubject, WebSession, WebSessions};

pub use uuid::Uuid;
