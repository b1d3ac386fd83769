//! Half-filled forms and answers, kept until they are sent. A draft is not part of any chart.

use uuid::Uuid;

use crate::error::{ReadError, WriteError};

/// What someone has left half-filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// In the caller's shape.
    pub contents: Vec<u8>,
    /// When it was last kept.
    pub updated_at_ms: i64,
}

/// Drafts, by owner and form.
pub trait Drafts: Send + Sync {
    /// Keeps a draft, in place of the one before. `owner` and `form` are not sealed: use ids, not names. `patient` is
    /// whose erasure removes it.
    ///
    /// # Errors
    /// When it cannot be written.
    fn put_draft(
        &self,
        owner: &str,
        form: &str,
        patient: Option<Uuid>,
        contents: &[u8],
        updated_at_ms: i64,
    ) -> Result<(), WriteError>;

    /// The draft, if one is kept.
    ///
    /// # Errors
    /// When the row cannot be read.
    fn draft(&self, owner: &str, form: &str) -> Result<Option<Draft>, ReadError>;

    /// Throws a draft away. Throwing away none is no error.
    ///
    /// # Errors
    /// When it cannot be written.
    fn delete_draft(&self, owner: &str, form: &str) -> Result<(), WriteError>;
}
