//! Small closed-form checks.
//!
//! Program: R 4.2.2 (`t.test`, `wilcox.test`, `prop.test`, `binom.test`, `fisher.test`, `chisq.test`, `p.adjust`,
//! `power.t.test`, `power.prop.test`), and the published examples that are named. Tolerance: 1e-6 relative where the figure is
//! printed to at least seven digits, else half of the last digit printed.

use crate::{near, within};
use stillwater_evidence::change::ReliableChange;
use stillwater_evidence::estimate::{Confidence, Interval};
use stillwater_evidence::imputation;
use stillwater_evidence::mean_difference::{Sample, paired, pooled, signed_rank, welch};
use stillwater_evidence::multiplicity::{Adjustment, adjust};
use stillwater_evidence::power::{
    Promise, SampleSize, events_needed, two_means_power, two_means_size, two_shares_size,
};
use stillwater_evidence::proportion::{Share, TwoShares, e_value, e_value_of_interval};
use stillwater_evidence::sequential::{Boundary, bounds};

const USUAL: Confidence = Confidence::PERCENT_95;

#[track_caller]
fn ends(found: Interval, low: f64, high: f64, absolute: f64) {
    within(found.low, low, absolute);
    within(found.high, high, absolute);
}

/// Student's sleep data (Cushny and Peebles 1905, in Student 1908): extra hours of sleep in ten people.
const SLEEP_1: [f64; 10] = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
const SLEEP_2: [f64; 10] = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];

#[test]
fn t_tests_agree_with_r_on_the_sleep_data() {
    let (first, second) = (Sample::of(&SLEEP_1).unwrap(), Sample::of(&SLEEP_2).unwrap());
    let result = welch(first, second, USUAL).unwrap();
    near(result.test.statistic, -1.860813, 1e-6);
    near(result.test.degrees_of_freedom.unwrap(), 17.77647, 1e-6);
    near(result.test.p, 0.0793941, 1e-6);
    ends(result.difference.interval, -3.365483, 0.205483, 5e-7);

    let result = pooled(first, second, USUAL).unwrap();
    near(result.test.p, 0.0791867, 1e-6);
    ends(result.difference.interval, -3.363874, 0.203874, 5e-7);

    let result = paired(&SLEEP_1, &SLEEP_2, USUAL).unwrap();
    near(result.test.statistic, -4.062128, 1e-6);
    near(result.test.p, 0.00283289, 2e-6);
    ends(result.difference.interval, -2.459886, -0.700114, 5e-7);
}

#[test]
fn the_signed_rank_test_agrees_with_r_on_the_sleep_data() {
    let result = signed_rank(&SLEEP_1, &SLEEP_2).unwrap();
    assert_eq!(result.statistic, 0.0);
    within(result.p, 0.0090907, 5e-8);
}

/// Responders in Feder and colleagues 2021 (Am J Psychiatry): 10 of 15 with ketamine, 3 of 15 with midazolam.
fn feder_2021() -> TwoShares {
    TwoShares { treated: Share::new(10, 15).unwrap(), control: Share::new(3, 15).unwrap() }
}

#[test]
fn response_in_feder_2021_agrees_with_r() {
    let shares = feder_2021();
    let wald = shares.risk_difference_wald(USUAL);
    near(wald.value, 0.466667, 1e-6);
    ends(wald.interval, 0.153799, 0.779534, 5e-7);
    ends(shares.risk_difference_newcombe(USUAL), 0.112130, 0.689701, 5e-7);
    let ratio = shares.risk_ratio(USUAL).unwrap();
    near(ratio.log, 1.203973, 1e-6);
    near(ratio.log_standard_error, 0.547723, 1e-6);
    let odds = shares.odds_ratio(USUAL).unwrap();
    near(odds.log, 2.079442, 1e-6);
    near(odds.log_standard_error, 0.846562, 1e-6);
    let chi = shares.chi_squared(false).unwrap();
    near(chi.statistic, 6.651584, 1e-6);
    within(chi.p, 0.009907, 5e-7);
    within(shares.chi_squared(true).unwrap().p, 0.027062, 5e-7);
    ends(shares.treated.wilson(USUAL), 0.417135, 0.848237, 5e-7);
    ends(shares.treated.exact(USUAL), 0.383804, 0.881759, 5e-7);
    within(e_value(ratio.value).unwrap(), 6.12220, 5e-6);
}

/// scipy 1.17.1 (`stats.contingency.odds_ratio`) gives the tight values. R 4.2.2's `fisher.test` prints 7.375228 (1.219629,
/// 60.990172): its search stops at the default tolerance of `uniroot`, which leaves its upper end wrong in the fourth figure,
/// hence 1e-3 there.
#[test]
fn fishers_exact_test_agrees_with_scipy_and_r() {
    let fisher = feder_2021().fisher(USUAL).unwrap();
    near(fisher.p, 0.0253277, 2e-6);
    near(fisher.odds_ratio, 7.3752691323342745, 1e-9);
    near(fisher.interval.low, 1.219629627407629, 1e-9);
    near(fisher.interval.high, 60.951754176049384, 1e-9);
    near(fisher.odds_ratio, 7.375228, 1e-3);
    near(fisher.interval.high, 60.990172, 1e-3);
}

