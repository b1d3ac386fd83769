//! Whether it happens sooner in one group than in another: the log-rank test and Peto and Peto's, for two groups or more.

use super::{Observation, check_times};
use crate::distribution::chi_squared_sf;
use crate::estimate::{CannotEstimate, Test, at_least, count};
use crate::matrix::{Cholesky, SquareMatrix};
use rayon::slice::ParallelSliceMut;
use serde::Serialize;

/// How much an early event weighs against a late one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// All events alike: the log-rank test.
    #[default]
    LogRank,
    /// By the share still without it just before, so that early events weigh more: Peto and Peto's test, R's `rho = 1`.
    PetoPeto,
}

/// One group in the comparison.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ComparedGroup {
    /// How many people.
    pub people: usize,
    /// The weighted number of events seen.
    pub observed: f64,
    /// The weighted number of events expected if the groups were alike.
    pub expected: f64,
}

/// The comparison of groups.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LogRank {
    /// The groups in the order given.
    pub groups: Vec<ComparedGroup>,
    /// The chi-squared test of no difference.
    pub test: Test,
}

struct TimeRow {
    time: f64,
    event: bool,
    group: usize,
}

fn change(groups: &mut [f64], group: usize, by: f64) {
    if let Some(cell) = groups.get_mut(group) {
        *cell += by;
    }
}

/// Compares groups of people. One pass after one sort.
pub fn log_rank(groups: &[&[Observation]], weight: Weight) -> Result<LogRank, CannotEstimate> {
    at_least("groups", groups.len(), 2)?;
    let mut rows = Vec::with_capacity(groups.iter().map(|group| group.len()).sum());
    for (group, observations) in groups.iter().enumerate() {
        check_times(observations.iter().map(|observation| observation.time))?;
        rows.extend(observations.iter().map(|&Observation { time, event }| TimeRow { time, event, group }));
    }
    rows.par_sort_unstable_by(|a, b| a.time.total_cmp(&b.time));
    let k = groups.len();
    let mut at_risk: Vec<f64> = groups.iter().map(|group| count(group.len())).collect();
    let (mut observed, mut expected) = (vec![0.0; k], vec![0.0; k]);
    let mut variance = SquareMatrix::zeros(k);
    let mut survival = 1.0;
    for same_time in rows.chunk_by(|a, b| a.time == b.time) {
        let n: f64 = at_risk.iter().sum();
        let d = count(same_time.iter().filter(|row| row.event).count());
        if d > 0.0 {
            let w = match weight {
                Weight::LogRank => 1.0,
                Weight::PetoPeto => survival,
            };
            for row in same_time.iter().filter(|row| row.event) {
                change(&mut observed, row.group, w);
            }
            for (expected, at_risk) in expected.iter_mut().zip(&at_risk) {
                *expected += w * d / n * at_risk;
            }
            if n > 1.0 {
                let spread = w * w * d * (n - d) / (n - 1.0) / n;
                for (i, at_risk) in at_risk.iter().enumerate() {
                    variance.add(i, i, spread * at_risk);
                }
                variance.add_outer(-spread / n, &at_risk, &at_risk);
            }
            survival *= (n - d) / n;
        }
        for row in same_time {
            change(&mut at_risk, row.group, -1.0);
        }
    }
    if observed.iter().sum::<f64>() <= 0.0 {
        return Err(CannotEstimate::NoEvents { within: "in any group".to_owned() });
    }
    // A group that nobody was watched in while things happened cannot be compared and takes a degree of freedom with it.
    let compared: Vec<usize> =
        expected.iter().enumerate().filter(|(_, expected)| **expected > 0.0).map(|(group, _)| group).collect();
    let kept = compared.get(1..).unwrap_or_default();
    if kept.is_empty() {
        return Err(CannotEstimate::NoEvents { within: "while people of more than one group were watched".to_owned() });
    }
    let apart: Vec<f64> = observed.iter().zip(&expected).map(|(observed, expected)| observed - expected).collect();
    let apart: Vec<f64> = kept.iter().filter_map(|&group| apart.get(group).copied()).collect();
    let factor = Cholesky::new(&variance.part(kept))
        .map_err(|_| CannotEstimate::NoVariation { what: "who was watched when something happened" })?;
    let statistic = factor.weigh(&apart);
    let df = count(kept.len());
    Ok(LogRank {
        groups: groups
            .iter()
            .zip(observed.into_iter().zip(expected))
            .map(|(group, (observed, expected))| ComparedGroup { people: group.len(), observed, expected })
            .collect(),
        test: Test { statistic, degrees_of_freedom: Some(df), p: chi_squared_sf(statistic, df) },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(rows: &[(f64, bool)]) -> Vec<Observation> {
        rows.iter().map(|&(time, event)| Observation { time, event }).collect()
    }

    #[test]
    fn groups_alike_do_not_differ() {
        let one = group(&[(1.0, true), (2.0, true), (3.0, false)]);
        let found = log_rank(&[&one, &one], Weight::LogRank).unwrap();
        assert!(found.test.statistic.abs() < 1e-15 && (found.test.p - 1.0).abs() < 1e-9);
    }

    #[test]
    fn one_group_no_events_and_an_empty_group_are_named() {
        let watched = group(&[(1.0, false), (2.0, false)]);
        assert!(matches!(log_rank(&[&watched], Weight::LogRank), Err(CannotEstimate::TooFew { .. })));
        assert!(matches!(log_rank(&[&watched, &watched], Weight::LogRank), Err(CannotEstimate::NoEvents { .. })));
        assert!(matches!(log_rank(&[&watched, &[]], Weight::LogRank), Err(CannotEstimate::TooFew { .. })));
    }

    #[test]
    fn events_after_everybody_in_the_other_group_left_cannot_be_compared() {
        let early = group(&[(1.0, false), (2.0, false)]);
        let late = group(&[(5.0, true), (6.0, true)]);
        assert!(matches!(log_rank(&[&early, &late], Weight::LogRank), Err(CannotEstimate::NoEvents { .. })));
    }
}
