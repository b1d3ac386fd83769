//! Pooling counts of people directly: Mantel and Haenszel's risk ratio, odds ratio and risk difference, and Peto's odds ratio, for one
//! common effect. None of them needs a trial without events to be changed first.

use super::effect::{TableMeasure, corrected};
use crate::distribution::{chi_squared_sf, normal_quantile};
use crate::estimate::{CannotEstimate, Confidence, Estimate, Interval, Test, at_least, count};
use crate::proportion::{Ratio, TwoShares};
use serde::Serialize;

/// Counts pooled.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Combined {
    /// The pooled ratio.
    pub ratio: Ratio,
    /// The test of no disagreement between trials.
    pub q: Test,
}

/// The risk ratio of Mantel and Haenszel, with the variance of Greenland and Robins (1985).
///
/// Trials without any event say nothing about a ratio and take no part. Trials with an empty arm take part in the mean and, with half
/// a person added to each of their cells, in the test of disagreement, as metafor has it.
pub fn mantel_haenszel(trials: &[TwoShares], confidence: Confidence) -> Result<Combined, CannotEstimate> {
    at_least("trials", trials.len(), 1)?;
    let (mut r, mut s, mut p) = (0.0, 0.0, 0.0);
    for trial in trials {
        let (a, n1) = (count(trial.treated.events()), count(trial.treated.of()));
        let (c, n2) = (count(trial.control.events()), count(trial.control.of()));
        let n = n1 + n2;
        r += a * n2 / n;
        s += c * n1 / n;
        p += (n1 * n2 * (a + c) - a * c * n) / (n * n);
    }
    if r <= 0.0 || s <= 0.0 {
        let within = if r <= 0.0 { "in any treated group" } else { "in any control group" };
        return Err(CannotEstimate::NoEvents { within: within.to_owned() });
    }
    let ratio = Ratio::from_log((r / s).ln(), (p / (r * s)).sqrt(), confidence);
    let (q, k) = apart(trials, TableMeasure::RiskRatio, ratio.log);
    Ok(Combined { ratio, q: disagreement(q, k) })
}

/// The odds ratio of Mantel and Haenszel, with the variance of Robins, Breslow and Greenland (1986).
///
/// Trials without any event, and those in which everybody has it, say nothing about a ratio. Trials with an empty cell take part in
/// the mean and, with half a person added to each of their cells, in the test of disagreement, as metafor has it.
pub fn mantel_haenszel_odds(trials: &[TwoShares], confidence: Confidence) -> Result<Combined, CannotEstimate> {
    at_least("trials", trials.len(), 1)?;
    let (mut r, mut s, mut pr, mut mixed, mut qs) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for trial in trials {
        let (a, b) = (count(trial.treated.events()), count(trial.treated.without()));
        let (c, d) = (count(trial.control.events()), count(trial.control.without()));
        let n = a + b + c + d;
        let (p, q, ri, si) = ((a + d) / n, (b + c) / n, a * d / n, b * c / n);
        r += ri;
        s += si;
        pr += p * ri;
        mixed += p * si + q * ri;
        qs += q * si;
    }
    if r <= 0.0 || s <= 0.0 {
        return Err(CannotEstimate::NoEvents { within: "to set against each other in any trial".to_owned() });
    }
    let variance = f64::midpoint(pr / (r * r), qs / (s * s)) + mixed / (2.0 * r * s);
    let ratio = Ratio::from_log((r / s).ln(), variance.sqrt(), confidence);
    let (q, k) = apart(trials, TableMeasure::OddsRatio, ratio.log);
    Ok(Combined { ratio, q: disagreement(q, k) })
}

/// A difference of shares, pooled.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CombinedDifference {
    /// The pooled difference.
    pub difference: Estimate,
    /// The test of no disagreement between trials.
    pub q: Test,
}

/// The risk difference of Mantel and Haenszel, with the variance of Sato, Greenland and Robins (1989).
pub fn mantel_haenszel_difference(
    trials: &[TwoShares],
    confidence: Confidence,
) -> Result<CombinedDifference, CannotEstimate> {
    at_least("trials", trials.len(), 1)?;
    let (mut top, mut bottom, mut first, mut second) = (0.0, 0.0, 0.0, 0.0);
    for trial in trials {
        let (a, n1) = (count(trial.treated.events()), count(trial.treated.of()));
        let (c, n2) = (count(trial.control.events()), count(trial.control.of()));
        let n = n1 + n2;
        top += (a * n2 - c * n1) / n;
        bottom += n1 * n2 / n;
        first += (c * n1 * n1 - a * n2 * n2 + n1 * n2 * (n2 - n1) / 2.0) / (n * n);
        second += (a * (n2 - c) + c * (n1 - a)) / (2.0 * n);
    }
    let value = top / bottom;
    let variance = (value * first + second) / (bottom * bottom);
    if variance <= 0.0 {
        return Err(CannotEstimate::NoVariation { what: "the outcome in any trial" });
    }
    let standard_error = variance.sqrt();
    let half = normal_quantile(confidence.upper_point()) * standard_error;
    let (q, k) = apart(trials, TableMeasure::RiskDifference, value);
    let difference = Estimate { value, standard_error, interval: Interval::around(value, half, confidence) };
    Ok(CombinedDifference { difference, q: disagreement(q, k) })
}

