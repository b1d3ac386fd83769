//! The embedded engine: one SQLite file in a folder, one thread that writes, a few connections that read.

mod backup;
mod columns;
mod erase;
mod error;
mod folder;
mod key_file;
mod log;
mod pool;
mod private_file;
mod schema;
mod store;
mod tables;
mod verify;
mod writer;

pub use backup::{BackupOptions, BackupReport, CopyProgress, RestoreReport, backup_folder, restore};
pub use folder::{DATABASE_FILE, KEY_FILE, LOCK_FILE};
pub use store::{Options, SqliteStore};
pub use verify::verify_file;
