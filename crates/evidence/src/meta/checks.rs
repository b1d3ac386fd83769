//! Whether a pooled answer hangs on one trial, how it grew over the years, and whether small trials say something else.

use super::{Effect, Model, Pooled, check, pool};
use crate::distribution::{normal_two_sided, t_two_sided};
use crate::estimate::{CannotEstimate, Confidence, Test, count};
use serde::Serialize;

/// The pooled answer after one trial was left out or added.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TrialStep {
    /// The trial's place in the list given.
    pub trial: usize,
    /// The answer.
    pub pooled: Pooled,
}

/// Pools all trials but one, for each one.
pub fn leave_one_out(
    effects: &[Effect],
    model: Model,
    confidence: Confidence,
) -> Result<Vec<TrialStep>, CannotEstimate> {
    check(effects, 2)?;
    (0..effects.len())
        .map(|left_out| {
            let others: Vec<Effect> =
                effects.iter().enumerate().filter(|(place, _)| *place != left_out).map(|(_, effect)| *effect).collect();
            Ok(TrialStep { trial: left_out, pooled: pool(&others, model, confidence)? })
        })
        .collect()
}

/// Pools the first trial, the first two, and so on, in the order of `years`; trials of one year in the order given.
pub fn cumulative(
    effects: &[Effect],
    years: &[i32],
    model: Model,
    confidence: Confidence,
) -> Result<Vec<TrialStep>, CannotEstimate> {
    crate::estimate::same_length("trials", effects.len(), "years", years.len())?;
    check(effects, 1)?;
    let mut order: Vec<(i32, usize, Effect)> =
        years.iter().zip(effects).enumerate().map(|(place, (year, effect))| (*year, place, *effect)).collect();
    order.sort_by_key(|(year, place, _)| (*year, *place));
    let mut known = Vec::with_capacity(order.len());
    let mut steps = Vec::with_capacity(order.len());
    for (_, trial, effect) in order {
        known.push(effect);
        if known.len() == 1 && model.hartung_knapp {
            // One trial has no spread to take its doubt from: the living answer begins with the second.
            continue;
        }
        steps.push(TrialStep { trial, pooled: pool(&known, model, confidence)? });
    }
    Ok(steps)
}

/// Egger's test: the effect against its standard error, by weighted regression. Small trials that say more than large ones give a
/// slope; that may be bias, or that small trials are done differently.
pub fn egger(effects: &[Effect]) -> Result<Test, CannotEstimate> {
    check(effects, 3)?;
    let (mut w, mut wx, mut wy) = (0.0, 0.0, 0.0);
    for effect in effects {
        let weight = 1.0 / effect.variance;
        w += weight;
        wx += weight * effect.variance.sqrt();
        wy += weight * effect.value;
    }
    let (mean_x, mean_y) = (wx / w, wy / w);
    let (mut wxx, mut wxy) = (0.0, 0.0);
    for effect in effects {
        let x = effect.variance.sqrt() - mean_x;
        wxx += x * x / effect.variance;
        wxy += x * (effect.value - mean_y) / effect.variance;
    }
    if wxx <= 1e-12 * w * mean_x * mean_x {
        return Err(CannotEstimate::NoVariation { what: "the standard errors of the trials" });
    }
    let slope = wxy / wxx;
    let df = count(effects.len()) - 2.0;
    let residual: f64 = effects
        .iter()
        .map(|effect| {
            let expected = mean_y + slope * (effect.variance.sqrt() - mean_x);
            (effect.value - expected).powi(2) / effect.variance
        })
        .sum();
    if residual <= 0.0 {
        return Err(CannotEstimate::NoVariation { what: "the effects about their line" });
    }
    let statistic = slope / (residual / df / wxx).sqrt();
    Ok(Test { statistic, degrees_of_freedom: Some(df), p: t_two_sided(statistic, df) })
}

/// Begg and Mazumdar's test.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Begg {
    /// Kendall's tau between effect and variance.
    pub tau: f64,
    /// Its two-sided p value: exact up to 49 trials without ties, else normal with the variance that ties leave.
    pub p: f64,
}

