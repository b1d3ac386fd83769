//! The day itself: signs before the dose, company and room, what is watched while the drug works, and letting go.

pub mod s01_bp_clinic;
pub mod s01_bp_home;
pub mod s01_breathing;
pub mod s01_oxygen;
pub mod s01_pulse;
pub mod s02_fasting_ride;
pub mod s03_companion;
pub mod s03_danger;
pub mod s03_seen;
pub mod s04_means;
pub mod s04_place;
pub mod s04_room;
pub mod s05_checks;
pub mod s06_breathing;
pub mod s06_distress;
pub mod s06_duration;
pub mod s06_oxygen;
pub mod s06_pressure;
pub mod s06_pulse;
pub mod s06_sedation;
pub mod s06_symptoms;
pub mod s07_contact;
pub mod s08_breathing;
pub mod s08_checks;
pub mod s08_signs;
pub mod s08_time;
pub mod s09_no_driving;
pub mod s10_open_alert;
pub mod s11_clinic_ready;

use jiff::Timestamp;

use super::answers::{missing, require_answer, stale};
use super::{InForce, Rule};
use crate::coded::{Coded, Value};
use crate::codes::{clear, clears, limit, measured};
use crate::facts::{Answered, Facts, SessionFacts};
use crate::finding::{Cause, Finding, Severity, Urgency};
use crate::quantity::{BloodPressure, ReadingSource, Vitals};
use crate::subject::Subject;
use crate::unit::Unit;

/// A sign that staff read off before a dose: its name, its unit, and where it stands in a reading.
struct Sign {
    what: Subject,
    unit: Unit,
    pick: fn(&Vitals) -> Option<i32>,
    keep: fn(&mut Vitals, i32),
}

const PULSE: Sign = Sign {
    what: Subject::HeartRate,
    unit: Unit::BeatsPerMinute,
    pick: |v| v.heart_rate_per_min,
    keep: |v, n| v.heart_rate_per_min = Some(n),
};

const OXYGEN: Sign = Sign {
    what: Subject::OxygenSaturation,
    unit: Unit::Percent,
    pick: |v| v.spo2_percent,
    keep: |v, n| v.spo2_percent = Some(n),
};

const BREATHING: Sign = Sign {
    what: Subject::BreathingRate,
    unit: Unit::BreathsPerMinute,
    pick: |v| v.respiratory_rate_per_min,
    keep: |v, n| v.respiratory_rate_per_min = Some(n),
};

impl Sign {
    /// Every figure of this sign, oldest first.
    fn series(&self, readings: &[Vitals]) -> Vec<(Timestamp, i32)> {
        let mut series: Vec<_> = readings.iter().filter_map(|v| (self.pick)(v).map(|n| (v.taken_at, n))).collect();
        series.sort_by_key(|(at, _)| *at);
        series
    }

    /// What is wrong with a figure that cannot be true.
    fn impossible(&self, at: Timestamp, value: i32) -> Option<Coded> {
        let mut alone = Vitals::at(at, ReadingSource::Device);
        (self.keep)(&mut alone, value);
        alone.check().err().map(|error| error.coded())
    }

    /// A figure that is out of range, with its age.
    fn measured(&self, value: i32, at: Timestamp, now: Timestamp) -> Coded {
        measured::sign(self.what, Value::number(value, self.unit), Value::age(at, now))
    }

    /// A figure in range, with its age.
    fn clear(&self, value: i32, at: Timestamp, now: Timestamp) -> Coded {
        clear::sign(self.what, Value::number(value, self.unit), Value::age(at, now))
    }

    /// The newest figure before a dose, usable; else the finding that says what is wrong with it.
    fn before_dose(&self, rule: &Rule, facts: &Facts, minutes: InForce) -> Result<(Timestamp, i32), Finding> {
        let newest = self.series(&facts.day.readings).last().copied();
        let repeat = || clears::measure_now(self.what);
        let (at, value) =
            newest.ok_or_else(|| missing(rule, self.what, limit::younger_than(self.what, minutes), repeat()))?;
        if let Some(error) = self.impossible(at, value) {
            return Err(rule.block(Cause::Impossible, error, limit::possible(self.what), repeat()));
        }
        match stale(rule, self.what, at, facts.now, minutes, repeat()) {
            Some(finding) => Err(finding),
            None => Ok((at, value)),
        }
    }
}

/// A release check that must be answered yes, and lately: how somebody was an hour ago says nothing of whether they can
/// leave now.
fn answered_at_release(
    rule: &Rule,
    facts: &Facts,
    session: &SessionFacts,
    (question, answer, clears): (Subject, Option<Answered>, Coded),
    most: InForce,
) -> Option<Finding> {
    if let Some(finding) = require_answer(rule, question, answer, Answered::Yes, Severity::Block, clears) {
        return Some(finding);
    }
    let Some(at) = session.release_times.get(&question) else {
        let limit = limit::answer(question, Answered::Yes);
        return Some(rule.block(Cause::Missing, measured::not_asked(question), limit, clears::ask()));
    };
    stale(rule, question, *at, facts.now, most, clears::ask())
}

/// Every blood pressure, oldest first.
fn pressures(readings: &[Vitals]) -> Vec<(Timestamp, BloodPressure)> {
    let mut series: Vec<_> = readings.iter().filter_map(|v| v.blood_pressure.map(|bp| (v.taken_at, bp))).collect();
    series.sort_by_key(|(at, _)| *at);
    series
}

/// A figure in a session that cannot be true: somebody must repeat it, since it hides the real one.
fn repeat_reading(rule: &Rule, error: Coded) -> Finding {
    rule.call(Urgency::Watch, Cause::Impossible, error, limit::possible_figure(), clears::repeat_reading_now())
}

/// Whether a run of figures up to the newest all pass `test`, and has lasted at least `minutes`.
fn lasting<T: Copy>(series: &[(Timestamp, T)], minutes: f64, test: impl Fn(T) -> bool) -> bool {
    let run: Vec<Timestamp> = series.iter().rev().take_while(|(_, value)| test(*value)).map(|(at, _)| *at).collect();
    match (run.first(), run.last()) {
        (Some(newest), Some(oldest)) => crate::quantity::hours_between(*oldest, *newest) * 60.0 >= minutes,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::ago;

    #[test]
    fn a_run_is_broken_by_one_normal_figure() {
        let high = |n: i32| n > 120;
        let series = |cells: &[(&str, i32)]| cells.iter().map(|(when, n)| (ago(when), *n)).collect::<Vec<_>>();
        assert!(lasting(&series(&[("6 min", 125), ("1 min", 130)]), 5.0, high));
        assert!(!lasting(&series(&[("5 min", 125), ("1 min", 130)]), 5.0, high));
        assert!(!lasting(&series(&[("9 min", 125), ("4 min", 110), ("1 min", 130)]), 5.0, high));
        assert!(!lasting(&series(&[("1 min", 130)]), 5.0, high));
        assert!(!lasting(&[], 0.0, high));
    }
}
