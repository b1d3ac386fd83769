//! The share to whom it has not happened yet, by time (Kaplan and Meier 1958), with Greenwood's standard errors.

use super::interval::interval;
use super::{Observation, Scale, check_times};
use crate::distribution::normal_quantile;
use crate::estimate::{CannotEstimate, Confidence, Estimate, Interval, count};
use rayon::slice::ParallelSliceMut;
use serde::Serialize;

/// One time at which something happened or somebody was last seen.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CurveStep {
    /// The time.
    pub time: f64,
    /// How many were still watched just before.
    pub at_risk: usize,
    /// To how many it happened.
    pub events: usize,
    /// How many were last seen without it.
    pub censored: usize,
    /// The share to whom it has not happened, from this time on.
    pub survival: f64,
    /// The standard error of the logarithm of that share; infinite where the share is 0.
    pub error_of_log: f64,
}

/// The curve of one group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Curve {
    steps: Vec<CurveStep>,
    people: usize,
    events: usize,
}

/// The curve at one time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Survival {
    /// The time asked about.
    pub time: f64,
    /// The share to whom it has not happened.
    pub share: f64,
    /// Greenwood's standard error of that share.
    pub standard_error: f64,
    /// The interval; none before the first event and once nobody is left.
    pub interval: Option<Interval>,
    /// How many were still watched at that time.
    pub at_risk: usize,
}

/// The time by which it has happened to a given share, with the interval's ends. What the curve does not reach is none.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Quantile {
    /// The time.
    pub time: Option<f64>,
    /// The lower end.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
}

/// One row under a curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct AtRisk {
    /// The time.
    pub time: f64,
    /// How many were still watched.
    pub at_risk: usize,
    /// To how many it had happened up to and including this time.
    pub events: usize,
    /// How many had been last seen without it before this time.
    pub censored: usize,
}

/// Estimates the curve of one group. One pass after one sort.
pub fn kaplan_meier(observations: &[Observation]) -> Result<Curve, CannotEstimate> {
    check_times(observations.iter().map(|observation| observation.time))?;
    let mut sorted = observations.to_vec();
    sorted.par_sort_unstable_by(|a, b| a.time.total_cmp(&b.time));
    let mut at_risk = sorted.len();
    let (mut survival, mut greenwood, mut all_events) = (1.0, 0.0, 0);
    let mut steps = Vec::new();
    for same_time in sorted.chunk_by(|a, b| a.time == b.time) {
        let events = same_time.iter().filter(|observation| observation.event).count();
        let (d, n) = (count(events), count(at_risk));
        survival *= (n - d) / n;
        if events > 0 {
            greenwood += d / (n * (n - d));
        }
        all_events += events;
        steps.extend(same_time.first().map(|first| CurveStep {
            time: first.time,
            at_risk,
            events,
            censored: same_time.len() - events,
            survival,
            error_of_log: greenwood.sqrt(),
        }));
        at_risk -= same_time.len();
    }
    Ok(Curve { steps, people: sorted.len(), events: all_events })
}

/// Shares this near are taken as equal, so that 0.5 reached by multiplying is found: R's own allowance.
const SAME: f64 = 1.5e-8;

impl Curve {
    /// Every time at which something happened or somebody was last seen, in order.
    #[must_use]
    pub fn steps(&self) -> &[CurveStep] {
        &self.steps
    }

    /// How many people the curve rests on.
    #[must_use]
    pub fn people(&self) -> usize {
        self.people
    }

    /// To how many it happened.
    #[must_use]
    pub fn events(&self) -> usize {
        self.events
    }

    /// The last time at which anybody was watched.
    #[must_use]
    pub fn last_time(&self) -> f64 {
        self.steps.last().map_or(0.0, |step| step.time)
    }

    /// The steps up to and including a time.
    fn until(&self, time: f64) -> &[CurveStep] {
        let passed = self.steps.partition_point(|step| step.time <= time);
        self.steps.get(..passed).unwrap_or(&self.steps)
    }

