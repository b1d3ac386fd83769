//! How many people a trial needs, and what chance a trial of a given size has of seeing an effect that is there.

mod repeated;

pub use repeated::{RepeatedMeasures, repeated_power, repeated_size};

use crate::distribution::{noncentral_t_sf, normal_cdf, normal_quantile, t_quantile};
use crate::estimate::{CannotEstimate, above_zero};
use crate::root;
use serde::Serialize;

/// How many are needed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SampleSize {
    /// The exact answer of the formula.
    pub exact: f64,
    /// The next whole number of people or events.
    pub rounded_up: u64,
}

fn size(exact: f64) -> SampleSize {
    SampleSize { exact, rounded_up: exact.ceil() as u64 }
}

/// What a trial promises: how rarely it finds what is not there, and how often it finds what is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Promise {
    /// The two-sided significance level, such as 0.05.
    pub alpha: f64,
    /// The chance of finding the effect, such as 0.8.
    pub power: f64,
}

impl Promise {
    fn check(self) -> Result<Self, CannotEstimate> {
        let alpha_right = self.alpha > 0.0 && self.alpha < 1.0;
        let power_right = self.power > self.alpha && self.power < 1.0;
        if !alpha_right {
            Err(CannotEstimate::OutOfRange { what: "alpha", value: self.alpha, must_be: "above 0 and below 1" })
        } else if !power_right {
            Err(CannotEstimate::OutOfRange { what: "the power", value: self.power, must_be: "above alpha and below 1" })
        } else {
            Ok(self)
        }
    }

    /// The two normal points that most sample-size formulas add up.
    fn points(self) -> f64 {
        normal_quantile(1.0 - self.alpha / 2.0) + normal_quantile(self.power)
    }
}

/// The power of a two-sample t test with this many people in each arm, for a difference of so many standard deviations.
///
/// Only findings in the right direction count, as in R's `power.t.test`.
pub fn two_means_power(per_arm: f64, effect_in_sd: f64, alpha: f64) -> Result<f64, CannotEstimate> {
    if !per_arm.is_finite() || per_arm < 2.0 {
        return Err(CannotEstimate::OutOfRange {
            what: "the number in each arm",
            value: per_arm,
            must_be: "2 or more",
        });
    }
    if !effect_in_sd.is_finite() {
        return Err(CannotEstimate::NotFinite { what: "the effect" });
    }
    Promise { alpha, power: f64::midpoint(alpha, 1.0) }.check()?;
    Ok(power_of_t(per_arm, effect_in_sd.abs(), alpha))
}

fn power_of_t(per_arm: f64, effect: f64, alpha: f64) -> f64 {
    let df = 2.0 * (per_arm - 1.0);
    noncentral_t_sf(t_quantile(1.0 - alpha / 2.0, df), df, effect * (per_arm / 2.0).sqrt())
}

/// How many people each arm needs for a two-sample t test. The exact answer is at least 2.
pub fn two_means_size(effect_in_sd: f64, promise: Promise) -> Result<SampleSize, CannotEstimate> {
    let promise = promise.check()?;
    above_zero("the size of the effect", effect_in_sd.abs())?;
    let shortfall = |n: f64| power_of_t(n, effect_in_sd.abs(), promise.alpha) - promise.power;
    if shortfall(2.0) >= 0.0 {
        return Ok(size(2.0));
    }
    let first_step = (promise.points() / effect_in_sd).powi(2).max(1.0);
    root::bracket_and_bisect(2.0, first_step, shortfall)
        .map(size)
        .ok_or(CannotEstimate::NotConverged { what: "the sample size", steps: 200 })
}

/// What is left of an effect's yardstick once a baseline has taken away what it explains.
fn beside_baseline(effect_in_sd: f64, correlation: f64) -> Result<f64, CannotEstimate> {
    if correlation > -1.0 && correlation < 1.0 {
        Ok(effect_in_sd / (1.0 - correlation * correlation).sqrt())
    } else {
        Err(CannotEstimate::OutOfRange { what: "the correlation", value: correlation, must_be: "above -1 and below 1" })
    }
}

fn power_of_adjusted_t(per_arm: f64, effect: f64, alpha: f64) -> f64 {
    // The slope on the baseline takes one more degree of freedom.
    let df = 2.0 * per_arm - 3.0;
    noncentral_t_sf(t_quantile(1.0 - alpha / 2.0, df), df, effect * (per_arm / 2.0).sqrt())
}

/// The power of an analysis of covariance with this many people in each arm, for a difference of so many standard deviations of
/// the score and this correlation of the score with the baseline.
pub fn adjusted_means_power(
    per_arm: f64,
    effect_in_sd: f64,
    correlation: f64,
    alpha: f64,
) -> Result<f64, CannotEstimate> {
    two_means_power(per_arm, effect_in_sd, alpha)?;
    Ok(power_of_adjusted_t(per_arm, beside_baseline(effect_in_sd.abs(), correlation)?, alpha))
}

