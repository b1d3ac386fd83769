//! Who may sign in, and with which roles.

use uuid::Uuid;

use crate::error::{ReadError, WriteError};
use crate::links::Links;
use crate::web_sessions::WebSessions;

/// Someone who may sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Never reused.
    pub id: Uuid,
    /// What they type; unique without regard to case or surrounding space.
    pub login: String,
    /// What others see.
    pub display_name: String,
    /// The caller's role names.
    pub roles: Vec<String>,
    /// As the password hasher wrote it.
    pub password_hash: String,
    /// Whether they may sign in now.
    pub active: bool,
    /// When it was made.
    pub created_at_ms: i64,
    /// The patient whose own account it is, if it is one.
    pub patient: Option<Uuid>,
}

/// Sign-in: accounts, and the sessions and links that belong to them.
pub trait Accounts: WebSessions + Links {
    /// Adds an account.
    ///
    /// # Errors
    /// [`WriteError::Taken`] with `"login"` if the login is in use, in whatever case.
    fn create_account(&self, account: Account) -> Result<(), WriteError>;

    /// The account with this login, in whatever case.
    ///
    /// # Errors
    /// When the row cannot be read.
    fn find_account_by_login(&self, login: &str) -> Result<Option<Account>, ReadError>;

    /// The account with this id.
    ///
    /// # Errors
    /// When the row cannot be read.
    fn account(&self, id: Uuid) -> Result<Option<Account>, ReadError>;

    /// All accounts, by display name.
    ///
    /// # Errors
    /// When a row cannot be read.
    fn accounts(&self) -> Result<Vec<Account>, ReadError>;

    /// Replaces the password's hash.
    ///
    /// # Errors
    /// When there is no such account, or it cannot be written.
    fn set_account_password(&self, id: Uuid, password_hash: String) -> Result<(), WriteError>;

    /// Lets someone in, or keeps them out. Ending the sessions they have is [`WebSessions::revoke_web_sessions_of`].
    ///
    /// # Errors
    /// When there is no such account, or it cannot be written.
    fn set_account_active(&self, id: Uuid, active: bool) -> Result<(), WriteError>;

    /// Replaces the roles.
    ///
    /// # Errors
    /// When there is no such account, or it cannot be written.
    fn set_account_roles(&self, id: Uuid, roles: Vec<String>) -> Result<(), WriteError>;
}
