//! What one clinic's courses add up to.
//!
//! Each chart gives one line for statistics; the figures of a programme are worked out from many lines and never from
//! charts, so that a page over 100,000 people folds nobody. Pure: no clock, no files, no randomness.