/// How far the trials lie from a common value, and how many could be weighed: those without an event in either arm, or in which
/// everybody has it, cannot.
fn apart(trials: &[TwoShares], measure: TableMeasure, common: f64) -> (f64, usize) {
    trials
        .iter()
        .filter(|trial| !no_contrast(trial))
        .filter_map(|trial| corrected(*trial, measure, 0.5).ok())
        .fold((0.0, 0), |(q, k), each| (q + (each.value - common).powi(2) / each.variance, k + 1))
}

fn no_contrast(trial: &TwoShares) -> bool {
    (trial.treated.events() == 0 && trial.control.events() == 0)
        || (trial.treated.without() == 0 && trial.control.without() == 0)
}

fn disagreement(q: f64, k: usize) -> Test {
    let df = count(k.saturating_sub(1));
    Test { statistic: q, degrees_of_freedom: Some(df), p: if df > 0.0 { chi_squared_sf(q, df) } else { 1.0 } }
}

/// Peto's odds ratio: for rare events and arms of like size.
pub fn peto(trials: &[TwoShares], confidence: Confidence) -> Result<Combined, CannotEstimate> {
    at_least("trials", trials.len(), 1)?;
    let each: Vec<(f64, f64)> = trials
        .iter()
        .filter_map(|trial| {
            let (a, n1) = (count(trial.treated.events()), count(trial.treated.of()));
            let (c, n2) = (count(trial.control.events()), count(trial.control.of()));
            let (n, events) = (n1 + n2, a + c);
            let variance = n1 * n2 * events * (n - events) / (n * n * (n - 1.0));
            (variance > 0.0).then_some((a - events * n1 / n, variance))
        })
        .collect();
    let (apart, variance) = each.iter().fold((0.0, 0.0), |(o, v), each| (o + each.0, v + each.1));
    if variance <= 0.0 {
        return Err(CannotEstimate::NoVariation { what: "the outcome in any trial" });
    }
    let log = apart / variance;
    let q = each.iter().map(|(o, v)| (o / v - log).powi(2) * v).sum();
    Ok(Combined { ratio: Ratio::from_log(log, variance.sqrt().recip(), confidence), q: disagreement(q, each.len()) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proportion::Share;

    /// The BCG trials (Colditz 1994): events and people, vaccinated and not.
    const BCG: [[usize; 4]; 13] = [
        [4, 123, 11, 139],
        [6, 306, 29, 303],
        [3, 231, 11, 220],
        [62, 13598, 248, 12867],
        [33, 5069, 47, 5808],
        [180, 1541, 372, 1451],
        [8, 2545, 10, 629],
        [505, 88391, 499, 88391],
        [29, 7499, 45, 7277],
        [17, 1716, 65, 1665],
        [186, 50634, 141, 27338],
        [5, 2498, 3, 2341],
        [27, 16913, 29, 17854],
    ];

    fn tables(rows: &[[usize; 4]]) -> Vec<TwoShares> {
        let share = |events, of| Share::new(events, of).unwrap();
        rows.iter().map(|[a, n, c, m]| TwoShares { treated: share(*a, *n), control: share(*c, *m) }).collect()
    }

    /// The values that metafor's own tests of `rma.mh` hold for these trials, which Stata's metan gives too.
    #[test]
    fn odds_ratio_and_risk_difference_of_the_bcg_trials_are_metafors() {
        let near =
            |found: f64, wanted: f64, apart: f64| assert!((found - wanted).abs() < apart, "{found} and {wanted}");
        let odds = mantel_haenszel_odds(&tables(&BCG), Confidence::PERCENT_95).unwrap();
        near(odds.ratio.log, -0.4734, 5e-5);
        near(odds.ratio.log / odds.ratio.log_standard_error, -11.5444, 5e-5);
        near(odds.ratio.interval.low.ln(), -0.5538, 5e-5);
        near(odds.ratio.interval.high.ln(), -0.3930, 5e-5);
        near(odds.q.statistic, 163.9426, 5e-5);
        let difference = mantel_haenszel_difference(&tables(&BCG), Confidence::PERCENT_95).unwrap();
        near(difference.difference.value, -0.0033, 5e-5);
        near(difference.difference.value / difference.difference.standard_error, -11.4708, 5e-5);
        near(difference.q.statistic, 386.7759, 5e-5);
    }

    #[test]
    fn a_trial_without_events_changes_neither_ratio() {
        let rows = [[1, 20, 2, 20], [2, 20, 4, 20]];
        let more = [[1, 20, 2, 20], [2, 20, 4, 20], [0, 30, 0, 30]];
        for pool in [mantel_haenszel, mantel_haenszel_odds, peto] {
            let with = pool(&tables(&more), Confidence::PERCENT_95).unwrap().ratio;
            let without = pool(&tables(&rows), Confidence::PERCENT_95).unwrap().ratio;
            assert!(
                (with.log - without.log).abs() < 1e-12
                    && (with.log_standard_error - without.log_standard_error).abs() < 1e-12
            );
        }
    }

    #[test]
    fn no_events_anywhere_are_named() {
        let none = TwoShares { treated: Share::new(0, 10).unwrap(), control: Share::new(0, 12).unwrap() };
        assert!(matches!(mantel_haenszel(&[none], Confidence::PERCENT_95), Err(CannotEstimate::NoEvents { .. })));
        assert!(matches!(peto(&[none], Confidence::PERCENT_95), Err(CannotEstimate::NoVariation { .. })));
        assert!(mantel_haenszel(&[], Confidence::PERCENT_95).is_err());
    }
}
