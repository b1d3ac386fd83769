//! The pooled effect with its intervals, the disagreement between trials, and the prediction for another trial.

use super::spread::{At, Method, at, estimate, typical_variance, where_q_is};
use super::{Effect, check};
use crate::distribution::{
    chi_squared_quantile, chi_squared_sf, normal_quantile, normal_two_sided, t_quantile, t_two_sided,
};
use crate::estimate::{CannotEstimate, Confidence, Estimate, Interval, Test, count};
use serde::Serialize;

/// How trials are pooled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Model {
    /// How the spread between trials is estimated.
    pub method: Method,
    /// Whether the mean's doubt is taken from how far the trials lie apart, with a t distribution (Hartung, Knapp, Sidik and
    /// Jonkman). It is used without a floor.
    pub hartung_knapp: bool,
}

/// Which formula a prediction interval is by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Prediction {
    /// (a) Normal, from the spread and the mean's plain standard error.
    Normal,
    /// (b) A t with one less than the number of trials, and Hartung and Knapp's standard error.
    HartungKnapp,
    /// (c) A t with two less than the number of trials, and the plain standard error (Higgins 2009).
    Higgins,
}

/// The prediction intervals. Each is none where there are too few trials for it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Predictions {
    /// Formula (a).
    pub normal: Interval,
    /// Formula (b).
    pub hartung_knapp: Option<Interval>,
    /// Formula (c).
    pub higgins: Option<Interval>,
}

/// The Q-profile intervals of the spread (Viechtbauer 2007).
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SpreadInterval {
    /// Of tau squared.
    pub tau_squared: Interval,
    /// Of I squared, in percent.
    pub i_squared: Interval,
    /// Of H squared.
    pub h_squared: Interval,
}

/// Trials pooled.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pooled {
    /// How.
    pub model: Model,
    /// How many trials.
    pub trials: usize,
    /// The mean effect.
    pub mean: Estimate,
    /// Its test against no effect.
    pub test: Test,
    /// The spread of true effects, as a variance.
    pub tau_squared: f64,
    /// Its standard error, for the likelihood methods.
    pub tau_squared_standard_error: Option<f64>,
    /// Cochran's test of no disagreement.
    pub q: Test,
    /// The share of all variance that lies between trials, in percent. It depends on the method.
    pub i_squared: f64,
    /// The same as a ratio.
    pub h_squared: f64,
    /// Intervals of the spread; none with one trial.
    pub spread: Option<SpreadInterval>,
    /// Where another trial's true effect may fall; none where one effect is taken as common to all, or with one trial.
    pub prediction: Option<Predictions>,
    /// Each trial's share of the weight, summing to 1.
    pub weights: Vec<f64>,
}

/// The doubt of the mean after Hartung and Knapp.
fn hartung_knapp_error(here: &At, trials: usize) -> f64 {
    (here.q / (count(trials) - 1.0) / here.weight).sqrt()
}

/// Pools trials.
pub fn pool(effects: &[Effect], model: Model, confidence: Confidence) -> Result<Pooled, CannotEstimate> {
    check(effects, if model.hartung_knapp { 2 } else { 1 })?;
    let k = effects.len();
    let df = count(k) - 1.0;
    let (tau_squared, tau_squared_standard_error) = estimate(effects, model.method)?;
    let here = at(effects, tau_squared);
    let plain_error = (1.0 / here.weight).sqrt();
    let standard_error = if model.hartung_knapp { hartung_knapp_error(&here, k) } else { plain_error };
    if standard_error <= 0.0 {
        return Err(CannotEstimate::NoVariation { what: "the effects of the trials" });
    }
    let statistic = here.mean / standard_error;
    let (point, test) = if model.hartung_knapp {
        let p = t_two_sided(statistic, df);
        (t_quantile(confidence.upper_point(), df), Test { statistic, degrees_of_freedom: Some(df), p })
    } else {
        let p = normal_two_sided(statistic);
        (normal_quantile(confidence.upper_point()), Test { statistic, degrees_of_freedom: None, p })
    };
    let q = at(effects, 0.0).q;
    let typical = if k > 1 { typical_variance(effects) } else { f64::INFINITY };
    // Where one effect is taken as common to all, the disagreement is still told, from Q.
    let between = if model.method == Method::Equal && k > 1 { typical * (q / df - 1.0).max(0.0) } else { tau_squared };
    Ok(Pooled {
        model,
        trials: k,
        mean: Estimate {
            value: here.mean,
            standard_error,
            interval: Interval::around(here.mean, point * standard_error, confidence),
        },
        test,
        tau_squared,
        tau_squared_standard_error,
        q: Test { statistic: q, degrees_of_freedom: Some(df), p: if k > 1 { chi_squared_sf(q, df) } else { 1.0 } },
        i_squared: i_squared(between, typical),
        h_squared: between / typical + 1.0,
        spread: (k > 1).then(|| profile(effects, typical, confidence)),
        prediction: (k > 1 && model.method != Method::Equal).then(|| predict(&here, tau_squared, k, confidence)),
        weights: effects.iter().map(|effect| 1.0 / (effect.variance + tau_squared) / here.weight).collect(),
    })
}

