//! One person's change: whether it is more than the questionnaire's own noise, and whether it crosses into the healthy range
//! (Jacobson and Truax, J Consult Clin Psychol 1991).

use super::Direction;
use crate::distribution::normal_quantile;
use crate::estimate::{CannotEstimate, Confidence, above_zero};
use crate::mean_difference::Sample;
use serde::Serialize;

/// How large a change must be to be more than noise, from a scale's spread and reliability.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ReliableChange {
    /// The standard error of the difference between two scores of one person who did not change.
    pub standard_error_of_difference: f64,
}

impl ReliableChange {
    /// From the standard deviation before treatment and the test-retest reliability, from 0 to below 1.
    pub fn new(standard_deviation: f64, reliability: f64) -> Result<Self, CannotEstimate> {
        above_zero("the standard deviation", standard_deviation)?;
        if !(0.0..1.0).contains(&reliability) {
            return Err(CannotEstimate::OutOfRange {
                what: "the reliability",
                value: reliability,
                must_be: "from 0 to below 1",
            });
        }
        let error_of_one = standard_deviation * (1.0 - reliability).sqrt();
        Ok(Self { standard_error_of_difference: std::f64::consts::SQRT_2 * error_of_one })
    }

    /// The reliable change index: the change in standard errors.
    #[must_use]
    pub fn index(self, before: f64, after: f64) -> f64 {
        (after - before) / self.standard_error_of_difference
    }

    /// The least change that is reliable, as its authors have it: 1.96 standard errors.
    #[must_use]
    pub fn threshold(self) -> f64 {
        1.96 * self.standard_error_of_difference
    }

    /// The least change that is reliable at another confidence, by the exact point of the normal.
    #[must_use]
    pub fn threshold_at(self, confidence: Confidence) -> f64 {
        normal_quantile(confidence.upper_point()) * self.standard_error_of_difference
    }
}

/// The score midway between people with and without the disorder, weighted by spread: Jacobson and Truax's cutoff c.
pub fn cutoff_between(with_disorder: Sample, without_disorder: Sample) -> Result<f64, CannotEstimate> {
    let (ill, well) = (with_disorder.standard_deviation, without_disorder.standard_deviation);
    above_zero("the sum of the standard deviations", ill + well)?;
    Ok((well * with_disorder.mean + ill * without_disorder.mean) / (ill + well))
}

/// Where one person's change falls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Reliably better, and across the cutoff from the ill side.
    Recovered,
    /// Reliably better, and not across the cutoff.
    Improved,
    /// No change beyond noise.
    Unchanged,
    /// Reliably worse.
    Deteriorated,
}

/// How one person's change is judged.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ClassRule {
    /// Which way the scale points.
    pub direction: Direction,
    /// The least change that is reliable, such as 18.6 points or an instrument's published 10.
    pub reliable_change: f64,
    /// A score at the cutoff or better is in the healthy range. Without a cutoff nobody is called recovered.
    pub cutoff: Option<f64>,
}

impl ClassRule {
    /// Refuses a threshold that is not above zero.
    pub fn new(direction: Direction, reliable_change: f64, cutoff: Option<f64>) -> Result<Self, CannotEstimate> {
        above_zero("the least reliable change", reliable_change)?;
        Ok(Self { direction, reliable_change, cutoff })
    }

    /// Judges one person. A change of exactly the threshold is reliable.
    #[must_use]
    pub fn judge(self, before: f64, after: f64) -> Class {
        let improvement = self.direction.improvement(before, after);
        if improvement <= -self.reliable_change {
            Class::Deteriorated
        } else if improvement < self.reliable_change {
            Class::Unchanged
        } else {
            let crossed = self
                .cutoff
                .is_some_and(|cutoff| self.direction.reaches(after, cutoff) && !self.direction.reaches(before, cutoff));
            if crossed { Class::Recovered } else { Class::Improved }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn judges_at_just_under_and_over_the_threshold() {
        let rule = ClassRule::new(Direction::HigherIsWorse, 10.0, Some(30.0)).unwrap();
        let table = [
            (50.0, 40.0, Class::Improved),
            (50.0, 40.5, Class::Unchanged),
            (50.0, 50.0, Class::Unchanged),
            (50.0, 59.5, Class::Unchanged),
            (50.0, 60.0, Class::Deteriorated),
            (50.0, 30.0, Class::Recovered),
            (50.0, 30.5, Class::Improved),
            (40.5, 30.0, Class::Recovered),
            // Somebody who began in the healthy range cannot recover.
            (28.0, 10.0, Class::Improved),
        ];
        for (before, after, expected) in table {
            assert_eq!(rule.judge(before, after), expected, "{before} to {after}");
        }
    }

    #[test]
    fn a_scale_where_higher_is_better_is_judged_the_other_way() {
        let rule = ClassRule::new(Direction::HigherIsBetter, 5.0, Some(60.0)).unwrap();
        assert_eq!(rule.judge(50.0, 60.0), Class::Recovered);
        assert_eq!(rule.judge(50.0, 55.0), Class::Improved);
        assert_eq!(rule.judge(50.0, 45.0), Class::Deteriorated);
    }

    #[test]
    fn impossible_scales_are_refused() {
        assert!(ReliableChange::new(0.0, 0.8).is_err());
        assert!(ReliableChange::new(15.0, 1.0).is_err());
        assert!(ReliableChange::new(15.0, f64::NAN).is_err());
        assert!(ClassRule::new(Direction::HigherIsWorse, 0.0, None).is_err());
    }

    #[test]
    fn the_cutoff_lies_nearer_to_the_group_with_less_spread() {
        let ill = Sample { n: 50, mean: 50.0, standard_deviation: 12.0 };
        let well = Sample { n: 50, mean: 10.0, standard_deviation: 4.0 };
        assert!((cutoff_between(ill, well).unwrap() - 20.0).abs() < 1e-12);
    }
}
