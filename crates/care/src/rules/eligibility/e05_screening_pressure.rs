//! Raised resting blood pressure at screening holds the decision until it is treated.
//!
//! Rule       Mean of at least 2 resting readings of the last 30 days. Clinic: warn at 140/90 mmHg or above, block at
//!            160/100 or above. Home: block at 140/90 or above. Either number alone is enough.
//! Hazard     HZ-03, a pressure surge harms somebody already high.
//! No answer  No reading, one reading only, readings 30 days old or older, or an impossible one among them: block.
//! Source     Clinical reference 1.3, 1.4 and E05: proposed default between the OKTOP entry limit of 150/100 and the
//!            Mount Sinai limit of 160/90.
//! Signed     nobody yet

use crate::facts::{Facts, Setting};
use crate::finding::{Cause, Severity, Verdict};
use crate::quantity::{BloodPressure, days_between};
use crate::rules::answers::{count, missing, number, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};

/// The rule.
pub const RULE: Rule = Rule {
    id: "E05-screening-pressure",
    controls: Hazard::PressureSurge,
    says: "Mean of 2 or more resting readings within 30 days: clinic warns at 140/90 and blocks at 160/100 mmHg; home blocks at 140/90.",
    no_answer: "Fewer than 2 readings, readings too old, or an impossible reading: each blocks.",
    gates: &[Gate::Eligibility],
    severity: Severity::Block,
    limits: &[
        Limit::higher("least-readings", 2.0, "readings"),
        Limit::lower("max-age-days", 30.0, "days"),
        Limit::lower("clinic-warn-systolic", 140.0, "mmHg"),
        Limit::lower("clinic-warn-diastolic", 90.0, "mmHg"),
        Limit::lower("clinic-block-systolic", 160.0, "mmHg"),
        Limit::lower("clinic-block-diastolic", 100.0, "mmHg"),
        Limit::lower("home-block-systolic", 140.0, "mmHg"),
        Limit::lower("home-block-diastolic", 90.0, "mmHg"),
    ],
    source: "Clinical reference 1.3, 1.4 and E05; proposed default, anchored on the OKTOP and Mount Sinai trials' entry \
             limits (verified).",
    signed: None,
    override_by: Override::Prescriber,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let least = rule.limit(facts, "least-readings");
    let days = rule.limit(facts, "max-age-days");
    let wanted = format!("at least {} in the last {}", count(least, "reading"), count(days, "day"));
    let within: Vec<BloodPressure> = facts
        .screening_bp
        .iter()
        .filter(|(at, _)| *at <= facts.now && days_between(*at, facts.now) < days)
        .map(|(_, bp)| *bp)
        .collect();
    if let Some(error) = within.iter().find_map(|bp| bp.check().err()) {
        let finding = rule.finding(
            Severity::Block,
            Cause::Impossible,
            error.to_string(),
            wanted,
            "correct or repeat the reading",
        );
        return Verdict::Found(vec![finding]);
    }
    let clears = "take resting readings on the upper arm, a minute or more apart";
    if (within.len() as f64) < least {
        let finding = if within.is_empty() && facts.screening_bp.is_empty() {
            missing(rule, "resting blood pressure", wanted, clears)
        } else if within.is_empty() {
            rule.finding(
                Severity::Block,
                Cause::TooOld,
                "every resting reading is too old, or dated in the future",
                wanted,
                clears,
            )
        } else {
            rule.finding(
                Severity::Block,
                Cause::Missing,
                format!("only {}", count(within.len() as f64, "recent reading")),
                wanted,
                clears,
            )
        };
        return Verdict::Found(vec![finding]);
    }
    judge_mean(rule, facts, &within)
}

fn judge_mean(rule: &Rule, facts: &Facts, readings: &[BloodPressure]) -> Verdict {
    let mean = |pick: fn(&BloodPressure) -> i32| {
        readings.iter().map(|bp| f64::from(pick(bp))).sum::<f64>() / readings.len() as f64
    };
    let (systolic, diastolic) = (mean(|bp| bp.systolic), mean(|bp| bp.diastolic));
    let measured =
        format!("mean {}/{} mmHg of {}", number(systolic), number(diastolic), count(readings.len() as f64, "reading"));
    let steps: &[(&str, &str, Severity, &str)] = match facts.setting {
        Setting::Clinic => &[
            (
                "clinic-block-systolic",
                "clinic-block-diastolic",
                Severity::Block,
                "treat the pressure, then measure again",
            ),
            (
                "clinic-warn-systolic",
                "clinic-warn-diastolic",
                Severity::Warn,
                "a prescriber records why, or lower readings",
            ),
        ],
        Setting::Home => &[(
            "home-block-systolic",
            "home-block-diastolic",
            Severity::Block,
            "lower readings, or treatment in the clinic",
        )],
    };
    for (upper, lower, severity, clears) in steps {
        let (upper, lower) = (rule.limit(facts, upper), rule.limit(facts, lower));
        if systolic >= upper || diastolic >= lower {
            let limit = format!("below {}/{} mmHg", number(upper), number(lower));
            return Verdict::Found(vec![rule.finding(*severity, Cause::Met, measured, limit, *clears)]);
        }
    }
    verdict(Vec::new(), measured)
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
