//! The handle that callers hold: cheap to clone, over whichever engine keeps the data.

use std::fmt;
use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;

use crate::accounts::Accounts;
use crate::audit::Audit;
use crate::drafts::Drafts;
use crate::error::OpenError;
use crate::event_log::EventLog;
use crate::settings::Settings;
use crate::sqlite::{Options, SqliteStore};

/// Everything that an engine has to do. Whatever does each part is an engine.
pub trait Engine: EventLog + Accounts + Audit + Drafts + Settings + fmt::Debug {}

impl<T: EventLog + Accounts + Audit + Drafts + Settings + fmt::Debug> Engine for T {}

/// The open store of one installation. Clones share it; the last one closes it.
///
/// It stands for its engine: the methods of [`EventLog`], [`Accounts`], [`Audit`], [`Drafts`] and [`Settings`] are called on it
/// as they are.
#[derive(Clone, Debug)]
pub struct Store(Arc<dyn Engine>);

impl Store {
    /// A store over an engine.
    pub fn over(engine: impl Engine + 'static) -> Self {
        Self(Arc::new(engine))
    }

    /// Opens the embedded engine in `folder`, making folder, key and database if there are none yet.
    ///
    /// A key is only ever made for a database that does not exist: one that has lost its key is refused.
    ///
    /// # Errors
    /// [`OpenError`] says what stands in the way, and what would be right.
    pub fn open(folder: &Path, options: Options) -> Result<Self, OpenError> {
        SqliteStore::open(folder, options).map(Self::over)
    }
}

impl Deref for Store {
    type Target = dyn Engine;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}
