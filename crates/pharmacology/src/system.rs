//! The linear system of the reference (section 2.1), solved exactly by matrix exponentials.
//!
//! Two input depots, ketamine in three compartments, norketamine in two, and one effect site. While inputs are
//! constant, a step of the system is one matrix product, so no stability or tolerance question arises. The areas
//! under the curves are states of their own and as exact as the curves.

#![allow(
    clippy::indexing_slicing,
    reason = "the named places are constants inside matrices whose size is fixed by the same constants"
)]

use nalgebra::{SMatrix, SVector};

use crate::error::ModelError;
use crate::kinetics::Kinetics;
use crate::schedule::{Edge, Schedule};

/// Ten states and the constant 1 that carries the inputs.
const SIZE: usize = 11;
const DEPOT: usize = 0;
const GUT: usize = 1;
const K1: usize = 2;
const K2: usize = 3;
const K3: usize = 4;
const N1: usize = 5;
const N2: usize = 6;
const EFFECT: usize = 7;
const AREA: usize = 8;
const AREA_N: usize = 9;
const ONE: usize = 10;

type SystemMatrix = SMatrix<f64, SIZE, SIZE>;
type SystemVector = SVector<f64, SIZE>;

/// Where the drug is at one time. Amounts in mg, concentrations in mg/L, areas in mg·h/L.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct State {
    pub depot: f64,
    pub gut: f64,
    pub ketamine: [f64; 3],
    pub norketamine: [f64; 2],
    pub effect: f64,
    pub area: f64,
    pub area_n: f64,
    /// All that has entered so far: vein, depot, gut.
    pub entered: [f64; 3],
}

impl State {
    fn of(x: &SystemVector, entered: [f64; 3]) -> Self {
        Self {
            depot: x[DEPOT],
            gut: x[GUT],
            ketamine: [x[K1], x[K2], x[K3]],
            norketamine: [x[N1], x[N2]],
            effect: x[EFFECT],
            area: x[AREA],
            area_n: x[AREA_N],
            entered,
        }
    }

    fn is_finite(&self) -> bool {
        [self.depot, self.gut, self.effect, self.area, self.area_n]
            .iter()
            .chain(&self.ketamine)
            .chain(&self.norketamine)
            .all(|value| value.is_finite())
    }
}

/// The matrix of rates: what each state gains from each other, per hour.
fn rates(k: &Kinetics) -> SystemMatrix {
    let mut a = SystemMatrix::zeros();
    a[(DEPOT, DEPOT)] = -k.ka_depot;
    a[(GUT, GUT)] = -k.ka_gut;
    a[(K1, DEPOT)] = k.ka_depot;
    a[(K1, GUT)] = k.fg * k.ka_gut;
    a[(K1, K1)] = -(k.cl + k.q2 + k.q3) / k.v1;
    a[(K1, K2)] = k.q2 / k.v2;
    a[(K1, K3)] = k.q3 / k.v3;
    a[(K2, K1)] = k.q2 / k.v1;
    a[(K2, K2)] = -k.q2 / k.v2;
    a[(K3, K1)] = k.q3 / k.v1;
    a[(K3, K3)] = -k.q3 / k.v3;
    a[(N1, K1)] = k.fm * k.cl / k.v1;
    a[(N1, GUT)] = (1.0 - k.fg) * k.gn * k.ka_gut;
    a[(N1, N1)] = -(k.cln + k.qn) / k.vn;
    a[(N1, N2)] = k.qn / k.vn2;
    a[(N2, N1)] = k.qn / k.vn;
    a[(N2, N2)] = -k.qn / k.vn2;
    a[(EFFECT, K1)] = k.ke / k.v1;
    a[(EFFECT, EFFECT)] = -k.ke;
    a[(AREA, K1)] = 1.0 / k.v1;
    a[(AREA_N, N1)] = 1.0 / k.vn;
    a
}

/// Steps already worked out: one exponential for each distinct length and input.
struct Steps {
    rates: SystemMatrix,
    known: Vec<(f64, [f64; 3], SystemMatrix)>,
}

impl Steps {
    fn step(&mut self, minutes: f64, input: [f64; 3]) -> SystemMatrix {
        if let Some((_, _, step)) = self.known.iter().find(|(length, with, _)| *length == minutes && *with == input) {
            return *step;
        }
        let mut per_hour = self.rates;
        let [vein, depot, gut] = input;
        per_hour[(K1, ONE)] = vein;
        per_hour[(DEPOT, ONE)] = depot;
        per_hour[(GUT, ONE)] = gut;
        let step = (per_hour * (minutes / 60.0)).exp();
        self.known.push((minutes, input, step));
        step
    }
}

/// The states at the asked times (minutes, ascending, checked by the caller) for one preparation.
///
/// A jump at an asked time is in the state of that time.
pub(crate) fn solve(kinetics: &Kinetics, schedule: &Schedule, minutes: &[f64]) -> Result<Vec<State>, ModelError> {
    let mut steps = Steps { rates: rates(kinetics), known: Vec::new() };
    let mut x = SystemVector::zeros();
    x[ONE] = 1.0;
    let mut now = 0.0;
    let mut input = [0.0; 3];
    let mut entered = [0.0; 3];
    let mut edges = schedule.edges.iter().peekable();
    let mut states = Vec::with_capacity(minutes.len());
    let mut go = |x: &mut SystemVector, entered: &mut [f64; 3], now: &mut f64, input: [f64; 3], to: f64| {
        if to > *now {
            *x = steps.step(to - *now, input) * *x;
            for (sum, rate) in entered.iter_mut().zip(input) {
                *sum += rate * (to - *now) / 60.0;
            }
            *now = to;
        }
    };
    for &time in minutes {
        while let Some(Edge { at_minutes, jump, rate_per_hour }) = edges.next_if(|edge| edge.at_minutes <= time) {
            go(&mut x, &mut entered, &mut now, input, *at_minutes);
            let jumped = jump.for_person(kinetics);
            let [vein, depot, gut] = jumped;
            x[K1] += vein;
            x[DEPOT] += depot;
            x[GUT] += gut;
            for (sum, amount) in entered.iter_mut().zip(jumped) {
                *sum += amount;
            }
            input = rate_per_hour.for_person(kinetics);
        }
        go(&mut x, &mut entered, &mut now, input, time);
        let state = State::of(&x, entered);
        if !state.is_finite() {
            return Err(ModelError::NotANumber);
        }
        states.push(state);
    }
    Ok(states)
}
