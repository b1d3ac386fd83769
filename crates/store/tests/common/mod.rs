//! A folder that is removed again, and shorthand.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use stillwater_store::{DATABASE_FILE, Options, SqliteStore, Store, StreamId, StreamKind, Uuid};

pub const ADA: StreamId = StreamId::patient(Uuid::from_u128(0xADA));
/// The drug cabinet that happens to have Ada's id.
pub const CABINET: StreamId = StreamId::new(StreamKind::Cabinet, ADA.id);
pub const BEN: StreamId = StreamId::patient(Uuid::from_u128(0xBE2));

pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("stillwater-store-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
    pub fn path(&self) -> &Path {
        &self.0
    }
    pub fn database(&self) -> PathBuf {
        self.0.join(DATABASE_FILE)
    }
    pub fn open(&self) -> Store {
        Store::over(self.engine())
    }
    /// The engine itself, for what only SQLite can do.
    pub fn engine(&self) -> SqliteStore {
        SqliteStore::open(&self.0, Options::default()).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
