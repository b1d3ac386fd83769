//! What the pooled answer would be if small trials that found the opposite were missing, and how strongly a slope says so when
//! the trials' own disagreement is allowed for.
//!
//! Trim and fill (Duval and Tweedie 2000) supposes that the trials should lie evenly about their mean. It is a what-if and no
//! correction: an uneven funnel has other causes than trials left in drawers.

use super::{Effect, Model, Pooled, check, pool, regress};
use crate::estimate::{CannotEstimate, Confidence, Estimate, Test, count};
use serde::Serialize;

/// How the number of missing trials is estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// From the sum of the ranks on the heavy side: Duval and Tweedie's L0, the usual choice.
    #[default]
    L0,
    /// From the longest run of ranks on the heavy side: their R0.
    R0,
}

/// On which side trials are supposed to be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Below the mean.
    Left,
    /// Above the mean.
    Right,
}

/// The answer with the supposed trials filled in.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Filled {
    /// On which side they are supposed to be missing: the one asked for, or else against the slope over the standard error.
    pub side: Side,
    /// How many.
    pub missing: usize,
    /// The trials that were supposed, each the mirror of one that is there.
    pub filled: Vec<Effect>,
    /// The answer from all of them together.
    pub pooled: Pooled,
}

/// Trims the trials that have no counterpart on the other side, finds the mean without them, and fills in their mirrors.
///
/// Without a side, trials are supposed to be missing against the slope of the effects over their standard errors in the same model,
/// as metafor has it.
///
/// # Errors
/// As pooling and [`egger_mixed`] do: with fewer than three trials, and where all have the same standard error.
pub fn trim_and_fill(
    effects: &[Effect],
    model: Model,
    missing: Missing,
    side: Option<Side>,
    confidence: Confidence,
) -> Result<Filled, CannotEstimate> {
    check(effects, 3)?;
    let side = match side {
        Some(side) => side,
        None => {
            let plain = Model { hartung_knapp: false, ..model };
            let slope = egger_mixed(effects, plain, confidence)?.slope.statistic;
            if slope < 0.0 { Side::Right } else { Side::Left }
        }
    };
    // Turned so that the heavy side is the upper one.
    let turn = if side == Side::Right { -1.0 } else { 1.0 };
    let mut turned: Vec<Effect> =
        effects.iter().map(|effect| Effect { value: turn * effect.value, variance: effect.variance }).collect();
    turned.sort_by(|a, b| a.value.total_cmp(&b.value));
    let n = turned.len();
    let (mut now, mut mean) = (0, 0.0);
    let limit = 100;
    for step in 0..=limit {
        if step == limit {
            return Err(CannotEstimate::NotConverged { what: "the number of missing trials", steps: limit });
        }
        let kept = turned.get(..n - now).unwrap_or_default();
        let plain = Model { hartung_knapp: false, ..model };
        mean = pool(kept, plain, confidence)?.mean.value;
        let next = supposed(&turned, mean, missing);
        if next == now {
            break;
        }
        now = next;
    }
    let mirror = |effect: &Effect| Effect { value: turn * (2.0 * mean - effect.value), variance: effect.variance };
    let filled: Vec<Effect> = turned.get(n - now..).unwrap_or_default().iter().map(mirror).collect();
    let all: Vec<Effect> = effects.iter().chain(&filled).copied().collect();
    Ok(Filled { side, missing: now, pooled: pool(&all, model, confidence)?, filled })
}

/// How many trials are missing below, from the ranks of the distances to the mean.
fn supposed(rising: &[Effect], mean: f64, missing: Missing) -> usize {
    let mut distances: Vec<f64> = rising.iter().map(|effect| effect.value - mean).collect();
    distances.sort_by(|a, b| a.abs().total_cmp(&b.abs()));
    let n = count(distances.len());
    let found = match missing {
        Missing::L0 => {
            let ranks = distances.iter().zip(1_u32..).filter(|(distance, _)| **distance > 0.0);
            let sum: f64 = ranks.map(|(_, rank)| f64::from(rank)).sum();
            (4.0 * sum - n * (n + 1.0)) / (2.0 * n - 1.0)
        }
        Missing::R0 => {
            let run = distances.iter().rev().take_while(|distance| **distance > 0.0).count();
            count(run) - 1.0
        }
    };
    // Half a trial is rounded to the even number, as R does; the last trial always stays.
    let most = distances.len().saturating_sub(1);
    (found.max(0.0).round_ties_even() as usize).min(most)
}

/// Egger's question asked of a random-effects model: the slope over the standard error, and the effect of a trial so large that
/// it has none.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct MixedEgger {
    /// The test of the slope.
    pub slope: Test,
    /// The effect where the standard error is zero.
    pub limit: Estimate,
}

