//! The application without HTTP: charts loaded, decided and recorded, the ticker, accounts, presence and membership.
//!
//! Nothing here speaks HTTP, HTML or SQL, and nothing clinical is decided here: care decides, the store keeps, and this
//! crate brings the two together for whoever asks, a page or the command line.

pub mod accounts;
pub mod charts;
pub mod clock;
pub mod disk;
pub mod import;
pub mod membership;
pub mod person;
pub mod presence;
pub mod random;
pub mod rota;

pub use person::{Principal, Subject};
