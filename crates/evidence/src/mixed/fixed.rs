//! What a fitted model says: coefficients, means, differences and tests, with Satterthwaite's degrees of freedom.

use nalgebra::{Cholesky, DMatrix, DVector, SymmetricEigen};
use serde::Serialize;

use super::search::Lowest;
use super::{Design, ModelError, Weights};
use crate::distribution::{f_sf, t_quantile, t_two_sided};
use crate::estimate::{CannotEstimate, Confidence, Interval, count, same_length};

/// A value with its standard error, t test and interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct TEstimate {
    /// The best single value.
    pub value: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Degrees of freedom: Satterthwaite's in mixed models, those of the residual under least squares.
    pub degrees_of_freedom: f64,
    /// The value over its standard error.
    pub t: f64,
    /// The two-sided p value.
    pub p: f64,
    /// Its interval, by the t distribution.
    pub interval: Interval,
}

/// One coefficient by the name of its column.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Coefficient {
    /// The column.
    pub name: String,
    /// Its estimate.
    pub estimate: TEstimate,
}

/// A test of several hypotheses at once.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FTest {
    /// The term or hypothesis.
    pub name: String,
    /// The F value.
    pub f: f64,
    /// How many hypotheses.
    pub df_top: f64,
    /// Satterthwaite's degrees of freedom, drawn together over the hypotheses.
    pub df_bottom: f64,
    /// The upper tail.
    pub p: f64,
}

/// The fixed effects of a fitted model.
#[derive(Debug, Clone)]
pub struct FixedEffects {
    design: Design,
    used: Vec<usize>,
    coefficients: DVector<f64>,
    covariance: DMatrix<f64>,
    covariance_slopes: Vec<DMatrix<f64>>,
    parameter_covariance: DMatrix<f64>,
    confidence: Confidence,
    /// The rows' part of Kenward and Roger's adjustment, where the model can give it.
    doubly_weighed: Option<DMatrix<f64>>,
    /// The coefficients' covariance after that adjustment, where it was asked for.
    adjusted: Option<DMatrix<f64>>,
}

impl FixedEffects {
    pub(crate) fn new(design: Design, used: Vec<usize>, lowest: Lowest, confidence: Confidence) -> Self {
        Self {
            design,
            used,
            coefficients: lowest.point.solved.coefficients,
            covariance: lowest.point.solved.covariance,
            covariance_slopes: lowest.covariance_slopes,
            parameter_covariance: lowest.parameter_covariance,
            confidence,
            doubly_weighed: None,
            adjusted: None,
        }
    }

    pub(crate) fn and_doubly_weighed(mut self, doubly_weighed: Option<DMatrix<f64>>) -> Self {
        self.doubly_weighed = doubly_weighed;
        self
    }

    /// The same with Kenward and Roger's (1997) errors and F tests, which allow for the covariance having been estimated from few
    /// people. Second derivatives of the covariance are left out, as SAS does with `ddfm=kr(firstorder)`; under a free covariance,
    /// compound symmetry and Toeplitz, which are sums of their parameters, there are none.
    pub fn kenward_roger(&self) -> Result<Self, ModelError> {
        let none = CannotEstimate::NotConverged { what: "Kenward and Roger's adjustment", steps: 0 };
        let doubly = self.doubly_weighed.as_ref().ok_or_else(|| none.clone())?;
        let inverse = Cholesky::new(self.covariance.clone()).ok_or(none)?.inverse();
        let mut adjusted = &self.covariance + &self.covariance * doubly * &self.covariance * 2.0;
        for (r, left) in self.covariance_slopes.iter().enumerate() {
            let pulled = left * &inverse;
            for (s, right) in self.covariance_slopes.iter().enumerate() {
                let weight = self.parameter_covariance.get((r, s)).copied().unwrap_or(f64::NAN);
                adjusted -= &pulled * right * (2.0 * weight);
            }
        }
        Ok(Self { adjusted: Some(adjusted), ..self.clone() })
    }

    /// Whether errors and tests are Kenward and Roger's.
    #[must_use]
    pub fn is_kenward_roger(&self) -> bool {
        self.adjusted.is_some()
    }