/// The example of VanderWeele and Ding (Ann Intern Med 2017), printed there as 7.26 and 3.0.
#[test]
fn the_e_value_agrees_with_its_authors() {
    near(e_value(3.9).unwrap(), 7.263034, 1e-6);
    let interval = Interval { low: 1.8, high: 8.7, confidence: USUAL };
    near(e_value_of_interval(interval).unwrap(), 3.0, 1e-12);
}

#[test]
fn adjusted_p_values_agree_with_r() {
    let p = [0.01, 0.02, 0.03, 0.04, 0.05];
    let table: [(Adjustment, [f64; 5], f64); 5] = [
        (Adjustment::Holm, [0.05, 0.08, 0.09, 0.09, 0.09], 1e-12),
        (Adjustment::Hochberg, [0.05; 5], 1e-12),
        (Adjustment::BenjaminiHochberg, [0.05; 5], 1e-12),
        (Adjustment::Bonferroni, [0.05, 0.10, 0.15, 0.20, 0.25], 1e-12),
        (Adjustment::BenjaminiYekutieli, [0.1141667; 5], 5e-8),
    ];
    for (adjustment, expected, tolerance) in table {
        for (found, expected) in adjust(&p, adjustment).unwrap().into_iter().zip(expected) {
            within(found, expected, tolerance);
        }
    }
}

/// R 4.2.2 on the recursion of Armitage, McPherson and Rowe; the limits are also those of Jennison and Turnbull's tables
/// (4.562, 3.226, 2.634, 2.281, 2.040; 2.413). Printed to six decimals.
#[test]
fn group_sequential_limits_agree_with_published_tables() {
    let table: [(Boundary, &[f64]); 4] = [
        (Boundary::OBrienFleming, &[4.561742, 3.225639, 2.633723, 2.280871, 2.040073]),
        (Boundary::Pocock, &[2.413176; 5]),
        (Boundary::OBrienFleming, &[2.796510, 1.977431]),
        (Boundary::Pocock, &[2.178272; 2]),
    ];
    for (boundary, expected) in table {
        let found = bounds(boundary, expected.len(), 0.05).unwrap();
        for (found, expected) in found.into_iter().zip(expected) {
            near(found, *expected, 1e-6);
        }
    }
}

#[test]
fn rubins_rules_agree_with_the_reference() {
    let (estimates, errors) = ([2.1, 2.5, 1.9, 2.3, 2.2], [0.50, 0.55, 0.48, 0.52, 0.51]);
    let pooled = imputation::pool(&estimates, &errors, Some(100.0), USUAL).unwrap();
    near(pooled.estimate.value, 2.2, 1e-12);
    near(pooled.within, 0.26268, 1e-9);
    near(pooled.between, 0.05, 1e-9);
    near(pooled.total, 0.32268, 1e-9);
    near(pooled.estimate.standard_error, 0.568049, 1e-6);
    near(pooled.relative_increase, 0.228415, 2e-6);
    near(pooled.missing_share, 0.185943, 2e-6);
    near(pooled.classic_degrees_of_freedom, 115.6915, 1e-6);
    near(pooled.degrees_of_freedom, 47.2343, 1e-6);
    ends(pooled.estimate.interval, 1.057382, 3.342618, 5e-7);
}

#[test]
fn sample_sizes_and_power_agree_with_r() {
    let check = |found: SampleSize, exact: f64, whole: u64, absolute: f64| {
        within(found.exact, exact, absolute);
        assert_eq!(found.rounded_up, whole);
    };
    let eighty = Promise { alpha: 0.05, power: 0.8 };
    // R's own search for the sample size ends at its default tolerance, printed to three decimals.
    check(two_means_size(0.5, eighty).unwrap(), 63.766, 64, 5e-4);
    check(two_means_size(0.5, Promise { power: 0.9, ..eighty }).unwrap(), 85.031, 86, 5e-4);
    check(two_means_size(0.27, eighty).unwrap(), 216.297, 217, 5e-4);
    check(two_means_size(10.0 / 15.0, eighty).unwrap(), 36.306, 37, 5e-4);
    near(two_means_power(15.0, 1.13, 0.05).unwrap(), 0.847781, 1e-6);
    check(two_shares_size(0.67, 0.20, eighty).unwrap(), 16.234, 17, 5e-4);
    check(events_needed(0.5, 0.5, eighty).unwrap(), 65.35, 66, 5e-3);
}

/// Jacobson and Truax's formulas, worked in R 4.2.2 for a scale with a spread of 15 and a reliability of 0.80.
#[test]
fn reliable_change_agrees_with_its_formula() {
    let rule = ReliableChange::new(15.0, 0.80).unwrap();
    near(rule.standard_error_of_difference, 9.486833, 1e-6);
    near(rule.threshold(), 18.594193, 1e-7);
    near(rule.threshold_at(USUAL), 9.486832980505138 * 1.959963984540054, 1e-9);
}
