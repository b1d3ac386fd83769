//! The model for repeated measures against printed results of R's mmrm and SAS, and on data where it must refuse.
//!
//! Reference: the FEV1 trial of the mmrm project (tests/data/README-fev.md). Estimates, standard errors, degrees of freedom
//! and deviance are those printed by R's mmrm in its README; means, differences and F values are those of SAS PROC MIXED
//! as kept in its design documents. Tolerances follow the last figure printed: 5e-4 for estimates and standard errors,
//! 1e-3 for the deviance, 1 % for degrees of freedom, and half of the last figure for F values.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use proptest::prelude::*;
use stillwater_evidence::estimate::{CannotEstimate, Confidence};
use stillwater_evidence::mixed::{Design, DesignBuilder, Factor, Likelihood, ModelError, Weights};
use stillwater_evidence::mmrm::{Mmrm, MmrmFit, Structure};

const FEV: &str = include_str!("data/fev.csv");

struct Rows {
    design: Design,
    people: Vec<String>,
    visits: Factor,
    outcome: Vec<Option<f64>>,
}

impl Rows {
    fn fit(&self, structure: Structure, likelihood: Likelihood) -> Result<MmrmFit, ModelError> {
        let (design, people, visits, outcome) = (&self.design, &self.people, &self.visits, &self.outcome);
        Mmrm { design, people, visits, outcome, structure, likelihood, confidence: Confidence::PERCENT_95 }.fit()
    }
}

fn fev_from(lines: &[Vec<&str>]) -> Rows {
    let column = |at: usize| lines.iter().map(|line| line[at]).collect::<Vec<_>>();
    let visits = Factor::new("VISIT", &column(1), None).unwrap();
    let design = DesignBuilder::new(lines.len())
        .factor(Factor::new("RACE", &column(3), Some("Asian")).unwrap())
        .and_then(|d| d.factor(Factor::new("SEX", &column(4), Some("Male")).unwrap()))
        .and_then(|d| d.factor(Factor::new("ARM", &column(2), Some("PBO")).unwrap()))
        .and_then(|d| d.factor(visits.clone()))
        .and_then(|d| d.interaction(&["ARM", "VISIT"]))
        .unwrap()
        .build();
    let people = column(0).iter().map(|name| (*name).to_owned()).collect();
    let outcome = column(6).iter().map(|value| value.parse().ok()).collect();
    Rows { design, people, visits, outcome }
}

fn fev_lines() -> Vec<Vec<&'static str>> {
    FEV.lines().skip(1).map(|line| line.split(',').map(|cell| cell.trim_matches('"')).collect()).collect()
}

fn near(what: &str, got: f64, want: f64, within: f64) {
    assert!((got - want).abs() <= within, "{what}: {got} is not {want} within {within}");
}

/// SAS 9.4 PROC MIXED, `model FEV1 = ARMCD / ddfm=kr(firstorder)`, as kept with the tests of R's mmrm (openpharma, Apache 2.0,
/// `tests/testthat/test-kenwardroger.R`): standard error and degrees of freedom of the arm. The tolerances are those at which mmrm itself
/// agrees with SAS: 1e-3 relative.
#[test]
fn kenward_and_rogers_errors_and_degrees_of_freedom_are_those_of_sas() {
    let lines = fev_lines();
    let column = |at: usize| lines.iter().map(|line| line[at]).collect::<Vec<_>>();
    let arm = Factor::new("ARM", &column(2), Some("PBO")).unwrap();
    let rows = Rows { design: DesignBuilder::new(lines.len()).factor(arm).unwrap().build(), ..fev_from(&lines) };
    for (structure, error, df) in [
        (Structure::Unstructured, 0.661_243_822_703_07, 160.733_266_403_768),
        (Structure::CompoundSymmetry, 0.796_469_605_359_5, 177.038_485_931_223),
        (Structure::Toeplitz, 0.878_398_055_196_23, 160.027_408_337_368),
        (Structure::ToeplitzHeterogeneous, 0.725_373_245_184_35, 180.062_730_071_701),
        (Structure::AutoRegressive, 0.960_581_423_051_76, 188.469_348_879_72),
        (Structure::AutoRegressiveHeterogeneous, 0.759_248_075_469_34, 188.225_339_095_373),
    ] {
        let plain = rows.fit(structure, Likelihood::Restricted).unwrap().fixed;
        let adjusted = plain.kenward_roger().unwrap();
        let arm = adjusted.coefficients().unwrap()[1].estimate;
        near(&format!("{structure:?}: error"), arm.standard_error, error, 1e-3 * error);
        near(&format!("{structure:?}: degrees of freedom"), arm.degrees_of_freedom, df, 1e-3 * df);
        assert!(arm.standard_error > plain.coefficients().unwrap()[1].estimate.standard_error);
        // One hypothesis is the square of its t test, with the same degrees of freedom.
        let term = &adjusted.type_three().unwrap()[0];
        near("F", term.f, arm.t * arm.t, 1e-6 * term.f);
        near("df", term.df_bottom, arm.degrees_of_freedom, 1e-6 * df);
    }
}

