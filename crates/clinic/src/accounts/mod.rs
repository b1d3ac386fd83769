//! Accounts, sessions, links, drafts and the audit trail, as whoever signs people in needs them.

pub mod book;
pub mod stored;
