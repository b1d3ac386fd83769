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

/// Opens a value that `seal_json` made. `which` names the row, for whoever has to look for it.
fn open_json<T: DeserializeOwned>(
    keys: &Keys,
    table: &str,
    row: &[u8],
    sealed: &[u8],
    which: impl Fn() -> String,
) -> Result<T, Failure> {
    let json = keys.open_cell(table, row, sealed).ok_or_else(|| Failure::Sealed(which()))?;
    serde_json::from_slice(&json).map_err(|_| Failure::Shape(which()))
}

/// Opens a text. `which` names the row.
fn open_text(
    keys: &Keys,
    table: &str,
    row: &[u8],
    sealed: &[u8],
    which: impl Fn() -> String,
) -> Result<String, Failure> {
    let bytes = keys.open_cell(table, row, sealed).ok_or_else(|| Failure::Sealed(which()))?;
    String::from_utf8(bytes).map_err(|_| Failure::Shape(which()))
}

/// The beginning of a digest: enough to find its row by, and too little to be of use.
fn short(digest: &[u8; 32]) -> String {
    stillwater_digest::to_hex(digest).chars().take(12).collect()
}
