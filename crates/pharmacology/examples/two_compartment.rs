//! Times two compartments for many people, and prints what the comparison beside it needs: seconds, and levels to check.
//!
//! `cargo run --release -p stillwater-pharmacology --example two_compartment`; the people are made by a formula that the
//! comparison (`benches/peers/two_compartment.py`) repeats.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a program that times itself"
)]

use std::time::Instant;

use stillwater_pharmacology::units::{Mg, Minutes};
use stillwater_pharmacology::{ModelError, TwoCompartment, levels_of_many};

const PEOPLE: usize = 100_000;
const TIMES: usize = 200;
const CHECKED: usize = 200;

fn person(n: usize) -> Result<TwoCompartment, ModelError> {
    let spread = |turn: f64, by: f64| (by * ((n as f64 + 1.0) * turn).sin()).exp();
    TwoCompartment::new(
        82.0 * spread(12.9898, 0.25),
        72.0 * spread(78.233, 0.45),
        140.0 * spread(37.719, 0.35),
        148.0 * spread(4.898, 0.25),
    )
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let people: Vec<TwoCompartment> = (0..PEOPLE).map(person).collect::<Result<_, _>>()?;
    let times: Vec<Minutes> = (1..=TIMES).map(|n| Minutes::new(n as f64 * 2.4)).collect();
    for threads in [1, 2] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
        let mut seconds = Vec::new();
        for _ in 0..7 {
            let started = Instant::now();
            let levels = pool.install(|| levels_of_many(&people, Mg::new(35.0), Minutes::new(40.0), &times))?;
            assert_eq!(levels.len(), PEOPLE * TIMES);
            seconds.push(started.elapsed().as_secs_f64());
        }
        seconds.sort_by(f64::total_cmp);
        println!("seconds {threads} {}", seconds.get(3).copied().unwrap_or(f64::NAN));
    }
    let checked = people.get(..CHECKED).unwrap_or_default();
    let levels = levels_of_many(checked, Mg::new(35.0), Minutes::new(40.0), &times)?;
    for level in levels {
        println!("level {level:e}");
    }
    Ok(())
}
