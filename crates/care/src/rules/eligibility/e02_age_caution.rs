//! The young and the old are treated only after a prescriber has thought about their age.
//!
//! Rule       Warn below 25 years (more thoughts of suicide on antidepressants, 5 in 1,000 more than on placebo) and
//!            from 65 (pressure surges grow with age; start low). At home a prescriber writes a note and signs it, since
//!            nobody of the clinic is in the room.
//! Hazard     HZ-01, treated although a condition makes the drug dangerous.
//! No answer  An unknown age blocks.
//! Source     Clinical reference 1.2 and E02: Spravato US prescribing information, 2019 copy; Yale blood pressure report
//!            (odds of a surge 1.04 for each year); verified. The ages as limits are proposed defaults.
//! Signed     nobody yet

use crate::coded::Value;
use crate::codes::{clear, clears, limit, measured};
use crate::facts::{Facts, Setting};
use crate::finding::{Cause, Severity, Verdict};
use crate::rules::answers::{found, missing, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::subject::Subject;
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "E02-age-caution",
    controls: Hazard::UnsuitablePerson,
    says: "Warn below 25 years (thoughts of suicide) and from 65 years (pressure surges; start low); at home a prescriber signs with a note.",
    no_answer: "An unknown age blocks.",
    gates: &[Gate::Eligibility, Gate::Order, Gate::Dose],
    severity: Severity::Block,
    limits: &[Limit::higher("young-below-years", 25.0, Unit::Years), Limit::lower("old-from-years", 65.0, Unit::Years)],
    source: "Clinical reference 1.2 and E02; verified: Spravato US prescribing information, 2019 copy; Yale blood \
             pressure report (https://doi.org/10.1016/j.genhosppsych.2024.07.001).",
    signed: None,
    override_by: Override::Prescriber,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let young = limit!(rule, facts, "young-below-years");
    let old = limit!(rule, facts, "old-from-years");
    let wanted = limit::from_to_below(young, old);
    let Some(age) = facts.age_years else {
        return found(missing(rule, Subject::Age, wanted, clears::record_birth()));
    };
    let years = Value::number(age as f64, Unit::Years);
    let reason = match age as f64 {
        age if age < young.value => clears::reason_and_thoughts_watched(),
        age if age >= old.value => clears::reason_and_low_start(),
        _ => return verdict(None, clear::age(years)),
    };
    let severity = match facts.setting {
        Setting::Clinic => Severity::Warn,
        Setting::Home => Severity::Escalate,
    };
    found(rule.finding(severity, Cause::Met, measured::age(years), wanted, reason))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_rule;

    #[test]
    fn warns_below_twenty_five_and_from_sixty_five_and_at_home_a_prescriber_signs() {
        for (setting, met) in [(Setting::Clinic, "warn"), (Setting::Home, "escalate")] {
            check_rule(
                &RULE,
                setting,
                &format!(
                    "
                    age years   finding
                    24          {met}
                    25          -
                    64          -
                    65          {met}
                    90          {met}
                    none        block: missing
                "
                ),
            );
        }
    }
}
