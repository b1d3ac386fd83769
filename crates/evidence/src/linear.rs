//! Least squares on one answer per person: analysis of covariance, and any comparison of means beside other columns.
//!
//! The adjusted difference between arms is the usual first analysis of a trial with a score before and a score after (Vickers and
//! Altman 2001). Standard errors are the plain ones, those that let the spread differ from row to row (HC3 of MacKinnon and White
//! 1985 unless another is asked for), or those that let rows of one cluster go together (CR1).

use nalgebra::{DMatrix, DVector};
use serde::Serialize;
use std::collections::BTreeMap;

use crate::distribution::f_sf;
use crate::estimate::{CannotEstimate, Confidence, Missing, Test, all_finite, at_least, count, same_length};
use crate::mixed::rows::refuse_no_residual;
use crate::mixed::sums::refuse_collinear;
use crate::mixed::{Design, FixedEffects, ModelError};

/// How an answer's own spread enters the standard errors when it may differ from row to row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Robust {
    /// The squared residuals as they are.
    Hc0,
    /// Those, with n over n less the number of columns.
    Hc1,
    /// Each over one less its leverage.
    Hc2,
    /// Each over the square of one less its leverage, which holds best in small trials.
    #[default]
    Hc3,
}

/// What the standard errors take for granted.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum Errors<'a> {
    /// Every answer has the same spread.
    #[default]
    Plain,
    /// The spread may differ from row to row.
    Robust(Robust),
    /// Rows of one cluster, named row by row, may go together.
    Clustered(&'a [String]),
}

/// A linear model to be fitted. Rows whose outcome is missing are left out and counted.
#[derive(Debug, Clone, Copy)]
pub struct Linear<'a> {
    /// The columns.
    pub design: &'a Design,
    /// The outcome of each row.
    pub outcome: &'a [Option<f64>],
    /// What the standard errors take for granted.
    pub errors: Errors<'a>,
    /// How much the intervals cover.
    pub confidence: Confidence,
}

/// A fitted linear model.
#[derive(Debug, Clone)]
pub struct LinearFit {
    /// Coefficients, adjusted means, differences and tests.
    pub fixed: FixedEffects,
    /// The residual standard deviation.
    pub residual_sd: f64,
    /// The degrees of freedom of the tests: of the residual, or of the clusters.
    pub degrees_of_freedom: f64,
    /// The share of the outcome's variance that the columns explain.
    pub r_squared: f64,
    /// The F test of all columns together, with plain standard errors.
    pub overall: Option<Test>,
    /// How many clusters, where rows were clustered.
    pub clusters: Option<usize>,
    /// How many rows there are, and how many hold an answer.
    pub missing: Missing,
}

impl Linear<'_> {
    /// Fits the model.
    pub fn fit(&self) -> Result<LinearFit, ModelError> {
        same_length("rows of the design", self.design.rows(), "outcomes", self.outcome.len())?;
        let used: Vec<usize> =
            self.outcome.iter().enumerate().filter(|(_, one)| one.is_some()).map(|(row, _)| row).collect();
        if used.is_empty() {
            return Err(CannotEstimate::AllMissing { what: "answers", missing: self.outcome.len() }.into());
        }
        let answers: Vec<f64> = used.iter().filter_map(|&row| self.outcome.get(row).copied().flatten()).collect();
        all_finite("the outcome", &answers)?;
        let (n, width) = (used.len(), self.design.width());
        at_least("answers", n, width + 1)?;
        let shift = answers.iter().sum::<f64>() / count(n);
        let y = DVector::from_iterator(n, answers.iter().map(|answer| answer - shift));
        let (x, about_mean) = (self.columns(&used), y.norm_squared());
        refuse_collinear(&with_outcome(&x, &y), width + 1, &self.design.names())?;
        let qr = x.clone().qr();
        let inverse_r =
            qr.r().try_inverse().ok_or(CannotEstimate::NotConverged { what: "the coefficients", steps: 0 })?;
        let mut coefficients = &inverse_r * (qr.q().transpose() * &y);
        let unscaled = &inverse_r * inverse_r.transpose();
        let residuals = &y - &x * &coefficients;
        let squares = residuals.norm_squared();
        refuse_no_residual(squares, about_mean)?;
        let free = count(n - width);
        let variance = squares / free;
        let (covariance, df, clusters) = match self.errors {
            Errors::Plain => (&unscaled * variance, free, None),
            Errors::Robust(how) => (robust(&x, &unscaled, &residuals, how, free)?, free, None),
            Errors::Clustered(names) => {
                let (covariance, clusters) = clustered(&x, &unscaled, &residuals, names, &used)?;
                (covariance, count(clusters - 1), Some(clusters))
            }
        };
        if let Some(first) = coefficients.get_mut(0) {
            *first += shift;
        }
        let r_squared = 1.0 - squares / about_mean;
        let top = count(width - 1);
        let overall = (width > 1).then(|| {
            let statistic = (about_mean - squares) / top / variance;
            Test { statistic, degrees_of_freedom: Some(top), p: f_sf(statistic, top, free) }
        });
        Ok(LinearFit {
            fixed: FixedEffects::with_degrees_of_freedom(
                self.design.clone(),
                used,
                coefficients,
                covariance,
                df,
                self.confidence,
            ),
            residual_sd: variance.sqrt(),
            degrees_of_freedom: df,
            r_squared,
            overall,
            clusters,
            missing: Missing::count(self.outcome),
        })
    }

    fn columns(&self, used: &[usize]) -> DMatrix<f64> {
        let mut line = Vec::new();
        let mut cells = Vec::with_capacity(used.len() * self.design.width());
        for &row in used {
            self.design.row(row, &mut line);
            cells.extend_from_slice(&line);
        }
        DMatrix::from_row_slice(used.len(), self.design.width(), &cells)
    }
}

