//! Sorts rows by person and checks what every model for repeated measures needs.

use std::collections::BTreeMap;

use super::{Design, ModelError};
use crate::estimate::{CannotEstimate, at_least, count, same_length};

/// The rows with an answer, by person.
pub(crate) struct People<'a> {
    /// Each person's rows, in the order given. People stand in the order of their names.
    pub(crate) rows: BTreeMap<&'a str, Vec<usize>>,
    /// Every row used, in the order given.
    pub(crate) used: Vec<usize>,
    /// The mean outcome. It is taken off while fitting, so that large values lose no figures, and put back after.
    pub(crate) shift: f64,
}

impl<'a> People<'a> {
    pub(crate) fn gather(design: &Design, people: &'a [String], outcome: &[Option<f64>]) -> Result<Self, ModelError> {
        same_length("rows of the design", design.rows(), "outcomes", outcome.len())?;
        same_length("rows of the design", design.rows(), "people", people.len())?;
        let mut rows: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let mut used = Vec::new();
        let mut sum = 0.0;
        for (row, (person, outcome)) in people.iter().zip(outcome).enumerate() {
            if let Some(outcome) = outcome {
                if !outcome.is_finite() {
                    return Err(CannotEstimate::NotFinite { what: "the outcome" }.into());
                }
                rows.entry(person).or_default().push(row);
                used.push(row);
                sum += outcome;
            }
        }
        if used.is_empty() {
            return Err(CannotEstimate::AllMissing { what: "answers", missing: outcome.len() }.into());
        }
        at_least("people with an answer", rows.len(), 2)?;
        let shift = sum / count(used.len());
        Ok(Self { rows, used, shift })
    }

    /// Refuses too few answers for so many columns.
    pub(crate) fn enough_for(&self, width: usize) -> Result<(), ModelError> {
        Ok(at_least("answers", self.used.len(), width + 1)?)
    }
}

/// Refuses answers that the design explains to the last figure.
pub(crate) fn refuse_no_residual(residual: f64, about_mean: f64) -> Result<(), ModelError> {
    if residual > 1e-12 * about_mean && about_mean > 0.0 {
        Ok(())
    } else {
        Err(CannotEstimate::NoVariation { what: "the outcome beyond what the columns explain" }.into())
    }
}