/// SAS 9.4 PROC MIXED, `model FEV1 = ; repeated type=toeph`, as kept in the design documents of R's mmrm.
#[test]
fn a_heterogeneous_toeplitz_covariance_is_that_of_sas() {
    let lines = fev_lines();
    let rows = Rows { design: DesignBuilder::new(lines.len()).build(), ..fev_from(&lines) };
    let fit = rows.fit(Structure::ToeplitzHeterogeneous, Likelihood::Restricted).unwrap();
    near("deviance", fit.deviance, 3_722.380_183_29, 1e-3);
    near("variance at the first visit", fit.covariance[0][0], 90.4041, 1e-2);
    near("covariance of the first and the last", fit.covariance[0][3], -39.2746, 1e-2);
}

#[test]
fn the_fev_trial_has_mmrms_coefficients_and_degrees_of_freedom() {
    let fit = fev_from(&fev_lines()).fit(Structure::Unstructured, Likelihood::Restricted).unwrap();
    near("deviance", fit.deviance, 3386.450, 1e-3);
    near("AIC", fit.aic, 3406.4, 0.06);
    near("BIC", fit.bic, 3439.3, 0.06);
    assert_eq!((fit.people, fit.missing.answered, fit.covariance_parameters), (197, 537, 10));
    let wanted = [
        ("Intercept", 30.77748, 0.88656, 218.80),
        ("RACE Black or African American", 1.53050, 0.62448, 168.67),
        ("RACE White", 5.64357, 0.66561, 157.14),
        ("SEX Female", 0.32606, 0.53195, 166.13),
        ("ARM TRT", 3.77423, 1.07415, 145.55),
        ("VISIT VIS2", 4.83959, 0.80172, 143.88),
        ("VISIT VIS3", 10.34211, 0.82269, 155.56),
        ("VISIT VIS4", 15.05390, 1.31281, 138.47),
        ("ARM TRT:VISIT VIS2", -0.04193, 1.12932, 138.56),
        ("ARM TRT:VISIT VIS3", -0.69369, 1.18765, 158.17),
        ("ARM TRT:VISIT VIS4", 0.62423, 1.85085, 129.72),
    ];
    let found = fit.fixed.coefficients().unwrap();
    assert_eq!(found.len(), wanted.len());
    for (found, (name, value, error, df)) in found.iter().zip(wanted) {
        assert_eq!(found.name, name);
        near(name, found.estimate.value, value, 5e-4);
        near(name, found.estimate.standard_error, error, 5e-4);
        near(name, found.estimate.degrees_of_freedom, df, 0.01 * df);
    }
    near("p of arm", found[4].estimate.p, 0.000_589, 5e-6);
}

#[test]
fn the_fev_trial_has_mmrms_covariance_between_visits() {
    let fit = fev_from(&fev_lines()).fit(Structure::Unstructured, Likelihood::Restricted).unwrap();
    let wanted = [
        [40.5537, 14.3960, 4.9747, 13.3867],
        [14.3960, 26.5715, 2.7855, 7.4745],
        [4.9747, 2.7855, 14.8979, 0.9082],
        [13.3867, 7.4745, 0.9082, 95.5568],
    ];
    for (found, wanted) in fit.covariance.iter().flatten().zip(wanted.iter().flatten()) {
        // The deviance is so flat here that a step of 0.01 changes it by less than 1e-5: mmrm's own search stopped within
        // that, and nlme 3.1-162 (R 4.2.2, gls, corSymm, tolerance 1e-12) has 13.379 where mmrm prints 13.387.
        near("covariance", *found, *wanted, 0.01);
    }
}

