//! Whether something about the trials goes with their effects: weighted regression with a spread left over between trials.
//!
//! It compares trials and not people. What explains trials need not explain people inside them.

use super::{Effect, Method, Model, check, pool};
use crate::distribution::{chi_squared_sf, f_sf, normal_quantile, normal_two_sided, t_quantile, t_two_sided};
use crate::estimate::{CannotEstimate, Confidence, Estimate, Interval, Test, all_finite, at_least, count, same_length};
use crate::matrix::{Cholesky, SquareMatrix, dot};
use crate::root;
use serde::Serialize;

/// One coefficient.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Coefficient {
    /// The column's name; "intercept" for the first.
    pub name: String,
    /// The change in effect for one unit more.
    pub estimate: Estimate,
    /// Its test against zero.
    pub test: Test,
}

/// The fitted regression.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Regression {
    /// The intercept, then one coefficient per column.
    pub coefficients: Vec<Coefficient>,
    /// The spread that the columns leave, as a variance.
    pub tau_squared: f64,
    /// The share of the spread that the columns take away, in percent; none where there was none.
    pub explained: Option<f64>,
    /// The test of no disagreement left.
    pub residual: Test,
    /// The test of all columns together.
    pub moderators: Test,
}

pub(super) struct Fitted {
    pub(super) coefficients: Vec<f64>,
    pub(super) factor: Cholesky,
    pub(super) weights: Vec<f64>,
    pub(super) residuals: Vec<f64>,
    /// The weighted sum of squared residuals.
    q: f64,
    /// The trace of the projection: the residual weight.
    trace: f64,
}

pub(super) struct Problem<'a> {
    pub(super) effects: &'a [Effect],
    pub(super) rows: Vec<Vec<f64>>,
}

impl Problem<'_> {
    pub(super) fn size(&self) -> usize {
        self.rows.first().map_or(0, Vec::len)
    }

    /// The weighted fit at a given spread, or the column that others explain.
    pub(super) fn at(&self, spread: f64) -> Result<Fitted, usize> {
        let p = self.size();
        let weights: Vec<f64> = self.effects.iter().map(|effect| 1.0 / (effect.variance + spread)).collect();
        let (mut inner, mut squares, mut right) = (SquareMatrix::zeros(p), SquareMatrix::zeros(p), vec![0.0; p]);
        for ((effect, row), w) in self.effects.iter().zip(&self.rows).zip(&weights) {
            inner.add_outer(*w, row, row);
            squares.add_outer(w * w, row, row);
            for (right, x) in right.iter_mut().zip(row) {
                *right += w * x * effect.value;
            }
        }
        let factor = Cholesky::new(&inner)?;
        let coefficients = factor.solve(&right);
        let residuals: Vec<f64> =
            self.effects.iter().zip(&self.rows).map(|(effect, row)| effect.value - dot(row, &coefficients)).collect();
        let q = weights.iter().zip(&residuals).map(|(w, r)| w * r * r).sum();
        let inverse = factor.inverse();
        let shared: f64 =
            (0..p).flat_map(|i| (0..p).map(move |j| (i, j))).map(|(i, j)| inverse.at(i, j) * squares.at(j, i)).sum();
        let trace = weights.iter().sum::<f64>() - shared;
        Ok(Fitted { coefficients, factor, weights, residuals, q, trace })
    }

    /// The spread left over: by moments, or of highest restricted likelihood.
    pub(super) fn spread(&self, method: Method) -> Result<f64, CannotEstimate> {
        let df = count(self.effects.len()) - count(self.size());
        let none = self.at(0.0).map_err(|_| CannotEstimate::NotFinite { what: "the columns" })?;
        let moments = ((none.q - df) / none.trace).max(0.0);
        match method {
            Method::Equal => Ok(0.0),
            Method::DerSimonianLaird => Ok(moments),
            _ => {
                let slope = |spread: f64| {
                    self.at(spread).map_or(f64::NAN, |fit| {
                        let pull: f64 = fit.weights.iter().zip(&fit.residuals).map(|(w, r)| (w * r).powi(2)).sum();
                        fit.trace - pull
                    })
                };
                if slope(0.0) >= 0.0 {
                    return Ok(0.0);
                }
                root::bracket_and_bisect(0.0, df / none.trace, slope)
                    .ok_or(CannotEstimate::NotConverged { what: "the spread between trials", steps: 200 })
            }
        }
    }
}

