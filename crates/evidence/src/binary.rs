//! Whether somebody had it, yes or no, beside several columns: logistic regression, with Firth's penalty where groups are separated, and
//! generalised estimating equations where one person answers at several visits (Liang and Zeger 1986).
//!
//! Besides odds ratios the standardised shares are given: what share would have it if everybody were in this arm and nothing else of
//! them changed. They are what a clinic asks for, and unlike an odds ratio they mean the same with and without covariates.

use crate::distribution::{normal_quantile, normal_two_sided};
use crate::estimate::{CannotEstimate, Confidence, Estimate, Interval, Missing, Test, at_least, count, same_length};
use crate::matrix::{Cholesky, SquareMatrix, dot};
use crate::mixed::{Design, ModelError};
use crate::proportion::Ratio;
use serde::Serialize;
use std::collections::BTreeMap;

/// How answers of one person go together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Together {
    /// As if they did not; errors still allow that they do.
    #[default]
    Independence,
    /// Any two alike.
    Exchangeable,
}

/// How the model is fitted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Way<'a> {
    /// Maximum likelihood, one answer per person.
    Likelihood,
    /// With Firth's penalty: finite where groups are separated, and less biased in small trials.
    Firth,
    /// Estimating equations: who each row belongs to, and how their answers go together.
    Equations(&'a [String], Together),
}

/// A model to be fitted. Rows without an answer are left out and counted.
#[derive(Debug, Clone, Copy)]
pub struct Logistic<'a> {
    /// The columns.
    pub design: &'a Design,
    /// Whether each row has it.
    pub outcome: &'a [Option<bool>],
    /// How it is fitted.
    pub way: Way<'a>,
    /// How much the intervals cover.
    pub confidence: Confidence,
}

/// One column's odds ratio.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OddsRatio {
    /// The column.
    pub name: String,
    /// The ratio of odds for one unit more, with its logarithm, the coefficient.
    pub ratio: Ratio,
    /// Its test.
    pub test: Test,
}

/// The fitted model.
#[derive(Debug, Clone)]
pub struct LogisticFit {
    /// The columns in order, the intercept first.
    pub columns: Vec<OddsRatio>,
    /// Minus twice the log-likelihood, and without any column; none under estimating equations.
    pub deviance: Option<(f64, f64)>,
    /// The correlation of any two answers of one person, where it is estimated.
    pub correlation: Option<f64>,
    /// How many people or other clusters, under estimating equations.
    pub clusters: Option<usize>,
    /// How many have it.
    pub events: usize,
    /// How many rows there are, and how many hold an answer.
    pub missing: Missing,
    design: Design,
    used: Vec<usize>,
    coefficients: Vec<f64>,
    covariance: SquareMatrix,
    confidence: Confidence,
}

struct Rows {
    x: Vec<Vec<f64>>,
    y: Vec<f64>,
    used: Vec<usize>,
}

fn share(x: &[f64], coefficients: &[f64]) -> f64 {
    1.0 / (1.0 + (-dot(x, coefficients)).exp())
}

/// The information of independent answers.
fn information(rows: &Rows, coefficients: &[f64]) -> SquareMatrix {
    let mut sum = SquareMatrix::zeros(coefficients.len());
    for x in &rows.x {
        let p = share(x, coefficients);
        sum.add_outer(p * (1.0 - p), x, x);
    }
    sum
}

fn deviance(rows: &Rows, coefficients: &[f64]) -> f64 {
    let log = |(x, y): (&Vec<f64>, &f64)| {
        let eta = dot(x, coefficients);
        // The logarithm of 1 + e^eta, without overflow.
        let soft = eta.max(0.0) + (-eta.abs()).exp().ln_1p();
        y * eta - soft
    };
    -2.0 * rows.x.iter().zip(&rows.y).map(log).sum::<f64>()
}

