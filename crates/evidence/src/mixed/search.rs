//! The search for the lowest deviance: Newton's method on an exact slope, damped until every step goes downhill.

use nalgebra::{Cholesky, DMatrix, DVector};
use rayon::prelude::*;

use super::sums::{Solved, add, cell};
use crate::estimate::CannotEstimate;

const STEPS: usize = 100;
/// The fall in deviance still to be had, by the quadratic through the point, at which the search has settled.
const SETTLED: f64 = 1e-9;
/// How far to either side the slope is compared to find its own slope. Parameters are scaled to be near one.
const ASIDE: f64 = 1e-4;

/// The deviance at one point, its slope, and the coefficients there.
#[derive(Debug, Clone)]
pub(crate) struct Point {
    pub(crate) deviance: f64,
    pub(crate) slope: DVector<f64>,
    pub(crate) solved: Solved,
}

/// A deviance to be made as low as it goes. There is none where the covariance would be impossible.
pub(crate) trait Deviance: Sync {
    fn at(&self, parameters: &DVector<f64>) -> Option<Point>;
}

/// Where the search settled.
#[derive(Debug, Clone)]
pub(crate) struct Lowest {
    pub(crate) parameters: DVector<f64>,
    pub(crate) point: Point,
    /// The asymptotic covariance of the parameters.
    pub(crate) parameter_covariance: DMatrix<f64>,
    /// How the coefficients' covariance changes with each parameter.
    pub(crate) covariance_slopes: Vec<DMatrix<f64>>,
    pub(crate) steps: usize,
}

/// The curvature at a point, and how the covariance changes, from the slopes to either side.
fn curvature(surface: &impl Deviance, at: &DVector<f64>) -> Option<(DMatrix<f64>, Vec<DMatrix<f64>>)> {
    let aside = |parameter: usize, by: f64| {
        let mut moved = at.clone();
        *moved.get_mut(parameter)? += by;
        surface.at(&moved)
    };
    // The order of the answers is that of the parameters whatever thread finds them, so that the sum is the same.
    let sides: Vec<Option<(Point, Point)>> =
        (0..at.len()).into_par_iter().map(|one| Some((aside(one, ASIDE)?, aside(one, -ASIDE)?))).collect();
    let sides: Vec<(Point, Point)> = sides.into_iter().collect::<Option<_>>()?;
    let columns: Vec<DVector<f64>> = sides.iter().map(|(up, down)| (&up.slope - &down.slope) / (2.0 * ASIDE)).collect();
    let raw = DMatrix::from_columns(&columns);
    let slopes = sides.iter().map(|(up, down)| (&up.solved.covariance - &down.solved.covariance) / (2.0 * ASIDE));
    Some(((&raw + raw.transpose()) / 2.0, slopes.collect()))
}

/// Searches from a starting point; refuses rather than hand back a point that is not the lowest.
pub(crate) fn lowest(
    surface: &impl Deviance,
    start: DVector<f64>,
    what: &'static str,
) -> Result<Lowest, CannotEstimate> {
    let unsettled = |steps| CannotEstimate::NotConverged { what, steps };
    let mut parameters = start;
    let mut point = surface.at(&parameters).ok_or_else(|| unsettled(0))?;
    for step in 1..=STEPS {
        let (bend, covariance_slopes) = curvature(surface, &parameters).ok_or_else(|| unsettled(step))?;
        if let Some(factor) = Cholesky::new(bend.clone()) {
            let move_by = factor.solve(&point.slope);
            let to_gain = move_by.dot(&point.slope) / 2.0;
            if to_gain < SETTLED {
                let parameter_covariance = factor.inverse() * 2.0;
                return Ok(Lowest { parameters, point, parameter_covariance, covariance_slopes, steps: step });
            }
        }
        (parameters, point) = downhill(surface, &parameters, &point, &bend).ok_or_else(|| unsettled(step))?;
    }
    Err(unsettled(STEPS))
}

/// One step that lowers the deviance, shorter and steeper until it does.
fn downhill(
    surface: &impl Deviance,
    parameters: &DVector<f64>,
    point: &Point,
    bend: &DMatrix<f64>,
) -> Option<(DVector<f64>, Point)> {
    let scale = bend.diagonal().amax().max(1e-6);
    let mut damping = 0.0;
    for _ in 0..60 {
        let mut damped = bend.clone();
        for one in 0..parameters.len() {
            let own = cell(bend, one, one).abs().max(1e-3 * scale);
            add(&mut damped, one, one, damping * own);
        }
        if let Some(factor) = Cholesky::new(damped) {
            let mut by = factor.solve(&point.slope);
            let longest = by.amax();
            if longest > 1.0 {
                by /= longest;
            }
            let there = parameters - by;
            if let Some(found) = surface.at(&there)
                && found.deviance < point.deviance + 1e-12 * point.deviance.abs()
            {
                return Some((there, found));
            }
        }
        damping = if damping == 0.0 { 1e-3 } else { damping * 3.0 };
    }
    None
}