    /// Fixed effects whose every test has the same degrees of freedom, as under least squares.
    ///
    /// They are told as one parameter that scales the whole covariance, from which Satterthwaite's rule gives back just these.
    pub(crate) fn with_degrees_of_freedom(
        design: Design,
        used: Vec<usize>,
        coefficients: DVector<f64>,
        covariance: DMatrix<f64>,
        degrees_of_freedom: f64,
        confidence: Confidence,
    ) -> Self {
        let covariance_slopes = vec![covariance.clone()];
        let parameter_covariance = DMatrix::from_element(1, 1, 2.0 / degrees_of_freedom);
        Self {
            design,
            used,
            coefficients,
            covariance,
            covariance_slopes,
            parameter_covariance,
            confidence,
            doubly_weighed: None,
            adjusted: None,
        }
    }

    /// The covariance of the coefficients, row after row.
    #[must_use]
    pub fn covariance(&self) -> Vec<Vec<f64>> {
        let covariance = self.adjusted.as_ref().unwrap_or(&self.covariance);
        covariance.row_iter().map(|row| row.iter().copied().collect()).collect()
    }

    /// The coefficients as bare numbers, in the order of the columns.
    pub(crate) fn values(&self) -> &[f64] {
        self.coefficients.as_slice()
    }

    /// Their standard errors, in the same order.
    pub(crate) fn standard_errors(&self) -> Vec<f64> {
        self.covariance.diagonal().iter().map(|variance| variance.sqrt()).collect()
    }

    /// Every coefficient, in the order of the columns.
    pub fn coefficients(&self) -> Result<Vec<Coefficient>, ModelError> {
        let width = self.design.width();
        let one = |(at, name): (usize, String)| {
            let weights: Vec<f64> = (0..width).map(|column| f64::from(u8::from(column == at))).collect();
            Ok(Coefficient { name, estimate: self.contrast(&weights)? })
        };
        self.design.names().into_iter().enumerate().map(one).collect()
    }

    fn degrees_of_freedom(&self, weights: &DVector<f64>, variance: f64) -> f64 {
        let slopes = self.covariance_slopes.iter().map(|slope| weights.dot(&(slope * weights)));
        let slopes = DVector::from_iterator(self.covariance_slopes.len(), slopes);
        2.0 * variance * variance / slopes.dot(&(&self.parameter_covariance * &slopes))
    }

    /// A weighted sum of the coefficients, one weight per column.
    pub fn contrast(&self, weights: &[f64]) -> Result<TEstimate, ModelError> {
        same_length("weights", weights.len(), "coefficients", self.coefficients.len())?;
        let weights = DVector::from_column_slice(weights);
        let value = weights.dot(&self.coefficients);
        let variance = weights.dot(&(&self.covariance * &weights));
        if !(variance.is_finite() && variance > 0.0) {
            return Err(CannotEstimate::NoVariation { what: "the contrast" }.into());
        }
        let standard_error = match &self.adjusted {
            Some(adjusted) => weights.dot(&(adjusted * &weights)).sqrt(),
            None => variance.sqrt(),
        };
        let df = self.degrees_of_freedom(&weights, variance);
        let half = t_quantile(self.confidence.upper_point(), df) * standard_error;
        let t = value / standard_error;
        let interval = Interval::around(value, half, self.confidence);
        Ok(TEstimate { value, standard_error, degrees_of_freedom: df, t, p: t_two_sided(t, df), interval })
    }

    /// The least-squares mean at the levels named, such as one arm at one visit.
    pub fn mean(&self, at: &[(&str, &str)], weights: Weights) -> Result<TEstimate, ModelError> {
        self.contrast(&self.design.mean_at(at, weights, &self.used)?)
    }

    /// The first least-squares mean less the second.
    pub fn difference(
        &self,
        first: &[(&str, &str)],
        second: &[(&str, &str)],
        weights: Weights,
    ) -> Result<TEstimate, ModelError> {
        let first = self.design.mean_at(first, weights, &self.used)?;
        let second = self.design.mean_at(second, weights, &self.used)?;
        self.contrast(&first.iter().zip(&second).map(|(a, b)| a - b).collect::<Vec<_>>())
    }

