//! Whether an effect stays the same over time: the score test of Grambsch and Therneau, as R's `cox.zph` has it since 3.0.

use super::{Covariate, Fit, Ties, prepare};
use crate::distribution::chi_squared_sf;
use crate::estimate::{CannotEstimate, Test, count};
use crate::matrix::{Cholesky, SquareMatrix};
use crate::survival::{Observation, kaplan_meier};
use serde::Serialize;

/// How time is counted in the test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeTransform {
    /// By the share to whom it has happened just before. R's default; late stragglers do not rule the test.
    #[default]
    Survival,
    /// As it is.
    Plain,
}

/// The test of one column, or of all.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Proportional {
    /// The columns in order, each by name.
    pub columns: Vec<(String, Test)>,
    /// All columns together.
    pub global: Test,
}

/// Tests whether each effect of a fitted model stays the same over time. The data must be those that were fitted.
pub fn proportional_hazards(
    observations: &[Observation],
    columns: &[Covariate<'_>],
    fit: &Fit,
    clock: TimeTransform,
) -> Result<Proportional, CannotEstimate> {
    let people = prepare(observations, columns)?;
    let p = columns.len();
    let coefficients: Vec<f64> =
        fit.effects.iter().zip(&people.scales).map(|(effect, scale)| effect.hazard_ratio.log * scale.1).collect();
    crate::estimate::same_length("columns", p, "fitted effects", coefficients.len())?;
    let curve = kaplan_meier(observations)?;
    let clock_at = |time: f64| match clock {
        TimeTransform::Plain => time,
        TimeTransform::Survival => {
            let before = curve.steps().partition_point(|step| step.time < time);
            let last = before.checked_sub(1).and_then(|last| curve.steps().get(last));
            1.0 - last.map_or(1.0, |step| step.survival)
        }
    };
    let with_event = observations.iter().filter(|observation| observation.event);
    let events = count(with_event.clone().count());
    let mean = with_event.map(|observation| clock_at(observation.time)).sum::<f64>() / events;
    // The information of the model with each effect allowed to change in a straight line with the clock.
    let mut slope = vec![0.0; p];
    let (mut plain, mut by_clock, mut by_square) =
        (SquareMatrix::zeros(p), SquareMatrix::zeros(p), SquareMatrix::zeros(p));
    people.walk(&coefficients, fit.ties != Ties::Breslow, |moment| {
        let g = clock_at(moment.time) - mean;
        for (slope, more) in slope.iter_mut().zip(&moment.slope) {
            *slope += g * more;
        }
        plain.add_scaled(1.0, &moment.information);
        by_clock.add_scaled(g, &moment.information);
        by_square.add_scaled(g * g, &moment.information);
    });
    let whole = SquareMatrix::from_fn(2 * p, |i, j| match (i < p, j < p) {
        (true, true) => plain.at(i, j),
        (true, false) => by_clock.at(i, j - p),
        (false, true) => by_clock.at(i - p, j),
        (false, false) => by_square.at(i - p, j - p),
    });
    let test = |tested: &[usize]| {
        let kept: Vec<usize> = (0..p).chain(tested.iter().map(|column| column + p)).collect();
        let mut score = vec![0.0; p];
        score.extend(tested.iter().filter_map(|&column| slope.get(column).copied()));
        let factor = Cholesky::new(&whole.part(&kept))
            .map_err(|_| CannotEstimate::NoVariation { what: "the times at which it happened" })?;
        let (statistic, df) = (factor.weigh(&score), count(tested.len()));
        Ok(Test { statistic, degrees_of_freedom: Some(df), p: chi_squared_sf(statistic, df) })
    };
    let each: Result<Vec<(String, Test)>, CannotEstimate> =
        columns.iter().enumerate().map(|(i, column)| Ok((column.name.to_owned(), test(&[i])?))).collect();
    Ok(Proportional { columns: each?, global: test(&(0..p).collect::<Vec<_>>())? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimate::Confidence;
    use crate::survival::cox::cox;

    #[test]
    fn events_all_at_one_time_cannot_show_change_over_time() {
        let observations = [(4.0, true), (4.0, true), (4.0, true), (9.0, false), (9.0, false)]
            .map(|(time, event)| Observation { time, event });
        let values = [0.0, 1.0, 2.0, 0.0, 1.0];
        let columns = [Covariate { name: "dose", values: &values }];
        let fit = cox(&observations, &columns, Ties::Efron, Confidence::PERCENT_95).unwrap();
        let found = proportional_hazards(&observations, &columns, &fit, TimeTransform::Survival);
        assert!(matches!(found, Err(CannotEstimate::NoVariation { .. })));
    }
}
