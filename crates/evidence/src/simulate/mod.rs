//! Virtual trials: made-up people, arms, visits and leaving, to see what a design would find and how often it would be wrong.
//!
//! Every assumption is a number that the caller gives, and [`Design::assumptions`] says them back in sentences. The same seed gives
//! the same trial on any number of threads, since each trial draws from its own stream of numbers. Nothing here is evidence about
//! a treatment: a virtual trial finds what it was told.

mod analysis;
mod power;

pub use analysis::{Analysis, LeavingByScore, power_of};
pub use power::{Rate, power};

use crate::estimate::{CannotEstimate, above_zero, at_least, count};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, Exp1, StandardNormal};
use serde::Serialize;

/// One virtual person: where they begin, and how strongly a treatment works in them (1 as usual, 0 not at all).
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct VirtualPerson {
    /// The person's own level before treatment.
    pub level: f64,
    /// The factor on the treatment effect, such as a relative exposure to the medicine.
    pub sensitivity: f64,
}

/// Where virtual people come from.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum People {
    /// Drawn from normal distributions.
    Sampled {
        /// The mean level before treatment.
        mean: f64,
        /// The spread of levels between people.
        spread: f64,
        /// The spread of the factor on the treatment effect about 1.
        sensitivity_spread: f64,
    },
    /// Given one by one, and dealt to the arms by drawing with replacement.
    Given(Vec<VirtualPerson>),
}

/// One arm.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Arm {
    /// Its name.
    pub name: String,
    /// How many people.
    pub people: usize,
    /// The change in score that the treatment brings in the end, beyond what everybody shows; below zero is better on a scale
    /// where higher is worse.
    pub effect: f64,
    /// The time by which half of it is there; zero means at once.
    pub half_time: f64,
}

/// A trial to be.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Design {
    /// The people.
    pub people: People,
    /// The arms, the control first.
    pub arms: Vec<Arm>,
    /// The times of the visits after the start, rising.
    pub visits: Vec<f64>,
    /// The change that everybody shows in the end, treated or not: placebo response and regression to the mean together.
    pub placebo_change: f64,
    /// The time by which half of that is there; zero means at once.
    pub placebo_half_time: f64,
    /// The spread of one score about the person's own level.
    pub visit_spread: f64,
    /// The chance of leaving per unit of time, constant and the same for everybody: missing completely at random.
    pub leaving_rate: f64,
    /// The least and the most that the scale can show, where it ends.
    pub scale: Option<(f64, f64)>,
}

/// One virtual person's record.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Record {
    /// The arm, counted from 0.
    pub arm: usize,
    /// The score before treatment.
    pub before: f64,
    /// The score at each visit; none after leaving.
    pub scores: Vec<Option<f64>>,
}

