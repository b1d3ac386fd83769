//! The textbook case beside the whole system: ketamine in two compartments, given into a vein at once or over time, in
//! closed form.
//!
//! It is what other programs solve too, so that this crate can be held to them and timed beside them. No page uses it: the
//! fitted system of the reference has three compartments.

use rayon::iter::{IndexedParallelIterator, ParallelIterator};
use rayon::slice::{ParallelSlice, ParallelSliceMut};

use crate::error::ModelError;
use crate::units::{Mg, Minutes};

/// One person's two compartments.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TwoCompartment {
    clearance: f64,
    central: f64,
    exchange: f64,
    peripheral: f64,
}

/// The decay of each mode, and its share of what stands in the central compartment.
struct Modes {
    rates: [f64; 2],
    shares: [f64; 2],
}

impl TwoCompartment {
    /// Clearance and exchange in L/h, volumes in L.
    ///
    /// # Errors
    /// When one of them is not a finite number above zero.
    pub fn new(clearance: f64, central: f64, exchange: f64, peripheral: f64) -> Result<Self, ModelError> {
        for (what, value) in [
            ("clearance (L/h)", clearance),
            ("central volume (L)", central),
            ("exchange (L/h)", exchange),
            ("peripheral volume (L)", peripheral),
        ] {
            if !(value.is_finite() && value > 0.0) {
                return Err(ModelError::NotAKinetic { what, value });
            }
        }
        Ok(Self { clearance, central, exchange, peripheral })
    }

    fn modes(&self) -> Modes {
        let (k10, k12, k21) =
            (self.clearance / self.central, self.exchange / self.central, self.exchange / self.peripheral);
        let half = 0.5 * (k10 + k12 + k21);
        let fast = half + (half * half - k10 * k21).max(0.0).sqrt();
        // The product of the two rates is known, so that the slow one loses no digits.
        let slow = k10 * k21 / fast;
        Modes { rates: [fast, slow], shares: [(fast - k21) / (fast - slow), (k21 - slow) / (fast - slow)] }
    }

    /// Writes the level in mg/L at each time into `out`. Neighbouring times that lie equally far apart share their
    /// exponentials.
    fn fill(&self, dose: f64, over_h: f64, times_h: &[f64], out: &mut [f64]) {
        let Modes { rates, shares } = self.modes();
        let rate = if over_h > 0.0 { dose / over_h } else { 0.0 };
        let mut amounts = if over_h > 0.0 { [0.0; 2] } else { shares.map(|share| share * dose) };
        let (mut now, mut last_step, mut decay) = (0.0, f64::INFINITY, [1.0; 2]);
        let mut advance = |amounts: &mut [f64; 2], step: f64, flowing: bool| {
            if step == 0.0 {
                return;
            }
            // Equal steps written as times differ in their last bit, which no level shows.
            if (step - last_step).abs() > 1e-12 * step {
                decay = rates.map(|rate| (-rate * step).exp());
                last_step = step;
            }
            for (((amount, decay), share), mode) in amounts.iter_mut().zip(decay).zip(shares).zip(rates) {
                let enters = if flowing { share * rate / mode * (1.0 - decay) } else { 0.0 };
                *amount = *amount * decay + enters;
            }
        };
        for (level, time) in out.iter_mut().zip(times_h) {
            if now < over_h && over_h < *time {
                advance(&mut amounts, over_h - now, true);
                now = over_h;
            }
            advance(&mut amounts, *time - now, now < over_h);
            now = *time;
            *level = (amounts.iter().sum::<f64>()) / self.central;
        }
    }

    /// Levels in mg/L after a dose that began at minute 0, given at once (`over` 0) or evenly over a time.
    ///
    /// # Errors
    /// As [`levels_of_many`].
    pub fn levels(&self, dose: Mg, over: Minutes, times: &[Minutes]) -> Result<Vec<f64>, ModelError> {
        levels_of_many(std::slice::from_ref(self), dose, over, times)
    }
}

