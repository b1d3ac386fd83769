//! The engine itself: one writer and a few readers over one file.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel};

use rusqlite::Connection;

use super::{erase, schema};
use crate::error::{AppendError, BackupError, Failure, OpenError, ReadError, VerifyError, WriteError};
use crate::event_log::{
    AlertRow, Append, Appended, CommitListener, EventLog, Half, IndexRow, StoredEvent, StreamRow, Streams,
};
use crate::heads::{Head, LogHead};
use crate::seal::Keys;
use crate::sqlite::backup::{self, BackupOptions, BackupReport, CopyProgress};
use crate::sqlite::folder::{DATABASE_FILE, FolderLock, KEY_FILE};
use crate::sqlite::key_file::{create_key_file, read_key_file};
use crate::sqlite::log::append::AppendWork;
use crate::sqlite::log::{index, read};
use crate::sqlite::pool::ReadPool;
use crate::sqlite::private_file::write_private;
use crate::sqlite::verify;
use crate::sqlite::writer::{Listeners, Memory, Work, WorkOutcome, Writer};
use crate::stream::{StreamId, StreamKind};
use crate::verification::{VerifyProgress, VerifyReport};

/// How to open a store.
#[derive(Debug, Clone)]
pub struct Options {
    /// How many reads may run at once.
    pub readers: usize,
    /// A ceiling on the file's size, in pages of 4 KiB; `None` leaves it to the disk.
    pub max_pages: Option<u32>,
    /// Whether to look through the file's structure on opening. Takes about a second for each gigabyte.
    pub check_on_open: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { readers: 4, max_pages: None, check_on_open: true }
    }
}

/// An open folder. Clones share it; the last one closes it.
#[derive(Clone)]
pub struct SqliteStore(Arc<Inner>);

struct Inner {
    // Dropped in this order: the writer finishes its queue, the readers close, and only then the lock goes.
    writer: Writer,
    pool: ReadPool,
    listeners: Listeners,
    keys: Keys,
    folder: PathBuf,
    lost_later: Arc<AtomicU64>,
    _lock: FolderLock,
}

impl std::fmt::Debug for SqliteStore {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("SqliteStore").field("folder", &self.0.folder).finish_non_exhaustive()
    }
}

impl SqliteStore {
    /// Opens the store in `folder`, making folder, key and database if there are none yet.
    ///
    /// A key is only ever made for a database that does not exist: one that has lost its key is refused.
    pub fn open(folder: &Path, options: Options) -> Result<Self, OpenError> {
        std::fs::create_dir_all(folder).map_err(|error| Failure::file(folder, &error))?;
        let lock = FolderLock::take(folder)?;
        let path = folder.join(DATABASE_FILE);
        let key_path = folder.join(KEY_FILE);
        let keys = if exists(&key_path)? {
            read_key_file(&key_path)?
        } else if exists(&path)? {
            return Err(OpenError::KeyMissing { path: key_path });
        } else {
            let keys = create_key_file(&key_path)?;
            // Kinds and times of events are not sealed, so the file is as private as the key from the start.
            write_private(&path, &[])?;
            keys
        };
        let explain = |error| schema::explain(&path, error);
        let mut connection = schema::writer(&path).map_err(explain)?;
        schema::migrate(&mut connection, &path, &key_path, &keys)?;
        if options.check_on_open {
            schema::quick_check(&connection, &path)?;
        }
        if let Some(pages) = options.max_pages {
            limit_pages(&connection, pages).map_err(explain)?;
        }
        let listeners = Listeners::default();
        let writer = Writer::start(connection, keys.clone(), listeners.clone())?;
        let pool = ReadPool::new(&path, options.readers);
        let folder = folder.to_path_buf();
        let lost_later = Arc::new(AtomicU64::new(0));
        Ok(Self(Arc::new(Inner { writer, pool, listeners, keys, folder, lost_later, _lock: lock })))
    }

    /// The folder that this store lives in.
    pub fn folder(&self) -> &Path {
        &self.0.folder
    }

