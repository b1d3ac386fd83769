//! A set of charts for research: rows that name nobody, in tables that statistics programs read.
//!
//! What leaves is chosen column by column from what is coded or measured. Words that somebody typed, names, ways to reach
//! somebody, dates of birth, staff and ids of this installation have no column, so that they cannot leave by mistake.
//! Each person gets a keyed pseudonym ([`Key`]) and a shift of their dates; combinations of age, sex, service and setting
//! that too few people share are made coarser ([`cells`]). Why it is done so, and what remains possible, is told in
//! decision 12. Pure: the key, the time and the charts come in as arguments; the files are written elsewhere.

pub mod cells;
pub mod codebook;
pub mod columns;
pub mod key;
pub mod redcap;
mod rows;
pub mod table;

pub use cells::{Levels, Quasi, TooFew, coarsen};
pub use key::{Key, StudyId};
pub use rows::{Left, Person, Study};
pub use table::{Cell, Column, Kind, StudyRow, Table};

/// What has to be said wherever a set is handed out: the chart knows of no consent to research.
pub const CONSENT_NOTICE: &str = "The consents in these charts are to treatment. Stillwater records no consent to research, \
     and so nobody was left out for lack of it. Whether this set may be made and used is for your ethics board and data \
     protection officer to say, before it is handed on.";
