//! Cox's model over spells and its kin on the artificial trial, against `r/spells.R`.
//!
//! Tolerance: 1e-6 relative, where R's `coxph` stops; 1e-5 for Firth's penalty, climbed there by a general search. `cmprsk::crr` counts
//! people who leave and people who go out of sight at one time in the other order and its errors allow for the weights being
//! estimated, so that it agrees to 1 %.

use crate::vectors::{Table, Values};
use crate::within;
use stillwater_evidence::estimate::Confidence;
use stillwater_evidence::survival::{
    CompetingObservation, Covariate, CoxErrors, Observation, Spell, SpellFit, SpellModel, Ties, compare_restricted,
    fine_gray, gray, kaplan_meier,
};

const USUAL: Confidence = Confidence::PERCENT_95;

fn r() -> Values {
    Values::of(include_str!("r/spells.csv"))
}

fn marked(words: &[String], of: &str) -> Vec<f64> {
    words.iter().map(|word| f64::from(u8::from(word == of))).collect()
}

fn codes(words: &[String]) -> Vec<usize> {
    let mut known = words.to_vec();
    known.sort();
    known.dedup();
    words.iter().map(|word| known.iter().position(|one| one == word).unwrap()).collect()
}

struct Trial {
    table: Table,
    spells: Vec<Spell>,
    ketamine: Vec<f64>,
    base: Vec<f64>,
}

fn trial() -> Trial {
    let table = Table::trial();
    let watched = table.numbers("time").into_iter().zip(table.numbers("status"));
    let spells = watched.map(|(stop, status)| Spell { start: f64::NEG_INFINITY, stop, event: status == 1.0 }).collect();
    let (ketamine, base) = (marked(&table.words("arm"), "ketamine"), table.numbers("base"));
    Trial { table, spells, ketamine, base }
}

fn fit(
    spells: &[Spell],
    columns: &[(&str, &[f64])],
    strata: Option<&[usize]>,
    errors: CoxErrors<'_>,
    (ties, firth): (Ties, bool),
) -> SpellFit {
    let columns: Vec<Covariate<'_>> = columns.iter().map(|(name, values)| Covariate { name, values }).collect();
    let model = SpellModel { spells, columns: &columns, strata, weights: None, ties, errors, firth, confidence: USUAL };
    model.fit().unwrap()
}

#[track_caller]
fn agrees(name: &str, found: &SpellFit, relative: f64) {
    let r = r();
    for (at, effect) in found.effects.iter().enumerate() {
        let (coefficient, error) = (r.at(&format!("{name}.coef.{}", at + 1)), r.at(&format!("{name}.se.{}", at + 1)));
        // A coefficient near zero is right to its standard error's figures and not to its own.
        within(effect.hazard_ratio.log, coefficient, relative * coefficient.abs().max(error));
        within(effect.hazard_ratio.log_standard_error, error, relative * error);
    }
}

const TIES: [(&str, Ties); 2] = [("efron", Ties::Efron), ("breslow", Ties::Breslow)];

#[test]
fn strata_robust_and_clustered_errors_agree_with_coxph() {
    let trial = trial();
    let columns: [(&str, &[f64]); 2] = [("ketamine", &trial.ketamine), ("base", &trial.base)];
    let (sites, clusters) = (codes(&trial.table.words("site")), codes(&trial.table.words("cluster")));
    for (name, ties) in TIES {
        let plain = fit(&trial.spells, &columns, None, CoxErrors::Model, (ties, false));
        agrees(&format!("plain.{name}"), &plain, 1e-6);
        r().near(&format!("plain.{name}.log.2"), plain.log_likelihood, 1e-9);
        r().near(&format!("plain.{name}.log.1"), plain.log_likelihood_null, 1e-9);
        let strata = fit(&trial.spells, &columns, Some(&sites), CoxErrors::Model, (ties, false));
        agrees(&format!("strata.{name}"), &strata, 1e-6);
        assert_eq!(strata.strata, 3);
        let robust = fit(&trial.spells, &columns, None, CoxErrors::Robust, (ties, false));
        agrees(&format!("robust.{name}"), &robust, 1e-6);
        assert!(robust.likelihood_ratio.is_none());
        let clustered = fit(&trial.spells, &columns, None, CoxErrors::Clustered(&clusters), (ties, false));
        agrees(&format!("cluster.{name}"), &clustered, 1e-6);
        r().near(&format!("cluster.{name}.naive.1"), clustered.model_errors[0], 1e-6);
    }
}

