//! The installation's own tables: who may come in, by which link, what they looked at, what they left half-filled.
//!
//! Each is a small module of typed rows. Texts are sealed with the installation's key and bound to their row.

pub mod accounts;
pub mod audit;
pub mod drafts;
pub mod links;
pub mod settings;
pub mod web_sessions;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::Failure;
use crate::seal::Keys;

/// Seals a value as JSON.
fn seal_json(keys: &Keys, table: &str, row: &[u8], value: &impl Serialize) -> Result<Vec<u8>, Failure> {
    let json = serde_json::to_vec(value).map_err(|_| Failure::Shape(format!("a row of `{table}`")))?;
    keys.seal_cell(table, row, &json)
}

/// Opens a value that `seal_json` made.
fn open_json<T: DeserializeOwned>(keys: &Keys, table: &str, row: &[u8], sealed: &[u8]) -> Result<T, Failure> {
    let json = keys.open_cell(table, row, sealed)?;
    serde_json::from_slice(&json).map_err(|_| Failure::Shape(format!("a row of `{table}`")))
}

/// Opens a text.
fn open_text(keys: &Keys, table: &str, row: &[u8], sealed: &[u8]) -> Result<String, Failure> {
    String::from_utf8(keys.open_cell(table, row, sealed)?).map_err(|_| Failure::Shape(format!("a row of `{table}`")))
}
