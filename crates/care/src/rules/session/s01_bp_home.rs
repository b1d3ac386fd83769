//! Raised or low blood pressure just before a dose at home holds the dose.
//!
//! Rule       Home: block at 140/90 mmHg or above. It may be repeated, 5 minutes apart; three high readings end it for
//!            the day, whatever a fourth shows. A high reading counts until one at least 10 minutes later replaces it,
//!            as in the clinic, so that home is never looser. Below 95/60 blocks. Either number alone is enough.
//! Hazard     HZ-03, a pressure surge harms somebody already high.
//! No answer  A missing reading, one 30 minutes old or older, or an impossible one blocks.
//! Source     Proposed default; clinical reference 1.3, 1.4 and S01.
//! Signed     nobody yet

use super::s01_bp_clinic::{counting, low, newest};
use crate::coded::Value;
use crate::codes::{clears, limit, measured, skip};
use crate::facts::{Facts, Setting};
use crate::finding::{Cause, Severity, Verdict};
use crate::quantity::hours_between;
use crate::rules::answers::{found, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "S01-bp-home",
    controls: Hazard::PressureSurge,
    says: "Home, before a dose: 140/90 mmHg or above blocks, until a reading 10 minutes later is lower; 3 high readings, 5 minutes apart, end it for the day; below 95/60 blocks.",
    no_answer: "A missing reading, one 30 minutes old or older, or an impossible one blocks.",
    gates: &[Gate::Dose],
    severity: Severity::Block,
    limits: &[
        Limit::lower("home-block-systolic", 140.0, Unit::MmHg),
        Limit::lower("home-block-diastolic", 90.0, Unit::MmHg),
        Limit::higher("home-low-systolic", 95.0, Unit::MmHg),
        Limit::higher("home-low-diastolic", 60.0, Unit::MmHg),
        Limit::lower("home-max-age-minutes", 30.0, Unit::Minutes),
        Limit::higher("home-repeat-minutes", 10.0, Unit::Minutes),
        Limit::fixed("between-readings-minutes", 5.0, Unit::Minutes),
        Limit::lower("high-readings-end-the-day", 3.0, Unit::Readings),
    ],
    source: "Clinical reference 1.3, 1.4 and S01; proposed default.",
    signed: None,
    override_by: Override::Never,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    if facts.setting == Setting::Clinic {
        return Verdict::NotApplicable(skip::clinic_judges_pressure());
    }
    let repeat = limit!(rule, facts, "home-repeat-minutes");
    let counting = match counting(rule, facts, limit!(rule, facts, "home-max-age-minutes"), repeat) {
        Ok(readings) => readings,
        Err(finding) => return found(finding),
    };
    let (upper, lower) = (limit!(rule, facts, "home-block-systolic"), limit!(rule, facts, "home-block-diastolic"));
    let most = limit!(rule, facts, "high-readings-end-the-day");
    let high = high_readings(rule, facts, upper.value, lower.value);
    if let (true, Some((at, bp))) = (high as f64 >= most.value, counting.first()) {
        let high = Value::count(high, Unit::HighReadings);
        let measured = measured::high_readings_today(high, *bp, Value::age(*at, facts.now));
        return found(rule.block(Cause::Met, measured, limit::pressure_below(upper, lower), clears::no_dose_today()));
    }
    if let Some((at, bp)) = counting.iter().find(|(_, bp)| bp.either_reaches(upper.value, lower.value)) {
        let measured = measured::pressure(*bp, Value::age(*at, facts.now));
        let clears = clears::rest_and_lower_reading(repeat, Value::number(most.value, Unit::HighReadings));
        return found(rule.block(Cause::Met, measured, limit::pressure_below(upper, lower), clears));
    }
    let least = (limit!(rule, facts, "home-low-systolic"), limit!(rule, facts, "home-low-diastolic"));
    verdict(low(rule, facts, &counting, least), newest(facts, &counting))
}

/// High readings of the day, those taken too soon after the one before counted once with it.
fn high_readings(rule: &Rule, facts: &Facts, upper: f64, lower: f64) -> usize {
    let apart = limit!(rule, facts, "between-readings-minutes");
    let mut high: Vec<_> = facts
        .day
        .readings
        .iter()
        .filter(|v| v.blood_pressure.is_some_and(|bp| bp.check().is_ok() && bp.either_reaches(upper, lower)))
        .map(|v| v.taken_at)
        .collect();
    high.sort();
    let mut counted = 0;
    let mut last = None;
    for at in high {
        if last.is_none_or(|last| hours_between(last, at) * 60.0 >= apart.value) {
            counted += 1;
            last = Some(at);
        }
    }
    counted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_rule;

    #[test]
    fn holds_by_reading() {
        check_rule(
            &RULE,
            Setting::Home,
            "
            reading   age        finding
            139/89    5 min      -
            140/89    5 min      block
            139/90    5 min      block
            180/110   5 min      block
            95/60     5 min      -
            94/60     5 min      block
            95/59     5 min      block
            118/76    29 min     -
            118/76    30 min     block: too old
            118/76    in 1 min   block: impossible
            80/120    5 min      block: impossible
            none      -          block: missing
        ",
        );
    }

    #[test]
    fn may_be_repeated_until_three_high_readings_end_the_day() {
        check_rule(
            &RULE,
            Setting::Home,
            "
            reading                                                         finding
            145/85@15 min, 135/85@5 min                                     -
            145/85@14 min, 135/85@5 min                                     block
            145/85@20 min, 146/85@15 min, 135/85@5 min                      -
            145/85@20 min, 146/85@15 min, 141/85@10 min                     block
            145/85@20 min, 146/85@15 min, 141/85@10 min, 130/80@2 min       block
            145/85@30 min, 146/85@25 min, 141/85@20 min, 130/80@2 min       block
            145/85@22 min, 146/85@21 min, 141/85@20 min, 130/80@2 min       -
        ",
        );
    }

    #[test]
    fn leaves_the_clinic_to_its_own_rule() {
        check_rule(&RULE, Setting::Clinic, "reading   age   finding\n180/110   5 min   n/a\nnone   -   n/a");
    }
}