/// Regresses effects on their standard errors with spread between trials left over.
///
/// # Errors
/// As [`regress`].
pub fn egger_mixed(effects: &[Effect], model: Model, confidence: Confidence) -> Result<MixedEgger, CannotEstimate> {
    check(effects, 3)?;
    let errors: Vec<f64> = effects.iter().map(|effect| effect.variance.sqrt()).collect();
    let (least, most) = errors.iter().fold((f64::INFINITY, 0.0_f64), |(least, most), e| (least.min(*e), most.max(*e)));
    if most - least <= 1e-9 * most {
        return Err(CannotEstimate::NoVariation { what: "the standard errors of the trials" });
    }
    let fit = regress(effects, &[("standard error", &errors)], model, confidence)?;
    match fit.coefficients.as_slice() {
        [limit, slope] => Ok(MixedEgger { slope: slope.test, limit: limit.estimate }),
        _ => Err(CannotEstimate::NoVariation { what: "the standard errors of the trials" }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meta::Method;

    fn model(method: Method) -> Model {
        Model { method, hartung_knapp: false }
    }

    /// The BCG trials as log risk ratios with their variances (Colditz 1994; the project's statistics reference, 1.1).
    const BCG: [(f64, f64); 13] = [
        (-0.889_311_334, 0.325_584_765),
        (-1.585_388_657, 0.194_581_121),
        (-1.348_073_148, 0.415_367_965),
        (-1.441_551_190, 0.020_010_032),
        (-0.217_547_322, 0.051_210_172),
        (-0.786_115_586, 0.006_905_618),
        (-1.620_898_224, 0.223_017_248),
        (0.011_952_334, 0.003_961_579),
        (-0.469_417_649, 0.056_434_210),
        (-1.371_344_803, 0.073_024_794),
        (-0.339_358_828, 0.012_412_214),
        (0.445_913_401, 0.532_505_845),
        (-0.017_313_948, 0.071_404_660),
    ];

    fn bcg() -> Vec<Effect> {
        BCG.map(|(value, variance)| Effect { value, variance }).to_vec()
    }

    /// R 4.2.2, metafor's `trimfill` on `rma` of the BCG trials. Closed form but for the spread, so 1e-5.
    #[test]
    fn agrees_with_metafor_on_the_bcg_trials() {
        for (method, missing, count, mean, error) in [
            (Method::DerSimonianLaird, Missing::L0, 1, -0.656_073_213, 0.173_463_402),
            (Method::DerSimonianLaird, Missing::R0, 0, -0.714_117_222, 0.178_742_09),
            (Method::Reml, Missing::L0, 1, -0.657_082_801, 0.178_528_467),
            (Method::Equal, Missing::L0, 4, -0.291_025_992, 0.038_264_136_6),
            (Method::Equal, Missing::R0, 4, -0.291_025_992, 0.038_264_136_6),
        ] {
            let found = trim_and_fill(&bcg(), model(method), missing, None, Confidence::PERCENT_95).unwrap();
            assert_eq!((found.side, found.missing), (Side::Right, count), "{method:?} {missing:?}");
            assert!((found.pooled.mean.value - mean).abs() < 1e-5, "{method:?}: {}", found.pooled.mean.value);
            assert!((found.pooled.mean.standard_error - error).abs() < 1e-5, "{method:?}");
        }
    }

    /// The side is that of the slope in the model that is pooled by, as in metafor; another can be asked for.
    #[test]
    fn the_side_is_against_the_slope_and_can_be_given() {
        let model = model(Method::Reml);
        let left = trim_and_fill(&bcg(), model, Missing::L0, Some(Side::Left), Confidence::PERCENT_95).unwrap();
        assert_eq!(left.side, Side::Left);
        let turned: Vec<Effect> =
            bcg().iter().map(|effect| Effect { value: -effect.value, variance: effect.variance }).collect();
        let found = trim_and_fill(&turned, model, Missing::L0, None, Confidence::PERCENT_95).unwrap();
        assert_eq!((found.side, found.missing), (Side::Left, 1));
        // One large trial turns the plain weighted slope (1.898) against the slope among trials that disagree (-0.612, by a
        // restricted likelihood maximised with scipy 1.17.1).
        let trials = [
            (-0.59, 0.001),
            (-0.66, 0.26),
            (0.12, 0.264),
            (-0.28, 0.147),
            (0.14, 0.089),
            (0.46, 0.012),
            (-0.99, 0.197),
        ];
        let effects: Vec<Effect> = trials.iter().map(|&(value, variance)| Effect { value, variance }).collect();
        assert!(crate::meta::egger(&effects).unwrap().statistic > 0.0);
        let found = trim_and_fill(&effects, model, Missing::L0, None, Confidence::PERCENT_95).unwrap();
        assert_eq!(found.side, Side::Right);
    }

    /// R 4.2.2, metafor's `regtest(model = "rma")` with REML.
    #[test]
    fn the_mixed_slope_agrees_with_metafor() {
        let found = egger_mixed(&bcg(), model(Method::Reml), Confidence::PERCENT_95).unwrap();
        assert!((found.slope.statistic - -0.803_329).abs() < 1e-3, "{}", found.slope.statistic);
        assert!((found.slope.p - 0.421_785).abs() < 1e-3);
        assert!((found.limit.value - -0.510_432).abs() < 1e-3);
        assert!((found.limit.interval.low - -1.118_224).abs() < 1e-3);
    }

    #[test]
    fn an_even_funnel_has_nothing_missing_and_equal_sizes_no_slope() {
        let even: Vec<Effect> = [(-1.0, 0.5), (1.0, 0.5), (-0.4, 0.1), (0.4, 0.1), (0.0, 0.02)]
            .map(|(value, variance)| Effect { value, variance })
            .to_vec();
        let found =
            trim_and_fill(&even, model(Method::DerSimonianLaird), Missing::L0, None, Confidence::PERCENT_95).unwrap();
        assert_eq!(found.missing, 0);
        let alike = [
            Effect { value: 1.0, variance: 0.1 },
            Effect { value: 2.0, variance: 0.1 },
            Effect { value: 0.5, variance: 0.1 },
        ];
        let refused = trim_and_fill(&alike, model(Method::Reml), Missing::L0, None, Confidence::PERCENT_95);
        assert!(matches!(refused, Err(CannotEstimate::NoVariation { .. })));
    }
}
