//! Sizes of trials with a baseline, with several visits, and with looks on the way, against `r/size.R`.
//!
//! `mmrm.cs` is also the printed example of R's `longpower::power.mmrm` (Donohue): 86.99175 in each arm. Tolerance: 1e-7 relative; for
//! looks 1e-5, where rpact and the integration here each stop.

use crate::near;
use crate::vectors::Values;
use stillwater_evidence::power::{
    Promise, RepeatedMeasures, adjusted_means_power, adjusted_means_size, repeated_power, repeated_size,
};
use stillwater_evidence::sequential::{Boundary, bounds, drift_for};

fn r() -> Values {
    Values::of(include_str!("r/size.csv"))
}

const USUAL: Promise = Promise { alpha: 0.05, power: 0.8 };

fn covariance(sds: &[f64], alike: impl Fn(usize) -> f64) -> Vec<Vec<f64>> {
    let one = |a: usize| sds.iter().enumerate().map(|(b, sd)| sd * sds[a] * alike(a.abs_diff(b))).collect();
    (0..sds.len()).map(one).collect()
}

#[test]
fn a_baseline_makes_trials_smaller_as_the_noncentral_t_says() {
    let r = r();
    r.near("ancova.size", adjusted_means_size(0.5, 0.6, USUAL).unwrap().exact, 1e-7);
    r.near("ancova.power", adjusted_means_power(30.0, 0.6, 0.5, 0.05).unwrap(), 1e-8);
    assert!(adjusted_means_size(0.5, 1.0, USUAL).is_err());
    assert!(adjusted_means_size(0.0, 0.5, USUAL).is_err());
}

#[test]
fn leaving_makes_trials_larger_as_lu_luo_and_chen_say() {
    let r = r();
    let alike = covariance(&[1.0; 4], |apart| if apart == 0 { 1.0 } else { 0.25 });
    let stay = vec![1.0, 0.9, 0.8, 0.7];
    let design = RepeatedMeasures { covariance: alike, staying: [stay.clone(), stay] };
    let found = repeated_size(&design, 0.5, USUAL).unwrap();
    r.near("mmrm.cs", found.exact, 1e-8);
    near(found.exact, 86.99175, 1e-7);
    let fading = covariance(&[10.0, 11.0, 12.0, 14.0], |apart| 0.7_f64.powi(apart as i32));
    let staying = [vec![1.0, 0.95, 0.9, 0.8], vec![1.0, 0.9, 0.8, 0.65]];
    let design = RepeatedMeasures { covariance: fading, staying };
    let found = repeated_size(&design, -6.0, Promise { alpha: 0.05, power: 0.9 }).unwrap();
    r.near("mmrm.ar1", found.exact, 1e-8);
    near(repeated_power(&design, -6.0, found.exact, 0.05).unwrap(), 0.9, 1e-7);
}

#[test]
fn looks_make_trials_larger_as_rpact_says() {
    let r = r();
    for (name, boundary) in [("OF", Boundary::OBrienFleming), ("P", Boundary::Pocock)] {
        for looks in [3, 5] {
            let limits = bounds(boundary, looks, 0.05).unwrap();
            for (at, limit) in limits.iter().enumerate() {
                r.near(&format!("looks.{name}.{looks}.z.{}", at + 1), *limit, 1e-5);
            }
            let drift = drift_for(&limits, 0.8).unwrap();
            let fixed = 1.959963984540054 + 0.8416212335729143;
            r.near(&format!("looks.{name}.{looks}.inflation"), (drift / fixed).powi(2), 2e-5);
        }
    }
    assert!(drift_for(&[1.96], 0.01).is_err());
}
