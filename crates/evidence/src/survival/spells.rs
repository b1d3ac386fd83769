//! Cox's model for people watched in spells: a column may change on the way, people may enter late, strata have a course of their
//! own, rows may be weighed, and errors may be robust or by clusters (Andersen and Gill 1982, Lin and Wei 1989).
//!
//! Where an effect has no bound, Firth's penalty (1993; Heinze and Schemper 2001) gives a finite one, with intervals by profile.

use super::cox::{Covariate, CovariateEffect, Ties};
use crate::distribution::{chi_squared_quantile, chi_squared_sf, normal_two_sided};
use crate::estimate::{CannotEstimate, Confidence, Interval, Test, all_finite, at_least, count, same_length};
use crate::matrix::{Cholesky, SquareMatrix, dot};
use crate::proportion::Ratio;
use crate::root;
use serde::Serialize;
use std::collections::BTreeMap;

/// A time watched, from just after its start up to its end, and whether it happened at the end.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Spell {
    /// When watching began; minus infinity where it began before anything could happen.
    pub start: f64,
    /// When it ended.
    pub stop: f64,
    /// Whether it happened then.
    pub event: bool,
}

/// What the standard errors take for granted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CoxErrors<'a> {
    /// That the model holds.
    #[default]
    Model,
    /// That rows are independent, whether the model holds or not.
    Robust,
    /// That clusters are independent: one number per row.
    Clustered(&'a [usize]),
}

/// A model to be fitted.
#[derive(Debug, Clone, Copy)]
pub struct SpellModel<'a> {
    /// The spells.
    pub spells: &'a [Spell],
    /// The columns, a value per spell.
    pub columns: &'a [Covariate<'a>],
    /// A number per spell: those of one stratum are compared with each other only.
    pub strata: Option<&'a [usize]>,
    /// How much each spell weighs.
    pub weights: Option<&'a [f64]>,
    /// How ties are treated: Efron's or Breslow's way.
    pub ties: Ties,
    /// What the standard errors take for granted.
    pub errors: CoxErrors<'a>,
    /// Firth's penalty, with intervals and tests by the profile of the likelihood.
    pub firth: bool,
    /// How much the intervals cover.
    pub confidence: Confidence,
}

/// The fitted model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SpellFit {
    /// The effects, in the order of the columns. Under Firth's penalty `z` is the signed root of the profile's test.
    pub effects: Vec<CovariateEffect>,
    /// The standard errors that hold if the model does, beside robust ones.
    pub model_errors: Vec<f64>,
    /// How many spells.
    pub spells: usize,
    /// In how many it happened.
    pub events: usize,
    /// How many strata.
    pub strata: usize,
    /// How many clusters, where errors are by clusters.
    pub clusters: Option<usize>,
    /// How ties were treated.
    pub ties: Ties,
    /// The log-likelihood without any effect, penalised where the fit is.
    pub log_likelihood_null: f64,
    /// The log-likelihood of the fit, penalised where the fit is.
    pub log_likelihood: f64,
    /// The likelihood-ratio test of no effect at all; none with weights or robust errors, under which it does not hold.
    pub likelihood_ratio: Option<Test>,
    /// Wald's test of no effect at all, with the errors asked for.
    pub wald: Test,
    /// The covariance of the coefficients with the errors asked for, row after row.
    pub covariance: Vec<f64>,
}

struct Row {
    start: f64,
    stop: f64,
    event: bool,
    stratum: usize,
    weight: f64,
    values: Vec<f64>,
}

/// What one time with events adds to every row at risk.
struct AtTime {
    time: f64,
    /// The hazard, and the hazard times the mean of the columns.
    hazard: f64,
    pull: Vec<f64>,
    /// The parts of both that the tied rows themselves do not carry.
    spared: f64,
    spared_pull: Vec<f64>,
    /// The mean of the columns, drawn together over ties.
    mean: Vec<f64>,
}

