//! Random intercepts and slopes, and the visit models on the same children, against R's lme4 and nlme.
//!
//! Data: distances (mm) from pituitary to pterygomaxillary fissure in 16 boys and 11 girls at four ages, from R. F. Potthoff
//! and S. N. Roy (1964), "A generalized multivariate analysis of variance model useful especially for growth curve
//! problems", Biometrika 51, 313-326. Values: R 4.2.2 with nlme 3.1-162 and lme4 1.1-31. Tolerances: half of the last
//! figure printed for fixed effects; 1e-4 relative for variances and 1e-5 for the log-likelihood, where those searches stop.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use stillwater_evidence::estimate::{CannotEstimate, Confidence};
use stillwater_evidence::mixed::{
    Design, DesignBuilder, Factor, Likelihood, Mixed, MixedFit, ModelError, RandomEffects, Weights,
};
use stillwater_evidence::mmrm::{Mmrm, MmrmFit, Structure};

const AGES: [f64; 4] = [8.0, 10.0, 12.0, 14.0];

const CHILDREN: [(&str, &str, [f64; 4]); 27] = [
    ("M01", "Male", [26.0, 25.0, 29.0, 31.0]),
    ("M02", "Male", [21.5, 22.5, 23.0, 26.5]),
    ("M03", "Male", [23.0, 22.5, 24.0, 27.5]),
    ("M04", "Male", [25.5, 27.5, 26.5, 27.0]),
    ("M05", "Male", [20.0, 23.5, 22.5, 26.0]),
    ("M06", "Male", [24.5, 25.5, 27.0, 28.5]),
    ("M07", "Male", [22.0, 22.0, 24.5, 26.5]),
    ("M08", "Male", [24.0, 21.5, 24.5, 25.5]),
    ("M09", "Male", [23.0, 20.5, 31.0, 26.0]),
    ("M10", "Male", [27.5, 28.0, 31.0, 31.5]),
    ("M11", "Male", [23.0, 23.0, 23.5, 25.0]),
    ("M12", "Male", [21.5, 23.5, 24.0, 28.0]),
    ("M13", "Male", [17.0, 24.5, 26.0, 29.5]),
    ("M14", "Male", [22.5, 25.5, 25.5, 26.0]),
    ("M15", "Male", [23.0, 24.5, 26.0, 30.0]),
    ("M16", "Male", [22.0, 21.5, 23.5, 25.0]),
    ("F01", "Female", [21.0, 20.0, 21.5, 23.0]),
    ("F02", "Female", [21.0, 21.5, 24.0, 25.5]),
    ("F03", "Female", [20.5, 24.0, 24.5, 26.0]),
    ("F04", "Female", [23.5, 24.5, 25.0, 26.5]),
    ("F05", "Female", [21.5, 23.0, 22.5, 23.5]),
    ("F06", "Female", [20.0, 21.0, 21.0, 22.5]),
    ("F07", "Female", [21.5, 22.5, 23.0, 25.0]),
    ("F08", "Female", [23.0, 23.0, 23.5, 24.0]),
    ("F09", "Female", [20.0, 21.0, 22.0, 21.5]),
    ("F10", "Female", [16.5, 19.0, 19.0, 19.5]),
    ("F11", "Female", [24.5, 25.0, 28.0, 28.0]),
];

struct Long {
    people: Vec<String>,
    sex: Vec<&'static str>,
    age: Vec<f64>,
    distance: Vec<Option<f64>>,
}

/// The table as rows, without the rows counted from one that are named.
fn long_without(left_out: &[usize]) -> Long {
    let mut long = Long { people: vec![], sex: vec![], age: vec![], distance: vec![] };
    for (at, (name, sex, distances)) in CHILDREN.iter().enumerate() {
        for (visit, distance) in distances.iter().enumerate() {
            long.people.push((*name).to_owned());
            long.sex.push(sex);
            long.age.push(AGES[visit]);
            long.distance.push((!left_out.contains(&(at * 4 + visit + 1))).then_some(*distance));
        }
    }
    long
}