impl Logistic<'_> {
    fn rows(&self) -> Result<Rows, ModelError> {
        same_length("rows of the design", self.design.rows(), "outcomes", self.outcome.len())?;
        let (mut rows, mut line) = (Rows { x: Vec::new(), y: Vec::new(), used: Vec::new() }, Vec::new());
        for (row, answer) in self.outcome.iter().enumerate() {
            if let Some(answer) = answer {
                self.design.row(row, &mut line);
                rows.x.push(line.clone());
                rows.y.push(f64::from(u8::from(*answer)));
                rows.used.push(row);
            }
        }
        if rows.y.is_empty() {
            return Err(CannotEstimate::AllMissing { what: "answers", missing: self.outcome.len() }.into());
        }
        at_least("answers", rows.y.len(), self.design.width() + 1)?;
        let events: f64 = rows.y.iter().sum();
        if events == 0.0 {
            return Err(CannotEstimate::NoEvents { within: "in anybody".to_owned() }.into());
        }
        if events >= count(rows.y.len()) {
            return Err(CannotEstimate::NoVariation { what: "the outcome: everybody has it" }.into());
        }
        Ok(rows)
    }

    fn name(&self, column: usize) -> String {
        self.design.names().get(column).cloned().unwrap_or_default()
    }

    /// Fits the model.
    pub fn fit(&self) -> Result<LogisticFit, ModelError> {
        let rows = self.rows()?;
        let p = self.design.width();
        Cholesky::new(&information(&rows, &vec![0.0; p]))
            .map_err(|column| CannotEstimate::Collinear { what: self.name(column) })?;
        let (coefficients, covariance, correlation, clusters) = match self.way {
            Way::Likelihood => {
                let (coefficients, covariance) = self.climb(&rows, false)?;
                (coefficients, covariance, None, None)
            }
            Way::Firth => {
                let (coefficients, covariance) = self.climb(&rows, true)?;
                (coefficients, covariance, None, None)
            }
            Way::Equations(people, together) => self.equations(&rows, people, together)?,
        };
        let mean = rows.y.iter().sum::<f64>() / count(rows.y.len());
        let null = -2.0 * count(rows.y.len()) * (mean * mean.ln() + (1.0 - mean) * (1.0 - mean).ln());
        let equations = matches!(self.way, Way::Equations(..));
        let columns = self.design.names().into_iter().zip(coefficients.iter().zip(covariance.diagonal()));
        Ok(LogisticFit {
            columns: columns
                .map(|(name, (&log, variance))| {
                    let error = variance.sqrt();
                    let statistic = log / error;
                    let test = Test { statistic, degrees_of_freedom: None, p: normal_two_sided(statistic) };
                    OddsRatio { name, ratio: Ratio::from_log(log, error, self.confidence), test }
                })
                .collect(),
            deviance: (!equations).then(|| (deviance(&rows, &coefficients), null)),
            correlation,
            clusters,
            events: rows.y.iter().filter(|y| **y > 0.5).count(),
            missing: Missing::count(self.outcome),
            design: self.design.clone(),
            used: rows.used,
            coefficients,
            covariance,
            confidence: self.confidence,
        })
    }

    /// Newton's steps up the likelihood, penalised by half the logarithm of the information's determinant where asked for.
    fn climb(&self, rows: &Rows, firth: bool) -> Result<(Vec<f64>, SquareMatrix), ModelError> {
        let p = self.design.width();
        let no_bound = |column: usize| CannotEstimate::NoBound { what: self.name(column) };
        let height = |coefficients: &[f64]| {
            let own = -deviance(rows, coefficients) / 2.0;
            if !firth {
                return own;
            }
            Cholesky::new(&information(rows, coefficients))
                .map_or(f64::NEG_INFINITY, |factor| own + factor.log_determinant() / 2.0)
        };
        let mut coefficients = vec![0.0; p];
        let mut now = height(&coefficients);
        for _ in 0..200 {
            let factor = Cholesky::new(&information(rows, &coefficients)).map_err(no_bound)?;
            let mut slope = vec![0.0; p];
            for (x, y) in rows.x.iter().zip(&rows.y) {
                let mean = share(x, &coefficients);
                let pull = if firth { mean * (1.0 - mean) * factor.weigh(x) * (0.5 - mean) } else { 0.0 };
                slope.iter_mut().zip(x).for_each(|(sum, x)| *sum += (y - mean + pull) * x);
            }
            let step = factor.solve(&slope);
            let mut length = 1.0;
            let (next, there) = loop {
                let next: Vec<f64> = coefficients.iter().zip(&step).map(|(b, step)| b + length * step).collect();
                let there = height(&next);
                if there >= now - 1e-10 * now.abs() || length < 1e-8 {
                    break (next, there);
                }
                length /= 2.0;
            };
            let gained = (there - now).abs() <= 1e-12 * (now.abs() + 1e-3);
            // How far the step moves the rows, whatever the units of the columns.
            let reach = |by: &[f64]| rows.x.iter().map(|x| dot(x, by).abs()).fold(0.0, f64::max);
            let moved = reach(&step);
            (coefficients, now) = (next, there);
            if moved < 1e-9 {
                return Ok((coefficients, factor.inverse()));
            }
            if !firth && ((gained && moved > 0.01) || reach(&coefficients) > 40.0) {
                let names = (1..p).max_by(|a, b| {
                    let size = |k: usize| step.get(k).copied().unwrap_or(0.0).abs() * spread(rows, k);
                    size(*a).total_cmp(&size(*b))
                });
                return Err(no_bound(names.unwrap_or(0)).into());
            }
        }
        Err(CannotEstimate::NotConverged { what: "the coefficients", steps: 200 }.into())
    }

    #[expect(clippy::type_complexity, reason = "what the three ways hand back together")]
    fn equations(
        &self,
        rows: &Rows,
        people: &[String],
        together: Together,
    ) -> Result<(Vec<f64>, SquareMatrix, Option<f64>, Option<usize>), ModelError> {
        same_length("rows of the design", self.design.rows(), "people", people.len())?;
        let mut clusters: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, row) in rows.used.iter().enumerate() {
            clusters.entry(people.get(*row).map_or("", String::as_str)).or_default().push(at);
        }
        at_least("people with an answer", clusters.len(), 2)?;
        let (mut coefficients, _) = self.climb(rows, false)?;
        let mut alpha = 0.0;
        for _ in 0..200 {
            if together == Together::Exchangeable {
                alpha = pairwise(rows, &clusters, &coefficients)?;
            }
            let (bread, _, slope) = sums(rows, &clusters, &coefficients, alpha);
            let factor = Cholesky::new(&bread).map_err(|column| CannotEstimate::NoBound { what: self.name(column) })?;
            let step = factor.solve(&slope);
            coefficients.iter_mut().zip(&step).for_each(|(b, step)| *b += step);
            if rows.x.iter().map(|x| dot(x, &step).abs()).fold(0.0, f64::max) < 1e-10 {
                let (bread, meat, _) = sums(rows, &clusters, &coefficients, alpha);
                let inverse = Cholesky::new(&bread)
                    .map_err(|column| CannotEstimate::NoBound { what: self.name(column) })?
                    .inverse();
                let p = coefficients.len();
                let mut covariance = SquareMatrix::zeros(p);
                for score in &meat {
                    let moved = inverse.times(score);
                    covariance.add_outer(1.0, &moved, &moved);
                }
                let correlation = (together == Together::Exchangeable).then_some(alpha);
                return Ok((coefficients, covariance, correlation, Some(clusters.len())));
            }
        }
        Err(CannotEstimate::NotConverged { what: "the estimating equations", steps: 200 }.into())
    }
}

