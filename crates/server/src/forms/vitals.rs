//! Readings as a form has them.

use jiff::Timestamp;
use stillwater_care::quantity::{BloodPressure, ReadingSource, Vitals};

use crate::http::Form;

/// Reads the figures of a form into vital signs; `None` when no figure was entered.
pub fn read_vitals(typed: &mut Form, taken_at: Timestamp, source: ReadingSource) -> Option<Vitals> {
    let whole = "Write a whole number, without a unit.";
    let systolic = typed.optional::<i32>("systolic", whole);
    let diastolic = typed.optional::<i32>("diastolic", whole);
    let mut vitals = Vitals::at(taken_at, source);
    match (systolic, diastolic) {
        (Some(systolic), Some(diastolic)) => vitals.blood_pressure = Some(BloodPressure { systolic, diastolic }),
        (Some(_), None) => typed.wrong("diastolic", "Write the second number of the blood pressure too."),
        (None, Some(_)) => typed.wrong("systolic", "Write the first number of the blood pressure too."),
        (None, None) => {}
    }
    vitals.heart_rate_per_min = typed.optional("pulse", whole);
    vitals.spo2_percent = typed.optional("spo2", whole);
    vitals.respiratory_rate_per_min = typed.optional("breathing", whole);
    (!vitals.is_empty()).then_some(vitals)
}
