//! The day itself: signs before the dose, company and room, what is watched while the drug works, and letting go.

pub mod s01_bp_clinic;
pub mod s01_bp_home;
pub mod s01_breathing;
pub mod s01_oxygen;
pub mod s01_pulse;
pub mod s02_fasting_ride;
pub mod s03_companion;
pub mod s04_room;
pub mod s06_breathing;
pub mod s06_distress;
pub mod s06_duration;
pub mod s06_oxygen;
pub mod s06_pressure;
pub mod s06_pulse;
pub mod s06_sedation;
pub mod s06_symptoms;
pub mod s08_checks;
pub mod s08_signs;
pub mod s08_time;

use jiff::Timestamp;

use super::Rule;
use super::answers::{number, stale as age};
use crate::facts::Facts;
use crate::finding::{Cause, Finding, Severity, Urgency};
use crate::quantity::{Vitals, age_words};

/// A sign that staff read off before a dose: its name, its unit, and where it stands in a reading.
struct Sign {
    what: &'static str,
    unit: &'static str,
    pick: fn(&Vitals) -> Option<i32>,
    keep: fn(&mut Vitals, i32),
}

const PULSE: Sign = Sign {
    what: "heart rate",
    unit: "beats a minute",
    pick: |v| v.heart_rate_per_min,
    keep: |v, n| v.heart_rate_per_min = Some(n),
};

const OXYGEN: Sign =
    Sign { what: "oxygen saturation", unit: "%", pick: |v| v.spo2_percent, keep: |v, n| v.spo2_percent = Some(n) };

const BREATHING: Sign = Sign {
    what: "breathing rate",
    unit: "breaths a minute",
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
    fn impossible(&self, at: Timestamp, value: i32) -> Option<String> {
        let mut alone = Vitals::at(at, crate::quantity::ReadingSource::Device);
        (self.keep)(&mut alone, value);
        alone.check().err().map(|error| error.to_string())
    }

    fn words(&self, value: i32, at: Timestamp, now: Timestamp) -> String {
        format!("{} {value} {}, {} old", self.what, self.unit, age_words(at, now))
    }

    /// The newest figure before a dose, usable; else the finding that says what is wrong with it.
    fn before_dose(&self, rule: &Rule, facts: &Facts, minutes: f64) -> Result<(Timestamp, i32), Finding> {
        let repeat = format!("measure {} now", self.what);
        let newest = self.series(&facts.day.readings).last().copied();
        let (at, value) = newest.ok_or_else(|| {
            super::answers::missing(
                rule,
                self.what,
                format!("{} less than {} minutes old", self.what, number(minutes)),
                &repeat,
            )
        })?;
        if let Some(error) = self.impossible(at, value) {
            let limit = format!("a {} that can be true", self.what);
            return Err(rule.finding(Severity::Block, Cause::Impossible, error, limit, repeat));
        }
        match age(rule, self.what, at, facts.now, minutes / 60.0, &repeat) {
            Some(finding) => Err(finding),
            None => Ok((at, value)),
        }
    }
}

/// A figure in a session that cannot be true: somebody must repeat it, since it hides the real one.
fn repeat_reading(rule: &Rule, error: String) -> Finding {
    rule.call(Urgency::Watch, Cause::Impossible, error, "a figure that can be true", "repeat the reading now")
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
