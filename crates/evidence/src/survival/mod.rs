//! Time until something happens: response, loss of response, leaving. People to whom it has not happened yet count for as long
//! as they were watched.

mod competing;
mod cox;
mod curve;
mod fine_gray;
mod interval;
mod log_rank;
mod restricted;
mod spells;

pub use competing::{CompetingCurve, CompetingObservation, CompetingStep, aalen_johansen};
pub use cox::{Covariate, CovariateEffect, Fit, Proportional, Ties, TimeTransform, cox, proportional_hazards};
pub use curve::{AtRisk, Curve, CurveStep, Quantile, Survival, kaplan_meier};
pub use fine_gray::{fine_gray, gray};
pub use interval::Scale;
pub use log_rank::{ComparedGroup, LogRank, Weight, log_rank};
pub use restricted::{RestrictedComparison, compare_restricted};
pub use spells::{CoxErrors, Spell, SpellFit, SpellModel};

use crate::estimate::{CannotEstimate, at_least};
use serde::Serialize;

/// How long one person was watched, and whether it happened at the end of that time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Observation {
    /// The time watched, in whatever unit the caller keeps to; zero or more.
    pub time: f64,
    /// Whether it happened at that time. If not, the person was last seen then without it.
    pub event: bool,
}

/// Refuses nobody, and times that are not finite or are below zero.
fn check_times(times: impl ExactSizeIterator<Item = f64>) -> Result<(), CannotEstimate> {
    at_least("people", times.len(), 1)?;
    for time in times {
        if !time.is_finite() {
            return Err(CannotEstimate::NotFinite { what: "the times" });
        }
        if time < 0.0 {
            return Err(CannotEstimate::OutOfRange { what: "a time", value: time, must_be: "0 or more" });
        }
    }
    Ok(())
}