struct Point {
    log: f64,
    slope: Vec<f64>,
    information: SquareMatrix,
    /// By stratum, times falling.
    times: Vec<Vec<AtTime>>,
}

struct Problem {
    rows: Vec<Row>,
    strata: Vec<Vec<usize>>,
    by_start: Vec<Vec<usize>>,
    scales: Vec<(f64, f64)>,
    efron: bool,
}

fn add_scaled(to: &mut [f64], by: f64, from: &[f64]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to += by * from;
    }
}

impl Problem {
    fn size(&self) -> usize {
        self.scales.len()
    }

    fn row(&self, at: usize) -> Option<&Row> {
        self.rows.get(at)
    }

    fn risk(&self, row: &Row, coefficients: &[f64]) -> f64 {
        row.weight * dot(&row.values, coefficients).exp()
    }

    fn at(&self, coefficients: &[f64]) -> Point {
        let p = self.size();
        let mut point = Point { log: 0.0, slope: vec![0.0; p], information: SquareMatrix::zeros(p), times: Vec::new() };
        for (stratum, by_start) in self.strata.iter().zip(&self.by_start) {
            let times = self.stratum(coefficients, stratum, by_start, &mut point);
            point.times.push(times);
        }
        point
    }

    /// One pass over a stratum from the last time to the first, adding those who end later and taking out those who begin later.
    fn stratum(&self, coefficients: &[f64], by_stop: &[usize], by_start: &[usize], point: &mut Point) -> Vec<AtTime> {
        let p = self.size();
        let mut times: Vec<AtTime> = Vec::new();
        let (mut s0, mut s1, mut s2) = (0.0, vec![0.0; p], SquareMatrix::zeros(p));
        let (mut entering, mut leaving) = (0, 0);
        let rows: Vec<&Row> = by_stop.iter().filter_map(|at| self.row(*at)).collect();
        let starts: Vec<&Row> = by_start.iter().filter_map(|at| self.row(*at)).collect();
        let mut first = 0;
        while let Some(row) = rows.get(first) {
            let time = row.stop;
            let same = rows.iter().skip(first).take_while(|row| row.stop == time).count();
            let here = rows.get(first..first + same).unwrap_or_default();
            first += same;
            let dead: Vec<&&Row> = here.iter().filter(|row| row.event && row.weight > 0.0).collect();
            if dead.is_empty() {
                continue;
            }
            while let Some(row) = rows.get(entering).filter(|row| row.stop >= time) {
                let risk = self.risk(row, coefficients);
                s0 += risk;
                add_scaled(&mut s1, risk, &row.values);
                s2.add_outer(risk, &row.values, &row.values);
                entering += 1;
            }
            while let Some(row) = starts.get(leaving).filter(|row| row.start >= time) {
                let risk = self.risk(row, coefficients);
                s0 -= risk;
                add_scaled(&mut s1, -risk, &row.values);
                s2.add_outer(-risk, &row.values, &row.values);
                leaving += 1;
            }
            let d = count(dead.len());
            let (mut d0, mut d1, mut d2, mut weight) = (0.0, vec![0.0; p], SquareMatrix::zeros(p), 0.0);
            for row in &dead {
                let risk = self.risk(row, coefficients);
                d0 += risk;
                add_scaled(&mut d1, risk, &row.values);
                d2.add_outer(risk, &row.values, &row.values);
                weight += row.weight;
                point.log += row.weight * dot(&row.values, coefficients);
                add_scaled(&mut point.slope, row.weight, &row.values);
            }
            let mut at = AtTime {
                time,
                hazard: 0.0,
                pull: vec![0.0; p],
                spared: 0.0,
                spared_pull: vec![0.0; p],
                mean: vec![0.0; p],
            };
            let each = weight / d;
            for step in 0..dead.len() {
                let share = if self.efron { count(step) / d } else { 0.0 };
                let total = s0 - share * d0;
                let mut mean = s1.clone();
                add_scaled(&mut mean, -share, &d1);
                mean.iter_mut().for_each(|one| *one /= total);
                point.log -= each * total.ln();
                add_scaled(&mut point.slope, -each, &mean);
                point.information.add_scaled(each / total, &s2);
                point.information.add_scaled(-each * share / total, &d2);
                point.information.add_outer(-each, &mean, &mean);
                let hazard = each / total;
                at.hazard += hazard;
                add_scaled(&mut at.pull, hazard, &mean);
                at.spared += share * hazard;
                add_scaled(&mut at.spared_pull, share * hazard, &mean);
                add_scaled(&mut at.mean, 1.0 / d, &mean);
            }
            times.push(at);
        }
        times
    }

