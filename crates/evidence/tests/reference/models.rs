//! Toeplitz covariances, errors by clusters of trials, logistic regression and estimating equations, against `r/models.R`.
//!
//! Tolerance: 1e-6 relative; a few thousandths of a standard error for glmmTMB, whose search stops early; 2e-6 for geepack.

use crate::meta_data::BCG;
use crate::vectors::{Table, Values};
use crate::within;
use stillwater_evidence::binary::{Logistic, LogisticFit, Together, Way};
use stillwater_evidence::estimate::Confidence;
use stillwater_evidence::meta::{Effect, Model, clustered, log_risk_ratio};
use stillwater_evidence::mixed::{Design, DesignBuilder, Factor, Likelihood};
use stillwater_evidence::mmrm::{Mmrm, Structure};
use stillwater_evidence::proportion::{Share, TwoShares};

const USUAL: Confidence = Confidence::PERCENT_95;

fn r() -> Values {
    Values::of(include_str!("r/models.csv"))
}

fn long() -> Table {
    Table::of(include_str!("../data/trial_long.csv"))
}

fn bcg() -> (Vec<Effect>, Vec<f64>) {
    let effect = |&(_, a, b, c, d, _): &(i32, usize, usize, usize, usize, u8)| {
        let share = |with, without| Share::new(with, with + without).unwrap();
        log_risk_ratio(TwoShares { treated: share(a, b), control: share(c, d) }).unwrap()
    };
    (BCG.iter().map(effect).collect(), BCG.iter().map(|row| f64::from(row.5)).collect())
}

#[test]
fn toeplitz_covariances_agree_with_glmmtmb() {
    let (r, table) = (r(), long());
    let visits = Factor::ordered("visit", &table.words("week"), &["1", "2", "4", "8"]).unwrap();
    let design = DesignBuilder::new(table.words("id").len())
        .factor(Factor::new("arm", &table.words("arm"), Some("placebo")).unwrap())
        .and_then(|design| design.factor(visits.clone()))
        .and_then(|design| design.number("base", &table.numbers("base")))
        .and_then(|design| design.interaction(&["arm", "visit"]))
        .unwrap()
        .build();
    let fit = |structure| {
        Mmrm {
            design: &design,
            people: &table.words("id"),
            visits: &visits,
            outcome: &table.maybe("score"),
            structure,
            likelihood: Likelihood::Restricted,
            confidence: USUAL,
        }
        .fit()
        .unwrap()
    };
    let found = fit(Structure::ToeplitzHeterogeneous);
    within(found.deviance, r.at("toeph.deviance"), 1e-3);
    assert_eq!(found.covariance_parameters, 7);
    let coefficients = found.fixed.coefficients().unwrap();
    for (at, name) in ["arm ketamine", "base", "arm ketamine:visit 8"].into_iter().enumerate() {
        let own = coefficients.iter().find(|one| one.name == name).unwrap().estimate;
        let error = r.at(&format!("toeph.se.{}", at + 1));
        within(own.value, r.at(&format!("toeph.coef.{}", at + 1)), 3e-3 * error);
        within(own.standard_error, error, 3e-3 * error);
    }
    // One variance for all visits fits no better than one for each, and has three parameters fewer.
    let plain = fit(Structure::Toeplitz);
    assert!(plain.deviance > found.deviance && plain.covariance_parameters == 4);
}

#[test]
fn errors_by_clusters_of_trials_agree_with_metafor() {
    let (r, (effects, latitude)) = (r(), bcg());
    let clusters: Vec<String> = (1..=13).map(|trial| (trial % 5).to_string()).collect();
    let found = clustered(&effects, &[], &clusters, Model::default(), USUAL).unwrap();
    let pooled = &found.coefficients[0];
    for (at, value) in [pooled.estimate.value, pooled.estimate.standard_error, pooled.test.p].into_iter().enumerate() {
        r.near(&format!("meta.cluster.{}", at + 1), value, 1e-5);
    }
    let found = clustered(&effects, &[("ablat", &latitude)], &clusters, Model::default(), USUAL).unwrap();
    for (at, one) in found.coefficients.iter().enumerate() {
        r.near(&format!("meta.cluster.ablat.coef.{}", at + 1), one.estimate.value, 1e-4);
        r.near(&format!("meta.cluster.ablat.se.{}", at + 1), one.estimate.standard_error, 1e-4);
        r.near(&format!("meta.cluster.ablat.p.{}", at + 1), one.test.p, 1e-3);
    }
    let two: Vec<String> = (1..=13).map(|trial| (trial % 2).to_string()).collect();
    assert!(clustered(&effects, &[("ablat", &latitude)], &two, Model::default(), USUAL).is_err());
}

fn answers(cells: Vec<Option<f64>>) -> Vec<Option<bool>> {
    cells.into_iter().map(|cell| cell.map(|cell| cell > 0.5)).collect()
}

#[track_caller]
fn agrees(name: &str, found: &LogisticFit, relative: f64) {
    let r = r();
    for (at, column) in found.columns.iter().enumerate() {
        r.near(&format!("{name}.coef.{}", at + 1), column.ratio.log, relative);
        r.near(&format!("{name}.se.{}", at + 1), column.ratio.log_standard_error, relative);
    }
}

fn wide(table: &Table) -> Design {
    DesignBuilder::new(120)
        .factor(Factor::new("arm", &table.words("arm"), Some("placebo")).unwrap())
        .and_then(|design| design.number("base", &table.numbers("base")))
        .and_then(|design| design.factor(Factor::new("site", &table.words("site"), None).unwrap()))
        .unwrap()
        .build()
}

#[test]
fn logistic_regression_agrees_with_glm_and_its_penalty_with_brglm() {
    let (r, table) = (r(), Table::trial());
    let (design, outcome) = (wide(&table), answers(table.maybe("response")));
    let fit = |way| Logistic { design: &design, outcome: &outcome, way, confidence: USUAL }.fit().unwrap();
    let plain = fit(Way::Likelihood);
    agrees("logistic", &plain, 1e-7);
    r.near("logistic.p.2", plain.columns[1].test.p, 1e-7);
    let (own, null) = plain.deviance.unwrap();
    r.near("logistic.deviance.1", own, 1e-10);
    r.near("logistic.deviance.2", null, 1e-10);
    r.near("standardised.1", plain.standardised_share("arm", "placebo").unwrap().value, 1e-7);
    r.near("standardised.2", plain.standardised_share("arm", "ketamine").unwrap().value, 1e-7);
    agrees("firth", &fit(Way::Firth), 1e-6);
}

#[test]
fn estimating_equations_agree_with_geepack() {
    let (r, table) = (r(), long());
    let design = DesignBuilder::new(table.words("id").len())
        .factor(Factor::new("arm", &table.words("arm"), Some("placebo")).unwrap())
        .and_then(|design| {
            design.factor(Factor::ordered("visit", &table.words("week"), &["1", "2", "4", "8"]).unwrap())
        })
        .and_then(|design| design.number("base", &table.numbers("base")))
        .unwrap()
        .build();
    let (people, outcome) = (table.words("id"), answers(table.maybe("better")));
    let fit = |together| {
        let way = Way::Equations(&people, together);
        Logistic { design: &design, outcome: &outcome, way, confidence: USUAL }.fit().unwrap()
    };
    agrees("gee.independence", &fit(Together::Independence), 2e-6);
    let alike = fit(Together::Exchangeable);
    agrees("gee.exchangeable", &alike, 2e-6);
    r.near("gee.alpha", alike.correlation.unwrap(), 2e-6);
}
