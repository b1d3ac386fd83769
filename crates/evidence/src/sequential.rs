//! Looking at a trial before it ends: how far apart the arms must be at each look so that all looks together are wrong no more
//! often than one would be.
//!
//! The chance of crossing is computed look by look (Armitage, McPherson and Rowe 1969), by Gauss-Legendre integration over where
//! the trial may stand when it goes on.

use crate::distribution::{normal_cdf, normal_density, normal_quantile, normal_sf};
use crate::estimate::{CannotEstimate, at_least, count};
use crate::root;
use serde::Serialize;
use std::f64::consts::PI;

/// How strict the looks are against one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Boundary {
    /// Very strict early, and near the usual limit at the end (1979).
    OBrienFleming,
    /// The same limit at each look (1977).
    Pocock,
}

/// The limits for the absolute z value, one per look, for equally spaced looks and a two-sided level.
pub fn bounds(boundary: Boundary, looks: usize, alpha: f64) -> Result<Vec<f64>, CannotEstimate> {
    at_least("looks", looks, 1)?;
    if looks > 50 {
        return Err(CannotEstimate::OutOfRange {
            what: "the number of looks",
            value: count(looks),
            must_be: "50 or fewer",
        });
    }
    if !(alpha > 0.0 && alpha < 1.0) {
        return Err(CannotEstimate::OutOfRange { what: "alpha", value: alpha, must_be: "above 0 and below 1" });
    }
    let shape = |factor: f64| -> Vec<f64> {
        (1..=looks)
            .map(|look| match boundary {
                Boundary::OBrienFleming => factor * (count(looks) / count(look)).sqrt(),
                Boundary::Pocock => factor,
            })
            .collect()
    };
    // The last look alone needs this much, and all looks as if they were separate tests never need more than the second.
    let least = normal_quantile(1.0 - alpha / 2.0);
    let most = normal_quantile(1.0 - alpha / (2.0 * count(looks))) + 1e-9;
    let factor = root::bisect(least, most, |factor| alpha - crossing(&shape(factor), 0.0));
    Ok(shape(factor))
}

/// The chance of passing the limit on either side at any look, where the z value expected at the last look is `drift`.
///
/// With a drift of zero this is the level; with the drift of a real effect it is the power.
#[must_use]
pub fn crossing(limits: &[f64], drift: f64) -> f64 {
    let looks = count(limits.len());
    // The sum of the evidence after look k is normal with variance k; its limit is the z limit times the root of k.
    let per_look = drift / looks.sqrt();
    let mut crossed = 0.0;
    let mut standing: Vec<(f64, f64)> = vec![(0.0, 1.0)];
    for (before, limit) in limits.iter().enumerate() {
        let edge = limit * count(before + 1).sqrt();
        crossed += standing
            .iter()
            .map(|(at, chance)| chance * (normal_sf(edge - at - per_look) + normal_cdf(-edge - at - per_look)))
            .sum::<f64>();
        if before + 1 < limits.len() {
            standing = nodes(-edge, edge)
                .into_iter()
                .map(|(at, weight)| {
                    let density: f64 =
                        standing.iter().map(|(from, chance)| chance * normal_density(at - from - per_look)).sum();
                    (at, weight * density)
                })
                .collect();
        }
    }
    crossed
}

/// The drift with which these limits are passed with the power wanted.
pub fn drift_for(limits: &[f64], power: f64) -> Result<f64, CannotEstimate> {
    let level = crossing(limits, 0.0);
    if !(power > level && power < 1.0) {
        return Err(CannotEstimate::OutOfRange { what: "the power", value: power, must_be: "above alpha and below 1" });
    }
    root::bracket_and_bisect(0.0, 1.0, |drift| crossing(limits, drift) - power)
        .ok_or(CannotEstimate::NotConverged { what: "the drift", steps: 200 })
}

/// Places and weights of Gauss-Legendre integration between two points, close enough together for a normal of spread 1.
fn nodes(low: f64, high: f64) -> Vec<(f64, f64)> {
    let n = 24 + (4.0 * (high - low)).ceil().max(0.0) as usize;
    let (middle, half) = (f64::midpoint(low, high), (high - low) / 2.0);
    (0..n)
        .map(|i| {
            let mut x = (PI * (count(i) + 0.75) / (count(n) + 0.5)).cos();
            let mut slope = 1.0;
            for _ in 0..100 {
                let (mut value, mut previous) = (1.0, 0.0);
                for k in 1..=n {
                    let k = count(k);
                    (value, previous) = (((2.0 * k - 1.0) * x * value - (k - 1.0) * previous) / k, value);
                }
                slope = count(n) * (x * value - previous) / (x * x - 1.0);
                let step = value / slope;
                x -= step;
                if step.abs() < 1e-15 {
                    break;
                }
            }
            (middle + half * x, 2.0 * half / ((1.0 - x * x) * slope * slope))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_look_is_the_usual_test() {
        for boundary in [Boundary::OBrienFleming, Boundary::Pocock] {
            let found = bounds(boundary, 1, 0.05).unwrap();
            assert!((found[0] - 1.959963984540054).abs() < 1e-8, "{found:?}");
        }
    }

    #[test]
    fn no_looks_and_too_many_are_refused() {
        assert!(bounds(Boundary::Pocock, 0, 0.05).is_err());
        assert!(bounds(Boundary::Pocock, 51, 0.05).is_err());
        assert!(bounds(Boundary::Pocock, 3, 1.0).is_err());
    }

    #[test]
    fn looks_on_the_way_cost_a_little_power() {
        let limits = bounds(Boundary::OBrienFleming, 5, 0.05).unwrap();
        let drift = normal_quantile(0.975) + normal_quantile(0.8);
        let power = crossing(&limits, drift);
        assert!(power > 0.78 && power < 0.8, "{power}");
    }
}
