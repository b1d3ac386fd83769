//! One answer out of several trials, and how far they disagree.
//!
//! Trials are weighted by the inverse of their variance. The interval of the mean says where the average effect lies; the
//! prediction interval says where the next trial may fall, which is what a clinic wants to know.

mod checks;
mod clustered;
mod effect;
mod pool;
mod regression;
mod spread;
mod trim;
mod two_by_two;

pub use checks::{Begg, TrialStep, begg, cumulative, egger, leave_one_out};
pub use clustered::{ClusteredEffects, clustered};
pub use effect::{
    Arm, change_difference, crossover_difference, exact_correction, mean_difference, standardised_mean_difference,
};
pub use effect::{TableMeasure, corrected, has_empty_cell, log_odds_ratio, log_risk_ratio, risk_difference};
pub use pool::{Model, Pooled, Prediction, Predictions, SpreadInterval, Subgroups, pool, subgroups};
pub use regression::{Coefficient, Regression, regress};
pub use spread::Method;
pub use trim::{Filled, Missing, MixedEgger, Side, egger_mixed, trim_and_fill};
pub use two_by_two::{
    Combined, CombinedDifference, mantel_haenszel, mantel_haenszel_difference, mantel_haenszel_odds, peto,
};

use crate::estimate::{CannotEstimate, at_least};
use serde::Serialize;

/// One trial's effect with its variance.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Effect {
    /// The effect: a difference, or the logarithm of a ratio.
    pub value: f64,
    /// Its variance, the square of its standard error.
    pub variance: f64,
}

impl Effect {
    /// From an effect and its standard error.
    #[must_use]
    pub fn from_standard_error(value: f64, standard_error: f64) -> Self {
        Self { value, variance: standard_error * standard_error }
    }
}

/// Refuses too few trials, values that are not finite, and variances that are not above zero.
fn check(effects: &[Effect], needed: usize) -> Result<(), CannotEstimate> {
    at_least("trials", effects.len(), needed)?;
    for effect in effects {
        if !effect.value.is_finite() {
            return Err(CannotEstimate::NotFinite { what: "the effects" });
        }
        crate::estimate::above_zero("the variance of a trial's effect", effect.variance)?;
    }
    Ok(())
}