    /// Each row's pull on the coefficients, weighed.
    fn scores(&self, coefficients: &[f64], point: &Point) -> Vec<Vec<f64>> {
        let p = self.size();
        let sums: Vec<(Vec<f64>, Vec<Vec<f64>>)> = point
            .times
            .iter()
            .map(|times| {
                // From the first time on: the sums up to and with each.
                let (mut hazard, mut pull) = (0.0, vec![0.0; p]);
                let (mut hazards, mut pulls) = (vec![0.0], vec![pull.clone()]);
                for at in times.iter().rev() {
                    hazard += at.hazard;
                    add_scaled(&mut pull, 1.0, &at.pull);
                    hazards.push(hazard);
                    pulls.push(pull.clone());
                }
                (hazards, pulls)
            })
            .collect();
        let score = |row: &Row| {
            let mut score = vec![0.0; p];
            let (Some(times), Some((hazards, pulls))) = (point.times.get(row.stratum), sums.get(row.stratum)) else {
                return score;
            };
            let until = |time: f64| times.len() - times.partition_point(|at| at.time > time);
            let (from, to) = (until(row.start), until(row.stop));
            let risk = dot(&row.values, coefficients).exp();
            let part = |list: &[f64]| list.get(to).copied().unwrap_or(0.0) - list.get(from).copied().unwrap_or(0.0);
            add_scaled(&mut score, -risk * part(hazards), &row.values);
            add_scaled(&mut score, risk, pulls.get(to).map_or(&[][..], Vec::as_slice));
            add_scaled(&mut score, -risk, pulls.get(from).map_or(&[][..], Vec::as_slice));
            if row.event
                && let Some(at) = times.get(times.len() - to).filter(|at| at.time == row.stop)
            {
                add_scaled(&mut score, 1.0 + risk * at.spared, &row.values);
                add_scaled(&mut score, -1.0, &at.mean);
                add_scaled(&mut score, -risk, &at.spared_pull);
            }
            score.iter_mut().for_each(|one| *one *= row.weight);
            score
        };
        self.rows.iter().map(score).collect()
    }
}

