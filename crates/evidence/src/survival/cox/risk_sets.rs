//! Walking back through time: at each event, those still watched against those to whom it happened.

use super::{Covariate, PartialLikelihood};
use crate::estimate::count;
use crate::matrix::{SquareMatrix, dot};
use crate::survival::Observation;
use rayon::slice::ParallelSliceMut;

/// One person's time; the values stand in `People::values`.
#[derive(Clone, Copy)]
pub(super) struct TimeRow {
    pub(super) time: f64,
    pub(super) event: bool,
    place: usize,
}

/// Everybody, the last seen first, with columns centred and scaled to a spread of 1.
pub(super) struct People {
    pub(super) rows: Vec<TimeRow>,
    values: Vec<f64>,
    /// Mean and spread of each column as it was given.
    pub(super) scales: Vec<(f64, f64)>,
}

/// Sums of risk, of risk times values and of risk times their products.
pub(super) struct Sums {
    pub(super) risk: f64,
    pub(super) first: Vec<f64>,
    pub(super) second: SquareMatrix,
}

impl Sums {
    fn new(columns: usize) -> Self {
        Self { risk: 0.0, first: vec![0.0; columns], second: SquareMatrix::zeros(columns) }
    }

    fn clear(&mut self) {
        self.risk = 0.0;
        self.first.fill(0.0);
        self.second.clear();
    }

    fn add(&mut self, risk: f64, values: &[f64]) {
        self.risk += risk;
        for (sum, value) in self.first.iter_mut().zip(values) {
            *sum += risk * value;
        }
        self.second.add_outer(risk, values, values);
    }
}

/// What one time with events adds to the likelihood.
pub(super) struct Moment {
    pub(super) time: f64,
    /// To how many it happened.
    pub(super) events: usize,
    pub(super) log: f64,
    pub(super) slope: Vec<f64>,
    pub(super) information: SquareMatrix,
}

impl People {
    pub(super) fn new(observations: &[Observation], columns: &[Covariate<'_>], scales: Vec<(f64, f64)>) -> Self {
        let mut rows: Vec<TimeRow> = observations
            .iter()
            .enumerate()
            .map(|(place, observation)| TimeRow { time: observation.time, event: observation.event, place })
            .collect();
        // The place breaks ties, so that sums are added in the same order on any number of threads.
        rows.par_sort_unstable_by(|a, b| b.time.total_cmp(&a.time).then(a.place.cmp(&b.place)));
        let mut values = Vec::with_capacity(rows.len() * columns.len());
        for row in &rows {
            for (column, (mean, spread)) in columns.iter().zip(&scales) {
                values.push((column.values.get(row.place).copied().unwrap_or(f64::NAN) - mean) / spread);
            }
        }
        Self { rows, values, scales }
    }

    pub(super) fn columns(&self) -> usize {
        self.scales.len()
    }

    /// Groups of people with the same time, the last first, each person with their values.
    pub(super) fn times(&self) -> impl Iterator<Item = Vec<(TimeRow, &[f64])>> {
        let mut values = self.values.chunks_exact(self.columns());
        self.rows
            .chunk_by(|a, b| a.time == b.time)
            .map(move |same_time| same_time.iter().copied().zip(values.by_ref()).collect())
    }

    /// Walks through all times with events, the last first, handing over what each adds to the likelihood.
    pub(super) fn walk(&self, coefficients: &[f64], efron: bool, mut visit: impl FnMut(&Moment)) {
        let p = self.columns();
        let (mut watched, mut gone) = (Sums::new(p), Sums::new(p));
        let mut moment =
            Moment { time: 0.0, events: 0, log: 0.0, slope: vec![0.0; p], information: SquareMatrix::zeros(p) };
        let mut values = self.values.chunks_exact(p);
        for same_time in self.rows.chunk_by(|a, b| a.time == b.time) {
            gone.clear();
            moment.events = 0;
            moment.log = 0.0;
            moment.slope.fill(0.0);
            for (row, values) in same_time.iter().zip(values.by_ref()) {
                let score = dot(coefficients, values);
                let risk = score.exp();
                watched.add(risk, values);
                if row.event {
                    moment.time = row.time;
                    moment.events += 1;
                    moment.log += score;
                    for (slope, value) in moment.slope.iter_mut().zip(values) {
                        *slope += value;
                    }
                    gone.add(risk, values);
                }
            }
            if moment.events > 0 {
                moment.weigh(&watched, &gone, efron);
                visit(&moment);
            }
        }
    }

    pub(super) fn likelihood(&self, coefficients: &[f64], efron: bool) -> PartialLikelihood {
        let p = self.columns();
        let mut sum = PartialLikelihood { log: 0.0, slope: vec![0.0; p], information: SquareMatrix::zeros(p) };
        self.walk(coefficients, efron, |moment| {
            sum.log += moment.log;
            for (slope, more) in sum.slope.iter_mut().zip(&moment.slope) {
                *slope += more;
            }
            sum.information.add_scaled(1.0, &moment.information);
        });
        sum
    }
}

impl Moment {
    /// Takes away what was to be expected of those watched. The tied are summed over as numbers first, and as matrices once, so
    /// that many ties cost no more than few.
    fn weigh(&mut self, watched: &Sums, gone: &Sums, efron: bool) {
        let d = count(self.events);
        let (mut one, mut part) = (0.0, 0.0);
        let (mut one_one, mut one_part, mut part_part) = (0.0, 0.0, 0.0);
        for tied in 0..self.events {
            let share = if efron { count(tied) / d } else { 0.0 };
            let below = watched.risk - share * gone.risk;
            self.log -= below.ln();
            one += 1.0 / below;
            part += share / below;
            one_one += 1.0 / (below * below);
            one_part += share / (below * below);
            part_part += share * share / (below * below);
        }
        for (slope, (watched, gone)) in self.slope.iter_mut().zip(watched.first.iter().zip(&gone.first)) {
            *slope -= one * watched - part * gone;
        }
        self.information.clear();
        self.information.add_scaled(one, &watched.second);
        self.information.add_scaled(-part, &gone.second);
        self.information.add_outer(-one_one, &watched.first, &watched.first);
        self.information.add_outer(one_part, &watched.first, &gone.first);
        self.information.add_outer(one_part, &gone.first, &watched.first);
        self.information.add_outer(-part_part, &gone.first, &gone.first);
    }
}