impl Design {
    /// Refuses a design that cannot be run.
    pub fn check(&self) -> Result<(), CannotEstimate> {
        at_least("arms", self.arms.len(), 2)?;
        at_least("visits", self.visits.len(), 1)?;
        at_least("people in the smallest arm", self.arms.iter().map(|arm| arm.people).min().unwrap_or(0), 2)?;
        above_zero("the spread of a score about its level", self.visit_spread)?;
        let from_zero = |what: &'static str, value: f64| {
            if value.is_finite() && value >= 0.0 {
                Ok(())
            } else {
                Err(CannotEstimate::OutOfRange { what, value, must_be: "a finite number, 0 or more" })
            }
        };
        from_zero("the leaving rate", self.leaving_rate)?;
        from_zero("a half time", self.placebo_half_time)?;
        crate::estimate::all_finite("the placebo change", &[self.placebo_change])?;
        for arm in &self.arms {
            from_zero("a half time", arm.half_time)?;
            crate::estimate::all_finite("an arm's effect", &[arm.effect])?;
        }
        let mut last = 0.0;
        for &visit in &self.visits {
            if !(visit.is_finite() && visit > last) {
                return Err(CannotEstimate::OutOfRange {
                    what: "the time of a visit",
                    value: visit,
                    must_be: "later than the visit before it and than the start",
                });
            }
            last = visit;
        }
        if let Some((least, most)) = self.scale
            && (!least.is_finite() || !most.is_finite() || least >= most)
        {
            return Err(CannotEstimate::OutOfRange {
                what: "the most of the scale",
                value: most,
                must_be: "above its least",
            });
        }
        match &self.people {
            People::Given(people) => at_least("virtual people", people.len(), 1),
            People::Sampled { spread, sensitivity_spread, mean } => {
                from_zero("the spread between people", *spread)?;
                from_zero("the spread of the effect", *sensitivity_spread)?;
                crate::estimate::all_finite("the mean level", &[*mean])
            }
        }
    }

    /// What the virtual trial takes for granted, in sentences to print beside any figure that comes of it.
    #[must_use]
    pub fn assumptions(&self) -> Vec<String> {
        let mut said = vec![match &self.people {
            People::Sampled { mean, spread, sensitivity_spread } => format!(
                "People begin at a mean of {mean} with a spread of {spread}; the treatment works in each by a factor about 1 with a spread of {sensitivity_spread}."
            ),
            People::Given(people) => format!("People are drawn with replacement from {} given ones.", people.len()),
        }];
        said.push(format!(
            "Everybody changes by {} in the end, half of it by time {}, treated or not.",
            self.placebo_change, self.placebo_half_time
        ));
        said.extend(self.arms.iter().map(|arm| {
            format!(
                "{}: {} people, a further change of {} in the end, half of it by time {}.",
                arm.name, arm.people, arm.effect, arm.half_time
            )
        }));
        said.push(format!("One score lies about the person's level with a normal spread of {}.", self.visit_spread));
        said.push(format!(
            "People leave at a rate of {} per unit of time, whatever their score: missing completely at random.",
            self.leaving_rate
        ));
        if let Some((least, most)) = self.scale {
            said.push(format!("Scores end at {least} and {most}."));
        }
        said
    }

    /// Runs one trial. `number` picks its stream of random numbers.
    pub fn run(&self, seed: u64, number: u64) -> Result<Vec<Record>, CannotEstimate> {
        self.check()?;
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(number);
        let mut records = Vec::with_capacity(self.arms.iter().map(|arm| arm.people).sum());
        for (place, arm) in self.arms.iter().enumerate() {
            for _ in 0..arm.people {
                let person = self.person(&mut rng);
                let left = exponential(&mut rng) / self.leaving_rate;
                let before = self.score(&mut rng, person.level);
                let scores = self
                    .visits
                    .iter()
                    .map(|&visit| {
                        let change = self.placebo_change * reached(visit, self.placebo_half_time)
                            + person.sensitivity * arm.effect * reached(visit, arm.half_time);
                        // The score is drawn whether it is seen or not, so that leaving changes no other number.
                        let score = self.score(&mut rng, person.level + change);
                        (visit <= left).then_some(score)
                    })
                    .collect();
                records.push(Record { arm: place, before, scores });
            }
        }
        Ok(records)
    }

    fn person(&self, rng: &mut ChaCha8Rng) -> VirtualPerson {
        match &self.people {
            People::Sampled { mean, spread, sensitivity_spread } => VirtualPerson {
                level: mean + spread * normal(rng),
                sensitivity: 1.0 + sensitivity_spread * normal(rng),
            },
            People::Given(people) => {
                let share: f64 = rand_distr::StandardUniform.sample(rng);
                let place = (share * count(people.len())) as usize;
                let nobody = VirtualPerson { level: f64::NAN, sensitivity: f64::NAN };
                people.get(place).or(people.last()).copied().unwrap_or(nobody)
            }
        }
    }

    fn score(&self, rng: &mut ChaCha8Rng, level: f64) -> f64 {
        let score = level + self.visit_spread * normal(rng);
        self.scale.map_or(score, |(least, most)| score.clamp(least, most))
    }
}

/// The share of a change that is there by a time.
fn reached(time: f64, half_time: f64) -> f64 {
    if half_time > 0.0 { 1.0 - (-time / half_time).exp2() } else { 1.0 }
}

fn normal(rng: &mut ChaCha8Rng) -> f64 {
    StandardNormal.sample(rng)
}

fn exponential(rng: &mut ChaCha8Rng) -> f64 {
    Exp1.sample(rng)
}
