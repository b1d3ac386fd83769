//! The linear mixed model: each person has an own level, and where asked an own slope, drawn from a normal spread.
//!
//! People whose times agree share one small inverse and one set of sums. The relative covariance factor is that of
//! Bates and colleagues (2015), "Fitting linear mixed-effects models using lme4", Journal of Statistical Software 67(1).

use std::collections::BTreeMap;

use nalgebra::{Cholesky, DMatrix, DVector};

use super::rows::{People, refuse_no_residual};
use super::search::{Deviance, Lowest, Point, lowest};
use super::sums::{PairSums, Solved, add, cell, log_determinant, put, refuse_collinear};
use super::{Design, FixedEffects, Likelihood, ModelError};
use crate::estimate::{CannotEstimate, Confidence, Missing, all_finite, at_least, count, same_length};

/// What varies between people.
#[derive(Debug, Clone)]
pub struct RandomEffects {
    names: Vec<String>,
    columns: Vec<Vec<f64>>,
}

impl RandomEffects {
    /// An own level for each person, for so many rows.
    #[must_use]
    pub fn intercept(rows: usize) -> Self {
        Self { names: vec!["Intercept".to_owned()], columns: vec![vec![1.0; rows]] }
    }

    /// Adds an own slope on a numeric variable.
    #[must_use]
    pub fn and_slope(mut self, name: &str, values: &[f64]) -> Self {
        self.names.push(name.to_owned());
        self.columns.push(values.to_vec());
        self
    }
}

/// A mixed model to be fitted. Rows whose outcome is missing are left out and counted.
#[derive(Debug, Clone, Copy)]
pub struct Mixed<'a> {
    /// The fixed effects.
    pub design: &'a Design,
    /// Who each row belongs to.
    pub people: &'a [String],
    /// The outcome of each row.
    pub outcome: &'a [Option<f64>],
    /// What varies between people.
    pub random: &'a RandomEffects,
    /// Which likelihood.
    pub likelihood: Likelihood,
    /// How much the intervals cover.
    pub confidence: Confidence,
}

/// A fitted mixed model. Missing outcomes are assumed missing at random given what the model holds.
#[derive(Debug, Clone)]
pub struct MixedFit {
    /// Coefficients, means and tests.
    pub fixed: FixedEffects,
    /// The names of what varies between people.
    pub random_names: Vec<String>,
    /// The covariance of what varies between people, row after row.
    pub random_covariance: Vec<Vec<f64>>,
    /// The variance within a person.
    pub residual_variance: f64,
    /// Whether a random effect came out without spread of its own, so that a simpler model says the same.
    pub singular: bool,
    /// Minus twice the log-likelihood.
    pub deviance: f64,
    /// The deviance plus twice the number of parameters, fixed effects included, as lme4 counts.
    pub aic: f64,
    /// The deviance plus the number of parameters times the logarithm of the number of answers, as lme4 counts.
    pub bic: f64,
    /// How many people have an answer.
    pub people: usize,
    /// How many rows there are, and how many hold an answer.
    pub missing: Missing,
    /// How many steps the search took.
    pub steps: usize,
    /// What is assumed of missing answers.
    pub assumption: &'static str,
}

struct Pattern {
    people: f64,
    products: DMatrix<f64>,
    sums: PairSums,
}

struct Surface {
    patterns: Vec<Pattern>,
    total: Vec<f64>,
    effects: usize,
    width: usize,
    rows: f64,
    restricted: bool,
}

impl Surface {
    fn factor(&self, parameters: &DVector<f64>) -> DMatrix<f64> {
        let q = self.effects;
        let mut factor = DMatrix::zeros(q, q);
        let mut next = parameters.iter().copied();
        for column in 0..q {
            for row in column..q {
                put(&mut factor, row, column, next.next().unwrap_or(f64::NAN));
            }
        }
        factor
    }

