//! The clinic's rules: one patient's chart, the events that it is folded from, the commands that may add to it,
//! and every safety rule that stands in front of a dose.
//!
//! Nothing here reads a clock, draws a random number, opens a file or speaks to a network. Time, identities and
//! protocols come in through [`Context`], so that a whole course can be replayed in a test.

pub mod chart;
pub mod code;
pub mod coded;
pub mod codes;
pub mod command;
pub mod consent;
pub mod context;
mod covers;
pub mod data_file;
pub mod day;
pub mod duplicate;
pub mod event;
pub mod facts;
pub mod finding;
pub mod gate;
mod hold;
pub mod ids;
pub mod items;
pub mod name;
pub mod outcome;
pub mod protocol;
pub mod quantity;
pub mod readiness;
pub mod replay;
pub mod roles;
pub mod rules;
pub mod schedule;
pub mod subject;
pub mod telemedicine;
pub mod unit;
pub mod watch;

pub use chart::Chart;
pub use command::{Command, Refusal, decide, decide_batch};
pub use context::Context;
pub use event::{Draft, Event, Recorded};
pub use ids::{AlertId, CompanionId, EventId, NoteId, OrderId, PatientId, SessionId, StaffId};
