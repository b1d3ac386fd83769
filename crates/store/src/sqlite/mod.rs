//! The embedded engine: one SQLite file in a folder, one thread that writes, a few connections that read.

pub mod backup;
pub mod erase;
pub mod folder;
pub mod log;
pub mod pool;
pub mod schema;
pub mod store;
pub mod tables;
pub mod verify;
pub mod writer;