fn spread(rows: &Rows, column: usize) -> f64 {
    let values = || rows.x.iter().filter_map(|x| x.get(column).copied());
    values().fold(f64::NEG_INFINITY, f64::max) - values().fold(f64::INFINITY, f64::min)
}

/// The mean product of two standardised residuals of one person over their mean square.
fn pairwise(rows: &Rows, clusters: &BTreeMap<&str, Vec<usize>>, coefficients: &[f64]) -> Result<f64, CannotEstimate> {
    let residual = |at: &usize| match (rows.x.get(*at), rows.y.get(*at)) {
        (Some(x), Some(y)) => {
            let mean = share(x, coefficients);
            (y - mean) / (mean * (1.0 - mean)).sqrt()
        }
        _ => f64::NAN,
    };
    let (mut squares, mut products, mut pairs) = (0.0, 0.0, 0.0);
    for own in clusters.values() {
        let each: Vec<f64> = own.iter().map(residual).collect();
        let (sum, square) = each.iter().fold((0.0, 0.0), |sum, r| (sum.0 + r, sum.1 + r * r));
        squares += square;
        products += (sum * sum - square) / 2.0;
        pairs += count(each.len()) * (count(each.len()) - 1.0) / 2.0;
    }
    if pairs == 0.0 {
        return Err(CannotEstimate::TooFew { what: "people with two answers or more", found: 0, needed: 1 });
    }
    Ok(products / pairs / (squares / count(rows.y.len())))
}

/// The information, each person's score, and the scores' sum, where any two answers of one person correlate alike.
fn sums(
    rows: &Rows,
    clusters: &BTreeMap<&str, Vec<usize>>,
    coefficients: &[f64],
    alpha: f64,
) -> (SquareMatrix, Vec<Vec<f64>>, Vec<f64>) {
    let p = coefficients.len();
    let (mut bread, mut meat, mut slope) = (SquareMatrix::zeros(p), Vec::with_capacity(clusters.len()), vec![0.0; p]);
    for own in clusters.values() {
        let n = count(own.len());
        let shared = alpha / (1.0 + (n - 1.0) * alpha);
        // Each row over the root of its variance; the residual likewise.
        let (mut total, mut residuals) = (vec![0.0; p], 0.0);
        let mut score = vec![0.0; p];
        for at in own {
            let (Some(x), Some(y)) = (rows.x.get(*at), rows.y.get(*at)) else { continue };
            let mean = share(x, coefficients);
            let root = (mean * (1.0 - mean)).sqrt();
            let scaled: Vec<f64> = x.iter().map(|x| root * x).collect();
            let residual = (y - mean) / root;
            bread.add_outer(1.0 / (1.0 - alpha), &scaled, &scaled);
            score.iter_mut().zip(&scaled).for_each(|(sum, x)| *sum += residual * x / (1.0 - alpha));
            total.iter_mut().zip(&scaled).for_each(|(sum, x)| *sum += x);
            residuals += residual;
        }
        bread.add_outer(-shared / (1.0 - alpha), &total, &total);
        score.iter_mut().zip(&total).for_each(|(sum, x)| *sum -= shared / (1.0 - alpha) * residuals * x);
        slope.iter_mut().zip(&score).for_each(|(sum, own)| *sum += own);
        meat.push(score);
    }
    (bread, meat, slope)
}

