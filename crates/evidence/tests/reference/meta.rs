//! Meta-analysis.
//!
//! Program: R 4.2.2 with metafor 3.8-1, and statsmodels 0.15 for `DerSimonian` and Laird, Paule and Mandel, and Hartung and Knapp.
//! Tolerance: half of the last digit printed for closed forms; 1e-4 for the spread found by a search, since metafor's search
//! stops there, and 1e-5 to 2e-5 for the mean that follows.

use crate::meta_data::{BCG, COGNITIVE_PROCESSING, NORMAND, PROLONGED_EXPOSURE};
use crate::{near, within};
use stillwater_evidence::estimate::{Confidence, Interval};
use stillwater_evidence::mean_difference::Sample;
use stillwater_evidence::meta::{
    Effect, Method, Model, Pooled, begg, cumulative, egger, leave_one_out, log_risk_ratio, mantel_haenszel,
    mean_difference, peto, pool, regress, standardised_mean_difference,
};
use stillwater_evidence::proportion::{Share, TwoShares};

const USUAL: Confidence = Confidence::PERCENT_95;

fn bcg_counts() -> Vec<TwoShares> {
    BCG.iter()
        .map(|&(_, a, b, c, d, _)| TwoShares {
            treated: Share::new(a, a + b).unwrap(),
            control: Share::new(c, c + d).unwrap(),
        })
        .collect()
}

fn bcg() -> Vec<Effect> {
    bcg_counts().into_iter().map(|trial| log_risk_ratio(trial).unwrap()).collect()
}

fn published(rows: &[(f64, f64)]) -> Vec<Effect> {
    rows.iter().map(|&(g, error)| Effect::from_standard_error(g, error)).collect()
}

fn pooled(effects: &[Effect], method: Method, hartung_knapp: bool) -> Pooled {
    pool(effects, Model { method, hartung_knapp }, USUAL).unwrap()
}

#[track_caller]
fn ends(found: Interval, low: f64, high: f64, tolerance: f64) {
    within(found.low, low, tolerance);
    within(found.high, high, tolerance);
}

#[test]
fn log_risk_ratios_of_bcg_agree_with_metafor() {
    let effects = bcg();
    for (place, value, variance) in [
        (0, -0.889311334, 0.325584765),
        (3, -1.441551190, 0.020010032),
        (7, 0.011952334, 0.003961579),
        (12, -0.017313948, 0.071404660),
    ] {
        within(effects[place].value, value, 5e-10);
        within(effects[place].variance, variance, 5e-10);
    }
}

#[test]
fn every_method_on_bcg_agrees_with_metafor() {
    let effects = bcg();
    let table = [
        (Method::Equal, -0.430285, 0.040499, 0.0, None, 1e-6),
        (Method::DerSimonianLaird, -0.714117, 0.178742, 0.308760, Some((92.1173, 12.68608)), 1e-6),
        (Method::Reml, -0.714532, 0.179782, 0.313243, Some((92.2214, 12.85576)), 1e-5),
        (Method::MaximumLikelihood, -0.711199, 0.171897, 0.280028, Some((91.3783, 11.59862)), 1e-5),
        (Method::PauleMandel, -0.714968, 0.180892, 0.31807, None, 1e-5),
        (Method::SidikJonkman, -0.717249, 0.187059, 0.345516, Some((92.8963, 14.07722)), 1e-6),
        (Method::Hedges, -0.715879, 0.183280, 0.328564, Some((92.5571, 13.43562)), 1e-6),
        (Method::HunterSchmidt, -0.704535, 0.158652, 0.228363, Some((89.6300, 9.64317)), 1e-6),
    ];
    for (method, mean, error, tau_squared, shares, tolerance) in table {
        let found = pooled(&effects, method, false);
        within(found.mean.value, mean, tolerance);
        within(found.mean.standard_error, error, tolerance);
        within(found.tau_squared, tau_squared, 5.0 * tolerance);
        if let Some((i_squared, h_squared)) = shares {
            within(found.i_squared, i_squared, 5e-4);
            within(found.h_squared, h_squared, 5e-4);
        }
        near(found.q.statistic, 152.233008, 1e-8);
        near(found.q.p, 1.99676e-26, 1e-5);
    }
    let reml = pooled(&effects, Method::Reml, false);
    within(reml.tau_squared_standard_error.unwrap(), 0.166426, 1e-5);
    ends(reml.mean.interval, -1.066898, -0.362167, 1e-5);
    ends(reml.mean.interval.map(f64::exp), 0.3441, 0.6962, 5e-5);
}

