//! Given, when, then over one synthetic chart: fixed times and ids, people in each role, and the usual steps of a course.
//!
//! For tests only. Everything goes through `decide`; nothing here can put an event into a chart by another way.

#![allow(clippy::panic, clippy::expect_used, reason = "a test that cannot be set up must stop at once, and say where")]

mod course;
mod steps;

pub use course::{Course, companion, guide, prescriber, second_prescriber, stranger};
pub use steps::Healthy;
