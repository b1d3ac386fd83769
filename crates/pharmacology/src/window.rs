//! The window of plasticity after a dose: a hypothesis from animal work, with no measure in people of when it opens or
//! closes. It places a hint beside the calendar and decides nothing.
//!
//! The reference (section 2.6) takes a surge of glutamate as an inverted U of receptor occupancy, and lets plasticity rise
//! and fall behind it with half-times that nobody knows. Every variant of those half-times agrees on one thing alone:
//! 24 to 48 h after the dose lie inside.

use serde::Serialize;

use crate::curve::Curve;
use crate::dose::{Dose, Plan};
use crate::error::ModelError;
use crate::person::Person;
use crate::product::Product;
use crate::standing::{Graded, Standing};
use crate::units::{Hours, Mg, Minutes, Share};

const BASIS: &str = "hypothesis from animal work; no measure in people shows when it opens or closes, or that therapy inside it works better";
/// Occupancy at which the surge is taken to be largest.
const MOST_AT: f64 = 0.4;
/// Half-time of the surge, hours.
const SURGE: f64 = 0.33;
/// How far the course is followed, and the step, in hours.
const FOLLOWED: f64 = 500.0;
const STEP: f64 = 1.0 / 30.0;
/// Ketamine still matters for occupancy up to this time, in hours.
const DRUG: f64 = 48.0;

/// One guess at how fast plasticity rises and falls: half-times in hours.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Variant {
    /// Half-time of the rise.
    pub onset: Hours,
    /// Half-time of the fall.
    pub decay: Hours,
}

impl Variant {
    const fn of(onset: f64, decay: f64) -> Self {
        Self { onset: Hours::new(onset), decay: Hours::new(decay) }
    }

    /// The guess that the reference takes by default.
    pub const DEFAULT: Self = Self::of(6.0, 48.0);

    /// Every guess of the reference, the default first.
    pub const ALL: [Self; 6] = [
        Self::DEFAULT,
        Self::of(3.0, 24.0),
        Self::of(6.0, 24.0),
        Self::of(12.0, 48.0),
        Self::of(6.0, 120.0),
        Self::of(12.0, 120.0),
    ];
}

/// The course of plasticity after a plan, as shares of its own peak.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Window {
    /// When half the peak is reached.
    pub opens: Hours,
    /// When the peak is reached.
    pub peaks: Hours,
    /// When it has fallen to half the peak.
    pub closes: Hours,
    #[serde(skip)]
    course: Vec<f64>,
}

impl Window {
    /// The window after a plan, for a typical adult.
    ///
    /// # Errors
    /// Those of [`Curve::typical`]; [`ModelError::NotANumber`] should the course never rise.
    pub fn after(plan: &Plan, variant: Variant) -> Result<Graded<Self>, ModelError> {
        let times: Vec<Minutes> = (0..)
            .map(|step| f64::from(step) * STEP)
            .take_while(|hour| *hour <= DRUG)
            .map(|hour| Hours::new(hour).in_minutes())
            .collect();
        let curve = Curve::typical(plan, Person::TYPICAL, &times)?;
        let occupancy: Vec<f64> = curve.occupancy().read().0.iter().map(|held| held.middle.value()).collect();
        let course = course(&occupancy, variant);
        let peak = course.iter().copied().fold(0.0, f64::max);
        let hour = |step: usize| Hours::new(step as f64 * STEP);
        let first = course.iter().position(|p| *p >= 0.5 * peak);
        let top = course.iter().position(|p| *p >= peak);
        let last = course.iter().rposition(|p| *p >= 0.5 * peak);
        let (Some(first), Some(top), Some(last), true) = (first, top, last, peak > 0.0) else {
            return Err(ModelError::NotANumber);
        };
        let shares = course.iter().map(|p| p / peak).collect();
        let window = Self { opens: hour(first), peaks: hour(top), closes: hour(last), course: shares };
        Ok(Graded::new(window, Standing::Hypothesis, BASIS))
    }

    /// The share of its peak at a time after the first dose.
    #[must_use]
    pub fn at(&self, time: Hours) -> Share {
        let step = (time.value() / STEP).round();
        let known = if step >= 0.0 { self.course.get(step as usize) } else { None };
        Share::new(known.copied().unwrap_or_default())
    }
}

