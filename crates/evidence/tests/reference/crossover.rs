//! The two-period crossover.
//!
//! Program: R 4.2.2 (`t.test(var.equal = TRUE)` on the within-person differences and sums, after Hills and Armitage 1979), on ten
//! made-up people; and `lm(y ~ person + period + treatment)`, which gives the same treatment and period effects and t values.
//! Tolerance: 1e-8 relative, the rounding of what was printed.

use crate::near;
use stillwater_evidence::crossover::{Order, Person, crossover};
use stillwater_evidence::estimate::Confidence;

#[test]
fn a_two_period_crossover_agrees_with_r() {
    let treatment_first = [(31.0, 40.0), (22.0, 37.0), (45.0, 41.0), (18.0, 33.0), (27.0, 29.0)];
    let control_first = [(44.0, 35.0), (39.0, 20.0), (51.0, 46.0), (36.0, 38.0), (42.0, 25.0)];
    let person = |order, (first, second)| Person { order, first: Some(first), second: Some(second) };
    let people: Vec<Person> = treatment_first
        .into_iter()
        .map(|row| person(Order::TreatmentFirst, row))
        .chain(control_first.into_iter().map(|row| person(Order::ControlFirst, row)))
        .collect();
    let found = crossover(&people, Confidence::PERCENT_95).unwrap();
    let analysis = found.treatment.unwrap();
    near(analysis.difference.value, -8.5, 1e-8);
    near(analysis.difference.standard_error, 2.68421310629, 1e-8);
    near(analysis.test.statistic, -3.16666362297, 1e-8);
    near(analysis.test.p, 0.0132611324787, 1e-8);
    near(analysis.difference.interval.low, -14.6898065229, 1e-8);
    let analysis = found.period.unwrap();
    near(analysis.difference.value, -1.1, 1e-8);
    near(analysis.difference.standard_error, 2.68421310629, 1e-8);
    near(analysis.test.statistic, -0.409803527678, 1e-8);
    near(analysis.test.p, 0.692703988805, 1e-8);
    near(analysis.difference.interval.low, -7.28980652288, 1e-8);
    let analysis = found.carry_over.unwrap();
    near(analysis.difference.value, -10.6, 1e-8);
    near(analysis.difference.standard_error, 8.97217922246, 1e-8);
    near(analysis.test.statistic, -1.18142981066, 1e-8);
    near(analysis.test.p, 0.271359263697, 1e-8);
    near(analysis.difference.interval.low, -31.2898823888, 1e-8);
    let analysis = found.first_period.unwrap();
    near(analysis.difference.value, -13.8, 1e-8);
    near(analysis.difference.standard_error, 5.30282943343, 1e-8);
    near(analysis.test.statistic, -2.6023842881, 1e-8);
    near(analysis.test.p, 0.0315008730536, 1e-8);
    near(analysis.difference.interval.low, -26.0283466018, 1e-8);
    let analysis = found.paired.unwrap();
    near(analysis.difference.value, -8.5, 1e-8);
    near(analysis.difference.standard_error, 2.55712512187, 1e-8);
    near(analysis.test.statistic, -3.32404540056, 1e-8);
    near(analysis.test.p, 0.00888290045991, 1e-8);
    near(analysis.difference.interval.low, -14.2846189106, 1e-8);
}
