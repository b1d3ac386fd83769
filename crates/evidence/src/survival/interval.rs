//! Intervals for a share that stays between 0 and 1, made on another scale so that their ends stay there too.

use crate::distribution::normal_quantile;
use crate::estimate::{Confidence, Interval};
use serde::Serialize;

/// The scale on which the interval is symmetric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// The logarithm, cut off at 1. R's default.
    Log,
    /// The logarithm of minus the logarithm. It holds in small groups and near the ends.
    #[default]
    LogLog,
}

/// The interval of a survival share with this standard error of its logarithm. None at 1 and at 0, where the data so far say
/// nothing about spread.
pub(super) fn interval(survival: f64, error_of_log: f64, scale: Scale, confidence: Confidence) -> Option<Interval> {
    if survival <= 0.0 || survival >= 1.0 || !error_of_log.is_finite() {
        return None;
    }
    let z = normal_quantile(confidence.upper_point());
    let log = survival.ln();
    let (low, high) = match scale {
        Scale::Log => ((log - z * error_of_log).exp(), (log + z * error_of_log).exp().min(1.0)),
        Scale::LogLog => {
            let away = (-z * error_of_log / log).exp();
            ((log * away).exp(), (log / away).exp())
        }
    };
    Some(Interval { low, high, confidence })
}