#[test]
fn the_fev_trial_under_full_likelihood_has_the_reference_deviance() {
    let fit = fev_from(&fev_lines()).fit(Structure::Unstructured, Likelihood::Full).unwrap();
    // The reference document's value of -2 log L, from R's mmrm.
    near("ML deviance", fit.deviance, 3397.572, 1e-3);
}

#[test]
fn the_fev_trial_has_sas_means_and_differences_by_visit() {
    let fit = fev_from(&fev_lines()).fit(Structure::Unstructured, Likelihood::Restricted).unwrap();
    let placebo = [(33.3318, 0.7554), (38.1715, 0.6117), (43.6740, 0.4617), (48.3855, 1.1886)];
    for (found, (mean, error)) in fit.means_by_visit("ARM", "PBO", Weights::Equal).unwrap().iter().zip(placebo) {
        near(&found.visit, found.estimate.value, mean, 5e-4);
        near(&found.visit, found.estimate.standard_error, error, 5e-4);
    }
    let wanted = [
        (3.7745, 1.0741, 146.0, 1.6517, 5.8974),
        (3.7322, 0.8588, 145.0, 2.0348, 5.4296),
        (3.0806, 0.6896, 131.0, 1.7164, 4.4448),
        (4.3985, 1.6805, 133.0, 1.0746, 7.7225),
    ];
    let found = fit.differences_by_visit("ARM", "TRT", "PBO", Weights::Equal).unwrap();
    assert_eq!(found.len(), 4);
    for (found, (value, error, df, low, high)) in found.iter().zip(wanted) {
        let estimate = found.estimate;
        near(&found.visit, estimate.value, value, 5e-4);
        near(&found.visit, estimate.standard_error, error, 5e-4);
        near(&found.visit, estimate.degrees_of_freedom, df, 0.01 * df);
        near(&found.visit, estimate.interval.low, low, 3e-3);
        near(&found.visit, estimate.interval.high, high, 3e-3);
    }
}

#[test]
fn the_fev_trial_has_sas_type_three_tests() {
    let fit = fev_from(&fev_lines()).fit(Structure::Unstructured, Likelihood::Restricted).unwrap();
    let wanted = [
        ("RACE", 36.92, 2.0, 166.0),
        ("SEX", 0.38, 1.0, 166.0),
        ("ARM", 31.67, 1.0, 169.0),
        ("VISIT", 142.11, 3.0, 148.0),
        ("ARM:VISIT", 0.26, 3.0, 148.0),
    ];
    let found = fit.fixed.type_three().unwrap();
    assert_eq!(found.len(), wanted.len());
    for (found, (name, f, top, bottom)) in found.iter().zip(wanted) {
        assert_eq!(found.name, name);
        near(name, found.f, f, 0.02);
        near(name, found.df_top, top, 0.0);
        // SAS pools the degrees of freedom of several hypotheses as here, and prints them whole.
        near(name, found.df_bottom, bottom, 0.02 * bottom);
    }
}

#[test]
fn simpler_structures_have_nlmes_deviance_and_errors() {
    // R 4.2.2, nlme 3.1-162, gls with corAR1 or corCompSymm, and varIdent by visit where each visit has its own
    // variance; REML, tolerance 1e-10. Deviance within 1e-4 as the search there stops; estimates within 5e-4.
    let wanted = [
        (Structure::AutoRegressive, 3525.078763, 3.630532, 1.159571),
        (Structure::AutoRegressiveHeterogeneous, 3404.219246, 3.752196, 1.081325),
        (Structure::CompoundSymmetry, 3522.042949, 3.437676, 1.150719),
        (Structure::CompoundSymmetryHeterogeneous, 3398.001027, 3.660783, 1.081305),
    ];
    let rows = fev_from(&fev_lines());
    for (structure, deviance, value, error) in wanted {
        let fit = rows.fit(structure, Likelihood::Restricted).unwrap();
        let arm = &fit.fixed.coefficients().unwrap()[4];
        near("deviance", fit.deviance, deviance, 1e-4);
        near("arm", arm.estimate.value, value, 5e-4);
        near("arm", arm.estimate.standard_error, error, 5e-4);
    }
}