fn fit(long: &Long, design: &Design, random: &RandomEffects, likelihood: Likelihood) -> Result<MixedFit, ModelError> {
    let (people, outcome) = (&long.people, &long.distance);
    Mixed { design, people, outcome, random, likelihood, confidence: Confidence::PERCENT_95 }.fit()
}

fn centred(long: &Long) -> Vec<f64> {
    long.age.iter().map(|age| age - 11.0).collect()
}

fn growth(long: &Long) -> Design {
    DesignBuilder::new(long.age.len()).number("age", &centred(long)).unwrap().build()
}

fn by_sex(long: &Long) -> Design {
    DesignBuilder::new(long.age.len())
        .number("age", &long.age)
        .and_then(|d| d.factor(Factor::new("Sex", &long.sex, Some("Male")).unwrap()))
        .and_then(|d| d.interaction(&["age", "Sex"]))
        .unwrap()
        .build()
}

fn near(what: &str, got: f64, want: f64, within: f64) {
    assert!((got - want).abs() <= within, "{what}: {got} is not {want} within {within}");
}

fn check_fixed(fit: &MixedFit, wanted: &[(&str, f64, f64, f64)], within: f64) {
    let found = fit.fixed.coefficients().unwrap();
    assert_eq!(found.len(), wanted.len());
    for (found, (name, value, error, df)) in found.iter().zip(wanted) {
        assert_eq!(found.name, *name);
        near(name, found.estimate.value, *value, within);
        near(name, found.estimate.standard_error, *error, within);
        near(name, found.estimate.degrees_of_freedom, *df, 0.01 * df);
    }
}

#[test]
fn random_intercept_and_slope_has_lme4s_values() {
    let long = long_without(&[]);
    let random = RandomEffects::intercept(108).and_slope("age", &centred(&long));
    let fit = fit(&long, &growth(&long), &random, Likelihood::Restricted).unwrap();
    // In balanced data the degrees of freedom of both are one less than the number of children.
    check_fixed(&fit, &[("Intercept", 24.023148, 0.429660, 26.0), ("age", 0.660185, 0.071253, 26.0)], 2e-6);
    near("log-likelihood", fit.deviance / -2.0, -221.318343, 1e-5);
    near("intercept variance", fit.random_covariance[0][0], 4.555360, 5e-4);
    near("slope variance", fit.random_covariance[1][1], 0.051270, 1e-5);
    let spread = (fit.random_covariance[0][0] * fit.random_covariance[1][1]).sqrt();
    near("correlation", fit.random_covariance[0][1] / spread, 0.503, 5e-4);
    near("residual", fit.residual_variance, 1.716205, 2e-4);
    near("AIC", fit.aic, 454.6366859, 1e-4);
    near("BIC", fit.bic, 470.7294732, 1e-4);
    assert!(!fit.singular);
}

#[test]
fn full_likelihood_has_lme4s_and_nlmes_values() {
    let long = long_without(&[]);
    let random = RandomEffects::intercept(108).and_slope("age", &centred(&long));
    let fit = fit(&long, &growth(&long), &random, Likelihood::Full).unwrap();
    near("deviance", fit.deviance, 439.2116016757, 1e-5);
    near("slope", fit.fixed.coefficients().unwrap()[1].estimate.value, 0.6601851852, 1e-9);
    near("slope error", fit.fixed.coefficients().unwrap()[1].estimate.standard_error, 0.06992, 5e-6);
    // Variances from nlme (lme, tolerance 1e-12), whose deviance of 439.211601269 is lower than lme4's at its default.
    near("intercept variance", fit.random_covariance[0][0], 4.3707231, 4e-4);
    near("slope variance", fit.random_covariance[1][1], 0.04619278, 5e-6);
    near("residual", fit.residual_variance, 1.71620769, 2e-4);
    near("BIC", fit.bic, 467.3043890385, 1e-4);
}