#[test]
fn a_column_that_changes_on_the_way_agrees_with_coxph() {
    let table = Table::of(include_str!("../data/trial_intervals.csv"));
    let times = table.numbers("start").into_iter().zip(table.numbers("stop")).zip(table.numbers("relapse"));
    let spells: Vec<Spell> =
        times.map(|((start, stop), relapse)| Spell { start, stop, event: relapse == 1.0 }).collect();
    let (ketamine, base, boosted) =
        (marked(&table.words("arm"), "ketamine"), table.numbers("base"), table.numbers("boosted"));
    let columns: [(&str, &[f64]); 3] = [("ketamine", &ketamine), ("base", &base), ("boosted", &boosted)];
    let (sites, people) = (codes(&table.words("site")), codes(&table.words("id")));
    for (name, ties) in TIES {
        agrees(&format!("spells.{name}"), &fit(&spells, &columns, None, CoxErrors::Model, (ties, false)), 1e-6);
        let clustered = fit(&spells, &columns, Some(&sites), CoxErrors::Clustered(&people), (ties, false));
        agrees(&format!("spellscluster.{name}"), &clustered, 1e-6);
        assert_eq!(clustered.clusters, Some(120));
    }
}

#[test]
fn firths_penalty_agrees_with_a_search_of_the_penalised_likelihood() {
    let (r, trial) = (r(), trial());
    let scaled: Vec<f64> = trial.base.iter().map(|base| (base - 50.0) / 9.0).collect();
    let columns: [(&str, &[f64]); 2] = [("ketamine", &trial.ketamine), ("base", &scaled)];
    let found = fit(&trial.spells, &columns, None, CoxErrors::Model, (Ties::Breslow, true));
    agrees("firth", &found, 1e-5);
    let test = 2.0 * (r.at("firth.log") - r.at("firth.null"));
    within(found.likelihood_ratio.unwrap().statistic, test, 1e-6);
    let times = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 9.0, 9.0, 9.0];
    let spells: Vec<Spell> =
        times.iter().map(|&stop| Spell { start: f64::NEG_INFINITY, stop, event: stop < 4.5 }).collect();
    let x = [1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0];
    let found = fit(&spells, &[("dose", &x)], None, CoxErrors::Model, (Ties::Breslow, true));
    r.near("firth.separated", found.effects[0].hazard_ratio.log, 1e-6);
    r.near("firth.separated.p", found.effects[0].p, 1e-5);
    r.near("firth.separated.low", found.effects[0].hazard_ratio.interval.low.ln(), 1e-5);
}

fn competing(trial: &Trial, keep: impl Fn(usize) -> bool) -> Vec<CompetingObservation> {
    let rows = trial.table.numbers("time").into_iter().zip(trial.table.numbers("status")).enumerate();
    let kept = rows.filter(|(row, _)| keep(*row));
    kept.map(|(_, (time, status))| CompetingObservation { time, cause: (status > 0.0).then(|| status as usize - 1) })
        .collect()
}

#[test]
fn grays_test_agrees_with_cuminc() {
    let (r, trial) = (r(), trial());
    for (name, column) in [("gray", "arm"), ("gray3", "site")] {
        let codes = codes(&trial.table.words(column));
        let groups: Vec<Vec<CompetingObservation>> =
            (0..=*codes.iter().max().unwrap()).map(|group| competing(&trial, |row| codes[row] == group)).collect();
        let slices: Vec<&[CompetingObservation]> = groups.iter().map(Vec::as_slice).collect();
        for cause in [0, 1] {
            let found = gray(&slices, cause).unwrap();
            r.near(&format!("{name}.{}.1", cause + 1), found.statistic, 1e-9);
            r.near(&format!("{name}.{}.2", cause + 1), found.p, 1e-8);
        }
    }
}

#[test]
fn fine_and_gray_agree_with_finegray_and_nearly_with_crr() {
    let (r, trial) = (r(), trial());
    let columns =
        [Covariate { name: "ketamine", values: &trial.ketamine }, Covariate { name: "base", values: &trial.base }];
    for (name, ties) in TIES {
        let found = fine_gray(&competing(&trial, |_| true), 0, &columns, ties, USUAL).unwrap();
        agrees(&format!("finegray.{name}"), &found, 1e-6);
        r.near("crr.coef.1", found.effects[0].hazard_ratio.log, 0.01);
        r.near("crr.se.1", found.effects[0].hazard_ratio.log_standard_error, 0.02);
    }
}

#[test]
fn restricted_means_agree_with_survfit() {
    let (r, trial) = (r(), trial());
    let arm = |of: f64| {
        let rows = trial.spells.iter().zip(&trial.ketamine).filter(|(_, own)| **own == of);
        let watched: Vec<Observation> =
            rows.map(|(spell, _)| Observation { time: spell.stop, event: spell.event }).collect();
        kaplan_meier(&watched).unwrap()
    };
    let found = compare_restricted(&arm(1.0), &arm(0.0), 60.0, USUAL).unwrap();
    r.near("rmst.ketamine.1", found.first.value, 1e-9);
    r.near("rmst.ketamine.2", found.first.standard_error, 1e-9);
    let error = r.at("rmst.ketamine.2").hypot(r.at("rmst.placebo.2"));
    within(found.difference.value, r.at("rmst.ketamine.1") - r.at("rmst.placebo.1"), 1e-9);
    within(found.difference.standard_error, error, 1e-9);
    assert!(compare_restricted(&arm(1.0), &arm(0.0), 1e6, USUAL).is_err());
}
