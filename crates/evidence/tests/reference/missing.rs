//! What is supposed of those who left, against `r/missing.R`, which refits nlme's models for every person left out.
//!
//! Tolerance: 1e-4 of a standard error, where nlme's search of the covariance stops.

use crate::vectors::{Table, Values};
use crate::within;
use stillwater_evidence::estimate::Confidence;
use stillwater_evidence::imputation::{PersonColumn, Supposed, Supposition, Visits};
use stillwater_evidence::mixed::Factor;

fn trial() -> Visits {
    let table = Table::trial();
    let visits = ["week1", "week2", "week4", "week8"];
    let columns: Vec<Vec<Option<f64>>> = visits.iter().map(|visit| table.maybe(visit)).collect();
    Visits {
        arms: Factor::new("arm", &table.words("arm"), Some("placebo")).unwrap(),
        visits: visits.map(str::to_owned).to_vec(),
        answers: (0..120).map(|person| columns.iter().map(|column| column[person]).collect()).collect(),
        columns: vec![PersonColumn::Number("base".to_owned(), table.numbers("base"))],
    }
}

#[test]
fn conditional_means_and_the_jackknife_agree_with_nlme() {
    let (r, trial) = (Values::of(include_str!("r/missing.csv")), trial());
    let all = [
        ("mar", Supposed::AtRandom),
        ("jr", Supposed::JumpToReference),
        ("cr", Supposed::CopyReference),
        ("cir", Supposed::CopyIncrements),
    ];
    let found = trial.conditional_means(&all.map(|one| one.1), false, Confidence::PERCENT_95, &|_, _| {}).unwrap();
    for ((name, supposed), found) in all.iter().zip(&found) {
        let (estimate, _) = found[0].at(0.0);
        within(estimate.value, r.at(&format!("{name}.value")), 2e-4);
        if matches!(supposed, Supposed::AtRandom | Supposed::JumpToReference) {
            within(estimate.standard_error, r.at(&format!("{name}.se")), 2e-4);
        }
    }
    // Copies that are drawn come near what is expected of them.
    let (exact, _) = found[0][0].at(0.0);
    let supposition = Supposition { supposed: Supposed::AtRandom, delta: 0.0, delta_in_reference: false };
    let copies = trial.multiple(supposition, 30, 1, Confidence::PERCENT_95, &|_, _| {}).unwrap();
    let pooled = copies.arms[0].1;
    within(pooled.estimate.value, exact.value, 0.3 * exact.standard_error);
    within(pooled.estimate.standard_error, exact.standard_error, 0.15 * exact.standard_error);
    assert!(pooled.missing_share > 0.01 && pooled.missing_share < 0.5);
}