#[test]
fn simpler_structures_fit_no_better_and_nest_as_they_must() {
    let rows = fev_from(&fev_lines());
    let deviance = |structure| rows.fit(structure, Likelihood::Restricted).unwrap().deviance;
    let free = deviance(Structure::Unstructured);
    let (ar, arh) = (deviance(Structure::AutoRegressive), deviance(Structure::AutoRegressiveHeterogeneous));
    let (cs, csh) = (deviance(Structure::CompoundSymmetry), deviance(Structure::CompoundSymmetryHeterogeneous));
    assert!(free < arh && arh < ar, "{free} {arh} {ar}");
    assert!(free < csh && csh < cs, "{free} {csh} {cs}");
}

fn small(cells: &[(&str, &str, &str, Option<f64>)]) -> Rows {
    let arms: Vec<&str> = cells.iter().map(|cell| cell.1).collect();
    let at: Vec<&str> = cells.iter().map(|cell| cell.2).collect();
    let visits = Factor::new("VISIT", &at, None).unwrap();
    let design = DesignBuilder::new(cells.len())
        .factor(Factor::new("ARM", &arms, None).unwrap())
        .and_then(|d| d.factor(visits.clone()))
        .and_then(|d| d.interaction(&["ARM", "VISIT"]))
        .unwrap()
        .build();
    let people = cells.iter().map(|cell| cell.0.to_owned()).collect();
    Rows { design, people, visits, outcome: cells.iter().map(|cell| cell.3).collect() }
}

const NAMES: [&str; 12] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"];

/// Twelve plainly synthetic people in two arms at two visits.
fn twelve(value: impl Fn(usize, usize) -> Option<f64>) -> Vec<(&'static str, &'static str, &'static str, Option<f64>)> {
    let cell = |(person, visit): (usize, usize)| {
        (NAMES[person], if person < 6 { "A" } else { "B" }, ["V1", "V2"][visit], value(person, visit))
    };
    (0..12).flat_map(|person| (0..2).map(move |visit| (person, visit))).map(cell).collect()
}

fn scatter(person: usize, visit: usize) -> f64 {
    f64::from(u32::try_from((person * 37 + visit * 101 + person * person * 13 * (visit + 1)) % 29).unwrap())
}

fn refusal(rows: &Rows) -> ModelError {
    rows.fit(Structure::Unstructured, Likelihood::Restricted).expect_err("this must be refused")
}

#[test]
fn one_person_is_too_few() {
    let rows = small(&[("a", "A", "V1", Some(1.0)), ("a", "A", "V2", Some(3.0))]);
    assert!(matches!(refusal(&rows), ModelError::Cannot(CannotEstimate::TooFew { found: 1, .. })));
}

#[test]
fn equal_answers_have_no_variation() {
    let rows = small(&twelve(|_, _| Some(7.0)));
    assert!(matches!(refusal(&rows), ModelError::Cannot(CannotEstimate::NoVariation { .. })));
}

#[test]
fn one_visit_where_all_answer_the_same_is_refused() {
    let rows = small(&twelve(|person, visit| Some(if visit == 1 { 7.0 } else { scatter(person, visit) })));
    assert!(matches!(refusal(&rows), ModelError::Cannot(CannotEstimate::NoVariation { .. })));
}

#[test]
fn a_visit_without_answers_is_named() {
    let rows = small(&twelve(|person, visit| (visit == 0).then(|| scatter(person, visit))));
    assert_eq!(refusal(&rows), ModelError::NoAnswersAtVisit { visit: "V2".to_owned() });
}

#[test]
fn all_missing_is_said() {
    let rows = small(&twelve(|_, _| None));
    assert!(matches!(refusal(&rows), ModelError::Cannot(CannotEstimate::AllMissing { missing: 24, .. })));
}