    /// The curve at one time; none after the last person was seen, unless it has happened to everybody.
    #[must_use]
    pub fn at(&self, time: f64, scale: Scale, confidence: Confidence) -> Option<Survival> {
        let last = self.until(time).last();
        let (share, error_of_log) = last.map_or((1.0, 0.0), |step| (step.survival, step.error_of_log));
        if time > self.last_time() && share > 0.0 {
            return None;
        }
        Some(Survival {
            time,
            share,
            standard_error: if share > 0.0 { share * error_of_log } else { 0.0 },
            interval: interval(share, error_of_log, scale, confidence),
            at_risk: self.at_risk(time),
        })
    }

    /// How many were still watched at a time, those counted to whom it happened just then.
    #[must_use]
    pub fn at_risk(&self, time: f64) -> usize {
        let before = self.steps.partition_point(|step| step.time < time);
        self.steps.get(before).map_or(0, |step| step.at_risk)
    }

    /// The rows under a curve.
    #[must_use]
    pub fn at_risk_table(&self, times: &[f64]) -> Vec<AtRisk> {
        times
            .iter()
            .map(|&time| {
                let at_risk = self.at_risk(time);
                let events: usize = self.until(time).iter().map(|step| step.events).sum();
                let just_now = self.until(time).last().filter(|step| step.time == time).map_or(0, |step| step.events);
                AtRisk { time, at_risk, events, censored: self.people - at_risk - (events - just_now) }
            })
            .collect()
    }

    /// The time by which it has happened to this share of people, with the interval where its band crosses the same height.
    ///
    /// Where the curve runs level at exactly that height until it falls again, the middle of the level stretch is given; where it stays
    /// there to the end, the time at which it was reached. R's print of a curve has it so.
    #[must_use]
    pub fn quantile(&self, share: f64, scale: Scale, confidence: Confidence) -> Quantile {
        let height = 1.0 - share;
        let band = |step: &CurveStep| interval(step.survival, step.error_of_log, scale, confidence);
        Quantile {
            time: self.crossing(height, |step| Some(step.survival)),
            low: self.crossing(height, |step| band(step).map(|band| band.low)),
            high: self.crossing(height, |step| band(step).map(|band| band.high)),
        }
    }

    /// The median time.
    #[must_use]
    pub fn median(&self, scale: Scale, confidence: Confidence) -> Quantile {
        self.quantile(0.5, scale, confidence)
    }

    fn crossing(&self, height: f64, of: impl Fn(&CurveStep) -> Option<f64>) -> Option<f64> {
        let mut drops = self.steps.iter().filter(|step| step.events > 0);
        let reached = drops.find(|step| of(step).is_some_and(|value| value <= height + SAME))?;
        let value = of(reached)?;
        if (value - height).abs() > SAME {
            return Some(reached.time);
        }
        Some(drops.next().map_or(reached.time, |next| f64::midpoint(reached.time, next.time)))
    }

    /// Where the curve runs level at exactly the share given, so that any time of that stretch would serve as the quantile: from and,
    /// where it falls again, to.
    #[must_use]
    pub fn level(&self, share: f64) -> Option<(f64, Option<f64>)> {
        let mut drops = self.steps.iter().filter(|step| step.events > 0);
        let reached = drops.find(|step| (step.survival - (1.0 - share)).abs() <= SAME)?;
        Some((reached.time, drops.next().map(|next| next.time)))
    }