#[test]
fn hartung_knapp_on_bcg_agrees_with_metafor() {
    let reml = pooled(&bcg(), Method::Reml, true);
    within(reml.mean.standard_error, 0.180792, 1e-6);
    ends(reml.mean.interval, -1.108444, -0.320621, 1e-5);
    within(reml.test.statistic, -3.952240, 1e-5);
    within(reml.test.p, 0.001920, 1e-6);
    let dl = pooled(&bcg(), Method::DerSimonianLaird, true);
    within(dl.mean.standard_error, 0.180697, 1e-6);
    ends(dl.mean.interval, -1.107821, -0.320413, 1e-6);
    within(dl.test.statistic, -3.952023, 1e-6);
}

#[test]
fn the_spread_and_the_prediction_on_bcg_agree_with_metafor() {
    let reml = pooled(&bcg(), Method::Reml, false);
    let spread = reml.spread.unwrap();
    // metafor looks for these ends with `uniroot` at its default tolerance of 1.2e-4, here to the last digit.
    ends(spread.tau_squared, 0.119695, 1.111486, 1.2e-4);
    ends(spread.i_squared, 81.9177, 97.6781, 2e-2);
    ends(spread.h_squared, 5.5303, 43.0680, 5e-3);
    let prediction = reml.prediction.unwrap();
    ends(prediction.normal, -1.866692, 0.437628, 1e-5);
    ends(prediction.hartung_knapp.unwrap(), -1.996017, 0.566952, 1e-5);
    ends(prediction.higgins.unwrap(), -2.008375, 0.579311, 1e-5);
    let dl = pooled(&bcg(), Method::DerSimonianLaird, false);
    ends(dl.prediction.unwrap().normal, -1.858154, 0.429919, 1e-6);
}

#[test]
fn counts_of_bcg_pooled_directly_agree_with_metafor() {
    let mh = mantel_haenszel(&bcg_counts(), USUAL).unwrap();
    within(mh.ratio.value, 0.635267, 1e-6);
    ends(mh.ratio.interval, 0.588129, 0.686184, 1e-6);
    within(mh.ratio.log_standard_error, 0.039337, 1e-6);
    near(mh.q.statistic, 152.567554, 1e-8);
    let odds = peto(&bcg_counts(), USUAL).unwrap();
    within(odds.ratio.value, 0.622229, 1e-6);
    ends(odds.ratio.interval, 0.574568, 0.673844, 1e-6);
    within(odds.ratio.log_standard_error, 0.040659, 1e-6);
    near(odds.q.statistic, 167.730168, 1e-8);
}

#[test]
fn small_study_checks_agree_with_metafor() {
    let test = egger(&bcg()).unwrap();
    within(test.statistic, -1.401282, 1e-6);
    within(test.p, 0.188707, 1e-6);
    let rank = begg(&bcg()).unwrap();
    within(rank.tau, 0.025641, 1e-6);
    within(rank.p, 0.952362, 1e-6);
    let test = egger(&published(&PROLONGED_EXPOSURE)).unwrap();
    within(test.statistic, 2.915468, 1e-6);
    within(test.p, 0.012949, 1e-6);
}

#[test]
fn leaving_one_out_agrees_with_metafor() {
    let check = |effects: &[Effect], expected: &[f64]| {
        let steps = leave_one_out(effects, Model::default(), USUAL).unwrap();
        assert_eq!(steps.len(), expected.len());
        for (step, expected) in steps.iter().zip(expected) {
            within(step.pooled.mean.value, *expected, 2e-5);
        }
    };
    check(
        &bcg(),
        &[
            -0.707084, -0.654031, -0.685554, -0.628409, -0.764170, -0.710877, -0.655248, -0.794768, -0.741197,
            -0.653033, -0.757859, -0.759812, -0.777536,
        ],
    );
    check(
        &published(&PROLONGED_EXPOSURE),
        &[
            1.052000, 1.111694, 0.951257, 1.123543, 1.125062, 0.994023, 1.067805, 1.112774, 1.112901, 0.987140,
            1.119126, 1.049266, 1.024766, 1.097845,
        ],
    );
}