/// Begg and Mazumdar's rank correlation between the effects, each put on one footing, and their variances.
pub fn begg(effects: &[Effect]) -> Result<Begg, CannotEstimate> {
    check(effects, 3)?;
    let here = super::spread::at(effects, 0.0);
    let standing: Vec<(f64, f64)> = effects
        .iter()
        .map(|effect| {
            let own = effect.variance - 1.0 / here.weight;
            ((effect.value - here.mean) / own.sqrt(), effect.variance)
        })
        .collect();
    let k = standing.len();
    let (mut agree, mut against, mut tied_first, mut tied_second) = (0_usize, 0_usize, 0_usize, 0_usize);
    for (place, a) in standing.iter().enumerate() {
        for b in standing.iter().skip(place + 1) {
            let (x, y) = (a.0 - b.0, a.1 - b.1);
            tied_first += usize::from(x == 0.0);
            tied_second += usize::from(y == 0.0);
            agree += usize::from(x * y > 0.0);
            against += usize::from(x * y < 0.0);
        }
    }
    let pairs = count(k * (k - 1) / 2);
    let below = ((pairs - count(tied_first)) * (pairs - count(tied_second))).sqrt();
    if below <= 0.0 {
        return Err(CannotEstimate::NoVariation { what: "the effects or the variances of the trials" });
    }
    let apart = count(agree) - count(against);
    let p = if tied_first + tied_second == 0 && k < 50 {
        exact_kendall(k, agree)
    } else {
        let ranks = |of: fn(&(f64, f64)) -> f64| Ties::among(standing.iter().map(of).collect());
        normal_two_sided(apart / kendall_variance(count(k), &ranks(|one| one.0), &ranks(|one| one.1)).sqrt())
    };
    Ok(Begg { tau: apart / below, p })
}

/// Sums over the groups of equal values that Kendall's variance is made of.
struct Ties {
    pairs: f64,
    triples: f64,
    weighted: f64,
}

impl Ties {
    fn among(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        let mut found = Self { pairs: 0.0, triples: 0.0, weighted: 0.0 };
        for alike in values.chunk_by(|a, b| a == b) {
            let t = count(alike.len());
            found.pairs += t * (t - 1.0);
            found.triples += t * (t - 1.0) * (t - 2.0);
            found.weighted += t * (t - 1.0) * (2.0 * t + 5.0);
        }
        found
    }
}

/// The variance of the number of agreeing less disagreeing pairs, all orders being alike, with ties allowed for (Kendall 1970).
fn kendall_variance(n: f64, first: &Ties, second: &Ties) -> f64 {
    let plain = (n * (n - 1.0) * (2.0 * n + 5.0) - first.weighted - second.weighted) / 18.0;
    let pairs = first.pairs * second.pairs / (2.0 * n * (n - 1.0));
    let triples = if n > 2.0 { first.triples * second.triples / (9.0 * n * (n - 1.0) * (n - 2.0)) } else { 0.0 };
    plain + pairs + triples
}

/// The two-sided chance of so many agreeing pairs or a more extreme number, all orders being alike.
fn exact_kendall(k: usize, agree: usize) -> f64 {
    // The chance of each number of agreeing pairs, one trial added at a time.
    let mut chances = vec![1.0];
    for size in 2..=k {
        let mut next = vec![0.0; chances.len() + size - 1];
        for (agreeing, chance) in chances.iter().enumerate() {
            for cell in next.iter_mut().skip(agreeing).take(size) {
                *cell += chance / count(size);
            }
        }
        chances = next;
    }
    let pairs = k * (k - 1) / 2;
    let fewer = agree.min(pairs - agree);
    (2.0 * chances.iter().take(fewer + 1).sum::<f64>()).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_trials_cannot_show_a_slope_and_equal_sizes_have_none() {
        let two = [Effect { value: 1.0, variance: 0.1 }, Effect { value: 2.0, variance: 0.2 }];
        assert!(matches!(egger(&two), Err(CannotEstimate::TooFew { .. })));
        let same = [1.0, 2.0, 4.0].map(|value| Effect { value, variance: 0.1 });
        assert!(matches!(egger(&same), Err(CannotEstimate::NoVariation { .. })));
        assert!(begg(&same).is_err());
    }

    /// scipy 1.17.1, `kendalltau(method = "asymptotic")` of the same standardised effects and variances.
    #[test]
    fn ties_are_allowed_for_in_beggs_p() {
        let effects =
            [(0.2, 0.1), (0.5, 0.2), (0.5, 0.2), (-0.1, 0.05), (0.9, 0.3), (1.2, 0.3), (0.3, 0.1), (0.5, 0.2)]
                .map(|(value, variance)| Effect { value, variance });
        let found = begg(&effects).unwrap();
        assert!((found.tau - 0.959_166_304_662_544).abs() < 1e-12, "{}", found.tau);
        assert!((found.p - 0.002_223_843_543_413_8).abs() < 1e-9, "{}", found.p);
    }

    #[test]
    fn a_living_answer_needs_a_year_for_each_trial() {
        let two = [Effect { value: 1.0, variance: 0.1 }, Effect { value: 2.0, variance: 0.2 }];
        assert!(cumulative(&two, &[2014], Model::default(), Confidence::PERCENT_95).is_err());
        let steps = cumulative(&two, &[2021, 2014], Model::default(), Confidence::PERCENT_95).unwrap();
        assert_eq!(steps.iter().map(|step| step.trial).collect::<Vec<_>>(), [1, 0]);
    }
}
