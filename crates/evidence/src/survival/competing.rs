//! Several things that can happen first, of which one shuts out the others: leaving treatment shuts out loss of response.
//!
//! The share to whom each has happened is estimated after Aalen and Johansen (1978). Taking one minus Kaplan and Meier's curve
//! instead would count those who left as if they could still lose their response, and give too large a share. Variances are by
//! the delta method (Marubini and Valsecchi 1995); with one cause they are Greenwood's.

use super::interval::interval;
use super::{Scale, check_times};
use crate::estimate::{CannotEstimate, Confidence, Interval, count};
use rayon::slice::ParallelSliceMut;
use serde::Serialize;

/// How long one person was watched, and what happened then, as a cause counted from 0. None: last seen without any.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CompetingObservation {
    /// The time watched.
    pub time: f64,
    /// What happened first, if anything.
    pub cause: Option<usize>,
}

/// The share to whom one cause has happened, from one time on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CompetingStep {
    /// The time.
    pub time: f64,
    /// How many were still watched just before.
    pub at_risk: usize,
    /// To how many this cause happened at this time.
    pub events: usize,
    /// The share to whom this cause has happened.
    pub share: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Its interval, symmetric as log-log of the share to whom it has not; none at zero.
    pub interval: Option<Interval>,
}

/// The curve of one cause.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CompetingCurve {
    /// The cause, counted from 0.
    pub cause: usize,
    /// To how many it happened first.
    pub events: usize,
    /// One step for each time at which anything happened.
    pub steps: Vec<CompetingStep>,
    last_time: f64,
}

impl CompetingCurve {
    /// The curve at one time: the last step up to it. None before the first step and after the last person was seen.
    #[must_use]
    pub fn at(&self, time: f64) -> Option<CompetingStep> {
        if time > self.last_time {
            return None;
        }
        let passed = self.steps.partition_point(|step| step.time <= time);
        self.steps.get(passed.checked_sub(1)?).copied()
    }
}

/// Running sums from which the variance at any later time follows in a few products.
#[derive(Default)]
struct Running {
    share: f64,
    events: usize,
    hazard: f64,
    share_hazard: f64,
    square_hazard: f64,
    own: f64,
    cross: f64,
    share_cross: f64,
    steps: Vec<CompetingStep>,
}

impl Running {
    fn add(&mut self, survival_before: f64, n: f64, all: f64, own: f64) {
        self.share += survival_before * own / n;
        if n > all {
            let hazard = all / (n * (n - all));
            self.hazard += hazard;
            self.share_hazard += self.share * hazard;
            self.square_hazard += self.share * self.share * hazard;
        }
        self.own += survival_before * survival_before * (n - own) * own / (n * n * n);
        let cross = survival_before * own / (n * n);
        self.cross += cross;
        self.share_cross += self.share * cross;
    }

    fn standard_error(&self) -> f64 {
        let f = self.share;
        let variance = f * f * self.hazard - 2.0 * f * self.share_hazard + self.square_hazard + self.own
            - 2.0 * f * self.cross
            + 2.0 * self.share_cross;
        variance.max(0.0).sqrt()
    }
}