#[test]
fn the_living_answer_agrees_with_metafor() {
    let years: Vec<i32> = BCG.iter().map(|row| row.0).collect();
    let steps = cumulative(&bcg(), &years, Model::default(), USUAL).unwrap();
    let order: Vec<usize> = steps.iter().map(|step| step.trial + 1).collect();
    assert_eq!(order, [1, 2, 6, 3, 10, 9, 12, 5, 7, 11, 13, 4, 8]);
    let expected = [
        (-0.889311, 0.0),
        (-1.325003, 0.0),
        (-0.972080, 0.087206),
        (-1.001094, 0.076260),
        (-1.101424, 0.085752),
        (-0.973464, 0.104604),
        (-0.901251, 0.120463),
        (-0.788566, 0.178028),
        (-0.865607, 0.202335),
        (-0.785211, 0.200547),
        (-0.708206, 0.228094),
        (-0.794768, 0.273183),
        (-0.714532, 0.313243),
    ];
    for (step, (mean, tau_squared)) in steps.iter().zip(expected) {
        within(step.pooled.mean.value, mean, 2e-5);
        within(step.pooled.tau_squared, tau_squared, 1e-4);
    }
}

#[test]
fn prolonged_exposure_agrees_with_metafor() {
    let effects = published(&PROLONGED_EXPOSURE);
    let table = [
        (Method::Equal, false, 0.940537, 0.081695, None, 1e-6),
        (Method::DerSimonianLaird, false, 1.058452, 0.131128, Some((0.106163, 51.8089)), 1e-6),
        (Method::Reml, false, 1.067337, 0.136315, Some((0.122129, 55.2924)), 2e-5),
        (Method::PauleMandel, false, 1.08992, 0.15128, None, 1e-5),
        (Method::Reml, true, 1.067337, 0.147018, None, 2e-5),
        (Method::DerSimonianLaird, true, 1.058452, 0.145278, None, 1e-6),
    ];
    for (method, hartung_knapp, mean, error, spread, tolerance) in table {
        let found = pooled(&effects, method, hartung_knapp);
        within(found.mean.value, mean, tolerance);
        within(found.mean.standard_error, error, tolerance);
        if let Some((tau_squared, i_squared)) = spread {
            within(found.tau_squared, tau_squared, 1e-4);
            within(found.i_squared, i_squared, 2e-2);
        }
        near(found.q.statistic, 26.975916, 1e-7);
    }
    let reml = pooled(&effects, Method::Reml, false);
    ends(reml.prediction.unwrap().normal, 0.332125, 1.802548, 1e-4);
    ends(reml.prediction.unwrap().hartung_knapp.unwrap(), 0.248264, 1.886409, 1e-4);
    ends(reml.spread.unwrap().tau_squared, 0.012235, 0.813452, 1e-5);
}

#[test]
fn extreme_disagreement_agrees_with_metafor() {
    let effects = published(&COGNITIVE_PROCESSING);
    let dl = pooled(&effects, Method::DerSimonianLaird, false);
    within(dl.mean.value, 1.707489, 1e-6);
    within(dl.mean.standard_error, 0.477380, 1e-6);
    within(dl.tau_squared, 1.238877, 1e-6);
    let plain = pooled(&effects, Method::Reml, false);
    within(plain.mean.value, 1.710135, 1e-5);
    near(plain.tau_squared, 1.453773, 1e-3);
    near(plain.q.statistic, 70.218385, 1e-7);
    let knapp = pooled(&effects, Method::Reml, true);
    within(knapp.mean.standard_error, 0.510787, 1e-4);
    ends(knapp.mean.interval, 0.397116, 3.023155, 1e-4);
    ends(knapp.prediction.unwrap().hartung_knapp.unwrap(), -1.655930, 5.076201, 1e-3);
    // The standard error is smaller than the plain one and the interval is wider, since the t distribution does the work.
    assert!(knapp.mean.standard_error < plain.mean.standard_error);
    assert!(knapp.mean.interval.low < plain.mean.interval.low);
}

