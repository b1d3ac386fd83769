//! How often a virtual design finds a difference: the power where there is one, and the rate of false findings where there is none.

use super::{Design, Record};
use crate::estimate::{CannotEstimate, Confidence, Interval, count};
use crate::mean_difference::{Sample, pooled};
use crate::proportion::Share;
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use serde::Serialize;

/// How often trials found a difference.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Rate {
    /// How many trials were run.
    pub trials: usize,
    /// How many found a difference between the first two arms at the last visit.
    pub found: usize,
    /// How many could not be analysed, as too few had stayed; they count as having found nothing.
    pub not_analysed: usize,
    /// The share that found one.
    pub share: f64,
    /// Its Wilson interval: how much the number of trials leaves open.
    pub interval: Interval,
    /// The mean difference at the last visit over the trials that could be analysed, second arm less first.
    pub mean_difference: Option<f64>,
}

/// Runs many trials and tests each with Student's t test of the scores at the last visit, first arm against second, among those
/// who stayed.
pub fn power(design: &Design, trials: usize, alpha: f64, seed: u64) -> Result<Rate, CannotEstimate> {
    design.check()?;
    if !(alpha > 0.0 && alpha < 1.0) {
        return Err(CannotEstimate::OutOfRange { what: "alpha", value: alpha, must_be: "above 0 and below 1" });
    }
    crate::estimate::at_least("trials", trials, 1)?;
    // Collected in the order of their numbers, so that sums are the same on any number of threads.
    let results: Vec<Option<(f64, f64)>> = (0..trials)
        .into_par_iter()
        .map(|number| {
            let records = design.run(seed, number as u64).ok()?;
            let (control, treated) = (last_scores(&records, 0)?, last_scores(&records, 1)?);
            let result = pooled(treated, control, Confidence::PERCENT_95).ok()?;
            Some((result.test.p, result.difference.value))
        })
        .collect();
    let analysed: Vec<(f64, f64)> = results.iter().flatten().copied().collect();
    let found = analysed.iter().filter(|(p, _)| *p < alpha).count();
    let share = Share::new(found, trials)?;
    Ok(Rate {
        trials,
        found,
        not_analysed: trials - analysed.len(),
        share: share.value(),
        interval: share.wilson(Confidence::PERCENT_95),
        mean_difference: (!analysed.is_empty())
            .then(|| analysed.iter().map(|(_, difference)| difference).sum::<f64>() / count(analysed.len())),
    })
}