    /// Tests several weighted sums at once against zero.
    pub fn f_test(&self, name: &str, hypotheses: &[Vec<f64>]) -> Result<FTest, ModelError> {
        let width = self.coefficients.len();
        for one in hypotheses {
            same_length("weights", one.len(), "coefficients", width)?;
        }
        if hypotheses.is_empty() {
            return Err(CannotEstimate::TooFew { what: "hypotheses", found: 0, needed: 1 }.into());
        }
        let rows = DMatrix::from_row_iterator(hypotheses.len(), width, hypotheses.iter().flatten().copied());
        let parts = SymmetricEigen::new(&rows * &self.covariance * rows.transpose());
        let most = parts.eigenvalues.amax();
        let mut squares = 0.0;
        let mut frees = Vec::new();
        let mut kept: Vec<(DVector<f64>, f64)> = Vec::new();
        for (axis, &variance) in parts.eigenvectors.column_iter().zip(parts.eigenvalues.iter()) {
            // A hypothesis that the others already make adds no test of its own.
            if variance > 1e-10 * most {
                let weights = rows.transpose() * axis;
                let value = weights.dot(&self.coefficients);
                squares += value * value / variance;
                frees.push(self.degrees_of_freedom(&weights, variance));
                kept.push((weights, variance));
            }
        }
        if frees.is_empty() {
            return Err(CannotEstimate::NoVariation { what: "the hypotheses" }.into());
        }
        let df_top = count(frees.len());
        if let Some(adjusted) = &self.adjusted {
            let (f, df_bottom) = self.kenward_roger_f(&kept, adjusted)?;
            return Ok(FTest { name: name.to_owned(), f, df_top, df_bottom, p: f_sf(f, df_top, df_bottom) });
        }
        let (f, df_bottom) = (squares / df_top, together(&frees));
        Ok(FTest { name: name.to_owned(), f, df_top, df_bottom, p: f_sf(f, df_top, df_bottom) })
    }

    /// Kenward and Roger's scaled F and its degrees of freedom, for hypotheses without covariance between them.
    fn kenward_roger_f(&self, kept: &[(DVector<f64>, f64)], adjusted: &DMatrix<f64>) -> Result<(f64, f64), ModelError> {
        let q = count(kept.len());
        let rows =
            DMatrix::from_columns(&kept.iter().map(|(weights, _)| weights.clone()).collect::<Vec<_>>()).transpose();
        let middle = Cholesky::new(&rows * adjusted * rows.transpose())
            .ok_or(CannotEstimate::NoVariation { what: "the hypotheses" })?;
        let values = &rows * &self.coefficients;
        let wald = values.dot(&middle.solve(&values)) / q;
        let width = self.coefficients.len();
        let theta = kept.iter().fold(DMatrix::zeros(width, width), |sum, (weights, variance)| {
            sum + weights * weights.transpose() / *variance
        });
        let pulled: Vec<DMatrix<f64>> = self.covariance_slopes.iter().map(|slope| &theta * slope).collect();
        let (mut a1, mut a2) = (0.0, 0.0);
        for (r, left) in pulled.iter().enumerate() {
            for (s, right) in pulled.iter().enumerate() {
                let weight = self.parameter_covariance.get((r, s)).copied().unwrap_or(f64::NAN);
                a1 += weight * left.trace() * right.trace();
                a2 += weight * (left * right).trace();
            }
        }
        let b = (a1 + 6.0 * a2) / (2.0 * q);
        let g = ((q + 1.0) * a1 - (q + 4.0) * a2) / ((q + 2.0) * a2);
        let under = 3.0 * q + 2.0 * (1.0 - g);
        let (c1, c2, c3) = (g / under, (q - g) / under, (q + 2.0 - g) / under);
        let mean = 1.0 / (1.0 - a2 / q);
        let variance = 2.0 / q * (1.0 + c1 * b) / ((1.0 - c2 * b).powi(2) * (1.0 - c3 * b));
        let ratio = variance / (2.0 * mean * mean);
        let df = 4.0 + (q + 2.0) / (q * ratio - 1.0);
        Ok((wald * df / (mean * (df - 2.0)), df))
    }

    /// The type 3 test of every term. A term without columns, such as an arm that everybody is in, has nothing to test.
    pub fn type_three(&self) -> Result<Vec<FTest>, ModelError> {
        let mut found = Vec::new();
        for term in self.design.terms() {
            let hypotheses = self.design.type_three(term)?;
            if !hypotheses.is_empty() {
                found.push(self.f_test(term, &hypotheses)?);
            }
        }
        Ok(found)
    }
}

/// One number of degrees of freedom for several t tests, so that F has the mean that they would give it.
fn together(frees: &[f64]) -> f64 {
    let first = frees.first().copied().unwrap_or(f64::NAN);
    if frees.iter().all(|free| (free - first).abs() < 1e-8 * first.abs()) {
        return first;
    }
    if frees.iter().any(|free| *free <= 2.0) {
        return 2.0;
    }
    let mean: f64 = frees.iter().map(|free| free / (free - 2.0)).sum();
    2.0 * mean / (mean - count(frees.len()))
}