#[test]
fn random_intercept_has_nlmes_values_and_exact_degrees_of_freedom() {
    let long = long_without(&[]);
    let fit = fit(&long, &by_sex(&long), &RandomEffects::intercept(108), Likelihood::Restricted).unwrap();
    let found = fit.fixed.coefficients().unwrap();
    let wanted = [(16.340625, 0.981312), (0.784375, 0.077501), (1.032102, 1.537421), (-0.304830, 0.121421)];
    for (found, (value, error)) in found.iter().zip(wanted) {
        near(&found.name, found.estimate.value, value, 2e-6);
        near(&found.name, found.estimate.standard_error, error, 2e-6);
    }
    // Slopes are compared within children: 108 rows less 27 children less two slopes.
    near("df", found[1].estimate.degrees_of_freedom, 79.0, 0.01);
    near("df", found[3].estimate.degrees_of_freedom, 79.0, 0.01);
    near("between", fit.random_covariance[0][0], 3.298634, 4e-4);
    near("within", fit.residual_variance, 1.922055, 2e-4);
    near("log-likelihood", fit.deviance / -2.0, -216.878625, 1e-5);
}

#[test]
fn a_fit_at_the_edge_has_lme4s_values_and_says_that_it_is_singular() {
    // Eight rows left out at random places; lme4 warns of a singular fit, with a correlation of one.
    let long = long_without(&[3, 7, 8, 20, 51, 52, 90, 100]);
    let random = RandomEffects::intercept(108).and_slope("age", &long.age);
    let fit = fit(&long, &by_sex(&long), &random, Likelihood::Restricted).unwrap();
    near("deviance", fit.deviance, 400.215608, 1e-4);
    let wanted =
        [(16.94899343, 0.95975240), (0.71667664, 0.08220523), (0.21663330, 1.48292955), (-0.21510476, 0.12507136)];
    for (found, (value, error)) in fit.fixed.coefficients().unwrap().iter().zip(wanted) {
        // lme4's search stops here within about 1e-4 of the lowest point.
        near(&found.name, found.estimate.value, value, 1e-3);
        near(&found.name, found.estimate.standard_error, error, 1e-3);
    }
    assert!(fit.singular);
    assert_eq!(fit.missing.missing(), 8);
}

fn visits(long: &Long, structure: Structure) -> MmrmFit {
    let names: Vec<String> = long.age.iter().map(|age| format!("{age:02}")).collect();
    let visits = Factor::new("age", &names, None).unwrap();
    let design = DesignBuilder::new(long.age.len())
        .factor(Factor::new("Sex", &long.sex, Some("Male")).unwrap())
        .and_then(|d| d.factor(visits.clone()))
        .and_then(|d| d.interaction(&["Sex", "age"]))
        .unwrap()
        .build();
    let (people, outcome) = (&long.people, &long.distance);
    let (likelihood, confidence) = (Likelihood::Restricted, Confidence::PERCENT_95);
    Mmrm { design: &design, people, visits: &visits, outcome, structure, likelihood, confidence }.fit().unwrap()
}

#[test]
fn the_unstructured_model_has_nlmes_values() {
    let fit = visits(&long_without(&[]), Structure::Unstructured);
    near("deviance", fit.deviance, 414.0348, 1e-4);
    let wanted = [
        [5.4155, 2.7168, 3.9102, 2.7102],
        [2.7168, 4.1848, 2.9272, 3.3172],
        [3.9102, 2.9272, 6.4557, 4.1307],
        [2.7102, 3.3172, 4.1307, 4.9857],
    ];
    for (found, wanted) in fit.covariance.iter().flatten().zip(wanted.iter().flatten()) {
        near("covariance", *found, *wanted, 1e-4);
    }
    let differences = [-1.693182, -1.585227, -2.627841, -3.377841];
    let found = fit.differences_by_visit("Sex", "Female", "Male", Weights::Equal).unwrap();
    for (found, wanted) in found.iter().zip(differences) {
        near(&found.visit, found.estimate.value, wanted, 1e-6);
        near("df", found.estimate.degrees_of_freedom, 25.0, 1e-3);
    }
    let first = &fit.fixed.coefficients().unwrap()[0].estimate;
    near("boys at 8", first.value, 22.875, 1e-9);
    near("boys at 8", first.standard_error, 0.581778, 1e-5);
    near("difference at 8", found[0].estimate.standard_error, 0.911472, 1e-5);
}