/// Levels in mg/L of many people after the same dose: the first person's at each time, then the second's. The times rise.
///
/// # Errors
/// For a dose that is none, a negative length, and times that are negative or do not rise.
pub fn levels_of_many(
    people: &[TwoCompartment],
    dose: Mg,
    over: Minutes,
    times: &[Minutes],
) -> Result<Vec<f64>, ModelError> {
    if !(dose.value() > 0.0 && dose.value() <= 2000.0) {
        return Err(ModelError::DoseOutside { mg: dose.value() });
    }
    for minutes in std::iter::once(over.value()).chain(times.iter().map(|time| time.value())) {
        if !(0.0..=100_000.0).contains(&minutes) {
            return Err(ModelError::TimeOutside { minutes });
        }
    }
    for (place, pair) in times.windows(2).enumerate() {
        if let [before, then] = pair
            && then <= before
        {
            return Err(ModelError::TimesNotAscending { position: place + 2, minutes: then.value() });
        }
    }
    if times.is_empty() {
        return Err(ModelError::NoTime);
    }
    let times_h: Vec<f64> = times.iter().map(|time| time.value() / 60.0).collect();
    let mut levels = vec![0.0; people.len() * times.len()];
    // Pieces of a few hundred people keep the cores busy without one task for each person.
    const PIECE: usize = 256;
    levels.par_chunks_mut(PIECE * times.len()).zip(people.par_chunks(PIECE)).for_each(|(out, people)| {
        for (person, out) in people.iter().zip(out.chunks_mut(times.len())) {
            person.fill(dose.value(), over.value() / 60.0, &times_h, out);
        }
    });
    Ok(levels)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    fn person() -> TwoCompartment {
        TwoCompartment::new(82.0, 72.0, 140.0, 148.0).unwrap()
    }

    /// Small steps of Runge and Kutta's fourth order, which share nothing with the closed form.
    fn stepped(p: &TwoCompartment, dose: f64, over_h: f64, until_h: f64) -> f64 {
        let steps = 40_000;
        let h = until_h / f64::from(steps);
        let slope = |t: f64, [a, b]: [f64; 2]| {
            let enters = if t < over_h { dose / over_h } else { 0.0 };
            let flow = p.exchange / p.central * a - p.exchange / p.peripheral * b;
            [enters - p.clearance / p.central * a - flow, flow]
        };
        let mut x = if over_h > 0.0 { [0.0; 2] } else { [dose, 0.0] };
        for n in 0..steps {
            let t = f64::from(n) * h;
            // Within a step nothing changes: the infusion ends on a boundary of steps.
            let at = |x: [f64; 2]| slope(t + h / 2.0, x);
            let add = |x: [f64; 2], k: [f64; 2], by: f64| [x[0] + k[0] * by, x[1] + k[1] * by];
            let k1 = at(x);
            let k2 = at(add(x, k1, h / 2.0));
            let k3 = at(add(x, k2, h / 2.0));
            let k4 = at(add(x, k3, h));
            for i in 0..2 {
                x[i] += h / 6.0 * (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i]);
            }
        }
        x[0] / p.central
    }

    #[test]
    fn agrees_with_small_steps_during_and_after_an_infusion_and_after_a_bolus() {
        for (over, until) in [(40.0, 20.0), (40.0, 40.0), (40.0, 160.0), (0.0, 60.0)] {
            let found = person().levels(Mg::new(35.0), Minutes::new(over), &[Minutes::new(until)]).unwrap()[0];
            let small = stepped(&person(), 35.0, over / 60.0, until / 60.0);
            assert!((found / small - 1.0).abs() < 1e-9, "{over} {until}: {found} and {small}");
        }
    }

    #[test]
    fn times_in_between_change_nothing() {
        let many: Vec<Minutes> = (0..=160).map(|n| Minutes::new(f64::from(n) * 1.5)).collect();
        let all = person().levels(Mg::new(35.0), Minutes::new(40.0), &many).unwrap();
        let one = person().levels(Mg::new(35.0), Minutes::new(40.0), &[Minutes::new(240.0)]).unwrap();
        assert!((all[160] / one[0] - 1.0).abs() < 1e-12);
        assert_eq!(all[0], 0.0);
    }

    #[test]
    fn nonsense_is_refused_by_name() {
        assert!(matches!(TwoCompartment::new(0.0, 1.0, 1.0, 1.0), Err(ModelError::NotAKinetic { .. })));
        assert!(matches!(TwoCompartment::new(1.0, f64::NAN, 1.0, 1.0), Err(ModelError::NotAKinetic { .. })));
        let at = |minutes: &[f64]| minutes.iter().map(|m| Minutes::new(*m)).collect::<Vec<_>>();
        let ask = |dose: f64, over: f64, times: &[f64]| person().levels(Mg::new(dose), Minutes::new(over), &at(times));
        assert!(matches!(ask(-1.0, 0.0, &[1.0]), Err(ModelError::DoseOutside { .. })));
        assert!(matches!(ask(1.0, -1.0, &[1.0]), Err(ModelError::TimeOutside { .. })));
        assert!(matches!(ask(1.0, 0.0, &[2.0, 1.0]), Err(ModelError::TimesNotAscending { position: 2, .. })));
        assert!(matches!(ask(1.0, 0.0, &[]), Err(ModelError::NoTime)));
    }
}
