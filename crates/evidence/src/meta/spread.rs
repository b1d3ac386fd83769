//! How far the true effects of trials lie apart (tau squared), by the methods in use.

use super::Effect;
use crate::estimate::{CannotEstimate, count};
use crate::root;
use serde::Serialize;

/// How the spread between trials is estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Taken as zero: one effect common to all trials.
    Equal,
    /// `DerSimonian` and Laird's moments (1986).
    DerSimonianLaird,
    /// Restricted maximum likelihood.
    #[default]
    Reml,
    /// Maximum likelihood.
    MaximumLikelihood,
    /// Paule and Mandel's (1982), the same as empirical Bayes.
    PauleMandel,
    /// Sidik and Jonkman's (2005).
    SidikJonkman,
    /// Hedges's variance components (1983).
    Hedges,
    /// Hunter and Schmidt's.
    HunterSchmidt,
}

/// The weighted mean at a given spread, with the sums that the estimators share.
pub(super) struct At {
    pub(super) mean: f64,
    pub(super) weight: f64,
    pub(super) weight_squares: f64,
    /// The weighted sum of squares about the mean.
    pub(super) q: f64,
}

pub(super) fn at(effects: &[Effect], spread: f64) -> At {
    let (mut weight, mut weight_squares, mut sum) = (0.0, 0.0, 0.0);
    for effect in effects {
        let w = 1.0 / (effect.variance + spread);
        weight += w;
        weight_squares += w * w;
        sum += w * effect.value;
    }
    let mean = sum / weight;
    let q = effects.iter().map(|effect| (effect.value - mean).powi(2) / (effect.variance + spread)).sum();
    At { mean, weight, weight_squares, q }
}

/// The typical variance inside a trial, as Higgins and Thompson have it.
pub(super) fn typical_variance(effects: &[Effect]) -> f64 {
    let none = at(effects, 0.0);
    (count(effects.len()) - 1.0) * none.weight / (none.weight * none.weight - none.weight_squares)
}

fn plain_variance(effects: &[Effect]) -> f64 {
    let n = count(effects.len());
    let mean = effects.iter().map(|effect| effect.value).sum::<f64>() / n;
    effects.iter().map(|effect| (effect.value - mean).powi(2)).sum::<f64>() / (n - 1.0)
}

fn moments(effects: &[Effect]) -> f64 {
    let none = at(effects, 0.0);
    let df = count(effects.len()) - 1.0;
    ((none.q - df) / (none.weight - none.weight_squares / none.weight)).max(0.0)
}

/// The spread at which the weighted sum of squares is this large; zero where even no spread makes it smaller.
pub(super) fn where_q_is(effects: &[Effect], q: f64) -> f64 {
    if at(effects, 0.0).q <= q {
        return 0.0;
    }
    root::bracket_and_bisect(0.0, typical_variance(effects), |spread| q - at(effects, spread).q)
        .unwrap_or(f64::INFINITY)
}

/// Twice the slope of the log-likelihood in the spread, and the information that it carries.
fn slope(effects: &[Effect], spread: f64, restricted: bool) -> (f64, f64) {
    let here = at(effects, spread);
    let (mut pull, mut cubes) = (0.0, 0.0);
    for effect in effects {
        let w = 1.0 / (effect.variance + spread);
        pull += w * w * (effect.value - here.mean).powi(2);
        cubes += w * w * w;
    }
    if restricted {
        let shrink = here.weight_squares / here.weight;
        (pull - here.weight + shrink, here.weight_squares - 2.0 * cubes / here.weight + shrink * shrink)
    } else {
        (pull - here.weight, here.weight_squares)
    }
}

fn log_likelihood(effects: &[Effect], spread: f64, restricted: bool) -> f64 {
    let here = at(effects, spread);
    let logs: f64 = effects.iter().map(|effect| (effect.variance + spread).ln()).sum();
    -0.5 * (logs + here.q + if restricted { here.weight.ln() } else { 0.0 })
}

/// The spread of highest likelihood.
///
/// The slope is looked at over a grid that is even in the logarithm, since with few trials it can cross zero more than once; each
/// crossing is then found by halving, and the one of highest likelihood is kept.
fn likeliest(effects: &[Effect], restricted: bool) -> Result<f64, CannotEstimate> {
    let top = (plain_variance(effects) + typical_variance(effects)) * 100.0;
    let mut best = (log_likelihood(effects, 0.0, restricted), 0.0);
    let steps = 60_u32;
    let grid = (0..=steps).map(|i| top * 10_f64.powf(-10.0 * (1.0 - f64::from(i) / f64::from(steps))));
    let mut from = 0.0;
    for to in grid {
        if slope(effects, from, restricted).0 > 0.0 && slope(effects, to, restricted).0 <= 0.0 {
            let spread = root::bisect(from, to, |spread| -slope(effects, spread, restricted).0);
            let log = log_likelihood(effects, spread, restricted);
            if log > best.0 {
                best = (log, spread);
            }
        }
        from = to;
    }
    if best.0.is_finite() {
        Ok(best.1)
    } else {
        Err(CannotEstimate::NotConverged { what: "the spread between trials", steps: 60 })
    }
}

/// The spread between trials, and its standard error where the method has one.
pub(super) fn estimate(effects: &[Effect], method: Method) -> Result<(f64, Option<f64>), CannotEstimate> {
    if effects.len() < 2 {
        return Ok((0.0, None));
    }
    let df = count(effects.len()) - 1.0;
    let by_likelihood = |restricted: bool| {
        let spread = likeliest(effects, restricted)?;
        Ok((spread, Some((2.0 / slope(effects, spread, restricted).1).sqrt())))
    };
    match method {
        Method::Equal => Ok((0.0, None)),
        Method::DerSimonianLaird => Ok((moments(effects), None)),
        Method::Reml => by_likelihood(true),
        Method::MaximumLikelihood => by_likelihood(false),
        Method::PauleMandel => Ok((where_q_is(effects, df), None)),
        Method::SidikJonkman => {
            let n = count(effects.len());
            let start = plain_variance(effects) * df / n;
            if start <= 0.0 {
                return Ok((0.0, None));
            }
            Ok((start * at(effects, start).q / df, None))
        }
        Method::Hedges => {
            let mean_variance = effects.iter().map(|effect| effect.variance).sum::<f64>() / count(effects.len());
            Ok(((plain_variance(effects) - mean_variance).max(0.0), None))
        }
        Method::HunterSchmidt => {
            let none = at(effects, 0.0);
            Ok((((none.q - count(effects.len())) / none.weight).max(0.0), None))
        }
    }
}