#[test]
fn compound_symmetry_has_nlmes_values() {
    let fit = visits(&long_without(&[]), Structure::CompoundSymmetry);
    near("deviance", fit.deviance, 423.4085, 1e-4);
    near("variance", fit.covariance[0][0], 5.260420, 5e-4);
    near("correlation", fit.covariance[0][1] / fit.covariance[0][0], 0.624547, 1e-4);
    let test = fit.fixed.type_three().unwrap().pop().unwrap();
    near("F", test.f, 2.36156, 1e-4);
    // Within 27 children at four ages: 25 times 3. The 100 that nlme prints are the rows less the columns.
    near("df", test.df_bottom, 75.0, 0.01);
}

#[test]
fn compound_symmetry_says_what_a_random_intercept_says() {
    let long = long_without(&[1, 6, 17, 40, 77]);
    let names: Vec<String> = long.age.iter().map(|age| format!("{age:02}")).collect();
    let design = DesignBuilder::new(108)
        .factor(Factor::new("Sex", &long.sex, Some("Male")).unwrap())
        .and_then(|d| d.factor(Factor::new("age", &names, None).unwrap()))
        .and_then(|d| d.interaction(&["Sex", "age"]))
        .unwrap()
        .build();
    let one = visits(&long, Structure::CompoundSymmetry);
    let other = fit(&long, &design, &RandomEffects::intercept(108), Likelihood::Restricted).unwrap();
    near("deviance", one.deviance, other.deviance, 1e-7);
    let pairs = one.fixed.coefficients().unwrap().into_iter().zip(other.fixed.coefficients().unwrap());
    for (a, b) in pairs {
        near(&a.name, a.estimate.value, b.estimate.value, 1e-5);
        near(&a.name, a.estimate.degrees_of_freedom, b.estimate.degrees_of_freedom, 0.01);
    }
}

#[test]
fn children_in_another_order_give_the_same_fit() {
    let long = long_without(&[5, 50]);
    let order: Vec<usize> = (0..108).map(|row| (row * 35) % 108).collect();
    let turned = Long {
        people: order.iter().map(|&row| format!("z{}", long.people[row].chars().rev().collect::<String>())).collect(),
        sex: order.iter().map(|&row| long.sex[row]).collect(),
        age: order.iter().map(|&row| long.age[row]).collect(),
        distance: order.iter().map(|&row| long.distance[row]).collect(),
    };
    let run = |long: &Long| {
        let random = RandomEffects::intercept(108).and_slope("age", &centred(long));
        fit(long, &growth(long), &random, Likelihood::Restricted).unwrap()
    };
    let (one, other) = (run(&long), run(&turned));
    near("deviance", one.deviance, other.deviance, 1e-8);
    near("slope variance", one.random_covariance[1][1], other.random_covariance[1][1], 1e-6);
}

#[test]
fn one_answer_each_cannot_tell_people_from_chance() {
    let left_out: Vec<usize> = (1..=108).filter(|row| row % 4 != 1).collect();
    let long = long_without(&left_out);
    let design = DesignBuilder::new(108).build();
    let refused = fit(&long, &design, &RandomEffects::intercept(108), Likelihood::Restricted).expect_err("refused");
    assert!(matches!(refused, ModelError::Cannot(CannotEstimate::TooFew { found: 1, needed: 2, .. })), "{refused}");
}

#[test]
fn equal_answers_and_repeated_columns_are_refused_by_name() {
    let mut long = long_without(&[]);
    let random = RandomEffects::intercept(108);
    let design = DesignBuilder::new(108)
        .number("age", &long.age)
        .unwrap()
        .number("months", &long.age.iter().map(|age| age * 12.0).collect::<Vec<_>>())
        .unwrap()
        .build();
    let refused = fit(&long, &design, &random, Likelihood::Restricted).expect_err("refused");
    assert_eq!(refused, ModelError::Collinear { column: "months".to_owned(), from: "age".to_owned() });
    long.distance.iter_mut().for_each(|distance| *distance = Some(20.0));
    let refused = fit(&long, &growth(&long), &random, Likelihood::Restricted).expect_err("refused");
    assert!(matches!(refused, ModelError::Cannot(CannotEstimate::NoVariation { .. })), "{refused}");
}
