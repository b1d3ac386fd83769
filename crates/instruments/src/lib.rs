//! Questionnaires as data: what they ask, how they are scored, what a change means.
//!
//! An instrument is one TOML file. Nothing here knows of people, time or storage: answers go in, scores come out, exact
//! and rounded once. Text whose licence keeps it from us is not here; such an instrument is scored from numbers alone.

pub mod catalogue;
pub mod condition;
pub mod model;
pub mod number;
pub mod page;
pub mod read;
pub mod score;
pub mod vectors;

pub use catalogue::Catalogue;
pub use model::{Embed, Instrument, Item, Mode, OptionSet, Safety, SafetyLevel};
pub use number::Number;
pub use read::{ReadError, read_instrument};
pub use score::{Allowed, Answer, AnswerError, Responses, ScoreContext, Scored};
pub use vectors::{Difference, VectorReport, run_vectors};
