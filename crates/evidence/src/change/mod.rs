//! How people changed: reliable change, clinically significant change, response and remission.
//!
//! Each figure states how many had no answer, and what it would be if everybody who did not answer had done badly or had done
//! well. A share among those who answered is not a share among those who started.

mod individual;
mod rate;

pub use individual::{Class, ClassRule, ReliableChange, cutoff_between};
pub use rate::{Classes, Rate, Response, classes, remission, response};

use crate::estimate::{CannotEstimate, Confidence, Missing};
use crate::mean_difference::{MeanDifference, Sample, one_sample};
use serde::Serialize;

/// Which way a scale points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// A higher score is worse, as on the PCL-5.
    HigherIsWorse,
    /// A higher score is better, as on a scale of functioning.
    HigherIsBetter,
}

impl Direction {
    /// How far somebody moved towards better.
    #[must_use]
    pub fn improvement(self, before: f64, after: f64) -> f64 {
        match self {
            Self::HigherIsWorse => before - after,
            Self::HigherIsBetter => after - before,
        }
    }

    /// Whether a score is at the limit or on the better side of it.
    #[must_use]
    pub fn reaches(self, score: f64, limit: f64) -> bool {
        match self {
            Self::HigherIsWorse => score <= limit,
            Self::HigherIsBetter => score >= limit,
        }
    }
}

/// One person's score before and after; either may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Pair {
    /// The score before treatment.
    pub before: Option<f64>,
    /// The score at the time that is asked about.
    pub after: Option<f64>,
}

impl Pair {
    /// Both scores, where there are both.
    #[must_use]
    pub fn both(self) -> Option<(f64, f64)> {
        self.before.zip(self.after)
    }
}

/// The pairs with both scores, and how many have not; refused where no pair is whole or a score is not finite.
fn whole(pairs: &[Pair]) -> Result<(Vec<(f64, f64)>, Missing), CannotEstimate> {
    let whole: Vec<(f64, f64)> = pairs.iter().filter_map(|pair| pair.both()).collect();
    let missing = Missing { expected: pairs.len(), answered: whole.len() };
    if pairs.is_empty() {
        return Err(CannotEstimate::TooFew { what: "people", found: 0, needed: 1 });
    }
    if whole.is_empty() {
        return Err(CannotEstimate::AllMissing { what: "pairs of scores", missing: missing.missing() });
    }
    if whole.iter().any(|(before, after)| !before.is_finite() || !after.is_finite()) {
        return Err(CannotEstimate::NotFinite { what: "the scores" });
    }
    Ok((whole, missing))
}

/// The mean change of a group, after less before.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct MeanChange {
    /// The scores before, of those with both.
    pub before: Sample,
    /// The scores after, of those with both.
    pub after: Sample,
    /// The change with its paired t test.
    pub change: MeanDifference,
    /// The change in standard deviations of the scores before. It is a group beside its own past and never a treatment effect.
    pub standardised_by_baseline: Option<f64>,
    /// How many had both scores.
    pub missing: Missing,
}

/// The mean change among those with both scores.
pub fn mean_change(pairs: &[Pair], confidence: Confidence) -> Result<MeanChange, CannotEstimate> {
    let (whole, missing) = whole(pairs)?;
    let (before, after): (Vec<f64>, Vec<f64>) = whole.iter().copied().unzip();
    let changes: Vec<f64> = whole.iter().map(|(before, after)| after - before).collect();
    let (before, after) = (Sample::of(&before)?, Sample::of(&after)?);
    let change = one_sample(Sample::of(&changes)?, confidence)?;
    let spread = before.standard_deviation;
    Ok(MeanChange {
        before,
        after,
        change,
        standardised_by_baseline: (spread > 0.0).then(|| change.difference.value / spread),
        missing,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(before: f64, after: f64) -> Pair {
        Pair { before: Some(before), after: Some(after) }
    }

    #[test]
    fn the_mean_change_counts_those_without_both_scores() {
        let pairs = [
            pair(50.0, 30.0),
            pair(40.0, 35.0),
            pair(60.0, 20.0),
            Pair { before: Some(44.0), after: None },
            Pair { before: None, after: Some(3.0) },
        ];
        let found = mean_change(&pairs, Confidence::PERCENT_95).unwrap();
        assert_eq!((found.missing.expected, found.missing.answered), (5, 3));
        assert!((found.change.difference.value - -65.0 / 3.0).abs() < 1e-12);
        assert!((found.standardised_by_baseline.unwrap() - -65.0 / 30.0).abs() < 1e-12);
    }

    #[test]
    fn nobody_one_person_and_no_answers_are_named() {
        assert!(matches!(mean_change(&[], Confidence::PERCENT_95), Err(CannotEstimate::TooFew { .. })));
        assert!(matches!(mean_change(&[pair(1.0, 2.0)], Confidence::PERCENT_95), Err(CannotEstimate::TooFew { .. })));
        let unanswered = [Pair { before: Some(1.0), after: None }; 4];
        assert_eq!(
            mean_change(&unanswered, Confidence::PERCENT_95),
            Err(CannotEstimate::AllMissing { what: "pairs of scores", missing: 4 })
        );
        assert!(matches!(
            mean_change(&[pair(1.0, f64::NAN)], Confidence::PERCENT_95),
            Err(CannotEstimate::NotFinite { .. })
        ));
    }
}
