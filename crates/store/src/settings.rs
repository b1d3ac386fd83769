//! The installation's settings: a name and a JSON text. Sealed, since some hold passwords of other services.

use crate::error::{ReadError, WriteError};

/// Settings, by name.
pub trait Settings: Send + Sync {
    /// Sets a setting.
    ///
    /// # Errors
    /// When it cannot be written.
    fn put_setting(&self, name: &str, json: &str) -> Result<(), WriteError>;

    /// Reads a setting.
    ///
    /// # Errors
    /// When the row cannot be read.
    fn setting(&self, name: &str) -> Result<Option<String>, ReadError>;

    /// Removes a setting. Removing none is no error.
    ///
    /// # Errors
    /// When it cannot be written.
    fn delete_setting(&self, name: &str) -> Result<(), WriteError>;
}