    /// The mean time without it, up to a limit. Refused where nobody was watched that long and somebody is left.
    pub fn restricted_mean(&self, limit: f64, confidence: Confidence) -> Result<Estimate, CannotEstimate> {
        crate::estimate::above_zero("the limit of the restricted mean", limit)?;
        let steps = self.until(limit);
        let left = steps.last().map_or(1.0, |step| step.survival);
        if limit > self.last_time() && left > 0.0 {
            return Err(CannotEstimate::OutOfRange {
                what: "the limit of the restricted mean",
                value: limit,
                must_be: "no later than the last person was seen",
            });
        }
        // From the right: the area between each event and the limit is what that event's doubt weighs.
        let (mut area, mut variance, mut right) = (0.0, 0.0, limit);
        for step in steps.iter().rev() {
            area += step.survival * (right - step.time);
            right = step.time;
            if step.events > 0 && step.at_risk > step.events {
                let (d, n) = (count(step.events), count(step.at_risk));
                variance += area * area * d / (n * (n - d));
            }
        }
        let (value, standard_error) = (area + right, variance.sqrt());
        let half = normal_quantile(confidence.upper_point()) * standard_error;
        Ok(Estimate { value, standard_error, interval: Interval::around(value, half, confidence) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: Confidence = Confidence::PERCENT_95;

    fn curve(rows: &[(f64, bool)]) -> Curve {
        let observations: Vec<Observation> = rows.iter().map(|&(time, event)| Observation { time, event }).collect();
        kaplan_meier(&observations).unwrap()
    }

    #[test]
    fn nobody_and_impossible_times_are_refused() {
        assert!(matches!(kaplan_meier(&[]), Err(CannotEstimate::TooFew { .. })));
        for time in [-1.0, f64::NAN, f64::INFINITY] {
            assert!(kaplan_meier(&[Observation { time, event: true }]).is_err(), "{time}");
        }
    }

    #[test]
    fn without_events_there_is_no_median_and_no_interval() {
        let flat = curve(&[(1.0, false), (2.0, false), (5.0, false)]);
        assert_eq!(flat.median(Scale::LogLog, USUAL), Quantile { time: None, low: None, high: None });
        let at = flat.at(3.0, Scale::LogLog, USUAL).unwrap();
        assert_eq!((at.share, at.interval, at.at_risk), (1.0, None, 1));
        assert_eq!(flat.at(6.0, Scale::LogLog, USUAL), None);
        assert!(flat.restricted_mean(6.0, USUAL).is_err());
        assert_eq!(flat.restricted_mean(4.0, USUAL).unwrap().value, 4.0);
    }

    #[test]
    fn one_patient_with_the_event_drops_to_zero() {
        let one = curve(&[(3.0, true)]);
        assert_eq!(one.median(Scale::Log, USUAL).time, Some(3.0));
        assert_eq!(one.at(4.0, Scale::Log, USUAL).unwrap().share, 0.0);
        assert_eq!(one.restricted_mean(10.0, USUAL).unwrap().value, 3.0);
    }

    #[test]
    fn a_level_stretch_at_a_half_gives_its_middle() {
        let half = curve(&[(1.0, true), (3.0, true), (6.0, true), (8.0, true)]);
        assert_eq!(half.median(Scale::Log, USUAL).time, Some(4.5));
        assert_eq!(half.level(0.5), Some((3.0, Some(6.0))));
        // It never falls again: the time is known, the end of the stretch is not.
        let to_the_end = curve(&[(1.0, true), (3.0, true), (6.0, false), (8.0, false)]);
        assert_eq!(to_the_end.median(Scale::Log, USUAL).time, Some(3.0));
        assert_eq!(to_the_end.level(0.5), Some((3.0, None)));
        assert_eq!(curve(&[(1.0, true), (2.0, true), (3.0, true)]).level(0.5), None);
    }

    #[test]
    fn an_event_counts_before_somebody_last_seen_at_the_same_time() {
        let tied = curve(&[(2.0, false), (2.0, true), (4.0, false)]);
        assert!((tied.at(2.0, Scale::Log, USUAL).unwrap().share - 2.0 / 3.0).abs() < 1e-15);
    }

    #[test]
    fn the_rows_under_a_curve_add_up_to_everybody() {
        let some = curve(&[(1.0, true), (2.0, false), (3.0, true), (3.0, false), (5.0, false)]);
        let expected = [(0.0, 5, 0, 0), (1.0, 5, 1, 0), (2.5, 3, 1, 1), (3.0, 3, 2, 1), (4.0, 1, 2, 2), (9.0, 0, 2, 3)];
        let times: Vec<f64> = expected.iter().map(|row| row.0).collect();
        for (found, (time, at_risk, events, censored)) in some.at_risk_table(&times).into_iter().zip(expected) {
            assert_eq!(found, AtRisk { time, at_risk, events, censored });
        }
    }
}