    fn log_spread(parameters: &DVector<f64>) -> f64 {
        parameters.as_slice().last().copied().unwrap_or(f64::NAN)
    }

    fn start(&self, variance: f64) -> DVector<f64> {
        let q = self.effects;
        let lower = (0..q).flat_map(|column| (column..q).map(move |row| if row == column { 0.7 } else { 0.0 }));
        let values: Vec<f64> = lower.chain([(variance / 2.0).ln() / 2.0]).collect();
        DVector::from_vec(values)
    }
}

impl Deviance for Surface {
    fn at(&self, parameters: &DVector<f64>) -> Option<Point> {
        let (q, factor) = (self.effects, self.factor(parameters));
        let log_spread = Self::log_spread(parameters);
        let precision = (-2.0 * log_spread).exp();
        let mut total = self.total.clone();
        let mut deviance = 2.0 * self.rows * log_spread;
        let mut shrunk = Vec::with_capacity(self.patterns.len());
        for pattern in &self.patterns {
            let inner = DMatrix::identity(q, q) + factor.transpose() * &pattern.products * &factor;
            let inner = Cholesky::new(inner)?;
            deviance += pattern.people * log_determinant(&inner);
            let shrink = &factor * inner.inverse() * factor.transpose();
            pattern.sums.weigh(&-&shrink, &mut total);
            shrunk.push(shrink);
        }
        total.iter_mut().for_each(|cell| *cell *= precision);
        let solved = Solved::from(&total, self.width)?;
        let columns = count(self.width - 1);
        let free = if self.restricted { self.rows - columns } else { self.rows };
        deviance += solved.residual + free * std::f64::consts::TAU.ln();
        if self.restricted {
            deviance += solved.log_determinant;
        }
        let table = solved.slope_table(self.restricted);
        let mut cells = DMatrix::zeros(q, q);
        for (pattern, shrink) in self.patterns.iter().zip(&shrunk) {
            let keep = DMatrix::identity(q, q) - shrink * &pattern.products;
            cells += &pattern.products * &keep * pattern.people;
            cells -= keep.transpose() * pattern.sums.against(&table) * &keep * precision;
        }
        let over_factor = (&cells + cells.transpose()) * &factor;
        let lower = (0..q).flat_map(|column| (column..q).map(move |row| (row, column)));
        let own = 2.0 * (free - solved.residual);
        let slope: Vec<f64> = lower.map(|(row, column)| cell(&over_factor, row, column)).chain([own]).collect();
        deviance.is_finite().then_some(Point { deviance, slope: DVector::from_vec(slope), solved })
    }
}

