//! Virtual people for trials on paper: a course of symptoms over weeks, and the readings that a cuff would give in a session.
//!
//! The course of symptoms is empirical (the reference, section 2.7): it follows two pooled figures of trials and no level of the
//! drug. It says nothing about anybody who is treated, and no page shows it.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::curve::Curve;
use crate::dose::Plan;
use crate::error::ModelError;
use crate::person::Person;
use crate::population::{PEOPLE, drawn, one};
use crate::schedule::Schedule;
use crate::standing::{Graded, Standing};
use crate::units::{Minutes, Mmhg};

const COURSE: &str = "empirical: a curve through two pooled figures of trials; trials disagree, and nothing ties it to the level of the drug";
const EXPOSURES: &str = "spread between people as published or chosen in the reference";
const READINGS: &str =
    "spread between people, a rise that placebo shows too, and the cuff's own error, as the reference gives them";
/// Half-time of the onset, days (6 h), and of the fading, days. Chosen.
const ONSET: f64 = 0.25;
const FADING: f64 = 10.0;
/// The load at which half of the largest effect is reached. Fitted to SY-01 and SY-02.
const HALF: f64 = 1.73;
/// The largest effect against control, standardised, and its spread between trials. Chosen.
const LARGEST: f64 = 1.0;
const LARGEST_SD: f64 = 0.5;
/// Spread between people of the response and of the fading, as coefficients of variation. Chosen.
const PEOPLE_CV: f64 = 0.8;
/// Standard deviation of the PCL-5, points. Unverified.
const PCL_SD: f64 = 12.0;
/// The rise at the start of a session that placebo shows too, mmHg, and its spread.
const PLACEBO_RISE: f64 = 5.0;
const PLACEBO_RISE_SD: f64 = 5.0;
/// The error of one reading, mmHg: the middle of the reference's 6 to 8.
const CUFF_SD: f64 = 7.0;

/// Doses of at least 0.5 mg/kg into a vein, or as much by another route, by day.
#[derive(Clone, Debug, PartialEq)]
pub struct SymptomCourse {
    days: Vec<f64>,
}

/// One trial on paper: how large the effect is in it, and what every arm gains.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VirtualTrial {
    /// The largest effect against control, standardised: drawn once for a trial, because trials disagree.
    pub largest: f64,
    /// What every arm gains over two weeks, points of the PCL-5; the reference says 6 to 10, unverified.
    pub everybody_gains: f64,
}

impl VirtualTrial {
    /// A trial of its own from a seed, whose arms all gain the middle of what the reference gives.
    #[must_use]
    pub fn drawn(seed: u64) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let z: f64 = StandardNormal.sample(&mut random);
        Self { largest: (LARGEST + LARGEST_SD * z).max(0.0), everybody_gains: 8.0 }
    }

    /// The trial in which the effect is the typical one.
    pub const TYPICAL: Self = Self { largest: LARGEST, everybody_gains: 8.0 };
}

fn load(days: &[f64], at: f64, fading: f64) -> f64 {
    days.iter()
        .filter(|day| **day < at)
        .map(|day| (1.0 - (-(at - day) / ONSET).exp2()) * (-(at - day) / fading).exp2())
        .sum()
}

impl SymptomCourse {
    /// A course with doses on these days.
    ///
    /// # Errors
    /// [`ModelError::NoDose`], and [`ModelError::TimeOutside`] for a day that is negative, not a number, or beyond a year.
    pub fn with_doses_on(days: &[f64]) -> Result<Self, ModelError> {
        if days.is_empty() {
            return Err(ModelError::NoDose);
        }
        match days.iter().find(|day| !(0.0..=366.0).contains(*day)) {
            Some(odd) => Err(ModelError::TimeOutside { minutes: odd * 1_440.0 }),
            None => Ok(Self { days: days.to_vec() }),
        }
    }

    fn effect(&self, at: f64, fading: f64, largest: f64) -> f64 {
        let load = load(&self.days, at, fading);
        largest * load / (HALF + load)
    }

    /// The standardised difference from control at a day.
    #[must_use]
    pub fn effect_size(&self, day: f64) -> Graded<f64> {
        Graded::new(self.effect(day, FADING, LARGEST), Standing::Hypothesis, COURSE)
    }

