//! The one thread that writes.
//!
//! It takes what has queued up, at most 256 pieces of work, into one durable transaction, each piece inside a savepoint
//! of its own: a piece that fails takes nobody down with it, and a lone one never waits for company. Answers go out
//! only after the commit. If the commit fails, everyone in it is told, and what the writer remembered is forgotten.

use std::collections::HashMap;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use rusqlite::{Connection, TransactionBehavior};

use crate::error::Failure;
use crate::event_log::Committed;
use crate::heads::LogHead;
use crate::seal::{Keys, SealingKey};
use crate::stream::StreamId;

const BATCH: usize = 256;
const QUEUE: usize = 4096;
const REMEMBERED_STREAMS: usize = 20_000;

/// Something to be written.
pub trait Work: Send {
    /// Writes, inside a savepoint. May be called again if the transaction it was in was lost.
    fn run(&mut self, connection: &Connection, memory: &mut Memory) -> WorkOutcome;
    /// Called once it is durable.
    fn committed(self: Box<Self>);
    /// Called if the commit failed, in place of `committed`.
    fn failed(self: Box<Self>, failure: Failure);
    /// What to tell listeners once it is durable.
    fn change(&self) -> Option<Committed> {
        None
    }
}

/// What became of a piece of work inside its savepoint.
pub enum WorkOutcome {
    /// Keep what it wrote.
    Keep,
    /// Undo what it wrote; it keeps its own account of why, and answers through `committed`.
    Undo,
    /// The database could not do it. As `Undo`, but the whole transaction may have been lost with it.
    Broken(Failure),
}

/// What the writer remembers between appends, so that it need not read it back each time.
pub struct Memory {
    pub keys: Keys,
    pub log: Option<LogHead>,
    pub streams: HashMap<StreamId, StreamMemory>,
}

/// One stream's head and key.
#[derive(Clone)]
pub struct StreamMemory {
    pub seq: u64,
    pub hash: [u8; 32],
    /// `None` after an erasure.
    pub key: Option<SealingKey>,
}

impl Memory {
    fn forget(&mut self) {
        self.log = None;
        self.streams.clear();
    }
}

type Listener = Box<dyn Fn(&Committed) + Send + Sync>;

/// Those who asked to be told.
#[derive(Clone, Default)]
pub struct Listeners(Arc<Mutex<Vec<Listener>>>);

impl Listeners {
    /// Adds one.
    pub fn add(&self, listener: Listener) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(listener);
    }

    fn notify(&self, change: &Committed) {
        let listeners = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for listener in listeners.iter() {
            // A listener that panics must not stop charting; the panic hook has already reported it.
            let heard = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| listener(change)));
            drop(heard);
        }
    }
}

/// The queue to the thread.
pub struct Writer {
    queue: Option<SyncSender<Box<dyn Work>>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread.
    pub fn start(connection: Connection, keys: Keys, listeners: Listeners) -> Result<Self, Failure> {
        let (queue, work) = sync_channel(QUEUE);
        let memory = Memory { keys, log: None, streams: HashMap::new() };
        let thread = std::thread::Builder::new()
            .name("stillwater-writer".to_owned())
            .spawn(move || run(connection, &work, memory, &listeners))
            .map_err(|error| Failure::Database(format!("the writer thread did not start: {error}")))?;
        Ok(Self { queue: Some(queue), thread: Some(thread) })
    }

    /// Queues a piece of work; waits if the queue is full.
    pub fn send(&self, work: Box<dyn Work>) -> Result<(), Failure> {
        let queue = self.queue.as_ref().ok_or(Failure::Closed)?;
        queue.send(work).map_err(|_| Failure::Closed)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            // A listener that held the last handle runs on that very thread, which cannot wait for itself.
            if thread.thread().id() != std::thread::current().id() {
                // It ended or it panicked; either way there is nobody left to tell.
                drop(thread.join());
            }
        }
    }
}

fn run(mut connection: Connection, queue: &Receiver<Box<dyn Work>>, mut memory: Memory, listeners: &Listeners) {
    while let Ok(first) = queue.recv() {
        let mut batch = vec![first];
        while batch.len() < BATCH {
            match queue.try_recv() {
                Ok(work) => batch.push(work),
                Err(_) => break,
            }
        }
        if memory.streams.len() > REMEMBERED_STREAMS {
            memory.streams.clear();
        }
        write_batch(&mut connection, &mut memory, batch, listeners);
    }
}

fn write_batch(connection: &mut Connection, memory: &mut Memory, mut batch: Vec<Box<dyn Work>>, listeners: &Listeners) {
    match attempt(connection, memory, &mut batch) {
        Attempt::Durable => answer(batch, listeners),
        Attempt::CommitFailed(failure) => {
            memory.forget();
            for work in batch {
                work.failed(failure.clone());
            }
        }
        Attempt::Lost(failure) => {
            memory.forget();
            if batch.len() == 1 {
                for work in batch {
                    work.failed(failure.clone());
                }
                return;
            }
            // One piece of work lost the transaction for all of them. Singly, only that one fails again.
            for work in batch {
                write_batch(connection, memory, vec![work], listeners);
            }
        }
    }
}

fn answer(batch: Vec<Box<dyn Work>>, listeners: &Listeners) {
    for work in batch {
        if let Some(change) = work.change() {
            listeners.notify(&change);
        }
        work.committed();
    }
}

enum Attempt {
    Durable,
    CommitFailed(Failure),
    Lost(Failure),
}

fn attempt(connection: &mut Connection, memory: &mut Memory, batch: &mut [Box<dyn Work>]) -> Attempt {
    let mut transaction = match connection.transaction_with_behavior(TransactionBehavior::Immediate) {
        Ok(transaction) => transaction,
        Err(error) => return Attempt::CommitFailed(error.into()),
    };
    for work in batch {
        let savepoint = match transaction.savepoint() {
            Ok(savepoint) => savepoint,
            Err(error) => return Attempt::Lost(error.into()),
        };
        let (kept, failure) = match work.run(&savepoint, memory) {
            WorkOutcome::Keep => (true, None),
            WorkOutcome::Undo => (false, None),
            WorkOutcome::Broken(failure) => (false, Some(failure)),
        };
        // SQLite gives up the whole transaction on some errors (a full disk among them), and then there is no
        // savepoint to go back to.
        if savepoint.is_autocommit() {
            let failure = failure.unwrap_or_else(|| Failure::Database("the transaction was lost".to_owned()));
            return Attempt::Lost(failure);
        }
        let ended = if kept { savepoint.commit() } else { savepoint.finish() };
        if let Err(error) = ended {
            return Attempt::Lost(error.into());
        }
        if !kept && failure.is_some() {
            // It may have changed the memory before it broke; the next piece of work reads afresh.
            memory.forget();
        }
    }
    match transaction.commit() {
        Ok(()) => Attempt::Durable,
        Err(error) => Attempt::CommitFailed(error.into()),
    }
}