impl LogisticFit {
    /// The share that would have it if everybody were at this level of the factor, with its slope over the coefficients.
    fn standardised(&self, factor: &str, level: &str) -> Result<(f64, Vec<f64>), ModelError> {
        let n = count(self.used.len());
        let (mut sum, mut slope) = (0.0, vec![0.0; self.coefficients.len()]);
        for row in &self.used {
            let x = self.design.row_with(*row, factor, level)?;
            let p = share(&x, &self.coefficients);
            sum += p / n;
            slope.iter_mut().zip(&x).for_each(|(sum, x)| *sum += p * (1.0 - p) * x / n);
        }
        Ok((sum, slope))
    }

    fn estimate(&self, value: f64, slope: &[f64]) -> Estimate {
        let standard_error = dot(&self.covariance.times(slope), slope).sqrt();
        let half = normal_quantile(self.confidence.upper_point()) * standard_error;
        Estimate { value, standard_error, interval: Interval::around(value, half, self.confidence) }
    }

    /// The standardised share of each level of a factor, by the delta method for these people.
    pub fn standardised_share(&self, factor: &str, level: &str) -> Result<Estimate, ModelError> {
        let (value, slope) = self.standardised(factor, level)?;
        Ok(self.estimate(value, &slope))
    }

    /// The standardised share at one level less that at another.
    pub fn standardised_difference(&self, factor: &str, first: &str, second: &str) -> Result<Estimate, ModelError> {
        let (a, b) = (self.standardised(factor, first)?, self.standardised(factor, second)?);
        let slope: Vec<f64> = a.1.iter().zip(&b.1).map(|(a, b)| a - b).collect();
        Ok(self.estimate(a.0 - b.0, &slope))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mixed::{DesignBuilder, Factor};

    fn design(arms: &[&str]) -> Design {
        DesignBuilder::new(arms.len()).factor(Factor::new("arm", arms, None).unwrap()).unwrap().build()
    }

    fn fit(design: &Design, outcome: &[Option<bool>], way: Way<'_>) -> Result<LogisticFit, ModelError> {
        Logistic { design, outcome, way, confidence: Confidence::PERCENT_95 }.fit()
    }

    const ARMS: [&str; 8] = ["a", "a", "a", "a", "b", "b", "b", "b"];

    #[test]
    fn a_table_of_two_by_two_is_its_own_odds_ratio() {
        let outcome = [true, false, false, false, true, true, true, false].map(Some);
        let found = fit(&design(&ARMS), &outcome, Way::Likelihood).unwrap();
        assert!((found.columns[1].ratio.value - 9.0).abs() < 1e-8);
        let difference = found.standardised_difference("arm", "b", "a").unwrap();
        assert!((difference.value - 0.5).abs() < 1e-9);
    }

    #[test]
    fn separated_groups_are_named_and_a_penalty_bounds_them() {
        let outcome = [false, false, false, false, true, true, true, false].map(Some);
        let design = design(&ARMS);
        let reason = fit(&design, &outcome, Way::Likelihood).unwrap_err().to_string();
        assert!(reason.contains("arm b") && reason.contains("no bound"), "{reason}");
        // For a table of two by two the penalty is half a person more in each cell.
        let found = fit(&design, &outcome, Way::Firth).unwrap();
        let expected = (3.5_f64 / 1.5) / (0.5 / 4.5);
        assert!((found.columns[1].ratio.value / expected - 1.0).abs() < 1e-6, "{}", found.columns[1].ratio.value);
    }

    #[test]
    fn nobody_and_everybody_having_it_and_too_few_are_named() {
        let design = design(&ARMS);
        let says = |outcome: &[Option<bool>]| fit(&design, outcome, Way::Likelihood).unwrap_err().to_string();
        assert!(says(&[Some(false); 8]).contains("no events"));
        assert!(says(&[Some(true); 8]).contains("everybody has it"));
        assert!(says(&[None; 8]).contains("all 8 answers are missing"));
        let mut two = [None; 8];
        (two[0], two[5]) = (Some(true), Some(false));
        assert!(says(&two).contains("2 answers"));
        let people: Vec<String> = (0..8).map(|n| n.to_string()).collect();
        let outcome = [true, false, false, false, true, true, true, false].map(Some);
        let reason = fit(&design, &outcome, Way::Equations(&people, Together::Exchangeable)).unwrap_err().to_string();
        assert!(reason.contains("two answers or more"), "{reason}");
    }
}