    /// Makes a checked copy of the database while the store is in use.
    pub fn backup(
        &self,
        to: &Path,
        options: BackupOptions,
        progress: &mut dyn FnMut(CopyProgress),
    ) -> Result<BackupReport, BackupError> {
        backup::backup_folder(&self.0.folder, to, options, progress)
    }

    /// Moves the ceiling on the file's size, in pages of 4 KiB. It cannot go below what is in use.
    pub fn set_max_pages(&self, pages: u32) -> Result<(), WriteError> {
        self.write(move |connection, _| Ok(limit_pages(connection, pages)?))
    }

    /// The size of the file in pages.
    pub fn pages(&self) -> Result<u32, ReadError> {
        self.read(|connection| Ok(connection.pragma_query_value(None, "page_count", |row| row.get(0))?))
    }

    pub(crate) fn keys(&self) -> &Keys {
        &self.0.keys
    }

    pub(crate) fn read<T, E: From<rusqlite::Error>>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        self.0.pool.read(read)
    }

    /// Runs a change in the writer's next transaction and waits until it is durable.
    pub(crate) fn write<T: Send + 'static>(
        &self,
        mut change: impl FnMut(&Connection, &Keys) -> Result<T, WriteError> + Send + 'static,
    ) -> Result<T, WriteError> {
        self.write_with_memory(move |connection, memory| change(connection, &memory.keys))
    }

    fn write_with_memory<T: Send + 'static>(
        &self,
        change: impl FnMut(&Connection, &mut Memory) -> Result<T, WriteError> + Send + 'static,
    ) -> Result<T, WriteError> {
        let (answer, answered) = channel();
        self.0.writer.send(Box::new(Change { change, answer, result: None }))?;
        answered.recv().unwrap_or(Err(WriteError::Failure(Failure::Closed)))
    }

    /// Queues a change and does not wait. A failure is counted.
    pub(crate) fn write_later(
        &self,
        change: impl FnMut(&Connection, &Keys) -> Result<(), WriteError> + Send + 'static,
    ) -> Result<(), WriteError> {
        let lost = Arc::clone(&self.0.lost_later);
        Ok(self.0.writer.send(Box::new(Unattended { change, lost, done: false }))?)
    }

    /// How many changes given to `write_later` were not made since the store was opened.
    pub(crate) fn lost_later(&self) -> u64 {
        self.0.lost_later.load(Ordering::Relaxed)
    }

    fn checkpoint(&self) -> Result<(), WriteError> {
        let path = self.0.folder.join(DATABASE_FILE);
        let connection = schema::writer(&path)?;
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }
}

impl EventLog for SqliteStore {
    fn append(&self, append: Append) -> Result<Appended, AppendError> {
        let (answer, answered) = channel();
        self.0.writer.send(Box::new(AppendWork::new(append, answer)))?;
        answered.recv().unwrap_or(Err(AppendError::Failure(Failure::Closed)))
    }

    fn rewrite_index(&self, stream: StreamId, expected_seq: u64, index: IndexRow) -> Result<(), AppendError> {
        let (answer, answered) = channel();
        self.0.writer.send(Box::new(AppendWork::of_index_alone(stream, expected_seq, index, answer)))?;
        answered.recv().unwrap_or(Err(AppendError::Failure(Failure::Closed))).map(|_| ())
    }

    fn load(&self, stream: StreamId, from_seq: u64) -> Result<Vec<StoredEvent>, ReadError> {
        self.read(|connection| read::load(connection, &self.0.keys, stream, from_seq))
    }

    fn head(&self, stream: StreamId) -> Result<Option<Head>, ReadError> {
        self.read(|connection| read::head(connection, stream))
    }

    fn log_head(&self) -> Result<LogHead, ReadError> {
        self.read(|connection| Ok(read::read_own_log_head(connection, &self.0.keys)?))
    }

    fn rows(&self, kind: StreamKind) -> Result<Vec<StreamRow>, ReadError> {
        self.read(|connection| index::rows(connection, &self.0.keys, kind))
    }

