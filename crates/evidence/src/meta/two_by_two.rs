//! Pooling counts of people directly: Mantel and Haenszel's risk ratio and Peto's odds ratio, for one common effect.

use crate::distribution::chi_squared_sf;
use crate::estimate::{CannotEstimate, Confidence, Test, at_least, count};
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
/// Trials without any event say nothing about a ratio and take no part. Trials with an empty arm take part in the mean and not in
/// the test of disagreement.
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
    let each = trials.iter().filter_map(|trial| trial.risk_ratio(confidence).ok());
    let (q, k) = each
        .filter(|each| each.log_standard_error > 0.0)
        .fold((0.0, 0_usize), |(q, k), each| (q + ((each.log - ratio.log) / each.log_standard_error).powi(2), k + 1));
    Ok(Combined { ratio, q: disagreement(q, k) })
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

    #[test]
    fn no_events_anywhere_are_named() {
        let none = TwoShares { treated: Share::new(0, 10).unwrap(), control: Share::new(0, 12).unwrap() };
        assert!(matches!(mantel_haenszel(&[none], Confidence::PERCENT_95), Err(CannotEstimate::NoEvents { .. })));
        assert!(matches!(peto(&[none], Confidence::PERCENT_95), Err(CannotEstimate::NoVariation { .. })));
        assert!(mantel_haenszel(&[], Confidence::PERCENT_95).is_err());
    }
}
