//! A plan turned into what the linear system needs: jumps and constant rates, with every change on an edge in time.

use crate::dose::{Dose, Given, Plan};
use crate::kinetics::Kinetics;
use crate::parameters as p;
use crate::preparation::Preparation;
use crate::product::{Product, Route};

/// Devices sprayed within this many minutes of the one before are taken as one nasal dose, in which the nose takes
/// up less of each further device.
const SAME_SITTING_MINUTES: f64 = 60.0;
/// The content of one esketamine device in milligrams.
const DEVICE_MG: f64 = 28.0;

/// Amounts entering the body by where they enter, in mg or mg per hour, before the person's own shares apply.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Entering {
    /// Into a vein.
    pub vein: f64,
    /// Into nose, mouth or muscle: a dose whose first share applies.
    pub depot_first: f64,
    /// Into nose: further devices.
    pub depot_next: f64,
    /// The dose whose swallowed part of the first kind now goes down.
    pub gut_first: f64,
    /// The same for further devices.
    pub gut_next: f64,
}

impl Entering {
    fn add(&mut self, other: &Self) {
        self.vein += other.vein;
        self.depot_first += other.depot_first;
        self.depot_next += other.depot_next;
        self.gut_first += other.gut_first;
        self.gut_next += other.gut_next;
    }

    /// What enters vein, depot and gut in the person with these kinetics.
    pub(crate) fn for_person(&self, kinetics: &Kinetics) -> [f64; 3] {
        let swallowed = |through: f64| (1.0 - through - kinetics.loss).max(0.0);
        [
            self.vein,
            kinetics.depot_first * self.depot_first + kinetics.depot_next * self.depot_next,
            swallowed(kinetics.depot_first) * self.gut_first + swallowed(kinetics.depot_next) * self.gut_next,
        ]
    }
}

/// One edge: what jumps in at this time, and at which rate things enter from here to the next edge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Edge {
    pub at_minutes: f64,
    pub jump: Entering,
    pub rate_per_hour: Entering,
}

/// The edges of all doses of one preparation, in order of time.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Schedule {
    pub preparation: Preparation,
    pub edges: Vec<Edge>,
}

#[derive(Default)]
struct Inputs {
    pulses: Vec<(f64, Entering)>,
    spans: Vec<(f64, f64, Entering)>,
}

impl Schedule {
    /// One schedule for each preparation of the plan. The system is linear, so their curves add up.
    pub(crate) fn of(plan: &Plan) -> Vec<Self> {
        plan.preparations()
            .into_iter()
            .map(|preparation| {
                let mut inputs = Inputs::default();
                let mut sprayed_before = f64::NEG_INFINITY;
                for dose in plan.doses().iter().filter(|dose| dose.preparation() == preparation) {
                    let again = dose.start().value() - sprayed_before <= SAME_SITTING_MINUTES;
                    sprayed_before = dose.start().value();
                    inputs.take(dose, again);
                }
                Self { preparation, edges: inputs.edges() }
            })
            .collect()
    }

    /// All that enters over the whole plan.
    pub(crate) fn total(&self) -> Entering {
        let mut total = Entering::default();
        for edge in &self.edges {
            total.add(&edge.jump);
        }
        for (edge, next) in self.edges.iter().zip(self.edges.iter().skip(1)) {
            let hours = (next.at_minutes - edge.at_minutes) / 60.0;
            let rate = edge.rate_per_hour;
            total.add(&Entering {
                vein: rate.vein * hours,
                depot_first: rate.depot_first * hours,
                depot_next: rate.depot_next * hours,
                gut_first: rate.gut_first * hours,
                gut_next: rate.gut_next * hours,
            });
        }
        total
    }
}

impl Inputs {
    fn take(&mut self, dose: &Dose, sprayed_before: bool) {
        let start = dose.start().value();
        let amount = dose.amount().value();
        match (dose.given(), dose.preparation().route(), dose.preparation().product()) {
            (Given::Steps(steps), _, _) => {
                let mut from = start;
                for step in steps {
                    let to = from + step.lasting.value();
                    let vein = step.amount.value() / (step.lasting.value() / 60.0);
                    self.spans.push((from, to, Entering { vein, ..Entering::default() }));
                    from = to;
                }
            }
            (Given::AtOnce(_), Route::Intravenous, _) => {
                self.pulses.push((start, Entering { vein: amount, ..Entering::default() }));
            }
            (Given::AtOnce(_), Route::Intramuscular, _) => {
                self.pulses.push((start, Entering { depot_first: amount, ..Entering::default() }));
            }
            (Given::AtOnce(_), Route::Intranasal, product) => {
                let first = match product {
                    Product::Racemate => amount,
                    Product::Esketamine if sprayed_before => 0.0,
                    Product::Esketamine => DEVICE_MG.min(amount),
                };
                let next = amount - first;
                self.pulses.push((start, Entering { depot_first: first, depot_next: next, ..Entering::default() }));
                let per_hour = 60.0 / p::IN_SWALLOW.value;
                let swallowed =
                    Entering { gut_first: first * per_hour, gut_next: next * per_hour, ..Entering::default() };
                self.spans.push((start, start + p::IN_SWALLOW.value, swallowed));
            }
            (Given::AtOnce(_), Route::Sublingual, _) => {
                self.pulses.push((start, Entering { depot_first: amount, ..Entering::default() }));
                let swallowed = Entering { gut_first: amount, ..Entering::default() };
                self.pulses.push((start + p::SL_LAG.value, swallowed));
            }
            (Given::AtOnce(_), Route::Oral, _) => {
                self.pulses.push((start, Entering { gut_first: amount, ..Entering::default() }));
            }
        }
    }

    /// Rates are summed afresh on each edge, so that no rounding is left over when an input ends.
    fn edges(&self) -> Vec<Edge> {
        let mut times: Vec<f64> = self.pulses.iter().map(|(at, _)| *at).collect();
        times.extend(self.spans.iter().flat_map(|(from, to, _)| [*from, *to]));
        times.sort_by(f64::total_cmp);
        times.dedup();
        times
            .into_iter()
            .map(|at_minutes| {
                let mut jump = Entering::default();
                for (_, entering) in self.pulses.iter().filter(|(at, _)| *at == at_minutes) {
                    jump.add(entering);
                }
                let mut rate_per_hour = Entering::default();
                for (_, _, rate) in self.spans.iter().filter(|(from, to, _)| *from <= at_minutes && at_minutes < *to) {
                    rate_per_hour.add(rate);
                }
                Edge { at_minutes, jump, rate_per_hour }
            })
            .collect()
    }
}
