//! How long the models for repeated measures take on 10,000 people at six visits with dropout.
//!
//! `benches/peers/` fits the same rows with R and Python; `cargo run --example repeated_measures` writes them.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod course;

use divan::{Bencher, black_box};
use stillwater_evidence::estimate::Confidence;
use stillwater_evidence::mixed::{Design, DesignBuilder, Factor, Likelihood, Mixed, RandomEffects};
use stillwater_evidence::mmrm::{Mmrm, Structure};

fn main() {
    divan::main();
}

struct Rows {
    people: Vec<String>,
    outcome: Vec<Option<f64>>,
    visits: Factor,
    design: Design,
    times: Vec<f64>,
}

fn rows(by_time: bool) -> Rows {
    let course = course::course(10_000, 4);
    let visit: Vec<String> = course.iter().map(|row| format!("V{}", row.visit + 1)).collect();
    let arm: Vec<&str> = course.iter().map(|row| row.arm).collect();
    let baseline: Vec<f64> = course.iter().map(|row| row.baseline).collect();
    let times: Vec<f64> = course.iter().map(|row| row.visit as f64).collect();
    let visits = Factor::new("visit", &visit, None).unwrap();
    let base = DesignBuilder::new(course.len()).number("baseline", &baseline).unwrap();
    let armed = base.factor(Factor::new("arm", &arm, None).unwrap()).unwrap();
    let design = if by_time {
        armed.number("time", &times).unwrap().interaction(&["arm", "time"]).unwrap().build()
    } else {
        armed.factor(visits.clone()).unwrap().interaction(&["arm", "visit"]).unwrap().build()
    };
    let people = course.iter().map(|row| format!("P{:05}", row.person)).collect();
    Rows { people, outcome: course.iter().map(|row| row.score).collect(), visits, design, times }
}

#[divan::bench(args = [Structure::Unstructured, Structure::AutoRegressive, Structure::CompoundSymmetry], sample_count = 10)]
fn mmrm(bencher: Bencher, structure: Structure) {
    let rows = rows(false);
    let model = Mmrm {
        design: &rows.design,
        people: &rows.people,
        visits: &rows.visits,
        outcome: &rows.outcome,
        structure,
        likelihood: Likelihood::Restricted,
        confidence: Confidence::PERCENT_95,
    };
    let fit = model.fit().unwrap();
    eprintln!("{structure:?}: deviance {:.4} in {} steps", fit.deviance, fit.steps);
    bencher.bench(|| black_box(&model).fit().unwrap());
}

#[divan::bench(sample_count = 10)]
fn random_intercept_and_slope(bencher: Bencher) {
    let rows = rows(true);
    let random = RandomEffects::intercept(rows.times.len()).and_slope("time", &rows.times);
    let model = Mixed {
        design: &rows.design,
        people: &rows.people,
        outcome: &rows.outcome,
        random: &random,
        likelihood: Likelihood::Restricted,
        confidence: Confidence::PERCENT_95,
    };
    let fit = model.fit().unwrap();
    eprintln!("random intercept and slope: deviance {:.4} in {} steps", fit.deviance, fit.steps);
    bencher.bench(|| black_box(&model).fit().unwrap());
}