/// The reference session: 0.5 mg/kg racemate into a vein over 40 minutes, for 70 kg.
///
/// # Errors
/// None in fact; the types ask for it.
pub fn reference_session() -> Result<Plan, ModelError> {
    Ok(Plan::single(Dose::infusion(Product::Racemate, Minutes::new(0.0), Mg::new(35.0), Minutes::new(40.0))?))
}

/// Each stage follows the one before exactly over a step in which that one is taken at its middle.
fn course(occupancy: &[f64], variant: Variant) -> Vec<f64> {
    let rate = |half: f64| std::f64::consts::LN_2 / half;
    let surge = |theta: f64| theta / MOST_AT * (1.0 - theta / MOST_AT).exp();
    let (fast, rise, fall) = (rate(SURGE), rate(variant.onset.value()), rate(variant.decay.value()));
    let keep = |rate: f64| (-rate * STEP).exp();
    let (mut g, mut m, mut p) = (0.0_f64, 0.0_f64, 0.0_f64);
    let mut course = vec![0.0];
    let mut before = occupancy.first().copied().unwrap_or_default();
    for step in 1..=(FOLLOWED / STEP) as usize {
        let now = occupancy.get(step).copied().unwrap_or_default();
        let driven = surge(0.5 * (before + now));
        before = now;
        let next_g = driven + (g - driven) * keep(fast);
        let middle_g = 0.5 * (g + next_g);
        let next_m = middle_g / rise + (m - middle_g / rise) * keep(rise);
        let middle_m = 0.5 * (m + next_m);
        p = rise * middle_m / fall + (p - rise * middle_m / fall) * keep(fall);
        g = next_g;
        m = next_m;
        course.push(p);
    }
    course
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of the reference, section 2.6: onset and decay half-time, peak, window in hours, and the share of the
    /// peak at 24, 48, 72 and 168 h. Tolerance: half of the last printed digit and as much again for its rounding.
    const TABLE: [([f64; 2], [f64; 3], [f64; 4]); 6] = [
        ([6.0, 48.0], [29.0, 10.0, 87.0], [0.98, 0.86, 0.62, 0.15]),
        ([3.0, 24.0], [19.0, 7.0, 49.0], [0.95, 0.52, 0.26, 0.02]),
        ([6.0, 24.0], [24.0, 9.0, 58.0], [1.00, 0.66, 0.34, 0.02]),
        ([12.0, 48.0], [39.0, 13.0, 106.0], [0.86, 0.97, 0.78, 0.21]),
        ([6.0, 120.0], [36.0, 11.0, 165.0], [0.93, 0.97, 0.86, 0.49]),
        ([12.0, 120.0], [52.0, 15.0, 190.0], [0.76, 1.00, 0.95, 0.57]),
    ];

    #[test]
    fn reproduces_every_variant_of_the_reference() {
        let plan = reference_session().unwrap();
        for (([onset, decay], [peak, opens, closes], shares), variant) in TABLE.into_iter().zip(Variant::ALL) {
            assert_eq!(variant, Variant::of(onset, decay));
            let graded = Window::after(&plan, variant).unwrap();
            let (window, standing) = graded.read();
            assert_eq!(standing, Standing::Hypothesis);
            for (hours, printed) in [(window.peaks, peak), (window.opens, opens), (window.closes, closes)] {
                assert!((hours.value() - printed).abs() <= 1.0, "{onset}/{decay}: {hours} for {printed}");
            }
            for (hour, printed) in [24.0, 48.0, 72.0, 168.0].into_iter().zip(shares) {
                let share = window.at(Hours::new(hour)).value();
                assert!((share - printed).abs() <= 0.01, "{onset}/{decay} at {hour} h: {share} for {printed}");
            }
        }
    }

    #[test]
    fn a_day_to_two_days_after_lie_inside_in_every_variant() {
        let plan = reference_session().unwrap();
        for variant in Variant::ALL {
            let graded = Window::after(&plan, variant).unwrap();
            for hour in 24..=48 {
                assert!(graded.read().0.at(Hours::new(f64::from(hour))).value() >= 0.5, "{variant:?} at {hour} h");
            }
        }
    }
}
