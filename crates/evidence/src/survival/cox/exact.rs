//! The exact discrete likelihood: at each time, the chance of just these people among all choices of as many.
//!
//! The sum over all choices is an elementary symmetric polynomial of the risks, built person by person with its slope and its
//! curvature (Gail, Lubin and Rubinstein 1981). Its cost is people times ties at every time.

use super::PartialLikelihood;
use super::risk_sets::People;
use crate::estimate::{CannotEstimate, count};
use crate::matrix::{SquareMatrix, dot};

/// The sum over all choices of so many people, with slope and curvature.
#[derive(Clone)]
struct Choices {
    sum: f64,
    slope: Vec<f64>,
    curve: SquareMatrix,
}

impl Choices {
    fn new(sum: f64, columns: usize) -> Self {
        Self { sum, slope: vec![0.0; columns], curve: SquareMatrix::zeros(columns) }
    }

    /// Adds the choices that hold one person more.
    fn join(&mut self, fewer: &Self, risk: f64, values: &[f64]) {
        self.curve.add_scaled(risk, &fewer.curve);
        self.curve.add_outer(risk, values, &fewer.slope);
        self.curve.add_outer(risk, &fewer.slope, values);
        self.curve.add_outer(risk * fewer.sum, values, values);
        for (slope, (less, value)) in self.slope.iter_mut().zip(fewer.slope.iter().zip(values)) {
            *slope += risk * (less + value * fewer.sum);
        }
        self.sum += risk * fewer.sum;
    }
}

/// Refuses data on which the exact likelihood would take too long.
pub(super) fn affordable(people: &People) -> Result<(), CannotEstimate> {
    let (mut watched, mut cost) = (0, 0.0);
    for same_time in people.times() {
        watched += same_time.len();
        cost += count(watched) * count(same_time.iter().filter(|(row, _)| row.event).count());
    }
    if cost <= 2e7 {
        Ok(())
    } else {
        Err(CannotEstimate::OutOfRange {
            what: "the number of people times ties that the exact likelihood weighs",
            value: cost,
            must_be: "20 million or fewer; Efron's ties serve for more",
        })
    }
}

pub(super) fn likelihood(people: &People, coefficients: &[f64]) -> PartialLikelihood {
    let p = people.columns();
    let mut total = PartialLikelihood { log: 0.0, slope: vec![0.0; p], information: SquareMatrix::zeros(p) };
    let mut watched: Vec<(f64, &[f64])> = Vec::with_capacity(people.rows.len());
    for same_time in people.times() {
        let mut events = 0;
        for (row, values) in same_time {
            let score = dot(coefficients, values);
            watched.push((score.exp(), values));
            if row.event {
                events += 1;
                total.log += score;
                for (slope, value) in total.slope.iter_mut().zip(values) {
                    *slope += value;
                }
            }
        }
        if events > 0 {
            subtract(&mut total, &choices(&watched, events, p));
        }
    }
    total
}

fn choices(watched: &[(f64, &[f64])], events: usize, columns: usize) -> Choices {
    let mut by_size: Vec<Choices> = vec![Choices::new(0.0, columns); events + 1];
    if let Some(none) = by_size.first_mut() {
        none.sum = 1.0;
    }
    for (risk, values) in watched {
        for size in (1..=events).rev() {
            if let (lower, [here, ..]) = by_size.split_at_mut(size)
                && let Some(fewer) = lower.last()
            {
                here.join(fewer, *risk, values);
            }
        }
    }
    by_size.pop().unwrap_or_else(|| Choices::new(1.0, columns))
}

fn subtract(total: &mut PartialLikelihood, choices: &Choices) {
    total.log -= choices.sum.ln();
    let mean: Vec<f64> = choices.slope.iter().map(|slope| slope / choices.sum).collect();
    for (slope, mean) in total.slope.iter_mut().zip(&mean) {
        *slope -= mean;
    }
    total.information.add_scaled(1.0 / choices.sum, &choices.curve);
    total.information.add_outer(-1.0, &mean, &mean);
}
