//! How long the bands of many virtual people take: the whole system, percentiles included, on all cores and on one.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use divan::{Bencher, black_box};
use stillwater_pharmacology::units::{Mg, Minutes};
use stillwater_pharmacology::{Dose, Expected, Person, Plan, Product, Route};

fn main() {
    divan::main();
}

/// 200 times over eight hours.
fn times() -> Vec<Minutes> {
    (1..=200).map(|n| Minutes::new(f64::from(n) * 2.4)).collect()
}

fn infusion() -> Plan {
    Plan::single(Dose::infusion(Product::Racemate, Minutes::new(0.0), Mg::new(35.0), Minutes::new(40.0)).unwrap())
}

fn lozenge() -> Plan {
    Plan::single(Dose::at_once(Product::Racemate, Route::Sublingual, Minutes::new(0.0), Mg::new(100.0)).unwrap())
}

/// What one drawing in the cockpit costs: 300 people, a point every five minutes for two hours.
#[divan::bench]
fn one_drawing(bencher: Bencher) {
    let (plan, times) = (lozenge(), (0..=24).map(|n| Minutes::new(f64::from(n) * 5.0)).collect::<Vec<_>>());
    bencher.bench(|| Expected::of(black_box(&plan), Person::TYPICAL, &times, 300, 1).unwrap());
}

#[divan::bench(args = [1, 2], sample_count = 5, sample_size = 1)]
fn infusion_100_000_people_200_times(bencher: Bencher, threads: usize) {
    let (plan, times) = (infusion(), times());
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    bencher.bench(|| pool.install(|| Expected::of(black_box(&plan), Person::TYPICAL, &times, 100_000, 1).unwrap()));
}

#[divan::bench(args = [1, 2], sample_count = 5, sample_size = 1)]
fn lozenge_100_000_people_200_times(bencher: Bencher, threads: usize) {
    let (plan, times) = (lozenge(), times());
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    bencher.bench(|| pool.install(|| Expected::of(black_box(&plan), Person::TYPICAL, &times, 100_000, 1).unwrap()));
}
