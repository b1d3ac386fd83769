//! How much longer people stay without it on average, up to a time: the difference and the ratio of two restricted means.

use super::Curve;
use crate::distribution::{normal_quantile, normal_two_sided};
use crate::estimate::{CannotEstimate, Confidence, Estimate, Interval, Test};
use crate::proportion::Ratio;
use serde::Serialize;

/// Two restricted means beside each other.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RestrictedComparison {
    /// Up to when.
    pub limit: f64,
    /// The first.
    pub first: Estimate,
    /// The second.
    pub second: Estimate,
    /// The first less the second.
    pub difference: Estimate,
    /// Its test.
    pub test: Test,
    /// The first over the second.
    pub ratio: Ratio,
}

/// Compares two curves up to a time. It takes nothing for granted of how the curves run, unlike a hazard ratio.
///
/// # Errors
/// When one of them was not watched that long, or nothing happened in either.
pub fn compare_restricted(
    first: &Curve,
    second: &Curve,
    limit: f64,
    confidence: Confidence,
) -> Result<RestrictedComparison, CannotEstimate> {
    let (a, b) = (first.restricted_mean(limit, confidence)?, second.restricted_mean(limit, confidence)?);
    let value = a.value - b.value;
    let standard_error = a.standard_error.hypot(b.standard_error);
    if standard_error <= 0.0 {
        return Err(CannotEstimate::NoEvents { within: "in either group before the limit".to_owned() });
    }
    let half = normal_quantile(confidence.upper_point()) * standard_error;
    let statistic = value / standard_error;
    Ok(RestrictedComparison {
        limit,
        difference: Estimate { value, standard_error, interval: Interval::around(value, half, confidence) },
        test: Test { statistic, degrees_of_freedom: None, p: normal_two_sided(statistic) },
        ratio: Ratio::from_log(
            (a.value / b.value).ln(),
            (a.standard_error / a.value).hypot(b.standard_error / b.value),
            confidence,
        ),
        first: a,
        second: b,
    })
}
