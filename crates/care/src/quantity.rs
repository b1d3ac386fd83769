//! Measured quantities, each with its unit in its type or name, and the test of whether a figure can be true at all.
//!
//! An impossible figure (a blood pressure of 80/120, an oxygen saturation of 140 %) is refused where it is entered and
//! never counts as normal where it is read. The bounds below are not clinical limits: they are the widest range in which
//! a figure can belong to a living adult or a working device, chosen by this project, and signed by nobody yet.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::code::{Code, code_of};
use crate::coded::{Coded, Value};
use crate::codes::measured;
use crate::subject::Subject;
use crate::unit::Unit;

/// Why a figure cannot be true. Printed as itself it is its code; `words` makes the sentence.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum Impossible {
    /// The figure is outside what can be measured.
    #[error("out-of-range: {}", what.code())]
    OutOfRange {
        /// What was measured.
        what: Subject,
        /// What was given.
        given: f64,
        /// Least possible figure.
        least: i32,
        /// Greatest possible figure.
        most: i32,
        /// Unit.
        unit: Unit,
    },
    /// The lower pressure is not below the upper one.
    #[error("pressure-upside-down: {systolic}/{diastolic}")]
    PressureUpsideDown {
        /// Given as systolic.
        systolic: i32,
        /// Given as diastolic.
        diastolic: i32,
    },
    /// A set of vital signs with no figure in it.
    #[error("nothing-measured")]
    NothingMeasured,
}

impl Impossible {
    /// The code with the figures.
    #[must_use]
    pub fn coded(&self) -> Coded {
        match *self {
            Self::OutOfRange { what, given, least, most, unit } => {
                let number = |value| Value::Number { value, unit };
                measured::out_of_range(what, number(given), number(least.into()), number(most.into()))
            }
            Self::PressureUpsideDown { systolic, diastolic } => {
                let number = |value| Value::number(value, Unit::MmHg);
                measured::pressure_upside_down(number(systolic), number(diastolic))
            }
            Self::NothingMeasured => measured::nothing_measured(),
        }
    }
}

fn within(what: Subject, given: f64, least: i32, most: i32, unit: Unit) -> Result<(), Impossible> {
    if given.is_finite() && given >= f64::from(least) && given <= f64::from(most) {
        return Ok(());
    }
    Err(Impossible::OutOfRange { what, given, least, most, unit })
}

/// A blood pressure in mmHg.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BloodPressure {
    /// Systolic, mmHg.
    pub systolic: i32,
    /// Diastolic, mmHg.
    pub diastolic: i32,
}

impl BloodPressure {
    /// Tests whether the pair can be true: 40 to 300 over 20 to 200 mmHg, the first above the second.
    ///
    /// # Errors
    /// [`Impossible`] says which number and what would be right.
    pub fn check(self) -> Result<Self, Impossible> {
        within(Subject::SystolicPressure, f64::from(self.systolic), 40, 300, Unit::MmHg)?;
        within(Subject::DiastolicPressure, f64::from(self.diastolic), 20, 200, Unit::MmHg)?;
        if self.diastolic >= self.systolic {
            return Err(Impossible::PressureUpsideDown { systolic: self.systolic, diastolic: self.diastolic });
        }
        Ok(self)
    }

    /// Either number at or above the given pair.
    #[must_use]
    pub fn either_reaches(self, systolic: f64, diastolic: f64) -> bool {
        f64::from(self.systolic) >= systolic || f64::from(self.diastolic) >= diastolic
    }
}

impl From<BloodPressure> for Value {
    fn from(BloodPressure { systolic, diastolic }: BloodPressure) -> Self {
        Self::Pressure { systolic, diastolic }
    }
}

impl std::fmt::Display for BloodPressure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.systolic, self.diastolic)
    }
}

/// Where a reading came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReadingSource {
    /// An automatic cuff or monitor, read by staff.
    Device,
    /// Measured by staff by hand.
    Manual,
    /// Typed in by the patient from their own device.
    PatientEntered,
    /// Typed in by the companion.
    CompanionEntered,
    /// Taken over from another record.
    Imported,
}

impl ReadingSource {}

/// One set of vital signs; whatever was not measured is absent, never zero.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Vitals {
    /// When they were taken.
    pub taken_at: Timestamp,
    /// Blood pressure, mmHg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blood_pressure: Option<BloodPressure>,
    /// Heart rate, beats a minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heart_rate_per_min: Option<i32>,
    /// Oxygen saturation by pulse oximeter, per cent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spo2_percent: Option<i32>,
    /// Breaths a minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub respiratory_rate_per_min: Option<i32>,
    /// Where the figures came from.
    pub source: ReadingSource,
}

impl Vitals {
    /// A set with nothing measured yet.
    #[must_use]
    pub fn at(taken_at: Timestamp, source: ReadingSource) -> Self {
        Self {
            taken_at,
            blood_pressure: None,
            heart_rate_per_min: None,
            spo2_percent: None,
            respiratory_rate_per_min: None,
            source,
        }
    }

