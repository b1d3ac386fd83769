//! Breathing too slow or too fast just before a dose in the clinic holds the dose.
//!
//! Rule       Clinic: warn below 10 or above 24 breaths a minute; block above 30. Nobody counts their own breaths
//!            reliably, so the rule does not apply at home; the companion's look-ins and the guide's eyes stand for it.
//! Hazard     HZ-04, breathing or consciousness fails.
//! No answer  A missing count, one 30 minutes old or older, or an impossible one blocks.
//! Source     Proposed default; clinical reference 1.3 row 4, 1.4 and S01.
//! Signed     nobody yet

use super::BREATHING;
use crate::codes::{clears, limit, skip};
use crate::facts::{Facts, Setting};
use crate::finding::{Cause, Severity, Verdict};
use crate::rules::answers::{found, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "S01-breathing",
    controls: Hazard::Respiratory,
    says: "Breathing before a dose in the clinic: warn below 10 or above 24 breaths a minute, block above 30.",
    no_answer: "A missing count, one 30 minutes old or older, or an impossible one blocks.",
    gates: &[Gate::Dose],
    severity: Severity::Block,
    limits: &[
        Limit::higher("clinic-warn-low", 10.0, Unit::BreathsPerMinute),
        Limit::lower("clinic-warn-high", 24.0, Unit::BreathsPerMinute),
        Limit::lower("clinic-block-high", 30.0, Unit::BreathsPerMinute),
        Limit::lower("clinic-max-age-minutes", 30.0, Unit::Minutes),
    ],
    source: "Clinical reference 1.3, 1.4 and S01; proposed default.",
    signed: None,
    override_by: Override::Prescriber,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    if facts.setting == Setting::Home {
        return Verdict::NotApplicable(skip::breathing_not_measured_at_home());
    }
    let (at, breaths) = match BREATHING.before_dose(rule, facts, limit!(rule, facts, "clinic-max-age-minutes")) {
        Ok(reading) => reading,
        Err(finding) => return found(finding),
    };
    let measured = BREATHING.measured(breaths, at, facts.now);
    let most = limit!(rule, facts, "clinic-block-high");
    if f64::from(breaths) > most.value {
        return found(rule.block(Cause::Met, measured, limit::at_most(most), clears::later_count_inside()));
    }
    let (low, high) = (limit!(rule, facts, "clinic-warn-low"), limit!(rule, facts, "clinic-warn-high"));
    if f64::from(breaths) < low.value || f64::from(breaths) > high.value {
        let (limit, clears) = (limit::between(low, high), clears::count_full_minute());
        return found(rule.finding(Severity::Warn, Cause::Met, measured, limit, clears));
    }
    verdict(None, BREATHING.clear(breaths, at, facts.now))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_rule;

    #[test]
    fn holds_by_breaths_in_the_clinic() {
        check_rule(
            &RULE,
            Setting::Clinic,
            "
            breathing     finding
            10@5 min      -
            9@5 min       warn
            24@5 min      -
            25@5 min      warn
            30@5 min      warn
            31@5 min      block
            71@5 min      block: impossible
            14@29 min     -
            14@30 min     block: too old
            none          block: missing
        ",
        );
    }

    #[test]
    fn is_not_measured_at_home() {
        check_rule(&RULE, Setting::Home, "breathing   finding\nnone   n/a\n40@5 min   n/a");
    }
}
