//! Means beside each other: Welch's, Student's and the paired t test, and Wilcoxon's signed-rank test.

use crate::distribution::{normal_sf, t_quantile, t_two_sided};
use crate::estimate::{CannotEstimate, Confidence, Estimate, Interval, Test, all_finite, at_least, count, same_length};
use serde::Serialize;

/// What a group's values come down to: how many, their mean and their standard deviation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Sample {
    /// How many values.
    pub n: usize,
    /// Their mean.
    pub mean: f64,
    /// Their standard deviation, with n - 1 below.
    pub standard_deviation: f64,
}

impl Sample {
    /// Sums up at least two values.
    pub fn of(values: &[f64]) -> Result<Self, CannotEstimate> {
        all_finite("the values", values)?;
        at_least("values", values.len(), 2)?;
        let n = count(values.len());
        let mean = values.iter().sum::<f64>() / n;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        Ok(Self { n: values.len(), mean, standard_deviation: (squares / (n - 1.0)).sqrt() })
    }

    /// The variance of the mean.
    fn variance_of_mean(self) -> f64 {
        self.standard_deviation.powi(2) / count(self.n)
    }
}

/// A difference of means with its test.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct MeanDifference {
    /// The difference, the first less the second.
    pub difference: Estimate,
    /// The t test of no difference.
    pub test: Test,
}

/// A mean or difference with a t interval and a t test against zero.
fn with_t(value: f64, standard_error: f64, df: f64, confidence: Confidence) -> Result<MeanDifference, CannotEstimate> {
    if standard_error == 0.0 || !standard_error.is_finite() || !df.is_finite() {
        return Err(CannotEstimate::NoVariation { what: "the values" });
    }
    let half = t_quantile(confidence.upper_point(), df) * standard_error;
    let statistic = value / standard_error;
    Ok(MeanDifference {
        difference: Estimate { value, standard_error, interval: Interval::around(value, half, confidence) },
        test: Test { statistic, degrees_of_freedom: Some(df), p: t_two_sided(statistic, df) },
    })
}

/// One mean against zero.
pub fn one_sample(sample: Sample, confidence: Confidence) -> Result<MeanDifference, CannotEstimate> {
    at_least("values", sample.n, 2)?;
    with_t(sample.mean, sample.variance_of_mean().sqrt(), count(sample.n) - 1.0, confidence)
}

/// Welch's test, which lets the two groups differ in spread.
pub fn welch(first: Sample, second: Sample, confidence: Confidence) -> Result<MeanDifference, CannotEstimate> {
    at_least("values in the smaller group", first.n.min(second.n), 2)?;
    let (v1, v2) = (first.variance_of_mean(), second.variance_of_mean());
    let df = (v1 + v2).powi(2) / (v1 * v1 / (count(first.n) - 1.0) + v2 * v2 / (count(second.n) - 1.0));
    with_t(first.mean - second.mean, (v1 + v2).sqrt(), df, confidence)
}

/// Student's test, which takes the two groups to have one spread.
pub fn pooled(first: Sample, second: Sample, confidence: Confidence) -> Result<MeanDifference, CannotEstimate> {
    at_least("values in the smaller group", first.n.min(second.n), 1)?;
    at_least("values in both groups together", first.n + second.n, 3)?;
    let squares = |sample: Sample| {
        let inner = count(sample.n) - 1.0;
        if inner > 0.0 { inner * sample.standard_deviation.powi(2) } else { 0.0 }
    };
    let df = count(first.n) + count(second.n) - 2.0;
    let variance = (squares(first) + squares(second)) / df;
    let standard_error = (variance * (1.0 / count(first.n) + 1.0 / count(second.n))).sqrt();
    with_t(first.mean - second.mean, standard_error, df, confidence)
}

