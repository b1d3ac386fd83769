//! Mixed model for repeated measures: each visit has its own mean, and the answers of one person go together as a
//! covariance between visits says. People who drop out count with the answers they gave.
//!
//! The method is that of the R package mmrm (openpharma), against whose printed results it is tested.

mod likelihood;
mod structure;

use serde::Serialize;

pub use structure::Structure;

use crate::estimate::{CannotEstimate, Confidence, Missing, at_least, count, same_length};
use crate::mixed::rows::{People, refuse_no_residual};
use crate::mixed::search::lowest;
use crate::mixed::sums::{Solved, refuse_collinear};
use crate::mixed::{Design, Factor, FixedEffects, Likelihood, ModelError, TEstimate, Weights};
use likelihood::Surface;

/// A model to be fitted. Rows whose outcome is missing are left out and counted.
#[derive(Debug, Clone, Copy)]
pub struct Mmrm<'a> {
    /// The fixed effects.
    pub design: &'a Design,
    /// Who each row belongs to.
    pub people: &'a [String],
    /// The visit of each row, its levels in the order of time.
    pub visits: &'a Factor,
    /// The outcome of each row.
    pub outcome: &'a [Option<f64>],
    /// The shape of the covariance between visits.
    pub structure: Structure,
    /// Which likelihood.
    pub likelihood: Likelihood,
    /// How much the intervals cover.
    pub confidence: Confidence,
}

/// A fitted model. Missing outcomes are assumed missing at random given what the model holds.
#[derive(Debug, Clone)]
pub struct MmrmFit {
    /// Coefficients, means and tests.
    pub fixed: FixedEffects,
    /// The visits, in the order of the covariance.
    pub visits: Vec<String>,
    /// The covariance between visits, row after row.
    pub covariance: Vec<Vec<f64>>,
    /// The shape of that covariance.
    pub structure: Structure,
    /// Which likelihood was used.
    pub likelihood: Likelihood,
    /// Minus twice the log-likelihood.
    pub deviance: f64,
    /// The deviance plus twice the number of covariance parameters; under full likelihood fixed effects count too.
    pub aic: f64,
    /// As `aic`, with the logarithm of the number of people for each parameter in place of two.
    pub bic: f64,
    /// How many covariance parameters.
    pub covariance_parameters: usize,
    /// How many people have an answer.
    pub people: usize,
    /// How many rows there are, and how many hold an answer.
    pub missing: Missing,
    /// How many steps the search took.
    pub steps: usize,
    /// What is assumed of missing answers.
    pub assumption: &'static str,
    visit_variable: String,
}

/// A mean or a difference at one visit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AtVisit {
    /// The visit.
    pub visit: String,
    /// The arm, or the two arms as "first - second".
    pub arm: String,
    /// Its estimate.
    pub estimate: TEstimate,
}

impl Mmrm<'_> {
    /// Fits the model.
    pub fn fit(&self) -> Result<MmrmFit, ModelError> {
        let people = People::gather(self.design, self.people, self.outcome)?;
        same_length("rows of the design", self.design.rows(), "visits", self.visits.codes().len())?;
        at_least("visits", self.visits.levels().len(), 1)?;
        let surface = Surface::gather(self, &people)?;
        surface.refuse_unseen(self.visits.levels(), self.structure)?;
        let plain_total = surface.plain_total();
        refuse_collinear(&plain_total, surface.width, &self.design.names())?;
        people.enough_for(self.design.width())?;
        let plain = Solved::from(&plain_total, surface.width)
            .ok_or(CannotEstimate::NotConverged { what: "the fixed effects", steps: 0 })?;
        refuse_no_residual(plain.residual, plain_total.last().copied().unwrap_or(f64::NAN))?;
        let variances = surface.variances(&plain);
        let most = variances.iter().copied().fold(0.0, f64::max);
        if variances.iter().any(|variance| *variance <= 1e-12 * most) {
            return Err(CannotEstimate::NoVariation { what: "the outcome at one of the visits" }.into());
        }
        let mut lowest = lowest(&surface, self.structure.start(&variances), "the covariance between visits")?;
        if let Some(first) = lowest.point.solved.coefficients.get_mut(0) {
            *first += people.shift;
        }
        let covariance = self.structure.covariance(variances.len(), &lowest.parameters);
        let doubly = surface.doubly_weighed(&lowest.parameters, &lowest.parameter_covariance);
        let deviance = lowest.point.deviance;
        let covariance_parameters = lowest.parameters.len();
        let counted = count(match self.likelihood {
            Likelihood::Restricted => covariance_parameters,
            Likelihood::Full => covariance_parameters + self.design.width(),
        });
        Ok(MmrmFit {
            visits: self.visits.levels().to_vec(),
            covariance: covariance.row_iter().map(|row| row.iter().copied().collect()).collect(),
            structure: self.structure,
            likelihood: self.likelihood,
            deviance,
            aic: deviance + 2.0 * counted,
            bic: deviance + counted * count(people.rows.len()).ln(),
            covariance_parameters,
            people: people.rows.len(),
            missing: Missing { expected: self.outcome.len(), answered: people.used.len() },
            steps: lowest.steps,
            assumption: "Missing answers are assumed missing at random, given the answers and covariates in the model.",
            visit_variable: self.visits.name().to_owned(),
            fixed: FixedEffects::new(self.design.clone(), people.used, lowest, self.confidence)
                .and_doubly_weighed(doubly),
        })
    }
}

impl MmrmFit {
    /// The least-squares mean of an arm at every visit.
    pub fn means_by_visit(&self, variable: &str, arm: &str, weights: Weights) -> Result<Vec<AtVisit>, ModelError> {
        let one = |visit: &String| {
            let estimate = self.fixed.mean(&[(variable, arm), (&self.visit_variable, visit)], weights)?;
            Ok(AtVisit { visit: visit.clone(), arm: arm.to_owned(), estimate })
        };
        self.visits.iter().map(one).collect()
    }

    /// The least-squares mean of one arm less that of another at every visit.
    pub fn differences_by_visit(
        &self,
        variable: &str,
        first: &str,
        second: &str,
        weights: Weights,
    ) -> Result<Vec<AtVisit>, ModelError> {
        let one = |visit: &String| {
            let at = |arm| [(variable, arm), (self.visit_variable.as_str(), visit.as_str())];
            let estimate = self.fixed.difference(&at(first), &at(second), weights)?;
            Ok(AtVisit { visit: visit.clone(), arm: format!("{first} - {second}"), estimate })
        };
        self.visits.iter().map(one).collect()
    }
}