    /// Days after the last dose until half of the largest effect after it is gone.
    #[must_use]
    pub fn half_gone_after(&self) -> Graded<f64> {
        const STEP: f64 = 0.01;
        let last = self.days.iter().copied().fold(0.0, f64::max);
        let at = |step: u32| self.effect(last + f64::from(step) * STEP, FADING, LARGEST);
        let most = (0..1_000).map(at).fold(0.0, f64::max);
        let risen = (0..1_000).find(|step| at(*step) >= most).unwrap_or(0);
        let gone = (risen..100_000).find(|step| at(*step) <= most / 2.0).map_or(f64::INFINITY, f64::from);
        Graded::new(gone * STEP, Standing::Hypothesis, COURSE)
    }

    /// The change of the PCL-5 of one virtual person of a treated arm at a day, in points; the same seed and number give the same
    /// person. What every arm gains grows evenly over two weeks and stays.
    #[must_use]
    pub fn change_of(&self, trial: VirtualTrial, day: f64, seed: u64, number: u64) -> Graded<f64> {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        random.set_stream(number);
        let mut z = || -> f64 { StandardNormal.sample(&mut random) };
        let sigma = (1.0 + PEOPLE_CV * PEOPLE_CV).ln().sqrt();
        // Mean 1 for the response, median 10 days for the fading, as the reference has them.
        let responds = (sigma * z() - sigma * sigma / 2.0).exp();
        let fading = FADING * (sigma * z()).exp();
        let everybody = trial.everybody_gains * (day / 14.0).clamp(0.0, 1.0);
        let change = -(everybody + self.effect(day, fading, trial.largest) * PCL_SD * responds);
        Graded::new(change, Standing::Hypothesis, COURSE)
    }
}

/// What a cuff would show of one virtual person in a session: rises of systolic pressure above the reading before it, at these
/// times. The drug's rise with the person's own spread, the rise that placebo shows too, and the error of each reading.
///
/// # Errors
/// Those of [`Curve::typical`].
pub fn virtual_readings(
    plan: &Plan,
    person: Person,
    times: &[Minutes],
    seed: u64,
    number: u64,
) -> Result<Graded<Vec<Mmhg>>, ModelError> {
    // Refuses whatever the model refuses, by the same names.
    let standing = Curve::typical(plan, person, times)?.acute(person).standing();
    let minutes: Vec<f64> = times.iter().map(|time| time.value()).collect();
    let drug = one(&Schedule::of(plan), person, &drawn(seed, number), &minutes)?;
    let mut random = ChaCha8Rng::seed_from_u64(seed ^ 0x5EED_C0FF);
    random.set_stream(number);
    let mut z = || -> f64 { StandardNormal.sample(&mut random) };
    let placebo = PLACEBO_RISE + PLACEBO_RISE_SD * z();
    let readings = drug.iter().map(|(_, rise)| Mmhg::new(rise + placebo + CUFF_SD * z())).collect();
    Ok(Graded::new(readings, standing.weaker(Standing::Calculated), READINGS))
}

/// How much more or less of the drug each virtual person sees than the middle one: the area under their level over eight hours
/// after the first dose, over the median of all of them. For virtual trials in which doses matter.
///
/// # Errors
/// Those of [`Curve::typical`], and [`ModelError::PeopleOutside`] for fewer than 20 people or more than a million.
pub fn relative_exposures(
    plan: &Plan,
    person: Person,
    people: usize,
    seed: u64,
) -> Result<Graded<Vec<f64>>, ModelError> {
    if !PEOPLE.contains(&people) {
        return Err(ModelError::PeopleOutside { people });
    }
    let times: Vec<Minutes> = (0..=96).map(|n| Minutes::new(f64::from(n) * 5.0)).collect();
    let standing = Curve::typical(plan, person, &times)?.acute(person).standing();
    let minutes: Vec<f64> = times.iter().map(|time| time.value()).collect();
    let schedules = Schedule::of(plan);
    let areas = (0..people)
        .into_par_iter()
        .map(|number| {
            let levels = one(&schedules, person, &drawn(seed, number as u64), &minutes)?;
            // Even steps: the trapezoid's ends, where the level is near zero, hardly count.
            Ok(levels.iter().map(|(level, _)| level).sum::<f64>())
        })
        .collect::<Result<Vec<f64>, ModelError>>()?;
    let mut sorted = areas.clone();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.get(people / 2).copied().unwrap_or(f64::NAN);
    Ok(Graded::new(areas.iter().map(|area| area / middle).collect(), standing.weaker(Standing::Calculated), EXPOSURES))
}
