//! Every estimator against an independent reference: each value with the program that gave it, its version, and why the
//! tolerance is what it is.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod compare;
mod cox;
mod crossover;
mod meta;
mod meta_data;
mod missing;
mod models;
mod size;
mod small;
mod spells;
mod survival;
mod survival_data;
mod vectors;

/// Fails where two numbers differ by more than this share of the expected one.
#[track_caller]
fn near(found: f64, expected: f64, relative: f64) {
    let apart = (found - expected).abs();
    assert!(apart <= relative * expected.abs(), "found {found}, expected {expected}, apart by {apart:e}");
}

/// Fails where two numbers differ by more than this.
#[track_caller]
fn within(found: f64, expected: f64, absolute: f64) {
    let apart = (found - expected).abs();
    assert!(apart <= absolute, "found {found}, expected {expected}, apart by {apart:e}");
}
