//! Each hazard as it happens: several commands in order, by several people, with time passing, through the way by which
//! everything is decided. One module for each subject.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod alarms;
mod facts;
mod follow_up;
mod in_force;
mod people;
mod place;
mod prescribing;
mod reality;
mod reasons;
mod spacing;
mod suicide_screen;
mod transfer;