    /// Tests every figure that is there; a set with none is refused too.
    ///
    /// # Errors
    /// [`Impossible`] for the first figure that cannot be true.
    pub fn check(&self) -> Result<(), Impossible> {
        if let Some(bp) = self.blood_pressure {
            bp.check()?;
        }
        if let Some(rate) = self.heart_rate_per_min {
            within(Subject::HeartRate, f64::from(rate), 20, 250, Unit::BeatsPerMinute)?;
        }
        if let Some(spo2) = self.spo2_percent {
            within(Subject::OxygenSaturation, f64::from(spo2), 50, 100, Unit::Percent)?;
        }
        if let Some(rate) = self.respiratory_rate_per_min {
            within(Subject::BreathingRate, f64::from(rate), 0, 70, Unit::BreathsPerMinute)?;
        }
        if self.is_empty() {
            return Err(Impossible::NothingMeasured);
        }
        Ok(())
    }

    /// Nothing was measured.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.blood_pressure.is_none()
            && self.heart_rate_per_min.is_none()
            && self.spo2_percent.is_none()
            && self.respiratory_rate_per_min.is_none()
    }
}

/// Tests a body weight: 25 to 350 kg.
///
/// # Errors
/// [`Impossible`] when it is outside.
pub fn check_weight_kg(weight_kg: f64) -> Result<f64, Impossible> {
    within(Subject::BodyWeight, weight_kg, 25, 350, Unit::Kg).map(|()| weight_kg)
}

/// Kilograms of one pound (exact by definition).
pub const KG_PER_POUND: f64 = 0.453_592_37;

/// Kilograms as pounds.
#[must_use]
pub fn pounds(weight_kg: f64) -> f64 {
    weight_kg / KG_PER_POUND
}

/// Tests a body height: 100 to 250 cm.
///
/// # Errors
/// [`Impossible`] when it is outside.
pub fn check_height_cm(height_cm: f64) -> Result<f64, Impossible> {
    within(Subject::Height, height_cm, 100, 250, Unit::Cm).map(|()| height_cm)
}

/// Body mass index, kg/m².
#[must_use]
pub fn body_mass_index(weight_kg: f64, height_cm: f64) -> f64 {
    weight_kg / (height_cm / 100.0).powi(2)
}

/// Tests a dose in milligrams: above 0, at most 1,000 mg. The clinical ceiling is a rule (R01), not this test.
///
/// # Errors
/// [`Impossible`] when it is outside.
pub fn check_dose_mg(dose_mg: f64) -> Result<f64, Impossible> {
    if dose_mg > 0.0 {
        within(Subject::Dose, dose_mg, 0, 1000, Unit::Mg).map(|()| dose_mg)
    } else {
        Err(Impossible::OutOfRange { what: Subject::Dose, given: dose_mg, least: 1, most: 1000, unit: Unit::Mg })
    }
}

/// Whole minutes from `earlier` to `later`, rounded down; negative when `later` comes first.
#[must_use]
pub fn minutes_between(earlier: Timestamp, later: Timestamp) -> i64 {
    later.as_second().saturating_sub(earlier.as_second()).div_euclid(60)
}

/// Hours from `earlier` to `later`, as a fraction.
#[must_use]
pub fn hours_between(earlier: Timestamp, later: Timestamp) -> f64 {
    later.as_second().saturating_sub(earlier.as_second()) as f64 / 3600.0
}

/// Days of 24 hours from `earlier` to `later`, as a fraction.
#[must_use]
pub fn days_between(earlier: Timestamp, later: Timestamp) -> f64 {
    hours_between(earlier, later) / 24.0
}

/// `at` moved by whole minutes, kept within what a timestamp can hold.
#[must_use]
pub fn plus_minutes(at: Timestamp, minutes: i64) -> Timestamp {
    at.saturating_add(jiff::SignedDuration::from_mins(minutes)).unwrap_or(at)
}

/// `at` moved by hours.
#[must_use]
pub fn plus_hours(at: Timestamp, hours: i64) -> Timestamp {
    plus_minutes(at, hours.saturating_mul(60))
}

code_of!(ReadingSource of "reading-source" {
    Device = "device",
    Manual = "manual",
    PatientEntered = "patient-entered",
    CompanionEntered = "companion-entered",
    Imported = "imported",
});

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_pressure_upside_down_is_refused_and_says_so() {
        let error = BloodPressure { systolic: 80, diastolic: 120 }.check().unwrap_err();
        assert_eq!(error, Impossible::PressureUpsideDown { systolic: 80, diastolic: 120 });
    }

    #[test]
    fn a_saturation_of_140_percent_is_refused_with_what_would_be_right() {
        let mut vitals = Vitals::at(Timestamp::UNIX_EPOCH, ReadingSource::Device);
        vitals.spo2_percent = Some(140);
        let refused = vitals.check().unwrap_err();
        assert!(matches!(
            refused,
            Impossible::OutOfRange { what: Subject::OxygenSaturation, least: 50, most: 100, .. }
        ));
        vitals.spo2_percent = Some(100);
        assert!(vitals.check().is_ok());
    }

    #[test]
    fn an_empty_set_of_vitals_is_refused() {
        assert!(Vitals::at(Timestamp::UNIX_EPOCH, ReadingSource::Device).check().is_err());
    }

    #[test]
    fn doses_of_nothing_or_of_no_number_are_refused() {
        for dose in [0.0, -1.0, f64::NAN, f64::INFINITY, 1001.0] {
            assert!(check_dose_mg(dose).is_err(), "{dose}");
        }
        assert_eq!(check_dose_mg(50.0), Ok(50.0));
    }
}
