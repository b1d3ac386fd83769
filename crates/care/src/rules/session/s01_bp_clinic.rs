//! Raised or low blood pressure just before a dose in the clinic holds the dose.
//!
//! Rule       Clinic: warn at 140/90 mmHg or above and repeat after 10 minutes; block at 160/100 or above, and below
//!            90/60. Either number alone is enough. A reading counts until one at least 10 minutes later replaces it.
//! Hazard     HZ-03, a pressure surge harms somebody already high.
//! No answer  A missing reading, one 30 minutes old or older, or an impossible one blocks.
//! Source     Proposed default; clinical reference 1.3, 1.4 and S01.
//! Signed     nobody yet

use jiff::Timestamp;

use super::pressures;
use crate::coded::Value;
use crate::codes::{clear, clears, limit, measured, skip};
use crate::facts::{Facts, Setting};
use crate::finding::{Cause, Finding, Severity, Verdict};
use crate::quantity::{BloodPressure, hours_between};
use crate::rules::answers::{found, missing, stale, verdict};
use crate::rules::{Gate, Hazard, InForce, Limit, Override, Rule};
use crate::subject::Subject;
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "S01-bp-clinic",
    controls: Hazard::PressureSurge,
    says: "Clinic, before a dose: 140/90 mmHg or above warns and is repeated after 10 minutes; 160/100 or above, or below 90/60, blocks.",
    no_answer: "A missing reading, one 30 minutes old or older, or an impossible one blocks.",
    gates: &[Gate::Dose],
    severity: Severity::Block,
    limits: &[
        Limit::lower("clinic-warn-systolic", 140.0, Unit::MmHg),
        Limit::lower("clinic-warn-diastolic", 90.0, Unit::MmHg),
        Limit::lower("clinic-block-systolic", 160.0, Unit::MmHg),
        Limit::lower("clinic-block-diastolic", 100.0, Unit::MmHg),
        Limit::higher("clinic-low-systolic", 90.0, Unit::MmHg),
        Limit::higher("clinic-low-diastolic", 60.0, Unit::MmHg),
        Limit::lower("clinic-max-age-minutes", 30.0, Unit::Minutes),
        Limit::higher("clinic-repeat-minutes", 10.0, Unit::Minutes),
    ],
    source: "Clinical reference 1.3, 1.4 and S01; proposed default: published entry limits run from 150/100 to 180/110.",
    signed: None,
    override_by: Override::Prescriber,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    if facts.setting == Setting::Home {
        return Verdict::NotApplicable(skip::home_judges_pressure());
    }
    let repeat = limit!(rule, facts, "clinic-repeat-minutes");
    let counting = match counting(rule, facts, limit!(rule, facts, "clinic-max-age-minutes"), repeat) {
        Ok(readings) => readings,
        Err(finding) => return found(finding),
    };
    for (upper, lower, severity) in [
        (named!("clinic-block-systolic"), named!("clinic-block-diastolic"), Severity::Block),
        (named!("clinic-warn-systolic"), named!("clinic-warn-diastolic"), Severity::Warn),
    ] {
        let (upper, lower) = (rule.limit(facts, upper), rule.limit(facts, lower));
        if let Some((at, bp)) = counting.iter().find(|(_, bp)| bp.either_reaches(upper.value, lower.value)) {
            let measured = measured::pressure(*bp, Value::age(*at, facts.now));
            let clears = clears::repeat_after(repeat);
            return found(rule.finding(severity, Cause::Met, measured, limit::pressure_below(upper, lower), clears));
        }
    }
    let least = (limit!(rule, facts, "clinic-low-systolic"), limit!(rule, facts, "clinic-low-diastolic"));
    verdict(low(rule, facts, &counting, least), newest(facts, &counting))
}

/// Readings that count now, newest first: the newest, and any less than `repeat` minutes before it.
pub(super) fn counting(
    rule: &Rule,
    facts: &Facts,
    max_age: InForce,
    repeat: InForce,
) -> Result<Vec<(Timestamp, BloodPressure)>, Finding> {
    let mut all = pressures(&facts.day.readings);
    all.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let what = Subject::BloodPressure;
    let Some((newest_at, newest)) = all.first().copied() else {
        return Err(missing(rule, what, limit::reading_younger_than(max_age), clears::measure_pressure_now()));
    };
    if let Err(error) = newest.check() {
        let limit = limit::possible_pressure();
        return Err(rule.block(Cause::Impossible, error.coded(), limit, clears::measure_pressure_now()));
    }
    if let Some(finding) = stale(rule, what, newest_at, facts.now, max_age, clears::measure_pressure_now()) {
        return Err(finding);
    }
    all.retain(|(at, bp)| {
        bp.check().is_ok() && (*at == newest_at || hours_between(*at, newest_at) * 60.0 < repeat.value)
    });
    Ok(all)
}

/// What is said of the newest of the readings that count, when none of them is out of range.
pub(super) fn newest(facts: &Facts, counting: &[(Timestamp, BloodPressure)]) -> crate::coded::Coded {
    match counting.first() {
        Some((at, bp)) => clear::pressure(*bp, Value::age(*at, facts.now)),
        None => clear::no_pressure(),
    }
}

/// The finding of a pressure too low for a dose.
pub(super) fn low(
    rule: &Rule,
    facts: &Facts,
    counting: &[(Timestamp, BloodPressure)],
    (upper, lower): (InForce, InForce),
) -> Option<Finding> {
    let (at, bp) = counting
        .iter()
        .find(|(_, bp)| f64::from(bp.systolic) < upper.value || f64::from(bp.diastolic) < lower.value)?;
    let measured = measured::pressure(*bp, Value::age(*at, facts.now));
    Some(rule.block(Cause::Met, measured, limit::pressure_at_least(upper, lower), clears::later_reading_with_cause()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_rule;

    #[test]
    fn holds_by_reading() {
        check_rule(
            &RULE,
            Setting::Clinic,
            "
            reading   age       finding
            139/89    5 min     -
            140/89    5 min     warn
            139/90    5 min     warn
            159/99    5 min     warn
            160/89    5 min     block
            139/100   5 min     block
            90/60     5 min     -
            89/60     5 min     block
            90/59     5 min     block
            118/76    29 min    -
            118/76    30 min    block: too old
            118/76    in 1 min  block: impossible
            80/120    5 min     block: impossible
            none      -         block: missing
        ",
        );
    }

    #[test]
    fn a_high_reading_counts_until_one_ten_minutes_later_replaces_it() {
        check_rule(
            &RULE,
            Setting::Clinic,
            "
            reading                             finding
            145/85@15 min, 130/80@5 min         -
            145/85@14 min, 130/80@5 min         warn
            165/85@14 min, 130/80@5 min         block
            165/85@15 min, 130/80@5 min         -
            165/85@15 min, 145/80@5 min         warn
            130/80@15 min, 145/80@5 min         warn
            80/120@14 min, 130/80@5 min         -
            85/60@9 min, 130/80@5 min           block
        ",
        );
    }

    #[test]
    fn leaves_the_home_to_its_own_rule() {
        check_rule(&RULE, Setting::Home, "reading   age   finding\n180/110   5 min   n/a\nnone   -   n/a");
    }
}
