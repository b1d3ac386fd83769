//! How much sooner it happens with one more unit of something, others held still: Cox's proportional hazards (1972).

mod exact;
mod proportional;
mod risk_sets;

pub use proportional::{Proportional, TimeTransform, proportional_hazards};

use super::{Observation, check_times};
use crate::distribution::{chi_squared_sf, normal_two_sided};
use crate::estimate::{CannotEstimate, Confidence, Test, all_finite, at_least, count, same_length};
use crate::matrix::{Cholesky, SquareMatrix, dot};
use crate::proportion::Ratio;
use risk_sets::People;
use serde::Serialize;

/// What to do where it happened to several people at one time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ties {
    /// Efron's: each leaves on average a share of the others behind. R's default.
    #[default]
    Efron,
    /// Breslow's: simpler, and drawn towards no effect where many are tied.
    Breslow,
    /// The exact discrete likelihood: every choice of as many people is weighed. Slow where many are tied.
    Exact,
}

/// One explaining column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Covariate<'a> {
    /// Its name, for the table and for messages.
    pub name: &'a str,
    /// One value per person.
    pub values: &'a [f64],
}

/// The effect of one column.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CovariateEffect {
    /// The column's name.
    pub name: String,
    /// The hazard ratio for one unit more, with its interval and its logarithm, the coefficient.
    pub hazard_ratio: Ratio,
    /// Wald's z.
    pub z: f64,
    /// Its two-sided p value.
    pub p: f64,
}

/// The fitted model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fit {
    /// The effects, in the order of the columns.
    pub effects: Vec<CovariateEffect>,
    /// How many people.
    pub people: usize,
    /// To how many it happened.
    pub events: usize,
    /// How ties were treated.
    pub ties: Ties,
    /// The log-likelihood without any effect.
    pub log_likelihood_null: f64,
    /// The log-likelihood of the fit.
    pub log_likelihood: f64,
    /// The likelihood-ratio test of no effect at all.
    pub likelihood_ratio: Test,
    /// Wald's test.
    pub wald: Test,
    /// The score test.
    pub score: Test,
    /// Each coefficient's variance and covariance, row after row.
    pub covariance: Vec<f64>,
    /// How many steps the search took.
    pub steps: usize,
}

/// The log-likelihood with its slope and its curvature.
struct PartialLikelihood {
    log: f64,
    slope: Vec<f64>,
    information: SquareMatrix,
}