/// The paired test: the same people twice, in the same order in both lists.
pub fn paired(first: &[f64], second: &[f64], confidence: Confidence) -> Result<MeanDifference, CannotEstimate> {
    let differences = differences(first, second)?;
    one_sample(Sample::of(&differences)?, confidence)
}

fn differences(first: &[f64], second: &[f64]) -> Result<Vec<f64>, CannotEstimate> {
    same_length("first values", first.len(), "second values", second.len())?;
    all_finite("the first values", first)?;
    all_finite("the second values", second)?;
    Ok(first.iter().zip(second).map(|(a, b)| a - b).collect())
}

/// Wilcoxon's signed-rank test on pairs, by the normal approximation with continuity and tie corrections. Pairs without a
/// difference are left out. The statistic is V, the sum of the ranks of the pairs where the first is higher.
pub fn signed_rank(first: &[f64], second: &[f64]) -> Result<Test, CannotEstimate> {
    let mut differences = differences(first, second)?;
    differences.retain(|difference| *difference != 0.0);
    if differences.is_empty() {
        return Err(CannotEstimate::NoVariation { what: "the pairs" });
    }
    differences.sort_by(|a, b| a.abs().total_cmp(&b.abs()));
    let (mut v, mut tie_correction, mut before) = (0.0, 0.0, 0.0);
    for ties in differences.chunk_by(|a, b| a.abs() == b.abs()) {
        let t = count(ties.len());
        let rank = before + (t + 1.0) / 2.0;
        v += rank * count(ties.iter().filter(|difference| **difference > 0.0).count());
        tie_correction += t * t * t - t;
        before += t;
    }
    let n = count(differences.len());
    let away = v - n * (n + 1.0) / 4.0;
    let spread = (n * (n + 1.0) * (2.0 * n + 1.0) / 24.0 - tie_correction / 48.0).sqrt();
    // Half a rank towards the middle, but never past it.
    let z = (away.abs() - 0.5).max(0.0) / spread;
    Ok(Test { statistic: v, degrees_of_freedom: None, p: (2.0 * normal_sf(z)).min(1.0) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_patient_has_no_spread_to_test_against() {
        assert_eq!(Sample::of(&[3.0]), Err(CannotEstimate::TooFew { what: "values", found: 1, needed: 2 }));
        assert_eq!(Sample::of(&[]), Err(CannotEstimate::TooFew { what: "values", found: 0, needed: 2 }));
    }

    #[test]
    fn equal_values_cannot_be_tested() {
        let same = Sample::of(&[4.0, 4.0, 4.0]).unwrap();
        let reason = CannotEstimate::NoVariation { what: "the values" };
        assert_eq!(welch(same, same, Confidence::PERCENT_95), Err(reason.clone()));
        assert_eq!(pooled(same, same, Confidence::PERCENT_95), Err(reason.clone()));
        assert_eq!(paired(&[1.0, 2.0], &[0.0, 1.0], Confidence::PERCENT_95), Err(reason));
        assert!(signed_rank(&[1.0, 2.0], &[1.0, 2.0]).is_err());
    }

    #[test]
    fn pairs_must_be_as_many_and_finite() {
        assert!(matches!(
            paired(&[1.0, 2.0], &[1.0], Confidence::PERCENT_95),
            Err(CannotEstimate::LengthsDiffer { .. })
        ));
        assert!(matches!(Sample::of(&[1.0, f64::NAN]), Err(CannotEstimate::NotFinite { .. })));
    }

    #[test]
    fn one_constant_group_still_compares_with_one_that_varies() {
        let constant = Sample::of(&[2.0, 2.0, 2.0]).unwrap();
        let varied = Sample::of(&[1.0, 2.0, 6.0]).unwrap();
        let result = welch(constant, varied, Confidence::PERCENT_95).unwrap();
        // All the doubt comes from the second group, whose degrees of freedom it therefore has.
        assert!((result.test.degrees_of_freedom.unwrap() - 2.0).abs() < 1e-12);
    }
}
