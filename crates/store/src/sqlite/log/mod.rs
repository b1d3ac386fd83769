//! The log in its tables: appending, reading back, and the index row of each stream.

pub mod append;
pub mod index;
pub mod read;
