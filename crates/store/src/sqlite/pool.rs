//! A few read connections, handed out one at a time.
//!
//! Readers never wait for the writer (WAL); they wait here for each other when all connections are out.

use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, PoisonError};

use rusqlite::Connection;

use crate::sqlite::schema;

/// The connections at rest, and how many exist.
pub struct ReadPool {
    path: PathBuf,
    limit: usize,
    state: Mutex<State>,
    returned: Condvar,
}

struct State {
    idle: Vec<Connection>,
    open: usize,
}

impl ReadPool {
    /// An empty pool that opens up to `limit` connections as they are asked for.
    pub fn new(path: &Path, limit: usize) -> Self {
        Self {
            path: path.to_path_buf(),
            limit: limit.max(1),
            state: Mutex::new(State { idle: Vec::new(), open: 0 }),
            returned: Condvar::new(),
        }
    }

    /// Runs `read` inside one read transaction, so that everything it sees is from the same moment.
    pub fn read<T, E: From<rusqlite::Error>>(&self, read: impl FnOnce(&Connection) -> Result<T, E>) -> Result<T, E> {
        let mut lease = self.lease()?;
        let Some(connection) = lease.connection.as_mut() else {
            return Err(rusqlite::Error::InvalidQuery.into());
        };
        let transaction = connection.transaction()?;
        let answer = read(&transaction)?;
        transaction.finish()?;
        Ok(answer)
    }

    fn lease(&self) -> Result<Lease<'_>, rusqlite::Error> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(connection) = state.idle.pop() {
                return Ok(Lease { pool: self, connection: Some(connection) });
            }
            if state.open < self.limit {
                state.open += 1;
                drop(state);
                // The place is taken before opening; the lease gives it back if opening fails.
                let mut lease = Lease { pool: self, connection: None };
                lease.connection = Some(schema::reader(&self.path)?);
                return Ok(lease);
            }
            state = self.returned.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

struct Lease<'a> {
    pool: &'a ReadPool,
    connection: Option<Connection>,
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        let mut state = self.pool.state.lock().unwrap_or_else(PoisonError::into_inner);
        match self.connection.take() {
            Some(connection) => state.idle.push(connection),
            None => state.open -= 1,
        }
        drop(state);
        self.pool.returned.notify_one();
    }
}
