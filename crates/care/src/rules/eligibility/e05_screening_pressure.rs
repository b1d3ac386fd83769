//! Raised resting blood pressure at screening holds the decision until it is treated.
//!
//! Rule       Mean of at least 2 resting readings of the last 30 days at the decision, and of the last 90 days before an
//!            order or a dose (unsigned), where the day's own readings are S01's. Clinic: warn at 140/90 mmHg or above, block at
//!            160/100 or above. Home: block at 140/90 or above. Either number alone is enough.
//! Hazard     HZ-03, a pressure surge harms somebody already high.
//! No answer  No reading, one reading only, readings 30 days old or older, or an impossible one among them: block.
//! Source     Clinical reference 1.3, 1.4 and E05: proposed default between the OKTOP entry limit of 150/100 and the
//!            Mount Sinai limit of 160/90.
//! Signed     nobody yet

use crate::coded::Value;
use crate::codes::{clear, clears, limit, measured};
use crate::facts::{Facts, Setting};
use crate::finding::{Cause, Severity, Verdict};
use crate::quantity::{BloodPressure, days_between};
use crate::rules::answers::{found, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::subject::Subject;
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "E05-screening-pressure",
    controls: Hazard::PressureSurge,
    says: "Mean of 2 or more resting readings within 30 days at the decision and 90 days before an order or a dose: clinic warns at 140/90 and blocks at 160/100 mmHg; home blocks at 140/90.",
    no_answer: "Fewer than 2 readings, readings too old, or an impossible reading: each blocks.",
    gates: &[Gate::Eligibility, Gate::Order, Gate::Dose],
    severity: Severity::Block,
    limits: &[
        Limit::higher("least-readings", 2.0, Unit::Readings),
        Limit::lower("max-age-days", 30.0, Unit::Days).oldest(&[Subject::RestingPressure], &[Gate::Eligibility]),
        Limit::lower("max-age-days-at-dose", 90.0, Unit::Days)
            .oldest(&[Subject::RestingPressure], &[Gate::Order, Gate::Dose]),
        Limit::lower("clinic-warn-systolic", 140.0, Unit::MmHg),
        Limit::lower("clinic-warn-diastolic", 90.0, Unit::MmHg),
        Limit::lower("clinic-block-systolic", 160.0, Unit::MmHg),
        Limit::lower("clinic-block-diastolic", 100.0, Unit::MmHg),
        Limit::lower("home-block-systolic", 140.0, Unit::MmHg),
        Limit::lower("home-block-diastolic", 90.0, Unit::MmHg),
    ],
    source: "Clinical reference 1.3, 1.4 and E05; 90 days before a dose and the rest: proposed default, anchored on the OKTOP and Mount Sinai trials' entry \
             limits (verified).",
    signed: None,
    override_by: Override::Prescriber,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let least = limit!(rule, facts, "least-readings");
    let days = rule.oldest(facts, Subject::RestingPressure).unwrap_or_else(|| limit!(rule, facts, "max-age-days"));
    let wanted = limit::readings_within(least, days);
    let within: Vec<BloodPressure> = facts
        .screening_bp
        .iter()
        .filter(|(at, _)| *at <= facts.now && days_between(*at, facts.now) < days.value)
        .map(|(_, bp)| *bp)
        .collect();
    if let Some(error) = within.iter().find_map(|bp| bp.check().err()) {
        return found(rule.block(Cause::Impossible, error.coded(), wanted, clears::correct_or_repeat()));
    }
    if (within.len() as f64) < least.value {
        let (cause, readings) = if within.is_empty() && facts.screening_bp.is_empty() {
            (Cause::Missing, measured::none_recorded(Subject::RestingPressure))
        } else if within.is_empty() {
            (Cause::TooOld, measured::resting_readings_old())
        } else {
            (Cause::Missing, measured::only_recent(Value::count(within.len(), Unit::RecentReadings)))
        };
        let missing = rule.block(cause, readings, wanted, clears::take_resting_readings());
        // A reading that blocks by itself is told, however many more are wanted.
        let high = (!within.is_empty()).then(|| judge_mean(rule, facts, &within));
        let high =
            high.iter().flat_map(Verdict::findings).filter(|finding| finding.severity == Severity::Block).cloned();
        return Verdict::Found(high.chain([missing]).collect());
    }
    judge_mean(rule, facts, &within)
}

fn judge_mean(rule: &Rule, facts: &Facts, readings: &[BloodPressure]) -> Verdict {
    let mean = |pick: fn(&BloodPressure) -> i32| {
        readings.iter().map(|bp| f64::from(pick(bp))).sum::<f64>() / readings.len() as f64
    };
    let (systolic, diastolic) = (mean(|bp| bp.systolic), mean(|bp| bp.diastolic));
    let means = (Value::number(systolic, Unit::MmHg), Value::number(diastolic, Unit::MmHg));
    let count = Value::count(readings.len(), Unit::Readings);
    let steps = match facts.setting {
        Setting::Clinic => vec![
            (
                named!("clinic-block-systolic"),
                named!("clinic-block-diastolic"),
                Severity::Block,
                clears::treat_pressure(),
            ),
            (
                named!("clinic-warn-systolic"),
                named!("clinic-warn-diastolic"),
                Severity::Warn,
                clears::reason_or_lower_readings(),
            ),
        ],
        Setting::Home => vec![(
            named!("home-block-systolic"),
            named!("home-block-diastolic"),
            Severity::Block,
            clears::lower_readings_or_clinic(),
        )],
    };
    for (upper, lower, severity, clears) in steps {
        let (upper, lower) = (rule.limit(facts, upper), rule.limit(facts, lower));
        if systolic >= upper.value || diastolic >= lower.value {
            let mean = measured::mean_pressure(means.0, means.1, count);
            return found(rule.finding(severity, Cause::Met, mean, limit::pressure_below(upper, lower), clears));
        }
    }
    verdict(None, clear::mean_pressure(means.0, means.1, count))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_rule;

    #[test]
    fn holds_by_mean_in_the_clinic() {
        check_rule(
            &RULE,
            Setting::Clinic,
            "
            screening bp                                  finding
            139/89@3 d, 139/89@2 d                        -
            150/85@3 d, 130/85@2 d                        warn
            149/85@3 d, 130/85@2 d                        -
            130/92@3 d, 130/88@2 d                        warn
            159/99@3 d, 159/99@2 d                        warn
            160/80@3 d, 160/80@2 d                        block
            120/100@3 d, 120/100@2 d                      block
            118/76@29 d 23 h, 118/76@1 d                  -
            118/76@30 d, 118/76@1 d                       block: missing
            118/76@30 d, 118/76@40 d                      block: too old
            118/76@in 1 d, 118/76@in 2 d                  block: too old
            118/76@1 d                                    block: missing
            150/92@1 d                                    block: missing
            196/118@1 d                                   block + block: missing
            80/120@3 d, 118/76@2 d                        block: impossible
            none                                          block: missing
        ",
        );
    }

    #[test]
    fn holds_earlier_at_home() {
        check_rule(
            &RULE,
            Setting::Home,
            "
            screening bp                  finding
            139/89@3 d, 139/89@2 d        -
            140/80@3 d, 140/80@2 d        block
            120/90@3 d, 120/90@2 d        block
            80/120@3 d, 118/76@2 d        block: impossible
            118/76@31 d, 118/76@31 d      block: too old
            none                          block: missing
        ",
        );
    }
}