fn last_scores(records: &[Record], arm: usize) -> Option<Sample> {
    let scores: Vec<f64> = records
        .iter()
        .filter(|record| record.arm == arm)
        .filter_map(|record| record.scores.last().copied().flatten())
        .collect();
    Sample::of(&scores).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulate::{Arm, People, VirtualPerson};

    fn design(people: usize, effect: f64) -> Design {
        let arm = |name: &str, effect: f64| Arm { name: name.to_owned(), people, effect, half_time: 0.0 };
        Design {
            people: People::Sampled { mean: 0.0, spread: 0.6, sensitivity_spread: 0.0 },
            arms: vec![arm("control", 0.0), arm("treated", effect)],
            visits: vec![4.0],
            placebo_change: -0.5,
            placebo_half_time: 1.0,
            visit_spread: 0.8,
            leaving_rate: 0.0,
            scale: None,
        }
    }

    /// The 95 % range of a binomial of 1,000 trials at 5 % is 5 +/- 1.35 %. The seed is fixed, so that the test cannot fail by luck.
    #[test]
    fn without_an_effect_one_trial_in_twenty_is_wrong() {
        let rate = power(&design(20, 0.0), 1000, 0.05, 20_260_101).unwrap();
        assert!((rate.share - 0.05).abs() <= 0.0135, "{rate:?}");
    }

    /// A score's spread is 1 (0.6 between people, 0.8 about them), so that the effect is 0.27 standard deviations, for which R's
    /// `power.t.test` asks 217 people in each arm for a power of 80 %. 2.5 % is the 95 % range of 1,000 trials.
    #[test]
    fn a_trial_of_the_size_asked_for_keeps_its_promise() {
        let rate = power(&design(217, -0.27), 1000, 0.05, 7).unwrap();
        assert!((rate.share - 0.8).abs() <= 0.025, "{rate:?}");
        // 1,000 mean differences with a standard error of 0.096 each: three of their own standard errors.
        assert!((rate.mean_difference.unwrap() + 0.27).abs() < 3.0 * 0.096 / 1000_f64.sqrt(), "{rate:?}");
    }

    #[test]
    fn the_same_seed_gives_the_same_trials_on_one_thread_and_on_four() {
        let design = Design { leaving_rate: 0.05, ..design(30, -0.5) };
        let on = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| power(&design, 200, 0.05, 99)).unwrap()
        };
        assert_eq!(on(1), on(4));
        assert_eq!(design.run(99, 5), design.run(99, 5));
        assert_ne!(design.run(99, 5), design.run(99, 6));
        assert_ne!(design.run(98, 5), design.run(99, 5));
    }

    #[test]
    fn leaving_takes_the_share_that_its_rate_says_and_changes_no_other_score() {
        let staying = design(4000, 0.0);
        let leaving = Design { leaving_rate: 0.1, ..staying.clone() };
        let (all, some) = (staying.run(3, 0).unwrap(), leaving.run(3, 0).unwrap());
        let stayed = some.iter().filter(|record| record.scores[0].is_some()).count();
        // Four weeks at 0.1 a week leave exp(-0.4) = 67.0 % of 8,000; four standard errors are 2.1 %.
        assert!((count(stayed) / 8000.0 - (-0.4_f64).exp()).abs() < 0.021, "{stayed}");
        assert!(all.iter().zip(&some).all(|(a, b)| b.scores[0].is_none() || a.scores == b.scores));
    }

    #[test]
    fn given_people_respond_as_strongly_as_they_are_said_to() {
        let people = People::Given(vec![VirtualPerson { level: 40.0, sensitivity: 0.0 }]);
        let design = Design { people, visit_spread: 1e-9, placebo_change: 0.0, ..design(3, -20.0) };
        let records = design.run(1, 0).unwrap();
        assert!(records.iter().all(|record| (record.scores[0].unwrap() - 40.0).abs() < 1e-6));
    }

    #[test]
    fn a_scale_that_ends_holds_its_scores() {
        let design = Design { scale: Some((0.0, 80.0)), visit_spread: 200.0, ..design(200, 0.0) };
        let records = design.run(1, 0).unwrap();
        assert!(records.iter().flat_map(|record| &record.scores).flatten().all(|score| (0.0..=80.0).contains(score)));
    }

    #[test]
    fn trials_that_everybody_leaves_count_as_finding_nothing() {
        let design = Design { leaving_rate: 1e6, ..design(5, -3.0) };
        let rate = power(&design, 20, 0.05, 1).unwrap();
        assert_eq!((rate.found, rate.not_analysed, rate.mean_difference), (0, 20, None));
    }

    #[test]
    fn designs_that_cannot_be_run_are_refused() {
        let usual = design(10, 0.0);
        for broken in [
            Design { arms: vec![], ..usual.clone() },
            Design { visits: vec![4.0, 2.0], ..usual.clone() },
            Design { visits: vec![], ..usual.clone() },
            Design { visit_spread: 0.0, ..usual.clone() },
            Design { leaving_rate: f64::NAN, ..usual.clone() },
            Design { people: People::Given(vec![]), ..usual.clone() },
            Design { scale: Some((5.0, 5.0)), ..usual.clone() },
            design(1, 0.0),
        ] {
            assert!(power(&broken, 10, 0.05, 1).is_err(), "{broken:?}");
        }
        assert!(power(&usual, 0, 0.05, 1).is_err());
        assert!(power(&usual, 10, 1.5, 1).is_err());
    }

    #[test]
    fn every_assumption_is_said() {
        let said = design(10, -0.3).assumptions().join(" ");
        for words in ["changes by -0.5", "treated: 10 people", "-0.3", "missing completely at random"] {
            assert!(said.contains(words), "{said}");
        }
    }
}