impl Mixed<'_> {
    /// Fits the model.
    pub fn fit(&self) -> Result<MixedFit, ModelError> {
        let people = People::gather(self.design, self.people, self.outcome)?;
        let columns = self.design.width();
        people.enough_for(columns)?;
        let scales = self.scales(&people.used)?;
        let surface = self.gather(&people, &scales);
        let most = people.rows.values().map(Vec::len).max().unwrap_or(0);
        // With no more answers than random effects in anybody, spread between and within people cannot be told apart.
        at_least("answers of the person with most", most, scales.len() + 1)?;
        refuse_collinear(&surface.total, surface.width, &self.design.names())?;
        let about_mean = surface.total.last().copied().unwrap_or(f64::NAN);
        let plain = Solved::from(&surface.total, surface.width)
            .ok_or(CannotEstimate::NotConverged { what: "the fixed effects", steps: 0 })?;
        refuse_no_residual(plain.residual, about_mean)?;
        let start = surface.start(plain.residual / surface.rows);
        let mut lowest = lowest(&surface, start, "the random effects")?;
        if let Some(first) = lowest.point.solved.coefficients.get_mut(0) {
            *first += people.shift;
        }
        Ok(self.report(&surface, people, &scales, lowest))
    }

    /// The root mean square of each random column, by which it is divided while fitting.
    fn scales(&self, used: &[usize]) -> Result<Vec<f64>, ModelError> {
        at_least("random effects", self.random.columns.len(), 1)?;
        let mut scales = Vec::new();
        for column in &self.random.columns {
            same_length("rows", self.design.rows(), "values of a random effect", column.len())?;
            all_finite("a random effect", column)?;
            let squares: f64 = used.iter().filter_map(|&row| column.get(row)).map(|value| value * value).sum();
            if squares == 0.0 {
                return Err(CannotEstimate::NoVariation { what: "a random effect" }.into());
            }
            scales.push((squares / count(used.len())).sqrt());
        }
        Ok(scales)
    }

    fn gather(&self, people: &People<'_>, scales: &[f64]) -> Surface {
        let (effects, width) = (scales.len(), self.design.width() + 1);
        let mut patterns: BTreeMap<Vec<u64>, Pattern> = BTreeMap::new();
        let mut whole = PairSums::new(1, width);
        let mut line = Vec::with_capacity(width);
        for rows in people.rows.values() {
            let mut products = DMatrix::zeros(effects, effects);
            let mut with_random = vec![0.0; effects * width];
            for &row in rows {
                self.design.row(row, &mut line);
                line.push(self.outcome.get(row).copied().flatten().unwrap_or(f64::NAN) - people.shift);
                whole.add(&line);
                let z: Vec<f64> = self
                    .random
                    .columns
                    .iter()
                    .zip(scales)
                    .map(|(column, scale)| column.get(row).copied().unwrap_or(f64::NAN) / scale)
                    .collect();
                for (a, (za, into)) in z.iter().zip(with_random.chunks_exact_mut(width)).enumerate() {
                    into.iter_mut().zip(&line).for_each(|(sum, value)| *sum += za * value);
                    for (b, zb) in z.iter().enumerate() {
                        add(&mut products, a, b, za * zb);
                    }
                }
            }
            let key = products.iter().map(|value| value.to_bits()).collect();
            let pattern = patterns.entry(key).or_insert_with(|| Pattern {
                people: 0.0,
                products,
                sums: PairSums::new(effects, width),
            });
            pattern.people += 1.0;
            pattern.sums.add(&with_random);
        }
        let mut total = vec![0.0; width * width];
        whole.weigh(&DMatrix::identity(1, 1), &mut total);
        Surface {
            patterns: patterns.into_values().collect(),
            total,
            effects,
            width,
            rows: count(people.used.len()),
            restricted: self.likelihood == Likelihood::Restricted,
        }
    }

    fn report(&self, surface: &Surface, people: People<'_>, scales: &[f64], lowest: Lowest) -> MixedFit {
        let factor = surface.factor(&lowest.parameters);
        let residual_variance = (2.0 * Surface::log_spread(&lowest.parameters)).exp();
        let relative = &factor * factor.transpose();
        let random_covariance = (0..scales.len())
            .map(|a| {
                scales
                    .iter()
                    .enumerate()
                    .map(|(b, scale)| {
                        let own = scales.get(a).copied().unwrap_or(f64::NAN);
                        residual_variance * cell(&relative, a, b) / (own * scale)
                    })
                    .collect()
            })
            .collect();
        let parameters = count(lowest.parameters.len() + self.design.width());
        let deviance = lowest.point.deviance;
        MixedFit {
            random_names: self.random.names.clone(),
            random_covariance,
            residual_variance,
            singular: factor.diagonal().iter().any(|value| value.abs() < 1e-4),
            deviance,
            aic: deviance + 2.0 * parameters,
            bic: deviance + parameters * surface.rows.ln(),
            people: people.rows.len(),
            missing: Missing { expected: self.outcome.len(), answered: people.used.len() },
            steps: lowest.steps,
            assumption: "Missing answers are assumed missing at random, given the answers and covariates in the model.",
            fixed: FixedEffects::new(self.design.clone(), people.used, lowest, self.confidence),
        }
    }
}
