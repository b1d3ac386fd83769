//! How a column goes with the share to whom one cause happens, while other causes shut it out: Fine and Gray's model (1999), and
//! Gray's test of that share between groups (1988).
//!
//! Whoever another cause took stays among those at risk, with the weight that they would still be watched: the share not yet out of
//! sight, with censoring counted after events at the same time, as R's `survival::finegray` does. Errors are robust, by person.

use super::CompetingObservation;
use super::cox::{Covariate, Ties};
use super::spells::{CoxErrors, Spell, SpellFit, SpellModel};
use crate::distribution::chi_squared_sf;
use crate::estimate::{CannotEstimate, Confidence, Test, at_least, count, same_length};
use crate::matrix::{Cholesky, SquareMatrix};

/// The most rows that people are divided into.
const MOST_ROWS: usize = 3_000_000;

/// Fits Fine and Gray's model for one cause. The hazard ratios are those of the share, not of the people still without any event.
pub fn fine_gray(
    observations: &[CompetingObservation],
    cause: usize,
    columns: &[Covariate<'_>],
    ties: Ties,
    confidence: Confidence,
) -> Result<SpellFit, CannotEstimate> {
    super::check_times(observations.iter().map(|one| one.time))?;
    for column in columns {
        same_length("people", observations.len(), "values in a column", column.values.len())?;
    }
    let drops = still_watched(observations);
    let last = observations.iter().filter(|one| one.cause == Some(cause)).map(|one| one.time).fold(f64::MIN, f64::max);
    let (mut spells, mut weights, mut people) = (Vec::new(), Vec::new(), Vec::new());
    let mut put = |person: usize, start: f64, stop: f64, event: bool, weight: f64| {
        spells.push(Spell { start, stop, event });
        weights.push(weight);
        people.push(person);
        spells.len()
    };
    for (person, one) in observations.iter().enumerate() {
        let own = one.cause == Some(cause);
        put(person, f64::NEG_INFINITY, one.time, own, 1.0);
        if own || one.cause.is_none() {
            continue;
        }
        let (mut from, mut weight) = (one.time, 1.0);
        for &(time, factor) in drops.iter().filter(|(time, _)| *time >= one.time) {
            if from >= last || weight <= 0.0 {
                break;
            }
            if time > from {
                let rows = put(person, from, time, false, weight);
                if rows > MOST_ROWS {
                    return Err(CannotEstimate::OutOfRange {
                        what: "the number of rows that people are divided into",
                        value: count(rows),
                        must_be: "3 million or fewer; round the times to whole days or weeks",
                    });
                }
                from = time;
            }
            weight *= factor;
        }
        if from < last && weight > 0.0 {
            put(person, from, last, false, weight);
        }
    }
    let spread: Vec<(&str, Vec<f64>)> = columns
        .iter()
        .map(|column| {
            let values = people.iter().map(|person| column.values.get(*person).copied().unwrap_or(f64::NAN));
            (column.name, values.collect())
        })
        .collect();
    let columns: Vec<Covariate<'_>> = spread.iter().map(|(name, values)| Covariate { name, values }).collect();
    SpellModel {
        spells: &spells,
        columns: &columns,
        strata: None,
        weights: Some(&weights),
        ties,
        errors: CoxErrors::Clustered(&people),
        firth: false,
        confidence,
    }
    .fit()
}

/// The times at which people went out of sight, each with the share of those still there who did not.
fn still_watched(observations: &[CompetingObservation]) -> Vec<(f64, f64)> {
    let mut sorted: Vec<&CompetingObservation> = observations.iter().collect();
    sorted.sort_by(|a, b| a.time.total_cmp(&b.time));
    let mut left = count(sorted.len());
    let mut drops = Vec::new();
    for same in sorted.chunk_by(|a, b| a.time == b.time) {
        let gone = count(same.iter().filter(|one| one.cause.is_none()).count());
        // Events at a time come before those who go out of sight at it.
        let there = left - (count(same.len()) - gone);
        if gone > 0.0 {
            drops.push((same.first().map_or(0.0, |one| one.time), 1.0 - gone / there));
        }
        left -= count(same.len());
    }
    drops
}

/// Where one group stands just before and at a time.
#[derive(Clone, Copy)]
struct Standing {
    /// Those still watched without any event.
    watched: f64,
    without_before: f64,
    without: f64,
    share_before: f64,
    share: f64,
    own: f64,
    other: f64,
}

/// Gray's test that the share to whom one cause happens is the same in every group.
pub fn gray(groups: &[&[CompetingObservation]], cause: usize) -> Result<Test, CannotEstimate> {
    at_least("groups", groups.len(), 2)?;
    let k = groups.len();
    let mut rows: Vec<(f64, usize, Option<bool>)> = Vec::new();
    for (group, own) in groups.iter().enumerate() {
        super::check_times(own.iter().map(|one| one.time))?;
        rows.extend(own.iter().map(|one| (one.time, group, one.cause.map(|other| other == cause))));
    }
    if !rows.iter().any(|row| row.2 == Some(true)) {
        return Err(CannotEstimate::NoEvents { within: "of this cause in any group".to_owned() });
    }
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut standing: Vec<Standing> = groups
        .iter()
        .map(|own| Standing {
            watched: count(own.len()),
            without_before: 1.0,
            without: 1.0,
            share_before: 0.0,
            share: 0.0,
            own: 0.0,
            other: 0.0,
        })
        .collect();
    let mut sums = Sums::new(k);
    for same in rows.chunk_by(|a, b| a.0 == b.0) {
        for group in &mut standing {
            (group.own, group.other) = (0.0, 0.0);
        }
        for (_, group, kind) in same {
            if let Some(group) = standing.get_mut(*group) {
                match kind {
                    Some(true) => group.own += 1.0,
                    Some(false) => group.other += 1.0,
                    None => {}
                }
            }
        }
        sums.take(&mut standing);
        for (_, group, _) in same {
            if let Some(group) = standing.get_mut(*group) {
                group.watched -= 1.0;
            }
        }
        for group in &mut standing {
            (group.without_before, group.share_before) = (group.without, group.share);
        }
    }
    sums.test()
}

/// What Gray's statistic and its variance are summed from.
struct Sums {
    k: usize,
    score: Vec<f64>,
    direct: SquareMatrix,
    /// Each group's later pull on the others' scores.
    pull: SquareMatrix,
    cross: SquareMatrix,
    square: Vec<f64>,
    /// The share of all groups together, before.
    together: f64,
}

impl Sums {
    fn new(k: usize) -> Self {
        let zeros = || SquareMatrix::zeros(k);
        Self {
            k,
            score: vec![0.0; k],
            direct: zeros(),
            pull: zeros(),
            cross: zeros(),
            square: vec![0.0; k],
            together: 0.0,
        }
    }

    fn take(&mut self, standing: &mut [Standing]) {
        let (own, other): (f64, f64) = standing.iter().fold((0.0, 0.0), |sum, g| (sum.0 + g.own, sum.1 + g.other));
        if own + other == 0.0 {
            return;
        }
        for group in standing.iter_mut().filter(|group| group.watched > 0.0) {
            group.without = group.without_before * (group.watched - group.own - group.other) / group.watched;
            group.share = group.share_before + group.without_before * group.own / group.watched;
        }
        // How many would be watched if nothing had happened yet, and of those how many are without this cause.
        let scaled: Vec<f64> =
            standing.iter().map(|g| if g.watched > 0.0 { g.watched / g.without_before } else { 0.0 }).collect();
        let at_risk: Vec<f64> = standing.iter().zip(&scaled).map(|(g, r)| r * (1.0 - g.share_before)).collect();
        let (total, total_at_risk): (f64, f64) = (scaled.iter().sum(), at_risk.iter().sum());
        let share = self.together + own / total;
        let weight = SquareMatrix::from_fn(self.k, |i, j| {
            let (ri, rj) = (scaled.get(i).copied().unwrap_or(0.0), scaled.get(j).copied().unwrap_or(0.0));
            if i == j { ri * (1.0 - ri / total) } else { -ri * rj / total }
        });
        self.pull.add_scaled(own / (total * (1.0 - self.together)), &weight);
        for ((score, group), risk) in self.score.iter_mut().zip(standing.iter()).zip(&at_risk) {
            if group.watched > 0.0 {
                *score += group.own - own * risk / total_at_risk;
            }
        }
        for (at, group) in standing.iter().enumerate().filter(|(_, group)| group.watched > 0.0) {
            if own > 0.0 {
                let fade = if group.without > 0.0 { 1.0 - (1.0 - share) / group.without } else { 1.0 };
                let ties = if own > 1.0 { 1.0 - (own - 1.0) / (total * group.without_before - 1.0) } else { 1.0 };
                self.add(at, fade, ties * group.without_before * own / (total * group.watched), Some(&weight));
            }
            if group.other > 0.0 && group.without > 0.0 {
                let fade = -(1.0 - share) / group.without;
                let ties = if group.other > 1.0 { 1.0 - (group.other - 1.0) / (group.watched - 1.0) } else { 1.0 };
                let spread = ties * group.without_before.powi(2) * group.other / group.watched.powi(2);
                self.add(at, fade, spread, None);
            }
        }
        self.together = share;
    }

    /// Adds one group's part of the variance at one time.
    fn add(&mut self, group: usize, fade: f64, spread: f64, weight: Option<&SquareMatrix>) {
        let now: Vec<f64> = (0..self.k)
            .map(|i| weight.map_or(0.0, |weight| weight.at(i, group)) - fade * self.pull.at(i, group))
            .collect();
        self.direct.add_outer(spread, &now, &now);
        if let Some(square) = self.square.get_mut(group) {
            *square += fade * fade * spread;
        }
        for (i, one) in now.iter().enumerate() {
            self.cross.add(i, group, one * fade * spread);
        }
    }

    fn test(self) -> Result<Test, CannotEstimate> {
        let variance = SquareMatrix::from_fn(self.k, |i, j| {
            let late: f64 = (0..self.k)
                .map(|g| {
                    let square = self.square.get(g).copied().unwrap_or(0.0);
                    self.pull.at(i, g) * self.pull.at(j, g) * square
                        + self.pull.at(i, g) * self.cross.at(j, g)
                        + self.pull.at(j, g) * self.cross.at(i, g)
                })
                .sum();
            self.direct.at(i, j) + late
        });
        let kept: Vec<usize> = (0..self.k.saturating_sub(1)).collect();
        let factor = Cholesky::new(&variance.part(&kept))
            .map_err(|_| CannotEstimate::NoVariation { what: "who was watched when something happened" })?;
        let statistic = factor.weigh(self.score.get(..kept.len()).unwrap_or_default());
        let df = count(kept.len());
        Ok(Test { statistic, degrees_of_freedom: Some(df), p: chi_squared_sf(statistic, df) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people(rows: &[(f64, Option<usize>)]) -> Vec<CompetingObservation> {
        rows.iter().map(|&(time, cause)| CompetingObservation { time, cause }).collect()
    }

    #[test]
    fn groups_alike_do_not_differ_and_a_cause_that_nobody_has_is_named() {
        let one = people(&[(1.0, Some(0)), (2.0, Some(1)), (3.0, Some(0)), (4.0, None), (5.0, Some(0))]);
        let found = gray(&[&one, &one], 0).unwrap();
        assert!(found.statistic.abs() < 1e-12, "{found:?}");
        assert!(matches!(gray(&[&one, &one], 7), Err(CannotEstimate::NoEvents { .. })));
        assert!(matches!(gray(&[&one], 0), Err(CannotEstimate::TooFew { .. })));
    }

    #[test]
    fn without_another_cause_it_is_coxs_model_with_robust_errors() {
        let rows: Vec<CompetingObservation> =
            (1..=20).map(|i| CompetingObservation { time: f64::from(i), cause: (i % 3 != 0).then_some(0) }).collect();
        let dose: Vec<f64> = (1..=20).map(|i| f64::from(i * 7 % 5)).collect();
        let columns = [Covariate { name: "dose", values: &dose }];
        let shared = fine_gray(&rows, 0, &columns, Ties::Efron, Confidence::PERCENT_95).unwrap();
        let plain: Vec<super::super::Observation> =
            rows.iter().map(|one| super::super::Observation { time: one.time, event: one.cause.is_some() }).collect();
        let cox = super::super::cox(&plain, &columns, Ties::Efron, Confidence::PERCENT_95).unwrap();
        assert!((shared.effects[0].hazard_ratio.log - cox.effects[0].hazard_ratio.log).abs() < 1e-8);
        assert_eq!(shared.clusters, Some(20));
    }
}