impl SpellModel<'_> {
    /// Fits the model.
    pub fn fit(&self) -> Result<SpellFit, CannotEstimate> {
        let problem = self.problem()?;
        let p = problem.size();
        let null_point = problem.at(&vec![0.0; p]);
        Cholesky::new(&null_point.information).map_err(|row| CannotEstimate::Collinear { what: self.name(row) })?;
        if self.firth { self.penalised(&problem) } else { self.plain(&problem, &null_point) }
    }

    fn name(&self, row: usize) -> String {
        self.columns.get(row).map_or_else(String::new, |column| column.name.to_owned())
    }

    fn problem(&self) -> Result<Problem, CannotEstimate> {
        let n = self.spells.len();
        at_least("spells", n, 1)?;
        at_least("columns", self.columns.len(), 1)?;
        if self.ties == Ties::Exact {
            return Err(CannotEstimate::OutOfRange {
                what: "the way with ties",
                value: 2.0,
                must_be: "Efron's (0) or Breslow's (1) where there are spells, strata, weights or penalties",
            });
        }
        for spell in self.spells {
            if !spell.stop.is_finite() || spell.start.is_nan() {
                return Err(CannotEstimate::NotFinite { what: "the times" });
            }
            if spell.start >= spell.stop {
                return Err(CannotEstimate::OutOfRange {
                    what: "the end of a spell",
                    value: spell.stop,
                    must_be: "later than its start",
                });
            }
        }
        if !self.spells.iter().any(|spell| spell.event) {
            return Err(CannotEstimate::NoEvents { within: "in anybody".to_owned() });
        }
        let mut scales = Vec::with_capacity(self.columns.len());
        for column in self.columns {
            same_length("spells", n, "values in a column", column.values.len())?;
            all_finite("a column", column.values)?;
            let mean = column.values.iter().sum::<f64>() / count(n);
            let spread = (column.values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count(n)).sqrt();
            if spread <= 1e-12 * mean.abs() {
                return Err(CannotEstimate::Collinear {
                    what: format!("{}, which is the same in every row,", column.name),
                });
            }
            scales.push((mean, spread));
        }
        for (what, length) in [("strata", self.strata.map(<[_]>::len)), ("weights", self.weights.map(<[_]>::len))] {
            same_length("spells", n, what, length.unwrap_or(n))?;
        }
        let mut known: BTreeMap<usize, usize> = BTreeMap::new();
        for stratum in self.strata.unwrap_or(&[0]) {
            let next = known.len();
            known.entry(*stratum).or_insert(next);
        }
        let rows: Vec<Row> = (0..n)
            .map(|at| {
                let spell = self.spells.get(at).copied().unwrap_or(Spell { start: 0.0, stop: 1.0, event: false });
                let stratum = self.strata.and_then(|strata| known.get(strata.get(at)?)).copied().unwrap_or(0);
                let values = self.columns.iter().zip(&scales);
                let values = values.map(|(column, (mean, spread))| {
                    (column.values.get(at).copied().unwrap_or(f64::NAN) - mean) / spread
                });
                Row {
                    start: spell.start,
                    stop: spell.stop,
                    event: spell.event,
                    stratum,
                    weight: self.weights.map_or(1.0, |weights| weights.get(at).copied().unwrap_or(f64::NAN)),
                    values: values.collect(),
                }
            })
            .collect();
        if let Some(bad) = rows.iter().find(|row| !(row.weight.is_finite() && row.weight >= 0.0)) {
            return Err(CannotEstimate::OutOfRange { what: "a weight", value: bad.weight, must_be: "0 or more" });
        }
        let of = |stratum: usize| (0..n).filter(|at| rows_stratum(&rows, *at) == stratum).collect::<Vec<_>>();
        let mut strata: Vec<Vec<usize>> = (0..known.len()).map(of).collect();
        let mut by_start = strata.clone();
        let key = |at: usize, time: fn(&Row) -> f64| rows.get(at).map_or(f64::NAN, time);
        strata.iter_mut().for_each(|own| own.sort_by(|a, b| key(*b, |r| r.stop).total_cmp(&key(*a, |r| r.stop))));
        by_start.iter_mut().for_each(|own| own.sort_by(|a, b| key(*b, |r| r.start).total_cmp(&key(*a, |r| r.start))));
        Ok(Problem { strata, by_start, scales, efron: self.ties == Ties::Efron, rows })
    }

    fn plain(&self, problem: &Problem, null: &Point) -> Result<SpellFit, CannotEstimate> {
        let no_bound = |row: usize| CannotEstimate::NoBound { what: self.name(row) };
        let mut coefficients = vec![0.0; problem.size()];
        let mut now = problem.at(&coefficients);
        let limit = 60;
        for _ in 0..limit {
            let step = Cholesky::new(&now.information).map_err(no_bound)?.solve(&now.slope);
            let (next, there) = rise(&coefficients, &step, now.log, |at| problem.at(at), |point| point.log)?;
            let gained = (there.log - now.log).abs() <= 1e-11 * (there.log.abs() + 1e-3);
            let moved = step.iter().map(|part| part.abs()).fold(0.0, f64::max);
            (coefficients, now) = (next, there);
            if gained && moved > 0.05 {
                return Err(no_bound(step.iter().position(|part| part.abs() >= moved).unwrap_or(0)));
            }
            if gained && moved < 1e-8 * (1.0 + coefficients.iter().map(|c| c.abs()).fold(0.0, f64::max)) {
                return self.told(problem, &coefficients, &now, null.log, now.log, None);
            }
        }
        Err(CannotEstimate::NotConverged { what: "the coefficients", steps: limit })
    }

    fn penalised(&self, problem: &Problem) -> Result<SpellFit, CannotEstimate> {
        let p = problem.size();
        let best = climb(problem, vec![0.0; p], None)?;
        let null = log_penalised(&problem.at(&vec![0.0; p]));
        let half = chi_squared_quantile(self.confidence.level(), 1.0) / 2.0;
        let errors = Cholesky::new(&best.point.information)
            .map_err(|row| CannotEstimate::NoBound { what: self.name(row) })?
            .inverse()
            .diagonal();
        let mut profiles = Vec::with_capacity(p);
        for (k, (value, variance)) in best.coefficients.iter().zip(errors).enumerate() {
            let drop_at = |to: f64| {
                let mut from = best.coefficients.clone();
                if let Some(own) = from.get_mut(k) {
                    *own = to;
                }
                climb(problem, from, Some(k)).map(|there| best.log - there.log)
            };
            let statistic = 2.0 * drop_at(0.0)?.max(0.0);
            let error = variance.sqrt();
            let end = |side: f64| {
                let far = |away: f64| drop_at(value + side * away).map_or(f64::NAN, |drop| drop - half);
                root::bracket_and_bisect(0.0, error, far).map_or(side * f64::INFINITY, |away| value + side * away)
            };
            profiles.push((statistic, end(-1.0), end(1.0)));
        }
        self.told(problem, &best.coefficients, &best.point, null, best.log, Some(&profiles))
    }

    fn told(
        &self,
        problem: &Problem,
        coefficients: &[f64],
        point: &Point,
        null: f64,
        log: f64,
        profiles: Option<&[(f64, f64, f64)]>,
    ) -> Result<SpellFit, CannotEstimate> {
        let p = problem.size();
        let inverse = Cholesky::new(&point.information)
            .map_err(|row| CannotEstimate::NoBound { what: self.name(row) })?
            .inverse();
        let (covariance, clusters) = self.covariance(problem, coefficients, point, &inverse)?;
        let spread = |k: usize| problem.scales.get(k).map_or(f64::NAN, |scale| scale.1);
        let whole = SquareMatrix::from_fn(p, |i, j| covariance.at(i, j) / (spread(i) * spread(j)));
        let each = self.columns.iter().zip(coefficients).zip(whole.diagonal()).enumerate();
        let effects = each.map(|(k, ((column, scaled), variance))| {
            let (value, error) = (scaled / spread(k), variance.sqrt());
            let mut hazard_ratio = Ratio::from_log(value, error, self.confidence);
            let (mut z, mut chance) = (value / error, normal_two_sided(value / error));
            if let Some((statistic, low, high)) = profiles.and_then(|profiles| profiles.get(k)) {
                z = statistic.sqrt() * value.signum();
                chance = chi_squared_sf(*statistic, 1.0);
                let ends = Interval { low: low / spread(k), high: high / spread(k), confidence: self.confidence };
                hazard_ratio.interval = ends.map(f64::exp);
            }
            CovariateEffect { name: column.name.to_owned(), hazard_ratio, z, p: chance }
        });
        let df = count(p);
        let test = |statistic: f64| Test { statistic, degrees_of_freedom: Some(df), p: chi_squared_sf(statistic, df) };
        let wald = Cholesky::new(&covariance)
            .map_err(|row| CannotEstimate::Collinear { what: self.name(row) })?
            .weigh(coefficients);
        let plain = self.weights.is_none() && self.errors == CoxErrors::Model;
        Ok(SpellFit {
            effects: effects.collect(),
            model_errors: inverse.diagonal().iter().enumerate().map(|(k, one)| one.sqrt() / spread(k)).collect(),
            spells: problem.rows.len(),
            events: problem.rows.iter().filter(|row| row.event).count(),
            strata: problem.strata.len(),
            clusters,
            ties: self.ties,
            log_likelihood_null: null,
            log_likelihood: log,
            likelihood_ratio: plain.then(|| test(2.0 * (log - null))),
            wald: test(wald),
            covariance: whole.into_cells(),
        })
    }

    fn covariance(
        &self,
        problem: &Problem,
        coefficients: &[f64],
        point: &Point,
        inverse: &SquareMatrix,
    ) -> Result<(SquareMatrix, Option<usize>), CannotEstimate> {
        let p = problem.size();
        let of = |row: usize| match self.errors {
            CoxErrors::Clustered(clusters) => clusters.get(row).copied().unwrap_or(row),
            _ => row,
        };
        match self.errors {
            CoxErrors::Model => return Ok((inverse.clone(), None)),
            CoxErrors::Clustered(clusters) => {
                same_length("spells", problem.rows.len(), "clusters", clusters.len())?;
            }
            CoxErrors::Robust => {}
        }
        let mut sums: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
        for (row, score) in problem.scores(coefficients, point).into_iter().enumerate() {
            add_scaled(sums.entry(of(row)).or_insert_with(|| vec![0.0; p]), 1.0, &score);
        }
        at_least("clusters", sums.len(), 2)?;
        let mut covariance = SquareMatrix::zeros(p);
        for sum in sums.values() {
            let moved = inverse.times(sum);
            covariance.add_outer(1.0, &moved, &moved);
        }
        Ok((covariance, Some(sums.len())))
    }
}

