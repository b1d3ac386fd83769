//! Low oxygen saturation just before a dose holds the dose.
//!
//! Rule       Clinic, on room air: warn below 95 %, block below 92 %. Home, where an oximeter was issued: block below
//!            95 %.
//! Hazard     HZ-04, breathing or consciousness fails.
//! No answer  A missing figure, one 30 minutes old or older, or an impossible one blocks. At home without an oximeter
//!            the rule does not apply: there is nothing to measure with.
//! Source     Proposed default; clinical reference 1.3 row 4, 1.4 and S01.
//! Signed     nobody yet

use super::OXYGEN;
use crate::codes::{clears, limit, skip};
use crate::facts::{Facts, Setting};
use crate::finding::{Cause, Severity, Verdict};
use crate::rules::answers::{found, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "S01-oxygen",
    controls: Hazard::Respiratory,
    says: "Oxygen saturation before a dose: clinic warns below 95 %, blocks below 92 %; home blocks below 95 % where an oximeter was issued.",
    no_answer: "A missing figure, one 30 minutes old or older, or an impossible one blocks.",
    gates: &[Gate::Dose],
    severity: Severity::Block,
    limits: &[
        Limit::higher("clinic-block-low", 92.0, Unit::Percent),
        Limit::higher("clinic-warn-low", 95.0, Unit::Percent),
        Limit::higher("home-block-low", 95.0, Unit::Percent),
        Limit::lower("max-age-minutes", 30.0, Unit::Minutes),
    ],
    source: "Clinical reference 1.3, 1.4 and S01; proposed default.",
    signed: None,
    override_by: Override::Prescriber,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    if facts.setting == Setting::Home && !facts.day.oximeter_issued {
        return Verdict::NotApplicable(skip::no_oximeter());
    }
    let (at, saturation) = match OXYGEN.before_dose(rule, facts, limit!(rule, facts, "max-age-minutes")) {
        Ok(reading) => reading,
        Err(finding) => return found(finding),
    };
    let steps = match facts.setting {
        Setting::Clinic => {
            [(named!("clinic-block-low"), Severity::Block), (named!("clinic-warn-low"), Severity::Warn)].as_slice()
        }
        Setting::Home => &[(named!("home-block-low"), Severity::Block)],
    };
    for (low, severity) in steps {
        let low = rule.limit(facts, low);
        if f64::from(saturation) < low.value {
            let measured = OXYGEN.measured(saturation, at, facts.now);
            let clears = clears::warm_finger_and_repeat();
            return found(rule.finding(*severity, Cause::Met, measured, limit::at_least(low), clears));
        }
    }
    verdict(None, OXYGEN.clear(saturation, at, facts.now))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_rule;

    #[test]
    fn holds_by_saturation_in_the_clinic() {
        check_rule(
            &RULE,
            Setting::Clinic,
            "
            saturation       finding
            95@5 min         -
            94@5 min         warn
            92@5 min         warn
            91@5 min         block
            100@5 min        -
            101@5 min        block: impossible
            140@5 min        block: impossible
            98@29 min        -
            98@30 min        block: too old
            none             block: missing
        ",
        );
    }

    #[test]
    fn holds_earlier_at_home_where_there_is_an_oximeter() {
        check_rule(
            &RULE,
            Setting::Home,
            "
            oximeter   saturation    finding
            yes        95@5 min      -
            yes        94@5 min      block
            yes        98@30 min     block: too old
            yes        140@5 min     block: impossible
            yes        none          block: missing
            no         none          n/a
        ",
        );
    }
}