/// Estimates one curve per cause. One pass after one sort.
pub fn aalen_johansen(
    observations: &[CompetingObservation],
    causes: usize,
    confidence: Confidence,
) -> Result<Vec<CompetingCurve>, CannotEstimate> {
    check_times(observations.iter().map(|observation| observation.time))?;
    crate::estimate::at_least("causes", causes, 1)?;
    if let Some(cause) = observations.iter().filter_map(|observation| observation.cause).find(|cause| *cause >= causes)
    {
        return Err(CannotEstimate::OutOfRange {
            what: "a cause",
            value: count(cause),
            must_be: "below the number of causes",
        });
    }
    let mut sorted = observations.to_vec();
    sorted.par_sort_unstable_by(|a, b| a.time.total_cmp(&b.time));
    let mut running: Vec<Running> = (0..causes).map(|_| Running::default()).collect();
    let (mut at_risk, mut survival) = (sorted.len(), 1.0);
    for same_time in sorted.chunk_by(|a, b| a.time == b.time) {
        let all = same_time.iter().filter(|observation| observation.cause.is_some()).count();
        if let (Some(first), true) = (same_time.first(), all > 0) {
            let n = count(at_risk);
            for (cause, sums) in running.iter_mut().enumerate() {
                let own = same_time.iter().filter(|observation| observation.cause == Some(cause)).count();
                sums.add(survival, n, count(all), count(own));
                sums.events += own;
                let standard_error = sums.standard_error();
                let without = 1.0 - sums.share;
                let band = interval(without, standard_error / without, Scale::LogLog, confidence)
                    .map(|band| Interval { low: 1.0 - band.high, high: 1.0 - band.low, confidence });
                sums.steps.push(CompetingStep {
                    time: first.time,
                    at_risk,
                    events: own,
                    share: sums.share,
                    standard_error,
                    interval: band,
                });
            }
            survival *= (n - count(all)) / n;
        }
        at_risk -= same_time.len();
    }
    let last_time = sorted.last().map_or(0.0, |last| last.time);
    Ok(running
        .into_iter()
        .enumerate()
        .map(|(cause, sums)| CompetingCurve { cause, events: sums.events, steps: sums.steps, last_time })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::survival::{Observation, kaplan_meier};

    const USUAL: Confidence = Confidence::PERCENT_95;

    #[test]
    fn the_shares_of_all_causes_and_of_none_add_up() {
        let rows: Vec<CompetingObservation> = (0..60)
            .map(|i| CompetingObservation {
                time: f64::from(i * 7 % 23),
                cause: match i % 3 {
                    0 => None,
                    1 => Some(0),
                    _ => Some(1),
                },
            })
            .collect();
        let curves = aalen_johansen(&rows, 2, USUAL).unwrap();
        let plain: Vec<Observation> =
            rows.iter().map(|row| Observation { time: row.time, event: row.cause.is_some() }).collect();
        let whole = kaplan_meier(&plain).unwrap();
        for time in [0.0, 5.0, 11.0, 20.0] {
            let sum: f64 = curves.iter().map(|curve| curve.at(time).unwrap().share).sum();
            let left = whole.at(time, Scale::Log, USUAL).unwrap().share;
            assert!((sum + left - 1.0).abs() < 1e-12, "at {time}");
        }
    }

    #[test]
    fn one_cause_has_greenwoods_standard_error() {
        let times = [1.0, 2.0, 2.0, 3.0, 5.0, 8.0, 9.0];
        let rows: Vec<CompetingObservation> =
            times.iter().map(|&time| CompetingObservation { time, cause: (time != 3.0).then_some(0) }).collect();
        let plain: Vec<Observation> = times.iter().map(|&time| Observation { time, event: time != 3.0 }).collect();
        let (curves, whole) = (aalen_johansen(&rows, 1, USUAL).unwrap(), kaplan_meier(&plain).unwrap());
        for time in [1.0, 2.0, 5.0, 8.0] {
            let found = curves[0].at(time).unwrap();
            let expected = whole.at(time, Scale::LogLog, USUAL).unwrap();
            assert!((found.standard_error - expected.standard_error).abs() < 1e-12, "at {time}");
            assert!((found.interval.unwrap().low - (1.0 - expected.interval.unwrap().high)).abs() < 1e-12);
        }
    }

    #[test]
    fn nothing_happening_gives_curves_without_steps() {
        let rows = [CompetingObservation { time: 3.0, cause: None }; 4];
        let curves = aalen_johansen(&rows, 2, USUAL).unwrap();
        assert!(curves.iter().all(|curve| curve.events == 0 && curve.steps.is_empty()));
        assert_eq!(curves[0].at(2.0), None);
    }

    #[test]
    fn nobody_and_unknown_causes_are_refused() {
        assert!(aalen_johansen(&[], 1, USUAL).is_err());
        let rows = [CompetingObservation { time: 3.0, cause: Some(2) }];
        assert!(aalen_johansen(&rows, 2, USUAL).is_err());
    }
}