fn rows_stratum(rows: &[Row], at: usize) -> usize {
    rows.get(at).map_or(0, |row| row.stratum)
}

/// A step, halved until the likelihood does not fall.
fn rise<P>(
    from: &[f64],
    step: &[f64],
    log: f64,
    at: impl Fn(&[f64]) -> P,
    of: impl Fn(&P) -> f64,
) -> Result<(Vec<f64>, P), CannotEstimate> {
    let mut length = 1.0;
    for _ in 0..40 {
        let to: Vec<f64> = from.iter().zip(step).map(|(from, step)| from + length * step).collect();
        let there = at(&to);
        if of(&there).is_finite() && of(&there) >= log - 1e-9 * log.abs() {
            return Ok((to, there));
        }
        length /= 2.0;
    }
    Err(CannotEstimate::NotConverged { what: "a step that raises the likelihood", steps: 40 })
}

/// The likelihood with Firth's penalty: half the logarithm of the information's determinant.
fn log_penalised(point: &Point) -> f64 {
    Cholesky::new(&point.information).map_or(f64::NEG_INFINITY, |factor| point.log + factor.log_determinant() / 2.0)
}

struct Climbed {
    coefficients: Vec<f64>,
    point: Point,
    log: f64,
}

/// The top of the penalised likelihood, with one coefficient held where it is if asked for.
fn climb(problem: &Problem, from: Vec<f64>, held: Option<usize>) -> Result<Climbed, CannotEstimate> {
    const ASIDE: f64 = 1e-5;
    let p = problem.size();
    let free: Vec<usize> = (0..p).filter(|k| Some(*k) != held).collect();
    let mut coefficients = from;
    let mut point = problem.at(&coefficients);
    let mut log = log_penalised(&point);
    let limit = 100;
    for _ in 0..limit {
        let bend = |k: usize, by: f64| {
            let mut moved = coefficients.clone();
            if let Some(own) = moved.get_mut(k) {
                *own += by;
            }
            let there = problem.at(&moved);
            Cholesky::new(&there.information).map_or(f64::NAN, |factor| factor.log_determinant())
        };
        let slope: Vec<f64> = free
            .iter()
            .map(|&k| point.slope.get(k).copied().unwrap_or(0.0) + (bend(k, ASIDE) - bend(k, -ASIDE)) / (4.0 * ASIDE))
            .collect();
        let factor = Cholesky::new(&point.information.part(&free))
            .map_err(|_| CannotEstimate::NotConverged { what: "the penalised coefficients", steps: limit })?;
        let mut own_step = factor.solve(&slope);
        let longest = own_step.iter().map(|one| one.abs()).fold(0.0, f64::max);
        if longest > 2.0 {
            own_step.iter_mut().for_each(|one| *one *= 2.0 / longest);
        }
        if longest < 1e-8 {
            return Ok(Climbed { coefficients, point, log });
        }
        let mut step = vec![0.0; p];
        for (k, by) in free.iter().zip(&own_step) {
            if let Some(own) = step.get_mut(*k) {
                *own = *by;
            }
        }
        (coefficients, point) = rise(&coefficients, &step, log, |at| problem.at(at), log_penalised)?;
        log = log_penalised(&point);
    }
    Err(CannotEstimate::NotConverged { what: "the penalised coefficients", steps: limit })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model<'a>(spells: &'a [Spell], columns: &'a [Covariate<'a>]) -> SpellModel<'a> {
        SpellModel {
            spells,
            columns,
            strata: None,
            weights: None,
            ties: Ties::Efron,
            errors: CoxErrors::Model,
            firth: false,
            confidence: Confidence::PERCENT_95,
        }
    }

    fn spell(start: f64, stop: f64, event: bool) -> Spell {
        Spell { start, stop, event }
    }

    #[test]
    fn a_spell_that_ends_before_it_begins_and_a_constant_column_are_named() {
        let dose = [1.0, 2.0];
        let columns = [Covariate { name: "dose", values: &dose }];
        let backwards = [spell(5.0, 3.0, true), spell(0.0, 4.0, false)];
        let reason = model(&backwards, &columns).fit().unwrap_err().to_string();
        assert!(reason.contains("the end of a spell is 3"), "{reason}");
        let same = [1.0, 1.0];
        let columns = [Covariate { name: "dose", values: &same }];
        let reason = model(&[spell(0.0, 3.0, true), spell(0.0, 4.0, false)], &columns).fit().unwrap_err().to_string();
        assert!(reason.contains("dose, which is the same in every row"), "{reason}");
    }

    #[test]
    fn an_effect_without_bound_is_named_unless_it_is_penalised() {
        let x = [1.0, 1.0, 1.0, 0.0, 0.0];
        let columns = [Covariate { name: "dose", values: &x }];
        let spells: Vec<Spell> = [1.0, 2.0, 3.0, 9.0, 9.0].iter().map(|&stop| spell(0.0, stop, stop < 5.0)).collect();
        assert_eq!(model(&spells, &columns).fit().unwrap_err(), CannotEstimate::NoBound { what: "dose".to_owned() });
        let penalised = SpellModel { firth: true, ..model(&spells, &columns) }.fit().unwrap();
        assert!(penalised.effects[0].hazard_ratio.log.is_finite() && penalised.effects[0].hazard_ratio.log > 0.5);
    }

    #[test]
    fn no_events_exact_ties_and_a_weight_below_zero_are_refused() {
        let x = [1.0, 0.0, 2.0];
        let columns = [Covariate { name: "dose", values: &x }];
        let spells: Vec<Spell> = [1.0, 2.0, 3.0].iter().map(|&stop| spell(0.0, stop, false)).collect();
        assert!(matches!(model(&spells, &columns).fit(), Err(CannotEstimate::NoEvents { .. })));
        let spells: Vec<Spell> = [1.0, 2.0, 3.0].iter().map(|&stop| spell(0.0, stop, true)).collect();
        assert!(SpellModel { ties: Ties::Exact, ..model(&spells, &columns) }.fit().is_err());
        let weights = [1.0, -1.0, 1.0];
        assert!(SpellModel { weights: Some(&weights), ..model(&spells, &columns) }.fit().is_err());
    }
}