    fn each_row(&self, kind: StreamKind, each: &mut dyn FnMut(StreamRow)) -> Result<(), ReadError> {
        self.read(|connection| index::each(connection, &self.0.keys, kind, each))
    }

    fn outdated_rows(&self, kind: StreamKind, fold_version: &str) -> Result<Vec<StreamRow>, ReadError> {
        self.read(|connection| index::outdated(connection, &self.0.keys, kind, fold_version))
    }

    fn streams(&self, kind: StreamKind) -> Result<Streams, ReadError> {
        self.read(|connection| read::streams(connection, kind))
    }

    fn alerts(&self) -> Result<Vec<(StreamId, AlertRow)>, ReadError> {
        self.read(index::alerts)
    }

    fn due(&self, kind: StreamKind, until_ms: i64, limit: usize) -> Result<Vec<StreamId>, ReadError> {
        self.read(|connection| index::due(connection, kind, until_ms, limit))
    }

    fn halves(&self) -> Result<Vec<Half>, ReadError> {
        self.read(read::halves)
    }

    fn erase(&self, stream: StreamId, at_ms: i64) -> Result<(), WriteError> {
        self.write_with_memory(move |connection, memory| erase::erase(connection, memory, stream, at_ms))?;
        // Copies the overwritten page from the write-ahead log into the file, and empties the log. Readers that
        // are busy just now can delay that until the next checkpoint; the key is gone from every later read anyway.
        self.checkpoint()
    }

    fn on_commit(&self, listener: CommitListener) {
        self.0.listeners.add(listener);
    }

    fn verify(&self, progress: &mut dyn FnMut(VerifyProgress)) -> Result<VerifyReport, VerifyError> {
        verify::verify_with_keys(&self.0.folder.join(DATABASE_FILE), &self.0.keys, progress)
    }
}

/// A change to an installation table in the writer's queue.
struct Change<T, F> {
    change: F,
    answer: Sender<Result<T, WriteError>>,
    result: Option<Result<T, WriteError>>,
}

impl<T, F> Work for Change<T, F>
where
    T: Send,
    F: FnMut(&Connection, &mut Memory) -> Result<T, WriteError> + Send,
{
    fn run(&mut self, connection: &Connection, memory: &mut Memory) -> WorkOutcome {
        let result = (self.change)(connection, memory);
        let outcome = match &result {
            Ok(_) => WorkOutcome::Keep,
            Err(WriteError::Failure(failure)) => WorkOutcome::Broken(failure.clone()),
            Err(_) => WorkOutcome::Undo,
        };
        self.result = Some(result);
        outcome
    }

    fn committed(self: Box<Self>) {
        let result = self.result.unwrap_or(Err(WriteError::Failure(Failure::Closed)));
        // Nobody may be waiting for it.
        drop(self.answer.send(result));
    }

    fn failed(self: Box<Self>, failure: Failure) {
        drop(self.answer.send(Err(failure.into())));
    }
}

/// A change that nobody waits for.
struct Unattended<F> {
    change: F,
    lost: Arc<AtomicU64>,
    done: bool,
}

impl<F> Work for Unattended<F>
where
    F: FnMut(&Connection, &Keys) -> Result<(), WriteError> + Send,
{
    fn run(&mut self, connection: &Connection, memory: &mut Memory) -> WorkOutcome {
        match (self.change)(connection, &memory.keys) {
            Ok(()) => {
                self.done = true;
                WorkOutcome::Keep
            }
            Err(WriteError::Failure(failure)) => WorkOutcome::Broken(failure),
            Err(_) => WorkOutcome::Undo,
        }
    }

    fn committed(self: Box<Self>) {
        if !self.done {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn failed(self: Box<Self>, _: Failure) {
        self.lost.fetch_add(1, Ordering::Relaxed);
    }
}

fn limit_pages(connection: &Connection, pages: u32) -> Result<(), rusqlite::Error> {
    connection.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))
}

fn exists(path: &Path) -> Result<bool, Failure> {
    path.try_exists().map_err(|error| Failure::file(path, &error))
}
