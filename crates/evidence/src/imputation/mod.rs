//! Answers that are missing: Rubin's rules, which make one answer out of several completed copies, and what is supposed of those who
//! left.

mod reference;

pub use reference::{FilledIn, Multiple, OverDelta, PersonColumn, Supposed, Supposition, Visits, Watch};

use crate::distribution::{t_quantile, t_two_sided};
use crate::estimate::{CannotEstimate, Confidence, Estimate, Interval, Test, all_finite, at_least, count, same_length};
use serde::Serialize;

/// The pooled answer and how much of its doubt comes from what was missing.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Pooled {
    /// The pooled estimate; its interval rests on `degrees_of_freedom`.
    pub estimate: Estimate,
    /// The mean variance inside a copy.
    pub within: f64,
    /// The variance between copies.
    pub between: f64,
    /// Both together, as they count.
    pub total: f64,
    /// The rise in variance owed to missing answers (r).
    pub relative_increase: f64,
    /// The share of the variance owed to missing answers (lambda).
    pub missing_share: f64,
    /// Rubin's degrees of freedom of 1987; infinite where the copies agree.
    pub classic_degrees_of_freedom: f64,
    /// The degrees of freedom used: Barnard and Rubin's of 1999 where those of the complete data are given, else the classic.
    pub degrees_of_freedom: f64,
    /// The test against zero.
    pub test: Test,
}

/// Pools estimates with their standard errors, one per completed copy.
pub fn pool(
    estimates: &[f64],
    standard_errors: &[f64],
    complete_degrees_of_freedom: Option<f64>,
    confidence: Confidence,
) -> Result<Pooled, CannotEstimate> {
    same_length("estimates", estimates.len(), "standard errors", standard_errors.len())?;
    at_least("completed copies", estimates.len(), 2)?;
    all_finite("the estimates", estimates)?;
    all_finite("the standard errors", standard_errors)?;
    let m = count(estimates.len());
    let value = estimates.iter().sum::<f64>() / m;
    let within = standard_errors.iter().map(|se| se * se).sum::<f64>() / m;
    if within <= 0.0 {
        return Err(CannotEstimate::NoVariation { what: "any copy: every standard error is zero" });
    }
    let between = estimates.iter().map(|estimate| (estimate - value).powi(2)).sum::<f64>() / (m - 1.0);
    let added = between * (1.0 + 1.0 / m);
    let total = within + added;
    let relative_increase = added / within;
    let missing_share = added / total;
    let classic = (m - 1.0) / (missing_share * missing_share);
    let degrees_of_freedom = match complete_degrees_of_freedom {
        None => classic,
        Some(complete) => {
            crate::estimate::above_zero("the degrees of freedom of the complete data", complete)?;
            let observed = (complete + 1.0) / (complete + 3.0) * complete * (1.0 - missing_share);
            1.0 / (1.0 / classic + 1.0 / observed)
        }
    };
    let standard_error = total.sqrt();
    let half = t_quantile(confidence.upper_point(), degrees_of_freedom) * standard_error;
    let statistic = value / standard_error;
    Ok(Pooled {
        estimate: Estimate { value, standard_error, interval: Interval::around(value, half, confidence) },
        within,
        between,
        total,
        relative_increase,
        missing_share,
        classic_degrees_of_freedom: classic,
        degrees_of_freedom,
        test: Test {
            statistic,
            degrees_of_freedom: Some(degrees_of_freedom),
            p: t_two_sided(statistic, degrees_of_freedom),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_that_agree_give_a_normal_interval() {
        let pooled = pool(&[2.0, 2.0, 2.0], &[0.5, 0.5, 0.5], None, Confidence::PERCENT_95).unwrap();
        assert_eq!(pooled.degrees_of_freedom, f64::INFINITY);
        assert!((pooled.estimate.interval.high - (2.0 + 1.959963984540054 * 0.5)).abs() < 1e-9);
        let complete = pool(&[2.0, 2.0], &[0.5, 0.5], Some(20.0), Confidence::PERCENT_95).unwrap();
        assert!((complete.degrees_of_freedom - 21.0 / 23.0 * 20.0).abs() < 1e-9);
    }

    #[test]
    fn one_copy_or_no_spread_is_refused() {
        assert!(matches!(pool(&[1.0], &[0.5], None, Confidence::PERCENT_95), Err(CannotEstimate::TooFew { .. })));
        assert!(pool(&[1.0, 2.0], &[0.0, 0.0], None, Confidence::PERCENT_95).is_err());
        assert!(pool(&[1.0, 2.0], &[0.5], None, Confidence::PERCENT_95).is_err());
    }
}