fn i_squared(tau_squared: f64, typical: f64) -> f64 {
    if typical.is_finite() { 100.0 * tau_squared / (tau_squared + typical) } else { 0.0 }
}

fn profile(effects: &[Effect], typical: f64, confidence: Confidence) -> SpreadInterval {
    let df = count(effects.len()) - 1.0;
    let tau_squared = Interval {
        low: where_q_is(effects, chi_squared_quantile(confidence.upper_point(), df)),
        high: where_q_is(effects, chi_squared_quantile(1.0 - confidence.upper_point(), df)),
        confidence,
    };
    SpreadInterval {
        tau_squared,
        i_squared: tau_squared.map(|tau_squared| i_squared(tau_squared, typical)),
        h_squared: tau_squared.map(|tau_squared| tau_squared / typical + 1.0),
    }
}

fn predict(here: &At, tau_squared: f64, k: usize, confidence: Confidence) -> Predictions {
    let around =
        |point: f64, error: f64| Interval::around(here.mean, point * (tau_squared + error * error).sqrt(), confidence);
    let (upper, plain) = (confidence.upper_point(), (1.0 / here.weight).sqrt());
    let df = count(k);
    Predictions {
        normal: around(normal_quantile(upper), plain),
        hartung_knapp: (k > 1).then(|| around(t_quantile(upper, df - 1.0), hartung_knapp_error(here, k))),
        higgins: (k > 2).then(|| around(t_quantile(upper, df - 2.0), plain)),
    }
}

/// Groups of trials, each pooled by itself, and whether they differ.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Subgroups {
    /// Each group pooled with its own spread.
    pub groups: Vec<Pooled>,
    /// The test of no difference between the groups.
    pub between: Test,
}

/// Pools each group of trials and compares the groups' means, each with its own spread between trials.
pub fn subgroups(groups: &[&[Effect]], model: Model, confidence: Confidence) -> Result<Subgroups, CannotEstimate> {
    crate::estimate::at_least("groups", groups.len(), 2)?;
    let pooled: Result<Vec<Pooled>, CannotEstimate> =
        groups.iter().map(|group| pool(group, model, confidence)).collect();
    let pooled = pooled?;
    let means: Vec<Effect> =
        pooled.iter().map(|group| Effect::from_standard_error(group.mean.value, group.mean.standard_error)).collect();
    let (q, df) = (at(&means, 0.0).q, count(groups.len()) - 1.0);
    let between = Test { statistic: q, degrees_of_freedom: Some(df), p: chi_squared_sf(q, df) };
    Ok(Subgroups { groups: pooled, between })
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: Confidence = Confidence::PERCENT_95;

    #[test]
    fn one_trial_is_itself_and_predicts_nothing() {
        let one = pool(&[Effect { value: 2.0, variance: 0.25 }], Model::default(), USUAL).unwrap();
        assert_eq!((one.mean.value, one.mean.standard_error, one.tau_squared), (2.0, 0.5, 0.0));
        assert_eq!((one.prediction, one.spread, one.q.p), (None, None, 1.0));
        let strict = Model { hartung_knapp: true, ..Model::default() };
        assert!(matches!(
            pool(&[Effect { value: 2.0, variance: 0.25 }], strict, USUAL),
            Err(CannotEstimate::TooFew { .. })
        ));
    }

    #[test]
    fn no_trials_and_impossible_variances_are_refused() {
        assert!(pool(&[], Model::default(), USUAL).is_err());
        for variance in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            let effects = [Effect { value: 1.0, variance }, Effect { value: 1.0, variance: 1.0 }];
            assert!(pool(&effects, Model::default(), USUAL).is_err(), "{variance}");
        }
    }

    #[test]
    fn trials_that_agree_have_no_spread_by_any_method() {
        let same = [Effect { value: 1.0, variance: 0.1 }, Effect { value: 1.0, variance: 0.3 }];
        for method in [
            Method::DerSimonianLaird,
            Method::Reml,
            Method::MaximumLikelihood,
            Method::PauleMandel,
            Method::SidikJonkman,
            Method::Hedges,
            Method::HunterSchmidt,
        ] {
            let found = pool(&same, Model { method, hartung_knapp: false }, USUAL).unwrap();
            assert_eq!(found.tau_squared, 0.0, "{method:?}");
            assert_eq!(found.i_squared, 0.0);
        }
        // Effects that agree to the last digit leave Hartung and Knapp nothing to measure doubt by.
        assert!(pool(&same, Model { method: Method::Reml, hartung_knapp: true }, USUAL).is_err());
    }
}
