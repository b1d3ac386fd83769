//! No dose while somebody is being called: an emergency, or a call for a clinician, that nobody has resolved.
//!
//! Rule       Every alert of the gravity *call a clinician* or *emergency*, of whatever session or day, is resolved before
//!            go and before the dose. Taking one on is not resolving it.
//! Hazard     HZ-08, alone, or unwatched, when something goes wrong.
//! No answer  The alerts of the chart could not be looked at: block.
//! Source     Clinical reference 4.4 (hold further dosing and call the clinician) and C01; that it holds at the next dose
//!            too is a proposed default.
//! Signed     nobody yet

use crate::coded::Value;
use crate::codes::{clear, clears, limit, measured};
use crate::facts::{AlertFact, Facts};
use crate::finding::{Cause, Severity, Urgency, Verdict};
use crate::rules::answers::{found, missing, verdict};
use crate::rules::{Gate, Hazard, Override, Rule};
use crate::subject::Subject;

/// The rule.
pub const RULE: Rule = Rule {
    id: "S10-open-alert",
    controls: Hazard::Unattended,
    says: "Every emergency and every call for a clinician is resolved before go and before the dose; taking one on is not resolving it.",
    no_answer: "Alerts that could not be looked at block.",
    gates: &[Gate::Dose],
    severity: Severity::Block,
    limits: &[],
    source: "Clinical reference 4.4 (hold further dosing) and C01. That an alert of another session or day holds too: \
             proposed default.",
    signed: None,
    override_by: Override::Never,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let wanted = limit::no_grave_alert;
    let Some(alerts) = &facts.open_alerts else {
        return found(missing(rule, Subject::Alerts, wanted(), clears::resolve_alert()));
    };
    let finding = |alert: &AlertFact| {
        let seen = measured::open_alert(alert.urgency, alert.rule.as_str(), Value::age(alert.raised_at, facts.now));
        rule.block(Cause::Met, seen, wanted(), clears::resolve_alert())
    };
    let grave = alerts.iter().filter(|alert| alert.urgency >= Urgency::CallClinician).map(finding);
    verdict(grave, clear::no_grave_alert())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_everywhere;

    #[test]
    fn holds_by_the_gravity_of_what_is_open() {
        check_everywhere(
            &RULE,
            "
            alerts open                          finding
            none                                 -
            review, watch                        -
            call-clinician                       block
            emergency                            block
            watch, call-clinician, emergency     block + block
            not looked                           block: missing
        ",
        );
    }
}
