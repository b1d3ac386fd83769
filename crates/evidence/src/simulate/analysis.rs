//! Power of the analyses that trials really use, where people leave by what was seen of them or by what was not.
//!
//! Student's t test among those who stayed asks for more people than an analysis that uses the score before and the visits between.
//! Where leaving depends on scores that were seen, a mixed model is still right; where it depends on the score that was not, none is,
//! and the mean difference shows by how much.

use super::power::Rate;
use super::{Design, Record};
use crate::distribution::t_two_sided;
use crate::estimate::{CannotEstimate, Confidence, count};
use crate::imputation::Watch;
use crate::linear::{Errors, Linear};
use crate::mean_difference::{Sample, pooled};
use crate::mixed::{DesignBuilder, Factor, Likelihood, ModelError, Weights};
use crate::mmrm::{Mmrm, Structure};
use crate::proportion::Share;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::Distribution;
use rayon::prelude::*;
use serde::Serialize;

/// How the last visit is compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Analysis {
    /// Student's t test among those who stayed.
    #[default]
    TTest,
    /// Analysis of covariance with the score before, among those who stayed.
    Ancova,
    /// A mixed model for repeated measures with free covariances, arm and score before working at each visit.
    Mmrm,
}

/// By how much leaving depends on scores: the logarithm of the rate's ratio for 10 points above the mean score before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct LeavingByScore {
    /// For the score last seen: missing at random.
    pub seen: f64,
    /// For the score that would have been seen next: missing not at random.
    pub unseen: f64,
}

/// Takes away what people who left did not show.
fn leave(records: &mut [Record], design: &Design, by: LeavingByScore, rng: &mut ChaCha8Rng) {
    let mean = records.iter().map(|record| record.before).sum::<f64>() / count(records.len().max(1));
    for record in records {
        let (mut gone, mut last, mut from) = (false, record.before, 0.0);
        for (score, &visit) in record.scores.iter_mut().zip(&design.visits) {
            let now = score.unwrap_or(f64::NAN);
            // Drawn whether needed or not, so that one person's leaving changes nobody else's.
            let draw: f64 = rand_distr::StandardUniform.sample(rng);
            let ratio = (by.seen * (last - mean) / 10.0 + by.unseen * (now - mean) / 10.0).exp();
            gone |= draw < 1.0 - (-design.leaving_rate * ratio * (visit - from)).exp();
            if gone {
                *score = None;
            }
            (last, from) = (now, visit);
        }
    }
}

/// Runs many trials and analyses each, first arm against second at the last visit.
pub fn power_of(
    design: &Design,
    by: LeavingByScore,
    analysis: Analysis,
    (trials, alpha, seed): (usize, f64, u64),
    watch: Watch<'_>,
) -> Result<Rate, CannotEstimate> {
    design.check()?;
    if !(alpha > 0.0 && alpha < 1.0) {
        return Err(CannotEstimate::OutOfRange { what: "alpha", value: alpha, must_be: "above 0 and below 1" });
    }
    crate::estimate::all_finite("how leaving depends on scores", &[by.seen, by.unseen])?;
    crate::estimate::at_least("trials", trials, 1)?;
    let staying = Design { leaving_rate: 0.0, ..design.clone() };
    let done = std::sync::atomic::AtomicU64::new(0);
    let results: Vec<Option<(f64, f64)>> = (0..trials)
        .into_par_iter()
        .map(|number| {
            let mut records = staying.run(seed, number as u64).ok()?;
            let mut rng = ChaCha8Rng::seed_from_u64(seed ^ 0x5eed);
            rng.set_stream(number as u64);
            leave(&mut records, design, by, &mut rng);
            let found = analysed(design, &records, analysis);
            watch(done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1, trials as u64);
            found
        })
        .collect();
    let kept: Vec<(f64, f64)> = results.iter().flatten().copied().collect();
    let found = kept.iter().filter(|(p, _)| *p < alpha).count();
    let share = Share::new(found, trials)?;
    Ok(Rate {
        trials,
        found,
        not_analysed: trials - kept.len(),
        share: share.value(),
        interval: share.wilson(Confidence::PERCENT_95),
        mean_difference: (!kept.is_empty())
            .then(|| kept.iter().map(|(_, difference)| difference).sum::<f64>() / count(kept.len())),
    })
}

/// The p value and the difference, treated less control.
fn analysed(design: &Design, records: &[Record], analysis: Analysis) -> Option<(f64, f64)> {
    let two: Vec<&Record> = records.iter().filter(|record| record.arm < 2).collect();
    match analysis {
        Analysis::TTest => {
            let of = |arm: usize| {
                let own = two.iter().filter(|record| record.arm == arm);
                Sample::of(&own.filter_map(|record| record.scores.last().copied().flatten()).collect::<Vec<_>>()).ok()
            };
            let found = pooled(of(1)?, of(0)?, Confidence::PERCENT_95).ok()?;
            Some((found.test.p, found.difference.value))
        }
        Analysis::Ancova => ancova(&two).ok(),
        Analysis::Mmrm => mmrm(design, &two).ok(),
    }
}

fn arm_of(record: &Record) -> &'static str {
    if record.arm == 0 { "control" } else { "treated" }
}

