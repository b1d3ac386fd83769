//! How far a reason reaches: it covers the value for which it was written and everything better, and nothing worse.
//!
//! A pressure of 142/86 that somebody answered for does not answer for 159/99 an hour later, though the same rule warns
//! of both. What cannot be put in an order is covered only where it is the same.

use jiff::Timestamp;

use crate::coded::{Coded, Value};
use crate::finding::Finding;

/// Clocks that differ a little do not make an old event a new one.
const SECONDS_APART: i64 = 60;

/// Which way a value gets worse.
#[derive(Clone, Copy, PartialEq)]
enum Worse {
    /// The higher, the worse.
    Higher,
    /// The lower, the worse.
    Lower,
    /// Out of a range, on the side on which it is.
    Outside(f64, f64),
    /// No order: only the same is covered.
    Other,
}

/// Whether a reason written at `answered_at` for one finding covers another at `now`.
#[must_use]
pub fn covers(answered: &Finding, answered_at: Timestamp, found: &Finding, now: Timestamp) -> bool {
    answered.rule == found.rule
        && answered.cause == found.cause
        && answered.severity == found.severity
        && answered.limit == found.limit
        && no_worse((&answered.measured, answered_at), (&found.measured, now), way(&answered.limit))
}

/// Which way, by what the value is held against.
fn way(limit: &Coded) -> Worse {
    let of = |name: &str| match limit.values.get(name) {
        Some(Value::Limit { value, .. } | Value::Number { value, .. }) => Some(*value),
        _ => None,
    };
    match limit.code.as_ref() {
        "at-most"
        | "at-most-for"
        | "below"
        | "score-below"
        | "pressure-below"
        | "pressure-below-apart"
        | "start-at"
        | "step-at-most" => Worse::Higher,
        "at-least" | "above" | "oxygen-at-least" | "pressure-at-least" | "systolic-at-least" => Worse::Lower,
        "between" => match (of("low"), of("high")) {
            (Some(low), Some(high)) => Worse::Outside(low, high),
            _ => Worse::Other,
        },
        _ => Worse::Other,
    }
}

/// What counts from something that happened: a use, a medicine stopped, a screen. A later one is another matter.
fn counts_from_an_event(code: &str) -> bool {
    const MEASURED: [&str; 6] =
        ["pressure", "sign", "mean-pressure", "high-readings-today", "pressure-and-before", "weight"];
    !MEASURED.contains(&code)
}

fn no_worse((was, was_at): (&Coded, Timestamp), (is, is_at): (&Coded, Timestamp), way: Worse) -> bool {
    if was.code != is.code || was.values.len() != is.values.len() {
        return false;
    }
    was.values.iter().all(|(name, before)| {
        let Some(after) = is.values.get(name) else { return false };
        match (before, after) {
            (Value::Age(before), Value::Age(after)) => {
                let moment = |at: Timestamp, age: i64| at.as_second().saturating_sub(age);
                !counts_from_an_event(&was.code)
                    || moment(is_at, *after) <= moment(was_at, *before).saturating_add(SECONDS_APART)
            }
            // How many readings a mean rests on says nothing about how high it is.
            _ if name == "readings" => true,
            (Value::Number { value: before, unit: was }, Value::Number { value: after, unit: is }) => {
                was == is && within(*before, *after, way)
            }
            (Value::Rating(before), Value::Rating(after)) => within(f64::from(*before), f64::from(*after), way),
            (
                Value::Pressure { systolic: was_upper, diastolic: was_lower },
                Value::Pressure { systolic: upper, diastolic: lower },
            ) => {
                within(f64::from(*was_upper), f64::from(*upper), way)
                    && within(f64::from(*was_lower), f64::from(*lower), way)
            }
            (Value::Coded(before), Value::Coded(after)) => no_worse((before, was_at), (after, is_at), way),
            (before, after) => before == after,
        }
    })
}

fn within(before: f64, after: f64, way: Worse) -> bool {
    match way {
        Worse::Higher => after <= before,
        Worse::Lower => after >= before,
        Worse::Outside(low, high) => {
            same(before, after)
                || (before > high && after <= before && after >= low)
                || (before < low && after >= before && after <= high)
        }
        Worse::Other => same(before, after),
    }
}

fn same(before: f64, after: f64) -> bool {
    (before - after).abs() < f64::EPSILON
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
    use super::*;
    use crate::facts::{Facts, Setting};
    use crate::rules::testing::{now, set, well};
    use crate::rules::{Rule, interactions, session, suicide};

    fn found(rule: &Rule, column: &str, cell: &str) -> Finding {
        let mut facts: Facts = well(Setting::Clinic);
        set(&mut facts, column, cell);
        rule.judge(&facts).findings().first().unwrap_or_else(|| panic!("{} finds nothing in {cell}", rule.id)).clone()
    }

    /// Each row: what was answered for, what is found now, and whether the reason reaches so far.
    fn check(rule: &Rule, column: &str, rows: &[(&str, &str, bool)]) {
        for (answered, is, reaches) in rows {
            let (answered, is) = (found(rule, column, answered), found(rule, column, is));
            assert_eq!(covers(&answered, now(), &is, now()), *reaches, "{}: {answered:?} and {is:?}", rule.id);
        }
    }

    #[test]
    fn a_reason_covers_a_value_and_everything_better_and_nothing_worse() {
        check(
            &session::s01_bp_clinic::RULE,
            "reading",
            &[
                ("142/86@5 min", "142/86@1 min", true),
                ("142/86@5 min", "141/84@1 min", true),
                ("142/86@5 min", "159/99@1 min", false),
                ("142/86@5 min", "142/95@1 min", false),
                ("142/86@5 min", "143/80@1 min", false),
                ("142/86@5 min", "165/86@1 min", false),
            ],
        );
        check(
            &session::s01_pulse::RULE,
            "pulse",
            &[("115@5 min", "114@1 min", true), ("115@5 min", "116@1 min", false), ("115@5 min", "47@1 min", false)],
        );
        check(
            &session::s01_oxygen::RULE,
            "saturation",
            &[("93@5 min", "94@1 min", true), ("94@5 min", "93@1 min", false)],
        );
    }

    #[test]
    fn what_happened_again_is_another_matter() {
        check(
            &interactions::d04_stimulant::RULE,
            "stimulant today",
            &[("5 h", "5 h", true), ("5 h", "8 h", true), ("5 h", "1 h", false)],
        );
        check(&interactions::d01_opioid::RULE, "medicines", &[("opioid", "opioid", true)]);
    }

    #[test]
    fn a_signed_risk_is_not_the_next_screens_risk() {
        let (answered, mut facts) = (found(&suicide::c01_screening::DOSE, "risk", "moderate"), well(Setting::Clinic));
        set(&mut facts, "risk", "moderate");
        set(&mut facts, "screened", "5 min");
        let is = suicide::c01_screening::DOSE.judge(&facts).findings()[0].clone();
        assert!(!covers(&answered, now(), &is, now()));
    }
}
