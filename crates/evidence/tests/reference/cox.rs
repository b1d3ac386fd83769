//! Cox's proportional hazards.
//!
//! Program: R 4.2.2 with survival 3.5-3 (`coxph`, `cox.zph`); lifelines 0.30 gives the same Efron coefficient. Tolerance: half
//! of the last digit printed, or 1e-6 relative where more digits are printed.

use crate::survival_data::{GEHAN, LUNG};
use crate::{near, within};
use stillwater_evidence::estimate::Confidence;
use stillwater_evidence::survival::{Covariate, Fit, Observation, Ties, TimeTransform, cox, proportional_hazards};

const USUAL: Confidence = Confidence::PERCENT_95;

fn one(rows: &[(u16, bool, f64)], ties: Ties) -> Fit {
    let observations: Vec<Observation> =
        rows.iter().map(|row| Observation { time: f64::from(row.0), event: row.1 }).collect();
    let values: Vec<f64> = rows.iter().map(|row| row.2).collect();
    cox(&observations, &[Covariate { name: "group", values: &values }], ties, USUAL).unwrap()
}

#[test]
fn cox_on_sex_in_the_lung_trial_agrees_with_r() {
    let rows: Vec<(u16, bool, f64)> = LUNG.iter().map(|row| (row.0, row.1, f64::from(row.2))).collect();
    let fit = one(&rows, Ties::Efron);
    let ratio = fit.effects[0].hazard_ratio;
    // R with `coxph.control(eps = 1e-14)`; at its default tolerance it prints -0.5310235376.
    within(ratio.log, -0.5310235400, 1e-9);
    within(ratio.log_standard_error, 0.167179, 1e-6);
    within(ratio.value, 0.5880, 5e-5);
    within(ratio.interval.low, 0.4237, 5e-5);
    within(ratio.interval.high, 0.8160, 5e-5);
    within(fit.likelihood_ratio.statistic, 10.63, 5e-3);
    within(one(&rows, Ties::Breslow).effects[0].hazard_ratio.log, -0.530397, 1e-6);
    within(one(&rows, Ties::Exact).effects[0].hazard_ratio.log, -0.531714, 1e-6);
}

#[test]
fn cox_on_the_leukaemia_trial_agrees_with_r() {
    let rows: Vec<(u16, bool, f64)> = GEHAN.iter().map(|row| (row.0, row.1, f64::from(u8::from(!row.2)))).collect();
    let table =
        [(Ties::Efron, 1.572125, 0.412397), (Ties::Breslow, 1.509191, 0.409564), (Ties::Exact, 1.628244, 0.433131)];
    for (ties, log, error) in table {
        let ratio = one(&rows, ties).effects[0].hazard_ratio;
        within(ratio.log, log, 1e-6);
        within(ratio.log_standard_error, error, 1e-6);
    }
}

#[test]
fn three_columns_in_the_lung_trial_agree_with_r() {
    let rows: Vec<_> = LUNG.iter().filter(|row| row.4 >= 0).collect();
    let observations: Vec<Observation> =
        rows.iter().map(|row| Observation { time: f64::from(row.0), event: row.1 }).collect();
    let sex: Vec<f64> = rows.iter().map(|row| f64::from(row.2)).collect();
    let age: Vec<f64> = rows.iter().map(|row| f64::from(row.3)).collect();
    let ecog: Vec<f64> = rows.iter().map(|row| f64::from(row.4)).collect();
    let columns = [
        Covariate { name: "sex", values: &sex },
        Covariate { name: "age", values: &age },
        Covariate { name: "ph.ecog", values: &ecog },
    ];
    let fit = cox(&observations, &columns, Ties::Efron, USUAL).unwrap();
    assert_eq!((fit.people, fit.events), (227, 164));
    let table = [(-0.552612, 0.167739), (0.011067, 0.009267), (0.463728, 0.113577)];
    for (effect, (log, error)) in fit.effects.iter().zip(table) {
        within(effect.hazard_ratio.log, log, 1e-6);
        within(effect.hazard_ratio.log_standard_error, error, 1e-6);
    }
    near(fit.log_likelihood_null, -744.480460, 1e-8);
    near(fit.log_likelihood, -729.230120, 1e-8);
    near(fit.likelihood_ratio.statistic, 30.50066877, 1e-8);
    near(fit.score.statistic, 30.49992270, 1e-8);
    // R rounds its Wald statistic to two decimals.
    within(fit.wald.statistic, 29.93, 5e-3);

    let zph = |clock| proportional_hazards(&observations, &columns, &fit, clock).unwrap();
    let by_survival = zph(TimeTransform::Survival);
    for ((_, test), expected) in by_survival.columns.iter().zip([2.305437227, 0.187987674, 2.054248774]) {
        near(test.statistic, expected, 1e-6);
    }
    near(by_survival.global.statistic, 4.463657589, 1e-6);
    within(by_survival.global.p, 0.21555, 5e-6);
    let plain = zph(TimeTransform::Plain);
    for ((_, test), expected) in plain.columns.iter().zip([2.491913217, 0.152350317, 1.578235238]) {
        near(test.statistic, expected, 1e-6);
    }
    near(plain.global.statistic, 4.119382951, 1e-6);

    let breslow = cox(&observations, &columns, Ties::Breslow, USUAL).unwrap();
    for (effect, log) in breslow.effects.iter().zip([-0.55188956979, 0.01104113635, 0.46294704059]) {
        near(effect.hazard_ratio.log, log, 1e-7);
    }
    let zph = proportional_hazards(&observations, &columns, &breslow, TimeTransform::Survival).unwrap();
    near(zph.global.statistic, 4.451012334, 1e-6);
}
