//! Reading and writing the columns that need care: positions, ids, and the two columns of a stream.

use rusqlite::Row;
use uuid::Uuid;

use crate::error::Failure;
use crate::stream::{StreamId, StreamKind};

/// Positions are unsigned; SQLite's integers are not.
pub fn signed(value: u64) -> Result<i64, Failure> {
    i64::try_from(value).map_err(|_| Failure::Shape(format!("the position {value}")))
}

/// Reads a position.
pub fn unsigned(row: &Row<'_>, column: usize) -> Result<u64, rusqlite::Error> {
    let value: i64 = row.get(column)?;
    u64::try_from(value).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, value))
}

/// Reads an id.
pub fn uuid(row: &Row<'_>, column: usize) -> Result<Uuid, rusqlite::Error> {
    Ok(Uuid::from_bytes(row.get(column)?))
}

/// Reads an id that may be absent.
pub fn maybe_uuid(row: &Row<'_>, column: usize) -> Result<Option<Uuid>, rusqlite::Error> {
    Ok(row.get::<_, Option<[u8; 16]>>(column)?.map(Uuid::from_bytes))
}

/// An id for a parameter that may be absent.
pub fn id_bytes(id: Option<Uuid>) -> Option<[u8; 16]> {
    id.map(Uuid::into_bytes)
}

/// A stream as it stands in its two columns. The word of its kind may be one that this version does not know.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StreamColumns {
    pub kind: String,
    pub id: Uuid,
}

impl StreamColumns {
    /// Reads the column of the kind and the one after it.
    pub fn read(row: &Row<'_>, column: usize) -> Result<Self, rusqlite::Error> {
        Ok(Self { kind: row.get(column)?, id: uuid(row, column + 1)? })
    }

    /// The stream, or a failure that names the row.
    pub fn known(&self) -> Result<StreamId, Failure> {
        StreamKind::of_code(&self.kind)
            .map(|kind| StreamId::new(kind, self.id))
            .ok_or_else(|| Failure::Shape(format!("the stream {self}")))
    }
}

impl std::fmt::Display for StreamColumns {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}` {}", self.kind, self.id)
    }
}
