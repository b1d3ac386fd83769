//! One-time and personal links: to a screening, to a companion's page, to set a password.

use uuid::Uuid;

use crate::error::{ReadError, WriteError};

/// A link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// SHA-256 of the secret in the address.
    pub digest: [u8; 32],
    /// What it is for, in the caller's words. Not sealed.
    pub purpose: String,
    /// JSON, in the caller's shape.
    pub subject: String,
    /// The patient it concerns; their erasure removes it.
    pub patient: Option<Uuid>,
    /// When it stops working.
    pub expires_at_ms: i64,
    /// When it was first used.
    pub used_at_ms: Option<i64>,
    /// Whether it works once only.
    pub single_use: bool,
    /// The digest of a code that has to be given as well.
    pub code_digest: Option<[u8; 32]>,
}

/// Links, by the digest of their secret.
pub trait Links: Send + Sync {
    /// Adds a link.
    ///
    /// # Errors
    /// [`WriteError::Taken`] if there is one with this digest.
    fn create_link(&self, link: Link) -> Result<(), WriteError>;

    /// The link with this digest, expired or used or not: the caller tells the reader which.
    ///
    /// # Errors
    /// When the row cannot be read.
    fn find_link(&self, digest: &[u8; 32]) -> Result<Option<Link>, ReadError>;

    /// The links that concern a patient, the last to expire first.
    ///
    /// # Errors
    /// When a row cannot be read.
    fn links_of(&self, patient: Uuid) -> Result<Vec<Link>, ReadError>;

    /// Claims the use of a link. Of several callers, one is told `true` for a link that works once; a link that
    /// works more than once says `true` to all, and keeps the time of its first use. `false` for one that is used
    /// up or has expired.
    ///
    /// # Errors
    /// When it cannot be written.
    fn mark_link_used(&self, digest: [u8; 32], now_ms: i64) -> Result<bool, WriteError>;

    /// Removes a link. Removing one that is gone is no error.
    ///
    /// # Errors
    /// When it cannot be written.
    fn revoke_link(&self, digest: [u8; 32]) -> Result<(), WriteError>;
}