/// How many people each arm needs for an analysis of covariance. The exact answer is at least 2.
pub fn adjusted_means_size(
    effect_in_sd: f64,
    correlation: f64,
    promise: Promise,
) -> Result<SampleSize, CannotEstimate> {
    let promise = promise.check()?;
    let effect = beside_baseline(effect_in_sd.abs(), correlation)?;
    above_zero("the size of the effect", effect)?;
    let shortfall = |n: f64| power_of_adjusted_t(n, effect, promise.alpha) - promise.power;
    if shortfall(2.0) >= 0.0 {
        return Ok(size(2.0));
    }
    root::bracket_and_bisect(2.0, (promise.points() / effect).powi(2).max(1.0), shortfall)
        .map(size)
        .ok_or(CannotEstimate::NotConverged { what: "the sample size", steps: 200 })
}

/// How many people each arm needs to tell two shares apart, by the formula of R's `power.prop.test`.
pub fn two_shares_size(first: f64, second: f64, promise: Promise) -> Result<SampleSize, CannotEstimate> {
    let promise = promise.check()?;
    for value in [first, second] {
        if !(0.0..=1.0).contains(&value) {
            return Err(CannotEstimate::OutOfRange { what: "a share", value, must_be: "from 0 to 1" });
        }
    }
    above_zero("the difference between the shares", (first - second).abs())?;
    let together = (first + second) * (1.0 - (first + second) / 2.0);
    let apart = first * (1.0 - first) + second * (1.0 - second);
    let root_n = (normal_quantile(1.0 - promise.alpha / 2.0) * together.sqrt()
        + normal_quantile(promise.power) * apart.sqrt())
        / (first - second).abs();
    Ok(size(root_n * root_n))
}

/// The power to tell two shares apart with this many people in each arm.
pub fn two_shares_power(per_arm: f64, first: f64, second: f64, alpha: f64) -> Result<f64, CannotEstimate> {
    above_zero("the number in each arm", per_arm)?;
    let apart = first * (1.0 - first) + second * (1.0 - second);
    above_zero("the variance of the shares", apart)?;
    let together = (first + second) * (1.0 - (first + second) / 2.0);
    let z = per_arm.sqrt() * (first - second).abs() - normal_quantile(1.0 - alpha / 2.0) * together.sqrt();
    Ok(normal_cdf(z / apart.sqrt()))
}

/// How many events both arms together need for a log-rank test (Schoenfeld 1981), with this share of people treated.
pub fn events_needed(hazard_ratio: f64, treated_share: f64, promise: Promise) -> Result<SampleSize, CannotEstimate> {
    let promise = promise.check()?;
    above_zero("the hazard ratio", hazard_ratio)?;
    above_zero("the distance of the hazard ratio from 1", hazard_ratio.ln().abs())?;
    if !(treated_share > 0.0 && treated_share < 1.0) {
        return Err(CannotEstimate::OutOfRange {
            what: "the treated share",
            value: treated_share,
            must_be: "above 0 and below 1",
        });
    }
    Ok(size((promise.points() / hazard_ratio.ln()).powi(2) / (treated_share * (1.0 - treated_share))))
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: Promise = Promise { alpha: 0.05, power: 0.8 };

    #[test]
    fn no_effect_has_no_sample_size() {
        assert!(two_means_size(0.0, USUAL).is_err());
        assert!(two_shares_size(0.3, 0.3, USUAL).is_err());
        assert!(events_needed(1.0, 0.5, USUAL).is_err());
        assert!(two_means_size(f64::NAN, USUAL).is_err());
    }

    #[test]
    fn a_promise_that_cannot_be_kept_is_refused() {
        assert!(two_means_size(0.5, Promise { alpha: 0.05, power: 1.0 }).is_err());
        assert!(two_means_size(0.5, Promise { alpha: 0.0, power: 0.8 }).is_err());
        assert!(two_means_power(1.0, 0.5, 0.05).is_err());
    }

    #[test]
    fn a_huge_effect_needs_two_people_in_each_arm_and_a_tiny_one_very_many() {
        assert_eq!(two_means_size(50.0, USUAL).unwrap().rounded_up, 2);
        assert!(two_means_size(0.001, USUAL).unwrap().rounded_up > 15_000_000);
    }

    #[test]
    fn the_size_found_has_the_power_asked_for() {
        let size = two_means_size(0.4, USUAL).unwrap();
        assert!((two_means_power(size.exact, 0.4, 0.05).unwrap() - 0.8).abs() < 1e-9);
        let shares = two_shares_size(0.67, 0.2, USUAL).unwrap();
        assert!((two_shares_power(shares.exact, 0.67, 0.2, 0.05).unwrap() - 0.8).abs() < 1e-9);
    }
}
