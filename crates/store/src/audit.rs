//! The access log: who looked at what, and when. It only grows, and an erasure leaves it, since it says who had seen
//! the chart.

use uuid::Uuid;

use crate::error::{ReadError, WriteError};

/// Something to note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAuditEntry {
    /// JSON, in the caller's shape.
    pub who: String,
    /// Whose chart, if it was about one. Not sealed.
    pub patient: Option<Uuid>,
    /// What they did.
    pub what: String,
    /// When.
    pub at_ms: i64,
}

/// Something noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Rising in the order of writing; the cursor for the next page of a list.
    pub id: i64,
    /// JSON, in the caller's shape.
    pub who: String,
    /// Whose chart, if it was about one.
    pub patient: Option<Uuid>,
    /// What they did.
    pub what: String,
    /// When.
    pub at_ms: i64,
}

/// The access log.
pub trait Audit: Send + Sync {
    /// Notes an access and waits until it is durable.
    ///
    /// # Errors
    /// When it cannot be written.
    fn audit(&self, entry: NewAuditEntry) -> Result<(), WriteError>;

    /// Notes an access without waiting. One that could not be written is counted by [`Audit::lost_audit_entries`], so that it
    /// can be reported.
    ///
    /// # Errors
    /// When the store has been closed.
    fn audit_later(&self, entry: NewAuditEntry) -> Result<(), WriteError>;

    /// How many entries given to [`Audit::audit_later`] could not be written since the store was opened.
    fn lost_audit_entries(&self) -> u64;

    /// The access log of one patient, or of everything, newest first. `before` is the id of the last entry of the
    /// page before.
    ///
    /// # Errors
    /// When a row cannot be read.
    fn audit_entries(
        &self,
        patient: Option<Uuid>,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Vec<AuditEntry>, ReadError>;
}
