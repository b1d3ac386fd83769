//! Plainly synthetic rows for timing: 10,000 people at six visits, some of whom drop out, the same for the same seed.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal};

/// One visit of one person.
pub struct VisitRow {
    pub person: usize,
    pub arm: &'static str,
    pub visit: usize,
    pub baseline: f64,
    pub score: Option<f64>,
}

/// People with an own level, a slope of their own and noise; those who do badly at a visit drop out more often after it.
pub fn course(people: usize, seed: u64) -> Vec<VisitRow> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut normal = || -> f64 { StandardNormal.sample(&mut random) };
    let mut rows = Vec::with_capacity(people * 6);
    for person in 0..people {
        let treated = person % 2 == 1;
        let (level, slope) = (6.0 * normal(), 0.8 * normal());
        let baseline = 45.0 + level + 5.0 * normal();
        let mut left = false;
        for visit in 0..6_u8 {
            let time = f64::from(visit);
            let mean = 42.0 - 1.5 * time - if treated { 0.7 * time } else { 0.0 };
            let score = mean + level + slope * time + 4.0 * normal();
            // Rounded so that the printed file holds exactly the numbers that are timed here.
            let score = (score * 1e4).round() / 1e4;
            let missed = normal() > 2.0;
            rows.push(VisitRow {
                person,
                arm: if treated { "TRT" } else { "PBO" },
                visit: usize::from(visit),
                baseline: (baseline * 1e4).round() / 1e4,
                score: (!left && !missed).then_some(score),
            });
            left = left || normal() > 2.0 - 0.02 * (score - 35.0);
        }
    }
    rows
}