#[test]
fn means_and_standardised_means_agree_with_metafor() {
    let arm = |(n, mean, standard_deviation)| Sample { n, mean, standard_deviation };
    let plain: Vec<Effect> = NORMAND.iter().map(|[a, b]| mean_difference(arm(*a), arm(*b)).unwrap()).collect();
    within(plain[0].variance, 40.508023, 1e-6);
    within(plain[8].variance, 19.842308, 1e-6);
    let dl = pooled(&plain, Method::DerSimonianLaird, false);
    within(dl.mean.value, -13.981722, 1e-6);
    near(dl.tau_squared, 205.409375, 1e-8);
    let reml = pooled(&plain, Method::Reml, false);
    near(reml.mean.value, -15.106027, 1e-5);
    near(reml.tau_squared, 684.646153, 1e-3);
    ends(pooled(&plain, Method::Reml, true).mean.interval, -36.318749, 6.106694, 1e-3);

    let g: Vec<Effect> = NORMAND.iter().map(|[a, b]| standardised_mean_difference(arm(*a), arm(*b)).unwrap()).collect();
    for (place, value, variance) in [
        (0, -0.355169641, 0.013064675),
        (2, -2.317569160, 0.045812110),
        (4, -0.383964141, 0.205433279),
        (8, 0.289556230, 0.036271734),
    ] {
        within(g[place].value, value, 1e-8);
        within(g[place].variance, variance, 1e-8);
    }
    let reml = pooled(&g, Method::Reml, false);
    within(reml.mean.value, -0.537108, 1e-5);
    within(reml.tau_squared, 0.790843, 1e-4);
    ends(pooled(&g, Method::Reml, true).mean.interval, -1.250322, 0.176106, 1e-4);
}

/// Published means in trials of psychotherapy for PTSD, control less treatment: g and standard error by metafor's formulas.
#[test]
fn effects_from_published_means_agree_with_metafor() {
    let table = [
        ((12, 43.76, 29.202), (12, 84.81, 27.574), 1.39550045, 0.45523395),
        ((10, 15.40, 11.09), (10, 19.50, 7.18), 0.42029666, 0.45212413),
        ((23, 11.70, 7.32), (15, 26.93, 8.47), 1.91463915, 0.39796948),
        ((93, 18.80, 6.264), (40, 23.06, 5.722), 0.69348136, 0.19380569),
        ((32, 44.28, 33.73), (47, 68.06, 24.27), 0.82741039, 0.23845242),
        ((53, 37.80, 23.763), (47, 56.50, 24.011), 0.77708003, 0.20775896),
    ];
    let arm = |(n, mean, standard_deviation)| Sample { n, mean, standard_deviation };
    for (treated, control, g, error) in table {
        let found = standardised_mean_difference(arm(control), arm(treated)).unwrap();
        within(found.value, g, 1e-8);
        within(found.variance.sqrt(), error, 1e-8);
    }
}

#[test]
fn regression_on_latitude_agrees_with_metafor() {
    let latitude: Vec<f64> = BCG.iter().map(|row| f64::from(row.5)).collect();
    let fit = |method, hartung_knapp| {
        regress(&bcg(), &[("latitude", &latitude)], Model { method, hartung_knapp }, USUAL).unwrap()
    };
    let reml = fit(Method::Reml, false);
    within(reml.coefficients[0].estimate.value, 0.251464, 2e-5);
    within(reml.coefficients[0].estimate.standard_error, 0.249104, 2e-5);
    within(reml.coefficients[1].estimate.value, -0.029102, 2e-6);
    within(reml.coefficients[1].estimate.standard_error, 0.007196, 2e-6);
    within(reml.coefficients[1].test.statistic, -4.044394, 5e-4);
    within(reml.tau_squared, 0.076355, 1e-5);
    near(reml.residual.statistic, 30.733090, 1e-7);
    within(reml.moderators.statistic, 16.357126, 5e-3);
    within(reml.explained.unwrap(), 75.62, 1e-2);
    let dl = fit(Method::DerSimonianLaird, false);
    within(dl.coefficients[0].estimate.value, 0.259544, 1e-6);
    within(dl.coefficients[0].estimate.standard_error, 0.232307, 1e-6);
    within(dl.coefficients[1].estimate.value, -0.029229, 1e-6);
    within(dl.coefficients[1].estimate.standard_error, 0.006733, 1e-6);
    within(dl.tau_squared, 0.063301, 1e-6);
    let slope = &fit(Method::Reml, true).coefficients[1];
    within(slope.estimate.standard_error, 0.008202, 2e-6);
    within(slope.test.statistic, -3.548316, 5e-4);
    within(slope.test.p, 0.004566, 5e-6);
}

/// Allocation as two columns: systematic and alternate beside random.
#[test]
fn regression_on_allocation_agrees_with_metafor() {
    let alternate = [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
    let systematic = [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0];
    let columns: [(&str, &[f64]); 2] = [("alternate", &alternate), ("systematic", &systematic)];
    let found = regress(&bcg(), &columns, Model::default(), USUAL).unwrap();
    within(found.moderators.statistic, 1.767513, 1e-3);
    within(found.moderators.p, 0.413228, 1e-3);
}
