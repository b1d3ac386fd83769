//! The model against its reference: golden values, an independent solver, and laws that every linear model obeys.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod golden;
mod laws;
mod oracle;
mod targets;
mod virtual_people;
