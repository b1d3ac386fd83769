//! A clinic in a folder of its own, for tests of pages: a real store, a clock that is moved by hand.

#![allow(dead_code, clippy::unwrap_used, missing_docs)]

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use stillwater_server::app::{App, Clinic};
use stillwater_server::clock::FixedClock;
use stillwater_store::{Options, Store};

/// A folder that is removed when the test ends.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Self {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("stillwater-server-{}-{number}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Opens the clinic of a folder; again after a restart.
pub fn open(folder: &Folder, clock: Arc<FixedClock>, clinic: Clinic) -> App {
    let store = Store::open(&folder.0, Options::default()).unwrap();
    App::over(store, clock, clinic).unwrap()
}
