//! Errors that let trials of one cluster, such as a laboratory or a paper with several comparisons, go together: the sandwich over
//! clusters with the factor m / (m - p) and a t distribution on m - p degrees of freedom (Hedges, Tipton and Johnson 2010).

use super::regression::{Coefficient, Problem};
use super::{Effect, Method, Model, check};
use crate::distribution::{t_quantile, t_two_sided};
use crate::estimate::{CannotEstimate, Confidence, Estimate, Interval, Test, all_finite, at_least, count, same_length};
use crate::matrix::SquareMatrix;
use serde::Serialize;
use std::collections::BTreeMap;

/// Coefficients with errors by clusters.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClusteredEffects {
    /// The intercept, which is the pooled effect where there are no columns, then one coefficient per column.
    pub coefficients: Vec<Coefficient>,
    /// The spread between trials, as a variance.
    pub tau_squared: f64,
    /// How many clusters.
    pub clusters: usize,
}

/// Pools effects, beside columns where there are some, with errors by clusters.
pub fn clustered(
    effects: &[Effect],
    columns: &[(&str, &[f64])],
    clusters: &[String],
    model: Model,
    confidence: Confidence,
) -> Result<ClusteredEffects, CannotEstimate> {
    check(effects, columns.len() + 2)?;
    same_length("trials", effects.len(), "cluster names", clusters.len())?;
    for (_, values) in columns {
        same_length("trials", effects.len(), "values in a column", values.len())?;
        all_finite("a column", values)?;
    }
    if !matches!(model.method, Method::Equal | Method::DerSimonianLaird | Method::Reml) {
        return Err(CannotEstimate::OutOfRange {
            what: "the method's place in the list",
            value: f64::from(model.method as u8),
            must_be: "that of equal effects, DerSimonian and Laird, or restricted likelihood, for errors by clusters",
        });
    }
    let rows = (0..effects.len())
        .map(|trial| {
            let values = columns.iter().map(|(_, values)| values.get(trial).copied().unwrap_or(f64::NAN));
            std::iter::once(1.0).chain(values).collect()
        })
        .collect();
    let problem = Problem { effects, rows };
    let names: Vec<&str> = std::iter::once("intercept").chain(columns.iter().map(|(name, _)| *name)).collect();
    let collinear = |row: usize| CannotEstimate::Collinear {
        what: names.get(row).map_or_else(String::new, |name| (*name).to_owned()),
    };
    problem.at(0.0).map_err(collinear)?;
    let tau_squared = problem.spread(model.method)?;
    let fit = problem.at(tau_squared).map_err(collinear)?;
    let p = problem.size();
    let mut sums: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for ((row, cluster), (weight, residual)) in
        problem.rows.iter().zip(clusters).zip(fit.weights.iter().zip(&fit.residuals))
    {
        let own = sums.entry(cluster).or_insert_with(|| vec![0.0; p]);
        own.iter_mut().zip(row).for_each(|(sum, x)| *sum += weight * residual * x);
    }
    at_least("clusters", sums.len(), p + 1)?;
    let inverse = fit.factor.inverse();
    let (m, df) = (count(sums.len()), count(sums.len()) - count(p));
    let mut covariance = SquareMatrix::zeros(p);
    for sum in sums.values() {
        let moved = inverse.times(sum);
        covariance.add_outer(m / df, &moved, &moved);
    }
    let point = t_quantile(confidence.upper_point(), df);
    let coefficients = names.iter().zip(fit.coefficients.iter().zip(covariance.diagonal()));
    Ok(ClusteredEffects {
        coefficients: coefficients
            .map(|(name, (&value, variance))| {
                let standard_error = variance.sqrt();
                let statistic = value / standard_error;
                let interval = Interval::around(value, point * standard_error, confidence);
                Coefficient {
                    name: (*name).to_owned(),
                    estimate: Estimate { value, standard_error, interval },
                    test: Test { statistic, degrees_of_freedom: Some(df), p: t_two_sided(statistic, df) },
                }
            })
            .collect(),
        tau_squared,
        clusters: sums.len(),
    })
}
