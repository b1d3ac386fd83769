//! One trial's effect with its variance, from what papers print.

use super::Effect;
use crate::estimate::{CannotEstimate, Confidence, above_zero, at_least, count};
use crate::mean_difference::Sample;
use crate::proportion::TwoShares;
use statrs::function::gamma::ln_gamma;

/// One arm's mean, standard deviation and number of people.
pub type Arm = Sample;

fn check_arms(treated: Arm, control: Arm) -> Result<(), CannotEstimate> {
    at_least("people in the smaller arm", treated.n.min(control.n), 2)?;
    if !treated.mean.is_finite() || !control.mean.is_finite() {
        return Err(CannotEstimate::NotFinite { what: "the means" });
    }
    above_zero("a standard deviation", treated.standard_deviation)?;
    above_zero("a standard deviation", control.standard_deviation)
}

/// Hedges's exact correction J for few degrees of freedom.
#[must_use]
pub fn exact_correction(degrees_of_freedom: f64) -> f64 {
    let half = degrees_of_freedom / 2.0;
    (ln_gamma(half) - ln_gamma(half - 0.5)).exp() / half.sqrt()
}

/// The difference of means, treated less control, each arm with its own spread.
pub fn mean_difference(treated: Arm, control: Arm) -> Result<Effect, CannotEstimate> {
    check_arms(treated, control)?;
    let part = |arm: Arm| arm.standard_deviation.powi(2) / count(arm.n);
    Ok(Effect { value: treated.mean - control.mean, variance: part(treated) + part(control) })
}

/// The standardised difference of means (Hedges's g): pooled spread, exact J, variance 1/n1 + 1/n2 + g² / (2 (n1 + n2)).
pub fn standardised_mean_difference(treated: Arm, control: Arm) -> Result<Effect, CannotEstimate> {
    check_arms(treated, control)?;
    let (n1, n2) = (count(treated.n), count(control.n));
    let df = n1 + n2 - 2.0;
    let squares = (n1 - 1.0) * treated.standard_deviation.powi(2) + (n2 - 1.0) * control.standard_deviation.powi(2);
    let g = exact_correction(df) * (treated.mean - control.mean) / (squares / df).sqrt();
    Ok(Effect { value: g, variance: 1.0 / n1 + 1.0 / n2 + g * g / (2.0 * (n1 + n2)) })
}

/// The difference of mean changes between two arms. With the correlation of scores before and after, a change's spread follows
/// from the two spreads.
///
/// `before` and `after` hold (treated, control).
pub fn change_difference(before: (Arm, Arm), after: (Arm, Arm), correlation: f64) -> Result<Effect, CannotEstimate> {
    check_correlation(correlation)?;
    check_arms(before.0, before.1)?;
    check_arms(after.0, after.1)?;
    let change = |before: Arm, after: Arm| Sample {
        n: before.n.min(after.n),
        mean: after.mean - before.mean,
        standard_deviation: spread_of_change(before.standard_deviation, after.standard_deviation, correlation),
    };
    mean_difference(change(before.0, after.0), change(before.1, after.1))
}

fn check_correlation(correlation: f64) -> Result<(), CannotEstimate> {
    if correlation > -1.0 && correlation < 1.0 {
        Ok(())
    } else {
        Err(CannotEstimate::OutOfRange { what: "the correlation", value: correlation, must_be: "above -1 and below 1" })
    }
}

fn spread_of_change(first: f64, second: f64, correlation: f64) -> f64 {
    (first * first + second * second - 2.0 * correlation * first * second).max(0.0).sqrt()
}

/// The difference between two treatments of the same people in a crossover, from both means and the correlation inside a person.
pub fn crossover_difference(treated: Arm, control: Arm, correlation: f64) -> Result<Effect, CannotEstimate> {
    check_correlation(correlation)?;
    check_arms(treated, control)?;
    crate::estimate::same_length("people under treatment", treated.n, "people under control", control.n)?;
    let spread = spread_of_change(treated.standard_deviation, control.standard_deviation, correlation);
    above_zero("the spread of the differences", spread)?;
    Ok(Effect { value: treated.mean - control.mean, variance: spread * spread / count(treated.n) })
}