#[test]
fn an_infinite_answer_is_refused() {
    let rows = small(&twelve(|_, _| Some(f64::INFINITY)));
    assert!(matches!(refusal(&rows), ModelError::Cannot(CannotEstimate::NotFinite { .. })));
}

#[test]
fn visits_that_nobody_has_both_of_are_named() {
    let rows = small(&twelve(|person, visit| (person % 2 == visit).then(|| scatter(person, visit))));
    let named = ModelError::VisitsNeverTogether { first: "V1".to_owned(), second: "V2".to_owned() };
    assert_eq!(refusal(&rows), named);
}

#[test]
fn a_second_answer_at_one_visit_is_named() {
    let mut cells = twelve(|person, visit| Some(scatter(person, visit)));
    cells[1].2 = "V1";
    let named = ModelError::VisitTwice { patient: "a".to_owned(), visit: "V1".to_owned() };
    assert_eq!(refusal(&small(&cells)), named);
}

#[test]
fn columns_that_repeat_one_another_are_named() {
    let cells = twelve(|person, visit| Some(scatter(person, visit)));
    let mut rows = small(&cells);
    let arms: Vec<&str> = cells.iter().map(|cell| cell.1).collect();
    let twice: Vec<f64> = arms.iter().map(|arm| if *arm == "B" { 3.0 } else { 1.0 }).collect();
    rows.design = DesignBuilder::new(cells.len())
        .factor(Factor::new("ARM", &arms, None).unwrap())
        .and_then(|d| d.number("site", &twice))
        .unwrap()
        .build();
    let named = ModelError::Collinear { column: "site".to_owned(), from: "Intercept, ARM B".to_owned() };
    assert_eq!(refusal(&rows), named);
}

#[test]
fn answers_that_repeat_between_visits_do_not_settle_and_are_refused() {
    // The second visit is the first plus three: the covariance has no inverse at its best value.
    let rows = small(&twelve(|person, visit| Some(scatter(person, 0) + if visit == 1 { 3.0 } else { 0.0 })));
    assert!(matches!(refusal(&rows), ModelError::Cannot(CannotEstimate::NotConverged { .. })));
}

#[test]
fn complete_balanced_answers_give_plain_differences_of_means() {
    let rows = small(&twelve(|person, visit| Some(scatter(person, visit))));
    let fit = rows.fit(Structure::Unstructured, Likelihood::Restricted).unwrap();
    let mean = |arm: usize, visit: usize| (0..6).map(|one| scatter(arm * 6 + one, visit)).sum::<f64>() / 6.0;
    for (visit, found) in fit.differences_by_visit("ARM", "B", "A", Weights::Equal).unwrap().iter().enumerate() {
        near("difference", found.estimate.value, mean(1, visit) - mean(0, visit), 1e-9);
        // With two groups of six and one variance per visit, the t test's degrees of freedom are exactly ten.
        near("df", found.estimate.degrees_of_freedom, 10.0, 1e-3);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn the_order_of_people_does_not_matter(turn in 1usize..199, back in any::<bool>()) {
        let lines = fev_lines();
        let mut people: Vec<Vec<Vec<&str>>> = lines.chunks(4).map(<[Vec<&str>]>::to_vec).collect();
        people.rotate_left(turn);
        if back {
            people.reverse();
        }
        let turned: Vec<Vec<&str>> = people.concat();
        let first = fev_from(&lines).fit(Structure::AutoRegressiveHeterogeneous, Likelihood::Restricted).unwrap();
        let second = fev_from(&turned).fit(Structure::AutoRegressiveHeterogeneous, Likelihood::Restricted).unwrap();
        prop_assert!((first.deviance - second.deviance).abs() < 1e-7);
        let pairs = first.fixed.coefficients().unwrap().into_iter().zip(second.fixed.coefficients().unwrap());
        for (a, b) in pairs {
            prop_assert!((a.estimate.value - b.estimate.value).abs() < 1e-6, "{} {}", a.name, b.name);
            prop_assert!((a.estimate.standard_error - b.estimate.standard_error).abs() < 1e-6);
        }
    }
}