/// The cross products of all columns with the outcome as the last.
fn with_outcome(x: &DMatrix<f64>, y: &DVector<f64>) -> Vec<f64> {
    let whole = x.clone().insert_column(x.ncols(), 0.0);
    let mut whole = whole;
    whole.set_column(x.ncols(), y);
    (whole.transpose() * &whole).as_slice().to_vec()
}

/// The sandwich with each row's own squared residual inside.
fn robust(
    x: &DMatrix<f64>,
    unscaled: &DMatrix<f64>,
    residuals: &DVector<f64>,
    how: Robust,
    free: f64,
) -> Result<DMatrix<f64>, CannotEstimate> {
    let n = count(x.nrows());
    let mut inside = DMatrix::zeros(x.ncols(), x.ncols());
    for (row, residual) in x.row_iter().zip(residuals.iter()) {
        let column = row.transpose();
        let left = 1.0 - column.dot(&(unscaled * &column));
        if left < 1e-10 && matches!(how, Robust::Hc2 | Robust::Hc3) {
            return Err(CannotEstimate::NoVariation { what: "a row that decides a coefficient alone" });
        }
        let weight = match how {
            Robust::Hc0 => 1.0,
            Robust::Hc1 => n / free,
            Robust::Hc2 => 1.0 / left,
            Robust::Hc3 => 1.0 / (left * left),
        };
        inside += &column * column.transpose() * (residual * residual * weight);
    }
    Ok(unscaled * inside * unscaled)
}

/// The sandwich with the summed scores of each cluster inside, and how many clusters there are.
fn clustered(
    x: &DMatrix<f64>,
    unscaled: &DMatrix<f64>,
    residuals: &DVector<f64>,
    names: &[String],
    used: &[usize],
) -> Result<(DMatrix<f64>, usize), CannotEstimate> {
    let mut scores: BTreeMap<&str, DVector<f64>> = BTreeMap::new();
    for ((line, residual), &row) in x.row_iter().zip(residuals.iter()).zip(used) {
        let name = names.get(row).ok_or(CannotEstimate::LengthsDiffer {
            what_first: "rows",
            first: used.len(),
            what_second: "cluster names",
            second: names.len(),
        })?;
        let own = scores.entry(name).or_insert_with(|| DVector::zeros(x.ncols()));
        *own += line.transpose() * *residual;
    }
    at_least("clusters", scores.len(), 2)?;
    let inside: DMatrix<f64> =
        scores.values().map(|score| score * score.transpose()).fold(DMatrix::zeros(x.ncols(), x.ncols()), |a, b| a + b);
    let (g, n) = (count(scores.len()), count(x.nrows()));
    let factor = g / (g - 1.0) * (n - 1.0) / (n - count(x.ncols()));
    Ok((unscaled * inside * unscaled * factor, scores.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mixed::{DesignBuilder, Factor};

    fn arms(arms: &[&str], base: &[f64]) -> Design {
        let factor = Factor::new("arm", arms, None).unwrap();
        DesignBuilder::new(arms.len()).factor(factor).unwrap().number("base", base).unwrap().build()
    }

    fn fit(design: &Design, outcome: &[Option<f64>], errors: Errors<'_>) -> Result<LinearFit, ModelError> {
        Linear { design, outcome, errors, confidence: Confidence::PERCENT_95 }.fit()
    }

    #[test]
    fn an_outcome_that_columns_explain_to_the_last_figure_is_refused() {
        let design = arms(&["a", "b", "a", "b", "a"], &[1.0, 2.0, 3.0, 4.0, 6.0]);
        let exact: Vec<_> = [1.0, 2.0, 3.0, 4.0, 6.0].map(Some).to_vec();
        let reason = fit(&design, &exact, Errors::Plain).unwrap_err().to_string();
        assert!(reason.contains("no variation in the outcome beyond what the columns explain"), "{reason}");
    }

    #[test]
    fn nobody_answering_too_few_and_a_repeated_column_are_named() {
        let design = arms(&["a", "b", "a", "b"], &[1.0, 2.0, 3.0, 4.0]);
        let none = fit(&design, &[None; 4], Errors::Plain).unwrap_err().to_string();
        assert!(none.contains("all 4 answers are missing"), "{none}");
        let few = fit(&design, &[Some(1.0), None, Some(2.0), Some(2.5)], Errors::Plain).unwrap_err().to_string();
        assert!(few.contains("3 answers") && few.contains("at least 4"), "{few}");
        let same = arms(&["a", "b", "a", "b", "a", "b"], &[0.0, 1.0, 0.0, 1.0, 0.0, 1.0]);
        let outcome = [1.0, 3.0, 2.0, 5.0, 2.0, 4.0].map(Some);
        let reason = fit(&same, &outcome, Errors::Plain).unwrap_err().to_string();
        assert!(reason.contains("base can be made from arm b"), "{reason}");
    }

    #[test]
    fn a_person_alone_in_a_group_has_no_robust_error_and_one_cluster_is_none() {
        let design = arms(&["a", "a", "a", "a", "b"], &[1.0, 2.0, 3.0, 5.0, 1.0]);
        let outcome = [1.0, 3.0, 2.0, 7.0, 4.0].map(Some);
        let alone = fit(&design, &outcome, Errors::Robust(Robust::Hc3)).unwrap_err().to_string();
        assert!(alone.contains("decides a coefficient alone"), "{alone}");
        let one = vec!["site".to_owned(); 5];
        let reason = fit(&design, &outcome, Errors::Clustered(&one)).unwrap_err().to_string();
        assert!(reason.contains("1 clusters"), "{reason}");
    }
}