/// The logarithm of the risk ratio.
pub fn log_risk_ratio(shares: TwoShares) -> Result<Effect, CannotEstimate> {
    let ratio = shares.risk_ratio(Confidence::PERCENT_95)?;
    Ok(Effect::from_standard_error(ratio.log, ratio.log_standard_error))
}

/// The logarithm of the odds ratio.
pub fn log_odds_ratio(shares: TwoShares) -> Result<Effect, CannotEstimate> {
    let ratio = shares.odds_ratio(Confidence::PERCENT_95)?;
    Ok(Effect::from_standard_error(ratio.log, ratio.log_standard_error))
}

/// The difference of shares. Refused where both arms are at 0 or 100 %, which gives no variance to weigh by.
pub fn risk_difference(shares: TwoShares) -> Result<Effect, CannotEstimate> {
    let found = shares.risk_difference_wald(Confidence::PERCENT_95);
    if found.standard_error <= 0.0 {
        return Err(CannotEstimate::NoVariation { what: "the outcome in either arm" });
    }
    Ok(Effect::from_standard_error(found.value, found.standard_error))
}

/// What is made of a table of two by two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableMeasure {
    /// The logarithm of the risk ratio.
    RiskRatio,
    /// The logarithm of the odds ratio.
    OddsRatio,
    /// The risk difference.
    RiskDifference,
}

/// Whether a table has an empty cell: nobody with the event, or nobody without it, in an arm.
#[must_use]
pub fn has_empty_cell(shares: TwoShares) -> bool {
    [shares.treated, shares.control].iter().any(|share| share.events() == 0 || share.without() == 0)
}

/// The effect of a table, with `add` people added to each of its cells where one of them is empty; other tables stay as they are.
pub fn corrected(shares: TwoShares, measure: TableMeasure, add: f64) -> Result<Effect, CannotEstimate> {
    if !has_empty_cell(shares) {
        return match measure {
            TableMeasure::RiskRatio => log_risk_ratio(shares),
            TableMeasure::OddsRatio => log_odds_ratio(shares),
            TableMeasure::RiskDifference => risk_difference(shares),
        };
    }
    above_zero("what is added to the cells", add)?;
    let cell = |n: usize| count(n) + add;
    let (a, b) = (cell(shares.treated.events()), cell(shares.treated.without()));
    let (c, d) = (cell(shares.control.events()), cell(shares.control.without()));
    let (n1, n2) = (a + b, c + d);
    let (value, variance) = match measure {
        TableMeasure::RiskRatio => ((a * n2 / (c * n1)).ln(), 1.0 / a - 1.0 / n1 + 1.0 / c - 1.0 / n2),
        TableMeasure::OddsRatio => ((a * d / (b * c)).ln(), 1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d),
        TableMeasure::RiskDifference => (a / n1 - c / n2, a * b / n1.powi(3) + c * d / n2.powi(3)),
    };
    Ok(Effect { value, variance })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_correlation_narrows_a_crossover_and_an_impossible_one_is_refused() {
        let (treated, control) = (
            Sample { n: 20, mean: 10.0, standard_deviation: 4.0 },
            Sample { n: 20, mean: 14.0, standard_deviation: 4.0 },
        );
        let half = crossover_difference(treated, control, 0.5).unwrap();
        assert!((half.value, half.variance) == (-4.0, 16.0 / 20.0));
        assert!(crossover_difference(treated, control, 0.9).unwrap().variance < half.variance);
        assert!(crossover_difference(treated, control, 1.0).is_err());
    }

    #[test]
    fn an_arm_of_one_or_without_spread_is_refused() {
        let usual = Sample { n: 10, mean: 1.0, standard_deviation: 2.0 };
        for bad in [Sample { n: 1, ..usual }, Sample { standard_deviation: 0.0, ..usual }] {
            assert!(mean_difference(usual, bad).is_err());
            assert!(standardised_mean_difference(bad, usual).is_err());
        }
    }

    #[test]
    fn change_scores_use_the_correlation() {
        let arm = |mean: f64| Sample { n: 25, mean, standard_deviation: 10.0 };
        let found = change_difference((arm(50.0), arm(50.0)), (arm(35.0), arm(45.0)), 0.5).unwrap();
        assert_eq!(found.value, -10.0);
        assert!((found.variance - 8.0).abs() < 1e-12);
    }
}