/// Regresses effects on columns. The spread left over is by `DerSimonian` and Laird's moments or by restricted likelihood; other
/// methods are refused here.
pub fn regress(
    effects: &[Effect],
    columns: &[(&str, &[f64])],
    model: Model,
    confidence: Confidence,
) -> Result<Regression, CannotEstimate> {
    check(effects, columns.len() + 2)?;
    at_least("columns", columns.len(), 1)?;
    if !matches!(model.method, Method::Equal | Method::DerSimonianLaird | Method::Reml) {
        return Err(CannotEstimate::OutOfRange {
            what: "the method's place in the list",
            value: f64::from(model.method as u8),
            must_be: "that of equal effects, DerSimonian and Laird, or restricted likelihood",
        });
    }
    for (_, values) in columns {
        same_length("trials", effects.len(), "values in a column", values.len())?;
        all_finite("a column", values)?;
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
    let none = problem.at(0.0).map_err(collinear)?;
    let tau_squared = problem.spread(model.method)?;
    let fit = problem.at(tau_squared).map_err(collinear)?;
    let df = count(effects.len()) - count(names.len());
    let scale = if model.hartung_knapp { fit.q / df } else { 1.0 };
    let inverse = fit.factor.inverse();
    let point = if model.hartung_knapp {
        t_quantile(confidence.upper_point(), df)
    } else {
        normal_quantile(confidence.upper_point())
    };
    let coefficients = names
        .iter()
        .zip(fit.coefficients.iter().zip(inverse.diagonal()))
        .map(|(name, (&value, variance))| {
            let standard_error = (scale * variance).sqrt();
            let statistic = value / standard_error;
            let p = if model.hartung_knapp { t_two_sided(statistic, df) } else { normal_two_sided(statistic) };
            Coefficient {
                name: (*name).to_owned(),
                estimate: Estimate {
                    value,
                    standard_error,
                    interval: Interval::around(value, point * standard_error, confidence),
                },
                test: Test { statistic, degrees_of_freedom: model.hartung_knapp.then_some(df), p },
            }
        })
        .collect();
    let moderated: Vec<usize> = (1..names.len()).collect();
    let block = Cholesky::new(&inverse.part(&moderated)).map_err(|row| collinear(row + 1))?;
    let together = block.weigh(fit.coefficients.get(1..).unwrap_or_default());
    let m = count(moderated.len());
    let moderators = if model.hartung_knapp {
        let f = together / scale / m;
        Test { statistic: f, degrees_of_freedom: Some(m), p: f_sf(f, m, df) }
    } else {
        Test { statistic: together, degrees_of_freedom: Some(m), p: chi_squared_sf(together, m) }
    };
    let before = pool(effects, Model { hartung_knapp: false, ..model }, confidence)?.tau_squared;
    Ok(Regression {
        coefficients,
        tau_squared,
        explained: (before > 0.0).then(|| (100.0 * (before - tau_squared) / before).max(0.0)),
        residual: Test { statistic: none.q, degrees_of_freedom: Some(df), p: chi_squared_sf(none.q, df) },
        moderators,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_few_trials_and_a_constant_column_are_named() {
        let effects = [1.0, 2.0, 4.0, 3.0].map(|value| Effect { value, variance: 0.2 });
        let column = [1.0, 2.0, 3.0, 4.0];
        let fit = |n: usize, column: &[f64]| {
            regress(&effects[..n], &[("year", column)], Model::default(), Confidence::PERCENT_95)
        };
        assert!(matches!(fit(2, &column[..2]), Err(CannotEstimate::TooFew { needed: 3, .. })));
        assert_eq!(fit(4, &[2.0; 4]), Err(CannotEstimate::Collinear { what: "year".to_owned() }));
        assert!(fit(4, &column).is_ok());
    }
}
