//! How many people a mixed model for repeated measures needs when they leave over time (Lu, Luo and Chen 2008).
//!
//! Whoever left still tells something about the last visit through the visits before it: each group of people who left at the same
//! visit adds its own information, and the variance of the last visit's mean is read off the sum.

use super::{Promise, SampleSize, size};
use crate::distribution::{normal_cdf, normal_quantile};
use crate::estimate::{CannotEstimate, above_zero, at_least, same_length};
use crate::matrix::{Cholesky, SquareMatrix};
use serde::Serialize;

/// What is supposed of a trial with several visits, of which the last one is tested.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RepeatedMeasures {
    /// The covariance between visits, row after row, the same in both arms.
    pub covariance: Vec<Vec<f64>>,
    /// The share of people still there at each visit, never rising: the control arm's, then the treated arm's.
    pub staying: [Vec<f64>; 2],
}

impl RepeatedMeasures {
    /// The variance of one arm's mean at the last visit, times the number of people who began in it.
    fn arm(&self, staying: &[f64]) -> Result<f64, CannotEstimate> {
        let visits = self.covariance.len();
        let cell = |a: usize, b: usize| self.covariance.get(a).and_then(|row| row.get(b)).copied().unwrap_or(f64::NAN);
        let mut information = SquareMatrix::zeros(visits);
        let after = staying.iter().skip(1).copied().chain([0.0]);
        for (seen, (here, next)) in (1..).zip(staying.iter().zip(after)) {
            let leave = here - next;
            if leave <= 0.0 {
                continue;
            }
            let own = SquareMatrix::from_fn(seen, cell);
            let inverse = Cholesky::new(&own)
                .map_err(|row| CannotEstimate::Collinear { what: format!("visit {} of the covariance", row + 1) })?
                .inverse();
            for a in 0..seen {
                for b in 0..seen {
                    information.add(a, b, leave * inverse.at(a, b));
                }
            }
        }
        let inverse =
            Cholesky::new(&information).map_err(|_| CannotEstimate::NoVariation { what: "who stays" })?.inverse();
        let last = visits.saturating_sub(1);
        Ok(inverse.at(last, last))
    }

    /// The variance of the difference at the last visit, times the number of people in each arm.
    fn variance(&self) -> Result<f64, CannotEstimate> {
        at_least("visits", self.covariance.len(), 1)?;
        for row in &self.covariance {
            same_length("visits", self.covariance.len(), "cells in a row of the covariance", row.len())?;
        }
        let mut sum = 0.0;
        for staying in &self.staying {
            same_length("visits", self.covariance.len(), "shares of people still there", staying.len())?;
            let mut before = 1.0;
            for &share in staying {
                if !(share > 0.0 && share <= before) {
                    return Err(CannotEstimate::OutOfRange {
                        what: "the share still there",
                        value: share,
                        must_be: "above 0 and no more than at the visit before",
                    });
                }
                before = share;
            }
            sum += self.arm(staying)?;
        }
        Ok(sum)
    }
}

/// The power with this many people in each arm, for a difference at the last visit. Only findings in the right direction count.
pub fn repeated_power(
    design: &RepeatedMeasures,
    difference: f64,
    per_arm: f64,
    alpha: f64,
) -> Result<f64, CannotEstimate> {
    above_zero("the number in each arm", per_arm)?;
    Promise { alpha, power: f64::midpoint(alpha, 1.0) }.check()?;
    let standard_error = (design.variance()? / per_arm).sqrt();
    Ok(normal_cdf(difference.abs() / standard_error - normal_quantile(1.0 - alpha / 2.0)))
}

/// How many people each arm needs, for a difference at the last visit.
pub fn repeated_size(
    design: &RepeatedMeasures,
    difference: f64,
    promise: Promise,
) -> Result<SampleSize, CannotEstimate> {
    let promise = promise.check()?;
    above_zero("the size of the difference", difference.abs())?;
    Ok(size(design.variance()? * (promise.points() / difference).powi(2)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn design(staying: &[f64]) -> RepeatedMeasures {
        let covariance = (0..3).map(|a| (0..3).map(|b| if a == b { 1.0 } else { 0.6 }).collect()).collect();
        RepeatedMeasures { covariance, staying: [staying.to_vec(), staying.to_vec()] }
    }

    #[test]
    fn with_nobody_leaving_it_is_the_normal_formula() {
        let promise = Promise { alpha: 0.05, power: 0.8 };
        let found = repeated_size(&design(&[1.0, 1.0, 1.0]), 0.5, promise).unwrap();
        assert!((found.exact - 2.0 * (1.959963984540054_f64 + 0.8416212335729143).powi(2) / 0.25).abs() < 1e-6);
        let power = repeated_power(&design(&[1.0, 1.0, 1.0]), 0.5, found.exact, 0.05).unwrap();
        assert!((power - 0.8).abs() < 1e-8);
    }

    #[test]
    fn who_stays_may_not_rise_and_somebody_must_stay() {
        let promise = Promise { alpha: 0.05, power: 0.8 };
        for bad in [vec![0.8, 0.9, 0.7], vec![1.0, 0.5, 0.0], vec![1.0, 0.9]] {
            assert!(repeated_size(&design(&bad), 0.5, promise).is_err(), "{bad:?}");
        }
        assert!(repeated_size(&design(&[1.0, 0.9, 0.8]), 0.0, promise).is_err());
        let mut flat = design(&[1.0, 0.9, 0.8]);
        flat.covariance = vec![vec![1.0; 3]; 3];
        assert!(repeated_size(&flat, 0.5, promise).unwrap_err().to_string().contains("visit 2"));
    }
}