/// Fits the model. One sort, then a few passes of cost n times the square of the number of columns.
pub fn cox(
    observations: &[Observation],
    columns: &[Covariate<'_>],
    ties: Ties,
    confidence: Confidence,
) -> Result<Fit, CannotEstimate> {
    let people = prepare(observations, columns)?;
    if ties == Ties::Exact {
        exact::affordable(&people)?;
    }
    let likelihood = |coefficients: &[f64]| match ties {
        Ties::Exact => exact::likelihood(&people, coefficients),
        Ties::Efron => people.likelihood(coefficients, true),
        Ties::Breslow => people.likelihood(coefficients, false),
    };
    let collinear = |row: usize| CannotEstimate::Collinear { what: name_of(columns, row) };
    let mut coefficients = vec![0.0; columns.len()];
    let mut now = likelihood(&coefficients);
    let null = now.log;
    // Columns have a spread of 1 here, so that a likelihood which says nothing of any of them leaves only what rounding made.
    let events = count(observations.iter().filter(|observation| observation.event).count());
    if now.information.diagonal().into_iter().all(|own| own.abs() <= 1e-9 * events) {
        return Err(CannotEstimate::NoVariation { what: "who could have had the event whenever it happened" });
    }
    let score = Cholesky::new(&now.information).map_err(collinear)?.weigh(&now.slope);
    let limit = 50;
    for steps in 1..=limit {
        let factor = Cholesky::new(&now.information).map_err(|row| no_bound(columns, row))?;
        let step = factor.solve(&now.slope);
        let (next, there) = search(&coefficients, &step, now.log, &likelihood)?;
        let gained = (there.log - now.log).abs() <= 1e-11 * (there.log.abs() + 1e-3);
        let moved = step.iter().map(|part| part.abs()).fold(0.0, f64::max);
        coefficients = next;
        now = there;
        // Columns are scaled to a spread of 1. A likelihood that no longer rises while a coefficient still runs has no top.
        if gained && moved > 0.05 {
            let row = step.iter().position(|part| part.abs() >= moved).unwrap_or(0);
            return Err(no_bound(columns, row));
        }
        if gained && moved < 1e-7 * (1.0 + coefficients.iter().map(|c| c.abs()).fold(0.0, f64::max)) {
            let factor = Cholesky::new(&now.information).map_err(|row| no_bound(columns, row))?;
            let found = Found { null, score, steps, coefficients, now, factor };
            return Ok(report(&people, columns, ties, confidence, &found));
        }
    }
    Err(CannotEstimate::NotConverged { what: "the coefficients", steps: limit })
}

struct Found {
    null: f64,
    score: f64,
    steps: usize,
    coefficients: Vec<f64>,
    now: PartialLikelihood,
    factor: Cholesky,
}

fn name_of(columns: &[Covariate<'_>], row: usize) -> String {
    columns.get(row).map_or_else(String::new, |column| column.name.to_owned())
}

fn no_bound(columns: &[Covariate<'_>], row: usize) -> CannotEstimate {
    CannotEstimate::NoBound { what: name_of(columns, row) }
}

/// Checks the columns, centres and scales them, and sorts the people.
fn prepare(observations: &[Observation], columns: &[Covariate<'_>]) -> Result<People, CannotEstimate> {
    check_times(observations.iter().map(|observation| observation.time))?;
    at_least("columns", columns.len(), 1)?;
    for column in columns {
        same_length("people", observations.len(), "values in a column", column.values.len())?;
        all_finite("a column", column.values)?;
    }
    if !observations.iter().any(|observation| observation.event) {
        return Err(CannotEstimate::NoEvents { within: "in anybody".to_owned() });
    }
    let n = count(observations.len());
    let mut scales = Vec::with_capacity(columns.len());
    for column in columns {
        let mean = column.values.iter().sum::<f64>() / n;
        let spread = (column.values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / n).sqrt();
        if spread <= 1e-12 * mean.abs() {
            return Err(CannotEstimate::NoVariation { what: "one of the columns" });
        }
        scales.push((mean, spread));
    }
    Ok(People::new(observations, columns, scales))
}

/// A step, halved until the likelihood does not fall.
fn search(
    from: &[f64],
    step: &[f64],
    log: f64,
    likelihood: &impl Fn(&[f64]) -> PartialLikelihood,
) -> Result<(Vec<f64>, PartialLikelihood), CannotEstimate> {
    let mut length = 1.0;
    for _ in 0..30 {
        let to: Vec<f64> = from.iter().zip(step).map(|(from, step)| from + length * step).collect();
        let there = likelihood(&to);
        if there.log.is_finite() && there.log >= log - 1e-9 * log.abs() {
            return Ok((to, there));
        }
        length /= 2.0;
    }
    Err(CannotEstimate::NotConverged { what: "a step that raises the likelihood", steps: 30 })
}

fn report(people: &People, columns: &[Covariate<'_>], ties: Ties, confidence: Confidence, found: &Found) -> Fit {
    let df = count(columns.len());
    let test = |statistic: f64| Test { statistic, degrees_of_freedom: Some(df), p: chi_squared_sf(statistic, df) };
    let inverse = found.factor.inverse();
    let spreads: Vec<f64> = people.scales.iter().map(|scale| scale.1).collect();
    let covariance = SquareMatrix::from_fn(columns.len(), |i, j| {
        let spread = |k: usize| spreads.get(k).copied().unwrap_or(f64::NAN);
        inverse.at(i, j) / (spread(i) * spread(j))
    });
    let effects = columns.iter().zip(&found.coefficients).zip(spreads.iter().zip(covariance.diagonal()));
    Fit {
        effects: effects
            .map(|((column, scaled), (spread, variance))| {
                let (log, error) = (scaled / spread, variance.sqrt());
                CovariateEffect {
                    name: column.name.to_owned(),
                    hazard_ratio: Ratio::from_log(log, error, confidence),
                    z: log / error,
                    p: normal_two_sided(log / error),
                }
            })
            .collect(),
        people: people.rows.len(),
        events: people.rows.iter().filter(|row| row.event).count(),
        ties,
        log_likelihood_null: found.null,
        log_likelihood: found.now.log,
        likelihood_ratio: test(2.0 * (found.now.log - found.null)),
        wald: test(dot(&found.coefficients, &found.now.information.times(&found.coefficients))),
        score: test(found.score),
        covariance: covariance.into_cells(),
        steps: found.steps,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(rows: &[(f64, bool, f64)]) -> Result<Fit, CannotEstimate> {
        let observations: Vec<Observation> = rows.iter().map(|&(time, event, _)| Observation { time, event }).collect();
        let values: Vec<f64> = rows.iter().map(|row| row.2).collect();
        cox(&observations, &[Covariate { name: "dose", values: &values }], Ties::Efron, Confidence::PERCENT_95)
    }

    #[test]
    fn nobody_no_events_and_a_constant_column_are_named() {
        assert!(matches!(fit(&[]), Err(CannotEstimate::TooFew { .. })));
        assert!(matches!(fit(&[(1.0, false, 0.0), (2.0, false, 1.0)]), Err(CannotEstimate::NoEvents { .. })));
        assert!(matches!(fit(&[(1.0, true, 3.0), (2.0, true, 3.0)]), Err(CannotEstimate::NoVariation { .. })));
        assert!(matches!(fit(&[(1.0, true, f64::NAN), (2.0, true, 3.0)]), Err(CannotEstimate::NotFinite { .. })));
    }

    #[test]
    fn events_of_everybody_at_one_time_say_nothing_and_give_no_hazard_ratio_of_one() {
        let rows: Vec<Observation> = (0..6).map(|_| Observation { time: 2.0, event: true }).collect();
        let values = [0.0, 1.0, 0.0, 1.0, 2.0, 5.0];
        let columns = [Covariate { name: "dose", values: &values }];
        let exact = cox(&rows, &columns, Ties::Exact, Confidence::PERCENT_95);
        assert!(matches!(exact, Err(CannotEstimate::NoVariation { .. })), "{exact:?}");
        // Those last seen before anything happened cannot be compared either.
        let late = [(1.0, false, 3.0), (1.0, false, 4.0), (5.0, true, 2.0)];
        assert!(matches!(fit(&late), Err(CannotEstimate::NoVariation { .. })));
    }

    #[test]
    fn an_effect_without_bound_is_named_and_not_printed_as_a_huge_number() {
        let rows = [(1.0, true, 1.0), (2.0, true, 1.0), (3.0, true, 1.0), (9.0, false, 0.0), (9.0, false, 0.0)];
        assert_eq!(fit(&rows).unwrap_err(), CannotEstimate::NoBound { what: "dose".to_owned() });
    }

    #[test]
    fn a_column_that_another_explains_is_named() {
        let observations: Vec<Observation> =
            (0..8).map(|i| Observation { time: f64::from(i), event: i % 2 == 0 }).collect();
        let values: Vec<f64> = (0..8).map(|i| f64::from(i * 3 % 5)).collect();
        let twice: Vec<f64> = values.iter().map(|value| 2.0 * value + 1.0).collect();
        let columns =
            [Covariate { name: "dose", values: &values }, Covariate { name: "twice the dose", values: &twice }];
        let found = cox(&observations, &columns, Ties::Efron, Confidence::PERCENT_95);
        assert_eq!(found.unwrap_err(), CannotEstimate::Collinear { what: "twice the dose".to_owned() });
    }

    #[test]
    fn the_unit_of_a_column_does_not_matter() {
        let rows = [(1.0, true, 0.0), (2.0, true, 2.0), (3.0, false, 1.0), (4.0, true, 0.0), (5.0, true, 3.0)];
        let millionfold = rows.map(|(time, event, dose)| (time, event, dose * 1e6 + 5e6));
        let (plain, scaled) = (fit(&rows).unwrap(), fit(&millionfold).unwrap());
        let ratio = plain.effects[0].hazard_ratio.log / scaled.effects[0].hazard_ratio.log;
        assert!((ratio / 1e6 - 1.0).abs() < 1e-8, "{ratio}");
    }
}