fn ancova(records: &[&Record]) -> Result<(f64, f64), ModelError> {
    let arms: Vec<&str> = records.iter().map(|record| arm_of(record)).collect();
    let before: Vec<f64> = records.iter().map(|record| record.before).collect();
    let design = DesignBuilder::new(records.len())
        .factor(Factor::ordered("arm", &arms, &["control", "treated"])?)?
        .number("before", &before)?
        .build();
    let outcome: Vec<Option<f64>> = records.iter().map(|record| record.scores.last().copied().flatten()).collect();
    let fit = Linear { design: &design, outcome: &outcome, errors: Errors::Plain, confidence: Confidence::PERCENT_95 }
        .fit()?;
    let value = fit.fixed.values().get(1).copied().unwrap_or(f64::NAN);
    let error = fit.fixed.standard_errors().get(1).copied().unwrap_or(f64::NAN);
    Ok((t_two_sided(value / error, fit.degrees_of_freedom), value))
}

fn mmrm(trial: &Design, records: &[&Record]) -> Result<(f64, f64), ModelError> {
    let visits: Vec<String> = (1..=trial.visits.len()).map(|visit| visit.to_string()).collect();
    let levels: Vec<&str> = visits.iter().map(String::as_str).collect();
    let rows = records.len() * visits.len();
    let each = || records.iter().flat_map(|record| visits.iter().map(move |visit| (*record, visit.as_str())));
    let arms: Vec<&str> = each().map(|(record, _)| arm_of(record)).collect();
    let at: Vec<&str> = each().map(|(_, visit)| visit).collect();
    let before: Vec<f64> = each().map(|(record, _)| record.before).collect();
    let visit = Factor::ordered("visit", &at, &levels)?;
    let mut builder = DesignBuilder::new(rows)
        .factor(Factor::ordered("arm", &arms, &["control", "treated"])?)?
        .number("before", &before)?
        .factor(visit.clone())?;
    if visits.len() > 1 {
        builder = builder.interaction(&["arm", "visit"])?.interaction(&["before", "visit"])?;
    }
    let design = builder.build();
    let people: Vec<String> = (0..rows).map(|row| (row / visits.len()).to_string()).collect();
    let outcome: Vec<Option<f64>> = records.iter().flat_map(|record| record.scores.iter().copied()).collect();
    let fit = Mmrm {
        design: &design,
        people: &people,
        visits: &visit,
        outcome: &outcome,
        structure: Structure::Unstructured,
        likelihood: Likelihood::Restricted,
        confidence: Confidence::PERCENT_95,
    }
    .fit()?;
    let last = levels.last().copied().unwrap_or_default();
    let found = fit.fixed.difference(
        &[("arm", "treated"), ("visit", last)],
        &[("arm", "control"), ("visit", last)],
        Weights::Equal,
    )?;
    Ok((found.p, found.value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::power::{adjusted_means_power, two_means_power};
    use crate::simulate::{Arm, People};

    fn design(people: usize, effect: f64, leaving_rate: f64) -> Design {
        let arm = |name: &str, effect: f64| Arm { name: name.to_owned(), people, effect, half_time: 0.0 };
        Design {
            people: People::Sampled { mean: 50.0, spread: 8.0, sensitivity_spread: 0.0 },
            arms: vec![arm("control", 0.0), arm("treated", effect)],
            visits: vec![1.0, 2.0, 4.0],
            placebo_change: 0.0,
            placebo_half_time: 0.0,
            visit_spread: 6.0,
            leaving_rate,
            scale: None,
        }
    }

    fn share(design: &Design, by: LeavingByScore, analysis: Analysis, trials: usize) -> Rate {
        power_of(design, by, analysis, (trials, 0.05, 11), &|_, _| {}).unwrap()
    }

    /// The spread of a score is 10 and its correlation with the score before 0.64. 3.9 % is three binomial standard errors.
    #[test]
    fn a_baseline_brings_the_power_that_the_formula_says() {
        let trial = design(40, -4.5, 0.0);
        let none = LeavingByScore::default();
        let adjusted = share(&trial, none, Analysis::Ancova, 1000).share;
        assert!((adjusted - adjusted_means_power(40.0, 0.45, 0.64, 0.05).unwrap()).abs() < 0.045, "{adjusted}");
        let plain = share(&trial, none, Analysis::TTest, 1000).share;
        assert!((plain - two_means_power(40.0, 0.45, 0.05).unwrap()).abs() < 0.045, "{plain}");
    }

    #[test]
    fn leaving_by_what_was_not_seen_bends_the_difference_and_by_what_was_seen_does_not() {
        let trial = design(60, -10.0, 0.15);
        let mmrm = |by| share(&trial, by, Analysis::Mmrm, 60).mean_difference.unwrap();
        let seen = mmrm(LeavingByScore { seen: 1.5, unseen: 0.0 });
        let unseen = mmrm(LeavingByScore { seen: 0.0, unseen: 1.5 });
        // Sixty differences with a standard error of about 1.6 each: three of their own are 0.6.
        assert!((seen + 10.0).abs() < 0.7, "{seen}");
        assert!(unseen > seen + 0.3, "{unseen} {seen}");
    }

    #[test]
    fn the_same_seed_gives_the_same_and_what_is_not_finite_is_refused() {
        let trial = design(20, -5.0, 0.1);
        let by = LeavingByScore { seen: 0.5, unseen: 0.5 };
        assert_eq!(share(&trial, by, Analysis::Ancova, 50), share(&trial, by, Analysis::Ancova, 50));
        let bad = LeavingByScore { seen: f64::NAN, unseen: 0.0 };
        assert!(power_of(&trial, bad, Analysis::TTest, (10, 0.05, 1), &|_, _| {}).is_err());
        let gone = power_of(&design(4, 0.0, 1e6), by, Analysis::Mmrm, (5, 0.05, 1), &|_, _| {}).unwrap();
        assert_eq!((gone.found, gone.not_analysed), (0, 5));
    }
}
