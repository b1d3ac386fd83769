//! What one clinic's courses add up to.
//!
//! Each chart gives one [`OutcomeRow`] for statistics; the [`figures`] of a programme are worked out from many rows and never
//! from charts, so that a page over 100,000 people folds nobody. Pure: no clock, no files, no randomness.

pub mod figures;
pub mod filter;
pub mod outcome_row;
pub mod scale;
pub mod study;

pub use figures::Figures;
pub use filter::{Filter, Prior};
pub use outcome_row::OutcomeRow;
